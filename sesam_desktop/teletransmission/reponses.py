"""What the words of a mail server mean, in French: codes of RFC 5321 and RFC 3463 [S], greylisting by its words [P]."""

from __future__ import annotations

import re

_REPART = "le message repart seul, sans rien faire."
_SENS: tuple[tuple[str, str], ...] = (
    (r"^message trop gros", "Le lot est trop gros pour cette boîte : refaites-le avec moins de factures ou de pièces."),
    (r"^adresse du destinataire", "L'adresse de l'organisme est mal écrite : vérifiez la table des destinataires."),
    (r"après la fin du message", f"Le serveur a peut-être le message : il repart sous le même nom, {_REPART}"),
    (r"^connexion interrompue|^envoi interrompu", f"L'envoi a été coupé : {_REPART}"),
    (r"^4\d\d.*gr[ea]y.?list|^45[01] 4\.7\.1\b", f"Le serveur fait attendre les nouveaux expéditeurs : {_REPART}"),
    (r"^421", f"Le serveur est arrêté ou surchargé pour le moment : {_REPART}"),
    (r"^\d{3} [45]\.1\.[0-9]", "Le serveur ne connaît pas cette adresse : vérifiez la table des destinataires."),
    (r"^4\d\d 4\.2\.2", f"La boîte de l'organisme est pleine : {_REPART}"),
    (r"^5\d\d 5\.2\.2", "La boîte de l'organisme est pleine : prévenez-le, puis relancez le message."),
    (r"^552|^\d{3} [45]\.(2\.3|3\.4)", "Le message est trop gros pour ce serveur : refaites un lot plus petit."),
    (r"^452", f"Le serveur manque de place pour le moment : {_REPART}"),
    (r"^4\d\d", f"Le serveur refuse pour le moment : {_REPART}"),
    (r"^\d{3} 5\.7\.|^554", "Le serveur refuse ce message par une règle à lui : voyez avec votre fournisseur."),
    (r"^Message non distribué", "Un serveur plus loin l'a abandonné : vérifiez l'adresse, puis relancez le message."),
    (r"^5\d\d", "Le serveur refuse pour de bon : corrigez la cause, puis relancez le message."),
)
_MOTIFS = tuple((re.compile(motif, re.IGNORECASE), sens) for motif, sens in _SENS)


def expliquer(reponse: str) -> str:
    """What it means and what to do; "" for words that are no refusal."""
    return next((sens for motif, sens in _MOTIFS if motif.search(reponse)), "")
