"""Groups 60 and 61 of SIS_LireConfig in words. Fields by rank: group 60 version SSV, GALSS, PSS; group 61 maker, type,
serial number, OS, number of software, name, version, clock, checksum (table of the published interface)."""

from types import SimpleNamespace

from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.inventaire_ssv import essayer

ENTETE = Groupe(60, (b"0140", b"0345", b"0100"))
LECTEUR = Groupe(61, (b"FABRICANT", b"BIFENTE", b"00000001", b"", b"1", b"LOGICIEL SV", b"0302", b"", b""))


def pont(inventaire):
    return SimpleNamespace(regle=True, obtenir=lambda: SimpleNamespace(inventaire=inventaire))


def test_nothing_is_asked_without_a_setting():
    def interdit():
        raise AssertionError("the libraries were opened")

    assert essayer(SimpleNamespace(regle=False, obtenir=interdit)) is None


def test_versions_and_readers_in_words():
    essai = essayer(pont(lambda: SimpleNamespace(groupes=(ENTETE, LECTEUR), erreur=None)))
    assert (essai.version, essai.lecteurs) == ("0140", ("FABRICANT BIFENTE, LOGICIEL SV 0302",))
    assert essai.erreur is None


def test_readers_that_answer_are_told_beside_the_one_that_does_not():
    panne = ErreurConnue("Le lecteur ne répond pas.", code="GALSS_0400")
    essai = essayer(pont(lambda: SimpleNamespace(groupes=(Groupe(61, (b"FABRICANT",)),), erreur=panne)))
    assert (essai.version, essai.lecteurs, essai.erreur) == ("", ("FABRICANT",), panne)


def test_libraries_that_cannot_be_opened_say_why():
    def refuser():
        raise ErreurConnue("Bibliothèque absente.", code="BIBLIOTHEQUE_ABSENTE")

    essai = essayer(SimpleNamespace(regle=True, obtenir=refuser))
    assert essai.erreur.code == "BIBLIOTHEQUE_ABSENTE"
    assert essai.lecteurs == ()
