"""A workstation that unloads its terminal, to be killed at any instant: ``python -m tests.pannes.dechargement_a_tuer
PROFIL PRISE [avant|apres N]``. Writes a line when it starts, and one when all is unloaded.

With the last two arguments it dies by itself, by kill -9: just before its N-th acknowledgement leaves (the visit is
kept here, and still on the terminal), or just after its answer (the terminal has forgotten it, nothing says so here).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from sesam_desktop.lecteurs.tla.messages import Commande
from sesam_desktop.poste import demonstration
from tests.outils.terminal_tla import SOCLE
from tests.pannes.terminal_a_part import Cable


class CableFatal(Cable):
    def __init__(self, prise: str, quand: str, rang: int) -> None:
        super().__init__(prise)
        self._quand, self._restants = quand, rang

    def __call__(self, message: bytes) -> bytes:
        self._restants -= message[1] == Commande.ACQUITTER
        if self._quand == "avant" and not self._restants:
            os.kill(os.getpid(), signal.SIGKILL)
        reponse = super().__call__(message)
        if self._quand == "apres" and not self._restants:
            os.kill(os.getpid(), signal.SIGKILL)
        return reponse


def main(profil: str, prise: str, quand: str = "jamais", rang: str = "0") -> None:
    poste = demonstration.ouvrir(Path(profil))
    poste.environnement.socle.canal.poser(SOCLE, CableFatal(prise, quand, int(rang)))
    terminal = poste.terminaux.trouver()
    print("au travail", flush=True)
    poste.terminaux.decharger(terminal)
    print("fini", flush=True)
    poste.fermer()


if __name__ == "__main__":
    main(*sys.argv[1:])
