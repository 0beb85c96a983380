"""Judging what a terminal brought: may it be signed here, or why not. Nothing is written, nothing is signed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import FactureTarifee, Signature
from sesam_desktop.lecteurs.tla.depot import EtatDocument, EtatPreparee, Preparee, Verdict
from sesam_desktop.noyau.erreurs import ErreurConnue

if TYPE_CHECKING:
    from collections.abc import Callable

    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.tla.depot import DepotTla
    from sesam_desktop.lecteurs.tla.documents import Document, FactureSignee, Lecture

    from .certificats_cartes import CertificatsCartes

TOLERANCE = timedelta(minutes=2)  # two clocks never agree to the second
TROP_ANCIENNE = "TLA_TROP_ANCIENNE"
_REPRISE = "La facture est gardée telle quelle : refaites-la avec la carte du patient, ou en mode dégradé."


class Examen:
    """`horloge` gives now, in UTC."""

    def __init__(self, depot: DepotTla, certificats: CertificatsCartes, horloge: Callable[[], datetime]) -> None:
        self._depot = depot
        self._certificats = certificats
        self._horloge = horloge

    def juger(self, octets: bytes, ecart_s: int) -> Verdict:
        """What is to be done of a document read whole; a refusal keeps its reason."""
        from sesam_desktop.lecteurs.tla.documents import genre_de, lire_document

        genre = numero = ""
        try:
            document = lire_document(octets)
            genre, numero = str(genre_de(document)), getattr(document, "numero", "")
            return Verdict(self._destin(document, ecart_s), genre, numero)
        except ErreurConnue as erreur:
            return Verdict(EtatDocument.REFUSEE, genre, numero, erreur.code, erreur.phrase())

    def _destin(self, document: Document, ecart_s: int) -> EtatDocument:
        from sesam_desktop.lecteurs.tla.documents import Lecture

        if isinstance(document, Lecture):
            carte_de_lecture(document)
            exiger_instant(instant_corrige(document.lue_le, ecart_s), None, self._horloge())
            return EtatDocument.A_COMPOSER
        preparee = self.preparee(document.numero)
        _exiger_pretee(preparee)
        exiger_instant(instant_corrige(document.signee_le, ecart_s), preparee.preparee_le, self._horloge())
        signature = self.signature(document, preparee, ecart_s)
        exiger_delai(tarifee(preparee), signature, self._horloge())
        return EtatDocument.A_SIGNER

    def signature(self, document: FactureSignee, preparee: Preparee, ecart_s: int) -> Signature:
        """The Vitale's signature, found true over what was prepared, at the instant put right by the clock's error.

        Raises MAUVAISE_VITALE (as SSV's F023), SIGNATURE_FAUSSE, CERTIFICAT_CARTE_ABSENT, CERTIFICAT_EXPIRE,
        TLA_CONTENU_DIFFERENT.
        """
        from sesam_desktop.factures.enregistrements import octets_canoniques
        from sesam_desktop.securisation.signature import ALGORITHME, VITALE, verifier

        ft = tarifee(preparee)
        octets, patient = octets_canoniques(ft), ft.demande.beneficiaire
        if not document.empreinte.hex() == preparee.empreinte == hashlib.sha256(octets).hexdigest():
            raise ErreurConnue(
                "Ce que la carte Vitale a signé n'est pas la facture préparée ici.", code="TLA_CONTENU_DIFFERENT",
                action=_REPRISE,
            )
        certificat = self._certificats.de(patient.numero_serie_vitale)
        if not verifier(certificat, octets, document.signature):
            raise _signature_fausse({patient.nir, patient.nir_individuel} & set(document.nirs))
        signe_le = instant_corrige(document.signee_le, ecart_s)
        _exiger_valable(certificat, signe_le)
        return Signature(VITALE, ALGORITHME, document.signature, certificat, signe_le)

    def preparee(self, numero: str) -> Preparee:
        """The invoice that was lent under this number. Raises TLA_PREPARATION_INCONNUE."""
        preparee = self._depot.preparee(numero)
        if preparee is None:
            raise ErreurConnue(
                f"La facture {numero} n'a pas été préparée sur ce poste.", code="TLA_PREPARATION_INCONNUE",
                action="Le document reste sur le terminal : déchargez-le sur le poste qui l'a chargé.",
            )
        return preparee


def _exiger_pretee(preparee: Preparee) -> None:
    """Raises TLA_PREPARATION_REPRISE, TLA_DEJA_DECHARGEE: one signature at most is used."""
    if preparee.etat is EtatPreparee.RENDUE:
        raise ErreurConnue(
            f"La facture {preparee.numero} a été reprise ici en brouillon avant que sa signature n'arrive.",
            code="TLA_PREPARATION_REPRISE", action="Signez ou effacez ce brouillon.",
        )
    if preparee.etat is not EtatPreparee.PREPAREE:
        raise ErreurConnue(
            f"La facture {preparee.numero} a déjà été déchargée.", code="TLA_DEJA_DECHARGEE",
            action="Rien n'est à faire : l'autre document est celui qui compte.",
        )


def tarifee(preparee: Preparee) -> FactureTarifee:
    """The priced invoice that was lent."""
    from sesam_desktop.factures.document import valeur_depuis_json

    return valeur_depuis_json(FactureTarifee, preparee.contenu.decode())


def instant_corrige(instant: datetime, ecart_s: int) -> datetime:
    """What our clock said when the terminal's said `instant`, if both have run alike since."""
    return instant - timedelta(seconds=ecart_s)


def exiger_instant(instant: datetime, depuis: datetime | None, maintenant: datetime) -> None:
    """Raises TLA_DATE_INCOHERENTE: the terminal's clock was lost, or moved, between the visit and here."""
    if instant > maintenant + TOLERANCE or (depuis is not None and instant < depuis - TOLERANCE):
        raise ErreurConnue(
            f"Le terminal date cette visite du {instant.astimezone():%d/%m/%Y à %H:%M}, ce qui est impossible.",
            code="TLA_DATE_INCOHERENTE", action=_REPRISE,
        )


def exiger_delai(ft: FactureTarifee, vitale: Signature, maintenant: datetime) -> None:
    """Raises TLA_SIGNATURE_AVANT_SOINS, or TLA_TROP_ANCIENNE past the delay of the dated tables."""
    from sesam_desktop.referentiels import tables

    signee: date = vitale.signe_le.astimezone().date()
    if signee < ft.demande.date_soins:
        raise ErreurConnue(
            "La carte Vitale a signé avant le jour des soins.", code="TLA_SIGNATURE_AVANT_SOINS", action=_REPRISE
        )
    ligne = tables.charger("seuils").trouver(signee, code="DELAI_DESYNCHRONISATION")
    if ligne is not None and (maintenant - vitale.signe_le) > timedelta(days=int(ligne["valeur"])):
        raise ErreurConnue(
            f"La carte Vitale a signé il y a plus de {int(ligne['valeur'])} jours.", code=TROP_ANCIENNE,
            action=_REPRISE,
        )


def carte_de_lecture(lecture: Lecture) -> CarteVitale:
    """The card read away. Raises FormatInvalide, F0F0, BENEFICIAIRE_INCONNU."""
    from sesam_desktop.cartes import vitale_zones, zones

    carte = vitale_zones.carte_depuis(zones.lire(lecture.zones))
    if lecture.rang >= len(carte.beneficiaires):
        raise ErreurConnue("Ce bénéficiaire n'existe pas sur la carte lue.", code="BENEFICIAIRE_INCONNU")
    return carte


def _signature_fausse(titulaires_attendus: set[str]) -> ErreurConnue:
    if not titulaires_attendus:
        return ErreurConnue(
            "La carte Vitale qui a signé n'est pas celle du patient de la facture.", code="MAUVAISE_VITALE",
            action=_REPRISE,
        )
    return ErreurConnue(
        "La signature n'est pas celle de la carte Vitale de ce patient connue ici : elle est fausse, ou la carte a été"
        " renouvelée depuis.",
        code="SIGNATURE_FAUSSE", action=_REPRISE,
    )


def _exiger_valable(certificat: bytes, instant: datetime) -> None:
    from sesam_desktop.securisation.certificats import decrire

    lu = decrire(certificat)
    if not lu.debut <= instant <= lu.fin:
        raise ErreurConnue(
            "La carte Vitale n'était pas en cours de validité quand elle a signé.", code="CERTIFICAT_EXPIRE",
            action=_REPRISE,
        )
