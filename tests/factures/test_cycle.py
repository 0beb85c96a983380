from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures import cycle
from sesam_desktop.factures.cycle import DRE, Etat, etat_apres, etat_de
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.noyau.erreurs import ErreurConnue

CHEMIN = ("composee", "tarifee", "signee_vitale", "signee_ps", "en_lot", "transmise", "acquittee", "payee")


def _refus(etat: str | None, evenement: str) -> ErreurConnue:
    with pytest.raises(ErreurConnue) as refus:
        etat_apres(etat, evenement)
    return refus.value


def test_le_chemin_normal() -> None:
    assert etat_de(CHEMIN) is Etat.PAYEE
    assert etat_de(()) is None


@pytest.mark.parametrize("fin", ["rejetee", "anomalie", "refusee"])
def test_ce_qui_se_refait(fin: str) -> None:
    """`maison.md`, rule 3: refusee, rejetee and anomalie lead to recyclee."""
    depart = CHEMIN[:6] if fin == "refusee" else CHEMIN[:7]
    assert etat_de((*depart, fin, "recyclee")) is Etat.RECYCLEE


@pytest.mark.parametrize(
    "avant", [CHEMIN[:4], CHEMIN[:5], CHEMIN[:6], (*CHEMIN[:6], "refusee"), (*CHEMIN[:7], "rejetee")]
)
def test_l_echec_definitif_finit_sur_papier(avant: tuple[str, ...]) -> None:
    """R161-47: when the electronic sheet cannot be sent for good, its paper duplicate is; a mail may come back too."""
    assert etat_de((*avant, "papier", "payee")) is Etat.PAYEE
    assert _refus(etat_de((*avant, "papier")), "en_lot").code == "TRANSITION_INTERDITE"


@pytest.mark.parametrize("etat", ["acquittee", "payee"])
def test_ce_qui_est_chez_la_caisse_ne_part_pas_sur_papier(etat: str) -> None:
    assert _refus(etat, "papier").code == "TRANSITION_INTERDITE"


def test_un_lot_refuse_repart_dans_un_autre() -> None:
    assert etat_de((*CHEMIN[:6], "refusee", "en_lot", "transmise", "acquittee", "payee")) is Etat.PAYEE


def test_paiement_en_plusieurs_fois() -> None:
    assert etat_de((*CHEMIN[:7], "payee_partiellement", "payee_partiellement", "payee")) is Etat.PAYEE


@pytest.mark.parametrize("retour", ["acquittee", "payee", "rejetee", "refusee"])
def test_un_retour_qui_devance_la_transmission_est_accepte(retour: str) -> None:
    assert etat_apres("en_lot", retour) == retour


@pytest.mark.parametrize("apres", ["anomalie", "rejetee", "payee_partiellement"])
def test_ce_que_la_caisse_reprend_n_est_plus_paye(apres: str) -> None:
    assert etat_de((*CHEMIN, apres, "payee")) is Etat.PAYEE
    assert etat_de((*CHEMIN, apres)) is Etat(apres)


def test_un_rejet_finalement_paye() -> None:
    assert etat_de((*CHEMIN[:7], "rejetee", "payee")) is Etat.PAYEE


def test_annuler_avant_la_signature_seulement() -> None:
    assert etat_apres("composee", "annulee") is Etat.ANNULEE
    assert etat_apres("tarifee", "annulee") is Etat.ANNULEE
    assert _refus("signee_ps", "annulee").code == "TRANSITION_INTERDITE"


@pytest.mark.parametrize(
    ("etat", "evenement"),
    [
        (None, "tarifee"), (None, "duplicata"), ("payee", "payee"), ("payee", "recyclee"), ("recyclee", "recyclee"),
        ("annulee", "en_lot"), ("signee_vitale", "en_lot"), ("acquittee", "en_lot"), ("signee_ps", "payee"),
        ("tarifee", "inconnu"),
    ],
)
def test_transitions_interdites(etat: str | None, evenement: str) -> None:
    refus = _refus(etat, evenement)
    assert refus.code == "TRANSITION_INTERDITE"
    assert f"« {evenement} »" in refus.message


@pytest.mark.parametrize("note", sorted(cycle.NOTES))
@pytest.mark.parametrize("etat", list(Etat))
def test_une_note_ne_deplace_pas_la_facture(etat: Etat, note: str) -> None:
    assert etat_apres(etat, note) is etat


def test_naissance_par_niveau() -> None:
    assert cycle.naissance(Niveau.SECURISEE) == CHEMIN[:4]
    for niveau in (Niveau.SANS_VITALE, Niveau.DEGRADEE):
        assert cycle.naissance(niveau) == ("composee", "tarifee", "signee_ps")
    assert cycle.naissance(Niveau.NON_SECURISEE) == ("composee", "tarifee")


@pytest.mark.parametrize("niveau", list(Niveau))
def test_toute_facture_gardee_est_prete_pour_un_lot(niveau: Niveau) -> None:
    assert etat_de(cycle.naissance(niveau)) in cycle.A_METTRE_EN_LOT


def test_chaque_etat_a_un_des_cinq_mots_et_un_libelle() -> None:
    assert set(cycle.MOTS) == set(cycle.LIBELLES) == set(Etat)
    assert set(cycle.MOTS.values()) == {"à faire", "en cours", "fait", "à corriger", "bloqué"}


def test_les_etats_finaux_sont_ceux_dont_on_ne_sort_pas() -> None:
    for etat in Etat:
        suivants = [s for s in Etat if _possible(etat, s)]
        assert (suivants == []) == (etat in (Etat.ANNULEE, Etat.RECYCLEE)), etat


def _possible(etat: Etat, evenement: str) -> bool:
    try:
        etat_apres(etat, evenement)
    except ErreurConnue:
        return False
    return True


@given(st.lists(st.sampled_from(sorted(cycle.EVENEMENTS)) | st.text(max_size=8)))
def test_n_importe_quelle_suite_donne_un_etat_ou_un_refus_type(evenements: list[str]) -> None:
    try:
        etat = etat_de(evenements)
    except ErreurConnue as erreur:
        assert erreur.code == "TRANSITION_INTERDITE"
    else:
        assert etat is None or etat in Etat


@pytest.mark.parametrize("etat", [Etat.SIGNEE_PS, Etat.EN_LOT, Etat.TRANSMISE, Etat.ACQUITTEE, Etat.PAYEE])
def test_une_demande_a_la_complementaire_s_annule_meme_payee(etat: Etat) -> None:
    assert etat_apres(etat, Etat.ANNULEE, DRE) is Etat.ANNULEE
    with pytest.raises(ErreurConnue) as refus:
        etat_apres(etat, Etat.ANNULEE)
    assert refus.value.code == "TRANSITION_INTERDITE"


def test_une_demande_close_le_reste() -> None:
    with pytest.raises(ErreurConnue) as refus:
        etat_apres(Etat.ANNULEE, Etat.PAYEE, DRE)
    assert refus.value.message.startswith("Une demande à la complémentaire")
