"""Certificates of the organismes: those this workstation holds, one imported, one looked up in the directory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.securisation.certificats import Certificat, Magasin
    from sesam_desktop.teletransmission.annuaire import AnnuaireLdap

    from .configuration import Configuration
    from .poste import Poste


class ServiceCertificats:
    """Over the store of the profile (``certificats/``)."""

    def __init__(self, poste: Poste) -> None:
        self._poste = poste

    @property
    def magasin(self) -> Magasin:
        """The store itself: `lister`, `etat`, `autorites`."""
        return self._poste.transmission.magasin()

    def importer(self, chemin: Path, adresse: str = "") -> list[Certificat]:
        """Keep the certificates of a file. Raises FICHIER_ABSENT…, CERTIFICAT_ILLISIBLE, ADRESSE_ABSENTE."""
        gardes = self.magasin.importer(_lire(chemin), adresse)
        self._poste.changements.annoncer("configuration")
        return gardes

    def declarer_autorite(self, chemin: Path) -> Certificat:
        """From now on, only what a declared authority issued is used. Raises AUTORITE_INVALIDE…"""
        autorite = self.magasin.ajouter_autorite(chemin.stem, _lire(chemin))
        self._poste.changements.annoncer("configuration")
        return autorite

    def chercher(self, adresse: str, configuration: Configuration | None = None) -> Certificat:
        """Look up an address in the directory and keep what it publishes. `configuration`: settings not kept yet.

        Raises ANNUAIRE_INJOIGNABLE, CERTIFICAT_INTROUVABLE, AUTORITE_NON_DECLAREE.
        """
        certificat = self.magasin.chercher(_annuaire(configuration or self._poste.configuration), adresse)
        self._poste.changements.annoncer("configuration")
        return certificat


def _annuaire(configuration: Configuration) -> AnnuaireLdap:
    from sesam_desktop.teletransmission.annuaire import BASE, BASE_TEST, AnnuaireLdap, ParametresAnnuaire

    regle, reel = configuration.annuaire, configuration.type_flux == "R"
    base = (regle.base or BASE) if reel else (regle.base_test or BASE_TEST)
    ca = Path(regle.autorite_tls) if regle.autorite_tls else None
    return AnnuaireLdap(ParametresAnnuaire(regle.hote, regle.port, regle.protection, base, ca))


def _lire(chemin: Path) -> bytes:
    from sesam_desktop.base.fichiers import traduire

    try:
        return chemin.read_bytes()
    except OSError as erreur:
        raise traduire(erreur, chemin) from erreur
