"""A whole B2 file around ready-made invoices: header, lot, totals, end. Project profile for liberal FSE.

One lot a file, one file a destinataire; counters and amounts of records 6 and 999 are computed here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sesam_desktop.noyau.dates import aammjj
from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.noyau.ressources import ressource

from .. import caracteres
from ..enregistrement import Enregistrement
from ..registre import registre
from ..zones import Valeur

VARIANTE = "b2_ps_140"
_CORSE = {"A": "1", "B": "2"}
_LONGUEUR_NOM = 40  # the name only informs: unlike any other value, it is cut to fit


@dataclass(frozen=True, slots=True)
class Emetteur:
    """Who sends: billing number with its key (9 digits) and what record 1 says of the professional."""

    numero: str
    nom: str
    specialite: str = ""
    convention: str = "1"
    zone_tarifaire: str = ""
    zone_ik: str = ""
    type: str = "TP"
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Recepteur:
    """Where the file goes, as the TOD answers."""

    regime: str
    organisme: str
    centre_informatique: str

    @property
    def numero(self) -> str:
        """14 digits of positions 28–41 of the header."""
        return f"000000{self.regime:0>2}{self.centre_informatique:0>3}{self.organisme:0>3}"

    @property
    def type(self) -> str:
        """Two letters of the kind of organism, from its régime."""
        types = types_par_regime()
        if self.regime not in types:
            raise FormatInvalide(f"Aucun type d'organisme n'est connu pour le régime {self.regime}.", code="REGIME")
        return types[self.regime]


@dataclass(frozen=True, slots=True)
class RecepteurAmc:
    """Where a file of DRE goes: kind of organism (OC, CS, OT) and its 14 digits. Project profile."""

    type: str
    numero: str

    @property
    def organisme(self) -> str:
        """What record 1 repeats of it, as it does for a fund."""
        return self.numero[-3:]


@dataclass(frozen=True, slots=True)
class Lot:
    """Number (3 digits) and date of constitution: together they name the lot in returns."""

    numero: str
    date: date


def numero_partenaire(numero: str) -> str:
    """A billing number as B2 writes it: a Corsican FINESS 2Ayyxxxxx becomes 2001xxxxx, 2Byyxxxxx 2002xxxxx."""
    corse = re.fullmatch(r"2([AB])[0-9]{2}([0-9]{5})", numero)
    return f"200{_CORSE[corse.group(1)]}{corse.group(2)}" if corse else numero


@lru_cache(maxsize=1)
def types_par_regime() -> dict[str, str]:
    """Two-letter kind of organism of each grand régime."""
    with ressource("flux", "types_organismes.csv").open(encoding="utf-8", newline="") as table:
        return {rangee["regime"]: rangee["type"] for rangee in csv.DictReader(table, delimiter=";")}


def fichier(
    emetteur: Emetteur,
    destinataire: Recepteur | RecepteurAmc,
    lot: Lot,
    factures: Sequence[Sequence[Enregistrement]],
    identification: str,
    cree_le: date,
    flux_type: str = "R",
    *,
    norme: str = "PS",
    cryptage: str = "",
) -> list[Enregistrement]:
    """Records 000 to 999. `flux_type`: R real, T test, D demonstration; `identification`: six characters.

    `norme`: PS for invoices, DRE for what insurers are asked: it decides the layouts.
    """
    commun = _commun(emetteur, destinataire, identification)
    entete = _composer(
        "000",
        **commun,
        date_creation=aammjj(cree_le),
        norme=norme,
        version_format="B2",
        cryptage=cryptage,
        type_flux=flux_type,
    )
    corps = [entete, _debut_de_lot(emetteur, destinataire, lot), *(e for f in factures for e in f)]
    corps.append(_fin_de_lot(emetteur, lot, factures))
    corps.append(_composer("999", **commun, nombre_enregistrements=len(corps) + 1, type_flux=flux_type, nombre_lots=1))
    variante = registre().de_norme(norme).code
    return [replace(e, variante=variante, ligne=ligne) for ligne, e in enumerate(corps, start=1)]


def _composer(type_: str, **valeurs: Valeur) -> Enregistrement:
    return Enregistrement.composer(VARIANTE, type_, valeurs)


def _commun(emetteur: Emetteur, destinataire: Recepteur | RecepteurAmc, identification: str) -> dict[str, Valeur]:
    return {
        "type_emetteur": emetteur.type,
        "numero_emetteur": numero_partenaire(emetteur.numero),
        "programme_emetteur": emetteur.programme,
        "type_destinataire": destinataire.type,
        "numero_destinataire": destinataire.numero,
        "application": "TR",
        "identification_fichier": identification,
    }


def _debut_de_lot(emetteur: Emetteur, destinataire: Recepteur | RecepteurAmc, lot: Lot) -> Enregistrement:
    return _composer(
        "1",
        numero_partenaire=numero_partenaire(emetteur.numero),
        organisme_destinataire=destinataire.organisme,
        numero_lot=lot.numero,
        specialite=emetteur.specialite,
        convention=emetteur.convention,
        zone_tarifaire=emetteur.zone_tarifaire,
        zone_ik=emetteur.zone_ik,
        nom_partenaire=caracteres.B2.normaliser(emetteur.nom)[:_LONGUEUR_NOM],
        origine_fichier="B2",
        date_lot=aammjj(lot.date),
    )


def _fin_de_lot(emetteur: Emetteur, lot: Lot, factures: Sequence[Sequence[Enregistrement]]) -> Enregistrement:
    tous = [e for f in factures for e in f]
    return _composer(
        "6",
        numero_partenaire=numero_partenaire(emetteur.numero),
        nombre_factures=len(factures),
        nombre_lignes=sum(e.type in ("3", "4") for e in tous),
        nombre_factures_2=len(factures),
        nombre_factures_3=len(factures),
        total_honoraires=_somme(tous, ("3", "depense"), ("4", "honoraires")),
        total_amo=_somme(tous, ("3", "montant_amo"), ("4", "montant_amo")),
        total_amc=_somme(tous, ("3", "montant_amc"), ("4", "montant_amc")),
        numero_lot=lot.numero,
    )


def _somme(enregistrements: Iterable[Enregistrement], *zones: tuple[str, str]) -> int:
    noms = dict(zones)
    return sum(e.zones[noms[e.type]] for e in enregistrements if e.type in noms)
