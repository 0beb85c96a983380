"""Pictures of the tariffs: the tables and what changed, why an amount, « Et si ? », the acts of each trade."""

from __future__ import annotations

import csv
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from photographe import Photographe
from PySide6.QtCore import QDateTime, QTime

from sesam_desktop.noyau.ressources import ressource

# What each trade types on its page, and the name of its picture.
SAISIES = {
    "specialiste": ("facturer-ccam", ("CS", "DEQP003")),
    "dentiste": ("facturer-dentiste", ("HBMD050 d11", "HBMD058 d21")),
    "masseur-kinesitherapeute": ("facturer-kine", ("AMK 8,3",)),
    "fournisseur": ("facturer-lpp", ("DVO 2118823", "MAD 1296787 15,00")),
    "laboratoire": ("facturer-biologie", ("1104", "0552", "0592")),
}
PROFESSIONS = {"specialiste": "medecin", "masseur-kinesitherapeute": "masseur_kinesitherapeute"}


def referentiels(photo: Photographe) -> None:
    """An older version of two tables, so that something has changed; then the tariffs to be confirmed."""
    _version_precedente(photo, "ccam", "2025-09-01", lambda ligne: _diminuer(ligne, 5))
    _version_precedente(photo, "nabm", "2019-09-01", lambda ligne: _diminuer(ligne, 5))
    photo.fenetre.aller("referentiels")
    page = photo.fenetre.page
    photo.attendre()
    page.sources.aller(_rang(page, "ccam"))
    page.consultation.recherche.setText("echo")
    _apres_la_frappe(photo)
    photo.prendre("referentiels")
    page.onglets.setCurrentWidget(page.changements)
    photo.attendre()
    photo.prendre("referentiels-changements")
    page.onglets.setCurrentWidget(page.tarifs)
    page.tarifs.a_confirmer.setChecked(True)
    page.tarifs.filtre.setText("prix")
    _apres_la_frappe(photo)
    photo.prendre("referentiels-tarifs")


def expliquer(photo: Photographe, feuille: Any) -> None:
    """Why this amount, the situation of the patient, then the same invoice in ALD."""
    feuille.panneau.basculer_pourquoi()
    colonne = [c.cle for c in feuille.tableau.modele.colonnes].index("patient")
    feuille.tableau.setCurrentIndex(feuille.tableau.model().index(0, colonne))
    photo.prendre("facturer-pourquoi")
    feuille.panneau.basculer_pourquoi()
    feuille.supposer()
    photo.attendre()
    (dialogue,) = photo.dialogues()
    dialogue.choix.ald.click()
    photo.prendre_dialogue("facturer-et-si")
    feuille.saisie.modifier(nature_assurance="at", accident_numero="123456789")
    feuille.panneau.modifier()
    photo.prendre("facturer-situation")
    feuille.saisie.annuler()
    feuille.editeur.hide()
    feuille.situation.hide()


def metiers(photo: Photographe) -> None:
    """One invoice of each trade that has no other picture."""
    from scenes import prendre_poste

    for carte, (nom, saisies) in SAISIES.items():
        prendre_poste(photo, carte, PROFESSIONS.get(carte, carte))
        photo.poste.environnement.inserer_vitale("assure")
        photo.attendre(lambda: photo.poste.lecteurs.vitale is not None)
        feuille = photo.fenetre.page.feuille
        prescripteurs = photo.poste.facturation.prescripteurs("")
        if prescripteurs and carte not in ("specialiste", "dentiste"):
            feuille.saisie.modifier(prescription=replace(prescripteurs[0], date=_jour_ouvrable().date().toPython()))
        if carte == "specialiste":
            feuille.saisie.modifier(parcours="O")
        if carte not in ("fournisseur",):
            feuille.visite.instant.setDateTime(_jour_ouvrable())
        for saisie in saisies:
            feuille.entree.valide.emit(saisie)
            photo.attendre()
        if feuille.panneau.permis.associer.isVisible():
            feuille.panneau.permis.associer.click()
        photo.prendre(nom)
        feuille.abandonner()
        feuille.abandonner()


def _jour_ouvrable() -> QDateTime:
    """A Tuesday of the week before, at ten."""
    jour = QDateTime.currentDateTime().addDays(-7)
    return QDateTime(jour.addDays(2 - jour.date().dayOfWeek()).date(), QTime(10, 0))


def _rang(page: Any, cle: str) -> int:
    return [source.cle for source in page.sources.modele.rangees].index(cle)


def _apres_la_frappe(photo: Photographe) -> None:
    time.sleep(0.2)
    photo.attendre()


def _version_precedente(photo: Photographe, source: str, version: str, changer: Any) -> None:
    """The demonstration table with other amounts, and its last rows left out, imported under an earlier date."""
    with ressource("demonstration", f"{source}.csv").open(encoding="utf-8", newline="") as fichier:
        lignes = list(csv.reader(fichier))
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier, f"{source}.csv")
        with chemin.open("w", encoding="utf-8", newline="") as sortie:
            csv.writer(sortie).writerows(changer(ligne) for ligne in lignes[:-2])
        photo.poste.referentiels.importer(source, chemin, version=version)
    photo.attendre()


def _diminuer(ligne: list[str], rang: int) -> list[str]:
    """Made-up amounts: one euro less, one coefficient less; what invoices are priced on stays the true table."""
    if len(ligne) <= rang or not ligne[rang].replace(".", "").isdigit() or not ligne[0].isalnum():
        return ligne
    moins = f"{float(ligne[rang]) - 1:.2f}" if "." in ligne[rang] else str(int(ligne[rang]) - 1)
    return [*ligne[:rang], moins, *ligne[rang + 1:]]
