"""Help pages: every command's page is in French, down to what click writes of its own."""

import re

import pytest

from sesam_desktop.commandes import lancer
from sesam_desktop.commandes.racine import COMMANDES

ANGLAIS = re.compile(r"\b(Commands|Show|exit|DIRECTORY|INTEGER|TEXT|COMMAND|ARGS|default)\b")


def aide(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as fin:
        lancer([*arguments, "--help"])
    assert fin.value.code == 0
    return capsys.readouterr().out


def test_root_page(capsys: pytest.CaptureFixture[str]):
    page = aide(capsys)
    assert page.startswith("Usage : sesam-desktop")
    assert "Commandes :" in page
    assert "Affiche cette aide." in page
    assert not ANGLAIS.search(page)


@pytest.mark.parametrize("commande", sorted(COMMANDES))
def test_every_page(commande: str, capsys: pytest.CaptureFixture[str]):
    page = aide(capsys, commande)
    assert "Usage : sesam-desktop " + commande in page
    assert not ANGLAIS.search(page), page
