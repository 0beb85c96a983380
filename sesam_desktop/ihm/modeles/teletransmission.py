"""Cards of the three columns of Télétransmission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau import montants

from .corbeille import ETATS
from .essai import VERDICTS, echeance_en_mots, objet

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.depot_messages import MessageVu
    from sesam_desktop.teletransmission.depot_retours import CourrierVu, RetourVu
    from sesam_desktop.teletransmission.tableau import FicheLot, Tableau

RELANCER, RELIRE, RENVOYER, CLASSER = "relancer", "relire", "renvoyer", "classer"
_GENRES = {"DRE": "complémentaire  ·  ", "SCOR": "pièces  ·  "}


@dataclass(frozen=True)
class Fiche:
    """One card, ready to be shown. `lot` or `courrier` is what it opens on, `page` the page it leads to otherwise."""

    titre: str
    detail: str
    etat: str
    lot: int = 0
    courrier: int = 0
    message_id: str = ""
    page: str = ""
    remede: str = ""     # what F9 does of it: relancer, relire, renvoyer, classer

    @property
    def texte(self) -> str:
        """What is written on the card."""
        return f"{self.titre}\n{self.detail}"


def fiche_lot(lot: FicheLot, etat: str, caisse: str = "") -> Fiche:
    """A lot: destinataire, number, count, amount, age, what the check said, its limit, and why it waits."""
    morceaux = [objet(lot.genre, lot.nombre)]
    morceaux += [montants.formater(lot.total_centimes, unite="€")] if lot.total_centimes else []
    lignes = ["  ·  ".join([*morceaux, age(lot.age)])]
    if lot.verdict == "avertissement":
        lignes.append(f"Contrôle : {VERDICTS[lot.verdict][1]}")
    if lot.echeance is not None and lot.echeance.situation != "a_temps":
        urgence, phrase = echeance_en_mots(lot.echeance)
        lignes.append(phrase)
        etat = urgence if etat == "à faire" else etat
    lignes += [lot.motif] if lot.motif else []
    fonds = lot.fonds.replace(" ", "\u00a0")       # a code is never cut between two lines
    qui = f"{caisse}  ·  {fonds}" if caisse else f"caisse {fonds}" if lot.genre != "DRE" else fonds
    titre = f"Lot {lot.numero}  ·  {_GENRES.get(lot.genre, '')}{qui}"
    return Fiche(titre, "\n".join(lignes), etat, lot=lot.lot, message_id=lot.message_id, remede=_remede(lot, etat))


def _remede(lot: FicheLot, etat: str) -> str:
    if lot.etat_message == "en_quarantaine":
        return RELANCER
    return RENVOYER if etat == "bloqué" and lot.genre == "FSE" and lot.refuse else ""


def fiche_message(message: MessageVu) -> Fiche:
    """A message of the outbox, as the card of what it carries."""
    lot = message.lots[0] if message.lots else None
    titre = f"Lot {lot.numero}  ·  {lot.fonds}" if lot is not None else message.destinataire
    remede = RELANCER if message.etat == "en_quarantaine" else ""
    return Fiche(titre, message.derniere_erreur or "Aucun retour.", ETATS[message.etat][0],
                 lot=lot.lot if lot is not None else 0, message_id=message.message_id, remede=remede)


def fiche_avis(avis: CourrierVu) -> Fiche:
    """What a mail server said of one of our messages."""
    return Fiche("Avis d'un serveur de messagerie", avis.motif, "en cours", courrier=avis.id)


def fiches_a_traiter(tableau: Tableau, caisses: Mapping[str, str]) -> list[Fiche]:
    """Refused and late lots, rejected invoices, unreadable and unknown returns: what wants somebody."""
    fiches = [fiche_lot(lot, "bloqué", caisses.get(lot.fonds, "")) for lot in tableau.a_traiter]
    if nombre := tableau.factures_a_corriger:
        pluriel = "s" if nombre > 1 else ""
        fiches.append(Fiche(f"{nombre} facture{pluriel} à corriger", "Rejets et écarts de paiement.", "à corriger",
                            page="factures"))
    fiches += [_fiche_courrier(courrier) for courrier in tableau.courriers]
    fiches += [_fiche_inconnu(retour) for retour in tableau.non_rapproches]
    fiches += [_fiche_a_verifier(courrier) for courrier in tableau.a_verifier]
    return fiches


def caisses_de(poste: Poste, tableau: Tableau) -> dict[str, str]:
    """Names of the funds of the board. Runs on a worker."""
    lots = (*tableau.a_envoyer, *tableau.en_attente, *tableau.a_traiter)
    fonds = {lot.fonds for lot in lots if lot.genre != "DRE"}
    return {f: poste.droits.tod.libelle(*f.split()[:2]) for f in fonds}


def phrases(motifs: Any) -> list[str]:
    """``libellé [code]`` of each reason."""
    return [f"{m.get('libelle') or m.get('message') or 'Motif'} [{m.get('code', '')}]" for m in motifs]


def age(duree: timedelta) -> str:
    """``il y a 3 h``, ``depuis 2 jours``: what one reads of an age."""
    minutes = int(duree.total_seconds() // 60)
    if minutes < 1:
        return "à l'instant"
    if minutes < 60:
        return f"il y a {minutes} min"
    if minutes < 24 * 60:
        return f"il y a {minutes // 60} h"
    jours = minutes // (24 * 60)
    return f"depuis {jours} jour{'s' if jours > 1 else ''}"


def _fiche_courrier(courrier: CourrierVu) -> Fiche:
    return Fiche("Retour illisible", f"{courrier.motif}\n{_depuis(courrier.recu_le)}", "bloqué", courrier=courrier.id,
                 remede=RELIRE)


def _fiche_inconnu(retour: RetourVu) -> Fiche:
    detail = f"Aucun lot de ce poste ne lui correspond.\n{_depuis(retour.recu_le)}"
    return Fiche(f"Retour {retour.genre} inconnu", detail, "à corriger", courrier=retour.courrier)


def _fiche_a_verifier(courrier: CourrierVu) -> Fiche:
    return Fiche("Retour de paiement à vérifier", f"{courrier.motif}\n{_depuis(courrier.recu_le)}", "à corriger",
                 courrier=courrier.id, remede=CLASSER)


def _depuis(instant: str) -> str:
    return age(datetime.now(UTC) - datetime.fromisoformat(instant))
