"""The whole loop on a demonstration workstation: cards → invoices → lots → mails → ARL → NOEMIE → duplicates.

Each step is durable and looks first at what is already done: killed at any instant and played again on the same
profile, the loop goes on where it was and ends with the same invoices, each received once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sesam_desktop.base.fichiers import dossier_prive
from sesam_desktop.factures.cycle import A_METTRE_EN_LOT, Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.factures.depot_dre import FiltreDre
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.ressources import ressource

from .demonstration import CODE_PORTEUR, EnvironnementDemonstration
from .paniers import Panier, repartir

if TYPE_CHECKING:
    from .poste import Poste

Progression = Callable[[str, int, int], None]
ATTENTE_S = 30.0
_PAUSE_S = 0.05
_ATTENDUES = (Etat.TARIFEE, Etat.SIGNEE_PS, Etat.EN_LOT, Etat.TRANSMISE, Etat.ACQUITTEE)
_ANOMALIES = (Etat.ANOMALIE, Etat.PAYEE_PARTIELLEMENT)


@dataclass(frozen=True, slots=True)
class BilanBoucle:
    """Counts read back from the database and from the frontal, not kept along the way."""

    factures: int
    lots: int
    messages: int
    arl_positifs: int
    arl_negatifs: int
    payees: int
    rejetees: int
    anomalies: int
    total_centimes: int
    total_amo_centimes: int
    total_amc_centimes: int
    total_assure_centimes: int
    pieces: int
    duplicata: int
    duree_s: float

    def en_dict(self) -> dict[str, Any]:
        """JSON of the command."""
        return asdict(self)


def sans_suite(_etape: str, _fait: int, _total: int) -> None:
    """The default progress callback."""


def jouer(
    poste: Poste, nombre: int, sortie: Path | None = None, progression: Progression = sans_suite
) -> BilanBoucle:
    """Bring `nombre` invoices to their end; duplicates go to `sortie` (default: the profile).

    Raises BOUCLE_INACHEVEE when the funds have not answered everything in time.
    """
    depart = time.monotonic()
    composer(poste, nombre, progression)
    _transmettre(poste, progression)
    _numeriser(poste, progression)
    duplicata = _imprimer(poste, sortie or poste.profil / "duplicatas", progression)
    return _bilan(poste, duplicata, time.monotonic() - depart)


def exporter(poste: Poste, dossier: Path) -> int:
    """Write every mail exchanged with the funds under `dossier`, as they travelled; answers how many."""
    return _environnement(poste).frontal.exporter(dossier)


def composer(poste: Poste, nombre: int, progression: Progression = sans_suite) -> None:
    """Compose, price and secure until the workstation holds `nombre` invoices."""
    deja = poste.factures.compter()
    for rang, panier in enumerate(repartir(nombre)):
        if rang >= deja:
            progression("factures", rang, nombre)
            _facturer(poste, panier)
    progression("factures", nombre, nombre)


def _facturer(poste: Poste, panier: Panier) -> None:
    environnement = _environnement(poste)
    _prendre_poste(poste, environnement, panier.ps)
    environnement.inserer_vitale(panier.vitale)
    carte = poste.lecteurs.lire_vitale()
    jour = date.today()  # noqa: DTZ011 - the counter's own calendar day
    lu = poste.droits.patient(carte, panier.beneficiaire, jour)
    porteur = carte.beneficiaires[panier.beneficiaire]
    poste.facturation.securiser(panier.facture(poste.facturation.executant(), lu.patient, porteur, jour), panier.niveau)


def _prendre_poste(poste: Poste, environnement: EnvironnementDemonstration, nom: str) -> None:
    """Put this professional's card in and open the session, in its first situation, unless it is done."""
    if environnement.ps_insere != nom or not poste.lecteurs.session_ouverte:
        poste.lecteurs.fermer_session()
        environnement.inserer_ps(nom)
        poste.lecteurs.ouvrir_session(CODE_PORTEUR)
        poste.lecteurs.choisir_situation(poste.lecteurs.situations()[0].rang)


def _transmettre(poste: Poste, progression: Progression) -> None:
    """Lots, mails, returns; again until every invoice has its end."""
    limite = time.monotonic() + ATTENTE_S
    restant = _en_attente(poste)
    while restant:
        mettre_en_lot(poste, progression)
        _echanger(poste, progression)
        avant, restant = restant, _en_attente(poste)
        limite = time.monotonic() + ATTENTE_S if restant < avant else limite
        if restant and time.monotonic() > limite:
            raise ErreurConnue(
                f"{restant} factures attendent encore leur retour.", code="BOUCLE_INACHEVEE",
                action="Relancez la commande avec le même profil : elle reprendra où elle en est.",
            )
        if restant:
            time.sleep(_PAUSE_S)


def _echanger(poste: Poste, progression: Progression) -> None:
    """Mails and returns, without waiting; a server away for a moment, as a scenario may want, is asked again."""
    service = poste.transmission
    for travail in (
        lambda: service.envoyer(lambda f, t: progression("envois", f, t), maintenant=True),
        lambda: service.relever(lambda f, t: progression("retours", f, t)),
    ):
        try:
            travail()
        except ErreurConnue as erreur:
            if erreur.code != "SERVEUR_INJOIGNABLE":
                raise


def mettre_en_lot(poste: Poste, progression: Progression = sans_suite) -> None:
    """Each professional signs the lots of their own invoices: their cards take turns."""
    environnement = _environnement(poste)
    en_place = environnement.ps_insere or "pharmacien"
    for nom in dict.fromkeys((en_place, *environnement.cartes_ps())):
        etats = poste.registre.par_etat().keys() | poste.demandes_amc.par_etat().keys()
        if not etats & set(A_METTRE_EN_LOT):
            return
        _prendre_poste(poste, environnement, nom)
        poste.transmission.preparer(progression=lambda f, t: progression("lots", f, t))


def _en_attente(poste: Poste) -> int:
    """Invoices and DRE that have not had their answer; a DRE whose invoice was refused waits for nobody."""
    par_etat, demandes = poste.registre.par_etat(), poste.demandes_amc
    en_cours = demandes.lister(FiltreDre(etats=_ATTENDUES))
    suivies = [d for d in en_cours if not d.fse or demandes.etat(d.fse) is not Etat.REFUSEE]
    return sum(par_etat.get(etat, 0) for etat in _ATTENDUES) + len(suivies)


def _numeriser(poste: Poste, progression: Progression) -> None:
    """Attach the fictitious prescription to the oldest paid invoice that had one, and send it as a SCOR lot."""
    if not poste.pieces.lister():
        payees = [r.numero for r in poste.pieces.a_numeriser() if r.etat is Etat.PAYEE]
        if not payees:
            return
        poste.pieces.ajouter([payees[-1]], [ressource("demonstration", "ordonnance.png")])
    environnement = _environnement(poste)
    _prendre_poste(poste, environnement, environnement.ps_insere or "pharmacien")
    limite = time.monotonic() + ATTENTE_S
    while [p for p in poste.pieces.lister() if p.etat in ("prete", "emise")] and time.monotonic() < limite:
        progression("pieces", 0, 1)
        poste.transmission.preparer()
        poste.transmission.envoyer()
        poste.transmission.relever()
        time.sleep(_PAUSE_S)
    progression("pieces", 1, 1)


def _imprimer(poste: Poste, dossier: Path, progression: Progression) -> int:
    """One duplicata an invoice; those already printed stay."""
    dossier_prive(dossier)
    resumes = poste.registre.lister(Filtre())
    for rang, resume in enumerate(resumes):
        progression("duplicatas", rang, len(resumes))
        chemin = dossier / f"{resume.numero}.pdf"
        if not chemin.exists():
            poste.registre.duplicata(resume.numero, chemin)
    progression("duplicatas", len(resumes), len(resumes))
    return sum(1 for _ in dossier.glob("*.pdf"))


def _bilan(poste: Poste, duplicata: int, duree: float) -> BilanBoucle:
    resumes = poste.registre.lister(Filtre())
    etats = [resume.etat for resume in resumes]
    chiffres = poste.transmission.chiffres()
    return BilanBoucle(
        factures=len(resumes),
        lots=chiffres.lots,
        messages=chiffres.messages_remis,
        arl_positifs=chiffres.arl_positifs,
        arl_negatifs=chiffres.arl_negatifs,
        payees=etats.count(Etat.PAYEE),
        rejetees=etats.count(Etat.REJETEE) + etats.count(Etat.REFUSEE),
        anomalies=sum(etats.count(etat) for etat in _ANOMALIES),
        total_centimes=sum(r.total_centimes for r in resumes),
        total_amo_centimes=sum(r.amo_centimes for r in resumes),
        total_amc_centimes=sum(r.amc_centimes for r in resumes),
        total_assure_centimes=sum(r.assure_centimes for r in resumes),
        pieces=len(poste.pieces.lister("acquittee")),
        duplicata=duplicata,
        duree_s=round(duree, 3),
    )


def _environnement(poste: Poste) -> EnvironnementDemonstration:
    if not isinstance(poste.environnement, EnvironnementDemonstration):
        raise ErreurConnue("La boucle ne se joue que sur un poste de démonstration.", code="POSTE_REEL")
    return poste.environnement
