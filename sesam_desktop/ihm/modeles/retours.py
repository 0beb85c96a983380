"""A return, or an attempt at nothing, opened: as received, as read entity by entity, and the invoices it touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau import dates, montants
from sesam_desktop.noyau.erreurs import ErreurConnue

from .table import Colonne
from .teletransmission import Fiche, phrases

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.depot_retours import RetourVu

_MONTRES = 500_000  # characters of a text: more would freeze the window
_ENTITE = 4_096     # of what is not cut in entities
_GENRES = {"ARL+": ("fait", "Lot accepté"), "ARL-": ("bloqué", "Lot refusé"), "SCOR+": ("fait", "Pièces acceptées"),
           "SCOR-": ("bloqué", "Pièces refusées")}


@dataclass(frozen=True)
class LigneLue:
    """One line of a return as read; `facture` is the number it touches, empty when none."""

    facture: str
    etat: str
    phrase: str
    paye_centimes: int | None = None


@dataclass(frozen=True)
class EntiteLue:
    """One entity in French; `rang` is its line in the text received."""

    rang: int
    entite: str
    phrase: str
    facture: str = ""


@dataclass(frozen=True)
class RetourOuvert:
    """A return as received and as read."""

    titre: str
    recu: str
    lignes: tuple[LigneLue, ...]
    entites: tuple[EntiteLue, ...] = ()
    gauche: str = "Tel que reçu"
    droite: str = "Ce qu'il dit des factures"


@dataclass(frozen=True)
class Recu:
    """The text of one courrier, an entity a line, and its reading."""

    texte: str
    entites: tuple[EntiteLue, ...] = field(default=())


def ouvrir(poste: Poste, fiche: Fiche) -> RetourOuvert:
    """What stands behind a card: every return of its lot, or one courrier. Runs on a worker."""
    if fiche.courrier:
        recu = recevoir(poste.transmission.contenu(fiche.courrier))
        return RetourOuvert(fiche.titre, recu.texte, (LigneLue("", fiche.etat, fiche.detail),), recu.entites)
    retours = poste.transmission.retours_du_lot(fiche.lot)
    recus = [recevoir(poste.transmission.contenu(c)) for c in dict.fromkeys(r.courrier for r in retours)]
    lignes = tuple(ligne for retour in retours for ligne in lire(retour))
    if not lignes:
        lignes = (LigneLue("", fiche.etat, fiche.detail.splitlines()[-1]),)
    reunis = reunir(recus)
    return RetourOuvert(fiche.titre, reunis.texte or "Aucun retour n'a encore été reçu pour ce lot.", lignes,
                        reunis.entites)


def recevoir(octets: bytes) -> Recu:
    """The file as received, an entity a line; the mail itself when it holds no file that can be taken out."""
    from sesam_desktop.flux import message

    sujet, contenu = "", octets
    if not octets.lstrip(b"\r\n").startswith(b"000"):
        try:
            recu = message.lire(octets)
        except ErreurConnue:
            return Recu(_imprimable(octets))
        sujet, contenu = f"{recu.sujet}\n\n", recu.contenu
    return _en_francais(sujet, contenu)


def _en_francais(sujet: str, contenu: bytes) -> Recu:
    """Each entity on its line and told in French; the file alone when it is no return."""
    from sesam_desktop.flux.lecture_francaise import expliquer

    try:
        dites = expliquer(contenu)
    except ErreurConnue:
        return Recu(sujet + _imprimable(contenu))
    bornes = [phrase.debut for phrase in dites] + [len(contenu)]
    lignes = [_imprimable(contenu[debut:fin].replace(b"\n", b"\xb7"), _ENTITE) for debut, fin in pairwise(bornes)]
    premiere = sujet.count("\n")
    entites = (EntiteLue(premiere + n, p.entite, p.texte, p.facture) for n, p in enumerate(dites))
    return Recu(sujet + "\n".join(lignes), tuple(entites))


def reunir(recus: Iterable[Recu]) -> Recu:
    """Several one under the other, their entities still on their lines."""
    texte, entites = "", []
    for recu in recus:
        avant = f"{texte}\n\n" if texte else ""
        entites += [replace(entite, rang=entite.rang + avant.count("\n")) for entite in recu.entites]
        texte = avant + recu.texte
    return Recu(texte, tuple(entites))


def lire(retour: RetourVu) -> list[LigneLue]:
    """Lines of the reading of one return."""
    motifs = phrases(retour.donnees.get("motifs", ()))
    if retour.genre in _GENRES:
        etat, phrase = _GENRES[retour.genre]
        return [LigneLue("", etat, " : ".join([phrase, *motifs[:1]]))] + [LigneLue("", etat, m) for m in motifs[1:]]
    paye = retour.donnees.get("paye_amo_centimes", 0) + retour.donnees.get("paye_amc_centimes", 0)
    etat, dit = _sort(retour.donnees, paye)
    return [LigneLue(retour.donnees.get("facture", ""), etat, ", ".join([dit, *motifs]), paye)]


def colonnes_lecture() -> list[Colonne]:
    """Of `LigneLue`."""
    return [
        Colonne("facture", "Facture", lambda r: r.facture, "code", 10),
        Colonne("etat", "État", lambda r: r.etat, "etat", 11),
        Colonne("phrase", "Lecture", lambda r: r.phrase, largeur=44, bulle=lambda r: r.phrase),
        Colonne("paye", "Payé €", _paye, "montant", 9, tri=lambda r: r.paye_centimes or 0),
    ]


def colonnes_entites() -> list[Colonne]:
    """Of `EntiteLue`."""
    return [
        Colonne("entite", "Entité", lambda e: e.entite, "code", 6),
        Colonne("phrase", "En français", lambda e: e.phrase, largeur=60, bulle=lambda e: e.phrase),
        Colonne("facture", "Facture", lambda e: e.facture, "code", 10),
    ]


def _sort(donnees: Mapping[str, Any], paye: int) -> tuple[str, str]:
    """What the fund did of one invoice; a remark on what is paid asks for nothing."""
    etats = {donnees.get("etat_amo", ""), donnees.get("etat_amc", "")} - {""}
    if paye < 0:
        return "à corriger", _quand("Somme reprise", donnees)
    if "R" in etats:
        return "à corriger", "Rejetée" if etats == {"R"} else "Rejetée pour une part"
    if paye or "P" in etats:
        return "fait", _quand("Payée", donnees)
    return "en cours", "Différée par la caisse" if "D" in etats else "Pas encore traitée par la caisse"


def _quand(fait: str, donnees: Mapping[str, Any]) -> str:
    jour = donnees.get("paiement", "")
    return f"{fait} le {dates.formater(date.fromisoformat(jour))}" if jour else fait


def _paye(ligne: LigneLue) -> str:
    return "" if ligne.paye_centimes is None else montants.formater(ligne.paye_centimes)


def _imprimable(octets: bytes, limite: int = _MONTRES) -> str:
    """Control characters shown as dots; what is beyond `limite` is counted, not shown."""
    texte = "".join(c if c.isprintable() or c in "\r\n" else "·" for c in octets[:limite].decode("latin-1"))
    reste = len(octets) - limite
    if reste <= 0:
        return texte
    compte = f"{reste:,}".replace(",", montants.ESPACE_FINE)
    return f"{texte}\n… et {compte} octets de plus, gardés mais non montrés"
