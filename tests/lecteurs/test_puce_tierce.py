"""Cards made by somebody else from the same public layout are read as ours are: every habit a maker may take."""

from __future__ import annotations

from datetime import date

import pytest

from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.lecteurs import lecture
from sesam_desktop.lecteurs.lecture import PuceCps
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.outils import puce_tierce
from tests.outils.puce_tierce import Habitudes, PuceTierce, Titulaire

FAMILLE = (
    Titulaire("LÉVÊQUE D'ARC", "ZOÉ-ANNE", "19521300", "252199900004212"),
    Titulaire("MARTIN", "FRANÇOIS", "19480229", "148197500000733"),
    Titulaire("LÉVÊQUE", "NAÏM", "20140000", "252199900004212", "MAR"),
)
LUES = tuple(IdentitePuce(t.nom, t.prenom, t.naissance, t.nir[:13], t.nir[13:], t.pays) for t in FAMILLE)

HABITUDES = {
    "les nôtres": Habitudes(),
    "96 octets à la fois, T=0": Habitudes(lecture_max=96),
    "32 octets à la fois, T=1": Habitudes(lecture_max=32, trop_demande="court"),
    "l'octet 00 pour 256": Habitudes(lecture_max=255),
    "refuse qu'on demande trop": Habitudes(lecture_max=64, trop_demande="6700"),
    "refuse qu'on demande trop, même à la fin": Habitudes(lecture_max=48, trop_demande="6700", apres_la_fin=0x6700),
    "annonce la fin": Habitudes(fin_annoncee=True),
    "annonce la fin sans rien donner": Habitudes(lecture_max=50, trop_demande="court", apres_la_fin=0x6282),
    "ne donne rien après la fin": Habitudes(lecture_max=50, trop_demande="court", apres_la_fin=0x9000),
    "chemins seulement": Habitudes(chemins="09"),
    "chemins depuis le fichier maître": Habitudes(chemins="08"),
    "sans gabarit": Habitudes(gabarit="rien"),
    "avertit à chaque choix": Habitudes(select=0x6283),
    "avertit sans gabarit": Habitudes(select=0x6300, gabarit="rien"),
    "longueurs sur deux octets": Habitudes(longueurs=2),
    "longueurs sur trois octets": Habitudes(longueurs=3, lecture_max=100),
    "remplissage d'une mémoire vierge": Habitudes(bourrage=b"\xff"),
    "fichier maître par son nom": Habitudes(maitre_par_nom=True),
}


def lire_vitale(puce: PuceTierce) -> lecture.PuceVitale:
    with CanalVirtuel({"fente": puce}).connecter("fente") as session:
        return lecture.lire_puce_vitale(session)


def lire_cps(puce: PuceTierce) -> PuceCps:
    with CanalVirtuel({"fente": puce}).connecter("fente") as session:
        return lecture.lire_puce_cps(session)


@pytest.mark.parametrize("nom", HABITUDES)
def test_vitale(nom: str) -> None:
    puce = lire_vitale(puce_tierce.vitale(FAMILLE, HABITUDES[nom]))
    assert puce.identites == LUES
    assert puce.debut_validite == date(2023, 6, 15)


@pytest.mark.parametrize("nom", [nom for nom, h in HABITUDES.items() if not h.maitre_par_nom])
def test_cps(nom: str) -> None:
    assert lire_cps(puce_tierce.cps(bytes.fromhex("00A1B2C3D4"), HABITUDES[nom])) == PuceCps("00A1B2C3D4", "20250902")


@pytest.mark.parametrize(("ensemble", "nirs_ensemble"), [(1, 99), (2, 99), (99, 1), (99, 2), (1, 2)])
@pytest.mark.parametrize("nom", ["les nôtres", "32 octets à la fois, T=1", "fichier maître par son nom"])
def test_titulaires_dans_plusieurs_fichiers(nom: str, ensemble: int, nirs_ensemble: int) -> None:
    """The two public files do not agree: every file of the map is looked at, those that refuse are left alone."""
    puce = puce_tierce.vitale(FAMILLE, HABITUDES[nom], ensemble=ensemble, nirs_ensemble=nirs_ensemble)
    assert lire_vitale(puce).identites == LUES


def test_dix_neuf_titulaires() -> None:
    tribu = tuple(Titulaire("TRIBU", f"N{rang:02d}", "20000101", "270197200002100") for rang in range(19))
    lue = lire_vitale(puce_tierce.vitale(tribu, HABITUDES["longueurs sur trois octets"]))
    assert [i.prenom for i in lue.identites] == [t.prenom for t in tribu]


def test_carte_sans_personne() -> None:
    for puce in (puce_tierce.vitale(()), puce_tierce.vitale((), Habitudes(bourrage=b"\xff"))):
        with pytest.raises(ErreurConnue) as refus:
            lire_vitale(puce)
        assert refus.value.code == "CARTE_VIDE"


def test_un_nir_de_moins_que_de_titulaires() -> None:
    """A NIR could be somebody else's: nobody is read."""
    puce = puce_tierce.vitale(FAMILLE, nirs_ensemble=2)
    puce._racines[1].enfants[1].contenu = b""
    with pytest.raises(ErreurConnue) as refus:
        lire_vitale(puce)
    assert refus.value.code == "CARTE_ILLISIBLE"
    assert "MARTIN" not in refus.value.phrase()


def test_fichier_jamais_ecrit() -> None:
    """00…, and 04 00 whatever follows: nobody is in there."""
    for contenu in (b"\x00" * 8, b"\x00\x12\x34", b"\x04\x00\x77\x77"):
        puce = puce_tierce.vitale(FAMILLE)
        puce._racines[0].enfants[2].contenu = contenu
        puce._racines[1].enfants[0].contenu = contenu
        with pytest.raises(ErreurConnue) as refus:
            lire_vitale(puce)
        assert refus.value.code == "CARTE_VIDE"


@pytest.mark.parametrize("chemins", ["pas", "09", "08"])
def test_le_code_ne_part_pas_vers_une_carte_qui_ne_compte_pas(chemins: str) -> None:
    """Nothing published says what a VERIFY without code costs: none is sent, nor any code."""
    puce = puce_tierce.cps(b"\0\0\0\0\1", Habitudes(chemins=chemins))
    with CanalVirtuel({"fente": puce}).connecter("fente") as session:
        assert lecture.essais_restants(session) is None
        with pytest.raises(ErreurConnue) as refus:
            lecture.verifier_code(session, "1234")
    assert refus.value.code == "CODE_NON_VERIFIABLE"
    assert not [c for c in puce.commandes if c[1] == 0x20]


def test_mise_a_jour_inachevee() -> None:
    for contenu in (b"", b"\xff\xff", puce_tierce.tlv(0xEC, puce_tierce.tlv(0x81, b"20250901"))):
        with pytest.raises(ErreurConnue) as refus:
            lire_cps(puce_tierce.cps(b"\0\0\0\0\1", actualisation=contenu))
        assert refus.value.code == "CPS_MISE_A_JOUR_INACHEVEE"
