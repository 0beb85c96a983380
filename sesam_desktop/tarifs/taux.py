"""Which rate the AMO applies to a line: the first rule that holds wins.

The order is that of the valuation specification (VF34): what exempts the whole invoice, then what exempts a line, then
what changes its rate, then the base rate. docs/tarification/decision.md says it in full.
"""

from __future__ import annotations

from collections.abc import Callable

from sesam_desktop.factures.situation import AME, ASPA, DETENU
from sesam_desktop.noyau.montants import CENT_POUR_CENT, formater_taux
from sesam_desktop.referentiels.tables import Ligne

from . import sncf
from .contexte import refuser, regle
from .decision import Cas, Decision

SANS_EXONERATION = "0"
ALD = "4"
SEUIL = "SEUIL"
CCAM_EXONERANT = "C"
SERVICE_FAIBLE = "PH2"  # no source read says what each exemption makes of these medicines


def decider(cas: Cas) -> Decision:
    """Rate, exoneration code and the rule that gave them. Raises EntreeInvalide when the rate is not public."""
    decision = next(d for regle_de_taux in _ORDRE if (d := regle_de_taux(cas)) is not None)
    if cas.cotation.nature == SERVICE_FAIBLE and decision.exoneration != SANS_EXONERATION:
        message = "Exonération d'un médicament à 15 % : à confirmer auprès de la caisse."
        cas.tables.avertir("EXONERATION_15", message, f"lignes[{cas.cotation.rang}]")
    return decision


def _non_remboursable(cas: Cas) -> Decision | None:
    c, tables = cas.cotation, cas.tables
    if c.qualificatif in ("G", "N"):
        ligne = tables.lire("qualificatifs", c.jour, code=c.qualificatif)
        return Decision(0, SANS_EXONERATION, regle("QUALIFICATIF", f"{ligne['libelle']} : 0 %.", ligne, "taux"))
    if c.nature != "PHN":
        return None
    ligne = tables.lire("taux", c.jour, nature=c.nature, regime="*")
    return Decision(0, SANS_EXONERATION, regle("NON_REMBOURSABLE", "Médicament non remboursable : 0 %.", ligne, "taux"))


def _ame(cas: Cas) -> Decision | None:
    """1. The AMO pays nothing, the State everything that may be reimbursed but what it excludes."""
    ligne = cas.particularite(AME)
    if ligne is None:
        return None
    couvert = cas.cotation.nature not in ligne["hors"]
    qui = "l'État prend la base en charge" if couvert else "médicament à 15 % exclu, à la charge du patient"
    explication = regle(AME, f"{ligne['libelle']} : 0 % pour la caisse, {qui}.", ligne, "taux")
    return Decision(0, SANS_EXONERATION, explication, qualificatif=ligne["qualificatif"], etat=couvert)


def _nature_assurance(cas: Cas) -> Decision | None:
    """2. Maternity, work accident, prevention."""
    if cas.particularite(DETENU) is not None:
        return None
    nature = cas.facture.nature_assurance
    ligne = cas.tables.lire("natures_assurance", cas.cotation.jour, "nature_assurance", code=nature)
    if ligne["traitement"] == "base":
        return None
    return _exonere("NATURE_ASSURANCE", SANS_EXONERATION, ligne)


def _regime(cas: Cas) -> Decision | None:
    """3. Mines."""
    ligne = cas.regime
    if ligne["traitement"] != "exonere":
        return None
    texte = f"Régime {ligne['libelle']} : 100 %."
    exoneration = ALD if cas.cotation.ald else ligne["exoneration"]
    return Decision(CENT_POUR_CENT, exoneration, regle("REGIME", texte, ligne, "taux"))


def _beneficiaire(cas: Cas) -> Decision | None:
    """4. Exempt beneficiary; the lines of an ALD keep their own code."""
    ligne = cas.de_rang(4)
    if ligne is None:
        return None
    return _exonere(ligne["code"], ALD if cas.cotation.ald else ligne["exoneration"], ligne)


def _nature_acte(cas: Cas) -> Decision | None:
    """5. Exempt by nature: acts of the table, field 25 of the CCAM, a reason of prevention."""
    c = cas.cotation
    ligne = cas.tables.trouver("actes_exoneres", c.jour, code=c.acte)
    if ligne is not None:
        return _exonere("ACTE_EXONERE", ligne["exoneration"], ligne)
    if (ligne := _champ_25(cas, "nature")) is not None:
        return _exonere("CCAM_EXONERANT", CCAM_EXONERANT, ligne)
    return _motif(cas, 5)


def _ist(cas: Cas) -> Decision | None:
    """6. Screening of sexually transmitted infections."""
    return _motif(cas, 6)


def _ald(cas: Cas) -> Decision | None:
    """7. Care of a long-term illness, as its protocol says."""
    c = cas.cotation
    if not c.ald:
        return None
    return _exonere("ALD", ALD, cas.tables.lire("exonerations", c.jour, code=ALD))


def _soins_particuliers(cas: Cas) -> Decision | None:
    """8. Sterility, premature child…"""
    return _motif(cas, 8)


def _seuil(cas: Cas) -> Decision | None:
    """9. Threshold of the heavy acts."""
    if not cas.seuil:
        return None
    return _exonere(SEUIL, cas.seuil, cas.tables.lire("exonerations", cas.cotation.jour, code=cas.seuil))


def _rente(cas: Cas) -> Decision | None:
    """10. Annuity of a work accident."""
    ligne = cas.de_rang(10)
    return _exonere(ligne["code"], ligne["exoneration"], ligne) if ligne is not None else None


def _sncf(cas: Cas) -> Decision | None:
    """11. Contracts of the régime 04."""
    if cas.regime["traitement"] != "contrats":
        return None
    if (ligne := cas.de_rang(11)) is not None:
        return _exonere(ligne["code"], ligne["exoneration"], ligne)
    ligne = sncf.taux(cas.cotation, cas.facture, cas.particularites, cas.tables)
    texte = f"Régime SNCF, {sncf.LIBELLES[ligne['situation']]} : {formater_taux(ligne['taux'])}."
    return Decision(ligne["taux"], SANS_EXONERATION, regle("SNCF", texte, ligne, "taux"), penalisable=True)


def _regime_local(cas: Cas) -> Decision | None:
    """12. Alsace-Moselle and cross-border workers."""
    local = cas.de_rang(12)
    if local is None:
        return None
    c, regime = cas.cotation, cas.facture.beneficiaire.regime
    ligne = cas.tables.lire("regime_local", c.jour, c.champ, nature=c.nature, regime=regime)
    explication = regle("REGIME_LOCAL", f"{local['libelle']} : {formater_taux(ligne['taux'])}.", ligne, "taux")
    return Decision(ligne["taux"], SANS_EXONERATION, explication, penalisable=True)


def _aspa(cas: Cas) -> Decision | None:
    """13. Old people's allowance: acts only."""
    aspa = cas.particularite(ASPA)
    if aspa is None:
        return None
    c, regime = cas.cotation, cas.facture.beneficiaire.regime
    ligne = cas.tables.trouver("aspa", c.jour, nature=c.nature, regime=regime)
    if ligne is None:
        return None
    explication = regle(ASPA, f"{aspa['libelle']} : {formater_taux(ligne['taux'])}.", ligne, "taux")
    return Decision(ligne["taux"], ligne["exoneration"], explication, penalisable=True)


def _base(cas: Cas) -> Decision:
    """14. Base rate of the nature in the régime."""
    c = cas.cotation
    if cas.regime["traitement"] == "non_publie":
        raise _non_couvert(cas.regime)
    regime = cas.tables.lire("regimes", c.jour, code=cas.regime["code"])
    ligne = cas.tables.lire("taux", c.jour, c.champ, nature=c.nature, regime=regime["code"])
    texte = f"Taux de base : {formater_taux(ligne['taux'])}."
    return Decision(ligne["taux"], SANS_EXONERATION, regle("TAUX", texte, ligne, "taux"), penalisable=True)


def _motif(cas: Cas, rang: int) -> Decision | None:
    """The reason given for this line alone, when it stands at this place of the order."""
    c = cas.cotation
    if not c.motif:
        return None
    champ = f"lignes[{c.rang}].motif_exoneration"
    ligne = cas.tables.lire("motifs_exoneration", c.jour, champ, code=c.motif)
    if ligne["rang"] != rang:
        return None
    if ligne["champ_25"]:
        _exiger_champ_25(cas, ligne, champ)
    return _exonere(ligne["code"], ligne["exoneration"], ligne)


def _exiger_champ_25(cas: Cas, motif: Ligne, champ: str) -> None:
    """The published rule is that of the CCAM; elsewhere a person must confirm the reason."""
    c = cas.cotation
    if c.seuil is None:
        message = f"« {motif['libelle']} » n'est publié que pour la CCAM : vérifiez que {c.acte} en relève."
        cas.tables.avertir("MOTIF_HORS_CCAM", message, champ)
    elif motif["champ_25"] not in c.seuil.regle.split("-"):
        raise refuser(
            "MOTIF_REFUSE", f"« {motif['libelle']} » ne va pas avec l'acte {c.detail or c.acte}.", champ,
            "Retirez le motif, ou vérifiez la colonne « Exo. TM » de l'acte.",
        )


def _champ_25(cas: Cas, traitement: str) -> Ligne | None:
    """Row of a value of field 25 that is treated so."""
    c = cas.cotation
    if c.seuil is None or c.seuil.regle == "K":
        return None
    lignes = (cas.tables.lire("champ_25", c.jour, c.champ, code=code) for code in c.seuil.regle.split("-") if code)
    return next((ligne for ligne in lignes if ligne["traitement"] == traitement), None)


def _exonere(code: str, exoneration: str, ligne: Ligne) -> Decision:
    return Decision(CENT_POUR_CENT, exoneration, regle(code, f"{ligne['libelle']} : 100 %.", ligne, "taux"))


def _non_couvert(regime: Ligne) -> Exception:
    message = f"Les tables n'ont pas les taux du régime {regime['code']} (« {regime['libelle']} »)."
    return refuser("REGIME_NON_COUVERT", message, "beneficiaire.regime", "Facturez cette ligne avec un autre outil.")


_ORDRE: tuple[Callable[[Cas], Decision | None], ...] = (
    _non_remboursable, _ame, _nature_assurance, _regime, _beneficiaire, _nature_acte, _ist, _ald, _soins_particuliers,
    _seuil, _rente, _sncf, _regime_local, _aspa, _base,
)
