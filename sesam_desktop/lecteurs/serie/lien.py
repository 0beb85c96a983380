"""One reader at the other end of a serial line: whole messages, each arrived once or refused with a sentence.

Project profile over the rules of T=1 (ISO 7816-3, 11.6): blocks are numbered 0 and 1; what is lost or damaged is asked
for again three times, then both ends start again from zero and the exchange is refused: no message is ever sent twice.
A line left in doubt is put right before the next exchange. Every wait is bounded, whatever the reader does.
"""

from __future__ import annotations

from typing import NoReturn, cast

from sesam_desktop.lecteurs.galss import codes

from . import blocs
from .blocs import Bloc, BlocI, BlocInvalide, BlocR, BlocS, Demande, Edc, Faute
from .temps import Chrono, Horloge
from .voie import Echeance, Port, Silence, Voie

ESSAIS = 3
TAILLE_DE_DEPART = 32  # ISO 7816-3: until another size is agreed
TAILLE_MAXIMALE = 1 << 16
_ABANDON_DU_LECTEUR, _ABANDON_DU_POSTE, _TROP_LONG = 0x0040, 0x0080, 0x0100
_TRANSMISSION, _SANS_REPONSE = 0x0200, 0x0400


class Lien:
    """Not to be shared by two threads. `ou` names the reader in what is refused."""

    def __init__(
        self, port: Port, pad: int, chrono: Chrono, *, ou: str = "", edc: Edc = Edc.CRC, horloge: Horloge | None = None
    ) -> None:
        self._chrono, self._ou = chrono, ou
        self._voie = Voie(port, pad, chrono, edc, horloge or Horloge())
        self.alignements = 0  # fresh starts of both ends: each may hide a reader that lost power
        self._aligne = self._prolonge = False
        self._envoye = self._attendu = 0  # numbers of the next block of each end
        self._taille = TAILLE_DE_DEPART
        self._en_cours = BlocI(0, False, b"")

    def echanger(self, message: bytes, delai: float | None = None) -> bytes:
        """The answer to `message`, within `delai` seconds (EXT by default). Raises ErreurConnue of the GALSS codes:
        0040 given up by the reader, 0080 by us, 0100 too long, 0200 transmission, 0400 no answer."""
        self._voie.commencer(self._chrono.ext if delai is None else delai)
        self._prolonge = False
        try:
            if not self._aligne:
                self._aligner()
            self._aligne = False
            reponse = self._rassembler(self._envoyer(message))
        except Echeance:
            self._refuser(_TROP_LONG if self._prolonge else self._silence())
        self._aligne = True
        return reponse

    def _envoyer(self, message: bytes) -> BlocI:
        """Send by pieces of the size agreed; returns the first block of the answer."""
        while True:
            morceau, message = message[: self._taille], message[self._taille :]
            self._en_cours = BlocI(self._envoye, bool(message), morceau)
            recu = self._faire_avancer(self._en_cours)
            self._envoye ^= 1
            if isinstance(recu, BlocI):
                return recu

    def _rassembler(self, bloc: BlocI) -> bytes:
        message = bloc.info
        self._attendu ^= 1
        while bloc.suite:
            if len(message) > TAILLE_MAXIMALE:
                self._demander(BlocS(Demande.ABANDONNER))
                self._refuser(_ABANDON_DU_POSTE)
            bloc = cast(BlocI, self._faire_avancer(BlocR(self._attendu)))
            message += bloc.info
            self._attendu ^= 1
        return message

    def _faire_avancer(self, bloc: Bloc) -> BlocI | BlocR:
        """Send until the reader gives its next block, or acknowledges a piece that has a follower."""
        en_chaine = isinstance(bloc, BlocI) and bloc.suite
        envoi: Bloc | None = bloc
        attente = self._chrono.bwt
        restant = ESSAIS
        while True:
            try:
                recu = self._tour(envoi, attente)
            except (BlocInvalide, Silence) as faute:
                envoi, attente = BlocR(self._attendu, _faute(faute)), self._chrono.bwt
            else:
                if not isinstance(recu, BlocS) and self._convient(recu, en_chaine):
                    return recu
                envoi, attente = self._repondre(recu)
                if envoi is None or isinstance(envoi, BlocS):
                    continue  # no fault; the time of the exchange bounds it
            restant -= 1
            if restant < 0:
                self._echouer()

    def _tour(self, envoi: Bloc | None, attente: float) -> Bloc:
        if envoi is not None:
            self._voie.emettre(envoi)
        return self._voie.recevoir(attente)

    def _convient(self, recu: BlocI | BlocR, en_chaine: bool) -> bool:
        if isinstance(recu, BlocR):
            return en_chaine and recu.numero != self._en_cours.numero
        return not en_chaine and recu.numero == self._attendu

    def _repondre(self, recu: Bloc) -> tuple[Bloc | None, float]:
        """What to send after a block that does not end the wait, and how long to wait then."""
        if isinstance(recu, BlocS):
            return self._servir(recu)
        if isinstance(recu, BlocI):  # one that we already have, or that comes before its time: its follower is awaited
            return None, self._chrono.bwt
        if recu.numero == self._en_cours.numero:
            return self._en_cours, self._chrono.bwt
        return BlocR(self._attendu, Faute.AUTRE), self._chrono.bwt

    def _servir(self, recu: BlocS) -> tuple[Bloc | None, float]:
        """A word of the reader about the link. An answer that we did not ask for is let go."""
        if recu.reponse:
            return None, self._chrono.bwt
        reponse = BlocS(recu.demande, True, recu.valeur)
        if recu.demande is Demande.TAILLE:
            self._taille = recu.valeur
        elif recu.demande is Demande.ATTENDRE:
            self._prolonge = True
            return reponse, min(self._chrono.bwt * recu.valeur, self._chrono.ext)
        else:
            self._voie.emettre(reponse)
            self._refuser(_ABANDON_DU_LECTEUR)
        return reponse, self._chrono.bwt

    def _aligner(self) -> None:
        """Both ends start again from zero, and the reader learns how long our blocks may be."""
        self._voie.purger()
        self._taille = TAILLE_DE_DEPART
        self._demander(BlocS(Demande.RESYNCHRONISER))
        self._envoye = self._attendu = 0
        self._demander(BlocS(Demande.TAILLE, valeur=blocs.INF_MAXIMALE))
        self.alignements += 1

    def _demander(self, demande: BlocS) -> None:
        """Ask until answered; whatever else comes belongs to the past, but for what the reader asks itself."""
        attendue = BlocS(demande.demande, True, demande.valeur)
        for _ in range(ESSAIS):
            self._voie.emettre(demande)
            limite = self._voie.maintenant() + self._chrono.bwt
            while (reste := limite - self._voie.maintenant()) > 0:
                recu = self._ecouter(reste)
                if recu == attendue:
                    return
                if isinstance(recu, BlocS) and not recu.reponse:
                    self._voie.emettre(BlocS(recu.demande, True, recu.valeur))
                    limite = self._voie.maintenant() + self._chrono.bwt
        self._refuser(self._silence())

    def _ecouter(self, attente: float) -> Bloc | None:
        try:
            return self._voie.recevoir(attente)
        except (BlocInvalide, Silence):
            return None

    def _echouer(self) -> NoReturn:
        """Too many faults. A reader that said something is brought back in step for what follows."""
        if self._voie.entendu:
            self._aligner()
            self._aligne = True
        self._refuser(self._silence())

    def _silence(self) -> int:
        return _TRANSMISSION if self._voie.entendu else _SANS_REPONSE

    def _refuser(self, code: int) -> NoReturn:
        raise codes.erreur(code, self._ou)


def _faute(refus: Exception) -> Faute:
    return refus.faute if isinstance(refus, BlocInvalide) else Faute.AUTRE
