"""Columns of the invoice list and of an invoice's history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sesam_desktop.factures.cycle import LIBELLES, Etat
from sesam_desktop.noyau import dates, montants

from .table import Colonne, argent
from .teletransmission import phrases

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Filtre, Resume
    from sesam_desktop.poste.poste import Poste

NIVEAUX = {"S": "Sécurisée", "V": "Sans Vitale", "D": "Dégradée", "N": "Non sécurisée"}
_NOMS = {"demande": "demande n°", "montant_centimes": "pour", "lot": "lot", "par": "par la facture",
         "paye_amo_centimes": "payé AMO", "paye_amc_centimes": "payé AMC", "retenu_centimes": "trop-perçu retenu",
         "paiement": "virement du"}
_EVENEMENTS = {
    "tarifee": "Tarifée", "signee_vitale": "Signée par la carte Vitale", "signee_ps": "Signée par le professionnel",
    "duplicata": "Duplicata édité", "piece_jointe": "Pièce jointe", "signalement": "Signalement de la caisse",
    "demande_amc": "Part complémentaire demandée à part",
    "relance": "Relance de la caisse", "rejet_a_tort": "Rejet contesté",
}


def lister(poste: Poste, filtre: Filtre) -> list[Resume]:
    """Invoices that match; the number of a demand to an insurer finds the invoice it is about. On a worker."""
    from sesam_desktop.factures.depot_dre import FiltreDre

    trouvees = poste.registre.lister(filtre)
    if trouvees or not filtre.texte.isdigit():
        return trouvees
    demandes = poste.demandes.lister(FiltreDre(texte=filtre.texte, limite=1))
    fse = demandes[0].fse if demandes else ""  # one made without any is listed with the demands only
    return poste.registre.lister(replace(filtre, texte=fse)) if fse else []


def colonnes_factures() -> list[Colonne]:
    """Of `factures.depot.Resume`."""
    return [
        Colonne("numero", "Numéro", lambda r: r.numero, "code", 10),
        Colonne("mot", "État", lambda r: r.mot, "etat", 11),
        Colonne("libelle", "Où elle en est", lambda r: r.libelle, largeur=24, accessoire=True),
        Colonne("patient", "Patient", lambda r: r.patient, largeur=26),
        Colonne("date", "Soins du", lambda r: dates.formater(r.date_soins), "date", 10,
                tri=lambda r: r.date_soins.toordinal()),
        argent("total", "Total €", lambda r: r.total_centimes, 8),
        argent("amo", "AMO €", lambda r: r.amo_centimes, 8),
        argent("amc", "AMC €", lambda r: r.amc_centimes, 8),
        argent("patient_part", "Patient €", lambda r: r.assure_centimes, 8),
        Colonne("niveau", "Sécurisation", lambda r: NIVEAUX.get(r.niveau, r.niveau), largeur=11, visible=False),
        Colonne("destinataire", "Destinataire", lambda r: r.destinataire, "code", 10, visible=False),
        Colonne("remplace", "Remplace", lambda r: r.remplace, "code", 10, visible=False),
    ]


def colonnes_historique() -> list[Colonne]:
    """Of `factures.depot.Evenement`."""
    return [
        Colonne("instant", "Quand", lambda e: e.instant.astimezone().strftime("%d/%m/%Y %H:%M"), "date", 16,
                tri=lambda e: e.instant.timestamp()),
        Colonne("nom", "Ce qui s'est passé", lambda e: libelle_evenement(e.nom), largeur=26),
        Colonne("precision", "Précision", precision, largeur=24),
    ]


def libelle_evenement(nom: str) -> str:
    """An event in the words of the trade."""
    return _EVENEMENTS.get(nom) or LIBELLES[Etat(nom)]


def precision(evenement: Any) -> str:
    """What an event says besides: a lot, a reason, an amount."""
    donnees = {cle: valeur for cle, valeur in evenement.donnees.items() if cle != "document"}
    morceaux = [f"{_NOMS.get(cle, cle.replace('_', ' '))} {_valeur(cle, valeur)}" for cle, valeur in donnees.items()
                if valeur and cle in _NOMS]
    morceaux += ["autre numéro d'assuré que le vôtre"] if donnees.get("autre_assure") else []
    return ", ".join([*morceaux, *phrases(donnees.get("motifs", ()))])


def _valeur(cle: str, valeur: Any) -> str:
    if cle.endswith("centimes") and isinstance(valeur, int):
        return montants.formater(valeur, unite="€")
    if cle in ("date", "paiement"):
        return dates.formater(date.fromisoformat(str(valeur)))
    return str(valeur)
