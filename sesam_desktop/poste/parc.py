"""The readers of this workstation: their manager, what happened at them, their names for GALSS, traces on demand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .chronique import Chronique, EvenementDate

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Canal, Fente
    from sesam_desktop.lecteurs.galss.client import ClientGalss
    from sesam_desktop.lecteurs.galss.exclusivites import Partage
    from sesam_desktop.lecteurs.galss.realignement import Bilan
    from sesam_desktop.lecteurs.galss.ressources import Ressource
    from sesam_desktop.lecteurs.gestionnaire import Evenement, Gestionnaire
    from sesam_desktop.lecteurs.trace import Trace


class Parc:
    """Nothing is reached before it is asked for; then the channels are watched until `fermer`."""

    def __init__(self, canaux: Callable[[], list[Canal]], profil: Path) -> None:
        self._creer_canaux = canaux
        self._profil = profil
        self._chronique = Chronique()
        self._verrou_gestionnaire = threading.Lock()
        self._gestionnaire: Gestionnaire | None = None
        self._trace: Trace | None = None
        self._partage_galss: Partage | None = None

    @property
    def gestionnaire(self) -> Gestionnaire:
        """The manager of the readers, watching."""
        with self._verrou_gestionnaire:
            if self._gestionnaire is None:
                from sesam_desktop.lecteurs.gestionnaire import Gestionnaire

                self._gestionnaire = Gestionnaire(self._creer_canaux())
                self._gestionnaire.abonner(self._recevoir)
            return self._gestionnaire

    def fentes(self) -> list[Fente]:
        """Every slot of every channel."""
        return self.gestionnaire.fentes()

    def evenements(self) -> list[EvenementDate]:
        """What happened at the readers since the program started, latest first, bounded."""
        return self._chronique.lire()

    def tracer(self, actif: bool) -> Path | None:
        """Start a trace of the exchanges in a new file (its path), or stop it (None). It holds no data of a card.

        Raises the ErreurConnue of a file that cannot be made: a trace already running then goes on.
        """
        nouvelle = _ouvrir_trace(self._profil / "journaux") if actif else None
        finie, self._trace = self._trace, nouvelle
        self.gestionnaire.tracer(self._trace)
        if finie is not None:
            finie.fermer()
        return self.trace

    @property
    def trace(self) -> Path | None:
        """The file where exchanges are traced now."""
        return self._trace.chemin if self._trace is not None else None

    def ressources(self) -> list[Ressource]:
        """Resources of this workstation, as GALSS names them; readers are asked only when no galss.ini tells."""
        from sesam_desktop.lecteurs.galss.ressources import table

        from .galss import fichier_galss

        fichier = fichier_galss(self._profil)
        return table(self.fentes() if fichier is None else (), fichier)

    def client_galss(self) -> ClientGalss:
        """The calls a program makes of GALSS, over these readers: see docs/galss.md.

        Clients contend with each other for exclusivity, as programs do before one GALSS.
        """
        from sesam_desktop.lecteurs.galss.client import ClientGalss
        from sesam_desktop.lecteurs.galss.exclusivites import Partage

        gestionnaire, table = self.gestionnaire, self.ressources()
        with self._verrou_gestionnaire:
            self._partage_galss = self._partage_galss or Partage()
        return ClientGalss(gestionnaire, table, self._partage_galss)

    def realigner(self, chemin: Path | None = None, *, simuler: bool = False) -> Bilan:
        """Rewrite galss.ini (default: the one this workstation uses) for the slots as they are; raises ErreurConnue."""
        from sesam_desktop.lecteurs.galss.realignement import realigner

        from .galss import galss_ini_du_poste

        maintenant = datetime.now().astimezone()
        return realigner(chemin or galss_ini_du_poste(self._profil), self.fentes(), maintenant, simuler=simuler)

    def fermer(self) -> None:
        """Let the readers go."""
        if self._gestionnaire is not None:
            self._gestionnaire.fermer()
        if self._trace is not None:
            self._trace.fermer()

    def _recevoir(self, evenement: Evenement) -> None:
        """On a reader's thread."""
        self._chronique.noter(evenement)


def _ouvrir_trace(dossier: Path) -> Trace:
    from sesam_desktop.base.fichiers import traduire
    from sesam_desktop.lecteurs.trace import Trace

    chemin = dossier / f"lecteurs-{time.strftime('%Y%m%d-%H%M%S')}.log"
    try:
        return Trace(chemin)
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
