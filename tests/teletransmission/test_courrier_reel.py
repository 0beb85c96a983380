"""Sending and fetching through a real mail server: exim4 takes, dovecot delivers and is emptied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesam_desktop.base.modeles import Courrier, Message
from sesam_desktop.flux import message
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation.autorite import creer_certificat
from sesam_desktop.securisation.smime import ouvrir
from sesam_desktop.teletransmission.bilan import BilanEnvoi, BilanRetours
from sesam_desktop.teletransmission.depart import Depart
from sesam_desktop.teletransmission.retour import Boite
from tests.outils import certificat
from tests.outils.courrier import UTILISATEUR, ServeurCourrier

from .atelier import Atelier
from .fabrique import PARIS, SARTHE, courrier, partout
from .retours_composes import accuse, courriel, dernier_lot, paiement

pytestmark = pytest.mark.courrier
BOITE_SARTHE, BOITE_PARIS = SARTHE.adresse.partition("@")[0], PARIS.adresse.partition("@")[0]


@pytest.fixture
def serveur(serveur_courrier: ServeurCourrier) -> ServeurCourrier:
    """The mail server with empty mailboxes."""
    serveur_courrier.vider(UTILISATEUR, BOITE_SARTHE, BOITE_PARIS)
    return serveur_courrier


@pytest.fixture
def poste(profil: Path, autorite: Path, serveur: ServeurCourrier) -> Iterator[Atelier]:
    atelier = Atelier(profil, autorite, courrier(serveur.smtp_port, serveur.pop_port, serveur.certificat))
    yield atelier
    atelier.fermer()


def test_aller_et_retour(poste: Atelier, autorite: Path, serveur: ServeurCourrier) -> None:
    sarthe, paris = poste.signer(SARTHE), poste.signer(PARIS)
    poste.preparation.preparer()
    assert poste.depart.envoyer() == BilanEnvoi(remis=2)
    (recu,) = serveur.contenu(BOITE_SARTHE, attendus=1)
    identite = creer_certificat(autorite, SARTHE.adresse, SARTHE.adresse)
    assert message.lire(ouvrir(recu, identite.certificat_der, identite.cle_pem)).genre == "FSE"
    assert len(serveur.contenu(BOITE_PARIS, attendus=1)) == 1
    serveur.deposer(UTILISATEUR, courriel("ARL", accuse(dernier_lot())))
    serveur.deposer(UTILISATEUR, courriel("NOEMIE", paiement(dernier_lot(), [{"numero": paris.facture.numero}])))
    assert len(serveur.contenu(UTILISATEUR, attendus=2)) == 2
    vues: list[tuple[int, int]] = []
    bilan = poste.boite.relever(progression=lambda f, t: vues.append((f, t)))
    assert bilan == BilanRetours(recus=2, arl_positifs=1, noemie=1, payees=1, virements=1)
    assert vues == [(0, 2), (1, 2), (2, 2)]
    assert serveur.contenu(UTILISATEUR, attendus=0) == []
    noms = [e.nom for e in poste.factures.historique(paris.facture.numero)][4:]
    assert sorted(noms[2:]) in (["acquittee", "payee"], ["payee"])  # the server may deliver in either order
    assert [e.nom for e in poste.factures.historique(sarthe.facture.numero)][4:] == ["en_lot", "transmise"]


def test_message_supprime_seulement_une_fois_garde(
    poste: Atelier, serveur: ServeurCourrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    serveur.deposer(UTILISATEUR, b"Subject: un\r\n\r\nun\r\n")
    serveur.deposer(UTILISATEUR, b"Subject: deux\r\n\r\ndeux\r\n")
    serveur.contenu(UTILISATEUR, attendus=2)
    ajouter, appels = poste.boite._courriers.ajouter, iter(range(10))

    def disque_plein(*arguments: object) -> bool:
        if next(appels) == 1:
            raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")
        return ajouter(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as contexte:
        contexte.setattr(poste.boite._courriers, "ajouter", disque_plein)
        with pytest.raises(ErreurConnue, match="plein"):
            poste.boite.relever()
    assert len(serveur.contenu(UTILISATEUR, attendus=2)) == 2
    bilan = poste.boite.relever()
    assert (bilan.recus, bilan.doublons) == (1, 1)
    assert serveur.contenu(UTILISATEUR, attendus=0) == []
    assert Courrier.select().count() == 2


def test_annulation_du_releve(poste: Atelier, serveur: ServeurCourrier) -> None:
    for texte in (b"un", b"deux"):
        serveur.deposer(UTILISATEUR, b"Subject: x\r\n\r\n" + texte + b"\r\n")
    serveur.contenu(UTILISATEUR, attendus=2)
    reponses = iter([False, True])
    bilan = poste.boite.relever(annule=lambda: next(reponses))
    assert (bilan.annule, bilan.recus) == (True, 1)
    assert len(serveur.contenu(UTILISATEUR, attendus=1)) == 1


def test_ligne_trop_longue_pour_le_client_n_arrete_pas_les_autres(poste: Atelier, serveur: ServeurCourrier) -> None:
    """A message that POP3 clients refuse stays on the server, said; the one after it is fetched."""
    dossier = serveur.dossier / "boites" / UTILISATEUR / "new"
    dossier.mkdir(parents=True, exist_ok=True)
    (dossier / "1.long.test").write_bytes(b"Subject: long\n\n" + b"x" * 5000 + b"\n")
    serveur.deposer(UTILISATEUR, b"Subject: apres\r\n\r\napres\r\n")
    try:
        for _ in range(100):
            bilan = poste.boite.relever()
            if bilan.recus:
                break
        assert (bilan.recus, bilan.laisses) == (1, 1)
        assert b"apres" in bytes(Courrier.get().octets)
        assert poste.boite.relever().laisses == 1
    finally:
        for fichier in (serveur.dossier / "boites" / UTILISATEUR).glob("*/1.long.test*"):
            fichier.unlink()


def test_mauvais_mot_de_passe(poste: Atelier, serveur: ServeurCourrier) -> None:
    poste.signer()
    poste.preparation.preparer()
    faux = courrier(serveur.smtp_port, serveur.pop_port, serveur.certificat, mot_de_passe=lambda: "pas lé bon")
    for action in (
        Depart(poste.base, poste.factures, partout(faux)).envoyer,
        Boite(poste.base, poste.rapprochement, partout(faux)).relever,
    ):
        with pytest.raises(ErreurConnue) as refus:
            action()
        assert refus.value.code == "IDENTIFICATION_REFUSEE"
        assert "pas lé bon" not in refus.value.phrase()
    assert Message.get().etat == "prete"


def test_certificat_d_un_autre(poste: Atelier, serveur: ServeurCourrier, tmp_path: Path) -> None:
    poste.signer()
    poste.preparation.preparer()
    autre, _ = certificat.ecrire(tmp_path)
    mefiant = courrier(serveur.smtp_port, serveur.pop_port, autre)
    for action in (
        Depart(poste.base, poste.factures, partout(mefiant)).envoyer,
        Boite(poste.base, poste.rapprochement, partout(mefiant)).relever,
    ):
        with pytest.raises(ErreurConnue) as refus:
            action()
        assert refus.value.code == "CERTIFICAT_SERVEUR"


def test_destinataire_inconnu_du_serveur(poste: Atelier, serveur: ServeurCourrier) -> None:
    poste.signer()
    poste.preparation.preparer()
    Message.update(destinataire="inconnu@poste.test").execute()
    assert poste.depart.envoyer() == BilanEnvoi(refuses=1)
    assert "destinataire inconnu" in Message.get().derniere_erreur


def test_serveur_arrete(poste: Atelier) -> None:
    poste.signer()
    poste.preparation.preparer()
    ferme = courrier(1, 1)
    for action in (
        Depart(poste.base, poste.factures, partout(ferme)).envoyer,
        Boite(poste.base, poste.rapprochement, partout(ferme)).relever,
    ):
        with pytest.raises(ErreurConnue) as refus:
            action()
        assert refus.value.code == "SERVEUR_INJOIGNABLE"
    assert (Message.get().etat, Message.get().essais) == ("prete", 0)


def test_boite_non_reglee(poste: Atelier) -> None:
    with pytest.raises(ErreurConnue) as refus:
        Boite(poste.base, poste.rapprochement, partout(courrier(utilisateur=""))).relever()
    assert refus.value.code == "COURRIER_NON_CONFIGURE"
