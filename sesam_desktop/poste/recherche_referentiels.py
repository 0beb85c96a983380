"""Look-ups in any imported table, each answer told in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sesam_desktop.noyau import dates, identifiants
from sesam_desktop.noyau.erreurs import EntreeInvalide
from sesam_desktop.noyau.montants import formater, formater_taux

if TYPE_CHECKING:
    from sesam_desktop.referentiels.base_referentiels import BaseReferentiels
    from sesam_desktop.referentiels.ccam import ActeCcam
    from sesam_desktop.referentiels.lpp import ArticleLpp
    from sesam_desktop.referentiels.medicaments import Medicament, Medicaments
    from sesam_desktop.referentiels.nabm import ActeBiologie
    from sesam_desktop.referentiels.prestations import Prestation
    from sesam_desktop.referentiels.ucd import Ucd

_PREMIERS_LPP = "167"
_TYPES = {"A": "achat", "E": "entretien", "L": "location", "R": "réparation", "S": "service", "V": "livraison"}


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """One answer. `valeur` is the value of the table (Medicament, ActeCcam, ArticleLpp…), `detail` its price told."""

    source: str
    code: str
    libelle: str
    detail: str
    version: str
    hors_periode: bool
    valeur: Any


class Recherche:
    """One door on the look-ups of every source."""

    def __init__(self, base: BaseReferentiels, medicaments: Medicaments) -> None:
        from sesam_desktop.referentiels import ccam, lpp, nabm, prestations, ucd

        self._sources: dict[str, tuple[Callable[[str, date, int], Iterable[Any]], Callable[[Any], str]]] = {
            "bdpm": (medicaments.trouver, _medicament),
            ccam.SOURCE: (ccam.Ccam(base).chercher, _ccam),
            lpp.SOURCE: (lpp.Lpp(base).chercher, _lpp),
            nabm.SOURCE: (nabm.Nabm(base).chercher, _nabm),
            ucd.SOURCE: (ucd.CodesUcd(base).chercher, _ucd),
            prestations.SOURCE: (prestations.Prestations(base).chercher, _prestation),
        }

    def chercher(self, source: str, terme: str, jour: date, limite: int) -> list[Trouvaille]:
        """What `source` knows of these words or this code. Raises SOURCE_INCONNUE, REFERENTIEL_ABSENT."""
        if source not in self._sources:
            raise EntreeInvalide(
                f"La source « {source} » ne se consulte pas.", code="SOURCE_INCONNUE",
                action=f"Sources consultables : {', '.join(self._sources)}.",
            )
        chercher, decrire = self._sources[source]
        return [_trouvaille(source, valeur, decrire(valeur)) for valeur in chercher(terme, jour, limite)]


def source_du_code(terme: str) -> str:
    """The source whose codes are written like `terme`; "" when it is words, or a code that medicines share.

    CIP7 and LPP have the same key; only the first digit tells them apart (no CIP7 begins by 1, 6 or 7).
    """
    propre = terme.strip().upper()
    if identifiants.ccam_valide(propre):
        return "ccam"
    if identifiants.nabm_valide(propre):
        return "nabm"
    return "lpp" if identifiants.lpp_valide(propre) and propre[0] in _PREMIERS_LPP else ""


def _trouvaille(source: str, valeur: Any, detail: str) -> Trouvaille:
    code = valeur.cip13 if source == "bdpm" else valeur.code
    return Trouvaille(source, code, valeur.libelle, detail, valeur.version, valeur.hors_periode, valeur)


def _medicament(m: Medicament) -> str:
    prix = _euros(m.prix_centimes) if m.prix_centimes is not None else "prix libre"
    return f"{m.presentation} · {prix} · {formater_taux(m.taux) if m.taux is not None else 'non remboursé'}"


def _ccam(a: ActeCcam) -> str:
    if a.tarif_1 is None:
        return "non pris en charge"
    autres = f" · hors OPTAM {_euros(a.tarif_2)}" if a.tarif_2 not in (None, a.tarif_1) else ""
    accord = " · accord préalable" if a.accord_prealable else ""
    return f"{_euros(a.tarif_1)}{autres} · {a.regroupement}{accord}"


def _lpp(a: ArticleLpp) -> str:
    depuis = f" depuis le {dates.formater(a.date_tarif)}" if a.date_tarif else ""
    parts = [f"{_euros(a.tarif_centimes)}{depuis}" if a.tarif_centimes is not None else "tarif inconnu"]
    parts += [f"prix limite {_euros(a.prix_max_centimes)}"] if a.prix_max_centimes is not None else []
    parts += [_TYPES.get(a.type_prestation, ""), a.nature, "entente préalable" if a.entente else ""]
    parts += [f"facturable jusqu'au {dates.formater(a.fin)}"] if a.fin else []
    return " · ".join(part for part in parts if part)


def _nabm(a: ActeBiologie) -> str:
    cotation = f"{a.lettre} {a.coefficient:f}".replace(".", ",") if a.coefficient is not None else "sans cotation"
    radie = f" · facturable jusqu'au {dates.formater(a.fin)}" if a.fin else ""
    return f"{cotation}{' · entente préalable' if a.entente else ''}{radie}"


def _ucd(u: Ucd) -> str:
    return " · ".join(part for part in (u.laboratoire, f"liste {' '.join(u.listes)}" if u.listes else "") if part)


def _prestation(p: Prestation) -> str:
    return f"nature {' '.join(p.natures)}" if p.natures else ""


def _euros(montant: int | None) -> str:
    return formater(montant, unite="€") if montant is not None else "—"
