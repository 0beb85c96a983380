"""Rows of the invoice table: each line asked, then the fees and supplements that a rule adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sesam_desktop.factures.actes import trouver_acte
from sesam_desktop.factures.facture import Alerte, LigneSaisie, LigneTarifee, Tarification
from sesam_desktop.noyau import dates, montants
from sesam_desktop.referentiels import tables

from ..modeles.table import Colonne
from .alertes import bloque, de_la_ligne
from .entree_actes import ecrire_ccam
from .saisie import aujourd_hui

_ATTENTE, _SANS_PRIX = "…", "–"
_RETRAIT = "   "


@dataclass(frozen=True)
class Rangee:
    """A row: the line asked, its price once known, and whether a rule brought it."""

    saisie: int
    demande: LigneSaisie
    tarifee: LigneTarifee | None
    ajoutee: bool = False
    alertes: tuple[Alerte, ...] = ()
    attente: bool = False
    nom: str = ""        # as the last price called it

    @property
    def sans_prix(self) -> str:
        """What stands for an amount that is not known: asked, or refused."""
        return _ATTENTE if self.attente else _SANS_PRIX


def rangees(
    lignes: tuple[LigneSaisie, ...], tarification: Tarification | None, alertes: tuple[Alerte, ...] = (),
    *, attente: bool = False, noms: Mapping[tuple[str, ...], str] = MappingProxyType({}),
) -> list[Rangee]:
    """Rows in the order of the lines asked, each followed by what it brings. `attente`: prices are being asked.

    `noms`: by `identite`, what is known of the lines that have no price.
    """
    resultat: list[Rangee] = []
    for rang, demande in enumerate(lignes):
        tarifees = [t for t in tarification.lignes if t.saisie == rang] if tarification else []
        premiere = tarifees[0] if tarifees else None
        resultat.append(Rangee(
            rang, demande, premiere, alertes=de_la_ligne(alertes, rang), attente=attente,
            nom=noms.get(identite(demande), ""),
        ))
        resultat.extend(Rangee(rang, demande, t, ajoutee=True) for t in tarifees[1:])
    return resultat


def identite(ligne: LigneSaisie) -> tuple[str, ...]:
    """What a line is of, whatever its quantity and its options."""
    return ligne.acte, ligne.cip13, ligne.code


def _code(r: Rangee) -> str:
    if r.ajoutee and r.tarifee is not None:
        return r.tarifee.acte
    du_code = r.demande.acte == "CCAM" or r.demande.code.isdigit()     # a word there is a derogation
    return r.demande.cip13 or (r.demande.code if du_code else r.demande.acte)


def _remarque(r: Rangee) -> str:
    if not r.alertes:
        return ""
    return "bloqué" if bloque(r.alertes) else "à corriger"


def _remarques(r: Rangee) -> str:
    return "\n".join(a.message for a in r.alertes)


def _libelle(r: Rangee) -> str:
    if r.tarifee is None:
        return r.nom or ("Recherche du prix…" if r.demande.cip13 and r.attente else _nom_de_l_acte(r.demande))
    fois = f" ×{r.tarifee.quantite}" if r.ajoutee and r.tarifee.quantite > 1 else ""
    return f"{_RETRAIT}{r.tarifee.libelle}{fois}" if r.ajoutee else r.tarifee.libelle


def _nom_de_l_acte(ligne: LigneSaisie) -> str:
    acte = trouver_acte(tables, ligne, ligne.date or aujourd_hui())
    return acte["libelle"] if acte is not None else ligne.acte


def _quantite(r: Rangee) -> str:
    return "" if r.ajoutee else str(r.demande.quantite)


def _coefficient(r: Rangee) -> str:
    coefficient = r.tarifee.coefficient if r.tarifee else r.demande.coefficient
    return f"{coefficient.normalize():f}".replace(".", ",") if coefficient != 1 else ""


def _montant(champ: str):
    def texte(r: Rangee) -> str:
        return montants.formater(getattr(r.tarifee, champ)) if r.tarifee else r.sans_prix

    return texte


def _taux(r: Rangee) -> str:
    return montants.formater_taux(r.tarifee.taux) if r.tarifee else r.sans_prix


def _ald(r: Rangee) -> str:
    return "ALD" if r.demande.ald and not r.ajoutee else ""


def _complement(r: Rangee) -> str:
    mots = {"N": "nuit", "F": "dimanche, férié", "U": "urgence"}
    if r.demande.acte == "CCAM" and not r.ajoutee:
        return ecrire_ccam(r.demande).removeprefix(r.demande.code).strip()
    lettre = r.tarifee.complement if r.tarifee else r.demande.complement
    return mots.get(lettre, lettre)


def _jour(r: Rangee) -> str:
    return dates.formater(r.tarifee.date if r.tarifee else r.demande.date)


def colonnes_officine() -> list[Colonne]:
    """As the counter reads them."""
    return [
        Colonne("code", "Code", _code, "code", 13),
        Colonne("libelle", "Produit", _libelle, largeur=40, bulle=lambda r: _libelle(r).strip()),
        Colonne("ald", "ALD", _ald, largeur=3, accessoire=True),
        Colonne("quantite", "Qté", _quantite, "nombre", 3),
        *_argent(),
        _etat(),
    ]


def colonnes_actes() -> list[Colonne]:
    """As a nurse or a doctor reads them."""
    return [
        Colonne("code", "Acte", _code, "code", 8),
        Colonne("libelle", "Libellé", _libelle, largeur=34, bulle=lambda r: _libelle(r).strip()),
        Colonne("complement", "Précisions", _complement, largeur=10),
        Colonne("date", "Date", _jour, "date", 10, visible=False),
        Colonne("ald", "ALD", _ald, largeur=3, accessoire=True),
        Colonne("coefficient", "Coef.", _coefficient, "nombre", 4),
        Colonne("quantite", "Qté", _quantite, "nombre", 3),
        *_argent(),
        _etat(),
    ]


def _etat() -> Colonne:
    return Colonne("etat", "Remarque", _remarque, "etat", 8, bulle=_remarques, accessoire=True)


def _argent() -> list[Colonne]:
    return [
        Colonne("montant", "Prix €", _montant("montant_centimes"), "montant", 7, visible=False),
        Colonne("base", "Base €", _montant("base_centimes"), "montant", 7),
        Colonne("taux", "Taux", _taux, "nombre", 5, accessoire=True),
        Colonne("amo", "AMO €", _montant("amo_centimes"), "montant", 7),
        Colonne("amc", "AMC €", _montant("amc_centimes"), "montant", 7),
        Colonne("patient", "Patient €", _montant("assure_centimes"), "montant", 7),
    ]
