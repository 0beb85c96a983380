"""Columns of a comparison: the invoice, the hypothesis, and what the patient pays more or less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sesam_desktop.factures.facture import Regle
from sesam_desktop.noyau.montants import formater, formater_taux
from sesam_desktop.tarifs.comparaison import Comparaison, EcartLigne

from .table import Colonne

_ABSENT = "–"


@dataclass(frozen=True)
class RangeeEcart:
    """One line, or the total: amounts before and after by name, None when that invoice has no such line."""

    acte: str
    libelle: str
    avant: dict[str, int] | None
    apres: dict[str, int] | None
    ecart: EcartLigne | None = None

    def difference(self, champ: str) -> int:
        return (self.apres or {}).get(champ, 0) - (self.avant or {}).get(champ, 0)


def rangees(comparaison: Comparaison) -> list[RangeeEcart]:
    """Every line, then the total."""
    lignes = [
        RangeeEcart(e.ligne.acte, e.ligne.libelle, _montants(e.avant), _montants(e.apres), e)
        for e in comparaison.lignes
    ]
    avant, apres = (_totaux(t.totaux) for t in (comparaison.reference, comparaison.hypothese))
    return [*lignes, RangeeEcart("", "Total", avant, apres)]


def _montants(ligne: Any) -> dict[str, int] | None:
    if ligne is None:
        return None
    return {"montant": ligne.montant_centimes, "taux": ligne.taux, "amo": ligne.amo_centimes,
            "amc": ligne.amc_centimes, "patient": ligne.assure_centimes}


def _totaux(totaux: Any) -> dict[str, int]:
    return {"montant": totaux.facture_centimes, "amo": totaux.amo_centimes, "amc": totaux.amc_centimes,
            "patient": totaux.assure_centimes}


def colonnes_comparaison() -> list[Colonne]:
    """Of `RangeeEcart`: each amount twice, side by side; the rate once when it is the same."""
    paires = [
        colonne for cle, titre in (("montant", "Prix"), ("amo", "AMO"), ("amc", "AMC"), ("patient", "Patient"))
        for colonne in _paire(cle, titre)
    ]
    return [
        Colonne("acte", "Acte", lambda r: r.acte, "code", 6),
        Colonne("libelle", "Libellé", lambda r: r.libelle, largeur=24, bulle=lambda r: r.libelle),
        *paires,
        Colonne("ecart", "Écart patient €", lambda r: signe(r.difference("patient")), "montant", 9),
        Colonne("taux", "Taux", _taux, "nombre", 12, accessoire=True),
    ]


def _paire(cle: str, titre: str) -> tuple[Colonne, Colonne]:
    return (Colonne(cle, titre, _lire("avant", cle), "montant", 7),
            Colonne(f"{cle}_si", f"{titre} si", _lire("apres", cle), "montant", 7))


def _taux(rangee: RangeeEcart) -> str:
    lus = [m["taux"] for m in (rangee.avant, rangee.apres) if m is not None and "taux" in m]
    return " → ".join(formater_taux(taux) for taux in dict.fromkeys(lus))


def _lire(cote: str, cle: str) -> Callable[[RangeeEcart], str]:
    def texte(rangee: RangeeEcart) -> str:
        montants = getattr(rangee, cote)
        return _ABSENT if montants is None else formater(montants[cle])

    return texte


def signe(centimes: int) -> str:
    """``+1,50``, ``-1,50``, ``0,00``."""
    return f"+{formater(centimes)}" if centimes > 0 else formater(centimes)


def phrases(ecart: EcartLigne) -> list[tuple[str, tuple[Regle, ...]]]:
    """What a line loses and gains, in words."""
    if ecart.avant is None:
        return [("Ligne que l'hypothèse ajoute, par", ecart.ajoutees)]
    if ecart.apres is None:
        return [("Ligne que l'hypothèse retire ; elle venait de", ecart.retirees)]
    groupes = [("Ne s'applique plus", ecart.retirees), ("S'applique", ecart.ajoutees)]
    return [(titre, regles) for titre, regles in groupes if regles]
