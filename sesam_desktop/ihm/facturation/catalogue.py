"""What the entry field proposes while one types: acts of the nomenclature open to this trade, then imported codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sesam_desktop.base.recherche import plier
from sesam_desktop.factures.facture import LigneSaisie
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.montants import formater
from sesam_desktop.referentiels import tables

from ..modeles.professions import METIERS

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste

LIMITE = 12
NOMS = {"bdpm": "La base des médicaments", "ccam": "La CCAM", "lpp": "La LPP", "nabm": "La nomenclature de biologie"}


@dataclass(frozen=True)
class Proposition:
    """`ligne` is added as it is; `suite` goes to the field instead, for its coefficient; `source` is to be imported."""

    libelle: str
    ligne: LigneSaisie | None = None
    suite: str = ""
    source: str = ""


def proposer(poste: Poste, texte: str, jour: date) -> list[Proposition]:
    """Acts whose code or words hold `texte`, then what the imported tables of this trade know. On a worker."""
    profession = poste.configuration.profession
    trouves = list(_ngap(poste, profession, texte, jour))
    for source in METIERS[profession].sources:
        trouves += _importees(poste, source, texte, jour)
    return trouves


def _importees(poste: Poste, source: str, texte: str, jour: date) -> list[Proposition]:
    """A table that was never imported says so, where one looked for it."""
    try:
        lues = poste.referentiels.chercher_dans(source, texte, jour, LIMITE)
    except ErreurConnue as erreur:
        if erreur.code != "REFERENTIEL_ABSENT":
            raise
        return [Proposition(f"{NOMS[source]} n'est pas importée sur ce poste : ouvrir Référentiels", source=source)]
    return [Proposition(f"{lu.code}  {lu.libelle}  ·  {lu.detail}", _ligne(source, lu.valeur)) for lu in lues]


def _ligne(source: str, valeur: Any) -> LigneSaisie:
    if source == "bdpm":
        return LigneSaisie("MEDICAMENT", cip13=valeur.cip13)
    if source == "ccam":
        return LigneSaisie("CCAM", code=valeur.code, activite=valeur.activite, phase=valeur.phase)
    return LigneSaisie("LPP" if source == "lpp" else "NABM", code=valeur.code)


def _ngap(poste: Poste, profession: str, texte: str, jour: date) -> Iterator[Proposition]:
    """Acts of the program's own tables: code and price, or words of the name."""
    if re.search(r"[0-9]", texte) or not plier(texte):
        return
    mots, specialites = plier(texte).split(), _specialites(poste, profession, jour)
    ouverts = (
        acte for acte in tables.charger("actes").lignes(jour)
        if not specialites.isdisjoint(acte["specialites"]) and _se_demande(acte, jour)
        and all(mot in plier(f"{acte['code']} {acte['libelle']}") for mot in mots)
    )
    for acte in sorted(ouverts, key=lambda acte: not acte["code"].startswith(mots[0])):
        prix = _prix(acte["code"], specialites, poste.configuration.departement, jour)
        libelle = f"{acte['code']}  {acte['libelle']}{prix}"
        if acte["coefficient"]:
            yield Proposition(libelle, suite=f"{acte['code']} ")
        else:
            yield Proposition(libelle, LigneSaisie(acte["code"]))


def _specialites(poste: Poste, profession: str, jour: date) -> set[str]:
    """Of the situation chosen on the card; every one of the trade without a card."""
    situation = poste.lecteurs.situation
    if situation is not None:
        return {situation.specialite}
    return {li["code"] for li in tables.charger("specialites").lignes(jour) if li["profession"] == profession}


def _se_demande(acte: Any, jour: date) -> bool:
    """False for what the engine adds by itself, and for what is asked by the code of an imported table."""
    genre = tables.charger("genres").trouver(jour, genre=acte["genre"])
    return genre is not None and not genre["ajoute"] and (acte["coefficient"] or "code" not in genre["champs"])


def _prix(code: str, specialites: set[str], departement: str, jour: date) -> str:
    zone = "dom" if departement.startswith("97") else "metro"
    ligne = tables.charger("prix").trouver(jour, code=code, zone=zone, specialite=min(specialites))
    return f"  ·  {formater(ligne['prix'], unite='€')}" if ligne else ""
