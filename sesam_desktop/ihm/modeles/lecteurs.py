"""The poste as a picture: channels, devices, slots, the card in each. What was shown keeps its place when it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from sesam_desktop.noyau.erreurs import ErreurConnue

from .nouvelles import nom_du_canal
from .titulaires import nom_duo, nom_ps, nom_vitale

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import Fente
    from sesam_desktop.lecteurs.galss.ressources import Ressource
    from sesam_desktop.poste.chronique import EvenementDate
    from sesam_desktop.poste.lecteurs import ServiceLecteurs
    from sesam_desktop.poste.poste import Poste

T = TypeVar("T")
PONT = "ssv"     # the channel of the GIE's libraries, which have their own readers
_MOT = re.compile(r"\s(CPS|CV1/CV2|CV[0-9]?)(?:\s[0-9A-F]{1,2}){0,2}$")   # then PC/SC's number or pcsc-lite's two
_EN_MARCHE = ("fait", "Service des cartes en marche")


@dataclass(frozen=True)
class VueFente:
    """One slot, ready to be shown. `ressource`: its GALSS name and alias; `detail`: whose card, or what to do."""

    lecteur: str
    mot: str
    phrase: str
    detail: str = ""
    atr: str = ""
    ressource: str = ""


@dataclass(frozen=True)
class VueAppareil:
    """One device and its slots."""

    nom: str
    fentes: tuple[VueFente, ...]

    @property
    def titres(self) -> list[str]:
        """What each slot is called: the word its name gives when it tells them apart, else its rank."""
        mots = [_mot_de_fente(fente.lecteur) for fente in self.fentes]
        if all(mots) and len(set(mots)) == len(mots):
            return mots
        return ["Fente"] if len(mots) == 1 else [f"Fente {rang}" for rang in range(1, len(mots) + 1)]


@dataclass(frozen=True)
class VueCanal:
    """One way to readers, and whether its service answers."""

    nom: str
    titre: str
    mot: str
    phrase: str
    appareils: tuple[VueAppareil, ...] = ()


@dataclass(frozen=True)
class VuePoste:
    """One look at the readers, and the latest news of them."""

    canaux: tuple[VueCanal, ...]
    nouvelles: tuple[EvenementDate, ...] = ()

    @property
    def cartes(self) -> tuple[tuple[str, str], ...]:
        """Which card is where, as far as a reader tells."""
        fentes = (fente for canal in self.canaux for appareil in canal.appareils for fente in appareil.fentes)
        return tuple((fente.lecteur, fente.atr) for fente in fentes if fente.atr)

    @property
    def vide(self) -> bool:
        """True when every service answers and none has a reader."""
        return all(not canal.appareils and (canal.mot == "fait" or canal.nom == PONT) for canal in self.canaux)


def relever(poste: Poste) -> VuePoste:
    """Look at the readers, without talking to a card. Runs on a worker."""
    service = poste.lecteurs
    nouvelles = tuple(service.evenements())
    try:
        fentes = service.fentes()
    except ErreurConnue as panne:
        return VuePoste((VueCanal("", "Lecteurs de cartes", "bloqué", panne.phrase()),), nouvelles)
    noms = _ressources(service.ressources())
    titulaires = _titulaires(service, fentes)
    canaux = [
        _canal(nom, list(siennes), noms, titulaires, _motif(nom, nouvelles))
        for nom, siennes in groupby(fentes, lambda fente: fente.canal)
    ]
    return VuePoste(tuple(canaux), nouvelles)


def fondre(avant: VuePoste | None, apres: VuePoste) -> VuePoste:
    """`apres`, in the order of `avant`: a reader that left is said in its place, until the page is shown anew."""
    if avant is None:
        return apres
    if [canal.nom for canal in apres.canaux] == [""]:  # no channel answers: the picture stays, stopped
        panne = apres.canaux[0]
        arretes = tuple(_arreter(canal, panne.phrase) for canal in avant.canaux)
        return replace(apres, canaux=arretes or apres.canaux)
    canaux = _tenir(avant.canaux, apres.canaux, lambda c: c.nom, _meler, lambda c: None if c.nom == "" else _vider(c))
    return replace(apres, canaux=canaux)


def _tenir(
    avant: Iterable[T], apres: Iterable[T], cle: Callable[[T], str], meler: Callable[[T, T], T],
    partir: Callable[[T], T | None],
) -> tuple[T, ...]:
    """Those of `avant` first, renewed or gone, then the new ones."""
    nouveaux = {cle(element): element for element in apres}
    gardes: list[T] = []
    for ancien in avant:
        nouveau = nouveaux.pop(cle(ancien), None)
        reste = partir(ancien) if nouveau is None else meler(ancien, nouveau)
        gardes += [reste] if reste is not None else []
    return (*gardes, *nouveaux.values())


def _meler(avant: VueCanal, apres: VueCanal) -> VueCanal:
    if apres.mot == "bloqué":
        return _arreter(avant, apres.phrase)
    appareils = _tenir(avant.appareils, apres.appareils, lambda a: a.nom, _meler_appareil, _debrancher)
    return replace(apres, appareils=appareils)


def _meler_appareil(avant: VueAppareil, apres: VueAppareil) -> VueAppareil:
    return replace(apres, fentes=_tenir(
        avant.fentes, apres.fentes, lambda f: f.lecteur, lambda _, nouvelle: nouvelle, _debranchee
    ))


def _debrancher(appareil: VueAppareil) -> VueAppareil:
    return replace(appareil, fentes=tuple(_debranchee(fente) for fente in appareil.fentes))


def _debranchee(fente: VueFente) -> VueFente:
    return VueFente(fente.lecteur, "à corriger", "Lecteur débranché",
                    "Rebranchez-le directement sur l'ordinateur.", ressource=fente.ressource)


def _vider(canal: VueCanal) -> VueCanal:
    return replace(canal, appareils=tuple(_debrancher(appareil) for appareil in canal.appareils))


def _arreter(canal: VueCanal, phrase: str) -> VueCanal:
    appareils = tuple(
        replace(a, fentes=tuple(VueFente(f.lecteur, "bloqué", "Lecteur inaccessible", ressource=f.ressource)
                                for f in a.fentes))
        for a in canal.appareils
    )
    return replace(canal, mot="bloqué", phrase=phrase, appareils=appareils)


def _canal(
    nom: str, fentes: list[Fente], noms: dict[str, str], titulaires: dict[str, str], motif: str
) -> VueCanal:
    titre = nom_du_canal(nom)
    if any(fente.etat == "absente" for fente in fentes):
        return VueCanal(nom, titre, "bloqué", motif)
    appareils: dict[str, list[VueFente]] = {}
    for fente in fentes:
        vue = _fente(fente, noms.get(fente.lecteur, ""), titulaires.get(fente.lecteur, ""))
        appareils.setdefault(_appareil(fente.lecteur), []).append(vue)
    return VueCanal(nom, titre, *_EN_MARCHE, tuple(VueAppareil(a, tuple(f)) for a, f in appareils.items()))


def _fente(fente: Fente, ressource: str, titulaire: str) -> VueFente:
    atr = fente.atr.hex(" ").upper()
    mot, phrase, detail = _etat(fente, titulaire)
    return VueFente(fente.lecteur, mot, phrase, detail, atr, ressource)


def _etat(fente: Fente, titulaire: str) -> tuple[str, str, str]:
    """State word, what is in the slot, and whose it is or what to do."""
    nom = fente.carte.libelle
    if fente.etat == "vide":
        return "à faire", "Aucune carte", ""
    if fente.etat == "muette":
        return "à corriger", "Carte qui ne répond pas", "Retirez-la, vérifiez son sens, essuyez la puce."
    if fente.etat == "inconnue":
        return "à corriger", "Carte non reconnue", "Insérez une carte Vitale ou une carte CPS."
    if titulaire:
        return "fait", f"{nom}, lue", titulaire
    if fente.etat == "occupee":
        return "en cours", f"{nom}, utilisée", "Un logiciel de ce poste lui parle."
    return "à faire", f"{nom}, non lue", ""


def _titulaires(service: ServiceLecteurs, fentes: list[Fente]) -> dict[str, str]:
    """Slot → whose card was read there. Two cards of a kind: neither was read."""
    lues = {"cps": nom_ps(service.ps), "vitale": nom_vitale(service.vitale), "duo": nom_duo(service.duo)}
    trouves = {}
    for role, nom in lues.items():
        siennes = [f.lecteur for f in fentes if f.etat in ("presente", "occupee") and _role(f) == role]
        if nom and len(siennes) == 1:
            trouves[siennes[0]] = nom
    return trouves


def _role(fente: Fente) -> str:
    from sesam_desktop.lecteurs.roles import ROLES

    return next((nom for nom, role in ROLES.items() if role.convient(fente.carte)), "")


def _mot_de_fente(lecteur: str) -> str:
    """``CV1`` of « FEI Smart Card CV1 0 », "" for a name that gives no role."""
    trouve = _MOT.search(lecteur)
    return trouve[1] if trouve else ""


def _ressources(table: Iterable[Ressource]) -> dict[str, str]:
    """Reader → ``CPS (TRANSPA1)``. The reader's own software (LAD 0) is no slot."""
    aliases: dict[tuple[str, str], list[str]] = {}
    for ressource in table:
        if ressource.lad and ressource.lecteur:
            siens = aliases.setdefault((ressource.lecteur, ressource.nom), [])
            siens += [ressource.alias] if ressource.alias else []
    return {lecteur: f"{nom} ({', '.join(siens)})" if siens else nom for (lecteur, nom), siens in aliases.items()}


def _appareil(lecteur: str) -> str:
    from sesam_desktop.lecteurs.appareils import appareil

    return appareil(lecteur)


def _motif(canal: str, nouvelles: Iterable[EvenementDate]) -> str:
    """Why this channel stopped, as its last event says."""
    pannes = (n.evenement.erreur for n in nouvelles if n.evenement.canal == canal and n.evenement.erreur is not None)
    panne = next(pannes, None)
    return panne.phrase() if panne is not None else "Les lecteurs de cartes ne répondent pas."
