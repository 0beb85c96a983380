"""« Même toit »: one travel for a family, proposed where the cards tell one address, and never imposed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.cartes.vitale import CarteVitale
from sesam_desktop.ihm.facturation.actes import Actes

from .faux_poste import carte_vitale

FERME = ("LA FERME", "12  CHEMIN DES PRES", "72000 LE MANS", "", "")


def carte(prenom: str, rang: int = 1, adresse: tuple[str, ...] = FERME) -> CarteVitale:
    """One person of the family on a card of their own; `rang` tells them apart."""
    lue = carte_vitale(prenom)
    beneficiaire = replace(lue.beneficiaires[0], rang=rang, adresse=adresse)
    return replace(lue, numero_serie=f"{rang:016}", beneficiaires=(beneficiaire,))


@pytest.fixture
def feuille(fenetre, poste, repos) -> Actes:
    poste.lecteurs.ps = None
    poste.changer_profession("infirmier")
    fenetre.aller("facturer")
    repos()
    return fenetre.page.feuille


def soigner(feuille, poste, repos, patient: CarteVitale, *, domicile: bool = True) -> None:
    """The card, one act at home, twelve kilometres."""
    poste.lecteurs.inserer(patient)
    repos()
    feuille.visite.domicile.setChecked(domicile)
    feuille.visite.km.setValue(12)
    feuille.entree.setText("AMI 4")
    feuille.entree.returnPressed.emit()
    repos()


def signer(feuille, repos) -> None:
    feuille.securiser()
    repos()


def trajet(feuille) -> tuple[bool, int]:
    """Shared or not, and kilometres, of the act being composed."""
    [ligne] = feuille.saisie.actuelle.lignes
    assert feuille.visite.partage.isChecked() is ligne.deplacement_partage
    return ligne.deplacement_partage, ligne.ik_km


def test_le_conjoint_n_a_pas_de_second_deplacement(feuille, poste, repos) -> None:
    soigner(feuille, poste, repos, carte("PAUL"))
    assert trajet(feuille) == (False, 12)
    signer(feuille, repos)
    soigner(feuille, poste, repos, carte("LUCIE", 2, ("La Ferme", "12 chemin des Pres", "", "72000 Le Mans", "")))
    assert trajet(feuille) == (True, 0)
    assert "Même adresse que DURAND Paul : un seul déplacement pour un même foyer." in feuille.bandeau.phrase
    assert not feuille.visite.km.isEnabled()


def test_deux_foyers_se_decochent_une_fois_pour_toutes(feuille, poste, repos) -> None:
    soigner(feuille, poste, repos, carte("PAUL"))
    signer(feuille, repos)
    soigner(feuille, poste, repos, carte("LUCIE", 2))
    feuille.visite.partage.setChecked(False)
    repos()
    assert trajet(feuille) == (False, 12)
    feuille.visite.km.setValue(20)
    repos()
    assert trajet(feuille) == (False, 20)


def test_la_coche_se_defait_avec_la_composition(feuille, poste, repos) -> None:
    soigner(feuille, poste, repos, carte("PAUL"))
    feuille.visite.partage.setChecked(True)
    repos()
    assert trajet(feuille) == (True, 0)
    feuille.saisie.annuler()
    repos()
    assert trajet(feuille) == (False, 12)


@pytest.mark.parametrize(("second", "domicile"), [
    (carte("LUCIE", 2, ("3 RUE NEUVE", "", "", "", "")), True),     # elsewhere
    (carte("LUCIE", 2, ("", "", "", "", "")), True),                # an address nobody told
    (carte("LUCIE", 2), False),                                     # at the surgery
])
def test_rien_n_est_propose_sans_meme_adresse_ni_deplacement(
    feuille, poste, repos, second: CarteVitale, domicile: bool
) -> None:
    soigner(feuille, poste, repos, carte("PAUL"))
    signer(feuille, repos)
    soigner(feuille, poste, repos, second, domicile=domicile)
    assert trajet(feuille) == (False, 12 * domicile)


def test_le_soir_est_un_autre_deplacement(feuille, poste, repos) -> None:
    """Paul then Lucie in the morning, Paul then Lucie in the evening: Paul bears each travel."""
    partages = []
    for prenom, rang in (("PAUL", 1), ("LUCIE", 2)) * 2:
        soigner(feuille, poste, repos, carte(prenom, rang))
        partages.append(trajet(feuille))
        signer(feuille, repos)
    assert partages == [(False, 12), (True, 0), (False, 12), (True, 0)]


def test_une_facture_de_cote_porte_aussi_le_deplacement(feuille, poste, repos) -> None:
    soigner(feuille, poste, repos, carte("PAUL"))
    feuille.mettre_de_cote()
    repos()
    soigner(feuille, poste, repos, carte("LUCIE", 2))
    assert trajet(feuille) == (True, 0)


@pytest.mark.parametrize(("profession", "visible"), [
    ("infirmier", True), ("masseur_kinesitherapeute", True), ("medecin", False), ("sage_femme", False),
])
def test_la_coche_est_celle_des_metiers_dont_les_actes_l_admettent(
    fenetre, poste, repos, profession: str, visible: bool
) -> None:
    poste.lecteurs.ps = None
    poste.changer_profession(profession)
    fenetre.aller("facturer")
    repos()
    assert fenetre.page.feuille.visite.partage.isVisible() is visible
