"""How lots are written, from the settings of the workstation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .configuration import Configuration

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.parametres import ParametresLots


def parametres(configuration: Configuration) -> ParametresLots:
    """A mailbox that is not set leaves its mail to the main one, with its address and its size."""
    from sesam_desktop.teletransmission.delais import en_alsace_moselle
    from sesam_desktop.teletransmission.parametres import OCT, RSV, SCOR, ParametresLots

    principal, reglages = configuration.courrier, configuration.transmission
    propres = {OCT: configuration.courrier_oct, SCOR: configuration.courrier_scor}
    comptes = {RSV: principal} | {nom: c if c.reglee else principal for nom, c in propres.items()}
    return ParametresLots(
        adresse_emetteur=principal.adresse,
        adresses={nom: compte.adresse for nom, compte in comptes.items()},
        type_flux=configuration.type_flux,
        profil_chiffrement=configuration.profil_chiffrement,
        factures_maximum=reglages.factures_par_lot,
        enregistrements_maximum=reglages.enregistrements_par_lot,
        tailles={nom: c.taille_maximale_ko * 1000 for nom, c in comptes.items() if c.taille_maximale_ko},
        certificat_smime=_fichier(reglages.signature_smime, reglages.certificat_signature),
        cle_smime=_fichier(reglages.signature_smime, reglages.cle_signature),
        alsace_moselle=en_alsace_moselle(configuration.departement),
        niveaux_iris=("N", "D") if reglages.degradees_en_iris else ("N",),
    )


def _fichier(utile: bool, chemin: str) -> Path | None:
    return Path(chemin) if utile and chemin else None
