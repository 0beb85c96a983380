"""The published functions of the SSV and SGD libraries that the bridge calls, and how they are found and bound.

Names, arguments and calling convention: public headers of 2001-2003 found in the history of a free program, restated
in `docs/ssv.md`. Nothing of the GIE is here but these names. Every function returns an unsigned 16-bit code, 0 when
all went well; texts are ISO-8859-1; ``size_t`` follows the bitness of the library, which must be the process's.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sesam_desktop.noyau.erreurs import ErreurConnue

from .bibliotheque import exiger_chargeable

_ACTION = "Installez les FSV faites pour ce programme, ou corrigez leur dossier dans Paramètres."
_TEXTE, _U16, _TAILLE = ctypes.c_char_p, ctypes.c_ushort, ctypes.c_size_t
_P_U16, _P_TAILLE = ctypes.POINTER(ctypes.c_ushort), ctypes.POINTER(ctypes.c_size_t)
_PORTEUR = (_TEXTE, _TEXTE, _TEXTE)  # resource of the PS card, resource of the reader, code porteur

PROTOTYPES: dict[str, tuple[type, ...]] = {
    "SSV_InitLIB": (),
    "SSV_TermLIB": (),
    "SGD_ReserverSession": (_TAILLE, _P_U16),
    "SGD_LibererSession": (_U16,),
    "SGD_LireGroupeSuivant": (_U16, _U16, _U16, _P_U16, _P_U16),
    "SGD_LireChamp": (_U16, _U16, _U16, _U16, _TEXTE, _P_TAILLE),
    "SIS_LireConfig": (_U16,),
    "SIS_LireCartePS": (*_PORTEUR, _U16),
    "SIS_LireDroitsVitale": (*_PORTEUR, _TEXTE, _U16),
}
FACULTATIFS: dict[str, tuple[type, ...]] = {"SSV_InitLIB2": (_TEXTE,)}  # newer libraries: the caller's sesam.ini

# SGD first: SSV is built upon it. The 64-bit Windows names are inferred, as the 32-bit ones end.
_NOMS = {
    "win32": ("sgdw{bits}.dll", "ssvw{bits}.dll"),
    "darwin": ("sgdosx.framework/sgdosx", "ssvosx.framework/ssvosx"),
    "linux": ("libsgdlux.so", "libssvlux.so"),
}
_RECHERCHE_DANS_SON_DOSSIER = 0x8  # LOAD_WITH_ALTERED_SEARCH_PATH: what a DLL needs is beside it, or in C:\Windows


@dataclass(frozen=True, slots=True)
class Fonctions:
    """Bound functions, by name. `chemin`: the SSV library they come from."""

    chemin: Path
    table: dict[str, Callable[..., int]]

    def __getitem__(self, nom: str) -> Callable[..., int]:
        return self.table[nom]

    def __contains__(self, nom: str) -> bool:
        return nom in self.table


def trouver(dossier: Path) -> tuple[Path, ...]:
    """The libraries in `dossier`, checked but not loaded. Raises BIBLIOTHEQUE_* (absent, damaged, other processor)."""
    chemins = tuple(_chemin(dossier, nom) for nom in _NOMS.get(sys.platform, _NOMS["linux"]))
    for chemin in chemins:
        exiger_chargeable(chemin, _ACTION)
    return chemins


def lier(chemins: Sequence[Path]) -> Fonctions:
    """Load the libraries and bind their functions. Raises BIBLIOTHEQUE_NON_CHARGEE, BIBLIOTHEQUE_INCOMPLETE."""
    chargees = [_charger(chemin) for chemin in chemins]
    table = {nom: _lier(chargees, nom, types) for nom, types in (PROTOTYPES | FACULTATIFS).items()}
    absents = sorted(nom for nom in PROTOTYPES if table[nom] is None)
    if absents:
        raise ErreurConnue(
            f"Les bibliothèques SSV n'ont pas les fonctions attendues ({', '.join(absents)}).",
            code="BIBLIOTHEQUE_INCOMPLETE", ou=str(chemins[-1]), action=_ACTION,
        )
    return Fonctions(chemins[-1], {nom: fonction for nom, fonction in table.items() if fonction is not None})


def _chemin(dossier: Path, nom: str) -> Path:
    """The file of this process's bitness; the other one when it is alone, so that the refusal says why."""
    tailles = (32, 64) if ctypes.sizeof(ctypes.c_void_p) == 4 else (64, 32)
    candidats = [dossier / nom.format(bits=bits) for bits in tailles]
    return next((chemin for chemin in candidats if chemin.is_file()), candidats[0])


def _charger(chemin: Path) -> ctypes.CDLL:
    try:
        if sys.platform == "win32":  # stdcall on 32 bits; the same as C on 64
            return ctypes.WinDLL(str(chemin), winmode=_RECHERCHE_DANS_SON_DOSSIER)
        return ctypes.CDLL(str(chemin), mode=ctypes.RTLD_GLOBAL)
    except OSError as erreur:
        raise ErreurConnue(
            "La bibliothèque SSV n'a pas pu être chargée : il lui manque sans doute un composant (GALSS, tables).",
            code="BIBLIOTHEQUE_NON_CHARGEE", ou=str(chemin), action="Réinstallez les FSV et le GALSS du poste.",
        ) from erreur


def _lier(bibliotheques: Sequence[ctypes.CDLL], nom: str, types: tuple[type, ...]) -> Callable[..., int] | None:
    """Versions differ on which library exports the SIS functions: each one is asked."""
    for bibliotheque in bibliotheques:
        try:
            fonction = bibliotheque[nom]
        except AttributeError:
            continue
        fonction.argtypes, fonction.restype = types, _U16
        return fonction
    return None
