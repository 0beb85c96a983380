"""A keyring for programs run by the tests: it reads what the test put in their environment.

Used with ``PYTHON_KEYRING_BACKEND=tests.outils.trousseau.Trousseau`` and ``MOT_DE_PASSE_DE_TEST``.
"""

from __future__ import annotations

import os

from keyring.backend import KeyringBackend


class Trousseau(KeyringBackend):
    """One password, whoever asks."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        return os.environ.get("MOT_DE_PASSE_DE_TEST")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError
