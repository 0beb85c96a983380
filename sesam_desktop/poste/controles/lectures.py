"""Evidence: were both cards read lately, how fast, and what does the last refusal say?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sesam_desktop.lecteurs.roles import ROLES
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.poste.diagnostic_constats import Constat, Niveau, constat, depuis
from sesam_desktop.poste.essai_lecture import temoigner
from sesam_desktop.poste.temoin_lectures import Lecture

from .examen import Controle, Examen, seuils
from .lenteur import causes

if TYPE_CHECKING:
    from sesam_desktop.lecteurs.canal import SessionCarte

_DEUX = ("cps", "vitale")
_MELANGE = ("F026", "SSV_F026")
_AUTRE_PATIENT = ("MAUVAISE_VITALE", "CARTE_CHANGEE", "SSV_F023")
_CPS_NON_VUE = ("SSV_F001",)
_AUTREMENT_LUE = "CARTE_NON_LUE"  # an old card: only the SSV libraries read it, the workstation is not at fault


def essai(examen: Examen) -> Iterator[Constat]:
    """Do the chips answer, here and now? Only what they give without any code; nothing of it is kept."""
    from sesam_desktop.lecteurs.lecture import lire_puce_cps, lire_puce_vitale

    yield from _essayer(examen, "cps", lire_puce_cps, Niveau.KO)
    yield from _essayer(examen, "vitale", lire_puce_vitale, Niveau.WARN)


def pont(examen: Examen) -> Iterator[Constat]:
    """Do the SSV libraries that the settings name open? What keeps them closed is said by prudence."""
    if examen.poste.lecteurs.pont is not None:
        yield constat("PONT_SSV")


def natures(examen: Examen) -> Iterator[Constat]:
    """A test card and a real one, both read: refused now rather than at the signature."""
    from sesam_desktop.cartes.nature import de_ps, de_vitale, exiger_meme_nature

    vitale, ps = examen.poste.lecteurs.vitale, examen.poste.lecteurs.ps
    if vitale is None or ps is None:
        return
    try:
        exiger_meme_nature(de_vitale(vitale), de_ps(ps))
    except ErreurConnue:
        yield constat("CARTES_TEST_ET_REELLE")


def preuves(examen: Examen) -> Iterator[Constat]:
    """A recent reading of both cards, that no later error cancels."""
    temoin = examen.poste.lecteurs.temoin
    dernieres = {role: temoin.derniere(role) for role in _DEUX}
    refusees = [lue for lue in dernieres.values() if lue is not None and not lue.reussie]
    if refusees:
        yield from (_refus(examen, lecture) for lecture in refusees)
        return
    debut = examen.maintenant - timedelta(hours=seuils()["preuve_lecture_h"])
    fin = examen.maintenant + timedelta(seconds=seuils()["horloge_tolerance_s"])  # later, the clock was ahead
    recentes = {role: lue for role, lue in dernieres.items() if lue is not None and debut <= lue.instant <= fin}
    manque = [ROLES[role].carte for role in _DEUX if role not in recentes]
    if manque:
        yield constat("LECTURE_NON_PROUVEE", manque=" et ".join(manque))
    else:
        yield constat("LECTURES_PROUVEES", cps=_instant(recentes["cps"]), vitale=_instant(recentes["vitale"]))


def regularite(examen: Examen) -> Iterator[Constat]:
    """A first reading that fails, readings that drag on; then the local causes, the likeliest first."""
    temoin, limite = examen.poste.lecteurs.temoin, seuils()["lecture_lente_s"]
    lents = False
    for role in _DEUX:
        if temoin.seule_la_premiere_echoue(role):
            yield constat("PREMIERE_LECTURE_ECHOUEE", objet=ROLES[role].carte)
        moyenne = temoin.moyenne_s(role)
        if moyenne is not None and moyenne >= limite:
            lents = True
            secondes = f"{moyenne:.1f}".replace(".", ",")
            yield constat("LECTURES_LENTES", objet=ROLES[role].carte, moyenne=secondes, limite=limite)
    if lents:
        yield from causes(examen)


def _essayer(
    examen: Examen, role: str, lire: Callable[[SessionCarte], object], si_refusee: Niveau
) -> Iterator[Constat]:
    lecteurs = examen.poste.lecteurs
    if not any(ROLES[role].convient(fente.carte) for fente in examen.fentes_connues() if fente.atr):
        return  # its absence is already said
    try:
        with temoigner(lecteurs.temoin, role):
            lecteurs.gestionnaire.employer(role, lire)
    except ErreurConnue as erreur:
        yield depuis(erreur, None if erreur.code == _AUTREMENT_LUE else si_refusee)
    else:
        yield constat(f"{role.upper()}_LUE")


def _refus(examen: Examen, lecture: Lecture) -> Constat:
    """The last refusal, by what it means."""
    if lecture.role == "vitale" and lecture.code in _AUTRE_PATIENT:
        return constat("MAUVAISE_VITALE")
    if lecture.code in _MELANGE:
        return constat("CARTES_TEST_ET_REELLE")
    cps_vue = any(ROLES["cps"].convient(fente.carte) for fente in examen.fentes_connues() if fente.atr)
    if lecture.code in _CPS_NON_VUE and cps_vue:
        return constat("CPS_VUE_MAIS_REFUSEE")
    carte = ROLES[lecture.role].carte
    return constat("LECTURE_EN_ERREUR", objet=carte, code_erreur=lecture.code, instant=_instant(lecture))


def _instant(lecture: Lecture) -> str:
    return f"{lecture.instant.astimezone():%d/%m/%Y à %H:%M}"


ACTIFS: tuple[Controle, ...] = (pont, essai)
PREUVES: tuple[Controle, ...] = (natures, preuves, regularite)
