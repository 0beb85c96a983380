"""Reading chips, codes and signatures, through virtual readers and through answers written by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sesam_desktop.lecteurs import lecture, signature_carte
from sesam_desktop.lecteurs.canal import SessionCarte
from sesam_desktop.lecteurs.cartes_fichiers import DossierCartes
from sesam_desktop.lecteurs.emulation_vitale import ATR_VITALE2
from sesam_desktop.lecteurs.lecture import PuceCps
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue, FormatInvalide

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
    session = SessionEcrite("9000", holder, "9000", "6500" + "9000", atr=ATR_VITALE2)
    lecture.lire_puce_vitale(session)
    assert session.recus == ["00A40000023F00", "00B0820000", "00A404000BD250000002564954414C45", "00B0820000"]


def test_puce_cps(session_cps: SessionCarte) -> None:
    assert lecture.lire_puce_cps(session_cps) == PuceCps("0000000001", "20250101")


@pytest.mark.parametrize("numero", ["5A0A90000000010000000001", "5A0A8025000001"])
def test_cps_d_un_autre_emetteur(numero: str) -> None:
    with pytest.raises(ErreurConnue) as refus:
        lecture.lire_puce_cps(SessionEcrite("9000", "9000", numero + "9000"))
    assert refus.value.code == "CPS_INVALIDE"


def test_date_de_mise_a_jour_cachee_ou_vide() -> None:
    numero = "5A0A80250000010000000001" + "9000"
    assert lecture.lire_puce_cps(SessionEcrite("9000", "9000", numero, "6A82")).mise_a_jour == ""
    assert lecture.lire_puce_cps(SessionEcrite("9000", "9000", numero, "9000", "00009000")).mise_a_jour == ""


def test_bon_code(session_cps: SessionCarte) -> None:
    lecture.verifier_code(session_cps, "1234")
    assert lecture.essais_restants(session_cps) == 3


def test_code_faux_puis_bloque(session_cps: SessionCarte) -> None:
    phrases = []
    for _ in range(3):
        with pytest.raises(ErreurConnue) as refus:
            lecture.verifier_code(session_cps, "0000")
        phrases.append((refus.value.code, refus.value.message))
        assert "0000" not in refus.value.phrase()
    assert phrases == [
        ("CODE_FAUX", "Code porteur erroné : il reste 2 essais avant le blocage de la carte."),
        ("CODE_FAUX", "Code porteur erroné : il reste 1 essai avant le blocage de la carte."),
        ("CODE_BLOQUE", "La carte CPS est bloquée : le code porteur a été erroné trois fois."),
    ]
    assert lecture.essais_restants(session_cps) == 0


@pytest.mark.parametrize("code", ["", "123", "12345", "abcd", "１２３４", "1234\n"])
def test_code_mal_forme_jamais_envoye(code: str) -> None:
    session = SessionEcrite()
    with pytest.raises(EntreeInvalide) as refus:
        lecture.verifier_code(session, code)
    assert refus.value.code == "CODE_INVALIDE"
    assert session.recus == []


def test_le_code_n_est_presente_qu_une_fois() -> None:
    session = SessionEcrite("9000", "6A88", "63C3", "6F00")
    with pytest.raises(ErreurConnue) as refus:
        lecture.verifier_code(session, "1234")
    assert refus.value.code == "CARTE_REFUSE"
    assert session.recus[-1] == "002000010431323334"
    assert session.recus.count("002000010431323334") == 1


@pytest.mark.parametrize(("reponse", "code"), [("6A88", "CODE_NON_VERIFIABLE"), ("6983", "CODE_BLOQUE")])
def test_le_code_n_est_pas_envoye_a_une_carte_qui_ne_compte_pas(reponse: str, code: str) -> None:
    session = SessionEcrite("9000", "6A88", reponse)
    with pytest.raises(ErreurConnue) as refus:
        lecture.verifier_code(session, "1234")
    assert refus.value.code == code
    assert not any("31323334" in envoi for envoi in session.recus)


@pytest.mark.parametrize(
    ("atr", "lire"),
    [
        ("3F6525002C09699000", lecture.lire_puce_vitale),
        ("3BAC00402A00122500648082021200 9000", lecture.lire_puce_cps),
    ],
)
def test_cartes_anciennes_reconnues_mais_non_lues(atr: str, lire: Callable[[SessionCarte], object]) -> None:
    session = SessionEcrite(atr=bytes.fromhex(atr))
    with pytest.raises(ErreurConnue) as refus:
        lire(session)
    assert refus.value.code == "CARTE_NON_LUE"
    assert session.recus == []


@pytest.mark.parametrize(
    ("reponses", "attendu"),
    [
        (("9000", "6A88", "63C2"), 2),
        (("9000", "6A88", "6983"), 0),
        (("9000", "6A88", "6D00"), None),
        (("9000", "4D009000"), None),
        (("9000", "9000"), None),
    ],
)
def test_essais_restants(reponses: tuple[str, ...], attendu: int | None) -> None:
    assert lecture.essais_restants(SessionEcrite(*reponses)) == attendu


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


def test_cps_abimee(dossier: Path) -> None:
    (dossier / "cps-pharmacien-0000000001.ssv").write_bytes(b"\x00\x01\x05")
    with pytest.raises(ErreurConnue) as refus:
        DossierCartes(dossier).pour_ps(PuceCps("0000000001"), situations=True)
    assert "cps-pharmacien" in refus.value.ou


def test_identite_illisible() -> None:
    session = SessionEcrite("9000", "6505AA9000", "9000", "65009000", atr=ATR_VITALE2)
    with pytest.raises(FormatInvalide) as refus:
        lecture.lire_puce_vitale(session)
    assert refus.value.code == "CARTE_ILLISIBLE"
