"""Where the mail password is kept: the platform's keyring, or memory for a demonstration. Never a file of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "sesam-desktop"


class Coffre(Protocol):
    """Keeps one secret per name."""

    def lire(self, nom: str) -> str:
        """The secret, or ErreurConnue MOT_DE_PASSE_ABSENT."""

    def garder(self, nom: str, secret: str) -> None:
        """Keep it."""


def _absent() -> ErreurConnue:
    return ErreurConnue(
        "Le mot de passe de la messagerie n'est pas enregistré sur ce poste.",
        code="MOT_DE_PASSE_ABSENT",
        action="Saisissez-le dans Paramètres, rubrique Messagerie.",
    )


class CoffreMemoire:
    """For the demonstration and for machines without a keyring: forgotten when the program ends."""

    def __init__(self, **secrets: str) -> None:
        self._secrets = secrets

    def lire(self, nom: str) -> str:
        if nom not in self._secrets:
            raise _absent()
        return self._secrets[nom]

    def garder(self, nom: str, secret: str) -> None:
        self._secrets[nom] = secret


class CoffrePlateforme:
    """The session's keyring (Windows Credential Manager, Secret Service). Clear-text backends are refused."""

    def lire(self, nom: str) -> str:
        secret = self._trousseau().get_password(SERVICE, nom)
        if secret is None:
            raise _absent()
        return secret

    def garder(self, nom: str, secret: str) -> None:
        self._trousseau().set_password(SERVICE, nom, secret)

    def _trousseau(self) -> KeyringBackend:
        import keyring

        trousseau = keyring.get_keyring()
        if getattr(trousseau, "priority", 0) < 1 or type(trousseau).__module__.startswith("keyrings.alt"):
            raise ErreurConnue(
                "Aucun trousseau de mots de passe sûr n'est disponible dans cette session.",
                code="COFFRE_ABSENT",
                action="Ouvrez une session avec le trousseau du système, ou saisissez le mot de passe à chaque envoi.",
            )
        return trousseau
