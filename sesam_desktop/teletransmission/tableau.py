"""The board of Télétransmission: three columns that are the life of a lot, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.cycle import A_METTRE_EN_LOT, Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.depot_dre import Demandes
from sesam_desktop.noyau.dates import jour_de

from .delais import Echeance, echeances
from .depot_delais import attentes_par_lot
from .depot_retours import Courriers, CourrierVu, Retours, RetourVu
from .depot_tableau import LotSuivi, compter_par_etat, lots_a_suivre
from .reponses import expliquer

_A_CORRIGER = (Etat.REJETEE, Etat.ANOMALIE)
RETARD_ARL = timedelta(days=2)  # choice of the project: no delay of the frontal is published
RETARD_ENVOI = timedelta(days=1)  # servers have put it off that long: it goes on trying, and somebody is told
_INSISTER = "Il est encore essayé. Prévenez votre fournisseur de messagerie, ou l'organisme si sa boîte ne reçoit plus."
_DEMANDER = "Relevez les retours ; s'il n'y est pas, demandez à l'organisme s'il a reçu ce lot."


@dataclass(frozen=True, slots=True)
class FicheLot:
    """One card of the board. `age`: since it entered its column. `motif`: why it waits, "" otherwise.

    `echeance`: the most urgent of its invoices, for a lot that has not left.
    """

    lot: int
    genre: str
    fonds: str
    adresse: str
    numero: str
    date: str
    nombre: int
    total_centimes: int
    amo_centimes: int
    age: timedelta
    message_id: str
    etat_message: str
    motif: str = ""
    refuse: bool = False
    echeance: Echeance | None = None
    verdict: str = ""          # of the check module, when it read the lot


@dataclass(frozen=True, slots=True)
class Tableau:
    """À envoyer, en attente d'ARL, à traiter; then invoices to correct, unreadable courriers, unmatched returns."""

    a_envoyer: tuple[FicheLot, ...]
    en_attente: tuple[FicheLot, ...]
    a_traiter: tuple[FicheLot, ...]
    factures_a_mettre_en_lot: int
    factures_a_corriger: int
    courriers: tuple[CourrierVu, ...]
    non_rapproches: tuple[RetourVu, ...]
    demandes_a_mettre_en_lot: int = 0  # DRE, those that wait for their FSE to leave among them
    demandes_a_corriger: int = 0
    a_verifier: tuple[CourrierVu, ...] = ()  # payment returns applied, with a remark

    @property
    def actions(self) -> int:
        """How many things want somebody."""
        a_corriger = self.factures_a_corriger + self.demandes_a_corriger
        courriers = len(self.courriers) + len(self.non_rapproches) + len(self.a_verifier)
        return len(self.a_traiter) + a_corriger + courriers


def tableau(
    base: Base, factures: Factures, maintenant: datetime | None = None, *, alsace_moselle: bool = False
) -> Tableau:
    """The board now. `alsace_moselle`: where two more days are holidays, for the deadlines."""
    instant = maintenant or datetime.now(UTC)
    colonnes: dict[str, list[FicheLot]] = {"a_envoyer": [], "en_attente": [], "a_traiter": []}
    attentes = attentes_par_lot()
    for suivi in lots_a_suivre():
        urgentes = echeances(attentes.get(suivi.lot, ()), jour_de(instant), alsace_moselle)
        colonne, fiche = _ranger(suivi, instant, urgentes[0] if urgentes else None)
        colonnes[colonne].append(fiche)
    etats, demandes = factures.par_etat(), Demandes(base, factures).par_etat()
    return Tableau(
        a_envoyer=tuple(colonnes["a_envoyer"]),
        en_attente=tuple(colonnes["en_attente"]),
        a_traiter=tuple(colonnes["a_traiter"]),
        factures_a_mettre_en_lot=_somme(etats, A_METTRE_EN_LOT),
        factures_a_corriger=_somme(etats, _A_CORRIGER),
        courriers=tuple(Courriers(base).en_quarantaine()),
        a_verifier=tuple(Courriers(base).a_verifier()),
        non_rapproches=tuple(Retours().non_rapproches()),
        demandes_a_mettre_en_lot=_somme(demandes, A_METTRE_EN_LOT),
        demandes_a_corriger=_somme(demandes, _A_CORRIGER),
    )


def _somme(par_etat: Mapping[Etat, int], etats: Iterable[Etat]) -> int:
    return sum(par_etat.get(etat, 0) for etat in etats)


def par_etat(factures: Factures) -> dict[str, dict[str, int]]:
    """Counts by state of everything that travels: invoices, lots, messages, courriers."""
    return {"factures": {etat.value: nombre for etat, nombre in factures.par_etat().items()}, **compter_par_etat()}


def _ranger(suivi: LotSuivi, instant: datetime, echeance: Echeance | None) -> tuple[str, FicheLot]:
    parti = suivi.etat == "transmis"
    age = instant - datetime.fromisoformat(suivi.remis_le if parti and suivi.remis_le else suivi.cree_le)
    motif = _motif(suivi, age)
    colonne = "a_traiter" if motif else "en_attente" if parti else "a_envoyer"
    fiche = FicheLot(
        suivi.lot, suivi.genre, suivi.fonds, suivi.adresse, suivi.numero, suivi.date, suivi.nombre,
        suivi.total_centimes, suivi.amo_centimes, age, suivi.message_id, suivi.etat_message, motif or _report(suivi),
        suivi.etat == "refuse", echeance, suivi.verdict,
    )
    return colonne, fiche


def _report(suivi: LotSuivi) -> str:
    """Why a lot that will leave by itself has not left yet."""
    reporte = suivi.etat == "constitue" and suivi.etat_message == "en_attente" and suivi.derniere_erreur
    return f"Reporté par le serveur de messagerie : {_mots(suivi)}" if reporte else ""


def _motif(suivi: LotSuivi, age: timedelta) -> str:
    """Why a lot waits for somebody."""
    if suivi.etat == "refuse":
        return "Lot refusé par la caisse."
    if suivi.etat_message == "en_quarantaine":
        return f"Refusé par le serveur de messagerie : {_mots(suivi)}"
    if suivi.etat == "transmis" and age > RETARD_ARL:
        return f"Aucun accusé de réception depuis {age.days} jours. {_DEMANDER}"
    if age > RETARD_ENVOI and _report(suivi):
        depuis = f"Toujours pas parti après {age.days} jour{'s' if age.days > 1 else ''} : {suivi.derniere_erreur}."
        return f"{depuis} {_INSISTER}"
    return ""


def _mots(suivi: LotSuivi) -> str:
    """The server's words, and what they mean."""
    return ". ".join(filter(None, (suivi.derniere_erreur, expliquer(suivi.derniere_erreur))))
