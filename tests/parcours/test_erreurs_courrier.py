"""When mail fails: server down, wrong password, full mailbox, unreadable return; by the real program on a real profile.

The whole database is compared before and after; the password is in the keyring of the test alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.frontal.recus import Conclusion, Envoi
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, Frontal
from sesam_desktop.poste import configuration as reglages
from sesam_desktop.poste import demonstration
from sesam_desktop.poste.poste import Poste
from tests.outils import certificat
from tests.outils.programme import Programme, exiger_une_phrase, photo
from tests.outils.smtp_scripte import smtp_scripte


@pytest.fixture
def reel(modele_lot: Path, tmp_path: Path) -> Programme:
    """The program on a real workstation whose lot waits; `regler` gives it its mail servers."""
    profil = tmp_path / "poste"
    shutil.copytree(modele_lot, profil)
    reglages.ecrire(profil, replace(demonstration.CONFIGURATION, demonstration=False))
    return Programme(
        profil, PYTHON_KEYRING_BACKEND="tests.outils.trousseau.Trousseau", MOT_DE_PASSE_DE_TEST=MOT_DE_PASSE
    )


def regler(programme: Programme, **courrier: Any) -> None:
    configuration = reglages.lire(programme.profil)
    reglages.ecrire(programme.profil, replace(configuration, courrier=replace(configuration.courrier, **courrier)))


@pytest.fixture
def frontal(reel: Programme, tmp_path: Path) -> Iterator[Frontal]:
    """The workstation's own mail server, here."""
    frontal = Frontal(tmp_path / "frontal")
    frontal.demarrer()
    regler(reel, smtp_port=frontal.smtp_port, pop_port=frontal.pop_port, autorite_tls=str(frontal.certificat_tls))
    yield frontal
    frontal.arreter()


@pytest.mark.parametrize("commande", [("lots", "envoyer"), ("retours", "relever")])
def test_serveur_injoignable(reel: Programme, commande: tuple[str, str]) -> None:
    regler(reel, smtp_port=1, pop_port=1)
    avant = photo(reel.profil)
    assert reel.refus(*commande) == "SERVEUR_INJOIGNABLE"
    assert photo(reel.profil) == avant


@pytest.mark.parametrize("commande", [("lots", "envoyer"), ("retours", "relever")])
def test_mauvais_mot_de_passe(reel: Programme, frontal: Frontal, commande: tuple[str, str]) -> None:
    avant = photo(reel.profil)
    assert reel.refus(*commande, MOT_DE_PASSE_DE_TEST="pas-le-bon-secret") == "IDENTIFICATION_REFUSEE"
    assert photo(reel.profil) == avant
    assert frontal.recus() == []


def test_boite_pleine_puis_envoi(reel: Programme, tmp_path: Path) -> None:
    """452: put off, said, kept; not tried before its time, unless somebody asks; then it leaves, once."""
    pem, cle = certificat.ecrire(tmp_path)
    with smtp_scripte(pem, cle, FIN=("452 4.2.2 boite pleine", "250 ok")) as serveur:
        regler(reel, smtp_port=serveur.port, autorite_tls=str(pem))
        statut, _, erreurs = reel("lots", "envoyer")
        assert statut == 1
        exiger_une_phrase(erreurs)
        assert "452 4.2.2 boite pleine" in erreurs
        assert "[MESSAGES_REPORTES]" in erreurs
        bilan = reel.json("lots", "envoyer")
        assert (bilan["remis"], bilan["restants"], bilan["etats"]["factures"]) == (0, 1, {"en_lot": 1})
        bilan = reel.json("lots", "envoyer", "--maintenant")
        assert (bilan["remis"], bilan["restants"], bilan["etats"]["factures"]) == (1, 0, {"transmise": 1})
        assert len(serveur.recus) == 1


def test_retour_illisible_dans_la_boite(reel: Programme, frontal: Frontal) -> None:
    """Kept whole, out of the mailbox, shown with its reason, read again when asked."""
    illisible = b"Subject: retour\r\n\r\nCECI N'EST PAS UN RETOUR\r\n"
    numero = frontal.registre.recevoir(b"Subject: x\r\n\r\nx", "<x@y>", "a@b", "c@d")
    frontal.registre.conclure(
        replace(_arrivee(frontal), numero=numero), Conclusion("quarantaine", reponses=(Envoi(illisible),))
    )
    assert reel.refus("retours", "relever") == "RETOUR_ILLISIBLE"
    assert frontal.registre.courriers() == []
    poste = Poste.ouvrir(reel.profil)
    try:
        [vu] = poste.transmission.tableau().courriers
        assert vu.motif
        assert poste.transmission.contenu(vu.id) == illisible
        assert poste.transmission.relire(vu.id).quarantaine == 1
        assert len(poste.transmission.tableau().courriers) == 1
    finally:
        poste.fermer()


def _arrivee(frontal: Frontal) -> Any:
    arrivee = frontal.registre.suivante()
    assert arrivee is not None
    return arrivee
