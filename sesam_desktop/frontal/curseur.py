"""The records of a B2 file one after the other, each read by its table of zones, with the values it may have."""

from __future__ import annotations

from functools import lru_cache

from sesam_desktop.flux import zones
from sesam_desktop.noyau.erreurs import FormatInvalide

from .lot_lu import Ligne
from .refus import Motif, Refus

LONGUEUR = 128
_VARIANTES = {"DRE": "dre_ps_140"}
_VARIANTE = "b2_ps_140"
_NORME = slice(61, 65)            # of the header
_FAMILLES = "2345"
_ZONES_DE_NORME = ("norme", "version_norme")


def variante_de(octets: bytes) -> str:
    """The layouts that the header of a file asks for."""
    return _VARIANTES.get(octets[_NORME].decode("latin-1").strip(), _VARIANTE)


def type_de(octets: bytes) -> str:
    """Type of one 128-byte record. The letter of a complement stands where the others have a digit."""
    texte = octets[:39].decode("latin-1")
    if texte[:3] in ("000", "999"):
        return texte[:3]
    if texte[:1] not in _FAMILLES:
        return texte[:1]
    for position in (35, 38):
        if texte[position : position + 1].isalpha() and not (position == 35 and texte[0] in "25"):
            return texte[0] + texte[position]
    return texte[0]


class Curseur:
    """Walks the records. `type` is "" once past the end."""

    def __init__(self, octets: bytes) -> None:
        if not octets or len(octets) % LONGUEUR:
            raise Refus(Motif.ENTETE, "La longueur du fichier n'est pas un multiple de 128.")
        self.nombre = len(octets) // LONGUEUR
        self.variante = variante_de(octets)
        self.dre = self.variante != _VARIANTE
        self.sautees = 0
        self._octets, self._lus = octets, 0

    @property
    def brut(self) -> bytes:
        """Octets of the current record."""
        return self._octets[self._lus * LONGUEUR : (self._lus + 1) * LONGUEUR]

    @property
    def type(self) -> str:
        return type_de(self.brut)

    @property
    def rang(self) -> int:
        return min(self._lus + 1, self.nombre)

    def exiger(self, type: str) -> Ligne:
        """The current record, which must be of that type; moves on."""
        if self._lus == self.nombre:
            raise Refus(Motif.ENTETE, f"Enregistrement {type} attendu, fin du fichier.", self.nombre)
        ligne = _ligne(self.brut, self.rang, self.variante)
        if ligne.type != type:
            raise Refus(Motif.ENTETE, f"Enregistrement {type} attendu, « {ligne.type} » trouvé.", self.rang)
        self._lus += 1
        return ligne

    def exiger_fin(self) -> None:
        if self._lus < self.nombre:
            raise Refus(Motif.ENTETE, "Le fichier continue après l'enregistrement 999.", self.rang)

    def sauter_facture(self, rang: int) -> None:
        """Past the invoice that begins at that record, whatever it is made of."""
        self._lus, self.sautees = rang, self.sautees + 1
        while self.type not in ("2", "6", "999", ""):
            self._lus += 1


def _ligne(octets: bytes, rang: int, variante: str) -> Ligne:
    type_lu = type_de(octets)
    layout = zones.layout(variante, type_lu)
    if layout is None:
        raise Refus(Motif.ENTETE, f"Le type d'enregistrement « {type_lu} » est inconnu.", rang)
    try:
        valeurs = layout.lire(octets, rang)
    except FormatInvalide as erreur:
        raise Refus(Motif.ENTETE, f"Zone « {erreur.zone} » illisible.", rang) from None
    for nom, admises in _valeurs_admises(variante, type_lu):
        if valeurs[nom] is not None and str(valeurs[nom]) not in admises:
            motif = Motif.NORME if nom in _ZONES_DE_NORME else Motif.ENTETE
            raise Refus(motif, f"Zone « {nom} » : valeur non admise.", rang)
    return Ligne(type_lu, valeurs, rang, octets)


@lru_cache(maxsize=128)
def _valeurs_admises(variante: str, type: str) -> tuple[tuple[str, frozenset[str]], ...]:
    layout = zones.exiger(variante, type)
    return tuple((zone.nom, frozenset(zone.valeurs)) for zone in layout.zones if zone.valeurs)
