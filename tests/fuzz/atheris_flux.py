"""`fuzz_flux` under atheris, which follows the branches: `python -m tests.fuzz.atheris_flux b2 -max_total_time=300`.

The first argument keeps to one decoder; without it the first byte chooses. atheris is no dependency of the project.
"""

from __future__ import annotations

import functools
import sys

import atheris

# What atheris 2.3 makes of the nested loops of `entites` loses `self`: this module runs as it is.
with atheris.instrument_imports(include=["sesam_desktop.flux"], exclude=["sesam_desktop.flux.entites"]):
    from tests.fuzz import fuzz_flux

if __name__ == "__main__":
    cible = fuzz_flux.TestOneInput
    if len(sys.argv) > 1 and sys.argv[1] in fuzz_flux.DECODEURS:
        cible = functools.partial(fuzz_flux.decoder, sys.argv.pop(1))
    atheris.Setup(sys.argv, cible)
    atheris.Fuzz()
