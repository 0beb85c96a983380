"""What the workstation keeps of the terminals: invoices lent to them, documents unloaded from them, never removed.

An invoice lent is opaque bytes here. Each method is one transaction, or joins the one that is open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.base.modeles import DocumentTla, FacturePreparee


class EtatPreparee(StrEnum):
    """RENDUE: given back as a draft, a signature that comes later is refused."""

    PREPAREE = "preparee"
    DECHARGEE = "dechargee"
    SIGNEE = "signee"
    RENDUE = "rendue"


class EtatDocument(StrEnum):
    """CLASSEE: somebody said why nothing is to be done of it."""

    A_SIGNER = "a_signer"
    A_COMPOSER = "a_composer"
    SIGNEE = "signee"
    COMPOSEE = "composee"
    REFUSEE = "refusee"
    CLASSEE = "classee"


@dataclass(frozen=True, slots=True)
class Preparee:
    """An invoice lent to `terminal`. `contenu` belongs to who prepared it; `empreinte`: SHA-256 of what is signed."""

    numero: str
    contenu: bytes
    empreinte: str
    terminal: str
    etat: EtatPreparee
    preparee_le: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a document; `code` and `motif` say why it is refused."""

    etat: EtatDocument
    genre: str = ""
    numero: str = ""
    code: str = ""
    motif: str = ""


@dataclass(frozen=True, slots=True)
class Decharge:
    """A document unloaded. `empreinte`: SHA-256 of its bytes; `ecart_s`: how far ahead the terminal's clock was."""

    empreinte: str
    octets: bytes
    terminal: str
    identifiant: str
    ecart_s: int
    recu_le: datetime
    verdict: Verdict
    acquitte: bool


class DepotTla:
    """Rows of the open `base`."""

    def __init__(self, base: Base, horloge: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._base = base
        self._horloge = horloge

    def preter(self, numero: str, contenu: bytes, empreinte: str, terminal: str) -> None:
        """Keep an invoice about to be loaded on this terminal."""
        with self._base.transaction():
            FacturePreparee.insert(
                numero=numero, contenu=contenu, empreinte=empreinte, terminal=terminal,
                etat=EtatPreparee.PREPAREE.value, preparee_le=ecrire_instant(self._horloge()),
            ).execute()

    def preparee(self, numero: str) -> Preparee | None:
        ligne = FacturePreparee.get_or_none(FacturePreparee.numero == numero)
        return _preparee(ligne) if ligne else None

    def pretees(self, terminal: str) -> list[Preparee]:
        """Invoices out on this terminal, by number."""
        requete = FacturePreparee.select().where(
            (FacturePreparee.etat == EtatPreparee.PREPAREE.value) & (FacturePreparee.terminal == terminal)
        )
        return [_preparee(ligne) for ligne in requete.order_by(FacturePreparee.numero)]

    def en_cours(self) -> list[Preparee]:
        """Invoices lent, or come back and not signed by the professional yet."""
        etats = (EtatPreparee.PREPAREE.value, EtatPreparee.DECHARGEE.value)
        return [_preparee(ligne) for ligne in FacturePreparee.select().where(FacturePreparee.etat.in_(etats))]

    def passer_preparees(self, numeros: Iterable[str], etat: EtatPreparee) -> None:
        with self._base.transaction():
            FacturePreparee.update(etat=etat.value).where(FacturePreparee.numero.in_(list(numeros))).execute()

    def recevoir(self, octets: bytes, terminal: str, identifiant: str, ecart_s: int, verdict: Verdict) -> bool:
        """Keep a document with what is to be done of it. False when it was already kept: nothing changes."""
        empreinte = hashlib.sha256(octets).hexdigest()
        with self._base.transaction():
            if self.document(empreinte) is not None:
                return False
            DocumentTla.insert(
                empreinte=empreinte, octets=octets, terminal=terminal, identifiant=identifiant, ecart_s=ecart_s,
                recu_le=ecrire_instant(self._horloge()), **_colonnes(verdict),
            ).execute()
            self._suivre(verdict)
            return True

    def document(self, empreinte: str) -> Decharge | None:
        """The document of this digest, None when it is not kept here."""
        ligne = DocumentTla.get_or_none(DocumentTla.empreinte == empreinte)
        return _decharge(ligne) if ligne else None

    def non_acquittes(self, terminal: str) -> list[Decharge]:
        """What this terminal gave and was not told that it may forget."""
        requete = DocumentTla.select().where((DocumentTla.terminal == terminal) & (DocumentTla.acquitte_le == ""))
        return [_decharge(ligne) for ligne in requete]

    def juger(self, empreinte: str, verdict: Verdict) -> None:
        """Change what is to be done of a document."""
        with self._base.transaction():
            DocumentTla.update(**_colonnes(verdict)).where(DocumentTla.empreinte == empreinte).execute()
            self._suivre(verdict)

    def noter_acquitte(self, empreinte: str) -> None:
        """The terminal was told; the first time counts."""
        with self._base.transaction():
            DocumentTla.update(acquitte_le=ecrire_instant(self._horloge())).where(
                (DocumentTla.empreinte == empreinte) & (DocumentTla.acquitte_le == "")
            ).execute()

    def documents(self, *etats: EtatDocument) -> list[Decharge]:
        """Those in these states (all when none is given), oldest first."""
        requete = DocumentTla.select().order_by(DocumentTla.recu_le)
        if etats:
            requete = requete.where(DocumentTla.etat.in_([etat.value for etat in etats]))
        return [_decharge(ligne) for ligne in requete]

    def _suivre(self, verdict: Verdict) -> None:
        """The invoice lent follows the document that brings its signature."""
        suites = {EtatDocument.A_SIGNER: EtatPreparee.DECHARGEE, EtatDocument.SIGNEE: EtatPreparee.SIGNEE}
        if verdict.etat in suites:
            self.passer_preparees([verdict.numero], suites[verdict.etat])


def _colonnes(verdict: Verdict) -> dict[str, str]:
    return {
        "genre": verdict.genre, "etat": verdict.etat.value, "numero": verdict.numero, "code": verdict.code,
        "motif": verdict.motif,
    }


def _preparee(ligne: FacturePreparee) -> Preparee:
    return Preparee(
        ligne.numero, bytes(ligne.contenu), ligne.empreinte, ligne.terminal, EtatPreparee(ligne.etat),
        datetime.fromisoformat(ligne.preparee_le),
    )


def _decharge(ligne: DocumentTla) -> Decharge:
    verdict = Verdict(EtatDocument(ligne.etat), ligne.genre, ligne.numero, ligne.code, ligne.motif)
    return Decharge(
        ligne.empreinte, bytes(ligne.octets), ligne.terminal, ligne.identifiant, ligne.ecart_s,
        datetime.fromisoformat(ligne.recu_le), verdict, bool(ligne.acquitte_le),
    )
