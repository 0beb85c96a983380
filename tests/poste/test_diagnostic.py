"""The diagnostic of a whole workstation: its verdict, its evidence, its command, and what a passive one must not do."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.commandes.racine import racine
from sesam_desktop.factures.facture import Niveau as Facturation
from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import diagnostic as module
from sesam_desktop.poste.coffre import CoffreMemoire
from sesam_desktop.poste.configuration import Courrier
from sesam_desktop.poste.controles import controles, distant, lectures, messagerie, tables
from sesam_desktop.poste.controles import poste as controles_poste
from sesam_desktop.poste.controles.examen import Examen
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.diagnostic import (
    Constat,
    Diagnostic,
    Niveau,
    Verdict,
    depuis,
    diagnostiquer,
    etat_des_tables,
    prudemment,
    sans_doublon,
)
from sesam_desktop.poste.poste import Poste
from tests.poste.controles.outils import DEUX_CARTES, JOUR, MIDI, Ordinateur, declenche
from tests.poste.test_lecteurs import facture_de

Usage = namedtuple("Usage", "total used free")


def codes(constats: Iterable[Constat] | Diagnostic, niveau: Niveau | None = None) -> set[str]:
    tous = constats.constats if isinstance(constats, Diagnostic) else constats
    return {c.code for c in tous if niveau in (None, c.niveau)}


@pytest.fixture
def examen(poste: Poste) -> Examen:
    return Examen(poste, Ordinateur(), JOUR, MIDI, passif=False)


@pytest.fixture
def neuf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Poste]:
    """A real workstation at its first opening, without any reader."""
    poste = Poste.ouvrir(tmp_path / "neuf")
    monkeypatch.setattr(poste.lecteurs, "fentes", lambda: [Fente("pcsc", "", Etat.ABSENTE)])
    yield poste
    poste.fermer()


def test_les_deux_cartes_lues_un_poste_de_demonstration_est_pret(poste: Poste) -> None:
    poste.environnement.inserer_vitale("assure")
    bilan = diagnostiquer(poste)
    assert bilan.verdict is Verdict.OK, bilan.en_dict()
    attendus = {"DISQUE", "BASE", "TOD", "LOE", "MEDICAMENTS", "CPS_PRESENTE", "CPS_LUE", "VITALE_LUE", "SMTP", "POP"}
    assert codes(bilan) >= attendus
    assert diagnostiquer(poste, passif=True).verdict is Verdict.OK  # the evidence is kept


def test_sans_lecture_rien_ne_prouve_que_le_poste_marche(poste: Poste) -> None:
    bilan = diagnostiquer(poste, passif=True)
    assert (bilan.verdict, bilan.jugement.motif) == (Verdict.A_TESTER, "LECTURE")
    assert codes(bilan, Niveau.WARN) == {"LECTURE_NON_PROUVEE"}


def test_une_derniere_lecture_en_erreur_annule_la_preuve(poste: Poste) -> None:
    poste.environnement.inserer_vitale("assure")
    assert diagnostiquer(poste).verdict is Verdict.OK
    poste.lecteurs.temoin.noter("vitale", reussie=False, duree_s=1, code="CARTE_MUETTE")
    bilan = diagnostiquer(poste, passif=True)
    assert bilan.verdict is Verdict.A_TESTER
    assert "LECTURE_EN_ERREUR" in codes(bilan, Niveau.WARN)
    poste.lecteurs.temoin.demarrer(datetime.now(UTC) + timedelta(seconds=1))
    assert diagnostiquer(poste, passif=True).verdict is Verdict.OK  # an error from before the start is forgotten


def test_une_lecture_trop_ancienne_ne_prouve_plus_rien(poste: Poste) -> None:
    hier = datetime.now(UTC) - timedelta(hours=25)
    for role in ("cps", "vitale"):
        poste.lecteurs.temoin.noter(role, reussie=True, duree_s=1, instant=hier)
    assert diagnostiquer(poste, passif=True).verdict is Verdict.A_TESTER


class CanalInterdit:
    """Slots may be looked at; connecting to a card fails the test."""

    def __init__(self, canal: object) -> None:
        self._canal = canal
        self.nom = "virtuel"

    def __getattr__(self, nom: str) -> object:
        return getattr(self._canal, nom)

    def connecter(self, lecteur: str) -> None:
        raise AssertionError(f"a passive diagnostic must not touch the card in {lecteur}")


def test_passif_ne_parle_ni_aux_cartes_ni_au_reseau(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    def interdit(*_: object, **__: object) -> None:
        raise AssertionError("a passive diagnostic must not do this")

    poste.environnement.inserer_vitale("assure")
    canal = CanalInterdit(poste.environnement.canal)
    monkeypatch.setattr(poste.lecteurs, "_creer_canaux", lambda: [canal])
    monkeypatch.setattr(poste.environnement, "parametres_courrier", interdit)
    monkeypatch.setattr("socket.socket.connect", interdit)
    bilan = diagnostiquer(poste, passif=True)
    assert codes(bilan) >= {"CPS_PRESENTE", "VITALE_PRESENTE"}
    assert not codes(bilan) & {"CPS_LUE", "VITALE_LUE", "SMTP", "POP", "CONTROLE_INTERROMPU"}
    with pytest.raises(AssertionError, match="must not touch the card"):
        list(lectures.essai(Examen(poste, Ordinateur(), JOUR, MIDI)))


def test_un_poste_neuf_dit_ce_qui_lui_manque(neuf: Poste) -> None:
    bilan = diagnostiquer(neuf, passif=True, aujourd_hui=JOUR, systeme=Ordinateur())
    assert (bilan.verdict, bilan.jugement.motif) == (Verdict.KO, "LECTEUR")
    assert codes(bilan, Niveau.KO) == {"LOE_ABSENTE", "MEDICAMENTS_ABSENTE", "COURRIER_NON_CONFIGURE", "LECTEUR_ABSENT"}
    assert codes(bilan, Niveau.WARN) == {"TOD_ABSENTE", "LECTURE_NON_PROUVEE"}
    assert all(c.action for c in bilan.constats if c.niveau is not Niveau.INFO)


@pytest.mark.parametrize("passif", [True, False])
def test_le_vrai_systeme_repond_sans_rien_casser(neuf: Poste, passif: bool) -> None:
    bilan = diagnostiquer(neuf, passif=passif)
    assert bilan.verdict is Verdict.KO
    assert not codes(bilan) & {"SONDE_SANS_REPONSE", "CONTROLE_INTERROMPU"}


@declenche("TOD_ABSENTE", "LOE_ABSENTE", "MEDICAMENTS_ABSENTE")
def test_une_officine_sans_tables(neuf: Poste) -> Iterable[Constat]:
    trouves = etat_des_tables(neuf, JOUR)
    assert codes(trouves, Niveau.KO) == {"LOE_ABSENTE", "MEDICAMENTS_ABSENTE"}
    return trouves


@declenche("TOD_ABSENTE", "LOE_ABSENTE")
def test_une_infirmiere_se_passe_de_medicaments(neuf: Poste) -> Iterable[Constat]:
    neuf.configuration = replace(neuf.configuration, profession="infirmier")
    trouves = etat_des_tables(neuf, JOUR)
    assert codes(trouves, Niveau.KO) == set()
    return trouves


@declenche("TOD", "LOE", "MEDICAMENTS")
def test_les_tables_d_une_demonstration_n_ont_pas_d_age(poste: Poste) -> Iterable[Constat]:
    return etat_des_tables(poste, date(2040, 1, 1))


@declenche("TOD_ANCIENNE", "LOE_ANCIENNE", "MEDICAMENTS_ANCIENNE")
def test_des_tables_anciennes_sont_signalees(poste: Poste) -> Iterable[Constat]:
    poste.configuration = replace(poste.configuration, demonstration=False)
    trouves = etat_des_tables(poste, date(2040, 1, 1))
    assert codes(trouves, Niveau.WARN) == codes(trouves)
    return trouves


@pytest.mark.parametrize(
    ("libre", "code", "niveau"),
    [
        (199_000_000, "DISQUE_PLEIN", Niveau.KO),
        (999_000_000, "DISQUE_PRESQUE_PLEIN", Niveau.WARN),
        (1_000_000_000, "DISQUE", Niveau.INFO),
    ],
)
def test_disque(examen: Examen, monkeypatch: pytest.MonkeyPatch, libre: int, code: str, niveau: Niveau) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2 * libre, libre, libre))
    declenche(code)(lambda: controles_poste.disque(examen))()
    assert codes(controles_poste.disque(examen), niveau) == {code}


@declenche("BASE_OUVERTE")
def test_un_examen_passif_ne_relit_pas_toute_la_base(
    examen: Examen, monkeypatch: pytest.MonkeyPatch
) -> Iterable[Constat]:
    def interdit(_: object) -> None:
        raise AssertionError("a passive look must stay short")

    monkeypatch.setattr("sesam_desktop.base.verification.controler", interdit)
    return controles_poste.base(replace(examen, passif=True))


@declenche("BASE")
def test_base_saine(examen: Examen) -> Iterable[Constat]:
    return controles_poste.base(examen)


@declenche("BASE_ABIMEE")
def test_base_abimee(examen: Examen) -> Iterable[Constat]:
    examen.poste.base.connexion().execute(
        "INSERT INTO evenement (document, nom, instant, donnees, precedente, empreinte)"
        " VALUES ('', 'faux', '2026-11-22T00:00:00+00:00', '{}', 'x', 'x')"
    )
    (constat,) = trouves = list(controles_poste.base(examen))
    assert (constat.niveau, constat.commande) == (Niveau.KO, "sesam-desktop restaurer FICHIER")
    return trouves


@declenche("HORLOGE_RECULEE", "HORLOGE_NON_SYNCHRONISEE")
def test_horloge_en_retard_sur_la_base(examen: Examen) -> Iterable[Constat]:
    examen.poste.base.connexion().execute(
        "INSERT INTO evenement (document, nom, instant, donnees, precedente, empreinte)"
        " VALUES ('', 'futur', '2026-11-22T12:05:01+00:00', '{}', 'x', 'x')"
    )
    return controles_poste.horloge(replace(examen, systeme=Ordinateur(reglages={"horloge": "non"})))


def test_horloge_a_l_heure(examen: Examen) -> None:
    examen.poste.base.connexion().execute(
        "INSERT INTO evenement (document, nom, instant, donnees, precedente, empreinte)"
        " VALUES ('', 'present', '2026-11-22T12:05:00+00:00', '{}', 'x', 'x')"
    )
    assert list(controles_poste.horloge(replace(examen, systeme=Ordinateur(reglages={"horloge": "oui"})))) == []


def test_une_cps_qui_ne_repond_pas_est_ko(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> None:
    def muette(*_: object) -> None:
        raise ErreurConnue("La carte ne répond pas.", code="CARTE_MUETTE", action="Retirez-la.", ou="Lecteur 1")

    monkeypatch.setattr(examen.poste.lecteurs.gestionnaire, "employer", muette)
    (constat,) = lectures.essai(examen)
    assert (constat.code, constat.niveau) == ("CARTE_MUETTE", Niveau.KO)
    assert (constat.titre, constat.action) == ("Lecteur 1 : La carte ne répond pas.", "Retirez-la.")
    derniere = examen.poste.lecteurs.temoin.derniere("cps")
    assert derniere is not None and derniere.code == "CARTE_MUETTE"


@declenche("CARTE_NON_LUE", "CPS_LUE")
def test_une_carte_d_une_ancienne_generation_n_accuse_pas_le_poste(
    examen: Examen, monkeypatch: pytest.MonkeyPatch
) -> Iterable[Constat]:
    def employer(role: str, _: object) -> None:
        if role == "vitale":
            raise ErreurConnue("Vitale 1.", code="CARTE_NON_LUE", action="Réglez les bibliothèques.", ou="Lecteur 1")

    examen.poste.environnement.inserer_vitale("assure")
    monkeypatch.setattr(examen.poste.lecteurs.gestionnaire, "employer", employer)
    trouves = list(lectures.essai(examen))
    assert codes(trouves, Niveau.INFO) == codes(trouves)
    assert examen.poste.lecteurs.temoin.derniere("vitale") is None
    return trouves


def test_la_carte_d_un_autre_patient_a_la_signature(poste: Poste) -> None:
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    facture = facture_de(poste)
    poste.environnement.inserer_vitale("ald")
    with pytest.raises(ErreurConnue), poste.lecteurs.signataires(facture, Facturation.SECURISEE):
        pass
    assert "MAUVAISE_VITALE" in codes(diagnostiquer(poste, passif=True), Niveau.WARN)
    poste.lecteurs.lire_vitale()
    assert "MAUVAISE_VITALE" not in codes(diagnostiquer(poste, passif=True))


@declenche("CARTES_TEST_ET_REELLE")
def test_une_vitale_de_test_avec_une_cps_reelle(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    vitale = dict(cartes_de_demonstration())["assure"]
    ps = dict(cartes_ps_de_demonstration())["pharmacien"]
    assert list(lectures.natures(examen)) == []
    examen.poste.lecteurs.vitale, examen.poste.lecteurs.ps = replace(vitale, type="S"), replace(ps, type_carte="80")
    trouves = list(lectures.natures(examen))
    examen.poste.lecteurs.vitale = vitale
    assert list(lectures.natures(examen)) == []  # both are for tests
    return trouves


@declenche("PONT_SSV")
def test_bibliotheques_ssv_qui_s_ouvrent(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    assert list(lectures.pont(examen)) == []  # none is set
    monkeypatch.setattr(type(examen.poste.lecteurs), "pont", object())
    return lectures.pont(examen)


def test_bibliotheques_ssv_qui_ne_s_ouvrent_pas(neuf: Poste) -> None:
    neuf.configuration = replace(neuf.configuration, bibliotheques_ssv=str(neuf.profil / "nulle-part"))
    (constat,) = prudemment(lectures.pont, Examen(neuf, Ordinateur(), JOUR, MIDI))
    assert constat.niveau is Niveau.KO
    assert constat.code == "BIBLIOTHEQUE_ABSENTE"


@declenche("CPS_LUE", "VITALE_LUE")
def test_l_essai_de_lecture_ne_garde_rien_du_patient(examen: Examen) -> Iterable[Constat]:
    examen.poste.environnement.inserer_vitale("assure")
    yield from lectures.essai(examen)
    assert examen.poste.lecteurs.vitale is None


def test_sans_carte_rien_n_est_essaye(examen: Examen) -> None:
    examen.poste.environnement.inserer_ps(None)
    assert list(lectures.essai(examen)) == []


@declenche("COURRIER")
def test_messagerie_reglee(examen: Examen) -> Iterable[Constat]:
    return messagerie.messagerie(examen)


@declenche("MOT_DE_PASSE_ABSENT")
def test_mot_de_passe_absent_est_un_avertissement(examen: Examen) -> Iterable[Constat]:
    examen.poste.environnement.coffre = CoffreMemoire()
    (constat,) = trouves = list(messagerie.messagerie(examen))
    assert constat.niveau is Niveau.WARN
    return trouves


@declenche("SMTP", "POP")
def test_serveurs_qui_acceptent(examen: Examen) -> Iterable[Constat]:
    return messagerie.serveurs(examen)


def test_serveurs_injoignables_et_mauvais_mot_de_passe(examen: Examen) -> None:
    poste = examen.poste
    poste.environnement.coffre = CoffreMemoire(courrier="faux")
    bilan = list(prudemment(messagerie.serveurs, examen))
    assert [(c.code, c.niveau) for c in bilan] == [("IDENTIFICATION_REFUSEE", Niveau.KO)] * 2
    poste.environnement.frontal.arreter()
    bilan = list(prudemment(messagerie.serveurs, examen))
    assert len(bilan) == 2
    assert all(c.niveau is Niveau.KO for c in bilan)


@declenche("COURRIER_NON_CONFIGURE")
def test_messagerie_non_reglee_n_est_dite_qu_une_fois(neuf: Poste) -> Iterable[Constat]:
    neuf.configuration = replace(neuf.configuration, courrier=Courrier())
    examen = Examen(neuf, Ordinateur(), JOUR, MIDI)
    assert list(messagerie.serveurs(examen)) == []
    return messagerie.messagerie(examen)


def tableau(**colonnes: tuple[object, ...]) -> SimpleNamespace:
    return SimpleNamespace(**{
        "a_envoyer": (), "en_attente": (), "a_traiter": (), "courriers": (), "non_rapproches": (), **colonnes,
    })


def fiche(motif: str = "", refuse: bool = False) -> SimpleNamespace:
    return SimpleNamespace(motif=motif, refuse=refuse)


@declenche("CORBEILLES")
def test_corbeilles_vides(examen: Examen) -> Iterable[Constat]:
    return distant.corbeilles(examen)


@declenche("LOTS_A_ENVOYER", "ARL_EN_RETARD", "RETOURS_A_TRAITER")
def test_corbeilles(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    plein = tableau(a_envoyer=(1, 2), en_attente=(fiche("retard"), fiche()), a_traiter=(3,), courriers=(4, 5))
    monkeypatch.setattr(examen.poste.transmission, "tableau", lambda: plein)
    trouves = list(distant.corbeilles(examen))
    assert next(c.titre for c in trouves if c.code == "RETOURS_A_TRAITER").endswith(": 3.")
    return trouves


@declenche("REJET_SERVEUR", "SERVICE_INDISPONIBLE", "FACTURE_INCONNUE_DU_SERVEUR")
def test_ce_que_l_autre_cote_refuse(examen: Examen, monkeypatch: pytest.MonkeyPatch) -> Iterable[Constat]:
    plein = tableau(
        a_envoyer=(fiche("Reporté par le serveur de messagerie : 450"), fiche()),
        a_traiter=(fiche("Lot refusé par la caisse.", refuse=True), fiche("retard")), non_rapproches=(1,),
    )
    monkeypatch.setattr(examen.poste.transmission, "tableau", lambda: plein)
    trouves = list(distant.services_distants(examen))
    assert all(c.niveau is Niveau.WARN for c in trouves)
    return trouves


def test_rien_de_personnel_ne_sort() -> None:
    constat = depuis(ErreurConnue("Le NIR 1 80 19 75 000 001 31 est faux.", code="X"))
    assert "75 000" not in json.dumps(constat.en_dict())


def test_le_plus_grave_d_un_meme_point_reste() -> None:
    avertissement = Constat("X", Niveau.WARN, "a", objet="L")
    panne = Constat("X", Niveau.KO, "b", objet="L")
    ailleurs = Constat("X", Niveau.INFO, "c", objet="M")
    assert sans_doublon([avertissement, panne, avertissement, ailleurs]) == [panne, ailleurs]


def test_un_controle_qui_refuse_est_un_constat(examen: Examen) -> None:
    def refuser(_: Examen) -> Iterator[Constat]:
        raise ErreurConnue("Non.", code="REFUS")
        yield

    def casser(_: Examen) -> Iterator[Constat]:
        raise PermissionError(13, "non")
        yield

    assert [c.code for c in prudemment(refuser, examen)] == ["REFUS"]
    assert [(c.code, c.niveau) for c in prudemment(casser, examen)] == [("ACCES_REFUSE", Niveau.WARN)]


@declenche("CONTROLE_INTERROMPU")
def test_un_defaut_d_un_controle_ne_cache_pas_les_autres(
    examen: Examen, caplog: pytest.LogCaptureFixture
) -> Iterable[Constat]:
    def imprevu(_: Examen) -> Iterator[Constat]:
        raise KeyError("imprévu")
        yield

    trouves = list(prudemment(imprevu, examen))
    assert [un.objet for un in trouves] == ["imprevu"]
    assert "KeyError" in caplog.text  # nothing of the defect is lost
    return trouves


@pytest.mark.parametrize("passif", [True, False])
def test_une_base_illisible_est_un_constat(poste: Poste, monkeypatch: pytest.MonkeyPatch, passif: bool) -> None:
    """Pages overwritten after the opening, as a failing disk does: SQLite's own error, in the raw connection."""
    poste.fermer()
    fichier = poste.profil / "sesam.db"
    octets = fichier.read_bytes()
    fichier.write_bytes(octets[:4096] + b"\xaa" * (len(octets) - 4096))
    casse = sqlite3.connect(fichier)
    monkeypatch.setattr(poste.base, "connexion", lambda: casse)
    trouves = list(prudemment(controles_poste.base, Examen(poste, Ordinateur(), JOUR, MIDI, passif)))
    casse.close()
    assert [(un.code, un.niveau) for un in trouves] == [("BASE_ABIMEE", Niveau.KO)]


def test_l_ordre_des_controles() -> None:
    """Evidence comes last: an active diagnostic makes it."""
    assert controles(passif=False)[-len(lectures.PREUVES):] == lectures.PREUVES
    assert set(controles(passif=True)) < set(controles(passif=False))
    assert tables.tables in controles(passif=True)


def test_la_liste_d_opposition_a_un_seul_seuil() -> None:
    assert module.seuils()["age_oppositions_jours"] == 35


def lancer(profil: Path, *arguments: str) -> str:
    fait = CliRunner().invoke(racine, ["--profil", str(profil), *arguments])
    assert fait.exit_code == 0, fait.output
    return fait.output


def test_commande(poste: Poste) -> None:
    poste.fermer()
    document = json.loads(lancer(poste.profil, "--json", "diagnostic", "--passif"))
    assert document["verdict"] == "A_TESTER"
    assert document["constats"][0].keys() >= {"code", "niveau", "titre", "action", "reparation"}
    assert {un["reparation"] for un in document["constats"]} <= {"auto", "guide", "aucune"}
    texte = lancer(poste.profil, "diagnostic", "--passif")
    assert texte.startswith("A_TESTER : Rien ne bloque")
    assert "La base s'ouvre" in texte


def test_commande_dit_le_pire_d_abord_et_ses_etapes(neuf: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    neuf.fermer()
    monkeypatch.setattr(module, "systeme_de", lambda *_: Ordinateur())
    monkeypatch.setattr("sesam_desktop.poste.lecteurs.ServiceLecteurs.fentes", lambda _: [])
    lignes = lancer(neuf.profil, "diagnostic", "--passif").splitlines()
    niveaux = [ligne[:4].strip() for ligne in lignes if ligne[:4].strip() in ("KO", "WARN", "INFO")]
    assert niveaux == sorted(niveaux, key=["KO", "WARN", "INFO"].index)
    absent = next(rang for rang, un in enumerate(lignes) if rang and "Aucun lecteur de cartes" in un)
    assert lignes[absent + 1].startswith("     1. Branchez le lecteur sur une prise USB")


def test_commande_lecture_puis_avant_apres(poste: Poste) -> None:
    poste.fermer()
    profil = poste.profil
    premier = json.loads(lancer(profil, "--json", "diagnostic", "--passif", "--avant-apres"))
    assert [un["code"] for un in premier["delta"]["nouveaux"]] == ["LECTURE_NON_PROUVEE"]  # nothing was known before
    for role in ("cps", "vitale"):
        poste.lecteurs.temoin.noter(role, reussie=True, duree_s=1)
    second = json.loads(lancer(profil, "--json", "diagnostic", "--passif", "--avant-apres"))
    assert second["verdict"] == "OK"
    assert [un["code"] for un in second["delta"]["corriges"]] == ["LECTURE_NON_PROUVEE"]
    assert second["delta"]["restants"] == second["delta"]["nouveaux"] == []
    assert "Aucun problème, avant ni après." in lancer(profil, "diagnostic", "--passif", "--avant-apres")


def test_commande_reparer(poste: Poste) -> None:
    poste.fermer()
    shutil.rmtree(poste.profil / "certificats")
    document = json.loads(lancer(poste.profil, "--json", "diagnostic", "--passif", "--reparer"))
    assert [un["code"] for un in document["reparations"]] == ["REPARATION_FAITE"]
    assert (poste.profil / "certificats").is_dir()
    assert "PROFIL_DOSSIER_ABSENT" not in {un["code"] for un in document["constats"]}


@pytest.mark.parametrize(("reponse", "ecrit"), [((), False), (("--oui",), True)])
def test_commande_reparer_ne_reecrit_pas_un_fichier_commun_sans_accord(
    neuf: Poste, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reponse: tuple[str, ...], ecrit: bool
) -> None:
    commun = tmp_path / "commun" / "galss.ini"
    commun.parent.mkdir()
    neuf.fermer()
    systeme = Ordinateur(programmes=["dmpconnect-js2"], places={"galss": [commun]})
    monkeypatch.setattr(module, "systeme_de", lambda *_: systeme)
    monkeypatch.setattr("sesam_desktop.poste.lecteurs.ServiceLecteurs.fentes", lambda _: DEUX_CARTES)
    document = json.loads(lancer(neuf.profil, "--json", "diagnostic", "--passif", "--reparer", *reponse))
    faites = {un["code"]: un["titre"] for un in document["reparations"]}
    assert commun.exists() is ecrit
    assert ("--oui" in faites.get("REPARATION_REFUSEE", "")) is not ecrit
    assert (neuf.profil / "certificats").is_dir()  # what is ours was repaired either way


def test_commande_rapport(poste: Poste, tmp_path: Path) -> None:
    poste.fermer()
    chemin = tmp_path / "rapport.txt"
    document = json.loads(lancer(poste.profil, "--json", "diagnostic", "--passif", "--rapport", str(chemin)))
    assert document["rapport"] == str(chemin)
    assert "Verdict : A_TESTER" in chemin.read_text(encoding="utf-8")


def test_un_disque_qui_refuse_ne_cache_pas_le_diagnostic(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    def plein(*_: object) -> None:
        raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")

    poste.fermer()
    monkeypatch.setattr("sesam_desktop.poste.diagnostic_delta.remplacer", plein)
    assert json.loads(lancer(poste.profil, "--json", "diagnostic", "--passif"))["constats"]
