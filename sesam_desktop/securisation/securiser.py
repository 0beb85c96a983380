"""From a priced invoice to the document that is kept: signed by the cards its level asks for, and verified."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sesam_desktop.factures.dre import DemandeAmc, DemandeSecurisee
from sesam_desktop.factures.facture import FactureSecurisee, FactureTarifee, Niveau, Signature
from sesam_desktop.noyau.erreurs import ErreurConnue

from .certificats import decrire
from .signature import ALGORITHME, PS, VITALE, Signataire, verifier

_NOMS = {VITALE: "la carte Vitale", PS: "la carte du professionnel"}
_PORTEURS = {
    Niveau.SECURISEE: (VITALE, PS),
    Niveau.SANS_VITALE: (PS,),
    Niveau.DEGRADEE: (PS,),
    Niveau.NON_SECURISEE: (),
}


def securiser(
    ft: FactureTarifee,
    octets_canoniques: bytes,
    signataire_vitale: Signataire | None,
    signataire_ps: Signataire | None,
    maintenant: datetime,
) -> FactureSecurisee:
    """Sign `octets_canoniques` (the clear B2 records of `ft`), the Vitale first, then the professional.

    S asks for both cards, V and D for the professional's alone, N for none: a card missing or too many is
    NIVEAU_INCOHERENT. An invoice with a blocking remark is refused (FACTURE_BLOQUEE), and a card whose certificate has
    ended (CERTIFICAT_EXPIRE).
    """
    _exiger_sans_blocage(ft)
    signataires = [s for s in (signataire_vitale, signataire_ps) if s is not None]
    _exiger_niveau(ft.niveau, tuple(s.porteur for s in signataires))
    signatures = tuple(_signer(s, octets_canoniques, maintenant) for s in signataires)
    return FactureSecurisee(ft, hashlib.sha256(octets_canoniques).hexdigest(), signatures)


def securiser_demande(
    demande: DemandeAmc,
    octets_canoniques: bytes,
    signataire_vitale: Signataire | None,
    signataire_ps: Signataire | None,
    maintenant: datetime,
) -> DemandeSecurisee:
    """Sign the clear records of a DRE in the session that signs its invoice, by the cards of its own level.

    A cancellation is of the professional alone, even when the Vitale is in. Raises as `securiser` does.
    """
    _exiger_sans_blocage(demande.facture)
    presents = {s.porteur: s for s in (signataire_vitale, signataire_ps) if s is not None}
    signataires = [presents[porteur] for porteur in _PORTEURS[demande.niveau] if porteur in presents]
    _exiger_niveau(demande.niveau, tuple(s.porteur for s in signataires))
    signatures = tuple(_signer(s, octets_canoniques, maintenant) for s in signataires)
    return DemandeSecurisee(demande, hashlib.sha256(octets_canoniques).hexdigest(), signatures)


def contresigner(
    ft: FactureTarifee, octets_canoniques: bytes, vitale: Signature, signataire_ps: Signataire, maintenant: datetime
) -> FactureSecurisee:
    """Désynchronisation: the Vitale signed `octets_canoniques` before, away from here; the professional signs now."""
    _exiger_sans_blocage(ft)
    _exiger_niveau(ft.niveau, (vitale.porteur, signataire_ps.porteur))
    _exiger_vraie(vitale.porteur, vitale.certificat, octets_canoniques, vitale.valeur)
    ps = _signer(signataire_ps, octets_canoniques, maintenant)
    return FactureSecurisee(ft, hashlib.sha256(octets_canoniques).hexdigest(), (vitale, ps))


def _exiger_sans_blocage(ft: FactureTarifee) -> None:
    bloquante = next((a for a in ft.tarification.alertes if a.gravite == "bloquante"), None)
    if bloquante:
        raise ErreurConnue(
            f"La facture {ft.numero} ne peut pas être sécurisée : {bloquante.message}", code="FACTURE_BLOQUEE",
            action="Corrigez-la, puis recommencez.", ou=bloquante.champ,
        )


def _exiger_niveau(niveau: Niveau, presents: tuple[str, ...]) -> None:
    attendus = _PORTEURS[niveau]
    if presents == attendus:
        return
    voulu = " et ".join(_NOMS[p] for p in attendus) or "aucune carte"
    raise ErreurConnue(
        f"Une facture de niveau {niveau.value} se signe avec {voulu}.", code="NIVEAU_INCOHERENT",
        action="Insérez la carte qui manque, ou changez de niveau de sécurisation.",
    )


def _signer(signataire: Signataire, octets: bytes, maintenant: datetime) -> Signature:
    """One signature, checked at once: a card that answers anything else must not spoil a document for ever."""
    certificat = signataire.certificat()
    _exiger_valable(signataire.porteur, certificat, maintenant)
    valeur = signataire.signer(octets)
    _exiger_vraie(signataire.porteur, certificat, octets, valeur)
    return Signature(signataire.porteur, ALGORITHME, valeur, certificat, maintenant)


def _exiger_valable(porteur: str, certificat: bytes, maintenant: datetime) -> None:
    """A signature made after the end of its certificate is worth nothing to the fund."""
    if decrire(certificat).fin < maintenant:
        raise ErreurConnue(
            f"Le certificat de {_NOMS[porteur]} n'est plus valable : elle ne peut plus signer.",
            code="CERTIFICAT_EXPIRE",
            action="Vérifiez la date de l'ordinateur, ou utilisez une carte en cours de validité.",
        )


def _exiger_vraie(porteur: str, certificat: bytes, octets: bytes, valeur: bytes) -> None:
    if not verifier(certificat, octets, valeur):
        raise ErreurConnue(
            f"La signature rendue par {_NOMS[porteur]} est fausse.", code="SIGNATURE_FAUSSE",
            action="Retirez puis réinsérez la carte, et signez de nouveau.",
        )
