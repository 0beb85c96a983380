from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import PatientConnu
from sesam_desktop.base.recherche import contenant, plier


@pytest.mark.parametrize(
    ("texte", "plie"),
    [("Élodie  LŒUIL", "ELODIE LOEUIL"), ("d'Aubigné-Çà", "D'AUBIGNE-CA"), (" \t", ""), ("straße", "STRASSE")],
)
def test_plier(texte: str, plie: str) -> None:
    assert plier(texte) == plie


@given(st.text())
def test_plier_deux_fois_ne_change_rien(texte: str) -> None:
    assert plier(plier(texte)) == plier(texte)


def _trouves(texte: str) -> list[str]:
    requete = PatientConnu.select()
    conditions = contenant(PatientConnu.recherche, texte)
    return sorted(p.nom for p in (requete.where(*conditions) if conditions else requete))


def test_chaque_mot_doit_etre_trouve_et_les_jokers_sont_des_lettres(base: Base) -> None:
    for nom in ("DURAND ELODIE", "DURAND MARC", "A_B 100% !"):
        PatientConnu.create(cle=nom, nom=nom, prenom="", donnees="{}", vu_le="", recherche=plier(nom))
    assert _trouves("durand") == ["DURAND ELODIE", "DURAND MARC"]
    assert _trouves("élo dur") == ["DURAND ELODIE"]
    assert _trouves("_") == _trouves("%") == _trouves("!") == ["A_B 100% !"]
    assert len(_trouves("  ")) == 3
