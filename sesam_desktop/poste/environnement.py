"""What surrounds a workstation: its readers, its mail accounts, its vault. Real here; simulated in `demonstration`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .coffre import Coffre, CoffrePlateforme
from .configuration import Configuration, Courrier

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Canal
    from sesam_desktop.teletransmission.parametres import ParametresCourrier

MOT_DE_PASSE_COURRIER = "courrier"
# Names in the vault, one a mailbox.
MOTS_DE_PASSE = {"RSV": MOT_DE_PASSE_COURRIER, "OCT": "courrier_oct", "SCOR": "courrier_scor"}


class Environnement(Protocol):
    """The outside world of one workstation."""

    coffre: Coffre

    def canaux(self) -> list[Canal]:
        """Channels to the readers."""

    def module_pkcs11(self, configuration: Configuration) -> str:
        """The module through which the professional's card signs, "" when it does by APDU."""

    def parametres_courriers(self, configuration: Configuration) -> dict[str, ParametresCourrier]:
        """The mail account to use now for each mailbox: RSV, OCT, SCOR."""

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

    def parametres_courriers(self, configuration: Configuration) -> dict[str, ParametresCourrier]:
        return parametres_courriers(configuration, self.coffre)

    def fermer(self) -> None:
        """Nothing is held here."""


def parametres_courriers(configuration: Configuration, coffre: Coffre) -> dict[str, ParametresCourrier]:
    """The mail accounts of the settings; OCT and SCOR use RSV's when they have none of their own."""
    from sesam_desktop.teletransmission.parametres import OCT, RSV, SCOR

    principal = _compte(RSV, configuration.courrier, configuration, coffre)
    propres = {OCT: configuration.courrier_oct, SCOR: configuration.courrier_scor}
    return {RSV: principal} | {
        nom: _compte(nom, courrier, configuration, coffre) if courrier.reglee else principal
        for nom, courrier in propres.items()
    }


def _compte(nom: str, courrier: Courrier, configuration: Configuration, coffre: Coffre) -> ParametresCourrier:
    """The password is asked to the vault at each connection."""
    from sesam_desktop.teletransmission import plages
    from sesam_desktop.teletransmission.parametres import ParametresCourrier

    return ParametresCourrier(
        smtp_hote=courrier.smtp_hote,
        smtp_port=courrier.smtp_port,
        pop_hote=courrier.pop_hote,
        pop_port=courrier.pop_port,
        utilisateur=courrier.utilisateur,
        mot_de_passe=lambda: coffre.lire(MOTS_DE_PASSE[nom]),
        adresse_emetteur=courrier.adresse,
        ca=_fichier(courrier.autorite_tls),
        nom=nom,
        smtp_protection=courrier.smtp_protection,
        retrait=courrier.retrait,
        retrait_protection=courrier.retrait_protection,
        dossier=courrier.dossier,
        certificat_client=_fichier(courrier.certificat_client),
        cle_client=_fichier(courrier.cle_client),
        taille_maximale=courrier.taille_maximale_ko * 1000,
        plages=plages.lire(configuration.transmission.plages),
    )


def _fichier(chemin: str) -> Path | None:
    return Path(chemin) if chemin else None


def profil_par_defaut() -> Path:
    """Where this platform keeps the data of an application for this user."""
    from platformdirs import user_data_path

    return user_data_path("sesam-desktop", appauthor=False, roaming=sys.platform == "win32")
