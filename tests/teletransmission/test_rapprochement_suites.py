"""Payments that come back, come twice, come apart, or name nothing of ours. Amounts by hand: 17,50 € of AMO asked."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sesam_desktop.base import evenements
from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import (
    ContenuDocument,
    Courrier,
    Document,
    Evenement,
    LibelleAppris,
    Lot,
    LotDocument,
    Mouvement,
    Reglement,
    Retour,
    Virement,
)
from sesam_desktop.factures.cycle import etat_de
from sesam_desktop.factures.depot import Factures
from sesam_desktop.flux import noemie
from sesam_desktop.teletransmission import application
from sesam_desktop.teletransmission.bilan import Bilan, BilanRetours
from sesam_desktop.teletransmission.depot import Lots
from sesam_desktop.teletransmission.depot_retours import Courriers, Retours
from sesam_desktop.teletransmission.placement import Placement
from sesam_desktop.teletransmission.rapprochement import Rapprochement

from .atelier import Atelier
from .fabrique import lot, securisee
from .retours_composes import courriel, dernier_lot, paiement
from .test_rapprochement import importer, lot_de, vie

NIR = "1801972000001"
EXEMPLES = int(os.environ.get("SUITES_DE_RETOURS", "25"))
A_NOUS, A_UN_AUTRE = "00000721001006", "00000722000015"


def etat(numero: str = "000000001") -> str:
    return Document.get_by_id(numero).etat


def montants() -> list[int]:
    return [v.montant_centimes for v in Virement.select().order_by(Virement.id)]


def retour(*corps: Any, destinataire: str = "0" * 14) -> bytes:
    return noemie.composer(noemie.Entete("0576", "00000001000721", destinataire, "RETOUR", date(2026, 3, 9)), corps)


def virement(jour: str = "260309", **autres: str) -> Any:
    return noemie.entite("071", date_comptable=jour, libelle_virement_1="CPAM 72", **autres)


def facture(numero: str = "000000001", du_lot: Lot | None = None, **autres: Any) -> Any:
    cle = {"numero_lot": du_lot.numero, "date_lot": date_lot(du_lot)} if du_lot else {}
    return noemie.entite("102", numero_facture=numero, **{"type_facture": "F", **cle, **autres})


def date_lot(du_lot: Lot) -> str:
    return date.fromisoformat(du_lot.date_constitution).strftime("%y%m%d")


def part(code: str = "198", paye: int = 1750, dit: str = "P", demande: int = 1750, **autres: str) -> Any:
    signe = "N" if paye < 0 else "P"
    return noemie.entite(code, montant_demande=demande, etat=dit, montant_paye=abs(paye), signe=signe, **autres)


def assure(nir: str = NIR) -> Any:
    return noemie.entite("103", nir_assure=nir, cle="15", date_naissance="800101", rang_naissance="1")


def test_payee_puis_reprise_puis_repayee(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    for rang, paye in enumerate((1750, -1750, 1750)):
        importer(atelier, paiement(dernier_lot(), [{"numero": numero, "paye": paye}], date(2026, 3, 9 + rang)))
    assert vie(atelier, numero) == ["en_lot", "payee", "anomalie", "payee"]
    assert montants() == [1750, -1750, 1750]
    assert atelier.factures.historique(numero)[-2].donnees["regle_amo_centimes"] == 0


def test_regularisation_du_meme_jour_dans_le_meme_retour(atelier: Atelier) -> None:
    """Paid, taken back and paid again in one transfer: the third line is no repetition of the first."""
    (numero,) = lot_de(atelier)
    lignes = [{"numero": numero, "paye": paye} for paye in (1750, -1750, 1750)]
    octets = paiement(dernier_lot(), lignes)
    assert importer(atelier, octets).payees == 2
    assert (etat(), montants(), Reglement.select().count()) == ("payee", [1750], 3)
    assert importer(atelier, courriel("NOEMIE", octets)) == BilanRetours(recus=1, noemie=1)
    assert Reglement.select().count() == 3


def test_reprise_avec_son_rejet(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": numero}]))
    reprise = {"numero": numero, "etat": "R", "paye": -1750, "motif": ("0450", "DROITS FERMES")}
    importer(atelier, paiement(dernier_lot(), [reprise], date(2026, 3, 20)))
    assert vie(atelier, numero) == ["en_lot", "payee", "rejetee"]


def test_rejetee_puis_payee(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": numero, "etat": "R", "paye": 0}]))
    importer(atelier, paiement(dernier_lot(), [{"numero": numero}], date(2026, 3, 20)))
    assert vie(atelier, numero) == ["en_lot", "rejetee", "payee"]


def test_payee_deux_fois_se_voit(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    for jour in (9, 16):
        importer(atelier, paiement(dernier_lot(), [{"numero": numero}], date(2026, 3, jour)))
    assert vie(atelier, numero) == ["en_lot", "payee", "anomalie"]


@pytest.mark.parametrize(
    ("retenu", "vecu"),
    [
        (250, ["en_lot", "anomalie", "payee"]),
        (249, ["en_lot", "anomalie", "signalement"]),  # one centime short: somebody must look at it
    ],
)
def test_un_trop_percu_retenu_ensuite_est_solde(atelier: Atelier, retenu: int, vecu: list[str]) -> None:
    """20,00 € paid for 17,50 € asked; then a return that names the invoice holds 2,50 € back."""
    (numero,) = lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": numero, "paye": 2000}]))
    dette = noemie.entite("250", numero_ligne="01", reference_dette="D1", date_dette="260315", nature_dette="IND",
                          montant=retenu, signe="N", solde_dette=0)  # fmt: skip
    octets = retour(virement("260320"), facture(numero, dernier_lot()), dette)
    importer(atelier, octets)
    assert vie(atelier, numero) == vecu
    assert Mouvement.get().document == numero
    donnees = atelier.factures.historique(numero)[-1].donnees
    assert (donnees.get("retenu_centimes"), donnees["regle_amo_centimes"]) == (250 if retenu == 250 else None, 2000)
    importer(atelier, courriel("NOEMIE", octets))
    assert vie(atelier, numero) == vecu
    assert montants() == [2000, -retenu]


def test_un_trop_percu_retenu_dans_le_meme_retour(atelier: Atelier) -> None:
    """20,00 € paid and 2,50 € held back at once; then 2,50 € more than asked are paid again."""
    (numero,) = lot_de(atelier)
    dette = noemie.entite("250", numero_ligne="01", reference_dette="D1", date_dette="260315", nature_dette="IND",
                          montant=250, signe="N", solde_dette=0)  # fmt: skip
    importer(atelier, retour(virement(), facture(numero, dernier_lot()), part(paye=2000), dette))
    assert (vie(atelier, numero), montants()) == (["en_lot", "payee"], [1750])
    importer(atelier, paiement(dernier_lot(), [{"numero": numero, "paye": 250}], date(2026, 3, 20)))
    assert vie(atelier, numero) == ["en_lot", "payee", "anomalie"]


def test_une_facture_refaite_ne_revient_pas(atelier: Atelier) -> None:
    """Its rejection was corrected by another invoice; a payment of the old one is kept, as a note and as money."""
    (numero,) = lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": numero, "etat": "R", "paye": 0}]))
    atelier.factures.ajouter_evenement(numero, "recyclee", {"par": "000000002"})
    importer(atelier, paiement(dernier_lot(), [{"numero": numero}], date(2026, 3, 20)))
    assert vie(atelier, numero)[-2:] == ["recyclee", "signalement"]
    assert montants() == [1750]


def test_forme_courte(atelier: Atelier) -> None:
    """080 then 100: the lot is the one opened before."""
    (numero,) = lot_de(atelier)
    du_lot = dernier_lot()
    ouverture = noemie.entite("080", date_lot=date_lot(du_lot), numero_lot=du_lot.numero)
    courte = noemie.entite("100", numero_facture=numero)
    assert importer(atelier, retour(virement(), ouverture, courte, part())).payees == 1


@pytest.mark.parametrize(("nir", "payees"), [(NIR, 1), ("1801972000002", 0), ("", 0)])
def test_sans_lot_la_facture_est_celle_de_son_assure(atelier: Atelier, nir: str, payees: int) -> None:
    lot_de(atelier)
    corps = [virement(), noemie.entite("081", code="04"), facture(type_facture="E"), part()]
    corps[3:3] = [assure(nir)] if nir else []
    bilan = importer(atelier, retour(*corps))
    assert (bilan.payees, bilan.non_rapproches) == (payees, 1 - payees)


def test_facture_papier_jamais_mise_en_lot(atelier: Atelier) -> None:
    """Its payment is kept as money and as a note: no event says that it had left."""
    numero = atelier.signer().facture.numero
    corps = (virement(), noemie.entite("081", code="02"), facture(numero, type_facture="P"), assure(), part())
    assert importer(atelier, retour(*corps)).non_rapproches == 0
    assert vie(atelier, numero) == ["signalement"]
    (lu,) = Retour.select()
    assert (lu.document, lu.lot) == (numero, None)
    assert Retours().non_rapproches() == []


def test_demande_a_la_complementaire(atelier: Atelier) -> None:
    """The DRE 000000002 asks for the AMC part of invoice 000000001; the AMC's return names either of them."""
    lot_de(atelier, 2)
    du_lot = dernier_lot()
    demande = {"genre": "DRE", "liee": "000000001", "amo_centimes": 0, "amc_centimes": 750}
    Document.update(**demande).where(Document.numero == "000000002").execute()
    LotDocument.delete().where(LotDocument.document == "000000001").execute()
    propre = facture("000000002", du_lot, type_facture="D"), part("199", 750, demande=750)
    assert importer(atelier, retour(virement("260309"), *propre)).payees == 1
    par_facture = facture("000000001", du_lot, type_facture="D"), part("199", -750, demande=750)
    assert importer(atelier, retour(virement("260310"), *par_facture)).anomalies == 1
    assert [(r.document, r.part, r.paye_centimes) for r in Reglement.select()] == [
        ("000000002", "AMC", 750), ("000000002", "AMC", -750),
    ]


def test_la_part_amc_facturee_a_part_n_est_pas_attendue(atelier: Atelier) -> None:
    """Gestion séparée: 17,50 € paid by the fund is all that this invoice asks."""
    (numero,) = lot_de(atelier)
    texte = Document.get().contenu.decode()
    assert '"amc":null' in texte and '"amc":false' in texte
    separe = texte.replace('"amc":null', '"amc":{"gestion":"separee"}', 1).replace('"amc":false', '"amc":true', 1)
    atelier.base.connexion().execute("DROP TRIGGER contenu_document_fige")
    ContenuDocument.update(octets=separe.encode()).execute()
    Document.update(amc_centimes=750).execute()
    importer(atelier, paiement(dernier_lot(), [{"numero": numero}]))
    assert vie(atelier, numero) == ["en_lot", "payee"]


def test_virements_distincts(atelier: Atelier) -> None:
    """102 marked V: the AMC pays its part by a transfer of its own."""
    lot_de(atelier)
    Document.update(amc_centimes=750).execute()
    parts = part(), part("199", 750, demande=750, numero_amc="0099999997")
    assert importer(atelier, retour(virement(), facture(du_lot=dernier_lot(), traitement_amc="V"), *parts)).payees == 1
    assert [(v.organisme, v.montant_centimes) for v in Virement.select()] == [
        ("00000001000721", 1750), ("0099999997", 750),
    ]


def test_image_decompte_se_lit(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    Document.update(amc_centimes=750).execute()
    importer(atelier, retour(virement(), facture(du_lot=dernier_lot(), traitement_amc="N"), part()))
    assert etat(numero) == "payee_partiellement"
    assert Retours().du_lot(dernier_lot().id)[0].donnees["traitement_amc"] == "N"


def test_deux_journees_deux_virements(atelier: Atelier) -> None:
    lot_de(atelier, 3)
    du_lot = dernier_lot()
    corps = [virement("260309"), facture("000000001", du_lot), part(), facture("000000002", du_lot), part()]
    corps += [virement("260310"), facture("000000003", du_lot), part()]
    assert importer(atelier, retour(*corps)).virements == 2
    assert montants() == [3500, 1750]


def test_argent_avant_toute_journee(atelier: Atelier) -> None:
    lot_de(atelier)
    importer(atelier, retour(facture(du_lot=dernier_lot()), part()))
    (vu,) = Virement.select()
    assert (vu.date, vu.rang, vu.montant_centimes, etat()) == ("", -1, 1750, "payee")


def test_libelles_appris(atelier: Atelier) -> None:
    numeros = lot_de(atelier, 2)
    rejets = [{"numero": n, "etat": "R", "paye": 0, "motif": ("0450", "DROITS FERMES")} for n in numeros]
    octets = paiement(dernier_lot(), rejets)
    importer(atelier, octets)
    importer(atelier, courriel("NOEMIE", octets))
    (appris,) = LibelleAppris.select()
    assert (appris.code, appris.libelle, appris.nombre) == ("0450", "DROITS FERMES", 2)


def test_retenues_identiques_deux_retours(atelier: Atelier) -> None:
    """The same retention in another file is the same one; twice in one file, they are two."""
    dette = noemie.entite("250", numero_ligne="01", reference_dette="D1", date_dette="260115", nature_dette="APR",
                          montant=600, signe="N")  # fmt: skip
    octets = retour(virement(), dette, dette)
    assert importer(atelier, octets).mouvements == 2
    assert importer(atelier, courriel("NOEMIE", octets)) == BilanRetours(recus=1, noemie=1)
    assert (montants(), Virement.get().etat) == ([-1200], "sans_versement")
    assert {m.genre for m in Mouvement.select()} == {"retenue"}


@pytest.mark.parametrize("tranche", [1, 2_000])
def test_une_retenue_designe_notre_facture(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch, tranche: int
) -> None:
    """The fund knows invoice 000000002 as 000000001, the one it replaces; a number that is not ours names nothing."""
    monkeypatch.setattr(application, "TRANCHE", tranche)
    lot_de(atelier, 3)
    du_lot = dernier_lot()
    LotDocument.delete().where(LotDocument.document != "000000002").execute()
    Document.update(numero_flux="000000001").where(Document.numero == "000000002").execute()

    def dette(reference: str) -> Any:
        return noemie.entite("250", numero_ligne="01", reference_dette=reference, date_dette="260115",
                             nature_dette="IND", montant=600, signe="N")  # fmt: skip

    premier = virement(), facture("000000001", du_lot), part(), dette("D1")
    importer(atelier, retour(*premier, facture("000000003", du_lot), part(), dette("D2")))
    importer(atelier, retour(*premier, dette("D3")))
    assert [(m.reference, m.document) for m in Mouvement.select()] == [
        ("D1", "000000002"), ("D2", ""), ("D3", "000000002"),
    ]


def test_l_argent_d_un_confrere_n_est_pas_le_notre(atelier: Atelier) -> None:
    """Each workstation has an invoice 000000001 in a lot 001."""
    lot_de(atelier)
    corps = (virement(), facture(du_lot=dernier_lot()), part())
    bilan = importer(atelier, retour(*corps, destinataire=A_UN_AUTRE))
    assert (bilan.non_rapproches, bilan.virements) == (1, 0)
    assert (Virement.select().count(), Reglement.select().count(), etat()) == (0, 0, "en_lot")
    assert importer(atelier, retour(*corps, destinataire=A_NOUS)).payees == 1
    assert len(Retours().non_rapproches()) == 1


def test_la_retenue_d_un_confrere_se_voit_sans_compter(atelier: Atelier) -> None:
    """A return without any invoice, addressed to another professional: nothing to match, but nobody misses it."""
    lot_de(atelier)
    dette = noemie.entite("250", numero_ligne="01", reference_dette="D1", date_dette="260115", nature_dette="IND",
                          montant=600, signe="N")  # fmt: skip
    octets = retour(virement(), dette, destinataire=A_UN_AUTRE)
    bilan = importer(atelier, octets)
    assert (bilan.non_rapproches, bilan.mouvements, bilan.virements) == (1, 0, 0)
    assert (Mouvement.select().count(), len(Retours().non_rapproches())) == (0, 1)
    importer(atelier, courriel("NOEMIE", octets))
    assert len(Retours().non_rapproches()) == 1


def test_reprendre_ne_touche_pas_ce_qui_a_trouve_sa_facture(atelier: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a return is ours; tried again years later, when its professional left, its money is still there."""
    (numero,) = lot_de(atelier)
    corps = facture(numero, dernier_lot()), part(), facture("000000777", dernier_lot()), part()
    importer(atelier, retour(virement(), *corps, destinataire=A_NOUS))
    monkeypatch.setattr(Placement, "etranger", lambda _: True)
    assert atelier.rapprochement.rapprocher_de_nouveau().non_rapproches == 1
    assert (montants(), etat(numero)) == ([3500], "payee")


def test_une_facture_inconnue_compte_dans_son_virement(atelier: Atelier) -> None:
    """What the bank receives does not depend on what we recognise."""
    lot_de(atelier)
    du_lot = dernier_lot()
    corps = virement(), facture("000000001", du_lot), part(), facture("000000777", du_lot), part()
    assert importer(atelier, retour(*corps)).non_rapproches == 1
    assert montants() == [3500]


def test_rapprocher_de_nouveau_apres_une_restauration(atelier: Atelier) -> None:
    """The return came before the invoices were back: it waits, then finds them. Nothing is counted twice."""
    numeros = lot_de(atelier, 2)
    du_lot = dernier_lot()
    octets = paiement(du_lot, [{"numero": n} for n in numeros])
    liens = [(li.lot_id, li.document_id, li.rang) for li in LotDocument.select()]
    LotDocument.delete().execute()
    assert importer(atelier, octets).non_rapproches == 2
    assert atelier.rapprochement.rapprocher_de_nouveau() == Bilan(noemie=1, non_rapproches=2)
    for lot_id, document, rang in liens:
        LotDocument.create(lot=lot_id, document=document, rang=rang)
    bilan = atelier.rapprochement.rapprocher_de_nouveau()
    assert (bilan.payees, bilan.non_rapproches) == (2, 0)
    assert (montants(), Reglement.select().count(), Retour.select().count()) == ([3500], 2, 2)
    assert Retours().non_rapproches() == []
    assert atelier.rapprochement.rapprocher_de_nouveau() == Bilan()
    assert {etat(n) for n in numeros} == {"payee"}


def test_un_courrier_classe_n_est_pas_repris(atelier: Atelier) -> None:
    lot_de(atelier)
    importer(atelier, paiement(dernier_lot(), [{"numero": "000000777"}]))
    Courriers(atelier.base).classer(1, "")
    assert atelier.rapprochement.rapprocher_de_nouveau() == Bilan()


reponses = st.sampled_from([("P", 1750), ("P", -1750), ("P", 1000), ("P", 750), ("R", 0), ("D", 0), ("", 0)])
courriers = st.lists(
    st.tuples(st.integers(0, 6), st.lists(st.tuples(st.integers(1, 3), reponses), min_size=1, max_size=4)), max_size=8
)


@settings(max_examples=EXEMPLES, deadline=None)
@given(suite=courriers, donnees=st.data())
def test_quel_que_soit_l_ordre_des_retours(
    tmp_path_factory: pytest.TempPathFactory, suite: list[Any], donnees: st.DataObject
) -> None:
    """Returns of any kind, some of them brought twice, in any order: the money kept is what they say, each transfer is
    the sum of its parts, and the state of an invoice is the one its net amount gives."""
    with Base(tmp_path_factory.mktemp("poste") / "sesam.db") as base:
        factures, numeros = Factures(base), ["000000001", "000000002"]
        for numero in numeros:
            factures.enregistrer(securisee(numero))
        with base.transaction():
            Lots(base).inserer(lot(tuple(numeros)), "2026-03-02T18:00:00.000000+00:00")
            factures.faire_avancer(numeros, "en_lot")
        rapprochement = Rapprochement(base, factures)
        for octets in donnees.draw(st.permutations([_fichier(dernier_lot(), jour, dits) for jour, dits in suite])):
            for _ in range(1 + donnees.draw(st.booleans())):
                rang = Courrier.select().count()
                recu = Courrier.create(empreinte=f"{rang:064d}", octets=octets, recu_le="2026-03-20", etat="a_lire")
                rapprochement.appliquer(recu.id)
        _verifier(numeros, _attendus(suite))
        assert evenements.verifier_chaine() is None
        assert factures.incoherence() is None


def _fichier(du_lot: Lot, jour: int, dits: list[tuple[int, tuple[str, int]]]) -> bytes:
    lignes = [{"numero": f"{n:09d}", "etat": etat, "paye": paye} for n, (etat, paye) in dits]
    return paiement(du_lot, lignes, date(2026, 3, 9) + timedelta(jour))


def _attendus(suite: list[Any]) -> dict[int, list[tuple[str, int]]]:
    """What is said of each invoice: the same words of the same day in two files are said once."""
    dits: Counter[tuple[int, int, str, int]] = Counter()
    for jour, lignes in suite:
        for cle, nombre in Counter((jour, n, etat, paye) for n, (etat, paye) in lignes).items():
            dits[cle] = max(dits[cle], nombre)
    attendus: dict[int, list[tuple[str, int]]] = {}
    for (_, n, etat_dit, paye), nombre in dits.items():
        attendus.setdefault(n, []).extend([(etat_dit, paye)] * nombre)
    return attendus


def _verifier(numeros: list[str], attendus: dict[int, list[tuple[str, int]]]) -> None:
    for rang, numero in enumerate(numeros, 1):
        dits = attendus.get(rang, [])
        regles = [r.paye_centimes for r in Reglement.select().where(Reglement.document == numero)]
        assert sum(regles) == sum(paye for _, paye in dits)
        vecus = [e.nom for e in Evenement.select().where(Evenement.document == numero).order_by(Evenement.id)]
        assert etat(numero) == etat_de(vecus) == _etat_attendu(dits)
    inconnus = attendus.get(3, [])
    assert sum(montants()) == sum(paye for dits in attendus.values() for _, paye in dits)
    assert Retour.select().where(Retour.document == "").count() == len(inconnus)
    for vu in Virement.select():
        assert vu.montant_centimes == sum(r.paye_centimes for r in vu.reglements)


def _etat_attendu(dits: list[tuple[str, int]]) -> str:
    """By hand: money first, then the worst that was said."""
    net, etats = sum(paye for _, paye in dits), {etat for etat, _ in dits}
    if net == 1750:
        return "payee"
    if net:
        return "anomalie"
    if "R" in etats:
        return "rejetee"
    return "anomalie" if "P" in etats else "en_lot"


def test_courrier_garde_meme_repete(atelier: Atelier) -> None:
    (numero,) = lot_de(atelier)
    octets = paiement(dernier_lot(), [{"numero": numero}])
    for _ in range(3):
        importer(atelier, octets)
    assert (Courrier.select().count(), Reglement.select().count()) == (1, 1)


def test_la_demande_passe_avant_sa_facture(atelier: Atelier) -> None:
    """Both left in a lot of the same number and date: a return of type D that names the invoice speaks of the DRE."""
    lot_de(atelier, 2)
    demande = {"genre": "DRE", "liee": "000000001", "amo_centimes": 0, "amc_centimes": 750}
    Document.update(**demande).where(Document.numero == "000000002").execute()
    corps = facture("000000001", dernier_lot(), type_facture="D"), part("199", 750, demande=750)
    assert importer(atelier, retour(virement(), *corps)).payees == 1
    assert (etat("000000001"), etat("000000002")) == ("en_lot", "payee")
