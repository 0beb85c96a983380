"""Reference tables: absent, too old, or their date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sesam_desktop.poste import diagnostic as module
from sesam_desktop.poste.diagnostic import Constat, Niveau, etat_des_tables
from sesam_desktop.poste.poste import Poste
from tests.poste.controles.outils import JOUR, declenche
from tests.poste.controles.postes import codes, neuf

__all__ = ["neuf"]


@declenche("TOD_ABSENTE", "LOE_ABSENTE", "MEDICAMENTS_ABSENTE")
def test_une_officine_sans_tables(neuf: Poste) -> Iterable[Constat]:
    trouves = etat_des_tables(neuf, JOUR)
    assert codes(trouves, Niveau.KO) == {"LOE_ABSENTE", "MEDICAMENTS_ABSENTE"}
    return trouves


@declenche("TOD_ABSENTE", "LOE_ABSENTE")
def test_une_infirmiere_se_passe_de_medicaments(neuf: Poste) -> Iterable[Constat]:
    neuf.configuration = replace(neuf.configuration, profession="infirmier")
    trouves = etat_des_tables(neuf, JOUR)
    assert codes(trouves, Niveau.KO) == set()
    return trouves


@declenche("TOD", "LOE", "MEDICAMENTS")
def test_les_tables_d_une_demonstration_n_ont_pas_d_age(poste: Poste) -> Iterable[Constat]:
    return etat_des_tables(poste, date(2040, 1, 1))


@declenche("TOD_ANCIENNE", "LOE_ANCIENNE", "MEDICAMENTS_ANCIENNE")
def test_des_tables_anciennes_sont_signalees(poste: Poste) -> Iterable[Constat]:
    poste.configuration = replace(poste.configuration, demonstration=False)
    trouves = etat_des_tables(poste, date(2040, 1, 1))
    assert codes(trouves, Niveau.WARN) == codes(trouves)
    return trouves


def test_la_liste_d_opposition_a_un_seul_seuil() -> None:
    assert module.seuils()["age_oppositions_jours"] == 35
