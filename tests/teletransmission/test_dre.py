"""DRE from the signature to the payment: they wait for their FSE, leave by insurer, are judged and matched."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.base.modeles import Lot, Message
from sesam_desktop.factures import depot_dre, routage_amc
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot_dre import Demandes
from sesam_desktop.factures.dre import DemandeAmc, NatureDre
from sesam_desktop.factures.enregistrements import octets_canoniques
from sesam_desktop.factures.enregistrements_dre import octets_canoniques as octets_dre
from sesam_desktop.factures.facture import FactureTarifee, LigneTarifee, OrganismeAmc, TiersPayant
from sesam_desktop.factures.suite_dre import demandes
from sesam_desktop.flux import b2
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR, Frontal
from sesam_desktop.referentiels import tables
from sesam_desktop.securisation.autorite import creer_certificat
from sesam_desktop.securisation.securiser import securiser, securiser_demande
from sesam_desktop.teletransmission.depot_rapprochement import DepotRapprochement
from sesam_desktop.teletransmission.tableau import tableau

from .atelier import Atelier, maintenant
from .fabrique import JOUR, courrier, facture_tarifee

ASSUREUR, PAR_OCT, INCONNU = "99000002", "99000006", "12345678"


@pytest.fixture
def frontal(tmp_path: Path, autorite: Path) -> Iterator[Frontal]:
    frontal = Frontal(tmp_path / "frontal", autorite=autorite, scenario="tout_paye")
    frontal.demarrer()
    yield frontal
    frontal.arreter()


class Cabinet(Atelier):
    """With the certificates of the insurers of the demonstration."""

    def __init__(self, profil: Path, autorite: Path, frontal: Frontal) -> None:
        super().__init__(profil, autorite, courrier(
            frontal.smtp_port, frontal.pop_port, frontal.certificat_tls, utilisateur=UTILISATEUR,
            mot_de_passe=lambda: MOT_DE_PASSE,
        ))
        self.demandes = Demandes(self.base, self.factures)
        for ligne in tables.charger("routage_amc").toutes():
            identite = creer_certificat(autorite, ligne["adresse"], ligne["adresse"])
            self.magasin.ajouter(ligne["adresse"], identite.certificat_pem)

    def facturer(self, amc: str = ASSUREUR) -> tuple[str, str]:
        """An FSE of 25,00 € (AMO 17,50) and its DRE of 7,50 €."""
        ft = eclatee(facture_tarifee(self.factures.prochain_numero()), amc)
        fs = securiser(ft, octets_canoniques(ft), self.vitale, self.ps, maintenant())
        self.demandes.enregistrer_avec(fs, ())
        return ft.numero, self.demander(
            DemandeAmc(self.factures.prochain_numero(), NatureDre.INITIALE, JOUR, ft, ft.niveau)
        )

    def demander(self, demande: DemandeAmc) -> str:
        ds = securiser_demande(demande, octets_dre(demande), self.vitale, self.ps, maintenant())
        self.demandes.enregistrer(ds)
        return demande.numero

    def echanger(self) -> None:
        """Send, then read the returns until every document has its answer."""
        assert self.depart.envoyer().remis
        limite = time.monotonic() + 20
        attendus = {Etat.TRANSMISE, Etat.ACQUITTEE}
        while attendus & (self.demandes.par_etat().keys() | self.factures.par_etat().keys()):
            assert time.monotonic() < limite
            self.boite.relever()
            time.sleep(0.05)


@pytest.fixture
def cabinet(profil: Path, autorite: Path, frontal: Frontal) -> Iterator[Cabinet]:
    cabinet = Cabinet(profil, autorite, frontal)
    yield cabinet
    cabinet.fermer()


def eclatee(ft: FactureTarifee, amc: str) -> FactureTarifee:
    """The same, what the AMO leaves asked to `amc`."""
    ligne: LigneTarifee = replace(ft.tarification.lignes[0], amc_centimes=750, assure_centimes=0)
    totaux = replace(ft.tarification.totaux, amc_centimes=750, assure_centimes=0)
    demande = replace(
        ft.demande, tiers_payant=TiersPayant(amc=True), amc=OrganismeAmc(amc, adherent="ADH1", gestion="separee")
    )
    return replace(ft, demande=demande, tarification=replace(ft.tarification, lignes=(ligne,), totaux=totaux))


def test_de_la_signature_au_paiement_puis_a_l_annulation(cabinet: Cabinet, frontal: Frontal) -> None:
    fse, dre = cabinet.facturer()
    bilan = cabinet.preparation.preparer()
    assert ([lot.genre for lot in bilan.lots], bilan.refus) == (["FSE"], [])  # it waits: its FSE has not left
    cabinet.echanger()
    assert cabinet.factures.par_etat() == {Etat.PAYEE: 1}
    bilan = cabinet.preparation.preparer()
    [lot] = bilan.lots
    assert (lot.genre, lot.fonds, lot.numero, lot.total_centimes, lot.amo_centimes) == (
        "DRE", "OC 0099000002", "001", 750, 0,
    )
    cabinet.echanger()
    assert cabinet.demandes.etat(dre) is Etat.PAYEE
    assert cabinet.demandes.historique(dre)[-1].donnees["paye_amc_centimes"] == 750

    [retrait] = demandes(cabinet.demandes.en_vigueur(fse), None, cabinet.factures.prochain_numero, JOUR)
    annulation = cabinet.demander(retrait)
    assert [lot.numero for lot in cabinet.preparation.preparer().lots] == ["002"]
    cabinet.echanger()
    assert (cabinet.demandes.etat(dre), cabinet.demandes.etat(annulation)) == (Etat.ANNULEE, Etat.PAYEE)
    recus = frontal.recus()
    assert [(lot.genre, lot.verdict, lot.regime, lot.organisme) for lot in recus] == [
        ("FSE", "", "01", "721"), ("DRE", "", "OC", "0099000002"), ("DRE", "", "OC", "0099000002"),
    ]
    assert cabinet.factures.incoherence() is None


@pytest.mark.parametrize(("vecu", "attend"), [
    ((), True), ((Etat.EN_LOT,), True), ((Etat.EN_LOT, Etat.REFUSEE), True),
    ((Etat.EN_LOT, Etat.REFUSEE, Etat.EN_LOT), True), ((Etat.EN_LOT, Etat.REFUSEE, Etat.PAPIER), False),
    ((Etat.PAPIER,), False), ((Etat.EN_LOT, Etat.TRANSMISE), False),
    ((Etat.EN_LOT, Etat.TRANSMISE, Etat.REFUSEE), True),
    ((Etat.EN_LOT, Etat.TRANSMISE, Etat.ACQUITTEE, Etat.REJETEE), False),
])
def test_elle_attend_sa_facture(cabinet: Cabinet, vecu: tuple[Etat, ...], attend: bool) -> None:
    """Rules of the project: what the fund received, on paper too, lets its DRE go."""
    fse, dre = cabinet.facturer()
    for etat in vecu:
        cabinet.factures.ajouter_evenement(fse, etat)
    bilan = cabinet.preparation.preparer(a_blanc=True)
    assert ([lot.nombre for lot in bilan.lots if lot.genre == "DRE"] == []) is attend
    assert dre not in [refus.facture for refus in bilan.refus]


def test_ce_que_personne_ne_tient_ne_se_corrige_pas(cabinet: Cabinet) -> None:
    """Its lot was refused once the cancellation was signed: it would name what its insurer never had."""
    fse, dre = cabinet.facturer()
    cabinet.preparation.preparer()
    cabinet.echanger()
    cabinet.preparation.preparer()
    [retrait] = demandes(cabinet.demandes.en_vigueur(fse), None, cabinet.factures.prochain_numero, JOUR)
    annulation = cabinet.demander(retrait)
    assert cabinet.preparation.preparer().refus == []  # it waits: the lot has not left
    Lot.update(etat="refuse").where(Lot.genre == "DRE").execute()
    bilan = cabinet.preparation.preparer()
    assert ([(r.facture, r.code) for r in bilan.refus], bilan.lots) == ([(annulation, "DRE_SANS_OBJET")], [])
    assert dre in bilan.refus[0].message


def test_le_fichier_dit_a_qui_il_va(cabinet: Cabinet) -> None:
    """Two insurers of one OCT share a lot; the one that receives directly has its own."""
    for amc in (ASSUREUR, PAR_OCT, "99000004"):
        cabinet.facturer(amc)
    cabinet.preparation.preparer()
    cabinet.echanger()
    cabinet.preparation.preparer()
    lots = {lot.amc: lot for lot in Lot.select().where(Lot.genre == "DRE")}
    assert {amc: (lot.nombre, lot.numero, lot.regime) for amc, lot in lots.items()} == {
        "0099000002": (1, "001", ""), "0099000090": (2, "001", ""),
    }
    octets = bytes(lots["0099000090"].contenu)
    assert octets[25:41] == b"OT00000099000090" and octets[61:65] == b"DRE "
    assert [a for a in b2.verifier(octets) if not a.avertissement] == []
    boites = {m.destinataire: m.boite for m in Message.select().where(Message.etat == "prete")}
    assert boites == {
        "99000002@oc.demonstration.invalid": "RSV", "99000090@ot.demonstration.invalid": "OCT",
    }


def test_une_complementaire_inconnue_est_dite(cabinet: Cabinet) -> None:
    _, dre = cabinet.facturer(INCONNU)
    cabinet.preparation.preparer()
    cabinet.echanger()
    bilan = cabinet.preparation.preparer(a_blanc=True)
    assert ([(r.facture, r.code) for r in bilan.refus], bilan.lots) == ([(dre, "AMC_SANS_ROUTAGE")], [])
    assert routage_amc.chercher(INCONNU, JOUR, tables) is None


def test_une_demande_illisible_n_arrete_pas_les_autres(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    _, alteree = cabinet.facturer()
    _, juste = cabinet.facturer(PAR_OCT)
    cabinet.preparation.preparer()
    cabinet.echanger()
    contenu_de = depot_dre.contenu_de

    def abimer(numero: str, genre: str) -> bytes:
        return b"{}" if numero == alteree else contenu_de(numero, genre)

    monkeypatch.setattr(depot_dre, "contenu_de", abimer)
    bilan = cabinet.preparation.preparer()
    assert [(r.facture, r.code) for r in bilan.refus] == [(alteree, "DOCUMENT_ILLISIBLE")]
    assert cabinet.demandes.etat(juste) is Etat.EN_LOT


def test_une_demande_modifiee_ne_part_pas(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cards signed is what leaves, whatever version of the program writes it."""
    _, dre = cabinet.facturer()
    cabinet.preparation.preparer()
    cabinet.echanger()
    juste = cabinet.demandes.charger(dre)
    monkeypatch.setattr(Demandes, "charger", lambda *_: replace(juste, empreinte="0" * 64))
    bilan = cabinet.preparation.preparer(a_blanc=True)
    assert [(r.facture, r.code) for r in bilan.refus] == [(dre, "EMPREINTE_DIFFERENTE")]


def test_une_demande_de_lot_refuse_repart(cabinet: Cabinet) -> None:
    _, dre = cabinet.facturer()
    cabinet.preparation.preparer()
    cabinet.echanger()
    cabinet.preparation.preparer()
    cabinet.factures.ajouter_evenement(dre, Etat.REFUSEE)
    Lot.update(etat="refuse").where(Lot.genre == "DRE").execute()
    bilan = cabinet.preparation.preparer(refusees=[dre], seules=True)
    assert [(lot.genre, lot.numero) for lot in bilan.lots] == [("DRE", "002")]


def test_le_tableau_compte_les_demandes(cabinet: Cabinet) -> None:
    cabinet.facturer()
    vu = tableau(cabinet.base, cabinet.factures)
    assert (vu.factures_a_mettre_en_lot, vu.demandes_a_mettre_en_lot, vu.actions) == (1, 1, 0)


@pytest.mark.parametrize(("c2s", "attendu"), [(False, 0), (True, 750)])
def test_ce_que_la_caisse_doit_de_la_part_complementaire(cabinet: Cabinet, c2s: bool, attendu: int) -> None:
    """Nothing when an insurer is asked apart; the C2S is paid with the fund's part, whatever its management."""
    ft = eclatee(facture_tarifee("000000001"), ASSUREUR)
    ft = replace(ft, demande=replace(ft.demande, beneficiaire=replace(ft.demande.beneficiaire, c2s=c2s)))
    fs = securiser(ft, octets_canoniques(ft), cabinet.vitale, cabinet.ps, maintenant())
    cabinet.factures.enregistrer(fs)
    attente = DepotRapprochement(cabinet.base).attentes(["000000001"])["000000001"]
    assert (attente.amo, attente.amc) == (1750, attendu)
