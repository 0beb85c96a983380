"""Each scenario shipped, against the workstation itself: whatever the funds do, nothing is lost and nothing sent twice.

Four invoices, the third to another fund. Their part (number × 37 modulo 100): 1 → 37, 2 → 74, 3 → 11, 4 → 48.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from sesam_desktop.base.evenements import verifier_chaine
from sesam_desktop.base.modeles import Courrier, Lot, Message, Tentative
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.frontal import pop, registre, scenario, scene, serveurs, smtp
from sesam_desktop.frontal.goutte import Goutte
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR, Frontal
from sesam_desktop.frontal.traitement import Ouvrier
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.teletransmission.atelier import Atelier
from tests.teletransmission.fabrique import PARIS, SARTHE, courrier

from .emetteur import Emetteur

FACTURES = 4
FINIES = {Etat.PAYEE, Etat.REJETEE, Etat.ANOMALIE, Etat.PAYEE_PARTIELLEMENT, Etat.REFUSEE}
TOUTES_PAYEES = {Etat.PAYEE: FACTURES}


@dataclass
class Journal:
    """What a run said: codes of what stopped a session, sentences in full."""

    codes: set[str] = field(default_factory=set)
    phrases: list[str] = field(default_factory=list)

    def noter(self, travail: Callable[[], object]) -> None:
        try:
            travail()
        except ErreurConnue as erreur:
            self.codes.add(erreur.code)
            self.phrases.append(erreur.phrase())


class Essai:
    """A workstation and its funds."""

    def __init__(self, atelier: Atelier, frontal: Frontal) -> None:
        self.atelier, self.frontal, self.journal = atelier, frontal, Journal()

    def signer(self, nombre: int = FACTURES) -> None:
        for rang in range(nombre):
            self.atelier.signer(PARIS if rang % 3 == 2 else SARTHE)
        self.atelier.preparation.preparer()

    def tour(self) -> None:
        """What the workstation does by itself from time to time."""
        self.journal.noter(lambda: self.atelier.depart.envoyer(maintenant=True))
        self.journal.noter(self.atelier.boite.relever)

    def jusqu_a(self, fini: Callable[[], bool], delai_s: float = 15) -> None:
        limite = time.monotonic() + delai_s
        self.tour()
        while not fini():
            assert time.monotonic() < limite, (self.etats(), self.journal.phrases[-3:])
            time.sleep(0.05)
            self.tour()

    def etats(self) -> dict[Etat, int]:
        return dict(Counter(r.etat for r in self.atelier.factures.lister(Filtre())))

    def finies(self) -> bool:
        return self.etats().keys() <= FINIES

    def quarantaine(self) -> list[str]:
        """Why returns were put aside."""
        return [c.motif for c in Courrier.select().where(Courrier.etat == "quarantaine")]

    def vider(self) -> None:
        """Until the mailbox is empty."""
        self.jusqu_a(lambda: not self.frontal.a_relever())

    def rien_de_perdu_ni_de_double(self) -> None:
        """Each invoice taken once, as it stands here; nothing left to send, to read, or half done."""
        assert self.frontal.en_attente() == 0
        recus = [lot for lot in self.frontal.recus() if not lot.verdict]
        attendues = {r.numero: r.amo_centimes for r in self.atelier.factures.lister(Filtre())}
        assert Counter(f.numero for lot in recus for f in lot.factures) == Counter(list(attendues))
        assert {f.numero: f.amo_centimes for lot in recus for f in lot.factures} == attendues
        assert len({lot.cle for lot in recus}) == len(recus) == Lot.select().count()
        assert {m.etat for m in Message.select()} <= {"acquittee", "remise"}
        assert {c.etat for c in Courrier.select()} <= {"lu", "quarantaine"}
        assert verifier_chaine() is None


@pytest.fixture(autouse=True)
def temps_presse(monkeypatch: pytest.MonkeyPatch) -> None:
    """The funds live fifty times faster than the workstation, so that what they delay comes soon."""
    debut, vrai = time.time(), time.time
    horloge = SimpleNamespace(time=lambda: debut + (vrai() - debut) * 50, monotonic=lambda: (vrai() - debut) * 50)
    for module in (registre, scene):
        monkeypatch.setattr(module, "time", horloge)
    for module in (pop, smtp):
        monkeypatch.setattr(module, "Goutte", lambda transport, intervalle_s: Goutte(transport, intervalle_s / 50))
    monkeypatch.setattr(serveurs, "Ouvrier", lambda registre, juger, delai_s: Ouvrier(registre, juger, delai_s / 50))


@pytest.fixture
def essai(request: pytest.FixtureRequest, tmp_path: Path, emetteur: Emetteur) -> Iterator[Essai]:
    """Indirect parameter: the scenario."""
    frontal = Frontal(tmp_path / "frontal", scenario=request.param, autorite=emetteur.autorite)
    frontal.demarrer()
    compte = courrier(
        frontal.smtp_port, frontal.pop_port, frontal.certificat_tls, utilisateur=UTILISATEUR,
        mot_de_passe=lambda: MOT_DE_PASSE,
    )
    atelier = Atelier(tmp_path / "poste", emetteur.autorite, compte)
    yield Essai(atelier, frontal)
    atelier.fermer()
    frontal.arreter()


# What becomes of the four invoices (what is not paid is the third), and how many returns are put aside (one a lot, so
# two of each), in their words.
REPONSES: dict[str, tuple[dict[Etat, int], int, str]] = {
    "tout_paye": (TOUTES_PAYEES, 0, ""),
    "nominal": (TOUTES_PAYEES, 0, ""),
    "rejets": ({Etat.REJETEE: FACTURES}, 0, ""),
    "rejets_nouveaux_codes": ({Etat.PAYEE: 3, Etat.REJETEE: 1}, 0, ""),
    "arl_negatif": ({Etat.REFUSEE: FACTURES}, 0, ""),
    "arl_tardif": (TOUTES_PAYEES, 0, ""),
    "arl_perdu": (TOUTES_PAYEES, 0, ""),
    "arl_double": (TOUTES_PAYEES, 0, ""),
    "arl_lot_inconnu": (TOUTES_PAYEES, 0, ""),
    "arl_tronque": (TOUTES_PAYEES, 2, "terminée"),
    "noemie_double": (TOUTES_PAYEES, 0, ""),
    "noemie_tronque": (TOUTES_PAYEES, 2, ""),
    "noemie_illisible": (TOUTES_PAYEES, 2, ""),
    "noemie_lot_inconnu": (TOUTES_PAYEES, 0, ""),
    "facture_inconnue": (TOUTES_PAYEES, 0, ""),
    "entite_inconnue": (TOUTES_PAYEES, 0, ""),
    "partiel": (TOUTES_PAYEES, 0, ""),                                         # none of them has a complementary part
    "retenue": (TOUTES_PAYEES, 0, ""),
    "forfait": (TOUTES_PAYEES, 0, ""),
    "differe": (TOUTES_PAYEES, 0, ""),
    "reprise": ({Etat.PAYEE: 3, Etat.REJETEE: 1}, 0, ""),
    "message_retarde": (TOUTES_PAYEES, 0, ""),
    "mauvaise_journee": ({Etat.PAYEE: 3, Etat.ANOMALIE: 1}, 1, ""),            # 3 is paid 1,50 short
}
LENTEURS = ("lent", "goutte_a_goutte")


@pytest.mark.parametrize(
    ("essai", "etats", "ecartes", "mots"), [(nom, *attendu) for nom, attendu in REPONSES.items()], indirect=["essai"],
    ids=list(REPONSES),
)
def test_quoi_que_repondent_les_caisses(essai: Essai, etats: dict[Etat, int], ecartes: int, mots: str) -> None:
    essai.signer()
    essai.jusqu_a(lambda: essai.frontal.en_attente() == 0 and essai.finies())
    essai.vider()
    assert essai.etats() == etats
    motifs = essai.quarantaine()
    assert len(motifs) == ecartes, motifs
    assert all(mots in motif for motif in motifs)
    if Etat.REFUSEE not in etats:
        essai.rien_de_perdu_ni_de_double()


@pytest.mark.parametrize("essai", LENTEURS, indirect=True)
def test_une_lenteur_ne_change_rien(essai: Essai) -> None:
    essai.signer(1)
    essai.jusqu_a(essai.finies)
    essai.vider()
    assert essai.etats() == {Etat.PAYEE: 1}
    essai.rien_de_perdu_ni_de_double()


@pytest.mark.parametrize("essai", ["noemie_totaux_faux"], indirect=True)
def test_des_totaux_faux_sont_dits_et_les_factures_lues(essai: Essai) -> None:
    """Three invoices of 17,50 € for one fund, one for the other; 1,00 € too many at the end of each return."""
    essai.signer()
    essai.jusqu_a(essai.finies)
    essai.vider()
    assert essai.etats() == TOUTES_PAYEES
    dits = sorted(c.motif for c in Courrier.select().where(Courrier.motif != ""))
    assert [("total de 18,50" in dit, "fait 17,50" in dit) for dit in dits] == [(True, True), (False, False)]
    assert [("total de 53,50" in dit, "fait 52,50" in dit) for dit in dits] == [(False, False), (True, True)]
    essai.rien_de_perdu_ni_de_double()


@pytest.mark.parametrize("essai", ["cle_nir_fausse"], indirect=True)
def test_une_cle_fausse_est_dite_et_les_factures_lues(essai: Essai) -> None:
    """An invoice is known by its number, its lot and its date, not by its patient: it is paid, and somebody warned."""
    essai.signer()
    essai.jusqu_a(essai.finies)
    essai.vider()
    assert essai.etats() == TOUTES_PAYEES
    dits = " ".join(c.motif for c in Courrier.select().where(Courrier.motif != ""))
    assert dits.count("La clé du numéro d'assuré est fausse") == 2
    assert all(f"{rang:09d}" in dits for rang in range(1, FACTURES + 1))
    essai.rien_de_perdu_ni_de_double()


# What the server says when the session, or a message, fails.
SMTP: dict[str, str] = {
    "serveur_421": "SERVEUR_INJOIGNABLE",
    "serveur_452": "452 4.3.1 Insufficient system storage",
    "coupe_avant": "connexion interrompue",
    "coupe_apres": "connexion interrompue",
    "liste_grise": "450 4.7.1 Greylisted, try again later",
}


@pytest.mark.parametrize(("essai", "mots"), SMTP.items(), indirect=["essai"], ids=list(SMTP))
def test_un_depot_difficile_finit_par_passer(essai: Essai, mots: str) -> None:
    """Put off or cut, before or after the server kept it, each message is tried again, and received once."""
    essai.signer()
    essai.jusqu_a(essai.finies)
    essai.vider()
    assert essai.etats() == TOUTES_PAYEES
    dits = [tentative.reponse for tentative in Tentative.select()]
    assert any(mots in dit for dit in (*dits, *essai.journal.codes))
    assert essai.frontal.doublons() <= (essai.frontal.scenario == "coupe_apres")  # unless its answer came first
    essai.rien_de_perdu_ni_de_double()


SESSION: dict[str, tuple[set[str], str]] = {
    "tls_autre_nom": ({"CERTIFICAT_SERVEUR"}, "au nom d'un autre serveur"),
    "tls_perime": ({"CERTIFICAT_SERVEUR"}, "expiré"),
    "tls_auto_signe": ({"CERTIFICAT_SERVEUR"}, "signé par aucune autorité"),
    "tls_absent": ({"TLS_ABSENT"}, "connexion protégée"),
    "identification_refusee": ({"IDENTIFICATION_REFUSEE"}, "mot de passe"),
}


@pytest.mark.parametrize(
    ("essai", "codes", "mots"), [(nom, *attendu) for nom, attendu in SESSION.items()], indirect=["essai"],
    ids=list(SESSION),
)
def test_un_serveur_qu_on_ne_peut_croire_ne_recoit_rien(essai: Essai, codes: set[str], mots: str) -> None:
    """Nothing leaves, the sentence says why; once the servers are put right everything goes."""
    essai.signer()
    essai.tour()
    assert essai.journal.codes == codes
    assert all(mots in phrase for phrase in essai.journal.phrases), essai.journal.phrases
    assert {m.etat for m in Message.select()} == {"prete"}
    assert (essai.frontal.recus(), essai.frontal.en_attente()) == ([], 0)
    essai.frontal.jouer("tout_paye")
    essai.jusqu_a(essai.finies)
    assert essai.etats() == TOUTES_PAYEES
    essai.rien_de_perdu_ni_de_double()


@pytest.mark.parametrize(
    ("essai", "mots"), [("serveur_554", "554 5.6.0 Message rejected"), ("message_rendu", "Message non distribué")],
    indirect=["essai"],
)
def test_un_message_refuse_pour_toujours_attend_quelqu_un(essai: Essai, mots: str) -> None:
    """At once or by a relay afterwards: put aside with its words; sent again, it is received once."""
    essai.signer()
    essai.jusqu_a(lambda: Message.select().where(Message.etat == "en_quarantaine").exists())
    (mis_de_cote,) = Message.select().where(Message.etat == "en_quarantaine")
    assert mots in mis_de_cote.derniere_erreur
    assert essai.atelier.depart.relancer(mis_de_cote.message_id)
    essai.jusqu_a(essai.finies)
    essai.vider()
    assert essai.etats() == TOUTES_PAYEES
    essai.rien_de_perdu_ni_de_double()


@pytest.mark.parametrize("essai", ["boite_pleine"], indirect=True)
def test_une_boite_pleine_garde_tout_ici(essai: Essai) -> None:
    essai.signer()
    for _ in range(3):
        essai.tour()
    assert {m.etat for m in Message.select()} == {"en_attente"}
    assert (essai.frontal.recus(), essai.etats()) == ([], {Etat.EN_LOT: FACTURES})
    essai.frontal.jouer("tout_paye")
    essai.jusqu_a(essai.finies)
    essai.rien_de_perdu_ni_de_double()


@pytest.mark.parametrize("essai", ["silence"], indirect=True)
def test_un_silence_n_est_ni_un_refus_ni_un_accord(essai: Essai) -> None:
    essai.signer()
    essai.jusqu_a(lambda: essai.frontal.en_attente() == 0 and len(essai.frontal.recus()) == 2)
    essai.tour()
    assert essai.etats() == {Etat.TRANSMISE: FACTURES}
    essai.rien_de_perdu_ni_de_double()


def test_chaque_scenario_livre_est_joue_ici() -> None:
    ici = {*REPONSES, *LENTEURS, *SMTP, *SESSION, "serveur_554", "message_rendu", "boite_pleine", "silence"}
    ici |= {"cle_nir_fausse", "noemie_totaux_faux"}
    assert ici == set(scenario.noms())
