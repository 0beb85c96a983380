"""The whole way with the package's own frontal: it judges by its own code what this room sends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.modeles import Lot, Message
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR, Frontal
from sesam_desktop.securisation import smime
from sesam_desktop.securisation.autorite import creer_certificat
from sesam_desktop.teletransmission.bilan import BilanEnvoi, BilanRetours
from sesam_desktop.teletransmission.expedition import Expedition
from sesam_desktop.teletransmission.lots import Preparation
from sesam_desktop.teletransmission.parametres import ParametresLots

from .atelier import Atelier
from .fabrique import PARIS, SARTHE, courrier
from .test_pieces_scor import joindre


@pytest.fixture
def frontal(tmp_path: Path, autorite: Path) -> Iterator[Frontal]:
    frontal = Frontal(tmp_path / "frontal", autorite=autorite)
    frontal.demarrer()
    yield frontal
    frontal.arreter()


@pytest.fixture
def poste(profil: Path, autorite: Path, frontal: Frontal) -> Iterator[Atelier]:
    compte = courrier(
        frontal.smtp_port, frontal.pop_port, frontal.certificat_tls, utilisateur=UTILISATEUR,
        mot_de_passe=lambda: MOT_DE_PASSE,
    )
    atelier = Atelier(profil, autorite, compte)
    yield atelier
    atelier.fermer()


def relever_jusqu_a(poste: Atelier, fini: Callable[[], bool], delai: float = 20.0) -> list[BilanRetours]:
    bilans, fin = [poste.boite.relever()], time.monotonic() + delai
    while not fini() and time.monotonic() < fin:
        time.sleep(0.05)
        bilans.append(poste.boite.relever())
    assert fini()
    return bilans


def _mourir(*_: object) -> None:
    raise KeyboardInterrupt


def lots_en(*etats: str) -> bool:
    return all(lot.etat in etats for lot in Lot.select())


@pytest.mark.parametrize("niveau", list(Niveau))
def test_chaque_niveau_est_accepte(poste: Atelier, frontal: Frontal, niveau: Niveau) -> None:
    fs = poste.signer(SARTHE, niveau)
    poste.preparation.preparer()
    assert poste.depart.envoyer() == BilanEnvoi(remis=1)
    relever_jusqu_a(poste, lambda: lots_en("acquitte"))
    (lot,) = frontal.recus()
    assert (lot.verdict, [f.numero for f in lot.factures]) == ("", [fs.facture.numero])
    assert (lot.factures[0].total_centimes, lot.factures[0].amo_centimes) == (2500, 1750)


def test_un_courriel_signe_est_accepte(poste: Atelier, frontal: Frontal, autorite: Path) -> None:
    """Signed by the workstation, then encrypted: the frontal opens both, and judges what is inside."""
    poste.signer()
    sceau = creer_certificat(autorite, "poste", "POSTE DE TEST")
    parametres = ParametresLots(
        "poste@poste.test", type_flux="T", certificat_smime=sceau.chemin_certificat, cle_smime=sceau.chemin_cle
    )
    Preparation(poste.base, poste.factures, poste.magasin, lambda _emetteur: poste.ps, parametres).preparer()
    poste.depart.envoyer()
    relever_jusqu_a(poste, lambda: lots_en("acquitte"))
    assert [lot.verdict for lot in frontal.recus()] == [""]


def test_factures_puis_pieces(poste: Atelier, frontal: Frontal) -> None:
    numero = poste.signer(PARIS).facture.numero
    joindre(numero)
    assert [lot.genre for lot in poste.preparation.preparer().lots] == ["FSE"]
    poste.depart.envoyer()
    assert [lot.genre for lot in poste.preparation.preparer().lots] == ["SCOR"]
    poste.depart.envoyer()
    relever_jusqu_a(poste, lambda: lots_en("acquitte"))
    assert [(lot.genre, lot.verdict) for lot in frontal.recus()] == [("FSE", ""), ("SCOR", "")]


def test_message_envoye_deux_fois_reconnu(
    poste: Atelier, frontal: Frontal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program dies between the 250 and its record: the fund has one lot, the workstation one answer."""
    poste.signer()
    poste.preparation.preparer()
    with monkeypatch.context() as contexte:
        contexte.setattr(Expedition, "_conclure", _mourir)
        with pytest.raises(KeyboardInterrupt):
            poste.depart.envoyer()
    assert Message.get().etat == "en_envoi"
    assert poste.depart.envoyer().remis == 1
    bilans = relever_jusqu_a(poste, lambda: frontal.doublons() == 1 and lots_en("acquitte"))
    assert len(frontal.recus()) == 1
    assert sum(b.arl_positifs for b in bilans) == 1


def test_lot_refuse_par_la_caisse_puis_renvoye(
    poste: Atelier, frontal: Frontal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed by the Vitale's key instead of the professional's, the lot is refused; the invoices are still good."""
    numero = poste.signer().facture.numero
    with monkeypatch.context() as contexte:
        contexte.setattr(poste.preparation, "_signataire", lambda _emetteur: poste.vitale)
        poste.preparation.preparer()
    poste.depart.envoyer()
    relever_jusqu_a(poste, lambda: lots_en("refuse"))
    assert poste.factures.historique(numero)[-1].donnees["motifs"][0]["code"] == "SIG"
    poste.preparation.preparer(refusees=[numero])
    poste.depart.envoyer()
    relever_jusqu_a(poste, lambda: lots_en("refuse", "acquitte"))
    assert [(lot.numero, lot.verdict) for lot in frontal.recus()] == [("001", "SIG"), ("002", "")]


def test_une_boite_pleine_chez_la_caisse(profil: Path, autorite: Path, tmp_path: Path) -> None:
    frontal = Frontal(tmp_path / "plein", scenario="boite_pleine", autorite=autorite)
    frontal.demarrer()
    compte = courrier(
        frontal.smtp_port, frontal.pop_port, frontal.certificat_tls, utilisateur=UTILISATEUR,
        mot_de_passe=lambda: MOT_DE_PASSE,
    )
    poste = Atelier(profil, autorite, compte)
    try:
        poste.signer()
        poste.preparation.preparer()
        assert poste.depart.envoyer() == BilanEnvoi(reportes=1, restants=1)
        assert Message.get().derniere_erreur.startswith("4")
    finally:
        poste.fermer()
        frontal.arreter()


def test_sans_carte_le_lot_part_en_iris_b2(poste: Atelier, frontal: Frontal, autorite: Path) -> None:
    """Headers of establishments' mail: subject IR100500, IRISTEST/B2/Z in test, no security part, no card asked."""
    numero = poste.signer(niveau=Niveau.NON_SECURISEE).facture.numero
    poste.preparation.preparer()
    caisse = creer_certificat(autorite, SARTHE.adresse, SARTHE.adresse)
    clair = smime.ouvrir(bytes(Message.get().octets), caisse.certificat_der, caisse.cle_pem)
    assert b"Subject: IR100500/00000721001006/" in clair
    assert b"Content-Description: IRISTEST/B2/Z" in clair and b"x-sesam-securisation" not in clair
    assert poste.depart.envoyer().remis == 1
    relever_jusqu_a(poste, lambda: lots_en("acquitte"))
    [recu] = frontal.recus()
    assert (recu.genre, recu.verdict, [f.numero for f in recu.factures]) == ("FSE", "", [numero])
