"""What may leave now: signed invoices and pieces, grouped into lots to be made; the others with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sesam_desktop.factures.cycle import A_METTRE_EN_LOT, Etat, naissance
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.dre import DocumentSecurise
from sesam_desktop.factures.facture import FactureSecurisee
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from . import pieces_scor
from .depot import DRE, FSE, SCOR, Lots
from .fichier_lot import LotDeFactures
from .groupement import CleLot, cle_de, grouper, place_par_lot
from .parametres import ParametresLots
from .selection_dre import SelectionDre

if TYPE_CHECKING:
    from sesam_desktop.flux.b2 import Enregistrement
    from sesam_desktop.securisation.certificats import Magasin

    Examine = tuple[CleLot, DocumentSecurise, list[Enregistrement]]  # its lot's key, itself, its records


@dataclass(frozen=True, slots=True)
class Refus:
    """An invoice left out, and why."""

    facture: str
    code: str
    message: str


class Selection:
    """Reads only; nothing is written."""

    def __init__(
        self, factures: Factures, lots: Lots, magasin: Magasin, parametres: ParametresLots, demandes: SelectionDre
    ) -> None:
        self._factures = factures
        self._lots = lots
        self._magasin = magasin
        self._parametres = parametres
        self._demandes = demandes

    def factures(self, refusees: Iterable[str], *, seules: bool = False) -> tuple[list[LotDeFactures], list[Refus]]:
        """Lots of everything signed (unless `seules`) and of `refusees` (of refused lots), and what is left out."""
        pretes = [] if seules else self._lots.a_mettre_en_lot(A_METTRE_EN_LOT)
        return self._grouper([*pretes, *self._exiger_refusees(refusees, FSE)], self._examiner)

    def demandes(self, refusees: Iterable[str], *, seules: bool = False) -> tuple[list[LotDeFactures], list[Refus]]:
        """The same of DRE; those that wait for what they follow are not left out, they wait."""
        pretes = [] if seules else self._lots.a_mettre_en_lot(A_METTRE_EN_LOT, DRE)
        numeros = [numero for numero in pretes if not self._demandes.attend(numero)]
        return self._grouper([*numeros, *self._exiger_refusees(refusees, DRE)], self._examiner_dre)

    def _grouper(
        self, numeros: Iterable[str], examiner: Callable[[str], Examine]
    ) -> tuple[list[LotDeFactures], list[Refus]]:
        contenu: list[tuple[CleLot, DocumentSecurise, int]] = []
        enregistrements: dict[str, list[Enregistrement]] = {}
        refus: list[Refus] = []
        for numero in numeros:
            try:
                cle, document, lus = examiner(numero)
                self._exiger_place(lus)
            except ErreurConnue as erreur:
                refus.append(Refus(numero, erreur.code, erreur.phrase()))
                continue
            enregistrements[numero] = lus
            contenu.append((cle, document, len(lus)))
        groupes = grouper(contenu, self._parametres)
        return [
            LotDeFactures(g, tuple(enregistrements[f.facture.numero] for f in g.factures)) for g in groupes
        ], refus

    def pieces(self) -> list[pieces_scor.LotDePieces]:
        """Lots of pieces whose invoices have left. A piece follows its first invoice."""
        pretes = self._lots.pieces_pretes()
        a_ranger = ((self._cle_de_piece(piece.lots[0][0]), piece) for piece in pretes)
        return pieces_scor.grouper(a_ranger, self._parametres.tailles.get(SCOR, 0))

    def _cle_de_piece(self, numero_facture: str) -> CleLot:
        """Pieces are not cut by level, signer nor version of the invoices' norm."""
        from sesam_desktop.factures.enregistrements import de_facture

        fs = self._factures.charger(numero_facture)
        cle = cle_de(fs, _emetteur(de_facture(fs.facture)), SCOR, "")
        return replace(cle, niveau="", exercice=(), signataire="", boite=SCOR)

    def _exiger_refusees(self, numeros: Iterable[str], genre: str) -> list[str]:
        """Those of this genre. Raises FACTURE_NON_REFUSEE for one that is in no refused lot, of any genre."""
        demandees = set(numeros)
        refusees = {nom: self._lots.a_mettre_en_lot([Etat.REFUSEE], nom) if demandees else [] for nom in (FSE, DRE)}
        for numero in sorted(demandees.difference(*refusees.values())):
            raise EntreeInvalide(f"La facture {numero} n'est pas dans un lot refusé.", code="FACTURE_NON_REFUSEE")
        return [numero for numero in refusees[genre] if numero in demandees]

    def _examiner(self, numero: str) -> Examine:
        """The invoice with its records, if nothing stops it from leaving. Raises ErreurConnue otherwise."""
        from sesam_desktop.factures.enregistrements import de_facture
        from sesam_desktop.flux import b2

        fs = self._factures.charger(numero)
        _exiger_destinataire(fs)
        self._magasin.de(fs.facture.destinataire.adresse)
        _exiger_signatures(fs)
        lus = de_facture(fs.facture)
        _exiger_contenu_signe(fs, b2.ecrire(lus))
        return cle_de(fs, _emetteur(lus), FSE, self._parametres.version_norme), fs, lus

    def _examiner_dre(self, numero: str) -> Examine:
        return self._demandes.examiner(numero, self._parametres.version_norme)

    def _exiger_place(self, enregistrements: list[Enregistrement]) -> None:
        if len(enregistrements) > place_par_lot(self._parametres):
            raise ErreurConnue(
                "Cette facture compte trop de lignes pour un lot.",
                code="FACTURE_TROP_LONGUE",
                action="Répartissez les actes sur plusieurs factures.",
            )


def _emetteur(enregistrements: list[Enregistrement]) -> str:
    return enregistrements[0].zones["numero_partenaire"]


def _exiger_destinataire(fs: FactureSecurisee) -> None:
    destinataire = fs.facture.destinataire
    if not (destinataire.organisme and destinataire.adresse):
        raise ErreurConnue(
            "L'organisme destinataire de cette facture n'est pas connu.",
            code="DESTINATAIRE_INCONNU",
            action="Importez la table des organismes destinataires, puis refaites la facture.",
        )


def _exiger_signatures(fs: FactureSecurisee) -> None:
    attendues = [etat for etat in naissance(fs.facture.niveau) if etat.startswith("signee_")]
    if [f"signee_{s.porteur}" for s in fs.signatures] != attendues:
        raise ErreurConnue(
            "Il manque une signature à cette facture.",
            code="SIGNATURE_ABSENTE",
            action="Sécurisez de nouveau la facture avec les cartes de son niveau.",
        )


def _exiger_contenu_signe(fs: FactureSecurisee, octets: bytes) -> None:
    """What would be sent must be what the cards signed, whatever version of the program wrote it."""
    if hashlib.sha256(octets).hexdigest() != fs.empreinte:
        raise ErreurConnue(
            "Le contenu à envoyer n'est plus celui qui a été signé.",
            code="EMPREINTE_DIFFERENTE",
            action="Refaites la facture, ou envoyez-en le duplicata papier.",
        )
