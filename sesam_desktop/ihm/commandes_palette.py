"""What Ctrl+K reaches: pages, the actions of the page shown, settings; then patients and invoices as one types."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QAction, QKeySequence

from sesam_desktop.factures.depot import Filtre

from .composants.navigation import touche_de
from .fenetre import PAGES, Fenetre
from .pages.page import A_REPRENDRE_DEMANDE, A_TORT_DEMANDE
from .palette import Commande, Palette

_LIMITE = 8
# Views inside a page: words, page, what it is asked to show.
VUES: tuple[tuple[str, str, object], ...] = (
    ("Factures rejetées ou refusées", "factures", A_REPRENDRE_DEMANDE), ("Rejets à tort", "factures", A_TORT_DEMANDE),
    ("Corbeille de départ : messages, essais, suspension", "teletransmission", "corbeille"),
    ("Retours et lots à traiter", "teletransmission", "a_traiter"),
    ("Ce que les caisses et les complémentaires doivent", "paiements", "dus"),
    ("Virements et relevé de la banque", "paiements", "virements"),
    ("Retenues, indus et forfaits", "paiements", "mouvements"), ("Relances", "paiements", "relances"),
)


def ouvrir_palette(fenetre: Fenetre) -> None:
    """Show the palette over `fenetre`."""
    palette = Palette(fenetre.atelier, fixes(fenetre), lambda texte: chercher(fenetre, texte), fenetre)
    palette.finished.connect(palette.deleteLater)
    palette.open()


def fixes(fenetre: Fenetre) -> list[Commande]:
    """Actions of this page, pages, their views, settings, actions of the frame."""
    from .pages.parametres import RUBRIQUES

    actions = [_action(a, fenetre.page.cle) for a in fenetre.page.actions() if a.isEnabled()]
    pages = [
        Commande("Page", titre, partial(fenetre.aller, cle), cle, touche_de(rang))
        for rang, (cle, (titre, _)) in enumerate(PAGES.items())
    ]
    vues = [
        Commande("Vue", titre, partial(fenetre.aller, page, argument), page) for titre, page, argument in VUES
    ]
    reglages = [
        Commande("Réglage", titre, partial(fenetre.aller, "parametres", cle), "parametres")
        for cle, titre in RUBRIQUES.items()
    ]
    return actions + pages + vues + reglages + [_action(a, "suivant") for a in fenetre.actions() if a.isEnabled()]


def chercher(fenetre: Fenetre, texte: str) -> list[Commande]:
    """Patients and invoices that hold `texte`. Runs on a worker."""
    poste = fenetre.atelier.poste
    patients = [
        Commande("Patient", f"{p.nom} {p.prenom.title()}", partial(fenetre.aller, "factures", p.nom), "patient")
        for p in poste.facturation.patients(texte)[:_LIMITE]
    ]
    factures = [
        Commande(
            "Facture", f"{r.numero}  {r.patient}  {r.libelle}", partial(fenetre.aller, "factures", r.numero),
            "facturer",
        )
        for r in poste.registre.lister(Filtre(texte=texte, limite=_LIMITE))
    ]
    return patients + factures


def _action(action: QAction, icone: str) -> Commande:
    touche = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Commande("Action", action.text().replace("&", ""), action.trigger, action.data() or icone, touche)
