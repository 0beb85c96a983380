"""What is wrong in a configuration file: where, the sentence, and the return code it would cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sesam_desktop.noyau.erreurs import ErreurConnue

from . import codes


@dataclass(frozen=True, slots=True)
class Anomalie:
    """`ligne` 0: the thing is missing. `code` 0: no published code is known for it. Not `grave`: work is possible."""

    section: str
    cle: str
    ligne: int
    message: str
    code: int = 0
    grave: bool = True

    @property
    def ou(self) -> str:
        """Section, key and line, as a person looks for them."""
        morceaux = [f"[{self.section}]" if self.section else "", self.cle, f"ligne {self.ligne}" if self.ligne else ""]
        return " ".join(morceau for morceau in morceaux if morceau)

    def phrase(self) -> str:
        code = f" ({self.code:04X})" if self.code else ""
        return f"{self.ou} : {self.message}{code}" if self.ou else self.message + code

    def en_erreur(self, fichier: str, action: str) -> ErreurConnue:
        """The refusal of `fichier` because of this; its code is the one the component would give."""
        nom = codes.nom(self.code) if self.code else "CONFIGURATION_LECTEURS"
        return ErreurConnue(self.message, code=nom, action=action, ou=f"{fichier} {self.ou}".strip())

    def en_dict(self) -> dict[str, Any]:
        return {
            "section": self.section,
            "cle": self.cle,
            "ligne": self.ligne,
            "message": self.message,
            "code": f"{self.code:04X}" if self.code else None,
            "grave": self.grave,
        }


def graves(anomalies: tuple[Anomalie, ...]) -> list[Anomalie]:
    """Those that prevent work."""
    return [anomalie for anomalie in anomalies if anomalie.grave]
