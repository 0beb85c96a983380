"""Reading chips and signatures, through virtual readers and through answers written by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.cartes import vitale_zones, zones
from sesam_desktop.cartes.vitale import Mutuelle, Periode
from sesam_desktop.lecteurs import lecture, signature_carte
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.cartes_fichiers import DossierCartes
from sesam_desktop.lecteurs.emulation_vitale import ATR_VITALE2
from sesam_desktop.lecteurs.lecture import PuceCps
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

from .doubles import PS, VITALES, SessionEcrite, cps, deposer_cartes, vitale


@pytest.fixture
def canal() -> CanalVirtuel:
    return CanalVirtuel({"gauche": cps(), "droite": vitale("famille")})


@pytest.fixture
def session_cps(canal: CanalVirtuel) -> Iterator[SessionCarte]:
    with canal.connecter("gauche") as session:
        yield session


@pytest.fixture
def session_vitale(canal: CanalVirtuel) -> Iterator[SessionCarte]:
    with canal.connecter("droite") as session:
        yield session


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    deposer_cartes(tmp_path)
    return tmp_path


def test_puce_vitale(session_vitale: SessionCarte) -> None:
    puce = lecture.lire_puce_vitale(session_vitale)
    assert [(i.nom, i.prenom, i.naissance) for i in puce.identites] == [
        ("LEROY", "JULIE", "19801130"),
        ("LEROY", "MARC", "19780615"),
        ("LEROY", "ZOE", "20141005"),
    ]
    assert [i.nir for i in puce.identites] == ["2801972000003", "1781972000002", "2801972000003"]


def test_sequence_publique_de_la_vitale() -> None:
    """SELECT 3F00, READ BINARY SFI 2; SELECT VITALE, READ BINARY SFI 2: nothing else is sent."""
    holder = "6508" + "8001418101418200" + "9000"
    session = SessionEcrite("9000", holder, "6B00", "9000", "6500" + "6282", atr=ATR_VITALE2)
    lecture.lire_puce_vitale(session)
    lectures = ["00B0820000", "00B0000A0A"]  # ten bytes: the end is asked for
    assert session.recus == ["00A40000023F00", *lectures, "00A404000BD250000002564954414C45", "00B0820000"]


def test_puce_cps(session_cps: SessionCarte) -> None:
    assert lecture.lire_puce_cps(session_cps) == PuceCps("0000000001", "20250101")


@pytest.mark.parametrize("numero", ["5A0A90000000010000000001", "5A0A8025000001", "5A0A8025000001000000000155"])
def test_cps_d_un_autre_emetteur(numero: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        lecture.lire_puce_cps(SessionEcrite("9000", numero + "6282"))
    assert refus.value.code == "CPS_INVALIDE"


NUMERO = "5A0A80250000010000000001"


@pytest.mark.parametrize(
    ("reponses", "attendu"),
    [
        (("6A82", "6A82", "9000", "6A82", "6A82"), ""),  # no such file
        (("9000", "6982"), ""),  # hidden
        (("9000", "EC148108323032343031303182083230323430313032" + "6282"), "20240102"),
        (("9000", "EC0A8103240101820324010200" + "6282"), "240102"),  # not text: shown as it is
    ],
)
def test_date_de_mise_a_jour(reponses: tuple[str, ...], attendu: str) -> None:
    session = SessionEcrite("9000", NUMERO + "6282", *reponses)
    assert lecture.lire_puce_cps(session) == PuceCps("0000000001", attendu)


@pytest.mark.parametrize("actua", ["", "0000", "EC00", "EC0A81083230323430313031", "EC0281008200", "EC7F81", "6500"])
def test_mise_a_jour_inachevee(actua: str) -> None:
    """The published behaviour of the card's own library: an empty or incomplete EF_ACTUA is an unusable card."""
    with pytest.raises(ErreurConnue) as refus:
        lecture.lire_puce_cps(SessionEcrite("9000", NUMERO + "6282", "9000", actua + "6282"))
    assert refus.value.code == "CPS_MISE_A_JOUR_INACHEVEE"


@pytest.mark.parametrize(
    ("atr", "lire", "phrase"),
    [
        ("3F6525002C09699000", lecture.lire_puce_vitale, "bibliothèques SSV du GIE"),
        ("3BAC00402A00122500648082021200 9000", lecture.lire_puce_cps, "module PKCS#11"),
        ("3B8F80010031B86404B0ECC1739401808290000E", lecture.lire_puce_cps, "sans contact"),
    ],
)
def test_cartes_reconnues_mais_non_lues(atr: str, lire: Callable[[SessionCarte], object], phrase: str) -> None:
    session = SessionEcrite(atr=bytes.fromhex(atr))
    with pytest.raises(ErreurConnue) as refus:
        lire(session)
    assert refus.value.code == "CARTE_NON_LUE"
    assert phrase in refus.value.phrase()
    assert session.recus == []


@pytest.mark.parametrize("taille", [0, 3, 64, 65, 3000])
def test_signature_par_la_vitale(session_vitale: SessionCarte, taille: int) -> None:
    octets = bytes(taille)
    signature = signature_carte.signer_par_carte(session_vitale, octets)
    assert len(signature) == 256
    assert signature[-32:] == hashlib.sha256(octets).digest()


def test_signature_par_la_cps_apres_le_code(session_cps: SessionCarte) -> None:
    with pytest.raises(ErreurConnue):
        signature_carte.signer_par_carte(session_cps, b"facture")
    lecture.verifier_code(session_cps, "1234")
    assert signature_carte.signer_par_carte(session_cps, b"facture")[-32:] == hashlib.sha256(b"facture").digest()


def test_carte_changee_entre_deux_lectures(canal: CanalVirtuel) -> None:
    with canal.connecter("droite") as session:
        puce = lecture.lire_puce_vitale(session)
        lecture.exiger_meme_vitale(session, puce)
    canal.inserer("droite", vitale("assure"))
    with canal.connecter("droite") as session, pytest.raises(ErreurConnue) as refus:
        lecture.exiger_meme_vitale(session, puce)
    assert refus.value.code == "CARTE_CHANGEE"
    with canal.connecter("gauche") as session:
        lecture.exiger_meme_cps(session, PuceCps("0000000001"))
        with pytest.raises(ErreurConnue) as refus:
            lecture.exiger_meme_cps(session, PuceCps("0000000002"))
    assert refus.value.code == "CARTE_CHANGEE"


@pytest.mark.parametrize("nom", VITALES)
def test_droits_par_la_carte_virtuelle(dossier: Path, nom: str) -> None:
    with CanalVirtuel({"droite": vitale(nom)}).connecter("droite") as session:
        puce = lecture.lire_puce_vitale(session)
    assert DossierCartes(dossier).pour_vitale(puce) == VITALES[nom]


def test_sans_carte_virtuelle_rien_que_le_public(tmp_path: Path, session_vitale: SessionCarte) -> None:
    carte = DossierCartes(tmp_path / "absent").pour_vitale(lecture.lire_puce_vitale(session_vitale))
    assert not carte.droits_lus
    assert [b.prenom for b in carte.beneficiaires] == ["JULIE", "MARC", "ZOE"]
    assert not any(b.droits or b.couvertures for b in carte.beneficiaires)
    assert carte.assure.nir == "2801972000003"


@pytest.mark.parametrize("nom", PS)
def test_situations_selon_le_code(dossier: Path, nom: str) -> None:
    source, puce = DossierCartes(dossier), PuceCps(PS[nom].numero_serie)
    assert source.pour_ps(puce, situations=True) == PS[nom]
    assert source.pour_ps(puce, situations=False).situations == ()
    assert source.pour_ps(puce, situations=False).nom == PS[nom].nom


def test_cps_sans_fichier(tmp_path: Path) -> None:
    carte = DossierCartes(tmp_path).pour_ps(PuceCps("0000000009"), situations=True)
    assert (carte.numero_serie, carte.nom, carte.situations) == ("0000000009", "", ())


def test_deux_fichiers_pour_une_carte(dossier: Path, session_vitale: SessionCarte) -> None:
    (dossier / "copie.ssv").write_bytes((dossier / "vitale-famille.ssv").read_bytes())
    (dossier / "copie-0000000001.ssv").write_bytes((dossier / "cps-pharmacien-0000000001.ssv").read_bytes())
    source = DossierCartes(dossier)
    for lire in (
        lambda: source.pour_vitale(lecture.lire_puce_vitale(session_vitale)),
        lambda: source.pour_ps(PuceCps("0000000001"), situations=True),
    ):
        with pytest.raises(ErreurConnue) as refus:
            lire()
        assert refus.value.code == "CARTE_AMBIGUE"


@pytest.mark.journal_attendu
def test_un_fichier_abime_ne_cache_pas_les_autres(dossier: Path, session_vitale: SessionCarte) -> None:
    (dossier / "abime.ssv").write_bytes(b"\x00\x65\x7f")
    puce = lecture.lire_puce_vitale(session_vitale)
    assert DossierCartes(dossier).pour_vitale(puce) == VITALES["famille"]
    (dossier / "vitale-famille.ssv").unlink()
    with pytest.raises(ErreurConnue) as refus:
        DossierCartes(dossier).pour_vitale(puce)
    assert refus.value.ou.startswith("abime.ssv")


def test_mutuelle_et_amc_ensemble_ne_regardent_que_leur_patient(dossier: Path) -> None:
    """F0F0 is said to the patient whose card it is; another one without a file keeps what their chip says."""
    carte = VITALES["amc"]
    [titulaire, *autres] = carte.beneficiaires
    deux = replace(titulaire, mutuelle=Mutuelle("12345678", "", "01", droits=(Periode(),)))
    contradictoire = replace(carte, beneficiaires=(deux, *autres))
    (dossier / "vitale-amc.ssv").write_bytes(zones.ecrire(vitale_zones.groupes_de(contradictoire)))
    (dossier / "vitale-famille.ssv").unlink()
    with CanalVirtuel({"f": vitale("famille")}).connecter("f") as session:
        assert not DossierCartes(dossier).pour_vitale(lecture.lire_puce_vitale(session)).droits_lus
    with CanalVirtuel({"f": vitale("amc")}).connecter("f") as session:
        puce = lecture.lire_puce_vitale(session)
    with pytest.raises(ErreurConnue) as refus:
        DossierCartes(dossier).pour_vitale(puce)
    assert (refus.value.code, refus.value.ou) == ("F0F0", "vitale-amc.ssv")


def test_cps_abimee(dossier: Path) -> None:
    (dossier / "cps-pharmacien-0000000001.ssv").write_bytes(b"\x00\x01\x05")
    with pytest.raises(ErreurConnue) as refus:
        DossierCartes(dossier).pour_ps(PuceCps("0000000001"), situations=True)
    assert "cps-pharmacien" in refus.value.ou


def test_identite_illisible() -> None:
    session = SessionEcrite("9000", "6505AA6282", "9000", "65006282", atr=ATR_VITALE2)
    with pytest.raises(FormatInvalide) as refus:
        lecture.lire_puce_vitale(session)
    assert refus.value.code == "CARTE_ILLISIBLE"
