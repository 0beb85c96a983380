"""Entry point of `sesam-desktop` and `python -m sesam_desktop`."""

from __future__ import annotations

import sys

OPTIONS_SIMPLES = ("--demo", "--quitter-apres-ouverture")


def main() -> None:
    """Open the window when nothing else is asked; otherwise run the command line."""
    demande = fenetre_demandee(sys.argv[1:])
    if demande is None:
        from .commandes import lancer

        lancer()
    else:
        from .ihm.lancement import demarrer

        sys.exit(demarrer(*demande))


def fenetre_demandee(arguments: list[str]) -> tuple[str, bool, bool] | None:
    """(profile, demonstration, leave once open) asked of the window; None when there is anything else.

    Start-up is measured: the command line library is not loaded only to find that there is no command.
    """
    profil, restants = "", list(arguments)
    while restants:
        option = restants.pop(0)
        if option == "--profil" and restants and not restants[0].startswith("-"):
            profil = restants.pop(0)
        elif option not in OPTIONS_SIMPLES:
            return None
    return profil, "--demo" in arguments, "--quitter-apres-ouverture" in arguments


if __name__ == "__main__":
    main()
