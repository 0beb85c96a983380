"""Figures of a period: the few that are read first, then tables whose columns say what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QPalette

from sesam_desktop.noyau import montants
from sesam_desktop.poste.indicateurs import ecrire

from .. import teintes
from .table import Colonne

if TYPE_CHECKING:
    from sesam_desktop.editions.graphiques import Style
    from sesam_desktop.poste.indicateurs import TableauChiffres
    from sesam_desktop.teletransmission.chiffres import Delai, Indicateurs, Part

_TEINTES = ("information", "succes", "avertissement", "erreur")   # one a series, told apart in light and dark


class Chiffre(NamedTuple):
    """One figure, what it is, and over what it is counted."""

    valeur: str
    nom: str
    precision: str


def essentiels(lus: Indicateurs) -> list[Chiffre]:
    """Securing, delays, rejects, refused lots, pieces."""
    degradees = lus.par_niveau["D"]
    return [
        _part("Factures sécurisées", lus.par_niveau["S"]),
        _part("Factures dégradées", degradees),
        _delai("De l'envoi au paiement", lus.paiement),
        _part("Rejets", lus.rejets, f", {montants.formater(lus.rejete_centimes, unite='€')}"),
        _part("Lots refusés", lus.lots_refuses),
        _part("Ordonnances jointes", lus.pieces.jointes),
    ]


def style_de(palette: QPalette) -> Style:
    """Colours of the charts, those of the window."""
    from sesam_desktop.editions.graphiques import Style

    fond = palette.color(QPalette.ColorRole.Window)
    series = tuple(teintes.lisible(teintes.TEINTES[genre], fond).name() for genre in _TEINTES)
    texte, grille = (palette.color(role).name() for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Mid))
    return Style(texte, grille, series)


def colonnes_de(tableau: TableauChiffres) -> list[Colonne]:
    """Columns of its rows, which are tuples: texts at the left, figures at the right."""
    return [_colonne(rang, titre, tableau) for rang, titre in enumerate(tableau.colonnes)]


def _colonne(rang: int, titre: str, tableau: TableauChiffres) -> Colonne:
    valeurs = [ligne[rang] for ligne in tableau.lignes]
    if rang == 0 or any(isinstance(valeur, str) for valeur in valeurs):
        large = max((len(str(valeur)) for valeur in valeurs), default=0)
        return Colonne(f"c{rang}", titre or tableau.titre, lambda ligne: str(ligne[rang]),
                       largeur=min(40, max(8, large)))
    genre = "montant" if titre.endswith(("(€)", "(%)")) else "nombre"
    return Colonne(f"c{rang}", titre, lambda ligne: ecrire(ligne[rang], titre), genre, 8 if genre == "montant" else 5,
                   tri=lambda ligne: ligne[rang] or 0)


def _part(nom: str, part: Part, suite: str = "") -> Chiffre:
    taux = "–" if part.taux is None else montants.formater_taux(part.taux)
    return Chiffre(taux, nom, f"{part.nombre} sur {part.total}{suite}")


def _delai(nom: str, delais: tuple[Delai, ...]) -> Chiffre:
    if not delais:
        return Chiffre("–", nom, "aucun paiement")
    tous = delais[0]
    return Chiffre(f"{tous.mediane} j", nom, f"neuf sur dix en {tous.neuf_sur_dix} j au plus")
