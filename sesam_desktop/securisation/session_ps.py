"""The professional's session: the code is typed once, then invoices and lots are signed until the session closes.

The only place where the code porteur stays, and only as long as the session is open: bytes that are wiped at closing,
never shown, never written. The code is presented again to the same card when it must be (a card forgets it at each
reset), but once refused it is never presented again: three wrong tries lock a card for good. The session closes when
asked, at its time limit (choice of the project), and when the card leaves, changes or refuses the code.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from .signature import PS, Signataire, SignataireCarte

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import SessionCarte
    from sesam_desktop.lecteurs.lecture import PuceCps

    from .pkcs11 import SignatairePkcs11

T = TypeVar("T")

DUREE = timedelta(hours=4)
_FATALES = frozenset({
    "CODE_FAUX", "CODE_BLOQUE", "CARTE_RETIREE", "CARTE_ABSENTE", "CPS_ABSENTE", "CARTE_CHANGEE", "LECTEUR_ABSENT",
    "SSV_F001", "SSV_F003",
})


class MoyenPS(Protocol):
    """How the professional's card is reached. `signataire` presents the code at most once a call."""

    def signataire(self, code: str) -> AbstractContextManager[Signataire]: ...

    def fermer(self) -> None: ...


class MoyenCarte:
    """The card by APDU. `connecter` opens a session on it each time; the code goes only to the card seen first."""

    def __init__(
        self,
        connecter: Callable[[], AbstractContextManager[SessionCarte]],
        lire_certificat: Callable[[SessionCarte], bytes],
    ) -> None:
        self._connecter = connecter
        self._lire_certificat = lire_certificat
        self._puce: PuceCps | None = None

    @contextmanager
    def signataire(self, code: str) -> Iterator[Signataire]:
        from sesam_desktop.lecteurs.lecture import verifier_code

        with self._connecter() as session:
            self._exiger_meme_carte(session)
            verifier_code(session, code)
            yield SignataireCarte(session, PS, self._lire_certificat)

    def fermer(self) -> None:
        self._puce = None

    def _exiger_meme_carte(self, session: SessionCarte) -> None:
        from sesam_desktop.lecteurs.lecture import exiger_meme_cps, lire_puce_cps

        if self._puce is None:
            self._puce = lire_puce_cps(session)
        else:
            exiger_meme_cps(session, self._puce)


class MoyenPkcs11:
    """The card by its PKCS#11 module: logged in at the first use, kept until closed."""

    def __init__(self, module: Path, *, etiquette: str = "", numero_serie: str = "") -> None:
        self._module = module
        self._etiquette = etiquette
        self._numero_serie = numero_serie
        self._ouvert: SignatairePkcs11 | None = None

    @contextmanager
    def signataire(self, code: str) -> Iterator[Signataire]:
        from .pkcs11 import SignatairePkcs11

        if self._ouvert is None:
            self._ouvert = SignatairePkcs11(
                self._module, code, etiquette=self._etiquette, numero_serie=self._numero_serie
            )
        yield self._ouvert

    def fermer(self) -> None:
        if self._ouvert is not None:
            self._ouvert.fermer()
            self._ouvert = None


class SessionPS:
    """A `Signataire` that works from the code until the session closes. Safe from several threads."""

    porteur = PS

    def __init__(
        self, moyen: MoyenPS, code: str, *, duree: timedelta = DUREE, horloge: Callable[[], float] = time.monotonic
    ) -> None:
        """Present the code at once: CODE_FAUX, CODE_BLOQUE and absence of card are known before anything is signed."""
        self._verrou = threading.RLock()
        self._moyen = moyen
        self._code = bytearray(code, "utf-8")
        self._horloge = horloge
        self._fin = horloge() + duree.total_seconds()
        try:
            self._certificat = self._employer(lambda signataire: signataire.certificat())
        except BaseException:
            self.fermer()
            raise

    @property
    def ouverte(self) -> bool:
        """False once closed or past its time limit. Never waits: the window asks while a card is signing."""
        if not self._code:
            return False
        if self._horloge() < self._fin:
            return True
        self.abandonner()
        return False

    def certificat(self) -> bytes:
        return self._certificat

    def signer(self, octets: bytes) -> bytes:
        """Signature of `octets`. Raises SESSION_PS_FERMEE, or what the card says (and closes if it is fatal)."""
        return self._employer(lambda signataire: signataire.signer(octets))

    def confier_code(self, travail: Callable[[str], T]) -> T:
        """Result of `travail`, given the code: for libraries that present it to the card themselves (SSV).

        The session closes when they refuse it, as it does for a signature.
        """
        return self._sous_surveillance(lambda: travail(self._code.decode()))

    def fermer(self) -> None:
        """Wipe the code and let the card go, once whoever uses it has done. Harmless when already closed."""
        self._effacer()
        with self._verrou:
            self._moyen.fermer()

    def abandonner(self) -> None:
        """Close without waiting: the code is wiped now, the card is let go as soon as it can be."""
        self._effacer()
        threading.Thread(target=self.fermer, name="fin-de-session", daemon=True).start()

    def _effacer(self) -> None:
        self._code[:] = bytes(len(self._code))
        self._code.clear()

    def _employer(self, action: Callable[[Signataire], bytes]) -> bytes:
        def signer() -> bytes:
            with self._moyen.signataire(self._code.decode()) as signataire:
                return action(signataire)

        return self._sous_surveillance(signer)

    def _sous_surveillance(self, travail: Callable[[], T]) -> T:
        """One job at a time, on an open session; the session does not outlive a fatal refusal."""
        with self._verrou:
            if not self.ouverte:
                raise ErreurConnue(
                    "La session du professionnel est fermée.", code="SESSION_PS_FERMEE",
                    action="Insérez votre carte et saisissez votre code porteur.",
                )
            try:
                return travail()
            except ErreurConnue as erreur:
                if erreur.code in _FATALES:
                    self.fermer()
                raise

    def __repr__(self) -> str:
        return f"<SessionPS {'ouverte' if self._code else 'fermée'}>"
