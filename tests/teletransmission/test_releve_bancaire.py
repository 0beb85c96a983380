"""Statements of several banks, written by hand after their public layouts; refusals name their line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import TexteInvalide
from sesam_desktop.teletransmission.releve_bancaire import TAILLE_MAXIMALE, LigneReleve, lire

MARS_9, MARS_10 = date(2026, 3, 9), date(2026, 3, 10)
ATTENDUES = [
    LigneReleve(MARS_9, "VIR SEPA CPAM SARTHE", 123456),
    LigneReleve(MARS_10, "PRLV ELECTRICITE", -8990),
]

DEBIT_CREDIT = """Compte courant professionnel;;;;
Solde au 31/03/2026;;;;12 000,00

Date;Date de valeur;Libellé;Débit;Crédit
09/03/2026;09/03/2026;VIR SEPA  CPAM SARTHE;;1 234,56
10/03/2026;10/03/2026;PRLV ELECTRICITE;89,90;
;;Total;;
"""
SIGNE = """"Date opération","Libellé opération","Montant"
"2026-03-09","VIR SEPA CPAM SARTHE","1234.56"
"2026-03-10","PRLV ELECTRICITE","-89.9"
"""
TABULE = "dateOp\tlabel\tamount\n09/03/26\tVIR SEPA CPAM SARTHE\t+1.234,56 €\n10/03/26\tPRLV ELECTRICITE\t-89,90\n"
VIRGULES = """Date;Libellé;Montant
09/03/2026;VIR SEPA, CPAM, SARTHE,,,;1234,56
"""
DEBIT_NEGATIF = """Date|Libellé|Débit euros|Crédit euros
20260309|VIR SEPA CPAM SARTHE||1234,56
10-03-2026|PRLV ELECTRICITE|-89,90|
"""


@pytest.mark.parametrize("texte", [DEBIT_CREDIT, SIGNE, TABULE, DEBIT_NEGATIF])
@pytest.mark.parametrize("codage", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv(texte: str, codage: str) -> None:
    assert lire(texte.encode(codage)) == ATTENDUES


def test_le_separateur_est_celui_des_titres() -> None:
    assert lire(VIRGULES.encode()) == [LigneReleve(MARS_9, "VIR SEPA, CPAM, SARTHE,,,", 123456)]


@pytest.mark.parametrize(
    ("ecrit", "centimes"),
    [
        ("12", 1200), ("12,5", 1250), ("12.05", 1205), ("-0,50", -50), ("+3,00", 300), ("1 234,56", 123456),
        ("1\u202f234,56 €", 123456), ("1.234,56", 123456), ("1,234.56", 123456), ("1.234.567,89", 123456789),
        ("12,00EUR", 1200), ("-1.000,01", -100001),
    ],
)
def test_montants(ecrit: str, centimes: int) -> None:
    (ligne,) = lire(f"Date;Libellé;Montant\n09/03/2026;VIR;{ecrit}\n".encode())
    assert ligne.montant_centimes == centimes


@pytest.mark.parametrize("ecrit", ["1.234", "1,234", "1.2345", "12,345", "abc", "1,2,3", "12-", "--1", "1e3", "٣"])
def test_montant_douteux_refuse(ecrit: str) -> None:
    with pytest.raises(TexteInvalide) as refus:
        lire(f"Date;Libellé;Montant\n09/03/2026;BON;1,00\n09/03/2026;VIR;{ecrit}\n".encode())
    assert (refus.value.code, refus.value.ligne) == ("RELEVE_ILLISIBLE", 3)


@pytest.mark.parametrize(
    ("octets", "motif"),
    [
        (b"", "pas reconnues"),
        (b"bonjour", "pas reconnues"),
        (b"Date;Montant\n09/03/2026;1,00\n", "pas reconnues"),
        ("Date;Libellé;Débit\n09/03/2026;VIR;1,00\n".encode(), "pas reconnues"),
        ("Date;Libellé;Montant\n31/02/2026;VIR;1,00\n".encode(), "n'est pas une date"),
        ("Date;Libellé;Montant\n;VIR;1,00\n".encode(), "n'est pas une date"),
        ("Date;Libellé;Débit;Crédit\n09/03/2026;VIR;;\n".encode(), "montant est vide"),
        ("Date;Libellé;Montant\n09/03/2026;VIR;\n".encode(), "montant est vide"),
        ('Date;Libellé;Montant\n09/03/2026;"VIR;1,00\n'.encode(), "mal formé|bien formé"),
        (b"\x00\x01PDF", "pas un texte"),
        (b"OFXHEADER:100\n<OFX><STMTTRN><DTPOSTED>20260309\n", "incomplet"),
        (b"<OFX><BANKTRANLIST><STMTTRN><DTPOSTED>20260309</STMTTRN></BANKTRANLIST></OFX>", "date ou de montant"),
        (b"<OFX><STMTTRN><DTPOSTED>20261309<TRNAMT>1.00</STMTTRN></OFX>", "n'est pas une date"),
    ],
)
def test_refus(octets: bytes, motif: str) -> None:
    with pytest.raises(TexteInvalide, match=motif) as refus:
        lire(octets)
    assert refus.value.code == "RELEVE_ILLISIBLE"
    assert "Rien n'a été importé" in refus.value.action


def test_trop_gros() -> None:
    with pytest.raises(TexteInvalide, match="trop gros"):
        lire(b" " * (TAILLE_MAXIMALE + 1))


OFX_1 = """OFXHEADER:100
DATA:OFXSGML

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><BANKTRANLIST>
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20260309120000[+1:CET]
<TRNAMT>+1234.56
<FITID>A1
<NAME>VIR SEPA
<MEMO>CPAM SARTHE
</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260310<TRNAMT>-89,90<FITID>A2<NAME>PRLV ELECTRICITE
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
OFX_2 = """<?xml version="1.0" encoding="UTF-8"?>
<OFX><BANKTRANLIST>
<STMTTRN><DTPOSTED>20260309</DTPOSTED><TRNAMT>1234.56</TRNAMT><FITID>A1</FITID>
<NAME>VIR SEPA CPAM SARTHE</NAME></STMTTRN>
<STMTTRN><DTPOSTED>20260310</DTPOSTED><TRNAMT>-89.90</TRNAMT><FITID>A2</FITID><NAME>PRLV ELECTRICITE</NAME></STMTTRN>
</BANKTRANLIST></OFX>
"""


@pytest.mark.parametrize("texte", [OFX_1, OFX_2])
def test_ofx(texte: str) -> None:
    lues = lire(texte.encode())
    assert [(li.date, li.libelle, li.montant_centimes) for li in lues] == [
        (li.date, li.libelle, li.montant_centimes) for li in ATTENDUES
    ]
    assert [li.reference for li in lues] == ["A1", "A2"]


def test_ofx_entites_html() -> None:
    (ligne,) = lire(b"<OFX><STMTTRN><DTPOSTED>20260309<TRNAMT>1<NAME>CPAM &amp; CIE</STMTTRN></OFX>")
    assert ligne.libelle == "CPAM & CIE"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_nimporte_quoi_est_refuse_avec_sa_raison(octets: bytes) -> None:
    with pytest.raises(TexteInvalide):
        lire(octets)


@given(
    st.lists(
        st.tuples(
            st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.sampled_from(["VIR CPAM", 'A "B"; C', "É à"]),
            st.integers(-10**9, 10**9),
        ),
        max_size=8,
    )
)
def test_ce_qui_est_ecrit_est_relu(lignes: list[tuple[date, str, int]]) -> None:
    corps = "".join(
        f'{jour:%d/%m/%Y};"{libelle.replace(chr(34), chr(34) * 2)}";'
        f'{"-" if c < 0 else ""}{abs(c) // 100},{abs(c) % 100:02d}\n'
        for jour, libelle, c in lignes
    )
    assert lire(f"Date;Libellé;Montant\n{corps}".encode()) == [LigneReleve(*ligne) for ligne in lignes]
