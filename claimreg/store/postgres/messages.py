"""Messages to a shared registry's server: as each waits for an answer, several statements go in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

if TYPE_CHECKING:
    from collections.abc import Sequence


class Statement(NamedTuple):
    """A statement with the values of its placeholders."""

    text: str
    values: Sequence[object] = ()


class Messages:
    """Statements over one connection; what begins a transaction waits for the next statement, and goes with it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self._beginning: Statement | None = None

    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction is open, or begins with the next statement."""
        return self._beginning is not None or self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE

    def begin(self, statement: str) -> None:
        """Begin a transaction with the next statement."""
        self._beginning = Statement(statement)

    def end(self, statement: str) -> None:
        """End a transaction; one that was never begun needs no ending."""
        begun, self._beginning = self._beginning is None, None
        if begun:
            self.connection.execute(statement.encode())

    def rows(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that a statement gives; raises what psycopg raises, as all of them do."""
        return self.send(Statement(text, values))[-1]

    def content(self, text: str, *values: object) -> bytes | None:
        """The bytes in the only column of the only row, ``None`` where there is none; not as text, which the server refuses of many."""
        beginning, self._beginning = self._beginning, None
        if beginning is not None:
            self.connection.execute(beginning.text.encode())
        row = self.connection.execute(text.encode(), values, binary=True).fetchone()
        return bytes(row[0]) if row is not None else None

    def send(self, *statements: Statement) -> list[list[tuple[Any, ...]]]:
        """Send statements in one message; gives the rows of each, none of one that has none.

        Where one fails, those after it are not carried out.
        """
        if self._beginning is not None:
            statements, self._beginning = (self._beginning, *statements), None
        if len(statements) == 1:
            text, values = statements[0]
            cursor = self.connection.execute(text.encode(), values or None)
        else:
            # Values are written into the text, by libpq's own rules: placeholders are for one statement.
            cursor = psycopg.ClientCursor(self.connection)
            text = "; ".join(one.text for one in statements)
            cursor.execute(text.encode(), [value for one in statements for value in one.values])
        answers = []
        while True:
            answers.append(cursor.fetchall() if cursor.description is not None else [])
            if not cursor.nextset():
                return answers
