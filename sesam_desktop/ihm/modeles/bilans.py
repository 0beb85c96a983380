"""What a job of Télétransmission did, in one sentence: (kind of notice, sentence, code)."""

from __future__ import annotations

from typing import Any, NamedTuple

PREPARER, ENVOYER, RELEVER = "preparer", "envoyer", "relever"   # the acts of the page, one after the other


class Avis(NamedTuple):
    """A notice, ready for a `Bandeau`."""

    phrase: str
    genre: str = "succes"
    code: str = ""


def la_suite(a_mettre_en_lot: int, a_envoyer: int, laissees: int) -> tuple[str, str]:
    """The next right thing and its words: make lots of what is signed, then send, then fetch.

    Invoices just left aside (`laissees`) do not hold back the lots that are ready.
    """
    if a_mettre_en_lot > laissees or (a_mettre_en_lot and not a_envoyer):
        return PREPARER, f"Mettre en lot {compter(a_mettre_en_lot, 'facture', 'factures')}"
    if a_envoyer:
        return ENVOYER, f"Envoyer {compter(a_envoyer, 'lot', 'lots')}"
    return RELEVER, "Relever les retours"


def signees(nombre: int) -> str:
    """What waits to be put in a lot, empty when nothing does."""
    return f"{compter(nombre, 'facture signée', 'factures signées')} à mettre en lot" if nombre else ""


def prepares(bilan: Any) -> Avis:
    """Lots made, or the first invoice left aside."""
    if not bilan.refus:
        return Avis(compter(len(bilan.lots), "lot prêt", "lots prêts") + " à envoyer.")
    premier, reste = bilan.refus[0], len(bilan.refus) - 1
    autres = f" (et {compter(reste, 'autre', 'autres')})" if reste else ""
    return Avis(f"Facture {premier.facture} laissée de côté : {premier.message}{autres}", "avertissement", premier.code)


def envoyes(bilan: Any) -> Avis:
    """Messages that left, and those the server put off or refused."""
    remis = compter(bilan.remis, "message remis au serveur", "messages remis au serveur")
    suite = [panne.message for panne in bilan.pannes]
    suite += [f"Courrier en attente, envoi suspendu : {', '.join(bilan.suspendues)}."] if bilan.suspendues else []
    if not (bilan.refuses or bilan.reportes):
        return Avis(" ".join([f"{remis}.", *suite]), "avertissement" if suite else "succes")
    phrase = (f"{remis}, {compter(bilan.reportes, 'reporté', 'reportés')},"
              f" {compter(bilan.refuses, 'refusé', 'refusés')}. Le motif est écrit sur chaque lot.")
    return Avis(" ".join([phrase, *suite]), "avertissement")


def releves(bilan: Any) -> Avis:
    """Returns fetched or read again, and what they say; mailboxes that could not be emptied, or not whole."""
    morceaux = [compter(n, un, des) for n, un, des in (
        (bilan.arl_positifs, "lot accepté", "lots acceptés"), (bilan.arl_negatifs, "lot refusé", "lots refusés"),
        (bilan.payees, "facture payée", "factures payées"),
        (bilan.rejetees, "facture rejetée", "factures rejetées"),
        (bilan.anomalies, "montant différent", "montants différents"),
        (bilan.quarantaine, "message illisible", "messages illisibles"),
        (len(bilan.remarques), "paiement à vérifier", "paiements à vérifier"),
    ) if n]
    phrase = compter(bilan.recus, "retour relevé", "retours relevés") if bilan.recus else "Retour relu"
    dits = f" : {', '.join(morceaux)}." if morceaux else "."
    reste = _pas_releves(bilan)
    if not (bilan.recus or morceaux):
        return Avis(f"Aucun nouveau retour dans la boîte.{reste}", "avertissement" if reste else "information")
    grave = bilan.arl_negatifs or bilan.rejetees or bilan.anomalies or bilan.quarantaine or bilan.remarques or reste
    return Avis(phrase + dits + reste, "avertissement" if grave else "succes")


def _pas_releves(bilan: Any) -> str:
    """Mailboxes that do not answer, messages that their server cannot give."""
    phrases = [panne.message for panne in bilan.pannes]
    if bilan.laisses:
        restent = compter(bilan.laisses, "message est resté", "messages sont restés")
        phrases.append(f"{restent} sur le serveur : illisible, ou trop gros pour un retour.")
    return "".join(f" {phrase}" for phrase in phrases)


def relance(faite: bool) -> Avis:
    """A message back from quarantine."""
    if faite:
        return Avis("Message remis dans la corbeille de départ : il partira au prochain envoi.")
    return Avis("Ce message n'était plus en quarantaine.", "information")


def classe(etat: str) -> Avis:
    """A return dismissed, or the remark of one that stays applied."""
    if etat == "lu":
        return Avis("Remarque classée : le retour reste appliqué.")
    return Avis("Retour classé : il n'attend plus personne.")


def suspendue(boite: str) -> Avis:
    """A mailbox held."""
    return Avis(f"Boîte {boite} suspendue : son courrier attend qu'on la reprenne.", "avertissement")


def reprise(boite: str) -> Avis:
    """A mailbox let go."""
    return Avis(f"Boîte {boite} reprise : son courrier partira au prochain envoi.")


def compter(nombre: int, singulier: str, pluriel: str) -> str:
    """``3 lots``."""
    return f"{nombre} {pluriel if nombre > 1 else singulier}"
