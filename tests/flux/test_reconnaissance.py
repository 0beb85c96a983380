"""Which norm a file follows, whatever its extension says."""

from __future__ import annotations

import pytest

from sesam_desktop.flux import arl, b2, noemie, reconnaissance
from sesam_desktop.flux.reconnaissance import Norme
from sesam_desktop.noyau.erreurs import FormatInvalide

from .fabrique import ENTETE, EXEMPLE_CP, corps_noemie, fichier, fichier_dre
from .test_arl import NEGATIF, POSITIF

FICHIERS = [
    (EXEMPLE_CP.read_bytes(), Norme.B2, "CP", 9),
    (b2.ecrire(fichier()), Norme.B2, "PS", 12),
    (b"\r\n" + b2.ecrire(fichier()), Norme.B2, "PS", 12),
    (b2.ecrire(fichier_dre()), Norme.DRE, "DRE", 13),
    (arl.ecrire(POSITIF), Norme.ARL, "0930", 4),
    (arl.ecrire(NEGATIF), Norme.ARL, "0931", 6),
    (noemie.composer(ENTETE, corps_noemie()), Norme.NOEMIE, "0908", 20),
]


@pytest.mark.parametrize(("octets", "norme", "reference", "nombre"), FICHIERS, ids=range(7))
def test_reconnaitre_lire_verifier(octets: bytes, norme: Norme, reference: str, nombre: int) -> None:
    assert reconnaissance.reconnaitre(octets) == reconnaissance.Reconnu(norme, reference)
    reconnu, lus = reconnaissance.lire(octets)
    assert (reconnu.norme, len(list(lus))) == (norme, nombre)
    assert all(a.avertissement for a in reconnaissance.verifier(octets))


@pytest.mark.parametrize("octets", [b"", b"bonjour", b"000" + b" " * 125, b"\x00" * 300, b"PK\x03\x04"])
def test_fichier_inconnu(octets: bytes) -> None:
    for appel in (reconnaissance.reconnaitre, reconnaissance.lire, reconnaissance.verifier):
        with pytest.raises(FormatInvalide) as refus:
            appel(octets)
        assert refus.value.code == "NORME_INCONNUE"
