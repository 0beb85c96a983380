"""What the frontal remembers: one transaction a message, duplicates found again, answers given again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.frontal.recus import Arrivee, Conclusion, Envoi, FactureRecue, LotRecu
from sesam_desktop.frontal.registre import Registre
from sesam_desktop.noyau.erreurs import ErreurConnue

from .outils import message

FACTURES = (FactureRecue("000000001", 1000, 650, 100), FactureRecue("000000002", 500, 500, 0))
LOT = LotRecu("FSE", "01", "422", "990000003", "001", "261122", "e" * 64, factures=FACTURES)


@pytest.fixture
def registre(tmp_path: Path) -> Iterator[Registre]:
    ouvert = Registre(tmp_path / "frontal.db")
    yield ouvert
    ouvert.fermer()


def _recevoir(registre: Registre, identifiant: str = "<1@test.invalid>", corps: str = "un") -> Arrivee:
    registre.recevoir(message(identifiant, corps), identifiant, "poste@test.invalid", "01422@422.01.rss.fr")
    arrivee = registre.suivante()
    assert arrivee is not None
    return arrivee


def test_un_message_conclu_garde_lot_factures_et_reponses(registre: Registre) -> None:
    arrivee = _recevoir(registre)
    registre.conclure(arrivee, Conclusion("traite", lot=LOT, reponses=(Envoi(b"a\r\n"), Envoi(b"b\r\n"))))
    assert registre.lots() == [LOT]
    assert registre.suivante() is None
    assert registre.lot_identique(LOT) == arrivee.numero
    assert registre.lot_deja_accepte(replace(LOT, empreinte="f" * 64))
    assert registre.facture_deja_acceptee("990000003", ["000000009", "000000002"]) == "000000002"
    assert registre.facture_deja_acceptee("990000011", ["000000002"]) == ""
    assert [registre.courrier(c.numero) for c in registre.courriers()] == [b"a\r\n", b"b\r\n"]


def test_un_lot_refuse_ne_bloque_ni_son_numero_ni_ses_factures(registre: Registre) -> None:
    registre.conclure(_recevoir(registre), Conclusion("traite", lot=replace(LOT, verdict="SIG")))
    assert not registre.lot_deja_accepte(LOT)
    assert registre.facture_deja_acceptee("990000003", ["000000001"]) == ""
    assert registre.lot_identique(LOT) == 0


def test_une_facture_rejetee_revient_sous_son_numero(registre: Registre) -> None:
    """Rejected, then accepted, then rejected again: only the last word counts, and it was received all along."""
    numeros, rejetees = ["000000001"], tuple(replace(f, rejetee=True) for f in LOT.factures)
    for rang, (factures, tenue) in enumerate([(rejetees, ""), (LOT.factures, "000000001"), (rejetees, "")]):
        lot = replace(LOT, numero=f"{rang:03d}", factures=factures)
        registre.conclure(_recevoir(registre, f"<{rang}@test.invalid>"), Conclusion("traite", lot=lot))
        assert registre.facture_tenue("990000003", numeros) == tenue
        assert registre.facture_deja_acceptee("990000003", numeros) == "000000001"
    assert registre.lots()[0].factures == rejetees


def test_conclure_deux_fois_n_ecrit_qu_une_fois(registre: Registre) -> None:
    arrivee = _recevoir(registre)
    for _ in range(2):
        registre.conclure(arrivee, Conclusion("traite", lot=LOT, reponses=(Envoi(b"a\r\n"),)))
    assert len(registre.lots()) == 1
    assert len(registre.courriers()) == 1


def test_une_conclusion_impossible_n_ecrit_rien(registre: Registre) -> None:
    registre.conclure(_recevoir(registre), Conclusion("traite", lot=LOT))
    autre = _recevoir(registre, "<2@test.invalid>", "deux")
    with pytest.raises(sqlite3.IntegrityError):
        registre.conclure(autre, Conclusion("traite", lot=replace(LOT, empreinte="f" * 64), reponses=(Envoi(b"a"),)))
    assert registre.compter("a_traiter") == 1
    assert len(registre.lots()) == 1
    assert registre.courriers() == []


def test_un_doublon_redonne_les_memes_reponses(registre: Registre) -> None:
    premier = _recevoir(registre)
    registre.conclure(premier, Conclusion("traite", lot=LOT, reponses=(Envoi(b"a\r\n"), Envoi(b"b\r\n", delai_s=3600))))
    registre.retirer_courriers([courrier.numero for courrier in registre.courriers()])
    second = _recevoir(registre)
    assert registre.message_identique(second) == premier.numero
    registre.conclure(second, Conclusion("doublon", original=premier.numero))
    assert [registre.courrier(c.numero) for c in registre.courriers()] == [b"a\r\n", b"b\r\n"]
    assert registre.compter("doublon") == 1
    assert len(registre.lots()) == 1


def test_meme_identifiant_et_autre_corps_n_est_pas_un_doublon(registre: Registre) -> None:
    registre.conclure(_recevoir(registre), Conclusion("traite", lot=LOT))
    assert registre.message_identique(_recevoir(registre, corps="autre")) == 0


def test_des_entetes_ajoutes_en_route_ne_changent_pas_l_identite(registre: Registre) -> None:
    premier = _recevoir(registre)
    registre.conclure(premier, Conclusion("traite", lot=LOT))
    relaye = b"Received: from relais.invalid\r\n" + message("<1@test.invalid>", "un")
    registre.recevoir(relaye, "<1@test.invalid>", "poste@test.invalid", "01422@422.01.rss.fr")
    second = registre.suivante()
    assert second is not None
    assert registre.message_identique(second) == premier.numero


def test_un_envoi_differe_n_est_pas_encore_visible(registre: Registre) -> None:
    registre.conclure(_recevoir(registre), Conclusion("traite", reponses=(Envoi(b"a\r\n"), Envoi(b"b\r\n", 3600))))
    assert len(registre.courriers()) == 1


def test_la_quarantaine_garde_message_et_motif(registre: Registre) -> None:
    registre.conclure(_recevoir(registre), Conclusion("quarantaine", motif="ENT illisible"))
    (mis_de_cote,) = registre.mis_de_cote()
    assert (mis_de_cote.message_id, mis_de_cote.motif) == ("<1@test.invalid>", "ENT illisible")
    assert mis_de_cote.octets == message("<1@test.invalid>", "un")


def test_tout_est_relu_d_un_autre_objet(tmp_path: Path) -> None:
    premier = Registre(tmp_path / "frontal.db")
    premier.conclure(_recevoir(premier), Conclusion("traite", lot=LOT, reponses=(Envoi(b"a\r\n"),)))
    _recevoir(premier, "<2@test.invalid>", "deux")
    premier.fermer()
    second = Registre(tmp_path / "frontal.db")
    assert second.lots() == [LOT]
    assert second.compter("a_traiter") == 1
    assert len(second.courriers()) == 1
    second.fermer()


def test_un_dossier_inutilisable_se_dit(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(ErreurConnue):
        Registre(tmp_path / "fichier" / "frontal.db")
    (tmp_path / "frontal.db").write_bytes(b"pas une base" * 100)
    with pytest.raises(ErreurConnue) as refus:
        Registre(tmp_path / "frontal.db")
    assert refus.value.code == "BASE_ABIMEE"
