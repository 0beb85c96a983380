"""An invoice and what its insurer is asked, signed in one session and kept as one fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from sesam_desktop.base.modeles import Document, Evenement, Lot, LotDocument
from sesam_desktop.factures import enregistrements
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.dre import DemandeSecurisee, NatureDre
from sesam_desktop.factures.enregistrements_dre import octets_canoniques
from sesam_desktop.factures.facture import (
    Facture,
    FactureSecurisee,
    LigneSaisie,
    Niveau,
    OrganismeAmc,
    Prescription,
    TiersPayant,
)
from sesam_desktop.factures.suite_dre import Suite
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.demonstration import CODE_PORTEUR, EnvironnementDemonstration
from sesam_desktop.poste.poste import Poste
from sesam_desktop.poste.signature_dre import demander_sans_patient
from sesam_desktop.securisation.signature import verifier

JOUR = date.today()  # noqa: DTZ011 - the cards are signed today
SEPAREE, UNIQUE = OrganismeAmc("99000006", gestion="separee"), OrganismeAmc("99000004")
PRESCRIPTION = Prescription(JOUR, "10001234565", "01", "T", "LEROY", "ANNE")
REMBOURSABLE = LigneSaisie("MEDICAMENT", 2, cip13="3400935955838")
NON_REMBOURSABLE = LigneSaisie("MEDICAMENT", cip13="3400933964351", prix_centimes=800)


@pytest.fixture(scope="module")
def poste(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poste]:
    """One for all: each test looks at the invoices it made."""
    poste = Poste.demonstration(tmp_path_factory.mktemp("poste") / "profil")
    assert isinstance(poste.environnement, EnvironnementDemonstration)
    poste.environnement.inserer_vitale("assure")
    poste.lecteurs.lire_vitale()
    poste.lecteurs.ouvrir_session(CODE_PORTEUR)
    poste.lecteurs.choisir_situation(poste.lecteurs.situations()[0].rang)
    yield poste
    poste.fermer()


def facture(poste: Poste, *lignes: LigneSaisie, amc: OrganismeAmc = SEPAREE) -> Facture:
    lu = poste.droits.patient(poste.lecteurs.vitale, 0, JOUR)
    return Facture(
        JOUR, poste.facturation.executant(), lu.patient, lignes or (REMBOURSABLE,), prescription=PRESCRIPTION,
        tiers_payant=TiersPayant(amc=True), amc=amc,
    )


def test_les_deux_sont_signees_dans_la_meme_session(poste: Poste) -> None:
    fs = poste.facturation.securiser(facture(poste), Niveau.SECURISEE)
    assert isinstance(fs, FactureSecurisee)
    [vue] = poste.demandes_amc.de_la_facture(fs.facture.numero)
    totaux = fs.facture.tarification.totaux
    assert vue.attendu_centimes == totaux.amc_centimes > 0
    assert int(vue.numero) == int(fs.facture.numero) + 1  # the same counter
    ds = poste.demandes_amc.charger(vue.numero)
    assert [s.porteur for s in ds.signatures] == ["vitale", "ps"]
    for signature in ds.signatures:
        assert verifier(signature.certificat, octets_canoniques(ds.demande), signature.valeur)
    notes = [e.donnees for e in poste.registre.historique(fs.facture.numero) if e.nom == "demande_amc"]
    assert notes == [{"demande": vue.numero, "nature": "I", "montant_centimes": vue.attendu_centimes}]


def test_en_gestion_unique_il_n_y_a_pas_de_demande(poste: Poste) -> None:
    fs = poste.facturation.securiser(facture(poste, amc=UNIQUE), Niveau.SECURISEE)
    assert poste.demandes_amc.de_la_facture(fs.facture.numero) == []


def test_une_panne_pendant_l_enregistrement_ne_garde_rien(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the FSE and its DRE: neither is kept, the draft stays."""
    poste.facturation.garder_brouillon(facture(poste))
    avant = Document.select().count(), Evenement.select().count()

    def casser(self: object, ds: DemandeSecurisee) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(poste.demandes_amc), "enregistrer", casser)
    with pytest.raises(KeyboardInterrupt):
        poste.facturation.securiser(facture(poste), Niveau.SECURISEE)
    assert (Document.select().count(), Evenement.select().count()) == avant
    assert poste.facturation.brouillon() is not None
    poste.facturation.effacer_brouillon()


TROP_LONG = replace(SEPAREE, adherent="A" * 16)


@pytest.mark.parametrize("lignes", [(REMBOURSABLE,), (NON_REMBOURSABLE,)], ids=["avec FSE", "sans FSE"])
def test_une_demande_qui_ne_s_ecrit_pas_ne_prend_pas_de_numero(poste: Poste, lignes: tuple[LigneSaisie, ...]) -> None:
    suivant, avant = f"{int(poste.factures.prochain_numero()) + 1:09d}", Document.select().count()
    with pytest.raises(ErreurConnue) as refus:
        poste.facturation.securiser(facture(poste, *lignes, amc=TROP_LONG), Niveau.SECURISEE)
    assert (refus.value.code, refus.value.ou) == ("HORS_FORMAT", "amc")
    assert (poste.factures.prochain_numero(), Document.select().count()) == (suivant, avant)


@pytest.mark.parametrize("adherent", ["é€", "ADH\0001", "ADH\t1"])
def test_un_adherent_que_le_format_changerait_est_refuse(poste: Poste, adherent: str) -> None:
    """Written without its accent it would be somebody else's."""
    with pytest.raises(ErreurConnue) as refus:
        poste.facturation.securiser(facture(poste, amc=replace(SEPAREE, adherent=adherent)), Niveau.SECURISEE)
    assert (refus.value.code, refus.value.ou) == ("ADHERENT_ILLISIBLE", "amc.adherent")


def test_une_facture_qui_ne_s_ecrit_pas_ne_prend_pas_de_numero(poste: Poste) -> None:
    """B2 gives one digit to the rank of birth. The refusal names no number that was never given."""
    suivant, voulue = f"{int(poste.factures.prochain_numero()) + 1:09d}", facture(poste)
    with pytest.raises(ErreurConnue) as refus:
        poste.facturation.securiser(
            replace(voulue, beneficiaire=replace(voulue.beneficiaire, rang=12)), Niveau.DEGRADEE
        )
    assert (refus.value.code, refus.value.ou) == ("HORS_FORMAT", "")
    assert poste.factures.prochain_numero() == suivant


def test_une_rectification_qui_ne_s_ecrit_pas_ne_prend_pas_de_numero(poste: Poste) -> None:
    fse = poste.facturation.securiser(facture(poste), Niveau.SECURISEE).facture.numero
    [vue] = poste.demandes.de_la_facture(fse)
    with pytest.raises(ErreurConnue) as refus:
        poste.demandes.rectifier(vue.numero, TROP_LONG)
    assert refus.value.code == "HORS_FORMAT"
    assert poste.factures.prochain_numero() == f"{int(vue.numero) + 1:09d}"
    assert poste.demandes_amc.etat(vue.numero) is Etat.SIGNEE_PS


@pytest.mark.parametrize("numero", ["75500017", "88888888"])
def test_un_payeur_public_n_est_jamais_eclate(poste: Poste, numero: str) -> None:
    """The State and the C2S, named by their number: the fund is asked everything, and no DRE is made."""
    fs = poste.facturation.securiser(facture(poste, amc=replace(SEPAREE, numero=numero)), Niveau.SECURISEE)
    entete, *_, fin = enregistrements.de_facture(fs.facture)
    assert (entete.zones["eclatement"], entete.zones["numero_complementaire"]) == ("", numero.zfill(10))
    assert fin.zones["total_amc"] == fs.facture.tarification.totaux.amc_centimes > 0
    assert poste.demandes.de_la_facture(fs.facture.numero) == []


def test_refaire_la_facture_rectifie_la_demande_partie(poste: Poste) -> None:
    premiere = poste.facturation.securiser(facture(poste), Niveau.SECURISEE).facture.numero
    [demande] = poste.demandes_amc.de_la_facture(premiere)
    for etat in (Etat.EN_LOT, Etat.TRANSMISE, Etat.ACQUITTEE, Etat.REJETEE):
        poste.factures.ajouter_evenement(premiere, etat)
    assert poste.demandes.suite(premiere) is Suite.REPRISE  # signed, in no lot
    seconde = poste.facturation.securiser(
        facture(poste, replace(REMBOURSABLE, quantite=1)), Niveau.SECURISEE, remplace=premiere
    ).facture.numero
    assert poste.demandes_amc.etat(demande.numero) is Etat.ANNULEE
    [nouvelle] = poste.demandes_amc.de_la_facture(seconde)
    assert poste.demandes_amc.charger(nouvelle.numero).demande.nature is NatureDre.INITIALE
    assert poste.factures.incoherence() is None


def test_rien_pour_la_caisse_ne_fait_qu_une_demande(poste: Poste) -> None:
    """FORFAITS pays 5,00 € a box of what the AMO does not: the DRE takes the only number."""
    avant, suivant = poste.factures.compter(), f"{int(poste.factures.prochain_numero()) + 1:09d}"
    seule = poste.facturation.securiser(facture(poste, NON_REMBOURSABLE, amc=UNIQUE), Niveau.SECURISEE)
    assert isinstance(seule, DemandeSecurisee)
    assert (seule.facture.numero, seule.demande.facture.numero, seule.demande.attendu) == (suivant, "", 500)
    assert poste.factures.compter() == avant
    assert [(r.numero, r.fse) for r in poste.demandes.lister()][:1] == [(suivant, "")]


def test_une_facture_mixte_envoie_le_non_remboursable_a_la_complementaire(poste: Poste) -> None:
    fs = poste.facturation.securiser(facture(poste, REMBOURSABLE, NON_REMBOURSABLE, amc=UNIQUE), Niveau.SECURISEE)
    assert "PHN" not in {ligne.acte for ligne in fs.facture.tarification.lignes}
    [vue] = poste.demandes_amc.de_la_facture(fs.facture.numero)
    lignes = poste.demandes_amc.charger(vue.numero).demande.facture.tarification.lignes
    assert ([ligne.acte for ligne in lignes], vue.attendu_centimes) == (["PHN"], 500)


def test_annuler_ce_qui_n_est_pas_parti(poste: Poste) -> None:
    fse = poste.facturation.securiser(facture(poste), Niveau.SECURISEE).facture.numero
    [vue] = poste.demandes.de_la_facture(fse)
    assert poste.demandes.annuler(vue.numero) is None
    assert poste.demandes_amc.etat(vue.numero) is Etat.ANNULEE
    with pytest.raises(ErreurConnue) as refus:
        poste.demandes.annuler(vue.numero)
    assert refus.value.code == "DRE_CLOSE"


def test_rectifier_change_le_contrat_et_rien_de_la_part_obligatoire(poste: Poste) -> None:
    fse = poste.facturation.securiser(facture(poste), Niveau.SECURISEE).facture.numero
    [vue] = poste.demandes.de_la_facture(fse)
    [nouvelle] = poste.demandes.rectifier(vue.numero, replace(SEPAREE, adherent="ADH1"))
    ds = poste.demandes.charger(nouvelle)
    assert ds.demande.facture.demande.amc.adherent == "ADH1"
    assert (ds.demande.facture.numero, ds.demande.niveau) == (fse, Niveau.SANS_VITALE)
    assert ds.demande.montant == vue.attendu_centimes
    autre_gestion = replace(SEPAREE, gestion="unique")
    with pytest.raises(ErreurConnue) as refus:
        poste.demandes.rectifier(nouvelle, autre_gestion)
    assert refus.value.code == "DRE_PART_OBLIGATOIRE"


def test_signee_ailleurs_par_la_vitale_sa_demande_l_est_par_le_professionnel_seul(poste: Poste) -> None:
    """A visit: the Vitale signed on the terminal, and is not here when the DRE is made."""
    ft = poste.facturation.preparer(facture(poste), Niveau.SECURISEE, JOUR)
    [ds] = demander_sans_patient(ft, poste.factures.prochain_numero, poste.lecteurs.session, JOUR)
    assert (ds.demande.niveau, ds.demande.facture.numero) == (Niveau.SANS_VITALE, ft.numero)
    assert [s.porteur for s in ds.signatures] == ["ps"]
    assert verifier(ds.signatures[0].certificat, octets_canoniques(ds.demande), ds.signatures[0].valeur)
    unique = poste.facturation.preparer(facture(poste, amc=UNIQUE), Niveau.SECURISEE, JOUR)
    assert demander_sans_patient(unique, poste.factures.prochain_numero, poste.lecteurs.session, JOUR) == ()


def test_une_facture_refaite_sans_rien_pour_la_caisse(poste: Poste) -> None:
    """Its DRE was in a lot of another insurer: cancelled, and the new one takes its place."""
    premiere = poste.facturation.securiser(facture(poste), Niveau.SECURISEE).facture.numero
    [partie] = poste.demandes.de_la_facture(premiere)
    lot = Lot.create(
        genre="DRE", regime="", organisme="", centre_informatique="", numero="001", date_constitution="2026-11-20",
        identification="ABC123", etat="acquitte", nombre=1, total_centimes=1, amo_centimes=0, amc="1",
    )
    LotDocument.create(lot=lot, document=partie.numero, rang=1)
    for numero, etats in ((partie.numero, (Etat.EN_LOT,)), (premiere, (Etat.EN_LOT, Etat.REJETEE))):
        for etat in etats:
            poste.factures.ajouter_evenement(numero, etat)
    assert poste.demandes.suite(premiere) is Suite.RECTIFICATIVE
    seule = poste.facturation.securiser(
        facture(poste, NON_REMBOURSABLE, amc=UNIQUE), Niveau.SECURISEE, remplace=premiere
    )
    assert isinstance(seule, DemandeSecurisee)
    initiale, annulation = poste.demandes.lister()[:2]
    assert (initiale.numero, annulation.remplace) == (seule.facture.numero, partie.numero)
    assert [poste.demandes_amc.etat(n) for n in (partie.numero, premiere)] == [Etat.ANNULEE, Etat.RECYCLEE]
    assert [e.nom for e in poste.demandes.historique(partie.numero)][-2:] == ["en_lot", "annulee"]
    assert poste.factures.incoherence() is None


def test_un_contrat_qui_ne_paierait_rien(poste: Poste) -> None:
    fse = poste.facturation.securiser(facture(poste), Niveau.SECURISEE).facture.numero
    [vue] = poste.demandes.de_la_facture(fse)
    with pytest.raises(ErreurConnue) as refus:
        poste.demandes.rectifier(vue.numero, replace(SEPAREE, formule="SOCLE", indicateur="00"))
    assert refus.value.code == "DRE_SANS_MONTANT"
    assert poste.demandes_amc.etat(vue.numero) is Etat.SIGNEE_PS


def test_un_autre_assureur_a_sa_propre_convention(poste: Poste) -> None:
    """990001nn is billed apart, as 99000006 is; 99000001 is paid with the fund's part."""
    fse = poste.facturation.securiser(facture(poste), Niveau.SECURISEE).facture.numero
    [vue] = poste.demandes.de_la_facture(fse)
    with pytest.raises(ErreurConnue) as refus:
        poste.demandes.rectifier(vue.numero, replace(SEPAREE, numero="99000001"))
    assert refus.value.code == "DRE_PART_OBLIGATOIRE"
    [nouvelle] = poste.demandes.rectifier(vue.numero, replace(SEPAREE, numero="99000123"))
    contrat = poste.demandes.contrat(nouvelle)
    assert (contrat.convention, contrat.gestion) == ("DEMO_GROUPE", "separee")
