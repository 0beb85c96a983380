"""`retours libelles` as scripts and people read it."""

from __future__ import annotations

from sesam_desktop.base.connexion import Base
from sesam_desktop.flux.noemie import Rejet
from sesam_desktop.teletransmission.libelles import LibellesAppris

from .ligne import Ligne


def test_aucun_motif_encore(ligne: Ligne) -> None:
    assert ligne("retours", "libelles")[1] == "Aucun motif n'a encore été reçu.\n"
    assert ligne.json("retours", "libelles") == []


def test_motifs_appris(ligne: Ligne) -> None:
    with Base(ligne.profil / "sesam.db") as base, base.transaction():
        LibellesAppris().apprendre([Rejet("0009", "ALD INCONNUE")] * 2, "01721", "2026-03-10T08:00:00+00:00")
    phrase = "L'exonération demandée (ALD ou autre) n'est pas connue de la caisse."
    assert ligne("retours", "libelles")[1] == f"0009 (2 fois) : ALD INCONNUE. {phrase}\n"
    (code,) = ligne.json("retours", "libelles")
    assert (code["code"], code["nombre"], code["famille"], code["phrase"]) == ("0009", 2, "ald", phrase)
    assert [(mots["libelle"], mots["organisme"], mots["nombre"]) for mots in code["libelles"]] == [
        ("ALD INCONNUE", "01721", 2)
    ]
