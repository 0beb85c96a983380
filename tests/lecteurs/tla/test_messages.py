"""The messages: exact both ways, checked, bounded; anything else is one typed refusal."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesam_desktop.cartes.tlv import Tlv
from sesam_desktop.lecteurs.tla import champs, messages
from sesam_desktop.lecteurs.tla.messages import Commande, Etiquette, Message, Statut
from sesam_desktop.noyau.erreurs import FormatInvalide

OBJETS = st.lists(
    st.builds(Tlv, st.sampled_from(list(Etiquette)).map(int), st.binary(max_size=200)), max_size=6
).map(tuple)
MESSAGES = st.builds(Message, st.integers(1, 0xFF), st.integers(0, 0xFFFF), OBJETS)


def refus(octets: bytes) -> str:
    with pytest.raises(FormatInvalide) as erreur:
        messages.lire(octets)
    return erreur.value.code


@given(MESSAGES)
def test_aller_et_retour(message: Message) -> None:
    assert messages.lire(messages.ecrire(message)) == message


def test_octets_d_un_message_calcules_a_la_main() -> None:
    """01 version, 22 command, 0007 number, D0 03 'D-1'; CRC-32 (IEEE 802.3) from zlib."""
    message = Message(Commande.ACQUITTER, 7, (champs.texte(Etiquette.IDENTIFIANT, "D-1"),))
    corps = bytes.fromhex("01220007D003442D31")
    assert messages.ecrire(message) == corps + zlib.crc32(corps).to_bytes(4, "big")


@given(st.binary(max_size=300))
def test_octets_quelconques(octets: bytes) -> None:
    assert refus(octets) == "TLA_ILLISIBLE"


@given(MESSAGES, st.data())
def test_un_bit_change_est_vu(message: Message, donnees: st.DataObject) -> None:
    octets = bytearray(messages.ecrire(message))
    rang = donnees.draw(st.integers(0, len(octets) * 8 - 1))
    octets[rang // 8] ^= 1 << rang % 8
    assert refus(bytes(octets)) == "TLA_ILLISIBLE"


@given(st.binary(max_size=64))
def test_un_corps_quelconque_bien_controle(corps: bytes) -> None:
    """A terminal that lies with a good checksum: fields, or a typed refusal."""
    entier = bytes([messages.VERSION, 0x81, 0, 1]) + corps
    try:
        lu = messages.lire(entier + zlib.crc32(entier).to_bytes(4, "big"))
    except FormatInvalide as erreur:
        assert erreur.code == "TLA_ILLISIBLE"
    else:
        assert sum(len(objet.valeur) for objet in lu.objets) <= len(corps)


def test_une_autre_version_est_dite() -> None:
    corps = bytes([2, 1, 0, 0])
    assert refus(corps + zlib.crc32(corps).to_bytes(4, "big")) == "TLA_VERSION"


def test_un_message_est_borne_des_deux_cotes() -> None:
    trop = Message(1, 0, (Tlv(Etiquette.OCTETS, bytes(messages.TAILLE_MAXIMALE)),))
    with pytest.raises(FormatInvalide, match="dépasse la taille"):
        messages.ecrire(trop)
    assert refus(bytes(messages.TAILLE_MAXIMALE + 1)) == "TLA_ILLISIBLE"
    morceau = Message(Commande.MORCEAU, 0xFFFF, (
        Tlv(Etiquette.EMPREINTE, bytes(32)), champs.entier(Etiquette.POSITION, 0xFFFFFFFF),
        Tlv(Etiquette.OCTETS, bytes(messages.MORCEAU)),
    ))
    assert len(messages.ecrire(morceau)) <= messages.TAILLE_MAXIMALE


def test_une_reponse_porte_le_code_et_le_numero_de_sa_question() -> None:
    reponse = messages.repondre(Message(Commande.LIRE, 513), Statut.INCONNU)
    assert messages.ecrire(reponse)[:7] == bytes.fromhex("01A10201C00104")
    assert reponse.champs.octets(Etiquette.STATUT, 1) == b"\x04"
