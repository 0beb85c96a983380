"""Cards of the three columns, and the lines of a return as read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau import dates, montants
from sesam_desktop.noyau.erreurs import ErreurConnue

from .table import Colonne

if TYPE_CHECKING:
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.depot_retours import CourrierVu, RetourVu
    from sesam_desktop.teletransmission.tableau import FicheLot, Tableau

RELANCER, RELIRE, RENVOYER = "relancer", "relire", "renvoyer"
TAILLE_FIXE = 128
_OBJETS = {"FSE": ("facture", "factures"), "SCOR": ("pièce", "pièces")}
_GENRES = {"ARL+": ("fait", "Lot accepté"), "ARL-": ("bloqué", "Lot refusé"), "SCOR+": ("fait", "Pièces acceptées"),
           "SCOR-": ("bloqué", "Pièces refusées")}


@dataclass(frozen=True)
class Fiche:
    """One card, ready to be shown. `lot` or `courrier` is what it opens on, `page` the page it leads to otherwise."""

    titre: str
    detail: str
    etat: str
    lot: int = 0
    courrier: int = 0
    message_id: str = ""
    page: str = ""
    remede: str = ""     # what F9 does of it: relancer, relire, renvoyer

    @property
    def texte(self) -> str:
        """What is written on the card."""
        return f"{self.titre}\n{self.detail}"


@dataclass(frozen=True)
class LigneLue:
    """One line of a return as read; `facture` is the number it touches, empty when none."""

    facture: str
    etat: str
    phrase: str
    paye_centimes: int | None = None


@dataclass(frozen=True)
class RetourOuvert:
    """A return as received and as read."""

    titre: str
    recu: str
    lignes: tuple[LigneLue, ...]
    gauche: str = "Tel que reçu"
    droite: str = "Tel que lu"


def fiche_lot(lot: FicheLot, etat: str, caisse: str = "") -> Fiche:
    """A lot: destinataire, number, count, amount, age, and why it waits."""
    objet = _OBJETS.get(lot.genre, ("élément", "éléments"))[lot.nombre > 1]
    morceaux = [f"{lot.nombre} {objet}"]
    morceaux += [montants.formater(lot.total_centimes, unite="€")] if lot.total_centimes else []
    detail = "  ·  ".join([*morceaux, age(lot.age)]) + (f"\n{lot.motif}" if lot.motif else "")
    titre = f"Lot {lot.numero}  ·  " + (f"{caisse}  ·  {lot.fonds}" if caisse else f"caisse {lot.fonds}")
    return Fiche(titre, detail, etat, lot=lot.lot, message_id=lot.message_id, remede=_remede(lot, etat))


def _remede(lot: FicheLot, etat: str) -> str:
    if lot.etat_message == "en_quarantaine":
        return RELANCER
    return RENVOYER if etat == "bloqué" and lot.genre == "FSE" and lot.refuse else ""


def fiches_a_traiter(tableau: Tableau, caisses: Mapping[str, str]) -> list[Fiche]:
    """Refused and late lots, rejected invoices, unreadable and unknown returns: what wants somebody."""
    fiches = [fiche_lot(lot, "bloqué", caisses.get(lot.fonds, "")) for lot in tableau.a_traiter]
    if nombre := tableau.factures_a_corriger:
        pluriel = "s" if nombre > 1 else ""
        fiches.append(Fiche(f"{nombre} facture{pluriel} à corriger", "Rejets et écarts de paiement.", "à corriger",
                            page="factures"))
    fiches += [_fiche_courrier(courrier) for courrier in tableau.courriers]
    fiches += [_fiche_inconnu(retour) for retour in tableau.non_rapproches]
    return fiches


def caisses_de(poste: Poste, tableau: Tableau) -> dict[str, str]:
    """Names of the funds of the board. Runs on a worker."""
    fonds = {lot.fonds for lot in (*tableau.a_envoyer, *tableau.en_attente, *tableau.a_traiter)}
    return {f: poste.droits.tod.libelle(*f.split()[:2]) for f in fonds}


def lu_a_blanc(bilan: Any) -> RetourOuvert:
    """What a preparation would do: lots at the left, invoices it would leave aside at the right."""
    lots = [
        f"{lot.fonds}  ·  {lot.nombre} {_OBJETS.get(lot.genre, ('élément', 'éléments'))[lot.nombre > 1]}"
        + (f"  ·  {montants.formater(lot.total_centimes, unite='€')}" if lot.total_centimes else "")
        for lot in bilan.lots
    ]
    refus = tuple(LigneLue(r.facture, "à corriger", f"{r.message} [{r.code}]") for r in bilan.refus)
    return RetourOuvert(
        "Essai à blanc : rien n'a été mis en lot", "\n".join(lots) or "Aucune facture ne partirait.",
        refus or (LigneLue("", "fait", "Aucune facture ne serait laissée de côté."),),
        gauche="Lots qui seraient faits", droite="Factures laissées de côté",
    )


def ouvrir(poste: Poste, fiche: Fiche) -> RetourOuvert:
    """What stands behind a card: every return of its lot, or one courrier. Runs on a worker."""
    if fiche.courrier:
        return RetourOuvert(fiche.titre, _texte(poste.transmission.contenu(fiche.courrier)),
                            (LigneLue("", fiche.etat, fiche.detail),))
    retours = poste.transmission.retours_du_lot(fiche.lot)
    recus = [_texte(poste.transmission.contenu(c)) for c in dict.fromkeys(r.courrier for r in retours)]
    lignes = tuple(ligne for retour in retours for ligne in lire(retour))
    if not lignes:
        lignes = (LigneLue("", fiche.etat, fiche.detail.splitlines()[-1]),)
    return RetourOuvert(fiche.titre, "\n\n".join(recus) or "Aucun retour n'a encore été reçu pour ce lot.", lignes)


def lire(retour: RetourVu) -> list[LigneLue]:
    """Lines of the reading of one return."""
    motifs = phrases(retour.donnees.get("motifs", ()))
    if retour.genre in _GENRES:
        etat, phrase = _GENRES[retour.genre]
        return [LigneLue("", etat, " : ".join([phrase, *motifs[:1]]))] + [LigneLue("", etat, m) for m in motifs[1:]]
    paye = retour.donnees.get("paye_amo_centimes", 0) + retour.donnees.get("paye_amc_centimes", 0)
    return [LigneLue(retour.donnees.get("facture", ""), "à corriger" if motifs else "fait",
                     ", ".join(motifs) or _paiement(retour.donnees), paye)]


def phrases(motifs: Any) -> list[str]:
    """``libellé [code]`` of each reason."""
    return [f"{m.get('libelle') or m.get('message') or 'Motif'} [{m.get('code', '')}]" for m in motifs]


def age(duree: timedelta) -> str:
    """``il y a 3 h``, ``depuis 2 jours``: what one reads of an age."""
    minutes = int(duree.total_seconds() // 60)
    if minutes < 1:
        return "à l'instant"
    if minutes < 60:
        return f"il y a {minutes} min"
    if minutes < 24 * 60:
        return f"il y a {minutes // 60} h"
    jours = minutes // (24 * 60)
    return f"depuis {jours} jour{'s' if jours > 1 else ''}"


def colonnes_lecture() -> list[Colonne]:
    """Of `LigneLue`."""
    return [
        Colonne("facture", "Facture", lambda r: r.facture, "code", 10),
        Colonne("etat", "État", lambda r: r.etat, "etat", 11),
        Colonne("phrase", "Lecture", lambda r: r.phrase, largeur=44, bulle=lambda r: r.phrase),
        Colonne("paye", "Payé €", _paye, "montant", 9, tri=lambda r: r.paye_centimes or 0),
    ]


def _fiche_courrier(courrier: CourrierVu) -> Fiche:
    return Fiche("Retour illisible", f"{courrier.motif}\n{_depuis(courrier.recu_le)}", "bloqué", courrier=courrier.id,
                 remede=RELIRE)


def _fiche_inconnu(retour: RetourVu) -> Fiche:
    detail = f"Aucun lot de ce poste ne lui correspond.\n{_depuis(retour.recu_le)}"
    return Fiche(f"Retour {retour.genre} inconnu", detail, "à corriger", courrier=retour.courrier)


def _depuis(instant: str) -> str:
    return age(datetime.now(UTC) - datetime.fromisoformat(instant))


def _paiement(donnees: Mapping[str, Any]) -> str:
    jour = donnees.get("paiement", "")
    return f"Payée le {dates.formater(date.fromisoformat(jour))}" if jour else "Payée"


def _paye(ligne: LigneLue) -> str:
    return "" if ligne.paye_centimes is None else montants.formater(ligne.paye_centimes)


def _texte(octets: bytes) -> str:
    """The file as received, an entity a line; the mail itself when it holds no file that can be taken out."""
    from sesam_desktop.flux import message

    try:
        recu = message.lire(octets)
    except ErreurConnue:
        return _imprimable(octets)
    return f"{recu.sujet}\n\n{_entites(_imprimable(recu.contenu))}"


def _entites(fichier: str) -> str:
    """000 and 999 are 128 characters without an end mark; the entities between them end with ``@``."""
    corps = fichier[TAILLE_FIXE:-TAILLE_FIXE].replace("@", "@\n")
    return f"{fichier[:TAILLE_FIXE]}\n{corps}{fichier[-TAILLE_FIXE:]}" if len(fichier) >= 2 * TAILLE_FIXE else fichier


def _imprimable(octets: bytes) -> str:
    """Control characters shown as dots."""
    return "".join(c if c.isprintable() or c in "\r\n" else "·" for c in octets.decode("latin-1"))
