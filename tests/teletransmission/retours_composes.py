"""Returns as a fund would write them, for the tests of this room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sesam_desktop.base.modeles import Lot
from sesam_desktop.flux import arl, message, noemie

VIREMENT = date(2026, 3, 9)


def dernier_lot() -> Lot:
    return Lot.select().order_by(Lot.id.desc()).get()


def accuse(du_lot: Lot, positif: bool = True, **autres: Any) -> bytes:
    """The ARL of a lot; `autres` replaces what it says."""
    champs: dict[str, Any] = {
        "positif": positif, "genre": "SCOR" if du_lot.genre == "SCOR" else "FSE", "lot": du_lot.numero,
        "identification": "" if du_lot.genre == "SCOR" else du_lot.identification,
        "date_lot": date.fromisoformat(du_lot.date_constitution),
        "anomalies": () if positif else (arl.AnomalieArl("SIG", "SIGNATURE FAUSSE", 3),),
        "emetteur": f"000000{du_lot.regime}{du_lot.centre_informatique}{du_lot.organisme}", "destinataire": "0" * 14,
        "cree_le": VIREMENT,
    }
    return arl.ecrire(arl.Arl(**(champs | autres)))


def paiement(lot: Lot, factures: Sequence[dict[str, Any]], jour: date = VIREMENT) -> bytes:
    """A NOEMIE return: for each invoice `numero`, `etat`, `paye`, `motif`, and `amc` = (etat, paye)."""
    date_lot = date.fromisoformat(lot.date_constitution).strftime("%y%m%d")
    entites = [
        noemie.entite("071", date_comptable=jour.strftime("%y%m%d"), libelle_virement_1="VIREMENT"),
        noemie.entite("080", date_lot=date_lot, numero_lot=lot.numero),
    ]
    for facture in factures:
        entites += _facture(facture, lot.numero, date_lot)
    entete = noemie.Entete("0576", f"000000{lot.regime}000{lot.organisme}", "0" * 14, "RETOUR", jour)
    return noemie.composer(entete, entites)


def _facture(facture: dict[str, Any], lot: str, date_lot: str) -> list[Any]:
    entites = [
        noemie.entite(
            "102", numero_facture=facture["numero"], numero_lot=lot, date_lot=date_lot, type_facture="F"
        ),
        _part("198", facture.get("etat", "P"), facture.get("paye", 1750)),
    ]
    if "amc" in facture:
        entites.append(_part("199", *facture["amc"], numero_amc="0000000001"))
    if "motif" in facture:
        code, libelle = facture["motif"]
        entites.append(noemie.entite("294", code_rejet=code, libelle=libelle, niveau_rejet="F", part="O"))
    return entites


def _part(code: str, etat: str, paye: int, **autres: str) -> Any:
    signe = "N" if paye < 0 else "P"
    return noemie.entite(code, montant_demande=1750, etat=etat, montant_paye=abs(paye), signe=signe, **autres)


def courriel(genre: str, contenu: bytes, identifiant: str = "retour-1") -> bytes:
    """The mail a frontal sends."""
    adressage = message.Adressage(
        "frontal@caisse.test", "poste@poste.test", f"retour {genre}", f"{identifiant}@caisse.test",
        datetime.fromisoformat("2026-03-09T10:00:00+00:00"),
    )
    return message.composer(genre, contenu, adressage)
