"""A mailbox tried against the funds of the demonstration: both servers reached, a wrong password told."""

from __future__ import annotations

import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.configuration import Configuration
from sesam_desktop.poste.essai_courrier import essayer
from sesam_desktop.poste.poste import Poste


def test_une_boite_sans_compte_emploie_celui_des_caisses(poste: Poste) -> None:
    accepte = "connexion protégée, certificat et mot de passe acceptés."
    assert essayer(poste, "RSV") == f"Envoi par 127.0.0.1, relève par 127.0.0.1 : {accepte}"
    assert essayer(poste, "OCT").endswith(f"(ceux de la boîte des caisses) : {accepte}")


def test_un_mot_de_passe_faux_se_dit(poste: Poste) -> None:
    with pytest.raises(ErreurConnue) as refus:
        essayer(poste, "RSV", secret="faux-de-test")
    assert refus.value.code == "IDENTIFICATION_REFUSEE"


def test_une_boite_a_moitie_reglee_ne_s_essaie_pas(poste: Poste) -> None:
    with pytest.raises(ErreurConnue) as refus:
        essayer(poste, "RSV", Configuration())
    assert refus.value.code == "COURRIER_NON_CONFIGURE"
