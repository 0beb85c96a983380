"""Who may sign what a terminal brought back, when, and the terminal's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sesam_desktop.cartes import nature
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.lecteurs.tla.documents import (
    ecrire_document,
)
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.outils.essai_tla import Essai, code, complet, en_attente, reduit
from tests.outils.terminal_tla import (
    ouvrir_session,
)

__all__ = ["complet", "en_attente", "reduit"]


def test_sans_session_rien_n_est_signe(en_attente: Essai):
    en_attente.poste.lecteurs.fermer_session()
    assert code(en_attente.service.signer) == "SESSION_PS_FERMEE"
    assert len(en_attente.service.a_signer()) == 1


def test_un_autre_professionnel_ne_signe_pas(en_attente: Essai):
    ouvrir_session(en_attente.poste, "pharmacien")
    assert [r.code for r in en_attente.service.signer().refuses] == ["CPS_D_UN_AUTRE"]
    ouvrir_session(en_attente.poste)
    collegue = replace(en_attente.poste.lecteurs.ps.identification, numero="1000000009")
    en_attente.poste.lecteurs.ps = replace(en_attente.poste.lecteurs.ps, identification=collegue)
    (refus,) = en_attente.service.signer().refuses
    assert (refus.quoi, refus.code) == ("000000001", "CPS_D_UN_AUTRE")
    assert len(en_attente.service.a_signer()) == 1
    ouvrir_session(en_attente.poste)
    assert en_attente.service.signer().signees == ("000000001",)


def test_une_vitale_de_test_et_une_cps_reelle_ne_se_melangent_pas(
    en_attente: Essai, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(nature, "de_ps", lambda *_: nature.Nature.REELLE)
    assert [r.code for r in en_attente.service.signer().refuses] == ["F026"]


def test_trop_ancienne_elle_est_gardee_et_redevient_un_brouillon(en_attente: Essai):
    """Thirty days, by the dated table."""
    en_attente.avance = timedelta(days=30, minutes=1)
    (refus,) = en_attente.service.signer().refuses
    assert refus.code == "TLA_TROP_ANCIENNE"
    assert (en_attente.service.a_signer(), en_attente.service.refuses()) == ([], [refus])
    ((_, facture),) = en_attente.poste.facturation.brouillons()
    assert facture.beneficiaire.nom == "DURAND"
    en_attente.avance = timedelta()
    assert en_attente.service.signer().signees == ()


def test_trop_ancienne_des_le_dechargement(complet: Essai):
    complet.charger("assure")
    signee = ecrire_document(complet.signature_vraie("000000001", "assure"))
    complet.avance = timedelta(days=31)
    assert complet.refus_de(signee) == "TLA_TROP_ANCIENNE"


def test_une_carte_mise_en_opposition_depuis_n_est_pas_signee(en_attente: Essai, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(en_attente.poste.droits.oppositions, "verifier", lambda _: object())
    assert [r.code for r in en_attente.service.signer().refuses] == ["CARTE_OPPOSEE"]
    assert len(en_attente.service.a_signer()) == 1


def test_une_panne_a_la_signature_ne_laisse_rien_a_moitie(en_attente: Essai, monkeypatch: pytest.MonkeyPatch):
    def disque_plein(*_: object) -> None:
        raise ErreurConnue("Le disque est plein.", code="DISQUE_PLEIN")

    with monkeypatch.context() as pose:
        pose.setattr(en_attente.service._depot, "juger", disque_plein)
        assert [r.code for r in en_attente.service.signer().refuses] == ["DISQUE_PLEIN"]
    assert en_attente.poste.registre.lister(Filtre()) == []
    assert en_attente.service.signer().signees == ("000000001",)


def test_l_ecart_d_horloge_est_corrige_puis_l_horloge_remise(complet: Essai):
    complet.charger("assure")
    complet.virtuel.pannes.avance = timedelta(hours=3)
    avant = complet.maintenant()
    complet.signer_au_domicile("000000001", "assure")
    bilan = complet.service.decharger(complet.ici)
    assert (bilan.ecart_s, bilan.refuses) == (10800, ())
    assert bilan.a_signer[0].visite_le == avant
    assert complet.ici.identite.ecart_s == 0


def test_une_horloge_perdue_entre_temps_est_vue(complet: Essai):
    """It was right at the visit's end, and is back to 2000 on its cradle: or the other way round."""
    complet.charger("assure")
    complet.virtuel.pannes.avance = timedelta(days=-9000)
    complet.virtuel.pannes.sans_controle = True
    signee = ecrire_document(complet.signature_vraie("000000001", "assure"))
    complet.virtuel.pannes.avance = timedelta()
    assert complet.refus_de(signee) == "TLA_DATE_INCOHERENTE"


def test_l_horloge_n_est_pas_touchee_tant_qu_un_document_en_depend(complet: Essai):
    complet.virtuel.pannes.avance = timedelta(hours=2)
    complet.virtuel.deposer(b"document")
    assert code(lambda: complet.service.regler_date(complet.ici)) == "TLA_NON_DECHARGE"
    complet.charger("assure")
    assert complet.ici.identite.ecart_s == 7200
    complet.service.decharger(complet.ici)
    complet.virtuel.pannes.avance = timedelta(hours=2)
    assert complet.service.regler_date(complet.ici).identite.ecart_s == 0
