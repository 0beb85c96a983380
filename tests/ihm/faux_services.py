"""The workstation's back office for the window's tests: tables, pieces, lots and returns, in memory."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sesam_desktop.factures.depot import Filtre, Resume
from sesam_desktop.flux import noemie
from sesam_desktop.noyau.erreurs import Annulation, ErreurConnue
from sesam_desktop.poste.etats_referentiels import EtatSource, EtatTable
from sesam_desktop.poste.recherche_referentiels import Trouvaille
from sesam_desktop.referentiels.base_referentiels import VersionReferentiel
from sesam_desktop.referentiels.differences import Champ, Difference, Differences
from sesam_desktop.teletransmission.bilan import BilanEnvoi, BilanRetours
from sesam_desktop.teletransmission.controle import Remarque
from sesam_desktop.teletransmission.delais import Echeance, Situation
from sesam_desktop.teletransmission.depot_retours import CourrierVu, RetourVu
from sesam_desktop.teletransmission.lots import BilanLots, LotPrepare
from sesam_desktop.teletransmission.prevision import CarteDemandee, CertificatProche, Prevision
from sesam_desktop.teletransmission.selection import Refus
from sesam_desktop.teletransmission.tableau import FicheLot, Tableau
from tests.flux.fabrique import ENTETE, corps_noemie

RETOUR = noemie.composer(ENTETE, corps_noemie())

PARACETAMOL = "3400930000014"
AMOXICILLINE = "3400930000021"
VERSION = VersionReferentiel(2, "bdpm", "2026-11-20", "2026-11-21T08:00:00+00:00", 20902)
VERSION_PRECEDENTE = VersionReferentiel(1, "bdpm", "2026-07-24", "2026-07-25T08:00:00+00:00", 20874)


@dataclass(frozen=True)
class Produit:
    """What a look-up answers."""

    cip13: str
    libelle: str
    presentation: str
    prix_centimes: int | None
    taux: int
    honoraire_centimes: int | None = 102
    commercialise: bool = True


PRODUITS = {
    p.cip13: p
    for p in (
        Produit(PARACETAMOL, "PARACETAMOL 1 g, comprimé", "boîte de 8", 116, 6500),
        Produit(AMOXICILLINE, "AMOXICILLINE 1 g, comprimé dispersible", "boîte de 14", 413, 6500),
    )
}


class Referentiels:
    """Tables in memory; `importer` goes step by step so that progress and cancel can be seen."""

    def __init__(self) -> None:
        self.comparees: list[tuple[str, str, str]] = []
        self.importees: dict[str, list[Trouvaille]] = {}
        self.pas = threading.Event()
        self.pas.set()

    def chercher(self, terme: str, jour: date, limite: int = 50) -> list[Produit]:
        if terme in PRODUITS:
            return [PRODUITS[terme]]
        return [p for p in PRODUITS.values() if terme.upper() in p.libelle.upper()][:limite]

    def chercher_dans(self, source: str, terme: str, jour: date, limite: int = 50) -> list[Trouvaille]:
        if source == "bdpm":
            return [Trouvaille(source, p.cip13, p.libelle, p.presentation, "2026-11-20", False, p)
                    for p in self.chercher(terme, jour, limite)]
        if source not in self.importees:
            raise ErreurConnue("Cette table n'est pas installée sur ce poste.", code="REFERENTIEL_ABSENT")
        mots = terme.upper().split()
        lus = [t for t in self.importees[source] if all(m in f"{t.code} {t.libelle}".upper() for m in mots)]
        return lus[:limite]

    def sources(self) -> list[EtatSource]:
        return [
            EtatSource("bdpm", "base publique", "2026-11-20", date(2026, 11, 20), 20902, 6, "2026-11-21T08:00:00+00:00",
                       "", (VERSION, VERSION_PRECEDENTE)),
            EtatSource("ccam", "classification commune"),
            EtatSource("demonstration", "petite table"),
        ]

    def versions(self) -> list[VersionReferentiel]:
        return [VERSION, VERSION_PRECEDENTE]

    def tables_livrees(self) -> list[EtatTable]:
        return [EtatTable("prix", "2026.11", 120, 90, 12), EtatTable("taux", "2026.10", 30, 30, 4)]

    def source_du_code(self, terme: str) -> str:
        return "ccam" if terme.upper() == "DEQP003" else ""

    def differences(self, source: str, avant: str, apres: str) -> Differences:
        self.comparees.append((source, avant, apres))
        if avant == apres:
            raise ErreurConnue("Choisissez deux versions différentes.", code="VERSION_INCONNUE")
        return Differences(source, avant, apres, 1, 1, 1, (
            Difference("ajout", "presentation", AMOXICILLINE, "AMOXICILLINE 1 g"),
            Difference("retrait", "presentation", "3400930000038", "IBUPROFENE 400 mg"),
            Difference("modification", "presentation", PARACETAMOL, "PARACETAMOL 1 g",
                       (Champ("taux", 6500, 3000), Champ("prix", None, 116), Champ("commercialise", 1, 0))),
        ))

    def version_tod(self) -> Any:
        return SimpleNamespace(version="12", date="2026-10-01", effectif=2100)

    def version_oppositions(self) -> Any:
        return None

    def importer(self, source: str, chemin: Path, progression: Any, annule: Any) -> Any:
        for fait in range(1, 4):
            progression(fait, 3)
            self.pas.wait(5)
            if annule():
                raise Annulation()
        return SimpleNamespace(version="2026-11-22", lignes=3, rejets=[1])

    def importer_tod(self, chemin: Path) -> Any:
        raise ErreurConnue("Ce fichier n'est pas une table des organismes.", code="TOD_INVALIDE", ou=chemin.name)

    importer_loe = appliquer_loi = importer_tod


class Pieces:
    """Pieces kept in a list."""

    def __init__(self, registre: Any, annoncer: Any) -> None:
        self._registre, self.annoncer = registre, annoncer
        self.gardees: list[Any] = []
        self.conforme = True
        self.branches: list[Any] = []
        self.numerises: list[str] = []
        self.panne: ErreurConnue | None = None

    def a_numeriser(self) -> list[Resume]:
        jointes = {numero for piece in self.gardees for numero in piece.factures}
        return [r for r in self._registre.lister(Filtre()) if r.numero not in jointes]

    def lister(self, etat: str = "") -> list[Any]:
        return list(self.gardees)

    def verifier(self, chemin: Path) -> Any:
        motifs = () if self.conforme else ("La page est floue.",)
        return SimpleNamespace(dpi=300, conforme=self.conforme, motifs=motifs)

    def ajouter(self, numeros: list[str], chemins: list[Path], genre: str) -> Any:
        piece = SimpleNamespace(
            id=len(self.gardees) + 1, genre=genre, pages=1, dpi=300, taille=1, etat="prete",
            cree_le=datetime(2026, 11, 22, 9, tzinfo=UTC), factures=tuple(numeros),
        )
        self.gardees.append(piece)
        return piece

    def renvoyer(self, identifiant: int) -> None:
        self._changer(identifiant, "prete")

    def classer(self, identifiant: int) -> None:
        self._changer(identifiant, "classee")

    def _changer(self, identifiant: int, etat: str) -> None:
        next(piece for piece in self.gardees if piece.id == identifiant).etat = etat
        self.annoncer("pieces")

    def contenu(self, identifiant: int) -> bytes:
        return pdf(f"Pièce {identifiant}")

    def numeriseurs(self) -> list[Any]:
        return self.branches

    def numeriser(self, nom: str, chemin: Path, annule: Any) -> Path:
        if self.panne is not None:
            raise self.panne
        self.numerises.append(nom)
        chemin.write_bytes(pdf("Page"))
        return chemin


class Transmission:
    """Lots as numbers; the board is the real one's values."""

    def __init__(self, poste: Any) -> None:
        self._poste = poste
        self.a_mettre_en_lot, self.a_envoyer, self.a_traiter = 0, [], []
        self.faits: list[str] = []
        self.courriers: list[CourrierVu] = []
        self.refus: ErreurConnue | None = None
        self.certificats: list[Any] = []

    def magasin(self) -> Any:
        return SimpleNamespace(lister=lambda: list(self.certificats), etat=lambda certificat: certificat.etat)

    def tableau(self) -> Tableau:
        return Tableau(tuple(self.a_envoyer), (), tuple(self.a_traiter), self.a_mettre_en_lot, 0,
                       tuple(self.courriers), ())

    def preparer(self, a_blanc: bool, progression: Any, annule: Any, *, refusees: bool = False) -> Any:
        if a_blanc:
            return essai_a_blanc()
        self.faits.append("renvoyer" if refusees else "preparer")
        self.a_envoyer, self.a_mettre_en_lot = [fiche(1)], 0
        return SimpleNamespace(lots=[1], refus=[])

    def envoyer(self, progression: Any, annule: Any, maintenant: bool = False) -> Any:
        self.faits.append("envoyer")
        if self.refus is not None:
            raise self.refus
        self.a_envoyer = []
        return BilanEnvoi(remis=1)

    def relever(self, progression: Any, annule: Any) -> Any:
        self.faits.append("relever")
        self.a_traiter = [fiche(2, "Lot refusé par la caisse.")]
        return BilanRetours(recus=1, arl_negatifs=1)

    def relancer(self, message_id: str) -> bool:
        self.faits.append(f"relancer {message_id}")
        return True

    def classer(self, courrier: int, motif: str) -> None:
        self.courriers = [c for c in self.courriers if c.id != courrier]
        self.faits.append(f"classer {courrier} {motif}")

    def relire(self, courrier: int) -> Any:
        self.faits.append(f"relire {courrier}")
        return BilanRetours()

    def retours_du_lot(self, lot: int) -> list[RetourVu]:
        motifs = [{"code": "C12", "libelle": "Total faux"}]
        return [RetourVu(1, 1, "ARL-", lot, "2026-11-22T09:00:00+00:00", {"motifs": motifs})]

    def contenu(self, courrier: int) -> bytes:
        return RETOUR


def essai_a_blanc() -> BilanLots:
    """One lot accepted with a remark, one invoice left aside, and one thing of each kind to know."""
    lot = LotPrepare("FSE", "01 721 001", "01721@demo.invalid", "S", "", 3, 123456, 90000, "avertissement",
                     (Remarque("avertissement", "X1", "Date ancienne", "000000003"),))
    prevision = Prevision(
        (CarteDemandee("722000018", "MARTIN CLAIRE", 1),),
        (CertificatProche("01721@demo.invalid", datetime(2026, 12, 2, tzinfo=UTC), 10),),
        (Echeance("000000003", date(2026, 11, 9), True, date(2026, 11, 20), -1, Situation.DEPASSE),
         Echeance("000000004", date(2026, 11, 16), True, date(2026, 11, 25), 2, Situation.PROCHE)),
    )
    refus = Refus("000000009", "CERTIFICAT_ABSENT", "Certificat absent.")
    return BilanLots(True, [lot], [refus], prevision=prevision)


def fiche(numero: int, motif: str = "") -> FicheLot:
    """One lot of the board."""
    return FicheLot(numero, "FSE", "01 721 001", "01721@demo.invalid", f"{numero:03d}", "2026-11-22", 3, 123456, 90000,
                    timedelta(hours=3), f"{numero}@demo.invalid", "prete", motif)


def pdf(texte: str) -> bytes:
    """A page with one line."""
    from reportlab.pdfgen.canvas import Canvas

    sortie = io.BytesIO()
    page = Canvas(sortie)
    page.drawString(72, 760, texte)
    page.save()
    return sortie.getvalue()
