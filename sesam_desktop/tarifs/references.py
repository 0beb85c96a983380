"""What pricing asks of an imported table of acts or products: that it is there, and that it is of its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol, TypeVar

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import ErreurConnue

from .contexte import Consultation, refuser
from .cotation import Demande

T = TypeVar("T")
_ACCORDS = ("0", "4", "5")  # no answer in time, favourable, urgent: the act may be billed


class Reference(Protocol):
    """A value of an imported table."""

    @property
    def version(self) -> str: ...
    @property
    def hors_periode(self) -> bool: ...


def exiger_table(table: T | None, source: str, champ: str) -> T:
    """The imported table, refused when this workstation has none."""
    if table is None:
        raise refuser(
            "REFERENTIEL_ABSENT", f"La table « {source} » n'est pas installée sur ce poste.", champ,
            f"Importez la source « {source} » depuis la page Référentiels.",
        )
    return table


def consulter(champ: str, chercher: Callable[[], T]) -> T:
    """What `chercher` finds in an imported table; its own refusal gets the path of the field that asked."""
    try:
        return chercher()
    except ErreurConnue as erreur:
        erreur.ou = erreur.ou or champ
        raise


def exiger_accord(demande: Demande, entente: bool | None) -> None:
    """An article under prior agreement is billed with the answer of the fund, or the mark of urgency."""
    if entente and demande.saisie.accord not in _ACCORDS:
        raise refuser(
            "ACCORD_MANQUANT", "Cette ligne est soumise à accord préalable.", f"{demande.champ}.accord",
            "Indiquez 4 (accord), 0 (sans réponse dans le délai) ou 5 (urgence).",
        )


def avertir_de_l_age(reference: Reference, quoi: str, jour: date, champ: str, tables: Consultation) -> None:
    """Say that the price comes from a table made after the care, or long before it."""
    if reference.hors_periode:
        message = f"La {quoi} installée est postérieure aux soins : vérifiez le tarif."
        tables.avertir("TABLE_POSTERIEURE", message, champ)
        return
    seuil = tables.lire("seuils", jour, code="TABLE_ANCIENNE")
    version = date.fromisoformat(reference.version)
    if (jour.year - version.year) * 12 + jour.month - version.month > seuil["valeur"]:
        message = f"La {quoi} installée est celle du {dates.formater(version)} : vérifiez le tarif ou mettez-la à jour."
        tables.avertir("TABLE_ANCIENNE", message, champ)
