"""Portable terminals, from the office: what leaves, what comes back, what is signed, and what never is.

AMI 3,15 × 2 = 6,30 at 60 %: 630 centimes an invoice, 378 for the fund (ALD: all of it).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from sesam_desktop.base.evenements import verifier_chaine
from sesam_desktop.cartes import nature
from sesam_desktop.cartes.vitale import Amc, Mutuelle, Periode
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.factures.facture import Facture, LigneSaisie, Niveau
from sesam_desktop.lecteurs.canal_tla import CanalTla
from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.tla.documents import (
    ActeNote,
    FactureSignee,
    Lecture,
    ecrire_document,
    lire_document,
)
from sesam_desktop.lecteurs.tla.messages import Commande
from sesam_desktop.lecteurs.tla.terminal import GenreTerminal
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.poste import Poste
from sesam_desktop.poste.terminaux import ServiceTerminaux
from sesam_desktop.poste.terminaux_bilans import Terminal
from tests.outils.terminal_tla import (
    JOUR,
    SOCLE,
    VITALES,
    brancher,
    deja_vu,
    ouvrir_session,
    visite,
    vitale,
    zones_de,
)

HORS_SUJET = "TLA0000009"


class Essai:
    """A nurse's workstation with one terminal on its cradle, her session open, and a clock that is moved by hand."""

    def __init__(self, poste: Poste, terminal: TerminalVirtuel) -> None:
        self.avance = timedelta()
        self._depart = datetime.now(UTC).replace(microsecond=0)
        self.poste = poste
        self.virtuel = terminal
        terminal._horloge = self.maintenant
        self.canal: CanalTla = brancher(poste, terminal)
        ouvrir_session(poste)
        poste.terminaux = self.service = ServiceTerminaux(poste, self.maintenant)

    def maintenant(self) -> datetime:
        return self._depart + self.avance

    @property
    def ici(self) -> Terminal:
        return self.service.trouver()

    def charger(self, *noms: str, **autres: object) -> tuple[str, ...]:
        return self.service.charger(self.ici, factures=[visite(self.poste, nom, **autres) for nom in noms]).factures

    def signer_au_domicile(self, numero: str, nom: str) -> None:
        self.virtuel.signer(numero, vitale(self.poste.environnement, nom))

    def signature_vraie(self, numero: str, nom: str) -> FactureSignee:
        """What the terminal would bring, to be spoilt."""
        self.signer_au_domicile(numero, nom)
        _, octets = self.virtuel._memoire.documents.popitem()
        document = lire_document(octets)
        assert isinstance(document, FactureSignee)
        return document

    def refus_de(self, octets: bytes) -> str:
        """Code of the only refusal of unloading this document, which is kept, forgotten by the terminal, not signed."""
        self.virtuel.deposer(octets)
        bilan = self.service.decharger(self.ici)
        (refus,) = bilan.refuses
        assert bilan.a_signer == ()
        assert self.ici.identite.documents == 0
        assert self.service.refuses()[-1] == refus
        assert self.service.signer().signees == ()
        assert self.poste.registre.lister(Filtre()) == []
        return refus.code


@pytest.fixture
def complet(poste: Poste) -> Essai:
    return Essai(poste, TerminalVirtuel())


@pytest.fixture
def reduit(poste: Poste) -> Essai:
    return Essai(poste, TerminalVirtuel(GenreTerminal.REDUIT, "TLR0000001"))


def code(action: Callable[[], object]) -> str:
    with pytest.raises(ErreurConnue) as erreur:
        action()
    return erreur.value.code


# ---- the whole way ---------------------------------------------------------------------------------------------------


def test_la_vitale_signe_au_domicile_et_la_cps_au_cabinet(complet: Essai):
    poste, service = complet.poste, complet.service
    assert complet.charger("assure", "ald") == ("000000001", "000000002")
    complet.signer_au_domicile("000000001", "assure")
    complet.avance = timedelta(hours=5)
    bilan = service.decharger(complet.ici)
    assert (bilan.recus, bilan.deja_connus, bilan.refuses, bilan.ecart_s) == (1, 0, (), 0)
    (attente,) = bilan.a_signer
    assert (attente.numero, attente.patient, attente.date_soins) == ("000000001", "DURAND PAUL", JOUR)
    assert (attente.total_centimes, attente.professionnel, attente.terminal) == (630, "HUGO LEFEBVRE", "TLA0000001")
    assert poste.registre.lister(Filtre()) == []
    assert service.signer().signees == ("000000001",)
    assert (service.a_signer(), service.refuses()) == ([], [])


def test_la_facture_desynchronisee_est_une_facture_securisee_comme_les_autres(complet: Essai):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    complet.avance = timedelta(hours=5)
    complet.service.decharger(complet.ici)
    complet.service.signer()
    fs = complet.poste.registre.charger("000000001")
    assert (fs.facture.niveau, [s.porteur for s in fs.signatures]) == (Niveau.SECURISEE, ["vitale", "ps"])
    visite_, cabinet = (s.signe_le for s in fs.signatures)
    assert cabinet - visite_ == timedelta(hours=5)
    historique = complet.poste.registre.historique("000000001")
    assert [e.nom for e in historique] == ["composee", "tarifee", "signee_vitale", "signee_ps"]
    assert [e.instant for e in historique[2:]] == [visite_, cabinet]
    assert historique[0].instant == visite_
    assert complet.poste.registre.par_etat() == {Etat.SIGNEE_PS: 1}
    assert complet.poste.transmission.preparer(a_blanc=True).factures == 1
    assert verifier_chaine() is None
    assert complet.poste.facturation.patients("durand")


def test_seules_les_factures_designees_sont_signees(complet: Essai):
    complet.charger("assure", "ald")
    for numero, nom in (("000000001", "assure"), ("000000002", "ald")):
        complet.signer_au_domicile(numero, nom)
    complet.service.decharger(complet.ici)
    assert complet.service.signer(["000000002"]).signees == ("000000002",)
    assert [a.numero for a in complet.service.a_signer()] == ["000000001"]


def test_la_tournee_emporte_les_patients_et_les_brouillons_du_jour(complet: Essai):
    poste, service = complet.poste, complet.service
    deja_vu(poste, "famille")
    for nom, jour in (("assure", JOUR), ("ald", JOUR + timedelta(1)), ("droits-expires", JOUR)):
        poste.facturation.garder_brouillon(visite(poste, nom, jour))
        poste.facturation.mettre_de_cote()
    bilan = service.charger(complet.ici, tournee=JOUR)
    assert (bilan.patients, bilan.factures) == (3, ("000000002",))
    assert [(r.quoi, r.code) for r in bilan.refuses] == [("SIMON NADIA", "DROITS_FERMES")]
    assert {p.nom for p in complet.virtuel.patients()} == {"LEROY", "DURAND", "SIMON"}
    assert [f.total_centimes for f in complet.virtuel.factures()] == [630]
    assert {f.beneficiaire.nom for _, f in poste.facturation.brouillons()} == {"PETIT", "SIMON"}
    assert service.charger(complet.ici, tournee=JOUR + timedelta(1)).factures == ("000000002", "000000003")
    assert len(complet.virtuel.factures()) == 2  # the invoice already out stays with the new one


def test_le_reduit_note_et_le_cabinet_compose(reduit: Essai):
    poste, service = reduit.poste, reduit.service
    deja_vu(poste, "ald")
    poste.facturation.garder_brouillon(visite(poste, "assure"))
    poste.facturation.mettre_de_cote()
    bilan = service.charger(reduit.ici, tournee=JOUR)
    assert (bilan.patients, bilan.factures, bilan.refuses) == (2, (), ())
    reduit.virtuel.noter(zones_de("ald"), 0, [ActeNote("AMI", Decimal("4"), domicile=True, ik_km=12, ald=True)])
    bilan_retour = service.decharger(reduit.ici)
    (attente,) = bilan_retour.a_signer
    assert (attente.genre, attente.numero, attente.patient) == ("lecture", "", "PETIT HENRI")
    resultat = service.signer()
    assert (resultat.signees, resultat.composees, resultat.refuses) == ((), 1, ())
    facture = next(f for _, f in poste.facturation.brouillons() if f.beneficiaire.nom == "PETIT")
    assert facture.lignes == (
        LigneSaisie("AMI", coefficient=Decimal("4"), date=JOUR, domicile=True, ik_km=12, ald=True),
    )
    assert facture.prescription is not None
    assert facture.prescription.prescripteur == "10001234565"
    assert facture.executant.numero_facturation == "72600002"
    assert service.signer().composees == 0
    assert len(poste.facturation.brouillons()) == 2


# ---- what is refused, and kept ---------------------------------------------------------------------------------------


def test_la_carte_d_un_autre_patient_a_signe(complet: Essai):
    complet.charger("assure")
    complet.virtuel.pannes.sans_controle_de_carte = True
    signee = complet.signature_vraie("000000001", "famille")
    assert complet.refus_de(ecrire_document(signee)) == "MAUVAISE_VITALE"


def test_une_signature_fausse(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    fausse = signee.signature[:-1] + bytes([signee.signature[-1] ^ 1])
    assert complet.refus_de(ecrire_document(replace(signee, signature=fausse))) == "SIGNATURE_FAUSSE"


def test_un_autre_contenu_a_ete_signe(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    assert complet.refus_de(ecrire_document(replace(signee, empreinte=bytes(32)))) == "TLA_CONTENU_DIFFERENT"


def test_une_facture_qui_n_a_pas_ete_preparee_ici(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    assert complet.refus_de(ecrire_document(replace(signee, numero="000000099"))) == "TLA_PREPARATION_INCONNUE"


def test_un_document_illisible_est_garde(complet: Essai):
    assert complet.refus_de(b"\x01n'importe quoi") == "TLA_ILLISIBLE"


def test_une_seconde_signature_de_la_meme_facture_ne_compte_pas(complet: Essai):
    complet.charger("assure")
    signee = complet.signature_vraie("000000001", "assure")
    for document in (signee, replace(signee, signee_le=signee.signee_le + timedelta(seconds=1))):
        complet.virtuel.deposer(ecrire_document(document))
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.recus, [r.code for r in bilan.refuses]) == (2, ["TLA_DEJA_DECHARGEE"])
    assert complet.service.signer().signees == ("000000001",)


def test_la_vitale_a_signe_avant_le_jour_des_soins(complet: Essai):
    """Tomorrow's tour may be prepared today, not signed today."""
    demain = JOUR + timedelta(1)
    facture = visite(complet.poste, "assure", demain)
    assert complet.service.charger(complet.ici, factures=[facture]).factures == ("000000001",)
    signee = complet.signature_vraie("000000001", "assure")
    assert complet.refus_de(ecrire_document(signee)) == "TLA_SIGNATURE_AVANT_SOINS"


def test_un_certificat_absent_se_rattrape(complet: Essai):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    certificat = complet.poste.profil / "cartes" / "800000001.pem"
    octets = certificat.read_bytes()
    certificat.unlink()
    (refus,) = complet.service.decharger(complet.ici).refuses
    assert refus.code == "CERTIFICAT_CARTE_ABSENT"
    assert complet.service.signer().signees == ()
    certificat.write_bytes(octets)
    assert complet.service.signer().signees == ("000000001",)


def test_une_lecture_inutilisable_est_gardee(reduit: Essai, monkeypatch: pytest.MonkeyPatch):
    """A mutuelle and an AMC at once; a beneficiary that the card does not have; zones cut; a visit in the future."""
    carte = VITALES["famille"]
    toujours = Periode(date(2020, 1, 1), None)
    deux = replace(
        carte.beneficiaires[0], mutuelle=Mutuelle("1", "O", "01", droits=(toujours,)),
        amc=Amc("1", "", "", "", date(2020, 1, 1), None),
    )
    monkeypatch.setitem(VITALES, "f0f0", replace(carte, beneficiaires=(deux,)))
    for zones, rang in ((zones_de("f0f0"), 0), (zones_de("famille"), 7), (b"\x00", 0)):
        reduit.virtuel.noter(zones, rang, [])
    demain = Lecture(reduit.maintenant() + timedelta(days=1), zones_de("famille"), 0, ())
    reduit.virtuel.deposer(ecrire_document(demain))
    bilan = reduit.service.decharger(reduit.ici)
    attendus = ["F0F0", "BENEFICIAIRE_INCONNU", "ZONE_INVALIDE", "TLA_DATE_INCOHERENTE"]
    assert [r.code for r in bilan.refuses] == attendus
    assert (bilan.recus, bilan.a_signer, reduit.ici.identite.documents) == (4, (), 0)
    assert reduit.service.signer().composees == 0


def test_une_vitale_reelle_et_une_cps_de_test_ne_se_melangent_pas(reduit: Essai, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(VITALES, "reelle", replace(VITALES["assure"], type="R"))
    reduit.poste.lecteurs.ps = replace(reduit.poste.lecteurs.ps, type_carte="80")
    reduit.virtuel.noter(zones_de("reelle"), 0, [ActeNote("AMI")])
    reduit.service.decharger(reduit.ici)
    assert [r.code for r in reduit.service.signer().refuses] == ["F026"]
    assert len(reduit.service.a_signer()) == 1


# ---- who may sign, and when ------------------------------------------------------------------------------------------


@pytest.fixture
def en_attente(complet: Essai) -> Essai:
    """One invoice signed at home, unloaded."""
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    complet.service.decharger(complet.ici)
    return complet


def test_sans_session_rien_n_est_signe(en_attente: Essai):
    en_attente.poste.lecteurs.fermer_session()
    assert code(en_attente.service.signer) == "SESSION_PS_FERMEE"
    assert len(en_attente.service.a_signer()) == 1


def test_un_autre_professionnel_ne_signe_pas(en_attente: Essai):
    ouvrir_session(en_attente.poste, "pharmacien")
    assert [r.code for r in en_attente.service.signer().refuses] == ["CPS_D_UN_AUTRE"]
    ouvrir_session(en_attente.poste)
    collegue = replace(en_attente.poste.lecteurs.ps.identification, numero="1000000009")
    en_attente.poste.lecteurs.ps = replace(en_attente.poste.lecteurs.ps, identification=collegue)
    (refus,) = en_attente.service.signer().refuses
    assert (refus.quoi, refus.code) == ("000000001", "CPS_D_UN_AUTRE")
    assert len(en_attente.service.a_signer()) == 1
    ouvrir_session(en_attente.poste)
    assert en_attente.service.signer().signees == ("000000001",)


def test_une_vitale_de_test_et_une_cps_reelle_ne_se_melangent_pas(
    en_attente: Essai, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(nature, "de_ps", lambda *_: nature.Nature.REELLE)
    assert [r.code for r in en_attente.service.signer().refuses] == ["F026"]


def test_trop_ancienne_elle_est_gardee_et_redevient_un_brouillon(en_attente: Essai):
    """Thirty days, by the dated table."""
    en_attente.avance = timedelta(days=30, minutes=1)
    (refus,) = en_attente.service.signer().refuses
    assert refus.code == "TLA_TROP_ANCIENNE"
    assert (en_attente.service.a_signer(), en_attente.service.refuses()) == ([], [refus])
    ((_, facture),) = en_attente.poste.facturation.brouillons()
    assert facture.beneficiaire.nom == "DURAND"
    en_attente.avance = timedelta()
    assert en_attente.service.signer().signees == ()


def test_trop_ancienne_des_le_dechargement(complet: Essai):
    complet.charger("assure")
    signee = ecrire_document(complet.signature_vraie("000000001", "assure"))
    complet.avance = timedelta(days=31)
    assert complet.refus_de(signee) == "TLA_TROP_ANCIENNE"


def test_une_carte_mise_en_opposition_depuis_n_est_pas_signee(en_attente: Essai, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(en_attente.poste.droits.oppositions, "verifier", lambda _: object())
    assert [r.code for r in en_attente.service.signer().refuses] == ["CARTE_OPPOSEE"]
    assert len(en_attente.service.a_signer()) == 1


def test_une_panne_a_la_signature_ne_laisse_rien_a_moitie(en_attente: Essai, monkeypatch: pytest.MonkeyPatch):
    def disque_plein(*_: object) -> None:
        raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")

    with monkeypatch.context() as pose:
        pose.setattr(en_attente.service._depot, "juger", disque_plein)
        assert [r.code for r in en_attente.service.signer().refuses] == ["DISQUE_PLEIN"]
    assert en_attente.poste.registre.lister(Filtre()) == []
    assert en_attente.service.signer().signees == ("000000001",)


# ---- the clock -------------------------------------------------------------------------------------------------------


def test_l_ecart_d_horloge_est_corrige_puis_l_horloge_remise(complet: Essai):
    complet.charger("assure")
    complet.virtuel.pannes.avance = timedelta(hours=3)
    avant = complet.maintenant()
    complet.signer_au_domicile("000000001", "assure")
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.ecart_s, bilan.refuses) == (10800, ())
    assert bilan.a_signer[0].visite_le == avant
    assert complet.ici.identite.ecart_s == 0


def test_une_horloge_perdue_entre_temps_est_vue(complet: Essai):
    """It was right at the visit's end, and is back to 2000 on its cradle: or the other way round."""
    complet.charger("assure")
    complet.virtuel.pannes.avance = timedelta(days=-9000)
    signee = ecrire_document(complet.signature_vraie("000000001", "assure"))
    complet.virtuel.pannes.avance = timedelta()
    assert complet.refus_de(signee) == "TLA_DATE_INCOHERENTE"


def test_l_horloge_n_est_pas_touchee_tant_qu_un_document_en_depend(complet: Essai):
    complet.virtuel.pannes.avance = timedelta(hours=2)
    complet.virtuel.deposer(b"document")
    assert code(lambda: complet.service.regler_date(complet.ici)) == "TLA_NON_DECHARGE"
    complet.charger("assure")
    assert complet.ici.identite.ecart_s == 7200
    complet.service.decharger(complet.ici)
    complet.virtuel.pannes.avance = timedelta(hours=2)
    assert complet.service.regler_date(complet.ici).identite.ecart_s == 0


# ---- unloading, interrupted ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("messages", range(8))
def test_coupe_n_importe_ou_rien_n_est_perdu_ni_double(complet: Essai, messages: int):
    """Identify, list twice, read and acknowledge each of two documents, identify."""
    complet.charger("assure", "ald")
    for numero, nom in (("000000001", "assure"), ("000000002", "ald")):
        complet.signer_au_domicile(numero, nom)
    ici = complet.ici
    complet.virtuel.pannes.muet_apres = messages
    assert code(lambda: complet.service.decharger(ici)) == "TLA_SANS_REPONSE"
    complet.virtuel.pannes.muet_apres = None
    gardes = {a.numero for a in complet.service.a_signer()}
    assert len(gardes) + complet.ici.identite.documents >= 2
    bilan = complet.service.decharger(complet.ici)
    assert {a.numero for a in bilan.a_signer} == {"000000001", "000000002"}
    assert complet.service.signer().signees == ("000000001", "000000002")
    assert complet.service._depot.non_acquittes("TLA0000001") == []


def test_un_acquittement_sans_reponse_ne_double_rien(complet: Essai):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    octets = next(iter(complet.virtuel._memoire.documents.values()))
    complet.virtuel.pannes.reponses_perdues = [Commande.ACQUITTER]
    assert code(lambda: complet.service.decharger(complet.ici)) == "TLA_SANS_REPONSE"
    assert complet.service._depot.non_acquittes("TLA0000001") != []
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.recus, bilan.deja_connus, len(bilan.a_signer)) == (0, 0, 1)
    assert complet.service._depot.non_acquittes("TLA0000001") == []
    complet.virtuel.deposer(octets)  # a terminal that gives it again under another name
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.recus, bilan.deja_connus, len(bilan.a_signer)) == (0, 1, 1)
    assert complet.ici.identite.documents == 0


def test_une_empreinte_fausse_n_efface_rien(complet: Essai):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")
    complet.virtuel.pannes.empreinte_fausse = True
    for recus in (1, 0):
        bilan = complet.service.decharger(complet.ici)
        assert (bilan.recus, [r.code for r in bilan.refuses]) == (recus, ["TLA_DOCUMENT_ALTERE"])
        assert (bilan.a_signer, complet.ici.identite.documents) == ((), 1)
        assert len(complet.service._depot.non_acquittes("TLA0000001")) == 1
    assert complet.service.signer().signees == ()
    complet.virtuel.pannes.empreinte_fausse = False
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.refuses, len(bilan.a_signer), complet.ici.identite.documents) == ((), 1, 0)
    assert complet.service.signer().signees == ("000000001",)


# ---- loading ---------------------------------------------------------------------------------------------------------


def test_memoire_pleine_les_factures_restent_des_brouillons(poste: Poste):
    essai = Essai(poste, TerminalVirtuel(capacite=500))
    assert code(lambda: essai.charger("assure")) == "TLA_MEMOIRE_PLEINE"
    ((_, facture),) = poste.facturation.brouillons()
    assert facture == visite(poste, "assure")
    assert essai.virtuel.factures() == []
    assert essai.service.charger(essai.ici, patients=[]).factures == ()


def test_un_chargement_coupe_se_reprend_sans_rien_numeroter_deux_fois(complet: Essai):
    ici = complet.ici
    complet.virtuel.pannes.muet_apres = 2
    assert code(lambda: complet.service.charger(ici, factures=[visite(complet.poste, "assure")])) == "TLA_SANS_REPONSE"
    complet.virtuel.pannes.muet_apres = None
    assert complet.service.charger(complet.ici).factures == ("000000001",)
    assert [f.numero for f in complet.virtuel.factures()] == ["000000001"]


def test_ce_qui_ne_peut_pas_etre_prete(complet: Essai):
    jamais_lu = visite(complet.poste, "assure")
    jamais_lu = replace(jamais_lu, beneficiaire=replace(jamais_lu.beneficiaire, numero_serie_vitale=""))
    inconnue = replace(jamais_lu, beneficiaire=replace(jamais_lu.beneficiaire, numero_serie_vitale="800000099"))
    opposee = visite(complet.poste, "opposition")
    bilan = complet.service.charger(complet.ici, factures=[jamais_lu, inconnue, opposee])
    assert [r.code for r in bilan.refuses] == ["VITALE_JAMAIS_LUE", "CERTIFICAT_CARTE_ABSENT", "CARTE_OPPOSEE"]
    assert bilan.factures == ()
    assert complet.poste.factures.prochain_numero() == "000000001"  # a refusal spends no number


def test_un_terminal_reduit_ne_prend_pas_de_factures(reduit: Essai):
    assert code(lambda: reduit.charger("assure")) == "TLA_REDUIT"
    assert reduit.poste.factures.prochain_numero() == "000000001"


def test_les_kilometres_pretes_comptent_pour_le_plafond_du_jour(complet: Essai):
    """60 − 4 km a visit (plaine): lent ones count before they are signed, once after."""
    ik = (LigneSaisie("AMI", domicile=True, date=JOUR), LigneSaisie("IK", ik_km=60, domicile=True, date=JOUR))
    facture: Facture = visite(complet.poste, "ald", lignes=ik)
    complet.charger("ald", lignes=ik)
    assert complet.poste.facturation._km_factures(facture) == {JOUR: 56}
    complet.signer_au_domicile("000000001", "ald")
    complet.service.decharger(complet.ici)
    assert complet.poste.facturation._km_factures(facture) == {JOUR: 56}
    complet.service.signer()
    assert complet.poste.facturation._km_factures(facture) == {JOUR: 56}


# ---- the terminal itself ---------------------------------------------------------------------------------------------


def test_vider_rend_les_brouillons(complet: Essai):
    complet.charger("assure", "ald")
    complet.signer_au_domicile("000000001", "assure")
    ici = complet.ici
    assert code(lambda: complet.service.vider(ici, HORS_SUJET)) == "TLA_CONFIRMATION"
    assert code(lambda: complet.service.vider(ici, ici.numero_serie)) == "TLA_NON_DECHARGE"
    assert len(complet.virtuel.factures()) == 1
    complet.service.decharger(ici)
    complet.service.vider(ici, ici.numero_serie)
    assert complet.virtuel.factures() == []
    assert [f.beneficiaire.nom for _, f in complet.poste.facturation.brouillons()] == ["PETIT"]
    assert complet.service.signer().signees == ("000000001",)


def test_une_signature_qui_arrive_apres_que_la_facture_a_ete_rendue(complet: Essai):
    complet.charger("assure")
    signee = ecrire_document(complet.signature_vraie("000000001", "assure"))
    complet.service.vider(complet.ici, "TLA0000001")
    assert complet.refus_de(signee) == "TLA_PREPARATION_REPRISE"


def test_trouver_le_bon_terminal(complet: Essai):
    autre = TerminalVirtuel(numero_serie=HORS_SUJET)
    complet.canal.poser("Autre socle", autre.traiter)
    complet.canal.poser("Lecteur PSS", lambda _: b"pas un terminal")
    assert {t.numero_serie for t in complet.service.lister()} == {"TLA0000001", HORS_SUJET}
    assert code(complet.service.trouver) == "PLUSIEURS_TERMINAUX"
    assert complet.service.trouver(HORS_SUJET).logiciel.lecteur == "Autre socle"
    assert code(lambda: complet.service.trouver("TLA9")) == "TLA_ABSENT"
    ici = complet.service.trouver("TLA0000001")
    complet.canal.poser(SOCLE, autre.traiter)
    assert code(lambda: complet.service.decharger(ici)) == "TLA_CHANGE"
    for socle in (SOCLE, "Autre socle", "Lecteur PSS"):
        complet.canal.enlever(socle)
    assert code(complet.service.trouver) == "TLA_ABSENT"


def test_sans_aucun_terminal_sur_son_socle(poste: Poste):
    poste.environnement.socle.enlever()
    assert poste.terminaux.lister() == []


def test_ce_qui_change_est_annonce(complet: Essai):
    entendu: list[str] = []
    complet.poste.changements.abonner(entendu.append)
    complet.charger("assure")
    assert set(entendu) == {"terminaux", "factures"}


def test_sans_carte_lue_rien_n_est_compose(poste: Poste):
    essai = Essai(poste, TerminalVirtuel(GenreTerminal.REDUIT, "TLR0000001"))
    essai.virtuel.noter(zones_de("assure"), 0, [ActeNote("AMI")])
    essai.service.decharger(essai.ici)
    poste.lecteurs.fermer_session()
    poste.lecteurs.ps = None
    assert [r.code for r in essai.service.signer().refuses] == ["PS_ABSENT"]
    assert len(essai.service.a_signer()) == 1
