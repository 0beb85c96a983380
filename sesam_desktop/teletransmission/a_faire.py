"""A lot to be made, whatever it holds: what it will be called, and what it takes to write it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, Self

from sesam_desktop.flux import message
from sesam_desktop.noyau.dates import jour_de

from .depot import FSE, NouveauLot
from .groupement import CleLot, identification_fichier

if TYPE_CHECKING:
    from sesam_desktop.securisation.certificats import Certificat
    from sesam_desktop.securisation.signature import Signataire

    from .controle import Presente
    from .parametres import ParametresLots

IRIS = "IRIS"  # mail of plain B2


@dataclass(frozen=True, slots=True)
class Identite:
    """Number, moment, and 19 digits never used before, which name the mail for ever."""

    numero: str
    horodatage: str
    instant: datetime

    @property
    def jour(self) -> date:
        """Date of constitution: the workstation's own calendar day."""
        return jour_de(self.instant)

    def fichier(self, cle: CleLot) -> str:
        """Six characters that name the file of this lot."""
        return identification_fichier(cle, self.numero, self.jour)


@dataclass(frozen=True, slots=True)
class Moyens:
    """Who signs, for whom it is encrypted, and how lots are written. The signer is asked when it is needed."""

    signataire: Callable[[], Signataire]
    certificat: Certificat
    parametres: ParametresLots


class LotAFaire(Protocol):
    """One lot to be: of invoices, or of pieces."""

    @property
    def cle(self) -> CleLot: ...

    @property
    def factures(self) -> tuple[str, ...]:
        """Numbers of the invoices it holds, or that its pieces prove."""
        ...

    @property
    def noms(self) -> Mapping[str, str]:
        """Our number of each invoice that has another on the wire."""
        ...

    @property
    def nombre(self) -> int: ...

    @property
    def montants(self) -> tuple[int, int]:
        """Total and AMO part, in centimes."""
        ...

    def presenter(self, identite: Identite, parametres: ParametresLots) -> Presente | None:
        """What the check module reads before anything is signed; None when it has nothing to say of such lots."""
        ...

    def composer(self, identite: Identite, moyens: Moyens) -> NouveauLot:
        """The lot with its mail. Raises FormatInvalide when a value does not fit its format."""
        ...

    def parts(self) -> tuple[Self, ...]:
        """The same in two lots, each smaller; nothing when it holds one invoice or piece."""
        ...

    def sans(self, factures: Collection[str]) -> Self | None:
        """The same without these invoices; None when nothing is left."""
        ...


def sceller(mime: bytes, moyens: Moyens) -> bytes:
    """The mail as it leaves: signed by the workstation when the settings ask for it, then encrypted."""
    from sesam_desktop.securisation.smime import envelopper
    from sesam_desktop.securisation.smime_signature import lire_sceau, signer

    p = moyens.parametres
    if p.certificat_smime is not None:
        mime = signer(mime, lire_sceau(p.certificat_smime, p.cle_smime))
    return envelopper(mime, moyens.certificat.der)


def genre_du_courriel(cle: CleLot, parametres: ParametresLots) -> str:
    """What the mail says it carries: invoices of some levels leave as plain B2, without the security part."""
    return IRIS if cle.genre == FSE and cle.niveau in parametres.niveaux_iris else cle.genre


def adresser(cle: CleLot, nombre: int, identite: Identite, parametres: ParametresLots) -> message.Adressage:
    """Headers of the mail. The same Message-ID at each sending, so that the mail is recognised."""
    de = parametres.adresse_de(cle.boite)
    return message.Adressage(
        de=de,
        a=cle.adresse,
        sujet=message.sujet(cle.emetteur, identite.horodatage, nombre, genre_du_courriel(cle, parametres)),
        message_id=f"{identite.horodatage}@{de.partition('@')[2]}",
        date=identite.instant,
    )
