"""Rows of the bank: lines of statements, and what they were put together with."""

# ruff: noqa: S608 - every piece of SQL put together here is a constant of ours, values are bound

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sesam_desktop.base.connexion import Base
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .pointage import Annonce, Credit, Groupe

A_RAPPROCHER, RAPPROCHEE, CLASSEE = "a_rapprocher", "rapprochee", "classee"
# A group is whole: each of its lines is tied to each of its payments.
_LIGNES_DE = "SELECT ligne_id FROM pointage WHERE virement_id = virement.id"
ETATS = (
    f"UPDATE virement SET etat = CASE WHEN NOT EXISTS ({_LIGNES_DE})"
    " THEN CASE WHEN montant_centimes > 0 THEN 'attendu' ELSE 'sans_versement' END"
    f" WHEN (SELECT sum(montant_centimes) FROM ligne_bancaire WHERE id IN ({_LIGNES_DE}))"
    " = (SELECT sum(v.montant_centimes) FROM virement v WHERE v.id IN"
    f" (SELECT virement_id FROM pointage WHERE ligne_id IN ({_LIGNES_DE}))) THEN 'recu' ELSE 'ecart' END"
)
# A courrier that was dismissed asks nothing any more; what it paid of our invoices stays ours.
COMPTES = (
    "(c.etat <> 'classe' OR EXISTS (SELECT 1 FROM reglement r WHERE r.virement_id = v.id AND r.document <> ''))"
)
RECU = "date(c.recu_le, 'localtime')"  # the workstation's day a courrier came, for a payment without date
_LIGNES = (
    "SELECT l.id, l.date, l.libelle, l.montant_centimes, l.etat,"
    " (SELECT coalesce(group_concat(virement_id), '') FROM pointage WHERE ligne_id = l.id),"
    " (SELECT sum(v.montant_centimes) FROM virement v JOIN pointage p ON p.virement_id = v.id WHERE p.ligne_id = l.id),"
    " (SELECT sum(autre.montant_centimes) FROM ligne_bancaire autre WHERE autre.id IN (SELECT p2.ligne_id FROM pointage"
    "  p JOIN pointage p2 ON p2.virement_id = p.virement_id WHERE p.ligne_id = l.id)) FROM ligne_bancaire l"
)


@dataclass(frozen=True, slots=True)
class LigneVue:
    """One bank line. `ecart_centimes`: what its group received beyond what was announced, 0 when it is exact."""

    id: int
    date: date
    libelle: str
    montant_centimes: int
    etat: str
    virements: tuple[int, ...]
    ecart_centimes: int


class DepotBanque:
    """Every change is one transaction, or joins the caller's."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def ajouter(self, lignes: Iterable[tuple[str, date, str, int]], instant: str) -> int:
        """Fingerprint, date, label and amount of each; how many were new."""
        sql = (
            "INSERT INTO ligne_bancaire (empreinte, date, libelle, montant_centimes, etat, importee_le)"
            f" VALUES (?, ?, ?, ?, '{A_RAPPROCHER}', ?) ON CONFLICT (empreinte) DO NOTHING"
        )
        valeurs = [(e, jour.isoformat(), libelle, montant, instant) for e, jour, libelle, montant in lignes]
        with self._base.transaction():
            return self._base.connexion().executemany(sql, valeurs).rowcount if valeurs else 0

    def lignes(self, etat: str = "") -> list[LigneVue]:
        """Newest first; `etat` keeps those that stand there."""
        condition, valeurs = (" WHERE l.etat = ?", (etat,)) if etat else ("", ())
        return [_ligne(li) for li in self._lire(f"{_LIGNES}{condition} ORDER BY l.date DESC, l.id DESC", *valeurs)]

    def credits(self) -> list[Credit]:
        """Lines nothing explains yet."""
        sql = "SELECT id, date, libelle, montant_centimes FROM ligne_bancaire WHERE etat = ?"
        return [Credit(i, date.fromisoformat(jour), libelle, montant)
                for i, jour, libelle, montant in self._lire(sql, A_RAPPROCHER)]  # fmt: skip

    def annonces(self) -> list[Annonce]:
        """Payments no line shows yet."""
        sql = (
            f"SELECT v.id, coalesce(nullif(v.date, ''), {RECU}), v.libelle, v.organisme,"
            " v.montant_centimes FROM virement v JOIN courrier c ON c.id = v.courrier_id"
            f" WHERE v.etat = 'attendu' AND {COMPTES}"
        )
        return [Annonce(i, date.fromisoformat(jour), *reste) for i, jour, *reste in self._lire(sql)]

    def lier(self, groupe: Groupe) -> None:
        """Put lines and payments together. Raises POINTAGE_EXISTANT, POINTAGE_INCONNU, changing nothing."""
        with self._base.transaction():
            self._exiger_libres(groupe)
            liens = [(ligne, virement) for ligne in groupe.lignes for virement in groupe.virements]
            self._base.connexion().executemany("INSERT INTO pointage (ligne_id, virement_id) VALUES (?, ?)", liens)
            self._passer(groupe.lignes, RAPPROCHEE)
            self._actualiser(groupe.virements)

    def delier(self, ligne: int) -> None:
        """Undo the whole group of a line. Raises POINTAGE_INCONNU when it has none."""
        with self._base.transaction():
            virements = [v for (v,) in self._lire("SELECT virement_id FROM pointage WHERE ligne_id = ?", ligne)]
            if not virements:
                raise EntreeInvalide("Cette ligne n'est rapprochée d'aucun virement.", code="POINTAGE_INCONNU")
            du_groupe = "SELECT DISTINCT ligne_id FROM pointage WHERE virement_id = ?"
            lignes = [li for (li,) in self._lire(du_groupe, virements[0])]
            self._pour_chacun("DELETE FROM pointage WHERE ligne_id = ?", lignes)
            self._passer(lignes, A_RAPPROCHER)
            self._actualiser(virements)

    def classer(self, ligne: int) -> None:
        """Money of somebody else: the line waits for nobody. Raises POINTAGE_INCONNU, POINTAGE_EXISTANT."""
        with self._base.transaction():
            self._exiger_libres(Groupe((ligne,), ()))
            self._passer([ligne], CLASSEE)

    def _exiger_libres(self, groupe: Groupe) -> None:
        for table, colonne, identifiants in (
            ("ligne_bancaire", "ligne_id", groupe.lignes), ("virement", "virement_id", groupe.virements),
        ):
            for identifiant in identifiants:
                if not self._lire(f"SELECT 1 FROM {table} WHERE id = ?", identifiant):
                    raise EntreeInvalide("Cette ligne ou ce virement n'existe pas.", code="POINTAGE_INCONNU")
                if self._lire(f"SELECT 1 FROM pointage WHERE {colonne} = ?", identifiant):
                    raise EntreeInvalide(
                        "Cette ligne ou ce virement est déjà rapproché.", code="POINTAGE_EXISTANT",
                        action="Annulez d'abord ce rapprochement.",
                    )

    def _passer(self, lignes: Sequence[int], etat: str) -> None:
        sql = "UPDATE ligne_bancaire SET etat = ? WHERE id = ?"
        self._base.connexion().executemany(sql, [(etat, ligne) for ligne in lignes])

    def _actualiser(self, virements: Sequence[int]) -> None:
        self._pour_chacun(f"{ETATS} WHERE id = ?", virements)

    def _pour_chacun(self, sql: str, identifiants: Iterable[int]) -> None:
        self._base.connexion().executemany(sql, [(identifiant,) for identifiant in identifiants])

    def _lire(self, sql: str, *valeurs: Any) -> list[tuple[Any, ...]]:
        return self._base.connexion().execute(sql, valeurs).fetchall()


def _ligne(ligne: tuple[Any, ...]) -> LigneVue:
    identifiant, jour, libelle, montant, etat, virements, annonce, recu = ligne
    liees = tuple(sorted(int(v) for v in virements.split(",") if v))
    return LigneVue(identifiant, date.fromisoformat(jour), libelle, montant, etat, liees, (recu or 0) - (annonce or 0))
