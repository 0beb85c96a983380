"""Checks of an invoice before pricing: every remark at once, each with the path of its field.

``bloquante``: the invoice would be refused; ``avertissement``: a person decides. Messages never repeat a NIR or a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sesam_desktop.noyau import dates, identifiants
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.referentiels import tables as tables_livrees
from sesam_desktop.referentiels.tables import SourceTables

from .actes import AVERTISSEMENT, BLOQUANTE, refus_de_ligne, trouver_acte
from .facture import Alerte, Facture, LigneSaisie

_SEXES = "12"  # any other first digit is a provisional number (IR_NIR_V), or an error a person must see
_SITUATION_ORDINAIRE = ("", "0100")


class SourceMedicaments(Protocol):
    def par_cip13(self, cip13: str, jour: date) -> Any | None: ...


@dataclass(frozen=True, slots=True)
class _Dossier:
    """What every control looks at."""

    facture: Facture
    aujourd_hui: date
    tables: SourceTables
    medicaments: SourceMedicaments | None

    def jour(self, ligne: LigneSaisie) -> date:
        return ligne.date or self.facture.date_soins

    def lignes(self) -> Iterator[tuple[str, LigneSaisie, date]]:
        """(path, line, date of care)."""
        for rang, ligne in enumerate(self.facture.lignes):
            yield f"lignes[{rang}]", ligne, self.jour(ligne)


def controler(
    facture: Facture, aujourd_hui: date, medicaments: SourceMedicaments | None = None,
    tables: SourceTables = tables_livrees,
) -> tuple[Alerte, ...]:
    """Every remark, blocking ones first. Without `medicaments`, boxes are checked on the form of their code only."""
    dossier = _Dossier(facture, aujourd_hui, tables, medicaments)
    alertes = [alerte for controle in _CONTROLES for alerte in controle(dossier)]
    return tuple(sorted(alertes, key=lambda a: a.gravite != BLOQUANTE))


def _bloque(code: str, message: str, champ: str) -> Alerte:
    return Alerte(code, BLOQUANTE, message, champ)


def _avertit(code: str, message: str, champ: str) -> Alerte:
    return Alerte(code, AVERTISSEMENT, message, champ)


def _nir(d: _Dossier) -> Iterator[Alerte]:
    patient = d.facture.beneficiaire
    for nir, cle, champ in (
        (patient.nir, patient.cle, "nir"), (patient.nir_individuel, patient.cle_individuelle, "nir_individuel"),
    ):
        if not nir and champ == "nir_individuel":
            continue
        try:
            if identifiants.cle_nir(nir) != (cle or identifiants.cle_nir(nir)):
                message = "La clé du numéro de sécurité sociale ne correspond pas : ressaisissez le numéro et sa clé."
                yield _bloque("NIR_CLE_FAUSSE", message, f"beneficiaire.{champ}")
        except EntreeInvalide:
            yield _bloque("NIR_INVALIDE", "Le numéro de sécurité sociale est mal formé.", f"beneficiaire.{champ}")
    if patient.nir and patient.nir[0] not in _SEXES:
        message = "Le numéro de sécurité sociale est provisoire : vérifiez les droits."
        yield _avertit("NIR_PROVISOIRE", message, "beneficiaire.nir")


def _naissance(d: _Dossier) -> Iterator[Alerte]:
    champ = "beneficiaire.date_naissance"
    try:
        ne_le = dates.naissance_pour_age(d.facture.beneficiaire.date_naissance)
    except ErreurConnue as erreur:
        yield _bloque("NAISSANCE_INVALIDE", erreur.message, champ)
        return
    if any(jour < ne_le for _, _, jour in d.lignes()) or d.facture.date_soins < ne_le:
        yield _bloque("NAISSANCE_APRES_SOINS", "Le patient est né après les soins.", champ)


def _droits(d: _Dossier) -> Iterator[Alerte]:
    patient = d.facture.beneficiaire
    fermes = patient.droits_fin is not None and patient.droits_fin < d.facture.date_soins
    if patient.droits_ouverts and not fermes:
        return
    message = "Les droits sont fermés à la date des soins : mettez la carte à jour ou facturez sans tiers payant."
    gravite = BLOQUANTE if d.facture.tiers_payant.amo else AVERTISSEMENT
    yield Alerte("DROITS_FERMES", gravite, message, "beneficiaire.droits_fin")


def _situation(d: _Dossier) -> Iterator[Alerte]:
    patient = d.facture.beneficiaire
    if patient.situation not in _SITUATION_ORDINAIRE and not patient.regime_local:
        message = f"La situation {patient.situation} n'a pas de taux public : vérifiez les taux proposés."
        yield _avertit("SITUATION_NON_INTERPRETEE", message, "beneficiaire.situation")
    for champ, ligne, _ in d.lignes():
        if ligne.ald and patient.ald == "0":
            message = "Cette ligne est en rapport avec une ALD, la carte n'en signale pas."
            yield _avertit("ALD_NON_OUVERTE", message, f"{champ}.ald")


def _executant(d: _Dossier) -> Iterator[Alerte]:
    executant = d.facture.executant
    ligne = d.tables.charger("specialites").trouver(d.facture.date_soins, code=executant.specialite)
    if ligne is None:
        message = f"La spécialité {executant.specialite} n'est pas encore tarifée par ce programme."
        yield _bloque("METIER_NON_COUVERT", message, "executant.specialite")
    elif ligne["profession"] != executant.profession:
        message = f"La spécialité {executant.specialite} est celle de « {ligne['libelle']} »."
        yield _bloque("PROFESSION_INCOHERENTE", message, "executant.profession")


def _dates_de_soins(d: _Dossier) -> Iterator[Alerte]:
    lignes = [(f"{champ}.date", jour) for champ, ligne, jour in d.lignes() if ligne.date]
    delai = _mois(d, "DELAI_FACTURATION")
    for champ, jour in [("date_soins", d.facture.date_soins), *lignes]:
        if jour > d.aujourd_hui:
            yield _bloque("SOINS_FUTURS", f"Les soins sont datés du {dates.formater(jour)}, dans le futur.", champ)
        elif _plus_de(delai, jour, d.aujourd_hui):
            message = f"Les soins du {dates.formater(jour)} ont plus de {delai} mois : la caisse peut les refuser."
            yield _avertit("SOINS_ANCIENS", message, champ)


def _prescription(d: _Dossier) -> Iterator[Alerte]:
    prescription = d.facture.prescription
    if prescription is None:
        yield from _sans_prescription(d)
        return
    yield from _dates_de_prescription(d, prescription.date)
    yield from _prescripteur(d, prescription.prescripteur)


def _dates_de_prescription(d: _Dossier, prescrite: date) -> Iterator[Alerte]:
    soins = min([jour for _, _, jour in d.lignes()], default=d.facture.date_soins)
    if prescrite > d.aujourd_hui:
        message = f"La prescription est datée du {dates.formater(prescrite)}, dans le futur."
        yield _bloque("PRESCRIPTION_FUTURE", message, "prescription.date")
    elif prescrite > soins:
        yield _bloque("PRESCRIPTION_APRES_SOINS", "La prescription est postérieure aux soins.", "prescription.date")
    delai = _mois(d, "PREMIERE_DELIVRANCE")
    if any(li.acte == "MEDICAMENT" for li in d.facture.lignes) and _plus_de(delai, prescrite, soins):
        message = f"L'ordonnance a plus de {delai} mois : elle ne vaut plus pour une première délivrance."
        yield _avertit("PRESCRIPTION_ANCIENNE", message, "prescription.date")


def _prescripteur(d: _Dossier, numero: str) -> Iterator[Alerte]:
    champ = "prescription.prescripteur"
    if not numero:
        if any(li.acte == "MEDICAMENT" or _exige_prescription(d, li, jour) for _, li, jour in d.lignes()):
            yield _bloque("PRESCRIPTEUR_MANQUANT", "Le numéro du prescripteur est obligatoire pour ces lignes.", champ)
    elif not (identifiants.rpps_valide(numero) or identifiants.numero_am_valide(numero)):
        yield _avertit("PRESCRIPTEUR_CLE", "La clé du numéro du prescripteur est fausse.", champ)


def _sans_prescription(d: _Dossier) -> Iterator[Alerte]:
    if any(_exige_prescription(d, ligne, jour) for _, ligne, jour in d.lignes()):
        yield _bloque("PRESCRIPTION_MANQUANTE", "Ces actes demandent une prescription.", "prescription")
    elif any(ligne.acte == "MEDICAMENT" for ligne in d.facture.lignes):
        message = "Sans ordonnance, aucun médicament n'est remboursé."
        yield _avertit("PRESCRIPTION_ABSENTE", message, "prescription")


def _exige_prescription(d: _Dossier, ligne: LigneSaisie, jour: date) -> bool:
    acte = trouver_acte(d.tables, ligne, jour)
    return acte is not None and acte["prescription"]


def _lignes(d: _Dossier) -> Iterator[Alerte]:
    if not d.facture.lignes:
        yield _bloque("FACTURE_VIDE", "La facture n'a aucune ligne.", "lignes")
    for rang, ligne in enumerate(d.facture.lignes):
        alerte = refus_de_ligne(d.tables, d.facture.executant, ligne, rang, d.jour(ligne))
        if alerte is not None:
            yield alerte


def _medicaments(d: _Dossier) -> Iterator[Alerte]:
    for champ, ligne, jour in d.lignes():
        if ligne.acte != "MEDICAMENT":
            continue
        if not identifiants.cip13_valide(ligne.cip13):
            yield _bloque("CIP_INVALIDE", "Le code CIP13 est absent ou sa clé est fausse.", f"{champ}.cip13")
        elif d.medicaments is not None and d.medicaments.par_cip13(ligne.cip13, jour) is None:
            message = "Aucun médicament ne porte ce code CIP13 : vérifiez le code ou mettez à jour la base."
            yield _bloque("CIP_INCONNU", message, f"{champ}.cip13")


def _doublons(d: _Dossier) -> Iterator[Alerte]:
    cles = [(li.acte, li.cip13, li.code, li.coefficient, jour, li.complement) for _, li, jour in d.lignes()]
    compte = Counter(cles)
    vues: set[tuple] = set()
    for rang, cle in enumerate(cles):
        if compte[cle] > 1 and cle in vues:
            yield _avertit("LIGNE_EN_DOUBLE", "Cette ligne est déjà dans la facture.", f"lignes[{rang}]")
        vues.add(cle)


def _complements(d: _Dossier) -> Iterator[Alerte]:
    alsace = d.facture.executant.departement in ("57", "67", "68")
    for champ, ligne, jour in d.lignes():
        if ligne.complement == "F" and not dates.est_dimanche_ou_ferie(jour, alsace):
            message = f"Le {dates.formater(jour)} n'est ni un dimanche ni un jour férié."
            yield _avertit("JOUR_OUVRABLE", message, f"{champ}.complement")


def _depassements(d: _Dossier) -> Iterator[Alerte]:
    for champ, ligne, _ in d.lignes():
        if not ligne.depassement_centimes:
            continue
        if d.facture.beneficiaire.c2s:
            message = "Aucun dépassement n'est admis pour un patient à la complémentaire santé solidaire."
            yield _bloque("DEPASSEMENT_C2S", message, f"{champ}.depassement_centimes")
        elif not ligne.qualificatif and d.facture.executant.convention == "1":
            message = "Un dépassement en secteur 1 demande un qualificatif."
            yield _avertit("DEPASSEMENT_SANS_MOTIF", message, f"{champ}.qualificatif")


def _parcours(d: _Dossier) -> Iterator[Alerte]:
    facture, table = d.facture, d.tables.charger("parcours")
    if facture.parcours and table.trouver(facture.date_soins, code=facture.parcours) is None:
        yield _bloque("PARCOURS_INCONNU", "Cet indicateur de parcours de soins n'existe pas.", "parcours")
    elif facture.executant.profession == "medecin" and not facture.parcours:
        message = "L'indicateur de parcours de soins est absent : la facture est tarifée dans le parcours."
        yield _avertit("PARCOURS_ABSENT", message, "parcours")


def _amc(d: _Dossier) -> Iterator[Alerte]:
    if d.facture.tiers_payant.amc and d.facture.amc is None and not d.facture.beneficiaire.c2s:
        message = "Le tiers payant complémentaire est demandé sans organisme : la part complémentaire reste au patient."
        yield _avertit("AMC_ABSENTE", message, "amc")


def _mois(d: _Dossier, code: str) -> int | None:
    """A delay in months, None for a date the tables do not cover."""
    ligne = d.tables.charger("seuils").trouver(d.facture.date_soins, code=code)
    return int(ligne["valeur"]) if ligne else None


def _plus_de(mois: int | None, debut: date, fin: date) -> bool:
    """True when more than `mois` whole months lie between the two days."""
    if mois is None:
        return False
    ecoules = (fin.year - debut.year) * 12 + fin.month - debut.month
    return ecoules > mois or (ecoules == mois and fin.day > debut.day)


_CONTROLES: tuple[Callable[[_Dossier], Iterator[Alerte]], ...] = (
    _executant, _nir, _naissance, _droits, _situation, _dates_de_soins, _prescription, _lignes, _medicaments, _doublons,
    _complements, _depassements, _parcours, _amc,
)
