"""The delivery report of a relay (RFC 3464): a message given back, late, or delivered."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from sesam_desktop.flux.message import Adressage

from .regle import IncidentAvis

EMETTEUR = "MAILER-DAEMON@frontal.invalid"


def composer(recu: Adressage, incident: IncidentAvis, instant: datetime) -> bytes:
    """The report about the message received."""
    avis: Any = MIMEMultipart("report")
    avis.set_param("report-type", "delivery-status")
    avis["From"], avis["To"], avis["Subject"] = EMETTEUR, recu.de, "Delivery Status Notification"
    avis["Date"] = format_datetime(instant)
    avis["Message-ID"] = f"<{incident.avis}.{recu.message_id}>"
    avis["Auto-Submitted"] = "auto-replied"
    avis.attach(_texte(incident))
    avis.attach(_etat(recu, incident))
    avis.attach(_entetes(recu))
    octets: bytes = avis.as_bytes(policy=SMTP)
    return octets


def _texte(incident: IncidentAvis) -> Message:
    partie = EmailMessage(policy=SMTP)
    partie.set_content(f"{incident.texte}\n")
    return partie


def _etat(recu: Adressage, incident: IncidentAvis) -> Message:
    """One block for the message, one for its recipient."""
    message, destinataire = Message(policy=SMTP), Message(policy=SMTP)
    message["Reporting-MTA"] = "dns; frontal.invalid"
    destinataire["Final-Recipient"] = f"rfc822; {recu.a}"
    destinataire["Action"] = incident.avis.value
    destinataire["Status"] = incident.code
    destinataire["Diagnostic-Code"] = f"smtp; {incident.texte}"
    partie = Message(policy=SMTP)
    partie["Content-Type"] = "message/delivery-status"
    partie.set_payload([message, destinataire])
    return partie


def _entetes(recu: Adressage) -> Message:
    """Headers of the message, by which its sender knows it again."""
    partie = Message(policy=SMTP)
    partie["Content-Type"] = "text/rfc822-headers"
    partie.set_payload(f"From: {recu.de}\r\nTo: {recu.a}\r\nMessage-ID: <{recu.message_id}>\r\n")
    return partie
