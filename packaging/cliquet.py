"""Ratchet of branch coverage: a room below its floor fails; the floors in `couverture.toml` only go up."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path


def taux(fichiers: dict, piece: str) -> float:
    """Covered lines and branches of one room, in percent."""
    resumes = [f["summary"] for nom, f in fichiers.items() if nom.startswith(f"sesam_desktop/{piece}/")]
    faits = sum(r["covered_lines"] + r["covered_branches"] for r in resumes)
    total = sum(r["num_statements"] + r["num_branches"] for r in resumes)
    return 100 * faits / total if total else 0.0


def main(rapport: str) -> int:
    fichiers = json.loads(Path(rapport).read_text(encoding="utf-8"))["files"]
    planchers = tomllib.loads(Path(__file__).with_name("couverture.toml").read_text(encoding="utf-8"))["planchers"]
    manques = 0
    for piece, plancher in planchers.items():
        mesure = taux(fichiers, piece)
        verdict = "" if mesure >= plancher else "  <-- sous le plancher"
        manques += mesure < plancher
        print(f"couverture {piece:<18} {mesure:5.1f} %  (plancher {plancher} %){verdict}")
    return 1 if manques else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
