"""The article of the LPP that a line asks for: it exists, may be billed that day, and has what it needs."""

from __future__ import annotations

from sesam_desktop.noyau import dates, identifiants
from sesam_desktop.referentiels.lpp import ArticleLpp

from .contexte import Consultation, SourceLpp, refuser
from .cotation import Demande
from .references import (
    avertir_de_l_age,
    avertir_du_dernier_jour,
    consulter,
    exiger_accord,
    exiger_table,
    quoi_importer,
)

_LOCATION = "L"
_AVEC_PERIODE = (_LOCATION, "S")  # weekly service fees also run from one day to another


def trouver(demande: Demande, tables: Consultation) -> ArticleLpp:
    """The article of the imported table, open and priced on the day of care."""
    champ, code = f"{demande.champ}.code", demande.saisie.code
    if not identifiants.lpp_valide(code):
        raise refuser("LPP_INVALIDE", f"Le code LPP « {code[:20]} » est faux : sa clé ne correspond pas.", champ)
    table = exiger_table(tables.contexte.lpp, "lpp", champ)
    article: ArticleLpp | None = consulter(champ, lambda: table.article(code, demande.jour))
    if article is None:
        raise refuser("LPP_INCONNU", f"Aucun article de la LPP ne porte le code {code}.", champ)
    dernier = max(demande.jour, demande.saisie.fin or demande.jour)
    if article.fin is not None and article.fin < dernier:
        message = f"L'article {code} n'est plus pris en charge après le {dates.formater(article.fin)}."
        raise refuser("ARTICLE_RADIE", message, champ)
    if not article.tarif_centimes:
        message = f"La table n'a pas de tarif de l'article {code} au {dates.formater(demande.jour)}."
        raise refuser("TARIF_INCONNU", message, champ, quoi_importer(article.hors_periode, "LPP"))
    avertir_du_dernier_jour(article.fin, dernier, champ, tables)
    _exiger_periode(article, demande)
    _verifier_tarif_unique(article, demande, table, tables)
    _verifier_entente(article, demande, tables)
    avertir_de_l_age(article.version, "LPP", demande.jour, champ, tables)
    return article


def _exiger_periode(article: ArticleLpp, demande: Demande) -> None:
    """A rental has a first and a last day; an article that is sold has none."""
    debut, fin = demande.saisie.debut, demande.saisie.fin
    champ = f"{demande.champ}.{'fin' if debut else 'debut'}"
    if article.type_prestation == _LOCATION and (debut is None or fin is None):
        raise refuser("PERIODE_ABSENTE", "Une location demande son premier et son dernier jour.", champ)
    if article.type_prestation not in _AVEC_PERIODE and article.type_prestation and (debut or fin):
        raise refuser("CHAMP_SANS_OBJET", f"L'article {article.code} ne se loue pas.", f"{demande.champ}.debut")
    if (debut is None) != (fin is None) or (debut and fin and fin < debut):
        raise refuser("PERIODE_INVALIDE", "La période doit aller d'un premier à un dernier jour.", champ)


def _verifier_tarif_unique(article: ArticleLpp, demande: Demande, table: SourceLpp, tables: Consultation) -> None:
    """The line is priced on its day: the first and the last day of the rental must have the same tariff."""
    bornes = [jour for jour in (demande.saisie.debut, demande.saisie.fin) if jour]
    autres = [table.article(article.code, jour) for jour in bornes]
    if any(autre and autre.tarif_centimes != article.tarif_centimes for autre in autres):
        message = "Le tarif de cet article change pendant la période : facturez une ligne par tarif, à sa date."
        tables.avertir("TARIF_CHANGE", message, f"{demande.champ}.debut")


def _verifier_entente(article: ArticleLpp, demande: Demande, tables: Consultation) -> None:
    exiger_accord(demande, article.entente)
    if article.entente is None and demande.remboursable and not demande.saisie.accord:
        message = "La table installée ne dit pas si cet article est soumis à accord préalable : vérifiez-le."
        tables.avertir("ACCORD_A_VERIFIER", message, f"{demande.champ}.accord")
