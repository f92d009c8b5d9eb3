"""Options that several commands share."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from claimreg.vocabulary import DayOrder


class ListingFormat(StrEnum):
    """Formats of a listing."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    MD = "md"


class ReportFormat(StrEnum):
    """Formats of a report."""

    TERMINAL = "terminal"
    MD = "md"
    HTML = "html"
    JSON = "json"


Db = Annotated[
    str | None,
    typer.Option("--db", metavar="LOCATION", help="Registry: a folder, postgresql://… or memory: [default: CLAIMREG_DB, else your own]"),
]
Model = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FOLDER", help="Sentence-embedding model, to compare meanings as well [default: CLAIMREG_MODEL, else none]"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Format = Annotated[
    ListingFormat | None,
    typer.Option("--format", help="Output format [default: table at a terminal, plain lines in a pipe]", show_default=False),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output (-).")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Answer yes to every question.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Ask no questions; fail where an answer is needed.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Report side work, such as mending the search index.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be done; change nothing.")]

By = Annotated[str, typer.Option("--by", metavar="PARTY", help="Party who says it: a name, an alias or an id (P1).")]
StanceName = Annotated[str, typer.Option("--stance", help="Stance: asserts, denies, reports, questions or rules.")]
Quote = Annotated[str | None, typer.Option("--quote", metavar="WORDS", help="Words as they were said, in the original language.")]
ShownLang = Annotated[
    str | None,
    typer.Option("--lang", metavar="TAG", help="Language of what is shown: en, kk, ru [default: the setting, else en]", show_default=False),
]
Lang = Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Language of the quote (BCP 47: kk, ru, en, kk-Latn).")]
SourceRef = Annotated[
    str | None, typer.Option("--source", metavar="SOURCE", help="Source of the quote: a file, an address, - or an id (S1).")
]
Said = Annotated[
    str | None, typer.Option("--said", metavar="DATE", help="Date when it was said: 2020-06-22, 2020-06, 2020 or 22 June 2020.")
]
Dates = Annotated[
    DayOrder | None,
    typer.Option(
        "--dates",
        help="Order of dates in numbers, such as 2.5.2022 [default: the setting dates, else none: they are refused]",
        show_default=False,
    ),
]
Retrieved = Annotated[
    str | None,
    typer.Option(
        "--retrieved",
        metavar="DATE",
        help="Day, or time with its zone, when the file was saved [default: what the document says]",
    ),
]
Case = Annotated[str | None, typer.Option("--case", metavar="NAME", help="Case (dossier) that the claim belongs to.")]
Note = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", help="Note of your desk on the claim, which no report for readers shows.")
]
Assign = Annotated[str | None, typer.Option("--assign", metavar="NAME", help="Person who is to see to the claim.")]
Withhold = Annotated[
    str | None,
    typer.Option("--withhold", metavar="REASON", help="Leave the source's name and address out of reports and exports, for this reason."),
]
Encoding = Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of plain texts [default: guessed]")]
MaxSize = Annotated[
    float | None,
    typer.Option("--max-size", metavar="MIB", min=0.001, help="Largest document that is read, in MiB, packed or unpacked [default: 256]"),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout", metavar="SECONDS", min=0.1, help="Time limit for fetching a document, and again for reading it [default: 60]"
    ),
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Allow redirects and host names that lead to this machine or its network.")
]
Reveal = Annotated[bool, typer.Option("--reveal", help="Include withheld sources in what is shown; do not pass it on.")]


class ListingOptions(NamedTuple):
    """Options of a command that prints a listing."""

    json: Json = False
    format_: Format = None
    output: Output = None
    db: Db = None

    @property
    def form(self) -> ListingFormat | None:
        """The format asked for; ``None`` when none was, for a table at a terminal and plain lines elsewhere."""
        return ListingFormat.JSON if self.json else self.format_


def takes_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Replace each parameter whose type is a `NamedTuple` of options with these options; the command gets them as one value."""
    groups: dict[str, Any] = {}
    parameters: list[Parameter] = []
    for name, one in signature(command).parameters.items():
        if not hasattr(one.annotation, "_fields"):
            parameters.append(one.replace(kind=Parameter.KEYWORD_ONLY))
            continue
        groups[name] = group = one.annotation
        parameters += [
            Parameter(field, Parameter.KEYWORD_ONLY, default=group._field_defaults[field], annotation=annotation)
            for field, annotation in group.__annotations__.items()
        ]

    @wraps(command)
    def called(**given: Any) -> None:  # noqa: ANN401 -- whatever the options hold
        gathered = {name: group(**{field: given.pop(field) for field in group._fields}) for name, group in groups.items()}
        command(**given, **gathered)

    called.__dict__["__signature__"] = signature(command).replace(parameters=parameters)
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called
