"""Why an invoice came back, in French, what to do of it, and which field of the request is concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sesam_desktop.factures.cycle import A_METTRE_EN_LOT, Etat
from sesam_desktop.noyau import montants
from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from sesam_desktop.factures.facture import Facture
    from sesam_desktop.poste.poste import Poste
    from sesam_desktop.teletransmission.recyclage import Correction, MotifExplique

REVENUES = (Etat.REJETEE, Etat.REFUSEE, Etat.ANOMALIE, Etat.PAYEE_PARTIELLEMENT)
# Family of the reason (resources/flux/causes_rejets.csv) → field of the request.
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
class ACorriger:
    """A request to be made again: what the billing page receives."""

    facture: Facture
    remplace: str
    motifs: tuple[MotifVu, ...] = ()

    @property
    def champ(self) -> str:
        """Where the keyboard goes first."""
        return next((motif.champ for motif in self.motifs if motif.champ), "")


def lire_correction(poste: Poste, numero: str) -> ACorriger:
    """Runs on a worker. Raises FACTURE_INCONNUE, RECYCLAGE_IMPOSSIBLE."""
    dossier = poste.recyclage.dossier(numero)
    return ACorriger(dossier.demande, numero, motifs_vus(poste, dossier))


def a_refaire(poste: Poste, numero: str) -> ACorriger:
    """The same, when the card that is in bills for who signed it. Raises CARTE_D_UN_AUTRE too. On a worker."""
    correction = lire_correction(poste, numero)
    signataire = correction.facture.executant
    if poste.lecteurs.session_ouverte:
        ici = poste.facturation.executant()
        if ici.numero_facturation != signataire.numero_facturation:
            raise ErreurConnue(
                f"La facture {numero} est celle de {signataire.nom} {signataire.prenom.title()} : une autre carte"
                " professionnelle ne peut pas la refaire.", code="CARTE_D_UN_AUTRE",
                action="Insérez sa carte, saisissez le code porteur, puis corrigez la facture.",
            )
    return correction


def motifs_vus(poste: Poste, dossier: Correction) -> tuple[MotifVu, ...]:
    """The reasons; when the fund gave none, its amounts are all that it says."""
    if dossier.motifs or dossier.etat in A_METTRE_EN_LOT:  # nobody has answered what has not left
        return tuple(_motif(motif) for motif in dossier.motifs)
    reponses = [e.donnees for e in poste.registre.historique(dossier.ancien) if e.nom in REVENUES]
    return (_sans_motif(reponses[-1] if reponses else {}),)


def _motif(motif: MotifExplique) -> MotifVu:
    from sesam_desktop.flux.causes import numero_complet

    champ = _CHAMPS.get(motif.cause.famille, "") if motif.ligne is None else f"lignes[{motif.ligne}]"
    code = numero_complet(motif.code, motif.libelle)
    return MotifVu(code, motif.libelle, motif.cause.phrase, motif.cause.a_faire, champ)


def _sans_motif(donnees: Mapping[str, Any]) -> MotifVu:
    ecarts = [
        f"part {part.upper()} payée {montants.formater(donnees[f'paye_{part}_centimes'], unite='€')}"
        f" au lieu de {montants.formater(donnees[f'attendu_{part}_centimes'], unite='€')}"
        for part in ("amo", "amc")
        if donnees.get(f"attendu_{part}_centimes", 0) != donnees.get(f"paye_{part}_centimes", 0)
    ]
    phrase = ", ".join(ecarts) or "la caisse n'a donné aucun motif"
    return MotifVu("", "", f"{phrase[0].upper()}{phrase[1:]}.",
                   "Comparez avec le décompte de la caisse, ou interrogez-la.")
