"""Rows of the accounts: what has left and is not settled, and the payments announced."""

# ruff: noqa: S608 - every piece of SQL put together here is a constant of ours, values are bound

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sesam_desktop.base.connexion import Base
from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import EntreeInvalide

from .depot import PAS_PARTIS
from .depot_banque import COMPTES, RECU
from .depot_rapprochement import AMC_ATTENDU, AMO_ATTENDU

NON_SOLDEES = "('transmise', 'acquittee', 'payee_partiellement', 'anomalie', 'papier')"
# A mail server took its mail, then gave it back: nobody owes what it never received.
_RENDU = f"d.etat = 'transmise' AND d.numero IN {PAS_PARTIS}"
# Banks and lots know calendar days of the workstation; a mail knows the instant it was taken.
_ENVOI = (
    "coalesce((SELECT max(e.instant) FROM evenement e WHERE e.document = d.numero AND e.nom = 'papier'),"
    " (SELECT max(coalesce(nullif(m.remis_le, ''), l.date_constitution)) FROM lot_document ld"
    " JOIN lot l ON l.id = ld.lot_id LEFT JOIN message m ON m.id = l.message_id WHERE ld.document_id = d.numero))"
)
_ENVOYEES = (
    f"SELECT d.numero, d.genre, d.destinataire, d.date_soins, {_ENVOI}, {AMO_ATTENDU}, {AMC_ATTENDU}"
    f" FROM document d WHERE d.etat IN {NON_SOLDEES} AND NOT ({_RENDU})"
)
_PARTS = (
    "SELECT r.document, r.part, sum(r.paye_centimes), group_concat(r.etat, '') FROM reglement r"
    f" JOIN document d ON d.numero = r.document WHERE d.etat IN {NON_SOLDEES} GROUP BY r.document, r.part"
)
_VIREMENTS = (
    f"SELECT v.id, v.courrier_id, coalesce(nullif(v.date, ''), {RECU}), v.libelle, v.organisme,"
    " v.montant_centimes, v.etat,"
    " (SELECT count(DISTINCT document) FROM reglement r WHERE r.virement_id = v.id),"
    " (SELECT coalesce(sum(paye_centimes), 0) FROM reglement r WHERE r.virement_id = v.id),"
    " (SELECT coalesce(sum(montant_centimes), 0) FROM mouvement m WHERE m.virement_id = v.id),"
    " (SELECT sum(l.montant_centimes) FROM ligne_bancaire l JOIN pointage p ON p.ligne_id = l.id"
    "  WHERE p.virement_id = v.id)"
    f" FROM virement v JOIN courrier c ON c.id = v.courrier_id WHERE {COMPTES}"
)

JOUR = f"coalesce(nullif(r.date, ''), {RECU})"  # of payment, of reception when none is given
_REGLE = "(SELECT coalesce(sum(paye_centimes), 0) FROM reglement r WHERE r.document = d.numero AND r.part = '{}')"
_FACTURES = (
    f"SELECT d.numero, d.genre, d.date_soins, d.destinataire, d.etat, d.total_centimes, {AMO_ATTENDU},"
    f" {AMC_ATTENDU}, d.assure_centimes + d.amo_centimes - {AMO_ATTENDU}, {_REGLE.format('AMO')},"
    f" {_REGLE.format('AMC')}, d.remplace"
    " FROM document d WHERE d.date_soins BETWEEN ? AND ? ORDER BY d.date_soins, d.numero"
)


@dataclass(frozen=True, slots=True)
class Envoyee:
    """A document that has left and is not settled. Amounts asked, in centimes."""

    numero: str
    genre: str
    destinataire: str
    date_soins: date
    envoyee_le: date
    amo_centimes: int
    amc_centimes: int


@dataclass(frozen=True, slots=True)
class VirementVu:
    """One payment announced. `montant_centimes` is `reglements_centimes` + `mouvements_centimes` (retentions are
    negative). `recu_centimes`: bank lines put with it, None when none is."""

    id: int
    courrier: int
    date: date
    libelle: str
    organisme: str
    montant_centimes: int
    etat: str
    factures: int
    reglements_centimes: int
    mouvements_centimes: int
    recu_centimes: int | None


@dataclass(frozen=True, slots=True)
class ReglementVu:
    """What one return paid, rejected or put off of one part. `facture` "" when nothing of ours was recognised; `date`
    of payment, of reception when the return gives none."""

    facture: str
    part: str
    etat: str
    demande_centimes: int
    paye_centimes: int
    date: str
    virement: int | None


@dataclass(frozen=True, slots=True)
class MouvementVu:
    """Money that is no invoice's own: `genre` retenue, indu, forfait or rappel."""

    genre: str
    reference: str
    nature: str
    libelle: str
    montant_centimes: int
    solde_centimes: int
    date: str
    facture: str
    virement: int | None


@dataclass(frozen=True, slots=True)
class FactureVue:
    """One document as the accountant sees it: what was asked and what was settled, in centimes."""

    numero: str
    genre: str
    date_soins: date
    destinataire: str
    etat: str
    total_centimes: int
    amo_centimes: int
    amc_centimes: int
    assure_centimes: int
    regle_amo_centimes: int
    regle_amc_centimes: int
    remplace: str


@dataclass(frozen=True, slots=True)
class DetailVirement:
    """What a payment is made of."""

    virement: VirementVu
    reglements: tuple[ReglementVu, ...]
    mouvements: tuple[MouvementVu, ...]


class DepotComptes:
    """Read-only."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def envoyees(self) -> Iterator[Envoyee]:
        """Documents of which something may be due."""
        for numero, genre, destinataire, soins, envoi, amo, amc in self._lire(_ENVOYEES):
            yield Envoyee(numero, genre, destinataire, date.fromisoformat(soins), jour_ecrit(envoi or soins), amo, amc)

    def rendus(self) -> list[str]:
        """Numbers of the documents that a mail server gave back: to send again."""
        return [numero for (numero,) in self._lire(f"SELECT d.numero FROM document d WHERE {_RENDU} ORDER BY 1")]

    def parts(self) -> dict[str, dict[str, tuple[int, set[str]]]]:
        """By document and part: what was paid in the end, and the states returns gave it."""
        parts: dict[str, dict[str, tuple[int, set[str]]]] = {}
        for document, part, net, etats in self._lire(_PARTS):
            parts.setdefault(document, {})[part] = (net, set(etats))
        return parts

    def relances(self) -> dict[str, date]:
        """Day of the last reminder, by document."""
        sql = "SELECT document, max(instant) FROM evenement WHERE nom = 'relance' GROUP BY document"
        return {document: jour_ecrit(instant) for document, instant in self._lire(sql)}

    def virements(self, debut: date | None = None, fin: date | None = None) -> list[VirementVu]:
        """Newest first; both bounds included."""
        vus = [_virement(ligne) for ligne in self._lire(f"{_VIREMENTS} ORDER BY 3 DESC, v.id DESC")]
        return [v for v in vus if (debut or date.min) <= v.date <= (fin or date.max)]

    def compter_ecarts(self) -> int:
        """Payments received for another amount."""
        return int(next(iter(self._lire("SELECT count(*) FROM virement WHERE etat = 'ecart'")))[0])

    def virement(self, identifiant: int) -> DetailVirement:
        """Raises VIREMENT_INCONNU."""
        vu = next((_virement(ligne) for ligne in self._lire(f"{_VIREMENTS} AND v.id = ?", identifiant)), None)
        if vu is None:
            raise EntreeInvalide(f"Le virement {identifiant} n'existe pas.", code="VIREMENT_INCONNU")
        reglements = tuple(self.reglements("r.virement_id = ?", identifiant))
        return DetailVirement(vu, reglements, tuple(self.mouvements("virement_id = ?", identifiant)))

    def factures(self, debut: date, fin: date) -> Iterator[FactureVue]:
        """Documents whose date of care is in the period, both bounds included."""
        for numero, genre, soins, *reste in self._lire(_FACTURES, debut.isoformat(), fin.isoformat()):
            yield FactureVue(numero, genre, date.fromisoformat(soins), *reste)

    def reglements(self, condition: str, *valeurs: Any) -> Iterator[ReglementVu]:
        """In the order they were read. `condition` is a constant of ours; `JOUR` in it is the day of each."""
        sql = (
            f"SELECT r.document, r.part, r.etat, r.demande_centimes, r.paye_centimes, {JOUR}, r.virement_id"
            f" FROM reglement r JOIN courrier c ON c.id = r.courrier_id WHERE {condition} ORDER BY r.id"
        )
        return (ReglementVu(*ligne) for ligne in self._lire(sql, *valeurs))

    def mouvements(self, condition: str = "1", *valeurs: Any) -> Iterator[MouvementVu]:
        """The same for what belongs to no invoice."""
        colonnes = (
            "genre, reference, nature, libelle, montant_centimes, solde_centimes, date, document, virement_id"
        )
        lignes = self._lire(f"SELECT {colonnes} FROM mouvement WHERE {condition} ORDER BY id", *valeurs)
        return (MouvementVu(*ligne) for ligne in lignes)

    def _lire(self, sql: str, *valeurs: Any) -> list[tuple[Any, ...]]:
        return self._base.connexion().execute(sql, valeurs).fetchall()


def jour_ecrit(texte: str) -> date:
    """The workstation's calendar day of an ISO date or instant."""
    return jour_de(datetime.fromisoformat(texte)) if "T" in texte else date.fromisoformat(texte)


def _virement(ligne: tuple[Any, ...]) -> VirementVu:
    identifiant, courrier, jour, *reste = ligne
    return VirementVu(identifiant, courrier, date.fromisoformat(jour), *reste)
