"""The workstation with the SSV libraries: who gives the rights, with whose code, and what happens without it."""

from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import pont_ssv
from sesam_desktop.poste.demonstration import CODE_PORTEUR, LECTEUR_CPS, LECTEUR_VITALE
from sesam_desktop.poste.lecteurs import ServiceLecteurs
from sesam_desktop.poste.poste import Poste

from .test_lecteurs import facture_de

VITALES = dict(cartes_de_demonstration())
PROFESSIONNELS = dict(cartes_ps_de_demonstration())


class Pont:
    """Stands for the libraries: answers with one card of each, counts the codes it is given."""

    def __init__(self, vitale: str) -> None:
        self.vitale, self.codes, self.ferme = vitale, [], False
        self.type_vitale, self.pendant = "T", lambda: None

    def lire_droits_vitale(self, code: str, jour: date):
        assert jour == date.today()  # noqa: DTZ011 - the counter's own calendar day
        self.codes.append(code)
        self.pendant()
        return replace(VITALES[self.vitale], type=self.type_vitale)

    def lire_carte_ps(self, code: str):
        self.codes.append(code)
        return replace(PROFESSIONNELS["pharmacien"], numero_serie="")

    def fermer(self) -> None:
        self.ferme = True


@pytest.fixture
def avec_pont(poste: Poste, monkeypatch: pytest.MonkeyPatch):
    """The demonstration workstation, whose settings name libraries that a double stands for."""
    pont = Pont("assure")
    monkeypatch.setattr(pont_ssv, "_ouvrir", lambda bibliotheques, sesam_ini: pont)
    poste.configuration = replace(poste.configuration, bibliotheques_ssv="/dossier/fsv")
    for fichier in (poste.profil / "cartes").glob("*.ssv"):
        fichier.unlink()  # what is read can only come from the libraries
    return pont


def test_without_setting_there_is_no_bridge(poste: Poste):
    assert poste.lecteurs.pont is None


def test_without_the_code_only_the_chip_is_read(poste: Poste, avec_pont: Pont):
    poste.environnement.inserer_vitale("assure")
    assert not poste.lecteurs.lire_vitale().droits_lus
    assert avec_pont.codes == []


def test_with_an_open_session_rights_and_situations_come_from_the_libraries(poste: Poste, avec_pont: Pont):
    poste.environnement.inserer_vitale("assure")
    ps = poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert (ps.nom, ps.numero_serie, ps.situations[0].specialite) == ("MARTIN", "0000000001", "50")
    carte = poste.lecteurs.lire_vitale()
    assert carte.droits_lus
    assert carte.assure.nir == VITALES["assure"].assure.nir
    assert avec_pont.codes == [CODE_PORTEUR, CODE_PORTEUR]


def test_opening_the_session_has_the_vitale_read_again(poste: Poste, avec_pont: Pont):
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert poste.lecteurs.vitale is None


def test_a_test_card_may_hold_another_patient_than_its_chip(poste: Poste, avec_pont: Pont):
    avec_pont.vitale = "ald"
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert poste.lecteurs.lire_vitale().assure.nir == VITALES["ald"].assure.nir


def test_a_card_swapped_while_the_libraries_read_is_not_kept(poste: Poste, avec_pont: Pont):
    avec_pont.pendant = lambda: poste.environnement.inserer_vitale("assure")
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.lire_vitale()
    assert refus.value.code == "CARTE_CHANGEE"


def test_libraries_that_read_another_card_are_not_believed(poste: Poste, avec_pont: Pont):
    avec_pont.vitale, avec_pont.type_vitale = "ald", "S"
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.lire_vitale()
    assert refus.value.code == "CARTE_CHANGEE"
    assert poste.lecteurs.vitale is None


def test_the_code_of_a_session_is_never_given_for_another_professionals_card(
    poste: Poste, avec_pont: Pont, monkeypatch: pytest.MonkeyPatch
):
    """The libraries find the card by themselves: they would present it, and that card would lose a try."""
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    presentes = len(avec_pont.codes)
    monkeypatch.setattr(ServiceLecteurs, "_recevoir", lambda *_: None)
    poste.environnement.inserer_ps("infirmier")
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.lire_vitale()
    assert (refus.value.code, len(avec_pont.codes)) == ("CARTE_CHANGEE", presentes)
    assert not poste.lecteurs.session_ouverte


def test_libraries_that_do_not_open_keep_no_chip_from_being_read(poste: Poste):
    """Without code nothing is asked of them; with it, what keeps them closed is said."""
    poste.configuration = replace(poste.configuration, bibliotheques_ssv=str(poste.profil / "absentes"))
    poste.environnement.inserer_vitale("assure")
    assert poste.lecteurs.lire_ps().nom == "MARTIN"
    assert poste.lecteurs.lire_vitale().beneficiaires[0].nom_usuel == "DURAND"
    for lire in (poste.lecteurs.lire_ps, poste.lecteurs.ouvrir_session):
        with pytest.raises(ErreurConnue) as refus:
            lire(CODE_PORTEUR)
        assert refus.value.code == "BIBLIOTHEQUE_ABSENTE"
        assert refus.value.action
    assert not poste.lecteurs.session_ouverte


def test_a_card_read_with_its_code_gives_it_to_the_libraries_alone(poste: Poste, avec_pont: Pont):
    poste.environnement.canal  # noqa: B018 - puts the card in
    puce = poste.environnement.canal._passages[LECTEUR_CPS].carte
    carte = poste.lecteurs.lire_ps("9999")  # the chip would refuse it
    assert (carte.nom, avec_pont.codes, puce.essais) == ("MARTIN", ["9999"], 3)


class CartePrivee:
    """Nothing public tells how to talk to it."""

    def __init__(self, atr: str) -> None:
        self.atr = bytes.fromhex(atr)

    def traiter(self, apdu: bytes) -> bytes:
        raise AssertionError("nothing public tells how to talk to it")

    def reset(self) -> None:
        """Nothing is kept."""


def test_an_old_cps_is_read_by_the_libraries_alone(poste: Poste, avec_pont: Pont):
    poste.environnement.canal.inserer(LECTEUR_CPS, CartePrivee("3BAC00402A001225006480820212009000"))
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.lire_ps()
    assert refus.value.code == "CARTE_NON_LUE"
    carte = poste.lecteurs.lire_ps(CODE_PORTEUR)
    assert (carte.nom, carte.numero_serie, avec_pont.codes) == ("MARTIN", "", [CODE_PORTEUR])


def test_a_first_generation_vitale_does_not_sign_and_says_so(poste: Poste, avec_pont: Pont):
    poste.environnement.canal.inserer(LECTEUR_VITALE, CartePrivee("3F6525002C09699000"))
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.lecteurs.lire_vitale()
    with pytest.raises(ErreurConnue) as refus, poste.lecteurs.signataires(facture_de(poste), Niveau.SECURISEE):
        pass
    assert refus.value.code == "VITALE_SANS_SIGNATURE"
    assert refus.value.action


def test_a_first_generation_vitale_is_read_by_the_libraries_alone(poste: Poste, avec_pont: Pont):
    poste.environnement.canal.inserer(LECTEUR_VITALE, CartePrivee("3F6525002C09699000"))
    with pytest.raises(ErreurConnue) as refus:
        poste.lecteurs.lire_vitale()
    assert refus.value.code == "SESSION_PS_FERMEE"
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert poste.lecteurs.lire_vitale().droits_lus


def test_the_libraries_are_let_go_when_the_setting_changes(poste: Poste, avec_pont: Pont):
    assert poste.lecteurs.pont is avec_pont
    poste.configuration = replace(poste.configuration, bibliotheques_ssv="")
    assert poste.lecteurs.pont is None
    assert avec_pont.ferme
