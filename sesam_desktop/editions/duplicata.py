"""Duplicata of an invoice: a PDF with the patient's copy, then the fund's. It is not a copy of a Cerfa form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.base.fichiers import remplacer
from sesam_desktop.factures.cycle import LIBELLES
from sesam_desktop.factures.facture import FactureSecurisee, FactureTarifee, LigneTarifee, Niveau
from sesam_desktop.noyau.dates import formater, formater_naissance
from sesam_desktop.noyau.identifiants import formater_nir
from sesam_desktop.noyau.montants import formater_taux

from .feuille import HAUTEUR, LARGEUR, MARGE, Colonne, Feuille, couper, euros

if TYPE_CHECKING:
    from sesam_desktop.factures.depot import Evenement

COLONNES = (
    Colonne("Date", 48),
    Colonne("Acte", 38),
    Colonne("Code", 62),
    Colonne("Désignation", 98),
    Colonne("Qté", 18, True),
    Colonne("Montant", 42, True),
    Colonne("Base", 42, True),
    Colonne("Taux", 30, True),
    Colonne("Exo.", 20, True),
    Colonne("AMO", 41, True),
    Colonne("AMC", 41, True),
    Colonne("Patient", 42, True),
)
EXEMPLAIRES = ("Exemplaire du patient", "Exemplaire de la caisse")
NIVEAUX = {
    Niveau.SECURISEE: "sécurisée (carte Vitale et carte du professionnel)",
    Niveau.SANS_VITALE: "SESAM sans Vitale (carte du professionnel seule)",
    Niveau.DEGRADEE: "dégradée (feuille de soins papier ou pièce numérisée à joindre)",
    Niveau.NON_SECURISEE: "non sécurisée (aucune carte)",
}
EVENEMENTS = {str(etat): libelle for etat, libelle in LIBELLES.items()} | {
    "tarifee": "Tarifée",
    "signee_ps": "Signée par le professionnel",
    "en_lot": "Mise en lot",
    "duplicata": "Duplicata édité",
    "piece_jointe": "Pièce jointe",
    "demande_amc": "Part complémentaire demandée à part",
    "signalement": "Signalement de la caisse",
    "rejet_a_tort": "Rejet contesté",
    "relance": "Relance de la caisse",
}
_HAUT_LIGNES, _HAUT_SUITE, _BAS = 252.0, 120.0, HAUTEUR - 60
_PAS = 12.0
_PIED = 150.0  # totals, securing, history


def ecrire(fs: FactureSecurisee, historique: Sequence[Evenement], chemin: Path) -> Path:
    """Write the PDF at `chemin`, whole or not at all, and return it."""
    remplacer(chemin, composer(fs, historique))
    return chemin


def composer(fs: FactureSecurisee, historique: Sequence[Evenement]) -> bytes:
    """The PDF. Both copies show the same pages, drawn once."""
    feuille = Feuille(f"Duplicata de la facture {fs.facture.numero}")
    pages = list(_repartir(fs.facture.tarification.lignes))
    for rang, lignes in enumerate(pages):
        feuille.ouvrir_calque(f"page{rang}")
        _corps(feuille, fs, lignes, premiere=rang == 0)
        if rang == len(pages) - 1:
            _totaux(feuille, fs)
            _securisation(feuille, fs, historique)
        feuille.fermer_calque()
    for exemplaire in EXEMPLAIRES:
        for rang in range(len(pages)):
            feuille.poser_calque(f"page{rang}")
            _titres(feuille, exemplaire, rang + 1, len(pages))
            feuille.page_suivante()
    return feuille.octets()


def _repartir(lignes: Sequence[LigneTarifee]) -> Iterator[Sequence[LigneTarifee]]:
    """Lines of each page; the last page keeps room for the foot."""
    haut = _HAUT_LIGNES
    while True:
        avec_pied, sans_pied = int((_BAS - _PIED - haut) // _PAS), int((_BAS - haut) // _PAS)
        if len(lignes) <= avec_pied:
            yield lignes
            return
        yield lignes[:sans_pied]
        lignes = lignes[sans_pied:]
        haut = _HAUT_SUITE


def _titres(feuille: Feuille, exemplaire: str, page: int, pages: int) -> None:
    feuille.texte_a_droite(LARGEUR - MARGE, 52, exemplaire, 10, gras=True)
    feuille.texte_a_droite(LARGEUR - MARGE, HAUTEUR - 28, f"Page {page} / {pages}", 7)


def _corps(feuille: Feuille, fs: FactureSecurisee, lignes: Sequence[LigneTarifee], *, premiere: bool) -> None:
    facture = fs.facture
    feuille.texte(MARGE, 52, "DUPLICATA", 18, gras=True)
    feuille.texte(MARGE, 72, f"Facture n° {_numero(facture)} du {formater(facture.elaboree_le)}", 11, gras=True)
    remplacee = f" — remplace la facture n° {facture.remplace}" if facture.remplace else ""
    feuille.texte(MARGE, 86, f"Soins du {formater(facture.demande.date_soins)}{remplacee}", 8)
    if premiere:
        _parties(feuille, fs)
    y = _HAUT_LIGNES if premiere else _HAUT_SUITE
    feuille.rangee(y - 14, COLONNES, [c.titre for c in COLONNES], 6.5, gras=True)
    feuille.trait(y - 10)
    for rang, ligne in enumerate(lignes):
        feuille.rangee(y + 2 + rang * _PAS, COLONNES, _valeurs(ligne))
    feuille.texte(
        MARGE, HAUTEUR - 28, "Duplicata édité par le logiciel du professionnel ; ce n'est pas une feuille de soins.", 7
    )


def _numero(facture: FactureTarifee) -> str:
    """With the one the fund knows, when it is another."""
    return f"{facture.numero} (transmise sous le n° {facture.numero_flux})" if facture.numero_flux else facture.numero


def _parties(feuille: Feuille, fs: FactureSecurisee) -> None:
    """Who is paid, who was cared for, where the invoice goes, who prescribed: four blocks."""
    milieu = LARGEUR / 2 + 6
    blocs = (
        (MARGE, 108, "Professionnel de santé", _professionnel(fs)),
        (milieu, 108, "Patient", _patient(fs)),
        (MARGE, 176, "Organisme destinataire", _destinataire(fs)),
        (milieu, 176, "Prescription", _prescription(fs)),
    )
    for x, y, titre, textes in blocs:
        feuille.texte(x, y, titre, 7, gras=True)
        for rang, texte in enumerate(t for t in textes if t):
            feuille.texte(x, y + 13 + rang * 11, couper(texte, LARGEUR / 2 - MARGE - 10, 8), 8)
    feuille.trait(98)


def _professionnel(fs: FactureSecurisee) -> list[str]:
    ps = fs.facture.demande.executant
    return [
        f"{ps.nom} {ps.prenom}".strip() or ps.raison_sociale,
        ps.raison_sociale if ps.nom else "",
        f"{ps.profession.capitalize()}, n° {ps.numero_facturation}{ps.cle}" if ps.numero_facturation else "",
        f"RPPS {ps.rpps}" if ps.rpps else "",
        f"Soins donnés par un remplaçant, n° {ps.remplacant}" if ps.remplacant else "",
    ]


def _patient(fs: FactureSecurisee) -> list[str]:
    patient = fs.facture.demande.beneficiaire
    return [
        f"{patient.nom} {patient.prenom}".strip(),
        f"Assuré {formater_nir(patient.nir, patient.cle)}",
        f"Né(e) le {formater_naissance(patient.date_naissance)}, rang {patient.rang}",
    ]


def _destinataire(fs: FactureSecurisee) -> list[str]:
    d = fs.facture.destinataire
    return [
        d.libelle,
        f"Régime {d.regime}, caisse {d.caisse}, centre {d.centre}",
        f"Organisme {d.organisme}, centre informatique {d.centre_informatique}",
    ]


def _prescription(fs: FactureSecurisee) -> list[str]:
    prescription = fs.facture.demande.prescription
    if prescription is None:
        return ["Sans prescription"]
    return [
        f"Du {formater(prescription.date)}",
        f"{prescription.nom} {prescription.prenom}".strip(),
        f"Prescripteur n° {prescription.prescripteur}" if prescription.prescripteur else "",
    ]


def _valeurs(ligne: LigneTarifee) -> list[str]:
    return [
        formater(ligne.date),
        _acte(ligne),
        ligne.detail,
        ligne.libelle,
        str(ligne.quantite),
        euros(ligne.montant_centimes),
        euros(ligne.base_centimes),
        formater_taux(ligne.taux),
        ligne.exoneration if ligne.exoneration != "0" else "",
        euros(ligne.amo_centimes),
        euros(ligne.amc_centimes),
        euros(ligne.assure_centimes),
    ]


def _acte(ligne: LigneTarifee) -> str:
    """Code, coefficient when it is not 1, complement: ``AMI 1,5 N``."""
    coefficient = "" if ligne.coefficient == 1 else f"{ligne.coefficient.normalize():f}".replace(".", ",")
    return " ".join(morceau for morceau in (ligne.acte, coefficient, ligne.complement) if morceau)


def _totaux(feuille: Feuille, fs: FactureSecurisee) -> None:
    totaux = fs.facture.tarification.totaux
    y = _BAS - _PIED + 14
    feuille.trait(y - 12, 1)
    valeurs = [""] * len(COLONNES)
    valeurs[0] = "Totaux (€)"
    valeurs[5:7] = euros(totaux.facture_centimes), euros(totaux.base_centimes)
    valeurs[9:] = euros(totaux.amo_centimes), euros(totaux.amc_centimes), euros(totaux.assure_centimes)
    feuille.texte(MARGE, y, valeurs[0], 8, gras=True)
    feuille.rangee(y, COLONNES, ["", *valeurs[1:]], 7, gras=True)
    depassements = sum(ligne.depassement_centimes for ligne in fs.facture.tarification.lignes)
    if depassements:
        feuille.texte(MARGE, y + 12, f"Dont dépassements : {euros(depassements)} €", 7)


def _securisation(feuille: Feuille, fs: FactureSecurisee, historique: Sequence[Evenement]) -> None:
    y = _BAS - _PIED + 44
    tiers = fs.facture.demande.tiers_payant
    payant = " et AMC" if tiers.amc else ""
    feuille.texte(
        MARGE, y, f"Facture {NIVEAUX[fs.facture.niveau]}. Tiers payant : {'AMO' + payant if tiers.amo else 'non'}.", 7.5
    )
    feuille.texte(MARGE, y + 12, f"Empreinte SHA-256 : {fs.empreinte}", 6.5)
    feuille.texte(MARGE, y + 28, "Historique", 7, gras=True)
    for rang, evenement in enumerate(historique[-10:]):
        x, ligne = MARGE + (rang // 5) * (LARGEUR / 2 - MARGE + 6), rang % 5
        feuille.texte(x, y + 40 + ligne * 11, _evenement(evenement), 7)


def _evenement(evenement: Evenement) -> str:
    instant = evenement.instant.astimezone().strftime("%d/%m/%Y %H:%M")
    demande = f" (n° {evenement.donnees['demande']})" if "demande" in evenement.donnees else ""
    return f"{instant}  {EVENEMENTS.get(evenement.nom, evenement.nom)}{demande}"
