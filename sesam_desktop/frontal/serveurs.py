"""The other side, whole: takes lots by SMTP, judges them, answers in a mailbox read by POP3. 127.0.0.1 only."""

from __future__ import annotations

from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sesam_desktop.base.fichiers import dossier_prive, remplacer
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import reacteur, scenario
from .cles import Cles
from .jugement import Jugement
from .recus import LotRecu, MisDeCote
from .registre import Registre
from .regle import Scenario
from .scene import Scene
from .traitement import Ouvrier

if TYPE_CHECKING:
    from .smtp import Depot

UTILISATEUR, MOT_DE_PASSE = "poste", "demonstration"


class Frontal:
    """A frontal on its folder. Ports 0 mean any free port; read them after `demarrer`.

    Everything it received or answered is in `dossier`: a new object on the same folder goes on where the last one
    (stopped or killed) left. `autorite` is the folder of the demonstration authority; by default inside `dossier`.
    """

    def __init__(
        self,
        dossier: Path,
        smtp_port: int = 0,
        pop_port: int = 0,
        scenario: str = "nominal",
        utilisateur: str = UTILISATEUR,
        mot_de_passe: str = MOT_DE_PASSE,
        autorite: Path | None = None,
    ) -> None:
        self.dossier = dossier
        self.smtp_port, self.pop_port = smtp_port, pop_port
        self._nom_scenario = scenario
        self.utilisateur, self._mot_de_passe = utilisateur, mot_de_passe
        self._autorite = autorite or dossier / "autorite"
        self._scene = Scene(Scenario(scenario, ""))  # read from its file at the start
        self._ecoutes: list[Any] = []
        self._registre: Registre | None = None
        self._ouvrier: Ouvrier | None = None

    @property
    def scenario(self) -> str:
        """Name of the scenario in force."""
        return self._nom_scenario

    @property
    def certificat_tls(self) -> Path:
        """PEM certificate that clients must trust: the authority's."""
        return self._autorite / "autorite.pem"

    def publier(self, adresse: str) -> Path:
        """PEM certificate to encrypt for a destinataire; its key is made at the first call."""
        return Cles(self._autorite).publier(adresse).chemin_certificat

    @property
    def registre(self) -> Registre:
        """What the frontal remembers. ErreurConnue when it was never started."""
        if self._registre is None:
            raise ErreurConnue("Le frontal n'est pas démarré.", code="FRONTAL_ARRETE", action="Démarrez-le d'abord.")
        return self._registre

    def demarrer(self) -> None:
        """Open the folder, treat what was left, listen. ErreurConnue when a port is taken; nothing then stays open."""
        self._scene = Scene(scenario.charger(self._nom_scenario))
        regle, cles = self._scene.scenario, Cles(self._autorite)
        self._registre = Registre(self.dossier / "frontal.db")
        juge = Jugement(self._registre, regle, cles)
        self._ouvrier = Ouvrier(self._registre, juge.juger, regle.delai_traitement_s)
        try:
            self._ouvrir(self._registre, self._ouvrier, cles)
        except BaseException:
            self.arreter()
            raise
        self._ouvrier.start()

    def jouer(self, nom: str) -> None:
        """Behave by another scenario from now on, whose incidents are counted anew. EntreeInvalide as `charger`."""
        regle = scenario.charger(nom)
        self._nom_scenario = nom
        if self._ouvrier is not None:
            juge = Jugement(self.registre, regle, Cles(self._autorite))
            self._ouvrier.changer(juge.juger, regle.delai_traitement_s)
            self._scene = Scene(regle)

    def arreter(self) -> None:
        """Stop listening, finish the message in hand, close the folder. Harmless twice."""
        ecoutes, self._ecoutes = self._ecoutes, []
        for ecoute in ecoutes:
            ecoute.fermer()
        if self._ouvrier is not None:
            self._ouvrier.arreter()
            self._ouvrier = None
        if self._registre is not None:
            self._registre.fermer()
            self._registre = None

    def _ouvrir(self, registre: Registre, ouvrier: Ouvrier, cles: Cles) -> None:
        from .acces import CompteUnique
        from .ecoute import Ecoute
        from .pop import fabrique as fabrique_pop
        from .smtp import fabrique as fabrique_smtp

        reacteur.demarrer()
        compte = CompteUnique(self.utilisateur, self._mot_de_passe)
        contexte = cles.contexte_tls(lambda: self._regle.tls)
        smtp = Ecoute(self.smtp_port, fabrique_smtp(_depot(registre, ouvrier), compte, contexte, lambda: self._scene))
        self._ecoutes.append(smtp)
        pop = Ecoute(self.pop_port, fabrique_pop(registre, compte, contexte, lambda: self._regle))
        self._ecoutes.append(pop)
        self.smtp_port, self.pop_port = smtp.port, pop.port

    @property
    def _regle(self) -> Scenario:
        return self._scene.scenario

    def recus(self) -> list[LotRecu]:
        """Every lot judged so far, with its invoices."""
        return self.registre.lots()

    def doublons(self) -> int:
        """Messages recognised as already received."""
        return self.registre.compter("doublon")

    def en_attente(self) -> int:
        """Messages received and not treated yet."""
        return self.registre.compter("a_traiter")

    def a_relever(self) -> int:
        """Answers that wait in the mailbox, or are to appear in it."""
        return self.registre.a_relever()

    def quarantaine(self) -> list[MisDeCote]:
        """Messages that could not be answered, with the reason."""
        return self.registre.mis_de_cote()

    def exporter(self, dossier: Path) -> int:
        """Write every mail received and sent as .eml files under `dossier`; returns how many."""
        nombre = 0
        for nom, octets in self.registre.messages():
            chemin = dossier / nom
            dossier_prive(chemin.parent)
            remplacer(chemin, octets)
            nombre += 1
        return nombre


def _depot(registre: Registre, ouvrier: Ouvrier) -> Depot:
    """What the SMTP server does of a complete message; runs on the reactor's thread."""

    def deposer(octets: bytes, expediteur: str, destinataire: str) -> None:
        entete = BytesHeaderParser().parsebytes(octets)
        registre.recevoir(octets, str(entete.get("Message-ID", "")).strip(), expediteur, destinataire)
        ouvrier.reveiller()

    return deposer
