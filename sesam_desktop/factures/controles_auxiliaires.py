"""Checks of the auxiliaires médicaux: what the NGAP asks for and the invoice alone can show. Warnings only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from .actes import trouver_acte
from .dossier import Dossier, avertir
from .facture import Alerte, LigneSaisie

Reperee = tuple[str, LigneSaisie, date]

MODULE = "auxiliaires"
_ACTE = "acte_auxiliaire"
_NUIT = ("N", "S")
_KINESITHERAPEUTE = "26"


def controler(d: Dossier) -> Iterator[Alerte]:
    lignes = list(du_module(d))
    yield from _nuit(lignes)
    yield from _actes_repetes(lignes)
    yield from _deplacements(d, lignes)
    actes = [(champ, ligne, jour) for champ, ligne, jour in lignes if _genre(d, ligne, jour) == _ACTE]
    yield from _acces_direct(d, actes)
    yield from _referentiels(d, actes)
    yield from _series(d, actes)
    if d.facture.executant.specialite == _KINESITHERAPEUTE:
        yield from _seances_de_kinesitherapie(actes)


def du_module(d: Dossier) -> Iterator[Reperee]:
    """Lines of the auxiliaires médicaux: (path, line, date of care)."""
    for champ, ligne, jour in d.lignes():
        genre = d.tables.charger("genres").trouver(jour, genre=_genre(d, ligne, jour))
        if genre is not None and genre["module"] == MODULE:
            yield champ, ligne, jour


def _genre(d: Dossier, ligne: LigneSaisie, jour: date) -> str:
    acte = trouver_acte(d.tables, ligne, jour)
    return acte["genre"] if acte is not None else ""


def _nuit(lignes: list[Reperee]) -> Iterator[Alerte]:
    champ = next((champ for champ, ligne, _ in lignes if ligne.complement in _NUIT), "")
    if champ:
        message = "La nuit demande un appel reçu entre 19 h et 7 h, ou une prescription qui l'impose."
        yield avertir("NUIT_A_JUSTIFIER", message, f"{champ}.complement")


def _actes_repetes(lignes: list[Reperee]) -> Iterator[Alerte]:
    """Night, Sunday or holiday on more than one day."""
    majorees = [(champ, jour) for champ, ligne, jour in lignes if ligne.complement]
    if len({jour for _, jour in majorees}) > 1:
        message = "Des actes répétés la nuit ou le dimanche demandent une prescription « rigoureusement quotidien »."
        yield avertir("ACTES_REPETES", message, f"{majorees[-1][0]}.complement")


def _deplacements(d: Dossier, lignes: list[Reperee]) -> Iterator[Alerte]:
    """A travel allowance asked for by name goes with some acts only."""
    table, specialite = d.tables.charger("deplacements_specifiques"), d.facture.executant.specialite
    for champ, ligne, jour in lignes:
        regle = table.trouver(jour, code=ligne.acte, specialite=specialite)
        if regle is None:
            continue
        admis = {(regle["acte"], Decimal(coefficient)) for coefficient in regle["coefficients"]}
        if not any((autre.acte, autre.coefficient) in admis for _, autre, j in lignes if j == jour):
            ouvrants = ", ".join(f"{regle['acte']} {c}".replace(".", ",") for c in regle["coefficients"])
            message = f"{ligne.acte} va avec {ouvrants} : vérifiez l'indemnité de déplacement."
            yield avertir("DEPLACEMENT_A_JUSTIFIER", message, f"{champ}.acte")


def _acces_direct(d: Dossier, actes: list[Reperee]) -> Iterator[Alerte]:
    if d.facture.prescription is not None:
        return
    for champ, ligne, jour in actes:
        acte = trouver_acte(d.tables, ligne, jour)
        if acte is not None and not acte["prescription"]:
            message = f"{ligne.acte} sans prescription : vérifiez que l'accès direct vaut pour cet acte."
            yield avertir("ACCES_DIRECT", message, f"{champ}.acte")
            return


def _referentiels(d: Dossier, actes: list[Reperee]) -> Iterator[Alerte]:
    """Sessions of one situation in this invoice, beyond which the fund must have agreed."""
    faites: Counter[str] = Counter()
    table = d.tables.charger("referentiels_reeducation")
    for champ, ligne, jour in actes:
        regle = table.trouver(jour, specialite=d.facture.executant.specialite, code=ligne.code)
        faites[ligne.code] += ligne.quantite
        if regle is not None and faites[ligne.code] > regle["seances"] and not ligne.accord:
            message = (
                f"{regle['libelle']} : au-delà de {regle['seances']} séances, l'accord préalable de la caisse "
                "est demandé."
            )
            yield avertir("ACCORD_PREALABLE", message, f"{champ}.accord")
            return


def _series(d: Dossier, actes: list[Reperee]) -> Iterator[Alerte]:
    """Sessions of the pédicure that a year or a treatment limits."""
    yield from _limite(d, "POD_SEANCES", [a for a in actes if a[1].acte == "POD"])
    coefficient = _seuil(d, "VERRUES_COEFFICIENT")
    verrues = [a for a in actes if a[1].acte == "AMP" and a[1].coefficient == coefficient]
    yield from _limite(d, "VERRUES_SEANCES", verrues)


def _limite(d: Dossier, code: str, seances: list[Reperee]) -> Iterator[Alerte]:
    maximum, faites = _seuil(d, code), sum(ligne.quantite for _, ligne, _ in seances)
    if maximum is not None and faites > maximum:
        message = f"{faites} séances {seances[0][1].acte} : {maximum} au plus sont prises en charge."
        yield avertir("SEANCES_EN_TROP", message, f"{seances[-1][0]}.quantite")


def _seuil(d: Dossier, code: str) -> Decimal | None:
    ligne = d.tables.charger("seuils").trouver(d.facture.date_soins, code=code)
    return ligne["valeur"] if ligne is not None else None


def _seances_de_kinesitherapie(actes: list[Reperee]) -> Iterator[Alerte]:
    """One cotation a session; two sessions a day need two prescriptions."""
    seances: dict[date, Counter[int]] = {}
    for champ, ligne, jour in actes:
        du_jour = seances.setdefault(jour, Counter())
        du_jour[ligne.passage] += 1
        if du_jour[ligne.passage] == 2:
            message = "Une séance a une seule cotation, hors désencombrement respiratoire urgent."
            yield avertir("COTATION_UNIQUE", message, f"{champ}.acte")
        elif ligne.quantite > 1 or len(du_jour) == 2:
            message = "Deux séances le même jour demandent deux prescriptions, pour deux régions et deux articles."
            yield avertir("DEUX_SEANCES", message, f"{champ}.passage")
