"""Table des organismes destinataires: which organisme treats the invoices of a fund, and its mail address."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from sesam_desktop.base.fichiers import traduire
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.ressources import ressource

from . import lecture_tod
from .depot import BaseDroits, EtatListe

_NOM = "tod"
TOUS_CENTRES = "0000"


@dataclass(frozen=True, slots=True)
class VersionTable:
    """What is installed: `date` is AAAA-MM-JJ."""

    version: str
    date: str
    effectif: int


@dataclass(frozen=True, slots=True)
class OrganismeDestinataire:
    """Where the invoices of one fund go.

    hors_table  the table does not know this fund: the answer comes from a rule (`regle`) that must be confirmed
    """

    regime: str
    caisse: str
    centre: str
    organisme_destinataire: str
    centre_informatique: str
    adresse: str
    libelle: str = ""
    version: str = ""
    hors_table: bool = False
    regle: str = ""


@dataclass(frozen=True, slots=True)
class Regle:
    """One row of `regles_destinataire.csv`; ``*`` accepts everything."""

    regime: str
    caisses: frozenset[str]
    centre: str
    organisme: str
    centre_informatique: str
    date_debut: str
    date_fin: str
    source: str

    def vaut(self, regime: str, caisse: str, centre: str, jour: str) -> bool:
        """True when this rule speaks of that fund at that day."""
        return (
            self.regime in ("*", regime)
            and bool(self.caisses & {"*", caisse})
            and self.centre in ("*", centre)
            and self.date_debut <= jour
            and (not self.date_fin or jour <= self.date_fin)
        )


class Tod:
    """Look-ups in the installed table; `domaine` replaces the published mail domain (demonstration, tests)."""

    def __init__(self, base: BaseDroits, domaine: str = "") -> None:
        self._base = base
        self._domaine = domaine

    def importer(self, chemin: Path, version: str = "") -> VersionTable:
        """Replace the table by the CSV (or its ZIP) at `chemin`. Refused whole on the first wrong line."""
        try:
            octets, modifie_le = chemin.read_bytes(), chemin.stat().st_mtime
        except OSError as erreur:
            raise traduire(erreur, chemin) from erreur
        lignes = lecture_tod.lire(octets, chemin.name)
        jour = datetime.fromtimestamp(modifie_le, UTC).date().isoformat()
        table = VersionTable(version or _version_du_nom(chemin.name) or jour, jour, len(lignes))
        with self._base.transaction():
            self._base.remplacer_destinataires(lignes)
            self._base.noter(_NOM, EtatListe(table.version, table.date, table.effectif, None))
        return table

    def version(self) -> VersionTable | None:
        """The table in use, None before the first import."""
        etat = self._base.etat(_NOM)
        return VersionTable(etat.version, etat.date, etat.effectif) if etat else None

    def chercher(self, regime: str, caisse: str, centre: str, jour: date | None = None) -> OrganismeDestinataire:
        """Destinataire of (régime, caisse, centre): that centre, else all centres, else the rules outside the table."""
        _exiger_codes(regime, caisse, centre)
        trouve = self._base.destinataire(regime, caisse, (centre, TOUS_CENTRES))
        etat = self._base.etat(_NOM)
        version = etat.version if etat else ""
        if trouve:
            libelle, organisme, informatique = trouve
            return OrganismeDestinataire(
                regime, caisse, centre, organisme, informatique, self._adresse(regime, organisme), libelle, version
            )
        return self._hors_table(regime, caisse, centre, (jour or datetime.now(UTC).date()).isoformat(), version)

    def libelle(self, regime: str, organisme: str) -> str:
        """Name of a destinataire, "" outside the table."""
        return self._base.libelle(regime, organisme)

    def _hors_table(self, regime: str, caisse: str, centre: str, jour: str, version: str) -> OrganismeDestinataire:
        regle = next(r for r in _regles() if r.vaut(regime, caisse, centre, jour))
        organisme = {"caisse": caisse, "centre": centre[-3:]}.get(regle.organisme, regle.organisme)
        return OrganismeDestinataire(
            regime,
            caisse,
            centre,
            organisme,
            regle.centre_informatique,
            self._adresse(regime, organisme),
            version=version,
            hors_table=True,
            regle=regle.source,
        )

    def _adresse(self, regime: str, organisme: str) -> str:
        adressage = _adressage()
        return adressage["modele"].format(
            regime=regime, organisme=organisme, domaine=self._domaine or adressage["domaine"]
        )


@cache
def _adressage() -> dict[str, str]:
    return tomllib.loads(ressource("droits", "adressage.toml").read_text(encoding="utf-8"))


@cache
def _regles() -> tuple[Regle, ...]:
    with ressource("droits", "regles_destinataire.csv").open(encoding="utf-8", newline="") as flux:
        return tuple(
            Regle(
                ligne["regime"],
                frozenset(ligne["caisses"].split()),
                ligne["centre"],
                ligne["organisme"],
                ligne["centre_informatique"],
                ligne["date_debut"],
                ligne["date_fin"],
                ligne["source"],
            )
            for ligne in csv.DictReader(flux, delimiter=";")
        )


def _exiger_codes(regime: str, caisse: str, centre: str) -> None:
    for nom, code, longueur in (("régime", regime, 2), ("caisse", caisse, 3), ("centre", centre, 4)):
        if not re.fullmatch(rf"[0-9A-Z]{{{longueur}}}", code):
            raise EntreeInvalide(
                f"Le code {nom} « {code[:20]} » doit compter {longueur} caractères.",
                code="ORGANISME_INVALIDE",
                action="Relisez la carte ou ressaisissez l'organisme de rattachement du patient.",
            )


def _version_du_nom(nom: str) -> str:
    trouve = re.search(r"(\d+)[._](\d{2,})", nom)
    return f"{trouve[1]}.{trouve[2]}" if trouve else ""
