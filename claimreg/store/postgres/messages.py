"""Messages to a shared registry's server: as each waits for an answer, several statements go in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import psycopg

from claimreg.store.postgres.connect import connect
from claimreg.store.postgres.faults import is_lost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimreg.store.postgres.location import Location

AnswerT = TypeVar("AnswerT")


class Statement(NamedTuple):
    """A statement with the values of its placeholders."""

    text: str
    values: Sequence[object] = ()


class Messages:
    """Statements over one connection; what begins a transaction waits for the next statement, and goes with it.

    Where the connection turns out to be lost between two transactions, a new one is made; inside one, psycopg's error is raised.
    ``ended`` is the server's word for what the last statement did.
    """

    def __init__(self, location: Location) -> None:
        self.connection = connect(location)
        self.ended: str | None = None
        self._location = location
        self._beginning: Statement | None = None
        self._is_begun = False

    @property
    def is_in_transaction(self) -> bool:
        """Return whether a transaction is open, or begins with the next statement."""
        return self._beginning is not None or self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE

    def begin(self, statement: str) -> None:
        """Begin a transaction with the next statement."""
        self._beginning = Statement(statement)

    def end(self, statement: str) -> None:
        """End a transaction; one that was never begun needs no ending."""
        is_begun, self._is_begun, self._beginning = self._is_begun, False, None
        if is_begun:
            self.connection.execute(statement.encode())

    def is_ended(self) -> None:
        """Take note that the transaction was ended by a statement that was sent."""
        self._is_begun = False

    def rows(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that a statement gives; raises what psycopg raises, as all of them do."""
        return self.send(Statement(text, values))[-1]

    def content(self, text: str, *values: object) -> bytes | None:
        """The bytes in the only column of the only row, ``None`` where there is none; not as text, which the server refuses of many."""
        if self._beginning is not None:
            beginning, self._beginning = self._beginning, None
            self.send(beginning)
        row = self._connected(lambda: self.connection.execute(text.encode(), values, binary=True).fetchone(), may_repeat=not self._is_begun)
        return bytes(row[0]) if row is not None else None

    def send(self, *statements: Statement) -> list[list[tuple[Any, ...]]]:
        """Send statements in one message; gives the rows of each, none of one that has none.

        Where one fails, those after it are not carried out.
        """
        if self._beginning is not None:
            statements, self._beginning = (self._beginning, *statements), None
        begins = statements[0].text.startswith("BEGIN")
        may_repeat = begins or not self._is_begun
        self._is_begun = self._is_begun or begins
        return self._connected(lambda: self._sent(statements), may_repeat=may_repeat)

    def connect_again(self) -> None:
        """Go on with another connection, outside of any transaction."""
        self.close()
        self._beginning, self._is_begun = None, False
        self.connection = connect(self._location)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _connected(self, work: Callable[[], AnswerT], *, may_repeat: bool) -> AnswerT:
        try:
            return work()
        except psycopg.Error as error:
            # A server that was started anew, or a firewall, ends sessions that nobody uses; a person may look at one link for an hour.
            if not may_repeat or not is_lost(error):
                raise
        is_begun = self._is_begun
        self.connect_again()
        self._is_begun = is_begun
        return work()

    def _sent(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
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
                self.ended = cursor.statusmessage
                return answers
