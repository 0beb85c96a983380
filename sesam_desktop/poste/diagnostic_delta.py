"""Before and after: the last diagnostic is kept in the profile, masked, and compared with the next one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sesam_desktop.base.fichiers import remplacer

from .diagnostic_constats import Constat, Niveau, Origine, Reparation

if TYPE_CHECKING:
    from .diagnostic import Diagnostic

FICHIERS = {True: "diagnostic-passif.json", False: "diagnostic.json"}  # only looks of one extent are compared


@dataclass(frozen=True, slots=True)
class Delta:
    """What is fixed, what remains, what is new. Constats that only inform are none of the three."""

    corriges: tuple[Constat, ...] = ()
    restants: tuple[Constat, ...] = ()
    nouveaux: tuple[Constat, ...] = ()

    def en_dict(self) -> dict[str, Any]:
        listes = {"corriges": self.corriges, "restants": self.restants, "nouveaux": self.nouveaux}
        return {nom: [constat.en_dict() for constat in liste] for nom, liste in listes.items()}


def comparer(avant: Diagnostic, apres: Diagnostic) -> Delta:
    """Constats are the same by their code and what they are about: a figure that moved changes nothing."""
    anciens, actuels = _problemes(avant.constats), _problemes(apres.constats)
    return Delta(
        tuple(constat for cle, constat in anciens.items() if cle not in actuels),
        tuple(constat for cle, constat in actuels.items() if cle in anciens),
        tuple(constat for cle, constat in actuels.items() if cle not in anciens),
    )


def garder(profil: Path, diagnostic: Diagnostic, *, passif: bool) -> None:
    """Keep this diagnostic as the last one of its extent. Raises what the disk refuses."""
    document = {"constats": [constat.en_dict() for constat in diagnostic.constats]}
    remplacer(profil / FICHIERS[passif], json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8"))


def dernier(profil: Path, *, passif: bool) -> Diagnostic | None:
    """The last diagnostic kept of this extent; None when there is none, or when it cannot be read any more."""
    from .diagnostic import Diagnostic

    try:
        document = json.loads((profil / FICHIERS[passif]).read_bytes())
        return Diagnostic(tuple(_constat(ligne) for ligne in document["constats"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _problemes(constats: Sequence[Constat]) -> dict[tuple[str, str], Constat]:
    """By code and masked object: what was kept is masked too."""
    graves = [constat for constat in constats if constat.niveau is not Niveau.INFO]
    return {(constat.code, str(constat.en_dict()["objet"])): constat for constat in graves}


def _constat(ligne: dict[str, Any]) -> Constat:
    textes = {nom: str(ligne[nom]) for nom in ("code", "titre", "action", "commande", "objet")}
    return Constat(
        **textes,
        niveau=Niveau(ligne["niveau"]),
        reparation=Reparation(ligne["reparation"]),
        origine=Origine(ligne["origine"]),
        etapes=tuple(str(etape) for etape in ligne["etapes"]),
    )
