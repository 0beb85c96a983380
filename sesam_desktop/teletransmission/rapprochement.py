"""Returns matched to what was sent: ARL to its lot, NOEMIE to each invoice; one courrier, one transaction.

The same return read twice changes nothing the second time. What answers nothing we know is kept and listed. What an
invoice's state no longer allows (a rejection after a payment, say) is kept as a note on it, for somebody to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.flux import b2
from sesam_desktop.flux.arl import Arl
from sesam_desktop.flux.entites import Entete
from sesam_desktop.flux.noemie import FactureRetour

from .bilan import Bilan
from .depot import SCOR, LotConnu
from .depot_retours import Courriers, LotsTransmis, Retours
from .issue import EVENEMENTS, Issue, attendus, issue
from .lecture import Lecture, decoder
from .suivi import ajouter_si_possible

PROFESSIONNEL = "TP"  # type of addressee that a health professional is, in the header of a return
_MESSAGE = re.compile(r"MESSAGE ([0-9]{19})")


class Rapprochement:
    """Applies courriers kept by the inbox."""

    def __init__(
        self, base: Base, factures: Factures, horloge: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._base = base
        self._factures = factures
        self._horloge = horloge
        self._courriers = Courriers(base)
        self._retours = Retours()
        self._lots = LotsTransmis()

    def appliquer(self, courrier: int) -> Bilan:
        """Read one courrier and record everything it says. Raises ErreurConnue, changing nothing, when unreadable."""
        lecture = decoder(self._courriers.octets(courrier))
        bilan = Bilan()
        with self._base.transaction():
            self._enregistrer(courrier, lecture, bilan)
            self._courriers.marquer_lu(courrier, lecture.genre)
        return bilan

    def _enregistrer(self, courrier: int, lecture: Lecture, bilan: Bilan) -> None:
        if lecture.arl is not None:
            self._arl(courrier, lecture.arl, bilan)
        if lecture.noemie is not None:
            bilan.noemie += 1
            for retour in lecture.noemie.factures:
                self._facture(courrier, lecture.noemie.entete, retour, bilan)

    def _arl(self, courrier: int, arl: Arl, bilan: Bilan) -> None:
        lot = self._lot_de(arl)
        genre = ("SCOR" if arl.genre == SCOR else "ARL") + ("+" if arl.positif else "-")
        motifs = [asdict(anomalie) for anomalie in arl.anomalies]
        lu = {"identification": arl.identification, "lot": arl.lot, "date": _iso(arl.date_lot), "motifs": motifs}
        if not self._retours.garder(courrier, genre, lot.id if lot else None, self._instant(), lu):
            return
        if lot is None:
            bilan.non_rapproches += 1
        elif self._lots.acquitter(lot, arl.positif):
            bilan.arl_positifs += arl.positif
            bilan.arl_negatifs += not arl.positif
            nom = Etat.ACQUITTEE if arl.positif else Etat.REFUSEE
            donnees = {"lot": lot.numero, "date": lot.date, "motifs": motifs}
            for numero in lot.documents:  # one already paid or rejected has gone past its ARL
                ajouter_si_possible(self._factures, numero, nom, donnees)

    def _lot_de(self, arl: Arl) -> LotConnu | None:
        """By its references; by the mail named in the comment when the lot could not be read (project's ARL)."""
        jour = _iso(arl.date_lot)
        if arl.genre == SCOR:
            lot = self._lots.de_pieces(arl.emetteur[6:8], arl.emetteur[11:14], arl.lot, jour)
        else:
            lot = self._lots.par_fichier(arl.identification, arl.lot, jour)
        nomme = _MESSAGE.match(arl.commentaire)
        return lot or (self._lots.par_message(nomme.group(1)) if nomme else None)

    def _facture(self, courrier: int, entete: Entete, retour: FactureRetour, bilan: Bilan) -> None:
        lot = self._lots.par_facture(retour.numero, retour.lot, _iso(retour.date_lot))
        if lot is not None and not self._pour_nous(entete, retour.numero):
            lot = None
        lu = {"facture": retour.numero, **_reponse(retour)}
        if not self._retours.garder(courrier, "NOEMIE", lot, self._instant(), lu):
            return
        if lot is None:
            bilan.non_rapproches += 1
            return
        amo, amc = attendus(self._factures.charger(retour.numero).facture)
        vecus = self._factures.historique(retour.numero)
        complet = _completer(retour, [e.donnees for e in vecus if e.nom in EVENEMENTS])
        sort = issue(complet, amo, amc)
        attendu = {"attendu_amo_centimes": amo, "attendu_amc_centimes": amc}
        if self._noter(retour.numero, sort, _reponse(complet) | attendu):
            bilan.payees += sort is Issue.PAYEE
            bilan.rejetees += sort is Issue.REJETEE
            bilan.anomalies += sort in (Issue.ANOMALIE, Issue.PARTIELLE)

    def _pour_nous(self, entete: Entete, numero: str) -> bool:
        """False when the return names another professional: everybody's first invoice has the same number."""
        if entete.type_destinataire != PROFESSIONNEL or not entete.destinataire.strip("0 "):
            return True
        executant = self._factures.charger(numero).facture.demande.executant
        return entete.destinataire.endswith(b2.numero_partenaire(executant.numero_facturation + executant.cle))

    def _noter(self, numero: str, sort: Issue, donnees: dict[str, Any]) -> bool:
        """True when the invoice moved. What its state does not allow becomes a note."""
        deplacee = sort in EVENEMENTS and ajouter_si_possible(self._factures, numero, sort, donnees)
        if not deplacee or (sort is Issue.PAYEE and donnees["motifs"]):
            self._factures.ajouter_evenement(numero, "signalement", {**donnees, "issue": sort.value})
        return deplacee

    def _instant(self) -> str:
        return ecrire_instant(self._horloge())


def _completer(retour: FactureRetour, precedents: Sequence[Mapping[str, Any]]) -> FactureRetour:
    """The two parts may be paid by two returns: what this one leaves out is as the last one said."""
    for precedent in reversed(precedents):
        if not retour.etat_amo and precedent["etat_amo"]:
            retour = replace(retour, etat_amo=precedent["etat_amo"], paye_amo=precedent["paye_amo_centimes"])
        if not retour.etat_amc and precedent["etat_amc"]:
            retour = replace(retour, etat_amc=precedent["etat_amc"], paye_amc=precedent["paye_amc_centimes"])
    return retour


def _reponse(retour: FactureRetour) -> dict[str, Any]:
    """What the fund answered, as kept in the history."""
    return {
        "lot": retour.lot,
        "date": _iso(retour.date_lot),
        "etat_amo": retour.etat_amo,
        "paye_amo_centimes": retour.paye_amo,
        "etat_amc": retour.etat_amc,
        "paye_amc_centimes": retour.paye_amc,
        "paiement": _iso(retour.date_paiement),
        "motifs": [
            {"code": m.code, "libelle": m.libelle, "ligne": m.ligne} for m in (*retour.rejets, *retour.signalements)
        ],
    }


def _iso(jour: date | None) -> str:
    return jour.isoformat() if jour else ""
