"""`galss`: the configuration files of readers and SSV, and what a return code means."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.erreurs import EntreeInvalide

from .contexte import Contexte, passer
from .nombres import compter

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.galss.configurations import Verification
    from sesam_desktop.lecteurs.galss.reecriture import Bilan
    from sesam_desktop.lecteurs.galss.ressources import Ressource

_FICHIER = click.argument("fichier", type=click.Path(path_type=Path))
_SIMULER = click.option("--simuler", is_flag=True, help="Montre ce qui changerait, sans rien écrire.")


@click.group()
def galss() -> None:
    """Fichiers de configuration des lecteurs, et codes de retour."""


@galss.command()
@_FICHIER
@passer
def verifier(contexte: Contexte, fichier: Path) -> None:
    """Contrôle un galss.ini, un io_comm.ini ou un sesam.ini. Statut 1 s'il n'est pas valide."""
    from sesam_desktop.lecteurs.galss import configurations

    vue = configurations.verifier(fichier)
    contexte.repondre(_vue_en_dict(vue), lambda: _vue_en_texte(vue))
    if not vue.valide:
        nombre = sum(anomalie.grave for anomalie in vue.anomalies)
        click.echo(f"{fichier.name} : {compter(nombre, 'anomalie')}, le fichier n'est pas valide.", err=True)
        raise click.exceptions.Exit(1)


@galss.command()
@_FICHIER
@passer
def importer(contexte: Contexte, fichier: Path) -> None:
    """Adopte FICHIER pour ce poste s'il est valide.

    Le poste copie galss.ini et io_comm.ini ; un sesam.ini reste à sa place, le poste retient son chemin.
    """
    from sesam_desktop.lecteurs.galss import configurations
    from sesam_desktop.lecteurs.galss.configurations import Genre

    with contexte.poste() as poste:
        vue = configurations.importer(fichier, poste.profil)
        adopte = poste.profil / vue.genre
        if vue.genre is Genre.SESAM:
            adopte = fichier.resolve()
            poste.enregistrer_configuration(replace(poste.configuration, sesam_ini=str(adopte)))
    reponse = {**_vue_en_dict(vue), "fichier": str(adopte)}
    contexte.repondre(reponse, lambda: "\n".join([*_anomalies(vue), f"{vue.genre} adopté : {adopte}"]))


@galss.command()
@click.option(
    "--fichier", metavar="FICHIER", type=click.Path(path_type=Path), help="Le galss.ini (défaut : celui du poste)."
)
@_SIMULER
@click.option("--creer", is_flag=True, help="Crée le fichier s'il est absent ou vide.")
@passer
def realigner(contexte: Contexte, fichier: Path | None, simuler: bool, creer: bool) -> None:
    """Met dans galss.ini les lecteurs qui tiennent les cartes. L'ancien fichier est gardé à côté."""
    from sesam_desktop.lecteurs.galss import realignement
    from sesam_desktop.poste.galss import galss_ini_du_poste

    with contexte.poste() as poste:
        chemin = fichier or galss_ini_du_poste(poste.profil)
        fentes = poste.lecteurs.fentes()
    bilan = realignement.realigner(chemin, fentes, datetime.now(UTC), simuler=simuler, creer=creer)
    _repondre_bilan(contexte, chemin, bilan, "est déjà aligné sur les lecteurs de ce poste")


@galss.command()
@_FICHIER
@click.option("--travail", metavar="DOSSIER", required=True, help="Dossier de travail des FSV, où elles écrivent.")
@click.option("--tables-ssv", metavar="DOSSIER", required=True, help="Dossier des tables SSV.")
@click.option("--tables-srt", metavar="DOSSIER", required=True, help="Dossier des tables SRT.")
@click.option("--tables-sts", metavar="DOSSIER", required=True, help="Dossier des tables STS.")
@click.option("--traces", metavar="DOSSIER", required=True, help="Dossier de log4crc.xml.")
@_SIMULER
@passer
def reparer(contexte: Contexte, fichier: Path, simuler: bool, **chemins: str) -> None:
    """Pose dans un sesam.ini les dossiers qui lui manquent. L'ancien fichier est gardé à côté.

    Ce que la réécriture ne répare pas (dossier à créer, log4crc.xml absent…) est dit sur la sortie d'erreur.
    """
    from sesam_desktop.lecteurs.galss import configurations, reecriture, sesam_ini

    avant = reecriture.lire(fichier)
    configurations.exiger_sesam(avant or b"", fichier.name)
    apres, changements = sesam_ini.reparer(avant or b"", sesam_ini.Dossiers(**chemins))
    for reste in sesam_ini.lire(apres).anomalies:
        click.echo(reste.phrase(), err=True)
    ecrire = bool(changements) and not simuler
    sauvegarde = reecriture.reecrire(fichier, avant, apres, datetime.now(UTC)) if ecrire else None
    bilan = reecriture.Bilan(ecrire, sauvegarde, changements)
    _repondre_bilan(contexte, fichier, bilan, "désigne déjà des dossiers qui existent")


@galss.command()
@click.argument("hexa")
@passer
def code(contexte: Contexte, hexa: str) -> None:
    """Sens d'un code de retour (F023, 0400…) et que faire."""
    from sesam_desktop.lecteurs.galss import codes

    numero = codes.numero(hexa)
    connu = codes.chercher(numero)
    if connu is None:
        raise EntreeInvalide(codes.message(numero), code="CODE_RETOUR_INCONNU", action=codes.action(numero))
    reponse = {
        "code": f"{numero:04X}",
        "nom": codes.nom(numero),
        "message": codes.message(numero),
        "action": connu.action,
        "a_rejouer": connu.rejouable,
        "source": connu.source,
    }
    contexte.repondre(reponse, f"{codes.nom(numero)} : {codes.phrase(numero)}")


@galss.command()
@passer
def ressources(contexte: Contexte) -> None:
    """Ressources (CPS, Vitale, Log_SV) et leur lecteur."""
    with contexte.poste() as poste:
        lignes = poste.lecteurs.ressources()
    contexte.repondre([asdict(ligne) for ligne in lignes], lambda: "\n".join(map(_ressource_en_texte, lignes)))


@galss.command("emplacements")
@passer
def lister_emplacements(contexte: Contexte) -> None:
    """Où ce système garde ces fichiers."""
    from sesam_desktop.lecteurs.galss import emplacements

    galss_ini, io_comm = emplacements.galss_ini(), emplacements.io_comm_ini()
    lieux = [lieu for lieu in (galss_ini, io_comm, *emplacements.sesam_ini()) if lieu is not None]
    reponse = [{"fichier": str(lieu), "present": lieu.is_file()} for lieu in lieux]
    contexte.repondre(reponse, "\n".join(f"{lieu}{'' if lieu.is_file() else ' (absent)'}" for lieu in lieux))


def _vue_en_dict(vue: Verification) -> dict[str, Any]:
    return {
        "type": vue.genre.value,
        "valide": vue.valide,
        "anomalies": [anomalie.en_dict() for anomalie in vue.anomalies],
    }


def _anomalies(vue: Verification) -> list[str]:
    return [("" if a.grave else "(sans gravité) ") + a.phrase() for a in vue.anomalies]


def _vue_en_texte(vue: Verification) -> str:
    conclusion = f"{vue.genre} : {'fichier valide' if vue.valide else 'fichier non valide'}."
    return "\n".join([*_anomalies(vue), conclusion])


def _repondre_bilan(contexte: Contexte, chemin: Path, bilan: Bilan, sans_changement: str) -> None:
    reponse = {
        "fichier": str(chemin),
        "ecrit": bilan.ecrit,
        "sauvegarde": str(bilan.sauvegarde) if bilan.sauvegarde else None,
        "changements": [changement.en_dict() for changement in bilan.changements],
    }
    contexte.repondre(reponse, lambda: _bilan_en_texte(bilan, chemin, sans_changement))


def _bilan_en_texte(bilan: Bilan, chemin: Path, sans_changement: str) -> str:
    lignes = [changement.phrase() for changement in bilan.changements]
    if not lignes:
        return f"{chemin} {sans_changement}."
    if not bilan.ecrit:
        return "\n".join([*lignes, "Simulation : rien n'a été écrit."])
    garde = f" L'ancien fichier est gardé : {bilan.sauvegarde}" if bilan.sauvegarde else ""
    return "\n".join([*lignes, f"{chemin} est écrit.{garde}"])


def _ressource_en_texte(ressource: Ressource) -> str:
    lieu = f"canal {ressource.canal}, PAD {ressource.pad}, LAD {ressource.lad}"
    return f"{ressource.nom:8} {ressource.alias or '—':8} {lieu:24} {ressource.lecteur or 'aucune carte'}"
