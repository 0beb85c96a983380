"""Keys of the other side: the TLS server's, and one a destinataire, all certified by the demonstration authority."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.securisation.autorite import Identite, creer_autorite, creer_certificat, creer_serveur_tls

_ADRESSE = re.compile(r"(?P<regime>\d{2})(?P<organisme>\d{3})@(?P=organisme)\.(?P=regime)\.[a-z0-9.-]+")


class Cles:
    """Keys in `dossier`. Sending side and frontal of one demonstration share the folder of the authority."""

    def __init__(self, dossier: Path) -> None:
        self._dossier = dossier
        self._autorite = creer_autorite(dossier)

    @property
    def autorite(self) -> Identite:
        return self._autorite

    def publier(self, adresse: str) -> Identite:
        """Key and certificate of a destinataire, made at the first call. EntreeInvalide for another kind of address."""
        if not _ADRESSE.fullmatch(adresse):
            raise EntreeInvalide(
                f"« {adresse} » n'est pas l'adresse d'un organisme.",
                code="ADRESSE_INVALIDE",
                action="Forme attendue : RRCCC@CCC.RR.domaine (régime, organisme destinataire).",
            )
        return creer_certificat(self._dossier, adresse, adresse)

    def de(self, adresse: str) -> Identite | None:
        """Key of a destinataire already published, None for any other: what comes by mail creates nothing."""
        connue = _ADRESSE.fullmatch(adresse) and (self._dossier / f"{adresse}.pem").exists()
        return self.publier(adresse) if connue else None

    def contexte_tls(self) -> Any:
        """The server side TLS context for twisted (1.2 at least)."""
        from OpenSSL.SSL import TLS1_2_VERSION, TLS_SERVER_METHOD
        from twisted.internet.ssl import DefaultOpenSSLContextFactory

        serveur = creer_serveur_tls(self._dossier)
        fabrique = DefaultOpenSSLContextFactory(
            str(serveur.chemin_cle), str(serveur.chemin_certificat), TLS_SERVER_METHOD
        )
        fabrique.getContext().set_min_proto_version(TLS1_2_VERSION)
        return fabrique


def regime_et_organisme(adresse: str) -> tuple[str, str] | None:
    """(régime, organisme) that an address names, None when it is no organism's."""
    trouve = _ADRESSE.fullmatch(adresse)
    return (trouve["regime"], trouve["organisme"]) if trouve else None
