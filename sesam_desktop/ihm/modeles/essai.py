"""An essai à blanc: lots that would be made, invoices left aside, and what to know before the true preparation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau import dates, montants

from .bilans import Avis, compter
from .table import Colonne

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.delais import Echeance
    from sesam_desktop.teletransmission.prevision import Prevision

OBJETS = {"FSE": ("facture", "factures"), "DRE": ("demande", "demandes"), "SCOR": ("pièce", "pièces")}
# State word and words of the verdict of the check module; of a lot that was not read by it.
VERDICTS = {"accepte": ("fait", "accepté"), "avertissement": ("à corriger", "accepté avec avertissement"),
            "refuse": ("bloqué", "refusé"), "": ("à faire", "non contrôlé")}


@dataclass(frozen=True)
class ASavoir:
    """One thing to know before lots are made; `facture` it is about, "" when none."""

    etat: str
    phrase: str
    facture: str = ""


def objet(genre: str, nombre: int) -> str:
    """``3 factures``."""
    return compter(nombre, *OBJETS.get(genre, ("élément", "éléments")))


def resume(bilan: Any) -> Avis:
    """The whole of it in one sentence."""
    total = sum(lot.total_centimes for lot in bilan.lots)
    faits = compter(len(bilan.lots), "lot serait fait", "lots seraient faits")
    phrase = f"Essai à blanc, rien n'est écrit : {faits}, {montants.formater(total, unite='€')}"
    if not bilan.refus:
        return Avis(f"{phrase} ; aucune facture laissée de côté.")
    laissees = compter(len({r.facture for r in bilan.refus}), "facture laissée", "factures laissées")
    return Avis(f"{phrase} ; {laissees} de côté.", "avertissement")


def a_savoir(prevision: Prevision | None) -> list[ASavoir]:
    """Limits first, then certificates, then the cards that will be asked."""
    if prevision is None:
        return []
    return [
        *(_echeance(e) for e in prevision.echeances),
        *(ASavoir("à corriger", f"Le certificat de {c.adresse} expire le {c.fin:%d/%m/%Y}, dans"
                                f" {compter(c.jours, 'jour', 'jours')}.") for c in prevision.certificats),
        *(ASavoir("à faire", f"{compter(c.lots, 'lot', 'lots')} à signer avec la carte de {c.nom or c.emetteur}.")
          for c in prevision.cartes),
    ]


def _echeance(echeance: Echeance) -> ASavoir:
    etat, phrase = echeance_en_mots(echeance)
    return ASavoir(etat, phrase, echeance.facture)


def echeance_en_mots(echeance: Echeance) -> tuple[str, str]:
    """State word and sentence of a limit."""
    jour = dates.formater(echeance.limite)
    if echeance.situation == "depasse":
        return "bloqué", f"Délai de transmission dépassé depuis le {jour} : à envoyer sans attendre."
    reste = compter(echeance.jours_restants, "jour ouvré", "jours ouvrés") if echeance.jours_restants else "aujourd'hui"
    etat = "à corriger" if echeance.situation == "proche" else "fait"
    return etat, f"À transmettre au plus tard le {jour} ({reste})."


def colonnes_lots() -> list[Colonne]:
    """Of `teletransmission.lots.LotPrepare`."""
    return [
        Colonne("etat", "Contrôle", lambda lot: VERDICTS[lot.verdict][0], "etat", 11,
                bulle=lambda lot: "\n".join(f"{r.libelle} [{r.code}]" for r in lot.remarques)),
        Colonne("verdict", "Verdict", lambda lot: VERDICTS[lot.verdict][1], largeur=14, accessoire=True),
        Colonne("fonds", "Destinataire", lambda lot: lot.fonds, "code", 14),
        Colonne("genre", "Contenu", lambda lot: objet(lot.genre, lot.nombre), largeur=13),
        Colonne("adresse", "Adresse", lambda lot: lot.adresse, largeur=34),
        Colonne("montant", "Montant €", lambda lot: montants.formater(lot.total_centimes) if lot.total_centimes else "",
                "montant", 10, tri=lambda lot: lot.total_centimes),
    ]


def colonnes_refus() -> list[Colonne]:
    """Of `teletransmission.selection.Refus`."""
    return [
        Colonne("facture", "Facture", lambda r: r.facture, "code", 10),
        Colonne("message", "Pourquoi elle ne partirait pas", lambda r: r.message, largeur=50,
                bulle=lambda r: r.message),
        Colonne("code", "Code", lambda r: r.code, "code", 20, accessoire=True),
    ]


def colonnes_a_savoir() -> list[Colonne]:
    """Of `ASavoir`."""
    return [
        Colonne("etat", "État", lambda a: a.etat, "etat", 11),
        Colonne("facture", "Facture", lambda a: a.facture, "code", 10),
        Colonne("phrase", "À savoir", lambda a: a.phrase, largeur=60, bulle=lambda a: a.phrase),
    ]
