"""A portable terminal in memory: what it answers to the workstation, and what is done with it at the bedside.

The same object is behind the virtual channel of the demonstration, behind the serial emulator of the tests and in a
process of its own when the workstation is to be killed. It reads and signs with any virtual Vitale, by APDU, as a
reader would. `pannes` makes it misbehave. PROJECT PROFILE, like the messages themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sesam_desktop.cartes import tlv
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from .domicile_tla import exiger_le_jour, exiger_le_patient
from .lecture import lire_puce_vitale
from .memoire_tla import MemoireTla
from .signature_carte import signer_par_carte
from .tla import champs, documents, messages
from .tla.documents import ActeNote, FactureEmportee, FactureSignee, Lecture, PatientEmporte
from .tla.messages import MORCEAU, Commande, Etiquette, Message, Statut
from .tla.refus import refus
from .tla.terminal import Contenu, GenreTerminal
from .virtuel import CanalVirtuel, CarteVirtuelle

CAPACITE = 1 << 18
_GENRES = {GenreTerminal.REDUIT: 1, GenreTerminal.COMPLET: 2}
_PAR_PAGE = 20
_PILE_FAIBLE = 10
_ECRITURES = frozenset((Commande.CHARGER, Commande.VIDER))
_FENTE = "TLA"


@dataclass
class Pannes:
    """How this terminal misbehaves. `muet_apres`: messages answered before the cable is out. `reponses_perdues`:
    commands done whose answer never comes, once each. `avance`: its clock, ahead of ours."""

    muet_apres: int | None = None
    reponses_perdues: list[Commande] = field(default_factory=list)
    empreinte_fausse: bool = False
    sans_controle: bool = False
    avance: timedelta = timedelta()
    pile: int = 100


class TerminalVirtuel:
    """`chemin`: where it keeps its memory when it is switched off; without it, nothing survives the process."""

    def __init__(
        self,
        genre: GenreTerminal = GenreTerminal.COMPLET,
        numero_serie: str = "TLA0000001",
        *,
        capacite: int = CAPACITE,
        horloge: Callable[[], datetime] = lambda: datetime.now(UTC),
        chemin: Path | None = None,
    ) -> None:
        self.genre = genre
        self.numero_serie = numero_serie
        self.pannes = Pannes()
        self._horloge = horloge
        self._memoire = MemoireTla(capacite, chemin)
        self._reponses: dict[int, Callable[[Message], list[Tlv]]] = {
            Commande.IDENTIFIER: self._identifier, Commande.REGLER_DATE: self._regler_date,
            Commande.CHARGER: self._charger, Commande.MORCEAU: self._morceau, Commande.VALIDER: self._valider,
            Commande.LISTER: self._lister, Commande.LIRE: self._lire, Commande.ACQUITTER: self._acquitter,
            Commande.VIDER: self._vider,
        }

    # ---- on its cradle -------------------------------------------------------------------------------------------

    def traiter(self, octets: bytes) -> bytes:
        """Answer one message, whatever its bytes. Raises TLA_SANS_REPONSE when it misbehaves by silence."""
        if self.pannes.muet_apres is not None:
            if not self.pannes.muet_apres:
                raise sans_reponse()
            self.pannes.muet_apres -= 1
        question, reponse = self._repondre(octets)
        if question.code in self.pannes.reponses_perdues:
            self.pannes.reponses_perdues.remove(Commande(question.code))
            raise sans_reponse()
        return messages.ecrire(reponse)

    def _repondre(self, octets: bytes) -> tuple[Message, Message]:
        question = Message(0, 0)
        try:
            question = messages.lire(octets)
            if question.code not in self._reponses:
                raise _Refus(Statut.COMMANDE_INCONNUE)
            if question.code in _ECRITURES and self.pannes.pile < _PILE_FAIBLE:
                raise _Refus(Statut.PILE_FAIBLE)
            return question, messages.repondre(question, Statut.FAIT, self._reponses[question.code](question))
        except _Refus as erreur:
            return question, messages.repondre(question, erreur.statut)
        except FormatInvalide as erreur:
            statut = Statut.VERSION if erreur.code == "TLA_VERSION" else Statut.ILLISIBLE
            return question, messages.repondre(question, statut)

    def _identifier(self, _: Message) -> list[Tlv]:
        memoire = self._memoire
        return [
            champs.entier(Etiquette.GENRE, _GENRES[self.genre]),
            champs.texte(Etiquette.NUMERO_SERIE, self.numero_serie),
            champs.texte(Etiquette.LOGICIEL, "VIRTUEL 1.0"),
            champs.entier(Etiquette.CAPACITE, memoire.capacite),
            champs.entier(Etiquette.LIBRE, memoire.libre),
            champs.entier(Etiquette.BENEFICIAIRES, len(self.patients())),
            champs.entier(Etiquette.PREPAREES, len(self.factures())),
            champs.entier(Etiquette.DOCUMENTS, len(memoire.documents)),
            champs.entier(Etiquette.PILE, self.pannes.pile),
            champs.instant(Etiquette.HORLOGE, self._maintenant()),
        ]

    def _regler_date(self, question: Message) -> list[Tlv]:
        self.pannes.avance = question.champs.instant(Etiquette.HORLOGE) - self._horloge()
        return []

    def _charger(self, question: Message) -> list[Tlv]:
        contenu = question.champs.entier(Etiquette.CONTENU)
        if contenu not in set(Contenu) or (contenu == Contenu.FACTURES and self.genre is GenreTerminal.REDUIT):
            raise _Refus(Statut.REFUSE)
        taille = question.champs.entier(Etiquette.TAILLE)
        position = self._memoire.ouvrir(contenu, question.champs.octets(Etiquette.EMPREINTE), taille)
        if position is None:
            raise _Refus(Statut.MEMOIRE_PLEINE)
        return [champs.entier(Etiquette.POSITION, position)]

    def _morceau(self, question: Message) -> list[Tlv]:
        lu = question.champs
        position, octets = lu.entier(Etiquette.POSITION), lu.octets(Etiquette.OCTETS)
        suivante = self._memoire.poser(lu.octets(Etiquette.EMPREINTE), position, octets)
        if suivante is None:
            raise _Refus(Statut.HORS_SEQUENCE)
        return [champs.entier(Etiquette.POSITION, suivante)]

    def _valider(self, question: Message) -> list[Tlv]:
        if not self._memoire.valider(question.champs.octets(Etiquette.EMPREINTE)):
            raise _Refus(Statut.EMPREINTE)
        return []

    def _lister(self, question: Message) -> list[Tlv]:
        debut = question.champs.entier(Etiquette.POSITION)
        noms = list(self._memoire.documents)[debut : debut + _PAR_PAGE]
        return [Tlv(Etiquette.DOCUMENT, self._entree(nom)) for nom in noms]

    def _entree(self, nom: str) -> bytes:
        octets = self._memoire.documents[nom]
        return tlv.ecrire([
            champs.texte(Etiquette.IDENTIFIANT, nom), Tlv(Etiquette.EMPREINTE, self._empreinte(octets)),
            champs.entier(Etiquette.TAILLE, len(octets)),
        ])

    def _empreinte(self, octets: bytes) -> bytes:
        empreinte = hashlib.sha256(octets).digest()
        return empreinte[::-1] if self.pannes.empreinte_fausse else empreinte

    def _lire(self, question: Message) -> list[Tlv]:
        octets = self._memoire.documents.get(question.champs.texte(Etiquette.IDENTIFIANT))
        debut, taille = question.champs.entier(Etiquette.POSITION), question.champs.entier(Etiquette.TAILLE)
        if octets is None or debut >= len(octets) or not 0 < taille <= MORCEAU:
            raise _Refus(Statut.INCONNU)
        return [Tlv(Etiquette.OCTETS, octets[debut : debut + taille])]

    def _acquitter(self, question: Message) -> list[Tlv]:
        nom = question.champs.texte(Etiquette.IDENTIFIANT)
        octets = self._memoire.documents.get(nom)
        if octets is None:
            raise _Refus(Statut.INCONNU)
        if self._empreinte(octets) != question.champs.octets(Etiquette.EMPREINTE):
            raise _Refus(Statut.EMPREINTE)
        self._memoire.oublier(nom)
        return []

    def _vider(self, question: Message) -> list[Tlv]:
        if question.champs.texte(Etiquette.NUMERO_SERIE) != self.numero_serie:
            raise _Refus(Statut.REFUSE)
        if self._memoire.documents:
            raise _Refus(Statut.NON_DECHARGE)
        self._memoire.vider()
        return []

    # ---- at the bedside ------------------------------------------------------------------------------------------

    def patients(self) -> list[PatientEmporte]:
        """The patients loaded."""
        return documents.lire_patients(self._memoire.contenus.get(Contenu.PATIENTS, b""))

    def factures(self) -> list[FactureEmportee]:
        """The invoices loaded that no Vitale has signed here yet."""
        chargees = documents.lire_factures(self._memoire.contenus.get(Contenu.FACTURES, b""))
        return [facture for facture in chargees if facture.numero not in self._memoire.signees]

    def signer(self, numero: str, vitale: CarteVirtuelle) -> None:
        """Have the patient's Vitale sign an invoice loaded. Raises MAUVAISE_VITALE (as SSV's F023), TLA_AVANT_SOINS."""
        facture = next((f for f in self.factures() if f.numero == numero), None)
        if facture is None:
            raise ErreurConnue("Cette facture n'est pas à signer sur ce terminal.", code="TLA_FACTURE_INCONNUE")
        with CanalVirtuel({_FENTE: vitale}).connecter(_FENTE) as session:
            puce = lire_puce_vitale(session)
            if not self.pannes.sans_controle:
                exiger_le_jour(facture, self._maintenant())
                exiger_le_patient(facture, puce)
            signature = signer_par_carte(session, facture.octets)
        nirs = tuple(identite.nir for identite in puce.identites)
        empreinte = hashlib.sha256(facture.octets).digest()
        self.deposer(documents.ecrire_document(FactureSignee(numero, empreinte, signature, self._maintenant(), nirs)))
        self._memoire.noter_signee(numero)

    def noter(self, zones: bytes, rang: int, actes: Iterable[ActeNote]) -> None:
        """Keep a Vitale read (`zones`: what the reader's software got of it) and the acts for one beneficiary."""
        self.deposer(documents.ecrire_document(Lecture(self._maintenant(), zones, rang, tuple(actes))))

    def deposer(self, octets: bytes) -> str:
        """Keep a document until it is acknowledged; its name. Raises TLA_MEMOIRE_PLEINE."""
        if len(octets) > self._memoire.libre:
            raise refus(Statut.MEMOIRE_PLEINE)
        return self._memoire.deposer(octets)

    def _maintenant(self) -> datetime:
        return self._horloge() + self.pannes.avance


class _Refus(Exception):
    def __init__(self, statut: Statut) -> None:
        super().__init__(statut)
        self.statut = statut


def sans_reponse() -> ErreurConnue:
    """Silence: out of its cradle, switched off, or the cable is out."""
    return ErreurConnue(
        "Le terminal ne répond plus.", code="TLA_SANS_REPONSE",
        action="Reposez-le sur son socle et relancez : l'opération reprendra où elle en est.",
    )
