"""What limits the base of a box under its public price: the TFR of its group, or the refusal of the generic.

The patient pays the difference; it is not ticket modérateur, so no complementary insurer is asked for it.
"""

from __future__ import annotations

from datetime import date

from sesam_desktop.factures import generiques
from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.montants import Centimes, formater
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser, regle
from .cotation import Demande
from .officine_outre_mer import Montant


def verifier(demande: Demande, tables: Consultation) -> None:
    """Raise HorsTable when the reason of substitution is unknown at this date."""
    if demande.saisie.substitution:
        champ = f"{demande.champ}.substitution"
        tables.lire("substitutions", demande.jour, champ, code=demande.saisie.substitution)


def limite(facture: Facture, demande: Demande, public: Centimes, tables: Consultation) -> Montant | None:
    """Base of one box before any overseas coefficient, None when it is its public price."""
    trouvees = [m for m in (_tfr(demande, tables), _refus(facture, demande, tables)) if m is not None]
    plus_basse = min(trouvees, key=lambda m: m.montant, default=None)
    return plus_basse if plus_basse is not None and plus_basse.montant < public else None


def _tfr(demande: Demande, tables: Consultation) -> Montant | None:
    source = tables.contexte.tfr
    tfr = source.tarif(demande.saisie.cip13, demande.jour) if source is not None else None
    if tfr is None:
        return None
    if tfr.hors_periode:
        du = dates.formater(date.fromisoformat(tfr.version))
        message = f"Les tarifs forfaitaires de responsabilité sont ceux du {du}, après les soins : à confirmer."
        tables.avertir("TFR_HORS_PERIODE", message, "date_soins")
    texte = f"Tarif forfaitaire de responsabilité : {formater(tfr.prix_centimes, unite='€')}."
    return Montant(tfr.prix_centimes, (Regle("TFR", texte, "Table des TFR importée", tfr.version, "base"),))


def _refus(facture: Facture, demande: Demande, tables: Consultation) -> Montant | None:
    """A generic refused without a valid mention: the dearest equivalent generic is the base."""
    source, code = tables.contexte.tables, demande.saisie.substitution
    ligne = generiques.regle_de_substitution(source, code, demande.jour, facture.prescription)
    if ligne is None or ligne["traitement"] != "generique":
        return None
    return _generique_le_plus_cher(demande, ligne, tables)


def _generique_le_plus_cher(demande: Demande, ligne: Ligne, tables: Consultation) -> Montant | None:
    cip13 = demande.saisie.cip13
    groupes = tables.contexte.medicaments.groupes(cip13, demande.jour)
    if not generiques.generiques(groupes):
        return None
    plus_cher = generiques.plus_cher(groupes, cip13)
    if plus_cher is None:
        raise refuser(
            "GENERIQUE_SANS_EQUIVALENT",
            "Aucun générique vendu n'a la contenance de cette boîte : la base de remboursement n'est pas connue.",
            f"{demande.champ}.substitution", "Établissez une feuille de soins sur papier, sans tiers payant.",
        )
    texte = f"{ligne['libelle']} : base limitée au générique le plus cher, {formater(plus_cher, unite='€')}."
    return Montant(plus_cher, (regle("REFUS_GENERIQUE", texte, ligne),))
