"""From the invoices of a lot to the mail that carries it: B2 file, encrypted zones, signatures, MIME, S/MIME.

The clear file is kept on the workstation. What travels is the same file without its sensitive zones, and beside it the
envelope: each invoice's signatures and encrypted zones, the wrapped session key, the lot signature. The whole is then
encrypted for the organisme. How B2 and the security part share a mail is a profile of the project.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sesam_desktop.factures.dre import DemandeSecurisee, DocumentSecurise
from sesam_desktop.factures.facture import Signature
from sesam_desktop.flux import b2, enveloppe, message

from .a_faire import IRIS, Identite, Moyens, adresser, genre_du_courriel, sceller
from .controle import Presente
from .depot import DRE, FSE, NouveauLot, NouveauMessage
from .groupement import CleLot, Groupe, nom_emetteur

if TYPE_CHECKING:
    from sesam_desktop.securisation.chiffrement import CleSession, ProfilZones

    from .parametres import ParametresLots

NORMES = {FSE: "PS", DRE: "DRE"}  # of the file's header, by genre
Enregistrements = Sequence[b2.Enregistrement]


@dataclass(frozen=True, slots=True)
class LotDeFactures:
    """The invoices of one lot, or its DRE, and the clear records of each."""

    groupe: Groupe
    enregistrements: tuple[Enregistrements, ...]

    @property
    def cle(self) -> CleLot:
        return self.groupe.cle

    @property
    def factures(self) -> tuple[str, ...]:
        return tuple(f.facture.numero for f in self.groupe.factures)

    @property
    def noms(self) -> dict[str, str]:
        return {f.facture.numero_transmis: f.facture.numero for f in self.groupe.factures}

    @property
    def nombre(self) -> int:
        return len(self.groupe.factures)

    @property
    def montants(self) -> tuple[int, int]:
        montants = [_montants(document) for document in self.groupe.factures]
        return sum(total for total, _ in montants), sum(amo for _, amo in montants)

    def presenter(self, identite: Identite, parametres: ParametresLots) -> Presente:
        """The file as it will be signed, its headers, and what the cards signed of each invoice."""
        clair = b2.ecrire(self._fichier(identite, parametres))
        securite = None
        if not self._en_iris(parametres):
            decrites = tuple(_decrite(fs) for fs in self.groupe.factures)
            securite = enveloppe.Enveloppe(hashlib.sha256(clair).hexdigest(), decrites)
        return Presente(clair, adresser(self.cle, self.nombre, identite, parametres), securite)

    def parts(self) -> tuple[LotDeFactures, ...]:
        """Two halves."""
        milieu = self.nombre // 2
        return (self._tranche(range(milieu)), self._tranche(range(milieu, self.nombre))) if milieu else ()

    def sans(self, factures: Collection[str]) -> LotDeFactures | None:
        """The other invoices."""
        gardees = [rang for rang, numero in enumerate(self.factures) if numero not in factures]
        return self._tranche(gardees) if gardees else None

    def composer(self, identite: Identite, moyens: Moyens) -> NouveauLot:
        """Signed, its zones encrypted, its mail enveloped. An IRIS mail carries the clear file, and no signature."""
        fichier = self._fichier(identite, moyens.parametres)
        clair = b2.ecrire(fichier)
        securite = None if self._en_iris(moyens.parametres) else self._securite(clair, identite, moyens)
        adressage = adresser(self.cle, self.nombre, identite, moyens.parametres)
        total, amo = self.montants
        return NouveauLot(
            genre=self.cle.genre,
            regime=self.cle.regime,
            organisme=self.cle.organisme,
            centre_informatique=self.cle.centre_informatique,
            numero=identite.numero,
            date=identite.jour.isoformat(),
            identification=identite.fichier(self.cle),
            contenu=clair,
            documents=self.factures,
            pieces=(),
            total_centimes=total,
            amo_centimes=amo,
            message=self._message(fichier, securite, adressage, moyens),
            amc=self.cle.amc,
            presente=Presente(clair, adressage, securite, a_signer=False),
        )

    def _tranche(self, rangs: Collection[int]) -> LotDeFactures:
        groupe = replace(self.groupe, factures=tuple(self.groupe.factures[rang] for rang in rangs))
        return LotDeFactures(groupe, tuple(self.enregistrements[rang] for rang in rangs))

    def _fichier(self, identite: Identite, parametres: ParametresLots) -> list[b2.Enregistrement]:
        cle, executant = self.cle, self.groupe.factures[0].facture.demande.executant
        emetteur = b2.Emetteur(
            numero=cle.emetteur,
            nom=nom_emetteur(executant),
            specialite=executant.specialite,
            convention=executant.convention,
            zone_tarifaire=executant.zone_tarifaire,
            zone_ik=executant.zone_ik,
        )
        lot, type_flux = b2.Lot(identite.numero, identite.jour), parametres.type_flux
        nom = identite.fichier(cle)
        return b2.fichier(
            emetteur, _recepteur(cle), lot, self.enregistrements, nom, identite.jour, type_flux,
            norme=NORMES[cle.genre], cryptage="N" if self._en_iris(parametres) else "O",
        )

    def _en_iris(self, parametres: ParametresLots) -> bool:
        return genre_du_courriel(self.cle, parametres) == IRIS

    def _securite(self, clair: bytes, identite: Identite, moyens: Moyens) -> enveloppe.Enveloppe:
        from sesam_desktop.securisation.chiffrement import ProfilZones, envelopper_cle, nouvelle_cle
        from sesam_desktop.securisation.signature import ALGORITHME

        cle, profil = nouvelle_cle(), ProfilZones(moyens.parametres.profil_chiffrement)
        signataire = moyens.signataire()
        protegees = zip(self.groupe.factures, self.enregistrements, strict=True)
        return enveloppe.Enveloppe(
            empreinte_fichier=hashlib.sha256(clair).hexdigest(),
            factures=tuple(_protegee(fs, e, cle, profil) for fs, e in protegees),
            cle=enveloppe.CleEnveloppee(profil.value, envelopper_cle(cle, moyens.certificat.der)),
            signature_lot=enveloppe.SignatureJointe(
                signataire.porteur, ALGORITHME, signataire.signer(clair), signataire.certificat(), identite.instant
            ),
        )

    def _message(
        self,
        fichier: Enregistrements,
        securite: enveloppe.Enveloppe | None,
        adressage: message.Adressage,
        moyens: Moyens,
    ) -> NouveauMessage:
        parametres = moyens.parametres
        contenu = b2.ecrire(b2.masquer_zones(fichier)[0] if securite else fichier)
        mime = message.composer(
            genre_du_courriel(self.cle, parametres), contenu, adressage,
            securite=enveloppe.en_octets(securite) if securite else None, test=parametres.type_flux != "R",
        )
        return NouveauMessage(adressage.message_id, self.cle.boite, self.cle.adresse, sceller(mime, moyens))


def _montants(document: DocumentSecurise) -> tuple[int, int]:
    """What it asks, and of that the AMO part."""
    if isinstance(document, DemandeSecurisee):
        return document.demande.attendu, 0
    totaux = document.facture.tarification.totaux
    return totaux.facture_centimes, totaux.amo_centimes


def _recepteur(cle: CleLot) -> b2.Recepteur | b2.RecepteurAmc:
    if cle.amc:
        return b2.RecepteurAmc(cle.type_organisme, cle.amc.zfill(14))
    return b2.Recepteur(cle.regime, cle.organisme, cle.centre_informatique)


def _protegee(
    fs: DocumentSecurise, enregistrements: Enregistrements, cle: CleSession, profil: ProfilZones
) -> enveloppe.FactureProtegee:
    from sesam_desktop.securisation.chiffrement import chiffrer_zones

    _, retires = b2.masquer_zones(enregistrements)
    return replace(_decrite(fs), zones=chiffrer_zones(retires, cle, profil))


def _decrite(fs: DocumentSecurise) -> enveloppe.FactureProtegee:
    """What the cards left of it."""
    return enveloppe.FactureProtegee(
        numero=fs.facture.numero_transmis,
        niveau=fs.facture.niveau.value,
        empreinte=fs.empreinte,
        signatures=tuple(_jointe(s) for s in fs.signatures),
    )


def _jointe(s: Signature) -> enveloppe.SignatureJointe:
    return enveloppe.SignatureJointe(s.porteur, s.algorithme, s.valeur, s.certificat, s.signe_le)
