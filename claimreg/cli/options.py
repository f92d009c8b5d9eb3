"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ListingFormat(StrEnum):
    """How a listing is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    MD = "md"


Db = Annotated[
    str | None, typer.Option("--db", metavar="LOCATION", help="The registry: a folder or memory:. Else CLAIMREG_DB, else your own.")
]
Model = Annotated[
    Path | None,
    typer.Option("--model", metavar="FOLDER", help="A sentence-embedding model: meaning counts, too. Else CLAIMREG_MODEL, else none."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Format = Annotated[
    ListingFormat | None, typer.Option("--format", help="How to print; a table for people, plain lines in a pipe.", show_default=False)
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE (- is standard output); made only on success.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Answer yes to every question.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Tell of what is done on the side, such as mending the search index.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would be done, and do nothing.")]

By = Annotated[str, typer.Option("--by", metavar="PARTY", help="Who says it: a name, an alias or an id (P1).")]
StanceName = Annotated[str, typer.Option("--stance", help="asserts, denies, reports, questions or rules.")]
Quote = Annotated[str | None, typer.Option("--quote", metavar="WORDS", help="The words as they were said, in their own language.")]
Lang = Annotated[str | None, typer.Option("--lang", metavar="TAG", help="The language of the words (BCP 47: kk, ru, en, kk-Latn).")]
SourceRef = Annotated[
    str | None, typer.Option("--source", metavar="SOURCE", help="Where it is told: a file, an address, - or a source's id.")
]
Said = Annotated[str | None, typer.Option("--said", metavar="DATE", help="When it was said: 2020-06-22, 2020-06 or 2020.")]
Case = Annotated[str | None, typer.Option("--case", metavar="NAME", help="The dossier it belongs to.")]
Withhold = Annotated[
    str | None, typer.Option("--withhold", metavar="REASON", help="Keep the source's name and address out of every report and export.")
]
Encoding = Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="The encoding of plain texts, where the guess is wrong.")]
MaxSize = Annotated[
    float | None, typer.Option("--max-size", metavar="MIB", min=0.001, help="Refuse larger documents, packed or unpacked; else 256.")
]
Timeout = Annotated[
    float | None, typer.Option("--timeout", metavar="SECONDS", min=0.1, help="For fetching a document, and again for reading it; else 60.")
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Let redirects and names lead to addresses of this machine and its network.")
]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show also what is withheld; for your own eyes.")]
