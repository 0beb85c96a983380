"""Bank lines beside the payments announced: what is put together, what is left to somebody, what is undone."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.base.connexion import Base
from sesam_desktop.base.modeles import Courrier, LigneBancaire, Mouvement, Pointage, Virement
from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.teletransmission.banque import Banque, BilanReleve
from sesam_desktop.teletransmission.depot_banque import LigneVue
from sesam_desktop.teletransmission.depot_comptes import DepotComptes
from sesam_desktop.teletransmission.depot_rapprochement import DepotRapprochement
from sesam_desktop.teletransmission.pointage import Annonce, Credit, Groupe, pointer
from sesam_desktop.teletransmission.reglages_comptes import payeurs, reglages

MARS_9 = date(2026, 3, 9)
CPAM, MSA = "00000001000721", "00000002000722"
_rangs = itertools.count(1)


@pytest.fixture
def banque(base: Base) -> Banque:
    return Banque(base)


def annoncer(montant: int, jour: date = MARS_9, libelle: str = "CPAM SARTHE", organisme: str = CPAM) -> int:
    """One payment that a return announced."""
    rang = next(_rangs)
    courrier = Courrier.create(empreinte=f"{rang:064d}", octets=b"", recu_le="2026-03-20T08:00:00", etat="lu")
    return Virement.create(
        courrier=courrier, date=jour.isoformat(), libelle=libelle, organisme=organisme, montant_centimes=montant,
        etat="attendu", rang=0,
    ).id


def releve(banque: Banque, tmp_path: Path, *lignes: tuple[date, str, str]) -> BilanReleve:
    chemin = tmp_path / "releve.csv"
    corps = "".join(f"{jour:%d/%m/%Y};{libelle};{montant}\n" for jour, libelle, montant in lignes)
    chemin.write_text(f"Date;Libellé;Montant\n{corps}", encoding="utf-8")
    return banque.importer(chemin)


def etats() -> list[str]:
    return [v.etat for v in Virement.select().order_by(Virement.id)]


def test_une_ligne_un_virement(banque: Banque, tmp_path: Path) -> None:
    virement = annoncer(16900)
    bilan = releve(banque, tmp_path, (MARS_9 + timedelta(2), "VIR SEPA CPAM SARTHE", "169,00"), (MARS_9, "CB", "-3,00"))
    assert bilan == BilanReleve(lignes=2, nouvelles=1, debits=1, rapprochees=1, ambigues=0)
    (ligne,) = banque.lignes()
    assert ligne == LigneVue(1, date(2026, 3, 11), "VIR SEPA CPAM SARTHE", 16900, "rapprochee", (virement,), 0)
    assert etats() == ["recu"]


def test_le_meme_releve_deux_fois(banque: Banque, tmp_path: Path) -> None:
    lignes = [(MARS_9, "VIR CPAM", "10,00"), (MARS_9, "VIR CPAM", "10,00"), (MARS_9, "VIR MSA", "10,00")]
    assert releve(banque, tmp_path, *lignes).nouvelles == 3
    assert releve(banque, tmp_path, *lignes).nouvelles == 0
    assert releve(banque, tmp_path, *lignes, (MARS_9, "VIR CPAM", "10,00")).nouvelles == 1


def test_un_releve_illisible_n_importe_rien(banque: Banque, tmp_path: Path) -> None:
    with pytest.raises(ErreurConnue) as refus:
        releve(banque, tmp_path, (MARS_9, "VIR CPAM", "10,00"), (MARS_9, "VIR CPAM", "dix"))
    assert refus.value.code == "RELEVE_ILLISIBLE"
    assert banque.lignes() == []
    with pytest.raises(ErreurConnue) as refus:
        banque.importer(tmp_path / "absent.csv")
    assert refus.value.code == "FICHIER_ABSENT"


@pytest.mark.parametrize(
    ("jour", "libelle", "montant"),
    [
        (MARS_9 - timedelta(3), "VIR CPAM SARTHE", "169,00"),
        (MARS_9 + timedelta(11), "VIR CPAM SARTHE", "169,00"),
        (MARS_9, "VIR CPAM SARTHE", "169,01"),
        (MARS_9, "VIREMENT M DURAND", "169,00"),
    ],
)
def test_ce_qui_n_est_pas_le_virement(banque: Banque, tmp_path: Path, jour: date, libelle: str, montant: str) -> None:
    annoncer(16900, libelle="VIREMENT")
    assert releve(banque, tmp_path, (jour, libelle, montant)).rapprochees == 0
    assert etats() == ["attendu"]


def test_une_ligne_groupe_deux_virements(banque: Banque, tmp_path: Path) -> None:
    """100,00 + 69,00 = 169,00; the MSA's 69,00 is another fund's."""
    premiers = annoncer(10000), annoncer(6900)
    annoncer(6900, libelle="MSA MAYENNE", organisme=MSA)
    assert releve(banque, tmp_path, (MARS_9, "VIR CPAM SARTHE", "169,00")).rapprochees == 1
    assert banque.lignes()[0].virements == premiers
    assert etats() == ["recu", "recu", "attendu"]


def test_un_virement_en_deux_lignes(banque: Banque, tmp_path: Path) -> None:
    virement = annoncer(16900)
    lignes = [(MARS_9, "VIR CPAM SARTHE", "100,00"), (MARS_9 + timedelta(1), "VIR CPAM SARTHE", "69,00")]
    assert releve(banque, tmp_path, *lignes).rapprochees == 2
    assert [(li.virements, li.ecart_centimes) for li in banque.lignes()] == [((virement,), 0)] * 2
    assert etats() == ["recu"]


def test_deux_virements_egaux_le_meme_jour_restent_a_choisir(banque: Banque, tmp_path: Path) -> None:
    annoncer(16900), annoncer(16900)
    bilan = releve(banque, tmp_path, (MARS_9, "VIR CPAM SARTHE", "169,00"))
    assert (bilan.rapprochees, bilan.ambigues) == (0, 1)
    assert [li.etat for li in banque.lignes("a_rapprocher")] == ["a_rapprocher"]


@pytest.mark.parametrize("retards", [(0, 0, 0), (1, 1, 1), (2, 2, 1), (3, 2, 1)])
def test_des_montants_egaux_se_suivent(banque: Banque, tmp_path: Path, retards: tuple[int, ...]) -> None:
    """7,50 € on 9, 10 and 11 March, seen later by the bank: the first line is the first payment, not the nearest."""
    virements = [annoncer(750, MARS_9 + timedelta(rang)) for rang in range(3)]
    lignes = [(MARS_9 + timedelta(rang + retard), "VIR CPAM SARTHE", "7,50") for rang, retard in enumerate(retards)]
    assert releve(banque, tmp_path, *lignes).rapprochees == 3
    vues = sorted(banque.lignes(), key=lambda li: (li.date, li.id))
    assert [li.virements for li in vues] == [(v,) for v in virements]


def test_autant_de_lignes_que_de_virements_egaux_le_meme_jour(banque: Banque, tmp_path: Path) -> None:
    annoncer(16900), annoncer(16900)
    assert releve(banque, tmp_path, *[(MARS_9, "VIR CPAM SARTHE", "169,00")] * 2).rapprochees == 2
    assert etats() == ["recu", "recu"]


def test_des_montants_egaux_de_deux_payeurs_ne_se_suivent_pas(banque: Banque, tmp_path: Path) -> None:
    """The MSA paid first, the CPAM's line comes first: each word goes to its payer."""
    msa, cpam = annoncer(750, MARS_9, "MSA", MSA), annoncer(750, MARS_9 + timedelta(1))
    releve(banque, tmp_path, (MARS_9 + timedelta(1), "VIR CPAM", "7,50"), (MARS_9 + timedelta(2), "VIR MSA", "7,50"))
    assert {li.libelle: li.virements for li in banque.lignes()} == {"VIR CPAM": (cpam,), "VIR MSA": (msa,)}


def test_une_reprise_compensee_se_rapproche_a_la_main(banque: Banque, tmp_path: Path) -> None:
    """35,00 € announced, 17,50 € taken back before: the bank shows 17,50 €. Together they are exact."""
    reprise, versement = annoncer(-1750), annoncer(3500, MARS_9 + timedelta(7))
    Virement.update(etat="sans_versement").where(Virement.id == reprise).execute()
    releve(banque, tmp_path, (MARS_9 + timedelta(7), "VIR CPAM SARTHE", "17,50"))
    (ligne,) = banque.lignes("a_rapprocher")
    banque.lier([ligne.id], [reprise, versement])
    assert (banque.lignes()[0].ecart_centimes, etats()) == (0, ["recu", "recu"])
    banque.delier(ligne.id)
    assert etats() == ["sans_versement", "attendu"]


def test_le_plus_proche_et_le_mieux_nomme_d_abord(banque: Banque, tmp_path: Path) -> None:
    premier = annoncer(16900, MARS_9)
    second = annoncer(16900, MARS_9 + timedelta(3))
    autre = annoncer(16900, MARS_9, "CPAM MAYENNE", "00000001000531")
    lignes = [(MARS_9 + timedelta(rang), "CPAM SARTHE", "169,00") for rang in (3, 0)]
    assert releve(banque, tmp_path, *lignes, (MARS_9 + timedelta(1), "CPAM MAYENNE", "169,00")).rapprochees == 3
    assert {li.date.day: li.virements for li in banque.lignes()} == {9: (premier,), 12: (second,), 10: (autre,)}


def test_a_la_main_avec_son_ecart(banque: Banque, tmp_path: Path) -> None:
    """169,00 announced, 160,00 received: nine euros are missing, and it is said."""
    virement = annoncer(16900)
    releve(banque, tmp_path, (MARS_9, "VIREMENT", "160,00"))
    (ligne,) = banque.lignes()
    banque.lier([ligne.id], [virement])
    assert banque.lignes()[0].ecart_centimes == -900
    assert etats() == ["ecart"]
    (vu,) = DepotComptes(banque._base).virements()
    assert (vu.montant_centimes, vu.recu_centimes) == (16900, 16000)
    banque.delier(ligne.id)
    assert (etats(), banque.lignes()[0].etat, Pointage.select().count()) == (["attendu"], "a_rapprocher", 0)


def test_les_refus(banque: Banque, tmp_path: Path) -> None:
    virement = annoncer(16900)
    releve(banque, tmp_path, (MARS_9, "VIR CPAM SARTHE", "169,00"), (MARS_9, "LOYER RECU", "500,00"))
    loyer, payee = banque.lignes()
    refus = [
        ("POINTAGE_EXISTANT", lambda: banque.lier([loyer.id], [virement])),
        ("POINTAGE_EXISTANT", lambda: banque.classer(payee.id)),
        ("POINTAGE_INCONNU", lambda: banque.lier([99], [virement])),
        ("POINTAGE_INCONNU", lambda: banque.delier(loyer.id)),
        ("POINTAGE_VIDE", lambda: banque.lier([], [virement])),
    ]
    for code, action in refus:
        with pytest.raises(ErreurConnue) as vu:
            action()
        assert vu.value.code == code
    assert LigneBancaire.get_by_id(loyer.id).etat == "a_rapprocher"
    banque.classer(loyer.id)
    assert banque.lignes("a_rapprocher") == []


def test_un_retour_qui_arrive_apres_le_releve(banque: Banque, tmp_path: Path) -> None:
    releve(banque, tmp_path, (MARS_9, "VIR CPAM SARTHE", "169,00"))
    annoncer(16900)
    assert banque.rapprocher() == (1, 0)
    assert banque.rapprocher() == (0, 0)


def test_un_virement_dont_le_montant_change_se_dit(banque: Banque, tmp_path: Path) -> None:
    """A retention read later lowers a payment already found at the bank: the difference shows by itself."""
    virement = Virement.get_by_id(annoncer(0))
    ligne = {"courrier": virement.courrier, "virement": virement, "genre": "forfait", "empreinte": "a"}
    Mouvement.create(**ligne, montant_centimes=16900)
    depot = DepotRapprochement(banque._base)
    depot.recalculer(virement.courrier.id)
    releve(banque, tmp_path, (MARS_9, "VIR CPAM SARTHE", "169,00"))
    assert etats() == ["recu"]
    Mouvement.create(**ligne, montant_centimes=-900)
    depot.recalculer(virement.courrier.id)
    assert etats() == ["ecart"]
    assert banque.lignes()[0].ecart_centimes == 900


@given(
    credits=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 12)), max_size=7),
    annonces=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 12)), max_size=7),
)
def test_un_groupe_est_toujours_la_meme_somme(
    credits: list[tuple[int, int]], annonces: list[tuple[int, int]]
) -> None:
    """Each line and each payment in one group at most; in each group both sides are the same money."""
    lignes = [Credit(i, MARS_9 + timedelta(j), "CPAM SARTHE", m) for i, (m, j) in enumerate(credits)]
    virements = [Annonce(i, MARS_9 + timedelta(j), "CPAM SARTHE", CPAM, m) for i, (m, j) in enumerate(annonces)]
    resultat = pointer(lignes, virements, reglages())
    assert all(len(g.lignes) == 1 or len(g.virements) == 1 for g in resultat.groupes)
    for groupe in resultat.groupes:
        recu = sum(lignes[i].montant_centimes for i in groupe.lignes)
        assert recu == sum(virements[i].montant_centimes for i in groupe.virements)
    for cotes in ([g.lignes for g in resultat.groupes], [g.virements for g in resultat.groupes]):
        pris = [i for cote in cotes for i in cote]
        assert len(pris) == len(set(pris))


def test_trop_de_virements_se_choisissent_a_la_main() -> None:
    annonces = [Annonce(i, MARS_9, "CPAM", CPAM, 1000 + i) for i in range(reglages().virements_ensemble + 1)]
    ligne = Credit(1, MARS_9, "CPAM", 2001)
    assert pointer([ligne], annonces, reglages()).groupes == []
    assert pointer([ligne], annonces[:-1], reglages()).groupes == [Groupe((1,), (0, 1))]


def test_les_tables_livrees() -> None:
    assert reglages().tranches == (30, 60, 90)
    assert "CPAM" in payeurs()["01"]
