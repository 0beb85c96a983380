"""What would be refused at the return is known before leaving; what may change is judged again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sesam_desktop.cartes import nature
from sesam_desktop.lecteurs.tla import messages
from sesam_desktop.lecteurs.tla.documents import ecrire_document
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.referentiels import tables
from tests.outils.essai_tla import Essai, code, complet, en_attente
from tests.outils.terminal_tla import SOCLE, ouvrir_session, visite

__all__ = ["complet", "en_attente"]


def test_ce_qui_serait_refuse_au_retour_l_est_au_depart(complet: Essai, monkeypatch: pytest.MonkeyPatch):
    from sesam_desktop.securisation import certificats

    with monkeypatch.context() as pose:
        pose.setattr(nature, "de_ps", lambda *_: nature.Nature.REELLE)
        bilan = complet.service.charger(complet.ici, factures=[visite(complet.poste, "assure")])
        assert [r.code for r in bilan.refuses] == ["F026"]
    decrire = certificats.decrire
    monkeypatch.setattr(certificats, "decrire", lambda c: replace(decrire(c), fin=datetime.now(UTC) - timedelta(2)))
    bilan = complet.service.charger(complet.ici, factures=[visite(complet.poste, "assure")])
    assert ([r.code for r in bilan.refuses], bilan.factures) == (["CERTIFICAT_EXPIRE"], ())


def test_un_format_plus_recent_est_relu_apres_une_mise_a_jour(complet: Essai, monkeypatch: pytest.MonkeyPatch):
    complet.charger("assure")
    signee = ecrire_document(complet.signature_vraie("000000001", "assure"))
    with monkeypatch.context() as pose:
        pose.setattr("sesam_desktop.lecteurs.tla.documents.FORMAT", 0)
        pose.setattr("sesam_desktop.lecteurs.tla.documents._FORMATS_FUTURS", range(1, 16))
        assert complet.refus_de(signee) == "TLA_FORMAT_INCONNU"
    assert complet.service.signer().signees == ("000000001",)
    assert complet.service.refuses() == []


def test_une_panne_du_poste_au_dechargement_n_est_pas_un_refus_pour_toujours(
    complet: Essai, monkeypatch: pytest.MonkeyPatch
):
    complet.charger("assure")
    complet.signer_au_domicile("000000001", "assure")

    def abimee(_: str) -> None:
        raise ErreurConnue("La table des seuils ne se lit pas.", code="TABLE_ILLISIBLE")

    with monkeypatch.context() as pose:
        pose.setattr(tables, "charger", abimee)
        assert [r.code for r in complet.service.decharger(complet.ici).refuses] == ["TABLE_ILLISIBLE"]
    assert complet.service.signer().signees == ("000000001",)


def test_un_terminal_d_une_version_plus_recente_se_dit(complet: Essai, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as pose:
        pose.setattr(messages, "VERSION", 2)
        reponse = messages.ecrire(messages.Message(0x81, 1))
    complet.canal.poser(SOCLE, lambda _: reponse)
    assert complet.service.lister() == []
    assert code(complet.service.trouver) == "TLA_VERSION"


def test_la_situation_du_pret_est_celle_de_la_signature(en_attente: Essai):
    """The same number in two situations, the first one not entitled to sign: it is the one the invoice was made in."""
    lecteurs = en_attente.poste.lecteurs
    (premiere, *autres) = lecteurs.ps.situations
    rangs = {s.rang for s in lecteurs.ps.situations}
    muette = replace(premiere, signe_facture=False)
    habilitee = replace(premiere, rang=max(rangs) + 1)
    lecteurs.ps = replace(lecteurs.ps, situations=(muette, *autres, habilitee))
    assert [r.code for r in en_attente.service.signer().refuses] == ["SIGNATURE_NON_HABILITEE"]
    ouvrir_session(en_attente.poste)
    assert en_attente.service.signer().signees == ("000000001",)
