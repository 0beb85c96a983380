"""What may leave for insurers: signed DRE whose FSE has left, with the address of each. Rules of the project.

A DRE never leaves before its FSE, nor before the DRE that it cancels or corrects: until then it waits, and that is no
refusal. An FSE on paper has left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sesam_desktop.factures import routage_amc
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot_dre import Demandes
from sesam_desktop.factures.dre import DemandeAmc, DemandeSecurisee
from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import ErreurConnue

from .depot import DRE, Lots
from .groupement import CleLot, cle_de

if TYPE_CHECKING:
    from sesam_desktop.factures.routage_amc import Routage
    from sesam_desktop.flux.b2 import Enregistrement
    from sesam_desktop.referentiels.tables import SourceTables
    from sesam_desktop.securisation.certificats import Magasin

_PAS_PARTIE = (Etat.TARIFEE, Etat.SIGNEE_VITALE, Etat.SIGNEE_PS, Etat.ANNULEE, Etat.EN_LOT, Etat.REFUSEE)


class SelectionDre:
    """Reads only."""

    def __init__(
        self, demandes: Demandes, lots: Lots, magasin: Magasin, tables: SourceTables, horloge: Callable[[], datetime]
    ) -> None:
        self._demandes = demandes
        self._lots = lots
        self._magasin = magasin
        self._tables = tables
        self._horloge = horloge

    def attend(self, numero: str) -> bool:
        """True while what it follows has not left."""
        fse, remplacee = self._demandes.suivies(numero)
        if fse and self._demandes.etat(fse) in _PAS_PARTIE:
            return True
        return bool(remplacee) and not self._lots.est_parti(remplacee)

    def examiner(self, numero: str, version_norme: str) -> tuple[CleLot, DemandeSecurisee, list[Enregistrement]]:
        """The DRE with its lot's key and its records. Raises AMC_SANS_ROUTAGE, EMPREINTE_DIFFERENTE,
        DRE_SANS_OBJET, and for a certificate absent or expired."""
        from sesam_desktop.factures.enregistrements_dre import de_demande, organisme_de
        from sesam_desktop.flux import b2

        ds = self._demandes.charger(numero)
        self._exiger_objet(ds.demande)
        route = routage_amc.exiger(organisme_de(ds.demande).numero, jour_de(self._horloge()), self._tables)
        self._magasin.de(route.adresse)
        enregistrements = de_demande(ds.demande)
        _exiger_contenu_signe(ds, b2.ecrire(enregistrements))
        cle = _cle(ds, enregistrements[0].zones["numero_partenaire"], version_norme, route)
        return cle, ds, enregistrements

    def _exiger_objet(self, demande: DemandeAmc) -> None:
        """What it cancels or corrects may have been in a lot refused since: nobody holds it."""
        if demande.remplacee is not None and self._demandes.situer(demande).tenue is None:
            raise ErreurConnue(
                f"La demande {demande.remplacee.numero}, que celle-ci remplace, était dans un lot refusé.",
                code="DRE_SANS_OBJET", action="Annulez celle-ci ; pour redemander cette part, refaites la facture.",
            )


def _cle(ds: DemandeSecurisee, emetteur: str, version_norme: str, route: Routage) -> CleLot:
    """As for invoices, for an insurer or an OCT in place of a fund."""
    return replace(
        cle_de(ds, emetteur, DRE, version_norme), regime="", organisme="", centre_informatique="",
        adresse=route.adresse, amc=route.amc, type_organisme=route.type, boite=route.boite,
    )


def _exiger_contenu_signe(ds: DemandeSecurisee, octets: bytes) -> None:
    demande: DemandeAmc = ds.demande
    if hashlib.sha256(octets).hexdigest() != ds.empreinte:
        raise ErreurConnue(
            f"Le contenu de la demande {demande.numero} n'est plus celui qui a été signé.",
            code="EMPREINTE_DIFFERENTE", action="Annulez cette demande, puis refaites-la.",
        )
