"""A workstation for the window's tests: the services' names and values, without readers, database or network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sesam_desktop.cartes.atr import GenreCarte
from sesam_desktop.cartes.duo import CarteDuo
from sesam_desktop.cartes.ps import CartePS, Identification, Remplacant, Situation, Structure
from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.cartes.vitale import Amc, Assure, Beneficiaire, CarteVitale
from sesam_desktop.droits.couverture import DroitsDuJour
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Evenement as EvenementDeFacture
from sesam_desktop.factures.depot import Filtre, Resume
from sesam_desktop.factures.facture import (
    Alerte,
    Destinataire,
    Executant,
    Facture,
    FactureSecurisee,
    FactureTarifee,
    LigneSaisie,
    LigneTarifee,
    Niveau,
    OrganismeAmc,
    Patient,
    Prescription,
    Regle,
    Tarification,
    Totaux,
)
from sesam_desktop.lecteurs.canal import Etat as EtatFente
from sesam_desktop.lecteurs.canal import Fente
from sesam_desktop.lecteurs.gestionnaire import Evenement, Genre
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.montants import appliquer_taux
from sesam_desktop.poste.aide_ccam import AideCcam
from sesam_desktop.poste.changements import Changements
from sesam_desktop.poste.chronique import EvenementDate
from sesam_desktop.poste.configuration import Configuration
from sesam_desktop.poste.droits import PatientLu
from sesam_desktop.poste.essai_lecture import EssaiLecture
from sesam_desktop.poste.temoin_lectures import Lecture

from .faux_courrier import Certificats, Corbeille, Demandes, Recyclage
from .faux_paiements import Paiements, ServiceIndicateurs
from .faux_services import AMOXICILLINE, PARACETAMOL, PRODUITS, Pieces, Referentiels, Transmission, pdf
from .faux_terminaux import Terminaux

JOUR = date(2026, 11, 22)
CODE = "1234"


def patient(nom: str = "DURAND", prenom: str = "PAUL", nir: str = "1801975000001", rang: int = 1) -> Patient:
    return Patient(
        nir=nir, cle="73", date_naissance="19800703", rang=rang, regime="01", caisse="721", centre="0000", nom=nom,
        prenom=prenom, numero_serie_vitale="0000000000000017",
    )


def carte_vitale(*prenoms: str) -> CarteVitale:
    beneficiaires = tuple(
        Beneficiaire("DURAND", "DURAND", prenom, date_naissance="19800703", rang=rang)
        for rang, prenom in enumerate(prenoms or ("PAUL",), 1)
    )
    assure = Assure("1801975000001", "73", "01", "721", "0000", "10")
    return CarteVitale("V2", "0000000000000017", None, assure, beneficiaires)


def situation(rang: int = 1, raison_sociale: str = "PHARMACIE DU MARCHE", *, remplacant: str = "") -> Situation:
    return Situation(
        rang, "4" if remplacant else "0", "1", "1", Structure("1", "720000018", "", raison_sociale), f"7220000{rang}",
        "1", "1", "50", "24", "1", remplacant=Remplacant(remplacant, "0") if remplacant else None, signe_facture=True,
        signe_lot=True,
    )


def carte_ps(*situations: Situation) -> CartePS:
    return CartePS("CPS", Identification("8", "1000123456", "3"), "M", "MARTIN", "CLAIRE", situations or (situation(),),
                   "00000042")


def carte_duo(fin: date | None = None) -> CarteDuo:
    return CarteDuo("DUO0001", (IdentitePuce("DURAND", "PAUL", "19800703"),),
                    Amc("12345678", "", "A1", "1", date(2026, 1, 1), fin))


def fente(lecteur: str, etat: EtatFente = EtatFente.VIDE, carte: GenreCarte = GenreCarte.INCONNUE, atr: str = "",
          canal: str = "pcsc") -> Fente:
    """One slot. Its ATR is a matter of display only."""
    return Fente(canal, lecteur, etat, bytes.fromhex(atr), carte)


class Lecteurs:
    """The readers' service, without readers: `branchees` are the slots, `panne` stops the service."""

    def __init__(self, changements: Changements) -> None:
        self._changements = changements
        self.ps: CartePS | None = carte_ps()
        self.vitale: CarteVitale | None = None
        self.duo: CarteDuo | None = None
        self.session_ouverte = False
        self.essais: list[str] = []
        self.branchees: list[Fente] = []
        self.panne: ErreurConnue | None = None
        self.nouvelles: list[EvenementDate] = []
        self.table: list[Any] = []
        self.trace: Path | None = None
        self.essai: EssaiLecture | ErreurConnue = EssaiLecture(())
        self.lectures: dict[str, Lecture] = {}
        self.temoin = SimpleNamespace(derniere=self.lectures.get)
        self.plan: Any = None
        self.ecrits: list[Path | None] = []
        self._rang: int | None = None

    def fentes(self) -> list[Fente]:
        if self.panne is not None:
            raise self.panne
        return list(self.branchees)

    def evenements(self) -> list[EvenementDate]:
        return list(self.nouvelles)

    def ressources(self) -> list[Any]:
        return list(self.table)

    def arriver(self, genre: Genre, *fentes: Fente) -> None:
        """The slots are now `fentes`; `genre` is what happened to the first of them."""
        self.branchees = list(fentes)
        evenement = Evenement(genre, "pcsc", fentes[0] if fentes else None)
        self.nouvelles.insert(0, EvenementDate(datetime(2026, 11, 22, 9, 0, tzinfo=UTC), evenement))
        self._changements.annoncer("cartes")

    def arreter(self, _incident: str) -> None:
        self.panne = ErreurConnue("Le service des cartes est arrêté.", code="SERVICE_CARTES_ARRETE")
        self.annoncer()

    def annoncer(self) -> None:
        self._changements.annoncer("cartes")

    def situations(self) -> tuple[Situation, ...]:
        return self.ps.situations if self.ps is not None and self.session_ouverte else ()

    @property
    def situation(self) -> Situation | None:
        choix = self.situations()
        choisie = next((s for s in choix if s.rang == self._rang), None)
        return choisie or (choix[0] if len(choix) == 1 else None)

    def choisir_situation(self, rang: int) -> Situation:
        self._rang = rang
        self._changements.annoncer("cartes")
        assert self.situation is not None
        return self.situation

    def essayer(self) -> EssaiLecture:
        if isinstance(self.essai, ErreurConnue):
            raise self.essai
        return self.essai

    def tracer(self, actif: bool) -> Path | None:
        self.trace = Path("/profil/journaux/lecteurs.log") if actif else None
        return self.trace

    def realigner(self, chemin: Path | None = None, *, simuler: bool = False) -> Any:
        if isinstance(self.plan, ErreurConnue):
            raise self.plan
        if not simuler:
            self.ecrits.append(chemin)
        return self.plan

    def ouvrir_session(self, code: str) -> CartePS:
        self.essais.append(code)
        if code != CODE:
            raise ErreurConnue("Le code porteur est faux.", code="CODE_FAUX", action="Il reste 2 essais.")
        self.session_ouverte = True
        self._changements.annoncer("cartes")
        return carte_ps()

    def inserer(self, carte: CarteVitale | None) -> None:
        self.vitale = carte
        self._changements.annoncer("cartes")

    def lire_ps(self) -> CartePS:
        self.ps = self.ps or carte_ps()
        return self.ps

    def lire_vitale(self) -> CarteVitale:
        self.vitale = self.vitale or carte_vitale()
        return self.vitale

    def lire_duo(self) -> CarteDuo:
        self.duo = self.duo or carte_duo()
        return self.duo


class Droits:
    def __init__(self) -> None:
        self.alertes: tuple[Alerte, ...] = ()
        self.amc: OrganismeAmc | None = None
        self.c2s = False
        self.tod = SimpleNamespace(libelle=lambda regime, organisme: "CPAM Sarthe")
        self.oppositions = SimpleNamespace(version=lambda: SimpleNamespace(version="12", date="2026-11-18", effectif=3))

    def patient(self, carte: CarteVitale, rang: int, jour: date, duo: CarteDuo | None = None) -> PatientLu:
        if duo is not None and duo.adherent.nom != carte.beneficiaires[rang].nom_usuel:
            raise ErreurConnue("Cette carte ne couvre pas ce patient.", code="DUO_AUTRE_PATIENT")
        beneficiaire = carte.beneficiaires[rang]
        droits = DroitsDuJour(True, date(2026, 12, 31), "0", "0100", False, False)
        destinataire = Destinataire("01", "721", "0000", "721", "001", "01721@demo.invalid", "CPAM Sarthe")
        lu = replace(patient(beneficiaire.nom_usuel, beneficiaire.prenom), rang=beneficiaire.rang, c2s=self.c2s)
        amc = OrganismeAmc(duo.amc.numero_b2) if duo is not None else self.amc
        return PatientLu(lu, droits, destinataire, None, self.alertes, amc)


def _ligne(rang: int, demande: LigneSaisie, jour: date) -> list[LigneTarifee]:
    produit = PRODUITS.get(demande.cip13)
    prix = demande.prix_centimes or (produit.prix_centimes if produit else 315) or 0
    libelle = f"{produit.libelle}, {produit.presentation}" if produit else demande.acte
    lignes = [_tarifee(demande.acte if not produit else "PH7", libelle, prix, demande, rang, jour)]
    if produit:
        lignes.append(_tarifee("HD7", "Honoraire de dispensation", 102, demande, rang, jour))
    return lignes


def _tarifee(acte: str, libelle: str, prix: int, demande: LigneSaisie, rang: int, jour: date) -> LigneTarifee:
    base = prix * demande.quantite
    amo = appliquer_taux(base, 6500)
    regles = (Regle("TAUX_PH7", "Médicament remboursé à 65 %.", "CSS R.160-5", "2026.11", "taux"),
              Regle("PRIX", "Prix public de la base des médicaments.", "BDPM", "2026-11-20", "base", a_confirmer=True))
    return LigneTarifee(
        acte, libelle, demande.quantite, demande.coefficient, prix, base, base, 6500, "0", amo, 0, base - amo, 0,
        regles, demande.date or jour, rang, demande.cip13, demande.complement,
    )


class Facturation:
    def __init__(self, poste: FauxPoste) -> None:
        self._poste = poste
        self.garde: Facture | None = None
        self.de_cote: list[tuple[int, Facture]] = []
        self.signees: list[FactureSecurisee] = []
        self.alertes: tuple[Alerte, ...] = ()
        self.refus: ErreurConnue | None = None
        self.refus_tarif: ErreurConnue | None = None
        self.aide = AideCcam()

    def executant(self, rang: int = 0) -> Executant:
        if not self._poste.lecteurs.session_ouverte:
            raise ErreurConnue("La carte du professionnel n'a pas été lue.", code="PS_ABSENT",
                               action="Insérez la CPS et saisissez son code porteur.")
        return executant(self._poste.configuration.profession)

    def tarifer(self, facture: Facture) -> Tarification:
        if self.refus_tarif is not None:
            raise self.refus_tarif
        lignes = tuple(
            t for rang, demande in enumerate(facture.lignes) for t in _ligne(rang, demande, facture.date_soins)
        )
        sommes = [sum(getattr(t, c) for t in lignes) for c in (
            "montant_centimes", "base_centimes", "amo_centimes", "amc_centimes", "assure_centimes")]
        return Tarification(lignes, Totaux(*sommes))

    def controler(self, facture: Facture) -> tuple[Alerte, ...]:
        return self.alertes

    def aider(self, facture: Facture, rang: int) -> AideCcam:
        return self.aide

    def securiser(self, facture: Facture, niveau: Niveau, *, remplace: str = "") -> FactureSecurisee:
        if self.refus is not None:
            raise self.refus
        numero = f"{len(self._poste.registre.factures) + 1:09d}"
        tarifee = FactureTarifee(numero, JOUR, facture, self.tarifer(facture), DESTINATAIRE, niveau, remplace=remplace)
        securisee = FactureSecurisee(tarifee, "00" * 32, ())
        self.signees.append(securisee)
        self._poste.registre.factures[numero] = (securisee, Etat.SIGNEE_PS)
        self._poste.changements.annoncer("factures")
        return securisee

    def brouillon(self) -> Facture | None:
        return self.garde

    def garder_brouillon(self, facture: Facture) -> None:
        self.garde = facture

    def effacer_brouillon(self) -> None:
        self.garde = None

    def brouillons(self) -> list[tuple[int, Facture]]:
        return self.de_cote

    def mettre_de_cote(self) -> None:
        assert self.garde is not None
        self.de_cote.append((len(self.de_cote) + 1, self.garde))
        self.garde = None

    def reprendre_brouillon(self, identifiant: int) -> None:
        self.de_cote = [(i, f) for i, f in self.de_cote if i != identifiant]

    def prescripteurs(self, texte: str) -> list[Prescription]:
        connus = [Prescription(JOUR, "10001234565", "01", "T", "LEROY", "ANNE"),
                  Prescription(JOUR, "10005000008", "01", "T", "PETIT", "MARC")]
        return [p for p in connus if texte.upper() in p.nom or texte in p.prescripteur]

    def patients(self, texte: str) -> list[Patient]:
        return [p for p in PATIENTS if texte.upper() in f"{p.nom} {p.prenom} {p.nir}"]


DESTINATAIRE = Destinataire("01", "721", "0000", "721", "001", "01721@demo.invalid", "CPAM Sarthe")
PATIENTS = [patient(), patient("MARTIN", "LUCIE", "2551999000002"), patient("BERNARD", "JEAN", "1401999000003")]


def executant(profession: str) -> Executant:
    numero = "72200009" if profession == "pharmacien" else "72200001"    # the pharmacy's, or the card holder's own
    return Executant(profession, "50", numero_facturation=numero, nom="MARTIN", prenom="CLAIRE")


class Registre:
    def __init__(self) -> None:
        self.factures: dict[str, tuple[FactureSecurisee, Etat]] = {}

    def remplir(self, facturation: Facturation, etats: list[Etat]) -> None:
        for rang, etat in enumerate(etats, 1):
            demande = Facture(
                JOUR - timedelta(days=rang // 3), executant("pharmacien"), PATIENTS[rang % 3],
                (LigneSaisie("MEDICAMENT", rang % 4 + 1, cip13=PARACETAMOL),
                 LigneSaisie("MEDICAMENT", cip13=AMOXICILLINE)),
                prescription=Prescription(JOUR, "10001234565", "01", "T", "LEROY", "ANNE"),
            )
            numero = f"{len(self.factures) + 1:09d}"
            tarifee = FactureTarifee(
                numero, JOUR, demande, facturation.tarifer(demande), DESTINATAIRE, Niveau.SECURISEE
            )
            self.factures[numero] = (FactureSecurisee(tarifee, "00" * 32, ()), etat)

    def soigner(self, facturation: Facturation, actes: tuple[LigneSaisie, ...]) -> None:
        """Yesterday's round: one visit to each known patient."""
        for soigne in PATIENTS:
            demande = Facture(JOUR - timedelta(days=1), executant("infirmier"), soigne, actes)
            numero = f"{len(self.factures) + 1:09d}"
            tarifee = FactureTarifee(
                numero, JOUR, demande, facturation.tarifer(demande), DESTINATAIRE, Niveau.SECURISEE
            )
            self.factures[numero] = (FactureSecurisee(tarifee, "00" * 32, ()), Etat.PAYEE)

    def lister(self, filtre: Filtre) -> list[Resume]:
        resumes = [_resume(fs, etat) for fs, etat in self.factures.values()]
        mots = filtre.texte.casefold().split()
        gardes = [r for r in resumes if all(m in f"{r.numero} {r.patient} {self._nir(r)}".casefold() for m in mots)]
        gardes = [r for r in gardes if not filtre.etats or r.etat in filtre.etats]
        return sorted(gardes, key=lambda r: r.numero, reverse=True)[: filtre.limite or None]

    def _nir(self, resume: Resume) -> str:
        return self.factures[resume.numero][0].facture.demande.beneficiaire.nir

    def par_etat(self) -> dict[str, int]:
        return {}

    def charger(self, numero: str) -> FactureSecurisee:
        return self.factures[numero][0]

    def historique(self, numero: str) -> list[EvenementDeFacture]:
        return [EvenementDeFacture(nom, datetime(2026, 11, 22, 9, rang, tzinfo=UTC), {})
                for rang, nom in enumerate(("composee", "tarifee", "signee_vitale", "signee_ps"))]

    def duplicata(self, numero: str, chemin: Path) -> Path:
        chemin.write_bytes(pdf(f"Duplicata de la facture {numero}"))
        return chemin

    def recycler(self, numero: str) -> Facture:
        return self.factures[numero][0].facture.demande


def _resume(fs: FactureSecurisee, etat: Etat) -> Resume:
    f, t = fs.facture, fs.facture.tarification.totaux
    nom = f"{f.demande.beneficiaire.nom} {f.demande.beneficiaire.prenom}"
    return Resume(
        f.numero, etat, datetime(2026, 11, 22, 9, tzinfo=UTC), f.demande.date_soins, nom, "01721001", f.niveau.value,
        t.facture_centimes, t.amo_centimes, t.amc_centimes, t.assure_centimes, f.remplace,
    )


class Environnement:
    """What the menu of demonstration cards calls."""

    def __init__(self, lecteurs: Lecteurs) -> None:
        self._lecteurs = lecteurs
        self.tournees: list[str] = []
        self.scenario = "nominal"
        self.socle = SimpleNamespace(**{
            nom: partial(self.tournees.append, nom) for nom in ("visiter", "enlever", "poser")
        })

    def scenarios(self) -> dict[str, str]:
        return {"nominal": "Tout se passe bien", "silence": "Les caisses ne répondent plus"}

    def jouer(self, nom: str) -> None:
        self.scenario = nom

    def module_pkcs11(self, configuration: Configuration) -> str:
        return configuration.module_pkcs11

    def cartes_vitale(self) -> dict[str, str]:
        return {"assure": "DURAND PAUL"}

    def cartes_ps(self) -> dict[str, str]:
        return {"pharmacien": "MARTIN CLAIRE (pharmacien)"}

    def inserer_vitale(self, nom: str | None) -> None:
        self._lecteurs.inserer(carte_vitale() if nom else None)

    def inserer_ps(self, nom: str | None) -> None:
        self._lecteurs.ps = carte_ps() if nom else None

    def cartes_duo(self) -> dict[str, str]:
        return {"duo-assure": "DURAND PAUL"}

    def inserer_duo(self, nom: str | None) -> None:
        self._lecteurs.duo = carte_duo() if nom else None
        self._lecteurs.branchees = [fente("Lecteur 3", EtatFente.PRESENTE, GenreCarte.DUO)] if nom else []
        self._lecteurs.annoncer()

    @property
    def incidents(self) -> Any:
        return SimpleNamespace(proposes=lambda: {"service-arrete": "Arrêter le service des cartes"},
                               simuler=self._lecteurs.arreter)


@dataclass
class FauxPoste:
    """Attributes of the real one."""

    configuration: Configuration = field(default_factory=lambda: Configuration(demonstration=True, departement="72"))
    changements: Changements = field(default_factory=Changements)
    ferme: bool = False

    def __post_init__(self) -> None:
        self.lecteurs = Lecteurs(self.changements)
        self.environnement = Environnement(self.lecteurs)
        self.droits = Droits()
        self.registre = Registre()
        self.facturation = Facturation(self)
        self.referentiels = Referentiels()
        self.pieces = Pieces(self.registre, self.changements.annoncer)
        self.transmission = Transmission(self)
        self.terminaux = Terminaux(self.changements.annoncer)
        self.corbeille = Corbeille(self.changements.annoncer)
        self.certificats = Certificats(self.transmission, self.changements.annoncer)
        self.paiements = Paiements(self.changements.annoncer)
        self.indicateurs = ServiceIndicateurs()
        self.demandes = Demandes()
        self.recyclage = Recyclage(self.registre, self.changements.annoncer)
        self.nombres: dict[str, int] = {}
        self.secrets: list[tuple[str, str]] = []

    def compteurs(self) -> dict[str, int]:
        return self.nombres

    def changer_profession(self, profession: str) -> None:
        if profession != self.configuration.profession:
            self.enregistrer_configuration(replace(self.configuration, profession=profession))

    def enregistrer_configuration(self, configuration: Configuration) -> None:
        if not 0 < len(configuration.departement) < 4:
            raise ErreurConnue("Le département est obligatoire.", code="CONFIGURATION_INVALIDE")
        self.configuration = configuration
        self.changements.annoncer("configuration")

    def enregistrer_mot_de_passe(self, secret: str, boite: str = "RSV") -> None:
        self.secrets.append((boite, secret))

    def fermer(self) -> None:
        self.ferme = True
