"""Remarks on the invoice composed, the blocking ones first, in one notice."""

from __future__ import annotations

from sesam_desktop.factures.facture import Alerte

from ..composants.bandeau import Bandeau


def dire_alertes(bandeau: Bandeau, alertes: tuple[Alerte, ...]) -> None:
    """Say each remark once; hide the notice when there is none."""
    uniques = list(dict.fromkeys(alertes))
    if not uniques:
        bandeau.taire()
        return
    bloquante = any(a.gravite == "bloquante" for a in uniques)
    phrases = "\n".join(a.message for a in sorted(uniques, key=lambda a: a.gravite != "bloquante"))
    bandeau.dire(phrases, "erreur" if bloquante else "avertissement")
