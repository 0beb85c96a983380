"""Returns that are applied and that somebody should look at: another patient, totals that do not add up.

Amounts by hand: 17,50 € of AMO asked for each invoice.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sesam_desktop.base.modeles import Courrier, Document, Evenement, LotDocument, Virement
from sesam_desktop.flux import noemie
from sesam_desktop.flux.enregistrement import assembler
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.noyau.identifiants import cle_nir
from sesam_desktop.teletransmission import application
from sesam_desktop.teletransmission.depot_retours import Courriers
from sesam_desktop.teletransmission.remarques import Citees
from sesam_desktop.teletransmission.tableau import tableau

from .atelier import Atelier
from .retours_composes import accuse, courriel, dernier_lot
from .test_rapprochement import importer, lot_de, vie
from .test_rapprochement_suites import NIR, facture, montants, part, virement

AUTRE = "1801972000002"
ENTETE = noemie.Entete("0576", "00000001000721", "0" * 14, "RETOUR", date(2026, 3, 9))


def assure(nir: str, cle: str = "", **autres: str) -> Any:
    valeurs = {"cle": cle or cle_nir(nir), "date_naissance": "800101", "rang_naissance": "1"} | autres
    return noemie.entite("103", nir_assure=nir, **valeurs)


def du(numero: str, *personnes: Any, **montant: Any) -> tuple[Any, ...]:
    """One invoice of the last lot, in a return."""
    return facture(numero, dernier_lot()), *personnes, part(**montant)


def retour(*corps: Any, **change: dict[str, Any]) -> bytes:
    """`e990` and `e999` replace what those entities say."""
    entites = noemie.fichier(ENTETE, corps)
    return assembler(e.modifier(**change[f"e{e.type}"]) if f"e{e.type}" in change else e for e in entites)


def a_verifier(atelier: Atelier) -> list[str]:
    """Its remarks, with plain spaces."""
    lus = tableau(atelier.base, atelier.factures).a_verifier
    return [lu.motif.replace("\xa0", " ").replace("\u202f", " ") for lu in lus]


def test_un_autre_assure_se_dit_et_la_facture_est_payee(atelier: Atelier) -> None:
    """Number, lot and date are ours, the key of the number is right, but it is somebody else's."""
    autre, notre = lot_de(atelier, 2)
    bilan = importer(atelier, retour(virement(), *du(autre, assure(AUTRE)), *du(notre, assure(NIR))))
    assert (bilan.payees, montants()) == (2, [3500])
    assert vie(atelier, autre) == ["en_lot", "payee", "signalement"]
    assert vie(atelier, notre) == ["en_lot", "payee"]
    assert atelier.factures.historique(autre)[-1].donnees["autre_assure"] is True
    (phrase,) = a_verifier(atelier)
    assert phrase.startswith(f"Ce retour porte un autre numéro d'assuré que le vôtre pour la facture {autre} :")
    assert bilan.remarques == [f"Courrier 1 : {phrase}"]
    assert not any(nir in texte for nir in (AUTRE, NIR) for texte in (phrase, *_journal()))


def _journal() -> list[str]:
    return [e.donnees for e in Evenement.select()]


@pytest.mark.parametrize(
    ("personne", "dite"),
    [
        ({"nir": NIR}, False),
        ({"nir": AUTRE, "nir_individuel": NIR, "cle_individuelle": "15"}, False),  # a child billed under its own number
        ({"nir": NIR, "nir_individuel": AUTRE}, False),
        ({"nir": AUTRE, "nir_individuel": "1801972000003"}, True),
        ({"nir": "0" * 13, "cle": "00"}, False),
    ],
)
def test_qui_est_un_autre_assure(atelier: Atelier, personne: dict[str, str], dite: bool) -> None:
    (numero,) = lot_de(atelier)
    assert bool(importer(atelier, retour(virement(), *du(numero, assure(**personne)))).remarques) is dite


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"e999": {"cumul": 9999}}, "annonce un total de 99,99 €, ce qu'il contient fait 35,00 €"),
        ({"e990": {"cumul": 1750}}, "(ligne 7) annonce 17,50 €, ce qu'il résume fait 35,00 €"),
        ({"e999": {"nombre_enregistrements": 9}}, "annonce 9 enregistrements, il en contient 8"),
        ({"e999": {"nombre_lots": 2}}, "annonce 2 lots, il en contient 0"),
        ({"e999": {"signe": "N"}}, "annonce un total de -35,00 €"),
        ({"e990": {"nombre_entites": 99}}, ""),  # the norm's own count is not public: `flux verifier` tells it
        ({"e999": {"cumul": None}}, ""),         # left blank, it announces nothing
    ],
)
def test_des_totaux_faux_se_disent_et_tout_est_applique(atelier: Atelier, change: dict[str, Any], dit: str) -> None:
    """000, 071, 102, 198, 102, 198, 990, 999: eight entities, 35,00 €."""
    numeros = lot_de(atelier, 2)
    corps = [virement(), *du(numeros[0]), *du(numeros[1])]
    bilan = importer(atelier, retour(*corps, **change))
    assert (bilan.payees, montants()) == (2, [3500])
    assert [dit in phrase for phrase in a_verifier(atelier)] == ([True] if dit else [])
    assert len(bilan.remarques) == bool(dit)


def test_une_remarque_se_classe_et_l_argent_reste(atelier: Atelier) -> None:
    """Only the remark goes: the transfer is still expected from the bank, whatever its courrier holds."""
    lot_de(atelier)
    forfait = noemie.entite("081", code="03"), noemie.entite("261", code="00123", montant=14000)
    importer(atelier, retour(virement(), *forfait, e999={"cumul": 1}))
    assert tableau(atelier.base, atelier.factures).actions == 1
    courriers = Courriers(atelier.base)
    courriers.classer(1, "vu avec la caisse")
    assert (a_verifier(atelier), Courrier.get().etat, Virement.get().montant_centimes) == ([], "lu", 14000)
    dernier = Evenement.select().order_by(Evenement.id.desc()).get()
    assert dernier.nom == "courrier_classe" and "ce qu'il contient fait 140,00" in dernier.donnees
    with pytest.raises(ErreurConnue, match="Rien n'attend"):
        courriers.classer(1, "")


def test_une_remarque_classee_ne_revient_pas_a_la_relecture(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read again, the same remark stays dismissed; what it had not said yet is told."""
    (numero,) = lot_de(atelier)
    importer(atelier, retour(virement(), *du(numero), e999={"cumul": 1}))
    courriers, encore = Courriers(atelier.base), lambda: atelier.rapprochement.appliquer(1).remarques
    assert len(encore()) == len(a_verifier(atelier)) == 1
    assert courriers.classer(1, "vu") == "lu"
    assert (encore(), a_verifier(atelier)) == ([], [])
    autrement = retour(virement(), *du(numero), e999={"cumul": 1, "nombre_lots": 2})
    monkeypatch.setattr(Courriers, "octets", lambda *_: autrement)
    (phrase,) = encore()
    assert "annonce 2 lots" in phrase and "total" not in phrase
    assert len(a_verifier(atelier)) == 1


def test_reprendre_dit_aussi_l_autre_assure(atelier: Atelier) -> None:
    """The invoice came back by a restored backup: what its return says of the patient is told then."""
    (numero,) = lot_de(atelier)
    octets, liens = retour(virement(), *du(numero, assure(AUTRE))), LotDocument.select().dicts().get()
    LotDocument.delete().execute()
    assert importer(atelier, octets).remarques == []
    LotDocument.create(**liens)
    bilan = atelier.rapprochement.rapprocher_de_nouveau()
    assert (bilan.payees, len(bilan.remarques), len(a_verifier(atelier))) == (1, 1, 1)


def test_un_courrier_devenu_illisible_n_arrete_pas_les_autres(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of two unmatched courriers cannot be read any more: it is named, the second one finds its invoice."""
    (numero,) = lot_de(atelier)
    liens = LotDocument.select().dicts().get()
    LotDocument.delete().execute()
    for rang in ("000000777", numero):
        importer(atelier, retour(virement(), *du(rang)))
    LotDocument.create(**liens)
    octets = Courriers.octets
    monkeypatch.setattr(Courriers, "octets", lambda soi, rang: b"000 abime" if rang == 1 else octets(soi, rang))
    bilan = atelier.rapprochement.rapprocher_de_nouveau()
    assert bilan.payees == 1
    (remarque,) = bilan.remarques
    assert remarque.startswith("Courrier 1 : ")
    assert Document.get_by_id(numero).etat == "payee"


@pytest.mark.parametrize("tranche", [1, 2, 3, 2_000])
def test_le_sort_d_un_retour_ne_depend_pas_de_ses_tranches(
    atelier: Atelier, monkeypatch: pytest.MonkeyPatch, tranche: int
) -> None:
    """Paid, taken back and paid again in one file, one invoice unknown, another patient, 6,00 € held back and 140,00 €
    of lump payment: 17,50 + 17,50 + 17,50 - 6,00 + 140,00 = 186,50 €, however it is cut."""
    monkeypatch.setattr(application, "TRANCHE", tranche)
    numero, autre = lot_de(atelier, 2)
    dette = noemie.entite("250", numero_ligne="01", reference_dette="D1", date_dette="260115", nature_dette="IND",
                          montant=600, signe="N", solde_dette=400)  # fmt: skip
    corps = [virement(), *du(numero), *du(numero, paye=-1750), *du(numero), *du("000000777"), *du(autre, assure(AUTRE))]
    corps += [dette, noemie.entite("081", code="03"), noemie.entite("261", code="00123", montant=14000)]
    bilan = importer(atelier, retour(*corps))
    assert (bilan.payees, bilan.anomalies, bilan.non_rapproches) == (3, 1, 1)
    assert (bilan.mouvements, bilan.virements, len(bilan.remarques)) == (2, 1, 1)
    assert montants() == [18650]
    assert vie(atelier, numero) == ["en_lot", "payee", "anomalie", "payee"]
    importer(atelier, courriel("NOEMIE", retour(*corps)))
    assert montants() == [18650]


def test_une_cle_impossible_est_fausse(atelier: Atelier) -> None:
    """A number that no key fits, for it is no number at all."""
    (numero,) = lot_de(atelier)
    bilan = importer(atelier, retour(virement(), *du(numero, assure("18019XX000001", "15"))))
    assert bilan.payees == 1
    assert "La clé du numéro d'assuré est fausse pour la facture" in bilan.remarques[0]


def test_un_arl_n_est_jamais_a_verifier(atelier: Atelier) -> None:
    lot_de(atelier)
    assert importer(atelier, accuse(dernier_lot())).remarques == []
    assert a_verifier(atelier) == []


@pytest.mark.parametrize(
    ("nombre", "dit"),
    [(1, "la facture 1"), (2, "les factures 1, 2"), (6, "les factures 1, 2, 3, 4, 5 et 1 autre"),
     (7, "les factures 1, 2, 3, 4, 5 et 2 autres")],
)  # fmt: skip
def test_les_premieres_sont_nommees(nombre: int, dit: str) -> None:
    citees = Citees()
    for numero in range(1, nombre + 1):
        citees.ajouter(str(numero))
    assert str(citees) == dit
