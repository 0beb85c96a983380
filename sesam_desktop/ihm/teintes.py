"""Colours of states, made from the palette: a hue each, and the lightness that reads on this background.

No colour is written here: a hue says the family (green, amber, red, blue), and the lightness moves until the contrast
with the palette's background reaches 4.5:1 (WCAG 2.1, success criterion 1.4.3).
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QGuiApplication, QPalette

CONTRASTE_MINIMAL = 4.5
TEINTES = {"fait": 145, "en cours": 215, "à corriger": 32, "bloqué": 3, "erreur": 3, "avertissement": 32, "succes": 145,
            "information": 215}


def luminance(couleur: QColor) -> float:
    """Relative luminance of WCAG."""
    composantes = [couleur.redF(), couleur.greenF(), couleur.blueF()]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in composantes]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def contraste(une: QColor, autre: QColor) -> float:
    """Contrast ratio of WCAG, from 1 to 21."""
    claire, sombre = sorted((luminance(une), luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


def lisible(teinte: int, fond: QColor, saturation: int = 190) -> QColor:
    """Colour of hue `teinte` (degrees) that reads on `fond`."""
    pas = -4 if luminance(fond) > 0.18 else 4
    clarte = 128
    couleur = QColor.fromHsl(teinte, saturation, clarte)
    while contraste(couleur, fond) < CONTRASTE_MINIMAL + 0.3 and 0 < clarte + pas < 255:
        clarte += pas
        couleur = QColor.fromHsl(teinte, saturation, clarte)
    return couleur


def couleur_etat(etat: str, palette: QPalette | None = None) -> QColor:
    """Text colour of a state word; the plain text colour for words without a hue (« à faire »)."""
    palette = palette or QGuiApplication.palette()
    fond = palette.color(QPalette.ColorRole.Base)
    fenetre = palette.color(QPalette.ColorRole.Window)
    if etat not in TEINTES:
        return palette.color(QPalette.ColorRole.Text)
    pire = max((fond, fenetre), key=luminance) if luminance(fond) <= 0.18 else min((fond, fenetre), key=luminance)
    return lisible(TEINTES[etat], pire)


def fond_avis(genre: str, palette: QPalette) -> QColor:
    """Background of a notice: the window colour with a touch of the notice's hue."""
    fenetre = palette.color(QPalette.ColorRole.Window)
    clarte = fenetre.lightness()
    return QColor.fromHsl(TEINTES[genre], 90, min(clarte + 4, 244) if clarte > 128 else clarte + 6)
