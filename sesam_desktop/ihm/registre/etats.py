"""What the page Factures lists: invoices by state, and two lists that are not of invoices."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from sesam_desktop.factures.cycle import MOTS, Etat

from ..pages.page import A_REPRENDRE_DEMANDE, A_TORT_DEMANDE

A_TORT, AUX_COMPLEMENTAIRES = A_TORT_DEMANDE[0], "demandes"
_A_REPRENDRE = A_REPRENDRE_DEMANDE[0]
_CHOIX = (
    ("Tous les états", ""), ("Rejetées ou refusées", _A_REPRENDRE), ("Rejets à tort", A_TORT),
    ("Demandes aux complémentaires", AUX_COMPLEMENTAIRES),
)
_REFUSES = (Etat.REJETEE, Etat.ANOMALIE, Etat.REFUSEE)
_MOTS = ("à faire", "en cours", "à corriger", "bloqué", "fait")


class ChoixEtat(QComboBox):
    """The states by their five words, after the lists that people ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("État des factures")
        for titre, cle in (*_CHOIX, *((mot.capitalize(), mot) for mot in _MOTS)):
            self.addItem(titre, cle)

    def etats(self) -> tuple[str, ...]:
        """Of the invoices kept; none for all of them."""
        choix = self.currentData()
        return tuple(str(e) for e, mot in MOTS.items() if mot == choix or (choix == _A_REPRENDRE and e in _REFUSES))

    def montrer(self, demande: object) -> bool:
        """Take what another page asks for; False, and every state, when `demande` is no such list."""
        cle = {A_REPRENDRE_DEMANDE: _A_REPRENDRE, A_TORT_DEMANDE: A_TORT}.get(demande, "")  # type: ignore[call-overload]
        self.setCurrentIndex(self.findData(cle))
        return bool(cle)
