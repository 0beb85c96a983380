"""A workstation without readers nor window: signed invoices, lots, outbox, inbox, on demonstration keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sesam_desktop.base.connexion import Base
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.enregistrements import octets_canoniques
from sesam_desktop.factures.facture import Destinataire, FactureSecurisee, Niveau
from sesam_desktop.securisation.autorite import creer_certificat
from sesam_desktop.securisation.certificats import Magasin
from sesam_desktop.securisation.securiser import securiser
from sesam_desktop.teletransmission.depart import Depart
from sesam_desktop.teletransmission.lots import Preparation
from sesam_desktop.teletransmission.parametres import ParametresCourrier, ParametresLots
from sesam_desktop.teletransmission.rapprochement import Rapprochement
from sesam_desktop.teletransmission.retour import Boite

from .fabrique import PARIS, SARTHE, facture_tarifee, partout


def maintenant() -> datetime:
    return datetime.now(UTC)


class Atelier:
    """Everything of one profile folder. `autorite` is the folder of keys, shared with the frontal."""

    def __init__(
        self, profil: Path, autorite: Path, courrier: ParametresCourrier, horloge: Callable[[], datetime] = maintenant
    ) -> None:
        self.base = Base(profil / "sesam.db")
        self.factures = Factures(self.base)
        self.magasin = Magasin(profil / "certificats")
        for destinataire in (SARTHE, PARIS):
            identite = creer_certificat(autorite, destinataire.adresse, destinataire.adresse)
            self.magasin.ajouter(destinataire.adresse, identite.certificat_pem)
        self.ps = creer_certificat(autorite, "ps", "DR MARTIN CLAIRE").signataire("ps")
        self.vitale = creer_certificat(autorite, "vitale", "DURAND PAUL").signataire("vitale")
        lots = ParametresLots(adresse_emetteur=courrier.adresse_emetteur, type_flux="T")
        self.preparation = Preparation(self.base, self.factures, self.magasin, lambda _emetteur: self.ps, lots, horloge)
        self.depart = Depart(self.base, self.factures, partout(courrier), horloge)
        self.rapprochement = Rapprochement(self.base, self.factures, horloge)
        self.boite = Boite(self.base, self.rapprochement, partout(courrier), horloge)

    def signer(
        self, destinataire: Destinataire = SARTHE, niveau: Niveau = Niveau.SECURISEE, amo: int = 1750,
        tiers_payant: bool = True,
    ) -> FactureSecurisee:
        """One more signed invoice, kept."""
        ft = facture_tarifee(self.factures.prochain_numero(), destinataire, niveau, amo, tiers_payant)
        vitale = self.vitale if niveau is Niveau.SECURISEE else None
        ps = None if niveau is Niveau.NON_SECURISEE else self.ps
        fs = securiser(ft, octets_canoniques(ft), vitale, ps, maintenant())
        self.factures.enregistrer(fs)
        return fs

    def fermer(self) -> None:
        self.base.fermer()
