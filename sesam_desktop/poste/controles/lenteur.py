"""Why readings may be slow, the likeliest local cause first. Said only when they are: each is innocent by itself."""

from __future__ import annotations

from collections.abc import Iterator

from sesam_desktop.poste.diagnostic_constats import Constat, constat

from .examen import Examen
from .pile import cryptolibs
from .sesam import attente_s
from .tiers import ANTIVIRUS, produits

_ATTENTE_NORMALE_S = 5  # 500 ms, ten times: what the FSV are shipped with


def causes(examen: Examen) -> Iterator[Constat]:
    """Each possible cause seen on this computer."""
    certprop = examen.systeme.service("certprop")
    if certprop is not None and certprop.automatique:
        yield constat("CERTPROP_AUTOMATIQUE")
    attente = attente_s(examen)
    if attente > _ATTENTE_NORMALE_S:
        yield constat("SESAM_ATTENTES", attente=f"{attente:g}".replace(".", ","))
    yield from cryptolibs(examen)
    reseau = examen.systeme.reglage("vpn")
    if reseau:
        yield constat("VPN_ACTIF", objet=reseau)
    antivirus = produits(examen.programmes, ANTIVIRUS)
    if antivirus:
        yield constat("ANTIVIRUS_TIERS", objet=", ".join(antivirus))
