"""`show ID` and `search WORDS` in their plain forms, answered without Typer, whose import takes longer than the whole read.

Scripts call them in loops. Whatever is out of the ordinary (other options, a terminal, an unknown id, nothing found, a damaged
registry) is left to the command proper, so that there is but one way in which things are told.
"""

import gc
import sys
from contextlib import closing
from typing import NamedTuple

from claimreg.cli.elsewhere import FEW, sources_in_words
from claimreg.cli.settings import of_folder, setting
from claimreg.cli.streams import printing
from claimreg.errors import ClaimregError, ExitCode
from claimreg.store.locations import password_advice
from claimreg.store.port import Store

LIMIT = 20
MOST_DIGITS = 6


class _Asked(NamedTuple):
    """A command line that says no more than this: the command, its one argument, the location, and two options."""

    command: str
    argument: str
    location: str | None
    json: bool
    limit: int


def answered(arguments: list[str]) -> bool:
    """Carry the command out if it is one of those; return whether it was."""
    asked = _read(arguments)
    if asked is None or (sys.stdout.encoding or "").lower() != "utf-8" or (sys.stdout.isatty() and not asked.json):
        return False
    # So short a process makes no garbage that would be worth a look.
    gc.disable()
    try:
        text = _answer(asked)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except Exception:  # noqa: BLE001 -- the command proper meets the same bug, and tells of it as it should
        text = None
    gc.enable()
    if text is None:
        return False
    printing(lambda: _print(*text))
    return True


def _print(text: str, aside: str) -> None:
    sys.stdout.write(text)
    if aside:
        # After what it is about, where both go to one place.
        sys.stdout.flush()
        sys.stderr.write(f"{aside}\n")


def _read(arguments: list[str]) -> _Asked | None:
    words: list[str] = []
    location: str | None = None
    json, limit = False, ""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--db":
            location = next(rest, "")
        elif argument == "--json" and words:
            json = True
        elif argument == "--limit" and words[:1] == ["search"]:
            limit = next(rest, "?")
        else:
            words.append(argument)
    plain = len(words) == 2 and words[0] in {"show", "search"} and not words[1].startswith("-") and location != ""  # noqa: PLR2004 -- command and argument
    if not plain or (limit and not (limit.isascii() and limit.isdigit() and int(limit) and len(limit) <= MOST_DIGITS)):
        return None
    return _Asked(words[0], words[1], location, json, int(limit or LIMIT))


def _answer(asked: _Asked) -> tuple[str, str] | None:
    """Return what goes to standard output, and to standard error."""
    from claimreg.store.factory import open_store, registry_exists

    try:
        location = setting("registry", asked.location).text
        if of_folder().passed_over or (asked.command == "search" and setting("model").text):
            return None
        if location == "memory:" or not registry_exists(location) or password_advice(location):
            return None
        with closing(open_store(location, create=False)) as store:
            return (_shown(store, asked), "") if asked.command == "show" else _found(store, asked)
    except ClaimregError:
        return None


def _shown(store: Store, asked: _Asked) -> str:
    from claimreg.cli.records import record_json, record_lines
    from claimreg.services.lookup import require_any

    with store.snapshot() as reader:
        record = require_any(reader, asked.argument, withdrawn=True)
        if asked.json:
            from claimreg.render.machine import dumps

            return dumps(record_json(reader, record)) + "\n"
        return "".join(f"{line}\n" for line in record_lines(reader, record))


def _found(store: Store, asked: _Asked) -> tuple[str, str] | None:
    from claimreg.render import lines as plain
    from claimreg.render import machine
    from claimreg.services.finding.claim_index import ask
    from claimreg.services.finding.filters import Filters
    from claimreg.services.finding.search import search, with_views

    with store.snapshot() as reader:
        hits = ask(store, lambda index: search(reader, index, asked.argument, Filters(), asked.limit))
        found = with_views(reader, hits)
    if not found:
        return None
    if asked.json:
        return machine.dumps([machine.hit_json(*one) for one in found]) + "\n", ""
    aside = sources_in_words(store, asked.argument) if len(found) < min(FEW, asked.limit) else ""
    return "".join(plain.line(*plain.hit_cells(*one)) + "\n" for one in found), aside
