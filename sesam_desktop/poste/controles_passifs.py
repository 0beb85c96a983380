"""Checks that look and touch nothing: disk, database, tables, readers, settings, what waits to leave."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.ressources import ressource

from .diagnostic import Constat, Controle, Niveau, depuis
from .environnement import MOT_DE_PASSE_COURRIER

if TYPE_CHECKING:
    from .poste import Poste

_MEGA = 1_000_000


@cache
def seuils() -> dict[str, int]:
    """Thresholds, from `resources/diagnostic/seuils.toml`."""
    return tomllib.loads(ressource("diagnostic", "seuils.toml").read_text(encoding="utf-8"))


def disque(poste: Poste, _jour: date) -> Iterator[Constat]:
    """Room left where the workstation keeps everything."""
    libre = shutil.disk_usage(poste.profil).free // _MEGA
    action = "Libérez de la place sur le disque du poste."
    if libre < seuils()["disque_ko_mo"]:
        yield Constat("DISQUE_PLEIN", Niveau.KO, f"Il ne reste que {libre} Mo sur le disque.", action)
    elif libre < seuils()["disque_warn_mo"]:
        yield Constat("DISQUE_PRESQUE_PLEIN", Niveau.WARN, f"Il ne reste que {libre} Mo sur le disque.", action)
    else:
        yield Constat("DISQUE", Niveau.INFO, f"Place libre : {libre // 1000} Go.")


def base(poste: Poste, _jour: date) -> Iterator[Constat]:
    """The file, the chain of events, each document."""
    from sesam_desktop.base.verification import controler

    bilan = controler(poste.base.connexion())
    if bilan.rupture:
        action = "Conservez une copie de la base et restaurez la dernière sauvegarde."
        yield Constat("BASE_ABIMEE", Niveau.KO, bilan.rupture, action, "sesam-desktop restaurer FICHIER")
    else:
        yield Constat("BASE", Niveau.INFO, f"Base intègre : {bilan.factures} factures, {bilan.evenements} événements.")


def tables(poste: Poste, jour: date) -> Iterator[Constat]:
    """Versions and ages of the tables; a pharmacy may not work without medicines nor opposition list."""
    officine = poste.configuration.profession == "pharmacien"
    oblige, limite = Niveau.KO if officine else Niveau.WARN, seuils()
    tod, oppositions = poste.referentiels.version_tod(), poste.referentiels.version_oppositions()
    yield _table("TOD", "La table des organismes destinataires", tod.date if tod else "", jour, Niveau.WARN,
                 limite["age_tod_jours"], "sesam-desktop tod importer FICHIER")
    yield _table("LOE", "La liste d'opposition", oppositions.date if oppositions else "", jour, oblige,
                 limite["age_oppositions_jours"], "sesam-desktop loe importer FICHIER")
    if officine:
        dates = [version.date for version in poste.referentiels.versions()]
        yield _table("MEDICAMENTS", "La table des médicaments", max(dates, default=""), jour, oblige,
                     limite["age_medicaments_jours"], "sesam-desktop referentiels importer bdpm DOSSIER")


def _table(
    code: str, nom: str, du: str, jour: date, si_absente: Niveau, age_maximal: int, reparation: str
) -> Constat:
    if not du:
        return Constat(f"{code}_ABSENTE", si_absente, f"{nom} n'a pas été importée.", "Importez-la.", reparation)
    age = (jour - date.fromisoformat(du)).days
    if age > age_maximal:
        titre = f"{nom} a {age} jours (au plus {age_maximal})."
        return Constat(f"{code}_ANCIENNE", Niveau.WARN, titre, "Importez la version en vigueur.", reparation)
    return Constat(code, Niveau.INFO, f"{nom} est du {date.fromisoformat(du):%d/%m/%Y}.")


def lecteurs(poste: Poste, _jour: date) -> Iterator[Constat]:
    """Is the card service there, and any reader? A card in a slot is told by its ATR, without talking to it."""
    from sesam_desktop.lecteurs.canal import Etat

    fentes = poste.lecteurs.fentes()
    presents = [fente for fente in fentes if fente.etat is not Etat.ABSENTE]
    if not presents:
        yield Constat("LECTEUR_ABSENT", Niveau.KO, "Aucun lecteur de cartes n'est branché.", "Branchez un lecteur.")
        return
    yield Constat("LECTEURS", Niveau.INFO, f"Fentes de lecteurs reconnues : {len(presents)}.")
    for fente in presents:
        if fente.etat is Etat.MUETTE:
            action = "Retirez la carte et insérez-la dans l'autre sens."
            yield Constat("CARTE_MUETTE", Niveau.WARN, f"{fente.lecteur} : la carte ne répond pas.", action)
    yield from _carte(poste, "cps", "La carte du professionnel est présente.", Niveau.WARN)
    yield from _carte(poste, "vitale", "Une carte Vitale est présente.", Niveau.INFO)


def _carte(poste: Poste, role: str, presente: str, si_absente: Niveau) -> Iterator[Constat]:
    try:
        poste.lecteurs.gestionnaire.trouver(role)
    except ErreurConnue as erreur:
        yield depuis(erreur, si_absente)
    else:
        yield Constat(f"{role.upper()}_PRESENTE", Niveau.INFO, presente)


def messagerie(poste: Poste, _jour: date) -> Iterator[Constat]:
    """Is the mail account set, and its password kept?"""
    courrier = poste.configuration.courrier
    action = "Renseignez le serveur, l'adresse et l'identifiant dans Paramètres, rubrique Messagerie."
    if not all((courrier.adresse, courrier.utilisateur, courrier.smtp_hote, courrier.pop_hote)):
        yield Constat("COURRIER_NON_CONFIGURE", Niveau.KO, "La messagerie de ce poste n'est pas réglée.", action)
        return
    try:
        poste.environnement.coffre.lire(MOT_DE_PASSE_COURRIER)
    except ErreurConnue as erreur:
        yield depuis(erreur, Niveau.WARN)
    else:
        yield Constat("COURRIER", Niveau.INFO, f"Messagerie réglée : {courrier.adresse}.")


def corbeilles(poste: Poste, _jour: date) -> Iterator[Constat]:
    """What waits to leave, and what waits for somebody."""
    tableau = poste.transmission.tableau()
    if tableau.a_envoyer:
        titre = f"Lots prêts qui ne sont pas partis : {len(tableau.a_envoyer)}."
        yield Constat("LOTS_A_ENVOYER", Niveau.WARN, titre, "Envoyez-les.", "sesam-desktop lots envoyer")
    retards = sum(bool(fiche.motif) for fiche in tableau.en_attente)
    if retards:
        action = "Relevez les retours ; sinon appelez la caisse."
        titre = f"Lots sans réponse de la caisse dans le délai attendu : {retards}."
        yield Constat("ARL_EN_RETARD", Niveau.WARN, titre, action, "sesam-desktop retours relever")
    if tableau.a_traiter or tableau.courriers:
        titre = f"Lots ou courriers à examiner : {len(tableau.a_traiter) + len(tableau.courriers)}."
        yield Constat("RETOURS_A_TRAITER", Niveau.WARN, titre, "Ouvrez Télétransmission, colonne « À traiter ».")
    if not (tableau.a_envoyer or retards or tableau.a_traiter or tableau.courriers):
        yield Constat("CORBEILLES", Niveau.INFO, "Aucun lot en souffrance.")


PASSIFS: tuple[Controle, ...] = (disque, base, tables, lecteurs, messagerie, corbeilles)
