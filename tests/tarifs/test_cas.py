"""Cases of `cas/*.toml`: published values, or arithmetic written out beside the expected amounts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sesam_desktop.factures.facture import Facture
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.tarifs.contexte import Contexte
from sesam_desktop.tarifs.moteur import tarifer

from .outils import JOUR, LECTEURS, boites, contexte, facture, ligne

DOSSIER = Path(__file__).parent / "cas"


@dataclass(frozen=True)
class Cas:
    description: dict[str, Any]
    metier: str
    fichier: dict[str, Any]

    def facture(self) -> Facture:
        d = self.description
        champs = {nom: d[nom] for nom in ("executant", "patient") if nom in d} | d.get("facture", {})
        if d.get("sans_prescription"):
            champs["prescription"] = None
        lignes = [ligne(**{nom: _valeur(nom, v) for nom, v in li.items()}) for li in d["lignes"]]
        return facture(d.get("metier", self.metier), lignes, d.get("date", JOUR), **champs)

    def contexte(self) -> Contexte:
        """Medicines and other articles written in the file, under their codes."""
        jour, f = self.description.get("date", JOUR), self.fichier
        km = {jour: self.description.get("km_factures", 0)}
        articles = {nom: LECTEURS[nom](f[nom]) for nom in LECTEURS if nom in f}
        return contexte(boites(f.get("boites", {})), km_factures=km, **articles)


def _valeur(nom: str, lue: Any) -> Any:
    """TOML has no decimals and no tuples."""
    return Decimal(lue) if nom == "coefficient" else tuple(lue) if isinstance(lue, list) else lue


def _lire() -> list[Any]:
    trouves = []
    for chemin in sorted(DOSSIER.glob("*.toml")):
        fichier = tomllib.loads(chemin.read_text(encoding="utf-8"))
        for description in fichier["cas"]:
            cas = Cas(description, fichier["metier"], fichier)
            trouves.append(pytest.param(cas, id=f"{chemin.stem}: {description['nom']}"))
    return trouves


CAS = _lire()
PRICES = [c for c in CAS if "attendu" in c.values[0].description]
REFUSES = [c for c in CAS if "refus" in c.values[0].description]


def test_les_cas_sont_nombreux_et_justifies() -> None:
    """Each one with its arithmetic in words and figures, and a source of its own or of its file."""
    assert len(PRICES) >= 300
    assert len(PRICES) + len(REFUSES) == len(CAS)
    for cas in (c.values[0] for c in PRICES):
        assert any(c.isdigit() for c in cas.description["calcul"]) or len(cas.description["calcul"]) > 20
        assert cas.description.get("source") or cas.fichier["source"]


@pytest.mark.parametrize("cas", PRICES)
def test_prix(cas: Cas) -> None:
    reponse = tarifer(cas.facture(), cas.contexte())
    lignes = [
        [
            f"{li.acte} {li.complement}".strip(), li.montant_centimes, li.base_centimes, li.taux, li.exoneration,
            li.amo_centimes, li.amc_centimes, li.assure_centimes,
        ]
        for li in reponse.lignes
    ]
    assert lignes == cas.description["attendu"]
    assert reponse.totaux.facture_centimes == sum(li[1] for li in cas.description["attendu"])
    assert reponse.totaux.amo_centimes == sum(li[5] for li in cas.description["attendu"])
    attendue = cas.description.get("alerte")
    assert attendue is None or attendue in [a.code for a in reponse.alertes]


@pytest.mark.parametrize("cas", PRICES)
def test_chaque_ligne_dit_ses_regles(cas: Cas) -> None:
    for li in tarifer(cas.facture(), cas.contexte()).lignes:
        assert len(li.regles) >= 2
        assert all(r.code and r.texte.endswith(".") and r.source and r.version for r in li.regles)


@pytest.mark.parametrize("cas", REFUSES)
def test_refus(cas: Cas) -> None:
    with pytest.raises(ErreurConnue) as refus:
        tarifer(cas.facture(), cas.contexte())
    assert [refus.value.code, refus.value.ou] == cas.description["refus"]
    assert refus.value.message.endswith(".")
