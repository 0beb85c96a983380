"""Where invoices are kept: the document once, its events one after the other, and what it takes to find it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sesam_desktop.base import compteurs, evenements, modeles
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Document
from sesam_desktop.base.recherche import contenant, plier
from sesam_desktop.noyau.erreurs import ErreurConnue

from . import document
from .carnet import Brouillons, Patients, cle_patient
from .cycle import FSE, Etat, etat_apres, etat_de, suite
from .depot_documents import confier_pieces, contenu_de, exiger_numero_libre, inserer, ligne_de, naitre, vecus
from .facture import FactureSecurisee, FactureTarifee
from .fiches import TOUTES, Evenement, Filtre, Resume
from .jours_de_soins import JoursDeSoins

# By SQL: a night of sending moves thousands of documents, one lot at a time.
_ETATS = "SELECT numero, etat, genre FROM document WHERE numero IN (SELECT value FROM json_each(?))"
_ARRIVEE = "UPDATE document SET etat = ? WHERE numero = ?"
NUMERO_MAXIMAL = 999_999_999
_COMPTEUR = "facture"


def maintenant() -> datetime:
    return datetime.now(UTC)


class Factures:
    """The invoices of the open `base`. Each method is one transaction, or joins the one that is open."""

    def __init__(self, base: Base, horloge: Callable[[], datetime] = maintenant) -> None:
        self._base = base
        self._horloge = horloge
        self.brouillons = Brouillons(base, horloge)
        self.patients = Patients(base)
        self._jours_de_soins = JoursDeSoins(base)

    def prochain_numero(self) -> str:
        """A number of nine digits that was never given, on the disk before it is used."""
        with self._base.transaction():
            numero = compteurs.suivant(_COMPTEUR)
            if numero > NUMERO_MAXIMAL:
                raise ErreurConnue(
                    "Tous les numéros de facture ont été utilisés.", code="NUMEROS_EPUISES",
                    action="Ouvrez un nouveau profil de poste.",
                )
            return f"{numero:09d}"

    def enregistrer(
        self, fs: FactureSecurisee, *, brouillon: int | None = None, composee_le: datetime | None = None
    ) -> None:
        """Keep the document with the events of its birth; the invoice it replaces becomes `recyclee`, the draft goes.

        A scanned piece that has not left follows the new invoice.

        `composee_le`: when it was composed and priced, if that was before now. All in one transaction. Raises
        FACTURE_EXISTANTE when the number is taken.
        """
        contenu = document.en_octets(fs)
        with self._base.transaction():
            exiger_numero_libre(fs.facture.numero)
            empreinte = hashlib.sha256(contenu).hexdigest()
            inserer(_ligne(fs, empreinte, self._horloge()), contenu)
            naitre(fs.facture.numero, fs.facture.niveau, fs.signatures, empreinte, composee_le or self._horloge())
            if fs.facture.remplace:
                self.ajouter_evenement(fs.facture.remplace, Etat.RECYCLEE, {"par": fs.facture.numero})
                for piece in confier_pieces(fs.facture.remplace, fs.facture.numero):
                    self.ajouter_evenement(fs.facture.numero, "piece_jointe", {"piece": piece})
            if brouillon is not None:
                self.brouillons.effacer(brouillon)

    def charger(self, numero: str) -> FactureSecurisee:
        """The document as signed. Raises FACTURE_INCONNUE, DOCUMENT_ALTERE."""
        return document.depuis_octets(contenu_de(numero, FSE))

    def lister(self, filtre: Filtre = TOUTES) -> list[Resume]:
        """Newest number first."""
        requete = Document.select(*_COLONNES_RESUME).where(*_conditions(filtre)).order_by(Document.numero.desc())
        if filtre.limite or filtre.decalage:
            requete = requete.limit(filtre.limite or -1).offset(filtre.decalage)
        return [_resume(ligne) for ligne in _tuples(requete)]

    def soignees_le(self, jour: date) -> list[Resume]:
        """Invoices with a line of `jour`, whatever their own date of care; a few others may be among them."""
        numeros = sorted(self._jours_de_soins.numeros(jour))
        du_jour = (Document.genre == FSE) & Document.numero.in_(numeros)
        return [_resume(li) for li in _tuples(Document.select(*_COLONNES_RESUME).where(du_jour))]

    def compter(self, filtre: Filtre = TOUTES) -> int:
        """How many invoices the filter keeps, without its limit."""
        return Document.select().where(*_conditions(filtre)).count()

    def par_etat(self) -> dict[Etat, int]:
        """How many invoices stand in each state; states without any are absent."""
        from peewee import fn

        de_factures = Document.select(Document.etat, fn.COUNT(Document.numero)).where(Document.genre == FSE)
        requete = de_factures.group_by(Document.etat)
        return {Etat(ligne[0]): ligne[1] for ligne in _tuples(requete)}

    def ajouter_evenement(
        self, numero: str, nom: str, donnees: Mapping[str, Any] | None = None, instant: datetime | None = None
    ) -> Etat:
        """Append to the history and return the state reached. Raises FACTURE_INCONNUE, TRANSITION_INTERDITE."""
        with self._base.transaction():
            ligne = ligne_de(numero, Document.etat, Document.genre)
            etat = etat_apres(ligne.etat, nom, ligne.genre)
            evenements.ajouter(numero, nom, donnees, instant or self._horloge())
            Document.update(etat=etat.value).where(Document.numero == numero).execute()
            return etat

    def faire_avancer(self, numeros: Iterable[str], nom: str, donnees: Mapping[str, Any] | None = None) -> list[str]:
        """The same event to several documents at once; answers those that had it, in order.

        One whose state does not allow it is left as it is. Raises FACTURE_INCONNUE, changing nothing.
        """
        voulus = list(numeros)
        with self._base.transaction():
            curseur = self._base.connexion().cursor()
            lignes = {n: ligne for n, *ligne in curseur.execute(_ETATS, (json.dumps(voulus),))}
            if absents := [numero for numero in voulus if numero not in lignes]:
                ligne_de(absents[0])  # raises
            suites = {numero: suite(etat, nom, genre) for numero in voulus for etat, genre in [lignes[numero]]}
            apres = {numero: suivant for numero, suivant in suites.items() if suivant is not None}
            evenements.ajouter_tous([(numero, nom, donnees or {}) for numero in apres], self._horloge())
            curseur.executemany(_ARRIVEE, [(etat.value, numero) for numero, etat in apres.items()])
            return list(apres)

    def ajouter_evenements(self, serie: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
        """Number, event and data of many documents, in this order. Raises as `ajouter_evenement`, changing nothing."""
        with self._base.transaction():
            trouves = Document.select(Document.numero, Document.etat, Document.genre)
            lignes = {n: (etat, genre) for n, etat, genre in _tuples(trouves.where(_parmi({n for n, *_ in serie})))}
            for numero, nom, _ in serie:
                etat, genre = lignes.get(numero) or (ligne_de(numero, Document.etat).etat, FSE)
                lignes[numero] = etat_apres(etat, nom, genre), genre
            evenements.ajouter_tous(serie, self._horloge())
            for atteint in {etat for etat, _ in lignes.values()}:
                arrives = {numero for numero, (etat, _) in lignes.items() if etat == atteint}
                Document.update(etat=str(atteint)).where(_parmi(arrives)).execute()

    def historique(self, numero: str) -> list[Evenement]:
        """Oldest first."""
        lignes = modeles.Evenement.select().where(modeles.Evenement.document == numero).order_by(modeles.Evenement.id)
        return [Evenement(e.nom, datetime.fromisoformat(e.instant), json.loads(e.donnees)) for e in lignes]

    def incoherence(self) -> str | None:
        """Number of the first invoice whose state is not the one its events give; None when all agree."""
        colonnes = (modeles.Evenement.document, modeles.Evenement.nom)
        lignes = modeles.Evenement.select(*colonnes).order_by(modeles.Evenement.document, modeles.Evenement.id)
        histoires = {d: [nom for _, nom in groupe] for d, groupe in groupby(_tuples(lignes), key=itemgetter(0))}
        documents = Document.select(Document.numero, Document.etat, Document.genre).order_by(Document.numero)
        faux = (n for n, *attendu in _tuples(documents) if not _derive(histoires.get(n, []), *attendu))
        return next(faux, None)


def _parmi(numeros: Iterable[str]) -> Any:
    """Documents of these numbers, however many they are: SQLite bounds how many values a query may name."""
    from peewee import SQL

    return SQL("numero IN (SELECT value FROM json_each(?))", [json.dumps(sorted(numeros))])


def code_destinataire(facture: FactureTarifee) -> str:
    """Régime, organisme and centre informatique in one text, as `Filtre.destinataire` expects."""
    d = facture.destinataire
    return d.regime + d.organisme + d.centre_informatique


def _ligne(fs: FactureSecurisee, empreinte: str, instant: datetime) -> dict[str, Any]:
    """The row of a document: copies of what lists show."""
    facture, patient = fs.facture, fs.facture.demande.beneficiaire
    totaux = facture.tarification.totaux
    nom = f"{patient.nom} {patient.prenom}".strip()
    return {
        "numero": facture.numero, "numero_flux": facture.numero_flux, "genre": FSE, "empreinte": empreinte,
        "cree_le": evenements.ecrire_instant(instant), "date_soins": facture.demande.date_soins.isoformat(),
        "patient": nom, "patient_cle": cle_patient(patient), "destinataire": code_destinataire(facture),
        "niveau": facture.niveau.value, "total_centimes": totaux.facture_centimes,
        "amo_centimes": totaux.amo_centimes, "amc_centimes": totaux.amc_centimes,
        "assure_centimes": totaux.assure_centimes, "remplace": facture.remplace,
        "etat": vecus(facture.numero, facture.niveau, fs.signatures)[-1].value,
        "recherche": plier(f"{facture.numero} {facture.numero_flux} {nom} {patient.nir}"),
    }


_COLONNES_RESUME = (
    Document.numero, Document.etat, Document.cree_le, Document.date_soins, Document.patient, Document.destinataire,
    Document.niveau, Document.total_centimes, Document.amo_centimes, Document.amc_centimes, Document.assure_centimes,
    Document.remplace,
)


def _resume(ligne: tuple[Any, ...]) -> Resume:
    numero, etat, cree_le, date_soins, *reste = ligne
    return Resume(numero, Etat(etat), datetime.fromisoformat(cree_le), date.fromisoformat(date_soins), *reste)


def _derive(evenements: Iterable[str], etat: str, genre: str) -> bool:
    """True when these events may follow each other and lead to `etat`."""
    try:
        return etat_de(evenements, genre) == etat
    except ErreurConnue:
        return False


def _tuples(requete: Any) -> Iterable[tuple[Any, ...]]:
    return requete.tuples()


def _conditions(filtre: Filtre) -> list[Any]:
    conditions = [Document.genre == FSE, *contenant(Document.recherche, filtre.texte)]
    if filtre.etats:
        conditions.append(Document.etat.in_([str(etat) for etat in filtre.etats]))
    if filtre.depuis:
        conditions.append(Document.date_soins >= filtre.depuis.isoformat())
    if filtre.jusqu_a:
        conditions.append(Document.date_soins <= filtre.jusqu_a.isoformat())
    if filtre.destinataire:
        conditions.append(Document.destinataire == filtre.destinataire)
    return conditions
