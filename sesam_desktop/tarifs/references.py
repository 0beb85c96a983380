"""What pricing asks of an imported table of acts or products: that it is there, and that it is of its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import ErreurConnue

from .contexte import Consultation, refuser
from .cotation import Demande

T = TypeVar("T")
_ANCIENNE = "TABLE_ANCIENNE"
_ACCORDS = ("0", "4", "5")  # no answer in time, favourable, urgent: the act may be billed


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
    """A reimbursed article under prior agreement is billed with the answer of the fund, or the mark of urgency."""
    if entente and demande.remboursable and demande.saisie.accord not in _ACCORDS:
        raise refuser(
            "ACCORD_MANQUANT", "Cette ligne est soumise à accord préalable.", f"{demande.champ}.accord",
            "Indiquez 4 (accord), 0 (sans réponse dans le délai) ou 5 (urgence) ; si l'accord est refusé, facturez-la"
            " avec le qualificatif N.",
        )


def est_ancienne(version: str, jour: date, tables: Consultation) -> bool:
    """True when the imported table is so much older than the care that its prices may have changed since."""
    debut = date.fromisoformat(version)
    ecart = (jour.year - debut.year) * 12 + jour.month - debut.month
    # Not `tables.lire`: this delay is ours, no fund can confirm it.
    seuil = tables.contexte.tables.charger("seuils").a_la_date(jour, code=_ANCIENNE)
    return bool(ecart > seuil["valeur"])


def avertir_de_l_age(version: str, quoi: str, jour: date, champ: str, tables: Consultation) -> None:
    """Say, once an invoice, that the prices come from a table made long before the care."""
    if est_ancienne(version, jour, tables) and not any(code == _ANCIENNE for code, _ in tables.alertes):
        du = dates.formater(date.fromisoformat(version))
        message = f"La {quoi} installée est celle du {du} : vérifiez le tarif ou mettez-la à jour."
        tables.avertir(_ANCIENNE, message, champ)


def avertir_du_dernier_jour(fin: date | None, jour: date, champ: str, tables: Consultation) -> None:
    """The tables do not say whether the day of the end is still covered: codes that replace others begin on it."""
    if fin == jour:
        fin_dite = f"La table donne le {dates.formater(jour)} pour fin de ce code"
        message = f"{fin_dite} : vérifiez que ce jour est encore pris en charge."
        tables.avertir("DERNIER_JOUR", message, champ)


def quoi_importer(hors_periode: bool, quoi: str) -> str:
    """What to do when the imported table has no price for the day of care."""
    return f"Importez une {quoi} plus ancienne." if hors_periode else f"Mettez à jour la {quoi}."
