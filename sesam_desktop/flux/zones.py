"""The engine of fixed-position records: a layout is a table of zones (CSV); reader, writer and checks derive from it.

Types of a zone, and the Python value it gives:

- ``A`` text, left-aligned, trailing blanks dropped → ``str``
- ``N`` digits of an identifier, leading zeros kept → ``str``
- ``D`` date ``AAMMJJ``, zeros when absent → ``str`` (the century is not on the wire)
- ``M`` amount in centimes → ``int``
- ``C`` counter, quantity, rate, or coefficient with implied decimals → ``int``

An optional digit zone that a sender left blank is read as ``None``, and ``None`` is written as blanks; an absent key is
written as the norm says: zeros, blanks, or the zone's only allowed value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.noyau.ressources import ressource

from . import caracteres
from .registre import registre
from .table_zones import ENTIERS, Valeur, Zone, date_plausible, lire_table

__all__ = ["VARIANTES", "Layout", "Valeur", "Zone", "declares", "exiger", "layout", "types"]


class Layout:
    """A compiled record: `lire` and `ecrire` are exact inverses on what they accept."""

    def __init__(self, variante: str, type: str, zones: Sequence[Zone], jeu: caracteres.Jeu) -> None:
        self.variante, self.type, self.zones, self.jeu = variante, type, tuple(zones), jeu
        self.longueur = self.zones[-1].fin
        self.par_nom = {zone.nom: zone for zone in zones}
        self._noms = tuple(self.par_nom)
        self._entiers = tuple(z.nom for z in zones if z.type in ENTIERS)
        self._rangs_entiers = tuple((z.nom, rang) for rang, z in enumerate(zones) if z.type in ENTIERS)
        self._rangs_textes = tuple((z.nom, rang) for rang, z in enumerate(zones) if z.type == "A")
        self._defauts = {z.nom: z.defaut for z in zones}
        self._strict = re.compile("".join(f"({z.motif(jeu.lus, blanc_admis=False)})" for z in zones)).fullmatch
        self._souple = re.compile("".join(f"({z.motif(jeu.lus, blanc_admis=True)})" for z in zones)).fullmatch
        ecrits = re.escape(jeu.ecrits)
        self._conforme = re.compile("".join(z.motif(ecrits, blanc_admis=False) for z in zones)).fullmatch
        self._juste = re.compile("".join(z.motif_juste(ecrits) for z in zones)).fullmatch
        self._dates = tuple(slice(z.debut, z.fin) for z in zones if z.type == "D")
        self._gabarit = "".join(z.gabarit() for z in zones)
        self._choisir = itemgetter(*self._noms)

    def lire(self, octets: bytes, ligne: int = 0) -> dict[str, Valeur]:
        """Values by zone name. Raises FormatInvalide naming record, position and zone."""
        texte = octets.decode(caracteres.CODAGE)
        trouve = self._strict(texte)
        if trouve is None:
            return self._lire_souple(texte, ligne)
        bruts = trouve.groups()
        valeurs: dict[str, Valeur] = dict(zip(self._noms, bruts, strict=True))
        for nom, rang in self._rangs_entiers:
            valeurs[nom] = int(bruts[rang])
        for nom, rang in self._rangs_textes:
            valeurs[nom] = bruts[rang].rstrip(" ")
        return valeurs

    def est_juste(self, texte: str) -> bool:
        """True when no check of one zone alone finds a fault: what most records are, told in one pass."""
        return self._juste(texte) is not None and all(date_plausible(texte[place]) for place in self._dates)

    def _lire_souple(self, texte: str, ligne: int) -> dict[str, Valeur]:
        trouve = self._souple(texte)
        if trouve is None:
            raise self._faute_de_lecture(texte, ligne)
        return {z.nom: z.valeur(brut) for z, brut in zip(self.zones, trouve.groups(), strict=True)}

    def ecrire(self, valeurs: Mapping[str, Valeur], ligne: int = 0) -> bytes:
        """The record's bytes. Raises FormatInvalide for a value too long, of the wrong kind, or an unknown zone."""
        complet = {**self._defauts, **valeurs}
        if len(complet) == len(self._noms) and all(type(complet[nom]) is int for nom in self._entiers):
            texte = self._gabarit % self._choisir(complet)
            if self._conforme(texte):
                return texte.encode(caracteres.CODAGE)
        return self._ecrire_zone_par_zone(complet, ligne).encode(caracteres.CODAGE)

    def _ecrire_zone_par_zone(self, valeurs: Mapping[str, Valeur], ligne: int) -> str:
        for inconnue in valeurs.keys() - self.par_nom.keys():
            raise FormatInvalide("Cette zone n'existe pas.", code="ZONE_INCONNUE", ligne=ligne, zone=inconnue)
        return "".join(self._ecrire_zone(z, valeurs[z.nom], ligne) for z in self.zones)

    def _ecrire_zone(self, zone: Zone, valeur: Valeur, ligne: int) -> str:
        if valeur is None and (zone.facultative or not zone.numerique):
            return " " * zone.longueur
        texte = self._en_texte(zone, valeur)
        if len(texte) > zone.longueur:
            raise self._faute("La valeur est trop longue", "VALEUR_TROP_LONGUE", zone, ligne)
        if zone.numerique and not (texte.isascii() and texte.isdigit()):
            raise self._faute("La valeur n'est pas un nombre entier positif", "NON_NUMERIQUE", zone, ligne)
        return texte.ljust(zone.longueur)

    def _en_texte(self, zone: Zone, valeur: Valeur) -> str:
        """Characters of a value, not yet padded; ``-`` for what cannot be a number."""
        if zone.type in ENTIERS:
            return f"{valeur:0{zone.longueur}d}" if type(valeur) is int and valeur >= 0 else "-"
        if zone.numerique:
            return "-" if valeur is None else str(valeur).zfill(zone.longueur)
        return str(valeur) if str(valeur) in zone.valeurs else self.jeu.normaliser(str(valeur)).rstrip(" ")

    def _faute_de_lecture(self, texte: str, ligne: int) -> FormatInvalide:
        if len(texte) != self.longueur:
            return FormatInvalide(
                f"L'enregistrement {self.type} compte {len(texte)} caractères au lieu de {self.longueur}.",
                code="LONGUEUR",
                ligne=ligne,
            )
        zone = next(z for z in self.zones if not self._lisible(z, texte))
        sorte = "des chiffres" if zone.numerique else "des caractères imprimables"
        return self._faute(f"La zone doit contenir {sorte}", "CARACTERE", zone, ligne)

    def _lisible(self, zone: Zone, texte: str) -> bool:
        return re.fullmatch(zone.motif(self.jeu.lus, blanc_admis=True), zone.extrait(texte)) is not None

    def _faute(self, message: str, code: str, zone: Zone, ligne: int) -> FormatInvalide:
        return FormatInvalide(
            f"{message} (enregistrement {self.type}, {zone.longueur} caractères, type {zone.type}).",
            code=code,
            ligne=ligne,
            position=zone.position,
            zone=zone.nom,
        )


VARIANTES = tuple(registre().par_code)


@lru_cache(maxsize=128)
def layout(variante: str, type: str) -> Layout | None:
    """The compiled layout of one record, or None when the variant has no such record."""
    if type not in types(variante):
        return None
    fiche = registre().exiger(variante)
    dossier = variante if type in declares(variante) else fiche.socle
    return Layout(variante, type, lire_table(ressource("flux", dossier, f"{type}.csv")), fiche.jeu)


def exiger(variante: str, type: str) -> Layout:
    """Like `layout`, but an unknown record is a FormatInvalide."""
    trouve = layout(variante, type)
    if trouve is None:
        raise FormatInvalide(f"L'enregistrement « {type} » n'existe pas dans {variante}.", code="TYPE_INCONNU")
    return trouve


@lru_cache(maxsize=16)
def types(variante: str) -> tuple[str, ...]:
    """Record types of a variant, its own and those it keeps from another, sorted."""
    socle = registre().exiger(variante).socle
    return tuple(sorted(declares(variante) | set(types(socle) if socle else ())))


@lru_cache(maxsize=16)
def declares(variante: str) -> frozenset[str]:
    """Record types of which a variant has its own table."""
    return frozenset(chemin.stem for chemin in ressource("flux", variante).glob("*.csv"))
