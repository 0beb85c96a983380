"""The official tables kept as articles, by the name given to `referentiels importer`."""

from __future__ import annotations

from . import ccam, ccam_lecture, lpp, lpp_lecture, nabm, nabm_lecture, prestations, tfr, ucd
from .articles import Source

SOURCES: dict[str, Source] = {
    ccam.SOURCE: Source("classification commune des actes médicaux", ("ccam*.csv",), ccam_lecture.analyser),
    lpp.SOURCE: Source(
        "liste des produits et prestations", ("LPP_FICHE_TOT*.dbf", "LPP_HISTO_TOT*.dbf"), lpp_lecture.lire,
        (("NT_LPP.csv", "IR_LPP_V.csv"), ("lpp_*.csv",)),
    ),
    nabm.SOURCE: Source(
        "nomenclature des actes de biologie médicale", ("NABM_FICHE_TOT*.dbf", "NABM_HISTO_TOT*.dbf"),
        nabm_lecture.lire, (("IR_BIO_R.csv", "IR_BTF_R.csv"), ("nabm_*.csv",)),
    ),
    ucd.SOURCE: Source("codes UCD", ("ucd_total*.dbf",), ucd.lire, (("NU_UCD_R.csv",),)),
    prestations.SOURCE: Source("codes prestation", ("codes_prestation*.csv",), prestations.lire, (("IR_NAT_V.csv",),)),
    tfr.SOURCE: Source("tarifs forfaitaires de responsabilité", ("tfr*.csv",), tfr.lire),
}
