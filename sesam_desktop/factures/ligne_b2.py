"""One priced line as B2: record 4, its supplements 4S and 4E, and the record that details its code (4P, 4F, 4M).

A value that does not fit its zone is refused, never cut: people are told which line to divide.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sesam_desktop.flux import b2, zones
from sesam_desktop.noyau.dates import aammjj
from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide
from sesam_desktop.noyau.identifiants import ccam_valide, cip13_valide, lpp_valide, nabm_valide
from sesam_desktop.noyau.ressources import ressource

from . import amc, deconditionnement, exonerations_b2
from .actes_ccam import ACTIVITE_PAR_DEFAUT, PHASE_PAR_DEFAUT
from .facture import FactureTarifee, LigneSaisie, LigneTarifee, Prescription

VARIANTE = "b2_ps_140"
_REGIME_GENERAL = "01"
_MODIFICATEURS_MAX, _DENTS_MAX = 4, 16


def refuser(ft: FactureTarifee, code: str, message: str, action: str = "", ou: str = "") -> EntreeInvalide:
    """A refusal that names the invoice, or the place in it."""
    return EntreeInvalide(message, code=code, action=action, ou=ou or f"facture {ft.numero}")


def composer(type_: str, commun: dict[str, Any], **valeurs: Any) -> b2.Enregistrement:
    """A record of the invoice: the keys they all repeat, and its own zones."""
    return b2.Enregistrement.composer(VARIANTE, type_, {**commun, **valeurs})


def rang_beneficiaire(ft: FactureTarifee) -> str:
    """000 in the general régime; elsewhere the birth rank stands for the beneficiary's (project choice)."""
    patient = ft.demande.beneficiaire
    return "000" if patient.regime == _REGIME_GENERAL else f"{patient.rang:03d}"


def enregistrements_de_ligne(
    ft: FactureTarifee, commun: dict[str, Any], rang: int, exoneration: str
) -> Iterator[b2.Enregistrement]:
    """Record 4 of one priced line and its complements."""
    ligne = ft.tarification.lignes[rang]
    try:
        yield _acte(ft, commun, ligne, exoneration)
        yield composer("4S", commun, sequence="01", **_supplement_acte(ft, ligne))
        yield from _identites(ft, commun)
        yield from _affine(ft, commun, ligne)
    except FormatInvalide as erreur:
        raise refuser(
            ft,
            "HORS_FORMAT",
            f"La ligne {rang + 1} ({ligne.acte}) ne tient pas dans un enregistrement B2 : "
            f"« {libelle_de_zone(erreur.zone, '4')} ».",
            "Partagez cette ligne en plusieurs lignes de quantité ou de montant moindre.",
            f"lignes[{ligne.saisie}]",
        ) from None


def libelle_de_zone(zone: str, familles: str, variante: str = VARIANTE) -> str:
    """What people call a zone of the records 2x, 4x or 5x, the remarks of the norm left out."""
    layouts = (zones.exiger(variante, type_) for type_ in zones.types(variante) if type_[0] in familles)
    return next(layout.par_nom[zone].libelle.split(" : ")[0] for layout in layouts if zone in layout.par_nom)


def _acte(ft: FactureTarifee, commun: dict[str, Any], ligne: LigneTarifee, exoneration: str) -> b2.Enregistrement:
    executant, prescription = ft.demande.executant, ft.demande.prescription
    return composer(
        "4",
        commun,
        rang_beneficiaire=rang_beneficiaire(ft),
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
        montant_amc=0 if amc.est_eclatee(ft.demande) else ligne.amc_centimes,
    )


def _code_acte(ft: FactureTarifee, ligne: LigneTarifee) -> str:
    """Four characters for the act, one for its complement."""
    if len(ligne.acte) > 4:
        raise refuser(ft, "HORS_FORMAT", f"Le code prestation {ligne.acte} dépasse quatre caractères.")
    return f"{ligne.acte:<4}{ligne.complement}"


def _centiemes(ft: FactureTarifee, ligne: LigneTarifee) -> int:
    centiemes = ligne.coefficient * 100
    if centiemes != centiemes.to_integral_value():
        raise refuser(ft, "HORS_FORMAT", f"Le coefficient de {ligne.acte} a plus de deux décimales.")
    return int(centiemes)


def _pourcent(ft: FactureTarifee, ligne: LigneTarifee) -> int:
    taux, reste = divmod(ligne.taux, 100)
    if reste:
        raise refuser(ft, "HORS_FORMAT", f"Le taux de {ligne.acte} n'est pas un pourcentage entier.")
    return taux


def _supplement_acte(ft: FactureTarifee, ligne: LigneTarifee) -> dict[str, Any]:
    prescription = ft.demande.prescription
    saisie = ft.demande.lignes[ligne.saisie]
    return {
        "condition_executant": "L",
        "condition_prescripteur": prescription.condition if prescription else "",
        "date_accord_prealable": aammjj(saisie.accord_date),
        "accord_prealable": saisie.accord or _accord_par_defaut(ligne),
        "participation": exonerations_b2.participation(ligne),
    }


def _accord_par_defaut(ligne: LigneTarifee) -> str:
    """A CCAM act without agreement is not subject to one. The other lines keep what signed invoices already say."""
    return "9" if ccam_valide(ligne.detail) else "0"


def _identites(ft: FactureTarifee, commun: dict[str, Any]) -> Iterator[b2.Enregistrement]:
    """Record 4E, made only when an RPPS is known."""
    prescripteur, executant = _rpps(ft.demande.prescription), ft.demande.executant.rpps
    if prescripteur or executant:
        yield composer("4E", commun, sequence="01", rpps_prescripteur=prescripteur, rpps_executant=executant)


def _rpps(prescription: Prescription | None) -> str:
    return prescription.prescripteur if prescription and len(prescription.prescripteur) == 11 else ""


def _affine(ft: FactureTarifee, commun: dict[str, Any], ligne: LigneTarifee) -> Iterator[b2.Enregistrement]:
    """The record that details the code billed: 4P medicine, 4F LPP, 4M CCAM, 4B biology."""
    if cip13_valide(ligne.detail):
        yield composer("4P", commun, sequence="01", **_medicament(ft, ligne))
    elif ccam_valide(ligne.detail):
        yield composer("4M", commun, sequence="01", **_acte_ccam(ft, ligne))
    elif lpp_valide(ligne.detail):
        yield composer(
            "4F",
            commun,
            sequence="01",
            code_lpp=ligne.detail,
            quantite=ligne.quantite,
            tarif_reference=ligne.prix_unitaire_centimes,
            montant_facture=ligne.montant_centimes,
        )
    elif nabm_valide(ligne.detail):
        yield composer(
            "4B",
            commun,
            sequence="01",
            date_acte_1=aammjj(ligne.date),
            quantite_1=ligne.quantite,
            code_nabm_1=ligne.detail,
        )
    elif ligne.detail:
        message = f"Le code détaillé de {ligne.acte} n'est ni un CIP13, ni un LPP, ni un CCAM, ni un NABM."
        raise refuser(ft, "CODE_DETAIL", message)


def _medicament(ft: FactureTarifee, ligne: LigneTarifee) -> dict[str, Any]:
    saisie, prescription = ft.demande.lignes[ligne.saisie], ft.demande.prescription
    substitution, motif = _substitution(ft, saisie.substitution)
    return {
        "code_cip13": ligne.detail,
        "quantite": ligne.quantite,
        "prix_unitaire": ligne.prix_unitaire_centimes,
        "montant": ligne.montant_centimes,
        "base_tfr": _base_limitee(ligne),
        "substitution": substitution,
        "motif_non_substitution": motif,
        "renouvellement": f"{saisie.renouvellement:02d}",
        "date_prescription": aammjj(prescription.date if prescription else None),
        **_unites(saisie),
    }


def _base_limitee(ligne: LigneTarifee) -> int:
    """Unit base when a TFR or the price of a generic limits it, else 0."""
    return ligne.base_centimes // ligne.quantite if ligne.base_centimes < ligne.montant_centimes else 0


def _unites(saisie: LigneSaisie) -> dict[str, Any]:
    """Blank for whole boxes: an invoice signed before these zones existed keeps its bytes."""
    if not deconditionnement.est_demande(saisie):
        return {}
    unites, boite = (f"{nombre:04d}" for nombre in (saisie.unites, saisie.unites_boite))
    return {"top_deconditionnement": "O", "unites": unites, "unites_boite": boite}


def _substitution(ft: FactureTarifee, code: str | None) -> tuple[str, str]:
    if not code:
        return "", ""
    lettres = substitutions()
    if code not in lettres:
        raise refuser(ft, "SUBSTITUTION", f"Le motif de substitution « {code} » n'a pas d'écriture B2.")
    return lettres[code]


@lru_cache(maxsize=1)
def substitutions() -> dict[str, tuple[str, str]]:
    """Letters of record 4P (project profile) for each substitution code: flag, reason."""
    with ressource("flux", "substitutions_4p.csv").open(encoding="utf-8", newline="") as table:
        return {r["code"]: (r["substitution"], r["motif"]) for r in csv.DictReader(table, delimiter=";")}


def _acte_ccam(ft: FactureTarifee, ligne: LigneTarifee) -> dict[str, Any]:
    saisie = ft.demande.lignes[ligne.saisie]
    for codes, combien, quoi in (
        (saisie.modificateurs, _MODIFICATEURS_MAX, "quatre modificateurs"), (saisie.dents, _DENTS_MAX, "seize dents"),
    ):
        if len(codes) > combien:
            raise refuser(ft, "HORS_FORMAT", f"Un acte CCAM admet au plus {quoi}.", ou=f"lignes[{ligne.saisie}]")
    return {
        "code_ccam": ligne.detail,
        "activite": saisie.activite or ACTIVITE_PAR_DEFAUT,
        "phase": saisie.phase or PHASE_PAR_DEFAUT,
        "association": saisie.association or "",
        "date_seance": aammjj(ligne.date),
        **{f"modificateur_{i}": m for i, m in enumerate(saisie.modificateurs, start=1)},
        **{f"dent_{i}": dent for i, dent in enumerate(saisie.dents, start=1)},
    }
