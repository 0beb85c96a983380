"""Lots: what is ready to leave put together, written, signed, encrypted, and given to the outbox in one transaction.

Signing and encrypting happen before the transaction, so that a slow card never holds the database; the transaction
then checks that the number is still free, and each invoice's life refuses a second lot. The check module reads the
lot before it is signed, and again as it would leave: the invoices it refuses are set aside, the others make a smaller
lot.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from sesam_desktop.base import compteurs
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.evenements import ecrire_instant
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.depot_dre import Demandes
from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.referentiels import tables as tables_livrees

from .a_faire import Identite, LotAFaire, Moyens
from .avancement import Annule, Progression, jamais, sans_suite
from .controle import NON_CONTROLE, REFUSE, Controle, Presente, Remarque, Verdict
from .depot import FSE, Lots, NouveauLot
from .groupement import CleLot, numero_suivant
from .numeros import NumerosDonnes
from .parametres import ParametresLots
from .prevision import Prevision, prevoir
from .selection import Refus, Selection
from .selection_dre import SelectionDre
from .verrou import seul

if TYPE_CHECKING:
    from sesam_desktop.referentiels.tables import SourceTables
    from sesam_desktop.securisation.certificats import Magasin
    from sesam_desktop.securisation.signature import Signataire

CONTROLE_REFUSE, TAILLE_DEPASSEE = "CONTROLE_REFUSE", "TAILLE_DEPASSEE"
_SANS_HORODATAGE = "0" * 19  # of a mail that is only looked at
FACTURE_CHANGEE = "FACTURE_CHANGEE"
# Refusals that concern this lot alone, its sender or an invoice that changed meanwhile: the others are made.
_DU_LOT = ("CPS_D_UN_AUTRE", "SIGNATURE_NON_HABILITEE", FACTURE_CHANGEE)


@dataclass(frozen=True, slots=True)
class LotPrepare:
    """A lot made, or that would be made (`numero` is then empty). `nombre`: invoices, or pieces of a SCOR lot."""

    genre: str
    fonds: str
    adresse: str
    niveau: str
    numero: str
    nombre: int
    total_centimes: int
    amo_centimes: int
    verdict: str = ""
    remarques: tuple[Remarque, ...] = ()


@dataclass(slots=True)
class BilanLots:
    """What a preparation did, or would do. `prevision`: what to know before the true one, à blanc only."""

    a_blanc: bool
    lots: list[LotPrepare] = field(default_factory=list)
    refus: list[Refus] = field(default_factory=list)
    annule: bool = False
    prevision: Prevision | None = None

    @property
    def factures(self) -> int:
        """Invoices put in a lot."""
        return sum(lot.nombre for lot in self.lots if lot.genre == FSE)


class Preparation:
    """Makes lots of what is signed. `signataire` is asked, by sender, only when there is a lot to sign."""

    def __init__(
        self,
        base: Base,
        factures: Factures,
        magasin: Magasin,
        signataire: Callable[[str], Signataire],
        parametres: ParametresLots,
        horloge: Callable[[], datetime] = lambda: datetime.now(UTC),
        controle: Controle | None = None,
        tables: SourceTables = tables_livrees,
    ) -> None:
        self._base = base
        self._factures = factures
        self._magasin = magasin
        self._signataire = signataire
        self._parametres = parametres
        self._controle = controle
        self._lots = Lots(base)
        self._numeros = NumerosDonnes(base.chemin)
        dre = SelectionDre(Demandes(base, factures), self._lots, magasin, tables, horloge)
        self._selection = Selection(factures, self._lots, magasin, parametres, dre)
        self._horloge = horloge

    def preparer(
        self,
        *,
        a_blanc: bool = False,
        refusees: Collection[str] = (),
        seules: bool = False,
        progression: Progression = sans_suite,
        annule: Annule = jamais,
    ) -> BilanLots:
        """Lots of every signed invoice, of `refusees` (of refused lots, sent again as they are), of DRE, of pieces.

        `seules`: only `refusees`. `a_blanc` writes nothing and signs nothing. An invoice that cannot go is left out
        with its reason. When the card or the database fails midway, the lots already made stay made.
        """
        with seul(self._base.chemin, "lots", "Une préparation de lots est déjà en cours sur ce poste."):
            de_factures, refus = self._selection.factures(refusees, seules=seules)
            de_demandes, refus_dre = self._selection.demandes(refusees, seules=seules)
            pieces = [] if seules else self._selection.pieces()
            a_faire: list[LotAFaire] = [*de_factures, *de_demandes, *pieces]
            bilan = BilanLots(a_blanc, refus=refus + refus_dre)
            for rang, lot in enumerate(a_faire):
                progression(rang, len(a_faire))
                if annule():
                    bilan.annule = True
                    return bilan
                self._traiter(lot, bilan)
            progression(len(a_faire), len(a_faire))
            if a_blanc:
                bilan.prevision = prevoir(
                    [lot.cle for lot in a_faire], self._magasin, self._horloge(), self._parametres.alsace_moselle
                )
            return bilan

    def _traiter(self, lot: LotAFaire, bilan: BilanLots) -> None:
        try:
            verdict = self._controler(lot)
            if verdict.sort == REFUSE:
                self._ecarter(lot, verdict, bilan)
            elif bilan.a_blanc:
                bilan.lots.append(_prepare(lot, "", verdict))
            else:
                self._faire(lot, verdict, bilan)
        except ErreurConnue as erreur:
            if not isinstance(erreur, FormatInvalide) and erreur.code not in _DU_LOT:
                raise
            bilan.refus += [Refus(numero, erreur.code, erreur.phrase()) for numero in lot.factures]

    def _controler(self, lot: LotAFaire) -> Verdict:
        """What the check module says of the lot under the number it would have; nothing is given for that."""
        if self._controle is None:
            return NON_CONTROLE
        instant = self._horloge()
        identite = Identite(self._numero(lot.cle, instant), _SANS_HORODATAGE, instant)
        return self._juger(lot, lot.presenter(identite, self._parametres))

    def _juger(self, lot: LotAFaire, presente: Presente | None) -> Verdict:
        return self._controle(presente).traduit(lot.noms) if self._controle and presente else NON_CONTROLE

    def _ecarter(self, lot: LotAFaire, verdict: Verdict, bilan: BilanLots) -> None:
        """The invoices at fault, all of them when it is the lot itself; the others are put together again."""
        fautives = verdict.fautives.intersection(lot.factures) or frozenset(lot.factures)
        bilan.refus += [
            Refus(numero, CONTROLE_REFUSE, verdict.motif(numero)) for numero in lot.factures if numero in fautives
        ]
        if reste := lot.sans(fautives):
            self._traiter(reste, bilan)

    def _faire(self, lot: LotAFaire, verdict: Verdict, bilan: BilanLots) -> None:
        nouveau = lot.composer(self._identite(lot.cle), self._moyens(lot.cle))
        plafond = self._parametres.tailles.get(nouveau.message.boite, 0)
        if plafond and len(nouveau.message.octets) > plafond:
            self._partager(lot, plafond, bilan)
            return
        signe = self._juger(lot, nouveau.presente)
        if signe.sort == REFUSE:
            self._ecarter(lot, signe, bilan)
            return
        self._garder(lot.cle, replace(nouveau, verdict=verdict.sort, remarques=verdict.en_json()))
        bilan.lots.append(_prepare(lot, nouveau.numero, verdict))

    def _partager(self, lot: LotAFaire, plafond: int, bilan: BilanLots) -> None:
        """A mail too big is never sent: two lots instead of one, down to one invoice, which is then left out."""
        parts = lot.parts()
        for part in parts:
            self._traiter(part, bilan)
        if not parts:
            raison = f"Le courriel de ce seul envoi dépasse la taille admise ({plafond // 1000} ko)."
            bilan.refus += [Refus(numero, TAILLE_DEPASSEE, raison) for numero in lot.factures]

    def _garder(self, cle: CleLot, lot: NouveauLot) -> None:
        """The lot, its mail and its invoices' events: one fact. Its number is noted before: given, it stays given."""
        self._numeros.noter(cle, lot.date, lot.numero)
        with self._base.transaction():
            self._lots.inserer(lot, ecrire_instant(self._horloge()))
            for numero in lot.documents:
                self._mettre_en_lot(numero, lot)

    def _mettre_en_lot(self, numero: str, lot: NouveauLot) -> None:
        """Raises FACTURE_CHANGEE when somebody sent it on paper, made it again or gave it up since it was chosen."""
        try:
            self._factures.ajouter_evenement(numero, Etat.EN_LOT, {"lot": lot.numero, "date": lot.date})
        except ErreurConnue as erreur:
            if erreur.code != "TRANSITION_INTERDITE":
                raise
            raise ErreurConnue(
                f"La facture {numero} a changé pendant la préparation (envoyée sur papier, refaite ou annulée) :"
                " le lot où elle allait n'a pas été fait.",
                code=FACTURE_CHANGEE, action="Préparez de nouveau les lots : les autres factures de ce lot y seront.",
            ) from erreur

    def _identite(self, cle: CleLot) -> Identite:
        instant = self._horloge()
        return Identite(self._numero(cle, instant), _horodatage(instant), instant)

    def _numero(self, cle: CleLot, instant: datetime) -> str:
        """The next one, by what the database and the file beside it know."""
        jour = jour_de(instant).isoformat()
        dernier, pris = self._lots.numeros_pris(cle.genre, cle.regime, cle.organisme, jour, cle.amc)
        dernier_note, notes = self._numeros.pris(cle, jour)
        return numero_suivant(dernier_note or dernier, pris | notes)

    def _moyens(self, cle: CleLot) -> Moyens:
        self._parametres.exiger()
        return Moyens(partial(self._signataire, cle.emetteur), self._magasin.de(cle.adresse), self._parametres)


def _horodatage(instant: datetime) -> str:
    """19 digits: date, time, and five of a counter, so that two messages of one second still differ."""
    return f"{instant.astimezone():%Y%m%d%H%M%S}{compteurs.suivant('message') % 100_000:05d}"


def _prepare(lot: LotAFaire, numero: str, verdict: Verdict) -> LotPrepare:
    (total, amo), cle = lot.montants, lot.cle
    return LotPrepare(
        cle.genre, cle.fonds, cle.adresse, cle.niveau, numero, lot.nombre, total, amo, verdict.sort, verdict.remarques
    )
