"""Latest events of the readers."""

from itertools import pairwise

from sesam_desktop.lecteurs.gestionnaire import Evenement, Genre
from sesam_desktop.poste.chronique import TAILLE, Chronique


def test_latest_first_and_bounded():
    chronique = Chronique()
    for rang in range(TAILLE + 5):
        chronique.noter(Evenement(Genre.INSEREE, f"canal {rang}"))
    lus = chronique.lire()
    assert (len(lus), lus[0].evenement.canal) == (TAILLE, f"canal {TAILLE + 4}")
    assert lus[0].instant.tzinfo is not None
    assert all(suivant.instant <= avant.instant for avant, suivant in pairwise(lus))
