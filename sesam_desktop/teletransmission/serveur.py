"""What sending and fetching share: the checked TLS context, and the sentences for a server that cannot be used."""

from __future__ import annotations

import ssl

from sesam_desktop.noyau.erreurs import ErreurConnue

from .parametres import ParametresCourrier


def contexte_tls(parametres: ParametresCourrier) -> ssl.SSLContext:
    """Certificates and host names are checked against `parametres.ca`, or the system's authorities."""
    try:
        return ssl.create_default_context(cafile=str(parametres.ca) if parametres.ca else None)
    except (OSError, ssl.SSLError):
        raise ErreurConnue(
            "Le fichier des autorités de la messagerie est absent ou illisible.",
            code="AUTORITE_TLS_ILLISIBLE",
            ou=str(parametres.ca),
            action="Vérifiez-le dans Paramètres, rubrique Messagerie.",
        ) from None


def certificat_refuse(hote: str) -> ErreurConnue:
    """The server is not the one it claims to be, or its certificate has expired."""
    return ErreurConnue(
        f"Le certificat du serveur de messagerie {hote} n'est pas reconnu : rien n'a été échangé.",
        code="CERTIFICAT_SERVEUR",
        action="Vérifiez le nom du serveur et l'autorité déclarée dans Paramètres, rubrique Messagerie.",
    )


def injoignable(hote: str, port: int) -> ErreurConnue:
    """Nobody answers, or not as a mail server does."""
    return ErreurConnue(
        f"Le serveur de messagerie {hote} (port {port}) ne répond pas.",
        code="SERVEUR_INJOIGNABLE",
        action="Vérifiez la connexion à Internet, puis recommencez : rien n'est perdu.",
    )


def identification_refusee(hote: str) -> ErreurConnue:
    """Wrong user or password. Nothing is tried again by itself: an account may be locked that way."""
    return ErreurConnue(
        f"Le serveur de messagerie {hote} refuse l'identifiant ou le mot de passe.",
        code="IDENTIFICATION_REFUSEE",
        action="Corrigez-les dans Paramètres, rubrique Messagerie : les messages restent prêts à partir.",
    )
