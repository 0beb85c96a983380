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

_CAISSE = re.compile(r"(?P<regime>\d{2})(?P<organisme>\d{3})@(?P=organisme)\.(?P=regime)\.[a-z0-9.-]+")
_AMC = re.compile(r"(?P<numero>\d{8,10})@(?P<type>oc|cs|ot)\.[a-z0-9.-]+")


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
        if destinataire_de(adresse) is None:
            raise EntreeInvalide(
                f"« {adresse} » n'est pas l'adresse d'un organisme.",
                code="ADRESSE_INVALIDE",
                action="Formes attendues : RRCCC@CCC.RR.domaine (régime, organisme) ou numéro@oc|cs|ot.domaine.",
            )
        return creer_certificat(self._dossier, adresse, adresse)

    def de(self, adresse: str) -> Identite | None:
        """Key of a destinataire already published, None for any other: what comes by mail creates nothing."""
        connue = destinataire_de(adresse) and (self._dossier / f"{adresse}.pem").exists()
        return self.publier(adresse) if connue else None

    def contexte_tls(self, tls: Callable[[], Tls]) -> ContexteTls:
        """The TLS context of the servers; `tls` says how bad it must be now."""
        from .tls import ContexteTls

        return ContexteTls(self._dossier, tls)


def destinataire_de(adresse: str) -> tuple[str, str] | None:
    """(régime, organisme) of a fund, (kind, ten digits) of an insurer or OCT; None for any other address."""
    if caisse := _CAISSE.fullmatch(adresse):
        return caisse["regime"], caisse["organisme"]
    amc = _AMC.fullmatch(adresse)
    return (amc["type"].upper(), amc["numero"].zfill(10)) if amc else None
