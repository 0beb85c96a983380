"""Every priced case becomes B2 records that our checker and the frontal's own reading both accept, totals equal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sesam_desktop.factures.enregistrements import de_facture
from sesam_desktop.factures.facture import Destinataire, FactureTarifee, Niveau
from sesam_desktop.flux import b2
from sesam_desktop.frontal import lot_b2
from sesam_desktop.noyau.identifiants import cle_ean13
from sesam_desktop.tarifs.moteur import tarifer
from tests.tarifs.test_cas import PRICES, Cas

NUMERO = "99900001"
CLE = "1"
DESTINATAIRE = Destinataire("01", "721", "0000", "721", "001", "organisme@exemple.invalid")


@pytest.mark.parametrize("cas", PRICES)
def test_le_cas_se_transmet(cas: Cas) -> None:
    ft = _tarifee(cas)
    octets = b2.ecrire(_fichier(ft))
    assert [a for a in b2.verifier(octets) if a.code != "CLE_ACCIDENT"] == []  # the cases' accidents are fictitious
    (lue,) = lot_b2.lire(octets).factures
    totaux = ft.tarification.totaux
    separee = ft.demande.amc is not None and ft.demande.amc.gestion == "separee" and not ft.demande.beneficiaire.c2s
    assert (lue.honoraires, lue.amo) == (totaux.facture_centimes, totaux.amo_centimes)
    assert lue.amc == (0 if separee and ft.demande.tiers_payant.amc else totaux.amc_centimes)
    assert len(lue.actes) == len(ft.tarification.lignes)


def _tarifee(cas: Cas) -> FactureTarifee:
    demandee: Any = cas.facture()
    executant = replace(demandee.executant, numero_facturation=NUMERO, cle=CLE)
    demandee = replace(demandee, executant=executant)
    tarification = tarifer(demandee, cas.contexte())
    lignes = tuple(replace(li, detail=_avec_cle(li.detail)) for li in tarification.lignes)
    tarification = replace(tarification, lignes=lignes)
    return FactureTarifee("000000123", demandee.date_soins, demandee, tarification, DESTINATAIRE, Niveau.SECURISEE)


def _avec_cle(code: str) -> str:
    """The fictitious boxes of the cases have readable codes: their key is put right before they are sent."""
    return code[:12] + cle_ean13(code[:12]) if len(code) == 13 else code


def _fichier(ft: FactureTarifee) -> list[b2.Enregistrement]:
    emetteur = b2.Emetteur(NUMERO + CLE, "CABINET D'ESSAI", ft.demande.executant.specialite)
    lot = b2.Lot("001", max(ligne.date for ligne in ft.tarification.lignes))
    destinataire = b2.Recepteur(ft.demande.beneficiaire.regime, "721", "001")
    return b2.fichier(emetteur, destinataire, lot, [de_facture(ft)], "ABC123", lot.date)
