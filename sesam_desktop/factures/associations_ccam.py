"""Association codes of the CCAM acts of one day: what is due, and what is written.

General rule: two acts at most, the one with the higher tariff (modifiers apart) in full, the other at half; gestures,
supplements and imaging in full. No code for one act, nor for one act with one of those. Dental care is in full (code
4), with one act of dental surgery at most. Surgery and its anaesthesia have derogations (75 %, three acts) that only
the professional can decide: they are accepted, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sesam_desktop.referentiels.tables import Ligne

from .actes_ccam import AUTRE_MOMENT, Examen, LigneCcam
from .dossier import avertir, bloquer
from .facture import Alerte

TAUX_PLEIN = "4"
_CHIRURGIE = ("ADC", "ADA")  # the anaesthetist codes the acts as the surgeon does
_GENERAL = ("1", "2")
_CHIRURGICAUX = (("1", "3"), ("1", "3", "2"), ("1", "2", "2"))  # two limbs; multiple trauma; ENT cancer
_SEUL = "Un acte seul se cote sans code association."

Codes = dict[int, str]  # rank of the line in the invoice → its code


def verifier(examen: Examen) -> Iterator[Alerte]:
    """Every remark on the association codes of the invoice."""
    for ligne in examen.lignes:
        if trouver(examen, ligne) is None:
            message = "Un code association de 1 à 5 est attendu."
            yield bloquer("ASSOCIATION_INCONNUE", message, f"{ligne.champ}.association")
            return
    for lignes in examen.du_jour():
        comptees = [ligne for ligne in lignes if ligne.remboursable]
        if lignes[0].jour in examen.cliniques:
            yield from _sans_code(comptees)
        else:
            yield from _verifier_jour(comptees)


def trouver(examen: Examen, ligne: LigneCcam) -> Ligne | None:
    """The row of the association code written on the line."""
    return examen.tables.charger("associations_ccam").trouver(ligne.jour, code=ligne.saisie.association or "")


def proposer(lignes: Sequence[LigneCcam]) -> Codes:
    """Codes of the general rule for acts of one day; a line that is left out may not be billed with the others."""
    actes, accessoires = _separer(lignes)
    if len(actes) > 1 and _soins_dentaires(actes):
        return {ligne.rang: TAUX_PLEIN for ligne in lignes}
    return _generale(actes, accessoires)


def _soins_dentaires(actes: Sequence[LigneCcam]) -> bool:
    """Acts associated in full; a second one that is not (dental surgery) would be halved."""
    return all(ligne.dentaire for ligne in actes) and sum(not ligne.a_taux_plein for ligne in actes) <= 1


def _chirurgie_dentaire(actes: Sequence[LigneCcam]) -> bool:
    """One act of dental surgery and some care: the general rule is accepted too, no published text settles it."""
    return _soins_dentaires(actes) and not all(ligne.a_taux_plein for ligne in actes)


def _generale(actes: Sequence[LigneCcam], accessoires: Sequence[LigneCcam]) -> Codes:
    lignes = [*actes, *accessoires]
    if len(actes) <= 1:
        code = "1" if len(accessoires) > 1 else ""
        return {ligne.rang: code for ligne in lignes}
    codes = {ligne.rang: code for ligne, code in zip(actes, _GENERAL, strict=False)}
    return codes | {ligne.rang: "1" for ligne in accessoires}


def _separer(lignes: Sequence[LigneCcam]) -> tuple[list[LigneCcam], list[LigneCcam]]:
    """The acts, highest tariff first, and what goes with them."""
    actes = sorted((li for li in lignes if not li.accessoire), key=lambda li: (-(li.tarif or 0), li.rang))
    return actes, [li for li in lignes if li.accessoire]


def _sans_code(lignes: Sequence[LigneCcam]) -> Iterator[Alerte]:
    """With a consultation, no association code is written (art. III-3 A)."""
    for ligne in lignes:
        if ligne.saisie.association:
            message = "Avec une consultation ou une visite, l'acte se cote sans code association."
            yield bloquer("ASSOCIATION_SANS_OBJET", message, f"{ligne.champ}.association")


def _verifier_jour(lignes: Sequence[LigneCcam]) -> Iterator[Alerte]:
    a_part = [ligne for ligne in lignes if ligne.saisie.association == AUTRE_MOMENT]
    ensemble = [ligne for ligne in lignes if ligne.saisie.association != AUTRE_MOMENT]
    for ligne in a_part:
        message = "Acte à un autre moment de la journée, à taux plein : justifiez-le dans le dossier du patient."
        yield avertir("ASSOCIATION_A_JUSTIFIER", message, f"{ligne.champ}.association")
    if len(ensemble) == 1 and a_part:
        message = "À deux moments de la journée, le code association 5 s'écrit sur chaque acte."
        yield bloquer("ASSOCIATION_5_PARTIELLE", message, f"{ensemble[0].champ}.association")
    elif any(ligne.saisie.association == TAUX_PLEIN for ligne in ensemble):
        yield from _taux_plein(ensemble)
    elif ensemble:
        yield from _comparer(ensemble)


def _taux_plein(lignes: Sequence[LigneCcam]) -> Iterator[Alerte]:
    """Code 4 is not mixed with others, and only some acts admit it."""
    autres = [ligne for ligne in lignes if ligne.saisie.association != TAUX_PLEIN]
    for ligne in autres:
        message = "Le code association 4 ne se mélange pas : tous les actes du même temps le portent."
        yield bloquer("ASSOCIATION_4_PARTIELLE", message, f"{ligne.champ}.association")
    if len(lignes) == 1:
        yield bloquer("ASSOCIATION_SANS_OBJET", _SEUL, f"{lignes[0].champ}.association")
    for ligne in lignes:
        if not autres and not ligne.a_taux_plein and not ligne.accessoire:
            message = f"Vérifiez que {ligne.acte.code} fait partie des actes associés à taux plein."
            yield avertir("ASSOCIATION_A_JUSTIFIER", message, f"{ligne.champ}.association")


def _comparer(lignes: Sequence[LigneCcam]) -> Iterator[Alerte]:
    actes, accessoires = _separer(lignes)
    ecrits = {ligne.rang: ligne.saisie.association or "" for ligne in lignes}
    attendus = proposer(lignes)
    if _equivalents(lignes, ecrits, attendus):
        return
    if (derogation := _derogation(actes, accessoires, ecrits)) is not None:
        yield derogation
    elif _chirurgie_dentaire(actes) and _equivalents(lignes, ecrits, _generale(actes, accessoires)):
        message = "Avec un acte chirurgical dentaire, soins et radiographies se cotent à taux plein (code 4), vérifiez."
        yield avertir("ASSOCIATION_A_JUSTIFIER", message, f"{actes[-1].champ}.association")
    elif len(actes) > len(_GENERAL) and len(attendus) < len(lignes):
        yield _trop(actes, attendus)
    else:
        yield _incoherente(lignes, ecrits, attendus)


def _equivalents(lignes: Sequence[LigneCcam], ecrits: Mapping[int, str], attendus: Mapping[int, str]) -> bool:
    """True when both give each tariff the same codes: two acts of one price may exchange theirs."""
    if len(attendus) < len(lignes):
        return False

    def forme(codes: Mapping[int, str]) -> list[tuple[bool, int, str]]:
        return sorted((li.accessoire, 0 if li.accessoire else li.tarif or 0, codes[li.rang]) for li in lignes)

    return forme(ecrits) == forme(attendus)


def _derogation(
    actes: Sequence[LigneCcam], accessoires: Sequence[LigneCcam], ecrits: Mapping[int, str]
) -> Alerte | None:
    """A remark when the codes are those of one of the derogations of surgery; None when they are not."""
    if any(ligne.acte.regroupement not in _CHIRURGIE for ligne in actes):
        return None
    for codes in _CHIRURGICAUX:
        if len(codes) != len(actes):
            continue
        attendus = {li.rang: code for li, code in zip(actes, codes, strict=True)} | {li.rang: "1" for li in accessoires}
        if _equivalents([*actes, *accessoires], ecrits, attendus):
            message = (
                "Association dérogatoire de chirurgie (membres différents, lésions traumatiques multiples et récentes, "
                "cancer ORL) : justifiez-la dans le dossier du patient."
            )
            return avertir("ASSOCIATION_A_JUSTIFIER", message, f"{actes[-1].champ}.association")
    return None


def _trop(actes: Sequence[LigneCcam], attendus: Mapping[int, str]) -> Alerte:
    ligne = next(li for li in actes if li.rang not in attendus)
    message = (
        f"Deux actes au plus sont tarifés dans le même temps : retirez {ligne.acte.code}, ou codez une dérogation "
        "(codes 1, 3 et 2 en chirurgie, 4 à taux plein, 5 à un autre moment)."
    )
    return bloquer("ACTES_TROP_NOMBREUX", message, f"{ligne.champ}.association")


def _incoherente(lignes: Sequence[LigneCcam], ecrits: Mapping[int, str], attendus: Mapping[int, str]) -> Alerte:
    ligne = next((li for li in lignes if ecrits[li.rang] != attendus[li.rang]), lignes[0])
    suite = ", ".join(f"{li.acte.code} {attendus[li.rang] or 'sans code'}" for li in lignes)
    code = "ASSOCIATION_INCOHERENTE" if ecrits[ligne.rang] else "ASSOCIATION_ABSENTE"
    if not any(attendus.values()):
        code = "ASSOCIATION_SANS_OBJET"
    return bloquer(code, f"Codes association attendus : {suite}.", f"{ligne.champ}.association")
