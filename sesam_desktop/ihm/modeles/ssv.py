"""The GIE's SSV libraries in the picture of the poste and in a test reading, when the settings name them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..composants.bandeau import phrase
from .bilans import compter
from .lecteurs import PONT, VueAppareil, VueCanal, VuePoste
from .lectures import secondes

if TYPE_CHECKING:
    from sesam_desktop.poste.inventaire_ssv import EssaiSsv

_TITRE = "Bibliothèques SSV (GIE)"


def avec_pont(vue: VuePoste, regle: bool, essai: EssaiSsv | None) -> VuePoste:
    """`vue` and the libraries after its channels, with the readers that the last test found behind them."""
    if not regle:
        return vue
    return replace(vue, canaux=(*vue.canaux, _canal(essai)))


def phrase_ssv(essai: EssaiSsv) -> tuple[str, str]:
    """State word and sentence of the libraries in a test reading."""
    mot, dit = _etat(essai)
    duree = f", en {secondes(essai.duree_s)}" if essai.erreur is None else ""
    return mot, f"{_TITRE} : {dit}{duree}{'' if essai.erreur else '.'}"


def _canal(essai: EssaiSsv | None) -> VueCanal:
    if essai is None:
        return VueCanal(PONT, _TITRE, "à faire", "Le test de lecture dira leur version et leurs lecteurs")
    appareils = tuple(VueAppareil(nom or "Lecteur sans nom", ()) for nom in essai.lecteurs)
    return VueCanal(PONT, _TITRE, *_etat(essai), appareils)


def _etat(essai: EssaiSsv) -> tuple[str, str]:
    """A reader kept out leaves the others of use; libraries that do not open leave none."""
    if essai.erreur is not None:
        return ("à corriger" if essai.version else "bloqué"), f"{phrase(essai.erreur)} [{essai.erreur.code}]"
    lecteurs = compter(len(essai.lecteurs), "lecteur", "lecteurs") if essai.lecteurs else "aucun lecteur"
    version = f"version {essai.version}, " if essai.version else ""
    return ("fait" if essai.lecteurs else "à corriger"), f"{version}{lecteurs}"
