"""Cartes virtuelles: what a chip does not give in clear, taken from SSV zone files (`*.ssv`) of the workstation.

A Vitale is matched on the identity and the NIR of every holder, a CPS on its serial number, which ends the file's name
(``nom-0000000001.ssv``). An unreadable file never hides the others; it is told when nothing else matches.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sesam_desktop.cartes import ps_zones, vitale_zones, zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.cartes.ps import CartePS, Identification
from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.cartes.vitale import Assure, Beneficiaire, CarteVitale
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from .lecture import PuceCps, PuceVitale

journal = logging.getLogger(__name__)


class DossierCartes:
    """The `cartes/` folder of a profile, read again at each card: a file dropped in is used at once."""

    def __init__(self, chemin: Path) -> None:
        self._chemin = chemin

    def pour_vitale(self, puce: PuceVitale) -> CarteVitale:
        """The card virtuelle of this chip, or its public part (`droits_lus` False). Raises CARTE_AMBIGUE."""
        trouvees, refus = [], []
        for fichier in self._fichiers():
            try:
                groupes = lire_groupes(fichier)
                if groupes[:1] and groupes[0].id == vitale_zones.ASSURE:
                    carte = vitale_zones.carte_depuis(groupes)
                    trouvees += [carte] if _correspond(puce, carte) else []
            except ErreurConnue as erreur:
                refus.append(_nommer(erreur, fichier))
        _exiger_une(trouvees, refus)
        return trouvees[0] if trouvees else _publique(puce)

    def pour_ps(self, puce: PuceCps, *, situations: bool) -> CartePS:
        """The professional of this chip, without situations unless the code porteur was verified."""
        fichiers = [f for f in self._fichiers() if f.stem.split("-")[-1] == puce.numero_serie]
        if len(fichiers) > 1:
            raise _ambigue()
        if not fichiers:
            return CartePS("", Identification("", "", ""), "", "", "", numero_serie=puce.numero_serie)
        carte = ps_zones.carte_depuis(lire_groupes(fichiers[0]), puce.numero_serie)
        return carte if situations else replace(carte, situations=())

    def _fichiers(self) -> Iterator[Path]:
        yield from sorted(self._chemin.glob("*.ssv"))


def lire_groupes(chemin: Path) -> list[Groupe]:
    """Groups of one file. Raises ErreurConnue when it cannot be read or is not made of SSV zones."""
    try:
        with chemin.open("rb") as fichier:
            octets = fichier.read(zones.TAILLE_MAXIMALE + 1)
    except OSError as erreur:
        raise ErreurConnue(
            f"Le fichier ne peut pas être lu ({erreur.strerror}).", code="FICHIER_ILLISIBLE", ou=chemin.name
        ) from None
    try:
        return zones.lire(octets)
    except FormatInvalide as erreur:
        raise _nommer(erreur, chemin) from None


def _nommer(erreur: ErreurConnue, chemin: Path) -> ErreurConnue:
    """The same refusal, with the name of the file in front."""
    if erreur.ou.startswith(chemin.name):
        return erreur
    ou = f"{chemin.name}, {erreur.ou}" if erreur.ou else chemin.name
    return ErreurConnue(erreur.message, code=erreur.code, action=erreur.action, ou=ou)


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


def _correspond(puce: PuceVitale, carte: CarteVitale) -> bool:
    return len(puce.identites) == len(carte.beneficiaires) and all(
        _meme_personne(lue, connue, carte.assure)
        for lue, connue in zip(puce.identites, carte.beneficiaires, strict=True)
    )


def _meme_personne(lue: IdentitePuce, connue: Beneficiaire, assure: Assure) -> bool:
    noms = {connue.nom_usuel.upper(), connue.nom_patronymique.upper()}
    numeros = {connue.nir_certifie, assure.nir} - {""}
    return (
        lue.nom.upper() in noms
        and lue.prenom.upper() == connue.prenom.upper()
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


def deposer_demonstration(dossier: Path) -> None:
    """Write the fictitious cards of the demonstration as files of this folder, encoded by our own writer."""
    dossier.mkdir(parents=True, exist_ok=True)
    for nom, carte in cartes_de_demonstration():
        (dossier / f"vitale-{nom}.ssv").write_bytes(zones.ecrire(vitale_zones.groupes_de(carte)))
    for nom, carte_ps in cartes_ps_de_demonstration():
        (dossier / f"cps-{nom}-{carte_ps.numero_serie}.ssv").write_bytes(zones.ecrire(ps_zones.groupes_de(carte_ps)))
