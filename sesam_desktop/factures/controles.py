"""Checks of an invoice before pricing: every remark at once, each with the path of its field.

``bloquante``: the invoice would be refused; ``avertissement``: a person decides. Messages never repeat a NIR or a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from sesam_desktop.noyau import dates, identifiants
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.referentiels import tables as tables_livrees
from sesam_desktop.referentiels.tables import SourceTables, Table

from . import (
    controles_amc,
    controles_auxiliaires,
    controles_biologie,
    controles_ccam,
    controles_infirmier,
    controles_lpp,
    controles_medecin,
    controles_officine,
    controles_prescription,
    controles_situation,
    executant,
    parcours,
)
from .actes import AVERTISSEMENT, BLOQUANTE, refus_de_ligne
from .dossier import SANS_ARTICLES, Articles, Dossier, SourceMedicaments, avertir, bloquer, est_chome, mois, plus_de
from .facture import Alerte, Facture

_SEXES = "12"  # any other first digit is a provisional number (IR_NIR_V), or an error a person must see
_HORS_REMBOURSEMENT = "N"  # what is added to the price of such a line is not an overrun
_EXIGENCE = "E"  # particular request of the patient: the only overrun that the C2S law leaves (CSS L. 162-5-13)
_SITUATION_ORDINAIRE = ("", "0100")


def controler(
    facture: Facture, aujourd_hui: date, medicaments: SourceMedicaments | None = None,
    tables: SourceTables = tables_livrees, articles: Articles = SANS_ARTICLES,
) -> tuple[Alerte, ...]:
    """Every remark, blocking ones first. Without `medicaments` or `articles`, codes are checked on their form only."""
    dossier = Dossier(facture, aujourd_hui, tables, medicaments, articles)
    alertes = [alerte for controle in _CONTROLES for alerte in controle(dossier)]
    return tuple(sorted(alertes, key=lambda a: a.gravite != BLOQUANTE))


def _nir(d: Dossier) -> Iterator[Alerte]:
    patient = d.facture.beneficiaire
    for nir, cle, champ in (
        (patient.nir, patient.cle, "nir"), (patient.nir_individuel, patient.cle_individuelle, "nir_individuel"),
    ):
        if not nir and champ == "nir_individuel":
            continue
        try:
            if identifiants.cle_nir(nir) != (cle or identifiants.cle_nir(nir)):
                message = "La clé du numéro de sécurité sociale ne correspond pas : ressaisissez le numéro et sa clé."
                yield bloquer("NIR_CLE_FAUSSE", message, f"beneficiaire.{champ}")
        except EntreeInvalide:
            yield bloquer("NIR_INVALIDE", "Le numéro de sécurité sociale est mal formé.", f"beneficiaire.{champ}")
    if patient.nir and patient.nir[0] not in _SEXES:
        message = "Le numéro de sécurité sociale est provisoire : vérifiez les droits."
        yield avertir("NIR_PROVISOIRE", message, "beneficiaire.nir")


def _naissance(d: Dossier) -> Iterator[Alerte]:
    champ = "beneficiaire.date_naissance"
    try:
        ne_le = dates.naissance_pour_age(d.facture.beneficiaire.date_naissance)
    except ErreurConnue as erreur:
        yield bloquer("NAISSANCE_INVALIDE", erreur.message, champ)
        return
    if any(jour < ne_le for _, _, jour in d.lignes()) or d.facture.date_soins < ne_le:
        yield bloquer("NAISSANCE_APRES_SOINS", "Le patient est né après les soins.", champ)


def _droits(d: Dossier) -> Iterator[Alerte]:
    patient = d.facture.beneficiaire
    fermes = patient.droits_fin is not None and patient.droits_fin < d.facture.date_soins
    if patient.droits_ouverts and not fermes:
        return
    message = "Les droits sont fermés à la date des soins : mettez la carte à jour ou facturez sans tiers payant."
    gravite = BLOQUANTE if d.facture.tiers_payant.amo else AVERTISSEMENT
    yield Alerte("DROITS_FERMES", gravite, message, "beneficiaire.droits_fin")


def _situation(d: Dossier) -> Iterator[Alerte]:
    patient = d.facture.beneficiaire
    if patient.situation not in _SITUATION_ORDINAIRE and not patient.regime_local:
        message = f"La situation {patient.situation} n'a pas de taux public : vérifiez les taux proposés."
        yield avertir("SITUATION_NON_INTERPRETEE", message, "beneficiaire.situation")
    en_ald = [champ for champ, ligne, _ in d.lignes() if ligne.ald]
    if en_ald and patient.ald == "0" and "ALD" not in patient.particularites:
        message = "Des soins sont en rapport avec une ALD, les droits du patient n'en signalent pas : vérifiez-les."
        yield avertir("ALD_NON_OUVERTE", message, f"{en_ald[0]}.ald")


def _executant(d: Dossier) -> Iterator[Alerte]:
    yield from executant.refus(d.facture, d.tables)
    ps = d.facture.executant
    ligne = d.tables.charger("specialites").trouver(d.facture.date_soins, code=ps.specialite)
    if ligne is not None and ligne["profession"] != ps.profession:
        attendue = ligne["profession"]
        message = f"La spécialité {ps.specialite} est celle de « {ligne['libelle']} » : « {attendue} » est attendu."
        yield bloquer("PROFESSION_INCOHERENTE", message, "executant.profession")


def _dates_de_soins(d: Dossier) -> Iterator[Alerte]:
    lignes = [(f"{champ}.date", jour) for champ, ligne, jour in d.lignes() if ligne.date]
    delai = mois(d, "DELAI_FACTURATION")
    for champ, jour in [("date_soins", d.facture.date_soins), *lignes]:
        if jour > d.aujourd_hui:
            yield bloquer("SOINS_FUTURS", f"Les soins sont datés du {dates.formater(jour)}, dans le futur.", champ)
        elif plus_de(delai, jour, d.aujourd_hui):
            message = f"Les soins du {dates.formater(jour)} ont plus de {delai} mois : la caisse peut les refuser."
            yield avertir("SOINS_ANCIENS", message, champ)


def _lignes(d: Dossier) -> Iterator[Alerte]:
    if not d.facture.lignes:
        yield bloquer("FACTURE_VIDE", "La facture n'a aucune ligne.", "lignes")
    for rang, ligne in enumerate(d.facture.lignes):
        alerte = refus_de_ligne(d.tables, d.facture.executant, ligne, rang, d.jour(ligne))
        if alerte is not None:
            yield alerte


def _medicaments(d: Dossier) -> Iterator[Alerte]:
    for champ, ligne, jour in d.lignes():
        if ligne.acte != "MEDICAMENT":
            continue
        if not identifiants.cip13_valide(ligne.cip13):
            yield bloquer("CIP_INVALIDE", "Le code CIP13 est absent ou sa clé est fausse.", f"{champ}.cip13")
        elif d.medicaments is not None and d.medicaments.par_cip13(ligne.cip13, jour) is None:
            message = "Aucun médicament ne porte ce code CIP13 : vérifiez le code ou mettez à jour la base."
            yield bloquer("CIP_INCONNU", message, f"{champ}.cip13")


def _doublons(d: Dossier) -> Iterator[Alerte]:
    cles = [
        (
            li.acte, li.cip13, li.code, li.coefficient, jour, li.complement, li.passage, li.activite, li.phase,
            li.dents, li.unites_boite,  # an opened box stands beside whole ones of the same medicine
        )
        for _, li, jour in d.lignes()
    ]
    compte = Counter(cles)
    vues: set[tuple] = set()
    for rang, cle in enumerate(cles):
        if compte[cle] > 1 and cle in vues and not controles_infirmier.cumulable(d, rang):
            yield avertir("LIGNE_EN_DOUBLE", "Cette ligne est déjà dans la facture.", f"lignes[{rang}]")
        vues.add(cle)


def _complements(d: Dossier) -> Iterator[Alerte]:
    for champ, ligne, jour in d.lignes():
        if ligne.complement == "F" and not est_chome(d, jour):
            message = f"Le {dates.formater(jour)} n'est ni un dimanche ni un jour férié."
            yield avertir("JOUR_OUVRABLE", message, f"{champ}.complement")


def _depassements(d: Dossier) -> Iterator[Alerte]:
    for champ, ligne, _ in d.lignes():
        if not ligne.depassement_centimes or ligne.qualificatif == _HORS_REMBOURSEMENT:
            continue
        if d.facture.beneficiaire.c2s and ligne.qualificatif == _EXIGENCE:
            message = "Patient à la complémentaire santé solidaire : un dépassement ne vaut que pour son exigence."
            yield avertir("DEPASSEMENT_C2S", message, f"{champ}.depassement_centimes")
        elif d.facture.beneficiaire.c2s:
            message = "Aucun dépassement n'est admis pour un patient à la complémentaire santé solidaire."
            yield bloquer("DEPASSEMENT_C2S", message, f"{champ}.depassement_centimes")
        elif not ligne.qualificatif and d.facture.executant.convention == "1":
            message = "Un dépassement en secteur 1 demande un qualificatif."
            yield avertir("DEPASSEMENT_SANS_MOTIF", message, f"{champ}.qualificatif")


def _parcours(d: Dossier) -> Iterator[Alerte]:
    facture, table = d.facture, d.tables.charger("parcours")
    if facture.parcours and table.trouver(facture.date_soins, code=facture.parcours) is None:
        message = f"Cet indicateur de parcours de soins n'existe pas ; attendus : {_codes(table, facture.date_soins)}."
        yield bloquer("PARCOURS_INCONNU", message, "parcours")
    elif not facture.parcours and _soumise_au_parcours(d):
        message = "L'indicateur de parcours de soins est absent : la facture est tarifée dans le parcours."
        yield avertir("PARCOURS_ABSENT", message, "parcours")


def _codes(table: Table, jour: date) -> str:
    return ", ".join(sorted(ligne["code"] for ligne in table.lignes(jour)))


def _soumise_au_parcours(d: Dossier) -> bool:
    """A birth date that cannot be read is told by another control."""
    try:
        return parcours.est_concernee(d.facture, d.facture.date_soins, d.tables)
    except ErreurConnue:
        return False


_CONTROLES: tuple[Callable[[Dossier], Iterator[Alerte]], ...] = (
    _executant, _nir, _naissance, _droits, _situation, controles_situation.controler, _dates_de_soins,
    controles_prescription.controler, _lignes, _medicaments, _doublons, _complements, _depassements, _parcours,
    controles_officine.controler, controles_lpp.controler, controles_biologie.controler, controles_medecin.controler,
    controles_amc.controler,
    controles_auxiliaires.controler, controles_infirmier.controler, controles_ccam.controler,
)
