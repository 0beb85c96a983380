"""Readers and the cards in them, told by their ATR: nothing here talks to a card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sesam_desktop.lecteurs.appareils import hors_usage
from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.lecteurs.roles import ROLES
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.diagnostic_constats import Constat, constat, depuis
from sesam_desktop.poste.diagnostic_tables import lire_table
from sesam_desktop.poste.sondes import WINDOWS, Usb

from .examen import Controle, Examen
from .tiers import LECTEUR, produits

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Fente

_VIRTUEL = re.compile(r"(?i)windows hello|virtual smart ?card|uicc")
_NOM_DE_LECTEUR = re.compile(r"(?i)smart ?card|carte? à puce|sesam|telium|ingenico|olaqin|kapelse|sensyl|\bfei\b")


def lecteurs(examen: Examen) -> Iterator[Constat]:
    """Is the card service there, and any usable reader?"""
    try:
        fentes = examen.fentes()
    except ErreurConnue as erreur:
        yield from _sans_service(examen, erreur)
        return
    if not fentes:
        yield _sans_lecteur(examen)
        return
    yield constat("LECTEURS", nombre=len(fentes))
    for canal in examen.canaux_en_panne():
        yield constat("CANAL_SANS_REPONSE", objet=canal)
    for nom in examen.systeme.lecteurs_declares() or []:
        if _VIRTUEL.search(nom):
            yield constat("LECTEUR_VIRTUEL_ECARTE", objet=nom)


def cartes(examen: Examen) -> Iterator[Constat]:
    """What is in the slots: mute, unknown, held elsewhere; one CPS and one Vitale at most."""
    fentes = examen.fentes_connues()
    if not fentes:
        return
    for fente in fentes:
        yield from _fente(examen, fente)
    yield from _role(fentes, "cps")
    yield from _role(fentes, "vitale")


def est_un_lecteur(appareil: Usb) -> bool:
    """By the class it declares, by its maker, or by its name."""
    if appareil.carte_a_puce or _NOM_DE_LECTEUR.search(appareil.nom):
        return True
    connus = {(ligne["vid"], ligne["pid"]) for ligne in lire_table("lecteurs_usb.csv")}
    return bool({(appareil.vid, appareil.pid), (appareil.vid, "")} & connus)


def _sans_service(examen: Examen, erreur: ErreurConnue) -> Iterator[Constat]:
    """Windows stops the service when the last reader leaves: there, no reader on the bus is the true cause."""
    bus = examen.systeme.usb()
    sans_usb = bus is not None and not any(est_un_lecteur(appareil) for appareil in bus)
    if erreur.code == "SERVICE_CARTES_ARRETE" and examen.systeme.nom == WINDOWS and sans_usb:
        yield constat("LECTEUR_ABSENT")
    else:
        yield depuis(erreur)


def _sans_lecteur(examen: Examen) -> Constat:
    """No usable slot: why? From the service to the cable."""
    service = examen.systeme.service("cartes")
    if service is not None and not service.en_marche:
        return constat("SERVICE_CARTES_ARRETE")
    ecartes = [n for n in examen.systeme.lecteurs_declares() or [] if hors_usage(n) and not _VIRTUEL.search(n)]
    if ecartes:
        return constat("LECTEUR_SANS_CONTACT_SEUL", objet=ecartes[0])
    branches = [appareil for appareil in examen.systeme.usb() or [] if est_un_lecteur(appareil)]
    if branches:
        vu = branches[0]
        return constat("LECTEUR_USB_SANS_PILOTE", objet=vu.nom or f"USB {vu.vid}:{vu.pid}")
    return constat("LECTEUR_ABSENT")


def _fente(examen: Examen, fente: Fente) -> Iterator[Constat]:
    if fente.etat is Etat.MUETTE:
        yield constat("CARTE_MUETTE", objet=fente.lecteur)
    elif fente.etat is Etat.INCONNUE:
        yield constat("CARTE_INCONNUE", objet=fente.lecteur, atr=fente.atr.hex(" ").upper())
    elif fente.etat is Etat.OCCUPEE:
        yield constat("CARTE_OCCUPEE", objet=fente.lecteur, detenteur=_detenteur(examen, fente.lecteur))


def _detenteur(examen: Examen, lecteur: str) -> str:
    """The programs that have the readers in hand; else the known ones that run."""
    from sesam_desktop.lecteurs import detenteur

    noms = detenteur.noms(lecteur)
    if noms:
        return ", ".join(noms)
    suspects = produits(examen.programmes, LECTEUR)
    return f"un autre programme (peut-être {', '.join(suspects)})" if suspects else "un autre programme"


def _role(fentes: list[Fente], nom: str) -> Iterator[Constat]:
    role = ROLES[nom]
    presentes = [f for f in fentes if f.etat in (Etat.PRESENTE, Etat.OCCUPEE) and role.convient(f.carte)]
    if len(presentes) > 1:
        yield constat(f"PLUSIEURS_{nom.upper()}")
    else:
        yield constat(f"{nom.upper()}_PRESENTE" if presentes else f"{nom.upper()}_ABSENTE")


CONTROLES: tuple[Controle, ...] = (lecteurs, cartes)
