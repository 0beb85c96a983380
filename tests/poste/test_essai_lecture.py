"""Test reading and its evidence: what was read, what was not, and which refusals say nothing of the workstation."""

from types import SimpleNamespace

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.essai_lecture import essayer, temoigner

SANS_PONT = SimpleNamespace(regle=False)


class Temoin:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, bool, str]] = []

    def noter(self, role: str, *, reussie: bool, duree_s: float, code: str = "") -> None:
        assert duree_s >= 0
        self.notes.append((role, reussie, code))


def refuser(code: str):
    def lire():
        raise ErreurConnue("Lecture impossible.", code=code, action="Recommencez.")

    return lire


def service(lire_ps, lire_vitale):
    return SimpleNamespace(lire_ps=lire_ps, lire_vitale=lire_vitale)


def carte_ps():
    return SimpleNamespace(prenom="Claire", nom="MARTIN", numero_serie="0000000001")


def carte_vitale():
    return SimpleNamespace(beneficiaires=[SimpleNamespace(prenom="Paul", nom_usuel="DURAND")])


def test_both_cards_answer():
    essai = essayer(service(carte_ps, carte_vitale), SANS_PONT)
    assert [(c.role, c.titulaire, c.erreur) for c in essai.cartes] == [
        ("cps", "MARTIN Claire", None), ("vitale", "DURAND Paul", None),
    ]
    assert essai.reussi


def test_a_refusal_of_one_card_does_not_hide_the_other():
    essai = essayer(service(refuser("CARTE_MUETTE"), carte_vitale), SANS_PONT)
    assert [c.erreur.code if c.erreur else c.titulaire for c in essai.cartes] == ["CARTE_MUETTE", "DURAND Paul"]
    assert not essai.reussi


def test_a_card_whose_name_is_unknown_is_told_by_its_number():
    sans_nom = SimpleNamespace(prenom="", nom="", numero_serie="0000000001")
    assert essayer(service(lambda: sans_nom, carte_vitale), SANS_PONT).cartes[0].titulaire == "carte n° 0000000001"


def test_a_success_is_evidence():
    temoin = Temoin()
    with temoigner(temoin, "cps"):
        pass
    assert temoin.notes == [("cps", True, "")]


@pytest.mark.parametrize(("code", "notes"), [
    ("CARTE_MUETTE", [("vitale", False, "CARTE_MUETTE")]),
    ("SERVICE_CARTES_ARRETE", [("vitale", False, "SERVICE_CARTES_ARRETE")]),
    ("VITALE_ABSENTE", []),
    ("CPS_ABSENTE", []),
    ("CODE_FAUX", []),
    ("SSV_F003", []),
    ("SESSION_PS_FERMEE", []),
])
def test_what_counts_as_evidence_of_a_fault(code: str, notes: list[tuple[str, bool, str]]):
    temoin = Temoin()
    with pytest.raises(ErreurConnue), temoigner(temoin, "vitale"):
        refuser(code)()
    assert temoin.notes == notes
