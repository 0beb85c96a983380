"""Making lots: what goes, what is left out and why, and that a lot is one fact with its mail and events."""

from __future__ import annotations

import email.policy
import gzip
import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sesam_desktop.base.modeles import Document, Evenement, Lot, LotDocument, Message
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.facture import FactureSecurisee, Niveau
from sesam_desktop.flux import b2, enveloppe, message
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation.autorite import creer_autorite, creer_certificat
from sesam_desktop.securisation.certificats import Magasin
from sesam_desktop.securisation.chiffrement import ProfilZones, dechiffrer_zones, ouvrir_cle
from sesam_desktop.securisation.signature import Signataire, verifier
from sesam_desktop.securisation.smime import ouvrir
from sesam_desktop.teletransmission import lots
from sesam_desktop.teletransmission.controle import (
    ACCEPTE,
    AVERTISSEMENT,
    REFUSE,
    Controle,
    Presente,
    Remarque,
    Verdict,
)
from sesam_desktop.teletransmission.numeros import NumerosDonnes
from sesam_desktop.teletransmission.parametres import ParametresLots
from sesam_desktop.teletransmission.prevision import CarteDemandee
from sesam_desktop.teletransmission.verrou import seul

from .atelier import Atelier
from .fabrique import PARIS, SARTHE, courrier, securisee


def etats(atelier: Atelier) -> dict[str, int]:
    return {etat.value: nombre for etat, nombre in atelier.factures.par_etat().items()}


def test_un_lot_par_caisse_et_par_niveau(atelier: Atelier) -> None:
    for destinataire, niveau in ((SARTHE, Niveau.SECURISEE), (PARIS, Niveau.SECURISEE), (SARTHE, Niveau.DEGRADEE)):
        atelier.signer(destinataire, niveau)
    atelier.signer(SARTHE)
    bilan = atelier.preparation.preparer()
    assert [(lot.fonds, lot.niveau, lot.numero, lot.nombre) for lot in bilan.lots] == [
        ("01 721 721", "D", "001", 1),
        ("01 721 721", "S", "002", 2),
        ("01 751 755", "S", "001", 1),
    ]
    assert [(lot.total_centimes, lot.amo_centimes) for lot in bilan.lots] == [(2500, 1750), (5000, 3500), (2500, 1750)]
    assert (bilan.factures, bilan.refus, etats(atelier)) == (4, [], {"en_lot": 4})
    assert Message.select().count() == Lot.select().count() == 3
    assert all(m.etat == "prete" for m in Message.select())


def test_rien_a_faire_la_deuxieme_fois(atelier: Atelier) -> None:
    atelier.signer()
    assert atelier.preparation.preparer().factures == 1
    assert atelier.preparation.preparer().lots == []
    assert Lot.select().count() == 1


def test_le_lot_garde_ses_references(atelier: Atelier) -> None:
    fs = atelier.signer()
    atelier.preparation.preparer()
    lot = Lot.get()
    assert (lot.genre, lot.regime, lot.organisme, lot.centre_informatique) == ("FSE", "01", "721", "721")
    assert (lot.etat, lot.nombre, len(lot.identification)) == ("constitue", 1, 6)
    evenement = atelier.factures.historique(fs.facture.numero)[-1]
    assert (evenement.nom, evenement.donnees) == ("en_lot", {"lot": "001", "date": lot.date_constitution})


def test_le_courriel_ouvert_par_la_caisse(atelier: Atelier, autorite: Path) -> None:
    """Opened with the organisme's key: same file once its zones are back, signatures true, routing as announced."""
    fs = atelier.signer()
    atelier.preparation.preparer()
    ligne, lot = Message.get(), Lot.get()
    octets, identite = bytes(ligne.octets), creer_certificat(autorite, SARTHE.adresse, SARTHE.adresse)
    dehors = message.lire_adressage(octets)
    assert (dehors.de, dehors.a, dehors.message_id) == ("poste@poste.test", SARTHE.adresse, ligne.message_id)
    assert message.lire_sujet(dehors.sujet)[::2] == ("00000721001006", 1)
    dedans = message.lire(ouvrir(octets, identite.certificat_der, identite.cle_pem))
    assert (dedans.genre, dedans.test, dedans.message_id) == ("FSE", True, ligne.message_id)
    protection = enveloppe.depuis_octets(dedans.securite or b"")
    clair = bytes(lot.contenu)
    assert protection.empreinte_fichier == hashlib.sha256(clair).hexdigest()
    assert protection.cle and protection.signature_lot
    assert verifier(protection.signature_lot.certificat, clair, protection.signature_lot.valeur)
    cle = ouvrir_cle(protection.cle.valeur, identite.cle_pem)
    zones = dechiffrer_zones(protection.factures[0].zones, cle, ProfilZones(protection.cle.profil))
    assert b2.ecrire(b2.restaurer_zones(b2.lire(dedans.contenu), zones)) == clair
    assert [s.valeur for s in protection.factures[0].signatures] == [s.valeur for s in fs.signatures]
    assert b2.verifier(clair) == []


def test_a_blanc_n_ecrit_rien(atelier: Atelier) -> None:
    atelier.signer()
    avant = Evenement.select().count()
    bilan = atelier.preparation.preparer(a_blanc=True)
    assert [(lot.numero, lot.nombre) for lot in bilan.lots] == [("", 1)]
    assert (Lot.select().count(), Message.select().count(), Evenement.select().count()) == (0, 0, avant)
    assert etats(atelier) == {"signee_ps": 1}


def test_a_blanc_ne_demande_pas_la_carte(atelier: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    def absente() -> None:
        raise AssertionError("la carte ne doit pas être demandée")

    monkeypatch.setattr(atelier.preparation, "_signataire", absente)
    atelier.signer()
    assert len(atelier.preparation.preparer(a_blanc=True).lots) == 1


@pytest.mark.parametrize("a_blanc", [True, False])
def test_ce_qui_ne_peut_pas_partir_est_dit(atelier: Atelier, a_blanc: bool) -> None:
    bonne = atelier.signer()
    for destinataire in (replace(SARTHE, adresse=""), replace(SARTHE, adresse="01999@999.01.rss.test")):
        atelier.signer(destinataire)
    atelier.factures.enregistrer(securisee("000000900"))  # its hash is not the one of its records
    bilan = atelier.preparation.preparer(a_blanc=a_blanc)
    assert [(r.facture, r.code) for r in bilan.refus] == [
        ("000000002", "DESTINATAIRE_INCONNU"),
        ("000000003", "CERTIFICAT_ABSENT"),
        ("000000900", "EMPREINTE_DIFFERENTE"),
    ]
    assert all(r.message.endswith(".") for r in bilan.refus)
    assert bilan.factures == 1
    assert bonne.facture.numero == "000000001"


def test_signature_manquante(atelier: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    fs = atelier.signer()
    monkeypatch.setattr(atelier.factures, "charger", lambda _: replace(fs, signatures=fs.signatures[:1]))
    bilan = atelier.preparation.preparer()
    assert [r.code for r in bilan.refus] == ["SIGNATURE_ABSENTE"]


def test_facture_trop_longue_pour_un_lot(atelier: Atelier, profil: Path) -> None:
    atelier.signer()
    etroits = ParametresLots("poste@poste.test", enregistrements_maximum=7)
    preparation = lots.Preparation(
        atelier.base, atelier.factures, atelier.magasin, lambda _emetteur: atelier.ps, etroits
    )
    assert [r.code for r in preparation.preparer().refus] == ["FACTURE_TROP_LONGUE"]


def test_facture_abimee_ecartee(atelier: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    fs = atelier.signer()
    atelier.signer()
    vraie = atelier.factures.charger

    def charger(numero: str) -> FactureSecurisee:
        if numero == fs.facture.numero:
            raise ErreurConnue("Le contenu a été modifié.", code="DOCUMENT_ALTERE")
        return vraie(numero)

    monkeypatch.setattr(atelier.factures, "charger", charger)
    bilan = atelier.preparation.preparer()
    assert [(r.facture, r.code) for r in bilan.refus] == [(fs.facture.numero, "DOCUMENT_ALTERE")]
    assert bilan.factures == 1


def test_valeur_hors_norme_ecarte_le_lot_et_lui_seul(atelier: Atelier) -> None:
    """An unknown régime has no kind of organism: its lot cannot be written, the other one can."""
    identite = atelier.magasin.de(SARTHE.adresse)
    inconnu = replace(SARTHE, regime="55", adresse="55721@721.55.rss.test")
    atelier.magasin.ajouter(inconnu.adresse, identite.pem)
    atelier.signer(inconnu)
    atelier.signer()
    bilan = atelier.preparation.preparer()
    assert [(r.facture, r.code) for r in bilan.refus] == [("000000001", "REGIME")]
    assert etats(atelier) == {"en_lot": 1, "signee_ps": 1}


def test_carte_retiree_au_deuxieme_lot(atelier: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    atelier.signer(SARTHE)
    atelier.signer(PARIS)
    passages = iter([atelier.ps])

    def une_seule_fois(_emetteur: str):
        try:
            return next(passages)
        except StopIteration:
            raise ErreurConnue("La carte a été retirée.", code="CARTE_RETIREE") from None

    monkeypatch.setattr(atelier.preparation, "_signataire", une_seule_fois)
    with pytest.raises(ErreurConnue, match="retirée"):
        atelier.preparation.preparer()
    assert etats(atelier) == {"en_lot": 1, "signee_ps": 1}
    assert Lot.select().count() == Message.select().count() == 1


def test_echec_dans_la_transaction_ne_laisse_rien(atelier: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    atelier.signer()
    atelier.signer()
    vraie, appels = atelier.factures.ajouter_evenement, iter(range(10))

    def disque_plein(*arguments):
        if next(appels) == 1:
            raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")
        return vraie(*arguments)

    monkeypatch.setattr(atelier.factures, "ajouter_evenement", disque_plein)
    with pytest.raises(ErreurConnue, match="plein"):
        atelier.preparation.preparer()
    assert etats(atelier) == {"signee_ps": 2}
    assert (Lot.select().count(), Message.select().count(), LotDocument.select().count()) == (0, 0, 0)


def test_une_facture_partie_sur_papier_entre_temps_ne_retient_pas_les_autres(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the card signs the first lot, one of its two invoices goes on paper: the other lot is made, and the one
    left out goes at the next preparation."""
    sur_papier, compagne = (atelier.signer(SARTHE).facture.numero for _ in range(2))
    ailleurs = atelier.signer(PARIS).facture.numero
    noter = NumerosDonnes.noter

    def pendant(*arguments: str) -> None:
        atelier.factures.faire_avancer([sur_papier], "papier")
        noter(*arguments)

    monkeypatch.setattr(NumerosDonnes, "noter", pendant)
    bilan = atelier.preparation.preparer()
    assert [(lot.fonds, lot.nombre) for lot in bilan.lots] == [("01 751 755", 1)]
    assert [(r.facture, r.code) for r in bilan.refus] == [(n, "FACTURE_CHANGEE") for n in (sur_papier, compagne)]
    assert f"La facture {sur_papier} a changé pendant la préparation" in bilan.refus[1].message
    assert "Préparez de nouveau les lots" in bilan.refus[1].message
    assert [e.etat for e in (Document.get_by_id(n) for n in (sur_papier, compagne, ailleurs))] == [
        "papier", "signee_ps", "en_lot",
    ]  # fmt: skip
    monkeypatch.undo()
    encore = atelier.preparation.preparer()
    assert ([lot.nombre for lot in encore.lots], encore.refus) == ([1], [])
    assert Document.get_by_id(compagne).etat == "en_lot"


def test_messagerie_non_reglee(atelier: Atelier) -> None:
    atelier.signer()
    sans_adresse = lots.Preparation(
        atelier.base, atelier.factures, atelier.magasin, lambda _emetteur: atelier.ps, ParametresLots("")
    )
    with pytest.raises(ErreurConnue) as refus:
        sans_adresse.preparer()
    assert refus.value.code == "COURRIER_NON_CONFIGURE"
    assert etats(atelier) == {"signee_ps": 1}


def test_annulation_entre_deux_lots(atelier: Atelier) -> None:
    atelier.signer(SARTHE)
    atelier.signer(PARIS)
    reponses = iter([False, True])
    bilan = atelier.preparation.preparer(annule=lambda: next(reponses))
    assert (bilan.annule, len(bilan.lots)) == (True, 1)
    assert etats(atelier) == {"en_lot": 1, "signee_ps": 1}


def test_une_preparation_a_la_fois(atelier: Atelier) -> None:
    with seul(atelier.base.chemin, "lots", "occupé"), pytest.raises(ErreurConnue) as refus:
        atelier.preparation.preparer()
    assert refus.value.code == "DEJA_EN_COURS"


def test_facture_d_un_lot_refuse_renvoyee_telle_quelle(atelier: Atelier) -> None:
    fs = atelier.signer()
    atelier.preparation.preparer()
    numero = fs.facture.numero
    with pytest.raises(ErreurConnue) as refus:
        atelier.preparation.preparer(refusees=[numero])
    assert refus.value.code == "FACTURE_NON_REFUSEE"
    atelier.factures.ajouter_evenement(numero, Etat.REFUSEE)
    assert atelier.preparation.preparer().lots == []
    bilan = atelier.preparation.preparer(refusees=[numero])
    assert [(lot.numero, lot.nombre) for lot in bilan.lots] == [("002", 1)]
    assert [lien.lot_id for lien in LotDocument.select().order_by(LotDocument.lot)] == [1, 2]


def test_un_lot_refuse_seul_est_renvoye(atelier: Atelier) -> None:
    refusee = atelier.signer()
    atelier.preparation.preparer()
    atelier.factures.ajouter_evenement(refusee.facture.numero, Etat.REFUSEE)
    atelier.signer()
    bilan = atelier.preparation.preparer(refusees=[refusee.facture.numero], seules=True)
    assert ([lot.nombre for lot in bilan.lots], etats(atelier)) == ([1], {"en_lot": 1, "signee_ps": 1})


def test_numeros_par_jour_et_identifiants_uniques(profil: Path, autorite: Path) -> None:
    """At 999 the number wraps; a clock that stands still still gives different Message-IDs."""
    instants = [datetime(2026, 3, 2, 10, tzinfo=UTC)]
    atelier = Atelier(profil, autorite, courrier(), horloge=lambda: instants[-1])
    try:
        for _ in range(3):
            atelier.signer()
            atelier.preparation.preparer()
        Lot.update(numero="999").where(Lot.id == 3).execute()
        (profil / "sesam.db.numeros").unlink()  # only the database knows
        instants.append(instants[0] + timedelta(days=1))
        atelier.signer()
        assert atelier.preparation.preparer().lots[0].numero == "001"
        identifiants = [m.message_id for m in Message.select()]
        assert identifiants[:2] == ["2026030210000000001@poste.test", "2026030210000000002@poste.test"]
        assert len(set(identifiants)) == 4
    finally:
        atelier.fermer()


def test_enregistrements_du_fichier(atelier: Atelier) -> None:
    """The records sent are those of the invoice, whatever the lot adds around."""
    atelier.signer()
    atelier.preparation.preparer()
    corps = list(b2.lire(bytes(Lot.get().contenu)))
    assert [e.type for e in corps] == ["000", "1", "2", "2S", "4", "4S", "5", "5S", "6", "999"]
    assert corps[2].zones["numero_facture"] == "000000001"
    assert (corps[1].zones["numero_lot"], corps[8].zones["nombre_factures"]) == ("001", 1)


def test_rien_du_patient_hors_de_la_partie_chiffree(atelier: Atelier) -> None:
    atelier.signer()
    atelier.preparation.preparer()
    octets = bytes(Message.get().octets)
    assert b"1801972000001" not in octets
    assert b"DURAND" not in octets


def test_le_lot_d_un_autre_professionnel_est_laisse_de_cote(atelier: Atelier) -> None:
    """The card that is in may not sign for this sender: its invoices are told, the run is not broken."""
    fs = atelier.signer()

    def refuser(_emetteur: str) -> Signataire:
        raise ErreurConnue("Cette carte n'est pas celle de l'émetteur.", code="CPS_D_UN_AUTRE")

    parametres = ParametresLots("poste@poste.test")
    bilan = lots.Preparation(atelier.base, atelier.factures, atelier.magasin, refuser, parametres).preparer()
    assert [(r.facture, r.code) for r in bilan.refus] == [(fs.facture.numero, "CPS_D_UN_AUTRE")]
    assert (bilan.lots, etats(atelier)) == ([], {"signee_ps": 1})


def preparation(atelier: Atelier, controle: Controle | None = None, **reglages: object) -> lots.Preparation:
    """One with these settings, at the hour of the tests."""
    parametres = ParametresLots("poste@poste.test", type_flux="T", **reglages)  # type: ignore[arg-type]
    return lots.Preparation(
        atelier.base, atelier.factures, atelier.magasin, lambda _emetteur: atelier.ps, parametres, controle=controle
    )


def accuser(*numeros: str, gravite: str = REFUSE) -> Controle:
    """A check module that finds fault with these invoices wherever they are."""

    def controler(presente: Presente) -> Verdict:
        lues = {e.zones["numero_facture"] for e in b2.lire(presente.clair) if e.type == "2"}
        remarques = tuple(Remarque(gravite, "CPT", "Les totaux diffèrent.", n) for n in numeros if n in lues)
        return Verdict(gravite if remarques else ACCEPTE, remarques)

    return controler


def test_le_controle_ecarte_les_fautives_et_garde_les_autres(atelier: Atelier) -> None:
    for _ in range(4):
        atelier.signer()
    bilan = preparation(atelier, accuser("000000002", "000000003")).preparer()
    assert [(r.facture, r.code) for r in bilan.refus] == [
        ("000000002", "CONTROLE_REFUSE"), ("000000003", "CONTROLE_REFUSE")
    ]
    assert "Les totaux diffèrent. [CPT]" in bilan.refus[0].message
    assert [(lot.numero, lot.nombre, lot.verdict) for lot in bilan.lots] == [("001", 2, "accepte")]
    assert [lien.document_id for lien in LotDocument.select().order_by(LotDocument.rang)] == ["000000001", "000000004"]
    assert etats(atelier) == {"en_lot": 2, "signee_ps": 2}


def test_un_lot_refuse_pour_lui_meme_n_est_pas_fait(atelier: Atelier) -> None:
    """Nobody to blame among its invoices: all stay, and the card signs nothing."""
    atelier.signer()
    atelier.signer()
    verdict = Verdict(REFUSE, (Remarque(REFUSE, "ENT", "L'entête est illisible."),))
    bilan = preparation(atelier, lambda _clair: verdict).preparer()
    assert ([r.facture for r in bilan.refus], bilan.lots) == (["000000001", "000000002"], [])
    assert Lot.select().count() == 0


def test_un_avertissement_est_garde_avec_le_lot(atelier: Atelier) -> None:
    atelier.signer()
    bilan = preparation(atelier, accuser("000000001", gravite=AVERTISSEMENT)).preparer()
    lot = Lot.get()
    assert (bilan.lots[0].verdict, lot.verdict) == ("avertissement", "avertissement")
    assert json.loads(lot.remarques) == [
        {"gravite": "avertissement", "code": "CPT", "libelle": "Les totaux diffèrent.", "facture": "000000001"}
    ]


def test_sans_controle_le_lot_n_a_pas_de_verdict(atelier: Atelier) -> None:
    atelier.signer()
    preparation(atelier).preparer()
    assert (Lot.get().verdict, Lot.get().remarques) == ("", "[]")


def test_a_blanc_dit_ce_que_le_controle_refuserait(atelier: Atelier, profil: Path) -> None:
    atelier.signer()
    atelier.signer()
    bilan = preparation(atelier, accuser("000000002")).preparer(a_blanc=True)
    assert ([r.facture for r in bilan.refus], [lot.nombre for lot in bilan.lots]) == (["000000002"], [1])
    assert not (profil / "sesam.db.numeros").exists()
    assert etats(atelier) == {"signee_ps": 2}


def test_a_blanc_dit_les_cartes_les_echeances_et_les_certificats(profil: Path, autorite: Path) -> None:
    """Eleven days after the care, and eleven days before the fund's certificate expires."""
    atelier = Atelier(profil, autorite, courrier())
    try:
        for destinataire in (SARTHE, PARIS):
            atelier.signer(destinataire)
        fin = atelier.magasin.de(SARTHE.adresse).fin
        tard = fin - timedelta(days=11, hours=1)
        magasin = Magasin(profil / "certificats", lambda: tard)
        parametres = ParametresLots("poste@poste.test")
        prepare = lots.Preparation(
            atelier.base, atelier.factures, magasin, lambda _emetteur: atelier.ps, parametres, lambda: tard
        )
        prevision = prepare.preparer(a_blanc=True).prevision
        assert prevision is not None
        assert prevision.cartes == (CarteDemandee("721001006", "MARTIN CLAIRE", 2),)
        assert [(c.adresse, c.jours) for c in prevision.certificats] == [(SARTHE.adresse, 11), (PARIS.adresse, 11)]
        assert [(e.facture, e.limite, e.situation.value) for e in prevision.echeances] == [
            ("000000001", date(2026, 3, 12), "depasse"), ("000000002", date(2026, 3, 12), "depasse")
        ]
    finally:
        atelier.fermer()


def test_une_vraie_preparation_ne_prevoit_rien(atelier: Atelier) -> None:
    atelier.signer()
    assert preparation(atelier).preparer().prevision is None


def test_un_courriel_trop_gros_est_partage(atelier: Atelier) -> None:
    """Eight invoices: the mail of all of them is too big, that of four too, that of two is not."""
    for _ in range(8):
        atelier.signer()
    preparation(atelier).preparer()
    entier = len(bytes(Message.get().octets))
    for numero in [d.document_id for d in LotDocument.select()]:
        atelier.factures.ajouter_evenement(numero, Etat.REFUSEE)
    plafond = entier // 3
    bilan = preparation(atelier, tailles={"RSV": plafond}).preparer(refusees=[f"{n:09d}" for n in range(1, 9)])
    assert [(lot.numero, lot.nombre) for lot in bilan.lots] == [(f"{n:03d}", 2) for n in range(2, 6)]
    tailles = [len(bytes(m.octets)) for m in Message.select().where(Message.id > 1)]
    assert len(tailles) == 4 and max(tailles) <= plafond
    assert [d.document_id for d in LotDocument.select().where(LotDocument.lot > 1).order_by(LotDocument.document)] == [
        f"{n:09d}" for n in range(1, 9)
    ]


def test_une_facture_dont_le_courriel_est_trop_gros_reste(atelier: Atelier) -> None:
    atelier.signer()
    bilan = preparation(atelier, tailles={"RSV": 1000}).preparer()
    assert [(r.facture, r.code) for r in bilan.refus] == [("000000001", "TAILLE_DEPASSEE")]
    assert (Message.select().count(), etats(atelier)) == (0, {"signee_ps": 1})


def test_une_messagerie_sans_limite_ne_partage_rien(atelier: Atelier) -> None:
    atelier.signer()
    assert len(preparation(atelier, tailles={"OCT": 1000}).preparer().lots) == 1


def test_chaque_messagerie_ecrit_de_son_adresse(atelier: Atelier) -> None:
    """What a mailbox sends is answered to that mailbox."""
    atelier.signer()
    preparation(atelier, adresses={"RSV": "rsv@poste.test", "OCT": "oct@concentrateur.test"}).preparer()
    dehors = message.lire_adressage(bytes(Message.get().octets))
    assert (dehors.de, dehors.message_id.partition("@")[2]) == ("rsv@poste.test", "poste.test")


@pytest.mark.parametrize("signe", [False, True])
def test_openssl_et_python_lisent_ce_qui_part(atelier: Atelier, autorite: Path, tmp_path: Path, signe: bool) -> None:
    """Independent eyes: `openssl cms` opens the envelope and checks the signature, Python's email reads the parts."""
    organisme = creer_certificat(autorite, SARTHE.adresse, SARTHE.adresse)
    poste = creer_certificat(autorite, "poste", "POSTE DE TEST")
    reglages = {"certificat_smime": poste.chemin_certificat, "cle_smime": poste.chemin_cle} if signe else {}
    atelier.signer()
    preparation(atelier, **reglages).preparer()
    envoi, dedans = tmp_path / "envoi.eml", tmp_path / "dedans.eml"
    envoi.write_bytes(bytes(Message.get().octets))
    ouvrir_cms = ["openssl", "cms", "-decrypt", "-in", envoi, "-inkey", organisme.chemin_cle]
    subprocess.run([*ouvrir_cms, "-recip", organisme.chemin_certificat, "-out", dedans], check=True)
    if signe:
        verifier_cms = ["openssl", "cms", "-verify", "-in", dedans, "-purpose", "any"]
        verifier_cms += ["-CAfile", creer_autorite(autorite).chemin_certificat, "-out", tmp_path / "clair.eml"]
        subprocess.run(verifier_cms, check=True, capture_output=True)
        dedans = tmp_path / "clair.eml"
    lu = email.message_from_bytes(dedans.read_bytes(), policy=email.policy.default)
    fichier, securite = lu.iter_parts()
    decrit = fichier["Content-Description"]
    assert (fichier.get_content_type(), decrit) == ("application/edi-consent", "SESAMTEST/FSE/Z")
    assert securite.get_content_type() == "application/x-sesam-securisation"
    assert gzip.decompress(fichier.get_content())[:3] == b"000"
    assert lu["Message-ID"] == email.message_from_bytes(envoi.read_bytes())["Message-ID"]


def test_une_cle_de_signature_absente_arrete_tout(atelier: Atelier, tmp_path: Path) -> None:
    atelier.signer()
    with pytest.raises(ErreurConnue) as refus:
        preparation(atelier, certificat_smime=tmp_path / "absent.pem").preparer()
    assert (refus.value.code, etats(atelier)) == ("FICHIER_ABSENT", {"signee_ps": 1})
