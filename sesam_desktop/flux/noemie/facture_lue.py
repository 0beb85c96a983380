"""One invoice of a return while its entities come: each adds to it what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..entites import jour, signe_applique
from .mouvements import Commentaire
from .personne import Personne
from .valeurs import REJETE, FactureRetour, LigneRetour, Rejet

ENTITES_MAX = 100_000
"""An invoice that claims more is no invoice: it would be kept whole in memory."""
Zones = dict[str, Any]


class FactureLue:
    """What has been read of the invoice opened by 100 or 102."""

    def __init__(self, valeurs: Zones) -> None:
        self.valeurs = valeurs
        self.motifs: list[Rejet] = []
        self.lignes: list[LigneRetour] = []
        self.commentaires: list[Commentaire] = []
        self._reste = ENTITES_MAX

    @property
    def numero(self) -> str:
        return str(self.valeurs["numero"])

    def completer(self, code: str, zones: Zones, ligne: int) -> None:
        """Add an entity of `DANS_FACTURE`. Raises FormatInvalide for a part said twice, or too many entities."""
        self._reste -= 1
        if self._reste < 0:
            raise FormatInvalide("Une facture du retour compte trop d'entités.", code="TROP_GROS", ligne=ligne)
        if code in _PARTS and f"etat_{_PARTS[code]}" in self.valeurs:
            raise FormatInvalide(f"La facture porte deux entités {code}.", code="SEQUENCE", ligne=ligne)
        DANS_FACTURE[code](self, zones)

    def clore(self) -> FactureRetour:
        """Its motives are rejections for a part that is rejected, remarks for another."""
        rejetees = self._parts_rejetees()
        return FactureRetour(
            **self.valeurs,
            rejets=tuple(m for m in self.motifs if m.part in rejetees),
            signalements=tuple(m for m in self.motifs if m.part not in rejetees),
            lignes=tuple(self.lignes),
            commentaires=tuple(self.commentaires),
        )

    def _parts_rejetees(self) -> set[str]:
        """Part O of a motive means the AMO or both: it tells why the AMC part alone is rejected when no other does."""
        rejetees = {part for part, nom in (("O", "amo"), ("C", "amc")) if self.valeurs.get(f"etat_{nom}") == REJETE}
        if rejetees == {"C"} and all(motif.part == "O" for motif in self.motifs):
            rejetees.add("O")
        return rejetees

    def part(self, z: Zones) -> None:
        nom = _PARTS[z["entite"]]
        self.valeurs[f"etat_{nom}"] = z["etat"]
        self.valeurs[f"demande_{nom}"] = z["montant_demande"]
        self.valeurs[f"paye_{nom}"] = signe_applique(z, "montant_paye")
        if nom == "amc":
            self.valeurs["numero_amc"] = z["numero_amc"]
            self.valeurs["numero_adherent"] = z["numero_adherent"]

    def personnes(self, z: Zones) -> None:
        """Entity 103: the insured, and the patient with a number of their own or not."""
        assure = Personne(z["nir_assure"], z["cle"], z["nom_patronymique"], z["nom_usage"], z["prenom"])
        individuel = z["nir_individuel"]
        self.valeurs["assure"] = assure
        self.valeurs["beneficiaire"] = Personne(
            nir=individuel,
            cle=(z["cle_individuelle"] or "") if individuel else "",
            nom=z["nom_beneficiaire"],
            prenom=z["prenom_beneficiaire"],
            naissance=z["date_naissance"],
            rang=z["rang_naissance"],
            unite_gestion=z["unite_gestion"] or "",
        )

    def assure(self, z: Zones) -> None:
        """Entity 110: its name is of birth (P), or one in use (M, U)."""
        nom = {"nom" if z["nature_nom"] == "P" else "nom_usage": z["nom"]}
        self.valeurs["assure"] = Personne(z["nir_assure"], z["cle"], prenom=z["prenom"], **nom)

    def malade(self, z: Zones) -> None:
        self.valeurs["beneficiaire"] = Personne(
            nom=z["nom"],
            prenom=z["prenom"],
            naissance=z["date_naissance"],
            rang=z["rang_naissance"],
            unite_gestion=z["unite_gestion"],
        )

    def nature(self, z: Zones) -> None:
        self.valeurs["nature_assurance"] = z["nature_assurance"]

    def archivage(self, z: Zones) -> None:
        avant = self.valeurs.get("archivage", "")
        self.valeurs["archivage"] = f"{avant} {z['numero_archivage']}".strip()

    def acte(self, z: Zones) -> None:
        self.lignes.append(lire_ligne(z))

    def motif(self, z: Zones) -> None:
        self.motifs.append(lire_motif(z))

    def commentaire(self, z: Zones) -> None:
        self.commentaires.append(lire_commentaire(z))


def lire_ligne(z: Zones) -> LigneRetour:
    """Entity 210 or 220."""
    return LigneRetour(
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
        entite=z["entite"],
        date_fin=jour(z["date_fin"]),
        date_prescription=jour(z.get("date_prescription")),
        code_gestion=z["code_gestion"],
        exoneration=z["exoneration"],
        mode_traitement=z["mode_traitement"],
        discipline=z["discipline"],
        prix_unitaire_centimes=z["prix_unitaire"],
        coefficient=z["coefficient"],
        denombrement=z["denombrement"],
        taux_alsace_moselle=z["taux_alsace_moselle"],
        alsace_moselle_centimes=z["montant_alsace_moselle"],
        taux_amc=z["taux_amc"],
        base_amc_centimes=z["base_amc"],
        coefficient_hospitalisation=z.get("coefficient_hospitalisation", 0),
        code_forfait=z.get("code_forfait", ""),
    )


def lire_motif(z: Zones) -> Rejet:
    """Entity 294, or 290: the older form, without level nor part."""
    if z["entite"] == "290":
        ligne = int(z["numero_ligne"])
        return Rejet(z["code"], z["libelle"], niveau="L" if ligne else "F", ligne=ligne)
    return Rejet(
        code=z["code_rejet"],
        libelle=z["libelle"],
        niveau=z["niveau_rejet"],
        part=z["part"],
        ligne=int(z["numero_ligne"] or 0),
        nature=z["nature_prestation"],
        date_soins=jour(z["date_soins"]),
        information=z["information"],
        executant=(z["executant"] or "").strip("0") and z["executant"],
        rang=int(z["rang_rejet"] or 0),
    )


def lire_commentaire(z: Zones) -> Commentaire:
    """Entity 295."""
    return Commentaire(z["commentaire"], z["code_commentaire"])


_PARTS = {"198": "amo", "199": "amc"}
DANS_FACTURE: dict[str, Callable[[FactureLue, Zones], None]] = {
    "103": FactureLue.personnes,
    "110": FactureLue.assure,
    "120": FactureLue.malade,
    "150": FactureLue.nature,
    "160": FactureLue.archivage,
    "198": FactureLue.part,
    "199": FactureLue.part,
    "210": FactureLue.acte,
    "220": FactureLue.acte,
    "290": FactureLue.motif,
    "294": FactureLue.motif,
    "295": FactureLue.commentaire,
}
