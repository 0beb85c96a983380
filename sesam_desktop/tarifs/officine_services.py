"""What a pharmacy bills besides boxes: magistral preparations, pharmaceutical services, duty fees."""

from __future__ import annotations

from decimal import Decimal

from sesam_desktop.factures.facture import Facture
from sesam_desktop.noyau.dates import formater as formater_date
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import Centimes, formater
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser, regle
from .cotation import Cotation, Demande, regle_de_prix


def coter_preparation(facture: Facture, demande: Demande, tables: Consultation) -> list[Cotation]:
    """A preparation at the price asked, at the rate its code says; not reimbursed without prescription."""
    prix = demande.saisie.prix_centimes
    if prix is None:
        raise refuser(
            "PRIX_MANQUANT", "Une préparation se facture au prix demandé.", f"{demande.champ}.prix_centimes",
            "Indiquez le prix TTC.",
        )
    texte = f"Prix demandé : {demande.saisie.quantite} × {formater(prix, unite='€')}."
    tarif = regle("TARIF", texte, demande.acte)
    if facture.prescription is not None or not demande.acte["prescription"]:
        return [_cotation(demande, prix, demande.saisie.qualificatif or "").plus(tarif)]
    sans = regle("SANS_ORDONNANCE", "Sans ordonnance, la préparation n'est pas remboursée.", demande.acte)
    return [_cotation(demande, prix, demande.saisie.qualificatif or "N").plus(tarif, sans)]


def coter_service(facture: Facture, demande: Demande, tables: Consultation) -> list[Cotation]:
    """A service at its published price; the price asked chooses when there are several."""
    ligne = _tarif(demande, tables)
    quantite, prix = demande.saisie.quantite, ligne["prix"]
    tarif = regle_de_prix(f"{demande.saisie.acte}, {ligne['quand']}", ligne, quantite, Decimal(1), prix * quantite)
    return [_cotation(demande, prix, demande.saisie.qualificatif or "").plus(tarif)]


def coter_garde(facture: Facture, demande: Demande, tables: Consultation) -> list[Cotation]:
    """The duty fee, on a prescription only."""
    if facture.prescription is None:
        raise refuser(
            "HONORAIRE_NON_DU", f"{demande.saisie.acte} se facture par ordonnance.", f"{demande.champ}.acte",
            "Retirez la ligne ou saisissez l'ordonnance.",
        )
    return coter_service(facture, demande, tables)


def refuser_gardes_en_trop(lues: list[Demande]) -> None:
    """One duty fee a prescription."""
    gardes = [d for d in lues if d.genre == "garde"]
    if len(gardes) > 1 or any(d.saisie.quantite > 1 for d in gardes):
        demande = gardes[-1]
        raise refuser(
            "HONORAIRE_NON_DU", f"{demande.saisie.acte} ne se facture pas plus d'une fois par ordonnance.",
            f"{demande.champ}.acte",
        )


def _tarif(demande: Demande, tables: Consultation) -> Ligne:
    code, demandee = demande.saisie.acte, demande.saisie.prix_centimes
    lignes = tables.contexte.tables.charger("services_officine").lignes(demande.jour)
    possibles = [li for li in lignes if li["code"] == code and li["zone"] in (tables.zone, "*")]
    if not possibles:
        raise refuser(
            "SERVICE_SANS_TARIF", f"Le tarif de {code} au {formater_date(demande.jour)} n'est pas publié ici.",
            f"{demande.champ}.acte", "Facturez ce service avec un autre outil.",
        )
    retenues = [li for li in possibles if demandee in (None, li["prix"])]
    if len({li["prix"] for li in retenues}) != 1:
        raise _prix_a_choisir(demande, possibles)
    choisie = retenues[0]
    return tables.lire("services_officine", demande.jour, code=code, zone=choisie["zone"], rang=choisie["rang"])


def _prix_a_choisir(demande: Demande, possibles: list[Ligne]) -> EntreeInvalide:
    choix = " ; ".join(f"{formater(li['prix'], unite='€')} ({li['quand']})" for li in possibles)
    manque = demande.saisie.prix_centimes is None
    return refuser(
        "PRIX_MANQUANT" if manque else "PRIX_REGLEMENTE", f"{demande.saisie.acte} se facture {choix}.",
        f"{demande.champ}.prix_centimes", "Indiquez celui de ces prix qui convient.",
    )


def _cotation(demande: Demande, prix: Centimes, qualificatif: str) -> Cotation:
    acte, saisie = demande.acte, demande.saisie
    return Cotation(
        acte=acte["code"], libelle=acte["libelle"], nature=acte["nature"], jour=demande.jour, rang=demande.rang,
        prix=prix, quantite=saisie.quantite, ald=saisie.ald, qualificatif=qualificatif, motif=saisie.motif_exoneration,
    )
