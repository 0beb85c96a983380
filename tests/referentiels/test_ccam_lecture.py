"""The official layout on a small hand-written file: what is kept of each row, what is refused and why."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.referentiels.articles import Article, Fichier, Lecture
from sesam_desktop.referentiels.ccam_lecture import analyser

from .ccam import ANESTHESIE, CHAPITRES, CORPS, ENTETE, MODIFICATEURS, PHASES, SIMPLE, ccam


def lire(texte: str | bytes) -> Lecture:
    octets = texte.encode() if isinstance(texte, str) else texte
    return analyser([Fichier("ccam.csv", octets)], iter)


def article(lecture: Lecture, code: str) -> Article:
    return next(a for a in lecture.articles if a.code == code)


def motifs(lecture: Lecture) -> list[tuple[int, str]]:
    return [(r.ligne, r.motif) for r in lecture.rejets]


@pytest.fixture
def lecture() -> Lecture:
    return lire(ccam())


def test_tout_est_garde(lecture: Lecture) -> None:
    assert (lecture.version, lecture.rejets) == ("2027-02-01", [])
    assert [a.code for a in lecture.articles] == [
        "chapitre-1", "chapitre-01.01", "AAAA001-1-0", "AAAA002-1-0", "AAAA002-4-0", "AAAA003-1-1", "AAAA003-1-2",
        "chapitre-19.03", "modificateur-U-1", "modificateur-U-2", "modificateur-E-1", "modificateur-T-1",
        "modificateur-B-1",
    ]  # fmt: skip
    (compte,) = lecture.comptes()
    assert (compte.fichier, compte.lues, compte.gardees) == ("ccam.csv", len(CORPS), len(CORPS))


def test_un_acte(lecture: Lecture) -> None:
    lu = article(lecture, "AAAA001-1-0")
    assert (lu.libelle, lu.mots) == ("Ponction d'un cœur imaginaire", "AAAA001 Ponction d'un cœur imaginaire")
    assert lu.donnees == {
        "tarif_1": 1050, "tarif_2": 900, "sous_conditions": False, "accord_prealable": False, "exonerations": ["2"],
        "regroupement": "ATM", "modificateurs": ["F", "P"], "complementaires": ["GGGG001"],
        "incompatibles": ["AAAA002", "ZZZZ009"], "a_verifier": [], "chapitre": "01.01",
        "notes": ["Facturation : ne peut pas être facturé avec un autre acte (AAAA002)", "Indication : aucune"],
    }  # fmt: skip


def test_une_anesthesie_partage_l_acte_mais_pas_ses_conditions(lecture: Lecture) -> None:
    acte, anesthesie = article(lecture, "AAAA002-1-0"), article(lecture, "AAAA002-4-0")
    assert (anesthesie.libelle, anesthesie.mots) == ("Acte à deux activités – anesthésie", "")
    assert (acte.donnees["tarif_1"], anesthesie.donnees["tarif_1"]) == (10000, 4000)
    assert (acte.donnees["exonerations"], anesthesie.donnees["exonerations"]) == (["1", "7"], ["5", "7"])
    for nom, lui, elle in (("sous_conditions", True, False), ("accord_prealable", True, False)):
        assert (acte.donnees[nom], anesthesie.donnees[nom]) == (lui, elle)
    for commun in ("modificateurs", "complementaires", "notes"):
        assert acte.donnees[commun] == anesthesie.donnees[commun]
    assert acte.donnees["modificateurs"] == ["A", "7"]


def test_les_phases_d_un_acte_dont_la_premiere_ligne_n_a_pas_de_tarif(lecture: Lecture) -> None:
    pose, ablation = article(lecture, "AAAA003-1-1"), article(lecture, "AAAA003-1-2")
    assert (pose.libelle, pose.donnees["tarif_1"], pose.donnees["tarif_2"]) == (
        "Acte en deux temps – Phase 1 : pose", 24815, 2000,
    )  # fmt: skip
    assert (ablation.donnees["tarif_1"], ablation.donnees["tarif_2"]) == (None, None)
    assert pose.donnees["sous_conditions"] and ablation.donnees["sous_conditions"]  # RC of the row of the code
    assert (pose.mots, ablation.mots) == ("AAAA003 Acte en deux temps", "")
    assert pose.donnees["a_verifier"] == ["AAAA001"]


def test_les_valeurs_des_modificateurs(lecture: Lecture) -> None:
    def valeurs(code: str) -> tuple[Any, ...]:
        d = article(lecture, f"modificateur-{code}").donnees
        return d["montant_1"], d["montant_2"], d["taux_1"], d["taux_2"]

    assert valeurs("U-1") == (2515, 2515, None, None)
    assert valeurs("U-2") == (5000, 5000, None, None)
    assert valeurs("E-1") == (None, None, 4900, 4900)
    assert valeurs("T-1") == (None, None, 2150, 650)
    assert valeurs("B-1") == (None, None, 4900, 4900)
    assert [r.motif for r in lecture.remarques] == ["« 0.49 » et « +49% » : lus comme deux pourcentages"]
    assert article(lecture, "modificateur-U-2").donnees["notes"] == [
        "À l'exclusion de : acte réalisé par les chirurgiens"
    ]


def test_les_notes_d_un_chapitre(lecture: Lecture) -> None:
    assert article(lecture, "chapitre-1").donnees == {"notes": ["À l'exclusion de : ce qui est réel"]}


@pytest.mark.parametrize("separateur", [",", ";", "\t"])
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
def test_les_separateurs_et_encodages_d_un_tableur(separateur: str, encodage: str, lecture: Lecture) -> None:
    autre = lire(ccam(separateur=separateur).encode(encodage))
    assert (autre.version, autre.articles, autre.rejets) == (lecture.version, lecture.articles, [])


DEBUT = len(ENTETE) + 2  # lines of the header: the cells of both tariffs hold two lines each


@pytest.mark.parametrize(
    ("rangee", "motif"),
    [
        (("AAAA009", "", "Acte", "1", "0", "gratuit", "1.00"), "tarif « gratuit » illisible"),
        (("AAAA009", "", "Acte", "1", "0", "1.00", ""), "tarif «  » illisible"),
        (("AAAA009", "", "Acte", "1", "0", "99999999.00", "1.00"), "tarif « 99999999.00 » illisible"),
        (("AAAA009", "", "Acte", "1", "0", "-1.00", "1.00"), "tarif « -1.00 » illisible"),
        (("AAAA009", "", "Acte", "A", "0", "1.00", "1.00"), "activité « A » ou phase « 0 » invalide"),
        (("AAAA009", "", "Acte", "1", "", "1.00", "1.00"), "activité « 1 » ou phase «  » invalide"),
        (("AAAA009", "", "Acte", "1", "0", "1.00", "1.00", "OUI"), "« OUI » au lieu de RC ou rien"),
        (("AAAA009", "", "Acte", "1", "0", "1.00", "1.00", "", "X"), "« X » au lieu de AP ou rien"),
        (("AAAA009", "", "Acte", "1", "0", "1.00", "1.00", "", "", "un"), "exonération « un » illisible"),
        (("AAAA009", "", "", "1", "0", "1.00", "1.00", "", "", "1", "at!"), "code de regroupement « at! » illisible"),
        (
            ("AAAA009", "", "Acte", "1", "0", "1.00", "1.00", "", "", "1", "ATM", "x"),
            "nombre de colonnes : 12 au lieu de 11",
        ),
        (("AAAA", "", "Acte", "1", "0", "1.00", "1.00"), "code « AAAA » inconnu"),
        (("", "", "Supplément", "", "", "12.00", "12.00"), "« 12.00 » sans code d'activité"),
    ],
)  # fmt: skip
def test_une_ligne_refusee_dit_pourquoi_et_n_emporte_pas_les_autres(rangee: tuple[str, ...], motif: str) -> None:
    lecture = lire(ccam(*CHAPITRES, *SIMPLE, rangee, *ANESTHESIE))
    refusee = DEBUT + len(CHAPITRES) + len(SIMPLE) + 1
    assert (refusee, motif) in motifs(lecture)
    assert {r.ligne for r in lecture.rejets} == {refusee}
    assert [a.code for a in lecture.articles][2:] == ["AAAA001-1-0", "AAAA002-1-0", "AAAA002-4-0"]
    (compte,) = lecture.comptes()
    assert compte.lues - compte.gardees == 1


@pytest.mark.parametrize(
    "rangee", [("AAAA01", "", "Acte mal codé", "1", "0", "1.00", "1.00"), (*SIMPLE[0], "", "douzième")]
)
def test_ce_qui_suit_une_ligne_rejetee_ne_va_pas_a_l_acte_d_avant(rangee: tuple[str, ...]) -> None:
    suite = (("[A]", "", "anesthésie", "4", "0", "40.00", "40.00"), ("", "", "Indication : aucune"))
    lecture = lire(ccam(*CHAPITRES, *ANESTHESIE[:1], rangee, *suite, *PHASES))
    premiere = DEBUT + len(CHAPITRES) + 2
    assert motifs(lecture)[1:] == [(premiere + n, "suite d'une ligne rejetée") for n in (1, 2)]
    assert [a.code for a in lecture.articles][2:] == ["AAAA002-1-0", "AAAA003-1-1", "AAAA003-1-2"]
    assert article(lecture, "AAAA002-1-0").donnees["modificateurs"] == []


def test_un_acte_sans_activite_lisible_emporte_ses_notes() -> None:
    sans_tarif = (("AAAA009", "", "Acte sans tarif"), ("", "", "Indication : aucune"))
    lecture = lire(ccam(*CHAPITRES, *sans_tarif, *SIMPLE))
    premiere = DEBUT + len(CHAPITRES) + 1
    assert motifs(lecture) == [(n, "acte AAAA009 sans activité lisible") for n in (premiere, premiere + 1)]


def test_un_modificateur_sans_valeur_et_une_activite_hors_d_un_acte() -> None:
    faux = (("J", "", "Sans valeur"), ("X", "", "Faux", "", "", "beaucoup", "1%"))
    melange = ("Y", "", "Euros et pourcentage", "", "", "49.00", "+49%")
    orpheline = (("19.04", "", "AUTRE"), ("", "", "anesthésie", "4", "0", "1.00", "1.00"), ("[F]",))
    demi = ("W", "", "Une seule colonne", "", "", "", "10.00")
    lecture = lire(ccam(*MODIFICATEURS, *faux, melange, demi, *orpheline))
    assert [m for _, m in motifs(lecture)] == [
        "modificateur J sans valeur lisible", "tarif « beaucoup » illisible", "modificateur X sans valeur lisible",
        "valeurs « 49.00 » et « +49% » de natures différentes", "modificateur Y sans valeur lisible",
        "tarif «  » illisible", "modificateur W sans valeur lisible",
        "activité ou modificateurs sans acte", "activité ou modificateurs sans acte",
    ]  # fmt: skip


def test_un_code_entre_parentheses_sous_un_chapitre_est_une_note() -> None:
    lecture = lire(ccam(*CHAPITRES, ("", "", "(GGGG001)"), *SIMPLE))
    assert lecture.rejets == []
    assert article(lecture, "chapitre-01.01").donnees["notes"][-1] == "(GGGG001)"


def test_la_meme_activite_deux_fois_et_un_acte_avant_tout_chapitre() -> None:
    lecture = lire(ccam(*SIMPLE[:1], *CHAPITRES, *SIMPLE, *SIMPLE[:1]))
    premiere = DEBUT + 1 + len(CHAPITRES) + 1
    assert motifs(lecture) == [
        (DEBUT + 1, "ligne placée avant le premier chapitre"),
        (premiere + 4, f"code AAAA001-1-0 déjà lu à la ligne {premiere}"),
        (premiere + 4, "acte AAAA001 sans activité lisible"),
    ]


def test_ce_qui_est_garde_avec_un_doute() -> None:
    """Slips of the official file: an activity beside a note, a misspelt code or modifier."""
    lecture = lire(ccam(
        *CHAPITRES, *SIMPLE[:1], ("[F, 4;5]", "", "Environnement : bloc", "4", "0", "30.00", "30.00"),
        ("", "", "(GGGG001,GGG002)"), ("", "", "(Forfait Sécurité)"),
    ))  # fmt: skip
    assert lecture.rejets == []
    assert [r.motif for r in lecture.remarques] == [
        "modificateur « 4;5 » illisible : laissé de côté",
        "une note et une activité sur la même ligne : gardées toutes les deux",
        "code complémentaire « GGG002 » illisible : laissé de côté",
    ]
    lu = article(lecture, "AAAA001-4-0")
    assert lu.libelle == "Ponction d'un cœur imaginaire"
    assert lu.donnees["notes"] == ["Environnement : bloc", "(Forfait Sécurité)"]
    assert (lu.donnees["modificateurs"], lu.donnees["complementaires"]) == (["F"], ["GGGG001"])


@pytest.mark.parametrize("titre", ["", "CNAM", "CNAM - CCAM version 12 applicable 31/02/2027"])
def test_sans_date_lisible_le_fichier_n_a_pas_de_version(titre: str) -> None:
    assert lire(ccam(entete=((titre,), ENTETE[1]))).version == ""


@pytest.mark.parametrize(
    "texte",
    ["", "bonjour", "Code;Texte\n", ccam(entete=ENTETE[:1]), "\x00" * 50, 'Code,"', "Code" + "," * 10 + "\n"],
)
def test_un_autre_fichier_est_refuse(texte: str) -> None:
    with pytest.raises(FormatInvalide) as vu:
        lire(texte)
    assert vu.value.code == "TABLE_ILLISIBLE"


def test_une_cellule_demesuree_est_refusee_a_sa_ligne() -> None:
    with pytest.raises(FormatInvalide) as vu:
        lire(ccam(*CHAPITRES, ("", "", "x" * 200_000)))
    assert (vu.value.code, vu.value.ligne) == ("TABLE_ILLISIBLE", DEBUT + len(CHAPITRES) + 1)


def test_un_guillemet_ouvert_est_refuse_a_sa_ligne() -> None:
    with pytest.raises(FormatInvalide) as vu:
        lire(ccam() + 'AAAA009,,"texte\n')
    assert vu.value.code == "TABLE_ILLISIBLE"
    assert vu.value.ligne == ccam().count("\n") + 1


CELLULES = st.one_of(
    st.sampled_from(["", "AAAA001", "19.03", "1", "[F]", "(AAAA002)", "4", "0", "10.00", "RC", "1-7", "+5%"]),
    st.text(max_size=12),
    st.integers().map(str),
)


@given(st.lists(st.lists(CELLULES, max_size=12), max_size=12))
def test_toute_suite_de_lignes_est_gardee_ou_rejetee(rangees: list[list[str]]) -> None:
    sortie = io.StringIO()
    csv.writer(sortie, lineterminator="\n").writerows(rangees)
    lecture = lire((ccam(*PHASES[:1]) + sortie.getvalue()).encode("utf-8", "surrogatepass"))
    (compte,) = lecture.comptes()
    assert 0 <= compte.gardees <= compte.lues
    assert {r.ligne for r in lecture.rejets} <= set(range(1, 400))


@given(st.binary(max_size=300))
def test_tous_octets_sont_refuses_par_une_phrase(octets: bytes) -> None:
    for contenu in (octets, ccam().encode() + octets):
        try:
            lire(contenu)
        except ErreurConnue as erreur:
            assert erreur.code == "TABLE_ILLISIBLE"
