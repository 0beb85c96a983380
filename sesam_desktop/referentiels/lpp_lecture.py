"""Official forms of the LPP. Pure: bytes of the files in, `Lecture` out.

dBase   ``LPP_FICHE_TOT….dbf`` (codes) and ``LPP_HISTO_TOT….dbf`` (dated tariffs, prestation code, prior agreement,
        price ceiling, overseas coefficients): what the CNAM distributes. It publishes no dictionary: the columns read
        here are those whose name and values leave no doubt (docs/tarification/lpp-biologie.md)
SNDS    ``NT_LPP.csv`` and ``IR_LPP_V.csv``: codes, and one tariff a code
table   one CSV derived from the SNDS files

The SNDS files hold an indicator « LPP_MED_IND » which is the medical indication, not the prior agreement: only the
dBase history says whether an agreement is needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sesam_desktop.noyau import identifiants
from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import fiches_datees, valeurs
from .articles import Fichier, Lecture, Suivre
from .fiches_datees import Cellules, Fiche, Forme, Periode

ATTENDUS = "LPP_FICHE_TOT….dbf et LPP_HISTO_TOT….dbf, ou NT_LPP.csv et IR_LPP_V.csv"
# Territories of the columns MAJO_DOM1 to 6; a coefficient of 9.999 is a mark whose meaning is not published.
_TERRITOIRES = {
    "MAJO_DOM1": "971", "MAJO_DOM2": "972", "MAJO_DOM3": "973", "MAJO_DOM4": "974", "MAJO_DOM5": "975",
    "MAJO_DOM6": "976",
}
_SANS_OBJET = ("0", "9.999")


def lire(fichiers: Sequence[Fichier], suivre: Suivre[Any]) -> Lecture:
    """The articles of these files, whichever form they are in."""
    return fiches_datees.lire(fichiers, suivre, _FORMES, ATTENDUS)


def _fiche(code: str, libelle: str, fin: str, type_prestation: str) -> Fiche:
    if not re.fullmatch("[A-Z]?", type_prestation):
        raise EntreeInvalide(f"type de prestation « {type_prestation[:20]} » inconnu")
    return Fiche(_code(code), valeurs.libelle(libelle), {"fin": valeurs.jour(fin), "type": type_prestation})


def _periode(
    code: str, debut: str, fin: str, tarif: str, prix_max: str, *, nature: str = "", entente: bool | None = None,
    majorations: dict[str, str] | None = None,
) -> Periode:
    donnees = {
        "tarif": valeurs.centimes(tarif), "prix_max": valeurs.plafond(prix_max), "nature": nature, "entente": entente,
        "majorations": majorations or {},
    }
    return Periode(_code(code), valeurs.exiger_jour(debut), valeurs.jour(fin), donnees)


def _fiche_dbf(c: Cellules) -> Fiche:
    return _fiche(c["CODE_TIPS"], c["NOM_COURT"], c["DATE_FIN"], c["TYPE_PREST"])


def _periode_dbf(c: Cellules) -> Periode:
    if not re.fullmatch("[A-Z0-9]{0,4}", c["NAT_PREST"]):
        raise EntreeInvalide(f"nature de prestation « {c['NAT_PREST'][:20]} » illisible")
    lues = {territoire: valeurs.coefficient(c.get(nom) or "0") for nom, territoire in _TERRITOIRES.items()}
    majorations = {territoire: lue for territoire, lue in lues.items() if lue not in _SANS_OBJET}
    return _periode(
        c["CODE_TIPS"], c["DEBUTVALID"], c["FINHISTO"], c["TARIF"], c["PUREGLEMEN"], nature=c["NAT_PREST"],
        entente=valeurs.drapeau(c["ENTENTE"]), majorations=majorations,
    )


def _fiche_snds(c: Cellules) -> Fiche:
    return _fiche(c["LPP_PRS_IDE"], c["LPP_RED_LIB"], c["LPP_VAL_DTF"], c["LPP_PRS_TYP"])


def _periode_snds(c: Cellules) -> Periode:
    return _periode(c["LPP_COD"], c["VAL_DTD"], "", c["LPP_TAR"], c["LPP_PRU"])


def _fiche_table(c: Cellules) -> Fiche:
    return _fiche(c["code"], c["libelle"], c["date_fin"], c["type_prestation"])


def _periode_table(c: Cellules) -> Periode | None:
    if not c["tarif"]:
        return None
    return _periode(c["code"], c["date_tarif"], "", c["tarif"], c["pu_max"])


_FORMES = (
    Forme(("CODE_TIPS", "NOM_COURT", "DATE_FIN", "TYPE_PREST"), fiche=_fiche_dbf),
    Forme(
        ("CODE_TIPS", "DEBUTVALID", "FINHISTO", "NAT_PREST", "ENTENTE", "TARIF", "PUREGLEMEN"), periode=_periode_dbf
    ),
    Forme(("LPP_PRS_IDE", "LPP_RED_LIB", "LPP_VAL_DTF", "LPP_PRS_TYP"), fiche=_fiche_snds),
    Forme(("LPP_COD", "VAL_DTD", "LPP_TAR", "LPP_PRU"), periode=_periode_snds),
    Forme(
        ("code", "libelle", "date_fin", "type_prestation", "tarif", "pu_max", "date_tarif"),
        fiche=_fiche_table, periode=_periode_table,
    ),
)


def _code(texte: str) -> str:
    if not identifiants.lpp_valide(texte):
        raise EntreeInvalide(f"code LPP « {texte[:20]} » faux")
    return texte
