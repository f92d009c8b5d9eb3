"""Write the reference pages from the program itself: `python docs/reference.py` (into a folder given, else docs/reference)."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import diagram
import rooms
import typer
from typer.main import get_command

from claimreg.cli.app import app
from claimreg.model import RECORD_TYPES, Event, Record
from claimreg.services.evidence.states import REFERENCES
from claimreg.services.exchange.keys import CLAIM, KEYS, PASSED_OVER, SAID

WRITTEN = "<!-- Written by docs/reference.py; change the program, not this page. -->\n\n"
EXAMPLES = "\b\nExamples:\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its whole name, groups before what is in them."""
    root: Any = get_command(app)
    yield "claimreg", root
    yield from _below("claimreg", root)


def _below(name: str, group: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- Typer's command class is not public
    # By name, as the root imports a command when it is asked for.
    for word in group.commands:
        command = group.commands[word]
        whole = f"{name} {word}"
        yield whole, command
        if hasattr(command, "commands"):
            yield from _below(whole, command)


def command_page() -> str:
    """The page of all commands with their arguments, options and examples."""
    start = (
        "# The commands\n\n"
        "`claimreg COMMAND -h` prints the same. `--db LOCATION` says which registry is meant, else `CLAIMREG_DB` does, "
        "else it is one in your own data folder. Exit codes and variables are told in [Use it from scripts](../howto/scripts.md).\n\n"
    )
    return WRITTEN + start + "\n".join(_section(name, command) for name, command in commands())


def _section(name: str, command: Any) -> str:  # noqa: ANN401
    context = typer.Context(command, info_name=name)
    text, _, examples = (command.help or "").partition(EXAMPLES)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    parts = [f"{'#' * (1 + len(name.split()))} {name}", _prose(text), f"```text\n{usage}\n```"]
    records = [(parameter.param_type_name, parameter.get_help_record(context)) for parameter in command.params]
    for kind, heading in (("argument", "Argument"), ("option", "Option")):
        rows = [record for its, record in records if its == kind and record]
        if rows:
            parts.append(_table((heading, "What it is"), [(f"`{left}`", _prose(right)) for left, right in rows]))
    if examples:
        parts.append("```sh\n" + "\n".join(line.removeprefix("  ") for line in examples.rstrip().splitlines()) + "\n```")
    if command.epilog:
        parts.append(_prose(command.epilog))
    return "\n\n".join(parts) + "\n"


def record_page() -> str:
    """The page of the records' fields."""
    start = (
        "# The records\n\n"
        "Every record also has `id` (a letter and a number, such as `C1`), `recorded_at` (UTC), `recorded_by`, and "
        "`removed_at`, which is empty until it is taken out of the listings. What the fields are for as a whole is told in "
        "[The data model](../explain/data.md).\n\n"
    )
    return WRITTEN + start + "\n".join([*map(_record, RECORD_TYPES), _event(), _lines()])


def _record(record_type: type[Record]) -> str:
    points = REFERENCES.get(record_type, {})
    common = set(Record.__annotations__)
    rows = [
        (f"`{name}`", f"`{annotation}`" + (f", the id of its {points[name].NOUN}" if name in points else ""))
        for name, annotation in record_type.__annotations__.items()
        if name in record_type.FIELDS and name not in common
    ]
    heading = f"## {record_type.NOUN.capitalize()}, {record_type.PREFIX}1"
    return "\n\n".join([heading, _prose(record_type.__doc__ or ""), _table(("Field", "Type"), rows)]) + "\n"


def _event() -> str:
    rows = [(f"`{name}`", f"`{annotation}`") for name, annotation in Event.__annotations__.items()]
    return "\n\n".join(["## Event of the history", _prose(Event.__doc__ or ""), _table(("Field", "Type"), rows)]) + "\n"


def _lines() -> str:
    start = (
        "`export --to ndjson` writes a JSON object a line, parties, sources and relations before the claims; `import` reads them. "
        f"`schema` says what a line is; one without is a claim, which may have {_named(SAID)} in place of `attributions`. What has "
        "`removed_at` is left out, and counted. By its `id`, a party or a source is known within the file alone. A link is recorded where "
        "the text of `text_sha256` is stored; `capture` tells which bytes and text a source had. Any other key is told and passed over."
    )
    heading = ("Line, or object in one", "Recorded", "Known, and not recorded")
    rows = [(f"`{name}`" if "/" in name else f"`{CLAIM}`, `{name}`", _named(KEYS[name]), _named(PASSED_OVER[name])) for name in KEYS]
    return "\n\n".join(["## Lines of NDJSON", start, _table(heading, rows)]) + "\n"


def _named(keys: tuple[str, ...]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _prose(text: str) -> str:
    """Paragraphs with their lines joined, but those that are lists; what Markdown would take for a tag or a link is kept as it is typed."""
    return "\n\n".join(_listed(part) if part.startswith("\b") else _joined(part) for part in text.split("\n\n") if part.split())


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.replace("``", "`").split()).replace("<", "\\<").replace("[", "\\[")


def _listed(paragraph: str) -> str:
    return "```text\n" + paragraph.removeprefix("\b\n").rstrip() + "\n```"


def _table(heading: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heading, tuple("---" for _ in heading), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in lines)


def write(folder: Path) -> None:
    """Write all that is generated into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("cli.md", command_page()),
        ("records.md", record_page()),
        ("records.svg", diagram.drawn()),
        ("rooms.svg", rooms.drawn()),
    ):
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "reference")
    if len(sys.argv) == 1:
        import completing

        completing.TABLE.write_text(completing.text(), encoding="utf-8")
