"""Start-up: the whole program to its first usable page ÷ a bare PySide6 window, whole processes, in the same run.

The bare window is the « hello world » of Qt's own Python tutorial: a widget with an aligned label and a button. Both
print a line from their event loop right after their first paint; the time is from the start of the process to that
line. The program then opens its workstation: the time until the page shows its data is printed besides, as a figure.
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
        QTimer.singleShot(0, self.dire)

    def dire(self):
        print("page peinte", flush=True)
        application.quit()

application = QApplication(sys.argv)
fenetre = Fenetre()
fenetre.show()
sys.exit(application.exec())
"""


def _chronometrer(commande: list[str]) -> list[float]:
    """Seconds from the start of the process to each line it prints."""
    environnement = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environnement.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its modules compiled
    depart = time.perf_counter()
    with subprocess.Popen(commande, env=environnement, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as processus:
        assert processus.stdout is not None
        instants = [time.perf_counter() - depart for ligne in processus.stdout if b"plugin" not in ligne]
    assert processus.returncode == 0
    return instants


@pytest.mark.banc
def test_le_demarrage_tient_le_rapport(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nue = [sys.executable, "-c", FENETRE_NUE]
    programme = [sys.executable, "-m", "sesam_desktop", "--profil", str(tmp_path), "--quitter-apres-ouverture"]
    nues: list[float] = []
    peintes: list[float] = []
    remplies: list[float] = []
    for _ in range(PASSES + 1):
        nues.append(_chronometrer(nue)[0])
        peinte, remplie = _chronometrer(programme)
        peintes.append(peinte)
        remplies.append(remplie)
    nu, complet, donnees = median(nues[1:]), median(peintes[1:]), median(remplies[1:])
    with capsys.disabled():
        print(f"\ndémarrage, première page utilisable : {complet:.3f} s ÷ fenêtre nue {nu:.3f} s = {complet / nu:.2f}"
              f" (au plus {RATIO_MAXIMAL})")
        print(f"démarrage, poste ouvert et données affichées : {donnees:.3f} s")
    assert complet / nu <= RATIO_MAXIMAL
