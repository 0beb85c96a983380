"""A small CCAM in the shapes of the official file; its codes and values are fictitious."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

ENTETE = (
    ("CNAM - CCAM version 12 applicable 01/02/2027",),
    ("Code", "", "Texte", "Activité", "Phase", "Tarif\nSecteur 1", "Tarif\nHors secteur 1", "Rembt. ss Cdtions",
     "Accord Préalable", "Exo. TM", "Regroupement"),
)  # fmt: skip
CHAPITRES = (
    ("1", "", "SYSTÈME FICTIF"),
    ("", "", "À l'exclusion de : ce qui est réel"),
    (),
    ("01.01", "", "Actes fictifs"),
    ("", "", "Facturation : ne peut pas être facturé avec un forfait (ZZZZ009)"),
)
SIMPLE = (
    ("AAAA001", "", "Ponction d'un cœur imaginaire", "1", "0", "10.50", "9.00", "", "", "2", "ATM"),
    ("[F, P]", "", "Facturation : ne peut pas être facturé avec un autre acte (AAAA002)"),
    ("", "", "Indication : aucune"),
    ("", "", "(GGGG001)", "", "", "0.00", "0.00"),
)
ANESTHESIE = (
    ("AAAA002", "", "Acte à deux activités", "1", "0", "100.00", "90.00", "RC", "AP", "1-7", "ADC"),
    ("[A,7 ]", "", "anesthésie", "4", "0", "40.00", "40.00", "", "", "5 -7", "ADA"),
    ("", "", "(GGGG001, GGGG002)"),
)
PHASES = (
    ("AAAA003", "", "Acte en deux temps", "", "", "", "", "RC"),
    ("", "", "À l'exclusion de : acte simple (AAAA001)"),
    (),
    ("", "", "Phase 1 : pose", "1", "1", "248, 15", "20", "", "", "", "ATM"),
    ("", "", "Phase 2 : ablation", "1", "2", "Non pris en charge", "Non pris en charge", "", "", "2", "ATM"),
)
MODIFICATEURS = (
    ("19.03", "", "MODIFICATEURS"),
    ("U", "", "La nuit", "", "", "25.15", "25.15"),
    ("", "", "À l'exclusion de : acte réalisé par les chirurgiens"),
    ("", "", "La nuit, par les chirurgiens", "", "", "50.00", "50.00"),
    ("E", "", "Chez un enfant", "", "", "+49%", "+49%"),
    ("T", "", "Selon le secteur", "", "", "21,5%", "+6,50%"),
    ("B", "", "Au bloc", "", "", "0.49", "+49%"),
)
Rangees = Sequence[Sequence[str]]
CORPS: Rangees = (*CHAPITRES, *SIMPLE, *ANESTHESIE, *PHASES, *MODIFICATEURS)


def ccam(*rangees: Sequence[str], entete: Rangees = ENTETE, separateur: str = ",") -> str:
    """The file, each row completed to eleven columns. Without rows: the whole small CCAM."""
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=separateur, lineterminator="\n")
    for rangee in (*entete, *(rangees or CORPS)):
        ecrivain.writerow((*rangee, *[""] * (11 - len(rangee))))
    return sortie.getvalue()
