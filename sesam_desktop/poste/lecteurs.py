"""Readers and cards for both front ends: which cards are in, who the professional is, whose Vitale this is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import Facture, Niveau, Patient
from sesam_desktop.noyau import masquage

from .certificats_cartes import CertificatsCartes
from .changements import Changements
from .configuration import Configuration
from .essai_lecture import temoigner, temoigner_refus
from .habilitation import Acte
from .parc import Parc
from .pont_ssv import PontDuPoste, exiger_restee, meme_passage, puce_vitale, sans_puce, source_des_cartes
from .signataires import exiger_meme_nature, moyen_ps, session_habilitee, signataire_vitale

if TYPE_CHECKING:
    from sesam_desktop.cartes.duo import CarteDuo
    from sesam_desktop.cartes.ps import CartePS, Situation
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.canal import Canal, Fente, SessionCarte
    from sesam_desktop.lecteurs.gestionnaire import Evenement
    from sesam_desktop.lecteurs.lecture import PuceCps, PuceVitale, SourceCartes
    from sesam_desktop.securisation.session_ps import SessionPS
    from sesam_desktop.securisation.signature import Signataire
    from sesam_desktop.securisation.ssv import PontSsv

    from .essai_lecture import EssaiLecture
    from .temoin_lectures import TemoinLectures

Signataires = tuple["Signataire | None", "Signataire | None"]


class ServiceLecteurs(Parc):
    """One per workstation: its readers, and the cards read in them. Cards read are forgotten when they leave; the code
    porteur lives in the session alone.

    The profile's `cartes/` holds the cartes virtuelles (``*.ssv``) and the certificates of cards whose chip gives none.
    """

    def __init__(
        self,
        canaux: Callable[[], list[Canal]],
        profil: Path,
        changements: Changements,
        configuration: Callable[[], Configuration],
        module_pkcs11: Callable[[], str],
    ) -> None:
        super().__init__(canaux, profil)
        self._changements = changements
        self._module_pkcs11 = module_pkcs11
        self._certificats = CertificatsCartes(profil / "cartes")
        self._verrou = threading.RLock()  # never held while a session that signs asks for the manager
        self._pont = PontDuPoste(configuration)
        self._temoin: TemoinLectures | None = None
        self._puce_vitale: PuceVitale | None = None
        self._fentes: dict[str, Fente] = {}  # where each card read is, with the passage it was read in
        self._rang: int | None = None
        self.ps: CartePS | None = None
        self.vitale: CarteVitale | None = None
        self.duo: CarteDuo | None = None
        self.session: SessionPS | None = None

    @property
    def session_ouverte(self) -> bool:
        """True while the professional may sign without typing the code again."""
        session = self.session
        return session is not None and session.ouverte

    @property
    def temoin(self) -> TemoinLectures:
        """Evidence of the latest readings: when, how long, with what error; nothing of what was read."""
        if self._temoin is None:
            from .temoin_lectures import TemoinLectures

            self._temoin = TemoinLectures(self._profil / "journaux")
        return self._temoin

    @property
    def pont(self) -> PontSsv | None:
        """The GIE's libraries, opened; None when the settings name none. Raises ErreurConnue."""
        return self._pont.obtenir()

    def essayer(self) -> EssaiLecture:
        """Read both cards now, and say how it went."""
        from .essai_lecture import essayer

        return essayer(self)

    def situations(self) -> tuple[Situation, ...]:
        """Situations de facturation in which the professional whose card is in may work; empty before the code."""
        from .situations import proposees

        return proposees(self.ps) if self.ps is not None else ()

    @property
    def situation(self) -> Situation | None:
        """The situation chosen, or the only one there is; None when a choice must be asked or nothing was read."""
        from .situations import par_defaut

        carte = self.ps
        if carte is None:
            return None
        choisie = next((s for s in self.situations() if s.rang == self._rang), None)
        return choisie or par_defaut(carte)

    def choisir_situation(self, rang: int) -> Situation:
        """Work in the situation of this logical number until the card leaves. Raises what `situations.retenue` does."""
        from .situations import exiger_lue, retenue

        situation = retenue(exiger_lue(self.ps), rang)
        self._rang = rang
        self._changements.annoncer("cartes")
        return situation

    def ouvrir_session(self, code: str) -> CartePS:
        """Present the code once, read the professional, keep the session until the card leaves."""
        from sesam_desktop.securisation.session_ps import SessionPS

        with self._verrou:
            self.fermer_session()
            moyen = moyen_ps(self._module_pkcs11(), lambda: self.gestionnaire.ouvrir("cps"), self._certificats)
            self.session = SessionPS(moyen, code)
            if self._pont.regle:
                self.vitale = None  # to be read again: now its rights can be
            try:
                return self._lire_ps(situations=True)
            except BaseException:  # the removal of a card that was never read would not close it
                self.fermer_session()
                raise

    def lire_ps(self, code: str | None = None) -> CartePS:
        """The professional whose card is in; their situations only with the code or an open session.

        The code is presented once and not kept: reading needs no signature, hence no certificate of the card.
        """
        if code is not None and self._module_pkcs11():
            return self.ouvrir_session(code)
        return self._lire_ps(code, situations=code is not None or self.session_ouverte)

    def fermer_session(self) -> None:
        """Forget the code; the card must be opened again to sign."""
        with self._verrou:
            session = self._detacher_session()
        if session is not None:  # it may be signing: waiting for its end must not hold the others
            session.fermer()

    def lire_vitale(self) -> CarteVitale:
        """Read the Vitale wherever it is; rights come from the SSV libraries, or from its carte virtuelle."""
        with self._verrou, temoigner(self.temoin, "vitale"):
            self._fentes["vitale"], puce = puce_vitale(self.gestionnaire, avec_pont=self._pont.regle)
            source = self._source()
            carte = source.pour_vitale(puce) if puce is not None else sans_puce(source)
            if carte.droits_lus and self._pont.regle:
                exiger_restee(self.gestionnaire, self._fentes["vitale"])
            self._puce_vitale, self.vitale = puce, carte
        masquage.retenir(*(b.nom_usuel for b in carte.beneficiaires))
        self._changements.annoncer("cartes")
        return carte

    def lire_duo(self) -> CarteDuo:
        """Read the complementary insurer's card, in a third slot. Project format: see docs/cartes.md."""
        from sesam_desktop.lecteurs.lecture import lire_duo

        with self._verrou:
            self._fentes["duo"], self.duo = self.gestionnaire.employer("duo", lambda s: (s.fente, lire_duo(s)))
        self._changements.annoncer("cartes")
        return self.duo

    @contextmanager
    def signataires(self, facture: Facture, niveau: Niveau) -> Iterator[Signataires]:
        """Who signs `facture` at this level: the Vitale (checked to be the patient's own) and the professional."""
        if niveau is Niveau.NON_SECURISEE:
            yield None, None
            return
        executant = facture.executant
        emetteur = executant.numero_facturation + executant.cle
        ps = session_habilitee(self.session, self.ps, emetteur, Acte.FACTURE, executant.situation)
        if niveau is not Niveau.SECURISEE:
            yield None, ps
            return
        with self._verrou, self.gestionnaire.ouvrir("vitale") as session:
            yield self._signataire_vitale(session, facture.beneficiaire, ps), ps

    def signataire_de_lot(self, emetteur: str) -> SessionPS:
        """Who signs a lot of this sender. Raises SESSION_PS_FERMEE, CPS_D_UN_AUTRE, SIGNATURE_NON_HABILITEE."""
        return session_habilitee(self.session, self.ps, emetteur, Acte.LOT)

    def fermer(self) -> None:
        """Close the session and the readers."""
        self.fermer_session()
        self._pont.fermer()
        super().fermer()

    def _lire_ps(self, code: str | None = None, *, situations: bool) -> CartePS:
        from sesam_desktop.lecteurs.lecture import lire_puce_cps, verifier_code

        def lire(session: SessionCarte) -> tuple[Fente, PuceCps]:
            puce = lire_puce_cps(session)
            if code is not None and not self._pont.regle:  # the libraries present it themselves: never twice
                verifier_code(session, code)
            return session.fente, puce

        with self._verrou, temoigner(self.temoin, "cps"):
            self._fentes["cps"], puce = self.gestionnaire.employer("cps", lire)
            self.ps = carte = self._source(code).pour_ps(puce, situations=situations)
        masquage.retenir(carte.nom)
        self._changements.annoncer("cartes")
        return carte

    def _signataire_vitale(self, session: SessionCarte, patient: Patient, ps: SessionPS) -> Signataire:
        carte = self.vitale
        with temoigner_refus(self.temoin, "vitale"):
            signataire = signataire_vitale(session, patient, self._puce_vitale, carte, self._certificats)
            exiger_meme_nature(carte, self.ps, ps)
        return signataire

    def _source(self, code: str | None = None) -> SourceCartes:
        return source_des_cartes(self._profil / "cartes", self.pont, self.session, code)

    def _recevoir(self, evenement: Evenement) -> None:
        """On a reader's thread: a card that leaves takes what was read of it, and the session.

        The news may come after another card was read in the same slot: only the passage that was read counts.
        """
        from sesam_desktop.lecteurs.gestionnaire import Genre

        super()._recevoir(evenement)
        if evenement.genre is Genre.RETIREE and evenement.fente is not None:
            self._oublier(evenement.fente)
        self._changements.annoncer("cartes")

    def _oublier(self, partie: Fente) -> None:
        """Under the lock of the readings: a card that leaves while it is being read is forgotten after it."""
        session = None
        with self._verrou:
            if meme_passage(partie, self._fentes.get("vitale")):
                self.vitale = self._puce_vitale = None
            if meme_passage(partie, self._fentes.get("cps")):
                self.ps, self._rang, session = None, None, self._detacher_session()
            if meme_passage(partie, self._fentes.get("duo")):
                self.duo = None
        if session is not None:
            session.fermer()

    def _detacher_session(self) -> SessionPS | None:
        self._fentes.pop("cps", None)
        session, self.session = self.session, None
        return session
