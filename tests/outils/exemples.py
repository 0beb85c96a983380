"""How many examples hypothesis tries: few by default, as many more as its profile asks (``HYPOTHESE=profond``)."""

from __future__ import annotations

from hypothesis import settings

_COMMUN = 100  # of the default profile


def exemples(nombre: int) -> settings:
    """`nombre` by default, in proportion under another profile."""
    return settings(max_examples=max(1, nombre * settings().max_examples // _COMMUN))
