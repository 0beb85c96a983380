"""When the world fails: one French sentence, status 1, nothing lost; by the real program, then by the service.

Each test compares the whole database before and after, and reads what was said as somebody else could: no name, no
number of a patient, no code, no password, no trace of the machine.
"""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.factures.facture import Niveau
from sesam_desktop.factures.lecture_json import facture_depuis
from sesam_desktop.lecteurs.canal import Etat
from sesam_desktop.lecteurs.emulation_vitale import ATR_VITALE2
from sesam_desktop.lecteurs.pcsc import CanalPcsc
from sesam_desktop.lecteurs.virtuel import CarteVirtuelle
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.identifiants import cle_nir
from sesam_desktop.poste import demonstration
from sesam_desktop.poste.poste import Poste
from tests.lecteurs.doubles import cps, vitale
from tests.outils.pcscd import ServicePcscd, attendre, pcscd
from tests.outils.programme import Programme, exiger_une_phrase, photo
from tests.outils.vpcd import LECTEURS, CarteBranchee, brancher

__all__ = ["pcscd"]

AUJOURD_HUI = date.today()  # noqa: DTZ011 - the counter's own calendar day
ATR_BANCAIRE = bytes.fromhex("3B6500002063CB6600")
NIR = "1801975000001"
FACTURE: dict[str, Any] = {
    "date_soins": AUJOURD_HUI.isoformat(),
    "executant": {"profession": "pharmacien", "specialite": "50", "departement": "72"},
    "beneficiaire": {
        "nir": NIR, "cle": cle_nir(NIR), "date_naissance": "19800101", "regime": "01", "caisse": "721",
        "centre": "0000",
    },
    "prescription": {"date": AUJOURD_HUI.isoformat(), "prescripteur": "10001234565", "origine": "T"},
    "lignes": [{"acte": "MEDICAMENT", "cip13": "3400935955838"}],
}
FAUTES: dict[str, tuple[str, dict[str, Any]]] = {
    "CIP_INCONNU": ("lignes", {"lignes": [{"acte": "MEDICAMENT", "cip13": "3400930000014"}]}),
    "NIR_CLE_FAUSSE": ("beneficiaire", {"beneficiaire": {**FACTURE["beneficiaire"], "cle": "00"}}),
    "PRESCRIPTION_FUTURE": (
        "prescription",
        {"prescription": {**FACTURE["prescription"], "date": (AUJOURD_HUI + timedelta(days=1)).isoformat()}},
    ),
}


@pytest.fixture
def demo(modele_signe: Path, tmp_path: Path) -> Programme:
    """The program on a demonstration workstation that holds one secured invoice."""
    shutil.copytree(modele_signe, tmp_path / "poste")
    return Programme(tmp_path / "poste")


@pytest.fixture
def service(demo: Programme) -> Iterator[Poste]:
    """The same workstation, opened here."""
    poste = demonstration.ouvrir(demo.profil)
    yield poste
    poste.fermer()


@pytest.fixture
def ecrire_json(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """An invoice in a file."""
    def ecrire(facture: dict[str, Any]) -> Path:
        chemin = tmp_path / "facture.json"
        chemin.write_text(json.dumps(facture), encoding="utf-8")
        return chemin

    return ecrire


# -- what is asked is wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", FAUTES)
@pytest.mark.parametrize("commande", [("tarifer",), ("facture", "verifier")])
def test_facture_fausse(demo: Programme, ecrire_json, commande: tuple[str, ...], code: str) -> None:
    champ, faute = FAUTES[code]
    avant = photo(demo.profil)
    statut, sortie, erreurs = demo(*commande, ecrire_json(FACTURE | faute))
    assert statut == 1
    exiger_une_phrase(erreurs, NIR)
    assert erreurs.startswith(champ)
    assert erreurs.endswith(f"[{code}]\n")
    assert NIR not in sortie
    assert photo(demo.profil) == avant


@pytest.mark.parametrize("code", [*FAUTES, "ORGANISME_INVALIDE"])
def test_facture_fausse_au_comptoir(service: Poste, code: str) -> None:
    """Refused before it has a number: the next good one takes it."""
    sans_caisse = {"beneficiaire": {**FACTURE["beneficiaire"], "caisse": ""}}
    fautes = {**{nom: faute for nom, (_, faute) in FAUTES.items()}, "ORGANISME_INVALIDE": sans_caisse}
    service.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
    executant, avant = service.facturation.executant(), photo(service.profil)
    facture = replace(facture_depuis(FACTURE | fautes[code]), executant=executant)
    with pytest.raises(ErreurConnue) as refus:
        service.facturation.securiser(facture, Niveau.DEGRADEE)
    assert refus.value.code == code
    assert photo(service.profil) == avant
    bonne = replace(facture_depuis(FACTURE), executant=executant)
    assert service.facturation.securiser(bonne, Niveau.DEGRADEE).facture.numero == "000000002"


def test_destinataire_mal_ecrit(demo: Programme) -> None:
    assert demo.refus("tod", "chercher", "01", "72", "0000") == "ORGANISME_INVALIDE"


def test_caisse_sans_certificat(demo: Programme) -> None:
    """The invoice stays signed; once the certificate is there, it leaves."""
    dossier, ailleurs = demo.profil / "certificats", demo.profil / "ailleurs"
    dossier.rename(ailleurs)
    dossier.mkdir()
    avant = photo(demo.profil)
    assert demo.refus("lots", "preparer", "--code-porteur-env", "PIN", PIN=demonstration.CODE_PORTEUR) == (
        "CERTIFICAT_ABSENT"
    )
    assert photo(demo.profil) == avant
    dossier.rmdir()
    ailleurs.rename(dossier)
    bilan = demo.json("lots", "preparer", "--code-porteur-env", "PIN", PIN=demonstration.CODE_PORTEUR)
    assert (bilan["nombre_lots"], bilan["factures"], bilan["refus"]) == (1, 1, [])


# -- cards -------------------------------------------------------------------------------------------------------------


def test_code_porteur_faux(demo: Programme) -> None:
    avant = photo(demo.profil)
    for commande in (("lecteurs", "lire"), ("lots", "preparer")):
        assert demo.refus(*commande, "--code-porteur-env", "PIN", PIN="9753") == "CODE_FAUX"
    _, _, erreurs = demo("lecteurs", "lire", "--code-porteur-env", "PIN", PIN="9753")
    assert "il reste 2 essais" in erreurs
    assert photo(demo.profil) == avant


def test_code_porteur_faux_au_comptoir(service: Poste) -> None:
    """The card counts; the session stays closed, then opens with the right code."""
    for reste in ("il reste 2 essais", "il reste 1 essai"):
        with pytest.raises(ErreurConnue, match=reste) as refus:
            service.lecteurs.ouvrir_session("9753")
        assert refus.value.code == "CODE_FAUX"
        assert "9753" not in refus.value.phrase()
        assert not service.lecteurs.session_ouverte
    service.lecteurs.ouvrir_session(demonstration.CODE_PORTEUR)
    assert service.lecteurs.session_ouverte


@pytest.fixture
def lecteurs_reels(pcscd: ServicePcscd, profil: Path) -> Programme:
    """The program on a new workstation over the real pcscd."""
    return Programme(profil)


@contextmanager
def inseree(carte: CarteVirtuelle, *, muette: bool = False) -> Iterator[CarteBranchee]:
    """In the first slot, and seen there by pcscd."""
    canal = CanalPcsc()
    with brancher(carte, 0, muette=muette) as branchee:
        attendre(
            lambda: any(f.lecteur == LECTEURS[0] and f.etat is not Etat.VIDE for f in canal.fentes()), 2,
            "la carte n'est pas vue",
        )
        yield branchee
    canal.fermer()


@pytest.mark.pcsc
def test_carte_muette(lecteurs_reels: Programme) -> None:
    with inseree(vitale(), muette=True):
        assert lecteurs_reels.refus("lecteurs", "lire") == "CARTE_MUETTE"


@dataclass
class CarteSansFichier:
    """Wakes up, and knows nothing of what it is asked."""

    atr: bytes

    def traiter(self, apdu: bytes) -> bytes:
        return b"\x6a\x82"

    def reset(self) -> None: ...


@pytest.mark.pcsc
@pytest.mark.parametrize(
    "atr, code", [(ATR_BANCAIRE, "CARTE_INCONNUE"), (ATR_VITALE2, "CARTE_REFUSE")], ids=["bancaire", "vitale"]
)
def test_carte_illisible(lecteurs_reels: Programme, atr: bytes, code: str) -> None:
    """A bank card; a Vitale by its ATR that answers nothing a Vitale does."""
    with inseree(CarteSansFichier(atr)):
        assert lecteurs_reels.refus("lecteurs", "lire") == code


@pytest.mark.pcsc
def test_carte_arrachee_pendant_la_lecture(lecteurs_reels: Programme) -> None:
    with inseree(vitale()) as branchee:
        branchee.arracher_apres(4)
        assert lecteurs_reels.refus("lecteurs", "lire") == "CARTE_RETIREE"


@pytest.mark.pcsc
def test_code_faux_jusqu_au_blocage(lecteurs_reels: Programme) -> None:
    """One try a run, never one more by itself; the third one locks, and a locked card is not asked again."""
    carte = cps(code="4711")
    with inseree(carte):
        for essais, code in ((2, "CODE_FAUX"), (1, "CODE_FAUX"), (0, "CODE_BLOQUE"), (0, "CODE_BLOQUE")):
            assert lecteurs_reels.refus("lecteurs", "lire", "--code-porteur-env", "PIN", PIN="9753") == code
            assert carte.essais == essais


# -- the disk and the database -----------------------------------------------------------------------------------------


def limiter(octets: int) -> Callable[[], None]:
    """No file of the child may grow beyond `octets`: every write then fails as on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (octets, octets))


@pytest.mark.parametrize("commande", [
    ("sauvegarder", "{dossier}/copie.zip"),
    ("retours", "importer", "{dossier}/gros.eml"),
    ("lots", "preparer", "--code-porteur-env", "PIN"),
])
def test_disque_plein(demo: Programme, tmp_path: Path, commande: tuple[str, ...]) -> None:
    dossier = tmp_path / "sorties"
    dossier.mkdir()
    (dossier / "gros.eml").write_bytes(b"Subject: gros\r\n\r\n" + b"x" * 60 * 1000)
    avant = _sans_compteurs(demo.profil)
    arguments = [a.format(dossier=dossier) for a in commande]
    code = demo.refus(*arguments, avant=limiter(40_000), PIN=demonstration.CODE_PORTEUR)
    assert code in ("DISQUE_PLEIN", "DISQUE_EN_ERREUR")
    assert _sans_compteurs(demo.profil) == avant
    assert [f.name for f in dossier.iterdir()] == ["gros.eml"]
    assert demo.json("base", "verifier")["integre"] is True


def _sans_compteurs(profil: Path) -> list[str]:
    """A number given to a message that could not be kept is never given again: nothing is lost with it."""
    return [ligne for ligne in photo(profil) if not ligne.startswith('INSERT INTO "compteur"')]


def test_base_verrouillee(demo: Programme, tmp_path: Path) -> None:
    """Another program holds the database beyond the delay of five seconds."""
    retour = tmp_path / "retour.eml"
    retour.write_bytes(b"Subject: x\r\n\r\nx\r\n")
    with closing(sqlite3.connect(demo.profil / "sesam.db", isolation_level=None)) as autre:
        avant = list(autre.iterdump())
        autre.execute("BEGIN IMMEDIATE")
        assert demo.refus("retours", "importer", retour) == "BASE_OCCUPEE"
        autre.execute("ROLLBACK")
    assert photo(demo.profil) == avant
