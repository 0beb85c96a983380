"""Readers and cards for both front ends: which cards are in, who the professional is, whose Vitale this is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import Facture, Niveau, Patient
from sesam_desktop.noyau import masquage
from sesam_desktop.noyau.erreurs import ErreurConnue

from .changements import Changements
from .habilitation import Acte, exiger

if TYPE_CHECKING:
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.canal import Canal, Fente, SessionCarte
    from sesam_desktop.lecteurs.gestionnaire import Evenement, Gestionnaire
    from sesam_desktop.lecteurs.lecture import PuceVitale, SourceCartes
    from sesam_desktop.securisation.session_ps import MoyenPS, SessionPS
    from sesam_desktop.securisation.signature import Signataire

Signataires = tuple["Signataire | None", "Signataire | None"]


class ServiceLecteurs:
    """One per workstation. Cards read are forgotten when they leave; the code porteur lives in the session alone.

    `dossier_cartes` holds the cartes virtuelles (``*.ssv``) and the certificates of cards whose chip gives none by a
    public command (``<serial number>.pem``).
    """

    def __init__(
        self,
        canaux: Callable[[], list[Canal]],
        dossier_cartes: Path,
        changements: Changements,
        module_pkcs11: str = "",
    ) -> None:
        self._creer_canaux = canaux
        self._dossier = dossier_cartes
        self._changements = changements
        self._module_pkcs11 = module_pkcs11
        self._verrou = threading.RLock()
        self._verrou_gestionnaire = threading.Lock()  # a session that signs asks for the manager: never under _verrou
        self._gestionnaire: Gestionnaire | None = None
        self._puce_vitale: PuceVitale | None = None
        self._fentes: dict[str, Fente] = {}  # where each card read is, with the passage it was read in
        self.ps: CartePS | None = None
        self.vitale: CarteVitale | None = None
        self.session: SessionPS | None = None

    @property
    def gestionnaire(self) -> Gestionnaire:
        """The manager of the readers, watching."""
        with self._verrou_gestionnaire:
            if self._gestionnaire is None:
                from sesam_desktop.lecteurs.gestionnaire import Gestionnaire

                self._gestionnaire = Gestionnaire(self._creer_canaux())
                self._gestionnaire.abonner(self._recevoir)
            return self._gestionnaire

    def fentes(self) -> list[Fente]:
        """Every slot of every channel."""
        return self.gestionnaire.fentes()

    @property
    def session_ouverte(self) -> bool:
        """True while the professional may sign without typing the code again."""
        session = self.session
        return session is not None and session.ouverte

    def ouvrir_session(self, code: str) -> CartePS:
        """Present the code once, read the professional, keep the session until the card leaves."""
        from sesam_desktop.securisation.session_ps import SessionPS

        with self._verrou:
            self.fermer_session()
            self.session = SessionPS(self._moyen(), code)
            return self._lire_ps(situations=True)

    def lire_ps(self, code: str | None = None) -> CartePS:
        """The professional whose card is in; their situations only with the code or an open session.

        The code is presented once and not kept: reading needs no signature, hence no certificate of the card.
        """
        if code is not None and self._module_pkcs11:
            return self.ouvrir_session(code)
        return self._lire_ps(code, situations=code is not None or self.session_ouverte)

    def fermer_session(self) -> None:
        """Forget the code; the card must be opened again to sign."""
        with self._verrou:
            session = self._detacher_session()
        if session is not None:  # it may be signing: waiting for its end must not hold the others
            session.fermer()

    def lire_vitale(self) -> CarteVitale:
        """Read the Vitale wherever it is; rights come from its carte virtuelle, when there is one."""
        from sesam_desktop.lecteurs.lecture import lire_puce_vitale

        with self._verrou:
            with self.gestionnaire.ouvrir("vitale") as session:
                puce = lire_puce_vitale(session)
                self._fentes["vitale"] = session.fente
            carte = self._source().pour_vitale(puce)
            self._puce_vitale, self.vitale = puce, carte
        masquage.retenir(*(b.nom_usuel for b in carte.beneficiaires))
        self._changements.annoncer("cartes")
        return carte

    @contextmanager
    def signataires(self, facture: Facture, niveau: Niveau) -> Iterator[Signataires]:
        """Who signs `facture` at this level: the Vitale (checked to be the patient's own) and the professional."""
        if niveau is Niveau.NON_SECURISEE:
            yield None, None
            return
        executant = facture.executant
        ps = self._signataire_ps(executant.numero_facturation + executant.cle, Acte.FACTURE)
        if niveau is not Niveau.SECURISEE:
            yield None, ps
            return
        with self._verrou, self.gestionnaire.ouvrir("vitale") as session:
            yield self._signataire_vitale(session, facture.beneficiaire), ps

    def signataire_de_lot(self, emetteur: str) -> SessionPS:
        """Who signs a lot of this sender. Raises SESSION_PS_FERMEE, CPS_D_UN_AUTRE, SIGNATURE_NON_HABILITEE."""
        return self._signataire_ps(emetteur, Acte.LOT)

    def _signataire_ps(self, emetteur: str, acte: Acte) -> SessionPS:
        """The open session, if its professional may do this."""
        session, carte = self.session, self.ps
        if session is None or not session.ouverte:
            raise ErreurConnue(
                "La session du professionnel n'est pas ouverte.",
                code="SESSION_PS_FERMEE",
                action="Insérez votre carte et saisissez votre code porteur.",
            )
        exiger(carte, emetteur, acte)
        return session

    def fermer(self) -> None:
        """Close the session and the readers."""
        self.fermer_session()
        if self._gestionnaire is not None:
            self._gestionnaire.fermer()

    def _lire_ps(self, code: str | None = None, *, situations: bool) -> CartePS:
        from sesam_desktop.lecteurs.lecture import lire_puce_cps, verifier_code

        with self._verrou:
            with self.gestionnaire.ouvrir("cps") as session:
                puce = lire_puce_cps(session)
                if code is not None:
                    verifier_code(session, code)
                self._fentes["cps"] = session.fente
            self.ps = carte = self._source().pour_ps(puce, situations=situations)
        masquage.retenir(carte.nom)
        self._changements.annoncer("cartes")
        return carte

    def _signataire_vitale(self, session: SessionCarte, patient: Patient) -> Signataire:
        from sesam_desktop.lecteurs.lecture import exiger_meme_vitale
        from sesam_desktop.securisation.signature import VITALE, SignataireCarte

        puce, carte = self._puce_vitale, self.vitale
        if puce is None or carte is None or carte.assure.nir != patient.nir:
            raise ErreurConnue(
                "La carte Vitale insérée n'est pas celle du patient de la facture.",
                code="MAUVAISE_VITALE",
                action="Insérez la carte de ce patient, ou relisez celle-ci pour une nouvelle facture.",
            )
        exiger_meme_vitale(session, puce)
        return SignataireCarte(session, VITALE, lambda _: self._certificat(carte.numero_serie))

    def _moyen(self) -> MoyenPS:
        from sesam_desktop.securisation.session_ps import MoyenCarte, MoyenPkcs11

        if self._module_pkcs11:
            return MoyenPkcs11(Path(self._module_pkcs11))
        return MoyenCarte(lambda: self.gestionnaire.ouvrir("cps"), self._certificat_cps)

    def _certificat_cps(self, session: SessionCarte) -> bytes:
        from sesam_desktop.lecteurs.lecture import lire_puce_cps

        return self._certificat(lire_puce_cps(session).numero_serie)

    def _certificat(self, numero_serie: str) -> bytes:
        from sesam_desktop.securisation.certificats import decrire

        chemin = self._dossier / f"{numero_serie}.pem"
        try:
            return decrire(chemin.read_bytes()).der
        except FileNotFoundError:
            raise ErreurConnue(
                "Le certificat de signature de cette carte n'est pas enregistré sur ce poste.",
                code="CERTIFICAT_CARTE_ABSENT",
                action="Utilisez une carte de test du poste, ou réglez le module PKCS#11 dans Paramètres.",
            ) from None

    def _source(self) -> SourceCartes:
        from sesam_desktop.lecteurs.cartes_fichiers import DossierCartes

        return DossierCartes(self._dossier)

    def _recevoir(self, evenement: Evenement) -> None:
        """On a reader's thread: a card that leaves takes what was read of it, and the session.

        The news may come after another card was read in the same slot: only the passage that was read counts.
        """
        from sesam_desktop.lecteurs.gestionnaire import Genre

        if evenement.genre is Genre.RETIREE and evenement.fente is not None:
            self._oublier(evenement.fente)
        self._changements.annoncer("cartes")

    def _oublier(self, partie: Fente) -> None:
        """Under the lock of the readings: a card that leaves while it is being read is forgotten after it."""
        session = None
        with self._verrou:
            if _meme_passage(partie, self._fentes.get("vitale")):
                self.vitale = self._puce_vitale = None
            if _meme_passage(partie, self._fentes.get("cps")):
                self.ps, session = None, self._detacher_session()
        if session is not None:
            session.fermer()

    def _detacher_session(self) -> SessionPS | None:
        self._fentes.pop("cps", None)
        session, self.session = self.session, None
        return session


def _meme_passage(partie: Fente, lue: Fente | None) -> bool:
    return lue is not None and (partie.canal, partie.lecteur, partie.passage) == (lue.canal, lue.lecteur, lue.passage)
