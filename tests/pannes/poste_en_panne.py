"""A workstation behind a line that misbehaves, to be killed at any instant: signs, makes lots, sends, fetches.

``python -m tests.pannes.poste_en_panne PROFIL AUTORITE SMTP POP TLS FACTURES``: says when it is at work, then when its
invoices are signed and the mail begins; leaves when it holds that many invoices and each has its end.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.demande import OrganismeAmc, TiersPayant
from sesam_desktop.factures.enregistrements import octets_canoniques
from sesam_desktop.factures.facture import FactureTarifee, Tarification, Totaux
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.controle_lots import controler
from sesam_desktop.securisation.securiser import securiser
from sesam_desktop.teletransmission.lots import Preparation
from sesam_desktop.teletransmission.parametres import ParametresLots
from tests.teletransmission.atelier import Atelier, maintenant
from tests.teletransmission.fabrique import PARIS, SARTHE, courrier, facture_tarifee

PAR_LOT = 10
AMO, BASE = 1750, 2500
_FINIES = {Etat.PAYEE}


def facture(numero: str) -> FactureTarifee:
    """25,00 €: 17,50 by the fund, and from nothing to 7,49 by the complementary insurer, as the number says."""
    destinataire = PARIS if int(numero) % 3 == 0 else SARTHE
    modele, amc = facture_tarifee(numero, destinataire, amo=AMO), int(numero) % (BASE - AMO)
    (ligne,) = modele.tarification.lignes
    ligne = replace(ligne, amc_centimes=amc, assure_centimes=BASE - AMO - amc)
    demande = replace(
        modele.demande, tiers_payant=TiersPayant(amo=True, amc=bool(amc)), amc=OrganismeAmc("99000001") if amc else None
    )
    totaux = Totaux(BASE, BASE, AMO, amc, BASE - AMO - amc)
    return replace(modele, demande=demande, tarification=Tarification((ligne,), totaux))


class Poste:
    """The rooms that lead an invoice to its end."""

    def __init__(self, atelier: Atelier, adresse: str) -> None:
        self._atelier = atelier
        lots = ParametresLots(adresse, type_flux="T", factures_maximum=PAR_LOT)
        self._preparation = Preparation(
            atelier.base, atelier.factures, atelier.magasin, lambda _emetteur: atelier.ps, lots, controle=controler
        )

    def signer(self, nombre: int) -> None:
        while self._atelier.factures.compter() < nombre:
            ft = facture(self._atelier.factures.prochain_numero())
            fs = securiser(ft, octets_canoniques(ft), self._atelier.vitale, self._atelier.ps, maintenant())
            self._atelier.factures.enregistrer(fs)

    def tour(self) -> None:
        self._preparation.preparer()
        for travail in (lambda: self._atelier.depart.envoyer(maintenant=True), self._atelier.boite.relever):
            with suppress(ErreurConnue):  # the line: told, and tried again
                travail()

    @property
    def fini(self) -> bool:
        return self._atelier.factures.par_etat().keys() <= _FINIES


def main(profil: str, autorite: str, smtp: str, pop: str, tls: str, factures: str) -> None:
    compte = courrier(
        int(smtp), int(pop), Path(tls), utilisateur=UTILISATEUR, mot_de_passe=lambda: MOT_DE_PASSE, delai_s=1.0
    )
    atelier = Atelier(Path(profil), Path(autorite), compte)
    print("au travail", flush=True)
    poste = Poste(atelier, compte.adresse_emetteur)
    poste.signer(int(factures))
    print("en route", flush=True)
    poste.tour()
    while not poste.fini:
        time.sleep(0.02)
        poste.tour()
    atelier.fermer()


if __name__ == "__main__":
    main(*sys.argv[1:])
