"""Groups of interchangeable medicines: the generic groups of the BDPM, the hybrid groups of the ANSM."""

from __future__ import annotations

from dataclasses import dataclass

from .base_referentiels import BaseReferentiels, EnVigueur

# Reference first, then what is sold, then by price; `{0}` is the table of the groups.
# CROSS JOIN and INDEXED BY: without statistics, the planner would walk the whole version.
_MEMBRES = """
    SELECT g.groupe, g.libelle, p.cip13, p.cip7, p.cis, p.libelle, p.presentation, p.prix, p.taux, g.type,
           p.commercialise
    FROM presentation demandee
    CROSS JOIN {0} son ON son.version = ?1 AND son.cis = demandee.cis
    CROSS JOIN {0} g INDEXED BY {0}_groupe ON g.version = ?1 AND g.groupe = son.groupe
    CROSS JOIN presentation p ON p.version = ?1 AND p.cis = g.cis
    WHERE demandee.version = ?1 AND demandee.cip13 = ?2
    ORDER BY g.type NOT IN ('0', 'R'), NOT p.commercialise, p.prix IS NULL, p.prix, p.cip13"""
GENERIQUE, HYBRIDE = "generique", "hybride"


@dataclass(frozen=True, slots=True)
class MembreGroupe:
    """One presentation of a group. `prix_centimes` and `taux` None: free price, not reimbursed.

    type  generic group: 0 reference (princeps), 1 generic, 2 by complementarity of dosage, 4 substitutable;
          hybrid group: R reference, H hybrid
    """

    cip13: str
    cip7: str
    cis: str
    libelle: str
    presentation: str
    prix_centimes: int | None
    taux: int | None
    type: str
    commercialise: bool

    @property
    def reference(self) -> bool:
        """True for the princeps."""
        return self.type in ("0", "R")


@dataclass(frozen=True, slots=True)
class GroupeGenerique:
    """A group as the table in force gives it: every presentation, all packs mixed.

    Members: the reference first, then what is on sale, then by price.
    """

    numero: str
    libelle: str
    membres: tuple[MembreGroupe, ...]
    version: str
    hors_periode: bool = False
    hybride: bool = False


def groupes(base: BaseReferentiels, version: EnVigueur, cip13: str, registre: str) -> tuple[GroupeGenerique, ...]:
    """The groups this presentation is in, the one its look-up names first. `registre`: GENERIQUE or HYBRIDE."""
    par_numero: dict[str, list[MembreGroupe]] = {}
    libelles: dict[str, str] = {}
    types: dict[str, str] = {}
    for numero, libelle, *membre in base.lire(_MEMBRES.format(registre), (version.id, cip13)):
        membre[-1] = bool(membre[-1])
        valeur = MembreGroupe(*membre)
        par_numero.setdefault(numero, []).append(valeur)
        libelles[numero] = libelle
        if valeur.cip13 == cip13:
            types[numero] = valeur.type
    return tuple(
        GroupeGenerique(n, libelles[n], tuple(par_numero[n]), version.date, version.hors_periode, registre == HYBRIDE)
        for n in sorted(par_numero, key=lambda n: (types[n], n))
    )
