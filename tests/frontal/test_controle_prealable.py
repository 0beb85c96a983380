"""The check before sending: invoices at fault named, doubts told, and what it accepts is accepted afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesam_desktop.flux.enveloppe import Enveloppe
from sesam_desktop.frontal import scenario
from sesam_desktop.frontal.cles import Cles
from sesam_desktop.frontal.controle_prealable import Etat, Verdict, controler
from sesam_desktop.frontal.jugement import Jugement
from sesam_desktop.frontal.recus import Arrivee
from sesam_desktop.frontal.registre import Registre
from tests.flux.fabrique import EXEMPLE_CP

from .emetteur import Emetteur, Envoi, autour, lot
from .fichiers import facture, fichier

JOUR = date(2026, 11, 13)  # the eighth working day after the acts of `fichiers` (2 November; the 11th is a holiday)
INSTANT = datetime(2026, 11, 22, 12, tzinfo=UTC)
# The numbers of `fichiers` have no good key. These have: 9 + (18 - 9) + 2 = 20 and 9 + (18 - 9) + 2 × 1 = 20.
PARTENAIRE, PRESCRIPTEUR = b"990000002", b"990000010"


def juste(octets: bytes) -> bytes:
    return octets.replace(b"990000003", PARTENAIRE).replace(b"991111112", PRESCRIPTEUR)


def clair(*factures: list[bytes], **fin: Any) -> bytes:
    return juste(b"".join(fichier(*(factures or (facture(),)), **{"date": "261113", **fin})))


def dits(verdict: Verdict) -> list[tuple[str, str]]:
    return [(r.facture, r.code) for r in verdict.remarques]


def changer(lignes: list[bytes], rang: int, debut: int, valeur: bytes) -> list[bytes]:
    """`valeur` written from position `debut` (from 1, as the norm counts) of one record."""
    octets = lignes[rang]
    nouveau = octets[: debut - 1] + valeur + octets[debut - 1 + len(valeur) :]
    return [*lignes[:rang], nouveau, *lignes[rang + 1 :]]


def test_un_lot_bon_est_accepte_sans_remarque() -> None:
    verdict = controler(clair(facture("000000001"), facture("000000002")), JOUR)
    assert (verdict.etat, verdict.remarques, verdict.fautives) == (Etat.ACCEPTE, (), ())


def test_chaque_facture_fautive_est_nommee_avec_son_code() -> None:
    fausse_cle = [octets[:24] + b"32" + octets[26:] for octets in facture("000000002")]
    verdict = controler(
        clair(
            facture("000000001"),
            fausse_cle,
            facture("000000003", total_amo_4=7),
            changer(facture("000000004"), 2, 1, b"8"),                    # record of no known type
            changer(facture("000000005"), 0, 49, b"02"),                  # another régime
            facture("000000006"),
            facture("000000006"),
        ),
        JOUR,
    )
    assert verdict.etat is Etat.REFUSE
    assert dits(verdict) == [
        ("000000002", "ENT"), ("000000003", "CPT"), ("000000004", "ENT"), ("000000006", "LOT"), ("000000005", "DST"),
    ]
    assert verdict.fautives == ("000000002", "000000003", "000000004", "000000006", "000000005")
    assert "clé" in verdict.remarques[0].phrase


def test_ce_a_quoi_aucun_retour_ne_peut_repondre_est_nomme() -> None:
    """B2 gives a coefficient six digits, NOEMIE five."""
    verdict = controler(clair(facture("000000001"), changer(facture("000000002"), 2, 83, b"100000")), JOUR)
    assert dits(verdict) == [("000000002", "ENT")]
    assert "coefficient" in verdict.remarques[0].phrase


def test_une_faute_du_lot_n_accuse_aucune_facture() -> None:
    verdict = controler(clair(total_amo=7), JOUR)
    assert dits(verdict) == [("", "CPT")]
    assert (verdict.etat, verdict.fautives) == (Etat.REFUSE, ())


@pytest.mark.parametrize("octets", [b"", b"x" * 127, b"\xff" * 256])
def test_ce_qui_n_est_pas_un_lot_est_refuse(octets: bytes) -> None:
    assert controler(octets, JOUR).etat is Etat.REFUSE


def test_un_fichier_d_etablissement_n_est_pas_pour_ces_caisses() -> None:
    assert dits(controler(EXEMPLE_CP.read_bytes(), JOUR)) == [("", "NRM")]


@pytest.mark.parametrize(
    ("octets", "attendues"),
    [
        (b"".join(fichier(facture(), date="261113")), [("", "CLE_PARTENAIRE"), ("000000001", "CLE_PRESCRIPTEUR")]),
        (clair(date="261114"), [("", "DATE_LOT")]),
        (clair(changer(facture(), 2, 57, b"990000011")), [("000000001", "CLE_EXECUTANT")]),
        (clair(changer(facture(), 2, 70, b"261130")), [("000000001", "DATE_SOINS")]),
        (clair(changer(facture(), 2, 70, b"261331")), [("000000001", "DATE_SOINS")]),
        (clair(facture(honoraires=0, amo=0, amc=0)), [("000000001", "MONTANT_NUL")]),
        (clair([octets.replace(b"990000003", b"990000028") for octets in facture()]), [("000000001", "PARTENAIRE")]),
    ],
)
def test_ce_qu_une_caisse_prend_en_le_signalant(octets: bytes, attendues: list[tuple[str, str]]) -> None:
    verdict = controler(octets, JOUR)
    assert verdict.etat is Etat.AVERTISSEMENT
    assert dits(verdict) == attendues
    assert verdict.fautives == ()


def test_une_facture_hors_delai_est_signalee() -> None:
    """Eight working days when the patient did not pay, three when the fund reimburses them (CSS R161-47)."""
    directe = facture("000000002")
    directe[1] = directe[1][:47] + b"01" + directe[1][49:]
    octets = clair(facture("000000001"), directe, date="261102")
    assert dits(controler(octets, date(2026, 11, 5))) == []                           # third working day
    assert dits(controler(octets, date(2026, 11, 6))) == [("000000002", "DELAI")]     # fourth
    assert dits(controler(octets, date(2026, 11, 15))) == [("000000002", "DELAI")]    # a Sunday, eight so far
    assert dits(controler(octets, date(2026, 11, 16))) == [("000000001", "DELAI"), ("000000002", "DELAI")]


def test_les_signatures_se_jugent_avec_ou_sans_autorite(emetteur: Emetteur, tmp_path: Path) -> None:
    autre = Cles(tmp_path / "autre").autorite.certificat_der
    envoi = lot(emetteur)
    octets = b"".join(envoi.enregistrements)
    for autorite, attendues in ((None, []), (Cles(emetteur.autorite).autorite.certificat_der, []), (autre, [
        ("000000001", "SIG"), ("", "SIG"),
    ])):
        verdict = controler(octets, JOUR, envoi.protection, envoi.adressage, autorite)
        assert [(r.facture, r.code) for r in verdict.remarques if r.bloquante] == attendues


def test_un_lot_a_signer_n_a_pas_a_l_etre(emetteur: Emetteur) -> None:
    """Its invoices must be, and the security part must be about this very file."""
    envoi = lot(emetteur)
    octets = b"".join(envoi.enregistrements)

    def refuses(protection: Enveloppe, *, a_signer: bool) -> list[tuple[str, str]]:
        verdict = controler(octets, JOUR, protection, envoi.adressage, a_signer=a_signer)
        return [(r.facture, r.code) for r in verdict.remarques if r.bloquante]

    nu = replace(envoi.protection, cle=None, signature_lot=None)
    assert refuses(nu, a_signer=True) == []
    assert refuses(nu, a_signer=False) == [("", "SIG")]
    assert refuses(replace(nu, empreinte_fichier="0" * 64), a_signer=True) == [("", "SIG")]
    sans = replace(nu, factures=tuple(replace(f, signatures=()) for f in nu.factures))
    assert refuses(sans, a_signer=True) == [("000000001", "SIG")]


def test_l_adressage_se_juge_quand_il_est_connu(emetteur: Emetteur) -> None:
    envoi = lot(emetteur)
    octets = b"".join(envoi.enregistrements)
    for adressage, code in (
        (replace(envoi.adressage, a="01421@421.01.rss.fr"), "DST"),
        (replace(envoi.adressage, sujet="factures"), "ENT"),
        (replace(envoi.adressage, sujet=envoi.adressage.sujet.replace("/00001", "/00002")), "CPT"),
    ):
        assert ("", code) in dits(controler(octets, JOUR, adressage=adressage))


# --- what it accepts is accepted afterwards ---------------------------------------------------------------------------

Faute = Callable[[list[bytes]], list[bytes]]
FAUTES: dict[str, Faute] = {
    "amo d'un acte": lambda f: changer(f, 2, 108, b"0000651"),
    "total": lambda f: changer(f, 5, 48, b"00000001"),
    "cle du nir": lambda f: [octets[:24] + b"32" + octets[26:] for octets in f],
    "regime": lambda f: changer(f, 0, 49, b"02"),
    "exoneration sans 100 %": lambda f: changer(f, 0, 79, b"4"),
    "sans acte": lambda f: [*f[:2], *f[-2:]],
    "acte d'une autre": lambda f: changer(f, 2, 30, b"000000099"),
    "naissance": lambda f: changer(f, 0, 96, b"000000"),
    "code d'acte inconnu": lambda f: changer(f, 2, 76, b"QZX  "),
    "date": lambda f: changer(f, 2, 70, b"991399"),
    "coefficient trop grand pour un retour": lambda f: changer(f, 2, 83, b"100000"),
}
Sabotage = Callable[[Envoi], None]
SABOTAGES: dict[str, Sabotage] = {
    "": lambda _envoi: None,
    "empreinte": lambda envoi: envoi.premiere(empreinte="0" * 64),
    "niveau": lambda envoi: envoi.premiere(niveau="V"),
    "signatures": lambda envoi: envoi.premiere(signatures=()),
    "lot non signe": lambda envoi: setattr(envoi, "protection", replace(envoi.protection, signature_lot=None)),
    "facture non decrite": lambda envoi: setattr(envoi, "protection", replace(envoi.protection, factures=())),
    "sujet": lambda envoi: setattr(envoi, "adressage", replace(envoi.adressage, sujet="x")),
}


class Juges:
    """The frontal's judge and the check before sending, on the same lot."""

    def __init__(self, dossier: Path, emetteur: Emetteur) -> None:
        self.registre = Registre(dossier / "frontal.db")
        cles = Cles(emetteur.autorite)
        self.juge = Jugement(self.registre, scenario.charger("tout_paye"), cles, lambda: INSTANT)
        self.autorite = cles.autorite.certificat_der

    def avant(self, envoi: Envoi) -> Verdict:
        octets = b"".join(envoi.enregistrements)
        return controler(octets, JOUR, envoi.protection, envoi.adressage, self.autorite)

    def apres(self, envoi: Envoi) -> str:
        """Code of the ARL, "" when the lot is accepted."""
        conclusion = self.juge.juger(Arrivee(1, "<x@test.invalid>", "0", "poste@test.invalid", envoi.octets()))
        assert conclusion.lot is not None
        return conclusion.lot.verdict


@pytest.fixture(scope="module")
def juges(emetteur: Emetteur, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Juges]:
    juges = Juges(tmp_path_factory.mktemp("juges"), emetteur)
    yield juges
    juges.registre.fermer()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["", "", *FAUTES]), min_size=1, max_size=3),
    st.sampled_from(["", "", "", *SABOTAGES]),
    st.sampled_from("SVDN"),
)
def test_ce_qui_est_accepte_avant_l_est_apres(
    juges: Juges, emetteur: Emetteur, fautes: list[str], sabotage: str, niveau: str
) -> None:
    factures = [
        FAUTES.get(faute, list)(facture(f"{rang:09d}", niveau=niveau)) for rang, faute in enumerate(fautes, start=1)
    ]
    envoi = autour(emetteur, fichier(*factures))
    SABOTAGES[sabotage](envoi)
    avant, apres = juges.avant(envoi), juges.apres(envoi)
    assert (avant.etat is Etat.REFUSE) == bool(apres), (avant.remarques, apres)
    if apres:
        assert apres in {r.code for r in avant.remarques if r.bloquante}
    if sabotage or not avant.fautives:
        return
    restantes = [f for rang, f in enumerate(factures, start=1) if f"{rang:09d}" not in avant.fautives]
    if restantes:  # those it names set apart, the others are accepted
        assert juges.apres(autour(emetteur, fichier(*restantes))) == ""


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=1, max_size=40), st.integers(0, 18), st.integers(0, 127))
def test_un_fichier_abime_donne_toujours_un_verdict(intrus: bytes, rang: int, position: int) -> None:
    octets = bytearray(clair(facture("000000001"), facture("000000002")))
    debut = rang * 128 + position
    octets[debut : debut + len(intrus)] = intrus
    verdict = controler(bytes(octets), JOUR)
    assert all(r.phrase and r.code for r in verdict.remarques)
