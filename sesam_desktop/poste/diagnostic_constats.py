"""What a diagnostic finds: a constat, its level, where it comes from, what can be done; and the catalogue of them all.

The catalogue is data (`resources/diagnostic/constats.csv`): checks give a code and what they saw, never a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.masquage import masquer

from .diagnostic_tables import lire_table


class Niveau(StrEnum):
    """KO: work is impossible; WARN: it is at risk; INFO: good to know."""

    KO = "KO"
    WARN = "WARN"
    INFO = "INFO"


class Origine(StrEnum):
    """Where the cause is: what may be repaired here depends on it."""

    POSTE = "poste"
    LECTEUR = "lecteur"
    LOGICIEL_TIERS = "logiciel_tiers"
    SERVICE_DISTANT = "service_distant"
    RESEAU = "reseau"


class Reparation(StrEnum):
    """AUTO: the program does it when asked; GUIDE: a person follows steps; AUCUNE: nothing to do on this computer."""

    AUTO = "auto"
    GUIDE = "guide"
    AUCUNE = "aucune"


@dataclass(frozen=True, slots=True)
class Constat:
    """One thing found. `action` is for a person, `etapes` the same step by step, `commande` what does it by command.

    `objet` tells two constats of one code apart: the reader, the file or the program concerned.
    """

    code: str
    niveau: Niveau
    titre: str
    action: str = ""
    reparation: Reparation = Reparation.AUCUNE
    commande: str = ""
    origine: Origine = Origine.POSTE
    objet: str = ""
    etapes: tuple[str, ...] = ()

    def en_dict(self) -> dict[str, str | list[str]]:
        """The contract's JSON, with nothing personal in it."""
        textes = {nom: masquer(getattr(self, nom)) for nom in ("titre", "action", "commande", "objet")}
        return {
            "code": self.code, "niveau": self.niveau.value, **textes, "reparation": self.reparation.value,
            "origine": self.origine.value, "etapes": [masquer(etape) for etape in self.etapes],
        }


@dataclass(frozen=True, slots=True)
class Modele:
    """One row of the catalogue. `famille` groups codes for the verdict; `lignes`: numbers of the known failures."""

    code: str
    niveau: Niveau
    origine: Origine
    famille: str
    systeme: str
    titre: str
    action: str
    reparation: Reparation
    commande: str
    etapes: tuple[str, ...] = field(default=())
    lignes: tuple[int, ...] = field(default=())
    source: str = ""


@cache
def catalogue() -> dict[str, Modele]:
    """Every constat the program may give, by code."""
    return {ligne["code"]: _modele(ligne) for ligne in lire_table("constats.csv")}


def _modele(ligne: dict[str, str]) -> Modele:
    return Modele(
        code=ligne["code"],
        niveau=Niveau(ligne["niveau"]),
        origine=Origine(ligne["origine"]),
        famille=ligne["famille"],
        systeme=ligne["systeme"],
        titre=ligne["titre"],
        action=ligne["action"],
        reparation=Reparation(ligne["reparation"]),
        commande=ligne["commande"],
        etapes=tuple(etape.strip() for etape in ligne["etapes"].split("|") if etape.strip()),
        lignes=tuple(int(numero) for numero in ligne["lignes"].split()),
        source=ligne["source"],
    )


def constat(code: str, *, niveau: Niveau | None = None, objet: str = "", **valeurs: object) -> Constat:
    """The constat `code`, its sentence filled with `valeurs`; `niveau` when the situation changes its gravity."""
    modele = catalogue()[code]
    return Constat(
        code=code,
        niveau=niveau or modele.niveau,
        titre=modele.titre.format(objet=objet, **valeurs),
        action=modele.action,
        reparation=modele.reparation,
        commande=modele.commande,
        origine=modele.origine,
        objet=objet,
        etapes=modele.etapes,
    )


def depuis(erreur: ErreurConnue, niveau: Niveau | None = None) -> Constat:
    """An expected failure as a constat: its own sentence; level, origin and repair of the catalogue."""
    titre = f"{erreur.ou} : {erreur.message}" if erreur.ou else erreur.message
    modele = catalogue().get(erreur.code)
    if modele is None:
        return Constat(erreur.code, niveau or Niveau.KO, titre, erreur.action, objet=erreur.ou)
    return Constat(
        erreur.code, niveau or modele.niveau, titre, erreur.action or modele.action, modele.reparation,
        modele.commande, modele.origine, erreur.ou, modele.etapes,
    )
