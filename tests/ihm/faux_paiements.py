"""Accounts and figures in memory, for the window's tests: the services' own values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sesam_desktop.poste import indicateurs as figures
from sesam_desktop.teletransmission.banque import BilanReleve
from sesam_desktop.teletransmission.chiffres import Indicateurs
from sesam_desktop.teletransmission.comptes import Balance, Debiteur, Du, Relance
from sesam_desktop.teletransmission.depot_banque import LigneVue
from sesam_desktop.teletransmission.depot_comptes import DetailVirement, MouvementVu, ReglementVu, VirementVu
from sesam_desktop.teletransmission.depot_indicateurs import Releve
from sesam_desktop.teletransmission.indicateurs import calculer

CAISSE, MUTUELLE = Debiteur("AMO", "01721001"), Debiteur("AMC", "0099999997")
SOINS = date(2026, 9, 1)
VIREMENT = VirementVu(1, 1, date(2026, 11, 10), "VIREMENT 1", "00000001000721", 5556, "attendu", 2, 756, 4800, None)
LIGNE = LigneVue(7, date(2026, 11, 11), "VIR CPAM 72 LE MANS", 5556, "a_rapprocher", (), 0)
FORFAIT = MouvementVu("forfait", "00042", "", "Forfait informatique", 5000, 0, "2026-11-10", "", 1)
RETENUE = MouvementVu("retenue", "DETTE1", "INDRPR", "", -200, 1000, "2026-11-10", "000000125", 1)


def du(numero: str, jours: int, montant: int, debiteur: Debiteur = CAISSE) -> Du:
    return Du(numero, debiteur, debiteur.genre, SOINS, SOINS, jours, montant, 0, montant, None)


class Paiements:
    """Two debtors, one payment, one bank line."""

    def __init__(self, annoncer: Callable[..., None]) -> None:
        self._annoncer = annoncer
        self.creances: list[Du] = []
        self.annonces: list[VirementVu] = []
        self.banque: list[LigneVue] = []
        self.retenues: list[MouvementVu] = []
        self.faits: list[Any] = []

    def nom(self, debiteur: Debiteur) -> str:
        return "CPAM Sarthe" if debiteur == CAISSE else f"Complémentaire {debiteur.code}"

    def payeur(self, numero: str) -> str:
        return "CPAM Sarthe" if numero == VIREMENT.organisme else f"Organisme {numero}"

    def dus(self) -> list[Du]:
        return self.creances

    def balances(self) -> list[Balance]:
        par_debiteur: dict[Debiteur, list[Du]] = {}
        for creance in self.creances:
            par_debiteur.setdefault(creance.debiteur, []).append(creance)
        return [Balance(qui, len(dus), total, (0, total, 0, 0))
                for qui, dus in par_debiteur.items() for total in (sum(d.du_centimes for d in dus),)]

    def relances(self) -> list[Relance]:
        en_retard = [d for d in self.creances if d.jours > 30]
        return [Relance(CAISSE, tuple(en_retard))] if en_retard else []

    def virements(self, debut: date, fin: date) -> list[VirementVu]:
        return self.annonces

    def virement(self, identifiant: int) -> DetailVirement:
        reglement = ReglementVu("000000123", "AMO", "P", 756, 756, "2026-11-10", 1)
        return DetailVirement(VIREMENT, (reglement,), (FORFAIT, RETENUE))

    def mouvements(self, debut: date, fin: date) -> list[MouvementVu]:
        return self.retenues

    def lignes(self) -> list[LigneVue]:
        return self.banque

    def importer_releve(self, chemin: Path) -> BilanReleve:
        self.banque = [LIGNE]
        return BilanReleve(3, 1, 2, 0, 1)

    def lier(self, lignes: Sequence[int], virements: Sequence[int]) -> None:
        self.faits.append(("lier", list(lignes), list(virements)))
        self.annonces = [replace(VIREMENT, etat="recu", recu_centimes=5556)]
        self.banque = [replace(LIGNE, etat="rapprochee", virements=(1,))]

    def delier(self, ligne: int) -> None:
        self.faits.append(("delier", ligne))
        self.annonces, self.banque = [VIREMENT], [LIGNE]

    def classer_ligne(self, ligne: int) -> None:
        self.faits.append(("classer", ligne))

    def relancer(self, relance: Relance, dossier: Path) -> Path:
        self.faits.append(("relancer", relance.debiteur))
        return dossier / "relance.xlsx"

    def exporter(self, dossier: Path, debut: date, fin: date, *, xlsx: bool = True) -> list[Path]:
        self.faits.append(("exporter", xlsx))
        return [dossier / ("comptes.xlsx" if xlsx else "comptes.csv")]


class ServiceIndicateurs:
    """The real tables and charts, over three invoices: two secured, one rejected."""

    def __init__(self) -> None:
        self.releve = Releve((), {}, (), (), (), 0, 0)
        self.exportes: list[Path] = []

    def calculer(self, debut: date, fin: date) -> Indicateurs:
        return calculer(self.releve, debut, fin)

    def dessiner(self, lus: Indicateurs, style: Any) -> Any:
        return figures.dessiner(lus, style)

    def tableaux(self, lus: Indicateurs) -> list[Any]:
        return figures.tableaux(lus)

    def exporter(self, lus: Indicateurs, chemin: Path) -> Path:
        self.exportes.append(chemin)
        return chemin
