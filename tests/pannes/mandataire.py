"""A TCP relay that misbehaves: it delays, cuts, truncates and keeps silent at random, in both directions.

What becomes of a connection is drawn from the seed and its rank, and how far it goes before its fate strikes too.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

# Fate of a connection → its weight. A cut drops both sides; a truncation ends one of them in the middle of a block;
# a silence leaves both open, and passes nothing more.
SORTS = {"calme": 25, "lente": 15, "coupee": 30, "tronquee": 24, "muette": 6}
_PORTEE = 20_000  # bytes: a fate strikes after this many on average
_BLOC = 4_096


@dataclass
class _Liaison:
    """One connection and what is left of it before its fate."""

    sort: str
    reste: int
    hasard: random.Random

    def prochain(self) -> int:
        return self.hasard.randint(1, _BLOC)

    def prendre(self, bloc: bytes) -> bytes:
        """What passes of a block."""
        if self.sort in ("calme", "lente"):
            return bloc
        passe = bloc[: self.reste]
        self.reste -= len(bloc)
        return passe

    @property
    def frappee(self) -> bool:
        return self.sort not in ("calme", "lente") and self.reste <= 0


class Mandataire:
    """Listens on 127.0.0.1:`port` and relays to another port, in a thread of its own."""

    def __init__(self, cible: int, graine: int) -> None:
        self._cible, self._graine = cible, graine
        self.sorts: Counter[str] = Counter()
        self.port = 0
        self._boucle = asyncio.new_event_loop()
        self._pret = threading.Event()
        self._fil = threading.Thread(target=self._tourner, name="mandataire", daemon=True)

    def __enter__(self) -> Mandataire:
        self._fil.start()
        assert self._pret.wait(10)
        return self

    def __exit__(self, *_erreur: object) -> None:
        self._boucle.call_soon_threadsafe(self._boucle.stop)
        self._fil.join(10)

    def _tourner(self) -> None:
        asyncio.set_event_loop(self._boucle)
        serveur = self._boucle.run_until_complete(asyncio.start_server(self._accueillir, "127.0.0.1", 0))
        self.port = serveur.sockets[0].getsockname()[1]
        self._pret.set()
        self._boucle.run_forever()
        serveur.close()
        taches = asyncio.all_tasks(self._boucle)
        for tache in taches:
            tache.cancel()
        self._boucle.run_until_complete(asyncio.gather(*taches, return_exceptions=True))
        self._boucle.close()

    async def _accueillir(self, lecteur: asyncio.StreamReader, redacteur: asyncio.StreamWriter) -> None:
        liaison = self._tirer()
        try:
            la_bas = await asyncio.open_connection("127.0.0.1", self._cible)
        except OSError:
            redacteur.transport.abort()
            return
        sens = (self._relayer(lecteur, la_bas[1], liaison), self._relayer(la_bas[0], redacteur, liaison))
        taches = [asyncio.ensure_future(s) for s in sens]
        with suppress(asyncio.CancelledError):
            await asyncio.wait(taches, return_when=asyncio.FIRST_COMPLETED)
        for tache in taches:
            tache.cancel()
        for fin in (redacteur, la_bas[1]):
            if liaison.sort == "coupee":
                fin.transport.abort()
            else:
                fin.close()

    def _tirer(self) -> _Liaison:
        hasard = random.Random(f"{self._graine}-{sum(self.sorts.values())}")
        (sort,) = hasard.choices(list(SORTS), list(SORTS.values()))
        self.sorts[sort] += 1
        return _Liaison(sort, int(hasard.expovariate(1 / _PORTEE)), hasard)

    async def _relayer(
        self, lecteur: asyncio.StreamReader, redacteur: asyncio.StreamWriter, liaison: _Liaison
    ) -> None:
        with suppress(OSError):
            while bloc := await lecteur.read(liaison.prochain()):
                if liaison.sort == "lente":
                    await asyncio.sleep(liaison.hasard.uniform(0, 0.02))
                redacteur.write(liaison.prendre(bloc))
                await redacteur.drain()
                if liaison.frappee and liaison.sort == "muette":
                    await lecteur.read()  # until somebody gives up
                if liaison.frappee:
                    return
