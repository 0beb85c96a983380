"""Hypothesis strategies derived from the layouts, and small fictitious files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from sesam_desktop.flux import b2, noemie, zones
from sesam_desktop.flux.table_zones import Zone

EXEMPLE_CP = Path(__file__).with_name("exemple_b2_cp.b2")
LAYOUTS = [(variante, type_) for variante in zones.VARIANTES for type_ in zones.types(variante)]
NUMERO = "999000011"  # Luhn by hand, from the right: 1 + 2 + 0 + 0 + 0 + 0 + 9 + 9 + 9 = 30
NIR, CLE = "1801999000001", "62"  # month 19 does not exist; 97 − (1801999000001 mod 97) = 62


def valeurs(layout: zones.Layout) -> st.SearchStrategy[dict[str, zones.Valeur]]:
    """Values that a layout writes and reads back equal."""
    return st.fixed_dictionaries({zone.nom: valeur(zone, layout.jeu.ecrits) for zone in layout.zones})


def valeur(zone: Zone, lettres: str) -> st.SearchStrategy[zones.Valeur]:
    if zone.type in ("M", "C"):
        return st.integers(0, 10**zone.longueur - 1)
    if zone.nom in ("type_enregistrement", "complement_type", "entite", "fin"):
        return st.just(zone.valeurs[0])
    if zone.type in ("N", "D"):
        return st.text("0123456789", min_size=zone.longueur, max_size=zone.longueur)
    return st.text(lettres, max_size=zone.longueur).map(lambda t: t.rstrip(" "))


def enregistrement(type_: str, **autres: zones.Valeur) -> b2.Enregistrement:
    """A record of the project profile, with the keys of one fictitious invoice."""
    cles: dict[str, zones.Valeur] = {}
    if type_[0] in "2345":
        cles = {"numero_partenaire": NUMERO, "nir_assure": NIR, "cle_nir_assure": CLE}
        cles["numero_facture"] = "000000123"
    return b2.Enregistrement.composer("b2_ps_140", type_, {**cles, **autres})


def facture(honoraires: int = 1260, amo: int = 756, amc: int = 504) -> list[b2.Enregistrement]:
    """One line AMI 4, every record in its place, totals right."""
    return [
        enregistrement(
            "2", regime="01", caisse="721", centre="0000", justificatif_droits="4", nature_assurance="10",
            exoneration_facture="4", date_naissance="801900", rang_naissance="1",
        ),
        enregistrement("2S", parcours="T", top_medecin_traitant="O"),
        enregistrement(
            "4", prescripteur=NUMERO, executant=NUMERO, date_soins="260302", code_acte="AMI", quantite=1,
            coefficient=400, denombrement=1, prix_unitaire=315, base=1260, taux=60, montant_amo=amo,
            honoraires=honoraires, montant_amc=amc,
        ),
        enregistrement("4S", sequence="01", accord_prealable="0"),
        enregistrement("4E", sequence="01", rpps_prescripteur="10001234565"),
        enregistrement("4M", sequence="01", code_ccam="DEQP003", activite="1", phase="0", date_seance="260302"),
        enregistrement(
            "5", nombre_enregistrements=4, total_honoraires_4=honoraires, total_amo_4=amo,
            participation_assure=honoraires - amo, total_amc_4=amc,
        ),
        enregistrement(
            "5S", total_honoraires=honoraires, total_amo=amo, total_amc=amc, reste_assure=honoraires - amo - amc,
            niveau="S",
        ),
    ]


def fichier(*factures: list[b2.Enregistrement]) -> list[b2.Enregistrement]:
    """A one-lot file of the project profile."""
    return b2.fichier(
        b2.Emetteur(NUMERO, "CABINET D'ESSAI", "24", "1", "24", "1"),
        b2.Recepteur("01", "721", "001"),
        b2.Lot("007", date(2026, 3, 3)),
        factures or [facture()],
        "ABC123",
        date(2026, 3, 4),
        "T",
    )


ENTETE = noemie.Entete("0908", "00000000721001", "00000999000011", "ABC123", date(2026, 3, 10))


def demande() -> list[b2.Enregistrement]:
    """The same line asked to an insurer: record 2D after 2S."""
    supplement = b2.Enregistrement.composer("dre_ps_140", "2D", {
        "numero_partenaire": NUMERO, "nir_assure": NIR, "cle_nir_assure": CLE, "numero_facture": "000000123",
        "nature": "I", "numero_amc": "0099000002", "adherent": "ADH12", "numero_fse": "000000122", "date_fse": "260302",
    })
    lignes = facture()
    return [*lignes[:2], supplement, *lignes[2:]]


def fichier_dre(*demandes: list[b2.Enregistrement]) -> list[b2.Enregistrement]:
    """A one-lot file for an OCT."""
    return b2.fichier(
        b2.Emetteur(NUMERO, "CABINET D'ESSAI", "24", "1", "24", "1"),
        b2.RecepteurAmc("OT", "00000099000099"),
        b2.Lot("007", date(2026, 3, 3)),
        demandes or [demande()],
        "ABC123",
        date(2026, 3, 4),
        "T",
        norme="DRE",
    )


def corps_noemie() -> list[b2.Enregistrement]:
    """Three invoices of one lot: paid with a remark, rejected, deferred; a debt taken back; a lump payment."""
    e = noemie.entite
    return [
        e("071", date_comptable="260310", libelle_virement_1="VIREMENT 1", organisme_payeur="CPAM 721"),
        e("080", date_lot="260303", numero_lot="007"),
        e("102", numero_facture="000000123", numero_lot="007", date_lot="260303", type_facture="F"),
        e("103", nir_assure=NIR, cle=CLE, date_naissance="801900", rang_naissance="1"),
        e("198", montant_demande=756, etat="P", montant_paye=756, signe="P"),
        e("199", montant_demande=504, etat="R", montant_paye=0, signe="P", numero_amc="0099999997"),
        e(
            "210", numero_ligne="01", date_debut="260302", base=1260, taux=60, montant_rembourse=756, signe="P",
            nature_prestation="AMI", quantite=1, depense=1260,
        ),
        e("294", code_rejet="0009", libelle="ALD inconnue", niveau_rejet="F", part="O"),
        e("294", code_rejet="0450", libelle="Contrat clos", niveau_rejet="L", part="C", numero_ligne="001"),
        e("100", numero_facture="000000124"),
        e("198", montant_demande=1000, etat="R", montant_paye=0, signe="P"),
        e("290", numero_ligne="02", code="0816", libelle="Droits fermés"),
        e("102", numero_facture="000000125", type_facture="F"),
        e("198", montant_demande=300, etat="D", montant_paye=0, signe="P"),
        e("250", numero_ligne="01", reference_dette="DETTE1", nature_dette="IND", nature_recuperation="RPR",
          montant=200, signe="N"),
        e("261", code="00042", montant=5000),
    ]
