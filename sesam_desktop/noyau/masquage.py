"""One function that takes secrets out of any text before it is written: NIR, PIN, RPPS, base64 runs, card names.

Used by the log formatter, crash reports, diagnostics and tests. Names and PIN values that the program knows
(last card read, code typed) are declared with `retenir` and cut out wherever they appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import zip_longest

_BASE64 = re.compile(r"[A-Za-z0-9+/=_-]{80,}")
_BLANC = r"[ .\t\xa0\u202f]{0,2}"
_NIR = re.compile(
    rf"(?<![0-9A-Za-z])[1-8](?:{_BLANC}[0-9]){{4}}{_BLANC}(?:[0-9]{{2}}|2[ABab])"
    rf"(?:{_BLANC}[0-9]){{6}}(?:{_BLANC}[0-9]{{2}})?(?![0-9A-Za-z])"
)
_ONZE_CHIFFRES = re.compile(r"(?<![0-9])[0-9]{11}(?![0-9])")
_NEUF_CHIFFRES = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
_CODE = re.compile(r"(?i)\b(pin|nip|code[ _-]?(?:porteur|cps|ps)?|mot de passe|password|passwd)([\"']?\s*[:=]\s*)\S+")
_CODE_NU = re.compile(r"(?i)\b((?:pin|nip|code[ _-]?(?:porteur|cps|pin))\s+(?:est\s+)?)[0-9]{4,8}(?![0-9])")

# What leaves the workstation is masked further: a shape that may be personal is, even when it often is not.
_A_GARDER = re.compile(
    r"(?<![0-9])20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])T?(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}(?![0-9])"
    r"|(?<![0-9A-Za-z])3[BF](?: ?[0-9A-F]{2}){4,32}(?![0-9A-Za-z])"
)
_PEM = re.compile(r"-----BEGIN [^\n]*?-----.*?(?:-----END [^\n]*?-----|\Z)", re.DOTALL)
_BASE64_PLIE = re.compile(r"(?m)^[ \t]*(?:[A-Za-z0-9+/]{40,}\r?\n[ \t]*)+[A-Za-z0-9+/]+={0,2}[ \t]*$")
_NIR_TIRETS = re.compile(
    r"(?<![0-9])[1-8]([-_/])[0-9]{2}\1[0-9]{2}\1(?:[0-9]{2}|2[ABab])\1[0-9]{3}\1[0-9]{3}(?:\1[0-9]{2})?(?![0-9])"
)
_ADRESSE = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)*")
_UTILISATEUR = re.compile(
    r"(?i)((?:/home/|/users/|/media/|/volumes/|\b[a-z]:[\\/]+(?:users|documents and settings)[\\/]+|\\\\users\\\\))"
    r"[^\\/\n\"'«»,;:]+"
)
_PARTAGE = re.compile(r"(?<![\w:\\])\\\\[^\\\s\"']+\\[^\\\n\"'«»,;:]+")
_TELEPHONE = re.compile(r"(?<![0-9.])0[1-9](?:[.-][0-9]{2}){4}(?![0-9])")
_FINESS_CORSE = re.compile(r"(?<![0-9A-Za-z])2[ABab][ \xa0]?(?:[0-9][ \xa0]?){6}[0-9](?![0-9A-Za-z])")
_NUMERO = re.compile(r"(?<![0-9])[0-9](?:[ \xa0\u202f]?[0-9]){7,}(?![0-9])")

_POUR_ENVOI = (
    (_PEM, "[base64]"), (_BASE64_PLIE, "[base64]"), (_UTILISATEUR, r"\1[compte]"), (_PARTAGE, "[partage]"),
    (_ADRESSE, "[adresse]"),
    (_NIR_TIRETS, "[NIR]"), (_TELEPHONE, "[numéro]"),
)

_connus: set[str] = set()


def retenir(*valeurs: str) -> None:
    """Declare values (names, codes) to be cut from everything written from now on. Short values are ignored."""
    _connus.update(v for v in (v.strip() for v in valeurs) if len(v) >= 3)


def oublier() -> None:
    """Forget every declared value (tests, end of a session)."""
    _connus.clear()


def masquer(texte: str) -> str:
    """`texte` without anything personal or secret. Idempotent; never raises."""
    texte = _BASE64.sub("[base64]", texte)
    texte = _CODE_NU.sub(r"\1[code]", _CODE.sub(r"\1\2[code]", texte))
    texte = _NIR.sub("[NIR]", texte)
    texte = _ONZE_CHIFFRES.sub("[RPPS]", texte)
    texte = _NEUF_CHIFFRES.sub("[numéro]", texte)
    for valeur in sorted(_connus, key=len, reverse=True):
        texte = re.sub(re.escape(valeur), "[nom]", texte, flags=re.IGNORECASE)
    return texte


def masquer_pour_envoi(texte: str, noms: Iterable[str] = ()) -> str:
    """`masquer`, for what is sent to somebody: addresses, accounts in paths, any number of 8 digits or more, keys.

    Instants and ATR are kept, support needs them. `noms`: whole words to be cut too, whatever their case.
    """
    for motif, remplacant in _POUR_ENVOI:
        texte = motif.sub(remplacant, texte)
    gardes = [trouve[0] for trouve in _A_GARDER.finditer(texte)]
    morceaux = [_masquer_numeros(masquer(morceau)) for morceau in _A_GARDER.split(texte)]
    texte = "".join(m + g for m, g in zip_longest(morceaux, gardes, fillvalue=""))
    mots = sorted((re.escape(nom.strip()) for nom in noms if len(nom.strip()) >= 2), key=len, reverse=True)
    return re.sub(rf"(?i)(?<!\w)(?:{'|'.join(mots)})(?!\w)", "[nom]", texte) if mots else texte


def _masquer_numeros(texte: str) -> str:
    return _NUMERO.sub("[numéro]", _FINESS_CORSE.sub("[numéro]", texte))
