"""The diagnostic: each fault with its code and level, one verdict, nothing touched when passive."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from sesam_desktop.commandes.racine import racine
from sesam_desktop.lecteurs.canal import Etat, Fente
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import controles_actifs, controles_passifs
from sesam_desktop.poste.configuration import Courrier
from sesam_desktop.poste.diagnostic import Constat, Diagnostic, Niveau, Verdict, depuis, diagnostiquer, prudemment
from sesam_desktop.poste.poste import Poste

JOUR = date(2026, 11, 22)
Usage = namedtuple("Usage", "total used free")


def codes(bilan: Diagnostic, niveau: Niveau | None = None) -> set[str]:
    return {c.code for c in bilan.constats if niveau in (None, c.niveau)}


@pytest.fixture
def jour(poste: Poste) -> date:
    """A day when the demonstration's tables are all fresh."""
    return max(date.fromisoformat(version.date) for version in poste.referentiels.versions()) + timedelta(1)


def test_un_poste_de_demonstration_est_pret(poste: Poste, jour: date) -> None:
    bilan = diagnostiquer(poste, aujourd_hui=jour)
    assert bilan.verdict is Verdict.OK, bilan.en_dict()
    assert codes(bilan) >= {"DISQUE", "BASE", "TOD", "LOE", "MEDICAMENTS", "CPS_PRESENTE", "CPS_LUE", "SMTP", "POP"}


def test_passif_ne_parle_ni_aux_cartes_ni_au_reseau(
    poste: Poste, jour: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interdit(*_: object, **__: object) -> None:
        raise AssertionError("a passive diagnostic must not do this")

    monkeypatch.setattr(poste.lecteurs.gestionnaire, "ouvrir", interdit)
    monkeypatch.setattr(poste.environnement, "parametres_courrier", interdit)
    bilan = diagnostiquer(poste, passif=True, aujourd_hui=jour)
    assert bilan.verdict is Verdict.OK
    assert not codes(bilan) & {"CPS_LUE", "SMTP", "POP"}


def test_un_poste_neuf_dit_ce_qui_lui_manque(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    neuf = Poste.ouvrir(tmp_path / "neuf")
    monkeypatch.setattr(neuf.lecteurs, "fentes", lambda: [Fente("pcsc", "", Etat.ABSENTE)])
    try:
        bilan = diagnostiquer(neuf, passif=True, aujourd_hui=JOUR)
    finally:
        neuf.fermer()
    assert bilan.verdict is Verdict.KO
    assert codes(bilan, Niveau.KO) == {"LOE_ABSENTE", "MEDICAMENTS_ABSENTE", "COURRIER_NON_CONFIGURE", "LECTEUR_ABSENT"}
    assert codes(bilan, Niveau.WARN) == {"TOD_ABSENTE"}
    assert all(c.action for c in bilan.constats if c.niveau is not Niveau.INFO)


def test_une_infirmiere_se_passe_de_medicaments(tmp_path: Path) -> None:
    neuf = Poste.ouvrir(tmp_path / "neuf")
    neuf.configuration = replace(neuf.configuration, profession="infirmier")
    try:
        trouves = {c.code: c.niveau for c in controles_passifs.tables(neuf, JOUR)}
    finally:
        neuf.fermer()
    assert trouves == {"TOD_ABSENTE": Niveau.WARN, "LOE_ABSENTE": Niveau.WARN}


def test_des_tables_anciennes_sont_signalees(poste: Poste) -> None:
    bilan = diagnostiquer(poste, passif=True, aujourd_hui=date(2040, 1, 1))
    assert codes(bilan, Niveau.WARN) == {"TOD_ANCIENNE", "LOE_ANCIENNE", "MEDICAMENTS_ANCIENNE"}
    assert bilan.verdict is Verdict.A_TESTER


@pytest.mark.parametrize(
    ("libre", "code", "niveau"),
    [
        (199_000_000, "DISQUE_PLEIN", Niveau.KO),
        (999_000_000, "DISQUE_PRESQUE_PLEIN", Niveau.WARN),
        (1_000_000_000, "DISQUE", Niveau.INFO),
    ],
)
def test_disque(poste: Poste, monkeypatch: pytest.MonkeyPatch, libre: int, code: str, niveau: Niveau) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2 * libre, libre, libre))
    assert [(c.code, c.niveau) for c in controles_passifs.disque(poste, JOUR)] == [(code, niveau)]


def test_base_abimee(poste: Poste) -> None:
    connexion = poste.base.connexion()
    connexion.execute(
        "INSERT INTO evenement (document, nom, instant, donnees, precedente, empreinte)"
        " VALUES ('', 'faux', '2026-11-22T00:00:00+00:00', '{}', 'x', 'x')"
    )
    (constat,) = controles_passifs.base(poste, JOUR)
    assert (constat.code, constat.niveau) == ("BASE_ABIMEE", Niveau.KO)
    assert constat.reparation == "sesam-desktop restaurer FICHIER"


def test_carte_muette_et_cps_absente(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    muette = [Fente("virtuel", "Lecteur 1", Etat.MUETTE), Fente("virtuel", "Lecteur 2", Etat.VIDE)]
    monkeypatch.setattr(poste.lecteurs, "fentes", lambda: muette)
    poste.environnement.inserer_ps(None)
    trouves = {c.code: c.niveau for c in controles_passifs.lecteurs(poste, JOUR)}
    assert trouves == {
        "LECTEURS": Niveau.INFO, "CARTE_MUETTE": Niveau.WARN, "CPS_ABSENTE": Niveau.WARN,
        "VITALE_ABSENTE": Niveau.INFO,
    }
    assert list(controles_actifs.carte_ps(poste, JOUR)) == []


def test_une_vitale_presente_est_dite(poste: Poste) -> None:
    poste.environnement.inserer_vitale("assure")
    assert "VITALE_PRESENTE" in {c.code for c in controles_passifs.lecteurs(poste, JOUR)}


def test_une_cps_qui_ne_repond_pas_est_ko(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    def muette(_: str) -> None:
        raise ErreurConnue("La carte ne répond pas.", code="CARTE_MUETTE", action="Retirez-la.", ou="Lecteur 1")

    monkeypatch.setattr(poste.lecteurs.gestionnaire, "ouvrir", muette)
    (constat,) = controles_actifs.carte_ps(poste, JOUR)
    assert constat == Constat("CARTE_MUETTE", Niveau.KO, "Lecteur 1 : La carte ne répond pas.", "Retirez-la.")


def test_mot_de_passe_absent_est_un_avertissement(poste: Poste) -> None:
    from sesam_desktop.poste.coffre import CoffreMemoire

    poste.environnement.coffre = CoffreMemoire()
    (constat,) = controles_passifs.messagerie(poste, JOUR)
    assert (constat.code, constat.niveau) == ("MOT_DE_PASSE_ABSENT", Niveau.WARN)


def test_serveurs_injoignables_et_mauvais_mot_de_passe(poste: Poste) -> None:
    from sesam_desktop.poste.coffre import CoffreMemoire

    poste.environnement.coffre = CoffreMemoire(courrier="faux")
    bilan = [c for c in prudemment(controles_actifs.serveurs, poste, JOUR)]
    assert [(c.code, c.niveau) for c in bilan] == [("IDENTIFICATION_REFUSEE", Niveau.KO)] * 2
    poste.environnement.frontal.arreter()
    bilan = [c for c in prudemment(controles_actifs.serveurs, poste, JOUR)]
    assert len(bilan) == 2
    assert all(c.niveau is Niveau.KO for c in bilan)


def test_messagerie_non_reglee_n_est_dite_qu_une_fois(tmp_path: Path) -> None:
    neuf = Poste.ouvrir(tmp_path / "neuf")
    neuf.configuration = replace(neuf.configuration, courrier=Courrier())
    try:
        assert list(controles_actifs.serveurs(neuf, JOUR)) == []
    finally:
        neuf.fermer()


def test_corbeilles(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    fiche = SimpleNamespace(motif="retard")
    tableau = SimpleNamespace(a_envoyer=(1, 2), en_attente=(fiche,), a_traiter=(3,), courriers=(4, 5))
    monkeypatch.setattr(poste.transmission, "tableau", lambda: tableau)
    titres = {c.code: c.titre for c in controles_passifs.corbeilles(poste, JOUR)}
    assert set(titres) == {"LOTS_A_ENVOYER", "ARL_EN_RETARD", "RETOURS_A_TRAITER"}
    assert titres["RETOURS_A_TRAITER"].endswith(": 3.")


def test_rien_de_personnel_ne_sort() -> None:
    constat = depuis(ErreurConnue("Le NIR 1 80 19 75 000 001 31 est faux.", code="X"))
    assert "75 000" not in json.dumps(constat.en_dict())


def test_commande(poste: Poste) -> None:
    profil = str(poste.profil)
    poste.fermer()
    fait = CliRunner().invoke(racine, ["--profil", profil, "--json", "diagnostic", "--passif"])
    assert fait.exit_code == 0, fait.output
    document = json.loads(fait.output)
    assert document["verdict"] in {"OK", "A_TESTER"}
    assert set(document["constats"][0]) == {"code", "niveau", "titre", "action", "reparation"}
    texte = CliRunner().invoke(racine, ["--profil", profil, "diagnostic", "--passif"]).output
    assert "Base intègre" in texte
