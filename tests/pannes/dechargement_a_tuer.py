"""A workstation that unloads its terminal, to be killed at any instant: ``python -m tests.pannes.dechargement_a_tuer
PROFIL PRISE``. Writes a line when it starts, and one when all is unloaded."""

from __future__ import annotations

import sys
from pathlib import Path

from sesam_desktop.poste import demonstration
from tests.outils.terminal_tla import SOCLE
from tests.pannes.terminal_a_part import Cable


def main(profil: str, prise: str) -> None:
    poste = demonstration.ouvrir(Path(profil))
    poste.environnement.socle.canal.poser(SOCLE, Cable(prise))
    terminal = poste.terminaux.trouver()
    print("au travail", flush=True)
    poste.terminaux.decharger(terminal)
    print("fini", flush=True)
    poste.fermer()


if __name__ == "__main__":
    main(*sys.argv[1:])
