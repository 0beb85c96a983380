"""The outbox against a scripted server: each answer a server may give, and what is recorded of it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.modeles import Lot, Message
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.bilan import BilanEnvoi
from sesam_desktop.teletransmission.depart import Depart
from sesam_desktop.teletransmission.depot import Lots
from sesam_desktop.teletransmission.depot_corbeille import Corbeille, Essai
from sesam_desktop.teletransmission.verrou import seul
from tests.outils import certificat
from tests.outils.smtp_scripte import COUPER, SmtpScripte, smtp_scripte

from .fabrique import courrier, lot, partout, securisee

MIDI = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
ESSAI = Essai(ecrire_instant(MIDI), 12, "remise", "250 ok")
Tls = tuple[Path, Path]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certificat.ecrire(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def deux_lots(base: Base, factures: Factures) -> list[str]:
    """Two lots of one invoice each, ready to leave."""
    numeros = [factures.prochain_numero() for _ in range(2)]
    for rang, numero in enumerate(numeros, 1):
        factures.enregistrer(securisee(numero))
        with base.transaction():
            Lots(base).inserer(lot((numero,), f"{rang:03d}"), ecrire_instant(MIDI))
            factures.ajouter_evenement(numero, Etat.EN_LOT)
    return numeros


def depart(base: Base, factures: Factures, serveur: SmtpScripte, ca: Path, heure: datetime = MIDI) -> Depart:
    compte = courrier(serveur.port, ca=ca)
    return Depart(base, factures, partout(compte), horloge=lambda: heure, hasard=lambda: 0.5)


def etats() -> list[str]:
    return [m.etat for m in Message.select().order_by(Message.id)]


def test_tout_part_sur_une_seule_connexion(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    vues: list[tuple[int, int]] = []
    with smtp_scripte(*tls) as serveur:
        bilan = depart(base, factures, serveur, tls[0]).envoyer(progression=lambda f, t: vues.append((f, t)))
    assert bilan == BilanEnvoi(remis=2)
    assert serveur.connexions == 1
    assert [b"contenu 001" in corps for corps in serveur.recus] == [True, False]
    assert etats() == ["remise", "remise"]
    assert [ligne.etat for ligne in Lot.select()] == ["transmis", "transmis"]
    assert [factures.historique(n)[-1].nom for n in deux_lots] == ["transmise", "transmise"]
    assert factures.historique(deux_lots[1])[-1].donnees == {"lot": "002", "date": "2026-03-02"}
    assert vues == [(0, 2), (1, 2), (2, 2)]


def test_rien_ne_part_deux_fois(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    with smtp_scripte(*tls) as serveur:
        depart(base, factures, serveur, tls[0]).envoyer()
        assert depart(base, factures, serveur, tls[0]).envoyer() == BilanEnvoi()
    assert len(serveur.recus) == 2
    assert serveur.connexions == 1


@pytest.mark.parametrize(
    ("etape", "reponse"),
    [("MAIL", "452 4.3.1 plus de place"), ("RCPT", "452 4.2.2 boite pleine"), ("FIN", "451 4.3.0 plus tard")],
)
def test_refus_temporaire(
    base: Base, factures: Factures, deux_lots: list[str], tls: Tls, etape: str, reponse: str
) -> None:
    with smtp_scripte(*tls, **{etape: (reponse, "250 ok")}) as serveur:
        bilan = depart(base, factures, serveur, tls[0]).envoyer()
        assert bilan == BilanEnvoi(remis=1, reportes=1, restants=1)
        premier = Message.get_by_id(1)
        assert (premier.etat, premier.essais, premier.derniere_erreur) == ("en_attente", 1, reponse)
        # First wait of 60 s; jitter drawn at its middle changes nothing.
        assert premier.prochain_essai == ecrire_instant(MIDI + timedelta(seconds=60))
        assert depart(base, factures, serveur, tls[0], MIDI + timedelta(seconds=59)).envoyer().remis == 0
        assert depart(base, factures, serveur, tls[0], MIDI + timedelta(seconds=60)).envoyer().remis == 1
    assert serveur.recus[1].count(b"Message-ID: <001@poste.test>") == 1


@pytest.mark.parametrize(
    ("etape", "reponse"),
    [("RCPT", "550 5.1.1 inconnu"), ("FIN", "552 5.2.2 boite pleine"), ("MAIL", "552 5.3.4 trop gros")],
)
def test_refus_definitif_garde_les_mots_du_serveur(
    base: Base, factures: Factures, deux_lots: list[str], tls: Tls, etape: str, reponse: str
) -> None:
    with smtp_scripte(*tls, **{etape: (reponse, "250 ok")}) as serveur:
        service = depart(base, factures, serveur, tls[0])
        assert service.envoyer() == BilanEnvoi(remis=1, refuses=1)
        premier = Message.get_by_id(1)
        assert (premier.etat, premier.derniere_erreur) == ("en_quarantaine", reponse)
        assert factures.historique(deux_lots[0])[-1].nom == "en_lot"
        assert service.envoyer(maintenant=True) == BilanEnvoi()
        assert service.relancer("<001@poste.test>")
        assert not service.relancer("<001@poste.test>")
        assert service.envoyer() == BilanEnvoi(remis=1)


def test_attente_doublee_puis_plafonnee(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    with smtp_scripte(*tls, RCPT=("450 plus tard",)) as serveur:
        service = depart(base, factures, serveur, tls[0])
        attentes = []
        for _ in range(10):
            service.envoyer(maintenant=True)
            prochain = datetime.fromisoformat(Message.get_by_id(1).prochain_essai)
            attentes.append(int((prochain - MIDI).total_seconds()))
    assert attentes == [60, 120, 240, 480, 960, 1920, 3840, 7680, 14400, 14400]


def test_horloge_remise_en_arriere(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    """Put off while the clock was four years ahead: the message leaves once it is right, not in four years."""
    with smtp_scripte(*tls, RCPT=("450 plus tard", "450 plus tard", "250 ok")) as serveur:
        depart(base, factures, serveur, tls[0], MIDI.replace(year=2030)).envoyer()
        service = depart(base, factures, serveur, tls[0])
        assert service.a_envoyer() == 2
        assert service.envoyer() == BilanEnvoi(remis=2)


@pytest.mark.parametrize(("hasard", "secondes"), [(0.0, 45), (0.999999, 74)])
def test_attente_melangee_d_un_quart(
    base: Base, factures: Factures, deux_lots: list[str], tls: Tls, hasard: float, secondes: int
) -> None:
    with smtp_scripte(*tls, RCPT=("450 plus tard",)) as serveur:
        parametres = partout(courrier(serveur.port, ca=tls[0]))
        Depart(base, factures, parametres, horloge=lambda: MIDI, hasard=lambda: hasard).envoyer()
    assert Message.get_by_id(1).prochain_essai == ecrire_instant(MIDI + timedelta(seconds=secondes))


def test_reponse_perdue_apres_les_donnees(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    """The server has the message but its 250 never came: sent again, same bytes."""
    with smtp_scripte(*tls, FIN=(COUPER, "250 ok")) as serveur:
        bilan = depart(base, factures, serveur, tls[0]).envoyer()
        assert bilan == BilanEnvoi(remis=1, reportes=1, restants=1)
        assert etats() == ["en_attente", "remise"]
        assert depart(base, factures, serveur, tls[0]).envoyer(maintenant=True) == BilanEnvoi(remis=1)
    assert serveur.recus[0] == serveur.recus[2]
    assert factures.historique(deux_lots[0])[-1].nom == "transmise"


def test_serveur_qui_ferme_par_421(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    with smtp_scripte(*tls, MAIL=("421 4.3.2 arret", "250 ok")) as serveur:
        assert depart(base, factures, serveur, tls[0]).envoyer() == BilanEnvoi(remis=1, reportes=1, restants=1)
    assert serveur.connexions == 2


@pytest.mark.parametrize(
    ("etape", "reponse", "code"),
    [
        ("AUTH", "535 5.7.8 non", "IDENTIFICATION_REFUSEE"),
        ("AUTH", "454 4.7.0 plus tard", "SERVEUR_INJOIGNABLE"),
        ("RCPT", "530 5.7.0 identifiez-vous", "IDENTIFICATION_REFUSEE"),
        ("AUTH", COUPER, "SERVEUR_INJOIGNABLE"),
    ],
)
def test_session_refusee_ne_touche_aucun_message(
    base: Base, factures: Factures, deux_lots: list[str], tls: Tls, etape: str, reponse: str, code: str
) -> None:
    with smtp_scripte(*tls, **{etape: (reponse,)}) as serveur, pytest.raises(ErreurConnue) as refus:
        depart(base, factures, serveur, tls[0]).envoyer()
    assert refus.value.code == code
    assert etats() == ["prete", "prete"]
    assert [m.essais for m in Message.select()] == [0, 0]


def test_mot_de_passe_essaye_une_seule_fois(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    with smtp_scripte(*tls, AUTH=("535 non",)) as serveur, pytest.raises(ErreurConnue):
        depart(base, factures, serveur, tls[0]).envoyer()
    assert serveur.passages["AUTH"] == 1


def test_serveur_sans_starttls(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    with smtp_scripte(*tls) as serveur:
        serveur.sans_tls = True
        with pytest.raises(ErreurConnue) as refus:
            depart(base, factures, serveur, tls[0]).envoyer()
    assert refus.value.code == "TLS_ABSENT"
    assert serveur.recus == []


def test_certificat_d_un_autre(base: Base, factures: Factures, deux_lots: list[str], tmp_path: Path) -> None:
    faux = certificat.ecrire(tmp_path, nom="autre.test")
    with smtp_scripte(*faux) as serveur, pytest.raises(ErreurConnue) as refus:
        depart(base, factures, serveur, faux[0]).envoyer()
    assert refus.value.code == "CERTIFICAT_SERVEUR"
    assert etats() == ["prete", "prete"]


def test_certificat_expire(base: Base, factures: Factures, deux_lots: list[str], tmp_path: Path) -> None:
    expire = certificat.ecrire(tmp_path, jours=-1)
    with smtp_scripte(*expire) as serveur, pytest.raises(ErreurConnue) as refus:
        depart(base, factures, serveur, expire[0]).envoyer()
    assert refus.value.code == "CERTIFICAT_SERVEUR"
    assert (serveur.recus, etats()) == ([], ["prete", "prete"])


def test_le_250_le_lot_et_ses_factures_sont_un_seul_fait(
    base: Base, factures: Factures, deux_lots: list[str], tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills between the lot and its invoices: nothing is recorded, the messages go again as they were.

    The second one was being handed over meanwhile: the program no more knows what became of it.
    """

    def disque_plein(*_: object) -> None:
        raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")

    with smtp_scripte(*tls) as serveur:
        with monkeypatch.context() as contexte, pytest.raises(ErreurConnue, match="plein"):
            contexte.setattr(factures, "faire_avancer", disque_plein)
            depart(base, factures, serveur, tls[0]).envoyer()
        assert (etats(), [lot.etat for lot in Lot.select()]) == (["en_envoi", "en_envoi"], ["constitue"] * 2)
        assert depart(base, factures, serveur, tls[0]).envoyer().remis == 2
    assert serveur.recus[:2] == serveur.recus[2:]
    assert [factures.historique(numero)[-1].nom for numero in deux_lots] == ["transmise"] * 2


def test_autorite_absente(base: Base, factures: Factures, deux_lots: list[str], tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as refus:
        Depart(base, factures, partout(courrier(25, ca=tmp_path / "absente.pem"))).envoyer()
    assert refus.value.code == "AUTORITE_TLS_ILLISIBLE"


def test_messagerie_non_reglee(base: Base, factures: Factures) -> None:
    with pytest.raises(ErreurConnue) as refus:
        Depart(base, factures, partout(courrier(smtp_hote=""))).envoyer()
    assert refus.value.code == "COURRIER_NON_CONFIGURE"


def test_annulation_entre_deux_messages(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    reponses = iter([False, True])
    with smtp_scripte(*tls) as serveur:
        bilan = depart(base, factures, serveur, tls[0]).envoyer(annule=lambda: next(reponses))
    assert bilan == BilanEnvoi(remis=1, restants=1, annule=True)
    assert etats() == ["remise", "prete"]


def test_envoi_interrompu_repris(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    """A message found `en_envoi` belongs to a dead worker."""
    assert Corbeille(base).prendre(1) is not None
    assert Corbeille(base).prendre(1) is None
    with smtp_scripte(*tls) as serveur:
        assert depart(base, factures, serveur, tls[0]).envoyer() == BilanEnvoi(remis=2)


def test_arl_arrive_avant_l_enregistrement_du_250(base: Base, factures: Factures, deux_lots: list[str]) -> None:
    """Another thread has closed the lot meanwhile: the late answer changes nothing."""
    pris = Corbeille(base).prendre(1)
    assert pris is not None
    Message.update(etat="acquittee").where(Message.id == 1).execute()
    assert Corbeille(base).remettre(pris, ESSAI, ecrire_instant(MIDI)) == []
    assert Message.get_by_id(1).etat == "acquittee"


def test_paiement_arrive_avant_l_enregistrement_du_250(
    base: Base, factures: Factures, deux_lots: list[str], tls: Tls
) -> None:
    """The lot had left before a crash; its payment came first. Sending it again must not stumble on that."""
    factures.ajouter_evenement(deux_lots[0], Etat.PAYEE)
    with smtp_scripte(*tls) as serveur:
        assert depart(base, factures, serveur, tls[0]).envoyer() == BilanEnvoi(remis=2)
    assert [factures.historique(n)[-1].nom for n in deux_lots] == ["payee", "transmise"]


def test_un_seul_envoi_a_la_fois(base: Base, factures: Factures, deux_lots: list[str], tls: Tls) -> None:
    with smtp_scripte(*tls) as serveur:
        service = depart(base, factures, serveur, tls[0])
        with seul(base.chemin, "envoi-RSV", "occupé"), pytest.raises(ErreurConnue) as refus:
            service.envoyer()
        assert refus.value.code == "DEJA_EN_COURS"
        assert service.envoyer().remis == 2


def test_deux_fils_ne_partagent_pas_un_message(base: Base, deux_lots: list[str]) -> None:
    pris: list[bool] = []
    fils = [threading.Thread(target=lambda: pris.append(Corbeille(base).prendre(1) is not None)) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(pris) == [False, False, False, True]


def test_numero_de_lot_deja_donne(base: Base, factures: Factures, deux_lots: list[str]) -> None:
    with pytest.raises(ErreurConnue) as refus, base.transaction():
        Lots(base).inserer(lot((deux_lots[0],), "001"), ecrire_instant(MIDI))
    assert refus.value.code == "LOT_CONCURRENT"
    assert Lot.select().count() == 2
