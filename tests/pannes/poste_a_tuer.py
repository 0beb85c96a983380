"""A workstation that works without end (sign, make lots, send, fetch), to be killed at any instant by a test.

``python -m tests.pannes.poste_a_tuer MODE PROFIL AUTORITE SMTP POP TLS``: writes a line once it is at work. Mode
``sans-fin`` adds invoices at each turn; ``finir`` only brings what exists to its end, then leaves.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR
from tests.teletransmission.atelier import Atelier
from tests.teletransmission.fabrique import PARIS, SARTHE, courrier

_EN_CHEMIN = {Etat.SIGNEE_PS, Etat.EN_LOT, Etat.TRANSMISE, Etat.ACQUITTEE}


def tour(atelier: Atelier) -> None:
    atelier.preparation.preparer()
    atelier.depart.envoyer(maintenant=True)
    atelier.boite.relever()


def main(mode: str, profil: str, autorite: str, smtp: str, pop: str, tls: str) -> None:
    compte = courrier(
        int(smtp), int(pop), Path(tls), utilisateur=UTILISATEUR, mot_de_passe=lambda: MOT_DE_PASSE, delai_s=20.0
    )
    atelier = Atelier(Path(profil), Path(autorite), compte)
    print("au travail", flush=True)
    while mode == "sans-fin" or atelier.factures.par_etat().keys() & _EN_CHEMIN:
        if mode == "sans-fin":
            for destinataire in (SARTHE, PARIS, SARTHE):
                atelier.signer(destinataire)
        tour(atelier)
        time.sleep(0.01)
    atelier.fermer()


if __name__ == "__main__":
    main(*sys.argv[1:])
