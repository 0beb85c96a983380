"""The official tables kept as articles, by the name given to `referentiels importer`."""

from __future__ import annotations

from .articles import Source

SOURCES: dict[str, Source] = {}
