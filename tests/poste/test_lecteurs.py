"""Cards seen from the workstation: the session of the professional, whose Vitale it is, what a removal takes away."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.cartes.ps import CartePS
from sesam_desktop.factures.facture import Executant, Facture, Niveau, Patient
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.poste import Poste


def attendre(condition: Callable[[], bool]) -> None:
    limite = time.monotonic() + 3
    while not condition():
        assert time.monotonic() < limite, "rien n'est venu en trois secondes"
        time.sleep(0.01)


PHARMACIE = Executant("pharmacien", "50", "1", numero_facturation="72200001", cle="5")


def facture_de(poste: Poste, executant: Executant = PHARMACIE) -> Facture:
    assure = poste.lecteurs.vitale.assure
    patient = Patient(nir=assure.nir, date_naissance="19850412")
    return Facture(date(2026, 3, 2), executant, patient, ())


def habiliter(carte: CartePS, **habilitations: bool) -> CartePS:
    return replace(carte, situations=tuple(replace(s, **habilitations) for s in carte.situations))


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
    with pytest.raises(ErreurConnue) as erreur, poste.lecteurs.signataires(facture_de(poste), Niveau.DEGRADEE):
        pass
    assert erreur.value.code == "SESSION_PS_FERMEE"


def test_another_patients_card_never_signs(poste: Poste):
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    facture = facture_de(poste)
    poste.environnement.inserer_vitale("ald")
    with pytest.raises(ErreurConnue) as erreur, poste.lecteurs.signataires(facture, Niveau.SECURISEE):
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
    with poste.lecteurs.signataires(facture_de(poste), niveau) as signataires:
        assert [s and s.porteur for s in signataires] == porteurs


def test_a_card_without_certificate_is_refused_with_the_way_out(poste: Poste):
    poste.lecteurs.fentes()
    (poste.profil / "cartes" / "0000000001.pem").unlink()
    with pytest.raises(ErreurConnue) as erreur:
        poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert erreur.value.code == "CERTIFICAT_CARTE_ABSENT"
    assert erreur.value.action


INFIRMIERE = replace(PHARMACIE, profession="infirmier", numero_facturation="72600002", cle="7")


@pytest.mark.parametrize(
    ("habilitations", "executant", "code"),
    [
        ({"signe_facture": False}, PHARMACIE, "SIGNATURE_NON_HABILITEE"),
        ({}, INFIRMIERE, "CPS_D_UN_AUTRE"),
    ],
)
def test_an_invoice_is_signed_only_by_whom_the_card_allows(
    poste: Poste, habilitations: dict[str, bool], executant: Executant, code: str
):
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    poste.lecteurs.ps = habiliter(poste.lecteurs.ps, **habilitations)
    facture = facture_de(poste, executant)
    with pytest.raises(ErreurConnue) as refus, poste.lecteurs.signataires(facture, Niveau.DEGRADEE):
        pass
    assert refus.value.code == code
    assert refus.value.action


def test_a_lot_is_signed_only_by_whom_the_card_allows(poste: Poste):
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    assert poste.lecteurs.signataire_de_lot("722000015").porteur == "ps"
    with pytest.raises(ErreurConnue) as autre:
        poste.lecteurs.signataire_de_lot("726000027")
    poste.lecteurs.ps = habiliter(poste.lecteurs.ps, signe_lot=False)
    with pytest.raises(ErreurConnue) as non_habilite:
        poste.lecteurs.signataire_de_lot("722000015")
    assert (autre.value.code, non_habilite.value.code) == ("CPS_D_UN_AUTRE", "SIGNATURE_NON_HABILITEE")


def test_a_card_torn_out_while_it_signs_blocks_nobody(poste: Poste):
    """The removal is told on the reader's thread while the session is held by the one that signs."""
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    session = poste.lecteurs.session
    connecter = session._moyen._connecter
    attendus: list[str] = []

    def pendant_le_retrait():
        poste.environnement.inserer_ps(None)
        time.sleep(0.3)  # the reader's thread has come to the closing of the session
        return connecter()

    def signer() -> None:
        with pytest.raises(ErreurConnue) as refus:
            session.signer(b"facture")
        attendus.append(refus.value.code)

    session._moyen._connecter = pendant_le_retrait
    fil = threading.Thread(target=signer, daemon=True)
    fil.start()
    fil.join(5)
    assert attendus == ["CARTE_ABSENTE"]
    attendre(lambda: poste.lecteurs.ps is None and not session.ouverte)


def test_asking_whether_the_session_is_open_never_waits_for_a_signature(poste: Poste):
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    pris, rendre = threading.Event(), threading.Event()

    def signer_lentement() -> None:
        with poste.lecteurs.session._verrou:
            pris.set()
            rendre.wait(5)

    threading.Thread(target=signer_lentement, daemon=True).start()
    pris.wait(5)
    debut = time.monotonic()
    assert poste.lecteurs.session_ouverte
    assert time.monotonic() - debut < 1
    rendre.set()


def test_a_vitale_taken_out_while_it_is_read_is_not_kept(poste: Poste, monkeypatch: pytest.MonkeyPatch):
    """Its removal may be told between the reading of the chip and the end of the reading."""
    poste.environnement.inserer_vitale("assure")
    source = poste.lecteurs._source

    def pendant_le_retrait():
        poste.environnement.inserer_vitale(None)
        time.sleep(0.3)
        return source()

    monkeypatch.setattr(poste.lecteurs, "_source", pendant_le_retrait)
    poste.lecteurs.lire_vitale()
    attendre(lambda: poste.lecteurs.vitale is None)


def test_a_vitale_swapped_before_its_removal_is_told_does_not_sign(poste: Poste, monkeypatch: pytest.MonkeyPatch):
    """The chip itself is read again: the news of the removal may be late."""
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    facture = facture_de(poste)
    monkeypatch.setattr(poste.lecteurs, "_oublier", lambda _fente: None)
    poste.environnement.inserer_vitale("ald")
    with pytest.raises(ErreurConnue) as refus, poste.lecteurs.signataires(facture, Niveau.SECURISEE):
        pass
    assert refus.value.code == "CARTE_CHANGEE"
