"""Scripted refusals, with the calls counted on the other side: retries, wrong codes, incoherent or hung libraries."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

import pytest

from sesam_desktop.cartes import ps_zones
from sesam_desktop.cartes.demonstration import cartes_ps_de_demonstration
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.securisation import ssv
from sesam_desktop.securisation.ssv import PontSsv

from .banc_ssv import CODE, CONFIG, JOUR, PS, VITALE, Banc, refuse


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
    refus = refuse(lambda: pont.lire_carte_ps(CODE) if fonction == PS else pont.lire_droits_vitale(CODE, JOUR))
    assert refus.code == attendu
    assert len(banc.appels(fonction)) == appels
    assert banc.sessions_ouvertes() == 0


def test_un_code_faux_apres_une_erreur_de_transmission_n_est_pas_represente(pont: PontSsv, banc: Banc) -> None:
    banc.repondre(PS, "0200", "F003")
    assert refuse(lambda: pont.lire_carte_ps(CODE)).code == "SSV_F003"
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
        refuse(lambda: pont.lire_carte_ps(CODE))
    else:
        pont.lire_carte_ps(CODE)
    assert [copie.raw for copie in copies] == [bytes(len(CODE) + 1)]
    assert banc.appels(PS)[0].endswith(CODE)


def test_un_champ_demesure_est_refuse(pont: PontSsv, banc: Banc) -> None:
    banc.donner(CONFIG, [Groupe(60, (b"A" * (1 << 18), b"", b""))])
    assert refuse(pont.lire_config).code == "SSV_INCOHERENTE"


def test_une_zone_plus_grande_qu_une_carte_est_refusee(pont: PontSsv, banc: Banc) -> None:
    banc.donner(CONFIG, [Groupe(60, (b"A" * 30_000, b"", b""))] * 40)
    assert refuse(pont.lire_config).code == "SSV_INCOHERENTE"


def test_un_champ_annonce_plus_long_qu_il_n_est_recu(pont: PontSsv, banc: Banc) -> None:
    (banc.dossier / "ment").touch()
    assert refuse(pont.lire_config).code == "SSV_INCOHERENTE"


def test_le_rang_absent_d_une_situation_n_est_pas_invente(pont: PontSsv, banc: Banc) -> None:
    titulaire, situation, *_ = ps_zones.groupes_de(cartes_ps_de_demonstration()[0][1])
    banc.donner(PS, [titulaire, Groupe(2, (b"", *situation.champs[1:]))])
    assert refuse(lambda: pont.lire_carte_ps(CODE)).code == "CHAMP_INVALIDE"


def test_des_groupes_sans_fin_sont_refuses(pont: PontSsv, banc: Banc) -> None:
    (banc.dossier / "boucle").touch()
    assert refuse(pont.lire_config).code == "SSV_INCOHERENTE"


@pytest.mark.parametrize("fonction", ["SGD_ReserverSession", "SGD_LireGroupeSuivant", "SGD_LireChamp"])
def test_un_refus_du_sgd(pont: PontSsv, banc: Banc, fonction: str) -> None:
    banc.repondre(fonction, "F80A")
    refus = refuse(pont.lire_config)
    assert (refus.code, refus.ou) == ("SSV_F80A", fonction)


def test_une_session_mal_rendue_n_empeche_pas_la_lecture(pont: PontSsv, banc: Banc) -> None:
    banc.repondre("SGD_LibererSession", "F807")
    assert pont.lire_carte_ps(CODE).nom


def test_une_bibliotheque_qui_ne_revient_pas(banc: Banc) -> None:
    """Bounded, then refused at once, then usable again by itself; what came back too late left nothing open."""
    pont = banc.ouvrir(delai=0.5)
    banc.repondre(VITALE, "dort 2500")
    debut = time.monotonic()
    assert refuse(lambda: pont.lire_droits_vitale(CODE, JOUR)).code == "SSV_SANS_REPONSE"
    assert refuse(lambda: pont.lire_carte_ps(CODE)).code == "SSV_SANS_REPONSE"
    pont.fermer()
    assert time.monotonic() - debut < 2.4
    _attendre(lambda: banc.sessions_ouvertes() == 0)
    _attendre(lambda: _reussit(pont))
    assert len(banc.appels(VITALE)) == 1
    pont.fermer()
    assert len(banc.appels("SSV_TermLIB")) == 1


def test_une_ouverture_trop_longue_est_defaite(banc: Banc) -> None:
    banc.repondre("SSV_InitLIB", "dort 600")
    assert refuse(lambda: banc.ouvrir(delai=0.2)).code == "SSV_SANS_REPONSE"
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
