"""Before and after; repairs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import diagnostic_reparations
from sesam_desktop.poste.diagnostic import (
    Constat,
    Delta,
    Diagnostic,
    Niveau,
    comparer,
    dernier,
    fichiers_communs,
    garder,
    reparer,
)
from sesam_desktop.poste.diagnostic_constats import catalogue, constat
from sesam_desktop.poste.diagnostic_delta import FICHIERS
from tests.poste.controles.outils import CPS, DEUX_CARTES, VITALE, Ordinateur, declenche, examen
from tests.poste.controles.test_galss import fichier

MUETTE = constat("CARTE_MUETTE", objet="Lecteur 1")
DISQUE = constat("DISQUE_PRESQUE_PLEIN", libre=900)


def test_corriges_restants_nouveaux() -> None:
    avant = Diagnostic((MUETTE, DISQUE, constat("CPS_PRESENTE")))
    apres = Diagnostic((constat("DISQUE_PRESQUE_PLEIN", libre=850), constat("CARTE_MUETTE", objet="Lecteur 2")))
    delta = comparer(avant, apres)
    assert delta.corriges == (MUETTE,)
    assert delta.restants == apres.constats[:1]  # the figure moved, the problem is the same
    assert delta.nouveaux == apres.constats[1:]


def test_une_bonne_nouvelle_n_est_ni_corrigee_ni_nouvelle() -> None:
    bonnes = Diagnostic((constat("CPS_PRESENTE"), constat("VITALE_ABSENTE")))
    assert comparer(bonnes, Diagnostic(())) == comparer(Diagnostic(()), bonnes) == Delta()


def test_le_dernier_est_garde_masque_et_relu(tmp_path: Path) -> None:
    personnel = Constat("X", Niveau.WARN, "NIR 1801975000001", objet="1801975000001", etapes=("Faites.",))
    fait = Diagnostic((DISQUE, personnel))
    garder(tmp_path, fait, passif=False)
    assert "1801975000001" not in (tmp_path / FICHIERS[False]).read_text(encoding="utf-8")
    assert dernier(tmp_path, passif=True) is None  # a passive one sees less: comparing them would mislead
    relu = dernier(tmp_path, passif=False)
    assert relu is not None
    assert relu.constats[0] == DISQUE
    assert comparer(relu, fait).restants == fait.constats  # what was masked is still recognised


@pytest.mark.parametrize("contenu", [b"", b"{}", b"[]", b"\xff", b'{"constats": [{}]}', b'{"constats": 3}',
                                     json.dumps({"constats": [{"code": 1}]}).encode()])
def test_un_fichier_abime_ne_compare_rien(tmp_path: Path, contenu: bytes) -> None:
    assert dernier(tmp_path, passif=True) is None
    (tmp_path / FICHIERS[True]).write_bytes(contenu)
    assert dernier(tmp_path, passif=True) is None


@given(st.binary(max_size=200))
def test_n_importe_quels_octets(tmp_path_factory: pytest.TempPathFactory, octets: bytes) -> None:
    dossier = tmp_path_factory.mktemp("delta")
    (dossier / FICHIERS[True]).write_bytes(octets)
    assert dernier(dossier, passif=True) is None


@pytest.fixture
def poste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A workstation beside the galss.ini of the computer."""
    (tmp_path / "windows").mkdir()
    systeme = Ordinateur(places={"galss": [tmp_path / "windows" / "galss.ini"]})
    monkeypatch.setattr("sesam_desktop.poste.diagnostic.systeme_de", lambda _: systeme)
    fait = examen(tmp_path, fentes=DEUX_CARTES)
    return fait.poste  # type: ignore[return-value]


@declenche("REPARATION_GUIDEE")
def test_ce_qui_se_fait_a_la_main_donne_ses_etapes(poste: SimpleNamespace) -> Iterable[Constat]:
    trouves = [reparer(poste, constat("LECTEUR_ABSENT")), reparer(poste, constat("CPS_ABSENTE"))]
    assert len(trouves[0].etapes) == 3
    assert trouves[1].etapes == ("Insérez votre carte CPS, puce vers le lecteur.",)
    return trouves


def test_rien_d_un_autre_logiciel_n_est_repare_par_le_programme() -> None:
    automatiques = {m.code for m in catalogue().values() if m.reparation == "auto"}
    assert {m.famille for m in catalogue().values() if m.code in automatiques} <= {"galss", "outils", "lecture"}
    assert not automatiques & {m.code for m in catalogue().values() if m.origine == "logiciel_tiers"}


@declenche("REPARATION_FAITE")
def test_dossiers_recrees(poste: SimpleNamespace) -> Iterable[Constat]:
    yield reparer(poste, constat("PROFIL_DOSSIER_ABSENT", objet="cartes"))
    assert {"cartes", "certificats", "journaux"} <= {d.name for d in poste.profil.iterdir()}


@declenche("REPARATION_REFUSEE")
def test_dossier_que_l_on_ne_peut_pas_faire(poste: SimpleNamespace) -> Iterable[Constat]:
    (poste.profil / "cartes").touch()
    return [reparer(poste, constat("PROFIL_DOSSIER_ABSENT", objet="cartes"))]


@declenche("REPARATION_FAITE")
def test_fichiers_abandonnes_supprimes(poste: SimpleNamespace) -> Iterable[Constat]:
    vieux, recent = poste.profil / ".a.x.tmp", poste.profil / ".b.x.tmp"
    for fichier_, age in ((vieux, 48), (recent, 1)):
        fichier_.touch()
        os.utime(fichier_, ((datetime.now(UTC) - timedelta(hours=age)).timestamp(),) * 2)
    yield reparer(poste, constat("FICHIERS_ABANDONNES", nombre=1))
    assert (vieux.exists(), recent.exists()) == (False, True)


def test_fichier_abandonne_protege(poste: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(_: Path) -> None:
        raise PermissionError(13, "non")

    monkeypatch.setattr("sesam_desktop.poste.controles.poste.fichiers_abandonnes", lambda *_: [poste.profil / "f"])
    monkeypatch.setattr(Path, "unlink", refuser)
    with pytest.raises(ErreurConnue):
        diagnostic_reparations.supprimer_abandonnes(poste)  # type: ignore[arg-type]


@declenche("REPARATION_FAITE")
def test_galss_realigne_et_l_ancien_garde(poste: SimpleNamespace) -> Iterable[Constat]:
    chemin = poste.profil / "windows" / "galss.ini"
    avant = fichier(VITALE, CPS).replace("\n", "\r\n").encode("cp1252")
    chemin.write_bytes(avant)
    yield reparer(poste, constat("ROLES_INVERSES"))
    apres = chemin.read_bytes()
    assert apres.index(CPS.encode()) < apres.index(VITALE.encode())
    (copie,) = [un for un in chemin.parent.iterdir() if un != chemin]
    assert copie.read_bytes() == avant


@declenche("REPARATION_FAITE")
def test_galss_vide_refait(poste: SimpleNamespace) -> Iterable[Constat]:
    chemin = poste.profil / "windows" / "galss.ini"
    chemin.write_bytes(b"[CONFIG]\r\n")
    yield reparer(poste, constat("GALSS_VIDE", objet=str(chemin)))
    assert CPS.encode() in chemin.read_bytes()


@declenche("REPARATION_FAITE")
def test_galss_du_poste_recree_bien_que_le_profil_ait_le_sien(poste: SimpleNamespace) -> Iterable[Constat]:
    (poste.profil / "galss.ini").write_bytes(fichier().replace("\n", "\r\n").encode("cp1252"))
    yield reparer(poste, constat("GALSS_ABSENT", objet="galss.ini", consommateur="dmpconnect-js2"))
    assert CPS.encode() in (poste.profil / "windows" / "galss.ini").read_bytes()


@declenche("REPARATION_REFUSEE")
def test_un_galss_refuse_n_empeche_pas_l_autre(poste: SimpleNamespace) -> Iterable[Constat]:
    (poste.profil / "galss.ini").write_bytes(b"[CANAL1]\r\nTCanal=2\r\nprobablement autre chose que du PC/SC\r\n")
    chemin = poste.profil / "windows" / "galss.ini"
    chemin.write_bytes(fichier(VITALE, CPS).replace("\n", "\r\n").encode("cp1252"))
    yield reparer(poste, constat("ROLES_INVERSES"))
    assert chemin.read_bytes().index(CPS.encode()) < chemin.read_bytes().index(VITALE.encode())


@declenche("REPARATION_INUTILE")
def test_rien_a_realigner_ne_cree_rien(poste: SimpleNamespace) -> Iterable[Constat]:
    yield reparer(poste, constat("CPS_VUE_MAIS_REFUSEE"))
    assert list((poste.profil / "windows").iterdir()) == []
    assert not (poste.profil / "galss.ini").exists()


def test_ce_qu_une_reparation_ecrit_hors_du_profil(poste: SimpleNamespace) -> None:
    chemin = poste.profil / "windows" / "galss.ini"
    assert fichiers_communs(poste, constat("ROLES_INVERSES")) == []
    assert fichiers_communs(poste, constat("GALSS_ABSENT", objet="x", consommateur="y")) == [chemin]
    chemin.write_bytes(b"x")
    assert fichiers_communs(poste, constat("ROLES_INVERSES")) == [chemin]
    assert fichiers_communs(poste, constat("PROFIL_DOSSIER_ABSENT", objet="cartes")) == []
    assert fichiers_communs(poste, constat("LECTEUR_ABSENT")) == []


@declenche("REPARATION_REFUSEE")
def test_galss_que_l_on_ne_comprend_pas_n_est_pas_touche(poste: SimpleNamespace) -> Iterable[Constat]:
    chemin = poste.profil / "windows" / "galss.ini"
    chemin.write_bytes(b"[CONFIG]\r\nNbCanaux=5\r\n[CANAL1]\r\nTCanal=2\r\nprobablement autre chose\r\n" * 3)
    avant = chemin.read_bytes()
    yield reparer(poste, constat("GALSS_AUTRE_LECTEUR", objet="Ancien"))
    assert chemin.read_bytes() == avant
    assert len(list(chemin.parent.iterdir())) == 1
