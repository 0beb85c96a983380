"""Fields shared by both cards: what is no text is refused, with its place and without its content."""

from __future__ import annotations

import pytest

from sesam_desktop.cartes.vitale_zones import carte_depuis
from sesam_desktop.noyau.erreurs import FormatInvalide

from .test_vitale_zones import ASSURE, beneficiaire, groupe


@pytest.mark.parametrize("octet", ["\x00", "\n", "\x1b", "\x7f", "\x80", "\x9b", "\x9f"])
def test_latin1_impossible(octet: str) -> None:
    """ISO 8859-1 has no character there; a terminal would obey some of them."""
    with pytest.raises(FormatInvalide) as refus:
        carte_depuis([ASSURE, beneficiaire(f"PAUL{octet}[2J")])
    assert (refus.value.code, refus.value.zone) == ("CHAMP_INVALIDE", "groupe 104, champ 3")
    assert carte_depuis([ASSURE, beneficiaire("\xa0ÿ\xff")]).beneficiaires[0].prenom == "\xa0ÿ\xff"
    libre = carte_depuis([ASSURE, beneficiaire("PAUL"), groupe(111, f"A{octet}B")])
    assert libre.beneficiaires[0].zone_commune == f"A{octet}B"
