"""Which slot for which card: the cases of the field (two slots, three slots, two readers, cards missing)."""

from __future__ import annotations

import pytest

from sesam_desktop.lecteurs.canal import Fente
from sesam_desktop.lecteurs.galss.affectation import affecter, utilisables
from sesam_desktop.noyau.erreurs import ErreurConnue

from .fentes import BANCAIRE, CPS, SANS_CONTACT, VITALE, avec, vide

DEUX_FENTES = ("Identive CLOUD 2700 R Smart Card Reader 0", "Identive CLOUD 2700 R Smart Card Reader 1")
TELIUM = tuple(f"Ingenico TL TELIUM {n} 0" for n in (1, 2, 3))
SEUL, AUTRE = "Gemplus GCR410 0", "Kapelse Link 0"


def refus(fentes: list[Fente], **actuelles: str) -> str:
    with pytest.raises(ErreurConnue) as refuse:
        affecter(fentes, actuelles)
    return refuse.value.code


def test_les_deux_cartes_decident_quel_que_soit_l_ordre() -> None:
    un, deux = DEUX_FENTES
    assert affecter([avec(un, VITALE), avec(deux, CPS)], {"cps": un, "vitale": deux}) == {"cps": deux, "vitale": un}


@pytest.mark.parametrize(("atr", "presente", "manquante"), [(CPS, "cps", "vitale"), (VITALE, "vitale", "cps")])
def test_carte_manquante_l_autre_fente_du_meme_appareil(atr: bytes, presente: str, manquante: str) -> None:
    un, deux = DEUX_FENTES
    choix = affecter([avec(un, atr), vide(deux), vide(SEUL)], {})
    assert choix == {presente: un, manquante: deux}


def test_carte_manquante_le_seul_autre_lecteur_qui_a_une_carte() -> None:
    """A Vitale whose ATR is in no table: unknown, but a slot with a card goes before an empty one."""
    un, deux = DEUX_FENTES
    choix = affecter([avec(un, CPS), vide(deux), avec(SEUL, BANCAIRE), vide(AUTRE)], {"vitale": deux})
    assert choix["vitale"] == SEUL
    assert affecter([avec(SEUL, CPS), avec(AUTRE, b"")], {})["vitale"] == AUTRE


def test_trois_fentes() -> None:
    un, deux, trois = TELIUM
    assert affecter([avec(un, CPS), avec(deux, BANCAIRE), vide(trois)], {})["vitale"] == deux
    assert refus([avec(un, CPS), vide(deux), vide(trois)]) == "CARTES_A_INSERER"


def test_rien_ne_montre_que_le_fichier_se_trompe() -> None:
    """Without a card to tell, a reader that is there and free stays."""
    un, deux = DEUX_FENTES
    assert affecter([avec(un, CPS), vide(deux), vide(SEUL)], {"vitale": SEUL})["vitale"] == SEUL
    assert affecter([avec(un, CPS), vide(deux)], {"vitale": "Lecteur débranché 0"})["vitale"] == deux
    assert affecter([avec(un, CPS), vide(deux)], {"vitale": un})["vitale"] == deux


def test_on_demande_les_cartes() -> None:
    un, deux = DEUX_FENTES
    assert refus([]) == "LECTEUR_ABSENT"
    assert refus([vide(un), vide(deux)], cps=un, vitale=deux) == "CARTES_A_INSERER"
    assert refus([avec(SEUL, CPS), vide(AUTRE)]) == "CARTES_A_INSERER"
    assert refus([avec(SEUL, CPS)]) == "CARTES_A_INSERER"
    assert refus([avec(SEUL, CPS), avec(un, BANCAIRE), avec(AUTRE, BANCAIRE)], vitale=deux) == "CARTES_A_INSERER"


def test_deux_cartes_du_meme_genre() -> None:
    assert refus([avec(SEUL, CPS), avec(AUTRE, CPS)]) == "PLUSIEURS_CPS"
    assert refus([avec(SEUL, VITALE), avec(AUTRE, VITALE), avec("X 0", CPS)]) == "PLUSIEURS_VITALE"


def test_sans_contact_et_virtuels_exclus() -> None:
    un, deux = DEUX_FENTES
    exclus = [
        avec("FEI Smart Card NFC 0", VITALE),
        avec("Windows Hello for Business 1", BANCAIRE),
        avec("Lecteur sans contact 0", CPS),
        avec("demonstration", VITALE, canal="virtuel"),
        vide(" "),
    ]
    assert utilisables(exclus) == []
    assert affecter([*exclus, avec(un, CPS), vide(deux), avec(AUTRE, SANS_CONTACT)], {}) == {"cps": un, "vitale": deux}
