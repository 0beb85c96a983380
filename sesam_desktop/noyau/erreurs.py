"""What went wrong in the world (`ErreurConnue`), told apart from what is wrong in the program.

An `ErreurConnue` always carries a French sentence that says what happened and, when there is one, what to do.
Anything else that reaches the top is a bug and goes to the crash report.
"""

from __future__ import annotations


class ErreurConnue(Exception):
    """An expected failure: reader absent, wrong input, server down, disk full.

    code     stable upper-case identifier, e.g. ``CARTE_RETIREE`` (scripts and tests rely on it)
    message  one French sentence: what happened
    action   one French sentence: what to do ("" when nothing can be done by the user)
    ou       where: file and line, field path, reader name… ("" when it adds nothing)
    """

    code = "ERREUR"

    def __init__(self, message: str, *, code: str | None = None, action: str = "", ou: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.action = action
        self.ou = ou
        if code is not None:
            self.code = code

    def phrase(self) -> str:
        """The one line shown to people: where, what happened, what to do."""
        debut = f"{self.ou} : {self.message}" if self.ou else self.message
        return f"{debut} {self.action}".strip()


class EntreeInvalide(ErreurConnue):
    """A value given by somebody or read from a file that the program refuses."""

    code = "ENTREE_INVALIDE"


class FormatInvalide(ErreurConnue):
    """A wire format or file that does not follow its layout. `ligne` and `position` start at 1."""

    code = "FORMAT_INVALIDE"
    unite = "enregistrement"  # what `ligne` counts

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fichier: str = "",
        ligne: int = 0,
        position: int = 0,
        zone: str = "",
        action: str = "",
    ) -> None:
        self.fichier, self.ligne, self.position, self.zone = fichier, ligne, position, zone
        super().__init__(message, code=code, action=action, ou=self._lieu())

    def _lieu(self) -> str:
        morceaux = [self.fichier] if self.fichier else []
        if self.ligne:
            morceaux.append(f"{self.unite} {self.ligne}")
        if self.position:
            morceaux.append(f"position {self.position}")
        if self.zone:
            morceaux.append(f"zone « {self.zone} »")
        return ", ".join(morceaux)


class TexteInvalide(FormatInvalide):
    """Same, in a text that people read: `ligne` counts its lines."""

    unite = "ligne"


class Annulation(ErreurConnue):
    """The user cancelled a long operation: nothing was half-applied."""

    code = "ANNULE"

    def __init__(self, message: str = "Opération annulée, rien n'a été modifié.") -> None:
        super().__init__(message)
