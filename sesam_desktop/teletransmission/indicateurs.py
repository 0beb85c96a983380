"""Figures of a period of care: how invoices are secured, how fast they leave and are paid, what is rejected and why.

An invoice given up before it left counts for nothing. What replaces a rejected invoice is counted with it: both were
sent. Percentages are hundredths of a percent, delays whole days, ninth decile by nearest rank, median the lower one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median_low

from sesam_desktop.base.connexion import Base
from sesam_desktop.flux.causes import Cause, explication
from sesam_desktop.noyau.montants import Taux, arrondir

from .depot_indicateurs import DocumentLu, ReglementLu, Releve, relever

FSE = "FSE"
SECURISEE, SANS_VITALE, DEGRADEE, NON_SECURISEE = NIVEAUX = ("S", "V", "D", "N")
TOUS = ""
_REFAITE = "recyclee"
_REJETE = "R"


@dataclass(frozen=True, slots=True)
class Part:
    """So many among so many."""

    nombre: int
    total: int

    @property
    def taux(self) -> Taux | None:
        """Hundredths of a percent, half up; None of nothing."""
        return arrondir(self.nombre * 10_000, self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class Delai:
    """Days, for one fund or for all (`fonds` empty)."""

    fonds: str
    nombre: int
    mediane: int
    neuf_sur_dix: int


@dataclass(frozen=True, slots=True)
class CauseRejet:
    """Rejected documents whose first motive is this one. `libelle`: words of the fund, `cause` what they mean."""

    cause: Cause
    code: str
    libelle: str
    nombre: int
    montant_centimes: int


@dataclass(frozen=True, slots=True)
class Mois:
    """Documents of one month of care (``AAAA-MM``); `reste`: what is still due; `rejets`: over what was answered."""

    mois: str
    par_niveau: Mapping[str, int]
    demande_centimes: int
    paye_centimes: int
    reste_centimes: int
    rejets: Part

    def du_niveau(self, niveau: str) -> Part:
        """Invoices of this level."""
        return Part(self.par_niveau.get(niveau, 0), sum(self.par_niveau.values()))


@dataclass(frozen=True, slots=True)
class Pieces:
    """SCOR: invoices that want a piece and have one, then pieces by what became of them; dpi 0 when there is none."""

    jointes: Part
    en_attente: int
    emises: int
    acceptees: int
    refusees: int
    dpi_minimum: int
    dpi_median: int


@dataclass(frozen=True, slots=True)
class Indicateurs:
    """`par_niveau` is over the invoices; `rejets` and `lots_refuses` over what was answered."""

    debut: date
    fin: date
    par_niveau: Mapping[str, Part]
    envoi: tuple[Delai, ...]
    paiement: tuple[Delai, ...]
    rejets: Part
    rejete_centimes: int
    causes: tuple[CauseRejet, ...]
    mois: tuple[Mois, ...]
    lots_refuses: Part
    codes_arl: tuple[tuple[str, int], ...]
    pieces: Pieces


def indicateurs(base: Base, debut: date, fin: date) -> Indicateurs:
    """Figures of the documents cared for from `debut` to `fin`, both included."""
    return calculer(relever(base, debut, fin), debut, fin)


def calculer(releve: Releve, debut: date, fin: date) -> Indicateurs:
    """The same from rows."""
    rejets = _rejets(releve.reglements)
    repondus = {r.document for r in releve.reglements if r.etat}
    return Indicateurs(
        debut=debut,
        fin=fin,
        par_niveau=_par_niveau(releve.documents),
        envoi=_delais(releve.documents, _jours_d_envoi(releve)),
        paiement=_delais(releve.documents, _jours_de_paiement(releve)),
        rejets=Part(len(rejets), len(repondus)),
        rejete_centimes=sum(montant for _, montant in rejets.values()),
        causes=_causes(rejets.values()),
        mois=_mois(releve, rejets.keys(), repondus),
        lots_refuses=_lots_refuses(releve),
        codes_arl=tuple(Counter(code for lot in releve.lots for code in lot.codes).most_common()),
        pieces=_pieces(releve),
    )


def _par_niveau(documents: Sequence[DocumentLu]) -> dict[str, Part]:
    comptes = Counter(d.niveau for d in documents if d.genre == FSE)
    return {niveau: Part(comptes[niveau], comptes.total()) for niveau in NIVEAUX}


def _jour(instant: str) -> date:
    return datetime.fromisoformat(instant).date()


def _jours_d_envoi(releve: Releve) -> dict[str, int]:
    """Days from care to the first sending."""
    soins = {d.numero: date.fromisoformat(d.date_soins) for d in releve.documents}
    return {numero: (_jour(instant) - soins[numero]).days for numero, instant in releve.envois.items()}


def _jours_de_paiement(releve: Releve) -> dict[str, int]:
    """Days from the first sending to the first payment."""
    premiers: dict[str, str] = {}
    for r in releve.reglements:
        if r.paye_centimes > 0 and r.date and r.document in releve.envois:
            premiers[r.document] = min(r.date, premiers.get(r.document, r.date))
    return {n: (date.fromisoformat(jour) - _jour(releve.envois[n])).days for n, jour in premiers.items()}


def _delais(documents: Sequence[DocumentLu], jours: Mapping[str, int]) -> tuple[Delai, ...]:
    """All funds first, then each one, the most frequent first."""
    par_fonds: dict[str, list[int]] = defaultdict(list)
    for d in documents:
        if d.numero in jours:
            par_fonds[TOUS].append(jours[d.numero])
            par_fonds[d.destinataire].append(jours[d.numero])
    delais = [
        Delai(fonds, len(lus), median_low(lus), sorted(lus)[-(-9 * len(lus) // 10) - 1])
        for fonds, lus in par_fonds.items()
    ]
    return tuple(sorted(delais, key=lambda d: (d.fonds != TOUS, -d.nombre, d.fonds)))


_Rejet = tuple[tuple[str, str], int]


def _rejets(reglements: Sequence[ReglementLu]) -> dict[str, _Rejet]:
    """First motive and amount of each rejected document: each of its parts counts once, by its first rejection."""
    rejets: dict[str, _Rejet] = {}
    vues: set[tuple[str, str]] = set()
    for r in reglements:
        if r.etat == _REJETE and (r.document, r.part) not in vues:
            vues.add((r.document, r.part))
            motif, montant = rejets.get(r.document, (r.motifs[0] if r.motifs else ("", ""), 0))
            rejets[r.document] = motif, montant + r.demande_centimes
    return rejets


def _causes(rejets: Iterable[_Rejet]) -> tuple[CauseRejet, ...]:
    """The most costly first."""
    par_motif: dict[tuple[str, str], list[int]] = defaultdict(list)
    for motif, montant in rejets:
        par_motif[motif].append(montant)
    causes = []
    for (code, libelle), montants in par_motif.items():
        causes.append(CauseRejet(explication(code, libelle), code, libelle, len(montants), sum(montants)))
    return tuple(sorted(causes, key=lambda c: (-c.montant_centimes, -c.nombre, c.code, c.libelle)))


def _mois(releve: Releve, rejetes: Set[str], repondus: Set[str]) -> tuple[Mois, ...]:
    payes: Counter[str] = Counter()
    for r in releve.reglements:
        payes[r.document] += r.paye_centimes
    par_mois: dict[str, list[DocumentLu]] = defaultdict(list)
    for d in releve.documents:
        par_mois[d.date_soins[:7]].append(d)
    mois = []
    for nom, lus in sorted(par_mois.items()):
        numeros = {d.numero for d in lus}
        mois.append(_un_mois(nom, lus, payes, Part(len(numeros & rejetes), len(numeros & repondus))))
    return tuple(mois)


def _un_mois(mois: str, documents: Sequence[DocumentLu], payes: Mapping[str, int], rejets: Part) -> Mois:
    """An invoice made again asks for nothing any more: the one that replaces it does."""
    vivants = [d for d in documents if d.etat != _REFAITE]
    return Mois(
        mois=mois,
        par_niveau=Counter(d.niveau for d in documents if d.genre == FSE),
        demande_centimes=sum(d.demande_centimes for d in vivants),
        paye_centimes=sum(payes.get(d.numero, 0) for d in documents),
        reste_centimes=sum(max(0, d.demande_centimes - payes.get(d.numero, 0)) for d in vivants),
        rejets=rejets,
    )


def _lots_refuses(releve: Releve) -> Part:
    etats = Counter(lot.etat for lot in releve.lots)
    return Part(etats["refuse"], etats["refuse"] + etats["acquitte"])


def _pieces(releve: Releve) -> Pieces:
    etats, dpi = Counter(piece.etat for piece in releve.pieces), [piece.dpi for piece in releve.pieces]
    return Pieces(
        jointes=Part(releve.pieces_jointes, releve.pieces_attendues),
        en_attente=etats["prete"],
        emises=etats["emise"],
        acceptees=etats["acquittee"],
        refusees=etats["rejetee"],
        dpi_minimum=min(dpi, default=0),
        dpi_median=median_low(dpi) if dpi else 0,
    )
