"""A second reader of B2, written by hand from the published tables. It imports nothing of the program, on purpose.

One line a record: zone, length, then A (text, blanks when empty) or N (digits, zeros when empty). The zones that the
project's profile adds or cuts otherwise are those of its own page, `docs/formats.md`.
"""

from __future__ import annotations

CLES_29 = "partenaire 9N | vide_11 1A | nir 13A | cle_nir 2N | rang 3N | facture 9N"
CLES_26 = "partenaire 9N | vide_11 1A | nir 13A | cle_nir 2N | facture 9N"
DENTS = " | ".join(f"dent_{rang} 2A" for rang in range(1, 17))
ACTES_BIOLOGIE = " | ".join(f"date_{rang} 6N | quantite_{rang} 2N | nabm_{rang} 8N" for rang in range(1, 6))

RECORDS = {
    "000": "type 3N | type_emetteur 2A | emetteur 14N | programme 6A | type_destinataire 2A | destinataire 14A"
    " | programme_destinataire 6A | application 2A | identification 6A | date 6N | norme 4A | version 2A"
    " | compactage 1A | cryptage 1A | monnaie 1A | flux 1A | vide_72 11A | longueur 3N | mot_de_passe 6A | message 37A",
    "1": "type 1N | partenaire 9N | vide_11 6A | organisme 3N | lot 3N | specialite 2N | convention 1N | zone_tarif 2N"
    " | zone_ik 2N | nom 40A | origine 2A | date_lot 6N | vide_78 1A | norme 2A | vide_81 1A | version 6N | monnaie 1A"
    " | vide_89 2A | vide_91 3A | vide_94 1A | vide_95 34A",
    "2": f"type 1N | {CLES_29} | operation 1N | entree 9N | regime 2N | caisse 3N | centre 4N | justificatif 1N"
    " | pec_le 6N | droits_le 6N | pec_par 3N | regime_prestation 3N | nature 2N | exoneration 1A | hospitalisation 6N"
    " | accident 9N | eclatement 1A | naissance 6N | rang_naissance 1N | date_entree 6N | date_sortie 6N | heure 2N"
    " | contrat 2N | complementaire 10A",
    "2S": f"type 1N | {CLES_29} | complement 1A | sequence 2N | titre 6N | reglement 2N | nir_individuel 13A"
    " | cle_individuelle 2N | vide_65 6A | top_mt 1A | nom_mt 25A | prenom_mt 15A | numero_mt 9N | parcours 1A"
    " | vide_122 7A",
    "4": f"type 1N | {CLES_29} | traitement 2N | discipline 3N | prescripteur 9N | origine 1A | exoneration 1A"
    " | specialite_prescripteur 2N | executant 9N | zone_tarif 2N | specialite_executant 2N | soins 6N | acte 5A"
    " | quantite 2N | coefficient 6N | denombrement 2N | prix 7N | base 7N | taux 3N | amo 7N | honoraires 7N"
    " | qualificatif 1A | amc 6N",
    "4S": f"type 1N | {CLES_26} | complement 1A | sequence 2N | condition_executant 1A | coordination 1A"
    " | base_theorique 7N | condition_prescripteur 1A | demande_accord 6N | accord 1N | vide_56 15A | forcage_amo 1A"
    " | lieu 14N | filiere 14N | forcage_amc 1A | ordre_forfait 5N | appareil 14N | ghs 4N | domaine 1A"
    " | top_prevention 1A | prevention 2A | participation 1A",
    "4E": f"type 1N | {CLES_26} | complement 1A | sequence 2N | rpps_prescripteur 11N | structure_prescripteur 14A"
    " | rpps_executant 11N | structure_executant 14A | vide_89 40A",
    "4B": f"type 1N | {CLES_26} | complement 1A | sequence 2N | reserve 4A | vide_43 6A | {ACTES_BIOLOGIE}",
    "4M": f"type 1N | {CLES_26} | complement 1A | sequence 2N | reserve 4A | ccam 13A | extension 1A | activite 1A"
    " | phase 1N | modificateur_1 1A | modificateur_2 1A | modificateur_3 1A | modificateur_4 1A | association 1A"
    f" | condition 1A | seance 6N | {DENTS} | supplement 1A | modificateur_oc_1 1A | modificateur_oc_2 1A"
    " | modificateur_oc_3 1A | modificateur_oc_4 1A | vide_108 21A",
    "4F": f"type 1N | {CLES_26} | complement 1A | sequence 2N | reserve 4A | lpp 13A | siret 14A | quantite 2N"
    " | tarif 7N | montant 7N | achat 7N | ecart_unitaire 7N | ecart_total 7N | vide_107 22A",
    "4P": f"type 1N | {CLES_26} | complement 1A | sequence 2N | reserve 4A | cip 13A | quantite 3N | prix 7N"
    " | montant 7N | tfr 7N | substitution 1A | motif 1A | renouvellement 2N | prescrit_le 6N | deconditionnement 1A"
    " | unites 4A | unites_boite 4A | vide_99 30A",
    "5": f"type 1N | {CLES_29} | enregistrements 3N | base_3 8N | amo_3 8N | honoraires_4 8N | amo_4 8N"
    " | participation 8N | amc_3 8N | amc_4 8N | vide_98 17A | depense_3 8N | editeur 4A | vide_127 2A",
    "5S": f"type 1N | {CLES_29} | complement 1A | sequence 2N | honoraires 8N | amo 8N | amc 8N | reste 8N | niveau 1A"
    " | vide_75 54A",
    "6": "type 1N | partenaire 9N | compteur_a 3N | compteur_b 4N | compteur_c 4N | compteur_d 3N | montant_1 9N"
    " | montant_2 9N | montant_3 9N | lot 3N | a 1A | b 1A | c 4A | d 12A | e 12A | f 3A | g 9A | vide_97 32A",
    "999": "type 3N | type_emetteur 2A | emetteur 14N | programme 6A | type_destinataire 2A | destinataire 14A"
    " | programme_destinataire 6A | application 2A | identification 6A | enregistrements 8N | flux 1A | vide_65 18A"
    " | lots 3N | vide_86 43A",
}
AFFINES, SUPPLEMENTS = 35, 38  # where the letter stands: position 36 in details of a line, 39 in those of an invoice


def zones(type_: str) -> list[tuple[str, int, str]]:
    """Name, length, kind of each zone, in order."""
    decoupees = [zone.split() for zone in RECORDS[type_].split(" | ")]
    return [(nom, int(mesure[:-1]), mesure[-1]) for nom, mesure in decoupees]


def type_de(brut: str) -> str:
    """000, 999, or the digit and the letter of its complement."""
    if brut[:3] in ("000", "999"):
        return brut[:3]
    rang = SUPPLEMENTS if brut[0] in "25" else AFFINES
    complement = brut[rang] if brut[0] in "2345" and brut[rang].isalpha() else ""
    return brut[0] + complement


def lire(octets: bytes) -> list[tuple[str, dict[str, str]]]:
    """Type and raw zones of each record of 128 characters."""
    texte = octets.decode("ascii")
    bruts = [texte[debut : debut + 128] for debut in range(0, len(texte), 128)]
    return [(type_de(brut), _couper(brut)) for brut in bruts]


def _couper(brut: str) -> dict[str, str]:
    lues, position = {}, 0
    for nom, longueur, _ in zones(type_de(brut)):
        lues[nom] = brut[position : position + longueur]
        position += longueur
    return lues


def complet(type_: str, remplies: dict[str, str]) -> dict[str, str]:
    """What a record says when only these zones are filled: text to the left, digits to the right."""
    inconnues = set(remplies) - {nom for nom, _, _ in zones(type_)}
    assert not inconnues, inconnues
    attendues = {}
    for nom, longueur, genre in zones(type_):
        valeur = remplies.get(nom, "")
        attendues[nom] = valeur.rjust(longueur, "0") if genre == "N" else valeur.ljust(longueur)
    return attendues
