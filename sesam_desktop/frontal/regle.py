"""A scenario as values: what the frontal does of invoices, of its answers, and of the connections it gets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_ETALEMENT = 37  # prime to 100: ranks that follow fall far apart, all hundred are used once


def part(rang: int) -> int:
    """Where a rank stands among a hundred, 0 to 99: who is chosen never depends on chance, so a run can be repeated."""
    return rang * _ETALEMENT % 100


class Issue(StrEnum):
    """What becomes of an invoice in the NOEMIE return."""

    PAYEE = "payee"
    REJET = "rejet"
    SIGNALEMENT = "signalement"
    MONTANT_DIFFERENT = "montant_different"
    PARTIELLE = "partielle"        # obligatory part paid, complementary part rejected
    DIFFEREE = "differee"          # paid by a second return
    REPRISE = "reprise"            # paid, then taken back by a second return


class Etape(StrEnum):
    """When an incident strikes an SMTP session."""

    ACCUEIL = "accueil"
    IDENTIFICATION = "identification"
    DESTINATAIRE = "destinataire"
    CONTENU = "contenu"            # the whole message has come


class Coupure(StrEnum):
    """The connection drops once the message has come, without an answer."""

    AVANT = "avant"                # and nothing was kept
    APRES = "apres"                # though it was kept


class Tls(StrEnum):
    """What both servers show of themselves."""

    NORMAL = ""
    AUTRE_NOM = "autre_nom"
    PERIME = "perime"
    AUTO_SIGNE = "auto_signe"
    ABSENT = "absent"


class Alteration(StrEnum):
    """What is wrong with an answer."""

    AUCUNE = ""
    TOTAUX = "totaux"
    TRONQUE = "tronque"
    ILLISIBLE = "illisible"
    ENTITE_INCONNUE = "entite_inconnue"
    LOT_INCONNU = "lot_inconnu"
    FACTURE_INCONNUE = "facture_inconnue"
    CLE_NIR = "cle_nir"


class Genre(StrEnum):
    """Which answer an incident strikes."""

    ARL = "ARL"
    NOEMIE = "NOEMIE"


class Avis(StrEnum):
    """What a relay may say of a message."""

    ECHEC = "failed"               # given back: the fund never saw it
    RETARD = "delayed"
    SUCCES = "delivered"


@dataclass(frozen=True, slots=True)
class Anomalie:
    """A code and label put in a 294 or 290 entity, or the code and label of a forced ARL−."""

    code: str
    libelle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that happens to the first `premiers` (0: to all), and among them to `sur_cent` out of a hundred."""

    premiers: int = 0
    sur_cent: int = 100

    def frappe(self, rang: int) -> bool:
        """`rang` counts from 1, since the scenario was chosen."""
        return (not self.premiers or rang <= self.premiers) and part(rang) < self.sur_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSmtp(Incident):
    """A refusal (`code`, `texte`), a cut, or a greylist: refused until `liste_grise_s` after its first visit."""

    etape: Etape
    code: int = 0
    texte: str = ""
    coupure: Coupure | None = None
    liste_grise_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReponse(Incident):
    """An answer sent `envois` times (0: lost) after `delai_s`; the right one follows `juste_apres_s` later."""

    genre: Genre
    envois: int = 1
    delai_s: float = 0
    alteration: Alteration = Alteration.AUCUNE
    juste_apres_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAvis(Incident):
    """A delivery report about a message."""

    avis: Avis
    code: str                      # RFC 3463: 5.1.1, 4.4.7…
    texte: str


@dataclass(frozen=True, slots=True)
class Dette:
    """A sum that the fund takes back from what it pays."""

    reference: str
    centimes: int
    solde_centimes: int = 0
    nature: str = "IND"
    recuperation: str = "CIN"


@dataclass(frozen=True, slots=True)
class Forfait:
    """A lump sum paid with the invoices."""

    code: str
    libelle: str
    centimes: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way for the frontal to behave. Shares are invoices out of one hundred; the rest is paid."""

    nom: str
    libelle: str
    tls: Tls = Tls.NORMAL
    goutte_s: float = 0            # between two bytes of what the servers say
    delai_traitement_s: float = 0  # between the 250 and the treatment
    repondre: bool = True
    arl_force: Anomalie | None = None
    rejets_sur_cent: int = 0
    signalements_sur_cent: int = 0
    montants_differents_sur_cent: int = 0
    partielles_sur_cent: int = 0
    differees_sur_cent: int = 0
    reprises_sur_cent: int = 0
    retenue_centimes: int = 0      # what is missing from an invoice paid short
    suite_delai_s: float = 0       # between the first return and the one that settles what it left
    motif_rejet: Anomalie | None = None
    motif_signalement: Anomalie | None = None
    dette: Dette | None = None
    forfait: Forfait | None = None
    smtp: tuple[IncidentSmtp, ...] = ()
    reponses: tuple[IncidentReponse, ...] = ()
    avis: tuple[IncidentAvis, ...] = ()

    def issue(self, numero_facture: str) -> Issue:
        """What this scenario does of an invoice, from its number alone."""
        rang = part(int(numero_facture))
        for issue, sur_cent in self.parts():
            if rang < sur_cent:
                return issue
            rang -= sur_cent
        return Issue.PAYEE

    def parts(self) -> tuple[tuple[Issue, int], ...]:
        """The share of each issue, but those paid."""
        return (
            (Issue.REJET, self.rejets_sur_cent),
            (Issue.SIGNALEMENT, self.signalements_sur_cent),
            (Issue.MONTANT_DIFFERENT, self.montants_differents_sur_cent),
            (Issue.PARTIELLE, self.partielles_sur_cent),
            (Issue.DIFFEREE, self.differees_sur_cent),
            (Issue.REPRISE, self.reprises_sur_cent),
        )
