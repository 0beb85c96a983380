"""Commands to a card, with the habits of T=0: ``61xx`` asks for GET RESPONSE, ``6Cxx`` for the same with Le = xx.

Nothing here depends on one maker's card: where ISO 7816-4 leaves a choice (end of a file, largest reading, form of a
path, warnings of a SELECT), every answer it allows is understood.
"""

from __future__ import annotations

from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import SessionCarte

OK = 0x9000
HORS_FICHIER = 0x6B00
FIN_DE_FICHIER = 0x6282
MAUVAISE_LONGUEUR = 0x6700
MAUVAIS_PARAMETRES = 0x6A86
FICHIER_INTROUVABLE = 0x6A82
PAS = 256
TAILLE_MAXIMALE = 1 << 15  # what fifteen bits of offset reach
_MAITRE = 0x3F00
_SUITES_MAXIMALES = 256
_LECTURES_MAXIMALES = 2048
_SANS_DONNEES = 5  # CLA INS P1 P2 and an expected length
_FINS = (OK, FIN_DE_FICHIER, HORS_FICHIER)
_FINS_APRES_LECTURE = (MAUVAISE_LONGUEUR, MAUVAIS_PARAMETRES)  # told of a length, or of a place, past the end


class RefusCarte(ErreurConnue):
    """The card answered, and the answer is no: `sw` is its status word."""

    code = "CARTE_REFUSE"

    def __init__(self, sw: int, lecteur: str) -> None:
        self.sw = sw
        super().__init__(
            f"La carte refuse la commande (réponse {sw:04X}).",
            action="Retirez la carte, réinsérez-la et recommencez ; si le refus persiste, la carte est à remplacer.",
            ou=lecteur,
        )


def commande(cla: int, ins: int, p1: int, p2: int, donnees: bytes = b"", le: int | None = None) -> bytes:
    """A short command. With T=0 a command carries data or an expected length, never both."""
    suite = bytes([len(donnees)]) + donnees if donnees else b""
    return bytes([cla, ins, p1, p2]) + suite + (bytes([le & 0xFF]) if le is not None else b"")


def envoyer(session: SessionCarte, apdu: bytes) -> tuple[bytes, int]:
    """Send `apdu` and follow the card until its last word. Returns the whole data and the final status word."""
    morceau, sw = _transmettre(session, apdu)
    donnees = morceau
    for _ in range(_SUITES_MAXIMALES):
        if sw >> 8 != 0x61:
            return donnees, sw
        morceau, sw = _transmettre(session, bytes([apdu[0] & 0xFC, 0xC0, 0, 0, sw & 0xFF]))
        donnees += morceau
    raise refus_de_la_carte(session, sw)


def exiger(session: SessionCarte, apdu: bytes) -> bytes:
    """Data of a command that must succeed. Raises RefusCarte with the status word."""
    donnees, sw = envoyer(session, apdu)
    if sw != OK:
        raise refus_de_la_carte(session, sw)
    return donnees


def choisir_application(session: SessionCarte, aid: bytes) -> None:
    """SELECT by name."""
    _choisir(session, 0x04, aid)


def choisir_fichier(session: SessionCarte, fid: int) -> None:
    """SELECT by two-byte identifier, below the current folder (3F00: the master file).

    Some cards keep P1=00 for folders: an elementary file is then asked for as such (P1=02). Raises RefusCarte.
    """
    nom = fid.to_bytes(2, "big")
    try:
        _choisir(session, 0x00, nom)
    except RefusCarte as refus:
        if fid == _MAITRE:
            raise
        _, sw = envoyer(session, commande(0x00, 0xA4, 0x02, 0x00, nom))
        if not _accepte(sw):
            raise (refus_de_la_carte(session, sw) if sw == FICHIER_INTROUVABLE else refus) from None


def choisir_chemin(session: SessionCarte, *chemin: int) -> None:
    """SELECT from the master file, by the whole path at once, or step by step on a card that has no paths.

    Raises RefusCarte with the answer to the last step.
    """
    octets = b"".join(fid.to_bytes(2, "big") for fid in chemin)
    for p1, donnees in ((0x09, octets), (0x08, octets[2:])):
        if _accepte(envoyer(session, commande(0x00, 0xA4, p1, 0x00, donnees))[1]):
            return
    for fid in chemin:
        choisir_fichier(session, fid)


def lire_fichier(session: SessionCarte, sfi: int | None = None, pas: int = PAS) -> bytes:
    """Whole content of the current file, or of the file with this short identifier, at most `pas` bytes at a time.

    A card may give less than asked without being at the end: the first reading tells how much it gives at once.
    Raises RefusCarte, and CARTE_ILLISIBLE for a file without end.
    """
    contenu = b""
    for _ in range(_LECTURES_MAXIMALES):
        morceau, sw = envoyer(session, _lecture(sfi, len(contenu), pas))
        if sw == MAUVAISE_LONGUEUR and pas > 1:
            pas //= 2
            continue
        if sw not in _FINS and not (contenu and sw in _FINS_APRES_LECTURE):
            raise refus_de_la_carte(session, sw)
        if sw != OK or not morceau or (contenu and len(morceau) < pas):
            return contenu + morceau
        contenu, pas = contenu + morceau, min(pas, len(morceau))
        if len(contenu) >= TAILLE_MAXIMALE:
            break
    raise _sans_fin(session)


def _lecture(sfi: int | None, position: int, pas: int) -> bytes:
    """The short identifier goes with the first reading only: it makes the file the current one."""
    premiere, p2 = divmod(position, 256)
    return commande(0x00, 0xB0, 0x80 | sfi if sfi is not None and not position else premiere, p2, le=pas)


def _transmettre(session: SessionCarte, apdu: bytes) -> tuple[bytes, int]:
    """One command, again with the expected length the card asks for. One that carries data is never sent again:
    ``6Cxx`` has no meaning there, and the data may be a code."""
    donnees, sw = session.transmettre(apdu)
    if sw >> 8 == 0x6C and len(apdu) <= _SANS_DONNEES:
        return session.transmettre(apdu[:4] + bytes([sw & 0xFF]))
    return donnees, sw


def _choisir(session: SessionCarte, p1: int, donnees: bytes) -> None:
    _, sw = envoyer(session, commande(0x00, 0xA4, p1, 0x00, donnees))
    if not _accepte(sw):
        raise refus_de_la_carte(session, sw)


def _accepte(sw: int) -> bool:
    """Done, with or without a warning."""
    return sw == OK or sw >> 8 in (0x62, 0x63)


def refus_de_la_carte(session: SessionCarte, sw: int) -> RefusCarte:
    """The refusal of the card of this session."""
    return RefusCarte(sw, session.fente.lecteur)


def _sans_fin(session: SessionCarte) -> ErreurConnue:
    return ErreurConnue(
        "Un fichier de la carte n'a pas de fin.",
        code="CARTE_ILLISIBLE",
        action="Retirez la carte, réinsérez-la et recommencez ; si le refus persiste, la carte est à remplacer.",
        ou=session.fente.lecteur,
    )
