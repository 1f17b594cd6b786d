"""What every repository is: a few verbs on the connection of the running transaction. No statement of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import Executable, RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"
"""What a document may hold."""


class Repository:
    """Holds the connection; lives as long as the transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _do(self, statement: Executable, **values: object) -> int:
        """Number of rows changed."""
        return (await self._connection.execute(statement, values)).rowcount

    async def _do_many(self, statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            await self._connection.execute(statement, [dict(row) for row in rows])

    async def _one(self, statement: Executable, **values: object) -> RowMapping | None:
        return (await self._connection.execute(statement, values)).mappings().one_or_none()

    async def _all(self, statement: Executable, **values: object) -> Sequence[RowMapping]:
        return (await self._connection.execute(statement, values)).mappings().all()

    async def _number(self, statement: Executable, **values: object) -> int:
        """The one number a statement returns."""
        number: int = (await self._connection.execute(statement, values)).scalar_one()
        return number
