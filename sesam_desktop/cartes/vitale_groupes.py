"""One group of a Vitale ⇄ one value: the fields of groups 101–111, in the order of SSV "Lire Droits Vitale"."""

from __future__ import annotations

from .champs import ecrire_date, ecrire_fin, exiger_champs, lire_chiffre, lire_date, lire_naissance, refus, texte
from .vitale import AccidentTravail, Amc, Assure, Beneficiaire, CarteVitale, Couverture, Mutuelle, Periode, ServiceAmo
from .zones import Groupe

ASSURE, SERVICE, ACCIDENTS, BENEFICIAIRE, DROITS = 101, 102, 103, 104, 105
COUVERTURE, MUTUELLE, DROITS_MUTUELLE, AMC, ZONE_COMMUNE = 106, 107, 108, 109, 111

CHAMPS = {
    ASSURE: 14,
    SERVICE: 3,
    ACCIDENTS: 9,
    BENEFICIAIRE: 18,
    DROITS: 2,
    COUVERTURE: 4,
    MUTUELLE: 6,
    DROITS_MUTUELLE: 2,
    AMC: 12,
    ZONE_COMMUNE: 1,
}
_AT_VIDE = AccidentTravail("000000000", "", "0")


def lire_assure(groupe: Groupe) -> CarteVitale:
    """The card without anybody on it."""
    exiger_champs(groupe, CHAMPS[ASSURE])
    lu = groupe.texte
    assure = Assure(lu(8), lu(9), lu(10), lu(11), lu(12), lu(13))
    return CarteVitale(lu(1), lu(2), lire_date(groupe, 3), assure, ())


def lire_service(groupe: Groupe, champ: int = 1) -> ServiceAmo:
    """The code is read as a number: 0, 00, 3, 10 and 02 all occur on cards."""
    code = groupe.texte(champ) or "0"
    if not code.isascii() or not code.isdigit() or len(code) > 2:
        raise refus(groupe, champ, "un code service AMO est attendu")
    return ServiceAmo(code.zfill(2), lire_date(groupe, champ + 1), lire_date(groupe, champ + 2))


def lire_accidents(groupe: Groupe) -> tuple[AccidentTravail, ...]:
    """Ranks matter (0: default organism, 1 and 2: declared accidents): only the empty ones at the end are dropped."""
    lu = groupe.texte
    accidents = [AccidentTravail(lu(n), lu(n + 1), lu(n + 2)) for n in (1, 4, 7)]
    while accidents and not accidents[-1].organisme.strip("0"):
        accidents.pop()
    return tuple(accidents)


def lire_beneficiaire(groupe: Groupe) -> Beneficiaire:
    """Who they are; their rights are in the groups that follow."""
    lu = groupe.texte
    return Beneficiaire(
        nom_usuel=lu(1),
        nom_patronymique=lu(2),
        prenom=lu(3),
        adresse=tuple(lu(n) for n in range(4, 9)),
        nir_certifie=lu(9),
        cle=lu(10),
        date_certification=lire_date(groupe, 11),
        date_naissance=lire_naissance(groupe, 12),
        rang=lire_chiffre(groupe, 13),
        qualite=lu(14),
        service_amo=lire_service(groupe, 15),
    )


def lire_periode(groupe: Groupe) -> Periode:
    return Periode(lire_date(groupe, 1), lire_date(groupe, 2))


def lire_couverture(groupe: Groupe) -> Couverture:
    return Couverture(lire_date(groupe, 1), lire_date(groupe, 2), groupe.texte(3), groupe.texte(4))


def lire_mutuelle(groupe: Groupe, droits: tuple[Periode, ...]) -> Mutuelle:
    lu = groupe.texte
    return Mutuelle(lu(1), lu(2), lu(3), lu(4), lu(5), lu(6), droits)


def lire_amc(groupe: Groupe) -> Amc:
    """Group 109; also what a complementary card holds."""
    exiger_champs(groupe, CHAMPS[AMC])
    lu, debut, fin = groupe.texte, lire_date(groupe, 5), lire_date(groupe, 6)
    return Amc(lu(1), lu(2), lu(3), lu(4), debut, fin, lu(7), lu(8), lu(9), lu(10), lu(11), lu(12))


def ecrire_assure(carte: CarteVitale) -> Groupe:
    """Fields that `CarteVitale` does not keep (RUF) are empty."""
    assure = carte.assure
    debut = (*_textes(carte.type, carte.numero_serie), ecrire_date(carte.fin_validite), b"0", b"", b"", b"A")
    fin = _textes(assure.nir, assure.cle, assure.regime, assure.caisse, assure.centre, assure.code_gestion, "")
    return Groupe(ASSURE, debut + fin)


def ecrire_service(service: ServiceAmo) -> Groupe:
    return Groupe(SERVICE, _service(service))


def ecrire_accidents(accidents: tuple[AccidentTravail, ...]) -> Groupe:
    triplets = accidents + (_AT_VIDE,) * (3 - len(accidents))
    return Groupe(ACCIDENTS, tuple(c for at in triplets for c in _textes(at.organisme, at.code_bgdh, at.identifiant)))


def ecrire_beneficiaire(personne: Beneficiaire) -> Groupe:
    noms = _textes(personne.nom_usuel, personne.nom_patronymique, personne.prenom, *personne.adresse)
    naissance = texte(personne.date_naissance + "0000" if personne.date_naissance else "000000000000")
    certifie = (*_textes(personne.nir_certifie, personne.cle), ecrire_date(personne.date_certification), naissance)
    qualite = _textes(str(personne.rang), personne.qualite)
    return Groupe(BENEFICIAIRE, (*noms, *certifie, *qualite, *_service(personne.service_amo), b""))


def ecrire_droits(periode: Periode) -> Groupe:
    return Groupe(DROITS, (ecrire_date(periode.debut), ecrire_fin(periode.fin)))


def ecrire_couverture(couverture: Couverture) -> Groupe:
    dates = (ecrire_fin(couverture.debut), ecrire_fin(couverture.fin))
    return Groupe(COUVERTURE, (*dates, *_textes(couverture.ald, couverture.situation)))


def ecrire_mutuelle(mutuelle: Mutuelle) -> list[Groupe]:
    champs = _textes(
        mutuelle.identification,
        mutuelle.garanties,
        mutuelle.indicateur,
        mutuelle.type_services,
        mutuelle.services,
        mutuelle.aiguillage_sts,
    )
    droits = [Groupe(DROITS_MUTUELLE, (ecrire_date(p.debut), ecrire_date(p.fin))) for p in mutuelle.droits]
    return [Groupe(MUTUELLE, champs), *droits]


def ecrire_amc(amc: Amc) -> Groupe:
    debut = _textes(amc.numero_b2, amc.numero_edi, amc.adherent, amc.indicateur)
    routage = _textes(amc.routage, amc.hote, amc.domaine, amc.aiguillage_sts, amc.type_services, amc.services)
    return Groupe(AMC, (*debut, ecrire_date(amc.debut), ecrire_date(amc.fin), *routage))


def ecrire_zone_commune(zone: str) -> Groupe:
    return Groupe(ZONE_COMMUNE, _textes(zone))


def _textes(*valeurs: str) -> tuple[bytes, ...]:
    return tuple(texte(valeur) for valeur in valeurs)


def _service(service: ServiceAmo) -> tuple[bytes, ...]:
    return (texte(service.code), ecrire_date(service.debut), ecrire_date(service.fin))
