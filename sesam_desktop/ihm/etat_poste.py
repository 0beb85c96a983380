"""What the frame shows of the workstation: cards, opposition list, counts. Read by a worker at each news."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.poste.poste import Poste

FRAICHEUR_LOE = timedelta(days=7)   # display only: an older list is shown « à corriger »


@dataclass(frozen=True)
class EtatPoste:
    """One picture of the workstation."""

    ps: CartePS | None
    vitale: CarteVitale | None
    session_ouverte: bool
    profession: str
    loe: str                      # JJ/MM, empty when no list was imported
    loe_a_jour: bool
    lots_a_envoyer: int
    comptes: dict[str, int] = field(default_factory=dict)


def relever(poste: Poste) -> EtatPoste:
    """Read it all. Runs on a worker."""
    compteurs = poste.compteurs()
    loe = _date_loe(poste)
    return EtatPoste(
        ps=poste.lecteurs.ps,
        vitale=poste.lecteurs.vitale,
        session_ouverte=poste.lecteurs.session_ouverte,
        profession=_profession(poste),
        loe=loe.strftime("%d/%m") if loe else "",
        loe_a_jour=loe is not None and date.today() - loe <= FRAICHEUR_LOE,  # noqa: DTZ011
        lots_a_envoyer=compteurs.get("lots_a_envoyer", 0),
        comptes={
            "factures": compteurs.get("factures_a_corriger", 0),
            "teletransmission": compteurs.get("lots_a_envoyer", 0) + compteurs.get("retours_a_traiter", 0),
            "pieces": compteurs.get("pieces_a_numeriser", 0),
        },
    )


def _profession(poste: Poste) -> str:
    """What the card says when its situations were read, what is set otherwise."""
    from sesam_desktop.poste.facturation import profession_de

    ps = poste.lecteurs.ps
    return profession_de(ps.situations[0].specialite) if ps and ps.situations else poste.configuration.profession


def _date_loe(poste: Poste) -> date | None:
    version = poste.droits.oppositions.version()
    return date.fromisoformat(version.date) if version is not None else None
