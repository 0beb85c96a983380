"""Each thing the frontal must see: good lots accepted whatever their level, each fault with its code, duplicates."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from sesam_desktop.flux import arl, message, noemie, scor
from sesam_desktop.frontal import scenario
from sesam_desktop.frontal.cles import Cles
from sesam_desktop.frontal.jugement import Jugement
from sesam_desktop.frontal.recus import Conclusion
from sesam_desktop.frontal.registre import Registre
from sesam_desktop.securisation import smime
from sesam_desktop.securisation.autorite import creer_autorite, creer_certificat

from .emetteur import ADRESSE, Emetteur, Envoi, autour, lot
from .fichiers import facture, fichier

LE_22 = date(2026, 11, 22)
TRAITE_LE = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Banc:
    """A registre and a judge, messages given straight to them."""

    def __init__(self, dossier: Path, emetteur: Emetteur, nom: str = "nominal") -> None:
        self.registre = Registre(dossier / "frontal.db")
        regle, cles = scenario.charger(nom), Cles(emetteur.autorite)
        self.juge = Jugement(self.registre, regle, cles, lambda: TRAITE_LE)

    def recevoir(self, octets: bytes, identifiant: str = "<x@test.invalid>") -> Conclusion:
        self.registre.recevoir(octets, identifiant, "poste@test.invalid", ADRESSE)
        arrivee = self.registre.suivante()
        assert arrivee is not None
        conclusion = self.juge.juger(arrivee)
        self.registre.conclure(arrivee, conclusion)
        return conclusion


@pytest.fixture
def banc(tmp_path: Path, emetteur: Emetteur) -> Iterator[Banc]:
    ouvert = Banc(tmp_path, emetteur)
    yield ouvert
    ouvert.registre.fermer()


def arl_de(conclusion: Conclusion) -> arl.Arl:
    lu = message.lire(conclusion.reponses[0].octets)
    assert (lu.genre, lu.test) == ("ARL", True)
    return arl.lire(lu.contenu)


def code_de(conclusion: Conclusion) -> str:
    """Code of the ARL−; "" when it is positive."""
    recu = arl.lire(message.lire(conclusion.reponses[0].octets).contenu)
    assert recu.positif == (not recu.anomalies)
    assert not arl.verifier(message.lire(conclusion.reponses[0].octets).contenu)
    return "" if recu.positif else recu.anomalies[0].code


@pytest.mark.parametrize("niveau", ["S", "V", "D", "N"])
def test_un_lot_bon_est_accepte_a_chaque_niveau(banc: Banc, emetteur: Emetteur, niveau: str) -> None:
    envoi = lot(emetteur, facture("000000001", niveau=niveau), facture("000000002", 2000, 1300, 0, niveau=niveau))
    conclusion = banc.recevoir(envoi.octets())
    recu = arl_de(conclusion)
    assert recu.positif
    assert (recu.identification, recu.lot, recu.date_lot) == ("AAAAAA", "001", LE_22)
    assert (recu.emetteur, recu.destinataire) == ("00000001000422", "00000990000003")
    accepte = banc.registre.lots()[0]
    assert (accepte.regime, accepte.organisme, accepte.emetteur) == ("01", "422", "00000990000003")
    assert accepte.empreinte == hashlib.sha256(b"".join(envoi.enregistrements)).hexdigest()
    assert [(f.numero, f.total_centimes, f.amo_centimes, f.amc_centimes) for f in accepte.factures] == [
        ("000000001", 1000, 650, 100), ("000000002", 2000, 1300, 0),
    ]


def test_le_retour_noemie_suit_l_arl_et_se_relit(banc: Banc, emetteur: Emetteur) -> None:
    """Ranks (number × 37 modulo 100): 19 → 3 rejected, 38 → 6 signalled, 11 → 7 paid 1,50 short, 1 → 37 paid."""
    numeros = ["000000019", "000000038", "000000011", "000000001"]
    conclusion = banc.recevoir(lot(emetteur, *(facture(n, niveau="S") for n in numeros)).octets())
    courriel = message.lire(conclusion.reponses[1].octets)
    assert courriel.genre == "NOEMIE"
    assert not noemie.verifier(courriel.contenu)
    retour = noemie.lire(courriel.contenu)
    assert [(f.numero, f.etat_amo, f.paye_amo, f.etat_amc, f.paye_amc) for f in retour.factures] == [
        ("000000019", "R", 0, "R", 0),
        ("000000038", "P", 650, "P", 100),
        ("000000011", "P", 500, "P", 100),
        ("000000001", "P", 650, "P", 100),
    ]
    assert [len(f.rejets) for f in retour.factures] == [1, 0, 0, 0]
    assert [len(f.signalements) for f in retour.factures] == [0, 1, 0, 0]
    assert {(f.lot, f.date_lot, f.demande_amo, f.demande_amc) for f in retour.factures} == {
        ("001", LE_22, 650, 100)
    }
    assert [ligne.rembourse_centimes for f in retour.factures for ligne in f.lignes] == [0, 650, 500, 650]
    assert retour.total_centimes == 650 + 500 + 650 + 3 * 100
    assert retour.journees[0].date == TRAITE_LE.date()


def test_la_retenue_se_repartit_sur_les_actes_et_ne_devient_jamais_negative(
    banc: Banc, emetteur: Emetteur
) -> None:
    """Invoice 11 asks 1,00 of AMO: 1,50 is held back, so nothing is paid, and no line goes below zero."""
    conclusion = banc.recevoir(lot(emetteur, facture("000000011", 200, 100, 0, niveau="S")).octets())
    retour = noemie.lire(message.lire(conclusion.reponses[1].octets).contenu)
    assert (retour.factures[0].etat_amo, retour.factures[0].paye_amo, retour.total_centimes) == ("P", 0, 0)
    assert [ligne.rembourse_centimes for ligne in retour.factures[0].lignes] == [0]


def test_rien_n_est_paye_au_professionnel_pour_ce_que_le_patient_a_tout_paye(banc: Banc, emetteur: Emetteur) -> None:
    """Addressee of the payment, 48–49 of the 2S: 01, the insured. The AMC part is still the professional's."""
    directe = facture("000000001", niveau="S")
    directe[1] = directe[1][:47] + b"01" + directe[1][49:]
    conclusion = banc.recevoir(lot(emetteur, directe).octets())
    retour = noemie.lire(message.lire(conclusion.reponses[1].octets).contenu)
    (lue,) = retour.factures
    assert (lue.etat_amo, lue.demande_amo, lue.paye_amo, lue.paye_amc) == ("P", 650, 0, 100)
    assert [ligne.rembourse_centimes for ligne in lue.lignes] == [0]
    assert retour.total_centimes == 100


Sabotage = Callable[[Envoi], None]


def _zones_d_une_autre(envoi: Envoi) -> None:
    envoi.premiere(zones=envoi.protection.factures[1].zones[:-1])


def _sans_signature_vitale(envoi: Envoi) -> None:
    envoi.premiere(signatures=envoi.protection.factures[0].signatures[1:])


def _vitale_signee_par_le_ps(envoi: Envoi) -> None:
    ps = envoi.protection.factures[0].signatures[1]
    envoi.premiere(signatures=(replace(ps, porteur="vitale"), ps))


def _signature_d_une_autre_facture(envoi: Envoi) -> None:
    envoi.premiere(signatures=envoi.protection.factures[1].signatures)


def _algorithme(envoi: Envoi) -> None:
    vitale, ps = envoi.protection.factures[0].signatures
    envoi.premiere(signatures=(replace(vitale, algorithme="RSA-SHA1"), ps))


def _certificat_illisible(envoi: Envoi) -> None:
    vitale, ps = envoi.protection.factures[0].signatures
    envoi.premiere(signatures=(replace(vitale, certificat=b"rien"), ps))


def _certificat_perime(envoi: Envoi) -> None:
    vitale, ps = envoi.protection.factures[0].signatures
    envoi.premiere(signatures=(replace(vitale, signe_le=datetime.now(UTC) + timedelta(days=4000)), ps))


def _signee_par_l_autorite(envoi: Envoi) -> None:
    """The authority certifies; its own certificate allows no other signature."""
    vitale, ps = envoi.protection.factures[0].signatures
    autorite = creer_autorite(envoi.emetteur.autorite)
    octets = b"".join(envoi.enregistrements[2:9])
    valeur = autorite.signataire("vitale").signer(octets)
    envoi.premiere(signatures=(replace(vitale, certificat=autorite.certificat_der, valeur=valeur), ps))


def _signee_sous_une_autre_autorite(envoi: Envoi) -> None:
    """Everything is right but who certified the card: anybody can make such an authority."""
    vitale, ps = envoi.protection.factures[0].signatures
    with tempfile.TemporaryDirectory() as dossier:
        carte = creer_certificat(Path(dossier), "vitale", "DURAND TEST")
    octets = b"".join(envoi.enregistrements[2:9])
    valeur = carte.signataire("vitale").signer(octets)
    envoi.premiere(signatures=(replace(vitale, certificat=carte.certificat_der, valeur=valeur), ps))


def _niveau_annonce(envoi: Envoi) -> None:
    envoi.premiere(niveau="V")


def _empreinte_facture(envoi: Envoi) -> None:
    envoi.premiere(empreinte="0" * 64)


def _empreinte_fichier(envoi: Envoi) -> None:
    envoi.protection = replace(envoi.protection, empreinte_fichier="0" * 64)


def _lot_non_signe(envoi: Envoi) -> None:
    envoi.protection = replace(envoi.protection, signature_lot=None)


def _lot_signe_par_la_vitale(envoi: Envoi) -> None:
    signature = envoi.emetteur.signature("vitale", b"".join(envoi.enregistrements))
    envoi.protection = replace(envoi.protection, signature_lot=signature)


def _signature_du_lot_fausse(envoi: Envoi) -> None:
    envoi.protection = replace(envoi.protection, signature_lot=envoi.emetteur.signature("ps", b"autre"))


def _sans_cle(envoi: Envoi) -> None:
    envoi.protection = replace(envoi.protection, cle=None)


def _cle_pour_un_autre(envoi: Envoi) -> None:
    assert envoi.protection.cle is not None
    envoi.protection = replace(envoi.protection, cle=replace(envoi.protection.cle, valeur=b"\x01" * 256))


def _profil_inconnu(envoi: Envoi) -> None:
    assert envoi.protection.cle is not None
    envoi.protection = replace(envoi.protection, cle=replace(envoi.protection.cle, profil="ROT13"))


def _message_pour_un_autre(envoi: Envoi) -> None:
    envoi.chiffre_pour = creer_certificat(envoi.emetteur.autorite, "02996@996.02.rss.fr", "AUTRE")


def _adresse_inconnue(envoi: Envoi) -> None:
    envoi.adressage = replace(envoi.adressage, a="01999@999.01.rss.fr")


def _adresse_d_un_autre_organisme(envoi: Envoi) -> None:
    envoi.chiffre_pour = creer_certificat(envoi.emetteur.autorite, "02996@996.02.rss.fr", "AUTRE")
    envoi.adressage = replace(envoi.adressage, a="02996@996.02.rss.fr")
    cle_session_perdue(envoi)


def cle_session_perdue(envoi: Envoi) -> None:
    """Send the file in clear of zones, so that only the address is wrong."""
    envoi.masque = b"".join(envoi.enregistrements)
    envoi.protection = replace(envoi.protection, cle=None)
    sans_zones = tuple(replace(f, zones=b"") for f in envoi.protection.factures)
    envoi.protection = replace(envoi.protection, factures=sans_zones)


def _sujet_sans_forme(envoi: Envoi) -> None:
    envoi.adressage = replace(envoi.adressage, sujet="bonjour")


def _sujet_qui_compte_mal(envoi: Envoi) -> None:
    envoi.adressage = replace(envoi.adressage, sujet=message.sujet("990000003", "2026112210000000001", 3))


def _facture_en_trop_dans_la_protection(envoi: Envoi) -> None:
    factures = (*envoi.protection.factures, envoi.protection.factures[0])
    envoi.protection = replace(envoi.protection, factures=factures)


def _fichier_tronque(envoi: Envoi) -> None:
    envoi.masque = envoi.masque[:-1]


def _genre_inattendu(envoi: Envoi) -> None:
    envoi.genre = "NOEMIE"


@pytest.mark.parametrize(
    ("sabotage", "code"),
    [
        (_zones_d_une_autre, "CHF"), (_sans_cle, "CHF"), (_cle_pour_un_autre, "CHF"), (_profil_inconnu, "CHF"),
        (_message_pour_un_autre, "CHF"),
        (_sans_signature_vitale, "SIG"), (_vitale_signee_par_le_ps, "SIG"), (_signature_d_une_autre_facture, "SIG"),
        (_algorithme, "SIG"), (_certificat_illisible, "SIG"), (_certificat_perime, "SIG"),
        (_signee_par_l_autorite, "SIG"), (_signee_sous_une_autre_autorite, "SIG"), (_niveau_annonce, "SIG"),
        (_empreinte_facture, "SIG"), (_empreinte_fichier, "SIG"), (_lot_non_signe, "SIG"),
        (_lot_signe_par_la_vitale, "SIG"), (_signature_du_lot_fausse, "SIG"),
        (_adresse_inconnue, "DST"), (_adresse_d_un_autre_organisme, "DST"),
        (_sujet_sans_forme, "ENT"), (_sujet_qui_compte_mal, "CPT"),
        (_facture_en_trop_dans_la_protection, "ENT"), (_fichier_tronque, "ENT"), (_genre_inattendu, "ENT"),
    ],
)  # fmt: skip
def test_chaque_faute_a_son_code(banc: Banc, emetteur: Emetteur, sabotage: Sabotage, code: str) -> None:
    envoi = lot(emetteur, facture("000000001", niveau="S"), facture("000000002", niveau="S"))
    sabotage(envoi)
    conclusion = banc.recevoir(envoi.octets())
    assert code_de(conclusion) == code, conclusion.motif
    assert len(conclusion.reponses) == 1
    assert all(recu.verdict == code for recu in banc.registre.lots())


def test_un_lot_refuse_peut_revenir_corrige(banc: Banc, emetteur: Emetteur) -> None:
    faux = lot(emetteur)
    _lot_non_signe(faux)
    assert code_de(banc.recevoir(faux.octets())) == "SIG"
    assert code_de(banc.recevoir(lot(emetteur, jeton="0002").octets())) == ""
    assert [recu.verdict for recu in banc.registre.lots()] == ["SIG", ""]


def test_un_fichier_incoherent_bien_signe_est_refuse(banc: Banc, emetteur: Emetteur) -> None:
    conclusion = banc.recevoir(lot(emetteur, facture(niveau="S", total_amo_4=651)).octets())
    assert code_de(conclusion) == "CPT"
    assert arl_de(conclusion).anomalies[0].ligne == 8
    assert banc.registre.lots()[0].verdict == "CPT"


def test_une_facture_d_un_autre_regime_est_refusee(banc: Banc, emetteur: Emetteur) -> None:
    lignes = facture(niveau="S")
    lignes[0] = lignes[0][:48] + b"02" + lignes[0][50:]
    assert code_de(banc.recevoir(autour(emetteur, fichier(lignes)).octets())) == "DST"


def test_une_valeur_que_le_retour_ne_peut_pas_porter_est_refusee(banc: Banc, emetteur: Emetteur) -> None:
    """A coefficient has six digits in B2, five in a NOEMIE return."""
    lignes = facture(niveau="S")
    lignes[2] = lignes[2][:82] + b"100000" + lignes[2][88:]
    conclusion = banc.recevoir(autour(emetteur, fichier(lignes)).octets())
    assert code_de(conclusion) == "ENT"
    assert "coefficient" in conclusion.motif


def test_le_meme_message_deux_fois_est_un_doublon(banc: Banc, emetteur: Emetteur) -> None:
    octets = lot(emetteur).octets()
    banc.recevoir(octets)
    conclusion = banc.recevoir(octets)
    assert (conclusion.etat, conclusion.original) == ("doublon", 1)
    assert len(banc.registre.lots()) == 1
    courriers = [banc.registre.courrier(c.numero) for c in banc.registre.courriers()]
    assert courriers[:2] == courriers[2:]


def test_le_meme_lot_dans_un_autre_message_est_un_doublon(banc: Banc, emetteur: Emetteur) -> None:
    banc.recevoir(lot(emetteur, jeton="0001").octets(), "<1@test.invalid>")
    conclusion = banc.recevoir(lot(emetteur, jeton="0002").octets(), "<2@test.invalid>")
    assert (conclusion.etat, conclusion.original) == ("doublon", 1)


def test_le_meme_numero_de_lot_avec_un_autre_contenu_est_refuse(banc: Banc, emetteur: Emetteur) -> None:
    banc.recevoir(lot(emetteur, facture("000000001", niveau="S")).octets())
    assert code_de(banc.recevoir(lot(emetteur, facture("000000002", niveau="S"), jeton="0002").octets())) == "LOT"


def test_une_facture_deja_recue_dans_un_autre_lot_est_refusee(banc: Banc, emetteur: Emetteur) -> None:
    banc.recevoir(lot(emetteur, numero="001").octets())
    conclusion = banc.recevoir(lot(emetteur, numero="002", jeton="0002").octets())
    assert code_de(conclusion) == "LOT"
    assert "000000001" in arl_de(conclusion).anomalies[0].libelle


def test_une_ligne_fautive_au_dela_de_99_est_dans_le_libelle(banc: Banc, emetteur: Emetteur) -> None:
    """Fourteen invoices of seven records: the type 5 of the last one is record 2 + 13 × 7 + 6 = 99, the next 106."""
    factures = [facture(f"{n:09d}", niveau="S") for n in range(1, 15)]
    factures.append(facture("000000015", niveau="S", total_amo_4=1))
    anomalie = arl_de(banc.recevoir(lot(emetteur, *factures).octets())).anomalies[0]
    assert anomalie.ligne == 0
    assert "ENREGISTREMENT 106" in anomalie.libelle


@pytest.mark.parametrize(
    "octets",
    [b"", b"\r\n\r\n", b"From: x\r\n\r\nrien", b"To: a@b\r\nDate: hier\r\n\r\n", bytes(range(256)),
     b"From: personne\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\n"],
)
def test_un_message_sans_expediteur_ni_date_va_en_quarantaine(banc: Banc, octets: bytes) -> None:
    conclusion = banc.recevoir(octets)
    assert conclusion.etat == "quarantaine"
    assert conclusion.motif
    assert banc.registre.mis_de_cote()[0].octets == octets


def _courriel(sujet: str = "SV/x", de: str = "poste@test.invalid") -> EmailMessage:
    courriel = EmailMessage()
    courriel["From"], courriel["To"], courriel["Subject"] = de, ADRESSE, sujet
    courriel["Date"], courriel["Message-ID"] = "Sun, 22 Nov 2026 10:00:00 +0000", "<9@test.invalid>"
    return courriel


def test_un_courriel_en_clair_est_refuse(banc: Banc) -> None:
    courriel = _courriel()
    courriel.set_content("bonjour")
    conclusion = banc.recevoir(courriel.as_bytes())
    assert code_de(conclusion) == "CHF"
    assert banc.registre.lots() == []


def test_un_chiffre_sans_fichier_est_refuse(banc: Banc, emetteur: Emetteur) -> None:
    courriel = _courriel()
    courriel.set_content("bonjour")
    assert code_de(banc.recevoir(smime.envelopper(courriel.as_bytes(), emetteur.organisme.certificat_der))) == "ENT"


def test_des_factures_sans_partie_securisation_sont_refusees(banc: Banc, emetteur: Emetteur) -> None:
    envoi = lot(emetteur)
    mime = message.composer("FSE", envoi.masque, envoi.adressage, test=True)
    assert code_de(banc.recevoir(smime.envelopper(mime, emetteur.organisme.certificat_der))) == "ENT"
    mime = message.composer("FSE", envoi.masque, envoi.adressage, securite=b"{}", test=True)
    assert code_de(banc.recevoir(smime.envelopper(mime, emetteur.organisme.certificat_der))) == "ENT"


def test_un_contenu_reexpedie_sous_un_autre_nom_est_refuse(banc: Banc, emetteur: Emetteur) -> None:
    octets = lot(emetteur).octets().replace(b"From: poste@test.invalid", b"From: autre@test.invalid", 1)
    assert code_de(banc.recevoir(octets)) == "ENT"


# --- SCOR -------------------------------------------------------------------------------------------------------------


def _scor(emetteur: Emetteur, *pieces: scor.Piece, organisme: str = "422", jeton: str = "0009") -> bytes:
    contenu = scor.composer(scor.LotScor("990000003", "01", organisme, "001", LE_22, pieces))
    return _scor_brut(emetteur, contenu, jeton)


def _scor_brut(emetteur: Emetteur, contenu: bytes, jeton: str = "0009") -> bytes:
    adressage = replace(lot(emetteur, jeton=jeton).adressage)
    mime = message.composer("SCOR", contenu, adressage, test=True)
    return smime.envelopper(mime, emetteur.organisme.certificat_der)


def _piece(numero: str = "000000001", contenu: bytes = b"%PDF-1.4 fin") -> scor.Piece:
    return scor.Piece("ORD", (scor.FactureLiee(numero, "001", LE_22),), 1, contenu)


def test_un_lot_scor_recoit_son_arl(banc: Banc, emetteur: Emetteur) -> None:
    banc.recevoir(lot(emetteur).octets(), "<1@test.invalid>")
    conclusion = banc.recevoir(_scor(emetteur, _piece()), "<9@test.invalid>")
    recu = arl.lire(message.lire(conclusion.reponses[0].octets).contenu)
    assert (recu.positif, recu.genre, recu.lot, recu.date_lot) == (True, "SCOR", "001", LE_22)
    assert len(conclusion.reponses) == 1
    assert banc.recevoir(_scor(emetteur, _piece(), jeton="0010"), "<10@test.invalid>").etat == "doublon"
    autre = banc.recevoir(_scor(emetteur, _piece(contenu=b"%PDF-1.4 autre"), jeton="0011"), "<11@test.invalid>")
    assert code_de(autre) == "LOT"


def test_le_plus_gros_lot_scor_passe(banc: Banc, emetteur: Emetteur) -> None:
    """Sixteen documents of nearly 300 ko that do not compress: just under the 5 Mo of a lot."""
    banc.recevoir(lot(emetteur).octets(), "<1@test.invalid>")
    hasard = random.Random(1)
    pieces = [_piece(contenu=b"%PDF-1.4 " + hasard.randbytes(299_000)) for _ in range(16)]
    octets = _scor(emetteur, *pieces)
    assert len(octets) > 8_000_000
    assert code_de(banc.recevoir(octets, "<9@test.invalid>")) == ""


def test_les_fautes_d_un_lot_scor(banc: Banc, emetteur: Emetteur) -> None:
    banc.recevoir(lot(emetteur).octets(), "<1@test.invalid>")
    sans_facture = replace(_piece(), factures=())
    for octets, code in (
        (_scor(emetteur, _piece(), organisme="423"), "DST"),
        (_scor(emetteur), "ENT"),
        (_scor(emetteur, _piece("000000777")), "ENT"),
        (_scor(emetteur, _piece(contenu=b"GIF89a")), "ENT"),
        (_scor(emetteur, sans_facture), "ENT"),
        (_scor_brut(emetteur, b"pas une archive"), "ENT"),
    ):
        conclusion = banc.recevoir(octets, f"<{hash(octets)}@test.invalid>")
        assert code_de(conclusion) == code
        assert arl.lire(message.lire(conclusion.reponses[0].octets).contenu).genre == "SCOR"
