from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.pieces import pages
from sesam_desktop.pieces.qualite import mesurer

from .conftest import page


@pytest.mark.parametrize("nom", ["page.png", "page.jpg", "page.tif", "page.pdf"])
@pytest.mark.parametrize("dpi", [200, 300])
def test_une_page_nette_est_conforme_dans_tous_les_formats(nom: str, dpi: int, fichier) -> None:
    qualite = mesurer(fichier(nom, dpi=dpi))
    assert (qualite.conforme, qualite.motifs, qualite.dpi) == (True, (), dpi)
    assert qualite.nettete >= 100


@pytest.mark.parametrize("nom", ["page.png", "page.pdf"])
def test_une_resolution_faible_est_dite(nom: str, fichier) -> None:
    qualite = mesurer(fichier(nom, dpi=100))
    assert qualite.dpi == 100
    assert qualite.motifs == ("La résolution est de 100 dpi ; il en faut 200.",)


def test_les_dimensions_sont_en_points(fichier) -> None:
    """A5 at 200 dpi: 148 mm = 1165 points, 210 mm = 1654 points."""
    qualite = mesurer(fichier())
    assert (qualite.largeur, qualite.hauteur) == (1165, 1654)


@pytest.mark.parametrize("flou", [2, 3, 5])
@pytest.mark.parametrize("lignes", [2, 12])
def test_une_page_floue_est_refusee_quel_que_soit_son_texte(flou: float, lignes: int, fichier) -> None:
    qualite = mesurer(fichier(flou=flou, lignes=lignes))
    assert not qualite.conforme
    assert qualite.motifs[0].startswith("L'image est floue")


@pytest.mark.parametrize("flou", [0, 0.7])
@pytest.mark.parametrize("lignes", [2, 12])
@pytest.mark.parametrize("fond", [250, 200])
def test_une_page_lisible_passe_meme_avec_peu_de_texte(flou: float, lignes: int, fond: int, fichier) -> None:
    assert mesurer(fichier(flou=flou, lignes=lignes, fond=fond)).conforme


def test_le_bruit_du_capteur_ne_cache_pas_le_flou(tmp_path: Path) -> None:
    floue = page(flou=3)
    bruitee = ImageChops.add(floue, Image.effect_noise(floue.size, 12), scale=1, offset=-128)
    bruitee.save(tmp_path / "p.png", dpi=(200, 200))
    assert not mesurer(tmp_path / "p.png").conforme


@pytest.mark.parametrize("bruit", [0, 8])
def test_une_page_blanche_est_dite(bruit: int, tmp_path: Path) -> None:
    blanche = page(lignes=0)
    if bruit:
        blanche = ImageChops.add(blanche, Image.effect_noise(blanche.size, bruit), scale=1, offset=-128)
    blanche.save(tmp_path / "p.png", dpi=(200, 200))
    assert mesurer(tmp_path / "p.png").motifs == ("La page est blanche.",)


def test_une_page_trop_petite_est_dite(fichier) -> None:
    qualite = mesurer(fichier(mm=(105, 148), lignes=6))
    assert qualite.motifs == ("La page fait 105 × 148 mm ; il faut au moins 148 × 210 mm (A5).",)


def test_une_page_couchee_est_admise(fichier) -> None:
    assert mesurer(fichier(mm=(210, 148), lignes=6)).conforme


def test_sans_resolution_ecrite_la_page_est_supposee_a4(fichier) -> None:
    """An A4 page at 200 dpi is 2339 points high; 100 dpi is then deduced from 1169 points."""
    assert mesurer(fichier(mm=(210, 297), dpi_ecrit=False)).dpi_suppose
    assert mesurer(fichier(mm=(210, 297), dpi_ecrit=False)).conforme
    faible = mesurer(fichier(mm=(210, 297), dpi=100, dpi_ecrit=False))
    assert faible.motifs == ("La résolution est de 100 dpi (déduits d'une page A4) ; il en faut 200.",)


def test_une_photographie_de_telephone_annonce_une_resolution_fausse(tmp_path: Path) -> None:
    page(mm=(210, 297), dpi=300).save(tmp_path / "photo.jpg", dpi=(72, 72))
    qualite = mesurer(tmp_path / "photo.jpg")
    assert (qualite.dpi, qualite.dpi_suppose, qualite.conforme) == (300, True, True)


def test_plusieurs_pages_chacune_nommee(tmp_path: Path) -> None:
    bonne, floue = page(), page(flou=4)
    bonne.save(tmp_path / "deux.tif", save_all=True, append_images=[floue], dpi=(200, 200))
    qualite = mesurer(tmp_path / "deux.tif")
    assert qualite.pages == 2
    assert len(qualite.motifs) == 1
    assert qualite.motifs[0].startswith("Page 2 : l'image est floue")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "1", "I;16"])
def test_tous_les_modes_de_couleur(mode: str, tmp_path: Path) -> None:
    image = page()
    if mode == "I;16":
        image = image.convert("I").point(lambda v: v * 257).convert("I;16")
    else:
        image = image.convert("RGBA").convert(mode) if mode != "1" else image.convert("1")
    image.save(tmp_path / "p.png", dpi=(200, 200))
    assert mesurer(tmp_path / "p.png").conforme


def test_un_fond_transparent_est_du_papier(tmp_path: Path) -> None:
    encre = page()
    image = Image.new("RGBA", encre.size, (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), mask=encre.point(lambda v: 255 - v))
    image.save(tmp_path / "p.png", dpi=(200, 200))
    assert mesurer(tmp_path / "p.png").conforme


def test_une_photographie_tournee_est_redressee(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    page(mm=(210, 148), lignes=6).save(tmp_path / "p.jpg", dpi=(200, 200), exif=exif)
    qualite = mesurer(tmp_path / "p.jpg")
    assert qualite.hauteur > qualite.largeur


def test_un_pdf_dessine_sans_image_est_conforme(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    dessin = Canvas(str(tmp_path / "p.pdf"), pagesize=(420, 595))
    for rang in range(12):
        dessin.drawString(40, 500 - 20 * rang, "Un comprimé matin et soir")
    dessin.save()
    assert mesurer(tmp_path / "p.pdf").conforme


@pytest.mark.parametrize(
    ("nom", "octets", "code"),
    [
        ("vide.png", b"", "PIECE_ILLISIBLE"),
        ("texte.png", b"bonjour", "PIECE_ILLISIBLE"),
        ("faux.pdf", b"%PDF-1.4\nrien", "PIECE_ILLISIBLE"),
        ("anime.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00;", "PIECE_ILLISIBLE"),
    ],
)
def test_ce_qui_n_est_pas_une_page_est_refuse(nom: str, octets: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / nom).write_bytes(octets)
    with pytest.raises(ErreurConnue) as vu:
        mesurer(tmp_path / nom)
    assert (vu.value.code, vu.value.ou) == (code, nom)


def test_fichier_absent(tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as vu:
        mesurer(tmp_path / "absent.png")
    assert vu.value.code == "FICHIER_ABSENT"


@pytest.mark.parametrize("cotes", [(12_000, 8_000), (20_000, 10_000)])
def test_une_image_demesuree_est_refusee_sans_etre_lue(cotes: tuple[int, int], tmp_path: Path) -> None:
    Image.new("1", cotes, 1).save(tmp_path / "bombe.png")
    with pytest.raises(ErreurConnue) as vu:
        mesurer(tmp_path / "bombe.png")
    assert vu.value.code == "PIECE_TROP_GRANDE"


def test_trop_de_pages(tmp_path: Path) -> None:
    feuille = Image.new("1", (50, 50), 1)
    feuille.save(tmp_path / "p.tif", save_all=True, append_images=[feuille] * 20)
    feuille.save(tmp_path / "p.pdf", save_all=True, append_images=[feuille] * 20)
    for nom in ("p.tif", "p.pdf"):
        with pytest.raises(ErreurConnue) as vu:
            mesurer(tmp_path / nom)
        assert vu.value.code == "PIECE_TROP_GRANDE"


def _octets(nom: str, tmp: Path) -> bytes:
    image = page(dpi=60, lignes=3)
    image.save(tmp / nom, **({"resolution": 60} if nom.endswith("pdf") else {"dpi": (60, 60)}))
    return (tmp / nom).read_bytes()


@pytest.mark.parametrize("nom", ["p.png", "p.jpg", "p.tif", "p.pdf"])
@given(donnees=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_un_fichier_abime_est_mesure_ou_refuse(nom: str, donnees: st.DataObject, tmp_path: Path) -> None:
    """Pillow tells its doubts about damaged TIFF headers by warnings."""
    octets = bytearray(_octets(nom, tmp_path))
    for _ in range(donnees.draw(st.integers(1, 8))):
        octets[donnees.draw(st.integers(0, len(octets) - 1))] = donnees.draw(st.integers(0, 255))
    (tmp_path / nom).write_bytes(octets[: donnees.draw(st.integers(1, len(octets)))])
    try:
        assert mesurer(tmp_path / nom).dpi > 0
    except ErreurConnue as erreur:
        assert erreur.code in ("PIECE_ILLISIBLE", "PIECE_TROP_GRANDE")


def test_une_resolution_impossible_est_ignoree() -> None:
    assert [pages._entier(v) for v in (float("inf"), float("nan"), "x", 200.4)] == [0, 0, 0, 200]
