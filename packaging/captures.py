"""`make captures`: each page of the window on a demonstration workstation, light and dark, at 100 % and 200 %.

A first process plays a day of work in a temporary profile; then one process a look (the screen scale is fixed at the
start of a Qt process) opens that profile and saves build/captures/<page>-<clair|sombre>-<100|200>.png. At 200 % the
window is half as large in its own units, as on the same screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CODE_PORTEUR = "1234"        # of every demonstration card
THEMES, ECHELLES = ("clair", "sombre"), (100, 200)
LARGEUR, HAUTEUR = 1920, 1080
DELAI_S = 20.0


def preparer(profil: Path) -> None:
    """A day of work: paid, rejected, waiting and fresh invoices."""
    from sesam_desktop.poste import boucle, demonstration

    poste = demonstration.ouvrir(profil, scenario="nominal")
    try:
        for nombre in (18, 26):
            boucle.composer(poste, nombre)
            poste.transmission.preparer()
            poste.transmission.envoyer()
            time.sleep(1)
            poste.transmission.relever()
        boucle.composer(poste, 32)
        poste.transmission.preparer()
        boucle.composer(poste, 36)
    finally:
        poste.fermer()


class Photographe:
    """One window of one look, and what it takes to wait for its workers."""

    def __init__(self, profil: Path, sortie: Path, theme: str, echelle: int) -> None:
        from sesam_desktop.ihm.atelier import Atelier
        from sesam_desktop.ihm.fenetre import Fenetre
        from sesam_desktop.ihm.lancement import creer_application, reglages_de
        from sesam_desktop.ihm.liaison import Liaison
        from sesam_desktop.poste import demonstration

        self.application = creer_application(["captures"])
        if theme == "sombre":
            self.application.setPalette(palette_sombre())
        self.sortie, self.suffixe = sortie, f"{theme}-{echelle}"
        self.atelier = Atelier(reglages_de(profil))
        self.fenetre = Fenetre(self.atelier)
        self.fenetre.resize(LARGEUR * 100 // echelle, HAUTEUR * 100 // echelle)
        self.fenetre.show()
        self.poste: Any = demonstration.ouvrir(profil)
        Liaison(self.fenetre).brancher(self.poste)
        self.attendre()

    def attendre(self, condition: Callable[[], bool] = lambda: True) -> None:
        """Until the workers are at rest and `condition` holds."""
        fin, calmes = time.monotonic() + DELAI_S, 0
        while calmes < 12:
            self.application.processEvents()
            self.application.sendPostedEvents(None, 52)  # deferred deletions
            time.sleep(0.02)
            calmes = calmes + 1 if self.atelier.taches.repos and condition() else 0
            if time.monotonic() > fin:
                raise TimeoutError("the window did not come to rest")

    def prendre(self, nom: str) -> None:
        """Save the window, or the dialog over it."""
        self.attendre()
        chemin = self.sortie / f"{nom}-{self.suffixe}.png"
        self.fenetre.grab().save(str(chemin))

    def prendre_dialogue(self, nom: str) -> None:
        """Save the dialog that is open, then close it."""
        self.attendre()
        for dialogue in self.dialogues():
            dialogue.grab().save(str(self.sortie / f"{nom}-{self.suffixe}.png"))
            dialogue.reject()

    def dialogues(self) -> Iterator[Any]:
        """Dialogs on screen."""
        from PySide6.QtWidgets import QApplication, QDialog

        return (w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())

    def fermer(self) -> None:
        """Let the workstation go."""
        self.fenetre.close()
        self.atelier.fermer()


def palette_sombre():
    """The dark palette a system would give: the offscreen platform has no dark mode of its own."""
    from PySide6.QtGui import QColor, QPalette

    sombre = QPalette(QColor(50, 50, 50), QColor(50, 50, 50))
    roles = {"Base": 36, "AlternateBase": 44, "WindowText": 240, "Text": 240, "ButtonText": 240, "ToolTipBase": 60,
             "ToolTipText": 240}
    for role, gris in roles.items():
        sombre.setColor(getattr(QPalette.ColorRole, role), QColor(gris, gris, gris))
    sombre.setColor(QPalette.ColorRole.PlaceholderText, QColor(160, 160, 160))
    for role in ("WindowText", "Text", "ButtonText"):
        sombre.setColor(QPalette.ColorGroup.Disabled, getattr(QPalette.ColorRole, role), QColor(140, 140, 140))
    sombre.setColor(QPalette.ColorRole.Highlight, QColor(48, 110, 160))
    sombre.setColor(QPalette.ColorRole.HighlightedText, QColor(255, 255, 255))
    return sombre


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
    for page in ("factures", "teletransmission", "pieces", "referentiels", "parametres"):
        photo.fenetre.aller(page)
        _garnir(photo, page)
        photo.prendre(page)
    photo.fenetre.chercher()
    photo.prendre_dialogue("palette")
    _infirmier(photo)


def _officine(photo: Photographe) -> None:
    feuille = photo.fenetre.page.feuille
    for produit in photo.poste.referentiels.chercher("mg", feuille.saisie.actuelle.date_soins)[:3]:
        feuille.ajouter_texte(produit.cip13)
        photo.attendre()
    prescripteurs = photo.poste.facturation.prescripteurs("")
    if prescripteurs:
        feuille.saisie.modifier(prescription=prescripteurs[0])
    feuille.tableau.aller(0)
    feuille.basculer_pourquoi()
    photo.prendre("facturer")
    feuille.basculer_pourquoi()
    feuille.patient_sans_carte()
    photo.prendre_dialogue("patient-sans-carte")


def _garnir(photo: Photographe, page: str) -> None:
    photo.attendre()
    if page == "factures":
        photo.fenetre.page.onglets.setCurrentIndex(1)
    elif page == "referentiels":
        photo.fenetre.page.recherche.setText("mg")
        photo.attendre()
        time.sleep(0.2)


def _infirmier(photo: Photographe) -> None:
    photo.fenetre.aller("facturer")
    photo.fenetre.page.feuille.abandonner()
    photo.poste.environnement.inserer_vitale(None)
    photo.poste.environnement.inserer_ps("infirmier")
    photo.attendre(lambda: photo.poste.lecteurs.ps is not None)
    photo.poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    photo.attendre(lambda: photo.poste.configuration.profession == "infirmier")
    feuille = photo.fenetre.page.feuille
    if feuille.tournee.count():
        feuille.tournee.itemActivated.emit(feuille.tournee.item(0))
        photo.attendre()
    for ligne in feuille.puces.lignes:
        feuille.puces.basculee.emit(ligne, True)
    photo.prendre("facturer-infirmier")
    feuille.abandonner()
    photo.poste.changer_profession("pharmacien")
    photo.attendre()


def main(arguments: list[str]) -> int:
    """`captures.py SORTIE` plays everything; the other forms are its own processes."""
    if arguments[0] == "--preparer":
        preparer(Path(arguments[1]))
        return 0
    if arguments[0] == "--theme":
        photo = Photographe(Path(arguments[3]), Path(arguments[4]), arguments[1], int(arguments[2]))
        photographier(photo)
        photo.fermer()
        return 0
    sortie = Path(arguments[0])
    sortie.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as dossier:
        _processus(["--preparer", dossier])
        for theme in THEMES:
            for echelle in ECHELLES:
                _processus(["--theme", theme, str(echelle), dossier, str(sortie)], QT_SCALE_FACTOR=str(echelle / 100))
    print(f"{len(list(sortie.glob('*.png')))} images dans {sortie}")
    return 0


def _processus(arguments: list[str], **environnement: str) -> None:
    commande = [sys.executable, __file__, *arguments]
    subprocess.run(commande, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environnement})  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
