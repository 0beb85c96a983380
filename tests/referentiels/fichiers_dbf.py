"""Writes dBase III files for the tests, from the published description of the format."""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping, Sequence
from datetime import date

Colonne = tuple[str, str, int]  # name, type, length


def ecrire(
    colonnes: Sequence[Colonne], lignes: Sequence[Mapping[str, str]], jour: date = date(2026, 9, 7), *,
    page: str = "cp850", langue: int = 0, effaces: Collection[int] = (),
) -> bytes:
    """`effaces`: ranks, from 0, of the records marked as deleted."""
    descripteurs = b"".join(
        nom.encode().ljust(11, b"\0") + genre.encode() + bytes(4) + bytes([taille]) + bytes(15)
        for nom, genre, taille in colonnes
    )
    longueur = 1 + sum(taille for *_, taille in colonnes)
    entete = struct.pack(
        "<B3BIHH", 3, jour.year - 1900, jour.month, jour.day, len(lignes), 32 + len(descripteurs) + 1, longueur
    )
    entete = (entete + bytes(32 - len(entete)))[:29] + bytes([langue]) + bytes(2)
    corps = b""
    for rang, ligne in enumerate(lignes):
        cellules = b"".join(ligne.get(nom, "").encode(page).ljust(taille)[:taille] for nom, _, taille in colonnes)
        corps += (b"*" if rang in effaces else b" ") + cellules
    return entete + descripteurs + b"\x0d" + corps + b"\x1a"
