"""Controls of doctors and sages-femmes: tariff option, night and Sunday supplements, forgotten supplements.

CF680 to CF688 as far as a liberal invoice tells them; the rest is refused when the line is priced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels.cellules import dans
from sesam_desktop.referentiels.tables import Ligne

from .actes import trouver_acte
from .dossier import Dossier, avertir, bloquer
from .facture import OPTIONS_TARIFAIRES, Alerte, LigneSaisie
from .parcours import age_du_patient
from .secteurs import tarif_opposable

PROFESSIONS = ("medecin", "sage_femme")
_URGENCE = "U"
_CONSULTATIONS = ("consultation", "visite")


@dataclass(frozen=True, slots=True)
class _Acte:
    champ: str
    saisie: LigneSaisie
    jour: date
    acte: Ligne


def controler(d: Dossier) -> Iterator[Alerte]:
    if d.facture.executant.option_tarifaire not in OPTIONS_TARIFAIRES:
        message = "Cette option tarifaire n'existe pas : optam ou optam_aco, rien sans option."
        yield bloquer("OPTION_INCONNUE", message, "executant.option_tarifaire")
    if d.facture.executant.profession not in PROFESSIONS:
        return
    actes = [
        _Acte(champ, ligne, jour, acte) for champ, ligne, jour in d.lignes()
        if (acte := trouver_acte(d.tables, ligne, jour)) is not None
    ]
    yield from _complements(d, actes)
    yield from _oublis(d, actes)
    yield from _codes_libres(d, actes)
    yield from _consultation_et_acte(actes)


def _complements(d: Dossier, actes: list[_Acte]) -> Iterator[Alerte]:
    """Once a day and a patient (CF688), and since the convention of 2024 for an emergency only."""
    vus: set[tuple[date, str]] = set()
    for a in actes:
        lettre, champ = a.saisie.complement, f"{a.champ}.complement"
        regle = d.tables.charger("lettres_medecin").trouver(a.jour, complement=lettre) if lettre else None
        if regle is not None and regle["urgence"] and d.facture.parcours != _URGENCE:
            message = "Ce complément ne vaut que pour une urgence avérée ou un acte régulé : vérifiez qu'il est dû."
            yield avertir("COMPLEMENT_URGENCE", message, champ)
        if lettre and (a.jour, lettre) in vus:
            message = "Ce complément est déjà demandé ce jour-là : vérifiez que le patient a été vu plusieurs fois."
            yield avertir("COMPLEMENT_EN_DOUBLE", message, champ)
        vus.add((a.jour, lettre))


def _oublis(d: Dossier, actes: list[_Acte]) -> Iterator[Alerte]:
    """A supplement always due with an act, that nobody asked for."""
    demandes = {(a.jour, a.saisie.acte) for a in actes}
    for a in actes:
        for regle in d.tables.charger("majorations_medecin").lignes(a.jour):
            code = regle["code"]
            attendue = regle["proposer"] and a.saisie.acte in regle["avec"] and (a.jour, code) not in demandes
            if attendue and _ouverte(d, code, a.jour):
                yield avertir("MAJORATION_OUBLIEE", f"{code} peut s'ajouter à {a.saisie.acte}.", f"{a.champ}.acte")


def _ouverte(d: Dossier, code: str, jour: date) -> bool:
    """True when this professional may bill `code` for a patient of this age."""
    acte = d.tables.charger("actes").trouver(jour, code=code)
    if acte is None or d.facture.executant.specialite not in acte["specialites"]:
        return False
    try:
        age = age_du_patient(d.facture, jour)
    except ErreurConnue:
        return False
    return not acte["ages"] or dans(acte["ages"], age)


def _codes_libres(d: Dossier, actes: list[_Acte]) -> Iterator[Alerte]:
    """A code of free fees, cheaper than the other, on an act that is at the opposable tariff."""
    for a in actes:
        if a.saisie.depassement_centimes and not tarif_opposable(d.facture.executant):
            continue
        for regle in d.tables.charger("honoraires_libres").lignes(a.jour):
            if regle["avec_depassement"] == a.saisie.acte and _ouverte(d, regle["code"], a.jour):
                message = f"{a.saisie.acte} est un code d'honoraires libres : sans eux, cotez {regle['code']}."
                yield avertir("CODE_HONORAIRES_LIBRES", message, f"{a.champ}.acte")


def _consultation_et_acte(actes: list[_Acte]) -> Iterator[Alerte]:
    """NGAP article 11: the fee of a consultation and that of an act of the same session do not add up."""
    jours = {a.jour for a in actes if a.acte["genre"] == "acte_sage_femme"}
    for a in actes:
        if a.acte["genre"] in _CONSULTATIONS and a.jour in jours:
            message = "Une consultation et un acte de la même séance ne se cumulent pas : vérifiez ces lignes."
            yield avertir("CONSULTATION_ET_ACTE", message, f"{a.champ}.acte")
