"""A sender made for tests: signs, encrypts and addresses a file written by hand, and can spoil any step."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sesam_desktop.flux import b2, enveloppe, message
from sesam_desktop.securisation import chiffrement, smime
from sesam_desktop.securisation.autorite import Identite, creer_certificat

from .fichiers import facture, fichier

ADRESSE = "01422@422.01.rss.fr"
_TAILLES = {"S": ("vitale", "ps"), "V": ("ps",), "D": ("ps",), "N": ()}


@dataclass
class Emetteur:
    """Cards and destinataire of one demonstration authority."""

    autorite: Path
    vitale: Identite = field(init=False)
    ps: Identite = field(init=False)
    organisme: Identite = field(init=False)

    def __post_init__(self) -> None:
        self.vitale = creer_certificat(self.autorite, "vitale", "DURAND TEST")
        self.ps = creer_certificat(self.autorite, "ps", "MARTIN TEST")
        self.organisme = creer_certificat(self.autorite, ADRESSE, ADRESSE)

    def signature(self, porteur: str, octets: bytes) -> enveloppe.SignatureJointe:
        identite = self.vitale if porteur == "vitale" else self.ps
        valeur = identite.signataire(porteur).signer(octets)
        instant = datetime.now(UTC)
        return enveloppe.SignatureJointe(porteur, "RSA-PKCS1v15-SHA256", valeur, identite.certificat_der, instant)


@dataclass
class Envoi:
    """One lot on its way. Change what must be wrong, then ask for `octets`."""

    emetteur: Emetteur
    enregistrements: list[bytes]
    protection: enveloppe.Enveloppe
    masque: bytes
    adressage: message.Adressage
    genre: str = "FSE"
    chiffre_pour: Identite | None = None

    def octets(self) -> bytes:
        securite = enveloppe.en_octets(self.protection)
        mime = message.composer(self.genre, self.masque, self.adressage, securite=securite, test=True)
        return smime.envelopper(mime, (self.chiffre_pour or self.emetteur.organisme).certificat_der)

    def premiere(self, **champs: object) -> None:
        """Change the protection of the first invoice."""
        tete, *reste = self.protection.factures
        self.protection = replace(self.protection, factures=(replace(tete, **champs), *reste))  # type: ignore[arg-type]


def lot(emetteur: Emetteur, *factures: list[bytes], numero: str = "001", jeton: str = "0001", **fin: object) -> Envoi:
    """A lot with correct signatures, hashes and encryption around these invoices."""
    contenu = list(factures) or [facture(niveau="S")]
    return autour(emetteur, fichier(*contenu, lot=numero, **fin), jeton)


def autour(emetteur: Emetteur, enregistrements: list[bytes], jeton: str = "0001") -> Envoi:
    """The same around records already put together, coherent or not."""
    clair = b"".join(enregistrements)
    cle = chiffrement.nouvelle_cle()
    protegees = tuple(_protegee(emetteur, groupe, cle) for groupe in _factures(enregistrements))
    masque, _ = b2.masquer_zones(b2.lire(clair, "b2_ps_140"))
    protection = enveloppe.Enveloppe(
        hashlib.sha256(clair).hexdigest(),
        protegees,
        enveloppe.CleEnveloppee("3DES-CBC", chiffrement.envelopper_cle(cle, emetteur.organisme.certificat_der)),
        emetteur.signature("ps", clair),
    )
    horodatage = f"20261122100000{jeton:0>5}"
    adressage = message.Adressage(
        "poste@test.invalid", ADRESSE, message.sujet("990000003", horodatage, len(protegees)),
        f"{horodatage}@test.invalid", datetime(2026, 11, 22, 10, tzinfo=UTC),
    )
    return Envoi(emetteur, enregistrements, protection, b2.ecrire(masque), adressage)


def _factures(enregistrements: list[bytes]) -> list[list[bytes]]:
    groupes: list[list[bytes]] = []
    for octets in enregistrements:
        if octets[:1] == b"2" and octets[38:39] == b"1":
            groupes.append([])
        if groupes and octets[:1] in b"2345":
            groupes[-1].append(octets)
    return groupes


def _protegee(emetteur: Emetteur, groupe: list[bytes], cle: chiffrement.CleSession) -> enveloppe.FactureProtegee:
    octets = b"".join(groupe)
    niveau = groupe[-1][73:74].decode()
    _, retires = b2.masquer_zones(b2.lire(octets, "b2_ps_140"))
    return enveloppe.FactureProtegee(
        numero=groupe[0][29:38].decode(),
        niveau=niveau,
        empreinte=hashlib.sha256(octets).hexdigest(),
        signatures=tuple(emetteur.signature(porteur, octets) for porteur in _TAILLES[niveau]),
        zones=chiffrement.chiffrer_zones(retires, cle),
    )
