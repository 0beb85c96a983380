"""What the commands of the portable terminals say of visits, refusals and loans."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau.dates import formater as formater_date
from sesam_desktop.noyau.montants import formater

from .nombres import compter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sesam_desktop.poste.terminaux_bilans import ASigner, BilanDechargement, Prete, RefusTla

REFERENCE = 8
_ECART_DIT_S = 60


def en_numeros(tapes: Sequence[str]) -> list[str]:
    """Invoice numbers as they are kept, from what was typed: leading zeros may be left out."""
    return [tape.zfill(9) for tape in tapes]


def attente_en_dict(attente: ASigner) -> dict[str, Any]:
    return {
        **asdict(attente), "date_soins": attente.date_soins.isoformat(), "visite_le": attente.visite_le.isoformat(),
    }


def ligne_attente(a: ASigner) -> str:
    """One visit that waits: what it is, when the card signed if that was another day, what must be looked at."""
    quoi = f"facture {a.numero}, {formater(a.total_centimes)} €" if a.numero else "visite notée, à compléter"
    vue = a.visite_le.astimezone()
    suites = [f"carte lue le {vue:%d/%m/%Y à %H:%M}"] if vue.date() != a.date_soins else []
    suites += [f"ATTENTION : {a.remarque}"] if a.remarque else []
    return " ; ".join((f"{formater_date(a.date_soins)}  {a.patient} : {quoi}", *suites)) + _reference(a.empreinte)


def lignes_refus(refuses: Sequence[RefusTla]) -> list[str]:
    return [f"{refus.quoi} : {refus.motif}{_reference(refus.empreinte)}" for refus in refuses]


def bilan_dechargement(bilan: BilanDechargement) -> str:
    """What came back; a clock that was off, and what will not be signed as it is, are said."""
    lignes = [f"{compter(bilan.recus, 'document déchargé')}, {len(bilan.a_signer)} à signer ou à compléter."]
    if abs(bilan.ecart_s) > _ECART_DIT_S:
        lignes.append(f"L'horloge du terminal avait {abs(bilan.ecart_s)} s d'écart : les heures ont été redressées.")
    lignes += [ligne_attente(a) for a in bilan.a_signer if a.remarque]
    return "\n".join((*lignes, *lignes_refus(bilan.refuses)))


def ligne_pret(pret: Prete) -> str:
    return (
        f"{pret.numero}  {formater_date(pret.date_soins)}  {pret.patient}, {formater(pret.total_centimes)} € :"
        f" terminal {pret.terminal}, prêtée le {pret.pretee_le.astimezone():%d/%m/%Y à %H:%M}"
    )


def _reference(empreinte: str) -> str:
    return f"  (référence {empreinte[:REFERENCE]})" if empreinte else ""
