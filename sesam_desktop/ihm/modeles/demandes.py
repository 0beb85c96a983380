"""What was asked apart from an insurer (DRE), as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.noyau import dates

from .table import Colonne, argent

if TYPE_CHECKING:
    from sesam_desktop.factures.depot_dre import ResumeDre
    from sesam_desktop.poste.poste import Poste

NATURES = {"I": "Initiale", "A": "Annulation", "R": "Rectificative"}
_FINIES = (Etat.ANNULEE, Etat.RECYCLEE)
_EN_PANNE = (Etat.SIGNEE_PS, Etat.REFUSEE, Etat.REJETEE)


def annulable(demande: ResumeDre) -> bool:
    """Not what was given up or made again, nor a cancellation on its way; the service says what else keeps it."""
    return demande.etat not in _FINIES and (demande.nature != "A" or demande.etat in _EN_PANNE)


def rectifiable(demande: ResumeDre) -> bool:
    """A cancellation asks nothing that could be asked otherwise."""
    return demande.nature != "A" and annulable(demande)


def annulee(numero: str, annulation: str | None) -> str:
    """`annulation`: the number of the one signed, None when it was enough to give the demand up."""
    if annulation is None:
        return f"Demande {numero} abandonnée : la complémentaire ne l'avait pas reçue."
    return f"Annulation {annulation} de la demande {numero} signée : elle partira avec le prochain lot."


def rectifiee(numero: str, faites: tuple[str, ...]) -> str:
    """`faites`: what takes its place, one correction, or a cancellation and an initial one."""
    suite = f"la demande {faites[0]}" if len(faites) == 1 else f"les demandes {' et '.join(faites)}"
    return f"Demande {numero} rectifiée par {suite}, à envoyer avec le prochain lot."


def chercher(poste: Poste, texte: str, limite: int) -> list[ResumeDre]:
    """Those whose number, patient or NIR holds `texte`, or that are about the invoice of this number. On a worker."""
    from sesam_desktop.factures.depot_dre import FiltreDre

    trouvees = poste.demandes.lister(FiltreDre(texte=texte, limite=limite))
    return trouvees or (poste.demandes.lister(FiltreDre(fse=texte, limite=limite)) if texte.isdigit() else [])


def colonnes_toutes() -> list[Colonne]:
    """Of `ResumeDre` too, whoever the patient is."""
    return [
        *colonnes_demandes()[:3],
        Colonne("patient", "Patient", lambda d: d.patient, largeur=26),
        Colonne("date", "Soins du", lambda d: dates.formater(d.date_soins), "date", 10,
                tri=lambda d: d.date_soins.toordinal()),
        *colonnes_demandes()[3:],
        Colonne("facture", "Facture", lambda d: d.fse, "code", 10),
    ]


def colonnes_demandes() -> list[Colonne]:
    """Of `ResumeDre`."""
    return [
        Colonne("numero", "Demande", lambda d: d.numero, "code", 10),
        Colonne("mot", "État", lambda d: d.mot, "etat", 11),
        Colonne("libelle", "Où elle en est", lambda d: d.libelle, largeur=30),
        Colonne("nature", "Nature", lambda d: NATURES[d.nature], largeur=14),
        Colonne("amc", "Complémentaire", lambda d: d.amc, "code", 12),
        Colonne("remplace", "Remplace", lambda d: d.remplace, "code", 10, accessoire=True),
        argent("montant", "Demandé €", lambda d: d.attendu_centimes),
    ]
