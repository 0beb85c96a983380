"""The workstation works where Qt is not installed: nothing below the window may import it."""

import subprocess
import sys

INTERDIRE = """
import sys
d_ailleurs = set() if sys.platform == "win32" else {"sesam_desktop.poste.sondes_windows"}  # refuses to be imported
class SansQt:
    def find_spec(self, nom, chemin=None, cible=None):
        if nom.split(".")[0] in {"PySide6", "shiboken6"}:
            raise ModuleNotFoundError(nom)
sys.meta_path.insert(0, SansQt())
try:
    import PySide6
except ModuleNotFoundError:
    pass
else:
    raise SystemExit("Qt is still there")
import pkgutil, importlib, sesam_desktop
for module in pkgutil.walk_packages(sesam_desktop.__path__, "sesam_desktop."):
    if module.name not in d_ailleurs and not module.name.startswith(("sesam_desktop.ihm", "sesam_desktop.__main__")):
        importlib.import_module(module.name)
print("tout est importé")
"""


def test_every_room_below_the_window_imports_without_qt():
    essai = subprocess.run([sys.executable, "-c", INTERDIRE], capture_output=True, text=True, check=False)
    assert essai.stdout.strip() == "tout est importé", essai.stderr
