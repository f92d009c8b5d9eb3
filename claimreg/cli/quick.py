"""`show ID` in its plain forms, answered without Typer, whose import takes longer than the whole read.

Scripts call it in loops. Whatever is out of the ordinary (other options, a terminal, an unknown id, a damaged registry) is
left to the command proper, so that there is but one way in which things are told.
"""

import sys

from claimreg.cli.location import registry_location
from claimreg.errors import ClaimregError


def answered(arguments: list[str]) -> bool:
    """Whether the command was one of those, and has been carried out."""
    wanted = _show_arguments(arguments)
    if wanted is None or (sys.stdout.encoding or "").lower() != "utf-8":
        return False
    record_id, location, json = wanted
    if not json and sys.stdout.isatty():
        return False
    text = _shown(record_id, registry_location(location), json=json)
    if text is None:
        return False
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        from claimreg.cli.boundary import let_go_of_stdout

        let_go_of_stdout()
    return True


def _show_arguments(arguments: list[str]) -> tuple[str, str | None, bool] | None:
    """The id, the location and whether JSON is wanted, of a command line that says no more than these."""
    words: list[str] = []
    location: str | None = None
    json = False
    rest = iter(arguments)
    for argument in rest:
        if argument == "--db":
            location = next(rest, "")
        elif argument == "--json" and words:
            json = True
        else:
            words.append(argument)
    plain = len(words) == 2 and words[0] == "show" and not words[1].startswith("-") and location != ""  # noqa: PLR2004 -- command and id
    return (words[1], location, json) if plain else None


def _shown(record_id: str, location: str, *, json: bool) -> str | None:
    from claimreg.store.factory import open_store, registry_exists

    try:
        if location == "memory:" or not registry_exists(location):
            return None
        store = open_store(location, create=False)
    except ClaimregError:
        return None
    from claimreg.cli.records import record_json, record_lines
    from claimreg.services.lookup import require_any

    try:
        with store.snapshot() as reader:
            record = require_any(reader, record_id, withdrawn=True)
            if json:
                from claimreg.render.machine import dumps

                return dumps(record_json(reader, record)) + "\n"
            return "".join(f"{line}\n" for line in record_lines(reader, record))
    except ClaimregError:
        return None
    finally:
        store.close()
