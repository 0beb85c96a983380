"""What is asked to whom: the sharing of an invoice, and the records of a DRE read by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.factures import document
from sesam_desktop.factures.dre import DemandeAmc, NatureDre, Partage, Remplacee, partager
from sesam_desktop.factures.enregistrements_dre import de_demande, octets_canoniques
from sesam_desktop.factures.facture import FactureTarifee, Niveau
from sesam_desktop.flux import b2
from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide

from .exemples import facture_tarifee
from .exemples_dre import AMC, LOT_PARTI, demande_amc, demande_securisee, facture_eclatee


def actes(ft: FactureTarifee | None) -> list[str]:
    return [ligne.acte for ligne in ft.tarification.lignes] if ft else []


def test_en_gestion_separee_l_assureur_voit_tout_et_la_caisse_ce_qu_elle_paie() -> None:
    """FSE: 10,00 € of which 6,50 AMO. DRE: 18,00 € of which 3,50 + 5,00 = 8,50 for the insurer."""
    partage = partager(facture_eclatee())
    assert (actes(partage.fse), actes(partage.amc)) == (["PH7"], ["PH7", "PHN"])
    assert partage.fse is not None and partage.amc is not None
    assert partage.fse.tarification.totaux.facture_centimes == 1000
    assert partage.amc.tarification.totaux.amc_centimes == 850


def test_en_gestion_unique_seul_le_non_remboursable_va_a_l_assureur() -> None:
    partage = partager(facture_eclatee(gestion="unique"))
    assert (actes(partage.fse), actes(partage.amc)) == (["PH7"], ["PHN"])
    assert partage.fse is not None and partage.amc is not None
    assert partage.fse.tarification.totaux.amc_centimes == 350  # paid with the fund's part
    assert partage.amc.tarification.totaux.amc_centimes == 500


@pytest.mark.parametrize("gestion", ["unique", "separee"])
def test_rien_que_du_non_remboursable_ne_fait_pas_de_fse(gestion: str) -> None:
    ft = facture_eclatee(gestion=gestion)
    seule = replace(ft, tarification=replace(ft.tarification, lignes=ft.tarification.lignes[1:]))
    partage = partager(seule)
    assert (actes(partage.fse), actes(partage.amc)) == ([], ["PHN"])


def test_ce_que_l_assureur_ne_paie_pas_reste_dans_la_fse() -> None:
    partage = partager(facture_eclatee(gestion="unique", phn=0))
    assert (actes(partage.fse), actes(partage.amc)) == (["PH7", "PHN"], [])


def test_sans_assureur_rien_ne_change() -> None:
    ft = facture_tarifee()
    assert partager(ft) == Partage(ft, None)
    eclatee = facture_eclatee()
    c2s = replace(eclatee.demande, beneficiaire=replace(eclatee.demande.beneficiaire, c2s=True))
    assert partager(replace(eclatee, demande=c2s)).amc is None


def avec_cle(demande: DemandeAmc) -> DemandeAmc:
    """The billing number with its key, which the records need."""
    ft = demande.facture
    facture = replace(ft.demande, executant=replace(ft.demande.executant, cle="5"))
    return replace(demande, facture=replace(ft, demande=facture))


def lu(octets: bytes, rang: int, debut: int, fin: int) -> str:
    """Positions as the table counts them: from 1, both included."""
    return octets[rang * 128 : (rang + 1) * 128][debut - 1 : fin].decode()


def test_une_demande_lue_a_la_main() -> None:
    """Second reading, by the positions of the table, without the codec."""
    octets = octets_canoniques(avec_cle(demande_amc()))
    assert [lu(octets, rang, 1, 1) + lu(octets, rang, 39, 39) for rang in (0, 1, 2)] == ["21", "2S", "2D"]
    assert {lu(octets, rang, 30, 38) for rang in (0, 1, 2)} == {"000000002"}  # the number of the DRE, not of the FSE
    assert lu(octets, 0, 95, 95) == " "                    # nothing is left out for the insurer
    assert lu(octets, 0, 117, 128) == "010099000002"       # contract, insurer
    assert lu(octets, 2, 42, 52) == "I0099000002"
    assert lu(octets, 2, 53, 72) == "ADH12345       01M23"
    assert lu(octets, 2, 73, 87) == "000000001260302"      # its FSE, made on 2 March 2026
    assert lu(octets, 2, 88, 105) == "0" * 18              # it replaces nothing
    assert lu(octets, 2, 106, 128).rstrip() == "DEMO CONFORT"
    lignes = [rang for rang in range(len(octets) // 128) if lu(octets, rang, 1, 1) == "4" and lu(octets, rang, 76, 79)
              in ("PH7 ", "PHN ")]
    assert [lu(octets, rang, 108, 128) for rang in lignes] == [
        "0000650" "0001000" " " "000350", "0000000" "0000800" " " "000500",
    ]
    fin = len(octets) // 128 - 2
    assert lu(octets, fin, 58, 81) == "00001800" "00000650" "00001150"  # fees, AMO, what the AMO leaves
    assert lu(octets, fin, 90, 97) == "00000850"
    assert lu(octets, fin + 1, 42, 74) == "00001800" "00000650" "00000850" "00000300" "S"


def test_une_annulation_nomme_celle_qu_elle_retire() -> None:
    demande = demande_amc("000000009", nature=NatureDre.ANNULATION, remplacee=LOT_PARTI, niveau=Niveau.SANS_VITALE)
    zones = de_demande(avec_cle(demande))[2].zones
    assert (zones["nature"], zones["demande_remplacee"], zones["lot_remplace"], zones["date_lot_remplace"]) == (
        "A", "000000002", "007", "260303",
    )
    assert (demande.montant, demande.attendu) == (850, 0)


def test_sans_fse_le_2d_n_en_nomme_aucune() -> None:
    zones = de_demande(avec_cle(demande_amc(fse="")))[2].zones
    assert (zones["numero_fse"], zones["date_fse"]) == ("0" * 9, "000000")


def test_une_demande_sans_complementaire_est_refusee() -> None:
    """Such a document is never made here; one written otherwise is told, not half read."""
    demande = demande_amc()
    sans = replace(demande.facture, demande=replace(demande.facture.demande, amc=None))
    with pytest.raises(EntreeInvalide) as refus:
        de_demande(replace(demande, facture=sans))
    assert (refus.value.code, refus.value.ou) == ("AMC_ABSENTE", "amc")


def test_un_adherent_trop_long_est_refuse() -> None:
    demande = avec_cle(demande_amc())
    longue = replace(demande.facture.demande, amc=replace(AMC, adherent="A" * 16))
    with pytest.raises(EntreeInvalide) as refus:
        de_demande(replace(demande, facture=replace(demande.facture, demande=longue)))
    assert (refus.value.code, refus.value.ou) == ("HORS_FORMAT", "amc")
    assert "« N° d'adhérent »" in refus.value.message


def test_les_zones_sensibles_se_retirent_et_se_remettent() -> None:
    enregistrements = de_demande(avec_cle(demande_amc()))
    masques, retires = b2.masquer_zones(enregistrements)
    assert b"ADH12345" not in b2.ecrire(masques) and b"ADH12345" in retires
    assert b2.restaurer_zones(masques, retires) == enregistrements


_NUMEROS = st.from_regex(r"[0-9]{9}", fullmatch=True)
_TEXTES = st.text("ABCDEFGH0123456789", max_size=15)


@given(_NUMEROS, st.one_of(st.just(""), _NUMEROS), st.sampled_from(NatureDre), _TEXTES,
       st.one_of(st.none(), st.builds(Remplacee, _NUMEROS, st.from_regex(r"[0-9]{3}", fullmatch=True), st.dates())))
def test_aller_et_retour(
    numero: str, fse: str, nature: NatureDre, adherent: str, remplacee: Remplacee | None
) -> None:
    """The document and its records, both ways."""
    demande = avec_cle(demande_amc(numero, fse, nature, remplacee))
    amc = replace(AMC, adherent=adherent)
    demande = replace(demande, facture=replace(demande.facture, demande=replace(demande.facture.demande, amc=amc)))
    ds = demande_securisee(demande)
    assert document.demande_depuis_octets(document.demande_en_octets(ds)) == ds
    octets = octets_canoniques(demande)
    assert b2.ecrire(b2.lire(octets, "dre_ps_140")) == octets
    zones = list(b2.lire(octets, "dre_ps_140"))[2].zones
    assert (zones["numero_facture"], zones["nature"], zones["adherent"]) == (numero, nature.value, adherent)


@given(st.binary(max_size=300))
def test_un_document_altere_est_refuse(octets: bytes) -> None:
    with pytest.raises(FormatInvalide):
        document.demande_depuis_octets(octets)


def test_une_facture_n_est_pas_une_demande() -> None:
    octets = document.demande_en_octets(demande_securisee())
    with pytest.raises(FormatInvalide) as refus:
        document.depuis_octets(octets)
    assert refus.value.zone == "format"
