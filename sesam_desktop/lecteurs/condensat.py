"""SHA-256 with its inner state in the open, because the card does the last round of the hash itself.

`hashlib` hides that state, and a CPS3 wants it: intermediate hash, number of bits already hashed, last block.
Algorithm: FIPS 180-4. Constants are recomputed from their definition (fractional parts of roots of primes).
"""

from __future__ import annotations

import struct
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
    return struct.unpack(f">{len(octets) // 4}I", octets)


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


def _absorber(etat: tuple[int, ...], octets: bytes) -> tuple[int, ...]:
    for debut in range(0, len(octets), BLOC):
        etat = _compresser(etat, octets[debut : debut + BLOC])
    return etat


def _compresser(etat: tuple[int, ...], bloc: bytes) -> tuple[int, ...]:
    """One block. A word written twice side by side turns by a plain shift: a signature hashes dozens of blocks."""
    a, b, c, d, e, f, g, h = etat
    for k, mot in zip(_constantes(), _etendre(bloc), strict=True):
        ee, aa = e << 32 | e, a << 32 | a
        t1 = h + ((ee >> 6 ^ ee >> 11 ^ ee >> 25) & _MASQUE) + (g ^ e & (f ^ g)) + k + mot
        t2 = ((aa >> 2 ^ aa >> 13 ^ aa >> 22) & _MASQUE) + (a & b | c & (a | b))
        a, b, c, d, e, f, g, h = (t1 + t2) & _MASQUE, a, b, c, (d + t1) & _MASQUE, e, f, g
    return tuple((x + y) & _MASQUE for x, y in zip(etat, (a, b, c, d, e, f, g, h), strict=True))


def _etendre(bloc: bytes) -> list[int]:
    """The 64 words of the schedule."""
    w = list(_mots(bloc))
    for t in range(16, 64):
        x, y = w[t - 15], w[t - 2]
        xx, yy = x << 32 | x, y << 32 | y
        s0 = (xx >> 7 ^ xx >> 18) & _MASQUE ^ x >> 3
        s1 = (yy >> 17 ^ yy >> 19) & _MASQUE ^ y >> 10
        w.append((w[t - 16] + s0 + w[t - 7] + s1) & _MASQUE)
    return w
