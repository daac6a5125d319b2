"""The ledger's tables. These classes never leave the door: what goes in and out are the model's values.

A `body` column is the value itself as JSON (msgspec); the columns beside it are those that are asked by. Moments are aware UTC.
Texts that must be one of a few are checked by the model's enums, not by the database, so that a new word needs no migration.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


class Table(SQLModel):
    """Common metadata with names for every constraint, so that migrations can name them."""

    metadata = METADATA


class ObjectRow(Table, table=True):
    """An original as it stands in the vault."""

    __tablename__ = "object"
    sha256: str = Field(primary_key=True)
    size_bytes: int


class DeliveryRow(Table, table=True):
    """One sighting of a message in a mailbox or an import. `sha256` None: vanished before it could be fetched."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("account", "folder", "uidvalidity", "uid"),
        Index("ix_delivery_round", "round_id", "sequence"),
        Index("ix_delivery_message", "round_id", "sha256", "internaldate", "sequence"),
        Index("ix_delivery_sequence", "sequence"),
    )
    id: int | None = Field(default=None, primary_key=True)
    account: str
    folder: str
    uidvalidity: int
    uid: int
    sha256: str | None = Field(default=None, foreign_key="object.sha256")
    size_bytes: int
    round_id: str
    channel: str
    internaldate: datetime
    stored_at: datetime
    answerable: bool
    sequence: int


class FolderRow(Table, table=True):
    """Where a folder stood at the last poll."""

    __tablename__ = "folder_state"
    account: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int
    uidnext: int
    first_polled_at: datetime
    polled_at: datetime


class ReadingRow(Table, table=True):
    """Cache: a Reading as compressed JSON."""

    __tablename__ = "reading"
    sha256: str = Field(primary_key=True)
    version: str
    body: bytes = Field(sa_type=LargeBinary)


class VerdictRow(Table, table=True):
    """Cache: a Verdict as compressed JSON."""

    __tablename__ = "verdict"
    round_id: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    version: str
    body: bytes = Field(sa_type=LargeBinary)


class RecordRow(Table, table=True):
    """What a round's record holds beside messages and responses: campaigns and counts."""

    __tablename__ = "record"
    round_id: str = Field(primary_key=True)
    saved_at: datetime
    body: bytes = Field(sa_type=LargeBinary)


class FiledRow(Table, table=True):
    """What became of a message. `place` keeps the record's own order."""

    __tablename__ = "filed"
    __table_args__ = (Index("ix_filed_place", "round_id", "place"),)
    round_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    place: int
    disposition: str
    response: str | None = None
    body: bytes = Field(sa_type=LargeBinary)


class ResponseRow(Table, table=True):
    """A response. `place` keeps the record's own order."""

    __tablename__ = "response"
    __table_args__ = (Index("ix_response_place", "round_id", "place"),)
    round_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    place: int
    status: str
    received_at: datetime
    body: bytes = Field(sa_type=LargeBinary)


class FoldRow(Table, table=True):
    """What casework keeps of a round between two new messages (casework.kept); made again from the messages at any time."""

    __tablename__ = "fold"
    __table_args__ = ({"sqlite_with_rowid": False},)
    round_id: str = Field(primary_key=True)
    name: bytes = Field(sa_type=LargeBinary, primary_key=True)
    body: bytes = Field(sa_type=LargeBinary)


class NumberRow(Table, table=True):
    """A number once given. `kind` "receipt": `owner` is a message key; "public": a response id."""

    __tablename__ = "number"
    __table_args__ = (UniqueConstraint("round_id", "kind", "number"), Index("ix_number_number", "kind", "number"))
    round_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    owner: str = Field(primary_key=True)
    number: str


class RulingRow(Table, table=True):
    """A person's decision; append-only. The vault has it too."""

    __tablename__ = "ruling"
    round_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    at: datetime
    commitment: str
    body: bytes = Field(sa_type=LargeBinary)


class ErasureRow(Table, table=True):
    """A message that was erased by decision: its tombstone. The vault has it too."""

    __tablename__ = "erasure"
    key: str = Field(primary_key=True)
    round_id: str
    at: datetime
    body: bytes = Field(sa_type=LargeBinary)


class RevisionRow(Table, table=True):
    """A released compilation."""

    __tablename__ = "revision"
    round_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    released_at: datetime
    released_by: str
    manifest_sha256: str


class LetterRow(Table, table=True):
    """The outbox. `recipient` and `domain` are lower-cased for the caps; `address` is as it goes out."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "state", "next_at"),
        Index("ix_letter_round", "round_id", "state"),
        Index("ix_letter_recipient", "recipient", "created_at"),
        Index("ix_letter_domain", "domain", "created_at"),
        Index("ix_letter_message_id", "message_id"),
        Index("ix_letter_created", "state", "created_at", "kind"),
    )
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    round_id: str
    message: str
    kind: str
    address: str
    recipient: str
    domain: str
    language: str
    state: str
    reason: str
    raw: bytes = Field(sa_type=LargeBinary)
    message_id: str
    tries: int
    copies: int
    next_at: datetime
    last_reply: str
    created_at: datetime
    changed_at: datetime


class JournalRow(Table, table=True):
    """One link of the chain; `payload` is canonical JSON."""

    __tablename__ = "journal"
    seq: int = Field(primary_key=True)
    at: datetime
    kind: str
    payload: str
    prev: str
    head: str


class JobRow(Table, table=True):
    """One period of a job: claimed, then done."""

    __tablename__ = "job"
    job: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    claimed_at: datetime | None = None
    done_at: datetime | None = None


class SettingRow(Table, table=True):
    """A value that a person set while running."""

    __tablename__ = "setting"
    key: str = Field(primary_key=True)
    value: str
