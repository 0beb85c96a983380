"""The complementary insurer's own card (« DUO »), in a format of the project.

PROJECT PROFILE: such cards were piloted in 2007 (FFSA) and their chip was never published. Ours answers its own ATR
(`atr.ATR_DUO`) and holds one BER-TLV file ``E1`` made of

- ``80`` version of this format, ``01``;
- ``85`` serial number of the card;
- one ``65`` for each person covered, the adherent first, with the tags of a Vitale: ``80`` name, ``81`` first name,
  ``82`` birth date AAAAMMJJ, ``93`` personal NIR and key (absent for who has none);
- ``A1`` an SSV zone of one group 109: insurer, adherent, validity, routing, domain.

The card completes the patient of the Vitale, whose file decides when both say something. It never opens a right of
the Assurance Maladie.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from . import puce_vitale, tlv, zones
from .noms import comparable
from .puce_vitale import IdentitePuce
from .tlv import Tlv
from .vitale import Amc, Beneficiaire, Periode
from .vitale_groupes import AMC as GROUPE_AMC
from .vitale_groupes import ecrire_amc, lire_amc

CARTE, VERSION, NUMERO_SERIE, COMPLEMENTAIRE = 0xE1, 0x80, 0x85, 0xA1
VERSION_LUE = b"01"
PERSONNES_MAXIMUM = 32


@dataclass(frozen=True, slots=True)
class CarteDuo:
    """Who is covered (the adherent first) and by whom."""

    numero_serie: str
    personnes: tuple[IdentitePuce, ...]
    amc: Amc

    @property
    def adherent(self) -> IdentitePuce:
        return self.personnes[0]

    def valide(self, jour: date) -> bool:
        """No period written means no limit."""
        return Periode(self.amc.debut, self.amc.fin).contient(jour)


def lire(octets: bytes) -> CarteDuo:
    """The card of this file. Raises FormatInvalide."""
    contenu = tlv.trouver(tlv.lire(octets), CARTE)
    objets = tlv.lire(contenu) if contenu is not None else []
    if tlv.trouver(objets, VERSION) != VERSION_LUE:
        raise _illisible()
    personnes = tuple(puce_vitale.identite(o.enfants()) for o in objets if o.etiquette == puce_vitale.TITULAIRE)
    serie = (tlv.trouver(objets, NUMERO_SERIE) or b"").decode("latin-1")
    if not 1 <= len(personnes) <= PERSONNES_MAXIMUM or not re.fullmatch(r"[0-9A-Z]{1,20}", serie):
        raise _illisible()
    return CarteDuo(serie, personnes, _amc(tlv.trouver(objets, COMPLEMENTAIRE) or b""))


def ecrire(carte: CarteDuo) -> bytes:
    """The file of this card."""
    objets = [Tlv(VERSION, VERSION_LUE), Tlv(NUMERO_SERIE, carte.numero_serie.encode("ascii"))]
    objets += [puce_vitale.objet_titulaire(personne) for personne in carte.personnes]
    objets.append(Tlv(COMPLEMENTAIRE, zones.ecrire([ecrire_amc(carte.amc)])))
    return tlv.ecrire([Tlv(CARTE, tlv.ecrire(objets))])


def completer(beneficiaire: Beneficiaire, carte: CarteDuo, jour: date) -> Beneficiaire:
    """`beneficiaire` with the insurer of this card, when the Vitale gives none in force at `jour`.

    Raises DUO_AUTRE_PATIENT when the card covers somebody else, DUO_PERIMEE when it is not valid at `jour`.
    """
    if not any(meme_personne(personne, beneficiaire) for personne in carte.personnes):
        raise ErreurConnue(
            "La carte de complémentaire insérée ne couvre pas ce patient.",
            code="DUO_AUTRE_PATIENT",
            action="Demandez au patient sa propre carte, ou facturez avec les seuls droits de sa carte Vitale.",
        )
    if not carte.valide(jour):
        raise ErreurConnue(
            "La carte de complémentaire n'est pas valable à la date des soins.",
            code="DUO_PERIMEE",
            action="Demandez au patient sa carte à jour, ou facturez avec les seuls droits de sa carte Vitale.",
        )
    if beneficiaire.complementaire(jour) is not None:
        return beneficiaire
    return replace(beneficiaire, mutuelle=None, amc=carte.amc)


def meme_personne(lue: IdentitePuce, beneficiaire: Beneficiaire) -> bool:
    """The personal NIR decides when both cards give one; otherwise name, first name and birth date together."""
    if lue.nir and beneficiaire.nir_certifie:
        return lue.nir == beneficiaire.nir_certifie
    noms = {comparable(beneficiaire.nom_usuel), comparable(beneficiaire.nom_patronymique)} - {""}
    return (
        comparable(lue.nom) in noms
        and comparable(lue.prenom) == comparable(beneficiaire.prenom)
        and bool(lue.naissance)
        and lue.naissance == beneficiaire.date_naissance[:8]
    )


def _amc(octets: bytes) -> Amc:
    groupes = zones.lire(octets)
    if [groupe.id for groupe in groupes] != [GROUPE_AMC]:
        raise _illisible()
    return lire_amc(groupes[0])


def _illisible() -> FormatInvalide:
    return FormatInvalide(
        "La carte de complémentaire ne peut pas être lue.",
        code="DUO_ILLISIBLE",
        action="Facturez avec les seuls droits de la carte Vitale du patient.",
    )
