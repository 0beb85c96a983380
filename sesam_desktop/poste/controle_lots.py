"""The check module of the frontal, joined to the preparation of lots: the two rooms do not know each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.controle import Verdict


def controler(clair: bytes) -> Verdict:
    """What the frontal would say today of the clear file of a lot."""
    from datetime import date

    from sesam_desktop.frontal import controle_prealable
    from sesam_desktop.teletransmission.controle import AVERTISSEMENT, REFUSE, Remarque, Verdict

    lu = controle_prealable.controler(clair, date.today())  # noqa: DTZ011 - the workstation's own calendar day
    remarques = tuple(
        Remarque(REFUSE if r.bloquante else AVERTISSEMENT, r.code, r.phrase, r.facture) for r in lu.remarques
    )
    return Verdict(lu.etat.value, remarques)
