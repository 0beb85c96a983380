"""The NOEMIE return of an accepted lot: each invoice paid, rejected, signalled or paid short as the scenario says.

Order of the entities deduced from public readers (not the norm's text): 020, 040, 071, 081, 080, then for each invoice
102, 103, 198, 199, 210…, 294. The references 0576 (named on a public page for pharmacists) and 0580 (return of the DRE)
are published; nothing depends on them. A DRE is answered by its 199 alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sesam_desktop.flux import noemie
from sesam_desktop.flux.enregistrement import Enregistrement
from sesam_desktop.noyau.dates import aammjj

from .lot_lu import FactureLue, LotLu
from .regle import Anomalie, Issue, Scenario

REFERENCE, REFERENCE_DRE = "0576", "0580"
_FLUX_ELECTRONIQUE, _FORFAITAIRE, _RETENUE = "01", "03", "05"
_CODE_294 = 4
_DEGRADEE = "D"
_GESTION_UNIQUE, _ECLATEE_AU_POSTE = "C", "E"
_DRE, _ANNULATION = "D", "A"


def composer(lot: LotLu, scenario: Scenario, jour: date) -> bytes:
    """The bytes of the return. `jour` is the accounting day."""
    corps = (*_ouverture(lot, jour), *_hors_lot(scenario, jour), *_lot(lot, scenario, _D_ABORD))
    return noemie.composer(_entete(lot, jour), corps)


def composer_suite(lot: LotLu, scenario: Scenario, jour: date) -> bytes:
    """The return that follows: what was deferred is paid, what was paid by mistake taken back; empty for nothing."""
    restantes = tuple(f for f in lot.factures if scenario.issue(f.numero) in _ENSUITE)
    if not restantes:
        return b""
    corps = (*_ouverture(lot, jour), *_lot(replace(lot, factures=restantes), scenario, _ENSUITE))
    return noemie.composer(_entete(lot, jour), corps)


def _entete(lot: LotLu, jour: date) -> noemie.Entete:
    """Sender and addressee of the lot, the other way round; the file keeps its identification."""
    fichier = lot.entete
    return noemie.Entete(
        reference=REFERENCE_DRE if lot.dre else REFERENCE,
        emetteur=fichier["numero_destinataire"],
        destinataire=fichier["numero_emetteur"],
        identification=fichier["identification_fichier"],
        cree_le=jour,
        type_emetteur=fichier["type_destinataire"],
        type_destinataire=fichier["type_emetteur"],
        type_flux=fichier["type_flux"],
    )


def _ouverture(lot: LotLu, jour: date) -> Iterator[Enregistrement]:
    partenaire = lot.lot["numero_partenaire"].zfill(15)
    yield noemie.entite("020", destinataire_reglement=partenaire)
    yield noemie.entite("040", destinataire_reglement=partenaire)
    yield noemie.entite("071", date_comptable=aammjj(jour), libelle_virement_1="VIREMENT DE DEMONSTRATION")


def _hors_lot(scenario: Scenario, jour: date) -> Iterator[Enregistrement]:
    """What the fund takes back, and what it pays without invoice."""
    if dette := scenario.dette:
        yield noemie.entite("081", code=_RETENUE)
        yield noemie.entite(
            "250", numero_ligne="01", reference_dette=dette.reference, date_dette=aammjj(jour),
            nature_dette=dette.nature, nature_recuperation=dette.recuperation, montant=dette.centimes, signe="N",
            solde_dette=dette.solde_centimes,
        )
    if forfait := scenario.forfait:
        yield noemie.entite("081", code=_FORFAITAIRE)
        yield noemie.entite("261", code=forfait.code, montant=forfait.centimes)
        yield noemie.entite(
            "262", code=forfait.code, libelle=forfait.libelle, periode="M", date_debut=aammjj(jour),
            montant=forfait.centimes,
        )


def _lot(lot: LotLu, scenario: Scenario, sens: Mapping[Issue, Issue]) -> Iterator[Enregistrement]:
    """`sens`: what the issue of an invoice means in this return, when it is another."""
    yield noemie.entite("081", code=_FLUX_ELECTRONIQUE)
    yield noemie.entite("080", date_lot=lot.lot["date_lot"], numero_lot=lot.lot["numero_lot"])
    for facture in lot.factures:
        issue = scenario.issue(facture.numero)
        yield from _facture(lot, facture, scenario, sens.get(issue, issue))


def _facture(lot: LotLu, facture: FactureLue, scenario: Scenario, issue: Issue) -> Iterator[Enregistrement]:
    """A sum taken back (REPRISE) is a rejection whose payment is negative. An invoice that the insured is paid for is
    answered too, without money: profile of the project."""
    sort = _SORTS.get(issue, _Sort())
    retenue = scenario.retenue_centimes if issue is Issue.MONTANT_DIFFERENT else 0
    yield _identite_facture(lot, facture)
    yield _identite_assure(facture)
    if lot.dre:
        yield from _demande(facture, sort, retenue, scenario.motif_rejet if sort.etat_amc == "R" else None)
        return
    paye = 0 if facture.paye_a_l_assure else max(0, facture.amo - retenue) * sort.amo
    yield _part("198", facture.amo, sort.etat_amo, paye)
    if facture.amc:
        numero = facture.entete["numero_complementaire"].zfill(10)
        yield _part("199", facture.amc, sort.etat_amc, facture.amc * sort.amc, numero_amc=numero)
    yield from _lignes(facture, paye)
    motif = scenario.motif_signalement if issue is Issue.SIGNALEMENT else scenario.motif_rejet
    if motif is not None and sort.motif and (sort.part == "O" or facture.amc):
        yield _anomalie(motif, sort.part)


def _demande(
    facture: FactureLue, sort: _Sort, retenue: int, motif: Anomalie | None
) -> Iterator[Enregistrement]:
    """What an insurer answers to a DRE: its part alone, nothing for a cancellation that it accepts."""
    supplement = facture.supplement_dre
    du = 0 if supplement["nature"] == _ANNULATION else max(0, facture.amc - retenue)
    yield _part(
        "199", facture.amc, sort.etat_amc, du * sort.amc, numero_amc=supplement["numero_amc"],
        numero_adherent=supplement["adherent"],
    )
    yield from _lignes(facture, 0)
    if motif is not None:
        yield _anomalie(motif, "C")


@dataclass(frozen=True, slots=True)
class _Sort:
    """State of each part, how many times it is paid (−1: taken back), the part that a motive is about, if any."""

    etat_amo: str = "P"
    etat_amc: str = "P"
    amo: int = 1
    amc: int = 1
    motif: bool = False
    part: str = "O"


_SORTS = {
    Issue.REJET: _Sort("R", "R", 0, 0, motif=True),
    Issue.SIGNALEMENT: _Sort(motif=True),
    Issue.PARTIELLE: _Sort("P", "R", 1, 0, motif=True, part="C"),
    Issue.DIFFEREE: _Sort("D", "D", 0, 0),
    Issue.REPRISE: _Sort("R", "R", -1, -1, motif=True),
}
_D_ABORD = {Issue.REPRISE: Issue.PAYEE}
_ENSUITE = {Issue.DIFFEREE: Issue.PAYEE, Issue.REPRISE: Issue.REPRISE}


def _identite_facture(lot: LotLu, facture: FactureLue) -> Enregistrement:
    return noemie.entite(
        "102",
        numero_facture=facture.numero,
        numero_lot=lot.lot["numero_lot"],
        date_lot=lot.lot["date_lot"],
        type_facture=_DRE if lot.dre else "B" if facture.niveau == _DEGRADEE else "F",
        traitement_amc=_ECLATEE_AU_POSTE if lot.dre else _GESTION_UNIQUE if facture.amc else "",
        nature_assurance=facture.entete["nature_assurance"],
    )


def _identite_assure(facture: FactureLue) -> Enregistrement:
    entete, supplement = facture.entete, facture.lignes[1].zones
    return noemie.entite(
        "103",
        nir_assure=entete["nir_assure"],
        cle=entete["cle_nir_assure"],
        nir_individuel=supplement["nir_individuel"],
        cle_individuelle=supplement["cle_nir_individuel"],
        date_naissance=entete["date_naissance"],
        rang_naissance=entete["rang_naissance"] or "1",
    )


def _part(code: str, demande: int, etat: str, paye: int, **valeurs: str) -> Enregistrement:
    signe = "N" if paye < 0 else "P"
    return noemie.entite(code, montant_demande=demande, etat=etat, montant_paye=abs(paye), signe=signe, **valeurs)


def _lignes(facture: FactureLue, paye: int) -> Iterator[Enregistrement]:
    """A 210 for each act; what is not paid is taken from the first acts that can bear it."""
    manque = facture.amo - abs(paye)
    for rang, acte in enumerate(facture.actes, start=1):
        retenue = min(manque, acte["montant_amo"])
        manque -= retenue
        yield _ligne(rang, acte, acte["montant_amo"] - retenue, "N" if paye < 0 else "P")


def _ligne(rang: int, acte: dict[str, Any], rembourse: int, signe: str) -> Enregistrement:
    return noemie.entite(
        "210",
        numero_ligne=f"{rang % 100:02d}",
        exoneration=acte["exoneration"],
        mode_traitement=acte["mode_traitement"],
        discipline=acte["discipline"],
        date_debut=acte["date_soins"],
        date_fin=acte["date_soins"],
        prix_unitaire=acte["prix_unitaire"],
        base=acte["base"],
        taux=acte["taux"],
        montant_rembourse=rembourse,
        signe=signe,
        nature_prestation=acte["code_acte"][:3],
        complement_acte=acte["code_acte"][4:5],
        quantite=acte["quantite"],
        coefficient=acte["coefficient"],
        denombrement=acte["denombrement"],
        depense=acte["honoraires"],
        qualificatif=acte["qualificatif"],
        montant_amc=acte["montant_amc"] or 0,
    )


def _anomalie(anomalie: Anomalie, part: str) -> Enregistrement:
    """A 294; its older form, the 290, has room for the codes of the new numbering (NNNN-NNN)."""
    if len(anomalie.code) > _CODE_294:
        return noemie.entite("290", numero_ligne="00", code=anomalie.code, libelle=anomalie.libelle)
    return noemie.entite(
        "294", code_rejet=anomalie.code, libelle=anomalie.libelle, niveau_rejet="F", part=part, rang_rejet="01"
    )
