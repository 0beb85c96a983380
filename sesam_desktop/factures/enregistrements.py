"""The B2 records of one invoice, 2 to 5S: what is signed, then sent. Layouts: project profile ``b2_ps_140``.

Sourced rules (B2 2005-E): exemption code raised to the invoice when every line shares it, totals of record 5, AMC zones
at zero when the flows are split, nature of insurance codes. Project choices, as no public text gives them: payee of
record 2S, record 4P and its substitution letters, supplement 5S.
A value that does not fit its zone is refused, never cut: people are told which line to divide.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sesam_desktop.flux import b2
from sesam_desktop.noyau.dates import aammjj
from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide
from sesam_desktop.noyau.identifiants import ccam_valide, cip13_valide, cle_nir, lpp_valide
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels import tables

from .facture import FactureTarifee, LigneTarifee, Niveau, Prescription

VARIANTE = "b2_ps_140"
_MINES = "07"
_REGIME_GENERAL = "01"
_C2S_CONTRAT, _C2S_ORGANISME = "89", "99999997"
_PARCOURS_AVEC_MT = "TNROM"
_PARCOURS_SELON_MT = "DH"
_MODIFICATEURS_MAX = 4


def de_facture(ft: FactureTarifee) -> list[b2.Enregistrement]:
    """Records 2, 2S, the lines, 5, 5S. Raises EntreeInvalide when the invoice cannot be written in B2."""
    if not ft.tarification.lignes:
        raise _refus(ft, "FACTURE_VIDE", "La facture n'a aucune ligne à transmettre.")
    commun = _commun(ft)
    exoneration, par_ligne = _exonerations(ft)
    corps = [e for i in range(len(par_ligne)) for e in _ligne(ft, commun, i, par_ligne[i])]
    try:
        debut = [_entete(ft, commun, exoneration), _supplement_entete(ft, commun)]
        return [*debut, *corps, _fin(ft, commun, corps), _supplement_fin(ft, commun)]
    except FormatInvalide as erreur:
        raise _refus(ft, "HORS_FORMAT", f"La zone « {erreur.zone} » de la facture ne peut pas être écrite.") from None


def octets_canoniques(ft: FactureTarifee) -> bytes:
    """The clear records one after another: what the cards sign."""
    return b2.ecrire(de_facture(ft))


def _refus(ft: FactureTarifee, code: str, message: str, action: str = "", ou: str = "") -> EntreeInvalide:
    return EntreeInvalide(message, code=code, action=action, ou=ou or f"facture {ft.numero}")


def _composer(type_: str, commun: dict[str, Any], **valeurs: Any) -> b2.Enregistrement:
    return b2.Enregistrement.composer(VARIANTE, type_, {**commun, **valeurs})


def _commun(ft: FactureTarifee) -> dict[str, Any]:
    """Keys that every record of the invoice repeats."""
    patient = ft.demande.beneficiaire
    return {
        "numero_partenaire": _numero_executant(ft),
        "nir_assure": patient.nir,
        "cle_nir_assure": patient.cle or cle_nir(patient.nir),
        "numero_facture": ft.numero,
    }


def _numero_executant(ft: FactureTarifee) -> str:
    """Nine digits. A Corsican FINESS 2Ayyxxxxx is written 2001xxxxx, 2Byyxxxxx 2002xxxxx."""
    numero = ft.demande.executant.numero_facturation + ft.demande.executant.cle
    if corse := re.fullmatch(r"2([AB])[0-9]{2}([0-9]{5})", numero):
        numero = f"200{'1' if corse.group(1) == 'A' else '2'}{corse.group(2)}"
    if not re.fullmatch(r"[0-9]{9}", numero):
        action = "Complétez le numéro de facturation et sa clé dans les paramètres du poste."
        raise _refus(ft, "EXECUTANT_SANS_NUMERO", "Le numéro de facturation doit compter 9 chiffres.", action)
    return numero


def _rang(ft: FactureTarifee) -> str:
    """000 in the general régime; elsewhere the birth rank stands for the beneficiary's (project choice)."""
    patient = ft.demande.beneficiaire
    return "000" if patient.regime == _REGIME_GENERAL else f"{patient.rang:03d}"


def _exonerations(ft: FactureTarifee) -> tuple[str, list[str]]:
    """Code of the invoice and of each line: shared by all lines, it is written once, on the invoice."""
    codes = [ligne.exoneration or "0" for ligne in ft.tarification.lignes]
    mines = ft.demande.beneficiaire.regime == _MINES
    if len(set(codes)) == 1:
        return codes[0], ["0" if mines else ""] * len(codes)
    if mines:
        return "6", ["4" if code == "4" else "0" for code in codes]
    return "0", codes


def _nature_assurance(ft: FactureTarifee) -> str:
    """Two digits; 13 when a line was paid at the rate of the régime local."""
    table = tables.charger("natures_assurance")
    code = table.a_la_date(ft.demande.date_soins, code=ft.demande.nature_assurance)["code_b2"]
    regles = {regle.code for ligne in ft.tarification.lignes for regle in ligne.regles}
    return "13" if code == "10" and "REGIME_LOCAL" in regles else code


def _entete(ft: FactureTarifee, commun: dict[str, Any], exoneration: str) -> b2.Enregistrement:
    patient = ft.demande.beneficiaire
    return _composer(
        "2",
        commun,
        rang_beneficiaire=_rang(ft),
        regime=patient.regime,
        caisse=patient.caisse,
        centre=f"{patient.centre}0" if len(patient.centre) == 3 else patient.centre,
        justificatif_droits="4" if ft.niveau == Niveau.SECURISEE else "1",
        nature_assurance=_nature_assurance(ft),
        exoneration_facture=exoneration,
        eclatement="F" if _eclatee(ft) else "",
        date_naissance=patient.date_naissance[2:8],
        rang_naissance=str(patient.rang),
        **_complementaire(ft),
    )


def _eclatee(ft: FactureTarifee) -> bool:
    """The AMC part is billed apart by the sender."""
    demande = ft.demande
    return bool(demande.tiers_payant.amc and demande.amc and demande.amc.gestion == "separee")


def _complementaire(ft: FactureTarifee) -> dict[str, Any]:
    """Contract and insurer of record 2: the C2S in single billing, or the complémentaire used."""
    demande, amc = ft.demande, ft.demande.amc
    if demande.beneficiaire.c2s and ft.tarification.totaux.amc_centimes:
        return {"type_contrat": _C2S_CONTRAT, "numero_complementaire": _C2S_ORGANISME.zfill(10)}
    if not (demande.tiers_payant.amc and amc):
        return {}
    contrat = amc.type_contrat if re.fullmatch(r"[0-9]{2}", amc.type_contrat) else "00"
    return {"type_contrat": contrat, "numero_complementaire": amc.numero.zfill(10)}


def _supplement_entete(ft: FactureTarifee, commun: dict[str, Any]) -> b2.Enregistrement:
    patient = ft.demande.beneficiaire
    individuel = patient.nir_individuel
    return _composer(
        "2S",
        commun,
        rang_beneficiaire=_rang(ft),
        destinataire_reglement="00" if ft.demande.tiers_payant.amo else "01",
        nir_individuel=individuel,
        cle_nir_individuel=(patient.cle_individuelle or cle_nir(individuel)) if individuel else "00",
        top_medecin_traitant=_top_medecin_traitant(ft),
        parcours=ft.demande.parcours,
    )


def _top_medecin_traitant(ft: FactureTarifee) -> str:
    """O inside the pathway, N outside, as declared for direct access; blank when the pathway does not apply."""
    parcours = ft.demande.parcours
    if parcours and parcours in _PARCOURS_SELON_MT:
        return "O" if ft.demande.beneficiaire.medecin_traitant_declare else "N"
    if parcours and parcours in _PARCOURS_AVEC_MT:
        return "O"
    return "N" if parcours == "S" else ""


def _ligne(ft: FactureTarifee, commun: dict[str, Any], rang: int, exoneration: str) -> Iterator[b2.Enregistrement]:
    """Record 4 of one priced line and its complements."""
    ligne = ft.tarification.lignes[rang]
    try:
        yield _acte(ft, commun, ligne, exoneration)
        yield _composer("4S", commun, sequence="01", **_supplement_acte(ft))
        yield from _identites(ft, commun)
        yield from _affine(ft, commun, ligne)
    except FormatInvalide as erreur:
        raise _refus(
            ft,
            "HORS_FORMAT",
            f"La ligne {rang + 1} ({ligne.acte}) ne tient pas dans un enregistrement B2 : {erreur.zone}.",
            "Partagez cette ligne en plusieurs lignes de quantité ou de montant moindre.",
            f"lignes[{ligne.saisie}]",
        ) from None


def _acte(ft: FactureTarifee, commun: dict[str, Any], ligne: LigneTarifee, exoneration: str) -> b2.Enregistrement:
    executant, prescription = ft.demande.executant, ft.demande.prescription
    return _composer(
        "4",
        commun,
        rang_beneficiaire=_rang(ft),
        prescripteur=prescription.prescripteur if prescription and len(prescription.prescripteur) == 9 else "",
        origine_prescription=prescription.origine if prescription else "",
        exoneration=exoneration,
        specialite_prescripteur=prescription.specialite if prescription else "",
        executant=commun["numero_partenaire"],
        zone_tarifaire=executant.zone_tarifaire,
        specialite_executant=executant.specialite,
        date_soins=aammjj(ligne.date),
        code_acte=_code_acte(ft, ligne),
        quantite=ligne.quantite,
        coefficient=_centiemes(ft, ligne),
        denombrement=ligne.quantite,
        prix_unitaire=ligne.prix_unitaire_centimes,
        base=ligne.base_centimes,
        taux=_pourcent(ft, ligne),
        montant_amo=ligne.amo_centimes,
        honoraires=ligne.montant_centimes,
        qualificatif=ligne.qualificatif,
        montant_amc=0 if _eclatee(ft) else ligne.amc_centimes,
    )


def _code_acte(ft: FactureTarifee, ligne: LigneTarifee) -> str:
    """Four characters for the act, one for its complement."""
    if len(ligne.acte) > 4:
        raise _refus(ft, "HORS_FORMAT", f"Le code prestation {ligne.acte} dépasse quatre caractères.")
    return f"{ligne.acte:<4}{ligne.complement}"


def _centiemes(ft: FactureTarifee, ligne: LigneTarifee) -> int:
    centiemes = ligne.coefficient * 100
    if centiemes != centiemes.to_integral_value():
        raise _refus(ft, "HORS_FORMAT", f"Le coefficient de {ligne.acte} a plus de deux décimales.")
    return int(centiemes)


def _pourcent(ft: FactureTarifee, ligne: LigneTarifee) -> int:
    taux, reste = divmod(ligne.taux, 100)
    if reste:
        raise _refus(ft, "HORS_FORMAT", f"Le taux de {ligne.acte} n'est pas un pourcentage entier.")
    return taux


def _supplement_acte(ft: FactureTarifee) -> dict[str, Any]:
    prescription = ft.demande.prescription
    return {
        "condition_executant": "L",
        "condition_prescripteur": prescription.condition if prescription else "",
        "accord_prealable": "0",
    }


def _identites(ft: FactureTarifee, commun: dict[str, Any]) -> Iterator[b2.Enregistrement]:
    """Record 4E, made only when an RPPS is known."""
    prescripteur, executant = _rpps(ft.demande.prescription), ft.demande.executant.rpps
    if prescripteur or executant:
        yield _composer("4E", commun, sequence="01", rpps_prescripteur=prescripteur, rpps_executant=executant)


def _rpps(prescription: Prescription | None) -> str:
    return prescription.prescripteur if prescription and len(prescription.prescripteur) == 11 else ""


def _affine(ft: FactureTarifee, commun: dict[str, Any], ligne: LigneTarifee) -> Iterator[b2.Enregistrement]:
    """The record that details the code billed: 4P medicine, 4F LPP, 4M CCAM."""
    if cip13_valide(ligne.detail):
        yield _composer("4P", commun, sequence="01", **_medicament(ft, ligne))
    elif ccam_valide(ligne.detail):
        yield _composer("4M", commun, sequence="01", **_acte_ccam(ft, ligne))
    elif lpp_valide(ligne.detail):
        yield _composer(
            "4F",
            commun,
            sequence="01",
            code_lpp=ligne.detail,
            quantite=ligne.quantite,
            tarif_reference=ligne.prix_unitaire_centimes,
            montant_facture=ligne.montant_centimes,
        )
    elif ligne.detail:
        raise _refus(ft, "CODE_DETAIL", f"Le code détaillé de {ligne.acte} n'est ni un CIP13, ni un LPP, ni un CCAM.")


def _medicament(ft: FactureTarifee, ligne: LigneTarifee) -> dict[str, Any]:
    substitution, motif = _substitution(ft, ft.demande.lignes[ligne.saisie].substitution)
    prescription = ft.demande.prescription
    return {
        "code_cip13": ligne.detail,
        "quantite": ligne.quantite,
        "prix_unitaire": ligne.prix_unitaire_centimes,
        "montant": ligne.montant_centimes,
        "substitution": substitution,
        "motif_non_substitution": motif,
        "date_prescription": aammjj(prescription.date if prescription else None),
    }


def _substitution(ft: FactureTarifee, code: str | None) -> tuple[str, str]:
    if not code:
        return "", ""
    lettres = substitutions()
    if code not in lettres:
        raise _refus(ft, "SUBSTITUTION", f"Le motif de substitution « {code} » n'a pas d'écriture B2.")
    return lettres[code]


@lru_cache(maxsize=1)
def substitutions() -> dict[str, tuple[str, str]]:
    """Letters of record 4P (project profile) for each substitution code: flag, reason."""
    with ressource("flux", "substitutions_4p.csv").open(encoding="utf-8", newline="") as table:
        return {r["code"]: (r["substitution"], r["motif"]) for r in csv.DictReader(table, delimiter=";")}


def _acte_ccam(ft: FactureTarifee, ligne: LigneTarifee) -> dict[str, Any]:
    saisie = ft.demande.lignes[ligne.saisie]
    if len(saisie.modificateurs) > _MODIFICATEURS_MAX:
        raise _refus(ft, "HORS_FORMAT", "Un acte CCAM admet au plus quatre modificateurs.")
    modificateurs = {f"modificateur_{i}": m for i, m in enumerate(saisie.modificateurs, start=1)}
    return {
        "code_ccam": ligne.detail,
        "activite": saisie.activite or "1",
        "phase": saisie.phase or "0",
        "association": saisie.association or "",
        "date_seance": aammjj(ligne.date),
        **modificateurs,
    }


def _fin(ft: FactureTarifee, commun: dict[str, Any], corps: Sequence[b2.Enregistrement]) -> b2.Enregistrement:
    lignes = ft.tarification.lignes
    honoraires, amo = sum(x.montant_centimes for x in lignes), sum(x.amo_centimes for x in lignes)
    return _composer(
        "5",
        commun,
        rang_beneficiaire=_rang(ft),
        nombre_enregistrements=len(corps),
        total_honoraires_4=honoraires,
        total_amo_4=amo,
        participation_assure=honoraires - amo,
        total_amc_4=_total_amc(ft),
    )


def _supplement_fin(ft: FactureTarifee, commun: dict[str, Any]) -> b2.Enregistrement:
    lignes = ft.tarification.lignes
    honoraires, amo = sum(x.montant_centimes for x in lignes), sum(x.amo_centimes for x in lignes)
    return _composer(
        "5S",
        commun,
        rang_beneficiaire=_rang(ft),
        total_honoraires=honoraires,
        total_amo=amo,
        total_amc=_total_amc(ft),
        reste_assure=honoraires - amo - _total_amc(ft),
        niveau=ft.niveau.value,
    )


def _total_amc(ft: FactureTarifee) -> int:
    return 0 if _eclatee(ft) else sum(ligne.amc_centimes for ligne in ft.tarification.lignes)
