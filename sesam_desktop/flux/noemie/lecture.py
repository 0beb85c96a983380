"""From the entities of a return to values: rejections and remarks are told apart by the state of their part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..enregistrement import Enregistrement
from ..entites import Entete, decouper, jour, lire_entete, signe_applique
from .valeurs import REJETE, FactureRetour, Forfait, Journee, LigneRetour, LotRetour, Rejet, Retenue, RetourNoemie

VARIANTE = "noemie"
_PARTS = {"198": "amo", "199": "amc"}


def enregistrements(octets: bytes) -> Iterator[Enregistrement]:
    """The raw entities, one at a time."""
    return decouper(octets, VARIANTE)


def lire(octets: bytes) -> RetourNoemie:
    """A whole return. Raises FormatInvalide when any entity it needs is malformed: nothing is half read."""
    lecteur = _Lecteur()
    for entite in enregistrements(octets):
        lecteur.accueillir(entite)
    return lecteur.retour()


@dataclass
class _Lecteur:
    """What has been read so far, and the invoice whose entities are coming."""

    entete: Entete | None = None
    total: int | None = None
    date_paiement: date | None = None
    lot: LotRetour | None = None
    courante: FactureRetour | None = None
    motifs: list[Rejet] = field(default_factory=list)
    lignes: list[LigneRetour] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)
    journees: list[Journee] = field(default_factory=list)
    lots: list[LotRetour] = field(default_factory=list)
    factures: list[FactureRetour] = field(default_factory=list)
    retenues: list[Retenue] = field(default_factory=list)
    forfaits: list[Forfait] = field(default_factory=list)

    def accueillir(self, entite: Enregistrement) -> None:
        if self.total is not None:
            raise FormatInvalide("Une entité suit la fin du fichier.", code="SEQUENCE", ligne=entite.ligne)
        if entite.type == "000":
            self.entete = lire_entete(entite)
        elif entite.type == "999":
            self.total = signe_applique(entite.zones, "cumul")
        elif entite.type in _ACCUEILS:
            _ACCUEILS[entite.type](self, entite.zones)
        elif entite.type in _DANS_FACTURE:
            self._completer(entite)

    def _completer(self, entite: Enregistrement) -> None:
        if self.courante is None:
            raise FormatInvalide(
                f"L'entité {entite.type} n'appartient à aucune facture.", code="SEQUENCE", ligne=entite.ligne
            )
        _DANS_FACTURE[entite.type](self, entite.zones)

    def retour(self) -> RetourNoemie:
        self.clore_facture()
        if self.entete is None or self.total is None:
            raise FormatInvalide("Le retour n'a pas d'entité 999 : il est incomplet.", code="TRONQUE")
        return RetourNoemie(
            self.entete,
            tuple(self.journees),
            tuple(self.lots),
            tuple(self.factures),
            tuple(self.retenues),
            tuple(self.forfaits),
            self.total,
        )

    def clore_facture(self) -> None:
        if self.courante is None:
            return
        facture = replace(self.courante, lignes=tuple(self.lignes), **self.parts)
        rejetees = [part for part, etat in (("O", facture.etat_amo), ("C", facture.etat_amc)) if etat == REJETE]
        rejets = tuple(m for m in self.motifs if m.part in rejetees)
        signalements = tuple(m for m in self.motifs if m.part not in rejetees)
        self.factures.append(replace(facture, rejets=rejets, signalements=signalements))
        self.courante, self.motifs, self.lignes, self.parts = None, [], [], {}

    def journee(self, z: dict[str, Any]) -> None:
        self.clore_facture()
        self.date_paiement = jour(z["date_comptable"])
        libelle = f"{z.get('libelle_virement_1', '')} {z.get('libelle_virement_2', '')}".strip()
        self.journees.append(Journee(self.date_paiement, libelle, z.get("organisme_payeur", "")))

    def nouveau_lot(self, z: dict[str, Any]) -> None:
        self.clore_facture()
        self.lot = LotRetour(z["numero_lot"], jour(z["date_lot"]))
        self.lots.append(self.lot)

    def nouvelle_facture(self, z: dict[str, Any]) -> None:
        """Entity 102, or its short form 100 whose lot is the one opened by the 080 before it."""
        self.clore_facture()
        lot = self.lot or LotRetour("", None)
        self.courante = FactureRetour(
            numero=z["numero_facture"].zfill(9),
            lot=z.get("numero_lot") or lot.numero,
            date_lot=jour(z.get("date_lot")) or lot.date,
            type=z.get("type_facture", ""),
            nature_assurance=z.get("nature_assurance", ""),
            date_paiement=self.date_paiement,
        )

    def retenue(self, z: dict[str, Any]) -> None:
        montant = signe_applique(z, "montant")
        solde = z["solde_dette"] or 0
        self.retenues.append(Retenue(z["reference_dette"], z["nature_dette"], montant, solde, jour(z["date_dette"])))

    def forfait(self, z: dict[str, Any]) -> None:
        self.forfaits.append(Forfait(z["code"], z["montant"]))

    def part(self, z: dict[str, Any]) -> None:
        nom = _PARTS[z["entite"]]
        self.parts |= {f"etat_{nom}": z["etat"], f"demande_{nom}": z["montant_demande"]}
        self.parts[f"paye_{nom}"] = signe_applique(z, "montant_paye")
        if nom == "amc":
            self.parts["numero_amc"] = z["numero_amc"]

    def ligne(self, z: dict[str, Any]) -> None:
        ligne = LigneRetour(
            ligne=int(z["numero_ligne"]),
            nature=z["nature_prestation"],
            complement=z["complement_acte"],
            quantite=z["quantite"],
            base_centimes=z["base"],
            taux=z["taux"],
            rembourse_centimes=signe_applique(z, "montant_rembourse"),
            depense_centimes=z["depense"],
            amc_centimes=z["montant_amc"],
            qualificatif=z["qualificatif"],
            date_soins=jour(z["date_debut"]),
        )
        self.lignes.append(ligne)

    def motif(self, z: dict[str, Any]) -> None:
        self.motifs.append(
            Rejet(
                code=z["code_rejet"],
                libelle=z["libelle"],
                niveau=z["niveau_rejet"],
                part=z["part"],
                ligne=int(z["numero_ligne"] or 0),
                nature=z["nature_prestation"],
                date_soins=jour(z["date_soins"]),
                information=z["information"],
            )
        )

    def motif_ancien(self, z: dict[str, Any]) -> None:
        """Entity 290: older form, without level nor part."""
        ligne = int(z["numero_ligne"])
        self.motifs.append(Rejet(z["code"], z["libelle"], niveau="L" if ligne else "F", ligne=ligne))


_Accueil = Callable[[_Lecteur, dict[str, Any]], None]
_ACCUEILS: dict[str, _Accueil] = {
    "070": _Lecteur.journee,
    "071": _Lecteur.journee,
    "080": _Lecteur.nouveau_lot,
    "100": _Lecteur.nouvelle_facture,
    "102": _Lecteur.nouvelle_facture,
    "250": _Lecteur.retenue,
    "261": _Lecteur.forfait,
}
_DANS_FACTURE: dict[str, _Accueil] = {
    "198": _Lecteur.part,
    "199": _Lecteur.part,
    "210": _Lecteur.ligne,
    "220": _Lecteur.ligne,
    "290": _Lecteur.motif_ancien,
    "294": _Lecteur.motif,
}
