"""Controls of the CCAM lines: each remark with its code, gravity and field; what the window proposes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sesam_desktop.factures import actes_ccam, associations_ccam, dents, modificateurs_ccam
from sesam_desktop.factures.controles import controler
from sesam_desktop.factures.controles_ccam import examiner
from sesam_desktop.factures.dossier import SANS_ARTICLES, Articles
from sesam_desktop.factures.facture import Executant, Facture, LigneSaisie, Patient
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.ccam import ActeCcam

JOUR = date(2026, 3, 2)  # a Monday
PATIENT = Patient(nir="1801975000001", date_naissance="19800101", cle="74", medecin_traitant_declare=True)
GENERALISTE, CARDIOLOGUE = Executant("medecin", "01"), Executant("medecin", "03")
CHIRURGIEN, DENTISTE = Executant("medecin", "41"), Executant("dentiste", "19")


def acte(code: str, activite: str = "1", phase: str = "0", **champs: Any) -> ActeCcam:
    vide: dict[str, Any] = {
        "libelle": "Acte d'essai", "tarif_1": 5000, "tarif_2": 4000, "sous_conditions": False,
        "accord_prealable": False, "exonerations": ("2",), "regroupement": "ATM", "modificateurs": ("F", "J", "K"),
        "complementaires": (), "incompatibles": (), "chapitre": "04.01.01.01", "notes": (), "version": "2026-01-01",
    }
    return ActeCcam(code, activite, phase, **{**vide, **champs})


ACTES = [
    acte("AAAA001"), acte("AAAA002", tarif_1=8000), acte("AAAA003", tarif_1=2000),
    acte("AAAA004", "4", regroupement="ADA"), acte("AAAA004", "1"), acte("AAAA005", phase="1"),
    acte("AAAA006", incompatibles=("AAAA001",)), acte("AAAA007", a_verifier=("AAAA001",)),
    acte("AAAA008", hors_periode=True), acte("AAAA009", regroupement=""),
    acte("DEQP003", tarif_1=1477), acte("GGGG001", chapitre="18.02.01", tarif_1=1000, complementaires=()),
    acte("GGGG002", chapitre="18.02.01", tarif_1=3000), acte("AAAA010", complementaires=("GGGG001",)),
    acte("YYYY490", chapitre="19.02.02", tarif_1=960), acte("YYYY115", chapitre="19.01.09.02", tarif_1=2527),
    acte("CCCC001", regroupement="ADC", tarif_1=9000), acte("CCCC002", regroupement="ADC", tarif_1=6000),
    acte("CCCC003", regroupement="ADC", tarif_1=3000), acte("CCCC004", regroupement="ADC", tarif_1=1000),
    acte("DDDD001", regroupement="SDE", libelle="Restauration d'une dent", chapitre="07.02.02.05"),
    acte("DDDD002", regroupement="AID", libelle="Radiographie", chapitre="07.01.04.01"),
    acte("DDDD003", regroupement="CM0", libelle="Pose d'une couronne dentaire dentoportée", chapitre="07.02.03.02"),
    acte("DDDD004", regroupement="ASC", chapitre="07.02.02.11", tarif_1=3900),
    acte("DDDD005", regroupement="ASC", chapitre="07.02.05.01", tarif_1=13210),
    acte("YYYY614", regroupement="ASC", chapitre="19.02.11", tarif_1=2000),
    acte("HBLD045", regroupement="AXI", chapitre="07.02.02.04"),
    acte("AAAA011", "4", modificateurs=("A", "3"), regroupement="ADA"),
    acte("EEEE001", chapitre="04.02"), acte("BBBB001", modificateurs=("E",)),
    acte("ABDO001", regroupement="ADE", chapitre="07.01.03"), acte("ABDO002", regroupement="ADE", chapitre="08.01.02"),
    acte("SEIN001", regroupement="ADE", chapitre="16.02.01"), acte("KCQM001", regroupement="ADE", chapitre="10.01.01"),
    acte("COEU001", regroupement="ADE", chapitre="04.01.03.01"),
    acte("HCQM001", regroupement="ADE", chapitre="07.01.03"),
    acte("YYYY028", regroupement="ADE", chapitre="19.01.04", libelle="Guidage échographique"),
    acte("PONC001", libelle="Ponction, par voie transcutanée avec guidage échographique"),
]


class Source:
    """Double of the imported table."""

    connus = {(a.code, a.activite, a.phase): a for a in ACTES}

    def acte(self, code: str, activite: str, phase: str, jour: date) -> ActeCcam | None:
        return self.connus.get((code, activite, phase))

    def activites(self, code: str, jour: date) -> list[ActeCcam]:
        return [a for a in ACTES if a.code == code]


class Absente(Source):
    """What the look-up does when nothing was imported."""

    def acte(self, code: str, activite: str, phase: str, jour: date) -> ActeCcam | None:
        raise ErreurConnue("Aucune CCAM n'est installée.", code="REFERENTIEL_ABSENT")


ARTICLES = Articles(ccam=Source())


def ccam(code: str, **champs: Any) -> LigneSaisie:
    return LigneSaisie("CCAM", code=code, **champs)


def facture(executant: Executant, *lignes: LigneSaisie, **patient: Any) -> Facture:
    return Facture(JOUR, executant, replace(PATIENT, **patient), lignes, parcours="T")


def remarques(
    executant: Executant, *lignes: LigneSaisie, articles: Articles = ARTICLES, **patient: Any
) -> list[tuple[str, str, str]]:
    """Remarks on the lines and on the professional."""
    alertes = controler(facture(executant, *lignes, **patient), date(2026, 3, 10), articles=articles)
    return [(a.code, a.gravite[0], a.champ) for a in alertes if a.champ.startswith(("lignes", "executant"))]


def test_une_ligne_sans_defaut() -> None:
    assert remarques(CARDIOLOGUE, ccam("AAAA001")) == []


@pytest.mark.parametrize("code", ["", "DEQP03", "1234567", "deqp003"])
def test_sans_table_seule_la_forme_du_code_est_vue(code: str) -> None:
    assert remarques(CARDIOLOGUE, ccam("AAAA001"), ccam(code), articles=SANS_ARTICLES) == [
        ("CCAM_CODE_INVALIDE", "b", "lignes[1].code")
    ]
    assert remarques(CARDIOLOGUE, ccam("ZZZZ999"), articles=SANS_ARTICLES) == []


def test_la_table_absente_est_dite() -> None:
    trouvees = remarques(CARDIOLOGUE, ccam("AAAA001"), articles=Articles(ccam=Absente()))
    assert trouvees == [("REFERENTIEL_ABSENT", "b", "lignes[0].code")]


@pytest.mark.parametrize(
    ("ligne", "attendue", "cite"),
    [
        (ccam("ZZZZ999"), ("CCAM_INCONNU", "b", "lignes[0].code"), "ZZZZ999"),
        (ccam("AAAA004", activite="5"), ("CCAM_ACTIVITE_INCONNUE", "b", "lignes[0].activite"), "1, 4"),
        (ccam("AAAA005"), ("CCAM_PHASE_INCONNUE", "b", "lignes[0].phase"), "lui connaît 1"),
    ],
)
def test_ce_qui_existe_est_dit(ligne: LigneSaisie, attendue: tuple[str, str, str], cite: str) -> None:
    assert remarques(CARDIOLOGUE, ligne) == [attendue]
    _, alertes = examiner(facture(CARDIOLOGUE, ligne), tables, Source())
    assert cite in alertes[0].message


@pytest.mark.parametrize(
    ("lignes", "attendues"),
    [
        ([ccam("AAAA008")], [("TABLE_POSTERIEURE", "a", "lignes[0].code")]),
        ([ccam("AAAA009")], [("CCAM_SANS_PRESTATION", "b", "lignes[0].code")]),
        ([ccam("AAAA001", accord="4")], [("ACCORD_SANS_OBJET", "a", "lignes[0].accord")]),
        ([ccam("AAAA001", accord="9")], []),
        ([ccam("GGGG001")], [("CCAM_JAMAIS_SEUL", "b", "lignes[0].code")]),
        ([ccam("AAAA001"), ccam("GGGG001")], [("CCAM_GESTE_NON_LISTE", "a", "lignes[1].code")]),
        ([ccam("AAAA010"), ccam("GGGG001")], []),
        ([ccam("YYYY115")], []),
        ([ccam("AAAA001"), ccam("YYYY115")], []),
    ],
)
def test_les_actes_et_ce_qui_les_accompagne(lignes: list[LigneSaisie], attendues: list[tuple[str, str, str]]) -> None:
    assert sorted(remarques(CARDIOLOGUE, *lignes)) == sorted(attendues)


def test_les_incompatibles_se_voient_dans_les_deux_sens() -> None:
    for un, deux in (("AAAA006", "AAAA001"), ("AAAA001", "AAAA006")):
        lignes = (ccam(un, association="1"), ccam(deux, association="2"))
        assert remarques(CARDIOLOGUE, *lignes) == [("CCAM_INCOMPATIBLES", "b", "lignes[1].code")]


def test_une_association_que_les_notes_restreignent_est_a_verifier() -> None:
    lignes = (ccam("AAAA001", association="1"), ccam("AAAA007", association="2"))
    assert remarques(CARDIOLOGUE, *lignes) == [("CCAM_ASSOCIATION_A_VERIFIER", "a", "lignes[1].code")]


def test_la_consultation_de_cardiologie_comprend_l_ecg() -> None:
    assert remarques(CARDIOLOGUE, LigneSaisie("CS"), ccam("DEQP003")) == []
    assert ("CUMUL_NGAP_CCAM", "b", "lignes[1].code") in remarques(CARDIOLOGUE, LigneSaisie("CSC"), ccam("DEQP003"))


def test_un_acte_hors_remboursement_ne_gene_pas_la_consultation() -> None:
    assert remarques(CARDIOLOGUE, LigneSaisie("CS"), ccam("AAAA001", qualificatif="N")) == []


def test_un_acte_hors_des_chapitres_de_la_profession_est_dit() -> None:
    sage_femme = Executant("sage_femme", "21")
    assert remarques(sage_femme, ccam("EEEE001")) == [("CCAM_PROFESSION_A_VERIFIER", "a", "lignes[0].code")]


def test_les_dents_d_une_couronne_et_son_plafond() -> None:
    ligne = ccam("DDDD003", dents=("26",), qualificatif="D", depassement_centimes=17000)
    assert remarques(DENTISTE, ligne) == [("PLAFOND_NON_VERIFIE", "a", "lignes[0].depassement_centimes")]
    assert remarques(DENTISTE, ccam("DDDD003")) == [("DENTS_MANQUANTES", "b", "lignes[0].dents")]


def test_deux_activites_du_meme_acte_ne_sont_pas_un_doublon() -> None:
    anesthesiste = Executant("medecin", "02")
    lignes = (ccam("AAAA004", activite="4", association="1"), ccam("AAAA004", association="2"))
    assert [r for r in remarques(anesthesiste, *lignes) if r[0] == "LIGNE_EN_DOUBLE"] == []


def test_f_un_jour_ouvrable_vaut_l_alsace_un_jour_ferie_local() -> None:
    vendredi_saint = date(2026, 4, 3)
    ligne = ccam("AAAA001", modificateurs=("F",))
    for departement, attendue in (("72", ["JOUR_OUVRABLE"]), ("67", [])):
        f = replace(facture(replace(CARDIOLOGUE, departement=departement), ligne), date_soins=vendredi_saint)
        assert [a.code for a in examiner(f, tables, Source())[1]] == attendue


def test_l_urgence_d_un_autre_moment_a_la_sienne() -> None:
    jour = date(2026, 3, 1)
    lignes = [ccam(code, modificateurs=("F",), association="5") for code in ("AAAA001", "AAAA002")]
    _, alertes = examiner(replace(facture(CARDIOLOGUE, *lignes), date_soins=jour), tables, Source())
    assert [a.code for a in alertes] == ["ASSOCIATION_A_JUSTIFIER"] * 2


def proposees(executant: Executant, *codes: str) -> dict[int, str]:
    examen, refus = actes_ccam.lire(facture(executant, *[ccam(code) for code in codes]), tables, Source())
    assert not refus
    return associations_ccam.proposer(examen.lignes)


@pytest.mark.parametrize(
    ("codes", "attendus"),
    [
        (["AAAA001"], {0: ""}),
        (["AAAA001", "YYYY490"], {0: "", 1: ""}),
        (["AAAA001", "YYYY490", "GGGG001"], {0: "1", 1: "1", 2: "1"}),
        (["AAAA001", "AAAA002"], {0: "2", 1: "1"}),
        (["AAAA003", "YYYY490", "AAAA002"], {0: "2", 1: "1", 2: "1"}),
        (["AAAA001", "AAAA002", "AAAA003"], {0: "2", 1: "1"}),
        (["DDDD001", "DDDD002"], {0: "4", 1: "4"}),
        (["DDDD001", "DDDD002", "YYYY614"], {0: "4", 1: "4", 2: "4"}),
        (["DDDD001", "DDDD004"], {0: "4", 1: "4"}),
        (["DDDD004", "DDDD005"], {0: "2", 1: "1"}),
        (["CCCC002", "DDDD002"], {0: "1", 1: "2"}),
        (["GGGG001", "GGGG002"], {0: "1", 1: "1"}),
    ],
)
def test_les_codes_proposes(codes: list[str], attendus: dict[int, str]) -> None:
    assert proposees(CARDIOLOGUE, *codes) == attendus


def test_a_80_ans_la_majoration_d_age_est_proposee_et_a_verifier() -> None:
    """« Plus de 80 ans » (CCAM v81, 19.03.02): refused at 79, told at 80, admitted at 81."""
    for naissance, attendue in (("19460303", "b"), ("19460302", "a"), ("19450302", "")):
        ligne = ccam("AAAA011", activite="4", modificateurs=("A",))
        gravites = [g for _, g, _ in remarques(Executant("medecin", "02"), ligne, date_naissance=naissance)]
        assert gravites == list(attendue)


def test_le_prix_d_un_acte_hors_remboursement_n_est_pas_un_depassement() -> None:
    """A patient at the C2S may ask for an act that is not paid for (qualificatif N); an overrun of N is its price."""
    ligne = ccam("AAAA001", qualificatif="N", depassement_centimes=3000)
    assert remarques(CARDIOLOGUE, ligne, c2s=True) == []


def test_les_limites_demandent_la_date_de_naissance() -> None:
    alertes = examiner(facture(DENTISTE, ccam("HBLD045"), date_naissance=""), tables, Source())[1]
    assert [(a.code, a.champ) for a in alertes] == [("NAISSANCE_INVALIDE", "beneficiaire.date_naissance")]
    libre = ccam("HBLD045", qualificatif="N")
    assert examiner(facture(DENTISTE, libre, date_naissance=""), tables, Source())[1] == ()


def test_les_modificateurs_permis() -> None:
    """Of F, J, K: K is not for a cardiologist, J is not for an act of anaesthesia; E is for the young."""
    def permis(executant: Executant, code: str, activite: str = "1") -> list[str]:
        examen, _ = actes_ccam.lire(facture(executant, ccam(code, activite=activite)), tables, Source())
        return [row["code"] for row in modificateurs_ccam.permis(examen, examen.lignes[0])]

    assert permis(CARDIOLOGUE, "AAAA001") == ["F", "J"]
    assert permis(CHIRURGIEN, "AAAA001") == ["F", "J", "K"]
    assert permis(Executant("medecin", "02"), "AAAA004", "4") == ["F"]
    assert permis(CARDIOLOGUE, "BBBB001") == []


def test_une_naissance_illisible_est_dite_une_fois_par_modificateur() -> None:
    demandee = facture(CARDIOLOGUE, ccam("BBBB001", modificateurs=("E",)), date_naissance="ABCDEFGH")
    _, alertes = examiner(demandee, tables, Source())
    assert [(a.gravite, a.champ) for a in alertes] == [("bloquante", "beneficiaire.date_naissance")]


def test_avant_la_ccam() -> None:
    demandee = replace(facture(CARDIOLOGUE, ccam("AAAA001")), date_soins=date(2001, 1, 1))
    assert [a.gravite for a in controler(demandee, date(2026, 3, 10), articles=ARTICLES)].count("bloquante") > 0


def test_un_secteur_1_garde_k_avec_une_option() -> None:
    """K is for secteur 1 whatever the option (19.03.04)."""
    executant = replace(CHIRURGIEN, option_tarifaire="optam")
    assert remarques(executant, ccam("AAAA001", modificateurs=("K",))) == []


@pytest.mark.parametrize("codes", [("1", "2"), ("1", "3")])
def test_deux_actes_de_chirurgie(codes: tuple[str, str]) -> None:
    lignes = [ccam("CCCC001", association=codes[0]), ccam("CCCC002", association=codes[1])]
    attendues = [] if codes == ("1", "2") else [("ASSOCIATION_A_JUSTIFIER", "a", "lignes[1].association")]
    assert remarques(CHIRURGIEN, *lignes) == attendues


def test_un_geste_accompagne_une_derogation() -> None:
    lignes = [ccam("CCCC001", association="1"), ccam("CCCC002", association="3"), ccam("YYYY490", association="1")]
    assert remarques(CHIRURGIEN, *lignes) == [("ASSOCIATION_A_JUSTIFIER", "a", "lignes[1].association")]


@pytest.mark.parametrize(
    ("codes", "attendue"),
    [
        (("1", "2", "3"), ("ACTES_TROP_NOMBREUX", "b", "lignes[2].association")),
        (("2", "1", "2"), ("ACTES_TROP_NOMBREUX", "b", "lignes[2].association")),
    ],
)
def test_trois_actes_hors_derogation(codes: tuple[str, ...], attendue: tuple[str, str, str]) -> None:
    lignes = [ccam(f"CCCC00{n}", association=code) for n, code in enumerate(codes, 1)]
    assert remarques(CHIRURGIEN, *lignes) == [attendue]


def test_quatre_actes_sont_trop() -> None:
    lignes = [ccam(f"CCCC00{n}", association=code) for n, code in enumerate("1322", 1)]
    assert remarques(CHIRURGIEN, *lignes) == [("ACTES_TROP_NOMBREUX", "b", "lignes[2].association")]


def test_le_message_dit_les_codes_attendus() -> None:
    _, alertes = examiner(facture(CARDIOLOGUE, ccam("AAAA001"), ccam("AAAA002")), tables, Source())
    assert [a.message for a in alertes] == ["Codes association attendus : AAAA001 2, AAAA002 1."]


def test_le_code_5_s_ecrit_sur_chaque_acte() -> None:
    """« 5, pour chaque acte » (art. III-3 B 2 h); acts associated at one moment keep their codes."""
    deux = [ccam("AAAA001"), ccam("AAAA002", association="5")]
    assert ("ASSOCIATION_5_PARTIELLE", "b", "lignes[0].association") in remarques(CARDIOLOGUE, *deux)
    justifier = ("ASSOCIATION_A_JUSTIFIER", "a", "lignes[2].association")
    trois = [ccam("AAAA001", association="2"), ccam("AAAA002", association="1"), ccam("AAAA003", association="5")]
    assert remarques(CARDIOLOGUE, *trois) == [justifier]


@pytest.mark.parametrize(
    ("codes", "admise"),
    [
        (["ABDO001", "SEIN001"], True), (["SEIN001", "ABDO001"], True), (["ABDO001", "ABDO002"], False),
        (["SEIN001", "KCQM001"], False), (["ABDO001", "COEU001"], False), (["ABDO001", "HCQM001"], False),
        (["ABDO001", "KCQM001"], True), (["ABDO001", "AAAA001"], True),
    ],
)
def test_les_echographies_qui_se_cumulent(codes: list[str], admise: bool) -> None:
    """Art. III-3 B 2 d: abdomen or pelvis with breast, thyroid or testicles, nothing else."""
    lignes = [ccam(code, association=n) for code, n in zip(codes, "12", strict=True)]
    refus = [] if admise else [("ECHOGRAPHIES_NON_CUMULABLES", "b", "lignes[1].code")]
    assert remarques(CARDIOLOGUE, *lignes) == refus
    autres = [replace(ligne, association="5") for ligne in lignes]
    assert not any(code == "ECHOGRAPHIES_NON_CUMULABLES" for code, _, _ in remarques(CARDIOLOGUE, *autres))


def test_le_guidage_va_avec_un_acte_qui_le_demande() -> None:
    for code, attendues in (("AAAA001", ["GUIDAGE_SANS_ACTE"]), ("PONC001", [])):
        lignes = [ccam("YYYY028", association="1"), ccam(code, association="2")]
        assert [r[0] for r in remarques(CARDIOLOGUE, *lignes)] == attendues


@pytest.mark.parametrize(
    ("libelle", "nombre", "denture"),
    [
        ("Avulsion d'1 dent permanente sur arcade sans alvéolectomie", 1, "permanente"),
        ("Avulsion d’1 dent temporaire retenue, incluse ou réincluse", 1, "temporaire"),
        ("Avulsion de19 dents temporaires sur arcade", 19, "temporaire"),
        ("Avulsion de 8 dents à 10 dents permanentes sur arcade avec alvéolectomie", 8, "permanente"),
        ("Avulsion de 11 à 13 dents ankylosées sur arcade", 11, ""),
        ("Pose d'un dispositif unimaxillaire de contention, sur 1 à 6 dents", 1, ""),
        ("Gingivectomie sur un secteur de 4 à 6 dents", 0, ""),
        ("Radiographies de 2 secteurs distincts de 1 à 3 dents contigües", 0, ""),
        ("Pose d’une prothèse amovible à plaque résine comportant moins de 9 dents ", 0, ""),
        ("Pose d'une prothèse amovible à plaque base résine, comportant de 9 à 13 dents", 9, ""),
        ("Restauration d’une dent d’un secteur incisivocanin sur 1 face", 1, ""),
        ("Exérèse de la pulpe vivante d’une molaire permanente", 1, "permanente"),
        ("Pose d'une couronne dentaire dentoportée en alliage non précieux", 1, ""),
        ("Avulsion d'1 odontoïde inclus ou d'1 dent surnuméraire à l'état de germe", 0, ""),
        ("Détartrage et polissage des dents", 0, ""),
        ("Adjonction ou changement de 2 éléments d'une prothèse dentaire amovible", 0, ""),
    ],
)
def test_ce_que_le_libelle_dit_des_dents(libelle: str, nombre: int, denture: str) -> None:
    assert dents.minimum(libelle) == nombre
    assert dents.denture(libelle) == denture
