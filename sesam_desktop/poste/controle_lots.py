"""The check module of the frontal, joined to the preparation of lots: the two rooms do not know each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sesam_desktop.teletransmission.controle import Presente, Verdict


def controler(presente: Presente) -> Verdict:
    """What the frontal would say of this lot today. Who certified the cards is the fund's to say, and not judged."""
    from datetime import date

    from sesam_desktop.frontal import controle_prealable
    from sesam_desktop.teletransmission.controle import AVERTISSEMENT, REFUSE, Remarque, Verdict

    jour = date.today()  # noqa: DTZ011 - the workstation's own calendar day
    lu = controle_prealable.controler(
        presente.clair, jour, presente.securite, presente.adressage, a_signer=presente.a_signer
    )
    remarques = tuple(
        Remarque(REFUSE if r.bloquante else AVERTISSEMENT, r.code, r.phrase, r.facture) for r in lu.remarques
    )
    return Verdict(lu.etat.value, remarques)
