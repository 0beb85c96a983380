"""The judgement of a lot of invoices or of DRE: decrypted, read again, signatures and destinataire checked.

What is shared with the sending side: the tables of zones, the format of the security part, cryptographic primitives.
Order, sums, hashes and signatures are worked out here again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sesam_desktop.flux import b2, enveloppe, message
from sesam_desktop.flux.enregistrement import Enregistrement
from sesam_desktop.flux.enveloppe import Enveloppe, FactureProtegee, SignatureJointe
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide
from sesam_desktop.securisation.chiffrement import CleSession, ProfilZones, dechiffrer_zones, ouvrir_cle

from . import controle_dre, curseur, lot_b2
from .cles import destinataire_de
from .lot_lu import FactureLue, LotLu
from .recus import FactureRecue, LotRecu
from .refus import Motif, Refus, Signaler, refuser
from .signatures import Verificateur
from .transport import Recu

# Signatures an invoice must carry, then those it may carry besides, by level.
_SIGNATURES = {"S": ({"vitale", "ps"}, set()), "V": ({"ps"}, set()), "D": (set(), {"ps"}), "N": (set(), set())}
_NIVEAUX_AU_LOT_SIGNE = ("S", "V")
IRIS, _FSE = "IRIS", "FSE"  # invoices, whatever the mail that brings them


def controler(recu: Recu, verificateur: Verificateur) -> LotLu:
    """The lot, read and found good in itself. Raises Refus at the first fault."""
    if recu.genre == IRIS:
        return _non_securise(recu, verificateur)
    protection = _protection(recu)
    return juger(_restaurer(recu, protection), recu.adressage, protection, verificateur)


def juger(
    octets: bytes,
    adressage: message.Adressage | None,
    protection: Enveloppe | None,
    verificateur: Verificateur,
    signaler: Signaler = refuser,
    *,
    a_signer: bool = False,
) -> LotLu:
    """The same for a file in clear; what is None is not judged, nor that a lot `a_signer` is signed. Raises Refus.

    `signaler` may let invoices at fault pass: the lot returned is then without those that could not be read.
    """
    if protection and hashlib.sha256(octets).hexdigest() != protection.empreinte_fichier:
        raise Refus(Motif.SIGNATURE, "L'empreinte du fichier n'est pas celle annoncée.")
    lot = lot_b2.lire(octets, signaler)
    if lot.dre:
        controle_dre.controler(lot, signaler)
    else:
        _controler_regimes(lot, signaler)
    if adressage:
        _controler_adressage(adressage, lot)
    if protection:
        _controler_signatures(lot, protection, verificateur, signaler)
        if not a_signer:
            _controler_signature_lot(lot, octets, protection.signature_lot, verificateur)
    return lot


def identifier(recu: Recu, lot: LotLu) -> LotRecu:
    """What the registre remembers of this lot."""
    return LotRecu(
        genre=_FSE if recu.genre == IRIS else recu.genre,
        regime=lot.type_organisme if lot.dre else lot.regime,
        organisme=lot.amc if lot.dre else lot.organisme,
        emetteur=lot.entete["numero_emetteur"],
        numero=lot.lot["numero_lot"],
        date=lot.lot["date_lot"],
        empreinte=lot.empreinte,
        factures=tuple(FactureRecue(f.numero, f.honoraires, f.amo, f.amc) for f in lot.factures),
    )


def _non_securise(recu: Recu, verificateur: Verificateur) -> LotLu:
    """Plain B2: what no card signed, or what was signed and need not be to be received."""
    lot = juger(recu.contenu, recu.adressage, None, verificateur)
    if any(facture.niveau in _NIVEAUX_AU_LOT_SIGNE for facture in lot.factures):
        raise Refus(Motif.SIGNATURE, "Une facture sécurisée arrive sans sa partie sécurisation.")
    return lot


def _protection(recu: Recu) -> Enveloppe:
    if recu.securite is None:
        raise Refus(Motif.ENTETE, "Le message ne contient pas de partie sécurisation.")
    try:
        return enveloppe.depuis_octets(recu.securite)
    except FormatInvalide as erreur:
        raise Refus(Motif.ENTETE, erreur.message) from None


def _restaurer(recu: Recu, protection: Enveloppe) -> bytes:
    """The clear file: encrypted zones put back in their records, invoice by invoice."""
    groupes = list(_groupes(recu.contenu))
    _exiger_toutes_decrites(sum(groupe[0].type == "2" for groupe in groupes), protection)
    cle, profil = _cle_session(recu, protection)
    protegees = iter(protection.factures)
    clairs = [_clair(g, next(protegees), cle, profil) if g[0].type == "2" else g for g in groupes]
    return b2.ecrire(enregistrement for groupe in clairs for enregistrement in groupe)


def _exiger_toutes_decrites(factures: int, protection: Enveloppe) -> None:
    if factures != len(protection.factures):
        raise Refus(Motif.ENTETE, "La partie sécurisation ne décrit pas toutes les factures du fichier.")


def _groupes(octets: bytes) -> Iterator[list[Enregistrement]]:
    """Records of one invoice together, the others one by one."""
    if not octets or len(octets) % curseur.LONGUEUR:
        raise Refus(Motif.ENTETE, "La longueur du fichier n'est pas un multiple de 128.")
    groupe: list[Enregistrement] = []
    variante = curseur.variante_de(octets)
    for rang, debut in enumerate(range(0, len(octets), curseur.LONGUEUR), start=1):
        brut = octets[debut : debut + curseur.LONGUEUR]
        type_lu = curseur.type_de(brut)
        if groupe and (type_lu == "2" or type_lu[:1] not in "2345" or groupe[0].type != "2"):
            yield groupe
            groupe = []
        groupe.append(Enregistrement(type_lu, brut, variante, rang))
    yield groupe


def _cle_session(recu: Recu, protection: Enveloppe) -> tuple[CleSession | None, ProfilZones]:
    if protection.cle is None:
        return None, ProfilZones.TDES_CBC
    try:
        return ouvrir_cle(protection.cle.valeur, recu.identite.cle_pem), ProfilZones(protection.cle.profil)
    except (ErreurConnue, ValueError):
        raise Refus(Motif.CHIFFREMENT, "La clé de session ne peut pas être ouverte.") from None


def _clair(
    groupe: list[Enregistrement], protegee: FactureProtegee, cle: CleSession | None, profil: ProfilZones
) -> list[Enregistrement]:
    if not protegee.zones:
        return groupe
    if cle is None:
        raise Refus(Motif.CHIFFREMENT, "Des zones sont chiffrées, mais la clé de session est absente.", groupe[0].ligne)
    try:
        return b2.restaurer_zones(groupe, dechiffrer_zones(protegee.zones, cle, profil))
    except ErreurConnue:
        raise Refus(Motif.CHIFFREMENT, "Les zones chiffrées de la facture sont illisibles.", groupe[0].ligne) from None


def _controler_regimes(lot: LotLu, signaler: Signaler) -> None:
    if lot.lot["organisme_destinataire"] != lot.organisme:
        raise Refus(Motif.DESTINATAIRE, "Le fichier n'est pas adressé à l'organisme qui le reçoit.")
    for facture in lot.factures:
        if facture.entete["regime"] != lot.regime:
            message = "Une facture n'est pas du régime destinataire du fichier."
            signaler(Refus(Motif.DESTINATAIRE, message, facture.rang, facture.numero))


def _controler_adressage(adressage: message.Adressage, lot: LotLu) -> None:
    attendu = destinataire_de(adressage.a)
    if attendu != ((lot.type_organisme, lot.amc) if lot.dre else (lot.regime, lot.organisme)):
        raise Refus(Motif.DESTINATAIRE, "Le fichier n'est pas adressé à l'organisme qui le reçoit.")
    try:
        _, _, nombre = message.lire_sujet(adressage.sujet)
    except FormatInvalide as erreur:
        raise Refus(Motif.ENTETE, erreur.message) from None
    if nombre != lot.nombre:
        raise Refus(Motif.COMPTES, f"L'objet annonce {nombre} factures, le fichier en contient {lot.nombre}.")


def _controler_signatures(lot: LotLu, protection: Enveloppe, verificateur: Verificateur, signaler: Signaler) -> None:
    _exiger_toutes_decrites(lot.nombre, protection)
    for facture in lot.factures:
        try:
            _controler_facture(facture, protection.factures[facture.place], verificateur)
        except Refus as refus:
            refus.facture = facture.numero
            signaler(refus)


def _controler_signature_lot(
    lot: LotLu, octets: bytes, signature: SignatureJointe | None, verificateur: Verificateur
) -> None:
    if signature is not None:
        _exiger_porteur(signature, "ps")
        verificateur.exiger(signature, octets, "Lot")
    elif any(facture.niveau in _NIVEAUX_AU_LOT_SIGNE for facture in lot.factures):
        raise Refus(Motif.SIGNATURE, "Le lot n'est pas signé.")


def _controler_facture(facture: FactureLue, protegee: FactureProtegee, verificateur: Verificateur) -> None:
    rang, quoi = facture.rang, f"Facture {facture.numero}"
    octets = facture.octets
    if (protegee.numero, protegee.niveau) != (facture.numero, facture.niveau):
        raise Refus(Motif.SIGNATURE, f"{quoi} : numéro ou niveau différent dans la partie sécurisation.", rang)
    if hashlib.sha256(octets).hexdigest() != protegee.empreinte:
        raise Refus(Motif.SIGNATURE, f"{quoi} : l'empreinte n'est pas celle du contenu.", rang)
    _exiger_niveau(facture, protegee, rang)
    for signature in protegee.signatures:
        verificateur.exiger(signature, octets, quoi)


def _exiger_niveau(facture: FactureLue, protegee: FactureProtegee, rang: int) -> None:
    exigees, admises = _SIGNATURES[facture.niveau]
    presentes = [signature.porteur for signature in protegee.signatures]
    certificats = {signature.certificat for signature in protegee.signatures}
    repetee = len(set(presentes)) != len(presentes) or len(certificats) != len(presentes)
    if repetee or not exigees <= set(presentes) <= exigees | admises:
        quoi = f"Facture {facture.numero} : signatures incohérentes avec le niveau {facture.niveau}."
        raise Refus(Motif.SIGNATURE, quoi, rang)


def _exiger_porteur(signature: SignatureJointe, porteur: str) -> None:
    if signature.porteur != porteur:
        raise Refus(Motif.SIGNATURE, "Le lot n'est pas signé par le professionnel.")
