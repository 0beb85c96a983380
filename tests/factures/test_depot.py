from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import peewee
import pytest

from sesam_desktop.base import compteurs, evenements, verification
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Compteur, ContenuDocument, Document
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Factures, Filtre
from sesam_desktop.factures.facture import Niveau
from sesam_desktop.noyau.erreurs import ErreurConnue
from tests.factures.exemples import INSTANT, JOUR, PATIENT, facture_securisee

MAINTENANT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    ouverte = Base(tmp_path / "sesam.db")
    yield ouverte
    assert not ouverte.connexion().in_transaction
    ouverte.fermer()


@pytest.fixture
def factures(base: Base) -> Factures:
    return Factures(base, horloge=lambda: MAINTENANT)


def _refus(action: object, *arguments: object) -> str:
    with pytest.raises(ErreurConnue) as refus:
        action(*arguments)  # type: ignore[operator]
    assert refus.value.message
    return refus.value.code


def _datee(numero: str, jour: date) -> object:
    fs = facture_securisee(numero)
    return replace(fs, facture=replace(fs.facture, demande=replace(fs.facture.demande, date_soins=jour)))


def test_les_numeros_ont_neuf_chiffres_et_se_suivent(factures: Factures) -> None:
    assert [factures.prochain_numero() for _ in range(3)] == ["000000001", "000000002", "000000003"]


def test_les_numeros_s_epuisent_sans_recommencer(factures: Factures) -> None:
    Compteur.create(nom="facture", valeur=999_999_998)
    assert factures.prochain_numero() == "999999999"
    assert _refus(factures.prochain_numero) == "NUMEROS_EPUISES"
    assert compteurs.courant("facture") == 999_999_999


def test_enregistrer_puis_charger(factures: Factures) -> None:
    factures.enregistrer(facture_securisee())
    assert factures.charger("000000001") == facture_securisee()


@pytest.mark.parametrize(
    ("niveau", "noms"),
    [
        (Niveau.SECURISEE, ["composee", "tarifee", "signee_vitale", "signee_ps"]),
        (Niveau.DEGRADEE, ["composee", "tarifee", "signee_ps"]),
        (Niveau.NON_SECURISEE, ["composee", "tarifee"]),
    ],
)
def test_l_histoire_commence_a_la_composition(factures: Factures, base: Base, niveau: Niveau, noms: list[str]) -> None:
    factures.enregistrer(facture_securisee(niveau=niveau))
    historique = factures.historique("000000001")
    assert [e.nom for e in historique] == noms
    assert historique[0].instant == MAINTENANT
    assert historique[-1].instant == (INSTANT if niveau is not Niveau.NON_SECURISEE else MAINTENANT)
    assert verification.controler(base.connexion()).integre


def test_composee_avant_d_etre_gardee(factures: Factures) -> None:
    """An invoice lent to a portable terminal was priced before the Vitale signed, and is kept after."""
    preparee_le = INSTANT - timedelta(hours=2)
    factures.enregistrer(facture_securisee(), composee_le=preparee_le)
    instants = [e.instant for e in factures.historique("000000001")]
    assert instants == [preparee_le, preparee_le, INSTANT, INSTANT]
    assert factures.lister()[0].cree_le == MAINTENANT


def test_un_numero_ne_sert_qu_une_fois(factures: Factures) -> None:
    factures.enregistrer(facture_securisee())
    assert _refus(factures.enregistrer, facture_securisee(niveau=Niveau.DEGRADEE)) == "FACTURE_EXISTANTE"
    assert factures.charger("000000001").facture.niveau is Niveau.SECURISEE
    assert len(factures.historique("000000001")) == 4


def test_les_signatures_doivent_etre_celles_du_niveau(factures: Factures) -> None:
    sans_vitale = replace(facture_securisee(), signatures=facture_securisee().signatures[1:])
    assert _refus(factures.enregistrer, sans_vitale) == "NIVEAU_INCOHERENT"
    assert factures.compter() == 0


def test_le_resume(factures: Factures) -> None:
    factures.enregistrer(facture_securisee())
    (resume,) = factures.lister()
    assert (resume.numero, resume.etat, resume.mot) == ("000000001", Etat.SIGNEE_PS, "à faire")
    assert resume.libelle == "Signée, à mettre en lot"
    assert (resume.cree_le, resume.date_soins, resume.patient) == (MAINTENANT, JOUR, "DURAND ÉLODIE")
    assert (resume.destinataire, resume.niveau, resume.remplace) == ("01721001", "S", "")
    montants = (resume.total_centimes, resume.amo_centimes, resume.amc_centimes, resume.assure_centimes)
    assert montants == (1000, 650, 0, 350)


def test_lister_et_compter_par_filtre(factures: Factures) -> None:
    for rang, jour in enumerate((JOUR, JOUR + timedelta(1), JOUR + timedelta(2)), start=1):
        factures.enregistrer(_datee(f"{rang:09d}", jour))  # type: ignore[arg-type]
    factures.ajouter_evenement("000000002", "en_lot")

    def numeros(filtre: Filtre) -> str:
        trouves = factures.lister(filtre)
        assert filtre.limite or filtre.decalage or len(trouves) == factures.compter(filtre)
        return "".join(r.numero[-1] for r in trouves)

    assert numeros(Filtre()) == "321"
    assert numeros(Filtre(texte="élodie durand")) == "321"
    assert numeros(Filtre(texte="1801975000001")) == "321"
    assert numeros(Filtre(texte="000000002")) == "2"
    assert numeros(Filtre(texte="durand martin")) == ""
    assert numeros(Filtre(etats=("en_lot",))) == "2"
    assert numeros(Filtre(etats=(Etat.SIGNEE_PS, Etat.PAYEE))) == "31"
    assert numeros(Filtre(depuis=JOUR + timedelta(1))) == "32"
    assert numeros(Filtre(jusqu_a=JOUR + timedelta(1))) == "21"
    assert numeros(Filtre(destinataire="01721001")) == "321"
    assert numeros(Filtre(destinataire="01999001")) == ""
    assert numeros(Filtre(limite=1)) == "3"
    assert numeros(Filtre(limite=1, decalage=1)) == "2"
    assert numeros(Filtre(decalage=2)) == "1"


def test_par_etat(factures: Factures) -> None:
    assert factures.par_etat() == {}
    factures.enregistrer(facture_securisee("000000001"))
    factures.enregistrer(facture_securisee("000000002"))
    factures.ajouter_evenement("000000002", "en_lot", {"lot": "001"})
    assert factures.par_etat() == {Etat.SIGNEE_PS: 1, Etat.EN_LOT: 1}
    assert factures.historique("000000002")[-1].donnees == {"lot": "001"}


def test_un_evenement_interdit_ne_laisse_aucune_trace(factures: Factures) -> None:
    factures.enregistrer(facture_securisee())
    assert _refus(factures.ajouter_evenement, "000000001", "payee") == "TRANSITION_INTERDITE"
    assert len(factures.historique("000000001")) == 4
    assert _refus(factures.ajouter_evenement, "000000009", "en_lot") == "FACTURE_INCONNUE"


def test_une_note_reste_dans_l_histoire(factures: Factures) -> None:
    factures.enregistrer(facture_securisee())
    assert factures.ajouter_evenement("000000001", "duplicata") is Etat.SIGNEE_PS
    assert factures.historique("000000001")[-1].nom == "duplicata"


def _rejeter(factures: Factures, numero: str) -> None:
    for nom in ("en_lot", "transmise", "acquittee", "rejetee"):
        factures.ajouter_evenement(numero, nom)


def test_la_correction_recycle_l_ancienne(factures: Factures) -> None:
    factures.enregistrer(facture_securisee("000000001"))
    _rejeter(factures, "000000001")
    factures.enregistrer(facture_securisee("000000002", remplace="000000001"))
    assert [r.etat for r in factures.lister()] == [Etat.SIGNEE_PS, Etat.RECYCLEE]
    assert factures.historique("000000001")[-1].donnees == {"par": "000000002"}


@pytest.mark.parametrize("ancienne", ["000000001", "000000009"])
def test_on_ne_corrige_que_ce_qui_peut_l_etre(factures: Factures, ancienne: str) -> None:
    """Neither an invoice that is still on its way nor one that does not exist; and nothing is half kept."""
    factures.enregistrer(facture_securisee("000000001"))
    factures.ajouter_evenement("000000001", Etat.EN_LOT)
    correction = facture_securisee("000000002", remplace=ancienne)
    assert _refus(factures.enregistrer, correction) in ("TRANSITION_INTERDITE", "FACTURE_INCONNUE")
    assert (factures.compter(), factures.historique("000000002")) == (1, [])


def test_le_brouillon_part_avec_la_signature(factures: Factures) -> None:
    garde, autre = factures.brouillons.enregistrer("{}"), factures.brouillons.enregistrer("{}")
    factures.enregistrer(facture_securisee(), brouillon=garde)
    assert [b.identifiant for b in factures.brouillons.lister()] == [autre]


def test_un_refus_garde_le_brouillon(factures: Factures) -> None:
    garde = factures.brouillons.enregistrer("{}")
    factures.enregistrer(facture_securisee())
    with pytest.raises(ErreurConnue):
        factures.enregistrer(facture_securisee(), brouillon=garde)
    assert factures.brouillons.lire(garde).contenu == "{}"


def test_brouillons(factures: Factures) -> None:
    premier = factures.brouillons.enregistrer("un")
    assert factures.brouillons.enregistrer("deux", premier) == premier
    lu = factures.brouillons.lire(premier)
    assert (lu.contenu, lu.modifie_le) == ("deux", MAINTENANT)
    factures.brouillons.effacer(premier)
    factures.brouillons.effacer(premier)
    assert _refus(factures.brouillons.lire, premier) == "BROUILLON_INCONNU"


def test_patients(factures: Factures) -> None:
    jumeau = replace(PATIENT, rang=2, prenom="ÉMILIE")
    factures.patients.retenir(PATIENT, INSTANT)
    factures.patients.retenir(jumeau, INSTANT + timedelta(1))
    assert factures.patients.chercher("durand") == [jumeau, PATIENT]
    assert factures.patients.chercher("emi") == [jumeau]
    assert factures.patients.chercher("", limite=1) == [jumeau]
    factures.patients.retenir(replace(PATIENT, caisse="999"), INSTANT + timedelta(2))
    assert [p.caisse for p in factures.patients.chercher("1801975")] == ["999", "721"]


def test_facture_inconnue(factures: Factures) -> None:
    assert _refus(factures.charger, "000000009") == "FACTURE_INCONNUE"
    assert factures.historique("000000009") == []


@pytest.mark.parametrize("colonne", ["empreinte", "numero"])
def test_sqlite_refuse_de_changer_un_document(factures: Factures, colonne: str) -> None:
    factures.enregistrer(facture_securisee())
    with pytest.raises(peewee.IntegrityError, match="immuable"):
        Document.update({colonne: "autre"}).execute()
    with pytest.raises(peewee.IntegrityError, match="immuable"):
        Document.delete().execute()


def test_sqlite_refuse_de_changer_le_contenu(factures: Factures) -> None:
    factures.enregistrer(facture_securisee())
    for changement in (ContenuDocument.update(octets=b"autre"), ContenuDocument.delete()):
        with pytest.raises(peewee.IntegrityError, match="immuable"):
            changement.execute()


def test_un_document_altere_n_est_pas_rendu(factures: Factures, base: Base) -> None:
    factures.enregistrer(facture_securisee())
    base.connexion().execute("DROP TRIGGER contenu_document_fige")
    base.connexion().execute("UPDATE contenu_document SET octets = x'7B7D'")
    assert _refus(factures.charger, "000000001") == "DOCUMENT_ALTERE"


def test_disque_plein_pendant_l_enregistrement(factures: Factures, base: Base) -> None:
    """Document and events together or not at all, on SQLite's own error of a full disk."""
    grosse = facture_securisee()
    grosse = replace(grosse, signatures=tuple(replace(s, valeur=b"x" * 200_000) for s in grosse.signatures))
    pages = base.connexion().execute("PRAGMA page_count").fetchone()[0]
    base.connexion().execute(f"PRAGMA max_page_count = {pages}")
    assert _refus(factures.enregistrer, grosse) == "DISQUE_PLEIN"
    assert (factures.compter(), evenements.verifier_chaine(), factures.historique("000000001")) == (0, None, [])


def test_aucune_donnee_personnelle_dans_les_erreurs_ni_les_journaux(
    factures: Factures, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    factures.enregistrer(facture_securisee())
    factures.patients.retenir(PATIENT, INSTANT)
    textes = [caplog.text]
    for action, arguments in ((factures.enregistrer, [facture_securisee()]), (factures.charger, ["000000009"])):
        with pytest.raises(ErreurConnue) as refus:
            action(*arguments)  # type: ignore[operator]
        textes.append(refus.value.phrase())
    assert not [t for t in textes if "DURAND" in t or "1801975000001" in t]


def test_l_etat_garde_est_celui_que_donnent_les_evenements(factures: Factures) -> None:
    factures.enregistrer(facture_securisee("000000001"))
    factures.enregistrer(facture_securisee("000000002"))
    factures.ajouter_evenement("000000001", "duplicata")
    assert factures.incoherence() is None
    Document.update(etat="payee").where(Document.numero == "000000002").execute()
    assert factures.incoherence() == "000000002"
    evenements.ajouter("000000001", "payee")
    assert factures.incoherence() == "000000001"


def test_une_facture_se_trouve_par_le_jour_de_chacune_de_ses_lignes(factures: Factures) -> None:
    """The line of this example is of 2 March; its invoice says another day of care."""
    veille = JOUR - timedelta(1)
    factures.enregistrer(_datee("000000001", veille))
    assert [r.numero for r in factures.soignees_le(JOUR)] == ["000000001"]
    assert factures.soignees_le(JOUR + timedelta(1)) == []
    factures.enregistrer(facture_securisee("000000002"))
    assert [(r.numero, r.etat) for r in factures.soignees_le(JOUR)] == [
        ("000000001", Etat.SIGNEE_PS), ("000000002", Etat.SIGNEE_PS),
    ]
    factures.ajouter_evenement("000000001", "en_lot")
    assert [r.etat for r in factures.soignees_le(JOUR)] == [Etat.EN_LOT, Etat.SIGNEE_PS]


def test_une_facture_gardee_par_un_autre_depot_est_vue(base: Base, factures: Factures) -> None:
    assert factures.soignees_le(JOUR) == []
    autres = Factures(base)
    autres.enregistrer(facture_securisee())
    assert [r.numero for r in factures.soignees_le(JOUR)] == ["000000001"]


def test_les_soins_de_plus_d_un_an_ne_sont_pas_cherches(factures: Factures) -> None:
    factures.enregistrer(_datee("000000001", JOUR - timedelta(367)))
    assert factures.soignees_le(JOUR) == []


def test_plusieurs_evenements_en_une_fois(factures: Factures) -> None:
    """Each document lives its own, in the order given; one refused, none is kept."""
    for numero in ("000000001", "000000002"):
        factures.enregistrer(facture_securisee(numero))
    factures.ajouter_evenements(
        [("000000001", "en_lot", {}), ("000000002", "en_lot", {}), ("000000001", "payee", {"n": 1})]
    )
    assert factures.par_etat() == {Etat.PAYEE: 1, Etat.EN_LOT: 1}
    assert factures.historique("000000001")[-1].donnees == {"n": 1}
    for numero, nom, code in (("000000002", "composee", "TRANSITION_INTERDITE"), ("7", "payee", "FACTURE_INCONNUE")):
        with pytest.raises(ErreurConnue) as refus:
            factures.ajouter_evenements([("000000002", "payee", {}), (numero, nom, {})])
        assert refus.value.code == code
    assert factures.par_etat() == {Etat.PAYEE: 1, Etat.EN_LOT: 1}
    assert factures.incoherence() is None
