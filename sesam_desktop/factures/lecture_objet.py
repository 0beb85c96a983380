"""Strict reading of one JSON object: every key is typed, bounded and known; a refusal names the path of the field.

Values are never repeated in messages: an invoice holds names and NIR.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import EntreeInvalide

T = TypeVar("T")
_IMPRIMABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*")
LONGUEUR_MAX = 200


class ObjetLu:
    """A JSON object being read. Ask for each key, then call `fini`, which refuses what nobody asked for."""

    def __init__(self, valeur: Any, chemin: str) -> None:
        self.chemin = chemin
        if not isinstance(valeur, dict):
            raise refus("un objet est attendu", chemin)
        self._valeurs = valeur
        self._vues: set[str] = set()

    def ou(self, nom: str) -> str:
        """Path of one of the keys, as messages write it."""
        return f"{self.chemin}.{nom}" if self.chemin else nom

    def brut(self, nom: str, *, requis: bool = False) -> Any:
        """The value as it is, None when absent."""
        self._vues.add(nom)
        valeur = self._valeurs.get(nom)
        if valeur is None and requis:
            raise refus("ce champ est obligatoire", self.ou(nom), code="CHAMP_MANQUANT")
        return valeur

    def texte(self, nom: str, defaut: str | None = None, motif: str = "", attendu: str = "") -> str:
        """A printable text, required when `defaut` is None, matching `motif` when it is not empty."""
        valeur = self.brut(nom, requis=defaut is None)
        if valeur is None:
            return defaut or ""
        if not isinstance(valeur, str) or len(valeur) > LONGUEUR_MAX or not _IMPRIMABLE.fullmatch(valeur):
            raise refus(f"un texte imprimable d'au plus {LONGUEUR_MAX} caractères est attendu", self.ou(nom))
        if motif and valeur and not re.fullmatch(motif, valeur, re.ASCII):
            raise refus(attendu, self.ou(nom))
        if defaut is None and not valeur:
            raise refus("ce champ est obligatoire", self.ou(nom), code="CHAMP_MANQUANT")
        return valeur

    def entier(self, nom: str, defaut: int, mini: int, maxi: int) -> int:
        """A whole number between bounds, `defaut` when absent."""
        valeur = self.entier_ou_rien(nom, mini, maxi)
        return defaut if valeur is None else valeur

    def entier_ou_rien(self, nom: str, mini: int, maxi: int) -> int | None:
        """A whole number between bounds, None when absent."""
        valeur = self.brut(nom)
        if valeur is None:
            return None
        if isinstance(valeur, bool) or not isinstance(valeur, int) or not mini <= valeur <= maxi:
            raise refus(f"un nombre entier de {mini} à {maxi} est attendu", self.ou(nom))
        return valeur

    def booleen(self, nom: str, defaut: bool) -> bool:
        valeur = self.brut(nom)
        if valeur is None:
            return defaut
        if not isinstance(valeur, bool):
            raise refus("true ou false est attendu", self.ou(nom))
        return valeur

    def decimal(self, nom: str, defaut: Decimal, maxi: Decimal) -> Decimal:
        """A positive number with at most two decimals, written as a text or a number."""
        valeur = self.brut(nom)
        if valeur is None:
            return defaut
        nombre = _decimal(valeur)
        if nombre is None or not 0 < nombre <= maxi:
            bornes = f"de 0,01 à {str(maxi).replace('.', ',')}"
            raise refus(f"un nombre {bornes} à deux décimales au plus est attendu", self.ou(nom))
        return nombre

    def jour(self, nom: str) -> date | None:
        """AAAA-MM-JJ, None when absent."""
        valeur = self.brut(nom)
        if valeur is None:
            return None
        try:
            return dates.lire_iso(valeur)
        except EntreeInvalide:
            raise refus("une date AAAA-MM-JJ est attendue", self.ou(nom), code="DATE_INVALIDE") from None

    def jour_requis(self, nom: str) -> date:
        self.brut(nom, requis=True)
        jour = self.jour(nom)
        assert jour is not None  # noqa: S101 - brut(requis) has refused None
        return jour

    def objet(self, nom: str, lire: Callable[[ObjetLu], T]) -> T | None:
        """A nested object read by `lire`, None when absent."""
        valeur = self.brut(nom)
        return None if valeur is None else complet(ObjetLu(valeur, self.ou(nom)), lire)

    def objet_requis(self, nom: str, lire: Callable[[ObjetLu], T]) -> T:
        return complet(ObjetLu(self.brut(nom, requis=True), self.ou(nom)), lire)

    def liste(self, nom: str, maxi: int) -> Iterator[tuple[Any, str]]:
        """(value, path) of each element; an absent list is empty."""
        valeur = self.brut(nom)
        if valeur is None:
            return
        if not isinstance(valeur, list) or len(valeur) > maxi:
            raise refus(f"une liste d'au plus {maxi} éléments est attendue", self.ou(nom))
        for rang, element in enumerate(valeur):
            yield element, f"{self.ou(nom)}[{rang}]"

    def fini(self) -> None:
        """Refuse the keys that were never asked for."""
        for nom in self._valeurs:
            if nom not in self._vues:
                connu = str(nom)[:40]
                chemin = self.ou(connu) if _IMPRIMABLE.fullmatch(connu) else self.chemin
                raise refus("ce champ est inconnu", chemin, code="CHAMP_INCONNU")


def complet(objet: ObjetLu, lire: Callable[[ObjetLu], T]) -> T:
    """`lire(objet)`, then no key may be left over."""
    valeur = lire(objet)
    objet.fini()
    return valeur


def refus(attendu: str, chemin: str, *, code: str = "CHAMP_INVALIDE") -> EntreeInvalide:
    """The typed refusal of one field."""
    return EntreeInvalide(
        attendu[:1].upper() + attendu[1:] + ".", code=code, ou=chemin or "facture", action="Corrigez la facture."
    )


def _decimal(valeur: Any) -> Decimal | None:
    if isinstance(valeur, bool) or not isinstance(valeur, (str, int, float, Decimal)):
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", str(valeur), re.ASCII):
        return None
    return Decimal(str(valeur))
