"""From the entities of a return to values, one event at a time: rejections and remarks are told apart by the state
of their part.

Order that is read [D, the norm's own is not public]: 010 and 020 open a new body or agent; 040, 070, 071, 081, 080
say what the invoices after them belong to; 100 or 102 opens an invoice, the entities after it are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..enregistrement import Enregistrement
from ..entites import Entete, decouper, decouper_flux, jour, lire_entete, signe_applique
from .facture_lue import DANS_FACTURE, FactureLue, Zones, lire_commentaire, lire_motif
from .mouvements import (
    Archivage,
    Commentaire,
    DetailForfait,
    EntiteInconnue,
    Forfait,
    Journee,
    LotRetour,
    Organisme,
    Retenue,
)
from .personne import Personne
from .valeurs import Evenement, FactureRetour, Fin, Rejet, RetourNoemie

VARIANTE = "noemie"
_AUCUN_LOT = LotRetour("", None)
DETAILS_MAX = 1_000
_PAYEUR = ("virement", "organisme_payeur", "type_retour", "destinataire_reglement")


def enregistrements(octets: bytes) -> Iterator[Enregistrement]:
    """The raw entities, one at a time."""
    return decouper(octets, VARIANTE)


def parcourir(flux: BinaryIO) -> Iterator[Evenement]:
    """What a return says, in file order and constant memory, from a file open in binary.

    Raises FormatInvalide on the way when an entity is malformed, at the end when the file is not whole: whoever
    applies a return does so in one transaction.
    """
    return _parcourir(decouper_flux(flux, VARIANTE))


def lire(octets: bytes) -> RetourNoemie:
    """A whole return. Raises FormatInvalide when any entity it needs is malformed: nothing is half read."""
    return rassembler(_parcourir(enregistrements(octets)))


def rassembler(evenements: Iterator[Evenement]) -> RetourNoemie:
    """All the events of one return as one value."""
    listes: dict[type, list[Any]] = {genre: [] for genre in _CHAMPS}
    fin = Fin(0, 0)
    for evenement in evenements:
        if isinstance(evenement, Fin):
            fin = evenement
        else:
            listes[type(evenement)].append(evenement)
    (entete,) = listes.pop(Entete)
    valeurs = {_CHAMPS[genre]: tuple(lus) for genre, lus in listes.items()}
    return RetourNoemie(entete=entete, total_centimes=fin.total_centimes, entites=fin.entites, **valeurs)


_CHAMPS: dict[type, str] = {
    Entete: "entete",
    Organisme: "organismes",
    Journee: "journees",
    LotRetour: "lots",
    FactureRetour: "factures",
    Retenue: "retenues",
    Forfait: "forfaits",
    Rejet: "motifs",
    Commentaire: "commentaires",
    Archivage: "archivages",
    EntiteInconnue: "inconnues",
}


def _parcourir(entites: Iterator[Enregistrement]) -> Iterator[Evenement]:
    lecteur = _Lecteur()
    for entite in entites:
        yield from lecteur.accueillir(entite)
    if lecteur.fin is None:
        raise FormatInvalide("Le retour n'a pas d'entité 999 : il est incomplet.", code="TRONQUE")
    yield lecteur.fin


class _Lecteur:
    """What the entities to come belong to, the invoice and the lump payment whose entities are coming.

    `contexte` holds the values that every invoice takes from above it, `apres_controle` that a 990 came after the last
    entity of the invoice: a debt taken back after it is not the invoice's own.
    """

    def __init__(self) -> None:
        self.fin: Fin | None = None
        self.contexte: Zones = {}
        self.journees = 0
        self.lot = _AUCUN_LOT
        self.facture: FactureLue | None = None
        self.forfait: Forfait | None = None
        self.apres_controle = False

    def accueillir(self, entite: Enregistrement) -> Iterator[Evenement]:
        """The events that this entity ends or is."""
        code = entite.type
        if self.fin is not None:
            raise FormatInvalide("Une entité suit la fin du fichier.", code="SEQUENCE", ligne=entite.ligne)
        if code in DANS_FACTURE:
            return self._detail(entite)
        if code in _OUVERTURES:
            return self._ouvrir(entite)
        if code == "250":
            return iter((self._retenue(entite),))
        if code == "262":
            return self._detail_forfait(entite)
        return self._autre(entite)

    def _autre(self, entite: Enregistrement) -> Iterator[Evenement]:
        """Header, controls, and what the tables do not describe."""
        if entite.type == "000":
            yield lire_entete(entite)
        elif entite.type == "990":
            self.apres_controle = True
        else:
            yield EntiteInconnue(entite.type, entite.octets, entite.ligne, self._numero())

    def _ouvrir(self, entite: Enregistrement) -> Iterator[Evenement]:
        """What opens anything closes the invoice and the lump payment before it."""
        if self.facture is not None:
            yield self.facture.clore()
        if self.forfait is not None:
            yield self.forfait
        self.facture, self.forfait, self.apres_controle = None, None, False
        evenement = _OUVERTURES[entite.type](self, entite)
        if evenement is not None:
            yield evenement

    def _detail(self, entite: Enregistrement) -> Iterator[Evenement]:
        if self.facture is not None:
            self.facture.completer(entite.type, entite.zones, entite.ligne)
        elif entite.type in _HORS_FACTURE:
            yield _HORS_FACTURE[entite.type](entite.zones)
        else:
            raise FormatInvalide(
                f"L'entité {entite.type} n'appartient à aucune facture.", code="SEQUENCE", ligne=entite.ligne
            )

    def _numero(self) -> str:
        return self.facture.numero if self.facture is not None and not self.apres_controle else ""

    def _payeur(self) -> Zones:
        """What an amount without invoice keeps of its context."""
        return {nom: self.contexte[nom] for nom in _PAYEUR if nom in self.contexte}

    def fin_de_fichier(self, entite: Enregistrement) -> None:
        self.fin = Fin(signe_applique(entite.zones, "cumul"), entite.ligne)

    def organisme(self, entite: Enregistrement) -> Evenement:
        """A complementary body opens all anew: nothing of what was above it goes with it."""
        organisme = Organisme(entite.zones["numero_amc"], entite.zones["cle"])
        self.contexte, self.lot = {"amc": organisme.numero_amc + organisme.cle}, _AUCUN_LOT
        return organisme

    def mandataire(self, entite: Enregistrement) -> None:
        garde = {nom: self.contexte[nom] for nom in ("amc",) if nom in self.contexte}
        self.contexte, self.lot = garde | {"mandataire": entite.zones["destinataire_reglement"]}, _AUCUN_LOT

    def destinataire(self, entite: Enregistrement) -> None:
        self.contexte["destinataire_reglement"] = entite.zones["destinataire_reglement"]
        self.lot = _AUCUN_LOT

    def type_de_retour(self, entite: Enregistrement) -> None:
        z = entite.zones
        self.contexte |= {"type_retour": z["code"], "lieu_execution": z["lieu_execution"]}
        self.lot = _AUCUN_LOT

    def journee(self, entite: Enregistrement) -> Evenement:
        """The lots after it are paid that day."""
        z, contexte = entite.zones, self.contexte
        libelle = f"{z.get('libelle_virement_1', '')} {z.get('libelle_virement_2', '')}".strip()
        journee = Journee(
            date=jour(z["date_comptable"]),
            libelle=libelle,
            organisme=z.get("organisme_payeur", ""),
            virement=entite.type == "071",
            mandataire=contexte.get("mandataire", ""),
            destinataire_reglement=contexte.get("destinataire_reglement", ""),
            amc=contexte.get("amc", ""),
        )
        contexte |= {"virement": self.journees, "date_paiement": journee.date, "organisme_payeur": journee.organisme}
        self.journees += 1
        return journee

    def nouveau_lot(self, entite: Enregistrement) -> Evenement:
        self.lot = LotRetour(entite.zones["numero_lot"], jour(entite.zones["date_lot"]))
        return self.lot

    def nouvelle_facture(self, entite: Enregistrement) -> None:
        """Entity 102, or its short form 100 whose lot is the one opened by the 080 before it."""
        z = entite.zones
        valeurs = self.contexte | {
            "numero": z["numero_facture"].zfill(9),
            "lot": z.get("numero_lot") or self.lot.numero,
            "date_lot": jour(z.get("date_lot")) or self.lot.date,
            "ligne": entite.ligne,
        }
        if entite.type == "102":
            valeurs["type"] = z["type_facture"]
            valeurs["nature_assurance"] = z["nature_assurance"]
            valeurs["complement"] = z["complement_numero"]
            valeurs["date_facture"] = jour(z["date_facturation"])
            valeurs["traitement_amc"] = z["traitement_amc"]
        self.facture = FactureLue(valeurs)

    def _retenue(self, entite: Enregistrement) -> Evenement:
        z = entite.zones
        return Retenue(
            reference=z["reference_dette"],
            nature=z["nature_dette"],
            montant_centimes=signe_applique(z, "montant"),
            solde_centimes=z["solde_dette"] or 0,
            date=jour(z["date_dette"]),
            recuperation=z["nature_recuperation"],
            numero_ligne=int(z["numero_ligne"]),
            facture=self._numero(),
            ligne=entite.ligne,
            **self._payeur(),
        )

    def nouveau_forfait(self, entite: Enregistrement) -> None:
        z = entite.zones
        self.forfait = Forfait(z["code"], z["montant"], ligne=entite.ligne, **self._payeur())

    def _detail_forfait(self, entite: Enregistrement) -> Iterator[Evenement]:
        if self.forfait is None:
            raise FormatInvalide("L'entité 262 ne suit aucun forfait.", code="SEQUENCE", ligne=entite.ligne)
        if len(self.forfait.details) >= DETAILS_MAX:
            raise FormatInvalide("Un forfait compte trop de détails.", code="TROP_GROS", ligne=entite.ligne)
        detail = _lire_detail(entite.zones)
        self.forfait = replace(self.forfait, details=(*self.forfait.details, detail))
        return iter(())


def _lire_detail(z: Zones) -> DetailForfait:
    nir = z["nir_assure"]
    personne = Personne(
        nir=nir,
        cle=(z["cle"] or "") if nir else "",
        naissance=z["date_naissance"] or "",
        rang=z["rang_naissance"] or "",
    )
    return DetailForfait(z["code"], z["libelle"], z["montant"], z["periode"], jour(z["date_debut"]), personne)


def _lire_archivage(z: Zones) -> Archivage:
    return Archivage(z["numero_archivage"])


_OUVERTURES: dict[str, Callable[[_Lecteur, Enregistrement], Evenement | None]] = {
    "010": _Lecteur.organisme,
    "020": _Lecteur.mandataire,
    "040": _Lecteur.destinataire,
    "070": _Lecteur.journee,
    "071": _Lecteur.journee,
    "080": _Lecteur.nouveau_lot,
    "081": _Lecteur.type_de_retour,
    "100": _Lecteur.nouvelle_facture,
    "102": _Lecteur.nouvelle_facture,
    "261": _Lecteur.nouveau_forfait,
    "999": _Lecteur.fin_de_fichier,
}
_HORS_FACTURE: dict[str, Callable[[Zones], Evenement]] = {
    "160": _lire_archivage,
    "290": lire_motif,
    "294": lire_motif,
    "295": lire_commentaire,
}
