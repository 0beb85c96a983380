"""Medical biology (NABM): the letter's price of the day × the dated coefficient of the act × the quantity."""

from __future__ import annotations

from datetime import date

from sesam_desktop.factures.facture import Facture, Regle
from sesam_desktop.noyau import dates, identifiants
from sesam_desktop.referentiels.nabm import ActeBiologie
from sesam_desktop.referentiels.tables import Ligne

from .contexte import Consultation, refuser
from .cotation import Cotation, Demande, nombre, regle_de_prix
from .references import (
    avertir_de_l_age,
    avertir_du_dernier_jour,
    consulter,
    est_ancienne,
    exiger_accord,
    exiger_table,
    quoi_importer,
)

MODULE = "biologie"
_TABLE = "nabm"
_NATURES = {"P": "anatomopathologie"}  # other letters follow the nature of the acts table


def coter(facture: Facture, lues: list[Demande], tables: Consultation) -> list[Cotation]:
    """Each examination asked, in the order asked."""
    demandes = [d for d in lues if d.module == MODULE]
    cotations = [_coter(demande, tables) for demande in demandes]
    _refuser_les_doublons(demandes, tables)
    return cotations


def _coter(demande: Demande, tables: Consultation) -> Cotation:
    acte = _acte(demande, tables)
    prix = tables.lire(
        "prix", demande.jour, f"{demande.champ}.code", code=acte.lettre, zone=_zone(tables),
        specialite=tables.executant.specialite,
    )
    assert acte.coefficient is not None  # noqa: S101 - _acte has refused it
    cotation = Cotation(
        acte.lettre, acte.libelle, _NATURES.get(acte.lettre, demande.acte["nature"]), demande.jour, demande.rang,
        prix["prix"], demande.saisie.quantite, acte.coefficient, ald=demande.saisie.ald,
        qualificatif=demande.saisie.qualificatif or "", detail=acte.code, motif=demande.saisie.motif_exoneration,
    )
    doute = est_ancienne(acte.version, demande.jour, tables)
    return cotation.plus(*_regles(acte, prix, cotation, doute))


def _acte(demande: Demande, tables: Consultation) -> ActeBiologie:
    """The act of the imported table, priced on the day of care."""
    champ, code = f"{demande.champ}.code", demande.saisie.code
    if not identifiants.nabm_valide(code):
        raise refuser("NABM_INVALIDE", f"Le code « {code[:20]} » n'a pas les quatre chiffres d'un code NABM.", champ)
    table = exiger_table(tables.contexte.nabm, _TABLE, champ)
    acte: ActeBiologie | None = consulter(champ, lambda: table.acte(code, demande.jour))
    if acte is None:
        raise refuser("NABM_INCONNU", f"Aucun examen de biologie ne porte le code « {code} ».", champ)
    _exiger_ouvert(acte, demande.jour, champ)
    avertir_du_dernier_jour(acte.fin, demande.jour, champ, tables)
    exiger_accord(demande, acte.entente)
    avertir_de_l_age(acte.version, "nomenclature de biologie", demande.jour, champ, tables)
    if acte.autres:
        message = f"L'examen {code} a aussi une cotation en {', '.join(acte.autres)} : vérifiez celle qui vous revient."
        tables.avertir("COTATION_MULTIPLE", message, champ)
    return acte


def _exiger_ouvert(acte: ActeBiologie, jour: date, champ: str) -> None:
    if acte.fin is not None and acte.fin < jour:
        raise refuser("ACTE_FERME", f"L'examen {acte.code} s'est facturé jusqu'au {dates.formater(acte.fin)}.", champ)
    if acte.debut is not None and jour < acte.debut:
        raise refuser("ACTE_FERME", f"L'examen {acte.code} n'existe que depuis le {dates.formater(acte.debut)}.", champ)
    if not acte.coefficient:
        raise refuser(
            "COTATION_INCONNUE", f"La table n'a pas de cotation de l'examen {acte.code} à cette date.", champ,
            quoi_importer(acte.hors_periode, "nomenclature de biologie"),
        )


def _zone(tables: Consultation) -> str:
    """Overseas, letters have a price a department."""
    return tables.zone if tables.zone == "metro" else tables.executant.departement


def _regles(acte: ActeBiologie, prix: Ligne, cotation: Cotation, doute: bool) -> tuple[Regle, ...]:
    """The quotation of the act, then the arithmetic. `doute`: the coefficient is that of an old table."""
    cote = f"Examen {acte.code} : {acte.lettre} {nombre(cotation.coefficient)}."
    return (
        Regle("COTATION", cote, "Nomenclature des actes de biologie médicale", f"nabm {acte.version}", "base", doute),
        regle_de_prix(acte.lettre, prix, cotation.quantite, cotation.coefficient, cotation.tarif),
    )


def _refuser_les_doublons(demandes: list[Demande], tables: Consultation) -> None:
    """Forfaits and supplements due once a day, whatever the number of acts."""
    vus: set[tuple[str, date]] = set()
    for demande in demandes:
        cle = demande.saisie.code, demande.jour
        if tables.trouver("biologie_par_jour", demande.jour, code=demande.saisie.code) is None:
            continue
        if cle in vus or demande.saisie.quantite > 1:
            raise refuser(
                "CUMUL_INTERDIT", f"Le code {cle[0]} se facture une seule fois par jour.", f"{demande.champ}.code"
            )
        vus.add(cle)
