"""One reading of a return as it is kept: what identifies it, its JSON, and the money it moves. Pure.

The same reading brought by another file is the same one: its fingerprint does not depend on the file. A file that says
the same thing twice means it twice, hence the rank among equals.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sesam_desktop.flux.noemie import FactureRetour, Forfait, Retenue

AMO, AMC = "AMO", "AMC"
VIREMENTS_DISTINCTS = "V"  # 102, treatment of the AMC part: paid apart from the AMO part
INDU, RETENUE, FORFAIT, RAPPEL = "indu", "retenue", "forfait", "rappel"
_RAPPEL = "04"             # 081, type of return
_NATURE_INDU = "IND"       # 250, nature of the debt


@dataclass(slots=True)
class Lu:
    """One invoice of a return, and where it was placed: `document` and `lot` stay empty until it is matched."""

    retour: FactureRetour
    identite: dict[str, Any]
    empreinte: str
    document: str = ""
    lot: int | None = None

    @property
    def lot_nomme(self) -> tuple[str, str]:
        """Number and ISO date of the lot, as the return names it."""
        return self.identite["lot"], self.identite["date"]

    @property
    def nirs(self) -> set[str]:
        """Numbers of the insured and of the patient, as far as the return gives them."""
        return {nir for nir in (self.retour.assure.nir, self.retour.beneficiaire.nir) if nir.strip("0 ")}

    def donnees(self) -> str:
        """JSON kept for people: the identity, and what helps to understand it."""
        retour = self.retour
        autres = {"type": retour.type, "type_retour": retour.type_retour, "traitement_amc": retour.traitement_amc}
        return _json(self.identite | {nom: valeur for nom, valeur in autres.items() if valeur})

    def parts(self) -> Iterator[tuple[str, str, int, int]]:
        """Part, state, amount asked and amount paid, of the parts it speaks of."""
        r = self.retour
        if r.etat_amo or r.demande_amo or r.paye_amo:
            yield AMO, r.etat_amo, r.demande_amo, r.paye_amo
        if r.etat_amc or r.demande_amc or r.paye_amc:
            yield AMC, r.etat_amc, r.demande_amc, r.paye_amc

    def virement(self, part: str) -> tuple[int, str]:
        """Rank of the accounting day that pays `part`, and the AMC when it pays by a transfer of its own."""
        a_part = part == AMC and self.retour.traitement_amc == VIREMENTS_DISTINCTS
        return rang(self.retour.virement), self.retour.numero_amc if a_part else ""


@dataclass(frozen=True, slots=True)
class MouvementLu:
    """Money that is no invoice's own amount."""

    genre: str
    reference: str
    nature: str
    libelle: str
    montant_centimes: int
    solde_centimes: int
    date: str
    document: str
    rang: int

    @property
    def identite(self) -> list[Any]:
        return [self.genre, self.reference, self.nature, self.montant_centimes, self.solde_centimes, self.date,
                self.document]


def rang(virement: int | None) -> int:
    """Of an accounting day; -1 for what stands before the first one."""
    return -1 if virement is None else virement


def lu_retenue(retenue: Retenue) -> MouvementLu:
    """A debt of the professional, held back; positive when it is given back."""
    genre = INDU if retenue.nature == _NATURE_INDU else RETENUE
    nature = " ".join(filter(None, (retenue.nature, retenue.recuperation)))
    return MouvementLu(
        genre, retenue.reference, nature, "", retenue.montant_centimes, retenue.solde_centimes, iso(retenue.date),
        retenue.facture, rang(retenue.virement),
    )


def lu_forfait(forfait: Forfait) -> MouvementLu:
    """A lump payment, or one that settles an old account."""
    genre = RAPPEL if forfait.type_retour == _RAPPEL else FORFAIT
    debuts = [detail.debut for detail in forfait.details if detail.debut]
    jour = iso(min(debuts)) if debuts else ""
    return MouvementLu(
        genre, forfait.code, "", forfait.libelle, forfait.montant_centimes, 0, jour, "", rang(forfait.virement)
    )


class Empreintes:
    """Fingerprints of the readings of one file."""

    def __init__(self) -> None:
        self._vues: Counter[bytes] = Counter()

    def facture(self, retour: FactureRetour) -> Lu:
        """The reading of one invoice."""
        identite = reponse(retour)
        return Lu(retour, identite, self.de(_json(identite)))

    def mouvement(self, lu: MouvementLu, paiement: str, emetteur: str) -> str:
        """Fingerprint of one movement, paid that day by that fund."""
        return self.de(_json([*lu.identite, paiement, emetteur]))

    def de(self, texte: str) -> str:
        """SHA-256 of a text, with its rank when the file has already said it."""
        condensat = hashlib.sha256(texte.encode())
        cle = condensat.digest()[:16]
        self._vues[cle] += 1
        if (deja := self._vues[cle]) > 1:
            condensat.update(f"#{deja}".encode())
        return condensat.hexdigest()


def reponse(retour: FactureRetour) -> dict[str, Any]:
    """What the fund answered. These keys identify a reading for ever: others go in `Lu.donnees`."""
    return {
        "facture": retour.numero,
        "lot": retour.lot,
        "date": iso(retour.date_lot),
        "etat_amo": retour.etat_amo,
        "paye_amo_centimes": retour.paye_amo,
        "etat_amc": retour.etat_amc,
        "paye_amc_centimes": retour.paye_amc,
        "paiement": iso(retour.date_paiement),
        "motifs": [
            {"code": m.code, "libelle": m.libelle, "ligne": m.ligne} for m in (*retour.rejets, *retour.signalements)
        ],
    }


def iso(jour: date | None) -> str:
    return jour.isoformat() if jour else ""


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
