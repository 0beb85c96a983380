"""Official forms of the NABM. Pure: bytes of the files in, `Lecture` out.

dBase   ``NABM_FICHE_TOT….dbf`` (codes) and ``NABM_HISTO_TOT….dbf`` (dated letter and coefficient): what the CNAM
        distributes, without a dictionary; only unmistakable columns are read (docs/tarification/lpp-biologie.md)
SNDS    ``IR_BIO_R.csv`` and ``IR_BTF_R.csv``
table   one CSV derived from the SNDS files, with the last coefficient only
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sesam_desktop.noyau.erreurs import EntreeInvalide

from . import fiches_datees, valeurs
from .articles import Fichier, Lecture, Suivre
from .fiches_datees import Cellules, Fiche, Forme, Periode

ATTENDUS = "NABM_FICHE_TOT….dbf et NABM_HISTO_TOT….dbf, ou IR_BIO_R.csv et IR_BTF_R.csv"
_AUTRES = (2, 3, 4, 5)  # further quotations of one act in the dBase history


def lire(fichiers: Sequence[Fichier], suivre: Suivre[Any]) -> Lecture:
    """The acts of these files, whichever form they are in."""
    return fiches_datees.lire(fichiers, suivre, _FORMES, ATTENDUS)


def _periode(code: str, debut: str, fin: str, lettre: str, coefficient: str, **donnees: Any) -> Periode:
    cotation = {"lettre": _lettre(lettre), "coefficient": valeurs.coefficient(coefficient), **donnees}
    return Periode(_code(code), valeurs.exiger_jour(debut), valeurs.jour(fin), cotation)


def _fiche_dbf(c: Cellules) -> Fiche:
    return Fiche(
        _code(c["CODE_NABM"]), valeurs.libelle(c["NOM_LONG"] or c["NOM_COURT"]),
        {"debut": valeurs.jour(c["DATE_DEBUT"]), "fin": valeurs.jour(c["DATE_FIN"]), "chapitre": c["ARBO1"]},
    )


def _periode_dbf(c: Cellules) -> Periode:
    autres = [c.get(f"LC{rang}", "") for rang in _AUTRES]
    return _periode(
        c["CODE_NABM"], c["DATE_EFFET"], "", c["LC1"], c["COEF1"], entente=valeurs.drapeau(c["ENTENTE"]),
        maximum=valeurs.entier(c["MAX_FACTU"], "maximum facturable"), regle=_regle(c["CODE_REGLE"]),
        maximum_regle=valeurs.entier(c["MAX_REGLE"], "maximum de la règle"),
        autres=[_lettre(lettre) for lettre in autres if lettre],
    )


def _fiche_snds(c: Cellules) -> Fiche:
    return Fiche(
        _code(c["BIO_PRS_IDE"]), valeurs.libelle(c["BIO_INF_LIB"]),
        {
            "debut": valeurs.jour(c["BIO_CRE_DAT"]), "fin": valeurs.jour(c["BIO_SUP_DAT"]),
            "chapitre": c["BIO_ARB_CHA"], "entente": valeurs.drapeau(c["BIO_ENP_TOP"]),
            "maximum": valeurs.entier(c["BIO_MAX_EXE"], "maximum facturable"), "regle": _regle(c["BIO_SPE_REG"]),
            "maximum_regle": valeurs.entier(c["BIO_MAX_REG"], "maximum de la règle"),
        },
    )


def _periode_snds(c: Cellules) -> Periode:
    return _periode(c["BTF_PRS_IDE"], c["BTF_HIS_DTD"], c["BTF_HIS_DTF"], c["BTF_TAR_NAT"], c["BTF_TAR_COF"])


def _fiche_table(c: Cellules) -> Fiche:
    return Fiche(
        _code(c["code"]), valeurs.libelle(c["libelle"]),
        {
            "debut": valeurs.jour(c["date_creation"]), "fin": valeurs.jour(c["date_suppression"]),
            "chapitre": c["chapitre"], "entente": valeurs.drapeau(c["entente_prealable"]),
        },
    )


def _periode_table(c: Cellules) -> Periode | None:
    if not c["coef"]:
        return None
    return _periode(c["code"], c["date_coef"], "", c["lettre"], c["coef"])


_FORMES = (
    Forme(("CODE_NABM", "NOM_COURT", "NOM_LONG", "DATE_DEBUT", "DATE_FIN", "ARBO1"), fiche=_fiche_dbf),
    Forme(
        ("CODE_NABM", "DATE_EFFET", "ENTENTE", "MAX_FACTU", "CODE_REGLE", "MAX_REGLE", "LC1", "COEF1"),
        periode=_periode_dbf,
    ),
    Forme(
        ("BIO_PRS_IDE", "BIO_INF_LIB", "BIO_CRE_DAT", "BIO_SUP_DAT", "BIO_ARB_CHA", "BIO_ENP_TOP", "BIO_MAX_EXE",
         "BIO_SPE_REG", "BIO_MAX_REG"), fiche=_fiche_snds,
    ),
    Forme(("BTF_PRS_IDE", "BTF_HIS_DTD", "BTF_HIS_DTF", "BTF_TAR_NAT", "BTF_TAR_COF"), periode=_periode_snds),
    Forme(
        ("code", "libelle", "date_creation", "date_suppression", "lettre", "coef", "date_coef", "chapitre",
         "entente_prealable"), fiche=_fiche_table, periode=_periode_table,
    ),
)


def _code(texte: str) -> str:
    """Four digits; the SNDS files leave the leading zeros out."""
    if not re.fullmatch("[0-9]{1,4}", texte):
        raise EntreeInvalide(f"code NABM « {texte[:20]} » faux")
    return texte.zfill(4)


def _lettre(texte: str) -> str:
    if not re.fullmatch("[A-Z]{1,3}", texte):
        raise EntreeInvalide(f"lettre-clé « {texte[:20]} » illisible")
    return texte


def _regle(texte: str) -> str:
    """Zeros: the act is in no group."""
    if not re.fullmatch("[A-Z0-9]{0,10}", texte):
        raise EntreeInvalide(f"code de règle « {texte[:20]} » illisible")
    return texte if texte.strip("0") else ""
