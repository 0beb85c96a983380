"""A return and an ARL in French: the sentences somebody reads, each at the place of its entity."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import arl, noemie
from sesam_desktop.flux.lecture_francaise import Phrase, expliquer
from sesam_desktop.flux.noemie.phrases import PHRASES
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

from . import test_noemie_entites as a_la_main
from .fabrique import ENTETE, corps_noemie
from .fabrique import fichier as fichier_b2
from .test_arl import NEGATIF, POSITIF

RETOUR = noemie.composer(ENTETE, corps_noemie())


def textes(octets: bytes) -> list[str]:
    """Sentences with ordinary spaces."""
    return [p.texte.replace("\u00a0", " ").replace("\u202f", " ") for p in expliquer(octets)]


def test_retour_raconte() -> None:
    dits = textes(RETOUR)
    assert dits[0] == "Retour 0908 du 10/03/2026, de CT 00000000721001 pour TP 00000999000011 (fichier ABC123)."
    assert dits[1] == "Virement du 10/03/2026 : VIREMENT 1 (payé par CPAM 721)."
    assert dits[3] == "Facture 000000123 : feuille de soins électronique (FSE), lot 007 du 03/03/2026."
    assert dits[5] == "Part obligatoire : 7,56 € payés sur 7,56 € demandés."
    assert dits[6] == "Part complémentaire (AMC 0099999997) : rejetée (5,04 € demandés)."
    assert dits[7] == "Ligne 1 : AMI du 02/03/2026, 7,56 € remboursés à 60 % de 12,60 €, dépense 12,60 €."
    assert dits[8].startswith("Motif 0009 sur la facture, part obligatoire ou les deux : « ALD INCONNUE ».")
    assert dits[15] == "Retenue de 2,00 € (indu, récupération RPR, référence DETTE1)."
    assert dits[17] == "Contrôle : 14 entités depuis l'entité 080, pour 55,56 €."
    assert dits[19] == "Fin du fichier : 20 entités, 1 lot, 55,56 € au total."


@pytest.mark.parametrize(
    ("entite", "phrase"),
    [
        (a_la_main.E010, "Organisme complémentaire 0099999 (clé 7)."),
        (a_la_main.E020, "Mandataire : destinataire de règlement 000000999000011."),
        (a_la_main.E040, "Destinataire de règlement 000000999000012."),
        (a_la_main.E070, "Journée comptable du 11/03/2026."),
        (a_la_main.E081, "Type de retour : rappel, lieu d'exécution LIEU 1."),
        (a_la_main.E110, "Assuré : ANNE, MARTIN."),
        (a_la_main.E120, "Malade : PETIT LEO, né(e) le 00/19/80 (rang 3)."),
        (a_la_main.E150, "Nature d'assurance : maternité."),
        (a_la_main.E160, "Numéro d'archivage de la caisse : 00000000000000042."),
        (a_la_main.E199, "Part complémentaire (AMC 0099999997, adhérent ADH1) : différée (5,04 € demandés)."),
        (
            a_la_main.E210,
            "Ligne 2 : AMI (nuit) × 2 du 02/03/2026, 7,56 € repris à 60 % de 12,60 €, dépense 13,00 €,"
            " régime local 3,78 €, part complémentaire 1,26 €, qualificatif DE.",
        ),
        (
            a_la_main.E220,
            "Ligne 3 : PJ du 05/03/2026 au 06/03/2026, 14,40 € remboursés à 80 % de 18,00 €, dépense 20,00 €,"
            " part complémentaire 3,60 €.",
        ),
        (
            a_la_main.E250,
            "Retenue de 2,00 € (indu, récupération RPR, référence DETTE1 du 01/02/2026, reste 0,50 €).",
        ),
        (a_la_main.E261, "Paiement ponctuel ou forfaitaire 00042 : 50,00 €."),
        (a_la_main.E295, "Commentaire : « DOSSIER TRANSMIS »."),
        (a_la_main.E198, "Part obligatoire : 7,00 € repris sur 7,56 € demandés."),
        (a_la_main.E198.replace(b"P", b" "), "Part obligatoire : non traitée (7,56 € demandés, 7,00 € repris)."),
        (
            a_la_main.E198.replace(b"00000700N", b"00000000P").replace(b"P0", b"D0"),
            "Part obligatoire : différée (7,56 € demandés).",
        ),
        (b"77703@", "Entité 777 que ce programme ne connaît pas : elle est gardée telle quelle."),
    ],
    ids=lambda valeur: valeur[:3].decode() if isinstance(valeur, bytes) else "",
)
def test_chaque_entite(entite: bytes, phrase: str) -> None:
    dite = textes(RETOUR[:128] + entite + RETOUR[-128:])[1]
    assert dite == phrase.replace("ANNE, MARTIN", f"MARTIN ANNE, NIR {a_la_main.NIR} {a_la_main.CLE}")


def test_facture_et_personnes_au_complet() -> None:
    facture, personnes = textes(RETOUR[:128] + a_la_main.E102 + a_la_main.E103 + RETOUR[-128:])[1:3]
    assert facture == (
        "Facture 000000123 complément C00001 du 02/03/2026 : demande de remboursement électronique (DRE),"
        " lot 008 du 04/03/2026, part complémentaire éclatée au poste, nature d'assurance : maladie."
    )
    assert personnes == (
        f"Assuré : MARTIN ANNE, NIR {a_la_main.NIR} {a_la_main.CLE} ;"
        " bénéficiaire : PETIT LEO, NIR 2801999000001 49, né(e) le 00/19/80 (rang 2)."
    )


def test_detail_de_forfait_et_nouveau_numero() -> None:
    detail = textes(RETOUR[:128] + a_la_main.E262 + RETOUR[-128:])[1]
    assert detail.startswith("Détail : FORFAIT ANNUEL, NIR ")
    assert detail.endswith("(rang 1), période A, à partir du 01/01/2026, 50,00 €.")
    motif = textes(RETOUR[:128] + a_la_main.E294 + RETOUR[-128:])[1]
    debut = "Motif 0009-816 sur la ligne 2, AMI du 02/03/2026, part complémentaire : « CONTRAT CLOS », REF 0009-816."
    assert motif.startswith(debut)


def test_toutes_les_entites_decrites_ont_leur_phrase() -> None:
    from sesam_desktop.flux import zones

    assert set(PHRASES) == set(zones.types("noemie"))


def test_chaque_phrase_a_sa_place_et_sa_facture() -> None:
    phrases = expliquer(RETOUR)
    entites = list(noemie.enregistrements(RETOUR))
    assert [(p.ligne, p.entite, RETOUR[p.debut : p.fin]) for p in phrases] == [
        (e.ligne, e.type, e.octets) for e in entites
    ]
    assert [p.ligne for p in phrases if p.facture == "000000123"] == list(range(4, 11))
    assert [p.facture for p in phrases if p.entite == "250"] == ["000000125"]
    espace = b"\r\n".join(e.octets for e in entites)
    assert [espace[p.debut : p.fin] for p in expliquer(espace)] == [e.octets for e in entites]


def test_arl_raconte() -> None:
    dits = textes(arl.ecrire(NEGATIF))
    assert dits[0] == "Accusé de réception du 04/03/2026 : lot de factures refusé (fichier ABC123)."
    assert dits[2].startswith("Motif SIG, ligne 3 du fichier : « SIGNATURE INVERIFIABLE ». Une signature")
    assert textes(arl.ecrire(POSITIF))[0].startswith("Accusé de réception du 04/03/2026 : lot de factures accepté")
    sans_ligne = arl.ecrire(NEGATIF).replace(b"2900503", b"2900500")
    assert "sur l'ensemble du lot" in textes(sans_ligne)[2]


def test_entite_illisible_dite_et_la_suite_lue() -> None:
    octets = RETOUR[:128] + a_la_main.E198.replace(b"00000756", b"0000075X") + a_la_main.E080 + b"abc"
    abimee, lot, suite = expliquer(octets)[1:]
    assert abimee.texte.startswith("Cette entité ne se lit pas : ")
    assert lot.texte == "Lot 007 du 03/03/2026."
    assert suite.texte.startswith("La suite ne se lit pas : ")
    assert (suite.debut, suite.fin, suite.entite) == (len(octets) - 3, len(octets), "")


def test_facture_illisible_sans_numero() -> None:
    octets = RETOUR[:128] + a_la_main.E102.replace(b"260304", b"2603X4") + a_la_main.E198 + RETOUR[-128:]
    assert [p.facture for p in expliquer(octets)] == [""] * 4


def test_limite_et_journal() -> None:
    """The limit is said, unless the file ends right there."""
    *dites, suite = expliquer(RETOUR, limite=3)
    assert [p.entite for p in dites] == ["000", "071", "080"]
    assert suite.texte.startswith("Seules les 3 premières entités")
    assert (suite.ligne, suite.entite, suite.debut, suite.fin) == (4, "", dites[-1].fin, len(RETOUR))
    assert expliquer(RETOUR, limite=20) == expliquer(RETOUR)
    assert repr(expliquer(RETOUR)[4]) == repr(Phrase(5, "103", "", "000000123", 269, 421))


def test_une_facturation_n_est_pas_un_retour() -> None:
    from sesam_desktop.flux.enregistrement import assembler

    with pytest.raises(FormatInvalide):
        expliquer(assembler(fichier_b2()))


@exemples(40)
@given(donnees=st.data())
def test_retour_mute(donnees: st.DataObject) -> None:
    octets = bytearray(RETOUR)
    for _ in range(donnees.draw(st.integers(1, 8))):
        octets[donnees.draw(st.integers(128, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    with contextlib.suppress(FormatInvalide):
        assert all(p.texte for p in expliquer(bytes(octets)))
