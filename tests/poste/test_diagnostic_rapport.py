"""The report sent to support: useful, and nothing personal in it."""

from __future__ import annotations

import base64
import re
import time
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from sesam_desktop.cartes.demonstration import cartes_de_demonstration, cartes_ps_de_demonstration
from sesam_desktop.noyau import masquage
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.demonstration import CODE_PORTEUR
from sesam_desktop.poste.diagnostic import Constat, Diagnostic, Niveau, diagnostiquer, rapport
from sesam_desktop.poste.diagnostic_rapport import noms_connus
from sesam_desktop.poste.poste import Poste


def test_ce_que_le_support_y_trouve(poste: Poste) -> None:
    poste.lecteurs.temoin.noter("cps", reussie=True, duree_s=1.5)
    poste.lecteurs.temoin.noter("vitale", reussie=False, duree_s=2, code="CARTE_MUETTE")
    texte = rapport(poste, diagnostiquer(poste, passif=True))
    for attendu in (
        "sesam-desktop 0.1.0", "Python 3.", "virtuel | Lecteur", "| presente | CPS3",
        "ATR 3B AC 00 40 2A 00 12 25 00 64 80 00 03 10 00 90 00", "réussie, 1.500 s, moyenne 1.500 s",
        "refusée (CARTE_MUETTE), 2.000 s", "Verdict : A_TESTER (LECTURE).",
        "WARN LECTURE_EN_ERREUR : La dernière lecture de la carte Vitale a échoué (CARTE_MUETTE)",
        "INFO BASE_OUVERTE : La base s'ouvre", "TOD : 20", "demonstration : 20",
    ):
        assert attendu in texte, attendu
    assert re.search(r"^virtuel \| Lecteur [^|]+ \| vide$", texte, re.MULTILINE)  # no card: none is named
    instants = re.findall(r"^Rapport de diagnostic, (.*)$", texte, re.MULTILINE)
    assert datetime.fromisoformat(instants[0]).tzinfo is not None
    assert texte.encode("utf-8").count(b"\r") == 0
    assert texte.endswith("\n")


def test_les_evenements_des_lecteurs_y_sont(poste: Poste) -> None:
    poste.lecteurs.fentes()
    poste.environnement.inserer_vitale("assure")
    echeance = time.monotonic() + 5
    while not any(un.evenement.fente and un.evenement.fente.carte.est_vitale for un in poste.lecteurs.evenements()):
        assert time.monotonic() < echeance
        time.sleep(0.01)
    assert re.search(r"[0-9]{2}:[0-9]{2} inseree virtuel Lecteur", rapport(poste, Diagnostic(())))


def tout_ce_qui_est_personnel() -> set[str]:
    """NIR, names, first names, serial numbers of nobody: what stands on the demonstration cards."""
    vitales, ps = dict(cartes_de_demonstration()).values(), dict(cartes_ps_de_demonstration()).values()
    personnes = [personne for carte in vitales for personne in carte.beneficiaires]
    situations = [situation for carte in ps for situation in carte.situations]
    secrets = {carte.assure.nir for carte in vitales} | {p.nir_certifie for p in personnes}
    secrets |= {nom for p in personnes for nom in (p.nom_usuel, p.nom_patronymique, p.prenom)}
    secrets |= {mot for carte in ps for mot in (carte.nom, carte.prenom, carte.identification.numero)}
    structures = [situation.structure for situation in situations]
    secrets |= {situation.numero_facturation for situation in situations}
    secrets |= {mot for structure in structures for mot in (structure.numero, structure.raison_sociale)}
    return secrets - {""}


def test_rien_de_personnel_meme_quand_tout_en_parle(poste: Poste) -> None:
    """Every secret is put where the report takes its text: constats, names of readers, errors, settings."""
    poste.environnement.inserer_vitale("famille")
    poste.lecteurs.lire_vitale()
    poste.lecteurs.lire_ps(CODE_PORTEUR)
    secrets = sorted(tout_ce_qui_est_personnel())
    certificat = base64.b64encode(bytes(range(120))).decode()
    constats = [Constat("X", Niveau.WARN, f"« {un} » code porteur : {CODE_PORTEUR}", objet=un) for un in secrets]
    constats.append(Constat("Y", Niveau.KO, certificat, f"{Path.home()}/x de a.b@cabinet.fr", objet=r"C:\Users\Anne\x"))
    masquage.oublier()  # the report relies on nothing declared before
    texte = rapport(poste, Diagnostic(tuple(constats)))
    trouves = [secret for secret in secrets if re.search(rf"(?i)(?<!\w){re.escape(secret)}(?!\w)", texte)]
    assert trouves == []
    assert not re.search(rf"(?<![0-9.,:+-]){CODE_PORTEUR}(?![0-9])", texte)
    assert certificat not in texte
    assert "@" not in texte
    assert "Anne" not in texte
    assert f"{Path.home()}/" not in texte or str(Path.home()) == "/"


def test_une_vitale_lue_sur_un_poste_reel_est_masquee(tmp_path: Path) -> None:
    poste = Poste.ouvrir(tmp_path / "reel")
    try:
        carte = dict(cartes_de_demonstration())["famille"]
        poste.lecteurs.vitale = carte
        assert {"LEROY", "MOREAU", "JULIE", "MARC", "ZOE"} <= noms_connus(poste)
        constat = Constat("X", Niveau.WARN, "Carte de Julie Leroy, née Moreau.")
        assert "Carte de [nom] [nom], née [nom]." in rapport(poste, Diagnostic((constat,)))
    finally:
        poste.fermer()


def test_des_lecteurs_en_panne_n_empechent_pas_le_rapport(poste: Poste, monkeypatch: pytest.MonkeyPatch) -> None:
    def tomber() -> None:
        raise ErreurConnue("Le service est arrêté.", code="SERVICE_CARTES_ARRETE")

    panne = SimpleNamespace(
        instant=datetime.fromisoformat("2026-11-22T12:00:00+01:00"),
        evenement=SimpleNamespace(
            genre="service-arrete", canal="pcsc", fente=None, erreur=ErreurConnue("x", code="SERVICE_CARTES_ARRETE")
        ),
    )
    monkeypatch.setattr(poste.lecteurs, "fentes", tomber)
    monkeypatch.setattr(poste.lecteurs, "evenements", lambda: [panne] * 100)
    texte = rapport(poste, Diagnostic(()))
    assert "SERVICE_CARTES_ARRETE : Le service est arrêté." in texte
    assert texte.count("2026-11-22T12:00:00+01:00 service-arrete pcsc SERVICE_CARTES_ARRETE") == 50
