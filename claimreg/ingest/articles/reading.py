"""Reading of articles: plain ones on the spot, all others in a process that may do nothing but read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from claimreg.ingest.articles.parsing import article_kind, parse_article
from claimreg.ingest.formats import PLAIN
from claimreg.ingest.sandbox.pool import Reader
from claimreg.ingest.types import Hints, Limits, Task

if TYPE_CHECKING:
    from types import TracebackType

    from claimreg.services.articles import Article

_SHORT = 1 << 18
"""Bytes of a plain text up to which it is read sooner than a process would be there."""


class ArticleReader:
    """Reader of any number of articles, one after the other; its process starts with the first that needs one."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._reader = Reader(self._limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def read(self, content: bytes, hints: Hints) -> Article:
        """Read an article; raises `InputError` where it cannot be read within the limits."""
        hints = hints._replace(guess_language=False)
        if len(content) <= _SHORT and article_kind(content, hints) == PLAIN:
            return parse_article(content, hints, self._limits)
        return self._reader.read_article(Task(content, hints))

    def close(self) -> None:
        """End the process."""
        self._reader.close()


def read_article(content: bytes, hints: Hints, limits: Limits | None = None) -> Article:
    """Read one article; raises `InputError` where it cannot be read within the limits."""
    with ArticleReader(limits) as reader:
        return reader.read(content, hints)
