from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.noyau.erreurs import ErreurConnue
from sesam_desktop.securisation import autorite, certificats
from sesam_desktop.securisation import x509 as x509_lu
from sesam_desktop.securisation.autorite import Identite
from sesam_desktop.securisation.certificats import Magasin
from sesam_desktop.securisation.signature import cle_privee

ADRESSE = "01721@721.01.rss.fr"


def _code(action: object, *arguments: object) -> str:
    with pytest.raises(ErreurConnue) as refus:
        action(*arguments)  # type: ignore[operator]
    assert refus.value.action
    return refus.value.code


def test_ajouter_puis_trouver(tmp_path: Path, organisme: Identite) -> None:
    magasin = Magasin(tmp_path / "certificats")
    ajoute = magasin.ajouter(ADRESSE, organisme.certificat_der)
    assert magasin.de(ADRESSE.upper()).der == ajoute.der == organisme.certificat_der
    assert ajoute.pem == organisme.certificat_pem
    assert [c.adresse for c in magasin.lister()] == [ADRESSE]


def test_certificat_absent(tmp_path: Path) -> None:
    assert _code(Magasin(tmp_path).de, ADRESSE) == "CERTIFICAT_ABSENT"
    assert Magasin(tmp_path).lister() == []


def test_certificat_expire_ou_pas_encore_valable(tmp_path: Path, organisme: Identite) -> None:
    certificat = Magasin(tmp_path).ajouter(ADRESSE, organisme.certificat_pem)
    for instant in (certificat.fin + timedelta(seconds=1), certificat.debut - timedelta(seconds=1)):
        assert _code(Magasin(tmp_path, lambda instant=instant: instant).de, ADRESSE) == "CERTIFICAT_EXPIRE"
    assert Magasin(tmp_path, lambda: certificat.fin).de(ADRESSE) == certificat


@pytest.mark.parametrize("adresse", ["", "organisme", "../../etc@x", "a@b/../c", "a@b\0", "@b", "a b@c"])
def test_une_adresse_qui_n_en_est_pas_une_ne_touche_aucun_fichier(tmp_path: Path, adresse: str) -> None:
    assert _code(Magasin(tmp_path).de, adresse) == "ADRESSE_INVALIDE"


def test_fichier_illisible(tmp_path: Path) -> None:
    (tmp_path / f"{ADRESSE}.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert _code(Magasin(tmp_path).de, ADRESSE) == "CERTIFICAT_ILLISIBLE"
    assert Magasin(tmp_path).lister() == []
    (tmp_path / f"{ADRESSE}.pem").unlink()
    (tmp_path / f"{ADRESSE}.pem").mkdir()
    assert _code(Magasin(tmp_path).de, ADRESSE) == "CHEMIN_INVALIDE"


def test_une_cle_qui_n_est_pas_rsa_est_refusee() -> None:
    certificat = autorite._certifier(ec.generate_private_key(ec.SECP256R1()), "COURBE DE TEST", None, ())
    assert _code(certificats.decrire, certificat.public_bytes(Encoding.PEM)) == "CERTIFICAT_ILLISIBLE"


@given(st.binary(max_size=200) | st.binary(max_size=50).map(lambda b: b"-----BEGIN CERTIFICATE-----\n" + b))
def test_n_importe_quels_octets_sont_refuses(octets: bytes) -> None:
    assert _code(certificats.decrire, octets) == "CERTIFICAT_ILLISIBLE"


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@given(st.data())
def test_un_certificat_altere_est_lu_ou_refuse(organisme: Identite, data: st.DataObject) -> None:
    octets = bytearray(organisme.certificat_der)
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        certificats.decrire(bytes(octets))
    except ErreurConnue as erreur:
        assert erreur.code == "CERTIFICAT_ILLISIBLE"


def fabriquer(
    nom: str, debut: datetime, duree: timedelta = timedelta(days=365), emetteur: Identite | None = None,
    extensions: Sequence[x509.ExtensionType] = (),
) -> bytes:
    """A certificate for `nom` valid from `debut`, by its own key or by `emetteur`."""
    cle = rsa.generate_private_key(65537, 2048) if emetteur is None else cle_privee(emetteur.cle_pem)
    sujet = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nom)])
    par = certificats.lire(emetteur.certificat_der).subject if emetteur else sujet
    fabrique = x509.CertificateBuilder().subject_name(sujet).issuer_name(par).public_key(cle.public_key())
    fabrique = fabrique.serial_number(x509.random_serial_number())
    for extension in extensions:
        fabrique = fabrique.add_extension(extension, False)
    signe = fabrique.not_valid_before(debut).not_valid_after(debut + duree).sign(cle, SHA256())
    return signe.public_bytes(Encoding.DER)


AUJOURD_HUI = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def deux() -> tuple[bytes, bytes]:
    """One that ends in twenty days, and the next one, valid since yesterday."""
    ancien = fabriquer(ADRESSE, AUJOURD_HUI - timedelta(days=345))
    return ancien, fabriquer(ADRESSE, AUJOURD_HUI - timedelta(days=1))


def test_le_plus_recent_des_valables_est_choisi(tmp_path: Path, deux: tuple[bytes, bytes]) -> None:
    instants = [AUJOURD_HUI]
    magasin = Magasin(tmp_path, lambda: instants[-1])
    ancien, nouveau = deux
    magasin.ajouter(ADRESSE, ancien)
    assert [c.der for c in magasin.bientot_expires([ADRESSE, "01999@x.test"])] == [ancien]
    magasin.ajouter(ADRESSE, nouveau)
    magasin.ajouter(ADRESSE, nouveau)  # again: it is there once
    assert [c.der for c in magasin.lister()] == [ancien, nouveau]
    assert magasin.de(ADRESSE).der == nouveau
    assert magasin.bientot_expires([ADRESSE]) == []
    instants.append(AUJOURD_HUI - timedelta(days=2))  # before the new one begins
    assert magasin.de(ADRESSE).der == ancien


@pytest.mark.parametrize(
    ("jours", "etat"),
    [(-346, "pas_encore_valable"), (-20, "valable"), (-10, "bientot_expire"), (20, "bientot_expire"), (21, "expire")],
)
def test_etat_selon_le_jour(tmp_path: Path, deux: tuple[bytes, bytes], jours: int, etat: str) -> None:
    """It ends on 12 December: told from 12 November on."""
    magasin = Magasin(tmp_path, lambda: AUJOURD_HUI + timedelta(days=jours))
    assert magasin.etat(magasin.ajouter(ADRESSE, deux[0])) == etat


def test_les_autorites_declarees_sont_seules_reconnues(
    tmp_path: Path, cles: Path, organisme: Identite, deux: tuple[bytes, bytes]
) -> None:
    magasin = Magasin(tmp_path, lambda: certificats.decrire(organisme.certificat_der).debut + timedelta(days=1))
    magasin.ajouter(ADRESSE, organisme.certificat_der)
    magasin.ajouter("02@autre.test", fabriquer("02@autre.test", AUJOURD_HUI - timedelta(days=1)))
    magasin.ajouter_autorite("ac-test", autorite.creer_autorite(cles).certificat_pem)
    assert [a.sujet for a in magasin.autorites()] == [certificats.decrire(organisme.certificat_der).emetteur]
    assert magasin.de(ADRESSE).der == organisme.certificat_der
    assert _code(magasin.de, "02@autre.test") == "CERTIFICAT_NON_RECONNU"


@pytest.mark.parametrize("nom", ["", "../ac", "a b"])
def test_une_autorite_mal_nommee(tmp_path: Path, organisme: Identite, nom: str) -> None:
    with pytest.raises(ErreurConnue, match="nommer"):
        Magasin(tmp_path).ajouter_autorite(nom, organisme.certificat_der)


def test_un_organisme_n_est_pas_une_autorite(tmp_path: Path, organisme: Identite, deux: tuple[bytes, bytes]) -> None:
    for octets in (organisme.certificat_der, deux[0]):  # the second has no constraint at all
        assert _code(Magasin(tmp_path).ajouter_autorite, "ac", octets) == "AUTORITE_INVALIDE"
    assert not (tmp_path / "autorites").exists()


def test_importer_tout_un_fichier_ou_rien(tmp_path: Path, organisme: Identite, cps: Identite) -> None:
    magasin = Magasin(tmp_path / "c")
    assert [c.adresse for c in magasin.importer(organisme.certificat_pem)] == [ADRESSE.lower()]
    melange = organisme.certificat_pem + cps.certificat_pem  # the second names nobody's address
    assert _code(magasin.importer, melange) == "ADRESSE_ABSENTE"
    assert [c.adresse for c in magasin.importer(cps.certificat_der, "02@autre.test")] == ["02@autre.test"]
    assert _code(magasin.importer, b"rien", ADRESSE) == "CERTIFICAT_ILLISIBLE"
    assert len(magasin.lister()) == 2


class AnnuaireFactice:
    def __init__(self, *octets: bytes, protege: bool = True) -> None:
        self._octets, self.protege = list(octets), protege

    def chercher(self, adresse: str) -> list[bytes]:
        assert adresse == ADRESSE
        return self._octets


def test_ce_que_l_annuaire_publie_est_garde_s_il_peut_servir(tmp_path: Path, deux: tuple[bytes, bytes]) -> None:
    magasin, perime = Magasin(tmp_path, lambda: AUJOURD_HUI), fabriquer(ADRESSE, AUJOURD_HUI - timedelta(days=800))
    assert magasin.chercher(AnnuaireFactice(perime, *deux), ADRESSE).der == deux[1]
    assert {c.der for c in magasin.lister()} == set(deux)


def test_un_annuaire_qui_n_a_rien_d_utilisable(tmp_path: Path) -> None:
    magasin = Magasin(tmp_path, lambda: AUJOURD_HUI)
    perime = fabriquer(ADRESSE, AUJOURD_HUI - timedelta(days=800))
    for annuaire in (AnnuaireFactice(), AnnuaireFactice(perime)):
        assert _code(magasin.chercher, annuaire, ADRESSE) == "CERTIFICAT_INTROUVABLE"
    assert magasin.lister() == []


def test_un_annuaire_sans_protection_demande_une_autorite(tmp_path: Path, cles: Path, organisme: Identite) -> None:
    """Anybody on the way could answer in its place: only an authority tells the true certificate."""
    magasin = Magasin(tmp_path)
    en_clair = AnnuaireFactice(organisme.certificat_der, protege=False)
    assert _code(magasin.chercher, en_clair, ADRESSE) == "AUTORITE_NON_DECLAREE"
    magasin.ajouter_autorite("ac", autorite.creer_autorite(cles).certificat_der)
    assert magasin.chercher(en_clair, ADRESSE).der == organisme.certificat_der
    imposteur = AnnuaireFactice(fabriquer(ADRESSE, datetime.now(UTC) - timedelta(days=1)), protege=False)
    assert _code(magasin.chercher, imposteur, ADRESSE) == "CERTIFICAT_INTROUVABLE"


def usages(*, chiffre: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=chiffre, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )


def test_un_certificat_qui_ne_fait_que_signer(tmp_path: Path) -> None:
    """Beside the one that encrypts it is only left aside; alone, nothing leaves and it is said why."""
    magasin, hier = Magasin(tmp_path, lambda: AUJOURD_HUI), AUJOURD_HUI - timedelta(days=1)
    signe = fabriquer(ADRESSE, hier, extensions=[usages(chiffre=False)])
    chiffre = fabriquer(ADRESSE, hier - timedelta(days=1), extensions=[usages(chiffre=True)])
    assert _code(magasin.importer, signe) == "CERTIFICAT_INADAPTE"
    assert _code(magasin.chercher, AnnuaireFactice(signe), ADRESSE) == "CERTIFICAT_INTROUVABLE"
    assert magasin.etat(magasin.ajouter(ADRESSE, signe)) == "ne_chiffre_pas"
    assert _code(magasin.de, ADRESSE) == "CERTIFICAT_INADAPTE"
    assert magasin.chercher(AnnuaireFactice(signe, chiffre), ADRESSE).der == chiffre
    assert magasin.de(ADRESSE).der == chiffre


def test_le_certificat_d_un_autre(tmp_path: Path, cles: Path) -> None:
    """Issued by the right authority, for somebody who could then read the mail: whoever answers in clear may say it."""
    magasin, autre = Magasin(tmp_path), autorite.creer_certificat(cles, "autre", "02751@751.02.rss.fr")
    magasin.ajouter_autorite("ac", autorite.creer_autorite(cles).certificat_der)
    for protege in (False, True):
        annuaire = AnnuaireFactice(autre.certificat_der, protege=protege)
        with pytest.raises(ErreurConnue, match=r"1 trouvé.*autre adresse") as refus:
            magasin.chercher(annuaire, ADRESSE)
        assert refus.value.code == "CERTIFICAT_INTROUVABLE"
    assert _code(magasin.importer, autre.certificat_der, ADRESSE) == "CERTIFICAT_D_UN_AUTRE"
    assert magasin.lister() == []


def test_un_certificat_sans_adresse_ne_vient_que_d_un_annuaire_protege(tmp_path: Path, cles: Path) -> None:
    magasin, sans = Magasin(tmp_path), autorite.creer_certificat(cles, "sans", "CPAM DE TEST")
    magasin.ajouter_autorite("ac", autorite.creer_autorite(cles).certificat_der)
    assert _code(magasin.chercher, AnnuaireFactice(sans.certificat_der, protege=False), ADRESSE) == (
        "CERTIFICAT_INTROUVABLE"
    )
    assert magasin.chercher(AnnuaireFactice(sans.certificat_der), ADRESSE).der == sans.certificat_der


def test_l_adresse_peut_etre_un_autre_nom_du_certificat(tmp_path: Path) -> None:
    noms = x509.SubjectAlternativeName([x509.DNSName("cpam.test"), x509.RFC822Name(ADRESSE.upper())])
    octets = fabriquer("CPAM DE TEST", AUJOURD_HUI - timedelta(days=1), extensions=[noms])
    assert [c.adresse for c in Magasin(tmp_path, lambda: AUJOURD_HUI).importer(octets)] == [ADRESSE]


def test_une_valeur_illisible_n_empeche_pas_de_lire_les_autres(tmp_path: Path, deux: tuple[bytes, bytes]) -> None:
    magasin = Magasin(tmp_path, lambda: AUJOURD_HUI)
    assert magasin.chercher(AnnuaireFactice(b"", b"\xff" * 50, deux[1]), ADRESSE).der == deux[1]


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_ce_que_dit_un_certificat_abime(organisme: Identite) -> None:
    """Each byte of it in turn: read, or refused by a sentence; its parts are parsed when they are asked for."""
    refuses = 0
    for rang in range(len(organisme.certificat_der)):
        octets = bytearray(organisme.certificat_der)
        octets[rang] ^= 0x1F
        for question in (x509_lu.adresses_de, x509_lu.peut_chiffrer, lambda o: x509_lu.est_autorite(x509_lu.lire(o))):
            try:
                question(bytes(octets))
            except ErreurConnue as erreur:
                assert erreur.code == "CERTIFICAT_ILLISIBLE"
                refuses += 1
    assert refuses > 100
