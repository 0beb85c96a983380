"""Times of the serial link, and the clock they are counted with.

BWT, BGT and EXT are those of ``[PROTOCOLE0] Config`` of galss.ini, CWT its optional key. How they apply to a block is
the project profile: the reference guide gives their names and bounds, no more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

CWT_MS = 200  # galss.ini gives one for terminal servers only; a USB adapter delivers its bytes by gusts of 16 ms
BITS = 10  # start, eight of data, stop


@dataclass(frozen=True, slots=True)
class Chrono:
    """In seconds. The shipped values of galss.ini are the defaults."""

    bwt: float = 1.0  # silence allowed before the first byte of an answer
    bgt: float = 0.02  # silence kept between what the other end said and what we say
    ext: float = 15.0  # longest time a reader may ask for, and longest exchange
    cwt: float = CWT_MS / 1000  # silence allowed inside a block
    octet: float = BITS / 9600  # one byte on the wire

    @classmethod
    def en_ms(cls, bwt: int, bgt: int, ext: int, cwt: int | None = None, *, vitesse: int = 9600) -> Chrono:
        """From the integers of galss.ini, whose bounds were checked when it was read."""
        return cls(bwt / 1000, bgt / 1000, ext / 1000, (cwt or CWT_MS) / 1000, BITS / vitesse)


class Horloge:
    """The real clock; tests give another one."""

    def maintenant(self) -> float:
        return time.monotonic()

    def dormir(self, duree: float) -> None:
        time.sleep(duree)
