"""Groups 101–111 ⇄ `CarteVitale`: what SSV "Lire Droits Vitale" gives, and what a carte virtuelle holds.

Order is the only hierarchy: ``101, 102, [103], then for each beneficiary 104, 105*, 106*, [107, 108*], [109, [111]]``.
No limit is put on the number of beneficiaries or periods (a stress card holds 19 and 133).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sesam_desktop.noyau.erreurs import ErreurConnue, FormatInvalide

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


def carte_depuis(groupes: Sequence[Groupe]) -> CarteVitale:
    """The card these groups describe. Raises FormatInvalide, or ErreurConnue F0F0 (mutuelle and AMC together)."""
    if not groupes or groupes[0].id != ASSURE:
        raise FormatInvalide("Les données ne commencent pas par un assuré (groupe 101).", code="PAS_UNE_VITALE")
    carte = _entete(groupes[0])
    beneficiaires: list[Beneficiaire] = []
    for groupe in groupes[1:]:
        if groupe.id in CHAMPS:
            exiger_champs(groupe, CHAMPS[groupe.id])
        if groupe.id == BENEFICIAIRE:
            beneficiaires.append(_beneficiaire(groupe))
        elif groupe.id in _AJOUTS_BENEFICIAIRE and beneficiaires:
            beneficiaires[-1] = _AJOUTS_BENEFICIAIRE[groupe.id](beneficiaires[-1], groupe)
        elif groupe.id in _AJOUTS_CARTE and not beneficiaires:
            carte = _AJOUTS_CARTE[groupe.id](carte, groupe)
        else:
            raise _intrus(groupe)
    for beneficiaire in beneficiaires:
        _exiger_une_complementaire(beneficiaire)
    return replace(carte, beneficiaires=tuple(beneficiaires))


def groupes_de(carte: CarteVitale) -> list[Groupe]:
    """The groups of a card, in the order of the norm. Fields that `CarteVitale` does not keep (RUF) are empty."""
    groupes = [_groupe_assure(carte)]
    if carte.service_famille is not None:
        groupes.append(Groupe(SERVICE, _service(carte.service_famille)))
    if carte.at:
        groupes.append(_groupe_accidents(carte.at))
    for beneficiaire in carte.beneficiaires:
        groupes += _groupes_beneficiaire(beneficiaire)
    return groupes


def _intrus(groupe: Groupe) -> FormatInvalide:
    connu = "n'est pas à sa place" if groupe.id in CHAMPS else "n'est pas connu"
    return FormatInvalide(f"Le groupe {groupe.id} {connu}.", code="GROUPE_INATTENDU", zone=f"groupe {groupe.id}")


def _exiger_une_complementaire(beneficiaire: Beneficiaire) -> None:
    """SSV error F0F0: a mutuelle and an AMC whose periods meet."""
    amc, mutuelle = beneficiaire.amc, beneficiaire.mutuelle
    if amc is None or mutuelle is None:
        return
    if any(_se_touchent(Periode(amc.debut, amc.fin), periode) for periode in mutuelle.droits):
        raise ErreurConnue(
            "La carte porte en même temps des droits mutuelle et des droits AMC pour un bénéficiaire (F0F0).",
            code="F0F0",
            action="Le patient doit mettre sa carte à jour sur une borne ou en pharmacie.",
        )


def _se_touchent(une: Periode, autre: Periode) -> bool:
    avant = une.fin is not None and autre.debut is not None and une.fin < autre.debut
    apres = autre.fin is not None and une.debut is not None and autre.fin < une.debut
    return not avant and not apres


def _entete(groupe: Groupe) -> CarteVitale:
    exiger_champs(groupe, CHAMPS[ASSURE])
    lu = groupe.texte
    assure = Assure(lu(8), lu(9), lu(10), lu(11), lu(12), lu(13))
    return CarteVitale(lu(1), lu(2), lire_date(groupe, 3), assure, ())


def _lire_service(groupe: Groupe, champ: int) -> ServiceAmo:
    """The code is read as a number: 0, 00, 3, 10 and 02 all occur on cards."""
    code = groupe.texte(champ) or "0"
    if not code.isascii() or not code.isdigit() or len(code) > 2:
        raise refus(groupe, champ, "un code service AMO est attendu")
    return ServiceAmo(code.zfill(2), lire_date(groupe, champ + 1), lire_date(groupe, champ + 2))


def _avec_service(carte: CarteVitale, groupe: Groupe) -> CarteVitale:
    if carte.service_famille is not None:
        raise _intrus(groupe)
    return replace(carte, service_famille=_lire_service(groupe, 1))


def _avec_accidents(carte: CarteVitale, groupe: Groupe) -> CarteVitale:
    """Ranks matter (0: default organism, 1 and 2: declared accidents): only the empty ones at the end are dropped."""
    lu = groupe.texte
    accidents = [AccidentTravail(lu(n), lu(n + 1), lu(n + 2)) for n in (1, 4, 7)]
    while accidents and not accidents[-1].organisme.strip("0"):
        accidents.pop()
    return replace(carte, at=tuple(accidents))


def _beneficiaire(groupe: Groupe) -> Beneficiaire:
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
        service_amo=_lire_service(groupe, 15),
    )


def _periode(groupe: Groupe) -> Periode:
    return Periode(lire_date(groupe, 1), lire_date(groupe, 2))


def _avec_droits(personne: Beneficiaire, groupe: Groupe) -> Beneficiaire:
    return replace(personne, droits=(*personne.droits, _periode(groupe)))


def _avec_couverture(personne: Beneficiaire, groupe: Groupe) -> Beneficiaire:
    couverture = Couverture(lire_date(groupe, 1), lire_date(groupe, 2), groupe.texte(3), groupe.texte(4))
    return replace(personne, couvertures=(*personne.couvertures, couverture))


def _avec_mutuelle(personne: Beneficiaire, groupe: Groupe) -> Beneficiaire:
    if personne.mutuelle is not None:
        raise _intrus(groupe)
    lu = groupe.texte
    return replace(personne, mutuelle=Mutuelle(lu(1), lu(2), lu(3), lu(4), lu(5), lu(6)))


def _avec_droits_mutuelle(personne: Beneficiaire, groupe: Groupe) -> Beneficiaire:
    if personne.mutuelle is None:
        raise _intrus(groupe)
    droits = (*personne.mutuelle.droits, _periode(groupe))
    return replace(personne, mutuelle=replace(personne.mutuelle, droits=droits))


def _avec_amc(personne: Beneficiaire, groupe: Groupe) -> Beneficiaire:
    if personne.amc is not None:
        raise _intrus(groupe)
    lu, debut, fin = groupe.texte, lire_date(groupe, 5), lire_date(groupe, 6)
    amc = Amc(lu(1), lu(2), lu(3), lu(4), debut, fin, lu(7), lu(8), lu(9), lu(10), lu(11), lu(12))
    return replace(personne, amc=amc)


def _avec_zone_commune(personne: Beneficiaire, groupe: Groupe) -> Beneficiaire:
    return replace(personne, zone_commune=groupe.champs[0].decode("latin-1"))


_AJOUTS_CARTE: dict[int, Callable[[CarteVitale, Groupe], CarteVitale]] = {
    SERVICE: _avec_service,
    ACCIDENTS: _avec_accidents,
}
_AJOUTS_BENEFICIAIRE: dict[int, Callable[[Beneficiaire, Groupe], Beneficiaire]] = {
    DROITS: _avec_droits,
    COUVERTURE: _avec_couverture,
    MUTUELLE: _avec_mutuelle,
    DROITS_MUTUELLE: _avec_droits_mutuelle,
    AMC: _avec_amc,
    ZONE_COMMUNE: _avec_zone_commune,
}


def _textes(*valeurs: str) -> tuple[bytes, ...]:
    return tuple(texte(valeur) for valeur in valeurs)


def _service(service: ServiceAmo) -> tuple[bytes, ...]:
    return (texte(service.code), ecrire_date(service.debut), ecrire_date(service.fin))


def _groupe_assure(carte: CarteVitale) -> Groupe:
    assure = carte.assure
    debut = (*_textes(carte.type, carte.numero_serie), ecrire_date(carte.fin_validite), b"0", b"", b"", b"A")
    fin = _textes(assure.nir, assure.cle, assure.regime, assure.caisse, assure.centre, assure.code_gestion, "")
    return Groupe(ASSURE, debut + fin)


def _groupe_accidents(accidents: tuple[AccidentTravail, ...]) -> Groupe:
    triplets = accidents + (_AT_VIDE,) * (3 - len(accidents))
    return Groupe(ACCIDENTS, tuple(c for at in triplets for c in _textes(at.organisme, at.code_bgdh, at.identifiant)))


def _groupes_beneficiaire(personne: Beneficiaire) -> list[Groupe]:
    groupes = [_groupe_identite(personne)]
    groupes += [Groupe(DROITS, (ecrire_date(p.debut), ecrire_fin(p.fin))) for p in personne.droits]
    groupes += [
        Groupe(COUVERTURE, (ecrire_fin(c.debut), ecrire_fin(c.fin), *_textes(c.ald, c.situation)))
        for c in personne.couvertures
    ]
    groupes += _groupes_mutuelle(personne.mutuelle) if personne.mutuelle else []
    groupes += [_groupe_amc(personne.amc)] if personne.amc else []
    groupes += [Groupe(ZONE_COMMUNE, _textes(personne.zone_commune))] if personne.zone_commune else []
    return groupes


def _groupe_identite(personne: Beneficiaire) -> Groupe:
    noms = _textes(personne.nom_usuel, personne.nom_patronymique, personne.prenom, *personne.adresse)
    naissance = texte(personne.date_naissance + "0000" if personne.date_naissance else "000000000000")
    certifie = (*_textes(personne.nir_certifie, personne.cle), ecrire_date(personne.date_certification), naissance)
    qualite = _textes(str(personne.rang), personne.qualite)
    return Groupe(BENEFICIAIRE, (*noms, *certifie, *qualite, *_service(personne.service_amo), b""))


def _groupes_mutuelle(mutuelle: Mutuelle) -> list[Groupe]:
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


def _groupe_amc(amc: Amc) -> Groupe:
    debut = _textes(amc.numero_b2, amc.numero_edi, amc.adherent, amc.indicateur)
    routage = _textes(amc.routage, amc.hote, amc.domaine, amc.aiguillage_sts, amc.type_services, amc.services)
    return Groupe(AMC, (*debut, ecrire_date(amc.debut), ecrire_date(amc.fin), *routage))
