"""Why an invoice came back, in French, what to do of it, and which field of the request is concerned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.facture import Facture, Tarification
from sesam_desktop.noyau import montants

REVENUES = (Etat.REJETEE, Etat.REFUSEE, Etat.ANOMALIE, Etat.PAYEE_PARTIELLEMENT)
# Family of the reason (resources/flux/causes_rejets.csv, codes_arl.csv) → field of the request.
_CHAMPS = {
    **dict.fromkeys(("ald", "c2s", "oppose", "naissance", "identite", "droits", "caisse"), "beneficiaire"),
    **dict.fromkeys(("accident", "maternite"), "nature_assurance"),
    **dict.fromkeys(("prescripteur", "prescription", "accord"), "prescription"),
    **dict.fromkeys(("cumul", "nombre", "produit", "acte", "tarif"), "lignes[0]"),
    "amc": "amc", "parcours": "parcours", "date": "date_soins",
}


@dataclass(frozen=True)
class MotifVu:
    """One reason. `mots`: those of the fund. `champ`: path in the request, "" when no field is at fault."""

    code: str
    mots: str
    phrase: str
    a_faire: str
    champ: str = ""


@dataclass(frozen=True)
class Correction:
    """A request to be made again: what the billing page receives."""

    facture: Facture
    remplace: str
    motifs: tuple[MotifVu, ...] = ()

    @property
    def champ(self) -> str:
        """Where the keyboard goes first."""
        return next((motif.champ for motif in self.motifs if motif.champ), "")


def motifs_de(historique: Iterable[Any], tarification: Tarification | None = None) -> tuple[MotifVu, ...]:
    """Reasons of the last answer that brought the invoice back, none when it was not brought back."""
    reponses = [e for e in historique if e.nom in REVENUES]
    if not reponses:
        return ()
    derniere = reponses[-1]
    lus = tuple(_motif(m, tarification) for m in derniere.donnees.get("motifs", ()))
    return lus or (_sans_motif(derniere),)


def _motif(motif: Mapping[str, Any], tarification: Tarification | None) -> MotifVu:
    from sesam_desktop.flux.causes import explication, numero_complet

    code, mots = str(motif.get("code", "")), str(motif.get("libelle") or motif.get("message") or "")
    cause = explication(code, mots)
    champ = _CHAMPS.get(cause.famille, "")
    ligne = int(motif.get("ligne") or 0)
    if ligne and tarification is not None and ligne <= len(tarification.lignes):
        champ = f"lignes[{tarification.lignes[ligne - 1].saisie}]"
    return MotifVu(numero_complet(code, mots), mots, cause.phrase, cause.a_faire, champ)


def _sans_motif(reponse: Any) -> MotifVu:
    """The fund gave no reason: its amounts are all that it says."""
    donnees = reponse.donnees
    ecarts = [
        f"part {part.upper()} payée {montants.formater(donnees[f'paye_{part}_centimes'], unite='€')}"
        f" au lieu de {montants.formater(donnees[f'attendu_{part}_centimes'], unite='€')}"
        for part in ("amo", "amc")
        if donnees.get(f"attendu_{part}_centimes") is not None
        and donnees.get(f"paye_{part}_centimes", 0) != donnees[f"attendu_{part}_centimes"]
    ]
    phrase = ", ".join(ecarts).capitalize() or "La caisse n'a donné aucun motif"
    return MotifVu("", "", f"{phrase}.", "Comparez avec le décompte de la caisse, ou interrogez-la.")


def en_clair(motifs: Sequence[MotifVu]) -> str:
    """Every reason and what to do, one a line."""
    return "\n".join(f"{m.phrase} {m.a_faire}" for m in motifs)
