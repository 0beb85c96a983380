"""A workstation where everything outside is simulated: readers and cards in memory, funds played by the frontal.

The same services run on it as on a real one; only this environment differs. Cards, keys and tables are made once in
the profile. The code porteur of every demonstration card is `CODE_PORTEUR`; nothing in here has any value.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.base.fichiers import dossier_prive, remplacer
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.ressources import ressource
from sesam_desktop.referentiels import tables
from sesam_desktop.referentiels.routages_amc import ROUTAGE

from . import configuration as reglages
from .coffre import Coffre, CoffreMemoire
from .configuration import Configuration, Courrier
from .demonstration_cartes import duos, ecrire, parmi, professionnels, titulaire, vitales
from .environnement import MOTS_DE_PASSE, parametres_courriers

if TYPE_CHECKING:
    from collections.abc import Callable

    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.frontal.serveurs import Frontal
    from sesam_desktop.lecteurs.canal import Canal
    from sesam_desktop.lecteurs.emulation_vitale import VitaleVirtuelle
    from sesam_desktop.lecteurs.virtuel import CanalVirtuel
    from sesam_desktop.teletransmission.parametres import ParametresCourrier

    from .demonstration_terminal import SocleDemonstration
    from .incidents import Incidents
    from .poste import Poste

CODE_PORTEUR = "1234"
UTILISATEUR, MOT_DE_PASSE = "poste", "demonstration"  # mail account that the funds of the demonstration give
LECTEUR_CPS, LECTEUR_VITALE, LECTEUR_DUO = (f"Lecteur de démonstration {fente}" for fente in (1, 2, 3))
CONFIGURATION = Configuration(
    demonstration=True,
    departement="72",
    domaine_caisses="demonstration.invalid",
    type_flux="D",
    courrier=Courrier(
        adresse="poste@demonstration.invalid", utilisateur=UTILISATEUR, smtp_hote="127.0.0.1", pop_hote="127.0.0.1"
    ),
)


class EnvironnementDemonstration:
    """Cards are put in and taken out by name; the frontal starts with the first mail and stops with the workstation."""

    def __init__(self, profil: Path, scenario: str = "nominal") -> None:
        self._profil = profil
        self._scenario = scenario
        self.coffre: Coffre = CoffreMemoire(**dict.fromkeys(MOTS_DE_PASSE.values(), MOT_DE_PASSE))
        self._canal: CanalVirtuel | None = None
        self._socle: SocleDemonstration | None = None
        self._frontal: Frontal | None = None
        self.ps_insere: str | None = None
        self.vitale_inseree: str | None = None

    @property
    def canal(self) -> CanalVirtuel:
        """One device of three slots; the pharmacist's card is in, no Vitale."""
        if self._canal is None:
            from sesam_desktop.lecteurs.virtuel import CanalVirtuel

            self._canal = CanalVirtuel({LECTEUR_CPS: None, LECTEUR_VITALE: None, LECTEUR_DUO: None})
            self.inserer_ps("pharmacien")
        return self._canal

    @property
    def frontal(self) -> Frontal:
        """The funds, listening."""
        if self._frontal is None:
            from sesam_desktop.frontal.serveurs import Frontal

            frontal = Frontal(
                self._profil / "frontal", scenario=self._scenario, utilisateur=UTILISATEUR, mot_de_passe=MOT_DE_PASSE
            )
            frontal.demarrer()
            self._frontal = frontal
        return self._frontal

    @property
    def scenario(self) -> str:
        """How the funds behave."""
        return self._scenario

    def scenarios(self) -> dict[str, str]:
        """Ways for the funds to behave: name → what happens."""
        from sesam_desktop.frontal import scenario

        return {nom: scenario.charger(nom).libelle for nom in scenario.noms()}

    def jouer(self, nom: str) -> None:
        """Have the funds behave by another scenario from now on. EntreeInvalide when there is none of that name."""
        self.frontal.jouer(nom)
        self._scenario = nom

    @property
    def socle(self) -> SocleDemonstration:
        """The cradle of a portable terminal."""
        if self._socle is None:
            from .demonstration_terminal import SocleDemonstration

            self._socle = SocleDemonstration(self._profil / "terminal", self._puce_vitale)
        return self._socle

    def canaux(self) -> list[Canal]:
        return [self.canal, self.socle.canal]

    def module_pkcs11(self, configuration: Configuration) -> str:
        """Only what the settings say: a Cryptolib installed here knows nothing of the cards of the demonstration."""
        return configuration.module_pkcs11

    def parametres_courriers(self, configuration: Configuration) -> dict[str, ParametresCourrier]:
        """Every mailbox is at the funds of the demonstration, whatever its settings say."""
        return parametres_courriers(
            replace(
                configuration,
                courrier=self._chez_les_caisses(configuration.courrier),
                courrier_oct=self._chez_les_caisses(configuration.courrier_oct),
                courrier_scor=self._chez_les_caisses(configuration.courrier_scor),
            ),
            self.coffre,
        )

    def cartes_vitale(self) -> dict[str, str]:
        """Cards one may put in: short name → holder."""
        return {nom: titulaire(carte) for nom, carte in vitales().items()}

    def cartes_ps(self) -> dict[str, str]:
        """Professionals' cards one may put in: short name → holder."""
        return {nom: f"{carte.nom} {carte.prenom} ({nom})" for nom, carte in professionnels().items()}

    def cartes_duo(self) -> dict[str, str]:
        """Complementary cards one may put in: short name → who is covered first."""
        return {nom: f"{carte.adherent.nom} {carte.adherent.prenom}" for nom, carte in duos().items()}

    @property
    def incidents(self) -> Incidents:
        """What may go wrong at these readers."""
        from .incidents import Incidents

        return Incidents(self.canal, LECTEUR_VITALE)

    def inserer_vitale(self, nom: str | None) -> None:
        """Put this patient's card in the Vitale slot; None takes out the one that is there."""
        if nom is None:
            self.canal.retirer(LECTEUR_VITALE)
            self.vitale_inseree = None
            return
        carte = parmi(vitales(), nom)
        self.vitale_inseree = nom
        self.canal.inserer(LECTEUR_VITALE, self._puce_vitale(carte))

    def inserer_ps(self, nom: str | None) -> None:
        """Put this professional's card in the CPS slot; None takes it out."""
        from sesam_desktop.cartes.demonstration import puce_de_demonstration
        from sesam_desktop.lecteurs.emulation_cps import ATR, CpsVirtuelle

        if nom is None:
            self.canal.retirer(LECTEUR_CPS)
            self.ps_insere = None
            return
        carte = parmi(professionnels(), nom)
        signer = self._signer(carte.numero_serie, "ps")
        self.ps_insere = nom
        puce = CpsVirtuelle.depuis(carte, CODE_PORTEUR, signer, atr=ATR[puce_de_demonstration(nom)])
        self.canal.inserer(LECTEUR_CPS, puce)

    def inserer_duo(self, nom: str | None) -> None:
        """Put this complementary card in the third slot; None takes it out."""
        from sesam_desktop.lecteurs.emulation_duo import DuoVirtuelle

        if nom is None:
            self.canal.retirer(LECTEUR_DUO)
        else:
            self.canal.inserer(LECTEUR_DUO, DuoVirtuelle.depuis(parmi(duos(), nom)))

    def publier_certificat(self, adresse: str) -> None:
        """Give the workstation the certificate of an organisme of the demonstration."""
        destination = self._profil / "certificats" / f"{adresse}.pem"
        if not destination.exists():
            from sesam_desktop.frontal.cles import Cles

            dossier_prive(destination.parent)
            remplacer(destination, Cles(self._autorite).publier(adresse).certificat_pem)

    def fermer(self) -> None:
        if self._frontal is not None:
            self._frontal.arreter()
            self._frontal = None

    @property
    def _autorite(self) -> Path:
        return self._profil / "frontal" / "autorite"

    def _chez_les_caisses(self, courrier: Courrier) -> Courrier:
        frontal = self.frontal
        return replace(
            courrier, smtp_port=frontal.smtp_port, smtp_protection="starttls", pop_port=frontal.pop_port,
            retrait="pop3", retrait_protection="tls", autorite_tls=str(frontal.certificat_tls),
        )

    def _puce_vitale(self, carte: CarteVitale) -> VitaleVirtuelle:
        from sesam_desktop.lecteurs.emulation_vitale import VitaleVirtuelle

        return VitaleVirtuelle.depuis(carte, self._signer(carte.numero_serie, "vitale"))

    def _signer(self, numero_serie: str, porteur: str) -> Callable[[bytes], bytes]:
        """The key of a card, made at its first insertion; its certificate goes beside its carte virtuelle."""
        from sesam_desktop.securisation.autorite import creer_certificat

        identite = creer_certificat(self._autorite, f"carte-{numero_serie}", f"CARTE DE TEST {numero_serie}")
        certificat = self._profil / "cartes" / f"{numero_serie}.pem"
        if not certificat.exists() or certificat.read_bytes() != identite.certificat_pem:
            remplacer(certificat, identite.certificat_pem)
        return identite.signataire(porteur).signer_condensat


def ouvrir(profil: Path, scenario: str = "nominal") -> Poste:
    """A demonstration workstation on `profil`, provisioned at the first opening. Refuses the profile of a real one."""
    from .poste import Poste, preparer_profil

    preparer_profil(profil)
    if not reglages.lire(profil).demonstration:
        if (profil / "sesam.db").exists():
            raise EntreeInvalide(
                "Ce profil est celui d'un poste réel : la démonstration ne l'ouvrira pas.",
                code="PROFIL_REEL", ou=str(profil), action="Choisissez un autre dossier avec --profil.",
            )
        reglages.ecrire(profil, CONFIGURATION)
    environnement = EnvironnementDemonstration(profil, scenario)
    poste = Poste(profil, reglages.lire(profil), environnement)
    try:
        _approvisionner(poste, environnement)
    except BaseException:
        poste.fermer()
        raise
    return poste


# A few rows of each official table, typed from the public files; a table imported since takes their place.
_TABLES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("demonstration", "medicaments.csv", "", ("bdpm",)), ("ccam", "ccam.csv", "", ()),
    ("lpp", "lpp.csv", "2020-04-01", ()), ("nabm", "nabm.csv", "2020-04-01", ()),
)


def _approvisionner(poste: Poste, environnement: EnvironnementDemonstration) -> None:
    """Tables and cards, each made only when it is not there: an interrupted provisioning goes on."""
    fichiers = ressource("demonstration")
    importees = {version.source for version in poste.referentiels.versions()}
    for source, nom, version, equivalentes in _TABLES:
        if importees.isdisjoint((source, *equivalentes)):
            poste.referentiels.importer(source, fichiers / nom, version=version)
    if poste.referentiels.version_tod() is None:
        poste.referentiels.importer_tod(fichiers / "tod.csv")
    if poste.referentiels.version_oppositions() is None:
        poste.referentiels.importer_loe(fichiers / "loe.txt")
    ecrire(poste.profil / "cartes")
    for carte in vitales().values():
        assure = carte.assure
        environnement.publier_certificat(poste.droits.destinataire(assure.regime, assure.caisse, assure.centre).adresse)
    for ligne in tables.charger(ROUTAGE).toutes():
        environnement.publier_certificat(ligne["adresse"])
