"""The mails that answer a lot: its ARL, and the NOEMIE return of an accepted one.

Composed from the lot alone (no counter), so that judging the same lot again would write the same identifiers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sesam_desktop.flux import arl, message
from sesam_desktop.flux.scor import LotScor
from sesam_desktop.noyau.dates import depuis_aammjj

from . import curseur, retour_noemie
from .alterations import alterer
from .lot_lu import LotLu
from .refus import Refus
from .regle import Alteration, Scenario

DOMAINE = "frontal.invalid"
_SCOR = "SCOR"
_LIGNE_MAX = 99   # the 290 entity has two digits for it


@dataclass(frozen=True, slots=True)
class Reference:
    """What an ARL repeats of the lot it answers. `date` is AAMMJJ."""

    genre: str
    identification: str = "000000"
    lot: str = "000"
    date: str = "000000"
    emetteur: str = "0" * 14
    destinataire: str = "0" * 14
    type_flux: str = ""


def reference_b2(octets: bytes) -> Reference:
    """Reference of a B2 file by its fixed positions, even when the rest of it cannot be read."""
    texte = octets[: 2 * curseur.LONGUEUR].decode("latin-1").ljust(2 * curseur.LONGUEUR)
    lot = texte[curseur.LONGUEUR :]
    identification, type_flux = texte[49:55], texte[70]
    return Reference(
        genre="FSE",
        identification=identification if identification.isascii() and identification.isalnum() else "000000",
        lot=_chiffres(lot[19:22]),
        date=_chiffres(lot[71:77]),
        emetteur=_chiffres(texte[5:19]),
        destinataire=_chiffres(texte[27:41]),
        type_flux=type_flux if type_flux in "RTD" else "",
    )


def reference_scor(lot: LotScor) -> Reference:
    """Reference of a SCOR lot. Its archive names no file: the identification only repeats the number."""
    return Reference(
        _SCOR, f"SCO{lot.lot}", lot.lot, lot.date.strftime("%y%m%d"), lot.emetteur.zfill(14),
        f"000000{lot.regime}000{lot.organisme}",
    )


def _chiffres(texte: str) -> str:
    return texte if texte.isascii() and texte.isdigit() else "0" * len(texte)


class Redacteur:
    """Writes the mails of one message received. `instant` dates them."""

    def __init__(self, recu: message.Adressage, instant: datetime) -> None:
        self._recu, self._instant = recu, instant

    def arl(
        self, reference: Reference, refus: Refus | None = None, alteration: Alteration = Alteration.AUCUNE
    ) -> bytes:
        """The ARL of a lot: positive, or negative with the reason."""
        anomalies = (_anomalie(refus),) if refus else ()
        accuse = arl.Arl(
            positif=refus is None,
            genre=_SCOR if reference.genre == _SCOR else "FSE",
            identification=reference.identification,
            lot=reference.lot,
            date_lot=depuis_aammjj(reference.date, self._jour),
            anomalies=anomalies,
            commentaire=f"MESSAGE {self._recu.message_id}"[:128],
            emetteur=reference.destinataire,
            destinataire=reference.emetteur,
            cree_le=self._jour,
            type_flux=reference.type_flux,
        )
        contenu = alterer(arl.ecrire(accuse), "arl", alteration)
        return self._courriel("ARL", contenu, reference.type_flux)

    def noemie(self, lot: LotLu, scenario: Scenario, alteration: Alteration = Alteration.AUCUNE) -> bytes:
        """The NOEMIE return of an accepted lot."""
        contenu = alterer(retour_noemie.composer(lot, scenario, self._jour), "noemie", alteration)
        return self._courriel("NOEMIE", contenu, lot.entete["type_flux"])

    def suite(self, lot: LotLu, scenario: Scenario) -> bytes:
        """The return that settles what the first one left; empty when it left nothing."""
        contenu = retour_noemie.composer_suite(lot, scenario, self._jour)
        return self._courriel("NOEMIE", contenu, lot.entete["type_flux"]) if contenu else b""

    @property
    def _jour(self) -> date:
        return self._instant.date()

    def _courriel(self, genre: str, contenu: bytes, type_flux: str) -> bytes:
        empreinte = hashlib.sha256(contenu + self._recu.message_id.encode()).hexdigest()[:32]
        adressage = message.Adressage(
            de=self._recu.a,
            a=self._recu.de,
            sujet="".join(c for c in f"{genre} {self._recu.sujet}" if " " <= c <= "~")[:200],
            message_id=f"{genre.lower()}.{empreinte}@{DOMAINE}",
            date=self._instant,
        )
        return message.composer(genre, contenu, adressage, test=type_flux in ("T", "D"))


def _anomalie(refus: Refus) -> arl.AnomalieArl:
    ligne = refus.ligne if refus.ligne <= _LIGNE_MAX else 0
    suite = f" (ENREGISTREMENT {refus.ligne})" if refus.ligne > _LIGNE_MAX else ""
    return arl.AnomalieArl(refus.motif, (refus.message + suite)[:80], ligne)
