"""Where a DRE goes: the insurer itself, its centre de service, or an OCT. Rows of ``routage_amc`` (project profile)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.routages_amc import ROUTAGE
from sesam_desktop.referentiels.tables import SourceTables

from .amc import numeros_de


@dataclass(frozen=True, slots=True)
class Routage:
    """`type`: OC, CS or OT; `numero`: 14 digits of the file header; `boite`: mailbox it leaves by."""

    type: str
    numero: str
    adresse: str
    boite: str
    libelle: str

    @property
    def amc(self) -> str:
        """Ten digits that lots are numbered by."""
        return self.numero[-10:]


def chercher(numero_amc: str, jour: date, tables: SourceTables) -> Routage | None:
    """The row of the whole number, else of its longest known beginning; None when the table knows neither."""
    par_numero = {ligne["numero"]: ligne for ligne in tables.charger(ROUTAGE).lignes(jour)}
    ligne = next((par_numero[numero] for numero in numeros_de(numero_amc) if numero in par_numero), None)
    if ligne is None:
        return None
    return Routage(ligne["type"], ligne["destinataire"], ligne["adresse"], ligne["boite"], ligne["libelle"])


def exiger(numero_amc: str, jour: date, tables: SourceTables) -> Routage:
    """Like `chercher`; raises AMC_SANS_ROUTAGE."""
    trouve = chercher(numero_amc, jour, tables)
    if trouve is None:
        raise ErreurConnue(
            f"L'adresse de la complémentaire {numero_amc} n'est pas connue.", code="AMC_SANS_ROUTAGE",
            action="Importez la table de routage des complémentaires dans Référentiels, puis recommencez.",
        )
    return trouve
