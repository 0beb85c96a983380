"""Commands to a card, with the habits of T=0: ``61xx`` asks for GET RESPONSE, ``6Cxx`` for the same with Le = xx."""

from __future__ import annotations

from sesam_desktop.noyau.erreurs import ErreurConnue

from .canal import SessionCarte

OK = 0x9000
HORS_FICHIER = 0x6B00
FIN_DE_FICHIER = 0x6282
PAS = 256
TAILLE_MAXIMALE = 1 << 15
_SUITES_MAXIMALES = 256


def commande(cla: int, ins: int, p1: int, p2: int, donnees: bytes = b"", le: int | None = None) -> bytes:
    """A short command. With T=0 a command carries data or an expected length, never both."""
    suite = bytes([len(donnees)]) + donnees if donnees else b""
    return bytes([cla, ins, p1, p2]) + suite + (bytes([le & 0xFF]) if le is not None else b"")


def envoyer(session: SessionCarte, apdu: bytes) -> tuple[bytes, int]:
    """Send `apdu` and follow the card until its last word. Returns the whole data and the final status word."""
    morceau, sw = session.transmettre(apdu)
    if sw >> 8 == 0x6C:
        morceau, sw = session.transmettre(apdu[:4] + bytes([sw & 0xFF]))
    donnees = morceau
    for _ in range(_SUITES_MAXIMALES):
        if sw >> 8 != 0x61:
            return donnees, sw
        morceau, sw = session.transmettre(bytes([apdu[0] & 0xFC, 0xC0, 0, 0, sw & 0xFF]))
        donnees += morceau
    raise refus_de_la_carte(session, sw)


def exiger(session: SessionCarte, apdu: bytes) -> bytes:
    """Data of a command that must succeed. Raises ErreurConnue CARTE_REFUSE with the status word."""
    donnees, sw = envoyer(session, apdu)
    if sw != OK:
        raise refus_de_la_carte(session, sw)
    return donnees


def choisir_application(session: SessionCarte, aid: bytes) -> bytes:
    """SELECT by name."""
    return exiger(session, commande(0x00, 0xA4, 0x04, 0x00, aid))


def choisir_fichier(session: SessionCarte, fid: int) -> bytes:
    """SELECT by two-byte identifier, below the current folder (3F00: the master file)."""
    return exiger(session, commande(0x00, 0xA4, 0x00, 0x00, fid.to_bytes(2, "big")))


def lire_fichier(session: SessionCarte, sfi: int | None = None, pas: int = PAS) -> bytes:
    """Whole content of the current file, or of the file with this short identifier, `pas` bytes at a time."""
    contenu = b""
    while len(contenu) <= TAILLE_MAXIMALE:
        p1, p2 = divmod(len(contenu), 256)
        premiere = 0x80 | sfi if sfi is not None and not contenu else p1
        morceau, sw = envoyer(session, commande(0x00, 0xB0, premiere, p2, le=pas))
        if sw not in (OK, FIN_DE_FICHIER) and not (sw == HORS_FICHIER and contenu):
            raise refus_de_la_carte(session, sw)
        contenu += morceau
        if sw != OK or len(morceau) < pas:
            return contenu
    raise refus_de_la_carte(session, OK)


def refus_de_la_carte(session: SessionCarte, sw: int) -> ErreurConnue:
    """The card answered, and the answer is no."""
    return ErreurConnue(
        f"La carte refuse la commande (réponse {sw:04X}).",
        code="CARTE_REFUSE",
        action="Retirez la carte, réinsérez-la et recommencez ; si le refus persiste, la carte est à remplacer.",
        ou=session.fente.lecteur,
    )
