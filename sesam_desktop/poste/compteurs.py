"""The figures of the navigation and of Accueil: only what wants somebody's action."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .poste import Poste


def compter(poste: Poste) -> dict[str, int]:
    """Keys: factures_a_mettre_en_lot, lots_a_envoyer, lots_en_attente, retours_a_traiter, factures_a_corriger,
    courriers_revenus, pieces_a_numeriser, echeances_proches, boites_suspendues, virements_en_ecart."""
    from sesam_desktop.factures.cycle import A_METTRE_EN_LOT, Etat
    from sesam_desktop.teletransmission.delais import Situation

    par_etat = poste.registre.par_etat()
    tableau = poste.transmission.tableau()
    return {
        "factures_a_mettre_en_lot": sum(par_etat.get(etat, 0) for etat in A_METTRE_EN_LOT),
        "lots_a_envoyer": len(tableau.a_envoyer),
        "lots_en_attente": len(tableau.en_attente),
        "retours_a_traiter": sum(
            map(len, (tableau.a_traiter, tableau.courriers, tableau.non_rapproches, tableau.a_verifier))
        ),
        "factures_a_corriger": sum(par_etat.get(e, 0) for e in (Etat.REJETEE, Etat.ANOMALIE, Etat.REFUSEE)),
        "courriers_revenus": poste.corbeille.compter_revenus(),
        "pieces_a_numeriser": poste.pieces.compter_a_numeriser(),
        "echeances_proches": sum(e.situation is not Situation.A_TEMPS for e in poste.recyclage.delais()),
        "boites_suspendues": sum(boite.suspension is not None for boite in poste.corbeille.etat()),
        "virements_en_ecart": poste.paiements.compter_ecarts(),
    }
