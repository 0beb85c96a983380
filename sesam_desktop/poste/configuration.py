"""Settings of one workstation, kept in `poste.toml` of its profile. No secret stands in it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from sesam_desktop.factures.facture import OPTIONS_TARIFAIRES
from sesam_desktop.noyau.erreurs import EntreeInvalide, ErreurConnue
from sesam_desktop.teletransmission import plages

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
    smtp_protection: str = "starttls"     # or tls, from the first byte
    pop_hote: str = ""                    # server of the returns, whichever protocol reads it
    pop_port: int = 995
    retrait: str = "pop3"                 # or imap
    retrait_protection: str = "tls"       # or starttls
    dossier: str = "INBOX"                # folder read by IMAP
    autorite_tls: str = ""         # PEM file, empty: the system's authorities
    certificat_client: str = ""    # PEM file shown to servers that ask for one, with its key in `cle_client`
    cle_client: str = ""
    taille_maximale_ko: int = 2000  # of one encoded mail; project profile, as the norm's limit is not published

    @property
    def reglee(self) -> bool:
        """Whether this mailbox is one: an empty one leaves its mail to the main one."""
        return bool(self.smtp_hote and self.adresse)


@dataclass(frozen=True, slots=True)
class Transmission:
    """How lots are made and when mail leaves."""

    plages: str = ""               # "12:00-14:00, 20:00-23:00": when mail leaves by itself, empty: at any time
    controle_prealable: bool = True  # lots are read by the check module before they may leave
    signature_smime: bool = False  # mails signed by the workstation's certificate before they are encrypted
    certificat_signature: str = ""  # PEM file of that certificate, with its key in `cle_signature`
    cle_signature: str = ""
    degradees_en_iris: bool = False  # degraded invoices leave as IRIS/B2 too, as those that no card secures
    renumeroter: bool = True       # a corrected invoice takes a new number
    factures_par_lot: int = 100
    enregistrements_par_lot: int = 950


@dataclass(frozen=True, slots=True)
class Annuaire:
    """Directory of the organismes' certificates. Empty bases: the published one, or its test branch for test flows."""

    hote: str = "annuaire.sesam-vitale.fr"
    port: int = 389
    protection: str = "aucune"     # or ldaps
    autorite_tls: str = ""         # PEM file, empty: the system's authorities
    base: str = ""
    base_test: str = ""


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
    courrier: Courrier = field(default_factory=Courrier)          # RSV: the funds' network
    courrier_oct: Courrier = field(default_factory=Courrier)      # OCT, when it has a mailbox of its own
    courrier_scor: Courrier = field(default_factory=Courrier)     # scanned pieces, likewise
    transmission: Transmission = field(default_factory=Transmission)
    annuaire: Annuaire = field(default_factory=Annuaire)


_RUBRIQUES = {
    "courrier": Courrier, "courrier_oct": Courrier, "courrier_scor": Courrier, "transmission": Transmission,
    "annuaire": Annuaire,
}
_LIMITES_DES_LOTS = {"factures_par_lot": (1, 999), "enregistrements_par_lot": (10, 999)}
_PARMI = {
    "smtp_protection": ("starttls", "tls"), "retrait_protection": ("starttls", "tls"), "retrait": ("pop3", "imap"),
}


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
    rubriques = {nom: donnees.pop(nom) for nom in _RUBRIQUES}
    lignes = [f"{nom} = {_scalaire(valeur)}" for nom, valeur in donnees.items()]
    for rubrique, contenu in rubriques.items():
        lignes += ["", f"[{rubrique}]"]
        lignes += [f"{nom} = {_scalaire(valeur)}" for nom, valeur in contenu.items()]
    return "\n".join(lignes) + "\n"


def _scalaire(valeur: str | int | bool) -> str:
    # JSON leaves DEL as it is, TOML refuses it.
    return json.dumps(valeur, ensure_ascii=False).replace("\x7f", "\\u007f")


def _construire(donnees: dict[str, Any], ou: str) -> Configuration:
    rubriques = {nom: _rubrique(nom, donnees.pop(nom, {}), ou) for nom in _RUBRIQUES}
    _refuser_inconnues(donnees, Configuration, ou)
    return replace(Configuration(**donnees), **rubriques)


def _rubrique(nom: str, contenu: Any, ou: str) -> Any:
    if not isinstance(contenu, dict):
        raise EntreeInvalide(f"La rubrique « {nom} » est mal écrite.", code="CONFIGURATION_INVALIDE", ou=ou)
    _refuser_inconnues(contenu, _RUBRIQUES[nom], ou)
    return _RUBRIQUES[nom](**contenu)


def _refuser_inconnues(donnees: dict[str, Any], classe: type, ou: str) -> None:
    types = {champ.name: champ.type for champ in fields(classe)}
    for nom, valeur in donnees.items():
        if nom not in types or nom in _RUBRIQUES or type(valeur).__name__ != types[nom]:
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
    for courrier in (configuration.courrier, configuration.courrier_oct, configuration.courrier_scor):
        _verifier_courrier(courrier, ou)
    _verifier_annuaire(configuration.annuaire, ou)
    _verifier_transmission(configuration.transmission, ou)
    return configuration


def _verifier_transmission(reglages: Transmission, ou: str) -> None:
    """A lot of 999 records is the most that known senders make; the smallest invoice takes eight with its lot."""
    plages.lire(reglages.plages, ou)
    if reglages.signature_smime and not reglages.certificat_signature:
        raise EntreeInvalide(
            "Les courriels doivent être signés, mais aucun certificat n'est indiqué.", code="CONFIGURATION_INVALIDE",
            ou=ou, action="Indiquez le certificat de signature, ou retirez cette signature.",
        )
    for nom, bornes in _LIMITES_DES_LOTS.items():
        if not bornes[0] <= (valeur := getattr(reglages, nom)) <= bornes[1]:
            raise EntreeInvalide(
                f"Le réglage « {nom} » ne peut pas valoir {valeur}.", code="CONFIGURATION_INVALIDE", ou=ou,
                action=f"Choisissez entre {bornes[0]} et {bornes[1]}.",
            )


def _verifier_annuaire(annuaire: Annuaire, ou: str) -> None:
    if not 0 < annuaire.port < 65536:
        raise EntreeInvalide(f"Le port {annuaire.port} n'existe pas.", code="CONFIGURATION_INVALIDE", ou=ou)
    if annuaire.protection not in ("aucune", "ldaps"):
        raise EntreeInvalide(
            f"L'annuaire ne peut pas être protégé par « {annuaire.protection} ».", code="CONFIGURATION_INVALIDE",
            ou=ou, action="Choisissez aucune ou ldaps.",
        )


def _verifier_courrier(courrier: Courrier, ou: str) -> None:
    for port in (courrier.smtp_port, courrier.pop_port):
        if not 0 < port < 65536:
            raise EntreeInvalide(f"Le port {port} n'existe pas.", code="CONFIGURATION_INVALIDE", ou=ou)
    for nom, admis in _PARMI.items():
        if (valeur := getattr(courrier, nom)) not in admis:
            raise EntreeInvalide(
                f"Le réglage « {nom} » ne peut pas valoir « {valeur} ».", code="CONFIGURATION_INVALIDE", ou=ou,
                action=f"Choisissez {' ou '.join(admis)}.",
            )
