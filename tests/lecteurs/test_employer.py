"""Work on a card when the card, the driver, another program or another task of ours does not let it happen."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from sesam_desktop.lecteurs import apdu, ouvrier
from sesam_desktop.lecteurs.canal import Fente, Logiciel, SessionCarte
from sesam_desktop.lecteurs.gestionnaire import Gestionnaire
from sesam_desktop.lecteurs.lecture import lire_puce_cps, lire_puce_vitale, verifier_code
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue

from .doubles import cps, vitale
from .doubles_canaux import SERVICE, CanalCapricieux, CarteBloquee

DELAI = 0.2
LIRE = bytes.fromhex("00B0820000")
VERIFIER = bytes.fromhex("002000010431323334")


@pytest.fixture
def canal() -> CanalCapricieux:
    return CanalCapricieux({"gauche": cps(), "droite": vitale()})


@pytest.fixture
def gestionnaire(canal: CanalCapricieux) -> Iterator[Gestionnaire]:
    gestionnaire = Gestionnaire([canal], delai=DELAI)
    yield gestionnaire
    gestionnaire.fermer()


@pytest.fixture
def bloquee(canal: CanalCapricieux) -> Iterator[CarteBloquee]:
    """A Vitale that takes the next command and keeps silent."""
    carte = CarteBloquee(vitale())
    canal.inserer("droite", carte)
    carte.bloquer = True
    yield carte
    carte.reveil.set()


def refus(appel: object, *arguments: object) -> str:
    with pytest.raises(ErreurConnue) as refuse:
        appel(*arguments)  # type: ignore[operator]
    assert refuse.value.action
    return refuse.value.code


def nom(session: SessionCarte) -> str:
    return lire_puce_vitale(session).identites[0].nom


def attendre(condition: object, delai: float = 2.0) -> None:
    fin = time.monotonic() + delai
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < fin, "attendu en vain"
        time.sleep(0.005)


def test_tout_le_travail_sur_le_fil_du_lecteur(gestionnaire: Gestionnaire) -> None:
    fils = {}
    for role in ("vitale", "cps", "vitale"):
        fils.setdefault(role, set()).add(gestionnaire.employer(role, lambda _: threading.current_thread().name))
    assert fils == {"vitale": {"lecteurs-virtuel-droite-carte"}, "cps": {"lecteurs-virtuel-gauche-carte"}}
    assert gestionnaire.employer("vitale", nom) == "DURAND"


def test_l_erreur_du_travail_arrive_telle_quelle_et_la_carte_est_rendue(gestionnaire: Gestionnaire) -> None:
    with pytest.raises(ZeroDivisionError):
        gestionnaire.employer("vitale", lambda _: 1 // 0)
    assert gestionnaire.employer("vitale", nom) == "DURAND"


def test_une_carte_qui_ne_repond_jamais_coute_une_phrase(gestionnaire: Gestionnaire, bloquee: CarteBloquee) -> None:
    debut = time.monotonic()
    assert refus(gestionnaire.employer, "vitale", nom) == "CARTE_SANS_REPONSE"
    assert DELAI <= time.monotonic() - debut < 5 * DELAI
    debut = time.monotonic()
    for appel in (lambda: gestionnaire.employer("vitale", nom), lambda: gestionnaire.ouvrir("vitale")):
        assert refus(appel) == "CARTE_SANS_REPONSE"
    assert time.monotonic() - debut < DELAI / 2  # at once
    assert gestionnaire.employer("cps", lire_puce_cps).numero_serie  # the other reader goes on
    bloquee.bloquer = False
    bloquee.reveil.set()
    attendre(lambda: _lit(gestionnaire))


def _lit(gestionnaire: Gestionnaire) -> bool:
    try:
        return gestionnaire.employer("vitale", nom) == "DURAND"
    except ErreurConnue as erreur:
        assert erreur.code == "CARTE_SANS_REPONSE"
        return False


def test_plus_rien_n_est_envoye_apres_l_abandon(gestionnaire: Gestionnaire, bloquee: CarteBloquee) -> None:
    def travail(session: SessionCarte) -> None:
        session.transmettre(LIRE)
        session.transmettre(VERIFIER)

    assert refus(gestionnaire.employer, "vitale", travail) == "CARTE_SANS_REPONSE"
    bloquee.bloquer = False
    bloquee.reveil.set()
    attendre(lambda: _lit(gestionnaire))
    assert VERIFIER not in bloquee.recus


def test_carte_retiree_puis_une_autre_pendant_que_le_pilote_ne_revient_pas(
    canal: CanalCapricieux, gestionnaire: Gestionnaire, bloquee: CarteBloquee
) -> None:
    assert refus(gestionnaire.employer, "vitale", nom) == "CARTE_SANS_REPONSE"
    canal.retirer("droite")
    assert refus(gestionnaire.employer, "vitale", nom) == "VITALE_ABSENTE"
    canal.inserer("droite", vitale("ald"))
    assert gestionnaire.employer("vitale", nom) == "PETIT"
    bloquee.reveil.set()  # what comes back at last belongs to nobody
    attendre(lambda: sum("droite" in t.name for t in threading.enumerate()) == 1)
    assert gestionnaire.employer("vitale", nom) == "PETIT"


def test_session_tenue_bornee_a_chaque_echange(gestionnaire: Gestionnaire, canal: CanalCapricieux) -> None:
    carte = CarteBloquee(vitale())
    canal.inserer("droite", carte)
    with gestionnaire.ouvrir("vitale") as session:
        assert nom(session) == "DURAND"
        carte.bloquer = True
        assert refus(session.transmettre, LIRE) == "CARTE_SANS_REPONSE"
        assert refus(session.transmettre, LIRE) == "CARTE_RETIREE"  # this session is over
        carte.bloquer = False
        carte.reveil.set()
        attendre(lambda: _lit(gestionnaire))  # the card was let go by the worker, before the end of the block
    session.fermer()


def test_un_travail_lent_qui_avance_n_est_pas_abandonne(gestionnaire: Gestionnaire, canal: CanalCapricieux) -> None:
    def lent(session: SessionCarte) -> int:
        for _ in range(6):
            time.sleep(DELAI / 2)
            session.transmettre(LIRE)
        return 6

    assert gestionnaire.employer("vitale", lent) == 6


def test_delai_du_travail_donne_par_l_appelant(gestionnaire: Gestionnaire) -> None:
    assert refus(gestionnaire.employer, "vitale", lambda _: time.sleep(1), 0.05) == "CARTE_SANS_REPONSE"
    attendre(lambda: _lit(gestionnaire))
    assert gestionnaire.employer("vitale", lambda _: time.sleep(2 * DELAI), 2.0) is None


def test_carte_prise_par_une_autre_tache(gestionnaire: Gestionnaire) -> None:
    with gestionnaire.ouvrir("vitale"):
        for appel in (lambda: gestionnaire.ouvrir("vitale"), lambda: gestionnaire.employer("vitale", nom)):
            with pytest.raises(ErreurConnue, match="une autre tâche de ce logiciel") as refuse:
                appel()
            assert refuse.value.code == "CARTE_OCCUPEE"
    assert gestionnaire.employer("vitale", nom) == "DURAND"


def test_les_taches_d_un_lecteur_se_suivent(gestionnaire: Gestionnaire) -> None:
    noms: list[str] = []
    fils = [threading.Thread(target=lambda: noms.append(gestionnaire.employer("vitale", nom, 5.0))) for _ in range(20)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(5)
    assert noms == ["DURAND"] * 20


@pytest.mark.parametrize(
    ("programmes", "phrase"),
    [
        (["scdaemon"], "utilisée par scdaemon."),
        (["a.exe", "b.exe"], "utilisée par un autre logiciel, sans doute a.exe ou b.exe."),
        ([], "utilisée par un autre logiciel."),
    ],
)
def test_le_programme_qui_tient_la_carte_est_nomme(
    canal: CanalCapricieux, gestionnaire: Gestionnaire, programmes: list[str], phrase: str
) -> None:
    canal.occupee_par = programmes
    for appel in (lambda: gestionnaire.ouvrir("vitale"), lambda: gestionnaire.employer("vitale", nom)):
        with pytest.raises(ErreurConnue, match="utilisée par") as refuse:
            appel()
        assert refuse.value.code == "CARTE_OCCUPEE"
        assert refuse.value.message.endswith(phrase)


def test_ouverture_qui_ne_revient_pas(canal: CanalCapricieux, gestionnaire: Gestionnaire) -> None:
    """PC/SC waits for ever for another program's transaction: refused, and the session that comes late is closed."""
    canal.ouverture_bloquee = threading.Event()
    assert refus(gestionnaire.ouvrir, "vitale") == "CARTE_OCCUPEE"
    assert refus(gestionnaire.employer, "vitale", nom) == "CARTE_OCCUPEE"
    canal.ouverture_bloquee.set()
    attendre(lambda: _lit_bientot(gestionnaire))


def _lit_bientot(gestionnaire: Gestionnaire) -> bool:
    try:
        return gestionnaire.employer("vitale", nom) == "DURAND"
    except ErreurConnue as erreur:
        assert erreur.code == "CARTE_OCCUPEE"
        return False


def test_la_fente_donnee_est_celle_qui_a_ete_vue(canal: CanalCapricieux, gestionnaire: Gestionnaire) -> None:
    vue = gestionnaire.trouver("vitale")
    assert gestionnaire.employer(vue, nom) == "DURAND"
    canal.inserer("droite", vitale("ald"))
    assert refus(gestionnaire.employer, vue, nom) == "CARTE_CHANGEE"
    assert refus(gestionnaire.ouvrir, vue) == "CARTE_CHANGEE"
    assert gestionnaire.employer(gestionnaire.trouver("vitale"), nom) == "PETIT"


@pytest.mark.journal_attendu
def test_une_carte_que_le_pilote_ne_rend_pas(canal: CanalCapricieux, gestionnaire: Gestionnaire) -> None:
    """Letting go is bounded too; the reader refuses until the driver has let go."""
    session = gestionnaire.ouvrir("vitale")
    rendue = threading.Event()
    fermer = session._session.fermer  # type: ignore[attr-defined]
    session._session.fermer = lambda: (rendue.wait(5), fermer())  # type: ignore[attr-defined]
    debut = time.monotonic()
    session.fermer()
    assert time.monotonic() - debut < 4 * DELAI
    assert refus(gestionnaire.employer, "vitale", nom) == "CARTE_SANS_REPONSE"
    rendue.set()
    attendre(lambda: _lit(gestionnaire))


class CarteEngourdie:
    """Answers 6F00 to its first command, as some cards do when they wake up."""

    def __init__(self, refus: int = 1) -> None:
        self._carte = vitale()
        self.atr = self._carte.atr
        self.refus = refus
        self.recus: list[bytes] = []

    def reset(self) -> None:
        self._carte.reset()

    def traiter(self, apdu: bytes) -> bytes:
        self.recus.append(apdu)
        if self.refus:
            self.refus -= 1
            return b"\x6f\x00"
        return self._carte.traiter(apdu)


def identites(session: SessionCarte) -> bytes:
    return apdu.exiger(session, LIRE)


def test_premiere_lecture_apres_l_insertion(canal: CanalCapricieux, gestionnaire: Gestionnaire) -> None:
    canal.inserer("droite", CarteEngourdie())
    assert b"DURAND" in gestionnaire.employer("vitale", identites)
    canal.inserer("droite", CarteEngourdie(refus=2))
    assert refus(gestionnaire.employer, "vitale", identites) == "CARTE_REFUSE"  # one more try, not two


def test_pas_de_seconde_chance_a_une_carte_deja_lue(canal: CanalCapricieux, gestionnaire: Gestionnaire) -> None:
    carte = CarteEngourdie(refus=0)
    canal.inserer("droite", carte)
    gestionnaire.employer("vitale", identites)
    carte.refus = 1
    assert refus(gestionnaire.employer, "vitale", identites) == "CARTE_REFUSE"


def test_un_code_n_est_jamais_envoye_deux_fois(canal: CanalCapricieux, gestionnaire: Gestionnaire) -> None:
    carte = CarteBloquee(cps())
    canal.inserer("gauche", carte)

    def travail(session: SessionCarte) -> None:
        verifier_code(session, "9999")

    assert refus(gestionnaire.employer, "cps", travail) == "CODE_FAUX"

    def refuse(session: SessionCarte) -> None:
        session.transmettre(VERIFIER)
        raise ErreurConnue("…", code="CARTE_REFUSE", action="…")

    assert refus(gestionnaire.employer, "cps", refuse) == "CARTE_REFUSE"
    assert carte.recus.count(VERIFIER) == 1


def test_un_fil_oisif_se_termine_et_recommence(
    gestionnaire: Gestionnaire, monkeypatch: pytest.MonkeyPatch, canal: CanalCapricieux
) -> None:
    monkeypatch.setattr(ouvrier, "OISIF", 0.05)
    gestionnaire.employer("vitale", nom)
    attendre(lambda: not any("virtuel" in t.name for t in threading.enumerate()))
    assert gestionnaire.employer("vitale", nom) == "DURAND"
    canal.debrancher("droite")
    assert refus(gestionnaire.employer, "vitale", nom) == "VITALE_ABSENTE"
    canal.brancher("droite")
    canal.inserer("droite", vitale("ald"))
    assert gestionnaire.employer("vitale", nom) == "PETIT"


def test_service_arrete_pendant_le_travail(canal: CanalCapricieux, gestionnaire: Gestionnaire) -> None:
    canal.panne = SERVICE
    with pytest.raises(ErreurConnue) as refuse:
        gestionnaire.employer("vitale", nom)
    assert refuse.value is SERVICE
    canal.panne = None
    assert gestionnaire.employer("vitale", nom) == "DURAND"


def test_fin_du_gestionnaire(canal: CanalCapricieux) -> None:
    gestionnaire = Gestionnaire([canal], delai=DELAI)
    session = gestionnaire.ouvrir("vitale")
    gestionnaire.employer("cps", lire_puce_cps)
    gestionnaire.fermer()
    gestionnaire.fermer()
    attendre(lambda: not [t.name for t in threading.enumerate() if "virtuel" in t.name])
    session.fermer()  # still lets the card go
    assert refus(gestionnaire.ouvrir, "vitale") == "LECTEUR_ABSENT"


def test_se_desabonner(canal: CanalCapricieux, gestionnaire: Gestionnaire) -> None:
    recus: list[str] = []
    autres: list[str] = []
    fin = gestionnaire.abonner(lambda e: recus.append(e.genre))
    gestionnaire.abonner(lambda e: autres.append(e.genre))
    attendre(lambda: len(recus) >= 2)
    fin()
    fin()
    avant = len(recus)
    canal.retirer("droite")
    attendre(lambda: "retiree" in autres)
    assert len(recus) == avant


class CanalTerminaux(CanalVirtuel):
    """Readers whose own software answers."""

    nom = "terminaux"

    def __init__(self) -> None:
        super().__init__({})
        self.panne: ErreurConnue | None = None
        self.lenteur = 0.0

    def logiciels(self) -> list[str]:
        if self.panne is not None:
            raise self.panne
        return ["TLA 1", "TLA 2"]

    def dialoguer(self, lecteur: str, message: bytes, delai: float) -> bytes:
        time.sleep(self.lenteur)
        return f"{lecteur}:".encode() + message


def test_logiciels_des_lecteurs(canal: CanalCapricieux) -> None:
    terminaux = CanalTerminaux()
    gestionnaire = Gestionnaire([canal, terminaux], delai=DELAI)
    un, deux = gestionnaire.logiciels()
    assert (un, deux) == (Logiciel("terminaux", "TLA 1"), Logiciel("terminaux", "TLA 2"))
    assert gestionnaire.dialoguer(un, b"bonjour", 1.0) == b"TLA 1:bonjour"
    terminaux.lenteur = 0.6
    assert refus(gestionnaire.dialoguer, un, b"lent", 0.05) == "LECTEUR_SANS_REPONSE"
    terminaux.lenteur = 0.0
    assert refus(gestionnaire.dialoguer, un, b"encore", 0.05) == "LECTEUR_SANS_REPONSE"  # at once
    assert gestionnaire.dialoguer(deux, b"x", 1.0) == b"TLA 2:x"
    assert refus(gestionnaire.dialoguer, Logiciel("virtuel", "gauche"), b"x", 1.0) == "LECTEUR_ABSENT"
    terminaux.panne = ErreurConnue("Le port est pris.", code="PORT_OCCUPE", action="Libérez-le.")
    assert refus(gestionnaire.logiciels) == "PORT_OCCUPE"
    gestionnaire.fermer()
    assert Gestionnaire([canal]).logiciels() == []


def test_un_canal_lent_ne_ralentit_pas_les_autres(canal: CanalCapricieux) -> None:
    lent = CanalTerminaux()
    lent.fentes = lambda: [Fente("terminaux", str(time.sleep(0.3)), "vide")]  # type: ignore[method-assign,arg-type,func-returns-value]
    gestionnaire = Gestionnaire([lent, canal], delai=1.0)
    debut = time.monotonic()
    assert len(gestionnaire.fentes()) == 3
    assert time.monotonic() - debut < 0.6
    gestionnaire.fermer()
