"""The office's half of the désynchronisation: the professional signs what the Vitale signed at home, and what a réduit
terminal noted becomes a draft. An invoice and what is known of its document are one fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import Facture, LigneSaisie, Niveau, Prescription
from sesam_desktop.lecteurs.tla.depot import Decharge, EtatDocument, EtatPreparee, Preparee
from sesam_desktop.lecteurs.tla.documents import ActeNote, FactureSignee, Lecture, lire_document
from sesam_desktop.noyau.dates import jour_de
from sesam_desktop.noyau.erreurs import ErreurConnue

from .habilitation import Acte
from .signataires import session_habilitee
from .signature_dre import Signes, demander_sans_patient
from .terminaux_bilans import ASigner, BilanSignature, RefusTla
from .terminaux_cartes import exiger_meme_nature, exiger_meme_ps, nature_de_certificat
from .terminaux_examen import TOLERANCE, TROP_ANCIENNE, carte_de_lecture, exiger_delai, instant_corrige, tarifee
from .terminaux_reprise import deja_traite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sesam_desktop.factures.facture import FactureTarifee, Patient
    from sesam_desktop.lecteurs.tla.depot import DepotTla

    from .poste import Poste
    from .terminaux_doublons import Doublons
    from .terminaux_examen import Examen
    from .terminaux_pret import Pret


class Signature:
    """Works on documents already kept here; the terminal is no longer needed."""

    def __init__(
        self, poste: Poste, depot: DepotTla, pret: Pret, examen: Examen, doublons: Doublons,
        horloge: Callable[[], datetime],
    ) -> None:
        self._poste = poste
        self._depot = depot
        self._pret = pret
        self._examen = examen
        self._doublons = doublons
        self._horloge = horloge

    def traiter(self, recus: Sequence[Decharge], *, malgre_doublon: bool = False) -> BilanSignature:
        """Each on its own: one refusal does not stop the others. Raises SESSION_PS_FERMEE before anything."""
        if any(recu.verdict.etat is EtatDocument.A_SIGNER for recu in recus):
            self._exiger_session()
        signees, refuses = [], []
        for recu in recus:
            try:
                signees.append(self._finir(recu, malgre_doublon))
            except ErreurConnue as erreur:
                if erreur.code == TROP_ANCIENNE:
                    self._abandonner(recu, erreur)
                refuses.append(RefusTla.pour(recu, erreur.code, erreur.phrase()))
        return BilanSignature(tuple(n for n in signees if n), signees.count(""), tuple(refuses))

    def _exiger_session(self) -> None:
        if not self._poste.lecteurs.session_ouverte:
            raise ErreurConnue(
                "La session du professionnel n'est pas ouverte.", code="SESSION_PS_FERMEE",
                action="Insérez votre carte et saisissez votre code porteur.",
            )

    def _finir(self, recu: Decharge, malgre_doublon: bool) -> str:
        """Number of the invoice signed, "" for a reading."""
        document = lire_document(recu.octets)
        if isinstance(document, Lecture):
            self._composer(recu, document, malgre_doublon)
            return ""
        return self._signer(recu, document, malgre_doublon)

    def _abandonner(self, recu: Decharge, erreur: ErreurConnue) -> None:
        """Time has made it unusable: the document says why, and the invoice is a draft again."""
        refus = replace(recu.verdict, etat=EtatDocument.REFUSEE, code=erreur.code, motif=erreur.phrase())
        with self._poste.base.transaction():
            self._depot.juger(recu.empreinte, refus)
            self._depot.passer_preparees([recu.verdict.numero], EtatPreparee.PREPAREE)
            self._pret.rendre([recu.verdict.numero])

    def decrire(self, recu: Decharge) -> ASigner:
        document = lire_document(recu.octets)
        if isinstance(document, Lecture):
            return self._decrire_lecture(recu, document)
        preparee = self._examen.preparee(document.numero)
        ft = tarifee(preparee)
        executant = ft.demande.executant
        return ASigner(
            empreinte=recu.empreinte,
            genre=recu.verdict.genre,
            numero=ft.numero,
            patient=_nom(ft.demande.beneficiaire),
            date_soins=ft.demande.date_soins,
            visite_le=instant_corrige(document.signee_le, recu.ecart_s),
            total_centimes=ft.tarification.totaux.facture_centimes,
            professionnel=f"{executant.prenom} {executant.nom}".strip(),
            terminal=recu.terminal,
            remarque=self._remarque(ft, preparee),
        )

    def _remarque(self, ft: FactureTarifee, preparee: Preparee) -> str:
        """Told before the signature is asked for."""
        if self._poste.droits.oppositions.verifier(ft.demande.beneficiaire.numero_serie_vitale) is not None:
            return "carte Vitale mise en opposition"
        numero = self._doublons.facture(*_visite(ft), preparee.preparee_le)
        return f"déjà facturée ici sous le n° {numero} ?" if numero else ""

    def _signer(self, recu: Decharge, document: FactureSignee, malgre_doublon: bool) -> str:
        """Secure the invoice by both signatures and keep it. Raises what forbids it, and then nothing has changed."""
        preparee = self._examen.preparee(document.numero)
        if not malgre_doublon:
            self._doublons.exiger_aucune(*_visite(tarifee(preparee)), preparee.preparee_le)
        signes = self._contresigner(recu, document, preparee)
        ft = tarifee(preparee)
        self._poste.factures.patients.retenir(ft.demande.beneficiaire, self._horloge())
        with self._poste.base.transaction():
            self._exiger_inchange(recu)
            signes.garder(self._poste.demandes_amc, composee_le=preparee.preparee_le)
            self._depot.juger(recu.empreinte, replace(recu.verdict, etat=EtatDocument.SIGNEE))
        return ft.numero

    def _exiger_inchange(self, recu: Decharge) -> None:
        """Inside the transaction: another program may have finished with it since it was listed."""
        actuel = self._depot.document(recu.empreinte)
        if actuel is None or actuel.verdict.etat is not recu.verdict.etat:
            raise deja_traite()

    def _composer(self, recu: Decharge, lecture: Lecture, malgre_doublon: bool) -> None:
        """Make a draft of what was noted, to be completed and signed as any other. Raises PS_ABSENT, F026…"""
        from sesam_desktop.factures.document import valeur_en_json

        facture, lue_le = self._facture(lecture, recu.ecart_s), instant_corrige(lecture.lue_le, recu.ecart_s)
        if not malgre_doublon:
            actes = [acte.acte for acte in lecture.actes]
            self._doublons.exiger_aucune(facture.beneficiaire, facture.date_soins, actes, lue_le + TOLERANCE)
        with self._poste.base.transaction():
            self._exiger_inchange(recu)
            self._poste.factures.brouillons.enregistrer(valeur_en_json(facture))
            self._depot.juger(recu.empreinte, replace(recu.verdict, etat=EtatDocument.COMPOSEE))

    def _contresigner(self, recu: Decharge, document: FactureSignee, preparee: Preparee) -> Signes:
        """By the professional; what the insurer is asked apart is signed with it."""
        from sesam_desktop.factures.enregistrements import octets_canoniques
        from sesam_desktop.securisation.securiser import contresigner

        ft, maintenant = tarifee(preparee), self._horloge()
        executant = ft.demande.executant
        emetteur = executant.numero_facturation + executant.cle
        lecteurs = self._poste.lecteurs
        ps = session_habilitee(lecteurs.session, lecteurs.ps, emetteur, Acte.FACTURE, executant.situation)
        exiger_meme_ps(executant, lecteurs.ps)
        vitale = self._examen.signature(document, preparee, recu.ecart_s)
        exiger_meme_nature(self._poste, nature_de_certificat(vitale.certificat))
        exiger_delai(ft, vitale, maintenant)
        self._poste.facturation.exiger_facturable(ft.demande, Niveau.SECURISEE, jour_de(maintenant))
        fse, factures = contresigner(ft, octets_canoniques(ft), vitale, ps, maintenant), self._poste.factures
        return Signes(fse, demander_sans_patient(ft, factures.prochain_numero, ps, jour_de(maintenant)))

    def _facture(self, lecture: Lecture, ecart_s: int) -> Facture:
        from sesam_desktop.cartes import nature

        carte = carte_de_lecture(lecture)
        executant = self._poste.facturation.executant()
        exiger_meme_nature(self._poste, nature.de_vitale(carte))
        jour = _jour(lecture, ecart_s)
        patient = self._poste.droits.patient(carte, lecture.rang, jour).patient
        return Facture(
            date_soins=jour,
            executant=executant,
            beneficiaire=patient,
            lignes=tuple(_ligne(acte, jour) for acte in lecture.actes),
            prescription=self._derniere_prescription(patient),
        )

    def _derniere_prescription(self, patient: Patient) -> Prescription | None:
        """That of the last visit: a tour goes on with the same one, and the controls say when it has run out."""
        from sesam_desktop.factures.carnet import cle_patient

        from .tournee import dernieres_visites

        visites = {cle_patient(v.beneficiaire): v for v in dernieres_visites(self._poste)}
        derniere = visites.get(cle_patient(patient))
        return derniere.prescription if derniere else None

    def _decrire_lecture(self, recu: Decharge, lecture: Lecture) -> ASigner:
        porteur = carte_de_lecture(lecture).beneficiaires[lecture.rang]
        return ASigner(
            empreinte=recu.empreinte,
            genre=recu.verdict.genre,
            numero="",
            patient=f"{porteur.nom_usuel} {porteur.prenom}".strip(),
            date_soins=_jour(lecture, recu.ecart_s),
            visite_le=instant_corrige(lecture.lue_le, recu.ecart_s),
            total_centimes=0,
            professionnel="",
            terminal=recu.terminal,
        )


def _jour(lecture: Lecture, ecart_s: int) -> date:
    return jour_de(instant_corrige(lecture.lue_le, ecart_s))


def _ligne(acte: ActeNote, jour: date) -> LigneSaisie:
    return LigneSaisie(
        acte=acte.acte, quantite=acte.quantite, date=jour, coefficient=acte.coefficient, complement=acte.complement,
        domicile=acte.domicile, ik_km=acte.ik_km, ald=acte.ald,
    )


def _visite(ft: FactureTarifee) -> tuple[Patient, date, list[str]]:
    return ft.demande.beneficiaire, ft.demande.date_soins, [ligne.acte for ligne in ft.demande.lignes]


def _nom(patient: Patient) -> str:
    return f"{patient.nom} {patient.prenom}".strip()
