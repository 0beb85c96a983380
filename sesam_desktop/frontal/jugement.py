"""What becomes of one message: duplicate, refused, accepted or put aside, and the answers the scenario gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sesam_desktop.flux.message import Adressage
from sesam_desktop.noyau.erreurs import FormatInvalide

from . import avis, controle, controle_scor, transport
from .cles import Cles
from .lot_lu import LotLu
from .recus import Arrivee, Conclusion, Envoi, LotRecu
from .refus import Motif, Refus
from .registre import Registre
from .regle import Avis, Issue, Scenario
from .repondeur import Repondeur
from .reponses import Redacteur, Reference, reference_b2, reference_scor
from .scene import Scene
from .signatures import Verificateur
from .transport import Recu, SansReponse

_SANS_LOT = "000"


class Jugement:
    """Judges messages one by one. Reads the registre (duplicates), never writes it."""

    def __init__(
        self,
        registre: Registre,
        scenario: Scenario,
        cles: Cles,
        horloge: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._registre, self._cles, self._horloge = registre, cles, horloge
        self._scene = Scene(scenario)
        self._verificateur = Verificateur(cles.autorite.certificat_der)

    def juger(self, arrivee: Arrivee) -> Conclusion:
        """What to write about this message."""
        if original := self._registre.message_identique(arrivee):
            return Conclusion("doublon", original=original)
        try:
            adressage = transport.adresser(arrivee.octets)
            return self._avec_avis(arrivee, adressage)
        except (SansReponse, FormatInvalide) as erreur:  # FormatInvalide: addresses no answer can be written to
            return Conclusion("quarantaine", motif=erreur.phrase())

    def _avec_avis(self, arrivee: Arrivee, adressage: Adressage) -> Conclusion:
        """A message that a relay gives back is never judged, and will be if it is sent again."""
        incident, instant = self._scene.avis(), self._horloge()
        envois = (Envoi(avis.composer(adressage, incident, instant)),) if incident else ()
        if incident and incident.avis is Avis.ECHEC:
            return Conclusion("rendu", motif=incident.texte, reponses=envois)
        conclusion = self._ouvrir(arrivee, Repondeur(self._scene, Redacteur(adressage, instant)), adressage)
        return replace(conclusion, reponses=(*envois, *conclusion.reponses))

    def _ouvrir(self, arrivee: Arrivee, repondeur: Repondeur, adressage: Adressage) -> Conclusion:
        try:
            recu = transport.ouvrir(arrivee.octets, adressage, self._cles)
        except Refus as refus:
            return self._refuser(repondeur, Reference("FSE"), refus, None)
        if recu.genre == "SCOR":
            return self._scor(recu, repondeur)
        if recu.genre in ("FSE", "DRE", "IRIS"):
            return self._factures(recu, repondeur)
        autre_chose = Refus(Motif.ENTETE, "Le message ne contient ni factures ni pièces.")
        return self._refuser(repondeur, Reference("FSE"), autre_chose, None)

    def _factures(self, recu: Recu, repondeur: Repondeur) -> Conclusion:
        reference = reference_b2(recu.contenu)
        identite = _identite_probable(recu, reference)
        try:
            lot = controle.controler(recu, self._verificateur)
            identite = controle.identifier(recu, lot)
            return self._deja_vu(identite) or self._accepter_factures(repondeur, reference, identite, lot)
        except Refus as refus:
            return self._refuser(repondeur, reference, refus, identite)

    def _accepter_factures(
        self, repondeur: Repondeur, reference: Reference, identite: LotRecu, lot: LotLu
    ) -> Conclusion:
        self._exiger_nouveau(identite)
        try:
            noemie = repondeur.noemie(lot)
        except FormatInvalide as erreur:  # a value that B2 can write and NOEMIE cannot
            raise Refus(Motif.ENTETE, f"Aucun retour ne peut être écrit : zone « {erreur.zone} ».") from None
        return Conclusion("traite", lot=self._avec_rejets(identite), reponses=(*repondeur.arl(reference), *noemie))

    def _avec_rejets(self, identite: LotRecu) -> LotRecu:
        """Which invoices the return rejects."""
        regle = self._scene.scenario
        return replace(identite, factures=tuple(
            replace(f, rejetee=regle.repondre and regle.issue(f.numero) is Issue.REJET) for f in identite.factures
        ))

    def _scor(self, recu: Recu, repondeur: Repondeur) -> Conclusion:
        reference, identite = Reference("SCOR"), None
        try:
            lot = controle_scor.lire(recu)
            reference, identite = reference_scor(lot), controle_scor.identifier(recu, lot)
            if deja := self._deja_vu(identite):
                return deja
            controle_scor.controler(recu, lot, self._registre)
            self._exiger_nouveau(identite)
            return Conclusion("traite", lot=identite, reponses=tuple(repondeur.arl(reference)))
        except Refus as refus:
            return self._refuser(repondeur, reference, refus, identite)

    def _deja_vu(self, identite: LotRecu) -> Conclusion | None:
        original = self._registre.lot_identique(identite)
        return Conclusion("doublon", original=original) if original else None

    def _exiger_nouveau(self, identite: LotRecu) -> None:
        """Neither this number at this date, nor one of its invoices, nor a scenario that refuses everything."""
        if self._registre.lot_deja_accepte(identite):
            raise Refus(Motif.LOT, f"Le lot {identite.numero} de cette date a déjà été reçu avec un autre contenu.")
        deja = self._registre.facture_tenue(identite.emetteur, [f.numero for f in identite.factures])
        if deja:
            raise Refus(Motif.LOT, f"La facture {deja} a déjà été reçue dans un autre lot.")
        if force := self._scene.scenario.arl_force:
            raise Refus(Motif(force.code), force.libelle)

    def _refuser(
        self, repondeur: Repondeur, reference: Reference, refus: Refus, identite: LotRecu | None
    ) -> Conclusion:
        lot = replace(identite, verdict=refus.motif.value) if identite else None
        return Conclusion("traite", motif=refus.phrase(), lot=lot, reponses=tuple(repondeur.arl(reference, refus)))


def _identite_probable(recu: Recu, reference: Reference) -> LotRecu | None:
    """What a lot that may turn out unreadable says it is."""
    if reference.lot == _SANS_LOT:
        return None
    regime, organisme = reference.destinataire[6:8], reference.destinataire[11:14]
    empreinte = hashlib.sha256(recu.contenu).hexdigest()
    return LotRecu(recu.genre, regime, organisme, reference.emetteur, reference.lot, reference.date, empreinte)
