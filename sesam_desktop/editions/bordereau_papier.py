"""Bordereau of the sheets posted to a fund, because they could not leave electronically."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sesam_desktop.base.fichiers import remplacer
from sesam_desktop.factures.facture import FactureTarifee
from sesam_desktop.noyau.dates import formater
from sesam_desktop.noyau.identifiants import formater_nir

from .feuille import HAUTEUR, LARGEUR, MARGE, Colonne, Feuille, euros

COLONNES = (
    Colonne("N° facture", 62),
    Colonne("Soins du", 56),
    Colonne("N° de l'assuré", 112),
    Colonne("Bénéficiaire", 124),
    Colonne("Montant", 56, True),
    Colonne("Part AMO", 57, True),
    Colonne("Part AMC", 56, True),
)
_HAUT, _PAS, _PAR_PAGE = 164.0, 14.0, 40
_SIGNATURE = 60.0


def ecrire(destinataire: str, jour: date, factures: Sequence[FactureTarifee], chemin: Path) -> Path:
    """Write the PDF at `chemin`, whole or not at all, and return it. One professional, one fund."""
    remplacer(chemin, composer(destinataire, jour, factures))
    return chemin


def composer(destinataire: str, jour: date, factures: Sequence[FactureTarifee]) -> bytes:
    """The PDF: sheets in the order given, totals and place for the signature at the end."""
    feuille = Feuille("Bordereau de feuilles de soins sur papier")
    paquets = [factures[debut : debut + _PAR_PAGE] for debut in range(0, len(factures), _PAR_PAGE)]
    for rang, paquet in enumerate(paquets, 1):
        _entete(feuille, destinataire, jour, factures)
        for ligne, facture in enumerate(paquet):
            feuille.rangee(_HAUT + 2 + ligne * _PAS, COLONNES, _valeurs(facture), 7.5)
        if rang == len(paquets):
            _fin(feuille, factures, _HAUT + 4 + len(paquet) * _PAS)
        feuille.texte_a_droite(LARGEUR - MARGE, HAUTEUR - 28, f"Page {rang} / {len(paquets)}", 7)
        feuille.page_suivante()
    return feuille.octets()


def _entete(feuille: Feuille, destinataire: str, jour: date, factures: Sequence[FactureTarifee]) -> None:
    executant, nombre = factures[0].demande.executant, len(factures)
    nom = executant.raison_sociale or f"{executant.nom} {executant.prenom}".strip()
    pluriel = "s" if nombre > 1 else ""
    feuille.texte(MARGE, 52, "BORDEREAU DE FEUILLES DE SOINS SUR PAPIER", 16, gras=True)
    feuille.texte(MARGE, 72, f"Établi le {formater(jour)} — {nombre} feuille{pluriel} jointe{pluriel}", 9)
    feuille.texte(MARGE, 86, f"Destinataire : {destinataire}", 9)
    feuille.texte(MARGE, 100, f"Professionnel : {nom}, n° {executant.numero_facturation}{executant.cle}", 9)
    feuille.texte(MARGE, 118, "Duplicata de feuilles électroniques qui n'ont pas pu être transmises.", 8)
    feuille.rangee(_HAUT - 14, COLONNES, [c.titre for c in COLONNES], 7, gras=True)
    feuille.trait(_HAUT - 10)


def _valeurs(facture: FactureTarifee) -> list[str]:
    patient, totaux = facture.demande.beneficiaire, facture.tarification.totaux
    return [
        facture.numero,
        formater(facture.demande.date_soins),
        formater_nir(patient.nir),
        f"{patient.nom} {patient.prenom}".strip(),
        euros(totaux.facture_centimes),
        euros(totaux.amo_centimes),
        euros(totaux.amc_centimes),
    ]


def _fin(feuille: Feuille, factures: Sequence[FactureTarifee], y: float) -> None:
    totaux = [facture.tarification.totaux for facture in factures]
    champs = ("facture_centimes", "amo_centimes", "amc_centimes")
    sommes = [sum(getattr(total, champ) for total in totaux) for champ in champs]
    feuille.trait(y, 1)
    feuille.rangee(y + 12, COLONNES, ["Totaux (€)", "", "", "", *map(euros, sommes)], 7.5, gras=True)
    feuille.texte(MARGE, y + _SIGNATURE, "Date, signature et cachet du professionnel :", 9)
