"""`make captures`: each page of the window on a demonstration workstation, light and dark, at 100 % and 200 %.

A first process plays a day of work in a temporary profile (or `--profil` gives one that was played); then one process
a look (the screen scale is fixed at the start of a Qt process) opens a copy of that profile and saves
<sortie>/<page>-<clair|sombre>-<100|200>.png. At 200 % the window is half as large in its own units, as on the same
screen. `--seulement MOTIF` keeps the pictures whose name holds MOTIF: « clair-100 », « facturer ».
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from photographe import HAUTEUR, LARGEUR, Photographe
from scenes import photographier

THEMES, ECHELLES = ("clair", "sombre"), (100, 200)
# How the funds and the mail server behave, one sending after the other (docs/frontal.md).
JOURNEE = ("rejets", "nominal", "partiel", "retenue", "forfait", "arl_negatif", "message_rendu", "serveur_554",
           "silence", "boite_pleine")
_LOTS_DE = 6      # invoices secured before each sending
NOMS = (
    "accueil", "facturer-vide", "facturer", "facturer-pourquoi", "facturer-et-si", "facturer-situation",
    "patient-sans-carte", "factures",
    "factures-duplicata", "teletransmission", "teletransmission-retour", "teletransmission-corbeille",
    "teletransmission-avis", "teletransmission-essai", "paiements", "paiements-virements", "paiements-mouvements",
    "paiements-relances", "tableau", "tableau-montants", "tableau-rejets", "factures-rejet",
    "facturer-correction", "parametres-messagerie", "parametres-envois", "parametres-certificats",
    "pieces", "pieces-gardees", "referentiels",
    "referentiels-changements", "referentiels-tarifs",
    "lecteurs", "lecteurs-incidents", "lecteurs-arretes", "diagnostic", "terminaux", "parametres", "palette",
    "situations", "facturer-infirmier", "terminaux-visites", "terminaux-doublon",
    "terminaux-confirmation", "facturer-medecin", "facturer-ccam", "facturer-dentiste", "facturer-kine",
    "facturer-lpp", "facturer-biologie",
)


def preparer(profil: Path) -> None:
    """A bad day of work: invoices paid, rejected and refused, money taken back, mails put off and sent back."""
    from sesam_desktop.noyau.ressources import ressource
    from sesam_desktop.poste import boucle, demonstration

    poste = demonstration.ouvrir(profil)
    try:
        for nombre, scenario in enumerate(JOURNEE, 1):
            poste.environnement.jouer(scenario)
            boucle.composer(poste, nombre * _LOTS_DE)
            boucle.mettre_en_lot(poste)
            poste.transmission.envoyer()
            time.sleep(1)
            poste.transmission.relever()
        boucle.composer(poste, (len(JOURNEE) + 1) * _LOTS_DE)
        boucle.mettre_en_lot(poste)
        boucle.composer(poste, (len(JOURNEE) + 2) * _LOTS_DE)
        poste.pieces.ajouter([poste.pieces.a_numeriser()[-1].numero], [ressource("demonstration", "ordonnance.png")])
    finally:
        poste.fermer()
    _vieillir(profil)


def _vieillir(profil: Path) -> None:
    """What a fund did not answer left 75 days ago: it is late, and wants a reminder."""
    from contextlib import closing

    with closing(sqlite3.connect(profil / "sesam.db")) as base, base:
        base.execute("UPDATE message SET remis_le = strftime('%Y-%m-%dT08:00:00+00:00', 'now', '-75 days')"
                     " WHERE etat = 'remise'")


def main(arguments: list[str]) -> int:
    """`captures.py SORTIE` plays everything; the other forms are its own processes."""
    if arguments[:1] == ["--preparer"]:
        preparer(Path(arguments[1]))
        return 0
    if arguments[:1] == ["--theme"]:
        photo = Photographe(Path(arguments[3]), Path(arguments[4]), arguments[1], int(arguments[2]), arguments[5])
        photographier(photo)
        photo.fermer()
        return 0
    return _tout(_options(arguments))


def _options(arguments: list[str]) -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(description="Images de chaque page de la fenêtre.")
    lecteur.add_argument("sortie", type=Path)
    lecteur.add_argument("--profil", type=Path, help="poste de démonstration déjà joué")
    lecteur.add_argument("--seulement", default="", metavar="MOTIF", help="images dont le nom contient MOTIF")
    return lecteur.parse_args(arguments)


def _tout(options: argparse.Namespace) -> int:
    options.sortie.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as dossier:
        profil = options.profil or Path(dossier, "profil")
        if options.profil is None:
            _processus(["--preparer", str(profil)])
        for theme in THEMES:
            for echelle in ECHELLES:
                if any(options.seulement in f"{nom}-{theme}-{echelle}" for nom in NOMS):
                    _regarder(Path(dossier), profil, options, theme, echelle)
    for memoire in options.sortie.glob(".*-[12]00"):
        shutil.rmtree(memoire)
    print(f"{len(list(options.sortie.glob('*.png')))} images dans {options.sortie}")
    return 0


def _regarder(dossier: Path, profil: Path, options: argparse.Namespace, theme: str, echelle: int) -> None:
    """One look, on a full HD screen."""
    ecran = dossier / "ecran.json"
    ecran.write_text(json.dumps({"screens": [
        {"name": "ecran", "x": 0, "y": 0, "width": LARGEUR, "height": HAUTEUR, "logicalDpi": 96, "logicalBaseDpi": 96,
         "dpr": 1}
    ]}))
    copie = dossier / f"profil-{theme}-{echelle}"
    shutil.copytree(profil, copie)
    _processus(
        ["--theme", theme, str(echelle), str(copie), str(options.sortie), options.seulement],
        QT_QPA_PLATFORM=f"offscreen:configfile={ecran}", QT_SCALE_FACTOR=str(echelle / 100),
    )


def _processus(arguments: list[str], **environnement: str) -> None:
    commande = [sys.executable, __file__, *arguments]
    subprocess.run(commande, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environnement})  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
