"""`make captures`: each page of the window on a demonstration workstation, light and dark, at 100 % and 200 %.

A first process plays a day of work in a temporary profile (or `--profil` gives one that was played); then one process
a look (the screen scale is fixed at the start of a Qt process) opens that profile and saves
<sortie>/<page>-<clair|sombre>-<100|200>.png. At 200 % the window is half as large in its own units, as on the same
screen. `--seulement MOTIF` keeps the pictures whose name holds MOTIF: « clair-100 », « facturer ».
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from photographe import HAUTEUR, LARGEUR, Photographe

CODE_PORTEUR = "1234"        # of every demonstration card
THEMES, ECHELLES = ("clair", "sombre"), (100, 200)
NOMS = (
    "accueil", "facturer-vide", "facturer", "facturer-pourquoi", "patient-sans-carte", "factures",
    "factures-duplicata", "teletransmission", "teletransmission-retour", "pieces", "pieces-gardees", "referentiels",
    "lecteurs", "lecteurs-incidents", "lecteurs-arretes", "diagnostic", "terminaux", "parametres", "palette",
    "situations", "facturer-infirmier", "facturer-medecin",
)


def preparer(profil: Path) -> None:
    """A day of work: paid, rejected, waiting and fresh invoices, a prescription kept, a lot refused."""
    from sesam_desktop.noyau.ressources import ressource
    from sesam_desktop.poste import boucle, demonstration

    poste = demonstration.ouvrir(profil, scenario="nominal")
    try:
        for nombre in (18, 26):
            boucle.composer(poste, nombre)
            boucle.mettre_en_lot(poste)
            poste.transmission.envoyer()
            time.sleep(1)
            poste.transmission.relever()
        boucle.composer(poste, 32)
        boucle.mettre_en_lot(poste)
        boucle.composer(poste, 36)
        poste.pieces.ajouter([poste.pieces.a_numeriser()[-1].numero], [ressource("demonstration", "ordonnance.png")])
    finally:
        poste.fermer()


def photographier(photo: Photographe) -> None:
    """Every page, in the order of a day."""
    photo.prendre("accueil")
    photo.fenetre.aller("facturer")
    photo.prendre("facturer-vide")
    photo.poste.environnement.inserer_ps("pharmacien")
    photo.attendre()
    photo.poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    photo.poste.environnement.inserer_vitale("assure")
    photo.attendre(lambda: photo.poste.lecteurs.vitale is not None)
    _officine(photo)
    _factures(photo)
    _teletransmission(photo)
    _pieces(photo)
    photo.fenetre.aller("referentiels")
    photo.fenetre.page.recherche.setText("mg")
    photo.attendre()
    time.sleep(0.2)
    photo.prendre("referentiels")
    _lecteurs(photo)
    photo.fenetre.aller("parametres")
    photo.prendre("parametres")
    photo.fenetre.chercher()
    photo.prendre_dialogue("palette")
    _situations(photo)
    _infirmier(photo)
    _medecin(photo)
    photo.poste.changer_profession("pharmacien")
    photo.attendre()


def _officine(photo: Photographe) -> None:
    feuille = photo.fenetre.page.feuille
    for produit in photo.poste.referentiels.chercher("mg", feuille.saisie.actuelle.date_soins)[:3]:
        feuille.ajouter_texte(produit.cip13)
        photo.attendre()
    prescripteurs = photo.poste.facturation.prescripteurs("")
    if prescripteurs:
        feuille.saisie.modifier(prescription=prescripteurs[0])
    feuille.tableau.aller(0)
    photo.prendre("facturer")
    feuille.basculer_pourquoi()
    photo.prendre("facturer-pourquoi")
    feuille.basculer_pourquoi()
    feuille.choix.sans_carte()
    photo.prendre_dialogue("patient-sans-carte")


def _factures(photo: Photographe) -> None:
    photo.fenetre.aller("factures")
    photo.attendre()
    photo.fenetre.page.onglets.setCurrentIndex(1)
    photo.prendre("factures")
    photo.fenetre.page.montrer_duplicata()
    photo.prendre("factures-duplicata")


def _teletransmission(photo: Photographe) -> None:
    photo.fenetre.aller("teletransmission")
    photo.prendre("teletransmission")
    page = photo.fenetre.page
    retours = [r for lot in range(1, 9) for r in photo.poste.transmission.retours_du_lot(lot)]
    if retours:
        from sesam_desktop.ihm.modeles.teletransmission import Fiche

        page.ouvrir(Fiche(f"Lot {retours[0].lot}", "", "fait", lot=retours[0].lot or 0))
    photo.prendre("teletransmission-retour")
    page.revenir()


def _pieces(photo: Photographe) -> None:
    photo.fenetre.aller("pieces")
    photo.prendre("pieces")
    page = photo.fenetre.page
    page.listes.setCurrentIndex(1)
    if page.gardees.modele.rangees:
        page.gardees.aller(0)
    photo.prendre("pieces-gardees")


def _lecteurs(photo: Photographe) -> None:
    """Three cards in, read; then what goes wrong; then the diagnostic once all is right again."""
    environnement, lecteurs = photo.poste.environnement, photo.poste.lecteurs
    environnement.inserer_duo("duo-assure")
    photo.attendre(lambda: lecteurs.duo is not None)
    photo.fenetre.aller("lecteurs")
    photo.attendre()
    photo.fenetre.page.essayer()
    photo.prendre("lecteurs")
    _incidents(photo)
    photo.fenetre.aller("diagnostic", "complet")
    photo.prendre("diagnostic")
    photo.fenetre.aller("terminaux")
    photo.prendre("terminaux")


def _incidents(photo: Photographe) -> None:
    """A mute card, the trace on; then the service stopped, and all put right."""
    environnement, lecteurs = photo.poste.environnement, photo.poste.lecteurs
    environnement.incidents.simuler("carte-muette")
    photo.attendre(lambda: lecteurs.vitale is None)
    photo.fenetre.page.tracer()
    photo.prendre("lecteurs-incidents")
    photo.fenetre.page.tracer()
    environnement.incidents.simuler("service-arrete")
    photo.attendre(lambda: lecteurs.ps is None)
    photo.prendre("lecteurs-arretes")
    environnement.incidents.simuler("service-relance")
    environnement.inserer_duo(None)
    environnement.inserer_vitale("assure")
    photo.attendre(lambda: lecteurs.ps is not None and lecteurs.vitale is not None)
    lecteurs.ouvrir_session(CODE_PORTEUR)
    photo.attendre()


def _prendre_poste(photo: Photographe, nom: str) -> None:
    """Another professional's card; the invoice left on the page is given up."""
    photo.fenetre.aller("facturer")
    photo.fenetre.page.feuille.abandonner()
    photo.poste.environnement.inserer_vitale(None)
    photo.poste.lecteurs.fermer_session()
    photo.poste.environnement.inserer_ps(nom)
    photo.attendre(lambda: photo.poste.lecteurs.ps is not None)
    photo.poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    photo.poste.lecteurs.choisir_situation(photo.poste.lecteurs.situations()[0].rang)
    photo.attendre(lambda: photo.poste.configuration.profession == nom)


def _situations(photo: Photographe) -> None:
    """A card with several situations asks in which one works."""
    photo.poste.environnement.inserer_vitale(None)
    photo.poste.lecteurs.fermer_session()
    photo.poste.environnement.inserer_ps("infirmiere-remplacante")
    photo.attendre(lambda: photo.poste.lecteurs.ps is not None)
    photo.poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    photo.attendre(lambda: any(photo.dialogues()))
    photo.prendre_dialogue("situations")


def _infirmier(photo: Photographe) -> None:
    """An evening visit at home: an act by its chip, one typed, kilometres, the night deduced from the hour."""
    from PySide6.QtCore import QDateTime, QTime

    _prendre_poste(photo, "infirmier")
    feuille = photo.fenetre.page.feuille
    if feuille.tournee.count():
        feuille.tournee.itemActivated.emit(feuille.tournee.item(0))
        photo.attendre()
    visite = feuille.saisie.actuelle
    if visite.prescription is not None:
        feuille.saisie.modifier(prescription=replace(visite.prescription, date=visite.date_soins - timedelta(days=3)))
    hier = QDateTime.currentDateTime().addDays(-1)
    feuille.visite.instant.setDateTime(QDateTime(hier.date(), QTime(21, 15)))
    feuille.visite.domicile.setChecked(True)
    feuille.visite.km.setValue(8)
    feuille.entree.setText("AMI 4")
    feuille.entree.returnPressed.emit()
    photo.prendre("facturer-infirmier")
    feuille.abandonner()


def _medecin(photo: Photographe) -> None:
    _prendre_poste(photo, "medecin")
    photo.poste.environnement.inserer_vitale("assure")
    photo.attendre(lambda: photo.poste.lecteurs.vitale is not None)
    feuille = photo.fenetre.page.feuille
    feuille.saisie.modifier(parcours="T")
    feuille.entree.setText("G")
    feuille.entree.returnPressed.emit()
    photo.prendre("facturer-medecin")
    feuille.abandonner()


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
    _processus(
        ["--theme", theme, str(echelle), str(profil), str(options.sortie), options.seulement],
        QT_QPA_PLATFORM=f"offscreen:configfile={ecran}", QT_SCALE_FACTOR=str(echelle / 100),
    )


def _processus(arguments: list[str], **environnement: str) -> None:
    commande = [sys.executable, __file__, *arguments]
    subprocess.run(commande, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environnement})  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
