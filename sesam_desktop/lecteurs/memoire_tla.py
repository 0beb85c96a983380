"""The memory of a virtual terminal: contents loaded, documents that wait, load in progress; on the disk if asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from sesam_desktop.base.fichiers import dossier_prive, remplacer


@dataclass
class _Chargement:
    contenu: int
    empreinte: bytes
    taille: int
    octets: bytes = b""


class MemoireTla:
    """Bounded by `capacite`, in bytes. The load in progress is lost when the terminal is switched off."""

    def __init__(self, capacite: int, chemin: Path | None = None) -> None:
        self.capacite = capacite
        self.contenus: dict[int, bytes] = {}
        self.documents: dict[str, bytes] = {}
        self.signees: set[str] = set()
        self._chemin = chemin
        self._dernier = 0
        self._chargement: _Chargement | None = None
        if chemin is not None and chemin.exists():
            self._relire(chemin)

    @property
    def libre(self) -> int:
        attente = self._chargement.taille if self._chargement else 0
        gardes = [*self.contenus.values(), *self.documents.values()]
        return self.capacite - attente - sum(len(octets) for octets in gardes)

    def ouvrir(self, contenu: int, empreinte: bytes, taille: int) -> int | None:
        """Position from which this load goes on, None when there is no room for it beside what is kept."""
        en_cours = self._chargement
        if en_cours is None or (en_cours.contenu, en_cours.empreinte, en_cours.taille) != (contenu, empreinte, taille):
            self._chargement = None
            if taille > self.libre:
                return None
            self._chargement = en_cours = _Chargement(contenu, empreinte, taille)
        return len(en_cours.octets)

    def poser(self, empreinte: bytes, position: int, octets: bytes) -> int | None:
        """Where the next piece starts; None when this one is of no load, or leaves a hole."""
        en_cours = self._chargement
        if en_cours is None or en_cours.empreinte != empreinte or position > len(en_cours.octets):
            return None
        if position + len(octets) > en_cours.taille:
            return None
        en_cours.octets = en_cours.octets[:position] + octets
        return len(en_cours.octets)

    def valider(self, empreinte: bytes) -> bool:
        """Put the load in the place of the content of its kind. True again when it is already there."""
        en_cours = self._chargement
        if en_cours is None or en_cours.empreinte != empreinte:
            return any(hashlib.sha256(octets).digest() == empreinte for octets in self.contenus.values())
        if len(en_cours.octets) != en_cours.taille or hashlib.sha256(en_cours.octets).digest() != empreinte:
            return False
        self.contenus[en_cours.contenu] = en_cours.octets
        self._chargement = None
        self._garder()
        return True

    def deposer(self, octets: bytes) -> str:
        self._dernier += 1
        nom = f"D{self._dernier:06d}"
        self.documents[nom] = octets
        self._garder()
        return nom

    def oublier(self, nom: str) -> None:
        del self.documents[nom]
        self._garder()

    def noter_signee(self, numero: str) -> None:
        self.signees.add(numero)
        self._garder()

    def vider(self) -> None:
        """Patients and invoices; documents are not touched."""
        self.contenus.clear()
        self.signees.clear()
        self._chargement = None
        self._garder()

    def _garder(self) -> None:
        if self._chemin is None:
            return
        dossier_prive(self._chemin.parent)
        etat = {
            "contenus": {str(genre): octets.hex() for genre, octets in self.contenus.items()},
            "documents": {nom: octets.hex() for nom, octets in self.documents.items()},
            "signees": sorted(self.signees), "dernier": self._dernier,
        }
        remplacer(self._chemin, json.dumps(etat).encode())

    def _relire(self, chemin: Path) -> None:
        etat = json.loads(chemin.read_bytes())
        self.contenus = {int(genre): bytes.fromhex(octets) for genre, octets in etat["contenus"].items()}
        self.documents = {nom: bytes.fromhex(octets) for nom, octets in etat["documents"].items()}
        self.signees, self._dernier = set(etat["signees"]), etat["dernier"]
