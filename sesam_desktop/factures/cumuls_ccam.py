"""Which acts may stand on one invoice: incompatible codes, what is never billed alone, CCAM with a consultation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sesam_desktop.referentiels.tables import Ligne

from .actes_ccam import Examen, LigneCcam
from .dossier import avertir, bloquer
from .facture import Alerte

_GESTE = "geste"
_AUTRE_EXECUTANT = "par un praticien différent"


def verifier(examen: Examen) -> Iterator[Alerte]:
    """Every remark on the acts that stand together."""
    for lignes in examen.du_jour():
        yield from _incompatibles(lignes)
        if any(ligne.role["seul"] for ligne in lignes):
            yield from _gestes_listes(lignes)
        else:
            yield _jamais_seul(lignes[0])
        yield from _avec_consultation(examen, lignes)
    for ligne in examen.lignes:
        if ligne.saisie.quantite > 1 and not ligne.role["repetable"]:
            message = "Un acte de la CCAM se cote une fois par ligne : ajoutez une ligne par réalisation."
            yield bloquer("CCAM_QUANTITE", message, f"{ligne.champ}.quantite")


def cles(examen: Examen, ligne: LigneCcam) -> dict[str, str]:
    """Where the derogation of this act beside a consultation is: under its own code, else under its prestation code."""
    propres = {"code": ligne.acte.code, "specialite": examen.facture.executant.specialite}
    if examen.tables.charger("cumuls_ccam").trouver(ligne.jour, **propres) is not None:
        return propres
    return {**propres, "code": ligne.acte.regroupement}


def cumul(examen: Examen, ligne: LigneCcam) -> Ligne | None:
    """The derogation that lets this act stand beside a consultation of this professional."""
    return examen.tables.charger("cumuls_ccam").trouver(ligne.jour, **cles(examen, ligne))


def _incompatibles(lignes: Sequence[LigneCcam]) -> Iterator[Alerte]:
    """Codes that the notes of an act forbid, or restrict, beside it."""
    for rang, ligne in enumerate(lignes):
        for autre in lignes[:rang]:
            codes = f"{ligne.acte.code} et {autre.acte.code}"
            if ligne.acte.code in autre.acte.incompatibles or autre.acte.code in ligne.acte.incompatibles:
                yield bloquer("CCAM_INCOMPATIBLES", f"{codes} ne se facturent pas ensemble.", f"{ligne.champ}.code")
            elif ligne.acte.code in autre.acte.a_verifier or autre.acte.code in ligne.acte.a_verifier:
                message = f"{codes} : les notes de la CCAM restreignent leur association, relisez-les."
                yield avertir("CCAM_ASSOCIATION_A_VERIFIER", message, f"{ligne.champ}.code")


def _jamais_seul(ligne: LigneCcam) -> Alerte:
    """Refused, but told only when the notes say that the act it goes with is another professional's."""
    message = f"{ligne.acte.code} est un {ligne.role['libelle']} : il accompagne un acte du même jour."
    d_un_autre = any(_AUTRE_EXECUTANT in note for note in ligne.acte.notes)
    return (avertir if d_un_autre else bloquer)("CCAM_JAMAIS_SEUL", message, f"{ligne.champ}.code")


def _gestes_listes(lignes: Sequence[LigneCcam]) -> Iterator[Alerte]:
    """A complementary gesture is written in parentheses under the acts it goes with."""
    listes = {code for ligne in lignes for code in ligne.acte.complementaires}
    for ligne in lignes:
        if ligne.role["role"] == _GESTE and ligne.acte.code not in listes:
            message = f"{ligne.acte.code} n'est pas dans la liste des gestes des autres actes du jour : vérifiez-le."
            yield avertir("CCAM_GESTE_NON_LISTE", message, f"{ligne.champ}.code")


def _avec_consultation(examen: Examen, lignes: Sequence[LigneCcam]) -> Iterator[Alerte]:
    """Technical acts and a consultation are not billed together, but for the derogations; two of them are told."""
    clinique = examen.cliniques.get(lignes[0].jour, "")
    actes = [ligne for ligne in lignes if ligne.remboursable and not ligne.accessoire]
    if not clinique or not actes:
        return
    for ligne in actes:
        derogation = cumul(examen, ligne)
        if derogation is None or clinique in derogation["exclus"]:
            message = (
                f"{ligne.acte.code} ne se facture pas avec {clinique} du même jour : gardez l'un des deux. Si une "
                "dérogation absente de nos tables l'admet, facturez l'acte à part."
            )
            yield bloquer("CUMUL_NGAP_CCAM", message, f"{ligne.champ}.code")
        elif ligne is not actes[0]:
            message = f"Plusieurs actes avec {clinique} : vérifiez que leurs dérogations s'ajoutent."
            yield avertir("CUMUL_A_VERIFIER", message, f"{ligne.champ}.code")
