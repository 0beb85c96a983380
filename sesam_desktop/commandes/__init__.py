"""The command line: one module a command, loaded only when it is called."""

from __future__ import annotations

from .racine import lancer

__all__ = ["lancer"]
