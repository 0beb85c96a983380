"""What somebody does of a card that waits: send again, read again, put the invoices of a refused lot in another, say
that a return was checked."""

from __future__ import annotations

from ..composants.code_porteur import avec_session
from ..modeles import bilans
from ..modeles.teletransmission import CLASSER, RELANCER, RELIRE, RENVOYER, Fiche
from ..pages.travaux import PageTravaux

REMEDES = {
    RELANCER: "Relancer l'envoi", RELIRE: "Relire le retour", RENVOYER: "Renvoyer le lot refusé",
    CLASSER: "Classer : c'est vérifié",
}


def remedier(page: PageTravaux, fiche: Fiche | None) -> None:
    """Do what the card calls for; say what to choose when it calls for nothing."""
    poste = page.atelier.poste
    if fiche is None or not fiche.remede:
        page.bandeau.dire("Choisissez dans « À traiter » un envoi refusé, un retour illisible ou un lot refusé.")
    elif fiche.remede == RELANCER:
        page.lancer("Relance", lambda _: poste.transmission.relancer(fiche.message_id), bilans.relance)
    elif fiche.remede == RELIRE:
        page.lancer("Relecture", lambda _: poste.transmission.relire(fiche.courrier), bilans.releves)
    elif fiche.remede == CLASSER:
        page.lancer("Classement", lambda _: poste.transmission.classer(fiche.courrier, "vérifié"), bilans.classe)
    else:
        avec_session(page.atelier, page, lambda: page.lancer(
            "Mise en lot",
            lambda t: poste.recyclage.renvoyer_lot(fiche.lot, progression=t.avancer, annule=t.annulee),
            bilans.prepares,
        ))
