"""Readers and cards for both front ends: which cards are in, who the professional is, whose Vitale this is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sesam_desktop.factures.facture import Facture, Niveau, Patient
from sesam_desktop.noyau import masquage

from .cartes_presentes import CartesPresentes
from .certificats_cartes import CertificatsCartes
from .changements import Changements
from .configuration import Configuration
from .essai_lecture import temoigner, temoigner_refus
from .habilitation import Acte
from .pont_ssv import (
    Confier,
    PontDuPoste,
    SourceSsv,
    confier_de,
    exiger_restee,
    puce_cps,
    puce_vitale,
    sans_puce,
    source_des_cartes,
)
from .signataires import exiger_meme_nature, moyen_par_carte, ouvrir_session, session_habilitee, signataire_vitale

if TYPE_CHECKING:
    from sesam_desktop.cartes.duo import CarteDuo
    from sesam_desktop.cartes.ps import CartePS
    from sesam_desktop.cartes.vitale import CarteVitale
    from sesam_desktop.lecteurs.canal import Canal, SessionCarte
    from sesam_desktop.lecteurs.lecture import SourceCartes
    from sesam_desktop.securisation.session_ps import SessionPS
    from sesam_desktop.securisation.signature import Signataire
    from sesam_desktop.securisation.ssv import PontSsv

    from .essai_lecture import EssaiLecture
    from .temoin_lectures import TemoinLectures

Signataires = tuple["Signataire | None", "Signataire | None"]


class ServiceLecteurs(CartesPresentes):
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
        super().__init__(canaux, profil, changements)
        self._configuration = configuration
        self._module_pkcs11 = module_pkcs11
        self._certificats = CertificatsCartes(profil / "cartes")
        self._pont = PontDuPoste(configuration)
        self._temoin: TemoinLectures | None = None

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

        return essayer(self, self._pont)

    def ouvrir_session(self, code: str) -> CartePS:
        """Present the code once, read the professional, keep the session until the card leaves."""
        from sesam_desktop.lecteurs.canal import carte_changee

        with self._seul():
            self.fermer_session()
            fente = self.gestionnaire.trouver("cps")
            self._voir("cps", fente)
            par_carte = moyen_par_carte(lambda: self.gestionnaire.ouvrir(fente), self._certificats)
            regle = bool(self._configuration().module_pkcs11)
            self.session = ouvrir_session(code, par_carte, self._module_pkcs11(), module_regle=regle)
            if self._pont.regle:
                self._oublier("vitale")  # to be read again: now its rights can be
            try:
                carte = self._lire_ps()
                if not self.session_ouverte:
                    raise carte_changee(fente.lecteur)
            except BaseException:
                self.fermer_session()
                raise
            return carte

    def lire_ps(self, code: str | None = None) -> CartePS:
        """The professional whose card is in; their situations only with the code or an open session.

        The code is presented once and not kept: reading needs no signature, hence no certificate of the card.
        """
        if code is not None and self._module_pkcs11():
            return self.ouvrir_session(code)
        return self._lire_ps(code)

    def lire_vitale(self) -> CarteVitale:
        """Read the Vitale wherever it is; rights come from the SSV libraries, or from its carte virtuelle."""
        with self._seul(), temoigner(self.temoin, "vitale"):
            fente, puce = puce_vitale(self.gestionnaire, avec_pont=self._pont.regle)
            self._voir("vitale", fente)
            source = self._source()
            carte = source.pour_vitale(puce) if puce is not None else sans_puce(source)
            if isinstance(source, SourceSsv):
                exiger_restee(self.gestionnaire, "vitale", fente)
            self._puce_vitale, self.vitale = puce, carte
        masquage.retenir(*(b.nom_usuel for b in carte.beneficiaires))
        self._changements.annoncer("cartes")
        return carte

    def lire_duo(self) -> CarteDuo:
        """Read the complementary insurer's card, in a third slot. Project format: see docs/cartes.md."""
        from sesam_desktop.lecteurs.lecture import lire_duo

        with self._seul():
            fente, carte = self.gestionnaire.employer("duo", lambda session: (session.fente, lire_duo(session)))
            self._voir("duo", fente)
            self.duo = carte
        self._changements.annoncer("cartes")
        return carte

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
        with self._seul(), self.gestionnaire.ouvrir("vitale") as session:
            yield self._signataire_vitale(session, facture.beneficiaire, ps), ps

    def signataire_de_lot(self, emetteur: str) -> SessionPS:
        """Who signs a lot of this sender. Raises SESSION_PS_FERMEE, CPS_D_UN_AUTRE, SIGNATURE_NON_HABILITEE."""
        return session_habilitee(self.session, self.ps, emetteur, Acte.LOT)

    def fermer(self) -> None:
        """Close the session and the readers."""
        self.fermer_session()
        self._pont.fermer()
        super().fermer()

    def _lire_ps(self, code: str | None = None) -> CartePS:
        with self._seul(), temoigner(self.temoin, "cps"):
            source = self._source(code)
            fente, puce = self.gestionnaire.employer("cps", lambda session: puce_cps(session, source, code))
            self._voir("cps", fente)
            verifie = code is not None or self.session_ouverte
            if not verifie:  # the session, if there was one, left with the card it was opened on
                source = self._source()
            self.ps = carte = source.pour_ps(puce, situations=verifie)
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
        return source_des_cartes(self._profil / "cartes", lambda: self.pont, self._confier(code))

    def _confier(self, code: str | None) -> Confier | None:
        """How the libraries get the code: this one, else that of the open session. None: there is none."""
        session, fente = self.session, self._fentes.get("cps")
        if code is not None:
            return lambda travail: travail(code)
        if session is None or fente is None or not session.ouverte:
            return None
        return confier_de(session, lambda: exiger_restee(self.gestionnaire, "cps", fente))
