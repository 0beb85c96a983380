"""Start-up: the whole program to its first usable page ÷ a bare PySide6 window, whole processes, in the same run.

The bare window is the « hello world » of Qt's own Python tutorial: a widget with an aligned label and a button.
Medians of alternated runs, after one run of each that is not counted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest

PASSES = 15
RATIO_MAXIMAL = 1.5

FENETRE_NUE = """
import sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

class Fenetre(QWidget):
    def __init__(self):
        super().__init__()
        colonne = QVBoxLayout(self)
        colonne.addWidget(QLabel("Bonjour", alignment=Qt.AlignmentFlag.AlignCenter))
        colonne.addWidget(QPushButton("Continuer"))

    def paintEvent(self, evenement):
        super().paintEvent(evenement)
        QTimer.singleShot(0, application.quit)

application = QApplication(sys.argv)
fenetre = Fenetre()
fenetre.show()
sys.exit(application.exec())
"""


def _chronometrer(commande: list[str]) -> float:
    environnement = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environnement.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its modules compiled
    depart = time.perf_counter()
    subprocess.run(commande, check=True, env=environnement, capture_output=True)
    return time.perf_counter() - depart


@pytest.mark.banc
def test_le_demarrage_tient_le_rapport(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nue = [sys.executable, "-c", FENETRE_NUE]
    programme = [sys.executable, "-m", "sesam_desktop", "--profil", str(tmp_path), "--quitter-apres-ouverture"]
    mesures: dict[str, list[float]] = {"nue": [], "programme": []}
    for _ in range(PASSES + 1):
        mesures["nue"].append(_chronometrer(nue))
        mesures["programme"].append(_chronometrer(programme))
    nu, complet = median(mesures["nue"][1:]), median(mesures["programme"][1:])
    with capsys.disabled():
        print(f"\ndémarrage : {complet:.3f} s ÷ fenêtre nue {nu:.3f} s = {complet / nu:.2f} (au plus {RATIO_MAXIMAL})")
    assert complet / nu <= RATIO_MAXIMAL
