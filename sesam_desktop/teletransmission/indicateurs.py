"""Figures of a period of care: how invoices are secured, how fast they leave and are paid, what is rejected and why.

An invoice given up before it left counts for nothing. What replaces a rejected invoice is counted with it: both were
sent. Percentages are hundredths of a percent, delays calendar days of the workstation, ninth decile by nearest rank,
median the lower one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from statistics import median_low

from sesam_desktop.base.connexion import Base
from sesam_desktop.flux.causes import explication

from .chiffres import CauseRejet, Delai, Indicateurs, Mois, Part, Pieces
from .depot_comptes import jour_ecrit
from .depot_indicateurs import DocumentLu, Releve, relever
from .lu import AMC, AMO

FSE = "FSE"
NIVEAUX = ("S", "V", "D", "N")
TOUS = ""
_REFAITE = "recyclee"
_REJETE = "R"
_REPONSES = ("P", "R")  # put off or not treated is no answer yet


def indicateurs(base: Base, debut: date, fin: date) -> Indicateurs:
    """Figures of the documents cared for from `debut` to `fin`, both included."""
    return calculer(relever(base, debut, fin), debut, fin)


def calculer(releve: Releve, debut: date, fin: date) -> Indicateurs:
    """The same from rows."""
    rejets = _rejets(releve)
    repondus = {r.document for r in releve.reglements if r.etat in _REPONSES or r.paye_centimes}
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


def _jours_d_envoi(releve: Releve) -> dict[str, int]:
    """Days from care to the first sending."""
    envois = releve.envois
    partis = [d for d in releve.documents if d.numero in envois]
    return {d.numero: (jour_ecrit(envois[d.numero]) - date.fromisoformat(d.date_soins)).days for d in partis}


def _jours_de_paiement(releve: Releve) -> dict[str, int]:
    """Days from the first sending to the first payment."""
    premiers: dict[str, str] = {}
    for r in releve.reglements:
        if r.paye_centimes > 0 and r.date and r.document in releve.envois:
            premiers[r.document] = min(r.date, premiers.get(r.document, r.date))
    return {n: (date.fromisoformat(jour) - jour_ecrit(releve.envois[n])).days for n, jour in premiers.items()}


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


def _rejets(releve: Releve) -> dict[str, _Rejet]:
    """First motive and amount of each rejected document: each of its parts counts once, by its first rejection.

    The amount is what the professional misses: nothing of a part that was not due to him, paid by the patient.
    """
    rejets: dict[str, _Rejet] = {}
    vues: set[tuple[str, str]] = set()
    attendus = {(d.numero, part): montant for d in releve.documents for part, montant in _parts(d)}
    for r in releve.reglements:
        if r.etat == _REJETE and (r.document, r.part) not in vues:
            vues.add((r.document, r.part))
            motif, montant = rejets.get(r.document, (r.motifs[0] if r.motifs else ("", ""), 0))
            rejets[r.document] = motif, montant + (r.demande_centimes if attendus.get((r.document, r.part)) else 0)
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
    """From the first month of care to the last one, those without any care too: a chart is a scale of time."""
    payes: Counter[tuple[str, str]] = Counter()
    for r in releve.reglements:
        payes[r.document, r.part] += r.paye_centimes
    par_mois: dict[str, list[DocumentLu]] = defaultdict(list)
    for d in releve.documents:
        par_mois[d.date_soins[:7]].append(d)
    mois = []
    for nom in _du_premier_au_dernier(par_mois):
        numeros = {d.numero for d in par_mois[nom]}
        mois.append(_un_mois(nom, par_mois[nom], payes, Part(len(numeros & rejetes), len(numeros & repondus))))
    return tuple(mois)


def _du_premier_au_dernier(mois: Iterable[str]) -> list[str]:
    """``AAAA-MM``, without a hole."""
    rangs = [int(nom[:4]) * 12 + int(nom[5:]) - 1 for nom in mois]
    return [f"{rang // 12:04d}-{rang % 12 + 1:02d}" for rang in range(min(rangs), max(rangs) + 1)] if rangs else []


def _un_mois(
    mois: str, documents: Sequence[DocumentLu], payes: Mapping[tuple[str, str], int], rejets: Part
) -> Mois:
    """An invoice made again asks for nothing any more: the one that replaces it does."""
    attendus = {(d.numero, part): montant for d in documents if d.etat != _REFAITE for part, montant in _parts(d)}
    return Mois(
        mois=mois,
        par_niveau=Counter(d.niveau for d in documents if d.genre == FSE),
        demande_centimes=sum(attendus.values()),
        paye_centimes=sum(payes.get((d.numero, part), 0) for d in documents for part in (AMO, AMC)),
        reste_centimes=sum(max(0, montant - payes.get(cle, 0)) for cle, montant in attendus.items()),
        rejets=rejets,
    )


def _parts(document: DocumentLu) -> tuple[tuple[str, int], ...]:
    return (AMO, document.amo_centimes), (AMC, document.amc_centimes)


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
