"""Remarks on the invoice composed, each where its cause is: beside a field, on a line, or under all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sesam_desktop.factures.facture import Alerte

from ..composants.bandeau import Bandeau

ZONES = {
    "patient": r"beneficiaire|tiers_payant|amc",
    "situation": r"nature_assurance|accident_|maternite_",
    "prescription": r"prescription",
    "parcours": r"parcours",
    "visite": r"date_soins",
}
BLOQUANTE = "bloquante"
ABSENT, OUVRIR = "REFERENTIEL_ABSENT", "Ouvrir Référentiels"
_LIGNE = re.compile(r"lignes\[([0-9]+)\]")


def repartir(alertes: Iterable[Alerte], zones: Iterable[str]) -> dict[str, list[Alerte]]:
    """Remarks by zone, "" for those of no zone shown, in their order."""
    montrees = tuple(zones)
    reparties: dict[str, list[Alerte]] = {}
    for alerte in alertes:
        zone = next((nom for nom in montrees if re.match(ZONES[nom], alerte.champ)), "")
        reparties.setdefault(zone, []).append(alerte)
    return reparties


def uniques(alertes: Iterable[Alerte]) -> list[Alerte]:
    """What the controls and the pricing both say, once: the same code on a field, or the same sentence on a line.

    The blocking ones first.
    """
    par_champ = {(a.code, a.champ, a.message if not a.champ else ""): a for a in reversed(list(alertes))}
    par_phrase = {(a.message, ligne_de(a), "" if ligne_de(a) is not None else a.champ): a for a in par_champ.values()}
    return sorted(reversed(par_phrase.values()), key=lambda a: a.gravite != BLOQUANTE)


def de_la_ligne(alertes: Iterable[Alerte], rang: int) -> tuple[Alerte, ...]:
    """Those of line `rang`."""
    return tuple(a for a in alertes if ligne_de(a) == rang)


def ligne_de(alerte: Alerte) -> int | None:
    """The line a remark is about, None when it is about the whole invoice."""
    lue = _LIGNE.match(alerte.champ)
    return int(lue.group(1)) if lue else None


def phrase(alerte: Alerte) -> str:
    """The sentence, its line first."""
    return phrases([alerte])[0]


def phrases(alertes: Iterable[Alerte]) -> list[str]:
    """A sentence a message, with the lines it is about."""
    lignes: dict[str, list[int | None]] = {}
    for alerte in alertes:
        lignes.setdefault(alerte.message, []).append(ligne_de(alerte))
    return [f"{_lieu(rangs)}{message}" for message, rangs in lignes.items()]


def _lieu(rangs: list[int | None]) -> str:
    """``Ligne 2 : ``, ``Lignes 1, 2 : ``, nothing for the whole invoice."""
    numeros = sorted({rang + 1 for rang in rangs if rang is not None})
    if not numeros or None in rangs:
        return ""
    return f"Ligne{'s' if len(numeros) > 1 else ''} {', '.join(map(str, numeros))} : "


def bloque(alertes: Iterable[Alerte]) -> bool:
    """True when one of them keeps the invoice from being secured."""
    return any(a.gravite == BLOQUANTE for a in alertes)


def dire_alertes(bandeau: Bandeau, alertes: list[Alerte], importer: Callable[[], object]) -> None:
    """Say each remark; hide the notice when there is none. `importer` leads to a table that is missing."""
    if not alertes:
        bandeau.taire()
        return
    suite = OUVRIR if any(a.code == ABSENT for a in alertes) else ""
    genre = "erreur" if bloque(alertes) else "avertissement"
    bandeau.dire("\n".join(phrases(alertes)), genre, suite=suite, action=importer)


def motif_d_attente(a_patient: bool, a_ligne: bool, alertes: Iterable[Alerte]) -> str:
    """Why « Sécuriser » is off, empty when nothing keeps from it."""
    if not a_patient:
        return "Pour sécuriser : insérez la carte Vitale du patient, ou F2."
    if not a_ligne:
        return "Pour sécuriser : ajoutez une ligne."
    bloquantes = [a for a in alertes if a.gravite == BLOQUANTE]
    if not bloquantes:
        return ""
    suite = f" (et {len(bloquantes) - 1} de plus)" if len(bloquantes) > 1 else ""
    return f"Sécuriser attend une correction : {phrase(bloquantes[0])}{suite}"
