"""Five invoices worked out by hand: what the fund is asked, what the insurer is asked apart, read in the bytes.

Positions are those of docs/formats.md, cut here by hand: records 2 (95 split, 117 contract, 119 insurer) and 5 (58
fees, 66 AMO, 90 AMC) of 128 characters; 2D (43 insurer).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sesam_desktop.factures.amc import en_gestion_unique
from sesam_desktop.factures.dre import DemandeAmc, NatureDre, partager
from sesam_desktop.factures.enregistrements import octets_canoniques
from sesam_desktop.factures.enregistrements_dre import octets_canoniques as octets_dre
from sesam_desktop.factures.facture import Destinataire, FactureTarifee, Niveau, OrganismeAmc, TiersPayant
from sesam_desktop.tarifs.moteur import tarifer
from tests.tarifs.outils import boites, contexte, facture, ligne

DESTINATAIRE = Destinataire("01", "721", "0000", "721", "001", "organisme@exemple.invalid")
BOITES = {"3400930000007": {"taux": 6500, "prix": 1000}, "3400930000014": {}}
TARIFS = contexte(boites(BOITES))
JOUR = date(2026, 3, 2)
PHARMACIE = [ligne(acte="MEDICAMENT", cip13="3400930000007"),
             ligne(acte="MEDICAMENT", cip13="3400930000014", prix_centimes=800)]
SOIN, CONSULTATION = [ligne(acte="AMI", coefficient=4)], [ligne(acte="CS", depassement_centimes=2000)]
OPTAM = {"convention": "3", "option_tarifaire": "optam"}


def _couper(octets: bytes) -> list[bytes]:
    return [octets[i : i + 128] for i in range(0, len(octets), 128)]


def _lire(octets: bytes) -> dict[str, tuple[str, ...] | tuple[int, ...]]:
    records = _couper(octets)
    entete, fin = records[0], next(r for r in records if r[:1] == b"5" and r[38:39] != b"S")
    montants = tuple(int(fin[debut - 1 : debut + 7]) for debut in (58, 66, 90))
    return {"qui": tuple(entete[a - 1 : b].decode() for a, b in ((95, 95), (117, 118), (119, 128))), "quoi": montants}


def _ft(metier: str, lignes: list[Any], amc: OrganismeAmc | None, **champs: Any) -> FactureTarifee:
    demande = facture(metier, lignes, JOUR, **champs)
    executant = replace(demande.executant, numero_facturation="99900001", cle="1")
    demande = replace(demande, executant=executant, tiers_payant=TiersPayant(amc=amc is not None), amc=amc)
    demande = en_gestion_unique(demande)
    tarification = tarifer(demande, TARIFS)
    return FactureTarifee("000000123", JOUR, demande, tarification, DESTINATAIRE, Niveau.SECURISEE)


# (total, AMO, AMC) of the FSE and of the DRE, then what the patient pays: together they are the priced invoice.
CAS = [
    # 10,00 at 65 %: 6,50 + 3,50. HDR 0,61 at 70 %: 0,43 + 0,18. The FSE: 10,61 = 6,93 + 3,68. PHN 8,00, of which
    # 5,00 a box asked apart; the patient pays 3,00.
    pytest.param(
        "pharmacien", PHARMACIE, OrganismeAmc("99000004"), {}, (" ", "00", "0099000004"), (1061, 693, 368),
        (800, 0, 500), 300, id="pharmacie, PHN",
    ),
    # AMI 4 = 4 × 3,15 = 12,60 at 60 %: 7,56 + 5,04; the FSE leaves the AMC at zero, the DRE repeats the line.
    pytest.param(
        "infirmier", SOIN, OrganismeAmc("99000006", gestion="separee"), {}, ("F", "00", "0099000006"), (1260, 756, 0),
        (1260, 756, 504), 0, id="infirmier, gestion séparée",
    ),
    # CS 26,50 + 20,00. AMO 70 % of 26,50 = 18,55. 200 % of 26,50 = 53,00 - 18,55 = 34,45, 27,95 at most.
    pytest.param(
        "specialiste", CONSULTATION, OrganismeAmc("99000002", gestion="separee"),
        {"executant": OPTAM, "parcours": "O"}, ("F", "00", "0099000002"), (4650, 1855, 0), (4650, 1855, 2795), 0,
        id="médecin OPTAM, gestion séparée",
    ),
    # The C2S managed apart: its number says so, and the fund pays both parts all the same.
    pytest.param(
        "infirmier", SOIN, OrganismeAmc("99000006", gestion="separee"), {"patient": {"c2s": True}},
        (" ", "89", "0088888888"), (1260, 756, 504), None, 0, id="C2S gérée à part",
    ),
    # The State pays everything, as the complementary part of who has no insurance (SP06): AMO 0.
    pytest.param(
        "infirmier", SOIN, None, {"patient": {"particularites": ("AME",)}}, (" ", "00", "0075500017"),
        (1260, 0, 1260), None, 0, id="AME",
    ),
]


@pytest.mark.parametrize(("metier", "lignes", "amc", "champs", "qui", "fse", "dre", "patient"), CAS)
def test_rien_n_est_demande_deux_fois(
    metier: str, lignes: list[Any], amc: OrganismeAmc | None, champs: dict[str, Any], qui: tuple[str, ...],
    fse: tuple[int, ...], dre: tuple[int, ...] | None, patient: int,
) -> None:
    ft = _ft(metier, lignes, amc, **champs)
    partage = partager(ft)
    assert partage.fse is not None
    assert _lire(octets_canoniques(partage.fse)) == {"qui": qui, "quoi": fse}
    demandes = [] if partage.amc is None else [
        DemandeAmc("000000124", NatureDre.INITIALE, JOUR, partage.amc, Niveau.SECURISEE)
    ]
    lues = [octets_dre(demande) for demande in demandes]
    assert [_lire(lue)["quoi"] for lue in lues] == ([dre] if dre else [])
    for lue in lues:
        deuxd = next(r for r in _couper(lue) if r[:1] + r[38:39] == b"2D")
        assert deuxd[42:52].decode() == qui[2]
    totaux = ft.tarification.totaux
    assert totaux.assure_centimes == patient
    assert fse[1] + fse[2] + (dre[2] if dre else 0) + patient == totaux.facture_centimes
