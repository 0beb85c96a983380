"""What is decided of a visit, a document or a loan: asked with its consequence, and the verb on the button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ..modeles.bilans import compter
from ..modeles.terminaux import LigneAttente
from .confirmation import confirmer


def confirmer_classement(parent: QWidget, ligne: LigneAttente, suite: Callable[[str], Any]) -> None:
    """`suite` receives the reason, long enough for the service."""
    from sesam_desktop.poste.terminaux_reprise import MOTIF_MINIMAL

    confirmer(
        parent, "Classer le document",
        f"{_nom(ligne)} quittera la liste et ne sera jamais signée. Son contenu reste gardé ; sa facture, s'il y en a"
        " une, redevient un brouillon.",
        "&Classer", suite, champ="&Motif, gardé avec le document", minimum=MOTIF_MINIMAL,
    )


def confirmer_doublon(parent: QWidget, ligne: LigneAttente, suite: Callable[[], Any]) -> None:
    """Another visit than the one billed here, somebody says so."""
    if ligne.numero:
        effet = "Elle sera signée et facturée en plus de celle-là."
    else:   # nothing but a number names one document to the service
        effet = "Toutes les visites notées qui attendent deviendront des brouillons, à compléter dans Facturer."
    confirmer(
        parent, "Signer quand même",
        f"{_nom(ligne)} : {ligne.quoi}\n\nConfirmez que c'est une autre visite. {effet}",
        "&Signer quand même", lambda _: suite(),
    )


def confirmer_reprise(parent: QWidget, pretees: Sequence[LigneAttente], suite: Callable[[], Any]) -> None:
    """The terminal is lost, broken, stolen, or will not be used."""
    nombre = compter(len(pretees), "facture redeviendra un brouillon", "factures redeviendront des brouillons")
    numeros = ", ".join(ligne.numero for ligne in pretees)
    confirmer(
        parent, "Reprendre les factures prêtées",
        f"{nombre} : {numeros}. Une signature que le terminal rapporterait plus tard sera refusée : reprenez seulement"
        " ce qu'il ne rapportera pas.",
        "&Reprendre", lambda _: suite(),
    )


def _nom(ligne: LigneAttente) -> str:
    patient = f" de {ligne.patient}" if ligne.patient else ""
    return f"La visite{patient} (n° {ligne.numero})" if ligne.numero else f"La visite{patient}"
