"""The folder that holds the certificates of the organismes, one PEM file an address.

A file may hold several certificates: the next one is imported before the present one expires. When authorities are
declared (``autorites/*.pem`` in the folder), only what one of them issued is used. Revocation lists are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from sesam_desktop.base.fichiers import dossier_prive, remplacer
from sesam_desktop.base.fichiers import traduire as traduire_systeme
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from . import refus_certificats as refus
from .x509 import (
    Certificat,
    adresses_de,
    blocs,
    cle_publique,
    decouper,
    decrire,
    emis_par,
    est_adresse,
    est_autorite,
    lire,
    peut_chiffrer,
)

__all__ = ("Annuaire", "Certificat", "EtatCertificat", "Magasin", "cle_publique", "decrire", "lire")
PREAVIS = timedelta(days=30)  # before the end of a certificate, when one starts to be told
_AUTORITES = "autorites"
_MODE_PUBLIC = 0o644


class EtatCertificat(StrEnum):
    VALABLE = "valable"
    BIENTOT_EXPIRE = "bientot_expire"
    EXPIRE = "expire"
    PAS_ENCORE_VALABLE = "pas_encore_valable"
    NON_RECONNU = "non_reconnu"    # no declared authority issued it
    NE_CHIFFRE_PAS = "ne_chiffre_pas"  # it is for signing, or for issuing others


class Annuaire(Protocol):
    """A directory that publishes certificates."""

    @property
    def protege(self) -> bool:
        """Whether nobody could have changed its answers on the way."""
        ...

    def chercher(self, adresse: str) -> list[bytes]:
        """DER certificates published for `adresse`."""
        ...


class Magasin:
    """Certificates by address in `dossier` (``<adresse>.pem``). Looked up at each use: a new file needs no restart."""

    def __init__(self, dossier: Path, horloge: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._dossier = dossier
        self._horloge = horloge

    def de(self, adresse: str) -> Certificat:
        """The newest usable certificate of `adresse`.

        Raises CERTIFICAT_ABSENT, CERTIFICAT_EXPIRE, CERTIFICAT_NON_RECONNU, CERTIFICAT_INADAPTE, CERTIFICAT_ILLISIBLE.
        """
        gardes = self._gardes(adresse)
        if not gardes:
            raise refus.absent(adresse)
        utilisables = [c for c in gardes if self.etat(c) in _UTILISABLES]
        if utilisables:
            return max(utilisables, key=lambda c: c.debut)
        raise self._inutilisable(max(gardes, key=lambda c: c.fin))

    def etat(self, certificat: Certificat) -> EtatCertificat:
        """Whether it may be used now."""
        instant = self._horloge()
        if instant > certificat.fin:
            return EtatCertificat.EXPIRE
        if instant < certificat.debut:
            return EtatCertificat.PAS_ENCORE_VALABLE
        if not self._reconnu(certificat):
            return EtatCertificat.NON_RECONNU
        if not peut_chiffrer(certificat.der):
            return EtatCertificat.NE_CHIFFRE_PAS
        return EtatCertificat.BIENTOT_EXPIRE if certificat.fin - instant <= PREAVIS else EtatCertificat.VALABLE

    def bientot_expires(self, adresses: Iterable[str]) -> list[Certificat]:
        """Of these addresses, the certificates in use that end soon; an address without any is told by `de`."""
        en_usage = []
        for adresse in adresses:
            with suppress(ErreurConnue):
                en_usage.append(self.de(adresse))
        return [c for c in en_usage if self.etat(c) is EtatCertificat.BIENTOT_EXPIRE]

    def ajouter(self, adresse: str, octets: bytes) -> Certificat:
        """Keep a certificate (PEM or DER) for `adresse`, beside those it has."""
        chemin, certificat = self._chemin(adresse), decrire(octets, adresse)
        gardes = {c.der: c for c in self._gardes(adresse)} | {certificat.der: certificat}
        dossier_prive(self._dossier)
        remplacer(chemin, b"".join(c.pem for c in gardes.values()), _MODE_PUBLIC)
        return certificat

    def importer(self, octets: bytes, adresse: str = "") -> list[Certificat]:
        """Keep every certificate of a file (PEM or DER), for `adresse` or for the address it names.

        All or none. Raises CERTIFICAT_ILLISIBLE, ADRESSE_ABSENTE, CERTIFICAT_D_UN_AUTRE, CERTIFICAT_INADAPTE.
        """
        lus = [(_adresse_voulue(bloc, adresse), bloc) for bloc in blocs(octets)]
        for voulue, bloc in lus:
            self._chemin(voulue)
            if not peut_chiffrer(decrire(bloc).der):
                raise refus.inadapte(voulue)
        return [self.ajouter(voulue, bloc) for voulue, bloc in lus]

    def chercher(self, annuaire: Annuaire, adresse: str) -> Certificat:
        """Look up `adresse`, keep what may be used, and answer the certificate that will be.

        What comes from a directory that nothing protects is kept only when a declared authority issued it, for this
        very address. Raises ANNUAIRE_INJOIGNABLE…, CERTIFICAT_INTROUVABLE, AUTORITE_NON_DECLAREE.
        """
        self._chemin(adresse)
        if not (annuaire.protege or self.autorites()):
            raise ErreurConnue(
                "L'annuaire n'est pas protégé et aucune autorité n'est déclarée : rien ne prouverait que le certificat"
                " est bien celui de l'organisme.",
                code="AUTORITE_NON_DECLAREE", action="Importez d'abord le certificat de l'autorité qui les émet.",
            )
        trouves = list(_lisibles(annuaire.chercher(adresse), adresse))
        de_l_adresse = [c for c in trouves if _est_pour(c, adresse, sans_nom=annuaire.protege)]
        utilisables = [certificat for certificat in de_l_adresse if self.etat(certificat) in _UTILISABLES]
        if not utilisables:
            autres = ["d'une autre adresse"] * (len(trouves) - len(de_l_adresse))
            raise refus.introuvable(adresse, [*map(self.etat, de_l_adresse), *autres])
        for certificat in utilisables:
            self.ajouter(adresse, certificat.der)
        return self.de(adresse)

    def ajouter_autorite(self, nom: str, octets: bytes) -> Certificat:
        """Declare an authority: from now on, only what declared authorities issued is used."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", nom):
            raise EntreeInvalide(f"« {nom} » ne peut pas nommer une autorité.", code="NOM_INVALIDE")
        autorite = decrire(octets)
        if not est_autorite(lire(octets)):
            raise EntreeInvalide(
                "Ce certificat n'est pas celui d'une autorité.", code="AUTORITE_INVALIDE",
                action="Fournissez le certificat de l'autorité qui a émis ceux des organismes.",
            )
        dossier_prive(self._dossier / _AUTORITES)
        remplacer(self._dossier / _AUTORITES / f"{nom}.pem", autorite.pem, _MODE_PUBLIC)
        return autorite

    def autorites(self) -> list[Certificat]:
        """The declared authorities. Raises CERTIFICAT_ILLISIBLE: one that cannot be read must not be forgotten."""
        return [decrire(_lire_fichier(chemin)) for chemin in sorted((self._dossier / _AUTORITES).glob("*.pem"))]

    def lister(self) -> list[Certificat]:
        """Every certificate, expired ones too, by address. One that cannot be read is told by `de`, not here."""
        trouves: list[Certificat] = []
        for chemin in sorted(self._dossier.glob("*@*.pem")):
            with suppress(ErreurConnue):
                trouves += decouper(_lire_fichier(chemin), chemin.stem)
        return trouves

    def _gardes(self, adresse: str) -> list[Certificat]:
        chemin = self._chemin(adresse)
        return decouper(_lire_fichier(chemin), adresse) if chemin.exists() else []

    def _chemin(self, adresse: str) -> Path:
        if not est_adresse(adresse):
            raise EntreeInvalide(
                "L'adresse de l'organisme n'est pas une adresse électronique.", code="ADRESSE_INVALIDE",
                action="Vérifiez la table des organismes destinataires.",
            )
        return self._dossier / f"{adresse.lower()}.pem"

    def _inutilisable(self, certificat: Certificat) -> ErreurConnue:
        """Why the newest one may not be used."""
        etat = self.etat(certificat)
        if etat is EtatCertificat.NON_RECONNU:
            return refus.non_reconnu(certificat.adresse)
        return refus.inadapte(certificat.adresse) if etat is EtatCertificat.NE_CHIFFRE_PAS else refus.expire(certificat)

    def _reconnu(self, certificat: Certificat) -> bool:
        """Issued by a declared authority that is valid itself; by anybody when none is declared."""
        autorites, instant = self.autorites(), self._horloge()
        valables = (a for a in autorites if a.debut <= instant <= a.fin)
        return not autorites or any(emis_par(certificat.der, autorite.der) for autorite in valables)


_UTILISABLES = (EtatCertificat.VALABLE, EtatCertificat.BIENTOT_EXPIRE)


def _lire_fichier(chemin: Path) -> bytes:
    try:
        return chemin.read_bytes()
    except OSError as erreur:
        raise traduire_systeme(erreur, chemin) from erreur


def _lisibles(lus: Iterable[bytes], adresse: str) -> Iterator[Certificat]:
    """What a directory answers may hold anything."""
    for octets in lus:
        with suppress(ErreurConnue):
            yield decrire(octets, adresse)


def _est_pour(certificat: Certificat, adresse: str, *, sans_nom: bool) -> bool:
    """Made for this address. `sans_nom`: one that names no address at all may do."""
    with suppress(ErreurConnue):
        noms = adresses_de(certificat.der)
        return adresse.lower() in noms if noms else sans_nom
    return False


def _adresse_voulue(bloc: bytes, adresse: str) -> str:
    """The address to keep a certificate for. What it says goes against a slip: a mail is read by whom it names."""
    noms = adresses_de(bloc)
    if adresse and noms and adresse.lower() not in noms:
        raise EntreeInvalide(
            f"Ce certificat est celui de {noms[0]}, non celui de {adresse}.", code="CERTIFICAT_D_UN_AUTRE",
            action="Vérifiez l'adresse : l'organisme ne pourrait pas lire les courriels, un autre le pourrait.",
        )
    if not (adresse or noms):
        raise EntreeInvalide(
            "Ce certificat ne nomme pas l'adresse de son organisme.", code="ADRESSE_ABSENTE",
            action="Donnez l'adresse électronique de l'organisme.",
        )
    return adresse or noms[0]
