"""What is typed in a date field is what it holds, whatever month it showed."""

import pytest
from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtTest import QTest

from sesam_desktop.ihm.composants.champ_date import ChampDate, ChampInstant

NOVEMBRE = QDate(2026, 11, 22)


@pytest.fixture
def champ(qtbot) -> ChampDate:
    champ = ChampDate()
    qtbot.addWidget(champ)
    champ.setDate(NOVEMBRE)
    champ.show()
    champ.setFocus()
    champ.setSelectedSection(ChampDate.Section.DaySection)
    return champ


@pytest.mark.parametrize(
    ("frappe", "attendue"),
    [
        ("31/10/2026", QDate(2026, 10, 31)),
        ("30/10/2026", QDate(2026, 10, 30)),
        ("31102026", QDate(2026, 10, 31)),
        ("1/2/2026", QDate(2026, 2, 1)),
        ("29-02-2024", QDate(2024, 2, 29)),
        ("5.11.2026", QDate(2026, 11, 5)),
    ],
)
def test_la_date_tapee_est_gardee(champ: ChampDate, frappe: str, attendue: QDate) -> None:
    QTest.keyClicks(champ, frappe)
    QTest.keyClick(champ, Qt.Key.Key_Tab)
    assert champ.date() == attendue


def test_une_date_inexistante_se_dit_et_ne_change_rien(champ: ChampDate, qtbot) -> None:
    with qtbot.waitSignal(champ.inexistante) as dite:
        QTest.keyClicks(champ, "31/02/2026")
    assert dite.args == ["Le 31/02/2026 n'existe pas : ressaisissez la date."]
    assert champ.date() == NOVEMBRE


def test_les_fleches_marchent_toujours(champ: ChampDate) -> None:
    QTest.keyClick(champ, Qt.Key.Key_Up)
    assert champ.date() == NOVEMBRE.addDays(1)


@pytest.mark.parametrize("frappe", ["31/10/2026 21:15", "311020262115", "31/10/2026 2115"])
def test_le_jour_puis_l_heure(qtbot, frappe: str) -> None:
    champ = ChampInstant()
    qtbot.addWidget(champ)
    champ.setDateTime(QDateTime(NOVEMBRE, QTime(9, 0)))
    champ.show()
    champ.setFocus()
    champ.setSelectedSection(ChampInstant.Section.DaySection)
    QTest.keyClicks(champ, frappe)
    assert champ.dateTime() == QDateTime(QDate(2026, 10, 31), QTime(21, 15))
