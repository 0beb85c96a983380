"""Which invoices go together in a lot, and under which number. Pure.

What the norm publishes: one régime and one organisme destinataire per lot, numbers of three digits growing per couple,
the B2 version among the criteria. The other criteria, the limits and the wrap after 999 are the project's profile. The
type of flow (real, test) is one for a whole preparation: it is a setting of the workstation. Lots "for information"
(origin BG) are not made: they belong to establishments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sesam_desktop.factures.dre import DocumentSecurise
from sesam_desktop.factures.facture import Executant
from sesam_desktop.noyau.erreurs import ErreurConnue

from .depot import RSV
from .parametres import ParametresLots

DERNIER_NUMERO = 999
PS = "ps"  # bearer of the professional's signature
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, order=True)
class CleLot:
    """Invoices that differ by any of these never share a lot. `emetteur`: billing number and key, 9 digits."""

    regime: str
    organisme: str
    centre_informatique: str
    adresse: str
    version_norme: str
    emetteur: str
    genre: str
    niveau: str
    amc: str = ""             # DRE: the insurer or OCT it is for, 10 digits; régime and organisme are empty
    type_organisme: str = ""  # DRE: OC, CS or OT
    boite: str = RSV          # mailbox it leaves by
    exercice: tuple[str, ...] = ()  # what the lot's header says of the sender: speciality, convention, zones, name
    signataire: str = ""      # certificate that signed the invoices for the professional, condensed

    @property
    def nom_emetteur(self) -> str:
        """The sender's name, when the lot is one of invoices."""
        return self.exercice[-1] if self.exercice else ""

    @property
    def fonds(self) -> str:
        """The addressee as people write it."""
        if self.amc:
            return f"{self.type_organisme} {self.amc}"
        return f"{self.regime} {self.organisme} {self.centre_informatique}"


@dataclass(frozen=True, slots=True)
class Groupe:
    """The invoices of one lot to be."""

    cle: CleLot
    factures: tuple[DocumentSecurise, ...]


def cle_de(fs: DocumentSecurise, emetteur: str, genre: str, version_norme: str) -> CleLot:
    """The grouping criteria of one invoice. `emetteur` as its records write it."""
    facture, destinataire = fs.facture, fs.facture.destinataire
    return CleLot(
        regime=destinataire.regime,
        organisme=destinataire.organisme,
        centre_informatique=destinataire.centre_informatique,
        adresse=destinataire.adresse,
        version_norme=version_norme,
        emetteur=emetteur,
        genre=genre,
        niveau=facture.niveau.value,
        exercice=_exercice(facture.demande.executant),
        signataire=next((hashlib.sha256(s.certificat).hexdigest()[:16] for s in fs.signatures if s.porteur == PS), ""),
    )


def nom_emetteur(executant: Executant) -> str:
    """The sender as the header of a lot names it."""
    return executant.raison_sociale or f"{executant.nom} {executant.prenom}".strip()


def _exercice(executant: Executant) -> tuple[str, ...]:
    e = executant
    return e.specialite, e.convention, e.zone_tarifaire, e.zone_ik, nom_emetteur(e)


def grouper(
    factures: Iterable[tuple[CleLot, DocumentSecurise, int]], parametres: ParametresLots
) -> list[Groupe]:
    """Cut into lots, keeping the order given. The integer is the number of records the invoice takes."""
    par_cle: dict[CleLot, list[tuple[DocumentSecurise, int]]] = {}
    for cle, facture, enregistrements in factures:
        par_cle.setdefault(cle, []).append((facture, enregistrements))
    return [
        Groupe(cle, tranche)
        for cle, contenu in sorted(par_cle.items(), key=lambda paire: paire[0])
        for tranche in _couper(contenu, parametres)
    ]


def _couper(
    contenu: Sequence[tuple[DocumentSecurise, int]], parametres: ParametresLots
) -> list[tuple[DocumentSecurise, ...]]:
    place = place_par_lot(parametres)
    tranches: list[list[DocumentSecurise]] = []
    restant = 0
    for facture, enregistrements in contenu:
        if not tranches or len(tranches[-1]) >= parametres.factures_maximum or enregistrements > restant:
            tranches.append([])
            restant = place
        tranches[-1].append(facture)
        restant -= enregistrements
    return [tuple(tranche) for tranche in tranches]


def place_par_lot(parametres: ParametresLots) -> int:
    """Records left for invoices: the lot's header and footer count too."""
    return parametres.enregistrements_maximum - 2


def numero_suivant(dernier: str, pris_ce_jour: Collection[str]) -> str:
    """The number after `dernier` ("" at first), wrapping to 001, never one already given at this date.

    Raises NUMEROS_DE_LOT_EPUISES when the 999 numbers of the day are gone.
    """
    numero = int(dernier or 0)
    for _ in range(DERNIER_NUMERO):
        numero = numero % DERNIER_NUMERO + 1
        if f"{numero:03d}" not in pris_ce_jour:
            return f"{numero:03d}"
    raise ErreurConnue(
        "Les 999 numéros de lot de cette caisse ont été utilisés aujourd'hui.",
        code="NUMEROS_DE_LOT_EPUISES",
        action="Préparez les lots suivants demain.",
    )


def identification_fichier(cle: CleLot, numero: str, jour: date) -> str:
    """Six characters that name the file, the same for the same lot: a condensate, as known senders do."""
    destinataire = (cle.regime, cle.organisme, *filter(None, (cle.amc,)))
    graine = "|".join((cle.emetteur, cle.genre, *destinataire, numero, jour.isoformat()))
    reste = int.from_bytes(hashlib.sha256(graine.encode()).digest(), "big")
    caracteres = []
    for _ in range(6):
        reste, rang = divmod(reste, len(_ALPHABET))
        caracteres.append(_ALPHABET[rang])
    return "".join(caracteres)
