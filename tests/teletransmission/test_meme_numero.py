"""A correction sent under the number of what it replaces: two documents here, one number at the fund.

Establishments renumber [S1]; senders through a concentrator keep the number once the old invoice is recycled [S23].
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sesam_desktop.base.modeles import Lot, Message
from sesam_desktop.factures.cycle import Etat
from sesam_desktop.factures.depot import Filtre
from sesam_desktop.factures.enregistrements import octets_canoniques
from sesam_desktop.flux import b2, enveloppe, message
from sesam_desktop.frontal.serveurs import MOT_DE_PASSE, UTILISATEUR, Frontal
from sesam_desktop.securisation.autorite import creer_certificat
from sesam_desktop.securisation.securiser import securiser
from sesam_desktop.securisation.smime import ouvrir
from sesam_desktop.teletransmission import depot_recyclage
from sesam_desktop.teletransmission.controle import REFUSE, Remarque, Verdict

from .atelier import Atelier, maintenant
from .fabrique import SARTHE, courrier, facture_tarifee
from .retours_composes import accuse, dernier_lot, paiement

ANCIENNE, NOUVELLE = "000000001", "000000002"


@pytest.fixture
def corrigee(atelier: Atelier) -> Lot:
    """000000001 rejected and replaced by 000000002, sent under the same number. Answers the first lot."""
    atelier.signer()
    atelier.preparation.preparer()
    premier = dernier_lot()
    recevoir(atelier, accuse(premier))
    recevoir(atelier, paiement(premier, [{"numero": ANCIENNE, "etat": "R", "paye": 0, "motif": ("0012", "NON")}]))
    assert atelier.factures.par_etat() == {Etat.REJETEE: 1}
    ft = replace(facture_tarifee(atelier.factures.prochain_numero()), remplace=ANCIENNE, numero_flux=ANCIENNE)
    atelier.factures.enregistrer(securiser(ft, octets_canoniques(ft), atelier.vitale, atelier.ps, maintenant()))
    return premier


def recevoir(atelier: Atelier, octets: bytes) -> None:
    from hashlib import sha256

    from sesam_desktop.base.modeles import Courrier
    from sesam_desktop.teletransmission.depot_retours import Courriers

    Courriers(atelier.base).ajouter(sha256(octets).hexdigest(), octets, "2026-03-09T10:00:00+00:00")
    atelier.rapprochement.appliquer(Courrier.select().order_by(Courrier.id.desc()).get().id)


def test_la_caisse_lit_l_ancien_numero(atelier: Atelier, corrigee: Lot, autorite) -> None:
    """In the file, in the security part; the workstation keeps both documents."""
    atelier.preparation.preparer()
    lus = [e.zones["numero_facture"] for e in b2.lire(bytes(dernier_lot().contenu)) if e.type == "2"]
    assert lus == [ANCIENNE]
    organisme = creer_certificat(autorite, SARTHE.adresse, SARTHE.adresse)
    octets = bytes(Message.select().order_by(Message.id.desc()).get().octets)
    dedans = message.lire(ouvrir(octets, organisme.certificat_der, organisme.cle_pem))
    assert [f.numero for f in enveloppe.depuis_octets(dedans.securite or b"").factures] == [ANCIENNE]
    assert atelier.factures.charger(NOUVELLE).facture.numero_transmis == ANCIENNE
    assert atelier.factures.par_etat() == {Etat.RECYCLEE: 1, Etat.EN_LOT: 1}


def test_le_paiement_va_a_la_correction_et_le_rejet_reste_a_l_ancienne(atelier: Atelier, corrigee: Lot) -> None:
    atelier.preparation.preparer()
    recevoir(atelier, paiement(dernier_lot(), [{"numero": ANCIENNE, "paye": 1750}]))
    assert atelier.factures.par_etat() == {Etat.RECYCLEE: 1, Etat.PAYEE: 1}
    assert atelier.factures.historique(NOUVELLE)[-1].nom == "payee"
    rejets = paiement(corrigee, [{"numero": ANCIENNE, "etat": "R", "paye": 0, "motif": ("0013", "ENCORE")}])
    recevoir(atelier, rejets)  # said again of the first lot: it is about the first document
    assert atelier.factures.historique(NOUVELLE)[-1].nom == "payee"
    assert atelier.factures.historique(ANCIENNE)[-1].nom == "signalement"


def test_le_controle_et_l_arl_designent_la_bonne_facture(atelier: Atelier, corrigee: Lot, monkeypatch) -> None:
    """Both know the number on the wire alone."""
    faute = Verdict(REFUSE, (Remarque(REFUSE, "CPT", "Totaux faux.", ANCIENNE),))
    monkeypatch.setattr(atelier.preparation, "_controle", lambda _clair: faute)
    assert [r.facture for r in atelier.preparation.preparer().refus] == [NOUVELLE]
    monkeypatch.setattr(atelier.preparation, "_controle", None)
    atelier.preparation.preparer()
    recevoir(atelier, accuse(dernier_lot(), positif=False))  # its reason names record 3, the invoice's own
    assert depot_recyclage.lot_refuse(dernier_lot().id).fautives == (NOUVELLE,)


def test_on_la_trouve_par_ses_deux_numeros(atelier: Atelier, corrigee: Lot) -> None:
    assert [r.numero for r in atelier.factures.lister(Filtre(texte=ANCIENNE))] == [NOUVELLE, ANCIENNE]


@pytest.fixture
def frontal(tmp_path: Path, autorite: Path) -> Iterator[Frontal]:
    frontal = Frontal(tmp_path / "frontal", scenario="rejets", autorite=autorite)
    frontal.demarrer()
    yield frontal
    frontal.arreter()


def echanger(atelier: Atelier, **etats: int) -> None:
    """Lots out, answers in, until the documents stand as told."""
    atelier.preparation.preparer()
    atelier.depart.envoyer()
    fin = time.monotonic() + 20
    while atelier.factures.par_etat() != etats and time.monotonic() < fin:
        time.sleep(0.02)
        atelier.boite.relever()
    assert atelier.factures.par_etat() == etats


def refaire(atelier: Atelier, ancienne: str) -> str:
    numero = atelier.factures.prochain_numero()
    ft = replace(facture_tarifee(numero), remplace=ancienne, numero_flux=ANCIENNE)
    atelier.factures.enregistrer(securiser(ft, octets_canoniques(ft), atelier.vitale, atelier.ps, maintenant()))
    return numero


def test_le_trajet_entier_sous_un_seul_numero(profil: Path, autorite: Path, frontal: Frontal) -> None:
    """Rejected twice, paid the third time: a fund that keeps the number knows one invoice, and pays it once."""
    compte = courrier(
        frontal.smtp_port, frontal.pop_port, frontal.certificat_tls, utilisateur=UTILISATEUR,
        mot_de_passe=lambda: MOT_DE_PASSE,
    )
    atelier = Atelier(profil, autorite, compte)
    try:
        premiere = atelier.signer().facture.numero
        echanger(atelier, rejetee=1)
        deuxieme = refaire(atelier, premiere)
        echanger(atelier, recyclee=1, rejetee=1)
        frontal.jouer("tout_paye")
        troisieme = refaire(atelier, deuxieme)
        echanger(atelier, recyclee=2, payee=1)
        assert atelier.factures.historique(troisieme)[-1].nom == "payee"
        # paid: its number never comes again
        ft = replace(facture_tarifee(atelier.factures.prochain_numero()), numero_flux=ANCIENNE)
        atelier.factures.enregistrer(securiser(ft, octets_canoniques(ft), atelier.vitale, atelier.ps, maintenant()))
        echanger(atelier, recyclee=2, payee=1, refusee=1)
        recus = [(lot.verdict, [(f.numero, f.rejetee) for f in lot.factures]) for lot in frontal.recus()]
        assert recus == [
            ("", [(ANCIENNE, True)]), ("", [(ANCIENNE, True)]), ("", [(ANCIENNE, False)]), ("LOT", [(ANCIENNE, False)])
        ]
    finally:
        atelier.fermer()
