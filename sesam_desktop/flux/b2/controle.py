"""Checker of a B2 stream: structure, nesting, sequences, keys, totals. Constant memory but for invoice numbers.

Orders, limits and totals are those of the 2005-E establishment norm; the project profile adds its own records.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from sesam_desktop.noyau.erreurs import EntreeInvalide, FormatInvalide
from sesam_desktop.noyau.identifiants import cle_nir, luhn

from ..anomalie import LIMITE, Anomalie
from ..controle_zones import anomalie, controler
from ..enregistrement import Enregistrement
from .cumuls import CumulsFacture, CumulsFichier, CumulsLot, Ecart
from .lecture import LONGUEUR, VARIANTE_PAR_DEFAUT, Tranche, decouper, type_de, variante_annoncee

_APRES_LIGNE = ("3", "4", "5")
_AFFINES_4 = ("4B", "4H", "4M", "4F", "4P")
SUITES: dict[str, tuple[str, ...]] = {
    "": ("000",),
    "000": ("1",),
    "1": ("2",),
    "2": ("2S",),
    "2S": ("3", "4"),
    "3": ("3S", *_APRES_LIGNE),
    "3S": ("3E", "3F", "3H", *_APRES_LIGNE),
    "3E": ("3F", "3H", *_APRES_LIGNE),
    "3F": ("3F", *_APRES_LIGNE),
    "3H": ("3H", *_APRES_LIGNE),
    "4": ("4S",),
    "4S": ("4E", *_AFFINES_4, *_APRES_LIGNE),
    "4E": (*_AFFINES_4, *_APRES_LIGNE),
    **{affine: (affine, *_APRES_LIGNE) for affine in _AFFINES_4},
    "5": ("5S", "2", "6"),
    "5S": ("2", "6"),
    "6": ("1", "999"),
    "999": (),
}
SUITES_DRE = SUITES | {"2S": ("2D",), "2D": ("3", "4")}
_SUITES_PAR_VARIANTE = {"dre_ps_140": SUITES_DRE}
_LIMITES_AFFINES = {"3F": 10, "3H": 10, "4B": 10, "4H": 10, "4M": 26, "4F": 10, "4P": 10}
_CLES_FACTURE = ("numero_partenaire", "nir_assure", "cle_nir_assure", "numero_facture")


def verifier(source: bytes | BinaryIO, variante: str = "", *, limite: int = LIMITE) -> list[Anomalie]:
    """Every anomaly of the stream in file order, `limite` at most. Never raises on malformed content."""
    return list(islice(_Controle(variante).anomalies(source), limite))


class _Controle:
    """State of one pass: the record before, the open invoice, lot and file."""

    def __init__(self, variante: str) -> None:
        self.imposee = variante
        self.variante = variante or VARIANTE_PAR_DEFAUT
        self.precedent = ""
        self.entete: Enregistrement | None = None
        self.facture: CumulsFacture | None = None
        self.lot: CumulsLot | None = None
        self.fichier = CumulsFichier()
        self.sequence = 0
        self.seance = ""
        self.numeros: set[str] = set()

    def anomalies(self, source: bytes | BinaryIO) -> Iterator[Anomalie]:
        for tranche in decouper(source):
            yield from self._tranche(tranche)
        if self.precedent != "999":
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
        yield from controler(e)
        if e.layout is None:
            self._compter_inconnu(e)
            return
        yield from self._ordre(e)
        if _lisible(e):
            yield from self._coherence(e)
        elif e.type == "2":
            self.facture = None

    def _compter_inconnu(self, e: Enregistrement) -> None:
        if self.facture and e.type[0] in "34":
            self.facture.complements += 1

    def _ordre(self, e: Enregistrement) -> Iterator[Anomalie]:
        attendus = _SUITES_PAR_VARIANTE.get(self.variante, SUITES).get(self.precedent, ())
        if e.type not in attendus:
            attendu = " ou ".join(attendus) or "rien"
            apres = f"après l'enregistrement {self.precedent}" if self.precedent else "au début du fichier"
            yield anomalie(e, "type_enregistrement", "SEQUENCE", f"{attendu} attendu {apres}, trouvé {e.type}.")
        if e.type in _LIMITES_AFFINES:
            yield from self._affine(e)
        self.precedent = e.type

    def _affine(self, e: Enregistrement) -> Iterator[Anomalie]:
        rang = int(e.octets[36:38]) if e.octets[36:38].isdigit() else 0
        precedente = self.sequence if self.precedent == e.type else 0
        if rang <= precedente:
            yield anomalie(e, "sequence", "SEQUENCE", "Les numéros de séquence doivent croître à partir de 01.")
        if rang > _LIMITES_AFFINES[e.type]:
            message = f"Une ligne admet au plus {_LIMITES_AFFINES[e.type]} enregistrements {e.type}."
            yield anomalie(e, "sequence", "LIMITE", message)
        self.sequence = rang

    def _coherence(self, e: Enregistrement) -> Iterator[Anomalie]:
        for ecart in self._ecarts(e):
            yield anomalie(e, ecart.zone, ecart.code, ecart.message, avertissement=ecart.avertissement)

    def _ecarts(self, e: Enregistrement) -> Iterator[Ecart]:
        if e.type == "000":
            self.entete = e
        elif e.type == "999":
            yield from self.fichier.ecarts(e.zones, self.entete.zones if self.entete else {})
        elif e.type == "1":
            self.fichier.lots += 1
            self.lot = CumulsLot(e.zones)
            yield from self._destinataire(e)
        elif e.type == "6":
            yield from self.lot.ecarts(e.zones) if self.lot else ()
            self.lot = None
        else:
            yield from self._dans_facture(e)

    def _destinataire(self, e: Enregistrement) -> Iterator[Ecart]:
        if self.entete and self.entete.zones["numero_destinataire"][-3:] != e.zones["organisme_destinataire"]:
            yield Ecart("organisme_destinataire", "DESTINATAIRE", "L'organisme du lot n'est pas celui de l'en-tête.")

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
            yield from self._seances(e)

    def _seances(self, e: Enregistrement) -> Iterator[Ecart]:
        if e.type == "4M" and e.zones["sequence"] != "01" and (e.zones["date_seance"] or "") < self.seance:
            yield Ecart("date_seance", "SEQUENCE", "Les dates de séance doivent croître.")
        self.seance = e.zones["date_seance"] or "" if e.type == "4M" else ""

    def _ouvrir(self, e: Enregistrement) -> Iterator[Ecart]:
        self.facture = CumulsFacture(e.zones)
        numero = e.zones["numero_facture"]
        if not numero.strip("0"):
            yield Ecart("numero_facture", "NUMERO_NUL", "Le numéro de facture est nul.")
        if numero in self.numeros:
            yield Ecart("numero_facture", "DOUBLON", "Ce numéro de facture figure déjà dans le fichier.")
        self.numeros.add(numero)
        if not _cle_juste(e.zones["nir_assure"], e.zones["cle_nir_assure"]):
            yield Ecart("cle_nir_assure", "CLE_NIR", "La clé du NIR ne correspond pas.")
        if not luhn(e.zones["numero_partenaire"]):
            message = "La clé du numéro de partenaire ne correspond pas."
            yield Ecart("numero_partenaire", "CLE_PARTENAIRE", message, avertissement=True)


def _lisible(e: Enregistrement) -> bool:
    try:
        return bool(e.zones)
    except FormatInvalide:
        return False


def _cle_juste(nir: str, cle: str) -> bool:
    try:
        return cle_nir(nir) == cle
    except EntreeInvalide:
        return False
