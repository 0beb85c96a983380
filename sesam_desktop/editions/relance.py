"""Letter that asks a fund or an insurer for what it has not settled: one line an invoice, no name of a patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sesam_desktop.base.fichiers import remplacer
from sesam_desktop.noyau.dates import formater

from .feuille import HAUTEUR, LARGEUR, MARGE, Colonne, Feuille, euros

COLONNES = (
    Colonne("N° facture", 90),
    Colonne("Part", 50),
    Colonne("Soins du", 80),
    Colonne("Envoyée le", 80),
    Colonne("Demandé", 74, True),
    Colonne("Réglé", 74, True),
    Colonne("Reste dû", 75, True),
)
_HAUT, _PAS = 210.0, 14.0
_PAR_PAGE = 38


@dataclass(frozen=True, slots=True)
class LigneRelance:
    """What is late of one part of one invoice, in centimes."""

    facture: str
    part: str
    soins: date
    envoyee_le: date
    demande_centimes: int
    regle_centimes: int
    du_centimes: int


@dataclass(frozen=True, slots=True)
class Lettre:
    """Who asks, one a line; who is asked; when; for what."""

    expediteurs: tuple[str, ...]
    destinataire: str
    jour: date
    lignes: tuple[LigneRelance, ...]


def ecrire(lettre: Lettre, chemin: Path) -> Path:
    """Write the PDF at `chemin`, whole or not at all, and return it."""
    remplacer(chemin, composer(lettre))
    return chemin


def composer(lettre: Lettre) -> bytes:
    """The PDF: lines in the order given, the total at the end."""
    feuille = Feuille("Relance")
    paquets = [lettre.lignes[debut : debut + _PAR_PAGE] for debut in range(0, len(lettre.lignes), _PAR_PAGE)] or [()]
    for rang, paquet in enumerate(paquets, 1):
        _page(feuille, lettre, paquet)
        if rang == len(paquets):
            total = sum(ligne.du_centimes for ligne in lettre.lignes)
            _rangee(feuille, _HAUT + 8 + len(paquet) * _PAS, ("Total", "", "", "", "", "", euros(total)), gras=True)
        feuille.texte_a_droite(LARGEUR - MARGE, HAUTEUR - 28, f"Page {rang} / {len(paquets)}", 7)
        feuille.page_suivante()
    return feuille.octets()


def _page(feuille: Feuille, lettre: Lettre, lignes: Sequence[LigneRelance]) -> None:
    for rang, expediteur in enumerate(lettre.expediteurs[:4]):
        feuille.texte(MARGE, 52 + rang * 12, expediteur, 9)
    feuille.texte(LARGEUR / 2, 100, lettre.destinataire, 10, gras=True)
    feuille.texte(LARGEUR / 2, 114, f"Le {formater(lettre.jour)}", 9)
    feuille.texte(MARGE, 144, "Objet : factures transmises et non réglées", 10, gras=True)
    phrase = "Sauf erreur de notre part, les factures ci-dessous ne nous ont pas été réglées. Merci de nous dire"
    feuille.texte(MARGE, 164, phrase, 9)
    feuille.texte(MARGE, 176, "quand elles le seront, ou ce qui s'y oppose.", 9)
    _rangee(feuille, _HAUT - 10, tuple(colonne.titre for colonne in COLONNES), gras=True)
    feuille.trait(_HAUT - 6)
    for rang, li in enumerate(lignes):
        montants = (euros(li.demande_centimes), euros(li.regle_centimes), euros(li.du_centimes))
        textes = (li.facture, li.part, formater(li.soins), formater(li.envoyee_le), *montants)
        _rangee(feuille, _HAUT + 6 + rang * _PAS, textes)


def _rangee(feuille: Feuille, y: float, textes: Sequence[str], *, gras: bool = False) -> None:
    feuille.rangee(y, COLONNES, textes, 8, gras=gras)
