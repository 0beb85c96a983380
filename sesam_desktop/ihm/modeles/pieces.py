"""Columns of the prescriptions to scan and of the pieces kept."""

from __future__ import annotations

from sesam_desktop.noyau import dates, montants

from .table import Colonne

_ETATS = {"prete": "à faire", "emise": "en cours", "acquittee": "fait", "rejetee": "à corriger",
           "classee": "fait"}
_LIBELLES = {"prete": "À envoyer", "emise": "Envoyée", "acquittee": "Reçue par la caisse",
             "rejetee": "Refusée par la caisse", "classee": "Classée"}
GENRES = (("ORD", "Ordonnance"), ("FSP", "Feuille de soins papier"), ("CERFA", "Formulaire Cerfa"))


def colonnes_a_numeriser() -> list[Colonne]:
    """Of `factures.depot.Resume`."""
    return [
        Colonne("numero", "Facture", lambda r: r.numero, "code", 10),
        Colonne("patient", "Patient", lambda r: r.patient, largeur=26),
        Colonne("date", "Soins du", lambda r: dates.formater(r.date_soins), "date", 10,
                tri=lambda r: r.date_soins.toordinal()),
        Colonne("total", "Total €", lambda r: montants.formater(r.total_centimes), "montant", 9,
                tri=lambda r: r.total_centimes),
    ]


def colonnes_pieces() -> list[Colonne]:
    """Of `pieces.depot.PieceConnue`."""
    return [
        Colonne("mot", "État", lambda p: _ETATS.get(p.etat, "en cours"), "etat", 11),
        Colonne("libelle", "Où elle en est", lambda p: _LIBELLES.get(p.etat, p.etat), largeur=18, accessoire=True),
        Colonne("genre", "Genre", lambda p: dict(GENRES).get(p.genre, p.genre), largeur=14, accessoire=True),
        Colonne("factures", "Factures", lambda p: ", ".join(p.factures), "code", 20),
        Colonne("pages", "Pages", lambda p: str(p.pages), "nombre", 5, tri=lambda p: p.pages, accessoire=True),
        Colonne("dpi", "Finesse (ppp)", lambda p: str(p.dpi), "nombre", 8, tri=lambda p: p.dpi, accessoire=True),
        Colonne("cree", "Ajoutée le", lambda p: p.cree_le.astimezone().strftime("%d/%m/%Y %H:%M"), "date", 16,
                tri=lambda p: p.cree_le.timestamp(), accessoire=True),
    ]
