"""What the room needs to know of the workstation: its mail accounts and how lots are made. No secret is kept here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sesam_desktop.noyau.erreurs import ErreurConnue

from .plages import A_TOUTE_HEURE, Plages

RSV, OCT, SCOR = "RSV", "OCT", "SCOR"  # mailboxes: the funds' network, the concentrator, scanned pieces
STARTTLS, TLS = "starttls", "tls"      # protection asked for in clear words, or from the first byte
POP3, IMAP = "pop3", "imap"
ADRESSE = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")  # as SMTP carries it, and nothing that would be read otherwise

@dataclass(frozen=True, slots=True)
class ParametresCourrier:
    """One mail account. `mot_de_passe` is asked at each connection; `ca` None trusts the system's authorities.

    `nom` is the mailbox it was set for (RSV, OCT, SCOR): one that has no account of its own uses RSV's.
    """

    smtp_hote: str
    smtp_port: int
    pop_hote: str                  # server of the returns, whichever protocol reads it
    pop_port: int
    utilisateur: str
    mot_de_passe: Callable[[], str]
    adresse_emetteur: str
    ca: Path | None = None
    nom: str = RSV
    smtp_protection: str = STARTTLS
    retrait: str = POP3
    retrait_protection: str = TLS
    dossier: str = "INBOX"         # folder read by IMAP
    certificat_client: Path | None = None  # shown to the servers that ask for one
    cle_client: Path | None = None         # None: the key is in the same file
    delai_s: float = 30.0          # longest silence of a server
    premier_report_s: int = 60     # first wait after a temporary refusal, doubled at each try
    report_maximal_s: int = 4 * 3600
    taille_maximale: int = 2_000_000  # bytes of one mail (profile, as the norm's limit is not published); 0: none
    plages: Plages = A_TOUTE_HEURE

    def exiger_envoi(self) -> None:
        """Raise COURRIER_NON_CONFIGURE when nothing can be sent with these settings."""
        _exiger(self.smtp_hote, self.adresse_emetteur, ADRESSE.fullmatch(self.adresse_emetteur))

    def exiger_retrait(self) -> None:
        """Raise COURRIER_NON_CONFIGURE when nothing can be fetched with these settings."""
        _exiger(self.pop_hote, self.utilisateur)


@dataclass(frozen=True, slots=True)
class ParametresLots:
    """How lots are cut and written. The limits are the project's profile: the norm's are not published.

    `adresses`: of the sender, by mailbox, when it is not `adresse_emetteur`. `tailles`: most bytes of one mail, by
    mailbox; one that is not there has no limit. `certificat_smime` and its key (PEM): mails are signed by it before
    they are encrypted; None for a key in the same file.
    """

    adresse_emetteur: str
    type_flux: str = "R"           # R real, T test, D demonstration
    profil_chiffrement: str = "3DES-CBC"
    version_norme: str = "PS-1.40"
    factures_maximum: int = 100
    enregistrements_maximum: int = 950
    adresses: Mapping[str, str] = field(default_factory=dict)
    tailles: Mapping[str, int] = field(default_factory=dict)
    certificat_smime: Path | None = None
    cle_smime: Path | None = None
    alsace_moselle: bool = False   # where two more days are holidays
    niveaux_iris: tuple[str, ...] = ("N",)  # levels whose lots leave as IRIS/B2, as establishments' do

    def adresse_de(self, boite: str) -> str:
        """Who writes, from this mailbox."""
        return self.adresses.get(boite) or self.adresse_emetteur

    def exiger(self) -> None:
        """Raise COURRIER_NON_CONFIGURE when no mail can be written with these settings."""
        _exiger(self.adresse_emetteur.partition("@")[2])


def _exiger(*valeurs: object) -> None:
    if not all(valeurs):
        raise ErreurConnue(
            "La messagerie de ce poste n'est pas réglée.",
            code="COURRIER_NON_CONFIGURE",
            action="Renseignez le serveur, l'adresse et l'identifiant dans Paramètres, rubrique Messagerie.",
        )
