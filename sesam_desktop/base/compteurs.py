"""Numbers that are given once: the next one is on the disk before anybody uses it."""

from __future__ import annotations

from .modeles import Compteur, mandataire


def suivant(nom: str) -> int:
    """The next value of `nom`, from 1. Inside a transaction it is given back if that transaction is undone."""
    with mandataire.atomic("IMMEDIATE"):
        requete = (
            Compteur.insert(nom=nom, valeur=1)
            .on_conflict(conflict_target=[Compteur.nom], update={Compteur.valeur: Compteur.valeur + 1})
            .returning(Compteur.valeur)
        )
        return next(iter(requete.execute())).valeur


def courant(nom: str) -> int:
    """The last value given, 0 when none was."""
    trouve = Compteur.get_or_none(Compteur.nom == nom)
    return trouve.valeur if trouve else 0
