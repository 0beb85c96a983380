"""Numbers that are given once: the next one is on the disk before anybody uses it."""

from __future__ import annotations

from pathlib import Path

from peewee import fn

from . import temoin
from .modeles import Compteur, mandataire


def suivant(nom: str) -> int:
    """The next value of `nom`, from 1. Inside a transaction it is given back if that one is undone, unless known
    outside."""
    with mandataire.atomic("IMMEDIATE"):
        note = temoin.a_cote(Path(mandataire.obj.database), nom) if nom == temoin.FACTURE else None
        plancher = temoin.dernier(note) if note else 0
        requete = (
            Compteur.insert(nom=nom, valeur=plancher + 1)
            .on_conflict(
                conflict_target=[Compteur.nom], update={Compteur.valeur: fn.MAX(Compteur.valeur, plancher) + 1}
            )
            .returning(Compteur.valeur)
        )
        valeur: int = next(iter(requete.execute())).valeur
        if note:
            temoin.noter(note, str(valeur))
        return valeur


def courant(nom: str) -> int:
    """The last value given, 0 when none was."""
    trouve = Compteur.get_or_none(Compteur.nom == nom)
    return trouve.valeur if trouve else 0
