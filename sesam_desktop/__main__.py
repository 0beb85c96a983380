"""Entry point of `sesam-desktop` and `python -m sesam_desktop`."""

from __future__ import annotations

import sys


def main() -> None:
    """Open the window when nothing else is asked; otherwise run the command line."""
    demande = fenetre_demandee(sys.argv[1:])
    if demande is None:
        from .commandes import lancer

        lancer()
    else:
        from .ihm.lancement import demarrer

        sys.exit(demarrer(**demande))


def fenetre_demandee(arguments: list[str]) -> dict[str, str | bool] | None:
    """What the window is asked, or None when there is anything else than its three plain options.

    Start-up is measured: the command line library is not loaded only to find that there is no command.
    """
    demande: dict[str, str | bool] = {}
    restants = list(arguments)
    while restants:
        option = restants.pop(0)
        if option in ("--demo", "--quitter-apres-ouverture"):
            demande["demonstration" if option == "--demo" else "quitter"] = True
        elif option == "--profil" and restants and not restants[0].startswith("-"):
            demande["profil"] = restants.pop(0)
        else:
            return None
    return demande


if __name__ == "__main__":
    main()
