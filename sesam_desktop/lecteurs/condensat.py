"""SHA-256 with its inner state in the open, because the card does the last round of the hash itself.

`hashlib` hides that state, and a CPS3 wants it: intermediate hash, number of bits already hashed, last block.
Algorithm: FIPS 180-4. Constants are recomputed from their definition (fractional parts of roots of primes).
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt

BLOC = 64
_MASQUE = 0xFFFFFFFF


def etat_intermediaire(octets: bytes) -> tuple[bytes, int, bytes]:
    """(intermediate hash, bits hashed, what is left: 1 to 64 bytes). Nothing is hashed when all fits in one block."""
    dernier = max(0, len(octets) - 1) // BLOC * BLOC
    if not dernier:
        return b"", 0, octets
    return _octets(_absorber(_depart(), octets[:dernier])), dernier * 8, octets[dernier:]


def terminer(intermediaire: bytes, bits: int, reste: bytes) -> bytes:
    """SHA-256 of the whole, from the state above."""
    etat = _mots(intermediaire) if intermediaire else _depart()
    longueur = bits + 8 * len(reste)
    bourrage = b"\x80" + b"\0" * ((55 - len(reste)) % BLOC)
    return _octets(_absorber(etat, reste + bourrage + longueur.to_bytes(8, "big")))


def _mots(octets: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(octets[i : i + 4], "big") for i in range(0, len(octets), 4))


def _octets(mots: tuple[int, ...]) -> bytes:
    return b"".join(mot.to_bytes(4, "big") for mot in mots)


@lru_cache(maxsize=1)
def _premiers() -> tuple[int, ...]:
    return tuple(n for n in range(2, 312) if all(n % d for d in range(2, isqrt(n) + 1)))


@lru_cache(maxsize=1)
def _depart() -> tuple[int, ...]:
    """First 32 bits of the fractional parts of the square roots of the first 8 primes."""
    return tuple(isqrt(p << 64) & _MASQUE for p in _premiers()[:8])


@lru_cache(maxsize=1)
def _constantes() -> tuple[int, ...]:
    """First 32 bits of the fractional parts of the cube roots of the first 64 primes."""
    return tuple(_racine_cubique(p << 96) & _MASQUE for p in _premiers())


def _racine_cubique(nombre: int) -> int:
    bas, haut = 0, 1 << (nombre.bit_length() // 3 + 1)
    while haut - bas > 1:
        milieu = (bas + haut) // 2
        bas, haut = (milieu, haut) if milieu**3 <= nombre else (bas, milieu)
    return bas


def _tourner(mot: int, rang: int) -> int:
    return (mot >> rang | mot << (32 - rang)) & _MASQUE


def _absorber(etat: tuple[int, ...], octets: bytes) -> tuple[int, ...]:
    for debut in range(0, len(octets), BLOC):
        etat = _compresser(etat, octets[debut : debut + BLOC])
    return etat


def _compresser(etat: tuple[int, ...], bloc: bytes) -> tuple[int, ...]:
    w = list(_mots(bloc))
    for t in range(16, 64):
        s0 = _tourner(w[t - 15], 7) ^ _tourner(w[t - 15], 18) ^ w[t - 15] >> 3
        s1 = _tourner(w[t - 2], 17) ^ _tourner(w[t - 2], 19) ^ w[t - 2] >> 10
        w.append((w[t - 16] + s0 + w[t - 7] + s1) & _MASQUE)
    a, b, c, d, e, f, g, h = etat
    for k, mot in zip(_constantes(), w, strict=True):
        t1 = h + (_tourner(e, 6) ^ _tourner(e, 11) ^ _tourner(e, 25)) + (e & f ^ ~e & g) + k + mot
        t2 = (_tourner(a, 2) ^ _tourner(a, 13) ^ _tourner(a, 22)) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (t1 + t2) & _MASQUE, a, b, c, (d + t1) & _MASQUE, e, f, g
    return tuple((x + y) & _MASQUE for x, y in zip(etat, (a, b, c, d, e, f, g, h), strict=True))
