"""What a Vitale 2 says in clear: its holders and their NIR, by the public layout and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sesam_desktop.cartes import puce_vitale, tlv
from sesam_desktop.cartes.puce_vitale import FichierPuce, IdentitePuce
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from . import apdu, puces
from .canal import SessionCarte
from .cartes_non_lues import exiger_lisible


@dataclass(frozen=True, slots=True)
class PuceVitale:
    """Everything a Vitale says in clear."""

    identites: tuple[IdentitePuce, ...]
    debut_validite: date | None = None


def lire_puce_vitale(session: SessionCarte) -> PuceVitale:
    """Identity of every holder (master file) and their NIR (VITALE application). Raises ErreurConnue."""
    exiger_lisible(session)
    _choisir_maitre(session)
    identites = apdu.lire_fichier(session, puces.SFI_VITALE)
    apdu.choisir_application(session, puces.APPLICATION_VITALE)
    numeros = apdu.lire_fichier(session, puces.SFI_VITALE)
    personnes, nirs = puce_vitale.titulaires(identites), puce_vitale.titulaires(numeros)
    if len(personnes) != len(nirs):
        personnes, nirs = _par_le_plan(session)
    if not personnes:
        raise _sans_titulaire(session)
    return PuceVitale(tuple(puce_vitale.assembler(personnes, nirs)), puce_vitale.debut_validite(identites))


def _choisir_maitre(session: SessionCarte) -> None:
    """The master file, by its identifier or by its name."""
    try:
        apdu.choisir_fichier(session, puces.MF)
    except apdu.RefusCarte:
        apdu.choisir_application(session, puces.MF_VITALE)


def _par_le_plan(session: SessionCarte) -> tuple[list[list[Tlv]], list[list[Tlv]]]:
    """Holders and NIRs from every readable file of the map, when the two public files do not agree on their number."""
    apdu.choisir_application(session, puces.APPLICATION_VITALE)
    apdu.choisir_fichier(session, puces.EF_PLAN)
    personnes: list[list[Tlv]] = []
    nirs: list[list[Tlv]] = []
    for fichier in puce_vitale.fichiers(apdu.lire_fichier(session)):
        for titulaire in _titulaires_de(session, fichier):
            if tlv.trouver(titulaire, puce_vitale.NOM) is not None:
                personnes.append(titulaire)
            elif tlv.trouver(titulaire, puce_vitale.NIR) is not None:
                nirs.append(titulaire)
    return personnes, nirs


def _titulaires_de(session: SessionCarte, fichier: FichierPuce) -> list[list[Tlv]]:
    """Who a file of the map speaks of; nobody when the card keeps it to itself or when it is of another kind."""
    try:
        apdu.choisir_application(session, fichier.application)
        apdu.choisir_fichier(session, fichier.fid)
        return puce_vitale.titulaires(apdu.lire_fichier(session))
    except (apdu.RefusCarte, FormatInvalide):
        return []


def _sans_titulaire(session: SessionCarte) -> ErreurConnue:
    return ErreurConnue(
        "Cette carte Vitale ne porte aucun titulaire.",
        code="CARTE_VIDE",
        action="Demandez au patient une autre carte, ou facturez sans carte Vitale.",
        ou=session.fente.lecteur,
    )
