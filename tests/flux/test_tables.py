"""The shipped tables: complete, contiguous, and at the positions that the published facts give."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sesam_desktop.flux import documentation, zones
from sesam_desktop.flux.codes_b2 import listes
from sesam_desktop.flux.registre import registre
from sesam_desktop.flux.table_zones import lire_table
from sesam_desktop.noyau.erreurs import FormatInvalide

from .fabrique import LAYOUTS

RACINE = Path(__file__).resolve().parents[2]
PUBLIES = RACINE.parent / "shared" / "reference" / "b2_layouts.json"
ENTETE = "position;longueur;type;presence;nom;libelle;valeurs;source;sensible;certitude\n"


@pytest.mark.parametrize(("variante", "type_"), [x for x in LAYOUTS if x[0].startswith("b2")])
def test_un_enregistrement_b2_compte_128_caracteres(variante: str, type_: str) -> None:
    assert zones.exiger(variante, type_).longueur == 128


# Lengths with the final @, published with the entities of a reader in production.
LONGUEURS_NOEMIE = {
    "000": 128, "999": 128, "010": 14, "020": 21, "040": 21, "070": 12, "071": 86, "080": 15, "081": 22, "100": 15,
    "102": 40, "103": 152, "110": 88, "120": 57, "150": 8, "160": 23, "198": 24, "199": 49, "210": 118, "220": 118,
    "250": 47, "261": 19, "262": 134, "290": 98, "294": 153, "295": 135, "990": 43,
}


def test_longueurs_des_entites_noemie() -> None:
    assert {type_: zones.exiger("noemie", type_).longueur for type_ in zones.types("noemie")} == LONGUEURS_NOEMIE


def test_les_types_cp_sources_sont_tous_la() -> None:
    attendus = ["000", "1", "2", "2S", "3", "3E", "3F", "3H", "3S", "4", "4B", "4E", "4H", "4M", "4S", "5", "6", "999"]
    assert list(zones.types("b2_cp_2005e")) == sorted(attendus)
    assert set(zones.types("b2_ps_140")) == {*attendus, "4F", "4P", "5S"}


def _positions(variante: str, type_: str) -> list[tuple[int, int, bool, str]]:
    """Position, length, text or digits, presence of each zone."""
    return [(z.position, z.longueur, z.type == "A", z.presence) for z in zones.exiger(variante, type_).zones]


# Where our tables say otherwise: digits published, but left blank. The end of 4P, a project record, is cut further.
ECARTS = {("b2_cp_2005e", "3F"): {(39, 4, True, "F")}, ("projet", "4F"): {(39, 4, True, "F")}}


def test_les_tables_sont_celles_de_la_source() -> None:
    if not PUBLIES.is_file():
        pytest.skip("positions publiées absentes")
    publies = json.loads(PUBLIES.read_text(encoding="utf-8"))
    for famille, variante in (("b2_cp_2005e", "b2_cp_2005e"), ("projet", "b2_ps_140")):
        for type_, layout in publies[famille].items():
            attendues = [(z["pos"], z["long"], z["type"] == "A", z["presence"]) for z in layout["zones"]]
            ecart = set(_positions(variante, type_)) - set(attendues)
            if (famille, type_) != ("projet", "4P"):
                assert ecart == ECARTS.get((famille, type_), set()), f"{famille} {type_}"
            else:
                assert _positions(variante, type_)[:18] == attendues[:18]


def test_le_profil_calque_la_norme_des_etablissements() -> None:
    """Same positions in every record but the lot header, whose professional's own zones the profile adds."""
    for type_ in zones.types("b2_cp_2005e"):
        calque = {(debut, longueur) for debut, longueur, _, _ in _positions("b2_ps_140", type_)}
        source = {(debut, longueur) for debut, longueur, _, _ in _positions("b2_cp_2005e", type_)}
        assert calque ^ source == ({(23, 3), (23, 2), (25, 1)} if type_ == "1" else set()), type_


@pytest.mark.parametrize("variante", zones.VARIANTES)
def test_chaque_zone_dit_sa_certitude(variante: str) -> None:
    """A profile of the project is one from end to end; elsewhere a zone is published or deduced."""
    fiche = registre().exiger(variante)
    for type_ in zones.declares(variante):
        trouvees = {(z.certitude, z.source[:1]) for z in zones.exiger(variante, type_).zones}
        assert trouvees <= ({("P", "P")} if fiche.certitude == "P" else {("S", "S"), ("D", "S")}), type_


def test_ce_qui_est_deduit() -> None:
    """The corrected fillers of 3S and 4S, the cut of 000 after 68, the counters of 6, digits left blank in 3F."""
    deduites = {
        (t, z.position) for t in zones.types("b2_cp_2005e") for z in zones.exiger("b2_cp_2005e", t).zones
        if z.certitude == "D"
    }
    assert deduites == {
        ("000", 68), ("000", 69), ("000", 70), ("000", 71), ("000", 72), ("3F", 39), ("3S", 116), ("4S", 56),
        ("6", 11), ("6", 14), ("6", 18), ("6", 22), ("6", 25), ("6", 34), ("6", 43),
    }


# Positions named by the published rules ([0277], [02119], [04115]…): record, zone, position, length.
@pytest.mark.parametrize(
    ("type_", "nom", "position", "longueur"),
    [
        ("000", "numero_destinataire", 28, 14),
        ("000", "identification_fichier", 50, 6),
        ("000", "norme", 62, 4),
        ("000", "longueur_enregistrement", 83, 3),
        ("1", "numero_lot", 20, 3),
        ("2", "nature_assurance", 77, 2),
        ("2", "exoneration_facture", 79, 1),
        ("2", "accident", 86, 9),
        ("2", "eclatement", 95, 1),
        ("2", "type_contrat", 117, 2),
        ("2", "numero_complementaire", 119, 10),
        ("2S", "parcours", 121, 1),
        ("3", "montant_amo", 94, 8),
        ("3", "depense", 102, 8),
        ("3", "montant_amc", 122, 7),
        ("4", "exoneration", 54, 1),
        ("4", "executant", 57, 9),
        ("4", "montant_amo", 108, 7),
        ("4", "honoraires", 115, 7),
        ("4", "montant_amc", 123, 6),
        ("4M", "code_ccam", 43, 13),
        ("5", "nombre_enregistrements", 39, 3),
        ("5", "participation_assure", 74, 8),
        ("6", "numero_lot", 52, 3),
        ("999", "nombre_enregistrements", 56, 8),
    ],
)
@pytest.mark.parametrize("variante", ["b2_cp_2005e", "b2_ps_140"])
def test_positions_publiees(variante: str, type_: str, nom: str, position: int, longueur: int) -> None:
    zone = zones.exiger(variante, type_).par_nom[nom]
    assert (zone.position, zone.longueur) == (position, longueur)


# Codes of the published lists, by hand.
@pytest.mark.parametrize(
    ("type_", "nom", "codes"),
    [
        ("2", "nature_assurance", "10 13 30 41 90"),
        ("2", "exoneration_facture", "0 1 2 3 4 5 6 7 9 C"),
        ("2", "justificatif_droits", "0 1 2 3 4 5"),
        ("2", "eclatement", "F"),
        ("2S", "parcours", "A B D H J M N O R S T U"),
        ("2S", "top_medecin_traitant", "O N"),
        ("3", "exoneration", "0 1 2 3 4 5 6 7 9 C"),
        ("3", "participation", "A R L"),
        ("3S", "accord_prealable", "0 4 5 9"),
        ("4", "origine_prescription", "T O P S"),
        ("4S", "condition_executant", "L S B"),
        ("4S", "domaine_activite", "M C O N S"),
        ("4M", "association", "1 2 3 4 5"),
        ("000", "type_flux", "R T D"),
    ],
)
def test_codes_publies(type_: str, nom: str, codes: str) -> None:
    zone = zones.exiger("b2_cp_2005e", type_).par_nom[nom]
    assert [v for v in zone.valeurs if v] == codes.split()
    assert not zone.ouverte


def test_dents_en_notation_a_deux_chiffres() -> None:
    """32 permanent teeth, 20 milk teeth, 8 arches and sextants, 4 quadrants."""
    codes = [code.code for code in listes()["dent"].codes]
    assert len(codes) == len(set(codes)) == 32 + 20 + 8 + 4
    assert {"18", "48", "55", "85", "08", "40"} <= set(codes)
    assert not {"19", "56", "00", "09", "50"} & set(codes)


def test_regimes_et_types_sont_ceux_de_l_adressage() -> None:
    with (RACINE / "resources" / "flux" / "types_organismes.csv").open(encoding="utf-8", newline="") as table:
        rangees = list(csv.DictReader(table, delimiter=";"))
    assert {r["regime"] for r in rangees} == {code.code for code in listes()["regime"].codes}
    assert {r["type"] for r in rangees} <= {code.code for code in listes()["type_organisme"].codes}


def test_les_listes_ouvertes() -> None:
    assert {nom for nom, liste in listes().items() if not liste.fermee} == {"qualificatif", "regime", "type_organisme"}


def test_les_zones_chiffrees_du_profil_liberal() -> None:
    sensibles = {
        (type_, zone.nom)
        for type_ in zones.types("b2_ps_140")
        for zone in zones.exiger("b2_ps_140", type_).zones
        if zone.sensible
    }
    assert {t for t, _ in sensibles} == {"2", "3", "3E", "3F", "3S", "4", "4E", "4F", "4M", "4P"}
    assert ("2", "exoneration_facture") in sensibles
    assert ("4", "prescripteur") in sensibles
    assert ("4P", "code_cip13") in sensibles
    assert ("2", "nir_assure") not in sensibles
    assert not any(z.sensible for t in zones.types("b2_cp_2005e") for z in zones.exiger("b2_cp_2005e", t).zones)


@pytest.mark.parametrize(
    "rangees",
    [
        "",
        "2;1;N;O;a;A;;;;S\n",
        "1;1;N;O;a;A;;;;S\n3;1;N;O;b;B;;;;S\n",
        "1;1;X;O;a;A;;;;S\n",
        "1;0;N;O;a;A;;;;S\n",
        "1;1;N;O;a;A;12;;;S\n",
        "1;1;N;O;a;A;;;;S\n2;1;N;O;a;A;;;;S\n",
        "1;1;N;O;a;A;;;;\n",
        "1;1;N;O;a;A;;;;X\n",
        "1;14;N;O;a;A;liste:inconnue;;;S\n",
    ],
)
def test_table_incoherente_refusee(tmp_path: Path, rangees: str) -> None:
    table = tmp_path / "9.csv"
    table.write_text(ENTETE + rangees, encoding="utf-8")
    with pytest.raises(FormatInvalide):
        lire_table(table)


def test_la_documentation_est_a_jour() -> None:
    page = (RACINE / "docs" / "formats.md").read_text(encoding="utf-8")
    assert page == documentation.generer(), "python -m sesam_desktop.flux.documentation > docs/formats.md"
