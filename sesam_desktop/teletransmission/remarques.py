"""What somebody should know of a return that was applied all the same, in sentences for people. Pure.

A return whose totals are wrong, or that speaks of another patient, is applied: each invoice in it says its own number,
lot, date and amount, and the bank will show that money. But it is told, with what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sesam_desktop.noyau.montants import formater

if TYPE_CHECKING:
    from sesam_desktop.flux.noemie import Ecart

CITEES = 5  # invoices named in a sentence


@dataclass(slots=True)
class Citees:
    """Invoices of which something is said: the first of them, and how many."""

    premieres: list[str] = field(default_factory=list)
    nombre: int = 0

    def ajouter(self, numero: str) -> None:
        self.nombre += 1
        if len(self.premieres) < CITEES:
            self.premieres.append(numero)

    def __str__(self) -> str:
        """« la facture 1 », « les factures 1, 2 et 3 autres »."""
        noms, reste = ", ".join(self.premieres), self.nombre - len(self.premieres)
        suite = f" et {reste} autre{'s' if reste > 1 else ''}" if reste else ""
        return f"les factures {noms}{suite}" if self.nombre > 1 else f"la facture {noms}"


@dataclass(slots=True)
class Remarques:
    """Noted while a return is read; `phrases` once it is."""

    ecarts: Sequence[Ecart] = ()
    cles_fausses: Citees = field(default_factory=Citees)
    autres_assures: Citees = field(default_factory=Citees)

    def phrases(self) -> list[str]:
        """None when there is nothing to say."""
        phrases = _totaux(self.ecarts)
        if self.cles_fausses.nombre:
            phrases.append(
                f"La clé du numéro d'assuré est fausse pour {self.cles_fausses} : "
                "vérifiez auprès de la caisse pour qui elle a payé."
            )
        if self.autres_assures.nombre:
            phrases.append(
                f"Ce retour porte un autre numéro d'assuré que le vôtre pour {self.autres_assures} : la réponse est "
                "appliquée quand même ; vérifiez ce numéro, ou demandez à la caisse pour qui elle a payé."
            )
        return phrases


def _totaux(ecarts: Sequence[Ecart]) -> list[str]:
    """The money first. Entities counted by a 990 are not told: the norm's own count is not public."""
    par_zone = {(ecart.entite, ecart.zone): ecart for ecart in reversed(ecarts)}
    phrases = []
    if fichier := par_zone.get(("999", "cumul")):
        annonce, paye = _euros(fichier)
        phrases.append(
            f"Ce retour annonce un total de {annonce}, ce qu'il contient fait {paye} : "
            "vérifiez le virement et demandez à la caisse ce qu'elle a payé."
        )
    elif partie := par_zone.get(("990", "cumul")):
        annonce, paye = _euros(partie)
        phrases.append(
            f"Un sous-total de ce retour (ligne {partie.ligne}) annonce {annonce}, ce qu'il résume fait {paye} : "
            "vérifiez le virement."
        )
    for zone, quoi in (("nombre_enregistrements", "enregistrements"), ("nombre_lots", "lots")):
        if compte := par_zone.get(("999", zone)):
            phrases.append(
                f"Ce retour annonce {compte.annonce} {quoi}, il en contient {compte.recompte} : "
                "demandez à la caisse s'il est complet."
            )
    return phrases


def _euros(ecart: Ecart) -> tuple[str, str]:
    return formater(ecart.annonce, unite="€"), formater(ecart.recompte, unite="€")
