"""The client calls of GALSS over our manager, with the same numeric errors. No GALSS is needed, none is spoken to.

Each method says which call it mirrors; `docs/galss.md` has the whole table. What the public sources leave open (unit of
tempsExe, scope of a context, what closing a session gives back) is a project profile, said where it stands.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import codes, ressources
from .commandes_carte import PlaceCarte
from .exclusivites import SESSIONS_MAX, Partage, Titulaire
from .ressources import LAD_LOGICIEL, Ressource

LONGUEUR_APPLI, LONGUEUR_RESSOURCE = 16, 8
CONTEXTE_MAX, CONTEXTES_MAX = 0xFFFF, 16
DELAI_LOGICIEL_S = 15.0  # EXT of the configuration files met
_PLEIN, _SEQUENCE, _TAMPON, _SANS_CONTEXTE, _MUET = 0x0002, 0x0008, 0x0010, 0x0020, 0x0400
_DEJA_OUVERTE, _SESSION_INCONNUE, _RESSOURCE_INCONNUE, _PARAMETRE = 0x0800, 0x1000, 0x2000, 0x4000
_ABANDONNE = 0x0040  # for anything else: never a code that callers send again by themselves
_CODES = {
    "CARTE_OCCUPEE": 0x0004,
    "CARTE_SANS_REPONSE": 0x0100,
    "LECTEUR_SANS_REPONSE": 0x0100,
    "LECTEURS_SANS_REPONSE": 0x0400,
    "LECTEUR_ABSENT": 0x0400,
    "SERVICE_CARTES_ARRETE": 0x0400,
    "PORT_OCCUPE": 0x800B,
    "PORT_INTERDIT": 0x800B,
    "PORT_REGLAGES": 0x800B,
    "PLUSIEURS_CPS": 0x2000,
    "PLUSIEURS_VITALE": 0x2000,
}


@dataclass
class _Session:
    appli: str
    ressource: Ressource
    place: PlaceCarte
    contextes: dict[int, bytes] = field(default_factory=dict)
    echange: threading.Lock = field(default_factory=threading.Lock)
    fermee: bool = False


class ClientGalss:
    """One client over the table of resources (`ressources.table`). Calls may come from any thread.

    Every refusal is an ErreurConnue whose code is the numeric one (``GALSS_0004``). `partage` is what all clients of
    this manager have in common: without it an exclusivity holds between the sessions of this client alone.
    """

    def __init__(self, gestionnaire: Gestionnaire, table: Sequence[Ressource], partage: Partage | None = None) -> None:
        self._gestionnaire = gestionnaire
        self._table = tuple(table)
        partage = partage or Partage()
        self._noms, self._exclusivites = partage.noms, partage.exclusivites
        self._sessions: dict[int, _Session] = {}
        self._verrou = threading.Lock()

    def ouvrir_session(self, appli: str, ressource: str) -> tuple[int, int]:
        """galclOuvrirSession → session number and LAD. The name of an application is that of one session only.

        Raises GALSS_4000 (name empty or too long), GALSS_2000 (unknown resource), GALSS_0800 (name in use), GALSS_0002.
        """
        trouvee = self._ressource(appli, ressource)
        numero = self._noms.prendre(appli, ressource)
        with self._verrou:
            self._sessions[numero] = _Session(appli, trouvee, PlaceCarte(self._gestionnaire, trouvee))
        return numero, trouvee.lad

    def ouvrir_session_unique(self, appli: str, ressource: str) -> tuple[int, int, str]:
        """`ouvrir_session` under the first free name: ``appli``, ``appli_001``… as the Cryptolib does on 0800.

        The name is returned too: the exclusivity that this session respects is asked under it.
        """
        nom, rang = appli, 0
        while True:
            try:
                return *self.ouvrir_session(nom, ressource), nom
            except ErreurConnue as erreur:
                if erreur.code != codes.nom(_DEJA_OUVERTE) or rang == SESSIONS_MAX:
                    raise
            rang += 1
            nom = f"{appli[: LONGUEUR_APPLI - 4]}_{rang:03}"

    def fermer_session(self, session: int) -> int:
        """galclFermerSession: lets the card go, gives back the exclusivity still held → its number, 0 for none.

        An exchange under way ends first: it could leave a card powered on that nobody would let go.
        """
        with self._verrou:
            ouverte = self._sessions.pop(session, None)
        if ouverte is None:
            raise codes.erreur(_SESSION_INCONNUE)
        return self._liberer(session, ouverte)

    def debut_exclusivite(self, appli: str, ressource: str) -> int:
        """galclDebutExclusivite: the channel of this resource for this application alone → number to give back.

        Waits while another application has it, then raises GALSS_0004; GALSS_0008 when this one has it already.
        """
        return self._exclusivites.prendre(Titulaire(self, appli), self._ressource(appli, ressource).canal)

    def fin_exclusivite(self, exclusivite: int) -> None:
        """galclFinExclusivite. Raises GALSS_1000 for a number that this client was not given."""
        self._exclusivites.rendre(self, exclusivite)

    def echange(self, session: int, message: bytes, delai: float = DELAI_LOGICIEL_S) -> bytes:
        """galclEchange: one reader command → status, state of the card, counter, data.

        `delai` (seconds) bounds the answer of a reader's software; that of a card is bounded by the manager. Raises
        GALSS_0004 (channel taken), 0008 (this session is already exchanging), 0040, 0100, 0200, 0400, 1000, 2000, 4000.
        """
        ouverte = self._session(session)
        self._exclusivites.exiger(Titulaire(self, ouverte.appli), ouverte.ressource.canal)
        if not ouverte.echange.acquire(blocking=False):
            raise codes.erreur(_SEQUENCE, ouverte.ressource.nom)
        try:
            if ouverte.fermee:
                raise codes.erreur(_SESSION_INCONNUE)
            if ouverte.ressource.lad == LAD_LOGICIEL:
                return self._dialoguer(ouverte.ressource, message, delai)
            return ouverte.place.executer(message)
        except ErreurConnue as erreur:
            raise numerique(erreur) from erreur
        finally:
            ouverte.echange.release()

    def ecrire_contexte(self, ordre: int, session: int, contexte: bytes) -> None:
        """galclEcritContexte: bytes kept for this session under this number, until it closes."""
        ouverte = self._session(session)
        if not contexte or not 0 <= ordre <= 0xFFFF:
            raise codes.erreur(_PARAMETRE)
        if ordre not in ouverte.contextes and len(ouverte.contextes) == CONTEXTES_MAX:
            raise codes.erreur(_PLEIN)
        if len(contexte) > CONTEXTE_MAX:
            raise codes.erreur(_TAMPON)
        ouverte.contextes[ordre] = bytes(contexte)

    def lire_contexte(self, ordre: int, session: int) -> bytes:
        """galclLitContexte. Raises GALSS_0020 when nothing was written."""
        contextes = self._session(session).contextes
        if ordre not in contextes:
            raise codes.erreur(_SANS_CONTEXTE)
        return contextes[ordre]

    def lire_version(self) -> list[tuple[str, str]]:
        """galclLireVersion → components and their versions: this program, which stands for all of them."""
        return [("sesam-desktop", version("sesam-desktop"))]

    def donner_nombre_ressources(self) -> int:
        """galinDonneNombreRessources."""
        return len(self._table)

    def donner_table_ressources(self) -> list[Ressource]:
        """galinDonneTableRessources: one row a resource and alias."""
        return list(self._table)

    def fermer(self) -> None:
        """Close every session, give back every exclusivity (no GALSS call: the end of the program)."""
        with self._verrou:
            sessions = dict(self._sessions)
            self._sessions.clear()
        for numero, session in sessions.items():
            self._liberer(numero, session)
        self._exclusivites.oublier_client(self)

    def _liberer(self, numero: int, session: _Session) -> int:
        with session.echange:
            session.fermee = True
            session.place.fermer()
        self._noms.rendre(numero)
        return self._exclusivites.oublier(Titulaire(self, session.appli))

    def _ressource(self, appli: str, nom: str) -> Ressource:
        if not 0 < len(appli) <= LONGUEUR_APPLI or not 0 < len(nom) <= LONGUEUR_RESSOURCE:
            raise codes.erreur(_PARAMETRE, nom)
        trouvee = ressources.trouver(self._table, nom)
        if trouvee is None:
            raise codes.erreur(_RESSOURCE_INCONNUE, nom)
        return trouvee

    def _session(self, numero: int) -> _Session:
        with self._verrou:
            session = self._sessions.get(numero)
        if session is None:
            raise codes.erreur(_SESSION_INCONNUE)
        return session

    def _dialoguer(self, ressource: Ressource, message: bytes, delai: float) -> bytes:
        """The channel puts the first two bytes back; a software has neither card state nor counter."""
        if len(message) < 3 or message[:2] != bytes([0, LAD_LOGICIEL]):
            raise codes.erreur(_PARAMETRE, ressource.nom)
        for logiciel in self._gestionnaire.logiciels():
            if logiciel.lecteur == ressource.lecteur:
                return bytes(3) + self._gestionnaire.dialoguer(logiciel, message[2:], delai)
        raise ErreurConnue(
            "Le logiciel de ce lecteur ne répond pas.",
            code=codes.nom(_MUET),
            action="Vérifiez que le lecteur est allumé et branché ; un simple lecteur PC/SC n'a pas de logiciel.",
            ou=ressource.lecteur or ressource.nom,
        )


def numerique(erreur: ErreurConnue) -> ErreurConnue:
    """The same refusal under the numeric code that GALSS would give; its sentence, more exact, is kept."""
    if erreur.code.startswith("GALSS_"):
        return erreur
    code = codes.nom(_CODES.get(erreur.code, _ABANDONNE))
    return ErreurConnue(erreur.message, code=code, action=erreur.action, ou=erreur.ou)
