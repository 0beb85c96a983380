"""The NOEMIE return of an accepted lot: each invoice paid, rejected, signalled or paid short as the scenario says.

Order of the entities deduced from public readers (not the norm's text): 020, 040, 071, 081, 080, then for each invoice
102, 103, 198, 199, 210…, 294. The reference 0576 is named on a public page for pharmacists; nothing depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sesam_desktop.flux import noemie
from sesam_desktop.flux.enregistrement import Enregistrement
from sesam_desktop.noyau.dates import aammjj

from .lot_lu import FactureLue, LotLu
from .scenario import Anomalie, Issue, Scenario

REFERENCE = "0576"
_FLUX_ELECTRONIQUE = "01"
_DEGRADEE = "D"
_GESTION_UNIQUE = "C"


def composer(lot: LotLu, scenario: Scenario, jour: date) -> bytes:
    """The bytes of the return. `jour` is the accounting day."""
    return noemie.composer(_entete(lot, jour), _corps(lot, scenario, jour))


def _entete(lot: LotLu, jour: date) -> noemie.Entete:
    """Sender and addressee of the lot, the other way round; the file keeps its identification."""
    fichier = lot.entete
    return noemie.Entete(
        reference=REFERENCE,
        emetteur=fichier["numero_destinataire"],
        destinataire=fichier["numero_emetteur"],
        identification=fichier["identification_fichier"],
        cree_le=jour,
        type_emetteur=fichier["type_destinataire"],
        type_destinataire=fichier["type_emetteur"],
        type_flux=fichier["type_flux"],
    )


def _corps(lot: LotLu, scenario: Scenario, jour: date) -> Iterator[Enregistrement]:
    partenaire = lot.lot["numero_partenaire"].zfill(15)
    yield noemie.entite("020", destinataire_reglement=partenaire)
    yield noemie.entite("040", destinataire_reglement=partenaire)
    yield noemie.entite("071", date_comptable=aammjj(jour), libelle_virement_1="VIREMENT DE DEMONSTRATION")
    yield noemie.entite("081", code=_FLUX_ELECTRONIQUE)
    yield noemie.entite("080", date_lot=lot.lot["date_lot"], numero_lot=lot.lot["numero_lot"])
    for facture in lot.factures:
        yield from _facture(lot, facture, scenario)


def _facture(lot: LotLu, facture: FactureLue, scenario: Scenario) -> Iterator[Enregistrement]:
    issue = scenario.issue(facture.numero)
    paye = _paye(facture, issue, scenario.retenue_centimes)
    yield _identite_facture(lot, facture)
    yield _identite_assure(facture)
    yield _part("198", facture.amo, issue, paye)
    if facture.amc:
        yield _part("199", facture.amc, issue, 0 if issue is Issue.REJET else facture.amc,
                    numero_amc=facture.entete["numero_complementaire"].zfill(10))
    yield from _lignes(facture, paye)
    anomalie = {Issue.REJET: scenario.motif_rejet, Issue.SIGNALEMENT: scenario.motif_signalement}.get(issue)
    if anomalie is not None:
        yield _anomalie(anomalie)


def _paye(facture: FactureLue, issue: Issue, retenue: int) -> int:
    """What the fund pays of the obligatory part, never less than nothing."""
    if issue is Issue.REJET:
        return 0
    return max(0, facture.amo - retenue) if issue is Issue.MONTANT_DIFFERENT else facture.amo


def _identite_facture(lot: LotLu, facture: FactureLue) -> Enregistrement:
    return noemie.entite(
        "102",
        numero_facture=facture.numero,
        numero_lot=lot.lot["numero_lot"],
        date_lot=lot.lot["date_lot"],
        type_facture="B" if facture.niveau == _DEGRADEE else "F",
        traitement_amc=_GESTION_UNIQUE if facture.amc else "",
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


def _part(code: str, demande: int, issue: Issue, paye: int, **valeurs: str) -> Enregistrement:
    etat = "R" if issue is Issue.REJET else "P"
    return noemie.entite(code, montant_demande=demande, etat=etat, montant_paye=paye, signe="P", **valeurs)


def _lignes(facture: FactureLue, paye: int) -> Iterator[Enregistrement]:
    """A 210 for each act; what is not paid is taken from the first acts that can bear it."""
    manque = facture.amo - paye
    for rang, acte in enumerate(facture.actes, start=1):
        retenue = min(manque, acte["montant_amo"])
        manque -= retenue
        yield _ligne(rang, acte, acte["montant_amo"] - retenue)


def _ligne(rang: int, acte: dict[str, Any], rembourse: int) -> Enregistrement:
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
        signe="P",
        nature_prestation=acte["code_acte"][:3],
        complement_acte=acte["code_acte"][4:5],
        quantite=acte["quantite"],
        coefficient=acte["coefficient"],
        denombrement=acte["denombrement"],
        depense=acte["honoraires"],
        qualificatif=acte["qualificatif"],
        montant_amc=acte["montant_amc"] or 0,
    )


def _anomalie(anomalie: Anomalie) -> Enregistrement:
    return noemie.entite(
        "294", code_rejet=anomalie.code, libelle=anomalie.libelle, niveau_rejet="F", part="O", rang_rejet="01"
    )
