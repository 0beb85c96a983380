"""The accounts of a workstation that has just been paid by the demonstration's frontal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste import boucle, demonstration
from sesam_desktop.poste.poste import Poste

AUJOURD_HUI = datetime.now(UTC).astimezone().date()


def releve(dossier: Path, montant: int) -> Path:
    """The bank shows this many centimes two days from now."""
    chemin = dossier / "releve.csv"
    jour = AUJOURD_HUI + timedelta(2)
    ligne = f"{jour:%d/%m/%Y};VIR CPAM VIREMENT DEMONSTRATION;;{montant // 100},{montant % 100:02d}"
    chemin.write_text(f"Date;Libellé;Débit;Crédit\n{ligne}\n", encoding="cp1252")
    return chemin


def test_du_virement_annonce_au_releve(poste: Poste, tmp_path: Path) -> None:
    poste.fermer()
    paye = demonstration.ouvrir(poste.profil, scenario="tout_paye")
    annonces: list[str] = []
    paye.changements.abonner(annonces.append)
    try:
        boucle.jouer(paye, 2)
        assert paye.paiements.balances() == []
        virements = paye.paiements.virements()
        assert sum(v.montant_centimes for v in virements) > 0
        detail = paye.paiements.virement(virements[0].id)
        assert sum(r.paye_centimes for r in detail.reglements) == virements[0].montant_centimes
        bilan = paye.paiements.importer_releve(releve(tmp_path, virements[0].montant_centimes))
        assert (bilan.nouvelles, bilan.rapprochees) == (1, 1)
        assert "paiements" in annonces
        (ligne,) = paye.paiements.lignes()
        paye.paiements.delier(ligne.id)
        paye.paiements.lier([ligne.id], [virements[0].id])
        assert [v.etat for v in paye.paiements.virements() if v.id == virements[0].id] == ["recu"]
        assert paye.paiements.rapprocher() == (0, 0)
        assert paye.paiements.rapprocher_de_nouveau().payees == 0
    finally:
        paye.fermer()


def test_relancer_puis_exporter(poste: Poste, tmp_path: Path) -> None:
    """Nothing came back: in forty days everything is late."""
    poste.fermer()
    muet = demonstration.ouvrir(poste.profil, scenario="silence")
    try:
        boucle.composer(muet, 2)
        boucle.mettre_en_lot(muet)
        muet.transmission.envoyer(maintenant=True)
        dans_40_jours = AUJOURD_HUI + timedelta(40)
        relances = [r for r in muet.paiements.relances(dans_40_jours) if r.debiteur.genre == "AMO"]
        assert relances
        for relance in muet.paiements.relances(AUJOURD_HUI + timedelta(60)):
            assert muet.paiements._lettre(relance, AUJOURD_HUI).expediteurs
        chemin = muet.paiements.relancer(relances[0], tmp_path)
        page = openpyxl.load_workbook(chemin)["Dus"]
        assert page.max_row == len(relances[0].dus) + 1
        assert chemin.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
        ailleurs = tmp_path / "une seconde fois"
        with pytest.raises(ErreurConnue) as refus:
            muet.paiements.relancer(relances[0], ailleurs)
        assert (refus.value.code, ailleurs.exists()) == ("RELANCE_VIDE", False)
        assert muet.paiements.nom(relances[0].debiteur)
        assert relances[0].debiteur not in [r.debiteur for r in muet.paiements.relances(AUJOURD_HUI + timedelta(29))]
        assert muet.paiements.dus(relances[0].debiteur)
        un_an = date(AUJOURD_HUI.year, 1, 1), date(AUJOURD_HUI.year, 12, 31)
        assert [c.suffix for c in muet.paiements.exporter(tmp_path, *un_an)] == [".xlsx"]
        assert len(muet.paiements.exporter(tmp_path, *un_an, xlsx=False)) == 5
        with pytest.raises(ErreurConnue):
            muet.paiements.classer_ligne(1)
    finally:
        muet.fermer()
