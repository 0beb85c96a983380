"""``flux lire`` and ``flux verifier`` as scripts call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sesam_desktop.commandes.flux import _ouvert, flux
from sesam_desktop.commandes.racine import racine
from sesam_desktop.flux import b2
from sesam_desktop.noyau.erreurs import FormatInvalide

from ..flux.fabrique import EXEMPLE_CP, fichier


def lancer(*arguments: str) -> Result:
    return CliRunner().invoke(racine, arguments)


def test_lire_en_json() -> None:
    reponse = json.loads(lancer("--json", "flux", "lire", str(EXEMPLE_CP)).stdout)
    assert (reponse["norme"], reponse["reference"]) == ("B2", "CP")
    assert [e["type"] for e in reponse["enregistrements"]] == ["000", "1", "2", "2S", "4", "4S", "5", "6", "999"]
    acte = reponse["enregistrements"][4]
    assert (acte["ligne"], acte["zones"]["code_acte"], acte["zones"]["honoraires"]) == (5, "G", 3000)
    assert "blanc" not in acte["zones"]


def test_lire_pour_une_personne() -> None:
    texte = lancer("flux", "lire", str(EXEMPLE_CP)).stdout
    assert texte.startswith("B2 CP\n    1 000 ")
    assert "code_acte=G" in texte


def test_lire_un_enregistrement_illisible_dit_ou(tmp_path: Path) -> None:
    chemin = tmp_path / "abime.b2"
    octets = bytearray(EXEMPLE_CP.read_bytes())
    octets[4 * 128 + 114] = ord("X")
    chemin.write_bytes(octets)
    resultat = lancer("--json", "flux", "lire", str(chemin))
    assert resultat.stdout == ""
    assert isinstance(resultat.exception, FormatInvalide)
    phrase = resultat.exception.phrase()
    assert phrase.startswith("abime.b2, enregistrement 5, position 115, zone « honoraires » : ")


@pytest.mark.parametrize("commande", ["lire", "verifier"])
def test_fichier_inconnu(tmp_path: Path, commande: str) -> None:
    chemin = tmp_path / "photo.b2"
    chemin.write_bytes(b"\x89PNG")
    resultat = lancer("flux", commande, str(chemin))
    assert isinstance(resultat.exception, FormatInvalide)
    assert resultat.exception.code == "NORME_INCONNUE"
    assert resultat.exception.phrase().startswith("photo.b2 : ")


def test_un_dossier_ne_se_lit_pas(tmp_path: Path) -> None:
    resultat = lancer("flux", "verifier", str(tmp_path))
    assert isinstance(resultat.exception, FormatInvalide)
    assert resultat.exception.code == "FICHIER_ILLISIBLE"


def test_le_lecteur_parti_n_est_pas_une_panne_du_fichier() -> None:
    """``flux lire FICHIER | head``: the pipe is closed, the file is right."""
    with pytest.raises(BrokenPipeError), _ouvert(EXEMPLE_CP):
        raise BrokenPipeError


def test_verifier_un_fichier_juste(tmp_path: Path) -> None:
    chemin = tmp_path / "lot.b2"
    chemin.write_bytes(b2.ecrire(fichier()))
    resultat = lancer("--json", "flux", "verifier", str(chemin))
    assert resultat.exit_code == 0
    assert json.loads(resultat.stdout) == {"valide": True, "erreurs": []}
    assert lancer("flux", "verifier", str(chemin)).stdout == "Fichier valide.\n"


def test_verifier_un_fichier_faux(tmp_path: Path) -> None:
    tous = fichier()
    tous[8] = tous[8].modifier(total_amo_4=1)
    chemin = tmp_path / "lot.b2"
    chemin.write_bytes(b2.ecrire(tous))
    resultat = lancer("--json", "flux", "verifier", str(chemin))
    assert resultat.exit_code == 1
    assert resultat.stderr == "lot.b2 : 1 anomalie, le fichier n'est pas valide.\n"
    reponse = json.loads(resultat.stdout)
    assert reponse["valide"] is False
    (erreur,) = reponse["erreurs"]
    assert (erreur["ligne"], erreur["position"], erreur["zone"]) == (9, 66, "total_amo_4")
    assert erreur["code"] == "TOTAL_FACTURE"
    assert "position 66" in lancer("flux", "verifier", str(chemin)).stdout


def test_une_anomalie_dit_ou_elle_est(tmp_path: Path) -> None:
    """Cut in its third record: one anomaly of the record, one of the whole file."""
    chemin = tmp_path / "coupe.b2"
    chemin.write_bytes(b2.ecrire(fichier())[:300])
    lignes = lancer("flux", "verifier", str(chemin)).stdout.splitlines()
    assert lignes[0].startswith("enregistrement 3 : L'enregistrement compte 44 caractères")
    assert lignes[1].startswith("fichier : Le fichier ne se termine pas")


def test_usage_faux() -> None:
    assert lancer("flux", "lire").exit_code == 2
    absent = lancer("flux", "lire", "/n/existe/pas")
    assert (absent.exit_code, absent.exception.code) == (1, "FICHIER_ILLISIBLE")
    assert set(flux.commands) == {"lire", "verifier"}
