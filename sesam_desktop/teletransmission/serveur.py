"""What sending and fetching share: the checked TLS context, and the sentences for a server that cannot be used.

Servers are reached straight, at the names of the settings: no proxy and no mail exchanger of the system is asked.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from sesam_desktop.noyau.erreurs import ErreurConnue

from .parametres import ParametresCourrier

IDENTIFICATION_REFUSEE = "IDENTIFICATION_REFUSEE"
# What OpenSSL found wrong with the server's certificate (X509_V_ERR_*).
_DEFAUTS = {
    9: "il n'est pas encore valable", 10: "il a expiré", 18: "il n'est signé par aucune autorité",
    62: "il est au nom d'un autre serveur", 64: "il est au nom d'un autre serveur",
}
# Ends of OpenSSL's reasons, for a session that was not opened.
_EN_CLAIR = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")
_ANCIEN = ("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "VERSION_TOO_LOW", "NO_PROTOCOLS_AVAILABLE")
_CLIENT = (
    "CERTIFICATE_REQUIRED", "ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE_EXPIRED",
    "ALERT_CERTIFICATE_UNKNOWN", "ALERT_CERTIFICATE_REVOKED", "ALERT_ACCESS_DENIED", "ALERT_UNSUPPORTED_CERTIFICATE",
)


def contexte_tls(parametres: ParametresCourrier) -> ssl.SSLContext:
    """TLS 1.2 at least; certificates and host names are checked against `parametres.ca`, or the system's authorities.

    Shows the workstation's certificate when the settings give one. Raises AUTORITE_TLS_ILLISIBLE,
    CERTIFICAT_CLIENT_ILLISIBLE.
    """
    try:
        contexte = ssl.create_default_context(cafile=str(parametres.ca) if parametres.ca else None)
    except (OSError, ssl.SSLError):
        raise ErreurConnue(
            "Le fichier des autorités de la messagerie est absent ou illisible.",
            code="AUTORITE_TLS_ILLISIBLE",
            ou=str(parametres.ca),
            action="Vérifiez-le dans Paramètres, rubrique Messagerie.",
        ) from None
    contexte.minimum_version = ssl.TLSVersion.TLSv1_2
    if parametres.certificat_client:
        _montrer_certificat(contexte, parametres)
    return contexte


def _montrer_certificat(contexte: ssl.SSLContext, parametres: ParametresCourrier) -> None:
    try:
        # The empty password: OpenSSL would otherwise ask for one on the terminal, where nobody is.
        contexte.load_cert_chain(str(parametres.certificat_client), parametres.cle_client, password="")
    except (OSError, ssl.SSLError):
        raise ErreurConnue(
            "Le certificat de ce poste pour la messagerie, ou sa clé, est absent ou illisible.",
            code="CERTIFICAT_CLIENT_ILLISIBLE",
            ou=str(parametres.certificat_client),
            action="Choisissez un certificat et une clé au format PEM, sans mot de passe, dans Paramètres, "
            "rubrique Messagerie.",
        ) from None


def panne(erreur: BaseException, hote: str, port: int) -> ErreurConnue:
    """The sentence for a session that could not be opened or broke, from the error of the library."""
    tls = next((e for e in _causes(erreur) if isinstance(e, ssl.SSLError)), None)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return _certificat_refuse(hote, _DEFAUTS.get(tls.verify_code, "son autorité n'est pas reconnue"))
    raison = str(tls.reason or "") if tls is not None else ""
    if raison.endswith(_EN_CLAIR):
        return tls_absent(hote)
    if raison.endswith(_ANCIEN):
        return _trop_ancien(hote)
    if raison.endswith((*_CLIENT, "HANDSHAKE_FAILURE")):
        return _certificat_client(hote)
    return injoignable(hote, port)


def _causes(erreur: BaseException | None) -> Iterator[BaseException]:
    """Libraries hide the error of TLS behind their own."""
    while erreur is not None:
        yield erreur
        erreur = erreur.__cause__ or erreur.__context__


def _certificat_refuse(hote: str, defaut: str) -> ErreurConnue:
    """The server is not the one it claims to be, or its certificate has expired."""
    return ErreurConnue(
        f"Le certificat du serveur de messagerie {hote} n'est pas reconnu ({defaut}) : rien n'a été échangé.",
        code="CERTIFICAT_SERVEUR",
        action="Vérifiez le nom du serveur et l'autorité déclarée dans Paramètres, rubrique Messagerie.",
    )


def tls_absent(hote: str) -> ErreurConnue:
    """It speaks in clear where it should not."""
    return ErreurConnue(
        f"Le serveur de messagerie {hote} n'offre pas la connexion protégée demandée : rien n'a été échangé.",
        code="TLS_ABSENT",
        action="Utilisez le serveur, le port et la protection (STARTTLS ou TLS) donnés par votre fournisseur.",
    )


def _trop_ancien(hote: str) -> ErreurConnue:
    return ErreurConnue(
        f"Le serveur de messagerie {hote} n'accepte que des protections trop anciennes : rien n'a été échangé.",
        code="TLS_TROP_ANCIEN",
        action="Demandez à votre fournisseur un serveur qui accepte TLS 1.2 ou une version plus récente.",
    )


def _certificat_client(hote: str) -> ErreurConnue:
    return ErreurConnue(
        f"Le serveur de messagerie {hote} refuse ce poste : il demande un certificat, ou n'accepte pas le sien.",
        code="CERTIFICAT_CLIENT_REFUSE",
        action="Choisissez le certificat donné par votre fournisseur dans Paramètres, rubrique Messagerie.",
    )


def injoignable(hote: str, port: int, mots: str = "") -> ErreurConnue:
    """Nobody answers, or not as a mail server does; `mots`: what it said before it closed."""
    refus = f"refuse la connexion pour le moment ({mots})" if mots else "ne répond pas"
    return ErreurConnue(
        f"Le serveur de messagerie {hote} (port {port}) {refus}.",
        code="SERVEUR_INJOIGNABLE",
        action="Vérifiez la connexion à Internet, puis recommencez : rien n'est perdu.",
    )


def identification_refusee(hote: str) -> ErreurConnue:
    """Wrong user or password. Nothing is tried again by itself: an account may be locked that way."""
    return ErreurConnue(
        f"Le serveur de messagerie {hote} refuse l'identifiant ou le mot de passe.",
        code=IDENTIFICATION_REFUSEE,
        action="Corrigez-les dans Paramètres, rubrique Messagerie : les messages restent prêts à partir.",
    )


def envoi_suspendu(refus: ErreurConnue) -> ErreurConnue:
    """The same, when nobody was there to be told: a hold was put, so that the account is not locked."""
    return ErreurConnue(
        f"{refus.message.rstrip('.')} : l'envoi automatique par cette boîte est suspendu.",
        code=refus.code,
        action="Corrigez-les dans Paramètres, rubrique Messagerie, puis reprenez la boîte dans la corbeille de départ.",
    )


def identification_impossible(hote: str) -> ErreurConnue:
    """It asks for the password in a way this program does not know."""
    return ErreurConnue(
        f"Le serveur de messagerie {hote} ne propose aucune identification que ce poste connaisse.",
        code="IDENTIFICATION_IMPOSSIBLE",
        action="Demandez à votre fournisseur un serveur qui accepte PLAIN, LOGIN ou CRAM-MD5 après TLS.",
    )


def reponse_sans_fin(hote: str) -> ErreurConnue:
    """It says more than a mailbox can hold: it is not the one it claims to be, or nobody empties it."""
    return ErreurConnue(
        f"Le serveur de messagerie {hote} envoie une réponse démesurée : elle n'a pas été lue jusqu'au bout.",
        code="REPONSE_SANS_FIN",
        action="Vérifiez le nom du serveur ; s'il est bon, videz la boîte de ce qui n'est pas un retour.",
    )


def boite_occupee(hote: str) -> ErreurConnue:
    """Another session holds the mailbox, or the server cannot open it now."""
    return ErreurConnue(
        f"La boîte aux lettres est déjà ouverte ou momentanément indisponible sur {hote}.",
        code="BOITE_OCCUPEE",
        action="Recommencez dans une minute : rien n'est perdu.",
    )
