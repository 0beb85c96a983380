"""Who may enter the mail server: one workstation, one password."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.error import UnauthorizedLogin
from twisted.cred.portal import IRealm, Portal
from zope.interface import implementer


@implementer(ICredentialsChecker)
class CompteUnique:
    """Accepts one name and one password, compared in constant time."""

    credentialInterfaces = (IUsernamePassword,)

    def __init__(self, utilisateur: str, mot_de_passe: str) -> None:
        self._utilisateur, self._mot_de_passe = utilisateur.encode(), mot_de_passe.encode()

    def requestAvatarId(self, credentials: Any) -> bytes:
        nom_juste = hmac.compare_digest(credentials.username or b"", self._utilisateur)
        mot_juste = hmac.compare_digest(credentials.password or b"", self._mot_de_passe)
        if not (nom_juste and mot_juste):
            raise UnauthorizedLogin
        return self._utilisateur


@implementer(IRealm)
class Domaine:
    """Gives each authenticated session what `fabrique` makes for it (a delivery, a mailbox)."""

    def __init__(self, interface: Any, fabrique: Callable[[], Any]) -> None:
        self._interface, self._fabrique = interface, fabrique

    def requestAvatar(self, avatarId: Any, mind: Any, *interfaces: Any) -> tuple[Any, Any, Callable[[], None]]:
        if self._interface not in interfaces:
            raise NotImplementedError(interfaces)
        return self._interface, self._fabrique(), lambda: None


def portail(compte: CompteUnique, interface: Any, fabrique: Callable[[], Any]) -> Any:
    """The twisted portal of one server."""
    domaine: Any = Domaine(interface, fabrique)
    verificateurs: Any = [compte]
    return Portal(domaine, verificateurs)
