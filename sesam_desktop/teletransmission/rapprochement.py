"""Returns matched to what was sent: ARL to its lot, NOEMIE to each invoice; one courrier, one transaction.

The same return read twice changes nothing the second time. What answers nothing we know is kept, listed, and may be
tried again, once a backup is restored for instance. What an invoice's state no longer allows is kept as a note on it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import cast

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.flux.arl import Arl
from sesam_desktop.flux.entites import Entete
from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

from .application import Application
from .bilan import Bilan
from .depot import SCOR, LotConnu
from .depot_rapprochement import DepotRapprochement
from .depot_retours import Courriers, LotsTransmis, Retours
from .lecture import Lecture, decoder
from .lu import iso

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
        self._depot = DepotRapprochement(base)
        self._retours = Retours()
        self._lots = LotsTransmis()

    def appliquer(self, courrier: int) -> Bilan:
        """Read one courrier and record everything it says. Raises ErreurConnue, changing nothing, when unreadable."""
        lecture = decoder(self._courriers.octets(courrier))
        with self._depot.memoire_large(), self._base.transaction():
            self._courriers.marquer_lu(courrier, lecture.genre)
            return self._enregistrer(courrier, lecture)

    def rapprocher_de_nouveau(self) -> Bilan:
        """Try again every invoice that answered nothing of ours; `non_rapproches` counts those that still do not.

        A courrier that cannot be read any more is told in `remarques`, and stops no other.
        """
        bilan = Bilan()
        for courrier in self._depot.a_reprendre():
            try:
                bilan.compter(self._reprendre(courrier))
            except (FormatInvalide, EntreeInvalide) as erreur:
                bilan.remarques.append(_du_courrier(courrier, erreur.phrase()))
        return bilan

    def _reprendre(self, courrier: int) -> Bilan:
        lecture = decoder(self._courriers.octets(courrier))
        with self._depot.memoire_large(), self._base.transaction():
            self._depot.oublier_non_rapproches(courrier)
            return self._enregistrer(courrier, lecture)

    def _enregistrer(self, courrier: int, lecture: Lecture) -> Bilan:
        """What it changed; what somebody should know of it is kept with it."""
        if lecture.noemie is None:
            return self._arl(courrier, lecture.arl) if lecture.arl is not None else Bilan()
        bilan, toutes = self._noemie(courrier, lecture.noemie)
        classees = self._courriers.remarques_classees(courrier) if toutes else ""
        if phrases := [phrase for phrase in toutes if phrase not in classees]:
            self._courriers.annoter(courrier, " ".join(phrases))
            bilan.remarques.append(_du_courrier(courrier, " ".join(phrases)))
        return bilan

    def _noemie(self, courrier: int, fichier: bytes) -> tuple[Bilan, list[str]]:
        from sesam_desktop.flux import noemie

        evenements = noemie.parcourir(io.BytesIO(fichier))
        entete = cast(Entete, next(evenements))  # no file is read without it
        application = Application(self._depot, self._factures, courrier, entete, self._horloge())
        for evenement in evenements:
            application.accueillir(evenement)
        application.terminer()
        return application.bilan, application.remarques.phrases()

    def _arl(self, courrier: int, arl: Arl) -> Bilan:
        lot = self._lot_de(arl)
        genre = ("SCOR" if arl.genre == SCOR else "ARL") + ("+" if arl.positif else "-")
        motifs = [asdict(anomalie) for anomalie in arl.anomalies]
        lu = {"identification": arl.identification, "lot": arl.lot, "date": iso(arl.date_lot), "motifs": motifs}
        if not self._retours.garder(courrier, genre, lot.id if lot else None, ecrire_instant(self._horloge()), lu):
            return Bilan()
        if lot is None:
            return Bilan(non_rapproches=1)
        if not self._lots.acquitter(lot, arl.positif):
            return Bilan()
        nom = Etat.ACQUITTEE if arl.positif else Etat.REFUSEE
        # an invoice already paid or rejected has gone past its ARL
        self._factures.faire_avancer(lot.documents, nom, {"lot": lot.numero, "date": lot.date, "motifs": motifs})
        return Bilan(arl_positifs=int(arl.positif), arl_negatifs=int(not arl.positif))

    def _lot_de(self, arl: Arl) -> LotConnu | None:
        """By its references; by the mail named in the comment when the lot could not be read (project's ARL)."""
        jour = iso(arl.date_lot)
        if arl.genre == SCOR:
            lot = self._lots.de_pieces(arl.emetteur[6:8], arl.emetteur[11:14], arl.lot, jour)
        else:
            lot = self._lots.par_fichier(arl.identification, arl.lot, jour)
        nomme = _MESSAGE.match(arl.commentaire)
        return lot or (self._lots.par_message(nomme.group(1)) if nomme else None)


def _du_courrier(courrier: int, phrase: str) -> str:
    return f"Courrier {courrier} : {phrase}"
