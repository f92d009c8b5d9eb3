"""Columns of a table of claims, a row for each who said it: their names, what each holds, and which column of a file is which of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError, UsageError
from claimreg.render.safe import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimreg.services.exchange.rows import Reading


class Column(NamedTuple):
    """A column: its name and what it holds, for people; ``is_read`` is false for what is written only."""

    name: str
    what: str
    is_read: bool = True


COLUMNS = (
    Column("claim_id", "Anything that tells this claim from the others of the table. Rows with the same claim_id are one claim."),
    Column("external_id", "The claim's id elsewhere, such as the address of the review. By it the claim is known again."),
    Column("claim", "What was said, in your own short words. The only column that must have something in each row."),
    Column("title", "A short heading for lists."),
    Column("lang", "The language of the claim: kk, ru, en, pt-BR, …"),
    Column("case", "The name of the case or investigation that the claim belongs to."),
    Column("tags", "Key words, with a semicolon between them."),
    Column("by", "Who said it: a person, a court, an office, a newspaper. One for each row; others who said it have rows of their own."),
    Column("stance", "How the speaker stands to it: asserts, denies, reports, questions or rules. Empty is asserts."),
    Column("quote", "The speaker's own words, to the letter."),
    Column("quote_lang", "The language of the quote."),
    Column("said_at", "When it was said: 2022-05-02, 2022-05, 2022 or 2 May 2022."),
    Column("source", "The source with these words: its address, its id in the registry (S1), or a name that other rows use, too."),
    Column("source_title", "The title of the source."),
    Column("source_url", "The address of the source, where the column source has something else. It is not fetched."),
    Column("publisher", "Who published the source."),
    Column("published_at", "When the source was published, written like said_at."),
    Column("link_kind", "How the quote's words compare with the source's; claimreg finds out.", is_read=False),
    Column("link_state", "What a person decided on that: suggested, confirmed or rejected.", is_read=False),
    Column("source_start", "The first character of the quote in the source's text.", is_read=False),
    Column("source_end", "The character after its last one.", is_read=False),
    Column("flags", "What to look at before believing it: number, negation, …", is_read=False),
    Column("not_judged", "What could not be judged in this language.", is_read=False),
    Column("verdict", "The rating of the claim: False, Misleading, … One for each claim, in any of its rows."),
    Column("scheme", "The name of the scale that the rating is of."),
    Column("why", "The reasons for the rating."),
    Column("rated_by", "Who rated it."),
    Column("rated_at", "When it was rated, written like said_at."),
)

NAMES = tuple(column.name for column in COLUMNS)
READ = tuple(column for column in COLUMNS if column.is_read)
LINK_NAMES = frozenset(column.name for column in COLUMNS if not column.is_read)
DAYS = frozenset({"said_at", "published_at"})
"""Columns of days, of which the time of the day is no part."""

MOST_COLUMNS = 2**14
"""Columns that a spreadsheet has at most."""

_MOST_NAMED = 30
_MOST_LETTERS = 40
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


class Header(NamedTuple):
    """Places of our columns in a file's rows, from 0, with the names, and those of columns that are none of ours."""

    width: int
    known: tuple[tuple[int, str], ...]
    unknown: tuple[tuple[int, str], ...]

    @property
    def places_of_days(self) -> frozenset[int]:
        """Places of the columns whose dates have no time of the day."""
        return frozenset(place for place, name in self.known if name in DAYS)


def names_known(cells: Sequence[str], renamed: Sequence[tuple[str, str]] = ()) -> int:
    """Number of the names in a header that are ours, or are renamed to ours."""
    known = {*NAMES, *(_spelled(theirs) for theirs, _ours in renamed)}
    return sum(_spelled(cell) in known for cell in cells)


def header_of(cells: Sequence[str], reading: Reading) -> Header:
    """The header in a file's first row; letter case, spaces and hyphens do not count.

    Raises `UsageError` for a column renamed to none of ours or that is not there, `InputError` for a header without claims, or one that
    has a column twice.
    """
    if len(cells) > MOST_COLUMNS:
        raise InputError(f"{reading.name} has {len(cells):,} columns, more than a spreadsheet may ({MOST_COLUMNS:,}).")
    renamed = dict(_renamed(cells, reading))
    taken = set(renamed.values())
    known: list[tuple[int, str]] = list(renamed.items())
    unknown: list[tuple[int, str]] = []
    for place, cell in enumerate(cells):
        name = _spelled(cell)
        if place in renamed:
            continue
        if name in NAMES and name not in taken:
            known.append((place, name))
        else:
            unknown.append((place, cell.strip() or f"column {place + 1}, which has no name"))
    _check(known, cells, reading)
    return Header(len(cells), tuple(sorted(known)), tuple(unknown))


def _renamed(cells: Sequence[str], reading: Reading) -> Iterator[tuple[int, str]]:
    """The places of columns that are renamed, with our names; a name as it is written goes before one that is spelled alike."""
    spelled = [_spelled(cell) for cell in cells]
    for theirs, ours in reading.renamed:
        name = _spelled(ours)
        if name not in NAMES:
            raise UsageError(f"“{shortened(ours, _MOST_LETTERS)}” is no column; {_nearest(name)}.")
        exact = [place for place, cell in enumerate(cells) if cell.strip() == theirs.strip()]
        places = exact or [place for place, cell in enumerate(spelled) if cell == _spelled(theirs)]
        if not places:
            raise UsageError(f"{reading.name} has no column “{shortened(theirs, _MOST_LETTERS)}”; {_columns_of(cells)}.")
        yield places[0], name


def _check(known: Sequence[tuple[int, str]], cells: Sequence[str], reading: Reading) -> None:
    names = [name for _place, name in known]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            raise InputError(f"{reading.name} has the column {name} more than once; rename all but one.")
    if "claim" not in names:
        raise InputError(f"{reading.name} has no column claim; {_columns_of(cells)}. Say which has the claims: --map THEIRS=claim.")


def _columns_of(cells: Sequence[str]) -> str:
    named = [f"“{shortened(cell.strip(), _MOST_LETTERS)}”" for cell in cells if cell.strip()]
    if not named:
        return "its columns have no names"
    more = f" and {len(named) - _MOST_NAMED:,} more" if len(named) > _MOST_NAMED else ""
    return f"its columns are {', '.join(named[:_MOST_NAMED])}{more}"


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name[:_MOST_LETTERS], NAMES, n=1)
    return f"the nearest one is {near[0]}" if near else f"columns are {', '.join(NAMES)}"


def _spelled(name: str) -> str:
    return _BETWEEN_WORDS.sub("_", name.strip().strip("\ufeff").casefold()).strip("_")
