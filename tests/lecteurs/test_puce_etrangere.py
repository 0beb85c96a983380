"""A Vitale and a CPS3 written from the public layout and ISO 7816-4 alone, sharing no line with the other test card.

This maker's habits: folders by P1=00 or by name only, elementary files by P1=02 only, data always fetched in small
pieces by GET RESPONSE, at most 128 bytes a reading, no byte after the end of a file, erased objects left as 00 or FF
between the others, the validity before the holders, files of exactly 256 or 512 bytes or of more than 4 KiB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from sesam_desktop.cartes.puce_vitale import IdentitePuce
from sesam_desktop.lecteurs import lecture
from sesam_desktop.lecteurs.virtuel import CanalVirtuel
from sesam_desktop.noyau.erreurs import ErreurConnue

AID_MF = bytes.fromhex("D2500000024D465F564954414C45")
AID_VITALE = bytes.fromhex("D250000002564954414C45")
ATR_VITALE = bytes.fromhex("3B7513000048 09EA 9000")
ATR_CPS = bytes.fromhex("3BAC00402A 00122500648000031000 9000")
INTROUVABLE, AU_DELA = 0x6A82, 0x6A86


@dataclass
class PuceEtrangere:
    """Folders are {identifier: bytes}; the file behind short identifier 2 is under the key "sfi2"."""

    dossiers: dict[bytes, dict[int | str, bytes]]
    atr: bytes = ATR_VITALE
    maximum: int = 128
    morceau: int = 48
    fin: int = AU_DELA
    maitre: int = 0x9000
    envois: list[bytes] = field(default_factory=list)

    def reset(self) -> None:
        self._dossier, self._fichier, self._reste = self.dossiers[AID_MF], b"", b""

    def traiter(self, apdu: bytes) -> bytes:
        self.envois.append(apdu)
        instruction, p1, p2 = apdu[1], apdu[2], apdu[3]
        if instruction == 0xC0:
            return self._donner(apdu[4])
        self._reste = b""
        if instruction == 0xA4:
            return self._choisir(p1, apdu[5 : 5 + apdu[4]]).to_bytes(2, "big")
        if instruction == 0xB0:
            return self._lire(p1, p2, apdu[4] or 256)
        return b"\x6d\x00"

    def _choisir(self, p1: int, nom: bytes) -> int:
        if p1 == 0x04:
            trouve = next((d for aid, d in self.dossiers.items() if aid == nom), None)
        elif p1 == 0x00 and nom == b"\x3f\x00" and self.maitre != INTROUVABLE:
            self._dossier = self.dossiers[AID_MF]
            return self.maitre
        elif p1 == 0x00:
            trouve = self.dossiers.get(nom)
        elif p1 == 0x02 and int.from_bytes(nom, "big") in self._dossier:
            self._fichier = self._dossier[int.from_bytes(nom, "big")]
            return 0x9000
        else:
            return INTROUVABLE if p1 == 0x02 else 0x6A86
        if trouve is None:
            return INTROUVABLE
        self._dossier = trouve
        return 0x9000

    def _lire(self, p1: int, p2: int, le: int) -> bytes:
        debut = p1 << 8 | p2
        if p1 & 0x80:
            if p1 & 0x1F != 2 or "sfi2" not in self._dossier:
                return b"\x6a\x82"
            self._fichier, debut = self._dossier["sfi2"], p2
        reste = self._fichier[debut:]
        if not reste:
            return self.fin.to_bytes(2, "big")
        if le > min(self.maximum, len(reste)):
            return bytes([0x6C, min(self.maximum, len(reste))])
        self._reste = reste[:le]
        return bytes([0x61, min(len(self._reste), self.morceau)])

    def _donner(self, le: int) -> bytes:
        donne, self._reste = self._reste[:le], self._reste[le:]
        return donne + (bytes([0x61, min(len(self._reste), self.morceau)]) if self._reste else b"\x90\x00")


def objet(etiquette: str, valeur: bytes) -> bytes:
    """Always the two-byte length when the value is long enough to need one."""
    longueur = bytes([len(valeur)]) if len(valeur) < 128 else b"\x82" + len(valeur).to_bytes(2, "big")
    return bytes.fromhex(etiquette) + longueur + valeur


def personne(nom: str, prenom: str, naissance: str) -> bytes:
    textes = {"82": naissance, "80": nom.ljust(27), "81": prenom.ljust(20), "90": "FRA"}
    return objet("65", b"".join(objet(e, t.encode("latin-1")) for e, t in textes.items()))


def dit(t: IdentitePuce, *etiquettes: str) -> bytes:
    """A holder of whom only these tags are told."""
    textes = {"80": t.nom, "81": t.prenom, "82": t.naissance, "93": t.nir + t.cle}
    return objet("65", b"".join(objet(e, textes[e].encode("latin-1")) for e in dict.fromkeys(etiquettes)))


def numero(nir: str) -> bytes:
    return objet("65", objet("93", nir.encode()))


def gens(combien: int) -> list[IdentitePuce]:
    """Names with every accent of Latin-1; lunar births; numbers of a month 19; both Corsican departments."""
    departements = ("2A", "2B", "99")
    return [
        IdentitePuce(
            "GÛÑTHER-ÆBLE ÇÎØ", f"ANAÏS ÿ{chr(0xC0 + rang)}", f"20{rang:02}1{rang % 10}0{rang % 2}",
            f"2{rang:02}19{departements[rang % 3]}0000{rang:02}"[:13], f"{rang:02}", "FRA",
        )
        for rang in range(combien)
    ]


def vitale(
    titulaires: list[IdentitePuce], *, taille: int = 0, separateur: bytes = b"", **habitudes: Any
) -> PuceEtrangere:
    validite = objet("66", objet("80", b"20240229"))
    certificat = objet("7F21", bytes(range(1, 200))) + objet("5F37", b"\xaa" * 130)
    identites = [personne(t.nom, t.prenom, t.naissance) for t in titulaires]
    nirs = [numero(t.nir + t.cle) for t in titulaires]
    publics = [separateur.join([validite, *identites, certificat]), separateur.join([certificat, *nirs, validite])]
    maitre, prive = (octets.ljust(taille, b"\xff") for octets in publics)
    return PuceEtrangere({AID_MF: {"sfi2": maitre}, AID_VITALE: {"sfi2": prive}}, **habitudes)


def lire(puce: PuceEtrangere) -> lecture.PuceVitale:
    with CanalVirtuel({"fente": puce}).connecter("fente") as session:
        return lecture.lire_puce_vitale(session)


HABITUDES: list[dict[str, Any]] = [
    {},
    {"fin": 0x6B00},
    {"fin": 0x9000},
    {"fin": 0x6282},
    {"maitre": 0x6283},
    {"maitre": INTROUVABLE},
    {"maximum": 255, "morceau": 255},
    {"maximum": 8, "morceau": 3},
    {"separateur": b"\x00\x00"},
    {"separateur": b"\xff"},
    {"separateur": b"\x00\xff\x00"},
]


@pytest.mark.parametrize("habitudes", HABITUDES, ids=str)
@pytest.mark.parametrize("combien", [1, 2, 19])
def test_tous_les_titulaires(combien: int, habitudes: dict[str, Any]) -> None:
    titulaires = gens(combien)
    puce = lire(vitale(titulaires, **habitudes))
    assert list(puce.identites) == titulaires
    assert puce.debut_validite is not None
    assert puce.debut_validite.isoformat() == "2024-02-29"


@pytest.mark.parametrize("taille", [512, 768, 4096, 4864, 8192])
def test_fichier_dont_la_taille_tombe_juste(taille: int) -> None:
    titulaires = gens(1 if taille < 4096 else 19)
    puce = vitale(titulaires, taille=taille)
    assert len(puce.dossiers[AID_MF]["sfi2"]) == taille
    assert list(lire(puce).identites) == titulaires


def test_plus_de_quatre_kilo_octets() -> None:
    """Nineteen holders, each followed inside its own template by 230 bytes that nobody knows."""
    titulaires = gens(19)
    puce = vitale(titulaires)
    inconnu = objet("5F3E", bytes(range(230)))
    gros = b"".join(
        objet("65", inconnu + objet("81", t.prenom.encode("latin-1")) + objet("80", t.nom.encode("latin-1"))
              + objet("90", b"FRA") + objet("82", t.naissance.encode())) for t in titulaires
    )
    assert len(gros) > 4096
    puce.dossiers[AID_MF]["sfi2"] = gros + objet("66", objet("80", b"20240229"))
    assert list(lire(puce).identites) == titulaires


def test_titulaires_repartis_dans_des_fichiers_du_plan() -> None:
    """Behind the short identifier the first holder alone; the map names a file each, selected by P1=02 only."""
    titulaires = gens(3)
    puce = vitale(titulaires[:1])
    puce.dossiers[AID_VITALE]["sfi2"] = b"".join(numero(t.nir + t.cle) for t in titulaires)
    entrees = {b"\x00\x07": AID_MF, b"\x00\x03": AID_VITALE}
    plan = objet("A0", b"".join(objet("82", e + b"\x3f\x00" + aid) for e, aid in entrees.items()))
    for rang, t in enumerate(titulaires):
        fid = 0x4000 + rang
        puce.dossiers[AID_MF][fid] = personne(t.nom, t.prenom, t.naissance)
        plan += objet("80", f"PERS{rang}".encode().ljust(8) + b"\x00\x07" + fid.to_bytes(2, "big"))
    puce.dossiers[AID_VITALE][0x5000] = puce.dossiers[AID_VITALE]["sfi2"]
    plan += objet("80", b"NUMEROS \x00\x03\x50\x00") + objet("80", b"ABSENT  \x00\x03\x50\x01")
    puce.dossiers[AID_VITALE][0x2001] = objet("E0", plan)
    assert list(lire(puce).identites) == titulaires


def test_numero_ecrit_avec_l_identite() -> None:
    [seul] = gens(1)
    puce = vitale([seul])
    puce.dossiers[AID_MF]["sfi2"] = dit(seul, "93", "82", "81", "80")
    puce.dossiers[AID_VITALE]["sfi2"] = dit(seul, "80")
    assert [(i.nom, i.nir, i.cle) for i in lire(puce).identites] == [(seul.nom, seul.nir, seul.cle)]


@pytest.mark.parametrize("etiquette", ["81", "82", "93"])
def test_deux_fichiers_qui_se_contredisent(etiquette: str) -> None:
    """The order alone ties a number to a person: when both files say more and disagree, nobody is read."""
    titulaires = gens(2)
    puce = vitale(titulaires)
    puce.dossiers[AID_MF]["sfi2"] = b"".join(dit(t, "80", "81", "82", etiquette) for t in titulaires)
    puce.dossiers[AID_VITALE]["sfi2"] = b"".join(dit(t, "93", etiquette) for t in reversed(titulaires))
    with pytest.raises(ErreurConnue) as refus:
        lire(puce)
    assert refus.value.code == "CARTE_ILLISIBLE"
    assert titulaires[0].nom not in refus.value.phrase()
    puce.dossiers[AID_VITALE]["sfi2"] = b"".join(dit(t, "93", etiquette) for t in titulaires)
    assert [i.nir for i in lire(puce).identites] == [t.nir for t in titulaires]


@pytest.mark.parametrize("fin", [0x6A86, 0x6B00, 0x9000])
def test_cps_dont_les_fichiers_se_choisissent_par_p1_02(fin: int) -> None:
    maitre: dict[int | str, bytes] = {
        0xD003: bytes.fromhex("5A0A 8025000001 00A1B2C3D4"),
        0xD010: objet("EC", objet("81", b"20240101") + objet("82", b"20240102")).ljust(32, b"\xff"),
    }
    puce = PuceEtrangere({AID_MF: maitre}, atr=ATR_CPS, maximum=12, fin=fin)
    with CanalVirtuel({"fente": puce}).connecter("fente") as session:
        assert lecture.lire_puce_cps(session) == lecture.PuceCps("00A1B2C3D4", "20240102")
    assert not [envoi for envoi in puce.envois if envoi[1] == 0x20]
