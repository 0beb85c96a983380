"""Can a mailbox be used: connection, protection, certificate, password. No message is sent nor taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .configuration import Configuration
    from .poste import Poste


def essayer(poste: Poste, boite: str, configuration: Configuration | None = None, secret: str = "") -> str:
    """Reach both servers of mailbox `boite`, then say how. Raises the ErreurConnue of the first that fails.

    `configuration`, `secret`: settings not kept yet.
    """
    from sesam_desktop.teletransmission.retrait import ouvrir as ouvrir_retrait
    from sesam_desktop.teletransmission.smtp import SessionSmtp

    parametres = poste.environnement.parametres_courriers(configuration or poste.configuration)[boite]
    if secret:
        parametres = replace(parametres, mot_de_passe=lambda: secret)
    parametres.exiger_envoi()
    parametres.exiger_retrait()
    with SessionSmtp(parametres) as session:
        session.verifier()
    with ouvrir_retrait(parametres):
        pass
    emprunt = "" if parametres.nom == boite else " (ceux de la boîte des caisses)"
    return (
        f"Envoi par {parametres.smtp_hote}, relève par {parametres.pop_hote}{emprunt} : connexion protégée,"
        " certificat et mot de passe acceptés."
    )
