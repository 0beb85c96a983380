"""Layouts by variant and version: what the headers of a file choose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sesam_desktop.flux import b2, registre, zones
from sesam_desktop.flux.registre import Registre
from sesam_desktop.noyau.erreurs import FormatInvalide

from .fabrique import EXEMPLE_CP, demande, fichier, fichier_dre

CP = registre.registre().exiger("b2_cp_2005e")
CP_2030 = replace(CP, code="b2_cp_2030", nom="CP-2030", versions=("012030",))


def test_les_variantes_livrees() -> None:
    trouvees = [(v.code, v.nom, v.normes, v.certitude) for v in registre.registre().par_code.values()]
    assert trouvees == [
        ("b2_cp_2005e", "CP-2005E", ("CP",), "S"),
        ("b2_ps_140", "PS-1.40", ("PS",), "P"),
        ("dre_ps_140", "DRE-PS-1.40", ("DRE",), "P"),
        ("noemie", "NOEMIE", (), "S"),
        ("arl", "ARL", (), "P"),
    ]


def test_un_profil_du_projet_le_dit() -> None:
    for variante in registre.registre().par_code.values():
        assert variante.certitude == "S" or "n'est pas la norme" in variante.avertissement


@pytest.mark.parametrize(
    ("octets", "variante"),
    [
        (EXEMPLE_CP.read_bytes(), "b2_cp_2005e"),
        (b2.ecrire(fichier()), "b2_ps_140"),
        (b2.ecrire(fichier_dre(demande())), "dre_ps_140"),
    ],
    ids=["CP", "PS", "DRE"],
)
def test_l_en_tete_choisit(octets: bytes, variante: str) -> None:
    assert {e.variante for e in b2.lire(octets)} == {variante}


def test_le_lot_choisit_la_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two versions of one norm in a register made for the test: the lot header tells which."""
    essai = Registre([CP, CP_2030])
    monkeypatch.setattr(b2.lecture, "registre", lambda: essai)
    octets = EXEMPLE_CP.read_bytes().replace(b"CP 062007U", b"CP 012030U")
    assert [e.variante for e in b2.lire(octets)] == ["b2_cp_2005e"] + ["b2_cp_2030"] * 8
    assert {e.variante for e in b2.lire(EXEMPLE_CP.read_bytes())} == {"b2_cp_2005e"}


def test_une_version_inconnue_se_lit_et_se_dit() -> None:
    octets = EXEMPLE_CP.read_bytes().replace(b"CP 062007U", b"CP 012031U")
    assert {e.variante for e in b2.lire(octets)} == {"b2_cp_2005e"}
    trouvee = next(a for a in b2.verifier(octets) if a.code == "VERSION_INCONNUE")
    assert (trouvee.ligne, trouvee.position, trouvee.avertissement) == (2, 82, True)


def test_norme_et_variante_inconnues() -> None:
    with pytest.raises(FormatInvalide) as refus:
        registre.registre().de_norme("ZZ", 1)
    assert (refus.value.code, refus.value.ligne, refus.value.position) == ("NORME_INCONNUE", 1, 62)
    with pytest.raises(FormatInvalide) as refus:
        registre.registre().exiger("b2_xx")
    assert refus.value.code == "VARIANTE_INCONNUE"


def test_un_profil_complete_son_socle() -> None:
    assert set(zones.types("dre_ps_140")) == set(zones.types("b2_ps_140")) | {"2D"}
    assert zones.declares("dre_ps_140") == {"2D"}
    assert zones.exiger("dre_ps_140", "4").zones == zones.exiger("b2_ps_140", "4").zones
