"""Rows of the workstation's database. They know no invoice: a document is bytes with a hash and events.

Bound to the database opened last by `base.connexion.Base` (one per process). Rooms turn their values into rows and
back in their own `depot.py`. Instants are ISO 8601 UTC text, dates ISO text, money integer centimes.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BlobField,
    CharField,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

mandataire = DatabaseProxy()


class Modele(Model):
    class Meta:
        database = mandataire
        legacy_table_names = False


class Document(Modele):
    """An immutable document. Columns after `empreinte` are copies for search; `etat` caches the last event's state."""

    numero = CharField(max_length=9, primary_key=True)
    genre = CharField()                      # FSE, DRE
    empreinte = CharField(max_length=64)     # SHA-256 of its content
    cree_le = CharField()
    date_soins = CharField(index=True)
    patient = CharField(index=True)          # NOM Prénom, for search
    patient_cle = CharField(index=True)      # NIR + birth date + rank
    destinataire = CharField(index=True)     # régime + organisme + centre informatique
    niveau = CharField(max_length=1)
    total_centimes = IntegerField()
    amo_centimes = IntegerField()
    amc_centimes = IntegerField()
    assure_centimes = IntegerField()
    remplace = CharField(max_length=9, default="")
    etat = CharField(index=True)
    recherche = CharField(default="")        # number, name and NIR, folded by `recherche.plier`
    numero_flux = CharField(max_length=9, default="", index=True)  # on the wire, when it is not `numero`
    liee = CharField(max_length=9, default="", index=True)  # DRE: the invoice whose AMC part it asks for

    @property
    def contenu(self) -> bytes:
        """Canonical JSON."""
        return bytes(ContenuDocument.get_by_id(self.numero).octets)


class ContenuDocument(Modele):
    """Apart from the row whose state moves: SQLite writes a whole row again at each of its changes."""

    document = ForeignKeyField(Document, primary_key=True)
    octets = BlobField()


class Evenement(Modele):
    """Append-only journal, chained over the whole table: empreinte = SHA-256(precedente + every other column)."""

    id = AutoField()
    document = CharField(index=True)         # Document.numero, or "" for an event of the workstation
    nom = CharField(index=True)
    instant = CharField()
    donnees = TextField(default="{}")        # JSON
    precedente = CharField(max_length=64)
    empreinte = CharField(max_length=64)


class Compteur(Modele):
    nom = CharField(primary_key=True)
    valeur = IntegerField()


class Parametre(Modele):
    nom = CharField(primary_key=True)
    valeur = TextField()                     # JSON


class Message(Modele):
    """Outbox. `octets` never changes; message_id is fixed at creation, so sending twice is recognisable."""

    id = AutoField()
    message_id = CharField(unique=True)
    boite = CharField()                      # RSV, OCT, SCOR: the mailbox it leaves by
    destinataire = CharField()
    etat = CharField(index=True)             # prete, en_envoi, remise, acquittee, refusee, en_attente, en_quarantaine
    essais = IntegerField(default=0)
    prochain_essai = CharField(default="")
    derniere_erreur = TextField(default="")
    cree_le = CharField()
    remis_le = CharField(default="")

    @property
    def octets(self) -> bytes:
        """The mail."""
        return bytes(ContenuMessage.get_by_id(self.id).octets)


class ContenuMessage(Modele):
    """Apart for the same reason."""

    message = ForeignKeyField(Message, primary_key=True)
    octets = BlobField()


class Tentative(Modele):
    """One try at sending a message, append-only: when, how long, and the server's words."""

    id = AutoField()
    message = ForeignKeyField(Message, backref="tentatives")
    instant = CharField()
    duree_ms = IntegerField()
    resultat = CharField()                   # state reached, incertain, interrompu; then retard, distribue, absence
    reponse = TextField()


class Lot(Modele):
    id = AutoField()
    genre = CharField()                      # FSE, DRE, SCOR
    regime = CharField(max_length=2)
    organisme = CharField(max_length=3)
    centre_informatique = CharField(max_length=3)
    numero = CharField(max_length=3)
    date_constitution = CharField()
    identification = CharField(max_length=6)  # of the file, same in 000 and 999
    etat = CharField(index=True)             # constitue, transmis, acquitte, refuse
    nombre = IntegerField()
    total_centimes = IntegerField()
    amo_centimes = IntegerField()
    message = ForeignKeyField(Message, backref="lots", null=True)
    amc = CharField(max_length=10, default="")   # DRE: number of the AMC it is for; régime and organisme are then empty
    verdict = CharField(default="")          # of the check module: accepte, avertissement, refuse; empty: not checked
    remarques = TextField(default="[]")      # JSON: what it said

    class Meta:
        indexes = ((("genre", "regime", "organisme", "amc", "numero", "date_constitution"), True),)

    @property
    def contenu(self) -> bytes:
        """The clear file."""
        return bytes(ContenuLot.get_by_id(self.id).octets)


class ContenuLot(Modele):
    """Apart for the same reason."""

    lot = ForeignKeyField(Lot, primary_key=True)
    octets = BlobField()


class LotDocument(Modele):
    lot = ForeignKeyField(Lot, backref="documents")
    document = ForeignKeyField(Document, backref="lots")
    rang = IntegerField()

    class Meta:
        primary_key = CompositeKey("lot", "document")


class Courrier(Modele):
    """One message taken from the mailbox, kept raw; a content seen before is a doublon and changes nothing."""

    id = AutoField()
    empreinte = CharField(max_length=64, unique=True)
    octets = BlobField()
    recu_le = CharField()
    genre = CharField(default="")            # ARL, NOEMIE, SCOR, SERVICE
    etat = CharField(index=True)             # a_lire, lu, quarantaine, classe
    motif = TextField(default="")
    boite = CharField(default="")            # RSV, OCT, SCOR: the mailbox it came by; empty: imported from a file


class Retour(Modele):
    """What a courrier said of one lot or payment."""

    id = AutoField()
    courrier = ForeignKeyField(Courrier, backref="retours")
    genre = CharField(index=True)            # ARL+, ARL-, NOEMIE, SCOR+, SCOR-
    lot = ForeignKeyField(Lot, backref="retours", null=True)
    recu_le = CharField()
    donnees = TextField(default="{}")        # JSON: reading of the return
    empreinte = CharField(max_length=64, index=True)  # of what identifies the reading: the same one twice is one
    document = CharField(max_length=9, default="", index=True)  # NOEMIE: Document.numero, "" until it is matched


class LigneBancaire(Modele):
    """One line of the bank statement, imported; the same one imported again changes nothing."""

    id = AutoField()
    empreinte = CharField(max_length=64, unique=True)
    date = CharField(index=True)
    libelle = CharField()
    montant_centimes = IntegerField()
    etat = CharField(index=True)             # a_rapprocher, rapprochee, classee
    importee_le = CharField()


class Virement(Modele):
    """One payment that a return announces, for all the invoices, retentions and lump sums it groups."""

    id = AutoField()
    courrier = ForeignKeyField(Courrier, backref="virements")
    date = CharField(index=True)             # "" when the return gives none
    libelle = CharField(default="")
    organisme = CharField(default="", index=True)  # who pays, as the return names it
    montant_centimes = IntegerField()        # what it should be: signed sum of what it groups
    etat = CharField(index=True)             # attendu, recu, ecart, sans_versement
    rang = IntegerField()                    # of its accounting day in the return


class Pointage(Modele):
    """A bank line and a payment that were put together: either may have several of the other."""

    ligne = ForeignKeyField(LigneBancaire, backref="pointages")
    virement = ForeignKeyField(Virement, backref="pointages")

    class Meta:
        primary_key = CompositeKey("ligne", "virement")


class Reglement(Modele):
    """What one return says of one part of one invoice. Amounts are signed centimes."""

    id = AutoField()
    courrier = ForeignKeyField(Courrier, backref="reglements")
    virement = ForeignKeyField(Virement, backref="reglements", null=True)
    retour = ForeignKeyField(Retour, backref="reglements")
    document = CharField(max_length=9, index=True)   # Document.numero, "" until the return is matched
    part = CharField(max_length=3)           # AMO, AMC
    etat = CharField(max_length=1)           # P, R, D, "" as on the wire
    demande_centimes = IntegerField()
    paye_centimes = IntegerField()
    date = CharField(default="", index=True)  # of payment


class Mouvement(Modele):
    """Money that belongs to no invoice's own amount: retention, undue sum asked back, lump payment."""

    id = AutoField()
    courrier = ForeignKeyField(Courrier, backref="mouvements")
    virement = ForeignKeyField(Virement, backref="mouvements", null=True)
    genre = CharField(index=True)            # retenue, indu, forfait, rappel
    reference = CharField(default="")
    nature = CharField(default="")
    libelle = CharField(default="")
    montant_centimes = IntegerField()
    solde_centimes = IntegerField(default=0)
    date = CharField(default="")
    document = CharField(max_length=9, default="", index=True)  # Document.numero when the return names one
    empreinte = CharField(max_length=64, index=True)  # of what identifies the reading


class LibelleAppris(Modele):
    """A code of rejection or remark and the words a fund gave it: no official table is public, so they are learnt."""

    code = CharField()
    libelle = CharField()
    organisme = CharField()                  # who said it
    nombre = IntegerField()
    premier_le = CharField()
    dernier_le = CharField()

    class Meta:
        primary_key = CompositeKey("code", "libelle", "organisme")


class Piece(Modele):
    """A scanned document as it will be sent (PDF)."""

    id = AutoField()
    genre = CharField()                      # ORD, FSP, CERFA
    contenu = BlobField()
    empreinte = CharField(max_length=64)
    pages = IntegerField()
    dpi = IntegerField()
    etat = CharField(index=True)             # prete, emise, acquittee, rejetee, classee
    cree_le = CharField()
    lot = ForeignKeyField(Lot, backref="pieces", null=True)


class PieceDocument(Modele):
    piece = ForeignKeyField(Piece, backref="documents")
    document = ForeignKeyField(Document, backref="pieces")

    class Meta:
        primary_key = CompositeKey("piece", "document")


class PatientConnu(Modele):
    """Patients seen before, so that a tour or a degraded invoice can start without the card."""

    cle = CharField(primary_key=True)        # NIR + birth date + rank
    nom = CharField(index=True)
    prenom = CharField()
    donnees = TextField()                    # JSON of factures.facture.Patient
    vu_le = CharField()
    recherche = CharField(default="")        # name and NIR, folded


class Brouillon(Modele):
    """An invoice being composed: survives a crash, disappears when signed or cancelled."""

    id = AutoField()
    contenu = TextField()
    modifie_le = CharField()


class FacturePreparee(Modele):
    """An invoice priced and numbered here, lent to a portable terminal for the Vitale to sign at home."""

    numero = CharField(max_length=9, primary_key=True)
    contenu = BlobField()                    # canonical JSON of the priced invoice
    empreinte = CharField(max_length=64)     # SHA-256 of the bytes the Vitale is to sign
    terminal = CharField(index=True)         # serial number
    etat = CharField(index=True)             # preparee, dechargee, signee, rendue
    preparee_le = CharField()


class DocumentTla(Modele):
    """One document unloaded from a portable terminal, raw; the same content unloaded again changes nothing."""

    empreinte = CharField(max_length=64, primary_key=True)  # SHA-256 of `octets`
    octets = BlobField()
    terminal = CharField(index=True)         # serial number
    identifiant = CharField()                # name the terminal gave it
    ecart_s = IntegerField()                 # seconds the terminal's clock was ahead when it was unloaded
    recu_le = CharField()
    genre = CharField(default="")            # facture, lecture
    etat = CharField(index=True)             # a_signer, a_composer, signee, composee, refusee, classee
    numero = CharField(default="", index=True)  # FacturePreparee.numero
    code = CharField(default="")             # why it was refused
    motif = TextField(default="")
    acquitte_le = CharField(default="")      # when the terminal was told that it may forget it


TABLES = (
    Document, ContenuDocument, Evenement, Compteur, Parametre, Message, ContenuMessage, Tentative, Lot, ContenuLot,
    LotDocument, Courrier, Retour, LigneBancaire, Virement, Pointage, Reglement, Mouvement, LibelleAppris, Piece,
    PieceDocument, PatientConnu, Brouillon, FacturePreparee, DocumentTla,
)
