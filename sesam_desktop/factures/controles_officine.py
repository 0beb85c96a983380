"""Controls of a dispensing: age of the prescription, renewals, durations, quantities, opened boxes, ALD line by line.

They warn and change nothing: what is dispensed is the pharmacist's decision. Classes of medicines are known by a short
list of substances (table ``substances_delivrance``): what it does not name follows the general case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sesam_desktop.noyau import dates

from . import controles_services_officine, controles_substitution, deconditionnement
from .boites import TRIMESTRIEL, Boite, boites
from .dossier import Dossier, avertir, bloquer, mois, plus_de, seuil
from .facture import Alerte, Prescription

_EXCEPTIONNEL = "RENOUVELLEMENT_EXCEPTIONNEL"  # rank of a box given on an expired prescription


def controler(d: Dossier) -> Iterator[Alerte]:
    """Every remark on the medicines and services of a pharmacy."""
    delivrees = boites(d)
    for controle in _CONTROLES:
        yield from controle(d, delivrees)
    yield from controles_services_officine.controler(d)


def _ordonnance(d: Dossier, delivrees: Sequence[Boite]) -> Iterator[Alerte]:
    prescription = d.facture.prescription
    if prescription is None:
        return
    premieres = [b.jour for b in delivrees if not b.ligne.renouvellement]
    delai = mois(d, "PREMIERE_DELIVRANCE")
    if premieres and plus_de(delai, prescription.date, min(premieres)):
        message = (
            f"L'ordonnance a plus de {delai} mois : elle ne vaut plus pour une première délivrance. "
            "Pour un renouvellement, indiquez son rang."
        )
        yield avertir("PRESCRIPTION_ANCIENNE", message, "prescription.date")
    yield from _une_fois(alerte for boite in delivrees for alerte in _delais(d, boite, prescription))


def _une_fois(alertes: Iterable[Alerte]) -> Iterator[Alerte]:
    """What is said of a whole prescription is told at its first box only."""
    dites: set[tuple[str, str]] = set()
    for alerte in alertes:
        if (alerte.code, alerte.message) not in dites:
            dites.add((alerte.code, alerte.message))
            yield alerte


def _delais(d: Dossier, boite: Boite, prescription: Prescription) -> Iterator[Alerte]:
    rang, champ = boite.ligne.renouvellement, f"{boite.champ}.renouvellement"
    regle = boite.delivrance
    if rang == seuil(d, _EXCEPTIONNEL):
        yield from _exceptionnelle(boite, regle["exceptionnelle"], regle["libelle"])
        return
    if rang > prescription.renouvellements:
        prevus = prescription.renouvellements or "aucun"
        message = f"Renouvellement {rang} : l'ordonnance n'en prévoit pas autant ({prevus}). Vérifiez l'ordonnance."
        yield avertir("RENOUVELLEMENT_NON_PREVU", message, champ)
    if rang and plus_de(regle["validite"], prescription.date, boite.jour):
        message = f"L'ordonnance a plus de {regle['validite']} mois ({regle['libelle']}) : elle ne se renouvelle plus."
        yield avertir("RENOUVELLEMENT_TARDIF", message, champ)
    if not rang and regle["carence"] and (boite.jour - prescription.date).days > regle["carence"]:
        message = (
            f"Ordonnance du {dates.formater(prescription.date)} ({regle['libelle']}) présentée après "
            f"{regle['carence']} jours : ne délivrez que la durée qui reste à courir."
        )
        yield avertir("ORDONNANCE_TARDIVE", message, "prescription.date")


def _exceptionnelle(boite: Boite, admise: bool, libelle: str) -> Iterator[Alerte]:
    if not admise:
        message = f"Pas de délivrance exceptionnelle sur une ordonnance expirée pour ce médicament ({libelle})."
        yield avertir("DELIVRANCE_EXCEPTIONNELLE", message, f"{boite.champ}.renouvellement")
    if boite.ligne.quantite > 1:
        message = "Une délivrance exceptionnelle sur une ordonnance expirée se limite à une boîte."
        yield avertir("DELIVRANCE_EXCEPTIONNELLE", message, f"{boite.champ}.quantite")


def _durees(d: Dossier, delivrees: Sequence[Boite]) -> Iterator[Alerte]:
    for boite in delivrees:
        duree, rang = boite.ligne.duree_jours, boite.ligne.renouvellement
        regle, champ = boite.delivrance, f"{boite.champ}.duree_jours"
        if duree > regle["par_delivrance"]:
            maximum = regle["par_delivrance"]
            message = f"Une délivrance couvre {maximum} jours au plus ({regle['libelle']}), pas {duree}."
            yield avertir("DUREE_DELIVREE", message, champ)
        elif rang != seuil(d, _EXCEPTIONNEL) and duree * (rang + 1) > regle["total"]:
            message = (
                f"{rang + 1} délivrances de {duree} jours dépassent les {regle['total']} jours d'une ordonnance "
                f"({regle['libelle']})."
            )
            yield avertir("DUREE_ORDONNANCE", message, champ)


def _quantites(d: Dossier, delivrees: Sequence[Boite]) -> Iterator[Alerte]:
    for boite in delivrees:
        trimestrielle = boite.delivrance["classe"] == TRIMESTRIEL
        limite = seuil(d, "GRANDES_BOITES" if trimestrielle else "BOITES_PAR_DELIVRANCE")
        if limite is not None and boite.ligne.quantite > limite:
            quoi = "boîtes de trois mois" if trimestrielle else "boîtes"
            message = f"{boite.ligne.quantite} {quoi} d'un même médicament en une délivrance : vérifiez la quantité."
            yield avertir("QUANTITE_INHABITUELLE", message, f"{boite.champ}.quantite")


def _unites(_: Dossier, delivrees: Sequence[Boite]) -> Iterator[Alerte]:
    for boite in delivrees:
        defaut, ligne = deconditionnement.defaut(boite.ligne), boite.ligne
        if defaut is not None:
            code, message, champ = defaut
            yield bloquer(code, message, f"{boite.champ}.{champ}")
        elif ligne.unites_boite and ligne.unites >= ligne.unites_boite:
            entieres, reste = divmod(ligne.unites, ligne.unites_boite)
            message = (
                f"{ligne.unites} unités font {entieres} boîte(s) entière(s) et {reste} unité(s) : "
                "facturez les boîtes entières sur leur propre ligne."
            )
            yield avertir("UNITES_BOITES_ENTIERES", message, f"{boite.champ}.unites")


def _arretees(_: Dossier, delivrees: Sequence[Boite]) -> Iterator[Alerte]:
    for boite in delivrees:
        if boite.medicament is not None and not boite.medicament.commercialise:
            message = "Cette boîte n'est plus commercialisée selon la base publique : vérifiez le code lu."
            yield avertir("BOITE_ARRETEE", message, f"{boite.champ}.cip13")


def _bizone(d: Dossier, delivrees: Sequence[Boite]) -> Iterator[Alerte]:
    """A line in ALD is in the upper zone of an ordonnancier bizone; such an ordonnancier is made for ALD lines."""
    prescription = d.facture.prescription
    if prescription is None or not delivrees:
        return
    en_ald = [b for b in delivrees if b.ligne.ald]
    if en_ald and not prescription.bizone:
        message = "Médicament en ALD sans ordonnancier bizone : vérifiez que l'ordonnance le porte, ou retirez l'ALD."
        yield avertir("ALD_SANS_BIZONE", message, f"{en_ald[0].champ}.ald")
    elif prescription.bizone and not en_ald:
        message = "Ordonnancier bizone sans aucune ligne en ALD : vérifiez la zone de chaque médicament."
        yield avertir("BIZONE_SANS_ALD", message, "prescription.bizone")


_CONTROLES: tuple[Callable[[Dossier, Sequence[Boite]], Iterator[Alerte]], ...] = (
    _ordonnance, _durees, _quantites, _unites, _arretees, _bizone, controles_substitution.controler,
)
