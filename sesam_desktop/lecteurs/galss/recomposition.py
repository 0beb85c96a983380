"""The content of `galss.ini` once each card has its slot: realigned, converted from serial, or made whole.

Only three inputs are touched: a file of PC/SC channels with CPS and Vitale on its first two, a single serial channel,
and no file at all. Anything else is refused: a structure that is not understood is not rewritten.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import PureWindowsPath

from sesam_desktop.lecteurs.appareils import appareil, hors_usage
from sesam_desktop.noyau.erreurs import ErreurConnue

from .galss_controles import ALIAS_API_LECTURE
from .galss_modele import CONFIG, PCSC, PSS, Canal, FichierGalss
from .ini import FichierIni
from .ressources import ROLE_DE

PROTOCOLE = "PROTOCOLE1"
# Windows and macOS: names of the GALSS. Linux: by analogy (project profile), no PC/SC library of it is published.
_BIBLIOTHEQUES = {
    "win32": ("PSSINW64.DLL", "PCSCW64.DLL"),
    "darwin": ("pssinosx.framework", "pcscosx.framework"),
    "linux": ("libpssinlux.so", "libpcsclux.so"),
}
_PCSC_DE = {"pssinw32.dll": "PCSCW32.DLL", **{pss.casefold(): pcsc for pss, pcsc in _BIBLIOTHEQUES.values()}}
_CLES_REPRISES = frozenset((("config", "nbcanaux"), ("protocole1", "listecanaux")))


def actuelles(fichier: FichierGalss) -> dict[str, str]:
    """Role → reader that the file names for it now, of a PC/SC file."""
    return {role: canal.caracteristiques for role, canal in _canaux_des_roles(fichier).items() if canal.est_pcsc}


def exiger_forme(fichier: FichierGalss, lecteurs: Sequence[str]) -> None:
    """Refuse (GALSS_FORME_INCONNUE) a file that is none of the accepted inputs."""
    doublons = fichier.ini.doublons()
    if doublons:
        raise inconnue(f"une section ou une clé y est donnée deux fois (ligne {doublons[0].numero})")
    if not _est_serie(fichier):
        _exiger_pcsc(fichier, lecteurs)


def realigner(
    fichier: FichierGalss, choix: Mapping[str, str], lecteurs: Sequence[str], plateforme: str = sys.platform
) -> FichierIni:
    """An accepted file with these readers, and nothing else changed. `lecteurs`: every PC/SC reader there is."""
    ini = FichierIni(fichier.ini.octets())
    if _est_serie(fichier):
        _convertir(ini, fichier, choix, _bibliotheque_pcsc(fichier, plateforme))
    else:
        for role, canal in _canaux_des_roles(fichier).items():
            _poser(ini, canal.section, "Caracteristiques", choix[role])
        _compter(ini, fichier, _sans_fantomes(ini, fichier.decrits, lecteurs))
    if ini.octets() != fichier.ini.octets() and (ini.a_des_nuls or not ini.est_cp1252):
        return ini.en_cp1252()
    return ini


def creer(choix: Mapping[str, str], plateforme: str = sys.platform) -> FichierIni:
    """A whole file for these two readers."""
    fin = b"\r\n" if plateforme == "win32" else b"\n"
    ini = FichierIni(b"; galss.ini : lecteurs PC/SC trouves par sesam-desktop" + fin)
    pss, pcsc = _BIBLIOTHEQUES.get(plateforme, _BIBLIOTHEQUES["linux"])
    ini.ajouter_section(CONFIG, {"NbCanaux": "2"})
    ini.ajouter_section("PROTOCOLE0", {"Config": "1000,20,15000", "NomLib": pss})
    ini.ajouter_section(PROTOCOLE, {"Config": "0", "NomLib": pcsc, "ListeCanaux": "1,2"})
    for rang, nom in enumerate(ROLE_DE, start=1):
        _ajouter_canal(ini, rang, nom, choix[ROLE_DE[nom]], (ALIAS_API_LECTURE[nom],))
    return ini


def _canaux_des_roles(fichier: FichierGalss) -> dict[str, Canal]:
    """Role → its channel, of the first two."""
    trouves = {}
    for canal in fichier.decrits[:2]:
        noms = {lad.nom.casefold() for lad in canal.lads}
        for nom, role in ROLE_DE.items():
            if nom.casefold() in noms:
                trouves[role] = canal
    return trouves


def _est_serie(fichier: FichierGalss) -> bool:
    if len(fichier.decrits) != 1:
        return False
    canal = fichier.decrits[0]
    return canal.est_serie and canal.protocole == PSS and len(canal.pads) == 1 and PSS in fichier.protocoles


def _exiger_pcsc(fichier: FichierGalss, lecteurs: Sequence[str]) -> None:
    """Refuse what is not a plain PC/SC file. What the rewriting mends (counts, readers) may be wrong."""
    roles = _canaux_des_roles(fichier)
    rangs = [canal.rang for canal in fichier.decrits]
    simple = all(canal.est_pcsc and canal.protocole == PCSC for canal in fichier.decrits)
    if not simple or rangs != list(range(1, len(rangs) + 1)) or len({c.rang for c in roles.values()}) != 2:
        raise inconnue("il ne décrit pas deux canaux PC/SC, l'un pour CPS, l'autre pour Vitale")
    fantomes = {canal.section.casefold() for canal in _fantomes(fichier.decrits, lecteurs)}
    for anomalie in fichier.anomalies:
        section, cle = anomalie.section.casefold(), anomalie.cle.casefold()
        reprise = (section, cle) in _CLES_REPRISES or cle == "caracteristiques"
        if anomalie.grave and not reprise and section.partition(".")[0] not in fantomes:
            raise inconnue(anomalie.phrase())


def inconnue(motif: str) -> ErreurConnue:
    """The file is left as it is, and why."""
    return ErreurConnue(
        f"Ce fichier galss.ini n'a pas une forme que le programme sait réécrire : {motif}.".replace("..", "."),
        code="GALSS_FORME_INCONNUE",
        action="Corrigez-le à la main, ou faites-le corriger par l'installateur de votre lecteur.",
    )


def _fantomes(canaux: Sequence[Canal], lecteurs: Sequence[str]) -> list[Canal]:
    """The last channels, from the third on, whose reader is not there."""
    presents = len(canaux)
    while presents > 2 and not _est_la(canaux[presents - 1].caracteristiques, lecteurs):
        presents -= 1
    return list(canaux[presents:])


def _est_la(lecteur: str, lecteurs: Sequence[str]) -> bool:
    """A contactless interface is never listed: it is there when its device is."""
    if hors_usage(lecteur):
        return appareil(lecteur) in map(appareil, lecteurs)
    return lecteur in lecteurs


def _sans_fantomes(ini: FichierIni, canaux: Sequence[Canal], lecteurs: Sequence[str]) -> list[Canal]:
    """Take the phantom channels out of `ini`; the others."""
    fantomes = _fantomes(canaux, lecteurs)
    for canal in fantomes:
        _retirer_canal(ini, canal)
    return [canal for canal in canaux if canal not in fantomes]


def _retirer_canal(ini: FichierIni, canal: Canal) -> None:
    debut = f"{canal.section}.".casefold()
    for section in ini.sections():
        if f"{section}.".casefold().startswith(debut):
            ini.retirer_section(section)


def _compter(ini: FichierIni, fichier: FichierGalss, gardes: Sequence[Canal]) -> None:
    """Make the counts follow. A channel that the file did not count is not brought into use."""
    nombre = max(2, min(fichier.nb_canaux or len(gardes), len(gardes)))
    _poser(ini, CONFIG, "NbCanaux", str(nombre))
    attendus = set(range(1, nombre + 1))
    if PCSC not in fichier.protocoles or set(fichier.protocoles[PCSC].canaux) != attendus:
        _poser(ini, PROTOCOLE, "ListeCanaux", ",".join(map(str, sorted(attendus))))


def _bibliotheque_pcsc(fichier: FichierGalss, plateforme: str) -> str:
    """The one that goes with the PSS library of the file, its folder aside."""
    defaut = _BIBLIOTHEQUES.get(plateforme, _BIBLIOTHEQUES["linux"])[1]
    return _PCSC_DE.get(PureWindowsPath(fichier.protocoles[PSS].nom_lib).name.casefold(), defaut)


def _convertir(ini: FichierIni, fichier: FichierGalss, choix: Mapping[str, str], bibliotheque: str) -> None:
    """One serial channel becomes two PC/SC ones; [PROTOCOLE0] stays, and the aliases of both cards."""
    alias = {lad.nom.casefold(): lad.alias for lad in fichier.decrits[0].lads}
    _retirer_canal(ini, fichier.decrits[0])
    _poser(ini, CONFIG, "NbCanaux", "2")
    for cle, valeur in {"Config": "0", "NomLib": bibliotheque}.items():
        if not ini.valeur(PROTOCOLE, cle):
            ini.poser(PROTOCOLE, cle, valeur)
    _poser(ini, PROTOCOLE, "ListeCanaux", "1,2")
    for rang, nom in enumerate(ROLE_DE, start=1):
        _ajouter_canal(ini, rang, nom, choix[ROLE_DE[nom]], alias.get(nom.casefold()) or (ALIAS_API_LECTURE[nom],))


def _ajouter_canal(ini: FichierIni, rang: int, nom: str, lecteur: str, alias: Sequence[str]) -> None:
    canal = {"TCanal": "3", "Index": str(rang), "Protocole": "1", "Caracteristiques": lecteur, "NbPAD": "1"}
    ini.ajouter_section(f"CANAL{rang}", canal)
    ini.ajouter_section(f"CANAL{rang}.PAD1", {"PAD": "0", "NbLAD": "1"})
    noms = {f"NomAlias{n}": valeur for n, valeur in enumerate(alias, start=1)}
    ini.ajouter_section(f"CANAL{rang}.PAD1.LAD1", {"LAD": "1", "NomLAD": nom, "NbAlias": str(len(alias)), **noms})


def _poser(ini: FichierIni, section: str, cle: str, valeur: str) -> None:
    if ini.valeur(section, cle) != valeur:
        ini.poser(section, cle, valeur)
