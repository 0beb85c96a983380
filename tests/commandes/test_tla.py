"""`tla` as scripts use it: each command is a process of its own, the terminal keeps its memory between them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.commandes.tla_phrases import bilan_dechargement, ligne_attente
from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.tla.documents import Lecture, ecrire_document
from sesam_desktop.poste import demonstration
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.terminaux_bilans import ASigner, BilanDechargement
from tests.outils.terminal_tla import deja_vu, ouvrir_session

from .ligne import Ligne

CODE = ("--code-porteur-env", "CODE_DE_TEST")
JOUR = date.today().isoformat()  # noqa: DTZ011 - invoices of the day


@pytest.fixture
def profil(modele: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration workstation: the pharmacist's card is in."""
    monkeypatch.setenv("CODE_DE_TEST", CODE_PORTEUR)
    return Path(shutil.copytree(modele, tmp_path / "profil"))


@pytest.fixture
def facture(tmp_path: Path) -> Path:
    """Two boxes for DURAND, at home."""
    chemin = tmp_path / "facture.json"
    chemin.write_text(json.dumps(demande()))
    return chemin


def demande(**patient: str) -> dict[str, Any]:
    beneficiaire = {
        "nir": "1851972000001", "date_naissance": "19850412", "rang": 1, "qualite": "0", "regime": "01",
        "caisse": "721", "centre": "0000", "nom": "DURAND", "prenom": "PAUL", "numero_serie_vitale": "800000001",
    }
    return {
        "date_soins": JOUR,
        "executant": {"profession": "pharmacien", "specialite": "50", "convention": "1"},
        "beneficiaire": beneficiaire | patient,
        "prescription": {"date": JOUR, "prescripteur": "10001234565", "specialite": "01", "origine": "T"},
        "lignes": [{"acte": "MEDICAMENT", "cip13": "3400935955838", "quantite": 2}],
    }


def test_du_chargement_a_la_signature(ligne: Ligne, facture: Path) -> None:
    charge = ligne.json("tla", "charger", "--facture", facture, *CODE)
    assert charge == {"patients": 0, "factures": ["000000001"], "refuses": []}
    (terminal,) = ligne.json("tla", "lister")
    assert (terminal["canal"], terminal["genre"], terminal["preparees"]) == ("tla", "complet", 1)
    assert ligne.json("tla", "visiter") == {"signees": 1}
    decharge = ligne.json("tla", "decharger", "--terminal", terminal["numero_serie"])
    assert (decharge["recus"], decharge["deja_connus"], decharge["refuses"]) == (1, 0, [])
    (attente,) = ligne.json("tla", "a-signer")["a_signer"]
    assert (attente["numero"], attente["patient"], attente["date_soins"]) == ("000000001", "DURAND PAUL", JOUR)
    assert ligne.json("tla", "signer", *CODE) == {"signees": ["000000001"], "composees": 0, "refuses": []}
    assert ligne.json("tla", "a-signer") == {"a_signer": [], "refuses": []}
    assert [f["etat"] for f in ligne.json("factures", "lister")] == ["signee_ps"]
    vide = ligne.json("tla", "vider", "--confirmer", terminal["numero_serie"])
    assert vide == {"numero_serie": terminal["numero_serie"], "vide": True}
    assert ligne.json("tla", "identifier")["preparees"] == 0


def test_les_memes_en_francais(ligne: Ligne, facture: Path) -> None:
    def dire(*arguments: object) -> str:
        statut, sortie, erreurs = ligne("tla", *arguments)
        assert statut == 0, erreurs
        return sortie

    assert dire("charger", "--facture", facture, *CODE) == "1 facture à faire signer.\n"
    assert dire("lister").startswith("TLA0000001   complet  0 à décharger")
    assert "Écart d'horloge : " in dire("identifier", "--regler-date")
    assert dire("visiter") == "1 facture signée au domicile.\n"
    assert dire("decharger") == "1 document déchargé, 1 à signer ou à compléter.\n"
    assert "DURAND PAUL : facture 000000001, " in dire("a-signer")
    assert dire("signer", "000000001", *CODE) == "1 facture signée, 0 brouillon à compléter.\n"
    assert dire("a-signer") == "Rien n'attend.\n"
    assert dire("vider", "--confirmer", "TLA0000001") == "Terminal TLA0000001 vidé.\n"


def test_une_facture_refusee_fait_un_statut_1(ligne: Ligne, facture: Path) -> None:
    facture.write_text(json.dumps(demande(numero_serie_vitale="")))
    statut, sortie, erreurs = ligne("tla", "charger", "--facture", facture, *CODE)
    assert (statut, erreurs.count("\n")) == (1, 1)
    assert erreurs.endswith("[VITALE_JAMAIS_LUE]\n")
    assert "DURAND" not in erreurs
    assert "DURAND PAUL : La carte Vitale" in sortie


def test_un_document_inutilisable_se_voit(ligne: Ligne) -> None:
    deposer(ligne.profil, b"illisible")
    statut, sortie, erreurs = ligne("tla", "decharger")
    assert (statut, erreurs.count("\n")) == (1, 1)
    assert "[TLA_ILLISIBLE]" in erreurs
    assert "D000001 : " in sortie
    assert [r["code"] for r in ligne.json("tla", "a-signer")["refuses"]] == ["TLA_ILLISIBLE"]


def deposer(profil: Path, octets: bytes) -> None:
    TerminalVirtuel(chemin=profil / "terminal").deposer(octets)


def test_un_terminal_perdu_et_un_document_classe(ligne: Ligne, facture: Path) -> None:
    ligne.json("tla", "charger", "--facture", facture, *CODE)
    assert "TLA_DEJA_PRETEE" in ligne("tla", "charger", "--facture", facture, *CODE)[2]
    (pret,) = ligne.json("tla", "prets")
    assert (pret["numero"], pret["patient"], pret["terminal"]) == ("000000001", "DURAND PAUL", "TLA0000001")
    assert ligne("tla", "prets")[1].startswith("000000001  ")
    assert "TLA_PAS_PRETEE" in ligne.refus("tla", "reprendre", "9")
    ligne.json("tla", "visiter")
    assert ligne.json("tla", "reprendre", "1") == {"reprises": ["000000001"]}
    assert ligne("tla", "prets")[1] == "Aucune facture n'est prêtée.\n"
    assert "[TLA_PREPARATION_REPRISE]" in ligne("tla", "decharger")[2]
    _, sortie, _ = ligne("tla", "a-signer")
    reference = sortie.partition("(référence ")[2][:8]
    assert "TLA_MOTIF_ABSENT" in ligne.refus("tla", "classer", reference, "--motif", "")
    classe = ligne.json("tla", "classer", reference, "--motif", "refaite au cabinet")
    assert (classe["code"], classe["motif"][-20:]) == ("TLA_PREPARATION_REPRISE", "[refaite au cabinet]")
    assert "TLA_DEJA_TRAITE" in ligne.refus("tla", "classer", reference, "--motif", "encore")
    assert ligne("tla", "a-signer")[1] == "Rien n'attend.\n"


def test_ce_qui_doit_etre_regarde_se_dit() -> None:
    """The card signed the day after the care, the visit was billed here, the terminal's clock was three hours ahead."""
    visite = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    attente = ASigner(
        "ab" * 32, "facture", "000000007", "DURAND PAUL", date(2026, 3, 2), visite, 1115, "", "TLA1", "déjà faite ?"
    )
    ligne = ligne_attente(attente)
    assert ligne.startswith("02/03/2026  DURAND PAUL : facture 000000007, 11,15 € ; carte lue le 03/03/2026 à ")
    assert ligne.endswith(" ; ATTENTION : déjà faite ?  (référence abababab)")
    dit = bilan_dechargement(BilanDechargement(1, 0, (), (attente, replace(attente, remarque="")), 10800)).split("\n")
    assert dit[0] == "1 document déchargé, 2 à signer ou à compléter."
    assert dit[1:] == [
        "L'horloge du terminal avait 10800 s d'écart : les heures ont été redressées.", ligne,
    ]


def test_la_tournee_et_les_patients(ligne: Ligne) -> None:
    poste = demonstration.ouvrir(ligne.profil)
    ouvrir_session(poste)
    deja_vu(poste, "ald")
    deja_vu(poste, "famille")
    poste.changer_profession("infirmier")
    poste.fermer()
    assert ligne.json("tla", "charger", "--tournee", JOUR)["patients"] == 2
    assert ligne.json("tla", "charger", "--patient", "petit", "--patient", "leroy julie")["patients"] == 2
    assert ligne.json("tla", "charger", "--patient", "petit henri")["patients"] == 1
    assert ligne.json("tla", "identifier")["beneficiaires"] == 1
    assert "PATIENT_INTROUVABLE" in ligne.refus("tla", "charger", "--patient", "inconnu")
    assert "PATIENT_INTROUVABLE" in ligne.refus("tla", "charger", "--patient", "1")


def test_une_visite_notee_se_lit(ligne: Ligne) -> None:
    from tests.outils.terminal_tla import zones_de

    lecture = Lecture(datetime.now(UTC).replace(microsecond=0), zones_de("assure"), 0, ())
    deposer(ligne.profil, ecrire_document(lecture))
    ligne.json("tla", "decharger")
    _, sortie, _ = ligne("tla", "a-signer")
    assert "DURAND PAUL : visite notée, à compléter" in sortie
    assert ligne.json("tla", "signer", *CODE)["composees"] == 1


def test_usages(ligne: Ligne, facture: Path) -> None:
    assert "CHARGEMENT_INVALIDE" in ligne.refus("tla", "charger")
    assert "CHARGEMENT_INVALIDE" in ligne.refus("tla", "charger", "--tournee", JOUR, "--patient", "x")
    assert "DATE_INVALIDE" in ligne.refus("tla", "charger", "--tournee", "demain")
    assert "PS_ABSENT" in ligne.refus("tla", "charger", "--facture", facture)
    assert "SITUATION_INCONNUE" in ligne.refus("tla", "signer", *CODE, "--situation", "7")
    assert "TLA_CONFIRMATION" in ligne.refus("tla", "vider", "--confirmer", "autre")
    assert "TLA_ABSENT" in ligne.refus("tla", "identifier", "--terminal", "autre")


def test_sur_un_poste_reel(ligne: Ligne, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sesam_desktop.poste.environnement import EnvironnementReel

    monkeypatch.setattr(EnvironnementReel, "canaux", lambda _: [])
    reel = Ligne(tmp_path / "reel", ligne._lire)
    assert "POSTE_REEL" in reel.refus("tla", "visiter")
    assert reel("tla", "lister") == (0, "Aucun terminal portable ne répond.\n", "")
    assert "TLA_ABSENT" in reel.refus("tla", "decharger")
