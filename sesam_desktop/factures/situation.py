"""The situation of a beneficiary: régime, rows of the table ``particularites``, and what makes it impossible to price.

What is refused here is refused by the controls and by the engine alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sesam_desktop.droits.particularites import de_la_gestion
from sesam_desktop.noyau import dates
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.cellules import dans
from sesam_desktop.referentiels.tables import TOUS, Ligne, SourceTables, Table

from .actes import BLOQUANTE
from .facture import Alerte, Facture, LigneSaisie, Patient

AME = "AME"
ASPA = "ASPA"
DETENU = "DETENU"
MATERNITE = "MATERNITE"
REGIME_LOCAL = "REGIME_LOCAL"
FRONTALIER = "FRONTALIER"


def codes(patient: Patient) -> tuple[str, ...]:
    """Particularités of the patient, those that other fields of the rights say included."""
    trouves = list(patient.particularites)
    if patient.regime_local and FRONTALIER not in trouves:
        trouves.append(REGIME_LOCAL)
    trouves += de_la_gestion(patient.nir, patient.regime, patient.code_gestion)
    return tuple(dict.fromkeys(trouves))


def rangees(patient: Patient, jour: date, tables: SourceTables) -> tuple[Ligne, ...]:
    """Rows of the patient's particularités in force on `jour`; what has none is told by `refus`."""
    voulus = codes(patient)
    if not voulus:
        return ()
    table = tables.charger("particularites")
    lues = (table.trouver(jour, code=code, regime=patient.regime) for code in voulus)
    return tuple(ligne for ligne in lues if ligne is not None)


def suit_le_parcours(patient: Patient, jour: date, tables: SourceTables) -> bool:
    """False when the situation takes the patient out of the parcours de soins (RG_CF640)."""
    return all(ligne["parcours"] for ligne in rangees(patient, jour, tables))


def refus(facture: Facture, tables: SourceTables) -> Iterator[Alerte]:
    """Blocking remarks on the situation and on the reasons given line by line."""
    patient = facture.beneficiaire
    yield from _regime(facture, tables)
    if patient.particularites:
        yield from _particularites(facture, tables)
    if patient.c2s and AME in patient.particularites:
        message = "L'aide médicale de l'État et la complémentaire santé solidaire s'excluent : gardez l'une des deux."
        yield _bloquer("SITUATION_CONTRADICTOIRE", message, "beneficiaire.c2s")
    for rang, ligne in enumerate(facture.lignes):
        if ligne.motif_exoneration:
            yield from _motif(facture, ligne, rang, tables)


def _regime(facture: Facture, tables: SourceTables) -> Iterator[Alerte]:
    """An unknown régime, or one that is billed on paper only, whatever the care."""
    table, code = tables.charger("regimes"), facture.beneficiaire.regime
    ligne = table.trouver(facture.date_soins, code=code)
    if not table.connait(code=code):
        message = f"Le régime {code} n'existe pas ; attendus : {_codes(table.lignes(facture.date_soins))}."
        yield _bloquer("REGIME_INCONNU", message, "beneficiaire.regime")
    elif ligne is not None and ligne["traitement"] == "refus":
        message = f"Le régime {ligne['code']} (« {ligne['libelle']} ») se facture sur une feuille de soins papier."
        yield _bloquer("REGIME_NON_COUVERT", message, "beneficiaire.regime")


def _particularites(facture: Facture, tables: SourceTables) -> Iterator[Alerte]:
    patient, jour, table = facture.beneficiaire, facture.date_soins, tables.charger("particularites")
    connus = {ligne["code"] for ligne in table.lignes(jour)}
    groupes = _groupes_deduits(patient, jour, table)
    for rang, code in enumerate(patient.particularites):
        champ = f"beneficiaire.particularites[{rang}]"
        ligne = table.trouver(jour, code=code, regime=patient.regime)
        if code not in connus:
            possibles = [li for li in table.lignes(jour) if li["regime"] in (TOUS, patient.regime)]
            message = f"La particularité {code} n'existe pas ; attendues ici : {_codes(possibles)}."
            yield _bloquer("PARTICULARITE_INCONNUE", message, champ)
        elif ligne is None:
            message = f"« {_libelle(table.lignes(jour), code)} » ne va pas avec le régime {patient.regime}."
            yield _bloquer("PARTICULARITE_REGIME", message, champ)
        elif ligne["groupe"] and groupes.setdefault(ligne["groupe"], code) != code:
            autre = _libelle(table.lignes(jour), groupes[ligne["groupe"]])
            message = f"« {ligne['libelle']} » et « {autre} » s'excluent : gardez l'une des deux."
            yield _bloquer("SITUATION_CONTRADICTOIRE", message, champ)


def _groupes_deduits(patient: Patient, jour: date, table: Table) -> dict[str, str]:
    """Group → code, of what the other fields of the rights say. A provisional number alone contradicts nothing."""
    deduits = [REGIME_LOCAL] if patient.regime_local else []
    deduits += de_la_gestion("", patient.regime, patient.code_gestion)
    lues = (table.trouver(jour, code=code, regime=patient.regime) for code in deduits)
    return {ligne["groupe"]: ligne["code"] for ligne in lues if ligne is not None}


def _libelle(lignes: list[Ligne], code: str) -> str:
    return next(ligne["libelle"] for ligne in lignes if ligne["code"] == code)


def _motif(facture: Facture, ligne: LigneSaisie, rang: int, tables: SourceTables) -> Iterator[Alerte]:
    champ, jour = f"lignes[{rang}].motif_exoneration", ligne.date or facture.date_soins
    table = tables.charger("motifs_exoneration")
    motif = table.trouver(jour, code=ligne.motif_exoneration)
    if motif is None:
        attendus = _codes(table.lignes(jour))
        message = f"Le motif d'exonération {ligne.motif_exoneration} n'existe pas à cette date ; attendus : {attendus}."
        yield _bloquer("MOTIF_INCONNU", message, champ)
    elif motif["ages"] and not _dans_les_ages(facture.beneficiaire, jour, motif):
        yield _bloquer("MOTIF_AGE", f"« {motif['libelle']} » ne vaut pas à l'âge du patient.", champ)


def _dans_les_ages(patient: Patient, jour: date, motif: Ligne) -> bool:
    """A birth date that cannot be read is told by another control."""
    try:
        age = dates.age(patient.date_naissance, jour)
    except ErreurConnue:
        return True
    return dans(motif["ages"], age)


def _codes(lignes: Iterable[Ligne]) -> str:
    return ", ".join(sorted({ligne["code"] for ligne in lignes}))


def _bloquer(code: str, message: str, champ: str) -> Alerte:
    return Alerte(code, BLOQUANTE, message, champ)
