"""Entry point of `sesam-desktop` and `python -m sesam_desktop`."""

from __future__ import annotations


def main() -> None:
    """Run the command line; without a command, open the window."""
    from .commandes import lancer

    lancer()


if __name__ == "__main__":
    main()
