"""Pictures of what leaves and comes back: board, outbox, a return read, essai à blanc, accounts, corrections."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from photographe import Photographe

from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre


def transmission(photo: Photographe) -> None:
    """The board, the outbox with a mailbox held, a return beside its reading, an essai à blanc."""
    from sesam_desktop.ihm.modeles.teletransmission import Fiche

    photo.fenetre.aller("teletransmission")
    photo.prendre("teletransmission")
    page = photo.fenetre.page
    retours = [r for lot in range(1, 9) for r in photo.poste.transmission.retours_du_lot(lot)]
    if retours:
        page.ouvrir(Fiche(f"Lot {retours[0].lot}", "", "fait", lot=retours[0].lot or 0))
        photo.attendre()
        page.retour.entites.aller(min(9, len(page.retour.entites.modele.rangees) - 1))
    photo.prendre("teletransmission-retour")
    page.revenir()
    photo.poste.corbeille.suspendre("RSV", "panne annoncée par l'opérateur jusqu'à midi")
    photo.fenetre.aller("teletransmission", "corbeille")
    photo.attendre()
    essayes = [rang for rang, m in enumerate(page.corbeille.messages.modele.rangees) if m.essais and m.derniere_erreur]
    page.corbeille.messages.aller(next(iter(essayes), 0))
    photo.prendre("teletransmission-corbeille")
    page.corbeille.details.setCurrentIndex(1)
    photo.prendre("teletransmission-avis")
    page.corbeille.details.setCurrentIndex(0)
    photo.poste.corbeille.reprendre("RSV")
    page.essayer()
    photo.prendre("teletransmission-essai")
    photo.fenetre.aller("teletransmission", "a_envoyer")


def paiements(photo: Photographe) -> None:
    """What is due, then a bank statement beside the payments announced."""
    photo.fenetre.aller("paiements")
    photo.prendre("paiements")
    page = photo.fenetre.page
    virements = photo.poste.paiements.virements()
    if virements:
        page.periode.proposer("annee")
        with tempfile.TemporaryDirectory() as dossier:
            photo.poste.paiements.importer_releve(_releve(Path(dossier), virements))
        _lier_autrement(photo, virements)
    page.montrer("virements")
    photo.prendre("paiements-virements")
    page.montrer("mouvements")
    photo.prendre("paiements-mouvements")
    page.montrer("relances")
    photo.prendre("paiements-relances")
    photo.fenetre.aller("tableau")
    photo.prendre("tableau")
    for rang, nom in ((1, "montants"), (3, "rejets")):
        photo.fenetre.page.onglets.setCurrentIndex(rang)
        photo.prendre(f"tableau-{nom}")


def _lier_autrement(photo: Photographe, virements: list[Any]) -> None:
    """A line of another amount, put by hand with its payment."""
    seconds = sorted(virements, key=lambda v: v.montant_centimes, reverse=True)[1:2]
    for virement in seconds:
        lignes = [li.id for li in photo.poste.paiements.lignes("a_rapprocher")
                  if li.montant_centimes == virement.montant_centimes - 150]
        photo.poste.paiements.lier(lignes, [virement.id])


def _releve(dossier: Path, virements: list[Any]) -> Path:
    """One line as announced, one a little less, one of somebody else."""
    premier, *autres = sorted(virements, key=lambda v: v.montant_centimes, reverse=True)
    lignes = [(premier, 0), *((v, -150) for v in autres[:1])]
    corps = [f"{v.date + timedelta(1):%d/%m/%Y};VIR SEPA CPAM;{(v.montant_centimes + e) / 100:.2f}".replace(".", ",")
             for v, e in lignes]
    chemin = dossier / "releve.csv"
    jour = premier.date
    chemin.write_text("\n".join(["Date;Libellé;Montant", *corps, f"{jour:%d/%m/%Y};REMISE DE CHEQUES;82,40", ""]),
                      encoding="utf-8")
    return chemin


def corrections(photo: Photographe) -> None:
    """A rejected invoice with its cause, then in the billing page; the settings of the mailboxes and certificates."""
    ici = photo.poste.facturation.executant().numero_facturation
    rejetees = [r for r in photo.poste.registre.lister(Filtre(etats=(Etat.REJETEE,)))
                if photo.poste.registre.charger(r.numero).facture.demande.executant.numero_facturation == ici]
    if rejetees:
        photo.fenetre.aller("factures", rejetees[0].numero)
        photo.fenetre.page.onglets.setCurrentIndex(0)
        photo.prendre("factures-rejet")
        photo.fenetre.page.corriger.trigger()
        photo.prendre("facturer-correction")
        photo.fenetre.page.feuille.abandonner()
    for sujet in ("messagerie", "envois", "certificats"):
        photo.fenetre.aller("parametres", sujet)
        photo.prendre(f"parametres-{sujet}")
