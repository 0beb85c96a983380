"""Every way a command may be badly typed has its French sentence; nothing of the library's own English comes out."""

from __future__ import annotations

import click
import pytest

from sesam_desktop.commandes import usage

from .ligne import Ligne


@pytest.mark.parametrize("arguments, phrase", [
    (["--inconnue"], "L'option --inconnue n'existe pas."),
    (["lots"], "Cette commande manque ou n'existe pas. Commandes : delais, envoyer, preparer, renvoyer."),
    (["tarifer"], "Il manque FICHIER."),
    (["factures", "lister", "--etat"], "L'option --etat est mal employée"),
    (["base", "verifier", "trop"], "La commande a reçu trop d'arguments."),
    (["demo", "--factures", "0"], "La valeur donnée pour --factures ne convient pas : un nombre entier de 1 à 100000"),
    (["factures", "duplicata", "1", "--pdf", "/"], "La valeur donnée pour --pdf ne convient pas : un fichier"),
    (["frontal", "servir", "--dossier", __file__], "La valeur donnée pour --dossier ne convient pas : un dossier"),
])
def test_une_phrase_la_forme_et_l_aide(ligne: Ligne, arguments: list[str], phrase: str) -> None:
    statut, sortie, erreurs = ligne(*arguments)
    assert (statut, sortie) == (2, "")
    assert erreurs.startswith(phrase)
    assert "Error" not in erreurs


def test_sans_contexte() -> None:
    assert usage.dire(click.BadParameter("?")) == "La valeur donnée pour la commande ne convient pas."


def test_ctrl_c(ligne: Ligne, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrompre(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sesam_desktop.poste.poste.Poste.ouvrir", interrompre)
    statut, sortie, erreurs = ligne("base", "verifier")
    assert (statut, sortie, erreurs.strip()) == (1, "", "Interrompu.")


@pytest.mark.parametrize("arguments, phrase", [
    (["--scenario", "silence"], "--scenario ne va ici qu'avec --demo"),
    (["--demo", "--scenario", "silence", "frontal", "scenarios"], "--scenario ne va ici qu'avec --demo"),
    (["--demo", "--scenario", "absent"], "Le scénario « absent » n'existe pas."),
])
def test_un_scenario_sans_demonstration(ligne: Ligne, arguments: list[str], phrase: str) -> None:
    assert ligne.refus(*arguments).startswith(phrase)


def test_la_demonstration_s_ouvre_sur_le_scenario_demande(ligne: Ligne, monkeypatch: pytest.MonkeyPatch) -> None:
    ouvertures: list[tuple[object, ...]] = []
    monkeypatch.setattr("sesam_desktop.ihm.lancement.ouvrir", lambda *demande: ouvertures.append(demande) or 0)
    assert ligne("--demo", "--scenario", "silence")[0] == 0
    assert ouvertures == [(ligne.profil, True, False, "silence")]
