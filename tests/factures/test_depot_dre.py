"""DRE kept beside their invoices: one fact with them, found again, cancelled and corrected in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Document, Lot, LotDocument
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures
from sesam_desktop.factures.depot_dre import Demandes, FiltreDre
from sesam_desktop.factures.dre import NatureDre, Remplacee
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.factures.suite_dre import EnVigueur, Suite, demandes, exiger_en_vigueur, suite
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

from .exemples import facture_securisee
from .exemples_dre import demande_amc, demande_securisee, facture_eclatee

FSE, DRE = "000000001", "000000002"
JOUR = date(2026, 3, 2)


class Atelier:
    def __init__(self, base: Base) -> None:
        self.base, self.factures = base, Factures(base)
        self.demandes = Demandes(base, self.factures)

    def naitre(self) -> None:
        """An FSE and its DRE, signed together."""
        self.demandes.enregistrer_avec(facture_securisee(FSE), [demande_securisee()])

    def mettre_en_lot(self, numero: str, etat: str = "transmis") -> None:
        """What the sending room does: the rows and the event."""
        lot = Lot.create(
            genre="DRE", regime="", organisme="", centre_informatique="", numero="007", date_constitution="2026-03-03",
            identification="ABC123", etat=etat, nombre=1, total_centimes=850, amo_centimes=0, amc="1",
        )
        LotDocument.create(lot=lot, document=numero, rang=1)
        self.factures.ajouter_evenement(numero, Etat.EN_LOT)


@pytest.fixture
def atelier(tmp_path: Path):
    with Base(tmp_path / "sesam.db") as base:
        yield Atelier(base)


def test_la_facture_et_sa_demande_sont_un_seul_fait(atelier: Atelier) -> None:
    atelier.naitre()
    [vue] = atelier.demandes.de_la_facture(FSE)
    assert (vue.numero, vue.etat, vue.amc, vue.attendu_centimes, vue.fse) == (
        DRE, Etat.SIGNEE_PS, "0099000002", 850, FSE,
    )
    assert atelier.demandes.charger(DRE) == demande_securisee()
    assert [e.nom for e in atelier.demandes.historique(DRE)] == ["composee", "tarifee", "signee_vitale", "signee_ps"]
    assert atelier.demandes.par_etat() == {Etat.SIGNEE_PS: 1}
    assert [r.numero for r in atelier.factures.lister()] == [FSE]  # the list of invoices sees invoices only
    assert atelier.factures.incoherence() is None


def test_une_demande_refusee_n_enregistre_pas_sa_facture(atelier: Atelier) -> None:
    """The DRE takes the number of the FSE: nothing at all is kept, the draft stays."""
    brouillon = atelier.factures.brouillons.enregistrer("{}")
    with pytest.raises(ErreurConnue) as refus:
        atelier.demandes.enregistrer_avec(
            facture_securisee(FSE), [demande_securisee(demande_amc(FSE))], brouillon=brouillon
        )
    assert refus.value.code == "FACTURE_EXISTANTE"
    assert Document.select().count() == 0
    assert [b.identifiant for b in atelier.factures.brouillons.lister()] == [brouillon]


def test_une_demande_sans_fse_efface_le_brouillon(atelier: Atelier) -> None:
    brouillon = atelier.factures.brouillons.enregistrer("{}")
    atelier.demandes.enregistrer_avec(None, [demande_securisee(demande_amc(fse=""))], brouillon=brouillon)
    assert (atelier.demandes.lister()[0].fse, atelier.factures.brouillons.lister()) == ("", [])
    assert atelier.demandes.en_vigueur("") is None


def test_charger_l_une_pour_l_autre(atelier: Atelier) -> None:
    atelier.naitre()
    for appel, numero in ((atelier.demandes.charger, FSE), (atelier.factures.charger, DRE)):
        with pytest.raises(ErreurConnue) as refus:
            appel(numero)
        assert refus.value.code == "FACTURE_INCONNUE"


def test_lister(atelier: Atelier) -> None:
    atelier.naitre()
    atelier.demandes.enregistrer(demande_securisee(demande_amc("000000003", fse="")))
    numeros = lambda **criteres: [r.numero for r in atelier.demandes.lister(FiltreDre(**criteres))]  # noqa: E731
    assert numeros() == ["000000003", DRE]
    assert numeros(fse=FSE) == [DRE] and numeros(amc="99000002", limite=1) == ["000000003"]
    assert numeros(amc="99000001") == numeros(etats=(Etat.PAYEE,)) == numeros(texte="personne") == []
    assert numeros(texte="durand") == ["000000003", DRE]


def test_ce_qu_elle_suit(atelier: Atelier) -> None:
    atelier.naitre()
    atelier.demandes.enregistrer(demande_securisee(demande_amc("000000003", fse="")))
    assert (atelier.demandes.suivies(DRE), atelier.demandes.suivies("000000003")) == ((FSE, ""), ("", ""))


def test_ce_qui_n_est_pas_parti_s_abandonne(atelier: Atelier) -> None:
    atelier.naitre()
    debout = atelier.demandes.en_vigueur(FSE)
    assert debout is not None and debout.tenue is None and debout.abandonnee == DRE
    assert suite(debout, a_demander=False) is Suite.ABANDON
    assert demandes(debout, None, lambda: "000000003", JOUR) == ()
    atelier.demandes.abandonner(DRE)
    assert atelier.demandes.etat(DRE) is Etat.ANNULEE
    assert atelier.demandes.en_vigueur(FSE) is None


def test_ce_qui_vient_d_etre_mis_en_lot_ne_s_abandonne_pas(atelier: Atelier) -> None:
    """Lots are made while somebody corrects: nothing is kept, the correction is to be asked again."""
    atelier.naitre()
    atelier.mettre_en_lot(DRE)
    nouvelle = demande_securisee(demande_amc("000000003"))
    with pytest.raises(ErreurConnue) as refus:
        atelier.demandes.enregistrer_avec(None, [nouvelle], abandonnees=[DRE])
    assert refus.value.code == "DRE_EN_LOT"
    assert [r.numero for r in atelier.demandes.lister()] == [DRE]


def test_ce_qui_est_parti_s_annule_par_une_autre_demande(atelier: Atelier) -> None:
    atelier.naitre()
    atelier.mettre_en_lot(DRE)
    debout = atelier.demandes.en_vigueur(FSE)
    assert debout is not None and suite(debout, a_demander=False) is Suite.ANNULATION
    [retrait] = demandes(debout, None, lambda: "000000003", JOUR)
    assert (retrait.nature, retrait.montant, retrait.niveau) == (NatureDre.ANNULATION, 850, Niveau.SANS_VITALE)
    assert retrait.remplacee == Remplacee(DRE, "007", date(2026, 3, 3))
    atelier.demandes.enregistrer(demande_securisee(retrait))
    assert atelier.demandes.etat(DRE) is Etat.ANNULEE
    vue = atelier.demandes.lister()[0]
    assert (vue.attendu_centimes, vue.remplace, vue.nature) == (0, DRE, NatureDre.ANNULATION)
    assert atelier.demandes.en_vigueur(FSE) is None
    assert atelier.demandes.historique(DRE)[-1].donnees == {"par": "000000003"}
    assert atelier.factures.incoherence() is None
    with pytest.raises(EntreeInvalide) as refus:
        exiger_en_vigueur(atelier.demandes.situer(retrait), Etat.SIGNEE_PS)
    assert refus.value.code == "DRE_CLOSE"


def test_une_annulation_que_personne_ne_peut_plus_lire_s_abandonne(atelier: Atelier) -> None:
    """The lot of what it cancels was refused since: its insurer holds nothing."""
    atelier.naitre()
    atelier.mettre_en_lot(DRE)
    [retrait] = demandes(atelier.demandes.en_vigueur(FSE), None, lambda: "000000003", JOUR)
    atelier.demandes.enregistrer(demande_securisee(retrait))
    Lot.update(etat="refuse").execute()
    situee = atelier.demandes.situer(retrait)
    exiger_en_vigueur(situee, Etat.SIGNEE_PS)
    assert (suite(situee, a_demander=False), situee.abandonnee) == (Suite.ABANDON, "000000003")
    assert demandes(situee, None, lambda: "000000004", JOUR) == ()


def test_une_rectificative_nomme_celle_que_l_assureur_tient(atelier: Atelier) -> None:
    """The correction of a correction that never left corrects the first one; the second is given up."""
    atelier.naitre()
    atelier.mettre_en_lot(DRE)
    premiere = atelier.demandes.en_vigueur(FSE)
    [corrigee] = demandes(premiere, facture_eclatee(FSE), lambda: "000000003", JOUR)
    assert (corrigee.nature, corrigee.remplacee) == (NatureDre.RECTIFICATIVE, Remplacee(DRE, "007", date(2026, 3, 3)))
    atelier.demandes.enregistrer_avec(None, [demande_securisee(corrigee)])
    assert atelier.demandes.etat(DRE) is Etat.RECYCLEE
    seconde = atelier.demandes.en_vigueur(FSE)
    assert seconde is not None and seconde.tenue is not None
    assert (seconde.demande.numero, seconde.tenue.numero, seconde.abandonnee) == ("000000003", DRE, "000000003")
    [encore] = demandes(seconde, facture_eclatee(FSE), lambda: "000000004", JOUR)
    atelier.demandes.enregistrer_avec(None, [demande_securisee(encore)], abandonnees=[seconde.abandonnee])
    assert encore.remplacee == corrigee.remplacee
    assert [(r.numero, r.nature.value, r.libelle, r.mot) for r in atelier.demandes.de_la_facture(FSE)] == [
        (DRE, "I", "Rectifiée", "fait"), ("000000003", "R", "Annulée", "fait"),
        ("000000004", "R", "Signée, à mettre en lot", "à faire"),
    ]


def test_un_autre_assureur_demande_une_annulation_et_une_initiale(atelier: Atelier) -> None:
    atelier.naitre()
    atelier.mettre_en_lot(DRE)
    part = facture_eclatee(FSE)
    assert part.demande.amc is not None
    ailleurs = replace(part, demande=replace(part.demande, amc=replace(part.demande.amc, numero="99000006")))
    numeros = iter(("000000003", "000000004"))
    faites = demandes(atelier.demandes.en_vigueur(FSE), ailleurs, lambda: next(numeros), JOUR)
    assert [(d.numero, d.nature.value) for d in faites] == [("000000003", "A"), ("000000004", "I")]


@pytest.mark.parametrize(("indicateur", "natures"), [("23", "R"), ("", "R"), ("02", "R"), ("22", "AI"), ("32", "AI")])
def test_la_carte_dit_si_l_assureur_admet_les_rectificatives(indicateur: str, natures: str) -> None:
    """SSV group 109: units digit 3 with corrections, 2 without; group 107 (00 to 02) says nothing of them."""
    ft = facture_eclatee(FSE)
    assert ft.demande.amc is not None
    ft = replace(ft, demande=replace(ft.demande, amc=replace(ft.demande.amc, indicateur=indicateur)))
    tenue = replace(demande_amc(), facture=ft)
    numeros = iter(("000000003", "000000004"))
    faites = demandes(EnVigueur(tenue, tenue, "007", JOUR), ft, lambda: next(numeros), JOUR)
    assert "".join(d.nature.value for d in faites) == natures


@pytest.mark.parametrize("etat", [Etat.REJETEE, Etat.REFUSEE])
def test_ce_que_l_assureur_a_rejete_se_redemande(atelier: Atelier, etat: Etat) -> None:
    atelier.naitre()
    atelier.mettre_en_lot(DRE, "refuse" if etat is Etat.REFUSEE else "acquitte")
    atelier.factures.ajouter_evenement(DRE, etat)
    debout = atelier.demandes.en_vigueur(FSE)
    assert suite(debout, a_demander=True) is Suite.REPRISE
    [nouvelle] = demandes(debout, facture_eclatee(FSE), lambda: "000000003", JOUR)
    assert (nouvelle.nature, nouvelle.remplacee) == (NatureDre.INITIALE, None)


def test_suites_sans_demande_en_vigueur() -> None:
    assert (suite(None, a_demander=True), suite(None, a_demander=False)) == (Suite.INITIALE, Suite.RIEN)
    tenue = EnVigueur(demande_amc(), demande_amc(), "007", JOUR)
    assert suite(tenue, a_demander=True) is Suite.RECTIFICATIVE
    assert tenue.abandonnee == ""
