"""Returns matched to what was sent: by import of files, the path mails take too once they are fetched."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesam_desktop.base.modeles import Courrier, Document, Evenement, Lot, Message, Retour
from sesam_desktop.factures.facture import Destinataire
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.bilan import BilanRetours
from sesam_desktop.teletransmission.depot_retours import Courriers, Retours
from sesam_desktop.teletransmission.pop import TAILLE_MAXIMALE
from sesam_desktop.teletransmission.verrou import seul

from .atelier import Atelier
from .fabrique import SARTHE
from .retours_composes import accuse, courriel, dernier_lot, paiement


def lot_de(atelier: Atelier, combien: int = 1, destinataire: Destinataire = SARTHE) -> list[str]:
    """A prepared lot of so many invoices; their numbers."""
    numeros = [atelier.signer(destinataire).facture.numero for _ in range(combien)]
    atelier.preparation.preparer()
    return numeros


def importer(atelier: Atelier, octets: bytes) -> BilanRetours:
    chemin = atelier.base.chemin.with_name("retour.bin")
    chemin.write_bytes(octets)
    return atelier.boite.importer(chemin)


def vie(atelier: Atelier, numero: str) -> list[str]:
    return [e.nom for e in atelier.factures.historique(numero)][4:]


def test_arl_positif(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    bilan = importer(atelier, accuse(dernier_lot()))
    assert bilan == BilanRetours(recus=1, arl_positifs=1)
    assert (dernier_lot().etat, Message.get().etat) == ("acquitte", "acquittee")
    assert vie(atelier, numero) == ["en_lot", "acquittee"]
    assert (Courrier.get().etat, Courrier.get().genre) == ("lu", "ARL")


def test_arl_negatif_garde_les_motifs(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    assert importer(atelier, accuse(dernier_lot(), positif=False)).arl_negatifs == 1
    assert (dernier_lot().etat, Message.get().etat) == ("refuse", "refusee")
    evenement = atelier.factures.historique(numero)[-1]
    assert evenement.nom == "refusee"
    assert evenement.donnees["motifs"] == [{"code": "SIG", "libelle": "SIGNATURE FAUSSE", "ligne": 3}]
    assert [r.genre for r in Retours().du_lot(dernier_lot().id)] == ["ARL-"]


def test_arl_par_courriel(atelier: Atelier) -> None:
    lot_de(atelier)
    assert importer(atelier, courriel("ARL", accuse(dernier_lot()))).arl_positifs == 1


@pytest.mark.parametrize("champ", [{"identification": "ZZZZZZ"}, {"lot": "555"}, {"date_lot": None}])
def test_arl_inconnu_garde_et_liste(atelier: Atelier, champ: dict[str, Any]) -> None:
    (numero,) = lot_de(atelier)
    bilan = importer(atelier, accuse(dernier_lot(), **champ))
    assert (bilan.non_rapproches, bilan.arl_positifs) == (1, 0)
    assert vie(atelier, numero) == ["en_lot"]
    assert [(r.genre, r.lot) for r in Retours().non_rapproches()] == [("ARL+", None)]


def test_arl_d_un_lot_illisible_retrouve_par_son_message(atelier: Atelier) -> None:
    """The frontal could not open the lot: it names the mail, the only thing it knows."""
    (numero,) = lot_de(atelier)
    commentaire = f"MESSAGE {Message.get().message_id}"
    arl = accuse(
        dernier_lot(), positif=False, identification="", lot="000", date_lot=None, commentaire=commentaire
    )
    assert importer(atelier, arl).arl_negatifs == 1
    assert vie(atelier, numero) == ["en_lot", "refusee"]


def test_le_meme_retour_deux_fois_ne_change_rien(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    retours = [accuse(dernier_lot()), paiement(dernier_lot(), [{"numero": numero}])]
    for retour in retours:
        importer(atelier, retour)
    avant = Evenement.select().count(), Retour.select().count()
    for retour in retours:
        assert importer(atelier, retour) == BilanRetours(doublons=1)
    assert importer(atelier, courriel("ARL", retours[0])) == BilanRetours(recus=1)
    assert importer(atelier, courriel("NOEMIE", retours[1])) == BilanRetours(recus=1, noemie=1)
    assert (Evenement.select().count(), Retour.select().count()) == avant
    assert vie(atelier, numero) == ["en_lot", "acquittee", "payee"]


def test_contre_ordre_apres_un_arl_ignore(atelier: Atelier) -> None:
    """The first answer of the frontal stands; the second one is kept, and changes nothing."""
    (numero,) = lot_de(atelier)
    importer(atelier, accuse(dernier_lot()))
    assert importer(atelier, accuse(dernier_lot(), positif=False)).arl_negatifs == 0
    assert vie(atelier, numero) == ["en_lot", "acquittee"]
    assert [r.genre for r in Retours().du_lot(dernier_lot().id)] == ["ARL+", "ARL-"]


@pytest.mark.parametrize(
    ("reponse", "suite", "compteur"),
    [
        ({}, ["payee"], "payees"),
        ({"etat": "R", "paye": 0, "motif": ("0450", "DROITS FERMES")}, ["rejetee"], "rejetees"),
        ({"paye": 1749}, ["anomalie"], "anomalies"),
        ({"paye": -1750}, ["anomalie"], "anomalies"),
        ({"amc": ("R", 0)}, ["payee_partiellement"], "anomalies"),
        ({"etat": "D", "paye": 0}, ["signalement"], ""),
        ({"etat": "", "paye": 0}, ["signalement"], ""),
        ({"motif": ("0009", "A SURVEILLER")}, ["payee", "signalement"], "payees"),
    ],
)
def test_paiement(atelier: Atelier, reponse: dict[str, Any], suite: list[str], compteur: str) -> None:
    numero, autre = lot_de(atelier, 2)
    bilan = importer(atelier, paiement(dernier_lot(), [{"numero": numero, **reponse}]))
    assert vie(atelier, numero) == ["en_lot", *suite]
    assert vie(atelier, autre) == ["en_lot"]
    comptes = {nom: getattr(bilan, nom) for nom in ("payees", "rejetees", "anomalies", "non_rapproches")}
    assert {nom for nom, valeur in comptes.items() if valeur} == ({compteur} if compteur else set())


def test_historique_d_un_rejet(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": numero, "etat": "R", "paye": 0, "motif": ("0450", "FERME")}]))
    donnees = atelier.factures.historique(numero)[-1].donnees
    assert donnees["motifs"] == [{"code": "0450", "libelle": "FERME", "ligne": 0}]
    assert (donnees["attendu_amo_centimes"], donnees["paye_amo_centimes"]) == (1750, 0)
    assert (donnees["lot"], donnees["paiement"]) == ("001", "2026-03-09")


def test_differee_puis_payee(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": numero, "etat": "D", "paye": 0}]))
    importer(atelier, paiement(dernier_lot(), [{"numero": numero}]))
    assert vie(atelier, numero) == ["en_lot", "signalement", "payee"]


def test_deux_parts_payees_par_deux_retours(atelier: Atelier) -> None:
    """17,50 € of AMO on 9 March, 7,50 € of AMC on the 12th."""
    (numero,) = lot_de(atelier)
    Document.update(amc_centimes=750).execute()
    amo = paiement(dernier_lot(), [{"numero": numero}])
    amc = paiement(dernier_lot(), [{"numero": numero, "etat": "", "paye": 0, "amc": ("P", 750)}], date(2026, 3, 12))
    assert importer(atelier, amo).anomalies == 1
    assert importer(atelier, amc).payees == 1
    assert vie(atelier, numero) == ["en_lot", "payee_partiellement", "payee"]
    donnees = atelier.factures.historique(numero)[-1].donnees
    assert (donnees["regle_amo_centimes"], donnees["regle_amc_centimes"]) == (1750, 750)
    assert (donnees["paye_amo_centimes"], donnees["paye_amc_centimes"]) == (0, 750)
    for retour in (amo, amc):
        importer(atelier, courriel("NOEMIE", retour))
    assert vie(atelier, numero) == ["en_lot", "payee_partiellement", "payee"]


def test_rejet_apres_paiement_devient_une_note(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": numero}]))
    rejet = paiement(dernier_lot(), [{"numero": numero, "etat": "R", "paye": 0}])
    assert importer(atelier, rejet).rejetees == 0
    assert vie(atelier, numero) == ["en_lot", "payee", "signalement"]
    assert atelier.factures.historique(numero)[-1].donnees["issue"] == "rejetee"
    importer(atelier, courriel("NOEMIE", rejet))
    assert vie(atelier, numero) == ["en_lot", "payee", "signalement"]


def test_paiement_avant_l_arl(atelier: Atelier) -> None:
    paye, attendu = lot_de(atelier, 2)
    importer(atelier, paiement(dernier_lot(), [{"numero": paye}]))
    assert importer(atelier, accuse(dernier_lot())).arl_positifs == 1
    assert vie(atelier, paye) == ["en_lot", "payee"]
    assert vie(atelier, attendu) == ["en_lot", "acquittee"]


def test_paiement_d_une_facture_inconnue(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    bilan = importer(atelier, paiement(dernier_lot(), [{"numero": "000000777"}, {"numero": numero}]))
    assert (bilan.non_rapproches, bilan.payees) == (1, 1)
    (reste,) = Retours().non_rapproches()
    assert (reste.genre, reste.donnees["facture"], reste.donnees["paye_amo_centimes"]) == ("NOEMIE", "000000777", 1750)


def test_une_panne_au_milieu_d_un_courrier_ne_laisse_rien(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    numeros = lot_de(atelier, 2)
    retour = paiement(dernier_lot(), [{"numero": n} for n in numeros])

    def disque_plein(*_: Any) -> Any:
        raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")

    with monkeypatch.context() as contexte:
        contexte.setattr(atelier.factures, "ajouter_evenements", disque_plein)
        with pytest.raises(ErreurConnue, match="plein"):
            importer(atelier, retour)
    assert [vie(atelier, n) for n in numeros] == [["en_lot"]] * 2
    assert (Courrier.get().etat, Retour.select().count()) == ("a_lire", 0)
    # The courrier is kept: the next run reads it.
    assert importer(atelier, retour) == BilanRetours(doublons=1, noemie=1, payees=2, virements=1)


@pytest.mark.parametrize(
    ("octets", "motif"),
    [
        (b"bonjour", "fichier SESAM-Vitale"),
        (b"000" + b"X" * 125, "ni un fichier B2"),
        (b"", "fichier SESAM-Vitale"),
    ],
)
def test_illisible_mis_en_quarantaine(atelier: Atelier, octets: bytes, motif: str) -> None:
    assert importer(atelier, octets) == BilanRetours(recus=1, quarantaine=1)
    (vu,) = Courriers(atelier.base).en_quarantaine()
    assert motif in vu.motif
    assert Courriers(atelier.base).octets(vu.id) == octets


def test_tronque_mis_en_quarantaine_puis_relu(atelier: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    (numero,) = lot_de(atelier)
    retour = paiement(dernier_lot(), [{"numero": numero}])
    assert importer(atelier, retour[:-60]).quarantaine == 1
    (vu,) = Courriers(atelier.base).en_quarantaine()
    assert vie(atelier, numero) == ["en_lot"]
    assert atelier.boite.relire(vu.id).quarantaine == 1
    monkeypatch.setattr(Courriers, "octets", lambda *_: retour)
    assert atelier.boite.relire(vu.id) == BilanRetours(noemie=1, payees=1, virements=1)
    assert Courriers(atelier.base).en_quarantaine() == []
    with pytest.raises(ErreurConnue) as refus:
        atelier.boite.relire(vu.id)
    assert refus.value.code == "COURRIER_INCONNU"


def test_une_facturation_n_est_pas_un_retour(atelier: Atelier) -> None:
    lot_de(atelier)
    importer(atelier, bytes(dernier_lot().contenu))
    assert "pas un retour" in Courriers(atelier.base).en_quarantaine()[0].motif


def test_courrier_inconnu(atelier: Atelier) -> None:
    with pytest.raises(ErreurConnue) as refus:
        atelier.boite.relire(42)
    assert refus.value.code == "COURRIER_INCONNU"


def test_fichier_trop_gros(atelier: Atelier, tmp_path: Path) -> None:
    fichier = tmp_path / "enorme"
    with fichier.open("wb") as sortie:
        sortie.truncate(TAILLE_MAXIMALE + 1)
    with pytest.raises(ErreurConnue) as refus:
        atelier.boite.importer(fichier)
    assert refus.value.code == "FICHIER_ILLISIBLE"


def test_fichier_absent(atelier: Atelier, tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as refus:
        atelier.boite.importer(tmp_path / "absent.bin")
    assert refus.value.code == "FICHIER_ILLISIBLE"


def test_un_seul_releve_a_la_fois(atelier: Atelier, tmp_path: Path) -> None:
    fichier = tmp_path / "retour.bin"
    fichier.write_bytes(b"x")
    with seul(atelier.base.chemin, "retour", "occupé"), pytest.raises(ErreurConnue) as refus:
        atelier.boite.importer(fichier)
    assert refus.value.code == "DEJA_EN_COURS"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(min_value=0, max_value=10_000), octet=st.integers(min_value=0, max_value=255))
def test_un_octet_abime_ne_casse_rien(atelier: Atelier, position: int, octet: int) -> None:
    """Any damaged return is read, or put in quarantine; never anything else."""
    if not Lot.select().exists():
        lot_de(atelier)
    lot = Lot.get_by_id(1)
    retour = bytearray(paiement(lot, [{"numero": "000000001"}]))
    retour[position % len(retour)] = octet
    bilan = importer(atelier, bytes(retour))
    assert bilan.recus + bilan.doublons == 1
    assert Courrier.select().where(Courrier.etat == "a_lire").count() == 0


@pytest.mark.parametrize(("emetteur", "non_rapproches"), [("00000721001006", 0), ("00000722000015", 1), ("0" * 14, 0)])
def test_un_paiement_adresse_a_un_autre_ne_paie_rien_ici(
    atelier: Atelier, emetteur: str, non_rapproches: int
) -> None:
    """Each workstation has an invoice 000000001 in a lot 001: only the addressee tells them apart."""
    (numero,) = lot_de(atelier)
    octets = paiement(dernier_lot(), [{"numero": numero}]).replace(b"TP" + b"0" * 14, b"TP" + emetteur.encode())
    bilan = importer(atelier, octets)
    assert (bilan.non_rapproches, bilan.payees) == (non_rapproches, 1 - non_rapproches)


@pytest.mark.journal_attendu
def test_un_courrier_qui_fait_echouer_le_programme_n_arrete_pas_les_autres(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (numero,) = lot_de(atelier)
    vraie = atelier.rapprochement.appliquer
    importer_avant = accuse(dernier_lot())

    def echouer(_courrier: int) -> None:
        raise KeyError("zone inattendue")

    monkeypatch.setattr(atelier.rapprochement, "appliquer", echouer)
    assert importer(atelier, importer_avant).quarantaine == 1
    assert "a fait échouer sa lecture" in caplog.text
    (vu,) = Courriers(atelier.base).en_quarantaine()
    assert "KeyError" in vu.motif
    monkeypatch.setattr(atelier.rapprochement, "appliquer", vraie)
    assert atelier.boite.relire(vu.id).arl_positifs == 1
    assert vie(atelier, numero) == ["en_lot", "acquittee"]


def test_un_retour_etranger_se_classe(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": "000000099"}]))
    (inconnu,) = Retours().non_rapproches()
    courriers = Courriers(atelier.base)
    courriers.classer(inconnu.courrier, "adressé à un confrère")
    assert Retours().non_rapproches() == []
    assert courriers.octets(inconnu.courrier)
    dernier = Evenement.select().order_by(Evenement.id.desc()).get()
    assert (dernier.nom, dernier.document) == ("courrier_classe", "")
    assert "confrère" in dernier.donnees
    with pytest.raises(ErreurConnue) as vu:
        courriers.classer(inconnu.courrier, "")
    assert vu.value.code == "COURRIER_SANS_SUITE"
    assert vie(atelier, numero) == ["en_lot"]


def test_un_courrier_illisible_se_classe_un_courrier_utile_non(atelier: Atelier) -> None:
    lot_de(atelier)
    importer(atelier, accuse(dernier_lot()))
    importer(atelier, b"rien de connu")
    courriers = Courriers(atelier.base)
    (illisible,) = courriers.en_quarantaine()
    courriers.classer(illisible.id, "")
    assert courriers.en_quarantaine() == []
    with pytest.raises(ErreurConnue) as vu:
        courriers.classer(1, "")
    assert vu.value.code == "COURRIER_SANS_SUITE"
