"""The outbox and the inbox, as tables: messages by state with their tries, and what came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sesam_desktop.noyau import montants

from .bilans import compter
from .essai import objet
from .table import Colonne

if TYPE_CHECKING:
    from sesam_desktop.poste.corbeille import EtatBoite
    from sesam_desktop.teletransmission.depot_corbeille import Essai
    from sesam_desktop.teletransmission.depot_messages import MessageVu
    from sesam_desktop.teletransmission.depot_retours import CourrierVu

BOITES = {"RSV": "Caisses", "OCT": "Complémentaires", "SCOR": "Pièces", "": "Fichier"}
# State of a message → state word, and what it means.
ETATS = {
    "prete": ("à faire", "prêt à partir"), "en_envoi": ("en cours", "en cours d'envoi"),
    "remise": ("en cours", "remis, attend son accusé"), "acquittee": ("fait", "accepté"),
    "refusee": ("bloqué", "refusé par l'organisme"), "en_attente": ("en cours", "sera réessayé"),
    "en_quarantaine": ("bloqué", "en quarantaine"),
}
# Outcome of a try → state word, and what it means.
ISSUES = {
    "remise": ("fait", "remis"), "en_attente": ("en cours", "reporté"), "en_quarantaine": ("bloqué", "refusé"),
    "incertain": ("en cours", "réponse perdue"), "interrompu": ("en cours", "interrompu"),
    "retard": ("en cours", "en retard plus loin"), "distribue": ("fait", "distribué"),
    "absence": ("fait", "réponse automatique"),
}
FILTRES = (
    ("", "Tous les messages", ()), ("a_partir", "À partir", ("prete", "en_envoi", "en_attente")),
    ("bloques", "En quarantaine ou refusés", ("en_quarantaine", "refusee")),
    ("remis", "Remis, sans accusé", ("remise",)), ("finis", "Acceptés", ("acquittee",)),
)


@dataclass(frozen=True)
class EtatDit:
    """A state word and its sentence."""

    mot: str
    phrase: str


def dire_boite(etat: EtatBoite) -> EtatDit:
    """A mailbox in one sentence."""
    nom = f"{BOITES[etat.boite]} ({etat.boite})"
    attente = compter(etat.a_partir, "message à partir", "messages à partir") if etat.a_partir else "rien à envoyer"
    if etat.suspension is not None:
        depuis = datetime.fromisoformat(etat.suspension.depuis).astimezone()
        motif = f" : {etat.suspension.motif}" if etat.suspension.motif else ""
        return EtatDit("bloqué", f"{nom} suspendue depuis le {depuis:%d/%m/%Y %H:%M}{motif} ({attente})")
    return EtatDit("fait", f"{nom} : {attente}, envoi automatique {etat.plages or 'à toute heure'}")


def colonnes_messages() -> list[Colonne]:
    """Of `MessageVu`."""
    return [
        Colonne("mot", "État", lambda m: ETATS[m.etat][0], "etat", 11),
        Colonne("etat", "Où il en est", lambda m: ETATS[m.etat][1], largeur=20, accessoire=True),
        Colonne("boite", "Boîte", lambda m: m.boite, "code", 5),
        Colonne("contenu", "Contenu", _contenu, largeur=34, bulle=_contenu),
        Colonne("cree", "Préparé le", lambda m: moment(m.cree_le), "date", 16, tri=lambda m: m.cree_le),
        Colonne("prochain", "Prochain essai", lambda m: moment(m.prochain_essai), "date", 16,
                tri=lambda m: m.prochain_essai, accessoire=True),
        Colonne("reponse", "Ce que dit le serveur", lambda m: m.explication or m.derniere_erreur, largeur=30,
                bulle=lambda m: f"{m.explication} [{m.derniere_erreur}]" if m.derniere_erreur else "",
                accessoire=True),
        Colonne("essais", "Essais", lambda m: str(m.essais), "nombre", 6, tri=lambda m: m.essais),
        Colonne("montant", "Montant €", lambda m: montants.formater(m.total_centimes) if m.total_centimes else "",
                "montant", 10, tri=lambda m: m.total_centimes),
        Colonne("destinataire", "Destinataire", lambda m: m.destinataire, "code", 24, visible=False),
        Colonne("message_id", "Message-ID", lambda m: m.message_id, "code", 24, visible=False),
    ]


def colonnes_essais() -> list[Colonne]:
    """Of `Essai`."""
    return [
        Colonne("instant", "Quand", lambda e: moment(e.instant), "date", 16, tri=lambda e: e.instant),
        Colonne("mot", "État", lambda e: ISSUES[e.resultat][0], "etat", 11),
        Colonne("issue", "Issue", lambda e: ISSUES[e.resultat][1], largeur=14),
        Colonne("sens", "Ce que cela veut dire", _sens, largeur=40, bulle=_sens),
        Colonne("reponse", "Mots du serveur", lambda e: e.reponse, largeur=36, bulle=lambda e: e.reponse,
                accessoire=True),
        Colonne("duree", "Durée", _duree, "nombre", 9, tri=lambda e: e.duree_ms),
    ]


def colonnes_avis() -> list[Colonne]:
    """Of `CourrierVu`: what mail servers said of our messages."""
    return [
        Colonne("recu", "Reçu le", lambda c: moment(c.recu_le), "date", 16, tri=lambda c: c.recu_le),
        Colonne("mot", "État", _mot_avis, "etat", 11),
        Colonne("phrase", "Ce que le serveur annonce", lambda c: c.motif, largeur=70, bulle=lambda c: c.motif),
    ]


def moment(instant: str) -> str:
    """``22/11/2026 09:30`` on the workstation's clock, empty for none."""
    return f"{datetime.fromisoformat(instant).astimezone():%d/%m/%Y %H:%M}" if instant else ""


def _contenu(message: MessageVu) -> str:
    return ", ".join(f"lot {lot.numero} {lot.fonds} ({objet(lot.genre, lot.nombre)})" for lot in message.lots)


def _sens(essai: Essai) -> str:
    from sesam_desktop.teletransmission.reponses import expliquer

    return expliquer(essai.reponse)


def _mot_avis(courrier: CourrierVu) -> str:
    if courrier.motif.startswith("Message non distribué"):
        return "bloqué"
    return "fait" if courrier.motif.startswith("Message distribué") else "en cours"


def _duree(essai: Essai) -> str:
    return f"{essai.duree_ms / 1000:.1f} s".replace(".", ",")
