"""Each entity of a return as a French sentence. Labels of the published codes are data (``libelles_retours.csv``)."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from sesam_desktop.noyau import dates, montants
from sesam_desktop.noyau.ressources import ressource

from ..causes import AUTRE, explication, numero_complet
from ..entites import jour, signe_applique

Zones = dict[str, Any]


def libelle(table: str, code: str) -> str:
    """Words of a published code; the code itself when it is not known, "" when it is blank."""
    return _libelles().get((table, code), code)


@lru_cache(maxsize=1)
def _libelles() -> dict[tuple[str, str], str]:
    with ressource("flux", "libelles_retours.csv").open(encoding="utf-8", newline="") as fichier:
        return {(r["table"], r["code"]): r["libelle"] for r in csv.DictReader(fichier, delimiter=";")}


def euros(centimes: int) -> str:
    return montants.formater(centimes, unite="€")


def le(jour_lu: date | None) -> str:
    """`` du 10/03/2026``, or nothing."""
    return f" du {dates.formater(jour_lu)}" if jour_lu else ""


def suite(*morceaux: str) -> str:
    """What there is to say, separated by commas."""
    return ", ".join(morceau for morceau in morceaux if morceau)


def entre_parentheses(*morceaux: str) -> str:
    dits = suite(*morceaux)
    return f" ({dits})" if dits else ""


def entete(z: Zones) -> str:
    flux = {"T": "essai", "D": "démonstration"}.get(z["type_flux"], "")
    de = f"{z['type_emetteur']} {z['numero_emetteur']}"
    pour = f"{z['type_destinataire']} {z['numero_destinataire']}"
    details = entre_parentheses(f"fichier {z['identification_fichier']}", flux)
    return f"Retour {z['reference']}{le(jour(z['date_creation']))}, de {de} pour {pour}{details}."


def fin(z: Zones) -> str:
    lots = z["nombre_lots"]
    comptes = f"{z['nombre_enregistrements']} entités, {lots} lot{'s' if lots > 1 else ''}"
    return f"Fin du fichier : {comptes}, {euros(signe_applique(z, 'cumul'))} au total."


def controle(z: Zones) -> str:
    montant, nombre = euros(signe_applique(z, "cumul")), z["nombre_entites"]
    return f"Contrôle : {nombre} entité{'s' if nombre > 1 else ''} depuis l'entité {z['niveau_clos']}, pour {montant}."


def organisme(z: Zones) -> str:
    return f"Organisme complémentaire {z['numero_amc']} (clé {z['cle']})."


def mandataire(z: Zones) -> str:
    return f"Mandataire : destinataire de règlement {z['destinataire_reglement']}."


def destinataire(z: Zones) -> str:
    return f"Destinataire de règlement {z['destinataire_reglement']}."


def journee(z: Zones) -> str:
    return f"Journée comptable{le(jour(z['date_comptable']))}."


def virement(z: Zones) -> str:
    libelles = " ".join(filter(None, (z["libelle_virement_1"], z["libelle_virement_2"])))
    payeur = z["organisme_payeur"] and f"payé par {z['organisme_payeur']}"
    return f"Virement{le(jour(z['date_comptable']))} : {libelles}{entre_parentheses(payeur)}."


def lot(z: Zones) -> str:
    return f"Lot {z['numero_lot']}{le(jour(z['date_lot']))}."


def type_de_retour(z: Zones) -> str:
    lieu = z["lieu_execution"] and f"lieu d'exécution {z['lieu_execution']}"
    return f"Type de retour : {suite(libelle('type_retour', z['code']), lieu)}."


def facture(z: Zones) -> str:
    complement = z["complement_numero"] and f" complément {z['complement_numero']}"
    lot_lu = z["numero_lot"] and f"lot {z['numero_lot']}{le(jour(z['date_lot']))}"
    nature = z["nature_assurance"] and f"nature d'assurance : {libelle('nature_assurance', z['nature_assurance'])}"
    genre, traitement = libelle("type_facture", z["type_facture"]), libelle("traitement_amc", z["traitement_amc"])
    numero = f"Facture {z['numero_facture']}{complement}{le(jour(z['date_facturation']))}"
    return f"{numero} : {suite(genre, lot_lu, traitement, nature)}."


def facture_courte(z: Zones) -> str:
    return f"Facture {z['numero_facture']}."


def _naissance(z: Zones) -> str:
    """A birth date may be lunar: it is shown as written."""
    ne = z["date_naissance"] or ""
    return f"né(e) le {ne[4:]}/{ne[2:4]}/{ne[:2]} (rang {z['rang_naissance']})" if ne.strip("0 ") else ""


def _nom(*mots: str) -> str:
    return " ".join(mot for mot in mots if mot)


def _nir(nir: str, cle: str | None) -> str:
    return f"NIR {nir} {cle or ''}".rstrip() if nir else ""


def personnes(z: Zones) -> str:
    assure_lu = suite(_nom(z["nom_usage"] or z["nom_patronymique"], z["prenom"]), _nir(z["nir_assure"], z["cle"]))
    nom = _nom(z["nom_beneficiaire"], z["prenom_beneficiaire"])
    patient = suite(nom, _nir(z["nir_individuel"], z["cle_individuelle"]), _naissance(z))
    return f"Assuré : {assure_lu}" + (f" ; bénéficiaire : {patient}." if patient else ".")


def assure(z: Zones) -> str:
    return f"Assuré : {suite(_nom(z['nom'], z['prenom']), _nir(z['nir_assure'], z['cle']))}."


def malade(z: Zones) -> str:
    return f"Malade : {suite(_nom(z['nom'], z['prenom']), _naissance(z))}."


def nature(z: Zones) -> str:
    return f"Nature d'assurance : {libelle('nature_assurance', z['nature_assurance'])}."


def archivage(z: Zones) -> str:
    return f"Numéro d'archivage de la caisse : {z['numero_archivage']}."


def part_amo(z: Zones) -> str:
    return f"Part obligatoire : {_sort(z)}."


def part_amc(z: Zones) -> str:
    adherent = z["numero_adherent"] and f"adhérent {z['numero_adherent']}"
    amc = f"AMC {z['numero_amc']}"
    return f"Part complémentaire{entre_parentheses(amc, adherent)} : {_sort(z)}."


def _sort(z: Zones) -> str:
    demande, paye = euros(z["montant_demande"]), signe_applique(z, "montant_paye")
    verse = f"{euros(-paye)} repris" if paye < 0 else f"{euros(paye)} payés"
    if z["etat"] == "P":
        return f"{verse} sur {demande} demandés"
    etat = libelle("etat", z["etat"]) or "non traitée"
    return etat + entre_parentheses(f"{demande} demandés", verse if paye else "")


def acte(z: Zones) -> str:
    return _ligne(z, le(jour(z["date_debut"])))


def frais(z: Zones) -> str:
    debut, terme = jour(z["date_debut"]), jour(z["date_fin"])
    periode = debut and terme and f" du {dates.formater(debut)} au {dates.formater(terme)}"
    return _ligne(z, periode or le(debut))


def _ligne(z: Zones, quand: str) -> str:
    quantite = f" × {z['quantite']}" if z["quantite"] > 1 else ""
    montants_lus = suite(
        f"{euros(z['montant_rembourse'])} {'repris' if z['signe'] == 'N' else 'remboursés'} à {z['taux']} % de"
        f" {euros(z['base'])}",
        f"dépense {euros(z['depense'])}",
        f"régime local {euros(z['montant_alsace_moselle'])}" if z["montant_alsace_moselle"] else "",
        f"part complémentaire {euros(z['montant_amc'])}" if z["montant_amc"] else "",
        f"qualificatif {z['qualificatif']}" if z["qualificatif"] else "",
    )
    acte_lu = f"{z['nature_prestation']}{entre_parentheses(libelle('complement_acte', z['complement_acte']))}"
    return f"Ligne {int(z['numero_ligne'])} : {acte_lu}{quantite}{quand}, {montants_lus}."


def retenue(z: Zones) -> str:
    sens = "Versement" if z["signe"] == "P" else "Retenue"
    solde = z["solde_dette"]
    details = entre_parentheses(
        libelle("nature_dette", z["nature_dette"]),
        f"récupération {z['nature_recuperation']}",
        f"référence {z['reference_dette']}{le(jour(z['date_dette']))}",
        f"reste {euros(solde)}" if solde else "",
    )
    return f"{sens} de {euros(z['montant'])}{details}."


def forfait(z: Zones) -> str:
    return f"Paiement ponctuel ou forfaitaire {z['code']} : {euros(z['montant'])}."


def detail_forfait(z: Zones) -> str:
    debut = jour(z["date_debut"])
    depuis = f"à partir du {dates.formater(debut)}" if debut else ""
    qui = suite(_nir(z["nir_assure"], z["cle"]), _naissance(z))
    mots = suite(z["libelle"], qui, f"période {z['periode']}", depuis)
    return f"Détail : {mots}, {euros(z['montant'])}."


def motif(z: Zones) -> str:
    """Entity 294: the fund's words, then what they mean when they are recognised."""
    ligne = int(z["numero_ligne"] or 0)
    part = "part complémentaire" if z["part"] == "C" else "part obligatoire ou les deux"
    sur = f"la ligne {ligne}" if ligne else libelle("niveau_rejet", z["niveau_rejet"])
    acte_lu = z["nature_prestation"] and z["nature_prestation"] + le(jour(z["date_soins"]))
    numero = numero_complet(z["code_rejet"], z["libelle"], z["information"])
    visant = suite(f"Motif {numero} sur {sur}", acte_lu, part)
    return _motif(visant, z["code_rejet"], z["libelle"], z["information"])


def motif_ancien(z: Zones) -> str:
    ligne = int(z["numero_ligne"])
    return _motif(f"Motif {z['code']} sur {f'la ligne {ligne}' if ligne else 'la facture'}", z["code"], z["libelle"])


def _motif(visant: str, code: str, mots: str, information: str = "") -> str:
    cause = explication(code, mots)
    dit = suite(f"« {mots} »", information)
    return f"{visant} : {dit}." + (f" {cause.phrase}" if cause != AUTRE else "")


def commentaire(z: Zones) -> str:
    return f"Commentaire : « {z['commentaire']} »."


PHRASES: dict[str, Callable[[Zones], str]] = {
    "000": entete, "010": organisme, "020": mandataire, "040": destinataire, "070": journee, "071": virement,
    "080": lot, "081": type_de_retour, "100": facture_courte, "102": facture, "103": personnes, "110": assure,
    "120": malade, "150": nature, "160": archivage, "198": part_amo, "199": part_amc, "210": acte, "220": frais,
    "250": retenue, "261": forfait, "262": detail_forfait, "290": motif_ancien, "294": motif, "295": commentaire,
    "990": controle, "999": fin,
}  # fmt: skip
