"""The workstation: one profile folder, every service over it, no Qt. Both front ends go through here."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.fichiers import dossier_prive, remplacer
from sesam_desktop.base.fichiers import traduire as traduire_systeme
from sesam_desktop.droits.depot import BaseDroits
from sesam_desktop.droits.oppositions import Oppositions
from sesam_desktop.droits.tod import Tod
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.depot_dre import Demandes
from sesam_desktop.pieces.depot import Pieces
from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
from sesam_desktop.referentiels.ccam import Ccam
from sesam_desktop.referentiels.conventions_amc import TablesDuPoste
from sesam_desktop.referentiels.lpp import Lpp
from sesam_desktop.referentiels.medicaments import Medicaments
from sesam_desktop.referentiels.nabm import Nabm
from sesam_desktop.referentiels.tfr import Tfr

from . import configuration as reglages
from .certificats import ServiceCertificats
from .changements import Changements
from .configuration import Configuration
from .corbeille import ServiceCorbeille
from .demandes import ServiceDemandes
from .droits import ServiceDroits
from .environnement import MOTS_DE_PASSE, Environnement, EnvironnementReel, profil_par_defaut
from .facturation import ServiceFacturation
from .indicateurs import ServiceIndicateurs
from .journal import fermer_journal, ouvrir_journal
from .lecteurs import ServiceLecteurs
from .paiements import ServicePaiements
from .pieces import ServicePieces
from .recyclage import ServiceRecyclage
from .referentiels import ServiceReferentiels
from .registre import ServiceRegistre
from .tarification import SourcesTarifs
from .terminaux import ServiceTerminaux
from .transmission import ServiceTransmission

CLE_OPPOSITIONS = "oppositions.cle"
TABLES = "tables"  # folder of the conventions and formulas imported


class Poste:
    """Everything the window and the command line need. Open it with `ouvrir`, close it with `fermer`."""

    def __init__(self, profil: Path, configuration: Configuration, environnement: Environnement) -> None:
        self.profil = profil
        self.configuration = configuration
        self.environnement = environnement
        self.changements = Changements()
        with ExitStack() as a_fermer:  # what was opened before a refusal does not stay open
            self._journal = ouvrir_journal(profil / "journaux")
            a_fermer.callback(fermer_journal, self._journal)
            self.base = a_fermer.enter_context(Base(profil / "sesam.db"))
            self._tables = BaseReferentiels(profil / "referentiels.db")
            a_fermer.callback(self._tables.fermer)
            self._droits = BaseDroits(profil / "droits.db")
            a_fermer.callback(self._droits.fermer)
            self._assembler()
            self._fermetures = a_fermer.pop_all()

    @classmethod
    def ouvrir(cls, profil: Path | None = None) -> Poste:
        """The workstation of `profil` (default: the platform's own place), made at first use."""
        profil = preparer_profil(profil or profil_par_defaut())
        configuration = reglages.lire(profil)
        if configuration.demonstration:
            from .demonstration import EnvironnementDemonstration

            return cls(profil, configuration, EnvironnementDemonstration(profil))
        return cls(profil, configuration, EnvironnementReel(profil))

    @classmethod
    def demonstration(cls, profil: Path | None = None, scenario: str = "nominal") -> Poste:
        """The demonstration workstation: in `profil`, or in a place of its own, kept from one day to the next.

        `scenario`: how the funds behave (docs/frontal.md).
        """
        from .demonstration import ouvrir

        return ouvrir(profil or profil_par_defaut() / "demonstration", scenario)

    def enregistrer_configuration(self, configuration: Configuration) -> None:
        """Keep the settings and use them from now on."""
        reglages.ecrire(self.profil, configuration)
        self.configuration = configuration
        self.changements.annoncer("configuration")

    def enregistrer_mot_de_passe(self, secret: str, boite: str = "RSV") -> None:
        """Keep in the vault the password of a mailbox: RSV, OCT or SCOR."""
        self.environnement.coffre.garder(MOTS_DE_PASSE[boite], secret)

    def compteurs(self) -> dict[str, int]:
        """What wants action: lots to send, returns to look at, invoices to correct, pieces to scan."""
        from .compteurs import compter

        return compter(self)

    def changer_profession(self, profession: str) -> None:
        """What a professional's card says of its holder decides which Facturer page is shown."""
        if profession and profession != self.configuration.profession:
            self.enregistrer_configuration(replace(self.configuration, profession=profession))

    def fermer(self) -> None:
        """Let everything go. Harmless twice."""
        self.lecteurs.fermer()
        self.environnement.fermer()
        self._fermetures.close()

    def _assembler(self) -> None:
        tod = Tod(self._droits, self.configuration.domaine_caisses)
        oppositions = Oppositions(self._droits, _cle(self.profil / CLE_OPPOSITIONS))
        medicaments, tables = Medicaments(self._tables), TablesDuPoste(self.profil / TABLES)
        self.tables_du_poste = tables
        sources = SourcesTarifs(
            medicaments, Ccam(self._tables), Lpp(self._tables), Nabm(self._tables), Tfr(self._tables), tables
        )
        self.factures = Factures(self.base)
        self.demandes_amc = Demandes(self.base, self.factures)
        self.lecteurs = ServiceLecteurs(
            self.environnement.canaux, self.profil, self.changements, lambda: self.configuration,
            lambda: self.environnement.module_pkcs11(self.configuration),
        )
        self.droits = ServiceDroits(tod, oppositions, lambda: self.configuration.profession, tables)
        self.referentiels = ServiceReferentiels(self._tables, medicaments, tod, oppositions, self.changements, tables)
        self.registre = ServiceRegistre(self.factures)
        self.facturation = ServiceFacturation(
            self.factures, self.demandes_amc, sources, self.droits, self.lecteurs, self.changements,
            lambda: self.configuration,
        )
        self.transmission = ServiceTransmission(self)
        self.corbeille = ServiceCorbeille(self)
        self.indicateurs = ServiceIndicateurs(self)
        self.recyclage = ServiceRecyclage(self)
        self.certificats = ServiceCertificats(self)
        self.pieces = ServicePieces(Pieces(self.base, self.factures), self.factures, self.changements)
        self.terminaux = ServiceTerminaux(self)
        self.paiements = ServicePaiements(self)
        self.demandes = ServiceDemandes(self)


def preparer_profil(profil: Path) -> Path:
    """Make the folder, readable by its owner only."""
    try:
        dossier_prive(profil)
        next(profil.iterdir(), None)
    except OSError as erreur:
        raise traduire_systeme(erreur, profil) from erreur
    return profil


def _cle(chemin: Path) -> bytes:
    """The workstation's own key for opposition numbers, made once."""
    if not chemin.exists():
        remplacer(chemin, secrets.token_bytes(32))
    return chemin.read_bytes()
