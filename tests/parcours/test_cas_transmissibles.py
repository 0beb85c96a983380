"""Every priced case becomes B2 records that our checker and the frontal's own reading both accept, totals equal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sesam_desktop.factures.amc import est_eclatee
from sesam_desktop.factures.dre import DemandeAmc, NatureDre, partager
from sesam_desktop.factures.enregistrements import de_facture
from sesam_desktop.factures.enregistrements_dre import de_demande
from sesam_desktop.factures.facture import Destinataire, FactureTarifee, Niveau
from sesam_desktop.flux import b2
from sesam_desktop.frontal import lot_b2
from sesam_desktop.frontal.controle import juger
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


def _a_une_complementaire(cas: Cas) -> bool:
    facture: Any = cas.facture()
    return facture.amc is not None and facture.tiers_payant.amc


DEMANDES = [parametre for parametre in PRICES if _a_une_complementaire(parametre.values[0])]


@pytest.mark.parametrize("cas", DEMANDES)
def test_ce_que_la_complementaire_paie_lui_est_demande_une_fois(cas: Cas) -> None:
    """FSE and DRE together ask what the case expects, no more and no less; the DRE passes both readings."""
    ft = _tarifee(cas)
    partage, totaux = partager(ft), ft.tarification.totaux
    eclatee = est_eclatee(ft.demande)
    en_fse = sum(li.amc_centimes for li in partage.fse.tarification.lignes) if partage.fse and not eclatee else 0
    assert en_fse + (partage.amc.tarification.totaux.amc_centimes if partage.amc else 0) == totaux.amc_centimes
    if partage.amc is None:
        return
    octets = b2.ecrire(_fichier_dre(partage.amc))
    assert [a for a in b2.verifier(octets) if a.code != "CLE_ACCIDENT"] == []
    (lue,) = juger(octets, None, None, None).factures  # type: ignore[arg-type]
    assert (lue.numero, lue.amc) == ("000000124", partage.amc.tarification.totaux.amc_centimes)


def _fichier_dre(part: FactureTarifee) -> list[b2.Enregistrement]:
    demande = DemandeAmc("000000124", NatureDre.INITIALE, part.elaboree_le, part, part.niveau)
    emetteur = b2.Emetteur(NUMERO + CLE, "CABINET D'ESSAI", part.demande.executant.specialite)
    lot = b2.Lot("001", max(ligne.date for ligne in part.tarification.lignes))
    destinataire = b2.RecepteurAmc("OT", "00000099000090")
    return b2.fichier(emetteur, destinataire, lot, [de_demande(demande)], "ABC123", lot.date, norme="DRE")


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
