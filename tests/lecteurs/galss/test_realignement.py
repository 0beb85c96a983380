"""Rewriting galss.ini: only what moved, only what is understood, never in a loop, never half."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.base import fichiers
from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.lecteurs.galss import galss_ini
from sesam_desktop.lecteurs.galss.realignement import Bilan, Changement, Plan, appliquer, planifier, realigner
from sesam_desktop.noyau.erreurs import ErreurConnue

from .fentes import CPS, VITALE, avec, vide
from .fichiers import FANTOMES, FINS, LECTEUR, PCSC, SERIE, a_quatre_canaux, octets

MAINTENANT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
DROITES = [avec(f"{LECTEUR} 1", CPS), avec(f"{LECTEUR} 0", VITALE)]
CROISEES = [avec(f"{LECTEUR} 0", CPS), avec(f"{LECTEUR} 1", VITALE)]
CROISE = PCSC.replace(f"{LECTEUR} 1", "?").replace(f"{LECTEUR} 0", f"{LECTEUR} 1").replace("?", f"{LECTEUR} 0")


def plan(texte: str, fentes: list[Fente], fin: str = "\r\n") -> Plan:
    return planifier(galss_ini.lire(octets(texte, fin)), fentes)


def refus(texte: str, fentes: list[Fente]) -> ErreurConnue:
    refuse = plan(texte, fentes)
    assert refuse.refus is not None
    assert (refuse.apres, refuse.changements) == (refuse.avant, ())
    return refuse.refus


@pytest.fixture
def fichier(tmp_path: Path) -> Path:
    chemin = tmp_path / "galss.ini"
    chemin.write_bytes(octets(PCSC))
    return chemin


@pytest.mark.parametrize("fin", FINS.values(), ids=FINS)
def test_fentes_echangees_deux_lignes_changent(fin: str) -> None:
    fait = plan(PCSC, CROISEES, fin)
    assert fait.apres == octets(CROISE, fin)
    assert fait.changements == (
        Changement("CANAL1", "Caracteristiques", f"{LECTEUR} 1", f"{LECTEUR} 0"),
        Changement("CANAL2", "Caracteristiques", f"{LECTEUR} 0", f"{LECTEUR} 1"),
    )
    assert fait.changements[0].phrase() == (
        f"[CANAL1] Caracteristiques : « {LECTEUR} 1 » devient « {LECTEUR} 0 »"
    )


def test_aligne_rien_a_faire() -> None:
    fait = plan(PCSC, DROITES)
    assert (fait.aligne, fait.changements, fait.apres) == (True, (), octets(PCSC))


def test_les_roles_suivent_les_noms_pas_les_rangs() -> None:
    """Vitale on the first channel: it keeps its place, it gets the slot of the Vitale."""
    inverse = PCSC.replace("NomLAD=CPS", "NomLAD=?").replace("NomLAD=Vitale", "NomLAD=CPS").replace("=?", "=Vitale")
    assert plan(inverse, CROISEES).aligne
    assert plan(inverse, DROITES).apres == octets(
        inverse.replace(f"{LECTEUR} 1", "?").replace(f"{LECTEUR} 0", f"{LECTEUR} 1").replace("?", f"{LECTEUR} 0")
    )


def test_canaux_fantomes_retires() -> None:
    fait = plan(a_quatre_canaux(), DROITES)
    assert fait.apres == octets(PCSC + "\n; --- ancien lecteur, débranché\n")
    assert fait.changements[0].phrase() == "[CANAL3] : section retirée"
    assert [(c.cle, c.avant, c.apres) for c in fait.changements if c.cle] == [
        ("NbCanaux", "4", "2"), ("ListeCanaux", "1,2,3,4", "1,2"),
    ]


def test_troisieme_canal_sur_un_lecteur_present_garde() -> None:
    fait = plan(a_quatre_canaux(), [*DROITES, vide("Gemplus GCR410 0")])
    relu = galss_ini.lire(fait.apres or b"")
    assert [c.caracteristiques for c in relu.canaux] == [f"{LECTEUR} 1", f"{LECTEUR} 0", "Gemplus GCR410 0"]
    assert (relu.nb_canaux, relu.protocoles[1].canaux, relu.valide) == (3, (1, 2, 3), True)


def test_interface_sans_contact_d_un_appareil_present_gardee() -> None:
    texte = a_quatre_canaux().replace("Windows Hello for Business 1", "FEI Smart Card NFC 0").replace(
        "Gemplus GCR410 0", "FEI Smart Card CV1/CV2 0"
    )
    assert plan(texte, [*DROITES, vide("FEI Smart Card CV1/CV2 0")]).aligne


def test_comptes_corriges() -> None:
    assert plan(PCSC.replace("NbCanaux=2", "NbCanaux=4"), DROITES).apres == octets(PCSC)
    assert plan(PCSC.replace("NbCanaux=2", "NbCanaux=deux"), DROITES).apres == octets(PCSC)
    assert plan(PCSC.replace("ListeCanaux=1,2", "ListeCanaux=1"), DROITES).apres == octets(PCSC)
    assert plan(PCSC.replace("Canaux=1,2", "Canaux=2, 1"), DROITES).aligne
    surplus = plan(PCSC + FANTOMES, [*DROITES, vide("Gemplus GCR410 0")])
    relu = galss_ini.lire(surplus.apres or b"")
    assert (relu.nb_canaux, [c.rang for c in relu.decrits]) == (2, [1, 2, 3])


def test_ancien_lecteur_remplace() -> None:
    """The file names the hardware of before: both names change, even an empty one."""
    ancien = PCSC.replace(f"{LECTEUR} 1", "Gemplus GCR410 0").replace(f"{LECTEUR} 0", "")
    assert plan(ancien, DROITES).apres == octets(PCSC)


def test_serie_convertie_en_gardant_le_protocole_pss() -> None:
    fait = plan(SERIE, DROITES)
    assert fait.refus is None
    debut = "; lecteur bi-fente sur port série, hérité de l'ancien logiciel\n[CONFIG]\nNbCanaux=2\n"
    texte = (fait.apres or b"").decode("cp1252").replace("\r\n", "\n")
    assert texte.startswith(debut + "[PROTOCOLE0]\nConfig=1000,20,15000\nNomLib=PSSINW32.DLL\n")
    relu = galss_ini.lire(fait.apres or b"")
    assert (relu.anomalies, relu.protocoles[1].nom_lib, relu.protocoles[1].canaux) == ((), "PCSCW32.DLL", (1, 2))
    assert [(c.index, c.caracteristiques, c.lads[0].nom, c.lads[0].alias) for c in relu.canaux] == [
        (1, f"{LECTEUR} 1", "CPS", ("TRANSPA1",)), (2, f"{LECTEUR} 0", "Vitale", ("TRANSPA2",)),
    ]


def test_serie_en_usage_n_est_jamais_convertie() -> None:
    """Its own reader answers on COM3; a PC/SC reader that holds the cards beside it takes nothing from it."""
    assert refus(SERIE, [*DROITES, vide("COM3 PAD2 [fente 1]", "serie:COM3")]).code == "GALSS_SERIE_EN_USAGE"
    for autre in (vide("COM4 PAD2 [fente 1]", "serie:COM4"), Fente("serie:COM3", "", Etat.ABSENTE)):
        assert plan(SERIE, [*DROITES, autre]).refus is None


@pytest.mark.parametrize(("pss", "plateforme", "attendue"), [
    (r"C:\Windows\System32\PSSINW32.DLL", "win32", "PCSCW32.DLL"),
    ("pssinw64.dll", "win32", "PCSCW64.DLL"),
    ("pssinosx.framework", "darwin", "pcscosx.framework"),
    ("autre.dll", "win32", "PCSCW64.DLL"),
    ("autre", "darwin", "pcscosx.framework"),
])
def test_bibliotheque_pcsc_de_la_meme_pile(pss: str, plateforme: str, attendue: str) -> None:
    fichier = galss_ini.lire(octets(SERIE.replace("PSSINW32.DLL", pss)))
    fait = planifier(fichier, DROITES, plateforme=plateforme)
    assert galss_ini.lire(fait.apres or b"").protocoles[1].nom_lib == attendue


def test_serie_garde_ses_alias_et_son_protocole_pcsc() -> None:
    texte = SERIE.replace("TRANSPA1", "MACPS").replace("NbAlias=1\nNomAlias1=TRANSPA2", "NbAlias=0")
    texte += "[PROTOCOLE1]\nNomLib=pcscosx.framework\nConfig=0\n"
    relu = galss_ini.lire(plan(texte, DROITES).apres or b"")
    assert [c.lads[0].alias for c in relu.canaux] == [("MACPS",), ("TRANSPA2",)]
    assert relu.protocoles[1].nom_lib == "pcscosx.framework"


@pytest.mark.parametrize(("texte", "mot"), [
    (PCSC.replace("NomLAD=Vitale", "NomLAD=Autre"), "deux canaux PC/SC"),
    (PCSC.replace("[CANAL2]", "[CANAL3]"), "deux canaux PC/SC"),
    (PCSC.replace("TCanal=3", "TCanal=1"), "deux canaux PC/SC"),
    (SERIE.replace("TCanal=1", "TCanal=2"), "deux canaux PC/SC"),
    (SERIE.replace("NbPAD=1", "NbPAD=2") + "[CANAL1.PAD2]\nPAD=3\nNbLAD=1\n", "deux canaux PC/SC"),
    (PCSC + "[CANAL1]\nTCanal=3\n", "deux fois (ligne 46)"),
    (SERIE + "[CANAL1.PAD1]\nPAD=5\nNbLAD=1\n", "deux fois (ligne 30)"),
    (PCSC.replace("PAD=0", "PAD=15"), "PAD vaut « 15 »"),
    (PCSC.replace("[PROTOCOLE1]", "[AUTRE]"), "[PROTOCOLE1] manque"),
    (SERIE.replace("Config=1000,20", "Config=1,20"), "Config doit valoir BWT"),
    ("; un commentaire assez long pour ne pas compter comme vide\n", "deux canaux PC/SC"),
])
def test_structure_inconnue_refusee(texte: str, mot: str) -> None:
    erreur = refus(texte, DROITES)
    assert erreur.code == "GALSS_FORME_INCONNUE"
    assert mot in erreur.message


def test_noms_que_pcsc_n_a_pas_donnes() -> None:
    """One-letter names (a script's bug of the field), names that a file of this kind cannot hold."""
    assert refus(PCSC, [avec("I", CPS), avec(f"{LECTEUR} 0", VITALE)]).code == "GALSS_FORME_INCONNUE"
    assert refus(PCSC, [avec("Lecteur 日 0", CPS), avec(f"{LECTEUR} 0", VITALE)]).code == "CARACTERE_INVALIDE"
    assert refus(PCSC, [avec("Lecteur\n0", CPS), avec(f"{LECTEUR} 0", VITALE)]).code == "VALEUR_INI_INVALIDE"
    assert refus(PCSC, [avec(f"{LECTEUR} 1", CPS), avec(f"{LECTEUR} 0", CPS)]).code == "PLUSIEURS_CPS"


def test_remis_en_cp1252_seulement_quand_il_change() -> None:
    marque = b"\xff\xfe" + PCSC.encode("utf-16-le")
    assert planifier(galss_ini.lire(marque), DROITES).aligne
    assert planifier(galss_ini.lire(marque), CROISEES).apres == octets(CROISE, "\n")
    nuls = octets(PCSC) + b"\0\0"
    assert planifier(galss_ini.lire(nuls), CROISEES).apres == octets(CROISE)


def test_absent_cree_seulement_si_demande() -> None:
    assert planifier(None, DROITES).refus.code == "GALSS_8001"  # type: ignore[union-attr]
    assert planifier(galss_ini.lire(b"[CONFIG]"), DROITES).refus.code == "GALSS_8001"  # type: ignore[union-attr]
    assert planifier(galss_ini.lire(bytes(4096)), DROITES, creer=True).refus is None
    assert planifier(None, [], creer=True).refus.code == "LECTEUR_ABSENT"  # type: ignore[union-attr]
    for plateforme, biblio, fin in (("win32", "PCSCW64.DLL", b"\r\n"), ("darwin", "pcscosx.framework", b"\n"),
                                    ("linux", "libpcsclux.so", b"\n")):
        fait = planifier(None, CROISEES, creer=True, plateforme=plateforme)
        relu = galss_ini.lire(fait.apres or b"")
        assert (relu.anomalies, relu.protocoles[1].nom_lib) == ((), biblio)
        assert [c.caracteristiques for c in relu.canaux] == [f"{LECTEUR} 0", f"{LECTEUR} 1"]
        assert (fait.apres or b"").count(fin) == (fait.apres or b"").count(b"\n")
        assert (fait.avant, fait.changements[0]) == (None, Changement("CONFIG", "NbCanaux", "", "2"))


@given(st.binary(max_size=400), st.sampled_from([DROITES, CROISEES, []]))
def test_n_importe_quels_octets(brut: bytes, fentes: list[Fente]) -> None:
    """Whatever stands in the file: refused, or a plan whose result GALSS takes."""
    fait = planifier(galss_ini.lire(octets(PCSC) + brut), fentes)
    assert fait.refus is not None or galss_ini.lire(fait.apres or b"").valide


def test_ecrit_avec_sa_copie_et_ses_droits(fichier: Path) -> None:
    fichier.chmod(0o664)
    bilan = realigner(fichier, CROISEES, MAINTENANT)
    assert bilan.ecrit and len(bilan.changements) == 2
    assert bilan.sauvegarde == fichier.with_name("galss.ini.20261122T103000Z.bak")
    assert bilan.sauvegarde.read_bytes() == octets(PCSC)
    assert fichier.read_bytes() == octets(CROISE)
    assert [stat.S_IMODE(f.stat().st_mode) for f in (fichier, bilan.sauvegarde)] == [0o664, 0o664]
    assert sorted(f.name for f in fichier.parent.iterdir()) == ["galss.ini", bilan.sauvegarde.name]


def test_aligne_rien_n_est_ecrit(fichier: Path) -> None:
    avant = fichier.stat().st_mtime_ns
    assert realigner(fichier, DROITES, MAINTENANT) == Bilan(False)
    assert (fichier.stat().st_mtime_ns, len(list(fichier.parent.iterdir()))) == (avant, 1)


def test_simuler_n_ecrit_rien(fichier: Path) -> None:
    bilan = realigner(fichier, CROISEES, MAINTENANT, simuler=True)
    assert (bilan.ecrit, len(bilan.changements), fichier.read_bytes()) == (False, 2, octets(PCSC))


def test_pas_plus_de_deux_fois_en_une_demi_heure(fichier: Path) -> None:
    """Another program puts the file back each time: the third rewriting is refused, until time has passed."""
    paris = timezone(timedelta(hours=1))
    for minutes, fentes in ((0, CROISEES), (0, DROITES)):
        assert realigner(fichier, fentes, MAINTENANT + timedelta(minutes=minutes)).ecrit
    assert len(list(fichier.parent.glob("*.bak"))) == 2
    with pytest.raises(ErreurConnue) as refuse:
        realigner(fichier, CROISEES, (MAINTENANT + timedelta(minutes=29)).astimezone(paris))
    assert (refuse.value.code, refuse.value.ou) == ("REECRITURES_REPETEES", str(fichier))
    assert fichier.read_bytes() == octets(PCSC)
    assert realigner(fichier, CROISEES, MAINTENANT + timedelta(minutes=30)).ecrit


def test_d_autres_copies_ne_comptent_pas(fichier: Path) -> None:
    for nom in ("galss.ini.bak", "galss.ini.20269922T103000Z.bak", "autre.ini.20261122T103000Z.bak"):
        (fichier.parent / nom).write_bytes(b"")
    (fichier.parent / "galss.ini.20261122T103000Z.bak").write_bytes(b"")
    assert realigner(fichier, CROISEES, MAINTENANT).sauvegarde == fichier.with_name("galss.ini.20261122T103000Z-2.bak")


def test_refus_dit_le_chemin(fichier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ErreurConnue) as refuse:
        realigner(fichier, [], MAINTENANT)
    assert (refuse.value.code, refuse.value.ou) == ("LECTEUR_ABSENT", str(fichier))
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ErreurConnue) as refuse:
        realigner(fichier, CROISEES, MAINTENANT)
    assert (refuse.value.code, refuse.value.ou) == ("ACCES_REFUSE", str(fichier))
    assert fichier.read_bytes() == octets(PCSC)


@pytest.mark.parametrize(("numero", "code"), [(errno.EACCES, "ACCES_REFUSE"), (errno.ENOSPC, "DISQUE_PLEIN")])
@pytest.mark.parametrize("ecritures", [0, 1])
def test_ecriture_impossible(
    fichier: Path, monkeypatch: pytest.MonkeyPatch, numero: int, code: str, ecritures: int
) -> None:
    """A protected folder (Windows tells it late), a full disk: nothing is left, nothing counts as a rewriting."""
    reste, vrai = [ecritures], tempfile.mkstemp

    def mkstemp(**quoi: str) -> tuple[int, str]:
        if not reste[0]:
            raise OSError(numero, "refus")
        reste[0] -= 1
        return vrai(**quoi)

    monkeypatch.setattr(tempfile, "mkstemp", mkstemp)
    with pytest.raises(ErreurConnue) as refuse:
        realigner(fichier, CROISEES, MAINTENANT)
    assert refuse.value.code == code
    if code == "ACCES_REFUSE":
        assert (refuse.value.ou, "administrateur" in refuse.value.action) == (str(fichier), True)
    assert [f.name for f in fichier.parent.iterdir()] == ["galss.ini"]
    assert fichier.read_bytes() == octets(PCSC)


def test_copie_gardee_si_le_fichier_a_change(fichier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fails once the new file is in place: the former one is not lost."""
    appels: list[Path] = []

    def synchroniser(dossier: Path) -> None:
        appels.append(dossier)
        if len(appels) == 2:
            raise OSError(errno.EIO, "refus")

    monkeypatch.setattr(fichiers, "synchroniser_dossier", synchroniser)
    with pytest.raises(ErreurConnue) as refuse:
        realigner(fichier, CROISEES, MAINTENANT)
    assert refuse.value.code == "DISQUE_EN_ERREUR"
    assert [f.read_bytes() for f in fichier.parent.glob("*.bak")] == [octets(PCSC)]


def test_change_entre_temps(fichier: Path) -> None:
    fait = planifier(galss_ini.lire(fichier.read_bytes()), CROISEES)
    fichier.write_bytes(octets(PCSC, "\n"))
    with pytest.raises(ErreurConnue, match="modifié par un autre programme"):
        appliquer(fait, fichier, MAINTENANT)
    assert [f.name for f in fichier.parent.iterdir()] == ["galss.ini"]


def test_un_plan_refuse_ne_s_applique_pas(fichier: Path) -> None:
    with pytest.raises(ErreurConnue) as refuse:
        appliquer(planifier(galss_ini.lire(octets(PCSC)), []), fichier, MAINTENANT)
    assert refuse.value.code == "LECTEUR_ABSENT"


def test_lien_suivi(fichier: Path, tmp_path: Path) -> None:
    lien = tmp_path / "lien.ini"
    lien.symlink_to(fichier)
    realigner(lien, CROISEES, MAINTENANT)
    assert lien.is_symlink() and fichier.read_bytes() == octets(CROISE)


def test_creation_puis_dossier_absent(tmp_path: Path) -> None:
    chemin = tmp_path / "galss.ini"
    bilan = realigner(chemin, DROITES, MAINTENANT, creer=True)
    assert (bilan.ecrit, bilan.sauvegarde, stat.S_IMODE(chemin.stat().st_mode)) == (True, None, 0o644)
    with pytest.raises(ErreurConnue) as refuse:
        realigner(tmp_path / "absent" / "galss.ini", DROITES, MAINTENANT, creer=True)
    assert refuse.value.code == "FICHIER_ABSENT"
    with pytest.raises(ErreurConnue) as refuse:
        realigner(tmp_path, DROITES, MAINTENANT)
    assert refuse.value.code == "CHEMIN_INVALIDE"
