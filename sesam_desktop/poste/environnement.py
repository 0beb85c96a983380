"""What surrounds a workstation: its readers, its mail account, its vault. Real here; simulated in `demonstration`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .coffre import Coffre, CoffrePlateforme
from .configuration import Configuration

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Canal
    from sesam_desktop.teletransmission.parametres import ParametresCourrier

MOT_DE_PASSE_COURRIER = "courrier"


class Environnement(Protocol):
    """The outside world of one workstation."""

    coffre: Coffre

    def canaux(self) -> list[Canal]:
        """Channels to the readers."""

    def module_pkcs11(self, configuration: Configuration) -> str:
        """The module through which the professional's card signs, "" when it does by APDU."""

    def parametres_courrier(self, configuration: Configuration) -> ParametresCourrier:
        """The mail account to use now."""

    def fermer(self) -> None:
        """Let go of everything."""


class EnvironnementReel:
    """PC/SC and serial readers (those `profil` declares), the configured mail servers, the session's keyring."""

    def __init__(self, profil: Path, coffre: Coffre | None = None) -> None:
        self._profil = profil
        self.coffre: Coffre = coffre or CoffrePlateforme()

    def canaux(self) -> list[Canal]:
        from sesam_desktop.lecteurs.pcsc import CanalPcsc

        from .galss import canaux_serie

        return [CanalPcsc(), *canaux_serie(self._profil)]

    def module_pkcs11(self, configuration: Configuration) -> str:
        """The one of the settings, else the Cryptolib CPS of this platform when it is installed."""
        from sesam_desktop.securisation.pkcs11_module import trouver_module

        return str(trouver_module(configuration.module_pkcs11) or "")

    def parametres_courrier(self, configuration: Configuration) -> ParametresCourrier:
        return parametres(configuration, self.coffre)

    def fermer(self) -> None:
        """Nothing is held here."""


def parametres(configuration: Configuration, coffre: Coffre) -> ParametresCourrier:
    """The mail account of the settings; the password is asked to the vault at each connection."""
    from sesam_desktop.teletransmission.parametres import ParametresCourrier

    courrier = configuration.courrier
    return ParametresCourrier(
        smtp_hote=courrier.smtp_hote,
        smtp_port=courrier.smtp_port,
        pop_hote=courrier.pop_hote,
        pop_port=courrier.pop_port,
        utilisateur=courrier.utilisateur,
        mot_de_passe=lambda: coffre.lire(MOT_DE_PASSE_COURRIER),
        adresse_emetteur=courrier.adresse,
        ca=Path(courrier.autorite_tls) if courrier.autorite_tls else None,
    )


def profil_par_defaut() -> Path:
    """Where this platform keeps the data of an application for this user."""
    from platformdirs import user_data_path

    return user_data_path("sesam-desktop", appauthor=False, roaming=sys.platform == "win32")
