"""Settings of one workstation, kept in `poste.toml` of its profile. No secret stands in it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from sesam_desktop.factures.facture import OPTIONS_TARIFAIRES
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue

FICHIER = "poste.toml"
PROFESSIONS = (
    "pharmacien", "infirmier", "medecin", "masseur_kinesitherapeute", "sage_femme", "dentiste", "orthophoniste",
    "orthoptiste", "pedicure", "fournisseur", "laboratoire",
)


@dataclass(frozen=True, slots=True)
class Courrier:
    """Mail account of the workstation. The password lives in the platform's keyring, never here."""

    adresse: str = ""
    utilisateur: str = ""
    smtp_hote: str = ""
    smtp_port: int = 587
    pop_hote: str = ""
    pop_port: int = 995
    autorite_tls: str = ""         # PEM file, empty: the system's authorities


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything a user may set."""

    profession: str = "pharmacien"
    demonstration: bool = False
    departement: str = ""
    option_tarifaire: str = ""     # optam or optam_aco, when the doctor has joined it
    domaine_caisses: str = "rss.fr"
    type_flux: str = "R"           # R real, T test, D demonstration
    profil_chiffrement: str = "3DES-CBC"
    module_pkcs11: str = ""
    bibliotheques_ssv: str = ""    # folder of the GIE's libraries, empty: the program reads cards by itself
    sesam_ini: str = ""            # the sesam.ini these libraries must read, empty: theirs
    courrier: Courrier = field(default_factory=Courrier)


def lire(profil: Path) -> Configuration:
    """Settings of `profil`; defaults when the file does not exist. Unknown keys are refused with their name."""
    chemin = profil / FICHIER
    if not chemin.exists():
        return Configuration()
    try:
        donnees = tomllib.loads(chemin.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as erreur:
        raise ErreurConnue(
            "Le fichier de configuration est illisible.",
            code="CONFIGURATION_ILLISIBLE",
            ou=str(chemin),
            action=f"Corrigez-le ou supprimez-le pour repartir des valeurs par défaut ({erreur}).",
        ) from erreur
    return _verifier(_construire(donnees, str(chemin)), str(chemin))


def ecrire(profil: Path, configuration: Configuration) -> None:
    """Replace the file whole."""
    from sesam_desktop.base.fichiers import remplacer

    _verifier(configuration, FICHIER)
    remplacer(profil / FICHIER, en_toml(configuration).encode("utf-8"))


def en_toml(configuration: Configuration) -> str:
    """TOML of flat strings, integers and booleans (a JSON scalar is a TOML scalar for these)."""
    donnees = asdict(configuration)
    courrier = donnees.pop("courrier")
    lignes = [f"{nom} = {_scalaire(valeur)}" for nom, valeur in donnees.items()]
    lignes += ["", "[courrier]"]
    lignes += [f"{nom} = {_scalaire(valeur)}" for nom, valeur in courrier.items()]
    return "\n".join(lignes) + "\n"


def _scalaire(valeur: str | int | bool) -> str:
    # JSON leaves DEL as it is, TOML refuses it.
    return json.dumps(valeur, ensure_ascii=False).replace("\x7f", "\\u007f")


def _construire(donnees: dict[str, Any], ou: str) -> Configuration:
    courrier = donnees.pop("courrier", {})
    if not isinstance(courrier, dict):
        raise EntreeInvalide("La rubrique « courrier » est mal écrite.", code="CONFIGURATION_INVALIDE", ou=ou)
    _refuser_inconnues(donnees, Configuration, ou)
    _refuser_inconnues(courrier, Courrier, ou)
    return replace(Configuration(**donnees), courrier=Courrier(**courrier))


def _refuser_inconnues(donnees: dict[str, Any], classe: type, ou: str) -> None:
    types = {champ.name: champ.type for champ in fields(classe)}
    for nom, valeur in donnees.items():
        if nom not in types or nom == "courrier" or type(valeur).__name__ != types[nom]:
            raise EntreeInvalide(
                f"Le réglage « {nom} » est inconnu ou mal écrit.", code="CONFIGURATION_INVALIDE", ou=ou
            )


def _verifier(configuration: Configuration, ou: str) -> Configuration:
    if configuration.profession not in PROFESSIONS:
        raise EntreeInvalide(
            f"La profession « {configuration.profession} » n'est pas prise en charge.",
            code="CONFIGURATION_INVALIDE",
            ou=ou,
            action=f"Choisissez {', '.join(PROFESSIONS)}.",
        )
    if configuration.option_tarifaire not in OPTIONS_TARIFAIRES:
        raise EntreeInvalide(
            f"L'option tarifaire « {configuration.option_tarifaire} » n'existe pas.",
            code="CONFIGURATION_INVALIDE", ou=ou, action="Choisissez optam ou optam_aco, ou laissez vide.",
        )
    for port in (configuration.courrier.smtp_port, configuration.courrier.pop_port):
        if not 0 < port < 65536:
            raise EntreeInvalide(f"Le port {port} n'existe pas.", code="CONFIGURATION_INVALIDE", ou=ou)
    return configuration
