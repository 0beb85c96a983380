"""Who a return speaks of. Its `repr` says nothing: it may end up in a log."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, repr=False)
class Personne:
    """Insured or patient; empty texts for what the return does not give. `naissance`: AAMMJJ, may be lunar."""

    nir: str = ""
    cle: str = ""
    nom: str = ""
    nom_usage: str = ""
    prenom: str = ""
    naissance: str = ""
    rang: str = ""
    unite_gestion: str = ""

    def __repr__(self) -> str:
        return f"Personne({', '.join(c.name for c in fields(self) if getattr(self, c.name))})"


PERSONNE = Personne()
