"""The table of resources: by the cards without a file, by the file otherwise."""

from __future__ import annotations

from sesam_desktop.lecteurs.galss import galss_ini
from sesam_desktop.lecteurs.galss.ressources import Ressource, table, trouver
from sesam_desktop.lecteurs.serie.canal import canaux_depuis

from .fentes import CPS, VITALE, avec, vide
from .fichiers import LECTEUR, PCSC, SERIE, octets


def test_sans_fichier_par_les_cartes() -> None:
    fentes = [avec("B", VITALE), avec("A", CPS), vide("C")]
    assert table(fentes) == [
        Ressource("CPS", "TRANSPA1", 1, 0, 1, 3, "A", "cps"),
        Ressource("Log_SV", "", 0, 0, 1, 3, "A"),
        Ressource("Vitale", "TRANSPA2", 1, 0, 2, 3, "B", "vitale"),
    ]


def test_sans_carte_ou_deux_de_trop_aucun_lecteur_n_est_nomme() -> None:
    assert [r.lecteur for r in table([vide("A"), avec("B", b"")])] == ["", "", ""]
    assert [r.lecteur for r in table([avec("A", CPS), avec("B", CPS)])] == ["", "", ""]


def test_lecteur_serie_trouve_par_ses_cartes() -> None:
    """The software of a serial reader is named as its channel names it, without the slot."""
    nom = "usb PAD2"
    assert table([avec(f"{nom} [fente 1]", CPS, "serie:usb"), avec("B", VITALE)]) == [
        Ressource("CPS", "TRANSPA1", 1, 0, 1, 1, f"{nom} [fente 1]", "cps"),
        Ressource("Log_SV", "", 0, 0, 1, 1, nom),
        Ressource("Vitale", "TRANSPA2", 1, 0, 2, 3, "B", "vitale"),
    ]


def test_fichier_pcsc() -> None:
    assert table([], galss_ini.lire(octets(PCSC))) == [
        Ressource("CPS", "TRANSPA1", 1, 0, 1, 3, f"{LECTEUR} 1"),
        Ressource("Vitale", "TRANSPA2", 1, 0, 2, 3, f"{LECTEUR} 0"),
    ]


def test_fichier_serie_memes_noms_que_le_canal() -> None:
    fichier = galss_ini.lire(octets(SERIE))
    assert table([], fichier) == [
        Ressource("CPS", "TRANSPA1", 1, 2, 1, 1, "COM3 PAD2 [fente 1]"),
        Ressource("Vitale", "TRANSPA2", 2, 2, 1, 1, "COM3 PAD2 [fente 2]"),
        Ressource("Log_SV", "", 0, 2, 1, 1, "COM3 PAD2"),
    ]
    lecteur = canaux_depuis(fichier)[0]._lecteurs[0]
    assert [lecteur.nom, *(place.nom for place in lecteur.places)] == [
        "COM3 PAD2", "COM3 PAD2 [fente 1]", "COM3 PAD2 [fente 2]",
    ]


def test_une_ligne_par_alias() -> None:
    texte = PCSC.replace("NbAlias=1\nNomAlias1=TRANSPA1", "NbAlias=2\nNomAlias1=TRANSPA1\nNomAlias2=MACPS")
    lignes = table([], galss_ini.lire(octets(texte)))
    assert [(r.nom, r.alias) for r in lignes] == [("CPS", "TRANSPA1"), ("CPS", "MACPS"), ("Vitale", "TRANSPA2")]
    assert [trouver(lignes, nom) for nom in ("macps", "VITALE", "autre")] == [lignes[1], lignes[2], None]
