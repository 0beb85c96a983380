"""What is put on each page before its picture is taken, in the order of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from photographe import Photographe
from scenes_tarifs import expliquer, metiers, referentiels
from scenes_transmission import corrections, paiements, transmission

from sesam_desktop.factures.facture import Facture, LigneSaisie, Niveau, Prescription
from sesam_desktop.poste.demonstration_cartes import vitales

CODE_PORTEUR = "1234"        # of every demonstration card


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
    transmission(photo)
    paiements(photo)
    _pieces(photo)
    referentiels(photo)
    _lecteurs(photo)
    photo.fenetre.aller("parametres")
    photo.prendre("parametres")
    corrections(photo)
    photo.fenetre.chercher()
    photo.prendre_dialogue("palette")
    _situations(photo)
    _infirmier(photo)
    _terminaux(photo)
    _medecin(photo)
    metiers(photo)
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
    expliquer(photo, feuille)
    feuille.choix.sans_carte()
    photo.prendre_dialogue("patient-sans-carte")


def _factures(photo: Photographe) -> None:
    photo.fenetre.aller("factures")
    photo.attendre()
    photo.fenetre.page.onglets.setCurrentIndex(1)
    photo.prendre("factures")
    photo.fenetre.page.montrer_duplicata()
    photo.prendre("factures-duplicata")


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


def prendre_poste(photo: Photographe, nom: str, profession: str = "") -> None:
    """Another professional's card; the invoice left on the page is given up. `profession`: when it is not `nom`."""
    photo.fenetre.aller("facturer")
    photo.fenetre.page.feuille.abandonner()
    photo.poste.environnement.inserer_vitale(None)
    photo.poste.lecteurs.fermer_session()
    photo.poste.environnement.inserer_ps(nom)
    photo.attendre(lambda: photo.poste.lecteurs.ps is not None)
    photo.poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    photo.poste.lecteurs.choisir_situation(photo.poste.lecteurs.situations()[0].rang)
    photo.attendre(lambda: photo.poste.configuration.profession == (profession or nom))


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

    prendre_poste(photo, "infirmier")
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


def _terminaux(photo: Photographe) -> None:
    """Back from a tour: a visit to sign, one that seems billed already, a document refused, an invoice still out."""
    poste, socle = photo.poste, photo.poste.environnement.socle
    (terminal,) = poste.terminaux.lister()
    poste.terminaux.charger(terminal, factures=[_visite(poste, nom, 2) for nom in ("assure", "famille")])
    socle.visiter()
    socle.terminal.deposer(b"document interrompu")
    poste.terminaux.decharger(terminal)
    poste.terminaux.charger(terminal, factures=[_visite(poste, "ald", 3)])
    poste.environnement.inserer_vitale("assure")
    photo.attendre(lambda: poste.lecteurs.vitale is not None)
    poste.facturation.securiser(_visite(poste, "assure", 2), Niveau.SECURISEE)
    poste.environnement.inserer_vitale(None)
    photo.fenetre.aller("terminaux")
    photo.prendre("terminaux-visites")
    photo.fenetre.page.signer()
    photo.prendre("terminaux-doublon")
    photo.fenetre.page.remedier()
    photo.prendre_dialogue("terminaux-confirmation")


def _visite(poste: Any, nom: str, coefficient: int) -> Facture:
    """An AMI of today for this patient."""
    jour = date.today()  # noqa: DTZ011 - the nurse's own calendar day
    return Facture(
        jour, poste.facturation.executant(), poste.droits.patient(vitales()[nom], 0, jour).patient,
        (LigneSaisie("AMI", coefficient=Decimal(coefficient), date=jour),),
        prescription=Prescription(jour, "10001234565", "01", "T", "LEROY", "ANNE"),
    )


def _medecin(photo: Photographe) -> None:
    prendre_poste(photo, "medecin")
    photo.poste.environnement.inserer_vitale("assure")
    photo.attendre(lambda: photo.poste.lecteurs.vitale is not None)
    feuille = photo.fenetre.page.feuille
    feuille.saisie.modifier(parcours="T")
    feuille.entree.setText("G")
    feuille.entree.returnPressed.emit()
    photo.prendre("facturer-medecin")
    feuille.abandonner()
