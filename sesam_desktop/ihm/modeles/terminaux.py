"""Portable terminals as rows and sentences: what they carry, what waits for the professional, what a job gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sesam_desktop.noyau import dates, montants

from .bilans import Avis, compter
from .table import Colonne

if TYPE_CHECKING:
    from sesam_desktop.poste.terminaux_bilans import (
        ASigner,
        BilanChargement,
        BilanDechargement,
        BilanSignature,
        Prete,
        RefusTla,
        Terminal,
    )

_ECART_DIT_S = 60
_DOUBLON = "TLA_DEJA_FACTUREE"


@dataclass(frozen=True)
class LigneAttente:
    """One thing that waits: a visit to be signed or completed, a document refused, an invoice out on a terminal.

    `empreinte` names the document, "" for a loan; `code` is that of the refusal, if any.
    """

    etat: str
    quoi: str
    numero: str
    patient: str = ""
    soins: str = ""
    ordre: int = 0
    total_centimes: int = 0
    terminal: str = ""
    empreinte: str = ""
    code: str = ""

    @property
    def pretee(self) -> bool:
        """Out on a terminal: it may be taken back."""
        return not self.empreinte

    @property
    def doublon(self) -> bool:
        """Refused because the visit seems to be billed already: it may be signed all the same."""
        return self.code == _DOUBLON


def lignes_attente(
    attente: Sequence[ASigner], refuses: Sequence[RefusTla], prets: Sequence[Prete], retenues: Mapping[str, RefusTla]
) -> list[LigneAttente]:
    """What wants somebody first, then what cannot be used, then what is still out.

    `retenues`: why the last signature left a visit aside, by digest.
    """
    return [
        *(_visite(a, retenues.get(a.empreinte)) for a in attente),
        *(_refusee(refus) for refus in refuses),
        *(_pretee(pret) for pret in prets),
    ]


def a_decharger(terminaux: Sequence[Terminal]) -> Terminal | None:
    """The first terminal that brings something back."""
    return next((t for t in terminaux if t.identite.documents), None)


def colonnes_terminaux() -> list[Colonne]:
    """Of `poste.terminaux_bilans.Terminal`."""
    return [
        Colonne("etat", "État", lambda t: "à faire" if t.identite.documents else "fait", "etat", 11),
        Colonne("numero", "Terminal", lambda t: t.numero_serie, "code", 14),
        Colonne("genre", "Genre", lambda t: t.identite.genre.libelle, largeur=9, accessoire=True),
        Colonne("lecteur", "Branché sur", lambda t: t.logiciel.lecteur, largeur=20),
        Colonne("horloge", "Horloge", _horloge, largeur=16, accessoire=True),
        Colonne("documents", "Visites à décharger", lambda t: str(t.identite.documents), "nombre", 6),
        Colonne("patients", "Patients", lambda t: str(t.identite.beneficiaires), "nombre", 6),
        Colonne("factures", "Factures à signer", lambda t: str(t.identite.preparees), "nombre", 6),
        Colonne("memoire", "Mémoire libre %", _memoire, "nombre", 6, accessoire=True),
        Colonne("pile", "Pile %", lambda t: str(t.identite.pile), "nombre", 5),
    ]


def colonnes_attente() -> list[Colonne]:
    """Of `LigneAttente`."""
    return [
        Colonne("etat", "État", lambda v: v.etat, "etat", 11),
        Colonne("patient", "Patient", lambda v: v.patient, largeur=18),
        Colonne("soins", "Soins du", lambda v: v.soins, "date", 10, tri=lambda v: v.ordre, accessoire=True),
        Colonne("quoi", "Ce qui attend", lambda v: v.quoi, largeur=44, bulle=lambda v: v.quoi),
        Colonne("numero", "Facture", lambda v: v.numero, "code", 10),
        Colonne("terminal", "Terminal", lambda v: v.terminal, "code", 14, accessoire=True),
        Colonne("total", "Total €", _total, "montant", 9, tri=lambda v: v.total_centimes),
    ]


def charge(bilan: BilanChargement) -> Avis:
    """What left with the terminal."""
    phrase = (
        f"{compter(bilan.patients, 'patient chargé', 'patients chargés')}, "
        f"{compter(len(bilan.factures), 'facture à faire signer', 'factures à faire signer')} à domicile."
    )
    return _avec_refus(phrase, bilan.refuses)


def decharge(bilan: BilanDechargement) -> Avis:
    """What came back; a clock that was off is said."""
    phrase = (
        f"{compter(bilan.recus, 'visite déchargée', 'visites déchargées')}, "
        f"{len(bilan.a_signer)} à signer ou à compléter."
    )
    if abs(bilan.ecart_s) > _ECART_DIT_S:
        phrase += f" L'horloge du terminal avait {abs(bilan.ecart_s)} s d'écart : les heures ont été redressées."
    return _avec_refus(phrase, bilan.refuses)


def signe(bilan: BilanSignature) -> Avis:
    """What the professional's card signed."""
    phrase = (
        f"{compter(len(bilan.signees), 'facture signée', 'factures signées')}, "
        f"{compter(bilan.composees, 'visite à compléter', 'visites à compléter')} dans Facturer."
    )
    return _avec_refus(phrase, bilan.refuses)


def classee(refus: RefusTla) -> Avis:
    """A document filed away."""
    return Avis(f"Document {refus.quoi} classé : il n'attend plus personne.")


def reprises(numeros: Sequence[str]) -> Avis:
    """Loans taken back."""
    return Avis(f"{compter(len(numeros), 'facture reprise', 'factures reprises')} parmi les brouillons.")


def _avec_refus(phrase: str, refuses: Sequence[RefusTla]) -> Avis:
    if not refuses:
        return Avis(phrase)
    premier = refuses[0]
    autres = f" (et {compter(len(refuses) - 1, 'autre', 'autres')})" if len(refuses) > 1 else ""
    return Avis(f"{phrase} Refusé, {premier.quoi} : {premier.motif}{autres}", "avertissement", premier.code)


def _visite(a: ASigner, retenue: RefusTla | None) -> LigneAttente:
    etat, quoi = "à faire", "Signée par la Vitale, attend votre carte" if a.numero else "Visite notée, à compléter"
    if retenue is not None:
        etat, quoi = "bloqué", f"{retenue.motif} [{retenue.code}]"
    elif a.remarque:
        etat, quoi = "à corriger", f"À vérifier avant de signer : {a.remarque}"
    return LigneAttente(
        etat, quoi, a.numero, a.patient, dates.formater(a.date_soins), a.date_soins.toordinal(), a.total_centimes,
        a.terminal, a.empreinte, retenue.code if retenue is not None else "",
    )


def _refusee(refus: RefusTla) -> LigneAttente:
    return LigneAttente(
        "bloqué", f"{refus.motif} [{refus.code}]", refus.quoi, empreinte=refus.empreinte, code=refus.code
    )


def _pretee(pret: Prete) -> LigneAttente:
    return LigneAttente(
        "en cours", "Prêtée au terminal, attend la Vitale du patient", pret.numero, pret.patient,
        dates.formater(pret.date_soins), pret.date_soins.toordinal(), pret.total_centimes, pret.terminal,
    )


def _total(ligne: LigneAttente) -> str:
    return montants.formater(ligne.total_centimes) if ligne.total_centimes else ""


def _memoire(terminal: Terminal) -> str:
    lu = terminal.identite
    return str(lu.libre * 100 // lu.capacite) if lu.capacite else ""


def _horloge(terminal: Terminal) -> str:
    ecart = terminal.identite.ecart_s
    return "à l'heure" if abs(ecart) <= _ECART_DIT_S else f"{abs(ecart)} s d'écart"
