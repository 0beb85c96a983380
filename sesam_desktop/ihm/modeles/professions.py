"""The trades of the workstation, as people call them, and what each one types on its billing page."""

from __future__ import annotations

from typing import NamedTuple

TITRE_DOCTEUR = ("pharmacien", "medecin", "dentiste")


class Metier(NamedTuple):
    """`titre` in the settings, `nom` in a sentence, `exemple` in the field where an act is typed."""

    titre: str
    nom: str
    exemple: str
    sources: tuple[str, ...]    # imported tables whose codes this trade bills, searched by words


# Of a doctor of sector 2 who has signed one; it changes their tariffs.
OPTIONS = (("", "Aucune"), ("optam", "OPTAM"), ("optam_aco", "OPTAM-ACO (chirurgie, obstétrique)"))
_CCAM = ("ccam",)

METIERS = {
    "pharmacien": Metier("Pharmacien d'officine", "pharmacien", "", ("bdpm", "lpp")),
    "infirmier": Metier("Infirmier", "infirmier", "AMI 4, AIS 3, BSB…", ()),
    "medecin": Metier("Médecin", "médecin", "G, VG, CS, un code CCAM (DEQP003 +F /2), des mots…", _CCAM),
    "masseur_kinesitherapeute": Metier("Masseur-kinésithérapeute", "masseur-kinésithérapeute", "AMK 8,3, TER 9,49…",
                                       ()),
    "sage_femme": Metier("Sage-femme", "sage-femme", "C, SF 12,5, un code CCAM (JQGD010)…", _CCAM),
    "dentiste": Metier("Chirurgien-dentiste", "chirurgien-dentiste", "CD, HBMD058 d16, des mots…", _CCAM),
    "orthophoniste": Metier("Orthophoniste", "orthophoniste", "AMO 12,1…", ()),
    "orthoptiste": Metier("Orthoptiste", "orthoptiste", "AMY 8,5…", ()),
    "pedicure": Metier("Pédicure-podologue", "pédicure-podologue", "POD 1…", ()),
    "fournisseur": Metier("Fournisseur de dispositifs médicaux (LPP)", "fournisseur", "", ("lpp",)),
    "laboratoire": Metier("Laboratoire de biologie médicale", "laboratoire", "0552, des mots…", ("nabm",)),
}
