"""The mail account: is it set, are its ports plausible, who listens there on this computer; do its servers answer?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.diagnostic_constats import Constat, Niveau, constat, depuis
from sesam_desktop.poste.environnement import MOT_DE_PASSE_COURRIER
from sesam_desktop.poste.sondes_bornees import a_part

from .examen import Controle, Examen, seuils
from .tiers import CONNECTEUR, LECTEUR, motifs

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.parametres import ParametresCourrier

_PORTS_ENVOI, _PORTS_RETRAIT = (25, 465, 587, 2525), {"pop3": (110, 995), "imap": (143, 993)}
_CE_POSTE = ("localhost", "127.0.0.1", "::1")


def messagerie(examen: Examen) -> Iterator[Constat]:
    """Is the mail account set, and its password kept?"""
    courrier = examen.poste.configuration.courrier
    if not all((courrier.adresse, courrier.utilisateur, courrier.smtp_hote, courrier.pop_hote)):
        yield constat("COURRIER_NON_CONFIGURE")
        return
    try:
        coffre = examen.poste.environnement.coffre
        a_part("trousseau", lambda: coffre.lire(MOT_DE_PASSE_COURRIER), seuils()["sonde_s"])  # locked, it may wait
    except ErreurConnue as erreur:
        yield depuis(erreur, Niveau.WARN)
    else:
        yield constat("COURRIER", objet=courrier.adresse)


def ports(examen: Examen) -> Iterator[Constat]:
    """A port of another usage, or of this computer where somebody else, or nobody, listens."""
    configuration = examen.poste.configuration
    if configuration.demonstration:
        return  # its ports are taken free at each start
    courrier = configuration.courrier
    for usage, hote, port, habituels in (
        ("d'envoi", courrier.smtp_hote, courrier.smtp_port, _PORTS_ENVOI),
        ("de retrait", courrier.pop_hote, courrier.pop_port, _PORTS_RETRAIT[courrier.retrait]),
    ):
        if hote in _CE_POSTE:
            yield from _port_local(examen, port)
        elif hote and port not in habituels:
            yield constat("COURRIER_PORT_INHABITUEL", objet=str(port), usage=usage)


def serveurs(examen: Examen) -> Iterator[Constat]:
    """Can mail leave and be fetched: connection, certificate, password; no message is sent nor taken."""
    comptes = examen.poste.environnement.parametres_courriers(examen.poste.configuration)
    for compte in {compte.nom: compte for compte in comptes.values()}.values():
        try:
            compte.exiger_envoi()
            compte.exiger_retrait()
        except ErreurConnue:
            continue  # already said by the passive checks
        yield from _compte(replace(compte, delai_s=float(seuils()["delai_serveur_s"])))


def _compte(compte: ParametresCourrier) -> Iterator[Constat]:
    from sesam_desktop.teletransmission.retrait import ouvrir
    from sesam_desktop.teletransmission.smtp import SessionSmtp

    for code, session in (("SMTP", SessionSmtp(compte)), ("POP", ouvrir(compte))):
        try:
            with session as ouverte:
                if isinstance(ouverte, SessionSmtp):
                    ouverte.verifier()
        except ErreurConnue as erreur:
            yield depuis(erreur)
        else:
            yield constat(code)


def _port_local(examen: Examen, port: int) -> Iterator[Constat]:
    ecoutes = [ecoute for ecoute in examen.systeme.ecoutes() if ecoute.port == port]
    if not ecoutes:
        yield constat("PORT_LOCAL_MUET", objet=str(port))
        return
    connus = {motif.processus: motif.produit for motif in motifs() if motif.genre in (LECTEUR, CONNECTEUR)}
    for ecoute in ecoutes:
        if ecoute.programme in connus:
            programme = connus[ecoute.programme]
            yield constat("PORT_OCCUPE", objet=str(port), programme=programme, attendu="le relais de messagerie")


PASSIFS: tuple[Controle, ...] = (messagerie, ports)
ACTIFS: tuple[Controle, ...] = (serveurs,)
