"""From the counter: what is asked, priced, refused, signed, kept; the draft that survives; the nurse's kilometres."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sesam_desktop.cartes import zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration
from sesam_desktop.cartes.vitale_zones import groupes_de
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.factures.enregistrements import octets_canoniques
from sesam_desktop.factures.facture import Facture, LigneSaisie, Niveau, Prescription, TiersPayant
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import demonstration
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.facturation import profession_de
from sesam_desktop.poste.poste import Poste

DOLIPRANE = "3400935955838"
JOUR = date.today()  # noqa: DTZ011 - invoices of the day


def composer(poste: Poste, vitale: str = "assure", ps: str = "pharmacien", *lignes: LigneSaisie) -> Facture:
    poste.lecteurs.fermer_session()
    poste.environnement.inserer_ps(ps)
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.lecteurs.choisir_situation(1)
    poste.environnement.inserer_vitale(vitale)
    lu = poste.droits.patient(poste.lecteurs.lire_vitale(), 0, JOUR)
    return Facture(
        JOUR, poste.facturation.executant(), lu.patient, lignes or (LigneSaisie("MEDICAMENT", 2, cip13=DOLIPRANE),),
        prescription=Prescription(JOUR, "10001234565", "01", "T", "LEROY", "ANNE"),
    )


def test_the_professional_is_who_the_card_says(poste: Poste):
    with pytest.raises(ErreurConnue, match="n'a pas été lue"):
        poste.facturation.executant()
    executant = composer(poste).executant
    assert (executant.profession, executant.numero_facturation, executant.cle) == ("pharmacien", "72200001", "5")
    assert executant.rpps == "10000000017"
    assert executant.departement == "72"


@pytest.mark.parametrize(
    ("specialite", "metier"),
    [("50", "pharmacien"), ("24", "infirmier"), ("01", "medecin"), ("26", "masseur_kinesitherapeute"), ("98", "")],
)
def test_trade_of_a_speciality(specialite: str, metier: str):
    assert profession_de(specialite) == metier


def test_secured_invoice_is_signed_by_both_cards_and_kept(poste: Poste):
    securisee = poste.facturation.securiser(composer(poste), Niveau.SECURISEE)
    assert [s.porteur for s in securisee.signatures] == ["vitale", "ps"]
    assert poste.registre.charger(securisee.facture.numero) == securisee
    noms = [e.nom for e in poste.registre.historique(securisee.facture.numero)]
    assert noms == ["composee", "tarifee", "signee_vitale", "signee_ps"]
    assert poste.registre.par_etat()[Etat.SIGNEE_PS] == 1


def test_degraded_invoice_is_signed_by_the_professional_alone(poste: Poste):
    securisee = poste.facturation.securiser(composer(poste), Niveau.DEGRADEE)
    assert [s.porteur for s in securisee.signatures] == ["ps"]


def test_blocking_remark_keeps_nothing_and_spends_no_number(poste: Poste):
    facture = composer(poste)
    fausse = replace(facture, prescription=replace(facture.prescription, date=JOUR + timedelta(3)))
    with pytest.raises(ErreurConnue) as refus:
        poste.facturation.securiser(fausse, Niveau.SECURISEE)
    assert refus.value.ou == "prescription.date"
    assert poste.registre.lister(Filtre()) == []
    assert poste.facturation.securiser(facture, Niveau.SECURISEE).facture.numero == "000000001"


@pytest.mark.parametrize(("nir", "cle"), [("180192A000001", "88"), ("180192B000001", "18")])
def test_corsican_number_from_the_chip_to_the_records(poste: Poste, nir: str, cle: str, monkeypatch):
    """Keys by hand in tests/noyau: 2A counts as 19, 2B as 18."""
    cartes = dict(cartes_de_demonstration())
    [titulaire] = cartes["assure"].beneficiaires
    corse = replace(
        cartes["assure"],
        assure=replace(cartes["assure"].assure, nir=nir, cle=cle),
        beneficiaires=(replace(titulaire, nir_certifie=nir, cle=cle),),
    )
    monkeypatch.setattr(demonstration, "vitales", lambda: {**cartes, "assure": corse})
    (poste.profil / "cartes" / "assure.ssv").write_bytes(zones.ecrire(groupes_de(corse)))
    tarifee = poste.facturation.securiser(composer(poste), Niveau.SECURISEE).facture
    debut = octets_canoniques(tarifee)[:128]
    assert debut.startswith(b"2722000015 " + nir.encode() + cle.encode())


def test_expired_card_signs_nothing_and_the_professional_alone_can(poste: Poste):
    facture = composer(poste, "expiree")
    with pytest.raises(ErreurConnue, match=r"depuis le \d\d/\d\d/\d{4}") as refus:
        poste.facturation.securiser(facture, Niveau.SECURISEE)
    assert refus.value.code == "CARTE_EXPIREE"
    assert poste.registre.lister(Filtre()) == []
    assert [s.porteur for s in poste.facturation.securiser(facture, Niveau.DEGRADEE).signatures] == ["ps"]
    poste.environnement.inserer_vitale("assure")  # another patient's card says nothing of this one
    poste.facturation.exiger_facturable(facture, Niveau.DEGRADEE, JOUR)


def test_opposed_card_makes_no_secured_third_party_invoice(poste: Poste):
    facture = composer(poste, "opposition")
    for niveau, tiers_payant, refusee in (
        (Niveau.SECURISEE, True, True), (Niveau.SECURISEE, False, False), (Niveau.DEGRADEE, True, False),
    ):
        demande = replace(facture, tiers_payant=TiersPayant(amo=tiers_payant))
        if refusee:
            with pytest.raises(ErreurConnue) as refus:
                poste.facturation.securiser(demande, niveau)
            assert refus.value.code == "CARTE_OPPOSEE"
        else:
            assert poste.facturation.securiser(demande, niveau).facture.niveau is niveau


def test_draft_survives_and_goes_with_the_signature(poste: Poste):
    facture = composer(poste)
    poste.facturation.garder_brouillon(facture)
    poste.facturation.garder_brouillon(replace(facture, lignes=facture.lignes * 2))
    assert poste.facturation.brouillon() == replace(facture, lignes=facture.lignes * 2)
    poste.facturation.securiser(facture, Niveau.SECURISEE)
    assert poste.facturation.brouillon() is None


def test_draft_given_up(poste: Poste):
    poste.facturation.effacer_brouillon()
    poste.facturation.garder_brouillon(composer(poste))
    poste.facturation.effacer_brouillon()
    assert poste.facturation.brouillon() is None


def test_patients_and_prescribers_seen_before_are_proposed(poste: Poste):
    assert poste.facturation.patients("dur") == []
    facture = composer(poste)
    poste.facturation.securiser(facture, Niveau.SECURISEE)
    assert poste.facturation.patients("dur") == [facture.beneficiaire]
    assert [p.nom for p in poste.facturation.prescripteurs("ler")] == ["LEROY"]
    assert poste.facturation.prescripteurs("inconnu") == []


def test_kilometres_of_the_day_count_for_the_ceiling(poste: Poste):
    """What was billed the same day by the same professional, whoever the patient: 60 − 4 km a visit (plaine)."""
    ik = LigneSaisie("IK", ik_km=60, domicile=True)
    visite = composer(poste, "ald", "infirmier", LigneSaisie("AMI", domicile=True), ik)
    assert poste.facturation._kilometres.deja_factures(visite) == {JOUR: 0}
    premiere = poste.facturation.securiser(visite, Niveau.SECURISEE)
    poste.facturation.securiser(visite, Niveau.SECURISEE)
    assert poste.facturation._kilometres.deja_factures(visite) == {JOUR: 112}
    for evenement in ("en_lot", "rejetee"):
        poste.facturation._factures.ajouter_evenement(premiere.facture.numero, evenement)
    assert poste.facturation._kilometres.deja_factures(visite) == {JOUR: 56}
    assert poste.facturation._kilometres.deja_factures(composer(poste)) == {}


def test_kilometres_of_an_invoice_of_several_days_count_on_each_of_them(poste: Poste):
    """A tour billed in one invoice: 60 − 4 km the day before, 30 − 4 km on its own day; another day has none."""
    veille, avant = JOUR - timedelta(1), JOUR - timedelta(2)
    lignes = tuple(LigneSaisie("AMI", date=d, domicile=True, ik_km=km) for d, km in ((veille, 60), (JOUR, 30)))
    tour = replace(composer(poste, "ald", "infirmier", *lignes), prescription=Prescription(avant, "10001234565", "01"))
    assert poste.facturation._kilometres.deja_factures(tour) == {veille: 0, JOUR: 0}
    poste.facturation.securiser(tour, Niveau.SECURISEE)
    assert poste.facturation._kilometres.deja_factures(tour) == {veille: 56, JOUR: 26}
    du_jour = replace(tour, date_soins=avant, lignes=(LigneSaisie("AMI", ik_km=30), lignes[0]))
    assert poste.facturation._kilometres.deja_factures(du_jour) == {avant: 0, veille: 56}


def test_announces_what_changed(poste: Poste):
    entendu: list[str] = []
    facture = composer(poste)
    poste.changements.abonner(entendu.append)
    poste.facturation.securiser(facture, Niveau.SECURISEE)
    assert "factures" in entendu


def test_a_failure_to_remember_the_patient_never_leaves_a_kept_invoice_behind(
    poste: Poste, monkeypatch: pytest.MonkeyPatch
):
    """The counter would see an error, and bill a second time."""
    facture = composer(poste)

    def disque_plein(*_: object) -> None:
        raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")

    monkeypatch.setattr(poste.factures.patients, "retenir", disque_plein)
    with pytest.raises(ErreurConnue, match="plein"):
        poste.facturation.securiser(facture, Niveau.SECURISEE)
    assert poste.registre.lister(Filtre()) == []
