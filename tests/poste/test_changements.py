"""Announcements of what changed."""

import pytest

from sesam_desktop.poste.changements import Changements


def test_every_receiver_hears_every_name_until_it_leaves():
    changements, un, deux = Changements(), [], []
    quitter = changements.abonner(un.append)
    changements.abonner(deux.append)
    changements.annoncer("factures", "lots")
    quitter()
    quitter()
    changements.annoncer("retours")
    assert un == ["factures", "lots"]
    assert deux == ["factures", "lots", "retours"]


def test_a_receiver_may_leave_while_it_is_told():
    changements, entendu = Changements(), []

    def une_fois(quoi: str) -> None:
        entendu.append(quoi)
        quitter()

    quitter = changements.abonner(une_fois)
    changements.annoncer("cartes")
    changements.annoncer("cartes")
    assert entendu == ["cartes"]


@pytest.mark.journal_attendu
def test_a_receiver_that_fails_stops_neither_the_others_nor_the_caller(caplog: pytest.LogCaptureFixture):
    changements, entendu = Changements(), []

    def echouer(_nom: str) -> None:
        raise RuntimeError("page fermée")

    changements.abonner(echouer)
    changements.abonner(entendu.append)
    changements.annoncer("factures")
    assert entendu == ["factures"]
    assert "à l'annonce de « factures »" in caplog.text
