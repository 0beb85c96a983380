"""A portable terminal on its cradle, reached by the serial port it shares with the cards."""

from __future__ import annotations

from datetime import UTC, datetime

from sesam_desktop.lecteurs.emulation_tla import TerminalVirtuel
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.lecture import lire_puce_vitale
from sesam_desktop.lecteurs.tla.documents import PatientEmporte, ecrire_patients
from sesam_desktop.lecteurs.tla.terminal import Contenu, TerminalTla
from tests.outils import lecteur_pss as pss
from tests.outils.lecteur_pss import LecteurPss

MIDI = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_un_terminal_se_charge_par_une_ligne_bruitee(lecteur: LecteurPss, gestionnaire: Gestionnaire) -> None:
    virtuel = TerminalVirtuel(horloge=lambda: MIDI)
    lecteur.moteur.logiciel = virtuel.traiter
    (logiciel,) = gestionnaire.logiciels()
    terminal = TerminalTla(lambda message: gestionnaire.dialoguer(logiciel, message, 10.0), lambda: MIDI)
    assert terminal.identifier().numero_serie == "TLA0000001"
    patients = ecrire_patients(PatientEmporte("DURAND", f"N{n}", "19800101", "1801975000001") for n in range(50))
    lecteur.moteur.fautes.extend([None, pss.abimer(-1), None, pss.bruit_avant(b"\xf2\x00"), None, pss.perdre(2)])
    terminal.charger(Contenu.PATIENTS, patients)
    assert [p.prenom for p in virtuel.patients()] == [f"N{n}" for n in range(50)]
    assert gestionnaire.employer("vitale", lire_puce_vitale).identites[0].nom == "DURAND"
