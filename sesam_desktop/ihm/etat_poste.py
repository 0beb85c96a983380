"""What the frame shows of the workstation: cards, opposition list, counts. Read by a worker at each news."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.cartes.duo import CarteDuo
    from sesam_desktop.cartes.ps import CartePS, Situation
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.canal import Fente
    from sesam_desktop.poste.poste import Poste

_MUETS = "Les lecteurs de cartes ne répondent pas."


@dataclass(frozen=True)
class Presence:
    """How many cards of each kind are in, at the last look at the readers; `panne`: why there was none to see.

    `muettes` and `inconnues`: cards of no known kind, that do not answer or are not of the trade.
    """

    cps: int = 0
    vitale: int = 0
    duo: int = 0
    panne: str = ""
    muettes: int = 0
    inconnues: int = 0


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
    duo: CarteDuo | None = None
    situations: tuple[Situation, ...] = ()
    situation: Situation | None = None    # the one chosen, or the only one
    presence: Presence = Presence()
    melange: bool = False                 # a test card beside a real one: nothing can be signed
    jour: date = date.max

    @property
    def situation_a_choisir(self) -> bool:
        """Several situations were read, and none was chosen."""
        return len(self.situations) > 1 and self.situation is None


def compter(fentes: list[Fente]) -> Presence:
    """Cards of each role in `fentes`; a channel that does not answer is told when no other has a card."""
    from sesam_desktop.lecteurs.roles import ROLES

    pleines = [fente.carte for fente in fentes if fente.etat in ("presente", "occupee")]
    nombres = {nom: sum(role.convient(carte) for carte in pleines) for nom, role in ROLES.items()}
    muets = not pleines and any(fente.etat == "absente" for fente in fentes)
    etats: list[str] = [fente.etat for fente in fentes]
    return Presence(nombres["cps"], nombres["vitale"], nombres["duo"], _MUETS if muets else "",
                    etats.count("muette"), etats.count("inconnue"))


def relever(poste: Poste, presence: Presence) -> EtatPoste:
    """Read it all. Runs on a worker."""
    compteurs, lecteurs, jour = poste.compteurs(), poste.lecteurs, date.today()  # noqa: DTZ011 - the counter's own day
    loe = _date_loe(poste)
    return EtatPoste(
        ps=lecteurs.ps,
        vitale=lecteurs.vitale,
        session_ouverte=lecteurs.session_ouverte,
        profession=_profession(poste),
        loe=loe.strftime("%d/%m") if loe else "",
        loe_a_jour=loe is not None and (jour - loe).days <= _age_maximal_loe(),
        lots_a_envoyer=compteurs.get("lots_a_envoyer", 0),
        comptes={
            "factures": compteurs.get("factures_a_corriger", 0),
            "teletransmission": compteurs.get("lots_a_envoyer", 0) + compteurs.get("retours_a_traiter", 0),
            "paiements": compteurs.get("virements_en_ecart", 0),
            "pieces": compteurs.get("pieces_a_numeriser", 0),
        },
        duo=lecteurs.duo,
        situations=lecteurs.situations(),
        situation=lecteurs.situation,
        presence=presence,
        melange=_melange(lecteurs.ps, lecteurs.vitale),
        jour=jour,
    )


def _profession(poste: Poste) -> str:
    """What the card says when its situations were read, what is set otherwise."""
    from sesam_desktop.poste.facturation import profession_de

    lue = poste.lecteurs.situation
    return profession_de(lue.specialite) if lue is not None else poste.configuration.profession


def _melange(ps: CartePS | None, vitale: CarteVitale | None) -> bool:
    from sesam_desktop.cartes.nature import Nature, de_ps, de_vitale

    if ps is None or vitale is None:
        return False
    return {de_ps(ps), de_vitale(vitale)} == {Nature.TEST, Nature.REELLE}


def _date_loe(poste: Poste) -> date | None:
    version = poste.droits.oppositions.version()
    return date.fromisoformat(version.date) if version is not None else None


def _age_maximal_loe() -> int:
    """In days: the threshold of the diagnostic."""
    from sesam_desktop.poste.diagnostic import seuils

    return seuils()["age_oppositions_jours"]
