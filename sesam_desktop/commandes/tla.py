"""`tla`: portable terminals: what leaves with them, what they bring back, what is signed afterwards."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sesam_desktop.noyau.dates import lire_iso
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from . import code_porteur
from .contexte import Contexte, passer
from .facture import lire_facture
from .nombres import compter
from .tla_phrases import attente_en_dict, bilan_dechargement, en_numeros, ligne_attente, lignes_refus
from .tla_suites import ajouter_suites

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sesam_desktop.factures.facture import Patient
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.poste.terminaux_bilans import RefusTla, Terminal

_lequel = click.option("--terminal", "numero_serie", metavar="NUMERO", default="", help="Numéro de série du terminal.")
_code_porteur = click.option(
    "--code-porteur-env", metavar="VAR", help="Variable d'environnement qui contient le code porteur."
)
_situation = click.option(
    "--situation", type=int, metavar="RANG", help="Situation de facturation, si la carte en porte plusieurs."
)


@click.group()
def tla() -> None:
    """Terminaux portables : tournées et visites à domicile."""


@tla.command()
@passer
def lister(contexte: Contexte) -> None:
    """Les terminaux posés sur leur socle."""
    with contexte.poste() as poste:
        terminaux = poste.terminaux.lister()
    vides = "Aucun terminal portable ne répond."
    contexte.repondre([_terminal(t) for t in terminaux], lambda: "\n".join(map(_ligne, terminaux)) or vides)


@tla.command()
@_lequel
@click.option("--regler-date", is_flag=True, help="Met son horloge à l'heure du poste.")
@passer
def identifier(contexte: Contexte, numero_serie: str, regler_date: bool) -> None:
    """Ce que le terminal dit de lui-même."""
    with contexte.poste() as poste:
        terminal = poste.terminaux.trouver(numero_serie)
        terminal = poste.terminaux.regler_date(terminal) if regler_date else terminal
    contexte.repondre(_terminal(terminal), lambda: _fiche(terminal))


@tla.command()
@_lequel
@click.option("--tournee", metavar="AAAA-MM-JJ", help="Les patients du professionnel et ses brouillons de ce jour.")
@click.option("--patient", "patients", multiple=True, metavar="NOM", help="Un patient déjà vu, par son nom ou son NIR.")
@click.option("--facture", "factures", multiple=True, type=click.Path(path_type=Path), metavar="FICHIER",
              help="Une facture (JSON) du professionnel, à faire signer par la Vitale au domicile.")
@_code_porteur
@_situation
@passer
def charger(
    contexte: Contexte,
    numero_serie: str,
    tournee: str | None,
    patients: tuple[str, ...],
    factures: tuple[Path, ...],
    code_porteur_env: str | None,
    situation: int | None,
) -> None:
    """Charge le terminal. Ce qui est chargé remplace ce qu'il portait du même genre. Statut 1 si une facture reste."""
    if not (tournee or patients or factures) or (tournee and (patients or factures)):
        raise EntreeInvalide(
            "Rien n'est à charger, ou trop de choses à la fois.", code="CHARGEMENT_INVALIDE",
            action="Indiquez --tournee, ou bien --patient et --facture.",
        )
    with contexte.poste() as poste, contexte.etapes() as avancer:
        _ouvrir_session(poste, code_porteur_env, situation)
        bilan = poste.terminaux.charger(
            poste.terminaux.trouver(numero_serie),
            patients=[_patient(poste, texte) for texte in patients] if patients else None,
            factures=[replace(lire_facture(chemin), executant=poste.facturation.executant()) for chemin in factures],
            tournee=lire_iso(tournee, "--tournee") if tournee else None,
            progression=partial(avancer, "Chargement"),
        )
    texte = f"{compter(len(bilan.factures), 'facture')} à faire signer."
    if tournee or patients:  # otherwise those that the terminal had are still there
        texte = f"{compter(bilan.patients, 'patient chargé')}, {texte}"
    contexte.repondre(asdict(bilan), lambda: "\n".join((texte, *lignes_refus(bilan.refuses))))
    _exiger_sans_refus(bilan.refuses)


@tla.command()
@passer
def visiter(contexte: Contexte) -> None:
    """Sur un poste de démonstration, joue la tournée : la Vitale de chaque patient signe sa facture à domicile."""
    from sesam_desktop.poste.demonstration import EnvironnementDemonstration

    with contexte.poste() as poste:
        if not isinstance(poste.environnement, EnvironnementDemonstration):
            raise ErreurConnue(
                "La tournée ne se joue que sur un poste de démonstration.", code="POSTE_REEL",
                action="Faites signer les factures sur le terminal, au domicile des patients.",
            )
        signees = poste.environnement.socle.visiter()
    contexte.repondre({"signees": signees}, f"{compter(signees, 'facture signée')} au domicile.")


@tla.command()
@_lequel
@passer
def decharger(contexte: Contexte, numero_serie: str) -> None:
    """Rapporte les visites ; rien n'est effacé du terminal avant d'être gardé ici. Statut 1 si l'une est refusée."""
    with contexte.poste() as poste, contexte.etapes() as avancer:
        bilan = poste.terminaux.decharger(poste.terminaux.trouver(numero_serie), partial(avancer, "Déchargement"))
    reponse = {
        "recus": bilan.recus,
        "deja_connus": bilan.deja_connus,
        "refuses": [asdict(refus) for refus in bilan.refuses],
        "a_signer": [attente_en_dict(a) for a in bilan.a_signer],
        "ecart_s": bilan.ecart_s,
    }
    contexte.repondre(reponse, lambda: bilan_dechargement(bilan))
    _exiger_sans_refus(bilan.refuses)


@tla.command("a-signer")
@passer
def a_signer(contexte: Contexte) -> None:
    """Ce qui attend la signature du professionnel, et ce qui est revenu inutilisable avec son motif."""
    with contexte.poste() as poste:
        attente, refuses = poste.terminaux.a_signer(), poste.terminaux.refuses()
    reponse = {"a_signer": [attente_en_dict(a) for a in attente], "refuses": [asdict(refus) for refus in refuses]}
    lignes = [*map(ligne_attente, attente), *lignes_refus(refuses)]
    contexte.repondre(reponse, "\n".join(lignes) or "Rien n'attend.")


@tla.command()
@click.argument("numeros", nargs=-1, metavar="[NUMERO]...")
@click.option("--malgre-doublon", is_flag=True, help="Ce sont d'autres visites que celles déjà facturées ici.")
@_code_porteur
@_situation
@passer
def signer(
    contexte: Contexte, numeros: tuple[str, ...], malgre_doublon: bool, code_porteur_env: str | None,
    situation: int | None,
) -> None:
    """Signe par la CPS ce que les Vitale ont signé ; les visites notées deviennent des brouillons. Statut 1 si une
    reste."""
    with contexte.poste() as poste:
        _ouvrir_session(poste, code_porteur_env, situation)
        bilan = poste.terminaux.signer(en_numeros(numeros), malgre_doublon=malgre_doublon)
    texte = f"{compter(len(bilan.signees), 'facture signée')}, {compter(bilan.composees, 'brouillon')} à compléter."
    contexte.repondre(asdict(bilan), lambda: "\n".join((texte, *lignes_refus(bilan.refuses))))
    _exiger_sans_refus(bilan.refuses)


@tla.command()
@_lequel
@click.option("--confirmer", metavar="NUMERO", required=True, help="Numéro de série du terminal à vider.")
@passer
def vider(contexte: Contexte, numero_serie: str, confirmer: str) -> None:
    """Efface patients et factures ; les factures qu'aucune Vitale n'a signées redeviennent des brouillons."""
    with contexte.poste() as poste:
        terminal = poste.terminaux.trouver(numero_serie)
        poste.terminaux.vider(terminal, confirmer)
    contexte.repondre({"numero_serie": terminal.numero_serie, "vide": True}, f"Terminal {terminal.numero_serie} vidé.")


ajouter_suites(tla)


def _ouvrir_session(poste: Poste, variable: str | None, situation: int | None) -> None:
    if variable:
        poste.lecteurs.ouvrir_session(code_porteur.lire(variable))
    if situation is not None:
        poste.lecteurs.choisir_situation(situation)


def _terminal(terminal: Terminal) -> dict[str, Any]:
    identite = {**asdict(terminal.identite), "horloge": terminal.identite.horloge.isoformat()}
    return {"canal": terminal.logiciel.canal, "lecteur": terminal.logiciel.lecteur, **identite}


def _ligne(terminal: Terminal) -> str:
    lu = terminal.identite
    return f"{terminal.numero_serie:12} {lu.genre.libelle:8} {lu.documents} à décharger  {terminal.logiciel.lecteur}"


def _fiche(terminal: Terminal) -> str:
    lu = terminal.identite
    return "\n".join((
        f"Terminal {lu.numero_serie} ({lu.genre.libelle}, logiciel {lu.logiciel}), pile à {lu.pile} %",
        f"{compter(lu.beneficiaires, 'patient')}, {compter(lu.preparees, 'facture')} à faire signer,"
        f" {lu.documents} à décharger",
        f"Mémoire libre : {lu.libre} octets sur {lu.capacite}. Écart d'horloge : {lu.ecart_s} s",
    ))


def _patient(poste: Poste, texte: str) -> Patient:
    trouves = poste.facturation.patients(texte)
    if len(trouves) != 1:
        combien = "Aucun patient connu" if not trouves else "Plusieurs patients connus"
        raise EntreeInvalide(
            f"{combien} de ce poste ne répond à un des noms donnés.", code="PATIENT_INTROUVABLE",
            action="Précisez le nom et le prénom, ou le NIR.",
        )
    return trouves[0]


def _exiger_sans_refus(refuses: Sequence[RefusTla]) -> None:
    if refuses:
        raise ErreurConnue(
            f"Tout n'a pas été fait : {len(refuses)} refus, chacun avec son motif dans la réponse.",
            code=refuses[0].code,
        )
