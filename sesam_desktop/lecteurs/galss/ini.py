"""An ini file kept byte for byte: what is not changed is written back as it was found.

Old components write these files by hand: CP1252 (even its undefined bytes), CR, CRLF or LF, NULs, a byte order mark,
keys of any case, sections given twice. All of it stays. A key is read as Windows reads it: case does not count, the
first section and the first key of a name win, blanks and NULs around a value are no part of it.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

TAILLE_MAX = 1 << 18
_LIGNE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
_BLANCS = " \t\0"
# Each byte is one character and back: the five bytes CP1252 leaves undefined keep their own value.
_CP1252 = "".join(bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(256))
_VERS_CP1252 = codecs.charmap_build(_CP1252)
_MARQUES = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"))


@dataclass(frozen=True, slots=True)
class Ligne:
    """One line, cut so that `avant + valeur + apres + fin` is what stood in the file.

    A section has its name in `section` and no `cle`; a key has both; a comment, a blank line or anything else has
    no `cle`, and belongs to the section it stands in.
    """

    numero: int
    section: str
    cle: str
    avant: str
    valeur: str
    apres: str
    fin: str
    entete: bool = False

    @property
    def texte(self) -> str:
        return self.avant + self.valeur + self.apres + self.fin

    @property
    def est_vide(self) -> bool:
        return not self.texte.strip(_BLANCS + "\r\n")

    @property
    def est_comprise(self) -> bool:
        """A section, a key, a comment or a blank line."""
        return self.entete or bool(self.cle) or self.est_vide or self.avant.lstrip(_BLANCS)[0] in ";#"


class FichierIni:
    """The lines of one file. `octets()` gives the same bytes until `poser` or `retirer_section` is called."""

    def __init__(self, octets: bytes) -> None:
        if len(octets) > TAILLE_MAX:
            raise FormatInvalide("Ce fichier est trop gros pour un fichier de configuration.", code="INI_TROP_GROS")
        self._marque, self._codage, texte = _decoder(octets)
        self._relire(texte)

    @property
    def est_cp1252(self) -> bool:
        """False when the file starts with a byte order mark: old components do not read it."""
        return not self._marque

    @property
    def a_des_nuls(self) -> bool:
        return any("\0" in ligne.texte for ligne in self.lignes)

    @property
    def fin_de_ligne(self) -> str:
        """The line ending used most, CRLF for a file without any."""
        fins = Counter(ligne.fin for ligne in self.lignes if ligne.fin)
        return fins.most_common(1)[0][0] if fins else "\r\n"

    def octets(self) -> bytes:
        return self._marque + _coder(self._texte(), self._codage)

    def en_cp1252(self) -> FichierIni:
        """The same text without byte order mark nor NUL. Raises CARACTERE_INVALIDE when CP1252 cannot say it."""
        return FichierIni(_coder(self._texte().replace("\0", ""), "cp1252"))

    def sections(self) -> list[str]:
        """Names as written, in order, each once."""
        noms = {ligne.section.casefold(): ligne.section for ligne in reversed(self.lignes) if ligne.entete}
        return list(reversed(noms.values()))

    def ligne(self, section: str, cle: str = "") -> Ligne | None:
        """The line that counts for this key, or the header of this section."""
        return self._index.get((section.casefold(), cle.casefold()))

    def valeur(self, section: str, cle: str) -> str | None:
        ligne = self.ligne(section, cle)
        return ligne.valeur if ligne else None

    def cles(self, section: str) -> dict[str, str]:
        """Keys of a section as written, with the value that counts."""
        vues: dict[str, tuple[str, str]] = {}
        for ligne in self._corps(section):
            if ligne.cle:
                vues.setdefault(ligne.cle.casefold(), (ligne.cle, ligne.valeur))
        return dict(vues.values())

    def doublons(self) -> list[Ligne]:
        """Lines that never count: a section or a key given again."""
        double, trouvees = False, []
        for ligne in self.lignes:
            seconde = self.ligne(ligne.section, ligne.cle) not in (None, ligne)
            if ligne.entete:
                double = seconde
            if seconde and (ligne.entete or (ligne.cle and not double)):
                trouvees.append(ligne)
        return trouvees

    def incomprises(self) -> list[Ligne]:
        """Lines that are neither section, key, comment nor blank."""
        return [ligne for ligne in self.lignes if not ligne.est_comprise]

    def poser(self, section: str, cle: str, valeur: str) -> None:
        """Give this value to this key: on its own line, or added after the last key of its section."""
        _exiger_ecrivable(section, cle, valeur, self._codage)
        ancienne = self.ligne(section, cle)
        if ancienne is not None:
            self.lignes[ancienne.numero - 1] = replace(ancienne, valeur=valeur)
            self._relire(self._texte())
        elif self.ligne(section) is not None:
            self._inserer(self._derniere_utile(section), [f"{cle}={valeur}"])
        else:
            self.ajouter_section(section, {cle: valeur})

    def ajouter_section(self, section: str, cles: dict[str, str]) -> None:
        """Put a new section at the end of the file."""
        for cle, valeur in cles.items():
            _exiger_ecrivable(section, cle, valeur, self._codage)
        vide = [""] if self.lignes and not self.lignes[-1].est_vide else []
        textes = [*vide, f"[{section}]", *(f"{cle}={valeur}" for cle, valeur in cles.items())]
        self._inserer(len(self.lignes), textes)

    def retirer_section(self, section: str) -> None:
        """Take out a section, from its header to its last key; what follows (comments of the next one) stays."""
        debut = self.ligne(section)
        if debut is not None:
            del self.lignes[debut.numero - 1 : self._derniere_utile(section)]
            self._relire(self._texte())

    def _corps(self, section: str) -> Iterator[Ligne]:
        """Lines of the first section of that name, header included."""
        nom, dedans = section.casefold(), False
        for ligne in self.lignes:
            if ligne.entete:
                if dedans:
                    return
                dedans = ligne.section.casefold() == nom
            if dedans:
                yield ligne

    def _derniere_utile(self, section: str) -> int:
        """How many lines of the file stand up to the last key of this section."""
        return max(ligne.numero for ligne in self._corps(section) if ligne.entete or ligne.cle)

    def _inserer(self, rang: int, textes: Iterable[str]) -> None:
        fin = self.fin_de_ligne
        if rang and not self.lignes[rang - 1].fin:
            self.lignes[rang - 1] = replace(self.lignes[rang - 1], fin=fin)
        self.lignes[rang:rang] = _lire("".join(texte + fin for texte in textes))
        self._relire(self._texte())

    def _texte(self) -> str:
        return "".join(ligne.texte for ligne in self.lignes)

    def _relire(self, texte: str) -> None:
        """Numbers and sections of the lines, and the index of those that count."""
        self.lignes = list(_lire(texte))
        self._index = _indexer(self.lignes)


def _decoder(octets: bytes) -> tuple[bytes, str, str]:
    """Byte order mark, encoding, text. A marked file that does not come back the same is read as CP1252."""
    for marque, codage in _MARQUES:
        if octets.startswith(marque):
            with contextlib.suppress(UnicodeDecodeError):
                return marque, codage, octets[len(marque) :].decode(codage)
    return b"", "cp1252", codecs.charmap_decode(octets, "strict", _CP1252)[0]


def _coder(texte: str, codage: str) -> bytes:
    try:
        if codage == "cp1252":
            return codecs.charmap_encode(texte, "strict", _VERS_CP1252)[0]
        return texte.encode(codage)
    except UnicodeEncodeError:
        raise EntreeInvalide(
            "Une valeur contient un caractère que ce fichier ne peut pas porter (CP1252).", code="CARACTERE_INVALIDE"
        ) from None


def _indexer(lignes: Iterable[Ligne]) -> dict[tuple[str, str], Ligne]:
    """The lines that count, by section and key, "" for its header: a big file is walked through once."""
    index: dict[tuple[str, str], Ligne] = {}
    compte = False
    for ligne in lignes:
        cle = (ligne.section.casefold(), ligne.cle.casefold())
        if ligne.entete:
            compte = cle not in index
        if compte and (ligne.entete or ligne.cle):
            index.setdefault(cle, ligne)
    return index


def _lire(texte: str) -> Iterator[Ligne]:
    section = ""
    for numero, trouvee in enumerate(_LIGNE.finditer(texte), start=1):
        contenu, fin = trouvee.groups()
        if not contenu and not fin:
            return
        nette = contenu.strip(_BLANCS)
        if nette.startswith("[") and "]" in nette:
            section = nette[1 : nette.index("]")].strip(_BLANCS)
            yield Ligne(numero, section, "", contenu, "", "", fin, entete=True)
        else:
            yield _ligne(numero, section, contenu, fin)


def _ligne(numero: int, section: str, contenu: str, fin: str) -> Ligne:
    cle, egal, valeur = contenu.partition("=")
    nom = cle.strip(_BLANCS)
    if not egal or not nom or nom[0] in ";#":
        return Ligne(numero, section, "", contenu, "", "", fin)
    gauche = len(valeur) - len(valeur.lstrip(_BLANCS))
    nette = valeur.strip(_BLANCS)
    return Ligne(numero, section, nom, cle + egal + valeur[:gauche], nette, valeur[gauche + len(nette) :], fin)


def _exiger_ecrivable(section: str, cle: str, valeur: str, codage: str) -> None:
    """What is written must read back the same."""
    _coder(section + cle + valeur, codage)
    texte = f"[{section}]\n{cle}={valeur}"
    relues = list(_lire(texte))
    attendu = [(section, "", ""), (section, cle, valeur)]
    if [(ligne.section, ligne.cle, ligne.valeur) for ligne in relues] != attendu:
        raise EntreeInvalide("Cette valeur ne peut pas être écrite dans un fichier ini.", code="VALEUR_INI_INVALIDE")
