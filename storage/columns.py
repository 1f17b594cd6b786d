"""What all tables share: the metadata with its names for constraints, and the columns written again and again."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, Text

from storage.dialect import Document, Id, Names, Time

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[int]:
    """The counting primary key."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def words(name: str, *, null: bool = False, default: str | None = None) -> Column[str]:
    """Text of any length."""
    return Column(name, Text, nullable=null, server_default=default)


def moment(name: str, *, null: bool = False) -> Column[object]:
    """A point in time."""
    return Column(name, Time, nullable=null)


def document(name: str, *, null: bool = False) -> Column[object]:
    """A JSON document."""
    return Column(name, Document, nullable=null)


def names(name: str, *, null: bool = False) -> Column[object]:
    """Several names."""
    return Column(name, Names, nullable=null)


def link(name: str, target: str, *, null: bool = False) -> Column[int]:
    """The id of a row of the table `target`."""
    return Column(name, BigInteger, ForeignKey(f"{target}.id"), nullable=null)
