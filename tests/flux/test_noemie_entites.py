"""Every entity of a return, its bytes written by hand from the published positions, read into values."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.flux import noemie
from sesam_desktop.flux.anomalie import valide
from sesam_desktop.flux.enregistrement import Enregistrement, assembler
from sesam_desktop.flux.entites import Bornes, decouper_flux
from sesam_desktop.flux.noemie import facture_lue, lecteur
from sesam_desktop.noyau.erreurs import FormatInvalide
from tests.outils.exemples import exemples

from .fabrique import CLE, ENTETE, NIR, corps_noemie, valeurs

NIR_O, CLE_O = NIR.encode(), CLE.encode()
E010 = b"01001" + b"0099999" + b"7" + b"@"
E020 = b"02001" + b"000000999000011" + b"@"
E040 = b"04002" + b"000000999000012" + b"@"
E070 = b"07002" + b"260311" + b"@"
E071 = b"07102" + b"260310" + b"VIR REF 1".ljust(32) + b"SUITE".ljust(32) + b"CPAM 721".ljust(10) + b"@"
E080 = b"08003" + b"260303" + b"007" + b"@"
E081 = b"08102" + b"04" + b"LIEU 1".ljust(14) + b"@"
E102 = b"10204" + b"000000123" + b"C00001" + b"008" + b"260304" + b"D" + b"260302" + b"E" + b"AS" + b"@"
E103 = (
    b"10305" + NIR_O + CLE_O + b"DURAND".ljust(25) + b"MARTIN".ljust(25) + b"ANNE".ljust(15) + b"2801999000001" + b"49"
    + b"801900" + b"2" + b"PETIT".ljust(25) + b"LEO".ljust(15) + b"0042" + b"@"
)
E110 = b"11005" + NIR_O + CLE_O + b"U" + b"MARTIN".ljust(25) + b" " * 26 + b"ANNE".ljust(15) + b"@"
E120 = b"12005" + b"801900" + b"3" + b"PETIT".ljust(25) + b"LEO".ljust(15) + b"0042" + b"@"
E150 = b"15005" + b"AM" + b"@"
E160 = b"16005" + b"00000000000000042" + b"@"
E198 = b"19805" + b"00000756" + b"P" + b"00000700" + b"N" + b"@"
E199 = b"19905" + b"00000504" + b"D" + b"        " + b"P" + b"0099999997" + b"ADH1".ljust(15) + b"@"
E210 = (
    b"21005" + b"02" + b"10" + b"4" + b"07" + b"177" + b"260301" + b"260302" + b"260303" + b"00000315" + b"00001260"
    + b"060" + b"00000756" + b"N" + b"AMI" + b"N " + b"002" + b"00400" + b"001" + b"00001300" + b"DE" + b"030"
    + b"00000378" + b"040" + b"00000126" + b"00001000" + b"@"
)
E220 = (
    b"22005" + b"03" + b"10" + b"0" + b"03" + b"174" + b"260305" + b"260306" + b"00002000" + b"00001800" + b"080"
    + b"00001440" + b"P" + b"PJ " + b"  " + b"001" + b"00100" + b"001" + b"00002000" + b"  " + b"01234" + b"5" + b"000"
    + b"00000000" + b"020" + b"00000360" + b"00001800" + b"@"
)
E250 = b"25003" + b"01" + b"DETTE1".ljust(10) + b"260201" + b"IND" + b"RPR" + b"00000200" + b"N" + b"00000050" + b"@"
E261 = b"26103" + b"00042" + b"00005000" + b"@"
E262 = (
    b"26204" + b"00042" + b"FORFAIT ANNUEL".ljust(80) + NIR_O + CLE_O + b"801900" + b"1" + b"A" + b"260101" + b" " * 6
    + b"00005000" + b"@"
)
E290 = b"29005" + b"00" + b"0009".ljust(10) + b"ALD INCONNUE".ljust(80) + b"@"
E294 = (
    b"29405" + b"0450" + b"CONTRAT CLOS".ljust(86) + b"L" + b"C" + b"AMI  " + b"260302" + b"999000011" + b"002" + b"01"
    + b"REF 0009-816".ljust(30) + b"@"
)
E295 = b"29505" + b"2" + b"DOSSIER TRANSMIS".ljust(128) + b"@"
FACTURE = (E102, E103, E150, E160, E198, E199, E210, E220, E290, E294, E295)
ASSURE = noemie.Personne(NIR, CLE, "DURAND", "MARTIN", "ANNE")


def fichier(*entites: bytes) -> bytes:
    """A return of these entities, with the header and the end."""
    corps = [Enregistrement(e[:3].decode(), e, "noemie") for e in entites]
    return noemie.composer(ENTETE, corps)


def lire(*entites: bytes) -> noemie.RetourNoemie:
    return noemie.lire(fichier(*entites))


def test_facture_entiere() -> None:
    (facture,) = lire(E010, E020, E040, E071, E081, E080, *FACTURE).factures
    assert (facture.numero, facture.complement, facture.lot, facture.type) == ("000000123", "C00001", "008", "D")
    assert (facture.date_lot, facture.date_facture) == (date(2026, 3, 4), date(2026, 3, 2))
    assert (facture.traitement_amc, facture.nature_assurance, facture.archivage) == ("E", "AM", "00000000000000042")
    assert (facture.etat_amo, facture.demande_amo, facture.paye_amo) == ("P", 756, -700)
    assert (facture.etat_amc, facture.demande_amc, facture.paye_amc) == ("D", 504, 0)
    assert (facture.numero_amc, facture.numero_adherent) == ("0099999997", "ADH1")
    assert facture.assure == ASSURE
    assert facture.beneficiaire == noemie.Personne(
        "2801999000001", "49", "PETIT", prenom="LEO", naissance="801900", rang="2", unite_gestion="0042"
    )
    assert facture.commentaires == (noemie.Commentaire("DOSSIER TRANSMIS", "2"),)


def test_ce_qui_est_au_dessus_de_la_facture() -> None:
    (facture,) = lire(E010, E020, E040, E071, E081, E080, *FACTURE).factures
    assert (facture.virement, facture.date_paiement) == (0, date(2026, 3, 10))
    assert (facture.organisme_payeur, facture.amc) == ("CPAM 721", "00999997")
    assert (facture.mandataire, facture.destinataire_reglement) == ("000000999000011", "000000999000012")
    assert (facture.type_retour, facture.lieu_execution) == ("04", "LIEU 1")


def test_journees_et_organismes() -> None:
    lu = lire(E010, E020, E040, E071, E070)
    assert lu.organismes == (noemie.Organisme("0099999", "7"),)
    de = {"mandataire": "000000999000011", "destinataire_reglement": "000000999000012", "amc": "00999997"}
    assert lu.journees == (
        noemie.Journee(date(2026, 3, 10), "VIR REF 1 SUITE", "CPAM 721", virement=True, **de),
        noemie.Journee(date(2026, 3, 11), **de),
    )


def test_un_nouveau_mandataire_repart_de_rien() -> None:
    """What the transfer of the first one pays says nothing of the invoices of the second."""
    premiere, seconde = lire(E020, E040, E071, E081, E080, E102, E198, E020, E102).factures
    assert (premiere.virement, seconde.virement, seconde.date_paiement) == (0, None, None)
    assert (seconde.destinataire_reglement, seconde.type_retour, seconde.organisme_payeur) == ("", "", "")
    (apres,) = lire(E020, E071, E010, E102).factures
    assert (apres.mandataire, apres.virement, apres.amc) == ("", None, "00999997")


def test_chaque_virement_a_ses_factures() -> None:
    factures = lire(E071, E080, E102, E070, E102, E102).factures
    assert [f.virement for f in factures] == [0, 1, 1]


def test_acte_et_frais_hospitaliers() -> None:
    acte, frais = lire(*FACTURE).factures[0].lignes
    assert acte == noemie.LigneRetour(
        ligne=2, nature="AMI", complement="N", quantite=2, base_centimes=1260, taux=60, rembourse_centimes=-756,
        depense_centimes=1300, amc_centimes=126, qualificatif="DE", date_soins=date(2026, 3, 2), entite="210",
        date_fin=date(2026, 3, 3), date_prescription=date(2026, 3, 1), code_gestion="10", exoneration="4",
        mode_traitement="07", discipline="177", prix_unitaire_centimes=315, coefficient=400, denombrement=1,
        taux_alsace_moselle=30, alsace_moselle_centimes=378, taux_amc=40, base_amc_centimes=1000,
    )  # fmt: skip
    assert frais == noemie.LigneRetour(
        ligne=3, nature="PJ", complement="", quantite=1, base_centimes=1800, taux=80, rembourse_centimes=1440,
        depense_centimes=2000, amc_centimes=360, qualificatif="", date_soins=date(2026, 3, 5), entite="220",
        date_fin=date(2026, 3, 6), code_gestion="10", exoneration="0", mode_traitement="03", discipline="174",
        prix_unitaire_centimes=2000, coefficient=100, denombrement=1, taux_amc=20, base_amc_centimes=1800,
        coefficient_hospitalisation=1234, code_forfait="5",
    )  # fmt: skip


def test_motifs() -> None:
    ancien, nouveau = lire(*FACTURE).factures[0].motifs
    assert (ancien.code, ancien.libelle, ancien.niveau, ancien.part) == ("0009", "ALD INCONNUE", "F", "O")
    assert nouveau == noemie.Rejet(
        "0450", "CONTRAT CLOS", "L", "C", 2, "AMI", date(2026, 3, 2), "REF 0009-816", "999000011", 1
    )


def test_assure_et_malade_separes() -> None:
    facture = lire(E102, E110, E120).factures[0]
    assert facture.assure == noemie.Personne(NIR, CLE, nom_usage="MARTIN", prenom="ANNE")
    assert facture.beneficiaire == noemie.Personne(
        nom="PETIT", prenom="LEO", naissance="801900", rang="3", unite_gestion="0042"
    )
    de_naissance = lire(E102, E110.replace(CLE_O + b"U", CLE_O + b"P")).factures[0].assure
    assert (de_naissance.nom, de_naissance.nom_usage) == ("MARTIN", "")


def test_une_personne_ne_se_montre_pas_dans_un_journal() -> None:
    facture = lire(*FACTURE).factures[0]
    assert not [mot for mot in (NIR, "DURAND", "MARTIN", "ANNE", "PETIT") if mot in repr(facture)]


def test_retenue_de_la_facture_ou_seule() -> None:
    lu = lire(E071, E081, E102, E250, E081, E250)
    attendu = noemie.Retenue("DETTE1", "IND", -200, 50, date(2026, 2, 1), "RPR", 1, "000000123", 0, "CPAM 721", "04")
    assert lu.retenues[0] == attendu
    assert [r.facture for r in lu.retenues] == ["000000123", ""]


def test_une_retenue_apres_le_controle_de_la_facture_est_seule() -> None:
    """The 990 ends the entities of the invoice; a motive that comes late is still its own."""
    e990 = noemie.ecriture.controle("102", []).octets
    lu = noemie.lire(fichier(E102, E198) [:-128] + e990 + E250 + E294 + fichier()[-128:])
    assert lu.retenues[0].facture == ""
    assert len(lu.factures[0].motifs) == 1


def test_forfait_et_ses_details() -> None:
    (forfait,) = lire(E071, E081, E261, E262, E262).forfaits
    detail = noemie.DetailForfait(
        "00042", "FORFAIT ANNUEL", 5000, "A", date(2026, 1, 1), noemie.Personne(NIR, CLE, naissance="801900", rang="1")
    )
    assert forfait == noemie.Forfait("00042", 5000, (detail, detail), 0, "CPAM 721", "04")
    assert forfait.libelle == "FORFAIT ANNUEL"


def test_mots_hors_facture() -> None:
    lu = lire(E071, E290, E295, E160, E102)
    assert [m.code for m in lu.motifs] == ["0009"]
    assert lu.commentaires == (noemie.Commentaire("DOSSIER TRANSMIS", "2"),)
    assert lu.archivages == (noemie.Archivage("00000000000000042"),)
    assert lu.factures[0].motifs == ()


def test_entite_inconnue_gardee() -> None:
    lu = lire(E071, b"77701@", E102, b"77802ZONE@", E198)
    assert [(e.code, e.octets, e.facture) for e in lu.inconnues] == [
        ("777", b"77701@", ""), ("778", b"77802ZONE@", "000000123"),
    ]  # fmt: skip
    assert lu.factures[0].etat_amo == "P"
    assert lu.entites == 8  # with the header, the 990 of the day and the end


def test_tout_ce_qui_est_lu_est_rendu() -> None:
    """Nothing between the header and the end is dropped: each entity is found in a value."""
    lu = lire(E010, E020, E040, E071, E081, E080, *FACTURE, E250, E261, E262, b"777@")
    assert (len(lu.organismes), len(lu.journees), len(lu.lots), len(lu.factures)) == (1, 1, 1, 1)
    assert (len(lu.retenues), len(lu.forfaits), len(lu.inconnues)) == (1, 1, 1)
    assert lu.total_centimes == -700 - 200 + 5000


@pytest.mark.parametrize(
    "entites",
    [(E198,), (E199,), (E210,), (E220,), (E103,), (E110,), (E120,), (E150,), (E262,), (E102, E198, E198), (E102, E262)],
    ids=lambda entites: "-".join(e[:3].decode() for e in entites),
)
def test_suite_impossible_refusee(entites: tuple[bytes, ...]) -> None:
    with pytest.raises(FormatInvalide) as refus:
        lire(*entites)
    assert refus.value.code == "SEQUENCE"


def test_bornes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facture_lue, "ENTITES_MAX", 2)
    monkeypatch.setattr(lecteur, "DETAILS_MAX", 1)
    for trop in ((E102, E198, E210, E210), (E261, E262, E262)):
        with pytest.raises(FormatInvalide) as refus:
            lire(*trop)
        assert refus.value.code == "TROP_GROS"


HORS = (E010, E020, E040, E070, E071, E080, E081, E110, E120, E250, E261, E262)
ENTITES = {e[:3].decode(): e for e in (*HORS, *FACTURE)}


@pytest.mark.parametrize("code", sorted(ENTITES))
def test_octets_a_la_main_relus_et_reecrits(code: str) -> None:
    e = Enregistrement(code, ENTITES[code], "noemie")
    assert noemie.entite(code, **{n: v for n, v in e.zones.items() if n != "niveau"}).octets[5:] == e.octets[5:]
    assert noemie.verifier(fichier(e.octets)) == []


_libres = {
    "010": "organismes", "071": "journees", "080": "lots", "102": "factures", "250": "retenues", "261": "forfaits",
}  # fmt: skip


@exemples(20)
@given(donnees=st.data())
def test_retour_compose_relu(donnees: st.DataObject) -> None:
    """Any entities that open something, in any order: each is counted, and streaming says the same as reading whole."""
    codes = donnees.draw(st.lists(st.sampled_from([*sorted(_libres), "020", "040", "081"]), max_size=8))
    layouts = [Enregistrement(code, ENTITES[code], "noemie").layout for code in codes]
    corps = [noemie.entite(lu.type, **_sauf_niveau(donnees.draw(valeurs(lu)))) for lu in layouts if lu]
    octets = noemie.composer(ENTETE, corps)
    lu = noemie.lire(octets)
    for code, champ in _libres.items():
        assert len(getattr(lu, champ)) == codes.count(code)
    assert noemie.rassembler(noemie.parcourir(io.BytesIO(octets))) == lu
    assert assembler(noemie.enregistrements(octets)) == octets


def _sauf_niveau(zones: dict[str, object]) -> dict[str, object]:
    return {nom: valeur for nom, valeur in zones.items() if nom not in ("niveau", "entite", "fin")}


class _Compteur(io.BytesIO):
    """A file that says how much was asked for at once."""

    plus_grand = 0

    def read(self, taille: int | None = -1) -> bytes:
        self.plus_grand = max(self.plus_grand, taille if taille and taille > 0 else 1 << 40)
        return super().read(taille)


def test_parcourir_est_a_memoire_constante() -> None:
    """1,500 invoices (0.7 MB), then three times more: the peak is the same."""

    def pic(nombre: int) -> int:
        debut, suite = fichier(E071, E080), E102 + E103 + E294 + E295
        octets = debut[:128] + E071 + E080 + suite * nombre + debut[-128:]
        flux = _Compteur(octets)
        tracemalloc.start()
        lues = sum(isinstance(e, noemie.FactureRetour) for e in noemie.parcourir(flux))
        pic_lu = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert lues == nombre
        assert flux.plus_grand <= 1 << 20
        return pic_lu

    assert pic(4500) < 1.2 * pic(1500)


def test_un_flux_trop_gros_est_refuse() -> None:
    """The bound is on the file, whatever it holds: blanks lines count."""
    debut = fichier()[:128]
    with pytest.raises(FormatInvalide) as refus:
        list(decouper_flux(io.BytesIO(debut + b"\n" * 5000), "noemie", Bornes(5000, 10)))
    assert refus.value.code == "TROP_GROS"


@pytest.mark.parametrize("coupe", range(1, 1399, 97))
def test_un_flux_coupe_n_est_jamais_lu_entier(coupe: int) -> None:
    octets = noemie.composer(ENTETE, corps_noemie())
    with pytest.raises(FormatInvalide):
        list(noemie.parcourir(io.BytesIO(octets[:coupe])))


def test_les_entites_a_cheval_sur_deux_blocs() -> None:
    """A source that gives few bytes at a time is read the same."""

    class Goutte(io.BytesIO):
        def read(self, taille: int | None = -1) -> bytes:
            return super().read(min(taille or 0, 7))

    octets = noemie.composer(ENTETE, corps_noemie())
    assert noemie.rassembler(noemie.parcourir(Goutte(octets))) == noemie.lire(octets)


def test_controles_990_de_chaque_niveau() -> None:
    """By hand: 102 closes on 1 entity of 756; 071 on 4 entities; a level closed twice or never opened is an error."""
    e = noemie.entite

    def clos(code: str, nombre: int, cumul: int) -> bytes:
        return e("990", niveau="99", niveau_clos=code, nombre_entites=nombre, cumul=cumul, signe="P").octets

    facture = E102 + E198.replace(b"00000700N", b"00000756P")

    def controler(*suite: bytes) -> list[tuple[str, str]]:
        corps = E071 + E080 + facture + b"".join(suite)
        nombre = corps.count(b"@") + 2
        fin = noemie.composer(ENTETE, [])[-128:].replace(b"00000002 ", b"%08d " % nombre)
        fin = fin[:82] + b"001" + b"00000000756P" + fin[97:]
        return [(a.zone, a.code) for a in noemie.verifier(noemie.composer(ENTETE, [])[:128] + corps + fin)]

    juste = (clos("102", 1, 756), clos("080", 2, 756), clos("071", 3, 756))
    assert controler(*juste) == []
    assert controler(clos("102", 2, 756)) == [("nombre_entites", "TOTAL")]
    assert controler(clos("102", 1, 755)) == [("cumul", "TOTAL")]
    faux = noemie.verifier(fichier(E102).replace(E102, E102 + clos("102", 1, 0)))
    assert "depuis l'entité 102 (comptage du projet)" in faux[0].message
    assert controler(*juste, clos("080", 2, 756)) == [("niveau_clos", "SEQUENCE")]
    assert controler(clos("071", 3, 756), clos("102", 1, 756)) == [("niveau_clos", "SEQUENCE")]
    assert controler(clos("040", 0, 0)) == [("niveau_clos", "SEQUENCE")]


def test_niveau_publie_different_signale() -> None:
    anomalies = noemie.verifier(fichier(E071.replace(b"07102", b"07103")))
    assert [(a.zone, a.code, a.avertissement) for a in anomalies] == [("niveau", "NIVEAU", True)]
    assert valide(anomalies)


def test_des_fins_de_ligne_sans_nombre_ne_ralentissent_rien() -> None:
    """Twenty million of them between the header and the rest: the same reading, in a moment."""
    octets = noemie.composer(ENTETE, corps_noemie())
    debut = process_time()
    lus = list(noemie.parcourir(io.BytesIO(octets[:128] + b"\r\n" * 10_000_000 + octets[128:])))
    assert process_time() - debut < 2
    assert lus == list(noemie.parcourir(io.BytesIO(octets)))
