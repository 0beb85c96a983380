"""The table of resources: names an application opens (`CPS`, `Vitale`, `Log_SV`, and aliases) and where they are.

With a `galss.ini`, resources are those it describes, on the readers it names. Without one they are found by the cards:
each slot is a channel of its own, and `Log_SV` stands beside `CPS`, as SSV asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sesam_desktop.lecteurs.canal import Fente
from sesam_desktop.lecteurs.roles import ROLES

from .galss_controles import ALIAS_API_LECTURE
from .galss_modele import TYPE_PCSC, TYPE_SERIE, Canal, FichierGalss, Lad, Pad

LOG_SV = "Log_SV"
LAD_LOGICIEL, LAD_CARTE = 0, 1
ROLE_DE = {"CPS": "cps", "Vitale": "vitale"}
_SERIE, _FENTE = "serie:", " [fente "  # as serial channels are named, and the slots of their readers


@dataclass(frozen=True, slots=True)
class Ressource:
    """One row, as `galinDonneTableRessources` gives it: a resource with two aliases has two rows.

    `canal` is the rank of the channel, `type_canal` 1 (serial) or 3 (PC/SC). `lecteur` is the name of the slot as the
    manager lists it (of the reader, for `Log_SV`), "" while no card tells it. `role` is the card that must be found
    wherever it is, "" when the file names the reader.
    """

    nom: str
    alias: str
    lad: int
    pad: int
    canal: int
    type_canal: int
    lecteur: str
    role: str = ""


def table(fentes: Sequence[Fente], fichier: FichierGalss | None = None) -> list[Ressource]:
    """Every resource of this workstation."""
    if fichier is None:
        return list(_automatiques(fentes))
    return [ressource for canal in fichier.canaux for ressource in _du_canal(canal)]


def trouver(ressources: Sequence[Ressource], nom: str) -> Ressource | None:
    """The resource of this name or alias; case does not count."""
    voulu = nom.casefold()
    return next((r for r in ressources if voulu in (r.nom.casefold(), r.alias.casefold())), None)


def _automatiques(fentes: Sequence[Fente]) -> Iterator[Ressource]:
    for canal, (nom, role) in enumerate(ROLE_DE.items(), start=1):
        convenables = [f for f in fentes if f.atr and ROLES[role].convient(f.carte)]
        lecteur = convenables[0].lecteur if len(convenables) == 1 else ""
        type_canal = TYPE_SERIE if lecteur and convenables[0].canal.startswith(_SERIE) else TYPE_PCSC
        yield Ressource(nom, ALIAS_API_LECTURE[nom], LAD_CARTE, 0, canal, type_canal, lecteur, role)
        if role == "cps":
            yield Ressource(LOG_SV, "", LAD_LOGICIEL, 0, canal, type_canal, lecteur.partition(_FENTE)[0])


def _du_canal(canal: Canal) -> Iterator[Ressource]:
    for pad in canal.pads:
        for lad in pad.lads:
            lecteur = canal.caracteristiques if canal.est_pcsc else _lecteur_serie(canal, pad, lad)
            for alias in lad.alias or ("",):
                yield Ressource(lad.nom, alias, lad.numero, pad.adresse, canal.rang, canal.type_canal, lecteur)


def _lecteur_serie(canal: Canal, pad: Pad, lad: Lad) -> str:
    """As the serial channel names its readers and their slots."""
    nom = f"COM{canal.index} PAD{pad.adresse}"
    return nom if lad.numero == LAD_LOGICIEL else f"{nom}{_FENTE}{lad.numero}]"
