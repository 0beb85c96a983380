"""Figures of this workstation over a period: as values, as charts, as tables to show or to export."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau import montants

if TYPE_CHECKING:
    from sesam_desktop.editions.graphiques import Style
    from sesam_desktop.teletransmission.chiffres import Delai, Indicateurs, Part
    from sesam_desktop.teletransmission.feuilles import Feuille
    from sesam_desktop.teletransmission.libelles import CodeConnu

    from .poste import Poste

NIVEAUX = {"S": "Sécurisées", "V": "SESAM sans Vitale", "D": "Dégradées", "N": "Non sécurisées"}
# Rank of the colour of a rate or a level, the same from one chart to another: the last ones are warning and error.
_TEINTES = {"Sécurisées": 0, "SESAM sans Vitale": 1, "Dégradées": 2, "Non sécurisées": 3, "Rejetées": 3}
_MOIS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_CAUSES_DESSINEES = 8
_CODE_CAISSE = 8  # régime, organisme, centre informatique
_CENTIEMES = ("(€)", "(%)")  # ends of the titles of columns written with two decimals
Cellule = str | int | None


@dataclass(frozen=True, slots=True)
class TableauChiffres:
    """One table. Columns named « (€) » hold centimes, « (%) » hundredths of a percent, the others counts or days."""

    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[Cellule, ...], ...]


@dataclass(frozen=True, slots=True)
class Graphiques:
    """SVG drawings, each told by one of the tables; empty bytes when there is nothing to draw."""

    securisation: bytes
    montants: bytes
    rejets: bytes
    paiement: bytes
    evolution: bytes


class ServiceIndicateurs:
    """Reads only: nothing here changes anything."""

    def __init__(self, poste: Poste) -> None:
        self._poste = poste

    def calculer(self, debut: date, fin: date) -> Indicateurs:
        """Figures of the care given from `debut` to `fin`, both included."""
        from sesam_desktop.teletransmission.indicateurs import indicateurs

        return indicateurs(self._poste.base, debut, fin)

    def dessiner(self, lus: Indicateurs, style: Style) -> Graphiques:
        """The charts, in the colours of the window."""
        return dessiner(lus, style)

    def tableaux(self, lus: Indicateurs) -> list[TableauChiffres]:
        """The same figures as rows."""
        return tableaux(lus)

    def libelles(self) -> list[CodeConnu]:
        """Codes of rejection learnt from the funds, the most frequent first."""
        from sesam_desktop.teletransmission.libelles import LibellesAppris

        return LibellesAppris().lister()

    def exporter(self, lus: Indicateurs, chemin: Path) -> Path:
        """Every table in one workbook, a sheet a subject. Raises ErreurConnue (disk)."""
        from sesam_desktop.teletransmission import exports

        return exports.ecrire_xlsx(chemin, [_feuille(tableau) for tableau in tableaux(lus)])


def _feuille(tableau: TableauChiffres) -> Feuille:
    """Rates have two decimals, as amounts have."""
    from sesam_desktop.teletransmission.feuilles import Colonne, Feuille, Genre

    def genre(rang: int, titre: str) -> Genre:
        if titre.endswith(_CENTIEMES):
            return Genre.MONTANT
        entiers = all(isinstance(ligne[rang], int | None) for ligne in tableau.lignes)
        return Genre.NOMBRE if entiers and rang else Genre.TEXTE

    colonnes = tuple(Colonne(titre, genre(rang, titre), 24) for rang, titre in enumerate(tableau.colonnes))
    return Feuille(tableau.titre, tableau.titre, colonnes, tableau.lignes)


def ecrire(valeur: Cellule, titre: str) -> str:
    """A cell as people read it; its unit stands in the title of its column."""
    if isinstance(valeur, int) and titre.endswith(_CENTIEMES):
        return montants.formater(valeur)
    return "" if valeur is None else str(valeur)


def nom_du_mois(mois: str) -> str:
    """``2026-03`` → ``mars 2026``."""
    annee, numero = mois.split("-")
    return f"{_MOIS[int(numero) - 1]} {annee}"


def nom_du_fonds(code: str) -> str:
    """Régime, organisme and centre apart; the number of an AMC; « Tous » for none."""
    if not code:
        return "Tous"
    return f"{code[:2]} {code[2:5]} {code[5:]}" if len(code) == _CODE_CAISSE else f"AMC {code}"


def dessiner(lus: Indicateurs, style: Style) -> Graphiques:
    """Charts of what there is."""
    from sesam_desktop.editions.graphiques import Serie, barres, couchees, courbes, empilees

    mois = [nom_du_mois(m.mois) for m in lus.mois]
    presents = {n: nom for n, nom in NIVEAUX.items() if lus.par_niveau[n].nombre}
    niveaux = [Serie(nom, [m.par_niveau.get(n, 0) for m in lus.mois], _TEINTES[nom]) for n, nom in presents.items()]
    argent = [
        Serie("À recevoir", [m.demande_centimes for m in lus.mois]),
        Serie("Reçu", [m.paye_centimes for m in lus.mois]),
        Serie("Reste à recevoir", [m.reste_centimes for m in lus.mois]),
    ]
    taux = [Serie(nom, [part.taux for part in parts], _TEINTES[nom]) for nom, parts in _taux(lus).items()]
    causes = _par_famille(lus)
    fonds = [d for d in lus.paiement if d.fonds][:_CAUSES_DESSINEES]
    return Graphiques(
        securisation=empilees(mois, niveaux, style) if niveaux else b"",
        montants=barres(mois, argent, style, _euros) if mois else b"",
        rejets=couchees([nom for nom, _ in causes], [m for _, m in causes], style, _euros) if causes else b"",
        paiement=couchees([nom_du_fonds(d.fonds) for d in fonds], [d.mediane for d in fonds], style, _jours)
        if fonds
        else b"",
        evolution=courbes(mois, taux, style, montants.formater_taux) if mois else b"",
    )


def _taux(lus: Indicateurs) -> dict[str, list[Part]]:
    """Rates followed month after month."""
    return {
        "Sécurisées": [m.du_niveau("S") for m in lus.mois],
        "Dégradées": [m.du_niveau("D") for m in lus.mois],
        "Rejetées": [m.rejets for m in lus.mois],
    }


def _par_famille(lus: Indicateurs) -> list[tuple[str, int]]:
    """Rejected amounts of the families that cost most."""
    sommes: Counter[str] = Counter()
    for cause in lus.causes:
        sommes[cause.cause.titre] += cause.montant_centimes
    return sommes.most_common(_CAUSES_DESSINEES)


def _euros(centimes: int) -> str:
    """Whole euros, for want of room, except below a hundred."""
    if centimes % 100 and abs(centimes) < 100_00:
        return f"{montants.formater(centimes)}\u00a0€"
    return f"{montants.formater(montants.arrondir(centimes, 100) * 100).removesuffix(',00')}\u00a0€"


def _jours(nombre: int) -> str:
    return f"{nombre}\u00a0jour{'s' if nombre > 1 else ''}"


def tableaux(lus: Indicateurs) -> list[TableauChiffres]:
    """Every figure, a table a subject."""
    return [_securisation(lus), _mois(lus), _delais(lus), _rejets(lus), _lots(lus), _pieces(lus), _evolution(lus)]


def _ligne(nom: str, part: Part) -> tuple[Cellule, ...]:
    return nom, part.nombre, part.total, part.taux


_PARTS = ("", "Nombre", "Sur", "Part (%)")


def _securisation(lus: Indicateurs) -> TableauChiffres:
    lignes = tuple(_ligne(NIVEAUX[n], part) for n, part in lus.par_niveau.items())
    return TableauChiffres("Sécurisation des factures", _PARTS, lignes)


def _mois(lus: Indicateurs) -> TableauChiffres:
    colonnes = ("Mois de soins", "Factures", "Rejets", "À recevoir (€)", "Reçu (€)",
                "Reste à recevoir (€)")
    lignes = tuple(
        (nom_du_mois(m.mois), sum(m.par_niveau.values()), m.rejets.nombre, m.demande_centimes, m.paye_centimes,
         m.reste_centimes)
        for m in lus.mois
    )  # fmt: skip
    return TableauChiffres("Montants par mois", colonnes, lignes)


def _evolution(lus: Indicateurs) -> TableauChiffres:
    taux = _taux(lus)
    lignes = tuple(
        (nom_du_mois(mois.mois), *(part.taux for part in parts))
        for mois, *parts in zip(lus.mois, *taux.values(), strict=True)
    )
    return TableauChiffres("Évolution des taux", ("Mois de soins", *(f"{nom} (%)" for nom in taux)), lignes)


def _delais(lus: Indicateurs) -> TableauChiffres:
    colonnes = ("Destinataire", "Étape", "Factures", "Médiane (jours)", "Neuf sur dix en (jours)")
    etapes = (("Des soins à l'envoi", lus.envoi), ("De l'envoi au paiement", lus.paiement))
    lignes = tuple(_delai(etape, delai) for etape, delais in etapes for delai in delais)
    return TableauChiffres("Délais", colonnes, lignes)


def _delai(etape: str, delai: Delai) -> tuple[Cellule, ...]:
    return nom_du_fonds(delai.fonds), etape, delai.nombre, delai.mediane, delai.neuf_sur_dix


def _rejets(lus: Indicateurs) -> TableauChiffres:
    colonnes = ("Famille", "Code", "Libellé de la caisse", "Nombre", "Rejeté (€)")
    lignes = [(c.cause.titre, c.code, c.libelle, c.nombre, c.montant_centimes) for c in lus.causes]
    total = ("Total", "", f"sur {lus.rejets.total} factures et DRE répondues", lus.rejets.nombre, lus.rejete_centimes)
    return TableauChiffres("Rejets par motif principal", colonnes, (*lignes, total))


def _lots(lus: Indicateurs) -> TableauChiffres:
    codes = tuple((f"Motif {code}", nombre, None, None) for code, nombre in lus.codes_arl)
    return TableauChiffres("Accusés de réception", _PARTS, (_ligne("Lots refusés", lus.lots_refuses), *codes))


def _pieces(lus: Indicateurs) -> TableauChiffres:
    p = lus.pieces
    comptes = (
        ("À envoyer", p.en_attente), ("Envoyées, sans réponse", p.emises), ("Acceptées", p.acceptees),
        ("Refusées", p.refusees), ("Résolution la plus basse (dpi)", p.dpi_minimum),
        ("Résolution médiane (dpi)", p.dpi_median),
    )  # fmt: skip
    autres = tuple((nom, nombre, None, None) for nom, nombre in comptes)
    return TableauChiffres("Pièces (SCOR)", _PARTS, (_ligne("Factures avec leurs pièces", p.jointes), *autres))
