"""The B2 records of one invoice, 2 to 5S: what is signed, then sent. Layouts: project profile ``b2_ps_140``.

Sourced rules (B2 2005-E): exemption codes (`exonerations_b2`), totals of record 5, AMC zones at zero when the flows are
split, nature of insurance codes. Project choices, as no public text gives them: payee of record 2S, record 4P and its
substitution letters, supplement 5S.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sesam_desktop.flux import b2
from sesam_desktop.noyau.erreurs import FormatInvalide
from sesam_desktop.noyau.identifiants import cle_nir
from sesam_desktop.referentiels import tables

from . import exonerations_b2, parcours, situation
from .amc import C2S, ETAT, est_eclatee
from .facture import Facture, FactureTarifee, Niveau
from .ligne_b2 import composer, enregistrements_de_ligne, libelle_de_zone, rang_beneficiaire, refuser

_C2S_CONTRAT = "89"
_PARCOURS_AVEC_MT = "TNROM"
_PARCOURS_SELON_MT = "DH"


def de_facture(ft: FactureTarifee) -> list[b2.Enregistrement]:
    """Records 2, 2S, the lines, 5, 5S. Raises EntreeInvalide when the invoice cannot be written in B2."""
    if not ft.tarification.lignes:
        raise refuser(ft, "FACTURE_VIDE", "La facture n'a aucune ligne à transmettre.")
    commun = _commun(ft)
    exoneration, par_ligne = exonerations_b2.codes(ft)
    corps = [e for i in range(len(par_ligne)) for e in enregistrements_de_ligne(ft, commun, i, par_ligne[i])]
    try:
        debut = [_entete(ft, commun, exoneration), _supplement_entete(ft, commun)]
        return [*debut, *corps, _fin(ft, commun, corps), _supplement_fin(ft, commun)]
    except FormatInvalide as erreur:
        message = f"La zone « {libelle_de_zone(erreur.zone, '25')} » de la facture ne peut pas être écrite."
        action = "Corrigez cette valeur ou, si la facture est trop longue, partagez-la en plusieurs factures."
        raise refuser(ft, "HORS_FORMAT", message, action) from None


def octets_canoniques(ft: FactureTarifee) -> bytes:
    """The clear records one after another: what the cards sign."""
    return b2.ecrire(de_facture(ft))


def _commun(ft: FactureTarifee) -> dict[str, Any]:
    """Keys that every record of the invoice repeats."""
    patient = ft.demande.beneficiaire
    cle_calculee = cle_nir(patient.nir)  # also refuses a malformed number, which its text zone would let through
    return {
        "numero_partenaire": _numero_executant(ft),
        "nir_assure": patient.nir,
        "cle_nir_assure": patient.cle or cle_calculee,
        "numero_facture": ft.numero_transmis,
    }


def _numero_executant(ft: FactureTarifee) -> str:
    """Nine digits, key included."""
    numero = b2.numero_partenaire(ft.demande.executant.numero_facturation + ft.demande.executant.cle)
    if not re.fullmatch(r"[0-9]{9}", numero):
        action = "Complétez le numéro de facturation et sa clé dans les paramètres du poste."
        raise refuser(ft, "EXECUTANT_SANS_NUMERO", "Le numéro de facturation doit compter 9 chiffres.", action)
    return numero


def _nature_assurance(ft: FactureTarifee) -> str:
    """Two digits; 13 when a line was paid at the rate of the régime local."""
    table = tables.charger("natures_assurance")
    code = table.a_la_date(ft.demande.date_soins, code=ft.demande.nature_assurance)["code_b2"]
    regles = {regle.code for ligne in ft.tarification.lignes for regle in ligne.regles}
    return "13" if code == "10" and "REGIME_LOCAL" in regles else code


def _entete(ft: FactureTarifee, commun: dict[str, Any], exoneration: str) -> b2.Enregistrement:
    patient = ft.demande.beneficiaire
    return composer(
        "2",
        commun,
        rang_beneficiaire=rang_beneficiaire(ft),
        regime=patient.regime,
        caisse=patient.caisse,
        centre=f"{patient.centre}0" if len(patient.centre) == 3 else patient.centre,
        justificatif_droits="4" if ft.niveau == Niveau.SECURISEE else "1",
        nature_assurance=_nature_assurance(ft),
        exoneration_facture=exoneration,
        accident=exonerations_b2.accident(ft.demande),
        eclatement="F" if est_eclatee(ft.demande) else "",
        date_naissance=patient.date_naissance[2:8],
        rang_naissance=str(patient.rang),
        **_complementaire(ft),
    )


def _complementaire(ft: FactureTarifee) -> dict[str, Any]:
    """Contract and insurer of record 2: the State (AME), the C2S, always in single billing, or the complémentaire."""
    demande, amc = ft.demande, ft.demande.amc
    if situation.AME in demande.beneficiaire.particularites:
        return {"type_contrat": "00", "numero_complementaire": ETAT.zfill(10)}
    if demande.beneficiaire.c2s and ft.tarification.totaux.amc_centimes:
        organisme = C2S[amc.gestion if amc else "unique"]
        return {"type_contrat": _C2S_CONTRAT, "numero_complementaire": organisme.zfill(10)}
    if not (demande.tiers_payant.amc and amc):
        return {}
    contrat = amc.type_contrat if re.fullmatch(r"[0-9]{2}", amc.type_contrat) else "00"
    return {"type_contrat": contrat, "numero_complementaire": amc.numero.zfill(10)}


def _supplement_entete(ft: FactureTarifee, commun: dict[str, Any]) -> b2.Enregistrement:
    patient = ft.demande.beneficiaire
    individuel = patient.nir_individuel
    return composer(
        "2S",
        commun,
        rang_beneficiaire=rang_beneficiaire(ft),
        destinataire_reglement="00" if ft.demande.tiers_payant.amo else "01",
        nir_individuel=individuel,
        cle_nir_individuel=(patient.cle_individuelle or cle_nir(individuel)) if individuel else "00",
        **_parcours(ft.demande),
    )


def _parcours(demande: Facture) -> dict[str, str]:
    """Indicator and flag of the médecin traitant, both blank when the pathway does not concern this invoice."""
    if not demande.parcours or not parcours.est_concernee(demande, demande.date_soins, tables):
        return {}
    return {"top_medecin_traitant": _top_medecin_traitant(demande), "parcours": demande.parcours}


def _top_medecin_traitant(demande: Facture) -> str:
    """O inside the pathway, N outside, as declared for direct access; blank for emergency and D.162-1-6 acts."""
    if demande.parcours in _PARCOURS_SELON_MT:
        return "O" if demande.beneficiaire.medecin_traitant_declare else "N"
    if demande.parcours in _PARCOURS_AVEC_MT:
        return "O"
    return "N" if demande.parcours == "S" else ""


def _fin(ft: FactureTarifee, commun: dict[str, Any], corps: Sequence[b2.Enregistrement]) -> b2.Enregistrement:
    lignes = ft.tarification.lignes
    honoraires, amo = sum(x.montant_centimes for x in lignes), sum(x.amo_centimes for x in lignes)
    return composer(
        "5",
        commun,
        rang_beneficiaire=rang_beneficiaire(ft),
        nombre_enregistrements=len(corps),
        total_honoraires_4=honoraires,
        total_amo_4=amo,
        participation_assure=honoraires - amo,
        total_amc_4=_total_amc(ft),
    )


def _supplement_fin(ft: FactureTarifee, commun: dict[str, Any]) -> b2.Enregistrement:
    lignes = ft.tarification.lignes
    honoraires, amo = sum(x.montant_centimes for x in lignes), sum(x.amo_centimes for x in lignes)
    return composer(
        "5S",
        commun,
        rang_beneficiaire=rang_beneficiaire(ft),
        total_honoraires=honoraires,
        total_amo=amo,
        total_amc=_total_amc(ft),
        reste_assure=honoraires - amo - _total_amc(ft),
        niveau=ft.niveau.value,
    )


def _total_amc(ft: FactureTarifee) -> int:
    return 0 if est_eclatee(ft.demande) else sum(ligne.amc_centimes for ligne in ft.tarification.lignes)
