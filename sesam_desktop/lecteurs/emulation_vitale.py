"""A Vitale 2 in memory, over the public layout: two applications, the map, identity and NIR in clear.

Our inventions, labelled in `profil_projet`: the two-byte names of the identity and NIR files, the protected container,
the content of DIR and PAN, and the whole signature. Real rights are not on this chip: see `cartes_fichiers`.
"""

from __future__ import annotations

from datetime import date

from sesam_desktop.cartes import puce_vitale, tlv
from sesam_desktop.cartes.puce_vitale import FichierPuce, IdentitePuce
from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.cartes.vitale import Beneficiaire, CarteVitale

from . import profil_projet, puces
from .emulation import CONDITIONS, SANS_FID, Commande, Dossier, Fichier, PuceVirtuelle, remplir
from .emulation_signature import SignatureVirtuelle, Signer

ATR_VITALE2 = bytes.fromhex("3B7513000044 09EA 9000")
_PAS_DE_TAILLE = 128
_DEBUT_VALIDITE = date(2020, 1, 1)


class VitaleVirtuelle(PuceVirtuelle):
    """Takes what the chip says in clear; `depuis` takes it from a whole card."""

    def __init__(
        self,
        identites: list[IdentitePuce],
        numero_serie: str,
        *,
        signer: Signer | None = None,
        atr: bytes = ATR_VITALE2,
        latence: float = 0.0,
    ) -> None:
        self._signature = SignatureVirtuelle(signer)
        super().__init__(atr, _dossiers(identites, numero_serie), latence)

    @classmethod
    def depuis(cls, carte: CarteVitale, signer: Signer | None = None, *, latence: float = 0.0) -> VitaleVirtuelle:
        """The chip of this card: holders in the order of its beneficiaries."""
        identites = [_identite(carte, beneficiaire) for beneficiaire in carte.beneficiaires]
        return cls(identites, carte.numero_serie, signer=signer, latence=latence)

    def reset(self) -> None:
        super().reset()
        self._signature.reset()

    def _executer(self, commande: Commande) -> bytes:
        if commande.ins not in (0x22, 0x2A):
            return super()._executer(commande)
        if self._dossier.aid != puces.APPLICATION_IAS_VITALE:
            return CONDITIONS
        return self._signature.executer(commande, self._differer)


def _identite(carte: CarteVitale, personne: Beneficiaire) -> IdentitePuce:
    certifie = (personne.nir_certifie, personne.cle) if personne.nir_certifie else (carte.assure.nir, carte.assure.cle)
    return IdentitePuce(personne.nom_usuel, personne.prenom, personne.date_naissance, *certifie, nationalite="FRA")


def _dossiers(identites: list[IdentitePuce], numero_serie: str) -> list[Dossier]:
    identite, nir = puce_vitale.ecrire_identites(identites, _DEBUT_VALIDITE)
    applications = (puces.MF_VITALE, puces.APPLICATION_VITALE, puces.APPLICATION_IAS_VITALE)
    repertoire = tlv.ecrire(Tlv(0x61, tlv.ecrire([Tlv(0x4F, aid)])) for aid in applications)
    serie = tlv.ecrire([Tlv(0x5A, numero_serie.encode("ascii", "replace"))])
    plan = puce_vitale.ecrire_plan(
        [
            FichierPuce(puces.MF_VITALE, "IDENTITE", profil_projet.EF_IDENTITE_VITALE),
            FichierPuce(puces.APPLICATION_VITALE, "NIR", profil_projet.EF_NIR_VITALE),
            FichierPuce(puces.APPLICATION_VITALE, "DROITS", profil_projet.EF_DROITS_VITALE),
        ]
    )
    maitre = [
        Fichier(puces.EF_DIR, _remplir(repertoire)),
        Fichier(puces.EF_PAN, _remplir(serie)),
        Fichier(profil_projet.EF_IDENTITE_VITALE, _remplir(identite), sfi=puces.SFI_VITALE),
    ]
    vitale = [
        Fichier(puces.EF_PLAN, _remplir(plan)),
        Fichier(profil_projet.EF_NIR_VITALE, _remplir(nir), sfi=puces.SFI_VITALE),
        Fichier(profil_projet.EF_DROITS_VITALE, lisible=False),
    ]
    return [
        Dossier(puces.MF, puces.MF_VITALE, maitre),
        Dossier(SANS_FID, puces.APPLICATION_VITALE, vitale),
        Dossier(SANS_FID, puces.APPLICATION_IAS_VITALE),
    ]


def _remplir(octets: bytes) -> bytes:
    """Files have a fixed size on the chip: zeros up to the next step, at least one."""
    return remplir(octets, (len(octets) // _PAS_DE_TAILLE + 1) * _PAS_DE_TAILLE)
