"""What a terminal brings back: read, judged and kept in one transaction, and only then forgotten by the terminal.

Interrupted anywhere, it is run again: a document is known by the digest of its bytes, so nothing is lost nor doubled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sesam_desktop.lecteurs.tla.depot import EtatDocument, Verdict

from .terminaux_bilans import RefusTla, Terminal

if TYPE_CHECKING:
    from sesam_desktop.base.connexion import Base
    from sesam_desktop.lecteurs.tla.depot import Decharge, DepotTla
    from sesam_desktop.lecteurs.tla.terminal import Entree, Identite, TerminalTla

    from .terminaux_examen import Examen
    from .terminaux_socle import Socle

Progression = Callable[[int, int], None]
_DEFINITIFS = frozenset((
    "MAUVAISE_VITALE", "SIGNATURE_FAUSSE", "CERTIFICAT_EXPIRE", "TLA_CONTENU_DIFFERENT", "TLA_PREPARATION_REPRISE",
    "TLA_DEJA_DECHARGEE", "TLA_DATE_INCOHERENTE", "TLA_SIGNATURE_AVANT_SOINS", "TLA_TROP_ANCIENNE",
    "TLA_DOCUMENT_ALTERE", "F0F0",
))
_A_UN_AUTRE_POSTE = frozenset(("TLA_PREPARATION_INCONNUE", "TLA_CONTENU_DIFFERENT"))
_ALTERE = Verdict(
    EtatDocument.REFUSEE, code="TLA_DOCUMENT_ALTERE",
    motif="Le document n'a pas l'empreinte que le terminal annonce. Il est gardé ici et reste aussi sur le terminal.",
)


class Dechargement:
    def __init__(self, base: Base, socle: Socle, depot: DepotTla, examen: Examen) -> None:
        self._base = base
        self._socle = socle
        self._depot = depot
        self._examen = examen

    def decharger(self, terminal: Terminal, progression: Progression) -> tuple[int, int, list[RefusTla], int]:
        """New documents, documents known already, refusals, and how far ahead the terminal's clock was (seconds)."""
        recus, refuses = 0, []
        with self._socle.ouvert(terminal) as (client, identite):
            entrees = client.lister()
            for rang, entree in enumerate(entrees):
                progression(rang, len(entrees))
                nouveau, recu = self._prendre(client, entree, identite)
                recus += nouveau
                refuses += [RefusTla.de(recu)] if recu.verdict.etat is EtatDocument.REFUSEE else []
            self._noter_oublies(terminal.numero_serie, entrees)
            self._socle.accorder(client, client.identifier())
        progression(len(entrees), len(entrees))
        return recus, len(entrees) - recus, refuses, identite.ecart_s

    def rejuger(self) -> None:
        """A certificate was added, a backup restored, this program updated, a disk mended: what was refused for want
        of it may be good now."""
        for recu in self._depot.documents(EtatDocument.REFUSEE):
            if recu.verdict.code not in _DEFINITIFS:
                self._rejuger(recu)

    def _rejuger(self, recu: Decharge) -> Verdict:
        with self._base.transaction():
            verdict = self._examen.juger(recu.octets, recu.ecart_s)
            self._depot.juger(recu.empreinte, verdict)
            return verdict

    def _prendre(self, client: TerminalTla, entree: Entree, identite: Identite) -> tuple[bool, Decharge]:
        """Keep one document, then let the terminal forget it. True when it was not kept already."""
        connu = self._depot.document(entree.empreinte.hex())
        if connu is not None:
            if connu.verdict == _ALTERE:  # announced truly this time
                connu = replace(connu, verdict=self._rejuger(connu))
            nouveau, recu, entier = False, connu, True
        else:
            nouveau, recu, entier = self._garder(client, entree, identite)
        if not _reste(recu, entier):
            client.acquitter(entree)
            self._depot.noter_acquitte(recu.empreinte)
        return nouveau, recu

    def _garder(self, client: TerminalTla, entree: Entree, identite: Identite) -> tuple[bool, Decharge, bool]:
        """Read and keep it: whether it is new, what is kept, and whether it has the digest announced."""
        octets, entier = _lire(client, entree)
        with self._base.transaction():
            verdict = self._examen.juger(octets, identite.ecart_s) if entier else _ALTERE
            nouveau = self._depot.recevoir(octets, identite.numero_serie, entree.identifiant, identite.ecart_s, verdict)
            recu = self._depot.document(hashlib.sha256(octets).hexdigest())
        if recu is None:
            raise RuntimeError("a document was kept, and is not there")
        return nouveau, recu, entier

    def _noter_oublies(self, numero_serie: str, entrees: list[Entree]) -> None:
        """Acknowledged just before an interruption: the terminal has forgotten them since."""
        presents = {entree.empreinte.hex() for entree in entrees}
        for recu in self._depot.non_acquittes(numero_serie):
            if recu.verdict.code != _ALTERE.code and recu.empreinte not in presents:
                self._depot.noter_acquitte(recu.empreinte)


def _reste(recu: Decharge, entier: bool) -> bool:
    """True for what the terminal must keep too: what was read may not be what it holds, or another workstation is to
    unload it. Somebody who files it away releases it."""
    if recu.verdict.etat is EtatDocument.CLASSEE:
        return False
    return not entier or recu.verdict.code in _A_UN_AUTRE_POSTE


def _lire(client: TerminalTla, entree: Entree) -> tuple[bytes, bool]:
    """The document, and whether it has the digest announced; read twice before doubting it."""
    octets = b""
    for _ in range(2):
        octets = client.lire(entree)
        if hashlib.sha256(octets).digest() == entree.empreinte:
            return octets, True
    return octets, False
