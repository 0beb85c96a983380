"""Controls of the complementary part: may the insurer pay the professional, under a known convention and formula."""

from __future__ import annotations

from collections.abc import Iterator

from . import amc, routage_amc
from .dossier import Dossier, avertir, bloquer
from .facture import Alerte, OrganismeAmc

_CHAMPS = {"AMC_DROITS_FERMES": "amc.fin", "AMC_SANS_TIERS_PAYANT": "tiers_payant.amc"}

_DECOCHER = "Décochez le tiers payant complémentaire"
_IMPORTER = f"{_DECOCHER}, ou importez la table de cet organisme."


def controler(d: Dossier) -> Iterator[Alerte]:
    organisme = amc.payeur(d.facture)
    if organisme is None:
        yield from _absente(d)
    elif not amc.est_public(organisme):
        yield from _droits(d, organisme)
        yield from _indicateur(d, organisme)
        yield from _convention(d, organisme)


def _absente(d: Dossier) -> Iterator[Alerte]:
    if d.facture.tiers_payant.amc:
        message = "Le tiers payant complémentaire est demandé sans organisme : la part complémentaire reste au patient."
        yield avertir("AMC_ABSENTE", message, "amc")


def _droits(d: Dossier, organisme: OrganismeAmc) -> Iterator[Alerte]:
    """What forbids the third-party payment on a day of care, once each."""
    profession, vus = d.facture.executant.profession, set()
    for _, _, jour in d.lignes():
        convention = amc.convention(organisme, profession, jour, d.tables)
        empeche = amc.empechement(organisme, convention, jour, d.tables)
        if empeche is not None and empeche not in vus:
            vus.add(empeche)
            code, message = empeche
            yield bloquer(code, f"{message} {_DECOCHER}.", _CHAMPS[code])


def _indicateur(d: Dossier, organisme: OrganismeAmc) -> Iterator[Alerte]:
    champ = "amc.indicateur"
    if not organisme.indicateur:
        return
    ligne = d.tables.charger("indicateurs_amc").trouver(d.facture.date_soins, code=organisme.indicateur)
    if ligne is None:
        message = f"L'indicateur de traitement {organisme.indicateur} n'est pas connu : vérifiez les droits."
        yield avertir("AMC_INDICATEUR_INCONNU", message, champ)
    elif ligne["tiers_payant"] == "accord":
        yield avertir("AMC_SELON_ACCORD", "La complémentaire n'accepte le tiers payant que selon accord.", champ)
    elif ligne["c2s"] or ligne["sortant"]:
        message = f"La carte indique : {ligne['libelle']}. Vérifiez les droits du patient."
        yield avertir("AMC_C2S_A_VERIFIER", message, champ)


def _convention(d: Dossier, organisme: OrganismeAmc) -> Iterator[Alerte]:
    jour = d.facture.date_soins
    convention = amc.convention(organisme, d.facture.executant.profession, jour, d.tables)
    if convention is None:
        message = f"Aucune convention ne couvre cet organisme à cette date. {_IMPORTER}"
        yield bloquer("AMC_SANS_CONVENTION", message, "amc.numero")
        return
    formule = organisme.formule or convention["formule"]
    if not any(ligne["formule"] == formule for ligne in d.tables.charger("formules_amc").lignes(jour)):
        message = f"La formule {formule} n'est pas dans les tables à cette date. {_IMPORTER}"
        yield bloquer("AMC_SANS_FORMULE", message, "amc.formule")
    if organisme.gestion != convention["gestion"]:
        message = f"La convention « {convention['libelle']} » prévoit une autre gestion de la part complémentaire."
        yield avertir("AMC_GESTION", message, "amc.gestion")
    if amc.est_eclatee(d.facture) and routage_amc.chercher(organisme.numero, jour, d.tables) is None:
        message = "L'adresse de cette complémentaire n'est pas connue : la demande à lui envoyer restera sur le poste."
        yield avertir("AMC_SANS_ROUTAGE", message, "amc.numero")
