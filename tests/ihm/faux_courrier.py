"""The outbox and what becomes of refusals, in memory, for the window's tests: the services' own values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot_dre import FiltreDre, ResumeDre
from sesam_desktop.factures.facture import Niveau, OrganismeAmc
from sesam_desktop.flux.causes import explication
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.corbeille import EtatBoite
from sesam_desktop.teletransmission.a_tort import RejetATort
from sesam_desktop.teletransmission.bilan import BilanEnvoi
from sesam_desktop.teletransmission.depot_corbeille import Essai
from sesam_desktop.teletransmission.depot_messages import LotPorte, MessageVu
from sesam_desktop.teletransmission.depot_retours import CourrierVu
from sesam_desktop.teletransmission.depot_suspensions import Suspension
from sesam_desktop.teletransmission.papier import EnvoiPapier, Feuilles
from sesam_desktop.teletransmission.recyclage import Correction, MotifExplique

INSTANT = "2026-11-22T09:00:00+00:00"
REPORTE = MessageVu(
    "1@demo.invalid", "RSV", "01721@demo.invalid", 4096, "en_attente", 2, "2026-11-22T09:02:00+00:00",
    "451 4.7.1 Greylisting in action", INSTANT, "", (LotPorte(1, "FSE", "01 721 001", "001", "2026-11-22", 3, 123456),),
)
REFUSE = replace(REPORTE, message_id="2@demo.invalid", boite="OCT", etat="en_quarantaine",
                 derniere_erreur="554 5.7.1 Rejected",
                 lots=(LotPorte(2, "DRE", "0099999997", "002", "2026-11-22", 1, 5000),))


class Corbeille:
    """One message put off, one refused, the log of both."""

    def __init__(self, annoncer: Callable[[str], None]) -> None:
        self._annoncer = annoncer
        self.contenu: list[MessageVu] = []
        self.recus: list[CourrierVu] = []
        self.suspensions: dict[str, Suspension] = {}
        self.dus = 0
        self.bilan = BilanEnvoi()

    def etat(self) -> list[EtatBoite]:
        return [EtatBoite("RSV", self.dus, self.suspensions.get("RSV"), ""),
                EtatBoite("OCT", 0, self.suspensions.get("OCT"), "12:00-14:00")]

    def messages(self, etats: Collection[str] = ()) -> list[MessageVu]:
        return [m for m in self.contenu if not etats or m.etat in etats]

    def journal(self, message_id: str) -> list[Essai]:
        message = next(m for m in self.contenu if m.message_id == message_id)
        return [Essai(INSTANT, 1250, message.etat, message.derniere_erreur)]

    def avis(self) -> list[CourrierVu]:
        return self.recus

    def suspendre(self, boite: str, motif: str) -> None:
        self.suspensions[boite] = Suspension(boite, motif, "claire", INSTANT)
        self._annoncer("lots")

    def reprendre(self, boite: str) -> bool:
        self._annoncer("lots")
        return self.suspensions.pop(boite, None) is not None

    def a_envoyer_maintenant(self) -> int:
        return self.dus

    def envoyer_planifie(self, annule: Any) -> BilanEnvoi:
        return self.bilan


class Recyclage:
    """Reasons given by `motifs`: (code, words, line of the request or None)."""

    def __init__(self, registre: Any, annoncer: Callable[[str], None]) -> None:
        self._registre, self._annoncer = registre, annoncer
        self.motifs: list[tuple[str, str, int | None]] = []
        self.faits: list[Any] = []
        self.lot: tuple[str, tuple[str, ...]] = ("", ())  # one that no server took: its number, its invoices
        self.douteuse = False  # the fund may have what is put on paper

    def dossier(self, numero: str) -> Correction:
        facture, etat = self._registre.charger(numero).facture, self._registre.historique(numero)[-1].nom
        motifs = tuple(MotifExplique(code, mots, explication(code, mots), ligne) for code, mots, ligne in self.motifs)
        return Correction(numero, Etat(etat), Niveau.SECURISEE, facture.demande, motifs, "")

    def renvoyer_lot(self, lot: int, **_options: Any) -> Any:
        self.faits.append(("renvoyer", lot))
        return BilanRenvoi()

    def feuilles(self, numeros: Sequence[str]) -> Feuilles:
        numero, factures = self.lot
        if not set(factures) & set(numeros):
            return Feuilles(tuple(numeros), (), tuple(numeros))
        seules = tuple(n for n in numeros if n not in factures)
        return Feuilles((*seules, *factures), (numero,), seules)

    def sur_papier(
        self, numeros: Sequence[str], dossier: Path, *, non_recues: bool = False
    ) -> list[EnvoiPapier]:
        if self.douteuse and not non_recues:
            raise ErreurConnue("La caisse a peut-être déjà la facture.", code="PAPIER_A_CONFIRMER")
        self.faits.append(("papier", *numeros))
        return [EnvoiPapier("01 721 001", "CPAM Sarthe", dossier / "b.pdf", (dossier / "d.pdf",), tuple(numeros))]

    def contester(self, numero: str, raison: str) -> None:
        self.faits.append(("tort", numero, raison))
        self._annoncer("factures")

    def rejets_a_tort(self) -> list[RejetATort]:
        return [
            RejetATort(numero, "01 721 001", "CPAM Sarthe", date(2026, 11, 2), datetime(2026, 11, 12, tzinfo=UTC),
                       ("0816 DROITS FERMES",), raison, 1000, 250, Etat.REJETEE)
            for geste, numero, raison in (f for f in self.faits if f[0] == "tort")
        ]


class Certificats:
    """The store of the workstation, filled by a file or by the directory."""

    def __init__(self, transmission: Any, annoncer: Callable[[str], None]) -> None:
        self._gardes, self._annoncer = transmission.certificats, annoncer

    def garder(self, adresse: str, etat: str = "valable", annees: int = 2) -> Any:
        fin = datetime.now(UTC) + timedelta(days=365 * annees + 1)
        self._gardes.append(SimpleNamespace(adresse=adresse, fin=fin, sujet=f"CN={adresse}", emetteur="CN=AUTORITE",
                                            der=f"{adresse}{len(self._gardes)}".encode(), etat=etat))
        self._annoncer("configuration")
        return self._gardes[-1]

    def importer(self, chemin: Path, adresse: str) -> list[Any]:
        return [self.garder(adresse)]

    def chercher(self, adresse: str, configuration: Any) -> Any:
        if configuration.annuaire.hote == "annuaire.demo.invalid":
            return self.garder(adresse)
        raise ErreurConnue("L'annuaire ne répond pas.", code="ANNUAIRE_INJOIGNABLE")


class Demandes:
    """What was asked apart from insurers."""

    def __init__(self) -> None:
        self.gardees: list[ResumeDre] = []
        self.annulees: list[str] = []
        self.rectifiees: list[tuple[str, OrganismeAmc]] = []

    def lister(self, filtre: FiltreDre) -> list[ResumeDre]:
        trouvees = [d for d in self.gardees if filtre.texte.upper() in f"{d.numero} {d.patient}"]
        return [d for d in trouvees if filtre.fse in ("", d.fse)][:filtre.limite]

    def contrat(self, numero: str) -> OrganismeAmc:
        return OrganismeAmc(next(d.amc for d in self.gardees if d.numero == numero), adherent="ADH1")

    def rectifier(self, numero: str, amc: OrganismeAmc) -> tuple[str, ...]:
        self.rectifiees.append((numero, amc))
        return ("000000901",)

    def de_la_facture(self, fse: str) -> list[ResumeDre]:
        return [d for d in self.gardees if d.fse == fse]

    def annuler(self, numero: str) -> str:
        self.annulees.append(numero)
        return "000000900"


class BilanRenvoi:
    """Of a lot sent again."""

    lots = (1,)
    refus = ()
