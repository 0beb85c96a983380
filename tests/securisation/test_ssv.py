"""The bridge on a stand-in compiled from `ssv_factice.c`: published prototypes, fictitious cards, scripted refusals."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesam_desktop.cartes import ps_zones, vitale_zones, zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.securisation import bibliotheque, ssv, ssv_prototypes
from sesam_desktop.securisation.ssv import Inventaire, PontSsv

SOURCE = Path(__file__).with_name("ssv_factice.c")
CODE, JOUR = "4731", date(2026, 3, 2)
PS, VITALE, CONFIG = "SIS_LireCartePS", "SIS_LireDroitsVitale", "SIS_LireConfig"
EN_TETE = Groupe(60, (b"0410", b"0345", b"0100"))
LECTEUR = Groupe(61, (b"CONSTRUCTEUR", b"1", b"42", b"OS", b"1", b"LOGICIEL", b"0100", b"202603020930", b"ABCD"))

pytestmark = pytest.mark.skipif(
    shutil.which("gcc") is None or sys.platform == "win32", reason="pas de compilateur gcc sur cette machine"
)


@pytest.fixture(scope="session")
def compilees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three builds: as in the field, without SSV_InitLIB2, and without any function."""
    dossier = tmp_path_factory.mktemp("ssv")
    (dossier / "vide.c").write_text("int rien;\n")
    for nom, source, options in (
        ("factice", SOURCE, []), ("ancienne", SOURCE, ["-DSANS_INITLIB2"]), ("vide", dossier / "vide.c", [])
    ):
        commande = ["gcc", "-shared", "-fPIC", *options, "-o", str(dossier / f"{nom}.so"), str(source)]
        subprocess.run(commande, check=True, capture_output=True)
    return dossier


class Banc:
    """One installation of the libraries, what they are told to answer, and the calls they received."""

    def __init__(self, dossier: Path, compilees: Path) -> None:
        self.dossier, self._compilees = dossier, compilees
        self.pauses: list[float] = []
        self.installer()

    def installer(self, nom: str = "factice") -> None:
        """A copy a test: the system loads each file as a library of its own."""
        shutil.copy(self._compilees / "vide.so", self.dossier / "libsgdlux.so")
        shutil.copy(self._compilees / f"{nom}.so", self.dossier / "libssvlux.so")

    def repondre(self, fonction: str, *codes: str) -> None:
        (self.dossier / f"{fonction}.compte").unlink(missing_ok=True)
        (self.dossier / f"{fonction}.codes").write_text("".join(f"{code}\n" for code in codes))

    def donner(self, fonction: str, groupes: list[Groupe]) -> None:
        (self.dossier / f"{fonction}.zone").write_bytes(zones.ecrire(groupes))

    def ouvrir(self, **options: object) -> PontSsv:
        return PontSsv.ouvrir(self.dossier, dormir=self.pauses.append, **options)  # type: ignore[arg-type]

    def appels(self, fonction: str = "") -> list[str]:
        """Calls received, without their thread: « SIS_LireCartePS CPS Log_SV 4731 »."""
        lignes = (self.dossier / "appels.txt").read_text().splitlines()
        assert not [ligne for ligne in lignes if "CONCURRENCE" in ligne]
        appels = [ligne.split(" ", 1)[1].rstrip() for ligne in lignes]
        return [appel for appel in appels if appel.split(" ")[0] == fonction] if fonction else appels

    def fils(self) -> set[str]:
        return {ligne.split(" ")[0] for ligne in (self.dossier / "appels.txt").read_text().splitlines()}

    def sessions_ouvertes(self) -> int:
        return len(list(self.dossier.glob("session-*")))


@pytest.fixture
def banc(tmp_path: Path, compilees: Path, monkeypatch: pytest.MonkeyPatch) -> Banc:
    monkeypatch.setenv("SSV_FACTICE", str(tmp_path))
    banc = Banc(tmp_path, compilees)
    banc.donner(PS, ps_zones.groupes_de(cartes_ps_de_demonstration()[0][1]))
    banc.donner(VITALE, vitale_zones.groupes_de(cartes_de_demonstration()[0][1]))
    banc.donner(CONFIG, [EN_TETE, LECTEUR])
    return banc


@pytest.fixture
def pont(banc: Banc) -> Iterator[PontSsv]:
    pont = banc.ouvrir()
    yield pont
    pont.fermer()
    assert banc.sessions_ouvertes() == 0


def _refus(action: Callable[[], object]) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        action()
    assert refus.value.message.endswith(".")
    assert CODE not in refus.value.phrase()
    return refus.value


def test_lit_une_cps_et_ses_situations(pont: PontSsv, banc: Banc) -> None:
    attendue = cartes_ps_de_demonstration()[0][1]
    lue = pont.lire_carte_ps(CODE)
    assert (lue.nom, lue.identification) == (attendue.nom, attendue.identification)
    assert lue.situations == attendue.situations
    assert banc.appels(PS) == [f"{PS} CPS Log_SV {CODE}"]


@pytest.mark.parametrize("rang", range(len(cartes_de_demonstration())))
def test_lit_les_droits_de_chaque_vitale_de_demonstration(pont: PontSsv, banc: Banc, rang: int) -> None:
    carte = cartes_de_demonstration()[rang][1]
    banc.donner(VITALE, vitale_zones.groupes_de(carte))
    assert pont.lire_droits_vitale(CODE, JOUR) == carte
    assert banc.appels(VITALE) == [f"{VITALE} CPS Log_SV {CODE} 20260302"]


def test_dix_neuf_beneficiaires(pont: PontSsv, banc: Banc) -> None:
    """The order of the groups is kept over many occurrences: each right stays with its beneficiary."""
    un = vitale_zones.groupes_de(cartes_de_demonstration()[0][1])
    personne = next(groupe for groupe in un if groupe.id == 104)
    groupes = [un[0]]
    for rang in range(19):
        prenom = f"PRENOM {rang}".encode()
        groupes.append(Groupe(104, (*personne.champs[:2], prenom, *personne.champs[3:])))
        groupes += [Groupe(106, (b"", b"", b"0", f"{rang:04d}".encode()))] * 7
    banc.donner(VITALE, groupes)
    lus = pont.lire_droits_vitale(CODE, JOUR).beneficiaires
    assert [(b.prenom, {c.situation for c in b.couvertures}, len(b.couvertures)) for b in lus] == [
        (f"PRENOM {rang}", {f"{rang:04d}"}, 7) for rang in range(19)
    ]


def test_lit_la_configuration_brute(pont: PontSsv) -> None:
    assert pont.lire_config() == [EN_TETE, LECTEUR]
    assert pont.inventaire() == Inventaire((EN_TETE, LECTEUR))


def test_un_lecteur_muet_n_efface_pas_ce_que_disent_les_autres(pont: PontSsv, banc: Banc) -> None:
    """The missing group 61 points at the reader: what answered is kept beside the error."""
    banc.donner(CONFIG, [EN_TETE])
    banc.repondre(CONFIG, "0400", "0400")
    inventaire = pont.inventaire()
    assert inventaire.groupes == (EN_TETE,)
    assert inventaire.erreur is not None
    assert inventaire.erreur.code == "GALSS_0400"
    assert _refus(pont.lire_config).code == "GALSS_0400"


def test_une_configuration_refusee_sans_aucun_groupe(pont: PontSsv, banc: Banc) -> None:
    (banc.dossier / f"{CONFIG}.zone").unlink()
    banc.repondre(CONFIG, "8001")
    inventaire = pont.inventaire()
    assert inventaire.groupes == ()
    assert inventaire.erreur is not None
    assert inventaire.erreur.code == "GALSS_8001"


def test_les_noms_de_ressources_se_reglent(banc: Banc) -> None:
    pont = banc.ouvrir(ressource_ps="CPS1", ressource_lecteur="Log_SV2")
    pont.lire_carte_ps(CODE)
    assert banc.appels(PS) == [f"{PS} CPS1 Log_SV2 {CODE}"]
    pont.fermer()


def test_une_seule_initialisation_un_seul_fil_et_chaque_session_rendue(pont: PontSsv, banc: Banc) -> None:
    fils = [threading.Thread(target=pont.lire_carte_ps, args=(CODE,)) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    pont.lire_droits_vitale(CODE, JOUR)
    pont.lire_config()
    assert len(banc.appels("SSV_InitLIB")) == 1
    assert len(banc.appels("SGD_ReserverSession")) == len(banc.appels("SGD_LibererSession")) == 6
    assert len(banc.fils()) == 1
    assert str(threading.get_native_id()) not in banc.fils()


def test_le_sesam_ini_du_reglage_est_celui_qui_est_lu(banc: Banc) -> None:
    sesam = banc.dossier / "sésam.ini"
    sesam.write_text("[COMMUN]\n")
    pont = banc.ouvrir(sesam_ini=sesam)
    assert banc.appels() == [f"SSV_InitLIB2 {sesam}"]
    assert pont.choisit_sesam_ini
    pont.fermer()


def test_une_ancienne_bibliotheque_choisit_elle_meme_son_sesam_ini(banc: Banc) -> None:
    banc.installer("ancienne")
    sesam = banc.dossier / "sesam.ini"
    sesam.write_text("[COMMUN]\n")
    pont = banc.ouvrir(sesam_ini=sesam)
    assert banc.appels() == ["SSV_InitLIB"]
    assert not pont.choisit_sesam_ini
    assert pont.lire_carte_ps(CODE).situations
    pont.fermer()


def test_un_sesam_ini_absent_est_dit_avant_de_charger(banc: Banc) -> None:
    refus = _refus(lambda: banc.ouvrir(sesam_ini=banc.dossier / "absent.ini"))
    assert (refus.code, (banc.dossier / "appels.txt").exists()) == ("SESAM_INI_ABSENT", False)


def test_deja_initialisee_est_terminee_puis_reprise(banc: Banc) -> None:
    (banc.dossier / "initialisee").touch()
    pont = banc.ouvrir()
    assert banc.appels() == ["SSV_InitLIB", "SSV_TermLIB", "SSV_InitLIB"]
    pont.fermer()


@pytest.mark.parametrize(("code", "attendu"), [("F680", "SSV_F680"), ("F610", "SSV_F610"), ("F6F1", "SSV_F6F1")])
def test_une_initialisation_refusee(banc: Banc, code: str, attendu: str) -> None:
    banc.repondre("SSV_InitLIB", code)
    assert _refus(banc.ouvrir).code == attendu


def test_deux_erreurs_de_transmission_puis_la_carte(pont: PontSsv, banc: Banc) -> None:
    banc.repondre(PS, "0200", "0200")
    assert pont.lire_carte_ps(CODE).nom
    assert (len(banc.appels(PS)), len(banc.pauses)) == (3, 2)


@pytest.mark.parametrize(
    ("fonction", "code", "appels", "attendu"),
    [
        (PS, "0200", 1 + 3, "GALSS_0200"),
        (VITALE, "0200", 1 + 4, "GALSS_0200"),
        (PS, "0800", 1 + 3, "GALSS_0800"),
        (VITALE, "0800", 1 + 3, "GALSS_0800"),
        (PS, "F003", 1, "SSV_F003"),
        (VITALE, "F003", 1, "SSV_F003"),
        (PS, "F001", 1, "SSV_F001"),
        (VITALE, "F011", 1, "SSV_F011"),
        (VITALE, "F014", 1, "SSV_F014"),
        (VITALE, "F023", 1, "SSV_F023"),
        (VITALE, "F026", 1, "SSV_F026"),
        (VITALE, "0004", 1, "GALSS_0004"),
        (VITALE, "ABCD", 1, "GALSS_ABCD"),
    ],
)
def test_les_refus_et_le_nombre_d_appels(
    pont: PontSsv, banc: Banc, fonction: str, code: str, appels: int, attendu: str
) -> None:
    """Retries of MedinTux (3 for the CPS, 4 for the Vitale) on 0200, the official 3 on 0800, none on anything else."""
    banc.repondre(fonction, *[code] * 9)
    refus = _refus(lambda: pont.lire_carte_ps(CODE) if fonction == PS else pont.lire_droits_vitale(CODE, JOUR))
    assert refus.code == attendu
    assert len(banc.appels(fonction)) == appels
    assert banc.sessions_ouvertes() == 0


def test_un_code_faux_apres_une_erreur_de_transmission_n_est_pas_represente(pont: PontSsv, banc: Banc) -> None:
    banc.repondre(PS, "0200", "F003")
    assert _refus(lambda: pont.lire_carte_ps(CODE)).code == "SSV_F003"
    assert len(banc.appels(PS)) == 2


@pytest.mark.parametrize("code", ["", "123", "12345", "12é4", "12\x004", "１２３４"])
def test_un_code_mal_ecrit_n_est_pas_presente(pont: PontSsv, banc: Banc, code: str) -> None:
    with pytest.raises(EntreeInvalide) as refus:
        pont.lire_carte_ps(code)
    assert (refus.value.code, banc.appels(PS)) == ("CODE_INVALIDE", [])


@pytest.mark.parametrize("codes", [(), ("F003",)])
def test_la_copie_du_code_est_effacee(
    pont: PontSsv, banc: Banc, codes: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = []

    def copier(code: str) -> ctypes.Array[ctypes.c_char]:
        copies.append(ctypes.create_string_buffer(code.encode()))
        return copies[-1]

    monkeypatch.setattr(ssv, "_copier", copier)
    banc.repondre(PS, *codes)
    if codes:
        _refus(lambda: pont.lire_carte_ps(CODE))
    else:
        pont.lire_carte_ps(CODE)
    assert [copie.raw for copie in copies] == [bytes(len(CODE) + 1)]
    assert banc.appels(PS)[0].endswith(CODE)


def test_un_champ_plus_grand_que_le_tampon_est_lu_en_entier(pont: PontSsv, banc: Banc) -> None:
    long = bytes(range(65, 91)) * 500
    banc.donner(CONFIG, [Groupe(60, (long, b"", b"3"))])
    assert pont.lire_config() == [Groupe(60, (long, b"", b"3"))]


def test_un_champ_demesure_est_refuse(pont: PontSsv, banc: Banc) -> None:
    banc.donner(CONFIG, [Groupe(60, (b"A" * (1 << 18), b"", b""))])
    assert _refus(pont.lire_config).code == "SSV_INCOHERENTE"


def test_une_zone_plus_grande_qu_une_carte_est_refusee(pont: PontSsv, banc: Banc) -> None:
    banc.donner(CONFIG, [Groupe(60, (b"A" * 30_000, b"", b""))] * 40)
    assert _refus(pont.lire_config).code == "SSV_INCOHERENTE"


def test_un_champ_annonce_plus_long_qu_il_n_est_recu(pont: PontSsv, banc: Banc) -> None:
    (banc.dossier / "ment").touch()
    assert _refus(pont.lire_config).code == "SSV_INCOHERENTE"


def test_des_groupes_sans_fin_sont_refuses(pont: PontSsv, banc: Banc) -> None:
    (banc.dossier / "boucle").touch()
    assert _refus(pont.lire_config).code == "SSV_INCOHERENTE"


@pytest.mark.parametrize("fonction", ["SGD_ReserverSession", "SGD_LireGroupeSuivant", "SGD_LireChamp"])
def test_un_refus_du_sgd(pont: PontSsv, banc: Banc, fonction: str) -> None:
    banc.repondre(fonction, "F80A")
    refus = _refus(pont.lire_config)
    assert (refus.code, refus.ou) == ("SSV_F80A", fonction)


def test_une_session_mal_rendue_n_empeche_pas_la_lecture(pont: PontSsv, banc: Banc) -> None:
    banc.repondre("SGD_LibererSession", "F807")
    assert pont.lire_carte_ps(CODE).nom


@pytest.mark.parametrize("code", ["F805", "F802"])
def test_un_champ_qui_n_existe_pas_finit_son_groupe(pont: PontSsv, banc: Banc, code: str) -> None:
    banc.donner(CONFIG, [EN_TETE])
    banc.repondre("SGD_LireChamp", "0000", "0000", code)
    assert pont.lire_config() == [Groupe(60, EN_TETE.champs[:2])]


def test_un_groupe_trop_court_ne_donne_pas_de_patient(pont: PontSsv, banc: Banc) -> None:
    groupes = vitale_zones.groupes_de(cartes_de_demonstration()[0][1])
    rang = next(rang for rang, groupe in enumerate(groupes) if groupe.id == 104)
    groupes[rang] = Groupe(104, groupes[rang].champs[:-1])
    banc.donner(VITALE, groupes)
    assert _refus(lambda: pont.lire_droits_vitale(CODE, JOUR)).code == "GROUPE_INVALIDE"


def test_une_cps_dont_un_groupe_n_est_pas_connu(pont: PontSsv, banc: Banc) -> None:
    """A newer library may say more: it is kept raw, whatever its length."""
    carte = cartes_ps_de_demonstration()[0][1]
    banc.donner(PS, [*ps_zones.groupes_de(carte), Groupe(3, (b"NOUVEAU", b"", b"GROUPE"))])
    lue = pont.lire_carte_ps(CODE)
    assert (lue.situations, lue.inconnus) == (carte.situations, ((3, (b"NOUVEAU", b"", b"GROUPE")),))


def test_ce_qu_une_bibliotheque_ajoute_apres_les_champs_publies(pont: PontSsv, banc: Banc) -> None:
    carte = cartes_de_demonstration()[0][1]
    groupes = [Groupe(g.id, (*g.champs, b"NOUVEAU")) for g in vitale_zones.groupes_de(carte)]
    banc.donner(VITALE, groupes)
    assert pont.lire_droits_vitale(CODE, JOUR) == carte


def test_la_forme_1_31(pont: PontSsv, banc: Banc) -> None:
    """Groups 40 and 41 of an old component; the second beneficiary has two periods of AMO rights."""
    tete = Groupe(40, (b"T", b"800000001", b"A", b"1801975000001", b"32", b"01", b"751", b"0000", b"10"))
    fin = (b"0", b"", b"", b"0", b"", b"", b"", b"")
    identite = (b"DURAND", b"", b"PAUL", b"1 RUE DU TEST", b"19800101", b"1", b"0", b"", b"")
    un = Groupe(41, (*identite, b"1", b"20250101", b"20261231", *fin))
    deux = Groupe(41, (*identite, b"2", b"20240101", b"20241231", b"20250101", b"20261231", *fin))
    banc.donner(VITALE, [tete, un, deux])
    lue = pont.lire_droits_vitale(CODE, JOUR)
    assert (lue.assure.nir, [len(b.droits) for b in lue.beneficiaires]) == ("1801975000001", [1, 2])


def test_le_rang_d_une_situation_est_un_octet_quelconque(pont: PontSsv, banc: Banc) -> None:
    titulaire, situation, *_ = ps_zones.groupes_de(cartes_ps_de_demonstration()[0][1])
    for rang in (0, 1, 13, 255):
        banc.donner(PS, [titulaire, Groupe(2, (bytes([rang]), *situation.champs[1:]))])
        assert pont.lire_carte_ps(CODE).situations[0].rang == rang


def test_une_bibliotheque_qui_ne_revient_pas(banc: Banc) -> None:
    """Bounded, then refused at once, then usable again by itself; what came back too late left nothing open."""
    pont = banc.ouvrir(delai=0.3)
    banc.repondre(VITALE, "dort 1200")
    debut = time.monotonic()
    assert _refus(lambda: pont.lire_droits_vitale(CODE, JOUR)).code == "SSV_SANS_REPONSE"
    assert _refus(lambda: pont.lire_carte_ps(CODE)).code == "SSV_SANS_REPONSE"
    pont.fermer()
    assert time.monotonic() - debut < 1.0
    _attendre(lambda: banc.sessions_ouvertes() == 0)
    _attendre(lambda: _reussit(pont))
    assert len(banc.appels(VITALE)) == 1
    pont.fermer()
    assert len(banc.appels("SSV_TermLIB")) == 1


def test_une_ouverture_trop_longue_est_defaite(banc: Banc) -> None:
    banc.repondre("SSV_InitLIB", "dort 600")
    assert _refus(lambda: banc.ouvrir(delai=0.2)).code == "SSV_SANS_REPONSE"
    _attendre(lambda: banc.appels() == ["SSV_InitLIB", "SSV_TermLIB"])


def _attendre(condition: Callable[[], bool], delai: float = 10.0) -> None:
    echeance = time.monotonic() + delai
    while not condition():
        assert time.monotonic() < echeance
        time.sleep(0.02)


def _reussit(pont: PontSsv) -> bool:
    try:
        return bool(pont.lire_carte_ps(CODE).nom)
    except ErreurConnue as erreur:
        assert erreur.code == "SSV_SANS_REPONSE"
        return False


def test_fermer_deux_fois_et_malgre_un_refus(banc: Banc) -> None:
    pont = banc.ouvrir()
    banc.repondre("SSV_TermLIB", "F600", "F600")
    pont.fermer()
    pont.fermer()
    assert len(banc.appels("SSV_TermLIB")) == 2


@pytest.mark.parametrize("absente", ["libsgdlux.so", "libssvlux.so"])
def test_bibliotheque_absente(banc: Banc, absente: str) -> None:
    (banc.dossier / absente).unlink()
    refus = _refus(banc.ouvrir)
    assert (refus.code, refus.ou) == ("BIBLIOTHEQUE_ABSENTE", str(banc.dossier / absente))


def test_bibliotheque_d_une_autre_architecture(banc: Banc) -> None:
    """A 32-bit library is refused by name before the system's loader is asked."""
    chemin = banc.dossier / "libssvlux.so"
    entete = bytearray(chemin.read_bytes())
    entete[4], entete[18:20] = 1, (3).to_bytes(2, "little")  # ELFCLASS32, EM_386
    chemin.write_bytes(entete)
    refus = _refus(banc.ouvrir)
    assert refus.code == "BIBLIOTHEQUE_AUTRE_ARCHITECTURE"
    assert "Linux x86 (32 bits)" in refus.message


def test_bibliotheque_sans_les_fonctions_publiees(banc: Banc) -> None:
    banc.installer("vide")
    refus = _refus(banc.ouvrir)
    assert refus.code == "BIBLIOTHEQUE_INCOMPLETE"
    assert "SIS_LireCartePS" in refus.message


def test_bibliotheque_que_le_systeme_refuse(banc: Banc) -> None:
    """A library whose own dependencies are not on the machine."""
    chemin = banc.dossier / "libssvlux.so"
    composant = Path(shutil.copy(banc.dossier / "libsgdlux.so", banc.dossier / "composant.so"))
    commande = ["gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-o", str(chemin), str(composant)]
    subprocess.run(commande, check=True, capture_output=True)
    composant.unlink()
    assert _refus(banc.ouvrir).code == "BIBLIOTHEQUE_NON_CHARGEE"


@pytest.mark.parametrize(
    ("systeme", "bits", "noms"),
    [
        ("win32", 32, ["sgdw32.dll", "ssvw32.dll"]),
        ("win32", 64, ["sgdw64.dll", "ssvw64.dll"]),
        ("darwin", 64, ["sgdosx.framework/sgdosx", "ssvosx.framework/ssvosx"]),
        ("linux", 64, ["libsgdlux.so", "libssvlux.so"]),
        ("openbsd7", 64, ["libsgdlux.so", "libssvlux.so"]),
    ],
)
def test_les_noms_de_chaque_systeme(
    tmp_path: Path, systeme: str, bits: int, noms: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssv_prototypes.sys, "platform", systeme)
    monkeypatch.setattr(ssv_prototypes.ctypes, "sizeof", lambda _: bits // 8)
    monkeypatch.setattr(ssv_prototypes, "exiger_chargeable", lambda chemin, action: None)
    assert ssv_prototypes.trouver(tmp_path) == tuple(tmp_path / nom for nom in noms)


def test_la_bibliotheque_de_l_autre_taille_est_nommee(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FSV of 32 bits beside a 64-bit program: the usual case in the field."""
    monkeypatch.setattr(ssv_prototypes.sys, "platform", "win32")
    ici = bibliotheque.Binaire("Windows", frozenset({"x86_64"}))
    monkeypatch.setattr(bibliotheque, "ce_processus", lambda: ici)
    pe = b"MZ".ljust(0x3C, b"\0") + (0x40).to_bytes(4, "little") + b"PE\0\0" + (0x014C).to_bytes(2, "little")
    (tmp_path / "sgdw32.dll").write_bytes(pe)
    refus = _refus(lambda: ssv_prototypes.trouver(tmp_path))
    assert (refus.code, refus.ou) == ("BIBLIOTHEQUE_AUTRE_ARCHITECTURE", str(tmp_path / "sgdw32.dll"))
    assert "Windows x86 (32 bits)" in refus.message


def test_sous_windows_la_convention_est_stdcall(monkeypatch: pytest.MonkeyPatch) -> None:
    chargees = []
    monkeypatch.setattr(ssv_prototypes.sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", lambda nom, winmode: chargees.append((nom, winmode)), raising=False)
    ssv_prototypes._charger(Path("ssvw32.dll"))
    assert chargees == [("ssvw32.dll", 0x8)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    groupes=st.lists(
        st.builds(
            Groupe,
            st.sampled_from([1, 2, 40, 101, 102, 104, 105, 106, 107, 109, 110, 111, 999]),
            st.lists(st.binary(max_size=40), max_size=22).map(tuple),
        ),
        max_size=12,
    )
)
def test_une_zone_quelconque_ne_donne_que_des_refus_types(banc: Banc, groupes: list[Groupe]) -> None:
    pont = banc.ouvrir()
    for fonction, lire in ((PS, pont.lire_carte_ps), (VITALE, lambda code: pont.lire_droits_vitale(code, JOUR))):
        banc.donner(fonction, groupes)
        try:
            lire(CODE)
        except ErreurConnue as refus:
            assert refus.message
    pont.fermer()
    assert banc.sessions_ouvertes() == 0
