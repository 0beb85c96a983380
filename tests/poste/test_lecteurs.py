"""Cards seen from the workstation: the session of the professional, whose Vitale it is, what a removal takes away."""

import time
from collections.abc import Callable

import pytest

from sesam_desktop.factures.facture import Niveau, Patient
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.poste import Poste


def attendre(condition: Callable[[], bool]) -> None:
    limite = time.monotonic() + 3
    while not condition():
        assert time.monotonic() < limite, "rien n'est venu en trois secondes"
        time.sleep(0.01)


def patient_de(poste: Poste) -> Patient:
    assure = poste.lecteurs.vitale.assure
    return Patient(nir=assure.nir, date_naissance="19850412")


def test_without_the_code_the_situations_stay_unknown(poste: Poste):
    assert poste.lecteurs.lire_ps().situations == ()
    assert not poste.lecteurs.session_ouverte


def test_the_code_opens_a_session_and_gives_the_situations(poste: Poste):
    carte = poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert (carte.nom, carte.situations[0].specialite) == ("MARTIN", "50")
    assert poste.lecteurs.session_ouverte


def test_wrong_code_says_how_many_tries_are_left_and_opens_nothing(poste: Poste):
    with pytest.raises(ErreurConnue) as erreur:
        poste.lecteurs.ouvrir_session("9999")
    assert erreur.value.code == "CODE_FAUX"
    assert "2 essais" in erreur.value.message
    assert not poste.lecteurs.session_ouverte
    assert "9999" not in erreur.value.phrase()


def test_removing_the_cps_closes_the_session(poste: Poste):
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_ps(None)
    attendre(lambda: not poste.lecteurs.session_ouverte)
    assert poste.lecteurs.ps is None


def test_a_late_news_of_the_former_card_does_not_close_the_new_session(poste: Poste):
    for nom in ("infirmier", "medecin", "pharmacien") * 5:
        poste.lecteurs.fermer_session()
        poste.environnement.inserer_ps(nom)
        poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    time.sleep(0.1)
    assert poste.lecteurs.session_ouverte
    assert poste.lecteurs.ps.nom == "MARTIN"


def test_removing_the_vitale_forgets_it(poste: Poste):
    poste.environnement.inserer_vitale("assure")
    assert poste.lecteurs.lire_vitale().beneficiaires[0].nom_usuel == "DURAND"
    poste.environnement.inserer_vitale(None)
    attendre(lambda: poste.lecteurs.vitale is None)


def test_signing_needs_an_open_session(poste: Poste):
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    with pytest.raises(ErreurConnue) as erreur, poste.lecteurs.signataires(patient_de(poste), Niveau.DEGRADEE):
        pass
    assert erreur.value.code == "SESSION_PS_FERMEE"


def test_another_patients_card_never_signs(poste: Poste):
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    patient = patient_de(poste)
    poste.environnement.inserer_vitale("ald")
    with pytest.raises(ErreurConnue) as erreur, poste.lecteurs.signataires(patient, Niveau.SECURISEE):
        pass
    assert erreur.value.code in {"MAUVAISE_VITALE", "CARTE_CHANGEE"}


@pytest.mark.parametrize(
    ("niveau", "porteurs"),
    [
        (Niveau.SECURISEE, ["vitale", "ps"]),
        (Niveau.SANS_VITALE, [None, "ps"]),
        (Niveau.DEGRADEE, [None, "ps"]),
        (Niveau.NON_SECURISEE, [None, None]),
    ],
)
def test_who_signs_at_each_level(poste: Poste, niveau: Niveau, porteurs: list[str | None]):
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    with poste.lecteurs.signataires(patient_de(poste), niveau) as signataires:
        assert [s and s.porteur for s in signataires] == porteurs


def test_a_card_without_certificate_is_refused_with_the_way_out(poste: Poste):
    poste.lecteurs.fentes()
    (poste.profil / "cartes" / "0000000001.pem").unlink()
    with pytest.raises(ErreurConnue) as erreur:
        poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert erreur.value.code == "CERTIFICAT_CARTE_ABSENT"
    assert erreur.value.action
