"""Rows of the outbox: messages and the log of their tries.

Every change of a message's state is conditional on the state it leaves: whoever comes second changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Lot, Message, Tentative

from .depot import LotConnu

PRETE, EN_ENVOI, REMISE, EN_ATTENTE, EN_QUARANTAINE = "prete", "en_envoi", "remise", "en_attente", "en_quarantaine"
# What a try came to, besides the state it led to: nobody knows whether the server has the message.
INCERTAIN, INTERROMPU = "incertain", "interrompu"
_A_PARTIR = (PRETE, EN_ATTENTE)

# What each message of a run costs, by SQL: building the same queries anew takes longer than the server and the disk.
_LIRE = (
    "SELECT destinataire, octets, essais, etat FROM message JOIN contenu_message ON contenu_message.message_id = id"
    " WHERE id = ? AND etat IN ('prete', 'en_attente')"
)
_PRENDRE = "UPDATE message SET etat = 'en_envoi', essais = essais + 1 WHERE id = ? AND etat = ?"
_PASSER = """
    UPDATE message SET etat = :etat, essais = coalesce(:essais, essais), remis_le = coalesce(:remis_le, remis_le),
        prochain_essai = coalesce(:prochain_essai, prochain_essai),
        derniere_erreur = coalesce(:derniere_erreur, derniere_erreur)
    WHERE id = :id AND etat = 'en_envoi'"""
_INCHANGES = {"essais": None, "remis_le": None, "prochain_essai": None, "derniere_erreur": None}
_NOTER = "INSERT INTO tentative (message_id, instant, duree_ms, resultat, reponse) VALUES (?, ?, ?, ?, ?)"
_LOTS = (
    "SELECT id, genre, numero, date_constitution, 'transmis', '' FROM lot"
    " WHERE message_id = ? AND etat = 'constitue'"
)
_LOT_PARTI = "UPDATE lot SET etat = 'transmis' WHERE id = ?"
_PIECES_PARTIES = "UPDATE piece SET etat = 'emise' WHERE lot_id = ?"
_DOCUMENTS = "SELECT document_id FROM lot_document WHERE lot_id = ? ORDER BY rang"


@dataclass(frozen=True, slots=True)
class MessageEnAttente:
    """A message taken for sending. `essais` counts this try; `etat` is the state to give back if nothing was tried."""

    id: int
    destinataire: str
    octets: bytes
    essais: int
    etat: str


@dataclass(frozen=True, slots=True)
class Essai:
    """One line of the log of a message: `instant` is ISO 8601 UTC, `resultat` the state reached or what is unknown."""

    instant: str
    duree_ms: int
    resultat: str
    reponse: str


class Corbeille:
    """The outbox. Each method is one transaction, joined to the caller's, unless it says to be called inside one."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def reprendre(self, boites: Collection[str], instant: str) -> int:
        """Messages left ``en_envoi`` by a dead worker wait again, due at once. Call it holding the sending locks."""
        with self._base.transaction():
            laisses = Message.select(Message.id).where((Message.etat == EN_ENVOI) & Message.boite.in_(boites))
            numeros = [ligne.id for ligne in laisses]
            mots = "envoi interrompu : programme arrêté"
            for numero in numeros:
                self._noter(numero, Essai(instant, 0, INTERROMPU, mots))
            changes = {"etat": EN_ATTENTE, "prochain_essai": instant, "derniere_erreur": mots}
            return Message.update(**changes).where(Message.id.in_(numeros)).execute()

    def dus(self, boites: Collection[str], instant: str | None, lointain: str = "9") -> list[int]:
        """Identifiers of messages to send now, in order of creation; None ignores the back-off.

        `lointain`: no back-off goes that far: one that does was drawn before the clock was set back.
        """
        du = Message.etat.in_(_A_PARTIR) & Message.boite.in_(boites)
        if instant is not None:
            du = du & ((Message.prochain_essai <= instant) | (Message.prochain_essai > lointain))
        return [m.id for m in Message.select(Message.id).where(du).order_by(Message.id)]

    def prendre(self, identifiant: int) -> MessageEnAttente | None:
        """Mark one message ``en_envoi``; None when somebody changed it meanwhile."""
        curseur = self._base.connexion().cursor()
        ligne = curseur.execute(_LIRE, (identifiant,)).fetchone()
        if ligne is None or not curseur.execute(_PRENDRE, (identifiant, ligne[3])).rowcount:
            return None
        destinataire, octets, essais, etat = ligne
        return MessageEnAttente(identifiant, destinataire, octets, essais + 1, etat)

    def rendre(self, message: MessageEnAttente) -> None:
        """Nothing was tried: as before."""
        self._passer(message, message.etat, essais=message.essais - 1)

    def reporter(self, message: MessageEnAttente, essai: Essai, prochain_essai: str) -> None:
        """Try again later. Inside the caller's transaction."""
        self._noter(message.id, essai)
        self._passer(message, EN_ATTENTE, prochain_essai=prochain_essai, derniere_erreur=essai.reponse)

    def mettre_en_quarantaine(self, message: MessageEnAttente, essai: Essai) -> None:
        """Keep aside, with the server's words. Inside the caller's transaction."""
        self._noter(message.id, essai)
        self._passer(message, EN_QUARANTAINE, derniere_erreur=essai.reponse)

    def remettre(self, message: MessageEnAttente, essai: Essai, instant: str) -> list[LotConnu]:
        """The server has it: message, lots and pieces. Answers the lots whose invoices have just left.

        Inside the caller's transaction.
        """
        self._noter(message.id, essai)
        if not self._passer(message, REMISE, remis_le=instant, derniere_erreur=""):
            return []
        curseur = self._base.connexion().cursor()
        lots = curseur.execute(_LOTS, (message.id,)).fetchall()
        for identifiant, *_ in lots:
            curseur.execute(_LOT_PARTI, (identifiant,))
            curseur.execute(_PIECES_PARTIES, (identifiant,))
        return [replace(LotConnu(*lot), documents=self._documents(lot[0])) for lot in lots]

    def noter_avis(self, message_id: str, avis: Essai) -> bool:
        """What a server along the way says of a message it had taken. False when it is no message of ours.

        One it gave up goes aside with its lots, which have not left after all, unless the addressee has answered.
        """
        with self._base.transaction():
            ligne = _par_nom(message_id)
            if ligne is None:
                return False
            self._noter(ligne.id, avis)
            if avis.resultat == EN_QUARANTAINE:
                remise = (Message.id == ligne.id) & (Message.etat == REMISE)
                if Message.update(etat=EN_QUARANTAINE, derniere_erreur=avis.reponse).where(remise).execute():
                    Lot.update(etat="constitue").where((Lot.message == ligne.id) & (Lot.etat == "transmis")).execute()
            return True

    def relancer(self, message_id: str) -> bool:
        """From quarantine back to ``prete``."""
        with self._base.transaction():
            return bool(
                Message.update(etat=PRETE, essais=0, prochain_essai="", derniere_erreur="")
                .where((Message.message_id == message_id) & (Message.etat == EN_QUARANTAINE))
                .execute()
            )

    def journal(self, message_id: str) -> list[Essai]:
        """Every try of a message, oldest first."""
        colonnes = (Tentative.instant, Tentative.duree_ms, Tentative.resultat, Tentative.reponse)
        requete = Tentative.select(*colonnes).join(Message).where(Message.message_id == message_id)
        lignes: Any = requete.order_by(Tentative.id).tuples()
        return [Essai(*ligne) for ligne in lignes]

    def _documents(self, lot: int) -> tuple[str, ...]:
        return tuple(numero for (numero,) in self._base.connexion().cursor().execute(_DOCUMENTS, (lot,)))

    def _passer(self, message: MessageEnAttente, etat: str, **valeurs: object) -> bool:
        """False when the message is no longer ours to move."""
        nouvelles = {**_INCHANGES, **valeurs, "etat": etat, "id": message.id}
        return bool(self._base.connexion().cursor().execute(_PASSER, nouvelles).rowcount)

    def _noter(self, message: int, essai: Essai) -> None:
        valeurs = (message, essai.instant, essai.duree_ms, essai.resultat, essai.reponse)
        self._base.connexion().cursor().execute(_NOTER, valeurs)


def _par_nom(message_id: str) -> Message | None:
    """The message of that Message-ID, with or without its angle brackets."""
    nu = message_id.strip().strip("<>")
    ligne: Message | None = Message.select(Message.id).where(Message.message_id.in_((nu, f"<{nu}>"))).first()
    return ligne
