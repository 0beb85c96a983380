"""Rows of the receiving side: courriers kept raw, what each said, and the lots they answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sesam_desktop.base import evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Courrier, Evenement, Lot, Message, Piece, Retour
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .depot import LEGERES, SCOR, LotConnu, connu, marquer_transmis

_VUES = (Retour.id, Retour.courrier, Retour.genre, Retour.lot, Retour.recu_le, Retour.donnees)
SANS_REPONDANT = Retour.lot.is_null() & (Retour.document == "")  # nothing of ours
_COURRIER_VU = (Courrier.id, Courrier.genre, Courrier.etat, Courrier.recu_le, Courrier.motif, Courrier.boite)
SERVICE, NOEMIE = "SERVICE", "NOEMIE"
CLASSEMENT = "courrier_classe"  # event of the journal
A_LIRE, LU, QUARANTAINE, CLASSE = "a_lire", "lu", "quarantaine", "classe"


@dataclass(frozen=True, slots=True)
class CourrierVu:
    """One courrier as listed: what it is, when it came, why it is in quarantine."""

    id: int
    genre: str
    etat: str
    recu_le: str
    motif: str
    boite: str = ""


@dataclass(frozen=True, slots=True)
class RetourVu:
    """What a courrier said of one lot (`lot` None: nothing of ours was recognised)."""

    id: int
    courrier: int
    genre: str
    lot: int | None
    recu_le: str
    donnees: Mapping[str, Any]


class Courriers:
    """The inbox."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def ajouter(self, empreinte: str, octets: bytes, instant: str, boite: str = "") -> bool:
        """Keep one content, on the disk when this returns; False when it is already here. `boite`: where it came by."""
        with self._base.transaction():
            if Courrier.select().where(Courrier.empreinte == empreinte).exists():
                return False
            Courrier.create(empreinte=empreinte, octets=octets, recu_le=instant, etat=A_LIRE, boite=boite)
            return True

    def a_lire(self) -> list[int]:
        """Courriers kept and not read yet, oldest first."""
        return [c.id for c in Courrier.select(Courrier.id).where(Courrier.etat == A_LIRE).order_by(Courrier.id)]

    def octets(self, identifiant: int) -> bytes:
        """Its content as received. Raises COURRIER_INCONNU."""
        return bytes(_exiger(identifiant).octets)

    def marquer_lu(self, identifiant: int, genre: str, motif: str = "") -> None:
        """Read, and applied in the same transaction. `motif`: what a service message says, in one sentence."""
        Courrier.update(etat=LU, genre=genre, motif=motif).where(Courrier.id == identifiant).execute()

    def annoter(self, identifiant: int, remarque: str) -> None:
        """What somebody should know of a courrier that was applied. Inside the caller's transaction."""
        Courrier.update(motif=remarque).where(Courrier.id == identifiant).execute()

    def a_verifier(self) -> list[CourrierVu]:
        """Payment returns that were applied with a remark nobody has dismissed."""
        condition = (Courrier.etat == LU) & (Courrier.genre == NOEMIE) & (Courrier.motif != "")
        return _courriers_vus(Courrier.select(*_COURRIER_VU).where(condition).order_by(Courrier.id))

    def mettre_en_quarantaine(self, identifiant: int, motif: str) -> None:
        """Unreadable: aside, with the reason."""
        with self._base.transaction():
            Courrier.update(etat=QUARANTAINE, motif=motif).where(Courrier.id == identifiant).execute()

    def remettre_a_lire(self, identifiant: int) -> None:
        """Out of quarantine. Raises COURRIER_INCONNU when it is not there."""
        with self._base.transaction():
            if _exiger(identifiant).etat != QUARANTAINE:
                raise EntreeInvalide("Ce courrier n'est pas en quarantaine.", code="COURRIER_INCONNU")
            Courrier.update(etat=A_LIRE, motif="").where(Courrier.id == identifiant).execute()

    def remarques_classees(self, identifiant: int) -> str:
        """The remarks of a courrier that somebody dismissed, one after the other."""
        decisions = Evenement.select(Evenement.donnees).where(Evenement.nom == CLASSEMENT).order_by(Evenement.id)
        lues = [json.loads(decision.donnees) for decision in decisions]
        return " ".join(lu.get("remarque", "") for lu in lues if lu["courrier"] == identifiant)

    def classer(self, identifiant: int, motif: str) -> str:
        """Nobody need look at it any more; it stays, with its content, and the journal keeps the decision.

        A remark on a return that was applied goes alone: the return stays read, and its money counted. Answers the
        state of the courrier, `LU` then, `CLASSE` otherwise.

        Raises COURRIER_INCONNU, COURRIER_SANS_SUITE when there is nothing to dismiss in it.
        """
        with self._base.transaction():
            courrier = _exiger(identifiant)
            en_suspens = Retour.select().where((Retour.courrier == identifiant) & SANS_REPONDANT).exists()
            remarque = courrier.motif if courrier.etat == LU and courrier.genre == NOEMIE else ""
            if courrier.etat != QUARANTAINE and not (courrier.etat == LU and (en_suspens or remarque)):
                raise EntreeInvalide(
                    f"Rien n'attend quelqu'un dans le courrier {identifiant}.", code="COURRIER_SANS_SUITE"
                )
            etat = LU if remarque and not en_suspens else CLASSE
            suite = {"motif": ""} if etat == LU else {"etat": CLASSE}
            Courrier.update(suite).where(Courrier.id == identifiant).execute()
            donnees = {"courrier": identifiant, "motif": motif} | ({"remarque": remarque} if remarque else {})
            evenements.ajouter("", CLASSEMENT, donnees)
            return etat

    def en_quarantaine(self) -> list[CourrierVu]:
        """What waits for somebody to look."""
        return _courriers_vus(Courrier.select(*_COURRIER_VU).where(Courrier.etat == QUARANTAINE).order_by(Courrier.id))

    def de_service(self, limite: int = 200) -> list[CourrierVu]:
        """What mail servers said of our messages, latest first; `motif` says it in one sentence."""
        requete = Courrier.select(*_COURRIER_VU).where(Courrier.genre == SERVICE).order_by(Courrier.id.desc())
        return _courriers_vus(requete.limit(limite))


class Retours:
    """What courriers said. Every method works inside the caller's transaction."""

    def garder(self, courrier: int, genre: str, lot: int | None, instant: str, donnees: Mapping[str, Any]) -> bool:
        """Keep one reading; False when another courrier brought the same one before."""
        texte = json.dumps(dict(donnees), ensure_ascii=False, sort_keys=True)
        empreinte = hashlib.sha256(texte.encode()).hexdigest()
        du_lot = Retour.lot.is_null() if lot is None else Retour.lot == lot
        if Retour.select().where(du_lot & (Retour.genre == genre) & (Retour.empreinte == empreinte)).exists():
            return False
        Retour.create(courrier=courrier, genre=genre, lot=lot, recu_le=instant, donnees=texte, empreinte=empreinte)
        return True

    def non_rapproches(self) -> list[RetourVu]:
        """Readings that answer nothing we know and that nobody dismissed, oldest first."""
        classes = Courrier.select(Courrier.id).where(Courrier.etat == CLASSE)
        return _vus(Retour.select(*_VUES).where(SANS_REPONDANT & Retour.courrier.not_in(classes)))

    def du_lot(self, lot: int) -> list[RetourVu]:
        """Everything said of one lot."""
        return _vus(Retour.select(*_VUES).where(Retour.lot == lot))


class LotsTransmis:
    """Lots as the returns name them."""

    def par_fichier(self, identification: str, numero: str, date: str) -> LotConnu | None:
        """The lot of invoices whose file an ARL names."""
        return _unique(
            (Lot.genre != SCOR)
            & (Lot.identification == identification)
            & (Lot.numero == numero)
            & (Lot.date_constitution == date)
        )

    def de_pieces(self, regime: str, organisme: str, numero: str, date: str) -> LotConnu | None:
        """The SCOR lot an ARL names: its file has no identification."""
        return _unique(
            (Lot.genre == SCOR)
            & (Lot.regime == regime)
            & (Lot.organisme == organisme)
            & (Lot.numero == numero)
            & (Lot.date_constitution == date)
        )

    def par_message(self, horodatage: str) -> LotConnu | None:
        """The lot whose mail bears these digits: what an ARL can name when the lot could not even be opened."""
        return _unique(Lot.message.in_(Message.select(Message.id).where(Message.message_id.startswith(horodatage))))

    def acquitter(self, lot: LotConnu, positif: bool) -> bool:
        """Close lot and message on an ARL, which also proves that they had left. False when already answered."""
        ligne = Lot.select(*LEGERES).where(Lot.id == lot.id).get()
        if ligne.etat not in ("constitue", "transmis"):
            return False
        if ligne.etat == "constitue":
            marquer_transmis(ligne)
        Lot.update(etat="acquitte" if positif else "refuse").where(Lot.id == lot.id).execute()
        etat_message = "acquittee" if positif else "refusee"
        porteur = Lot.select(Lot.message).where(Lot.id == lot.id)
        Message.update(etat=etat_message).where(Message.id.in_(porteur)).execute()
        Piece.update(etat="acquittee" if positif else "rejetee").where(Piece.lot == lot.id).execute()
        return True


def _unique(condition: Any) -> LotConnu | None:
    ligne = Lot.select(*LEGERES).where(condition).first()
    return connu(ligne) if ligne else None


def _courriers_vus(requete: Any) -> list[CourrierVu]:
    return [CourrierVu(*ligne) for ligne in requete.tuples()]


def _exiger(identifiant: int) -> Courrier:
    ligne = Courrier.get_or_none(Courrier.id == identifiant)
    if ligne is None:
        raise EntreeInvalide("Ce courrier n'existe pas.", code="COURRIER_INCONNU")
    return ligne


def _vus(requete: Any) -> list[RetourVu]:
    lignes = requete.order_by(Retour.id).dicts()
    return [RetourVu(**{**ligne, "donnees": json.loads(ligne["donnees"])}) for ligne in lignes]
