"""Names of devices, from the names PC/SC gave on real workstations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.lecteurs.appareils import appareil, hors_usage


@pytest.mark.parametrize(("fente", "attendu"), [
    ("Ingenico Healthcare TL TELIUM 1 0", "Ingenico Healthcare TL TELIUM"),
    ("Ingenico Healthcare TL TELIUM 3 0", "Ingenico Healthcare TL TELIUM"),
    ("Ingenico TL TELIUM(2)", "Ingenico TL TELIUM"),
    ("Identive CLOUD 2700 R Smart Card Reader 0", "Identive CLOUD 2700 R Smart Card Reader"),
    ("Identive CLOUD 2700 R Smart Card Reader 1", "Identive CLOUD 2700 R Smart Card Reader"),
    ("uTrust 2700 R Smart Card Reader", "uTrust 2700 R Smart Card Reader"),
    ("FEI Smart Card CPS 0", "FEI Smart Card"),
    ("FEI Smart Card CV1/CV2 0", "FEI Smart Card"),
    ("FEI Smart Card NFC 0", "FEI Smart Card"),
    ("FEI PC/SC SmartCard Reader 0", "FEI PC/SC SmartCard Reader"),
    ("FEI USB Card Reader/QR Scanner 01", "FEI USB Card Reader/QR Scanner"),
    ("F600 F600 Smart Card Reader", "F600 F600 Smart Card Reader"),
    ("F600 F600 Smart Card Reader 02", "F600 F600 Smart Card Reader"),
    ("SMSC SMSC USX101x Reader 01", "SMSC SMSC USX101x Reader"),
    ("Gemplus GCR410 0", "Gemplus GCR410"),
    ("Virtual PCD 00 01", "Virtual PCD"),
    ("Identiv uTrust 3700 F CL Reader [uTrust 3700 F CL Reader] (53691430200001) 00 00",
     "Identiv uTrust 3700 F CL Reader (53691430200001)"),
    ("Gemalto Prox-DU [Prox-DU Contact_12400330] 01 00", "Gemalto Prox-DU"),
    ("COM3 PAD2 [fente 1]", "COM3 PAD2"),
    (" 12 ", "12"),
    ("CPS", "CPS"),
    ("", "Lecteur sans nom"),
])
def test_noms_reels(fente: str, attendu: str) -> None:
    assert appareil(fente) == attendu


@given(st.one_of(st.text(max_size=40), st.text("CPSNFC 0123[]()F/", max_size=25)))
def test_jamais_vide_et_stable(fente: str) -> None:
    nom = appareil(fente)
    assert nom.strip() == nom != ""
    assert appareil(nom) == nom


@pytest.mark.parametrize(("fente", "exclu"), [
    ("Windows Hello for Business 1", True),
    ("FEI Smart Card NFC 0", True),
    ("Lecteur_NFC01 0", True),
    ("OMNIKEY 5422CL Smartcard Reader 0", True),
    ("Identiv uTrust 3700 F Contactless Reader 0", True),
    ("Microsoft Virtual Smart Card 0", True),
    ("Lecteur sans contact 0", True),
    ("Yubico YubiKey OTP+FIDO+CCID 0", True),
    ("Identive CLOUD 2700 R Smart Card Reader 0", False),
    ("FEI Smart Card CPS 0", False),
    ("Virtual PCD 00 00", False),
])
def test_interfaces_hors_usage(fente: str, exclu: bool) -> None:
    assert hors_usage(fente) is exclu
