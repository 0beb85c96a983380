"""What can never leave electronically goes on paper: duplicates, a bordereau a fund, and the state, in one action.

CSS R161-47: when the electronic sheet definitely fails, its duplicate is sent on paper, in the same delays. The PDF are
written first, whole: the invoices are told as sent on paper only once they can be printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.fichiers import dossier_prive, traduire
from sesam_desktop.factures.cycle import LIBELLES, Etat, etat_de, suite
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.facture import FactureSecurisee
from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from . import depot_recyclage
from .depot import LotConnu
from .doutes import envoi_douteux


@dataclass(frozen=True, slots=True)
class EnvoiPapier:
    """What is to be printed and posted to one fund."""

    fonds: str
    libelle: str
    bordereau: Path
    duplicatas: tuple[Path, ...]
    factures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feuilles:
    """What goes on paper in one action. `lots`: numbers of those that go whole; `seules`: invoices in none of them."""

    factures: tuple[str, ...]
    lots: tuple[str, ...] = ()
    seules: tuple[str, ...] = ()


def feuilles_avec_leurs_lots(numeros: Sequence[str]) -> Feuilles:
    """These invoices, then those of the same lots that no server took: a lot goes on paper whole."""
    lots = depot_recyclage.lots_en_quarantaine(numeros)
    du_lot = dict.fromkeys(numero for lot in lots for numero in lot.documents)
    seules = tuple(numero for numero in dict.fromkeys(numeros) if numero not in du_lot)
    return Feuilles((*seules, *du_lot), tuple(lot.numero for lot in lots), seules)


class Papier:
    """Sends invoices on paper. `horloge` dates the bordereaux."""

    def __init__(
        self, base: Base, factures: Factures, horloge: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._base = base
        self._factures = factures
        self._horloge = horloge

    def envoyer(self, numeros: Sequence[str], dossier: Path, *, non_recues: bool = False) -> list[EnvoiPapier]:
        """Duplicates and bordereaux written in `dossier`, one bordereau a fund; the invoices become ``papier``.

        An invoice still in a lot goes only with the whole lot, whose mail a server must have refused for good: that
        mail is then given up. What has become of the invoices is looked at again once the PDF are written: a lot may
        have been made of them meanwhile. `non_recues`: the fund was asked and says that it has none of them.

        Raises FACTURE_INCONNUE, PAPIER_IMPOSSIBLE, PAPIER_A_CONFIRMER when the fund may have them and was not asked.
        """
        voulus = list(dict.fromkeys(numeros))
        if not voulus:
            raise EntreeInvalide("Aucune facture n'est désignée.", code="FACTURE_INCONNUE")
        documents = [self._factures.charger(numero) for numero in voulus]
        self._lots_a_abandonner(voulus, non_recues)
        _preparer(dossier)
        envois = [self._imprimer(fonds, list(du_fonds), dossier) for fonds, du_fonds in _par_fonds(documents)]
        with self._base.transaction():
            for lot in self._lots_a_abandonner(voulus, non_recues):
                depot_recyclage.abandonner(lot)
            for envoi in envois:
                for numero in envoi.factures:
                    self._factures.ajouter_evenement(numero, Etat.PAPIER, {"bordereau": envoi.bordereau.name})
            depot_recyclage.classer_pieces(voulus)
        return envois

    def _lots_a_abandonner(self, numeros: Sequence[str], non_recues: bool) -> list[LotConnu]:
        """Lots whose mail will never leave. Raises PAPIER_IMPOSSIBLE for an invoice that may still leave, or has.

        And PAPIER_A_CONFIRMER for one that may have left without anybody knowing.
        """
        lots = depot_recyclage.lots_en_quarantaine(numeros)
        retenues = {numero for lot in lots for numero in lot.documents}
        for numero in numeros:
            etat = etat_de(e.nom for e in self._factures.historique(numero))
            if suite(etat, Etat.PAPIER) is None or (etat is Etat.TRANSMISE and numero not in retenues):
                raise _deja_partie(numero, etat)
            if etat is Etat.EN_LOT and numero not in retenues:
                raise _encore_en_route(numero)
        for numero in sorted(retenues.difference(numeros)):
            raise ErreurConnue(
                f"La facture {numero} est dans le même lot : il part sur papier tout entier.",
                code="PAPIER_IMPOSSIBLE", action="Désignez toutes les factures du lot.",
            )
        if not non_recues and (douteux := [lot for lot in lots if envoi_douteux([lot])]):
            raise _peut_etre_recues(douteux)
        return lots

    def _imprimer(self, fonds: str, documents: list[FactureSecurisee], dossier: Path) -> EnvoiPapier:
        from sesam_desktop.editions import bordereau_papier, duplicata

        duplicatas = [
            duplicata.ecrire(fs, self._factures.historique(numero), dossier / f"duplicata-{numero}.pdf")
            for fs in documents
            for numero in (fs.facture.numero,)
        ]
        jour = jour_de(self._horloge())
        libelle, premier = documents[0].facture.destinataire.libelle, documents[0].facture.numero
        chemin = dossier / f"bordereau-papier-{fonds.replace(' ', '')}-{jour:%Y%m%d}-{premier}.pdf"
        bordereau_papier.ecrire(f"{fonds} {libelle}".strip(), jour, [fs.facture for fs in documents], chemin)
        numeros = tuple(fs.facture.numero for fs in documents)
        return EnvoiPapier(fonds, libelle, chemin, tuple(duplicatas), numeros)


def _par_fonds(documents: Iterable[FactureSecurisee]) -> Iterable[tuple[str, Iterable[FactureSecurisee]]]:
    """By fund, and by professional: a bordereau is signed by one."""

    def cle(fs: FactureSecurisee) -> tuple[str, str]:
        d, executant = fs.facture.destinataire, fs.facture.demande.executant
        return f"{d.regime} {d.organisme} {d.centre_informatique}", executant.numero_facturation

    for (fonds, _), du_fonds in groupby(sorted(documents, key=cle), key=cle):
        yield fonds, du_fonds


def _preparer(dossier: Path) -> None:
    """For its owner only: names and numbers of patients will stand there."""
    try:
        dossier_prive(dossier)
    except OSError as erreur:
        raise traduire(erreur, dossier) from erreur


def _deja_partie(numero: str, etat: Etat | None) -> ErreurConnue:
    return ErreurConnue(
        f"La facture {numero} ({LIBELLES[etat] if etat else 'sans historique'}) ne peut pas partir sur papier.",
        code="PAPIER_IMPOSSIBLE",
        action="Seule une facture qui n'est pas partie, ou que la caisse n'a pas acceptée, s'envoie ainsi.",
    )


def _encore_en_route(numero: str) -> ErreurConnue:
    return ErreurConnue(
        f"La facture {numero} est dans un lot qui peut encore partir.", code="PAPIER_IMPOSSIBLE",
        action="Envoyez le lot. S'il est refusé définitivement, ses factures pourront partir sur papier.",
    )


def _peut_etre_recues(lots: Sequence[LotConnu]) -> ErreurConnue:
    instant = datetime.fromisoformat(envoi_douteux(lots)).astimezone()
    return ErreurConnue(
        f"La caisse a peut-être déjà {_nommer(lots)} : un envoi s'est interrompu le {instant:%d/%m/%Y à %H:%M}"
        " sans qu'on sache s'il était arrivé.",
        code="PAPIER_A_CONFIRMER",
        action="Demandez-lui si elle l'a reçu. Sinon, recommencez en confirmant que rien n'a été reçu.",
    )


def _nommer(lots: Sequence[LotConnu]) -> str:
    factures = [numero for lot in lots for numero in lot.documents]
    if len(factures) == 1:
        return f"la facture {factures[0]}"
    return f"{'le lot' if len(lots) == 1 else 'les lots'} {', '.join(lot.numero for lot in lots)}"
