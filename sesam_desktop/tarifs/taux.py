"""Which rate the AMO applies to a line: the first rule that holds wins (order of the valuation specification, VF34)."""

from __future__ import annotations

from dataclasses import dataclass

from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau.montants import CENT_POUR_CENT, Taux, formater_taux

from .contexte import Consultation, refuser, regle
from .cotation import Cotation

SANS_EXONERATION = "0"
ALD = "4"


@dataclass(frozen=True, slots=True)
class Decision:
    """`penalisable`: a majoration hors parcours may still reduce this rate."""

    taux: Taux
    exoneration: str
    regle: Regle
    penalisable: bool = False


def decider(cotation: Cotation, facture: Facture, tables: Consultation) -> Decision:
    """Rate, exoneration code and the rule that gave them."""
    return (
        _non_remboursable(cotation, tables)
        or _nature_assurance(cotation, facture, tables)
        or _regime(cotation, facture, tables)
        or _ald(cotation, tables)
        or _regime_local(cotation, facture, tables)
        or _base(cotation, facture, tables)
    )


def _non_remboursable(c: Cotation, tables: Consultation) -> Decision | None:
    if c.qualificatif in ("G", "N"):
        ligne = tables.lire("qualificatifs", c.jour, code=c.qualificatif)
        return Decision(0, SANS_EXONERATION, regle("QUALIFICATIF", f"{ligne['libelle']} : 0 %.", ligne, "taux"))
    if c.nature != "PHN":
        return None
    ligne = tables.lire("taux", c.jour, nature=c.nature, regime="*")
    return Decision(0, SANS_EXONERATION, regle("NON_REMBOURSABLE", "Médicament non remboursable : 0 %.", ligne, "taux"))


def _nature_assurance(c: Cotation, facture: Facture, tables: Consultation) -> Decision | None:
    ligne = tables.lire("natures_assurance", c.jour, "nature_assurance", code=facture.nature_assurance)
    if ligne["traitement"] == "base":
        return None
    explication = regle("NATURE_ASSURANCE", f"{ligne['libelle']} : 100 %.", ligne, "taux")
    return Decision(CENT_POUR_CENT, SANS_EXONERATION, explication)


def _regime(c: Cotation, facture: Facture, tables: Consultation) -> Decision | None:
    ligne = tables.lire("regimes", c.jour, "beneficiaire.regime", code=facture.beneficiaire.regime)
    if ligne["traitement"] == "refus":
        raise refuser(
            "REGIME_NON_COUVERT", f"Les tables n'ont pas les taux du régime {ligne['code']} ({ligne['libelle']}).",
            "beneficiaire.regime", "Facturez ce patient avec un autre outil.",
        )
    if ligne["traitement"] == "base":
        return None
    exoneration = ALD if c.ald else ligne["exoneration"]
    return Decision(CENT_POUR_CENT, exoneration, regle("REGIME", f"Régime {ligne['libelle']} : 100 %.", ligne, "taux"))


def _ald(c: Cotation, tables: Consultation) -> Decision | None:
    if not c.ald:
        return None
    ligne = tables.lire("exonerations", c.jour, code=ALD)
    if c.nature == "PH2":
        message = "Exonération d'un médicament à 15 % : à confirmer auprès de la caisse."
        tables.avertir("ALD_15", message, f"lignes[{c.rang}].ald")
    return Decision(CENT_POUR_CENT, ALD, regle("ALD", f"{ligne['libelle']} : 100 %.", ligne, "taux"))


def _regime_local(c: Cotation, facture: Facture, tables: Consultation) -> Decision | None:
    if not facture.beneficiaire.regime_local:
        return None
    ligne = tables.lire("regime_local", c.jour, c.champ, nature=c.nature, regime=facture.beneficiaire.regime)
    texte = f"Régime local d'Alsace-Moselle : {formater_taux(ligne['taux'])}."
    return Decision(ligne["taux"], SANS_EXONERATION, regle("REGIME_LOCAL", texte, ligne, "taux"), penalisable=True)


def _base(c: Cotation, facture: Facture, tables: Consultation) -> Decision:
    ligne = tables.lire("taux", c.jour, c.champ, nature=c.nature, regime=facture.beneficiaire.regime)
    texte = f"Taux de base : {formater_taux(ligne['taux'])}."
    return Decision(ligne["taux"], SANS_EXONERATION, regle("TAUX", texte, ligne, "taux"), penalisable=True)
