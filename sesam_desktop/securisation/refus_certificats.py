"""Why no certificate may be used, in French."""

from __future__ import annotations

from collections.abc import Sequence

from sesam_desktop.noyau.erreurs import ErreurConnue

from .x509 import Certificat


def absent(adresse: str) -> ErreurConnue:
    return ErreurConnue(
        f"Aucun certificat n'est enregistré pour {adresse}.", code="CERTIFICAT_ABSENT",
        action="Importez le certificat de cet organisme, ou cherchez-le dans l'annuaire (Paramètres, Certificats).",
    )


def expire(certificat: Certificat) -> ErreurConnue:
    return ErreurConnue(
        f"Le certificat de {certificat.adresse} n'est valable que du {certificat.debut:%d/%m/%Y} au"
        f" {certificat.fin:%d/%m/%Y}.",
        code="CERTIFICAT_EXPIRE", action="Importez le nouveau certificat de cet organisme.",
    )


def introuvable(adresse: str, etats: Sequence[str]) -> ErreurConnue:
    vus = f" ({len(etats)} trouvé(s) : {', '.join(sorted({e.replace('_', ' ') for e in etats}))})" if etats else ""
    return ErreurConnue(
        f"L'annuaire n'a aucun certificat utilisable pour {adresse}{vus}.", code="CERTIFICAT_INTROUVABLE",
        action="Vérifiez l'adresse, ou demandez le certificat à l'organisme.",
    )


def non_reconnu(adresse: str) -> ErreurConnue:
    return ErreurConnue(
        f"Le certificat de {adresse} n'a été émis par aucune des autorités déclarées sur ce poste.",
        code="CERTIFICAT_NON_RECONNU", action="Vérifiez d'où il vient, ou déclarez l'autorité qui l'a émis.",
    )


def inadapte(adresse: str) -> ErreurConnue:
    return ErreurConnue(
        f"Le certificat de {adresse} ne sert pas à chiffrer : il signe, ou il en émet d'autres.",
        code="CERTIFICAT_INADAPTE", action="Importez le certificat de chiffrement de cet organisme.",
    )
