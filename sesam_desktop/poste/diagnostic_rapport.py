"""The report somebody sends to support: versions, readers, durations, constats, last events. Nothing personal.

Plain text, UTF-8, without carriage return. It goes through one mask, with every name this session knows added to it.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sesam_desktop import __version__
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.masquage import masquer_pour_envoi

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale

    from .chronique import EvenementDate
    from .diagnostic import Diagnostic
    from .poste import Poste

_EVENEMENTS = 50


def rapport(poste: Poste, diagnostic: Diagnostic) -> str:
    """The whole text, masked."""
    parties = (
        ("Programme", _programme(poste)),
        ("Lecteurs", _lecteurs(poste)),
        ("Lectures", _lectures(poste)),
        ("Constats", _constats(diagnostic)),
        ("Tables", _tables(poste)),
        ("Derniers événements des lecteurs", _evenements(poste.lecteurs.evenements()[:_EVENEMENTS])),
    )
    texte = "\n\n".join("\n".join((titre, "-" * len(titre), *lignes)) for titre, lignes in parties)
    entete = f"Rapport de diagnostic, {_instant(datetime.now().astimezone())}"
    return masquer_pour_envoi(f"{entete}\n\n{texte}\n".replace("\r", ""), noms_connus(poste))


def noms_connus(poste: Poste) -> set[str]:
    """Names of the cards read in this session, of the demonstration cards, of the account and of the computer."""
    noms = {_compte(), platform.node()}
    if poste.lecteurs.vitale is not None:
        noms |= _noms_vitale(poste.lecteurs.vitale)
    if poste.lecteurs.ps is not None:
        noms |= _noms_ps(poste.lecteurs.ps)
    if poste.configuration.demonstration:
        from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration

        for _, vitale in cartes_de_demonstration():
            noms |= _noms_vitale(vitale)
        for _, ps in cartes_ps_de_demonstration():
            noms |= _noms_ps(ps)
    return noms - {""}


def _compte() -> str:
    import psutil

    return psutil.Process().username().rpartition("\\")[2]  # without its domain


def _noms_vitale(carte: CarteVitale) -> set[str]:
    return {nom for un in carte.beneficiaires for nom in (un.nom_usuel, un.nom_patronymique, un.prenom)}


def _noms_ps(carte: CartePS) -> set[str]:
    return {carte.nom, carte.prenom} | {situation.structure.raison_sociale for situation in carte.situations}


def _programme(poste: Poste) -> Iterator[str]:
    yield f"sesam-desktop {__version__}"
    yield f"{platform.system()} {platform.release()}, {platform.machine()}, Python {platform.python_version()}"
    reglages = poste.configuration
    yield f"Profession : {reglages.profession} ; démonstration : {'oui' if reglages.demonstration else 'non'}"
    yield f"PKCS#11 : {reglages.module_pkcs11 or 'non réglé'} ; FSV : {reglages.bibliotheques_ssv or 'non réglées'}"


def _lecteurs(poste: Poste) -> Iterator[str]:
    try:
        fentes = poste.lecteurs.fentes()
    except ErreurConnue as erreur:
        yield f"{erreur.code} : {erreur.message}"
        return
    for fente in fentes:
        carte = f" | {fente.carte.libelle}, ATR {fente.atr.hex(' ').upper()}" if fente.atr else ""
        yield f"{fente.canal} | {fente.lecteur} | {fente.etat}{carte}"


def _lectures(poste: Poste) -> Iterator[str]:
    temoin = poste.lecteurs.temoin
    for role in ("cps", "vitale", "duo"):
        derniere, moyenne = temoin.derniere(role), temoin.moyenne_s(role)
        if derniere is not None:
            issue = "réussie" if derniere.reussie else f"refusée ({derniere.code})"
            suite = f", moyenne {moyenne:.3f} s" if moyenne is not None else ""
            yield f"{role} : {_instant(derniere.instant)}, {issue}, {derniere.duree_s:.3f} s{suite}"


def _constats(diagnostic: Diagnostic) -> Iterator[str]:
    jugement = diagnostic.jugement
    yield f"Verdict : {jugement.verdict} ({jugement.motif}). {jugement.phrase}"
    for constat in diagnostic.constats:
        objet = f" [{constat.objet}]" if constat.objet and constat.objet not in constat.titre else ""
        yield f"{constat.niveau:4} {constat.code}{objet} : {constat.titre} {constat.action}".rstrip()


def _tables(poste: Poste) -> Iterator[str]:
    tod, oppositions = poste.referentiels.version_tod(), poste.referentiels.version_oppositions()
    yield f"TOD : {tod.date if tod else 'absente'} ; oppositions : {oppositions.date if oppositions else 'absentes'}"
    for version in poste.referentiels.versions()[:5]:
        yield f"{version.source} : {version.date}"


def _evenements(evenements: list[EvenementDate]) -> Iterator[str]:
    for date in evenements:
        fente, erreur = date.evenement.fente, date.evenement.erreur
        detail = f" {fente.lecteur}" if fente is not None else ""
        code = f" {erreur.code}" if erreur is not None else ""
        yield f"{_instant(date.instant)} {date.evenement.genre} {date.evenement.canal}{detail}{code}"


def _instant(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
