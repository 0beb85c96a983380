"""What the bridge reads through the stand-in: fictitious cards of both generations, and the configuration."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesam_desktop.cartes import ps_zones, vitale_zones
from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.cartes.zones import Groupe
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation.ssv import Inventaire, PontSsv

from .banc_ssv import CODE, CONFIG, EN_TETE, JOUR, LECTEUR, PS, VITALE, Banc, refuse


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
    assert refuse(pont.lire_config).code == "GALSS_0400"


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


def test_un_champ_plus_grand_que_le_tampon_est_lu_en_entier(pont: PontSsv, banc: Banc) -> None:
    long = bytes(range(65, 91)) * 500
    banc.donner(CONFIG, [Groupe(60, (long, b"", b"3"))])
    assert pont.lire_config() == [Groupe(60, (long, b"", b"3"))]


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
    assert refuse(lambda: pont.lire_droits_vitale(CODE, JOUR)).code == "GROUPE_INVALIDE"


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
