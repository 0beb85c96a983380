"""The inbox: each message is kept whole, committed, and only then deleted from the server; then it is read.

A content seen before is a doublon: it is deleted from the mailbox and changes nothing. What cannot be read goes to
quarantine with the reason, stays visible and can be read again once the program or the tables know better.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide

from .avancement import Annule, Progression, jamais, sans_suite
from .avis import Avis
from .bilan import BilanRetours, Panne
from .depot_retours import Courriers
from .parametres import ParametresCourrier
from .rapprochement import Rapprochement
from .retrait import TAILLE_MAXIMALE, MessageIllisible, ouvrir
from .verrou import seul

journal = logging.getLogger(__name__)

_OCCUPEE = "Un relevé des retours est déjà en cours sur ce poste."
ILLISIBLES_MAXIMUM = 50  # sessions opened again in one run


class Boite:
    """Fetches the mailboxes, imports files, and hands each new courrier to the rapprochement."""

    def __init__(
        self,
        base: Base,
        rapprochement: Rapprochement,
        comptes: Mapping[str, ParametresCourrier],
        horloge: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._base = base
        self._rapprochement = rapprochement
        self._comptes = {compte.nom: compte for compte in comptes.values()}
        self._courriers = Courriers(base)
        self._avis = Avis(base, horloge)
        self._horloge = horloge

    def relever(
        self,
        *,
        boites: Collection[str] | None = None,
        progression: Progression = sans_suite,
        annule: Annule = jamais,
    ) -> BilanRetours:
        """Empty the mailboxes, then read what came. An account that cannot be used does not stop the others.

        It is told in `pannes`; raises ErreurConnue when it was the only one, after reading what came before.
        """
        bilan, erreurs = BilanRetours(), []
        voulus = [compte for nom, compte in self._comptes.items() if boites is None or nom in boites]
        with seul(self._base.chemin, "retour", _OCCUPEE):
            self._lire_tout(bilan)
            for compte in voulus:
                try:
                    compte.exiger_retrait()
                    self._vider(compte, bilan, progression, annule)
                except ErreurConnue as erreur:
                    bilan.pannes.append(Panne(compte.nom, erreur.code, erreur.phrase()))
                    erreurs.append(erreur)
            self._lire_tout(bilan)
        if erreurs and len(erreurs) == len(voulus):
            raise erreurs[0]
        return bilan

    def importer(self, chemin: Path) -> BilanRetours:
        """The same for a mail or a bare return kept in a file; a doublon changes nothing. Raises FICHIER_ILLISIBLE."""
        octets = _lire_fichier(chemin)
        bilan = BilanRetours()
        with seul(self._base.chemin, "retour", _OCCUPEE):
            self._garder(octets, bilan)
            self._lire_tout(bilan)
        return bilan

    def relire(self, courrier: int) -> BilanRetours:
        """Try a courrier in quarantine again."""
        bilan = BilanRetours()
        with seul(self._base.chemin, "retour", _OCCUPEE):
            self._courriers.remettre_a_lire(courrier)
            self._lire_tout(bilan)
        return bilan

    def _vider(
        self, compte: ParametresCourrier, bilan: BilanRetours, progression: Progression, annule: Annule
    ) -> None:
        """One session, and another one past each message the server cannot give."""
        illisibles: set[str] = set()
        while len(illisibles) < ILLISIBLES_MAXIMUM and not bilan.annule:
            uid = self._une_session(compte, illisibles, bilan, progression, annule)
            if not uid or uid in illisibles:
                break
            illisibles.add(uid)
        bilan.laisses += len(illisibles)

    def _une_session(
        self,
        compte: ParametresCourrier,
        illisibles: set[str],
        bilan: BilanRetours,
        progression: Progression,
        annule: Annule,
    ) -> str:
        """Fetch all but `illisibles`; the identifier of the message that broke the session, "" at the end."""
        uid = ""
        try:
            with ouvrir(compte) as session:
                messages = [m for m in session.messages() if m[1] not in illisibles]
                for fait, (rang, uid) in enumerate(messages):  # noqa: B007 - read after a failure
                    progression(fait, len(messages))
                    if annule():
                        bilan.annule = True
                        return ""
                    self._garder(session.lire(rang), bilan, compte.nom)
                    session.supprimer(rang)
                progression(len(messages), len(messages))
        except MessageIllisible:
            return uid
        return ""

    def _garder(self, octets: bytes, bilan: BilanRetours, boite: str = "") -> None:
        instant = ecrire_instant(self._horloge())
        if self._courriers.ajouter(hashlib.sha256(octets).hexdigest(), octets, instant, boite):
            bilan.recus += 1
        else:
            bilan.doublons += 1

    def _lire_tout(self, bilan: BilanRetours) -> None:
        for identifiant in self._courriers.a_lire():
            try:
                bilan.compter(self._rapprochement.appliquer(identifiant))
            except (FormatInvalide, EntreeInvalide) as erreur:
                self._lire_autrement(identifiant, erreur, bilan)
            except ErreurConnue:  # a full disk or a busy database is not its fault
                raise
            except Exception as erreur:  # noqa: BLE001 - a bug on one courrier must not close the inbox for ever
                journal.exception("le courrier %d a fait échouer sa lecture", identifiant)
                self._ecarter(identifiant, f"Le programme n'a pas su le lire ({type(erreur).__name__}).", bilan)

    def _lire_autrement(self, identifiant: int, erreur: ErreurConnue, bilan: BilanRetours) -> None:
        """No return: what a mail server says of one of our messages, or something for somebody to look at."""
        try:
            if self._avis.appliquer(identifiant):
                bilan.avis += 1
                return
        except FormatInvalide as inconnu:
            erreur = inconnu
        self._ecarter(identifiant, erreur.phrase(), bilan)

    def _ecarter(self, identifiant: int, motif: str, bilan: BilanRetours) -> None:
        self._courriers.mettre_en_quarantaine(identifiant, motif)
        bilan.quarantaine += 1


def _lire_fichier(chemin: Path) -> bytes:
    """No more than a return may be is read, whatever the file says of its size."""
    try:
        with chemin.open("rb") as fichier:
            octets = fichier.read(TAILLE_MAXIMALE + 1)
    except OSError as erreur:
        raise ErreurConnue(
            "Ce fichier ne peut pas être lu.",
            code="FICHIER_ILLISIBLE",
            ou=str(chemin),
            action="Vérifiez son emplacement et vos droits.",
        ) from erreur
    if len(octets) > TAILLE_MAXIMALE:
        raise ErreurConnue(
            f"Ce fichier dépasse {TAILLE_MAXIMALE // 1_000_000} Mo : il est trop gros pour un retour.",
            code="FICHIER_ILLISIBLE",
            ou=str(chemin),
        )
    return octets
