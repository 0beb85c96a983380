"""What the entities of a return mean in their order: each belongs to what was opened before it.

Order that is read [D, the norm's own is not public]: 010 and 020 open a new body or agent; 040, 070, 071, 081, 080
say what the invoices after them belong to; 100 or 102 opens an invoice, the entities after it are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from sesam_desktop.noyau.erreurs import FormatInvalide

from .. import zones
from ..enregistrement import Enregistrement
from ..entites import CUMULES, jour, lire_entete, signe_applique
from .facture_lue import DANS_FACTURE, FactureLue, Zones, lire_commentaire, lire_motif
from .mouvements import Archivage, DetailForfait, EntiteInconnue, Forfait, Journee, LotRetour, Organisme, Retenue
from .personne import Personne
from .recompte import Ecart, Recompte
from .valeurs import Evenement, Fin

DETAILS_MAX = 1_000
ECARTS_MAX = 20  # told of the 990
_AUCUN_LOT = LotRetour("", None)
_PAYEUR = ("virement", "organisme_payeur", "type_retour", "destinataire_reglement")


class Lecteur:
    """What the entities to come belong to, the invoice and the lump payment whose entities are coming.

    `contexte` holds the values that every invoice takes from above it, `apres_controle` that a 990 came after the last
    entity of the invoice: a debt taken back after it is not the invoice's own.
    """

    def __init__(self, variante: str) -> None:
        self.fin: Fin | None = None
        self.contexte: Zones = {}
        self.journees = 0
        self.lot = _AUCUN_LOT
        self.facture: FactureLue | None = None
        self.forfait: Forfait | None = None
        self.apres_controle = False
        self._recompte = Recompte()
        self._ecarts: list[Ecart] = []  # the first of them
        self._layouts = {code: zones.exiger(variante, code) for code in zones.types(variante)}

    def accueillir(self, entite: Enregistrement) -> Sequence[Evenement]:
        """The events that this entity ends or is."""
        code, ligne = entite.type, entite.ligne
        if self.fin is not None:
            raise FormatInvalide("Une entité suit la fin du fichier.", code="SEQUENCE", ligne=ligne)
        if code not in self._layouts:
            self._recompte.compter(code)
            return (EntiteInconnue(code, entite.octets, ligne, self._numero()),)
        z = self._layouts[code].lire(entite.octets, ligne)
        self._recompte.compter(code, signe_applique(z, CUMULES[code]) if code in CUMULES else 0)
        if code in DANS_FACTURE:
            return self._detail(code, z, ligne)
        if code in _OUVERTURES:
            return self._ouvrir(code, z, ligne)
        return self._autre(code, z, entite)

    def _autre(self, code: str, z: Zones, entite: Enregistrement) -> Sequence[Evenement]:
        if code == "000":
            return (lire_entete(entite),)
        if code == "250":
            return (self._retenue(z, entite.ligne),)
        if code == "262":
            self._detail_forfait(z, entite.ligne)
        else:
            self.apres_controle = True
            if z["niveau_clos"] in self._recompte.ouvertures:
                self._noter(self._recompte.clore(z, entite.ligne))
        return ()

    def _noter(self, ecarts: Iterable[Ecart]) -> None:
        self._ecarts += islice(ecarts, ECARTS_MAX - len(self._ecarts))

    def _ouvrir(self, code: str, z: Zones, ligne: int) -> Sequence[Evenement]:
        """What opens anything closes the invoice and the lump payment before it."""
        evenements: list[Evenement] = [self.facture.clore()] if self.facture else []
        if self.forfait:
            evenements.append(self.forfait)
        self.facture, self.forfait, self.apres_controle = None, None, False
        if evenement := _OUVERTURES[code](self, z, ligne):
            evenements.append(evenement)
        return evenements

    def _detail(self, code: str, z: Zones, ligne: int) -> Sequence[Evenement]:
        if self.facture is not None:
            self.facture.completer(code, z, ligne)
            return ()
        if code in _HORS_FACTURE:
            return (_HORS_FACTURE[code](z),)
        raise FormatInvalide(f"L'entité {code} n'appartient à aucune facture.", code="SEQUENCE", ligne=ligne)

    def _numero(self) -> str:
        return self.facture.numero if self.facture is not None and not self.apres_controle else ""

    def _payeur(self) -> Zones:
        """What an amount without invoice keeps of its context."""
        return {nom: self.contexte[nom] for nom in _PAYEUR if nom in self.contexte}

    def fin_de_fichier(self, z: Zones, ligne: int) -> None:
        du_fichier = tuple(self._recompte.finir(z, ligne))
        self.fin = Fin(signe_applique(z, "cumul"), ligne, (*self._ecarts, *du_fichier))

    def organisme(self, z: Zones, ligne: int) -> Evenement:
        """A complementary body opens all anew: nothing of what was above it goes with it."""
        organisme = Organisme(z["numero_amc"], z["cle"])
        self.contexte, self.lot = {"amc": organisme.numero_amc + organisme.cle}, _AUCUN_LOT
        return organisme

    def mandataire(self, z: Zones, ligne: int) -> None:
        garde = {nom: self.contexte[nom] for nom in ("amc",) if nom in self.contexte}
        self.contexte, self.lot = garde | {"mandataire": z["destinataire_reglement"]}, _AUCUN_LOT

    def destinataire(self, z: Zones, ligne: int) -> None:
        self.contexte["destinataire_reglement"] = z["destinataire_reglement"]
        self.lot = _AUCUN_LOT

    def type_de_retour(self, z: Zones, ligne: int) -> None:
        self.contexte |= {"type_retour": z["code"], "lieu_execution": z["lieu_execution"]}
        self.lot = _AUCUN_LOT

    def journee(self, z: Zones, ligne: int) -> Evenement:
        """The lots after it are paid that day."""
        contexte = self.contexte
        libelle = f"{z.get('libelle_virement_1', '')} {z.get('libelle_virement_2', '')}".strip()
        journee = Journee(
            date=jour(z["date_comptable"]),
            libelle=libelle,
            organisme=z.get("organisme_payeur", ""),
            virement=z["entite"] == "071",
            mandataire=contexte.get("mandataire", ""),
            destinataire_reglement=contexte.get("destinataire_reglement", ""),
            amc=contexte.get("amc", ""),
        )
        contexte |= {"virement": self.journees, "date_paiement": journee.date, "organisme_payeur": journee.organisme}
        self.journees += 1
        return journee

    def nouveau_lot(self, z: Zones, ligne: int) -> Evenement:
        self.lot = LotRetour(z["numero_lot"], jour(z["date_lot"]))
        return self.lot

    def nouvelle_facture(self, z: Zones, ligne: int) -> None:
        """Entity 102, or its short form 100 whose lot is the one opened by the 080 before it."""
        valeurs = self.contexte | {
            "numero": z["numero_facture"].zfill(9),
            "lot": z.get("numero_lot") or self.lot.numero,
            "date_lot": jour(z.get("date_lot")) or self.lot.date,
            "ligne": ligne,
        }
        if z["entite"] == "102":
            valeurs["type"] = z["type_facture"]
            valeurs["nature_assurance"] = z["nature_assurance"]
            valeurs["complement"] = z["complement_numero"]
            valeurs["date_facture"] = jour(z["date_facturation"])
            valeurs["traitement_amc"] = z["traitement_amc"]
        self.facture = FactureLue(valeurs)

    def _retenue(self, z: Zones, ligne: int) -> Evenement:
        return Retenue(
            reference=z["reference_dette"],
            nature=z["nature_dette"],
            montant_centimes=signe_applique(z, "montant"),
            solde_centimes=z["solde_dette"] or 0,
            date=jour(z["date_dette"]),
            recuperation=z["nature_recuperation"],
            numero_ligne=int(z["numero_ligne"]),
            facture=self._numero(),
            ligne=ligne,
            **self._payeur(),
        )

    def nouveau_forfait(self, z: Zones, ligne: int) -> None:
        self.forfait = Forfait(z["code"], z["montant"], ligne=ligne, **self._payeur())

    def _detail_forfait(self, z: Zones, ligne: int) -> None:
        if self.forfait is None:
            raise FormatInvalide("L'entité 262 ne suit aucun forfait.", code="SEQUENCE", ligne=ligne)
        if len(self.forfait.details) >= DETAILS_MAX:
            raise FormatInvalide("Un forfait compte trop de détails.", code="TROP_GROS", ligne=ligne)
        self.forfait = replace(self.forfait, details=(*self.forfait.details, _lire_detail(z)))


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


_OUVERTURES: dict[str, Callable[[Lecteur, Zones, int], Evenement | None]] = {
    "010": Lecteur.organisme,
    "020": Lecteur.mandataire,
    "040": Lecteur.destinataire,
    "070": Lecteur.journee,
    "071": Lecteur.journee,
    "080": Lecteur.nouveau_lot,
    "081": Lecteur.type_de_retour,
    "100": Lecteur.nouvelle_facture,
    "102": Lecteur.nouvelle_facture,
    "261": Lecteur.nouveau_forfait,
    "999": Lecteur.fin_de_fichier,
}
_HORS_FACTURE: dict[str, Callable[[Zones], Evenement]] = {
    "160": _lire_archivage,
    "290": lire_motif,
    "294": lire_motif,
    "295": lire_commentaire,
}
