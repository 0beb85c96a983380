"""Who may sign: the open session of the professional concerned, the Vitale of the patient concerned, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue

from .habilitation import Acte, exiger

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.factures.facture import Patient
    from sesam_desktop.lecteurs.canal import SessionCarte
    from sesam_desktop.lecteurs.lecture import PuceVitale
    from sesam_desktop.securisation.session_ps import MoyenPS, SessionPS
    from sesam_desktop.securisation.signature import Signataire

    from .certificats_cartes import CertificatsCartes


def moyen_par_carte(ouvrir: Callable[[], SessionCarte], certificats: CertificatsCartes) -> MoyenPS:
    """The professional's card by APDU."""
    from sesam_desktop.securisation.session_ps import MoyenCarte

    return MoyenCarte(ouvrir, certificats.de_la_cps)


def ouvrir_session(code: str, par_carte: MoyenPS, module_pkcs11: str, *, module_regle: bool) -> SessionPS:
    """A session through the PKCS#11 module when there is one, else by APDU (`par_carte`).

    A module that nobody set (the Cryptolib found on this machine) knows nothing of the cards of other origins: when it
    sees none, no code was presented, and the card that the readers see is asked itself.
    """
    from sesam_desktop.securisation.session_ps import MoyenPkcs11, SessionPS

    if not module_pkcs11:
        return SessionPS(par_carte, code)
    try:
        return SessionPS(MoyenPkcs11(Path(module_pkcs11)), code)
    except ErreurConnue as erreur:
        if module_regle or erreur.code != "CARTE_ABSENTE":
            raise
    return SessionPS(par_carte, code)


def session_habilitee(
    session: SessionPS | None, carte: CartePS | None, emetteur: str, acte: Acte, rang: int | None = None
) -> SessionPS:
    """The open session, if its professional may do this, in situation `rang` when it is known.

    Raises SESSION_PS_FERMEE, or what `exiger` refuses.
    """
    if session is None or not session.ouverte:
        raise ErreurConnue(
            "La session du professionnel n'est pas ouverte.",
            code="SESSION_PS_FERMEE",
            action="Insérez votre carte et saisissez votre code porteur.",
        )
    exiger(carte, emetteur, acte, rang)
    return session


def signataire_vitale(
    session: SessionCarte,
    patient: Patient,
    puce: PuceVitale | None,
    carte: CarteVitale | None,
    certificats: CertificatsCartes,
) -> Signataire:
    """The Vitale that `session` talks to, read again and found to be the patient's. Raises MAUVAISE_VITALE (as SSV's
    F023), CARTE_CHANGEE, VITALE_SANS_SIGNATURE (one that only the libraries read)."""
    from sesam_desktop.lecteurs.lecture import exiger_meme_vitale
    from sesam_desktop.securisation.signature import VITALE, SignataireCarte

    if carte is None or carte.assure.nir != patient.nir:
        raise ErreurConnue(
            "La carte Vitale insérée n'est pas celle du patient de la facture.",
            code="MAUVAISE_VITALE",
            action="Insérez la carte de ce patient, ou relisez celle-ci pour une nouvelle facture.",
        )
    if puce is None:
        raise ErreurConnue(
            "Une carte Vitale de première génération ne signe pas avec ce programme.",
            code="VITALE_SANS_SIGNATURE",
            action="Facturez sans la signature de la carte Vitale, ou demandez au patient une carte plus récente.",
        )
    exiger_meme_vitale(session, puce)
    return SignataireCarte(session, VITALE, lambda _: certificats.de(carte.numero_serie))


def exiger_meme_nature(vitale: CarteVitale | None, ps: CartePS | None, session: SessionPS) -> None:
    """A test card and a real one never sign the same invoice. Raises F026."""
    from sesam_desktop.cartes import nature
    from sesam_desktop.securisation.certificats import decrire

    if vitale is not None and ps is not None:
        nature.exiger_meme_nature(nature.de_vitale(vitale), nature.de_ps(ps, decrire(session.certificat()).emetteur))
