"""A NOEMIE return of 100,000 invoices matched, and whether the time grows as the number of invoices.

The base is prepared by plain inserts of the rows that signing, batching and sending leave; only the matching is timed:
reading of the file, look-ups, rows, events, commit.
"""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from sesam_desktop.base import evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Courrier, Document, Lot, LotDocument, Reglement, Virement
from sesam_desktop.factures.depot import Factures, _ligne
from sesam_desktop.factures.document import en_octets
from sesam_desktop.factures.facture import FactureSecurisee
from sesam_desktop.flux import noemie
from sesam_desktop.flux.enregistrement import Enregistrement, assembler
from sesam_desktop.flux.entites import Entete, encadrer
from sesam_desktop.teletransmission.rapprochement import Rapprochement
from tests.teletransmission.fabrique import INSTANT, securisee

PAR_LOT = 100
DEBUT = date(2026, 1, 5)
MODELE = "000000000"
DUREE_MAXIMALE_S = 30
CROISSANCE_MAXIMALE = 6.0  # for four times as many: a straight line gives 4, a search in all the others 16


def _lots(nombre: int) -> Iterator[tuple[str, date, list[str]]]:
    """Number, date and invoices of each lot: nine hundred a day at most, so that numbers do not come twice."""
    for rang in range(nombre // PAR_LOT):
        factures = [f"{rang * PAR_LOT + i + 1:09d}" for i in range(PAR_LOT)]
        yield f"{rang % 900 + 1:03d}", DEBUT + timedelta(rang // 900), factures


def _de_taille_reelle(fs: FactureSecurisee) -> FactureSecurisee:
    """RSA signatures of 2048 bits and certificates of cards: the row of an invoice weighs what it does at work."""
    signatures = tuple(replace(s, valeur=b"\1" * 256, certificat=b"\2" * 1100) for s in fs.signatures)
    return replace(fs, signatures=signatures)


def _preparer(base: Base, nombre: int) -> None:
    modele = _de_taille_reelle(securisee(MODELE))
    octets = en_octets(modele)
    defauts = {c.column_name: c.default for c in Document._meta.sorted_fields if c.default is not None}
    ligne = defauts | _ligne(modele, "", INSTANT) | {"etat": "transmise"}
    colonnes = ", ".join(ligne)
    documents = f"INSERT INTO document ({colonnes}) VALUES ({', '.join('?' * len(ligne))})"
    connexion = base.connexion()
    with base.transaction():
        for numero, jour, factures in _lots(nombre):
            contenus = {n: octets.replace(MODELE.encode(), n.encode()) for n in factures}
            empreintes = {n: hashlib.sha256(contenu).hexdigest() for n, contenu in contenus.items()}
            connexion.executemany(documents, [
                tuple((ligne | {"numero": n, "empreinte": empreintes[n]}).values()) for n in factures
            ])
            connexion.executemany("INSERT INTO contenu_document VALUES (?, ?)", list(contenus.items()))
            lot = Lot.create(
                genre="FSE", regime="01", organisme="721", centre_informatique="721", numero=numero,
                date_constitution=jour.isoformat(), identification="ABC001", etat="transmis", nombre=PAR_LOT,
                total_centimes=0, amo_centimes=0,
            )
            liens = [(lot.id, n, rang) for rang, n in enumerate(factures, 1)]
            connexion.executemany("INSERT INTO lot_document (lot_id, document_id, rang) VALUES (?, ?, ?)", liens)
            etats = ("composee", "tarifee", "signee_vitale", "signee_ps", "en_lot", "transmise")
            evenements.ajouter_tous(
                [(n, e, {"document": empreintes[n]} if e == "composee" else {}) for n in factures for e in etats]
            )


def _retour(nombre: int) -> bytes:
    """One payment of everything: one invoice in fifty is rejected, one in seventy is paid one centime short.

    Without 080: the count of lots of the 999 has three digits, and each 102 names its own.
    """
    corps: list[Enregistrement] = [noemie.entite("071", date_comptable="260309", libelle_virement_1="VIREMENT CPAM")]
    for numero, jour, factures in _lots(nombre):
        date_lot = jour.strftime("%y%m%d")
        for facture in factures:
            rejetee, paye = int(facture) % 50 == 0, 1749 if int(facture) % 70 == 0 else 1750
            corps += [
                noemie.entite("102", numero_facture=facture, numero_lot=numero, date_lot=date_lot, type_facture="F"),
                noemie.entite("198", montant_demande=1750, etat="R" if rejetee else "P",
                              montant_paye=0 if rejetee else paye, signe="P"),
            ]  # fmt: skip
            if rejetee:
                corps.append(noemie.entite("294", code_rejet="0450", libelle="DROITS FERMES", part="O"))
    entete = Entete("0576", "00000001000721", "00000721001006", "RETOUR", date(2026, 3, 9))
    return assembler(encadrer("noemie", entete, corps))


def _mesurer(dossier: Path, nombre: int) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    dossier.mkdir(exist_ok=True)
    with Base(dossier / f"sesam-{nombre}.db") as base:
        _preparer(base, nombre)
        octets = _retour(nombre)
        courrier = Courrier.create(empreinte="0" * 64, octets=octets, recu_le="2026-03-09", etat="a_lire").id
        rapprochement = Rapprochement(base, Factures(base), lambda: datetime(2026, 3, 9, tzinfo=UTC))
        debut, debut_calcul = perf_counter(), os.times().user
        bilan = rapprochement.appliquer(courrier)
        duree, calcul = perf_counter() - debut, os.times().user - debut_calcul
        rejetees = nombre // 50
        courtes = nombre // 70 - nombre // 350  # paid short, those also rejected left out
        assert (bilan.payees, bilan.rejetees, bilan.anomalies) == (nombre - rejetees - courtes, rejetees, courtes)
        assert Virement.get().montant_centimes == 1750 * (nombre - rejetees) - courtes
        assert Reglement.select().count() == LotDocument.select().count() == nombre
        assert Document.select().where(Document.etat == "payee").count() == bilan.payees
        return duree, calcul


@pytest.mark.banc
@pytest.mark.timeout(600)
def test_cent_mille_factures(tmp_path: Path) -> None:
    """Linear: four times as many invoices take about four times as long. Time and growth are judged on the processor:
    another program that works meanwhile, or a slow disk, must not bend the line. The clock's time is shown."""
    duree_petite, petite = min(_mesurer(tmp_path / str(essai), 25_000) for essai in range(2))
    duree, grande = _mesurer(tmp_path / "grande", 100_000)
    rapport = grande / petite
    print(
        f"\nrapprochement de 100 000 factures : {duree:.1f} s, {DUREE_MAXIMALE_S} visées ({grande:.1f} s de calcul) ;"
        f" 25 000 : {duree_petite:.1f} s ({petite:.1f} s) ; rapport {rapport:.2f}"
    )
    assert grande < DUREE_MAXIMALE_S
    assert rapport < CROISSANCE_MAXIMALE


@pytest.mark.banc
@pytest.mark.timeout(600)
def test_memoire_bornee(tmp_path: Path) -> None:
    """Beside the file itself, twice as many invoices take about the same memory."""
    pics = []
    for nombre in (5_000, 10_000):
        with Base(tmp_path / f"sesam-{nombre}.db") as base:
            _preparer(base, nombre)
            octets = _retour(nombre)
            courrier = Courrier.create(empreinte="0" * 64, octets=octets, recu_le="2026-03-09", etat="a_lire").id
            tracemalloc.start()
            Rapprochement(base, Factures(base)).appliquer(courrier)
            pics.append((tracemalloc.get_traced_memory()[1] - 3 * len(octets)) / 1e6)
            tracemalloc.stop()
    print(f"\nmémoire au plus haut, fichier déduit : {pics[0]:.1f} Mo pour 5 000 factures, {pics[1]:.1f} pour 10 000")
    assert pics[1] < 1.3 * pics[0]
