"""Readers and cards: what is missing, mute, unknown, double, held by somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sesam_desktop.lecteurs import detenteur
from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.controles.lecteurs import cartes, est_un_lecteur, lecteurs
from sesam_desktop.poste.diagnostic_constats import Constat
from sesam_desktop.poste.sondes import WINDOWS, Service, Usb

from .outils import (
    ATR_BANQUE,
    ATR_CPS,
    ATR_VITALE,
    CPS,
    DEUX_CARTES,
    VITALE,
    Ordinateur,
    carte,
    declenche,
    examen,
    vide,
)

SERVICE = ErreurConnue("Le service des cartes à puce ne répond pas.", code="SERVICE_CARTES_ARRETE", action="Démarrez.")
BLOQUES = ErreurConnue("Les lecteurs ne répondent pas.", code="LECTEURS_SANS_REPONSE", action="Retirez.")
KAPELSE = Usb("2947", "0101", "kap-link")


@declenche("LECTEURS")
def test_deux_fentes(tmp_path: Path) -> Iterable[Constat]:
    return lecteurs(examen(tmp_path, fentes=DEUX_CARTES))


@declenche("LECTEURS", "CANAL_SANS_REPONSE")
def test_un_canal_se_tait_l_autre_repond(tmp_path: Path) -> Iterable[Constat]:
    """A serial port gone, PC/SC going on: the manager gives one absent slot without a name for that channel."""
    trouves = list(lecteurs(examen(tmp_path, fentes=[*DEUX_CARTES, Fente("serie", "", Etat.ABSENTE)])))
    assert [un.titre for un in trouves] == [
        "Fentes de lecteurs reconnues : 2.",
        "Les lecteurs du canal serie ne répondent pas ; les autres fentes sont lues.",
    ]
    return trouves


@declenche("LECTEUR_ABSENT")
def test_rien_sur_le_bus(tmp_path: Path) -> Iterable[Constat]:
    return lecteurs(examen(tmp_path, Ordinateur(bus=[Usb("046d", "c52b", "souris")])))


@declenche("LECTEUR_ABSENT")
def test_systeme_qui_ne_dit_rien_du_bus(tmp_path: Path) -> Iterable[Constat]:
    return lecteurs(examen(tmp_path))


@declenche("LECTEUR_USB_SANS_PILOTE")
def test_lecteur_branche_que_le_systeme_ne_propose_pas(tmp_path: Path) -> Iterable[Constat]:
    trouves = list(lecteurs(examen(tmp_path, Ordinateur(bus=[Usb("046d", "c52b"), KAPELSE]))))
    assert "kap-link" in trouves[0].titre
    return trouves


@declenche("SERVICE_CARTES_ARRETE")
def test_service_arrete_vu_par_le_systeme(tmp_path: Path) -> Iterable[Constat]:
    return lecteurs(examen(tmp_path, Ordinateur(services={"cartes": Service(en_marche=False)}, bus=[KAPELSE])))


@declenche("SERVICE_CARTES_ARRETE")
def test_service_arrete_vu_par_les_lecteurs(tmp_path: Path) -> Iterable[Constat]:
    return lecteurs(examen(tmp_path, Ordinateur(nom=WINDOWS, bus=[KAPELSE]), SERVICE))


@declenche("LECTEUR_ABSENT")
def test_windows_arrete_le_service_quand_le_dernier_lecteur_part(tmp_path: Path) -> Iterable[Constat]:
    return lecteurs(examen(tmp_path, Ordinateur(nom=WINDOWS, bus=[]), SERVICE))


@declenche("SERVICE_CARTES_ARRETE")
def test_ailleurs_le_service_arrete_est_la_cause(tmp_path: Path) -> Iterable[Constat]:
    return lecteurs(examen(tmp_path, Ordinateur(bus=[]), SERVICE))


@declenche("LECTEURS_SANS_REPONSE")
def test_enumeration_bloquee(tmp_path: Path) -> Iterable[Constat]:
    return lecteurs(examen(tmp_path, fentes=BLOQUES))


@declenche("LECTEUR_SANS_CONTACT_SEUL")
def test_interface_sans_contact_seule(tmp_path: Path) -> Iterable[Constat]:
    ordinateur = Ordinateur(declares=["FEI Smart Card NFC 0", "Windows Hello for Business 1"], bus=[KAPELSE])
    return lecteurs(examen(tmp_path, ordinateur))


@declenche("LECTEURS", "LECTEUR_VIRTUEL_ECARTE")
def test_lecteur_virtuel_ecarte(tmp_path: Path) -> Iterable[Constat]:
    ordinateur = Ordinateur(nom=WINDOWS, declares=["Windows Hello for Business 1", CPS, VITALE])
    return lecteurs(examen(tmp_path, ordinateur, DEUX_CARTES))


@declenche("CPS_PRESENTE", "VITALE_PRESENTE")
def test_les_deux_cartes(tmp_path: Path) -> Iterable[Constat]:
    return cartes(examen(tmp_path, fentes=DEUX_CARTES))


@declenche("CPS_ABSENTE", "VITALE_ABSENTE")
def test_aucune_carte(tmp_path: Path) -> Iterable[Constat]:
    return cartes(examen(tmp_path, fentes=[vide(CPS), vide(VITALE)]))


@declenche("CARTE_MUETTE", "CPS_PRESENTE", "VITALE_ABSENTE")
def test_carte_muette(tmp_path: Path) -> Iterable[Constat]:
    trouves = list(cartes(examen(tmp_path, fentes=[carte(CPS, ATR_CPS), carte(VITALE, b"")])))
    assert trouves[0].objet == VITALE
    return trouves


@declenche("CARTE_INCONNUE", "CPS_PRESENTE", "VITALE_ABSENTE")
def test_carte_inconnue_dite_avec_son_atr(tmp_path: Path) -> Iterable[Constat]:
    trouves = list(cartes(examen(tmp_path, fentes=[carte(CPS, ATR_CPS), carte(VITALE, ATR_BANQUE)])))
    assert "3B 65 00 00 20 63 CB 68 00" in trouves[0].titre
    return trouves


@declenche("PLUSIEURS_CPS", "PLUSIEURS_VITALE")
def test_deux_de_chaque(tmp_path: Path) -> Iterable[Constat]:
    return cartes(examen(tmp_path, fentes=[
        *DEUX_CARTES, carte("Lecteur Essai 2", ATR_CPS), carte("Lecteur Essai 3", ATR_VITALE),
    ]))


@declenche("CARTE_OCCUPEE", "CPS_PRESENTE", "VITALE_PRESENTE")
def test_carte_tenue_par_un_programme_que_le_systeme_nomme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterable[Constat]:
    monkeypatch.setattr(detenteur, "noms", lambda _: ["pyxvital.exe"])
    trouves = list(cartes(examen(tmp_path, fentes=[carte(CPS, ATR_CPS, occupee=True), carte(VITALE, ATR_VITALE)])))
    assert trouves[0].titre == f"{CPS} : la carte est utilisée par pyxvital.exe."
    return trouves


@declenche("CARTE_OCCUPEE", "CPS_PRESENTE", "VITALE_PRESENTE")
def test_carte_tenue_sans_que_le_systeme_dise_par_qui(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterable[Constat]:
    monkeypatch.setattr(detenteur, "noms", lambda _: [])
    fentes = [carte(CPS, ATR_CPS, occupee=True), carte(VITALE, ATR_VITALE)]
    suspects = list(cartes(examen(tmp_path, Ordinateur(programmes=["vitalzen"]), fentes)))
    assert "un autre programme (peut-être VitalZen (Weda))" in suspects[0].titre
    inconnus = list(cartes(examen(tmp_path, fentes=fentes)))
    assert inconnus[0].titre.endswith("utilisée par un autre programme.")
    return suspects


def test_lecteurs_muets_les_cartes_n_ajoutent_rien(tmp_path: Path) -> None:
    assert list(cartes(examen(tmp_path, fentes=SERVICE))) == []


@pytest.mark.parametrize(("appareil", "attendu"), [
    (Usb("ffff", "0001", carte_a_puce=True), True),
    (Usb("04e6", "5810"), True),
    (Usb("04e6", "0001"), False),
    (Usb("0f14", "9999"), True),
    (Usb("ffff", "0001", "Olaqin SESAM-VITALE reader"), True),
    (Usb("0424", "2514", "USB Hub"), False),
    (Usb("0bda", "0129", "Card Reader"), False),
])
def test_reconnaitre_un_lecteur_sur_le_bus(appareil: Usb, attendu: bool) -> None:
    assert est_un_lecteur(appareil) is attendu
