"""Cartes virtuelles: what a chip does not give in clear, taken from SSV zone files (`*.ssv`) of the workstation.

A Vitale is matched on the identity and the NIR of every holder, a CPS on its serial number, which ends the file's name
(``nom-0000000001.ssv``). An unreadable file never hides the others; it is told when nothing else matches.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sesam_desktop.cartes import ps_zones, vitale_131, vitale_groupes, vitale_zones, zones
from sesam_desktop.cartes.noms import comparable
from sesam_desktop.cartes.ps import CartePS, Identification
from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.cartes.vitale import Assure, Beneficiaire, CarteVitale
from sesam_desktop.cartes.vitale_zones import F0F0
from sesam_desktop.noyau.erreurs import ErreurConnue

from .lecture import PuceCps, PuceVitale

journal = logging.getLogger(__name__)


class DossierCartes:
    """The `cartes/` folder of a profile, read again at each card: a file dropped in is used at once."""

    def __init__(self, chemin: Path) -> None:
        self._chemin = chemin

    def pour_vitale(self, puce: PuceVitale) -> CarteVitale:
        """The carte virtuelle of this chip, or its public part (`droits_lus` False). Raises CARTE_AMBIGUE, F0F0."""
        trouvees: list[CarteVitale] = []
        refus: list[ErreurConnue] = []
        for fichier in self._fichiers():
            try:
                carte = lire_carte(fichier)
            except ErreurConnue as erreur:
                if erreur.code != F0F0:
                    refus.append(erreur)
                elif correspond(puce, _sans_amc(fichier)):
                    raise
                continue
            if isinstance(carte, CarteVitale) and correspond(puce, carte):
                trouvees.append(carte)
        _exiger_une(trouvees, refus)
        return trouvees[0] if trouvees else _publique(puce)

    def pour_ps(self, puce: PuceCps, *, situations: bool) -> CartePS:
        """The professional of this chip, without situations unless the code porteur was verified."""
        fichiers = [f for f in self._fichiers() if _numero_serie(f) == puce.numero_serie]
        if len(fichiers) > 1:
            raise _ambigue()
        carte = lire_carte(fichiers[0]) if fichiers else None
        if not isinstance(carte, CartePS):
            return CartePS("", Identification("", "", ""), "", "", "", numero_serie=puce.numero_serie)
        return carte if situations else replace(carte, situations=())

    def _fichiers(self) -> Iterator[Path]:
        yield from sorted(self._chemin.glob("*.ssv"))


def lire_carte(chemin: Path) -> CarteVitale | CartePS:
    """The card of one file, told by its first group. Every refusal is an ErreurConnue that names the file."""
    try:
        groupes = zones.lire(_octets(chemin))
        if groupes and groupes[0].id == ps_zones.TITULAIRE:
            return ps_zones.carte_depuis(groupes, _numero_serie(chemin))
        if groupes and groupes[0].id == vitale_131.CARTE:
            return vitale_131.carte_depuis(groupes)
        return vitale_zones.carte_depuis(groupes)
    except ErreurConnue as erreur:
        ou = f"{chemin.name}, {erreur.ou}" if erreur.ou else chemin.name
        raise ErreurConnue(erreur.message, code=erreur.code, action=erreur.action, ou=ou) from None


def _sans_amc(chemin: Path) -> CarteVitale:
    """Whose card it is, when it was refused for its mutuelle and its AMC together: the others are not concerned."""
    return vitale_zones.carte_depuis([g for g in zones.lire(_octets(chemin)) if g.id != vitale_groupes.AMC])


def _octets(chemin: Path) -> bytes:
    try:
        with chemin.open("rb") as fichier:
            return fichier.read(zones.TAILLE_MAXIMALE + 1)
    except FileNotFoundError:
        raise ErreurConnue("Ce fichier n'existe pas.", code="FICHIER_ABSENT", action="Vérifiez son chemin.") from None
    except OSError:
        raise ErreurConnue(
            "Ce fichier ne peut pas être lu.", code="FICHIER_ILLISIBLE", action="Vérifiez ses droits d'accès."
        ) from None


def _numero_serie(chemin: Path) -> str:
    """Serial number at the end of the name of a CPS file, "" when there is none."""
    fin = chemin.stem.rpartition("-")[2].upper()
    return fin if re.fullmatch(r"[0-9A-F]{10}", fin) else ""


def _exiger_une(trouvees: list[CarteVitale], refus: list[ErreurConnue]) -> None:
    if len(trouvees) > 1:
        raise _ambigue()
    if not trouvees and refus:
        raise refus[0]
    for erreur in refus:
        journal.warning("carte virtuelle ignorée : %s", erreur.phrase())


def _ambigue() -> ErreurConnue:
    return ErreurConnue(
        "Deux cartes virtuelles correspondent à la carte insérée.",
        code="CARTE_AMBIGUE",
        action="Ne gardez qu'un fichier par carte dans le dossier des cartes du poste.",
    )


def correspond(puce: PuceVitale, carte: CarteVitale) -> bool:
    """True when this chip and this card say the same holders, in the same order."""
    return len(puce.identites) == len(carte.beneficiaires) and all(
        _meme_personne(lue, connue, carte.assure)
        for lue, connue in zip(puce.identites, carte.beneficiaires, strict=True)
    )


def _meme_personne(lue: IdentitePuce, connue: Beneficiaire, assure: Assure) -> bool:
    """Names as people mean them: the chip and the file may differ by an accent or a hyphen, not by the NIR."""
    noms = {comparable(connue.nom_usuel), comparable(connue.nom_patronymique)} - {""}
    numeros = {connue.nir_certifie, assure.nir} - {""}
    return (
        comparable(lue.nom) in noms
        and comparable(lue.prenom) == comparable(connue.prenom)
        and lue.naissance == connue.date_naissance
        and lue.nir in numeros
    )


def _publique(puce: PuceVitale) -> CarteVitale:
    """What the chip alone tells: no right, no fund, no serial number. The first holder is taken as the insured."""
    titulaire = puce.identites[0]
    beneficiaires = tuple(
        Beneficiaire(p.nom, "", p.prenom, nir_certifie=p.nir, cle=p.cle, date_naissance=p.naissance)
        for p in puce.identites
    )
    return CarteVitale("", "", None, Assure(titulaire.nir, titulaire.cle), beneficiaires, droits_lus=False)
