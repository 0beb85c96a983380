"""The CCAM as its publisher gives it (the official workbook as CSV). Pure: bytes of the file in, articles out.

A chapter is a numbered row; an act is a row that begins with its code; the rows under it belong to it: its other
activities (« anesthésie »), its notes, its complementary codes in parentheses and, in the first column of any of them,
its modifiers in brackets. Chapter 19.03 gives the value of the modifiers, on several rows for some of them.

Three kinds of articles come out: ``DEQP003-1-0`` (an activity of an act), ``chapitre-01.01`` (with its notes) and
``modificateur-U-2`` (the second value of U). A row that cannot be kept is rejected with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import ccam_lignes
from .articles import Article, Fichier, Lecture, Suivre
from .ccam_blocs import Bloc, blocs
from .ccam_lignes import LigneCcam
from .ccam_notes import CODE, associations

# The publisher sometimes wrote the columns of an activity one row too high, beside a note.
_NOTE = re.compile(r"(?:avec ou sans|environnement|facturation|indication|formation)\s*:", re.IGNORECASE)


class _Textes(NamedTuple):
    """What the rows of a block say beside tariffs."""

    notes: list[str]
    modificateurs: list[str]
    complementaires: list[str]


def analyser(fichiers: Sequence[Fichier], suivre: Suivre[Any]) -> Lecture:
    """Read the file. Raises FormatInvalide (TABLE_ILLISIBLE) when it is not the official CSV."""
    fichier, lecture = fichiers[0], Lecture()
    lecture.version, rangees = ccam_lignes.lire(fichier)
    lecteur = _Lecteur(fichier.nom, lecture)
    for bloc in blocs(suivre(rangees), fichier.nom, lecture):
        lecteur.garder(bloc)
    return lecture


class _Lecteur:
    """Turns blocks into articles; rejects the rows it cannot read."""

    def __init__(self, fichier: str, lecture: Lecture) -> None:
        self._fichier, self._lecture = fichier, lecture
        self._interdits: dict[str, tuple[str, ...]] = {}  # by chapter

    def garder(self, bloc: Bloc) -> None:
        """Keep what the block says, row by row."""
        match bloc.genre:
            case "acte":
                self._acte(bloc)
            case "chapitre":
                self._chapitre(bloc)
            case "modificateur":
                self._modificateur(bloc)
            case _:
                self._perdre(bloc.lignes[1:], "suite d'une ligne rejetée")

    def _chapitre(self, bloc: Bloc) -> None:
        titre, notes = bloc.lignes[0], self._textes(bloc).notes
        self._interdits[bloc.code] = associations(bloc.code, notes).interdites
        self._article(titre, f"chapitre-{bloc.code}", titre.texte, {"notes": notes})

    def _acte(self, bloc: Bloc) -> None:
        textes = self._textes(bloc)
        dits = associations(bloc.code, textes.notes)
        herites = [code for numero in _lignee(bloc.chapitre) for code in self._interdits.get(numero, ())]
        interdits = dict.fromkeys([*dits.interdites, *herites])
        interdits.pop(bloc.code, None)
        commun = {
            "chapitre": bloc.chapitre, **textes._asdict(), "incompatibles": [*interdits],
            "a_verifier": [*dits.a_verifier],
        }  # fmt: skip
        gardees = 0
        for lue in bloc.lignes:
            if lue.activite:
                gardees += self._essayer(lue, self._activite, bloc, commun, not gardees)
        if not gardees:
            self._perdre(bloc.lignes, f"acte {bloc.code} sans activité lisible")

    def _activite(self, lue: LigneCcam, bloc: Bloc, commun: dict[str, Any], premiere: bool) -> bool:
        titre = bloc.lignes[0]
        tarifs = {"tarif_1": ccam_lignes.tarif(lue.tarif_1), "tarif_2": ccam_lignes.tarif(lue.tarif_2)}
        donnees = tarifs | ccam_lignes.conditions(lue) | commun
        if not titre.activite:  # RC then stands on the row of the code alone
            donnees["sous_conditions"] |= titre.sous_conditions == "RC"
        code = f"{bloc.code}-{ccam_lignes.activite(lue)}"
        mots = f"{bloc.code} {titre.texte}" if premiere else ""
        return self._article(lue, code, _libelle(titre, lue), donnees, mots)

    def _modificateur(self, bloc: Bloc) -> None:
        valeurs = [lue for lue in bloc.lignes if lue.tarif_1 or lue.tarif_2]
        notes = [lue.texte for lue in bloc.lignes[1:] if lue not in valeurs and lue.texte]
        gardees = 0
        for lue in valeurs:
            gardees += self._essayer(lue, self._valeur, f"modificateur-{bloc.code}-{gardees + 1}", notes)
        if not gardees:
            self._perdre(bloc.lignes, f"modificateur {bloc.code} sans valeur lisible")

    def _valeur(self, lue: LigneCcam, code: str, notes: list[str]) -> bool:
        majoration = ccam_lignes.majoration(lue)
        if lue.tarif_1.endswith("%") != lue.tarif_2.endswith("%"):
            self._remarquer(lue, f"« {lue.tarif_1[:10]} » et « {lue.tarif_2[:10]} » : lus comme deux pourcentages")
        return self._article(lue, code, lue.texte, {**majoration, "notes": notes})

    def _textes(self, bloc: Bloc) -> _Textes:
        textes = _Textes([], [], [])
        titre, *suite = bloc.lignes
        if not titre.activite:
            self._essayer(titre, ccam_lignes.exiger_sans_valeur, "RC" if bloc.genre == "acte" else "")
        for lue in suite:
            self._essayer(lue, self._texte, bloc, textes)
        return textes

    def _texte(self, lue: LigneCcam, bloc: Bloc, textes: _Textes) -> None:
        if bloc.genre != "acte" and (lue.activite or lue.code):
            raise EntreeInvalide("activité ou modificateurs sans acte")
        self._modificateurs(lue, textes)
        if not lue.activite:
            ccam_lignes.exiger_sans_valeur(lue)
            if lue.texte and not (bloc.genre == "acte" and self._complementaires(lue, textes)):
                textes.notes.append(lue.texte)
        elif _NOTE.match(lue.texte):
            textes.notes.append(lue.texte)
            self._remarquer(lue, "une note et une activité sur la même ligne : gardées toutes les deux")

    def _modificateurs(self, lue: LigneCcam, textes: _Textes) -> None:
        for lettre in re.findall(r"[^\[\],\s]+", lue.code):
            if re.fullmatch(r"[A-Z0-9]", lettre):
                textes.modificateurs.append(lettre)
            else:
                self._remarquer(lue, f"modificateur « {lettre[:20]} » illisible : laissé de côté")

    def _complementaires(self, lue: LigneCcam, textes: _Textes) -> bool:
        """True when the row is the list of them."""
        entre = re.fullmatch(r"\(([A-Z0-9,\s]*)\)", lue.texte)
        if not entre or not CODE.search(lue.texte):
            return False
        for code in re.findall(r"[A-Z0-9]+", entre[1]):
            if CODE.fullmatch(code):
                textes.complementaires.append(code)
            else:
                self._remarquer(lue, f"code complémentaire « {code[:20]} » illisible : laissé de côté")
        return True

    def _article(self, lue: LigneCcam, code: str, libelle: str, donnees: dict[str, Any], mots: str = "") -> bool:
        return self._lecture.garder(self._fichier, lue.numero, Article(code, libelle, donnees, mots))

    def _essayer(self, lue: LigneCcam, lire: Callable[..., bool | None], *reste: Any) -> bool:
        """What `lire` kept of the row; a cell it refuses rejects the row."""
        try:
            return bool(lire(lue, *reste))
        except EntreeInvalide as erreur:
            self._lecture.rejeter(self._fichier, lue.numero, erreur.message)
            return False

    def _perdre(self, lignes: list[LigneCcam], motif: str) -> None:
        for lue in lignes:
            self._lecture.rejeter(self._fichier, lue.numero, motif)

    def _remarquer(self, lue: LigneCcam, motif: str) -> None:
        self._lecture.remarquer(self._fichier, lue.numero, motif)


def _libelle(titre: LigneCcam, lue: LigneCcam) -> str:
    """The act, then what this activity is of it: « anesthésie », « Phase 2 : ablation du dispositif »."""
    if lue is titre or _NOTE.match(lue.texte):
        return titre.texte
    return f"{titre.texte} – {lue.texte}" if lue.texte else titre.texte


def _lignee(chapitre: str) -> list[str]:
    """``19.01.02`` → ``19``, ``19.01``, ``19.01.02``."""
    morceaux = chapitre.split(".")
    return [".".join(morceaux[: rang + 1]) for rang in range(len(morceaux))]
