"""Two pricings of one invoice side by side: two dates, two situations. What differs, and by which rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, TypeVar

from sesam_desktop.factures.facture import Facture, LigneTarifee, Regle, Tarification, Totaux
from sesam_desktop.noyau.montants import Centimes

MONTANTS = ("montant_centimes", "base_centimes", "amo_centimes", "amc_centimes", "assure_centimes")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EcartLigne:
    """One line before and after; one of them is None when only the other pricing has it."""

    avant: LigneTarifee | None
    apres: LigneTarifee | None
    retirees: tuple[Regle, ...]   # rules that no longer take part
    ajoutees: tuple[Regle, ...]

    @property
    def ligne(self) -> LigneTarifee:
        """The one that names the line."""
        ligne = self.apres or self.avant
        assert ligne is not None  # noqa: S101 - comparer pairs at least one
        return ligne

    def ecart(self, champ: str) -> Centimes:
        """How much `champ` grows from the first pricing to the second; an absent line counts for nothing."""
        avant, apres = (getattr(ligne, champ) if ligne else 0 for ligne in (self.avant, self.apres))
        return apres - avant

    @property
    def change(self) -> bool:
        """True when an amount or a rule differs."""
        return bool(self.retirees or self.ajoutees or any(self.ecart(champ) for champ in MONTANTS))


@dataclass(frozen=True, slots=True)
class Comparaison:
    """`totaux` are the differences: hypothesis less reference."""

    reference: Tarification
    hypothese: Tarification
    lignes: tuple[EcartLigne, ...]
    totaux: Totaux


def comparer(reference: Tarification, hypothese: Tarification) -> Comparaison:
    """Pair the lines that the same asked line brought, then say what differs."""
    saisies = sorted({ligne.saisie for t in (reference, hypothese) for ligne in t.lignes})
    lignes = tuple(
        _ecart(avant, apres)
        for saisie in saisies
        for avant, apres in _apparier(_venues_de(reference, saisie), _venues_de(hypothese, saisie))
    )
    ecarts = {
        champ.name: getattr(hypothese.totaux, champ.name) - getattr(reference.totaux, champ.name)
        for champ in fields(Totaux)
    }
    return Comparaison(reference, hypothese, lignes, Totaux(**ecarts))


def a_la_date(facture: Facture, jour: date) -> Facture:
    """The same invoice, cared on `jour`: lines, prescription and rentals move by as many days."""
    pas = jour - facture.date_soins
    lignes = tuple(
        replace(ligne, date=_decale(ligne.date, pas), debut=_decale(ligne.debut, pas), fin=_decale(ligne.fin, pas))
        for ligne in facture.lignes
    )
    prescription = facture.prescription
    if prescription is not None:
        prescription = replace(prescription, date=prescription.date + pas)
    return replace(facture, date_soins=jour, lignes=lignes, prescription=prescription)


def _decale(jour: date | None, pas: timedelta) -> date | None:
    return jour + pas if jour is not None else None


def _venues_de(tarification: Tarification, saisie: int) -> list[LigneTarifee]:
    return [ligne for ligne in tarification.lignes if ligne.saisie == saisie]


def _apparier(
    avant: Sequence[LigneTarifee], apres: Sequence[LigneTarifee]
) -> Iterator[tuple[LigneTarifee | None, LigneTarifee | None]]:
    """Lines of one name together, then those left in their order (PH7 became PHN), then those alone."""
    restantes, seules = list(apres), []
    for ligne in avant:
        meme = next((autre for autre in restantes if _nom(autre) == _nom(ligne)), None)
        if meme is None:
            seules.append(ligne)
        else:
            restantes.remove(meme)
            yield ligne, meme
    yield from zip_longest(seules, restantes)


def _nom(ligne: LigneTarifee) -> tuple[Any, ...]:
    return ligne.acte, ligne.complement, ligne.detail


def _ecart(avant: LigneTarifee | None, apres: LigneTarifee | None) -> EcartLigne:
    avant_regles, apres_regles = (ligne.regles if ligne else () for ligne in (avant, apres))
    return EcartLigne(
        avant, apres, retirees=_moins(avant_regles, apres_regles), ajoutees=_moins(apres_regles, avant_regles)
    )


def _moins(unes: Iterable[T], autres: Sequence[T]) -> tuple[T, ...]:
    return tuple(une for une in unes if une not in autres)
