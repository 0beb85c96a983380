"""Several mailboxes, holds, hours, the log of each message, what is too big, what servers say afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.modeles import Courrier, Evenement, Lot, Message
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.teletransmission import plages
from sesam_desktop.teletransmission.bilan import BilanEnvoi
from sesam_desktop.teletransmission.depart import Depart
from sesam_desktop.teletransmission.depot import Lots, NouveauMessage
from sesam_desktop.teletransmission.depot_corbeille import Corbeille
from sesam_desktop.teletransmission.depot_messages import lister_messages
from sesam_desktop.teletransmission.depot_retours import Courriers
from sesam_desktop.teletransmission.depot_suspensions import Suspension, Suspensions
from sesam_desktop.teletransmission.parametres import ParametresCourrier
from sesam_desktop.teletransmission.reponses import expliquer
from tests.outils import certificat
from tests.outils.smtp_scripte import COUPER, SmtpScripte, smtp_scripte

from .atelier import Atelier
from .fabrique import SARTHE, courrier, lot, partout, securisee

MIDI = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
Tls = tuple[Path, Path]
BOITES = ("RSV", "OCT", "SCOR")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certificat.ecrire(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trois(base: Base, factures: Factures) -> list[str]:
    """A message of one invoice in each mailbox."""
    return [
        mettre_en_lot(base, factures, rang, b"Subject: x\r\n\r\n%03d\r\n" % rang, boite)
        for rang, boite in enumerate(BOITES, 1)
    ]


def mettre_en_lot(
    base: Base, factures: Factures, rang: int, octets: bytes, boite: str = "RSV", destinataire: str = SARTHE.adresse
) -> str:
    """One invoice in a lot, in a message of that content; its number."""
    numero = factures.prochain_numero()
    factures.enregistrer(securisee(numero))
    message = NouveauMessage(f"{rang:03d}@poste.test", boite, destinataire, octets)
    with base.transaction():
        Lots(base).inserer(lot((numero,), f"{rang:03d}", message=message), ecrire_instant(MIDI))
        factures.ajouter_evenement(numero, Etat.EN_LOT)
    return numero


def depart(
    base: Base, factures: Factures, comptes: dict[str, ParametresCourrier], heure: datetime = MIDI
) -> Depart:
    return Depart(base, factures, comptes, horloge=lambda: heure, hasard=lambda: 0.5)


def etats() -> dict[str, str]:
    return {m.boite: m.etat for m in Message.select()}


def suspendre(base: Base, boite: str) -> None:
    Suspensions(base).suspendre(Suspension(boite, "maintenance", "claire", ecrire_instant(MIDI)))


def test_un_compte_en_panne_n_arrete_pas_les_autres(
    base: Base, factures: Factures, trois: list[str], tls: Tls
) -> None:
    with smtp_scripte(*tls) as serveur:
        bon, ferme = courrier(serveur.port, ca=tls[0]), courrier(1, ca=tls[0], nom="OCT")
        bilan = depart(base, factures, {"RSV": bon, "OCT": ferme, "SCOR": bon}).envoyer()
    assert (bilan.remis, bilan.restants, serveur.connexions) == (2, 1, 1)
    assert [(p.boite, p.code) for p in bilan.pannes] == [("OCT", "SERVEUR_INJOIGNABLE")]
    assert etats() == {"RSV": "remise", "OCT": "prete", "SCOR": "remise"}


def test_tous_en_panne_se_dit_par_une_erreur(base: Base, factures: Factures, trois: list[str], tls: Tls) -> None:
    comptes = {nom: courrier(1, ca=tls[0], nom=nom) for nom in BOITES}
    with pytest.raises(ErreurConnue) as refus:
        depart(base, factures, comptes).envoyer()
    assert refus.value.code == "SERVEUR_INJOIGNABLE"
    assert set(etats().values()) == {"prete"}


def test_chaque_boite_par_son_compte(base: Base, factures: Factures, trois: list[str], tls: Tls) -> None:
    with smtp_scripte(*tls) as un, smtp_scripte(*tls) as deux:
        comptes = {nom: courrier(un.port, ca=tls[0]) for nom in BOITES}
        comptes["SCOR"] = courrier(deux.port, ca=tls[0], nom="SCOR")
        assert depart(base, factures, comptes).envoyer(boites=["SCOR"]) == BilanEnvoi(remis=1, restants=2)
        assert (un.recus, len(deux.recus)) == ([], 1)
        assert depart(base, factures, comptes).envoyer() == BilanEnvoi(remis=2)
    assert len(un.recus) == 2


def test_boite_suspendue_tient_celles_qui_usent_de_son_compte(
    base: Base, factures: Factures, trois: list[str], tls: Tls
) -> None:
    with smtp_scripte(*tls) as serveur:
        comptes = partout(courrier(serveur.port, ca=tls[0]))
        comptes["SCOR"] = courrier(serveur.port, ca=tls[0], nom="SCOR")
        suspendre(base, "RSV")
        service = depart(base, factures, comptes)
        assert service.a_envoyer() == 1
        assert service.envoyer() == BilanEnvoi(remis=1, restants=2, suspendues=["RSV", "OCT"])
        assert etats() == {"RSV": "prete", "OCT": "prete", "SCOR": "remise"}
        assert Suspensions(base).lister() == [Suspension("RSV", "maintenance", "claire", ecrire_instant(MIDI))]
        assert Suspensions(base).reprendre("RSV", "claire")
        assert not Suspensions(base).reprendre("RSV", "claire")
        assert service.envoyer() == BilanEnvoi(remis=2)
    assert [e.nom for e in Evenement.select().where(Evenement.document == "")] == ["boite_suspendue", "boite_reprise"]


def test_envoi_planifie_dans_ses_heures_seulement(base: Base, factures: Factures, trois: list[str], tls: Tls) -> None:
    heure = MIDI.astimezone()
    hors = plages.lire(f"{(heure + timedelta(hours=2)):%H:%M}-{(heure + timedelta(hours=3)):%H:%M}")
    with smtp_scripte(*tls) as serveur:
        comptes = partout(courrier(serveur.port, ca=tls[0], plages=hors))
        service = depart(base, factures, comptes)
        assert (service.a_envoyer(), service.envoyer(planifie=True)) == (0, BilanEnvoi(restants=3))
        plus_tard = depart(base, factures, comptes, MIDI + timedelta(minutes=130))
        assert plus_tard.a_envoyer() == 3
        assert plus_tard.envoyer(planifie=True, boites=["OCT"]).remis == 1
        assert service.envoyer().remis == 2  # somebody asked: at once


@pytest.mark.parametrize(
    ("texte", "heure", "ouverte"),
    [
        ("", "03:00", True), ("12:00-14:00", "12:00", True), ("12:00-14:00", "14:00", False),
        ("12:00-14:00", "11:59", False), ("12:00-14:00, 20:00-23:00", "22:59", True), ("22:00-06:00", "23:30", True),
        ("22:00-06:00", "05:59", True), ("22:00-06:00", "06:00", False), ("22:00-06:00", "12:00", False),
        (" 8:05 - 9:00 ", "08:05", True),
    ],
)
def test_plages(texte: str, heure: str, ouverte: bool) -> None:
    instant = datetime.combine(MIDI.date(), time.fromisoformat(heure)).astimezone()
    assert plages.lire(texte).ouvertes(instant) is ouverte


@pytest.mark.parametrize("texte", ["12:00", "12:00-", "25:00-26:00", "12:60-13:00", "12h-14h", "12:00-12:00", ",", "a"])
def test_plages_mal_ecrites(texte: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        plages.lire(texte)
    assert refus.value.code == "PLAGES_INVALIDES"


@given(st.text(alphabet="0123456789:-, "))
def test_plages_refus_dit_ou_lecture(texte: str) -> None:
    try:
        lues = plages.lire(texte)
    except EntreeInvalide as refus:
        assert refus.code == "PLAGES_INVALIDES"
    else:
        assert len(lues.bornes) == (texte.count(",") + 1 if texte.strip() else 0)


def test_journal_d_un_message(base: Base, factures: Factures, trois: list[str], tls: Tls) -> None:
    """Put off, cut after the dot, interrupted by a death, then taken: four lines, with the server's words."""
    with smtp_scripte(*tls, RCPT=("450 4.7.1 greylisted", "250 ok"), FIN=(COUPER, "250 2.0.0 garde")) as serveur:
        comptes = {"RSV": courrier(serveur.port, ca=tls[0])}
        for _ in range(2):
            depart(base, factures, comptes).envoyer(maintenant=True)
        assert Corbeille(base).prendre(1) is not None  # somebody who dies there
        assert depart(base, factures, comptes, MIDI + timedelta(hours=1)).envoyer() == BilanEnvoi(remis=1)
    essais = Corbeille(base).journal("001@poste.test")
    assert [(e.resultat, e.reponse.partition(" (")[0]) for e in essais] == [
        ("en_attente", "450 4.7.1 greylisted"),
        ("incertain", "connexion interrompue après la fin du message, sans réponse"),
        ("interrompu", "envoi interrompu : programme arrêté"),
        ("remise", "250 2.0.0 garde"),
    ]
    assert [e.instant for e in essais] == [ecrire_instant(MIDI)] * 2 + [ecrire_instant(MIDI + timedelta(hours=1))] * 2
    assert all(0 <= e.duree_ms < 5000 for e in essais)
    assert Message.get_by_id(1).essais == 4
    assert Corbeille(base).journal("inconnu@poste.test") == []


def un_verdict(base: Base, factures: Factures, tls: Tls, serveur: SmtpScripte, **reglages: object) -> Message:
    depart(base, factures, {"RSV": courrier(serveur.port, ca=tls[0], **reglages)}).envoyer()
    return Message.get_by_id(1)


def test_message_trop_gros_pour_le_serveur(base: Base, factures: Factures, tls: Tls) -> None:
    mettre_en_lot(base, factures, 1, b"x" * 3000)
    with smtp_scripte(*tls) as serveur:
        serveur.taille = 2000
        message = un_verdict(base, factures, tls, serveur)
        assert "MAIL" not in serveur.passages
    assert message.etat == "en_quarantaine"
    assert message.derniere_erreur == "message trop gros : 3 ko, ce serveur n'en accepte que 2 ko"


def test_message_trop_gros_pour_le_reglage(base: Base, factures: Factures, tls: Tls) -> None:
    mettre_en_lot(base, factures, 1, b"x" * 3000)
    with smtp_scripte(*tls) as serveur:
        message = un_verdict(base, factures, tls, serveur, taille_maximale=2999)
        assert serveur.connexions == 0
        assert message.derniere_erreur == "message trop gros : 3 ko, le réglage de ce poste n'en accepte que 3 ko"
        assert Corbeille(base).relancer("001@poste.test")
        assert un_verdict(base, factures, tls, serveur, taille_maximale=3000).etat == "remise"


def test_un_mot_de_passe_refuse_suspend_l_envoi_automatique(
    base: Base, factures: Factures, trois: list[str], tls: Tls
) -> None:
    """Tried every five minutes, it would have the account locked. Asked by somebody, it is tried, and said."""
    with smtp_scripte(*tls, AUTH=("535 non", "535 non", "235 ok")) as serveur:
        service = depart(base, factures, partout(courrier(serveur.port, ca=tls[0])))
        for planifie, dit in ((False, "prêts à partir"), (True, "est suspendu")):
            with pytest.raises(ErreurConnue, match="refuse l'identifiant") as refus:
                service.envoyer(planifie=planifie)
            assert (refus.value.code, dit in refus.value.phrase()) == ("IDENTIFICATION_REFUSEE", True)
        assert service.a_envoyer() == 0
        assert service.envoyer(planifie=True).suspendues == list(BOITES)
        assert serveur.passages["AUTH"] == 2
        [tenue] = Suspensions(base).lister()
        assert (tenue.boite, tenue.par, "mot de passe refusé" in tenue.motif) == ("RSV", "envoi automatique", True)
        Suspensions(base).reprendre("RSV", "claire")
        assert service.envoyer(planifie=True) == BilanEnvoi(remis=3)


def test_une_pause_pendant_l_envoi(base: Base, factures: Factures, trois: list[str], tls: Tls) -> None:
    """The message under way ends, and the one already taken; no other leaves."""
    with smtp_scripte(*tls) as serveur:
        mettre_en_lot(base, factures, 4, b"x\r\n")
        service = depart(base, factures, partout(courrier(serveur.port, ca=tls[0])))

        def tenir(fait: int, _total: int) -> None:
            if fait == 1:
                suspendre(base, "RSV")

        bilan = service.envoyer(progression=tenir)
    assert bilan == BilanEnvoi(remis=2, restants=2, suspendues=list(BOITES))
    assert [m.etat for m in Message.select().order_by(Message.id)] == ["remise", "remise", "prete", "prete"]


@pytest.mark.parametrize(
    ("reponse", "etat"),
    [
        ("554 4.7.1 greylisted, try again", "en_attente"),   # the two codes disagree: wait
        ("450 5.1.1 inconnu", "en_attente"),
        ("554 5.7.1 refused", "en_quarantaine"),
        ("999 rien de connu", "en_attente"),
        ("n'importe quoi", "en_attente"),
    ],
)
def test_codes_qui_ne_s_accordent_pas(
    base: Base, factures: Factures, trois: list[str], tls: Tls, reponse: str, etat: str
) -> None:
    with smtp_scripte(*tls, FIN=(reponse,)) as serveur:
        assert un_verdict(base, factures, tls, serveur).etat == etat


@pytest.mark.parametrize("adresse", ["caisse\r\nRCPT TO:<autre@poste.test>", "caissé@poste.test"])
def test_adresse_qui_n_en_est_pas_une(base: Base, factures: Factures, tls: Tls, adresse: str) -> None:
    mettre_en_lot(base, factures, 1, b"x\r\n", destinataire=adresse)
    with smtp_scripte(*tls) as serveur:
        message = un_verdict(base, factures, tls, serveur)
        assert (message.etat, message.derniere_erreur) == ("en_quarantaine", "adresse du destinataire illisible")
        assert "RCPT" not in serveur.passages


def test_points_au_debut_des_lignes(base: Base, factures: Factures, tls: Tls) -> None:
    """RFC 5321, 4.5.2: doubled on the way; the server of the test keeps what was on the wire."""
    mettre_en_lot(base, factures, 1, b".un\r\n.\r\n..deux\r\nfin sans retour")
    with smtp_scripte(*tls) as serveur:
        un_verdict(base, factures, tls, serveur)
    assert serveur.recus == [b"..un\r\n..\r\n...deux\r\nfin sans retour\r\n"]


@pytest.mark.parametrize(
    ("reponse", "sens"),
    [
        ("450 4.7.1 Greylisted, come back", "fait attendre"), ("451 4.7.1 later", "fait attendre"),
        ("421 4.3.2 arret", "arrêté ou surchargé"), ("452 4.2.2 mailbox full", "boîte de l'organisme est pleine"),
        ("452 4.3.1 disk", "manque de place"), ("451 4.3.0 erreur", "refuse pour le moment"),
        ("550 5.1.1 inconnu", "ne connaît pas cette adresse"), ("552 5.2.2 pleine", "prévenez-le"),
        ("552 5.3.4 gros", "trop gros pour ce serveur"), ("554 5.7.1 non", "règle à lui"), ("550 non", "pour de bon"),
        ("message trop gros : 3 ko, ce serveur n'en accepte que 2 ko", "moins de factures"),
        ("connexion interrompue après la fin du message, sans réponse (X)", "peut-être le message"),
        ("connexion interrompue avant la fin du message (X)", "coupé"), ("", ""), ("250 ok", ""),
    ],
)
def test_les_mots_du_serveur_expliques(reponse: str, sens: str) -> None:
    assert sens in expliquer(reponse)
    assert bool(expliquer(reponse)) is bool(sens)


def test_messages_listes_avec_leurs_lots(base: Base, factures: Factures, trois: list[str]) -> None:
    Message.update(etat="en_quarantaine", derniere_erreur="550 non").where(Message.boite == "OCT").execute()
    Lot.update(amc="75500017", regime="", organisme="").where(Lot.numero == "002").execute()
    scor, oct_, rsv = lister_messages()
    assert (rsv.message_id, rsv.boite, rsv.etat, rsv.taille, rsv.total_centimes) == (
        "001@poste.test", "RSV", "prete", len(b"Subject: x\r\n\r\n001\r\n"), 2500
    )
    assert [(p.numero, p.fonds, p.nombre, p.date) for p in rsv.lots] == [("001", "01 721 721", 1, "2026-03-02")]
    assert (oct_.lots[0].fonds, oct_.explication) == ("75500017", expliquer("550 non"))
    assert lister_messages(("en_quarantaine",)) == [oct_]
    assert lister_messages(boites=("SCOR",)) == [scor]


def avis(genre: str, message_id: str) -> bytes:
    """A delivery report (RFC 3464) about one of our messages."""
    return (
        f"From: Mailer-Daemon@serveur.test\r\nSubject: avis\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
        "--B\r\nContent-Type: text/plain\r\n\r\nvoir plus bas\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; serveur.test\r\n\r\n"
        f"Final-Recipient: rfc822; caisse@rss.test\r\nAction: {genre}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 boite fermee\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n--B--\r\n"
    ).encode()


def importer(atelier: Atelier, tmp_path: Path, octets: bytes) -> tuple[int, int]:
    fichier = tmp_path / "avis.eml"
    fichier.write_bytes(octets)
    bilan = atelier.boite.importer(fichier)
    return bilan.avis, bilan.quarantaine


@pytest.mark.parametrize(
    ("genre", "avant", "apres", "resultat"),
    [
        ("failed", "remise", "en_quarantaine", "en_quarantaine"), ("delayed", "remise", "remise", "retard"),
        ("delivered", "remise", "remise", "distribue"), ("failed", "acquittee", "acquittee", "en_quarantaine"),
    ],
)
def test_avis_d_un_serveur(
    atelier: Atelier, tmp_path: Path, genre: str, avant: str, apres: str, resultat: str
) -> None:
    atelier.signer()
    atelier.preparation.preparer()
    Message.update(etat=avant).execute()
    nom = Message.get().message_id
    assert importer(atelier, tmp_path, avis(genre, nom)) == (1, 0)
    assert Message.get().etat == apres
    [essai] = Corbeille(atelier.base).journal(nom)
    assert essai.resultat == resultat
    assert essai.reponse.endswith("à caisse@rss.test : 550 5.1.1 boite fermee")
    [vu] = Courriers(atelier.base).de_service()
    assert (vu.genre, vu.etat, vu.motif) == ("SERVICE", "lu", essai.reponse)
    assert importer(atelier, tmp_path, avis(genre, nom)) == (0, 0)  # the same again changes nothing


def test_un_echec_dit_sans_rapport_ne_change_rien(atelier: Atelier, tmp_path: Path) -> None:
    """Anybody can write such words: the message stays as it was, the courrier waits for somebody."""
    atelier.signer()
    atelier.preparation.preparer()
    Message.update(etat="remise").execute()
    nom = Message.get().message_id
    faux = f"From: Mailer-Daemon@x.test\r\nX-Failed-Recipients: a@b.test\r\n\r\nMessage-ID: <{nom}>\r\n".encode()
    assert importer(atelier, tmp_path, faux) == (0, 1)
    assert (Message.get().etat, Corbeille(atelier.base).journal(nom)) == ("remise", [])
    assert "rien n'a été changé" in Courrier.get().motif


def test_avis_qui_ne_designe_aucun_message_d_ici(atelier: Atelier, tmp_path: Path) -> None:
    """A failure wants somebody; the rest is only kept."""
    assert importer(atelier, tmp_path, avis("failed", "autre@ailleurs.test")) == (0, 1)
    assert "pas un message de ce poste" in Courrier.get().motif
    assert importer(atelier, tmp_path, avis("delayed", "autre@ailleurs.test")) == (1, 0)
    assert importer(atelier, tmp_path, b"Subject: bonjour\r\n\r\nmot\r\n") == (0, 1)
