"""One verdict: the first row that applies; OK never by default."""

from __future__ import annotations

import pytest

from sesam_desktop.poste.diagnostic import Constat, Diagnostic, Niveau, Verdict
from sesam_desktop.poste.diagnostic_constats import catalogue
from sesam_desktop.poste.diagnostic_tables import lire_table
from sesam_desktop.poste.diagnostic_verdict import juger

PREUVE = Constat("LECTURES_PROUVEES", Niveau.INFO, "lues")


def un(code: str, niveau: Niveau | None = None) -> Constat:
    return Constat(code, niveau or catalogue()[code].niveau, f"titre de {code}")


def test_rien_n_est_ok_sans_preuve() -> None:
    assert Diagnostic(()).verdict is Verdict.A_TESTER
    assert Diagnostic((un("DISQUE"), un("CPS_LUE"))).verdict is Verdict.A_TESTER
    assert Diagnostic((un("DISQUE"), PREUVE)).verdict is Verdict.OK


@pytest.mark.parametrize(("codes", "verdict", "motif"), [
    (["LECTEUR_ABSENT"], "KO", "LECTEUR"),
    (["COURRIER_NON_CONFIGURE", "LECTEUR_ABSENT"], "KO", "LECTEUR"),
    (["LECTEUR_ABSENT", "DISQUE_PLEIN"], "KO", "POSTE"),
    (["MEDICAMENTS_ABSENTE", "LECTURE_NON_PROUVEE"], "KO", "TABLES"),
    (["LECTURE_NON_PROUVEE", "CPS_ABSENTE"], "A_TESTER", "LECTURE"),
    (["CPS_ABSENTE"], "A_TESTER", "CARTE"),
    (["DISQUE_PRESQUE_PLEIN"], "A_TESTER", "POSTE"),
    (["LOE_ANCIENNE"], "A_TESTER", "TABLES"),
    (["MOT_DE_PASSE_ABSENT"], "A_TESTER", "MESSAGERIE"),
    (["GALSS_AUTRE_LECTEUR"], "OK", "OK"),
    (["LOGICIEL_TIERS_LECTEUR", "LECTURES_LENTES", "LOTS_A_ENVOYER", "SONDE_SANS_REPONSE", "SAC_ACTIF"], "OK", "OK"),
    (["REJET_SERVEUR"], "OK", "OK"),
])
def test_premiere_regle_qui_convient(codes: list[str], verdict: str, motif: str) -> None:
    jugement = juger([PREUVE, *map(un, codes)])
    assert (jugement.verdict.value, jugement.motif) == (verdict, motif)


def test_galss_grave_quand_rien_n_est_lu_directement() -> None:
    assert juger([PREUVE, un("GALSS_VIDE", Niveau.KO)]).motif == "AUTRE"


def test_une_phrase_hors_du_catalogue_compte() -> None:
    assert juger([PREUVE, Constat("INCONNU", Niveau.KO, "Panne.")]).phrase == "Un point bloque ce poste : Panne."


def test_les_autres_causes_suivent_chacune_une_fois() -> None:
    jugement = juger([un("LECTEUR_ABSENT"), un("LOE_ABSENTE", Niveau.KO), un("MEDICAMENTS_ABSENTE"), un("TOD_ABSENTE")])
    assert jugement.phrase == "Aucune carte ne peut être lue : titre de LECTEUR_ABSENT"
    assert jugement.secondaires == ("titre de LOE_ABSENTE",)


def test_les_regles_ne_nomment_que_des_familles_du_catalogue() -> None:
    familles = {modele.famille for modele in catalogue().values()}
    assert {ligne["famille"] for ligne in lire_table("verdicts.csv")} - {"*"} <= familles
