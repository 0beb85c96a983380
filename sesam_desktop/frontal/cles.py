"""Keys of the other side: the TLS server's, and one a destinataire, all certified by the demonstration authority."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.securisation.autorite import Identite, creer_autorite, creer_certificat

from .regle import Tls

if TYPE_CHECKING:
    from .tls import ContexteTls

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

    def contexte_tls(self, tls: Callable[[], Tls]) -> ContexteTls:
        """The TLS context of the servers; `tls` says how bad it must be now."""
        from .tls import ContexteTls

        return ContexteTls(self._dossier, tls)


def regime_et_organisme(adresse: str) -> tuple[str, str] | None:
    """(régime, organisme) that an address names, None when it is no organism's."""
    trouve = _ADRESSE.fullmatch(adresse)
    return (trouve["regime"], trouve["organisme"]) if trouve else None
