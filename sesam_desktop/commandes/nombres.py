"""A number and what it counts, in agreement."""

from __future__ import annotations


def compter(nombre: int, mots: str) -> str:
    """``1 facture signée``, ``2 factures signées``: in French the plural begins at two. `mots` are in the singular."""
    return f"{nombre} {accorder(nombre, mots)}"


def accorder(nombre: int, mots: str) -> str:
    """Each word agrees; those that end in s or x do not change."""
    if abs(nombre) < 2:
        return mots
    return " ".join(mot if mot.endswith(("s", "x")) else f"{mot}s" for mot in mots.split())
