"""Checker of a B2 stream: structure, nesting, sequences, codes, keys, totals. Memory does not grow with the file.

What one record says alone is judged by `controle_zones` and `cles`, its place by `ordre`, sums by `cumuls`, invoice
numbers by `numeros`. Here they are put together, and each record is compared with the invoice, lot and file around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from sesam_desktop.noyau.erreurs import FormatInvalide

from ..anomalie import LIMITE, Anomalie, borner
from ..controle_zones import anomalie, controler
from ..enregistrement import Enregistrement
from ..registre import registre
from . import cles
from .cumuls import CumulsFacture, CumulsFichier, CumulsLot, Ecart
from .lecture import LONGUEUR, VARIANTE_PAR_DEFAUT, Tranche, decouper, type_de, variante_annoncee, version_du_lot
from .numeros import Numeros
from .ordre import Ordre

_CLES_FACTURE = ("numero_partenaire", "nir_assure", "cle_nir_assure", "numero_facture")
_REGIME, _ORGANISME = slice(6, 8), slice(11, 14)  # within the 14 digits of an addressee
_SANS_REGIME = ("OC", "CS", "OT")  # insurers and concentrators: their number has no régime of ours


def verifier(source: bytes | BinaryIO, variante: str = "", *, limite: int = LIMITE) -> list[Anomalie]:
    """Anomalies of the stream in file order, `borner` says how many. Never raises on malformed content."""
    return borner(_Controle(variante).anomalies(source), limite)


class _Controle:
    """State of one pass: the open invoice, lot and file."""

    def __init__(self, variante: str) -> None:
        self.imposee = variante
        self.variante = variante or VARIANTE_PAR_DEFAUT
        self.ordre = Ordre()
        self.entete: Enregistrement | None = None
        self.facture: CumulsFacture | None = None
        self.lot: CumulsLot | None = None
        self.fichier = CumulsFichier()
        self.numeros = Numeros()

    def anomalies(self, source: bytes | BinaryIO) -> Iterator[Anomalie]:
        try:
            for tranche in decouper(source):
                yield from self._tranche(tranche)
        finally:
            self.numeros.fermer()
        if self.ordre.precedent != "999":
            yield Anomalie(0, 0, "", "SEQUENCE", "Le fichier ne se termine pas par un enregistrement 999.")

    def _tranche(self, tranche: Tranche) -> Iterator[Anomalie]:
        if tranche.separee:
            message = "Une fin de ligne sépare les enregistrements : la norme n'en prévoit pas."
            yield Anomalie(tranche.ligne, 0, "", "SEPARATEUR", message, avertissement=True)
        if len(tranche.octets) != LONGUEUR:
            message = f"L'enregistrement compte {len(tranche.octets)} caractères au lieu de {LONGUEUR}."
            yield Anomalie(tranche.ligne, 0, "", "LONGUEUR", message)
            return
        type_ = type_de(tranche.octets)
        if not self.imposee:
            try:
                self.variante = variante_annoncee(type_, tranche, self.variante)
            except FormatInvalide as erreur:
                yield Anomalie.depuis(erreur)
        yield from self._enregistrement(Enregistrement(type_, tranche.octets, self.variante, tranche.ligne))

    def _enregistrement(self, e: Enregistrement) -> Iterator[Anomalie]:
        self.fichier.enregistrements += 1
        if self.lot:
            self.lot.enregistrements += 1
        yield from controler(e, chiffre=self._chiffre())
        if e.layout is None:
            self._compter_inconnu(e)
            return
        yield from self.ordre.suivre(e)
        if _lisible(e):
            for ecart in self._ecarts(e):
                yield anomalie(e, ecart.zone, ecart.code, ecart.message, avertissement=ecart.avertissement)
        elif e.type == "2":
            self.facture = None

    def _chiffre(self) -> bool:
        return self.entete is not None and self.entete.zones["cryptage"] == "O"

    def _compter_inconnu(self, e: Enregistrement) -> None:
        if self.facture and e.type[0] in "34":
            self.facture.complements += 1

    def _ecarts(self, e: Enregistrement) -> Iterator[Ecart]:
        yield from cles.ecarts(e.type, e.zones)
        if e.type == "000":
            self.entete = e
            yield from _destinataire(e)
        elif e.type == "999":
            yield from self.fichier.ecarts(e.zones, self.entete.zones if self.entete else {})
        elif e.type == "1":
            self.fichier.lots += 1
            self.lot = CumulsLot(e.zones)
            yield from self._debut_de_lot(e)
        elif e.type == "6":
            yield from self.lot.ecarts(e.zones) if self.lot else ()
            self.lot = None
        else:
            yield from self._dans_facture(e)

    def _debut_de_lot(self, e: Enregistrement) -> Iterator[Ecart]:
        if self.entete and self.entete.zones["numero_destinataire"][_ORGANISME] != e.zones["organisme_destinataire"]:
            yield Ecart("organisme_destinataire", "DESTINATAIRE", "L'organisme du lot n'est pas celui de l'en-tête.")
        fiche = registre().exiger(e.variante)
        if version_du_lot(e.octets) not in fiche.versions:
            message = f"Cette version de la norme n'est pas connue : le lot est contrôlé comme {fiche.nom}."
            yield Ecart("version_norme", "VERSION_INCONNUE", message, avertissement=True)

    def _dans_facture(self, e: Enregistrement) -> Iterator[Ecart]:
        if e.type == "2":
            yield from self._ouvrir(e)
        elif self.facture is None:
            return
        elif any(e.zones[cle] != self.facture.entete[cle] for cle in _CLES_FACTURE):
            yield Ecart("numero_facture", "RUPTURE", "L'enregistrement n'appartient pas à la facture ouverte.")
        elif e.type == "5":
            yield from self.facture.ecarts_5(e.zones)
            if self.lot:
                self.lot.ajouter(self.facture)
        elif e.type == "5S":
            yield from self.facture.ecarts_5s(e.zones)
        else:
            yield from self.facture.ajouter(e.type, e.zones)
            yield from self._apres_le_lot(e)

    def _apres_le_lot(self, e: Enregistrement) -> Iterator[Ecart]:
        """An act dated after its own lot. The century is not on the wire, hence a mere warning."""
        zone = {"3": "date_fin", "4": "date_soins"}.get(e.type)
        if zone and self.lot and self.lot.entete["date_lot"] < e.zones[zone]:
            yield Ecart(zone, "DATES", "Les soins sont datés après la constitution du lot.", avertissement=True)

    def _ouvrir(self, e: Enregistrement) -> Iterator[Ecart]:
        self.facture = CumulsFacture(e.zones)
        numero = e.zones["numero_facture"]
        if not numero.strip("0"):
            yield Ecart("numero_facture", "NUMERO_NUL", "Le numéro de facture est nul.")
        if not self.numeros.ajouter(e.zones["numero_partenaire"], numero):
            yield Ecart("numero_facture", "DOUBLON", "Ce numéro de facture figure déjà dans le fichier.")
        yield from self._regime(e)

    def _regime(self, e: Enregistrement) -> Iterator[Ecart]:
        """One file, one régime, when its addressee is a fund. The table of funds may merge two: a mere warning."""
        if self.entete is None or self.entete.zones["type_destinataire"] in _SANS_REGIME:
            return
        if self.entete.zones["numero_destinataire"][_REGIME] != e.zones["regime"]:
            message = "Le régime de la facture n'est pas celui du destinataire du fichier."
            yield Ecart("regime", "DESTINATAIRE", message, avertissement=True)


def _destinataire(e: Enregistrement) -> Iterator[Ecart]:
    """The number of a fund: six zeros, régime on two digits, centre and organisme on three."""
    fait = re.fullmatch("0{6}[0-9]{8}", e.zones["numero_destinataire"])
    if not fait and e.zones["type_destinataire"] not in _SANS_REGIME:
        message = "Le numéro de destinataire n'est pas fait de six zéros, du régime, du centre et de l'organisme."
        yield Ecart("numero_destinataire", "DESTINATAIRE", message, avertissement=True)


def _lisible(e: Enregistrement) -> bool:
    try:
        return bool(e.zones)
    except FormatInvalide:
        return False
