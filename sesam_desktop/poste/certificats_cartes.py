"""Signature certificates of the cards whose chip gives none by a public command: `<serial number>.pem` of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import SessionCarte


class CertificatsCartes:
    """The folder is read again at each signature: a certificate dropped in is used at once."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier

    def de(self, numero_serie: str) -> bytes:
        """DER certificate of this card. Raises CERTIFICAT_CARTE_ABSENT."""
        from sesam_desktop.securisation.certificats import decrire

        try:
            return decrire((self._dossier / f"{numero_serie}.pem").read_bytes()).der
        except FileNotFoundError:
            raise ErreurConnue(
                "Le certificat de signature de cette carte n'est pas enregistré sur ce poste.",
                code="CERTIFICAT_CARTE_ABSENT",
                action="Utilisez une carte de test du poste, ou réglez le module PKCS#11 dans Paramètres.",
            ) from None

    def de_la_cps(self, session: SessionCarte) -> bytes:
        """DER certificate of the CPS this session talks to."""
        from sesam_desktop.lecteurs.lecture import lire_puce_cps

        return self.de(lire_puce_cps(session).numero_serie)
