"""`scan`: link many quotes against a whole corpus."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg import __version__
from claimreg.cli import options
from claimreg.cli.context import reading, session_of, tell
from claimreg.cli.inputs import stdin_bytes, tell_bad_lines
from claimreg.cli.progress import Progress
from claimreg.errors import ExitCode, InputError, UsageError
from claimreg.files import real_path
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.corpus.base import Documents
    from claimreg.services.bulk.engine import Engine
    from claimreg.services.bulk.quotes import Quotes
    from claimreg.services.bulk.run import ScanProgress, ScanSummary

REGISTRY = "registry"
_PARQUET = ".parquet"
_WORTH_A_CLUSTER = 10**9
"""Bytes of documents below which processes of this machine are quicker: the start of Spark is not made up for."""


class EngineName(StrEnum):
    """Places where the work can be done."""

    LOCAL = "local"
    SPARK = "spark"


def _print_entry(wanted: bool) -> None:  # noqa: FBT001 -- Typer calls it
    if wanted:
        from claimreg.spark.settings import ENTRY

        typer.echo(ENTRY)
        raise typer.Exit


class EngineOptions(NamedTuple):
    """Options that say where the work is done."""

    engine: Annotated[EngineName, typer.Option("--engine", help="Place of the work: processes of this machine, or a Spark cluster.")] = (
        EngineName.LOCAL
    )
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Number of processes [default: one for each processor]", show_default=False)
    ] = None
    master: Annotated[
        str | None,
        typer.Option("--master", metavar="URL", help="Spark's master: local[*], spark://HOST:7077, yarn [default: as Spark is configured]"),
    ] = None
    conf: Annotated[
        list[str] | None, typer.Option("--conf", metavar="KEY=VALUE", help="Setting for Spark; may be given several times.")
    ] = None
    print_entry: Annotated[
        bool,
        typer.Option("--print-entry", is_eager=True, callback=_print_entry, help="Print the path of the script for spark-submit, and end."),
    ] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show what Spark itself reports.")] = False


_ON_THIS_MACHINE = EngineOptions()


@options.takes_groups
def scan(
    ctx: typer.Context,
    quotes: Annotated[
        str, typer.Option("--quotes", metavar="Q.jsonl|registry", help="Quotes: a file of lines with id and text, or `registry`.")
    ],
    docs: Annotated[
        str, typer.Option("--docs", metavar="DOCS", help="Documents: .jsonl (also .gz, .zst), .parquet, a folder of texts, or -.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="L.jsonl|L.parquet", help="Write the links to a file; it appears only when complete."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted scan to the same output.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line.")] = False,
    wanted: EngineOptions = _ON_THIS_MACHINE,
    db: options.Db = None,
) -> None:
    """Find many quotes in many documents.

    Quotes and documents are lines of JSON with id and text; the text files of a folder are documents with their path as id. Links
    are written in the order of the documents, the same for any number of workers and on a cluster. Bad lines are reported and passed
    over.

    \b
    Examples:
      claimreg scan --quotes quotes.jsonl --docs archive.jsonl.gz -o links.jsonl
      claimreg scan --quotes registry --docs articles/ -o links.parquet --workers 8
      zcat dump.gz | claimreg scan --quotes quotes.jsonl --docs - > links.jsonl
      claimreg scan --quotes quotes.jsonl --docs archive/ -o links.jsonl --engine spark --master spark://host:7077
    """
    from claimreg.corpus.files import open_documents
    from claimreg.services.bulk.run import Scan, scan_documents

    target = None if output is None or str(output) == "-" else output
    _check(quotes, docs, target, resume=resume)
    _check_engine(wanted, {quotes, docs, str(target or "-")})
    # Workers elsewhere know nothing of the folder that this process is in.
    documents = open_documents(_absolute(docs) if wanted.engine is EngineName.SPARK else docs, stdin_bytes())
    found = _quotes(ctx, db, quotes, strict=strict)
    with _started(ctx, wanted, documents) as engine, Progress() as progress:
        summary = scan_documents(
            Scan(
                quotes=found, documents=documents, output=target, stream=sys.stdout.buffer, engine=engine,
                resume=resume, strict=strict, parquet=target is not None and target.suffix.lower() == _PARQUET,
                progress=lambda done: progress.show(lambda seconds: _sign(done, seconds)),
            )
        )  # fmt: skip
    _tell_outcome(summary, found, documents)
    if summary.bad or found.bad:
        raise typer.Exit(ExitCode.FAILED)


@contextmanager
def _started(ctx: typer.Context, wanted: EngineOptions, documents: "Documents") -> Iterator["Engine"]:
    """Start what does the work, for the time of the ``with`` block."""
    from claimreg.services.bulk.engine import LocalEngine

    if wanted.engine is EngineName.LOCAL:
        yield LocalEngine(wanted.workers or _processors())
        return
    from claimreg.spark.pool import SparkEngine
    from claimreg.spark.session import spark_session
    from claimreg.spark.settings import parsed_settings

    if 0 < documents.size < _WORTH_A_CLUSTER:
        tell(f"The documents are {documents.size / 1e6:,.1f} MB; below 1,000 MB, --engine local is quicker.")
    verbose = wanted.verbose or bool((ctx.find_root().obj or {}).get("verbose"))
    with spark_session(wanted.master, parsed_settings(wanted.conf or ()), verbose=verbose) as context:
        yield SparkEngine(context, __version__, tell)


def _check_engine(wanted: EngineOptions, streams: set[str]) -> None:
    """Refuse options of the other engine, settings that Spark cannot take, and streams that do not reach this process."""
    if wanted.engine is EngineName.LOCAL:
        if wanted.master is not None or wanted.conf:
            raise UsageError("--master and --conf are for --engine spark.")
        return
    from claimreg.spark.session import is_given
    from claimreg.spark.settings import parsed_settings

    parsed_settings(wanted.conf or ())
    if wanted.workers is not None:
        raise UsageError("--workers is for --engine local; with Spark, the cluster's size and --conf decide.")
    if "-" in streams and is_given():
        raise UsageError("spark-submit keeps standard input and mixes messages into standard output: give files, the links' with -o.")


def _absolute(docs: str) -> str:
    from claimreg.corpus.locations import is_url

    return docs if docs == "-" or is_url(docs) else str(Path(docs).absolute())


def _check(quotes: str, docs: str, target: Path | None, *, resume: bool) -> None:
    """Refuse early what would otherwise fail only after the work, or unnoticed."""
    if quotes == docs == "-":
        raise UsageError("Only one of the quotes and the documents can come from standard input.")
    if resume and target is None:
        raise UsageError("Only a scan that writes to a file can be continued; give the file with -o.")
    if target is None:
        return
    if target.is_dir():
        raise InputError(f"{target} is a folder; give a file to write the links to.")
    if target.exists() and not target.is_file():
        raise InputError(f"{target} is no plain file and cannot be replaced; leave out -o to have the links on standard output.")
    if not real_path(target).parent.is_dir():
        raise InputError(f"There is no folder {real_path(target).parent} to write {target.name} in.")
    if target.suffix.lower() == _PARQUET:
        from claimreg.corpus.parquet import import_pyarrow

        import_pyarrow(str(target))


def _quotes(ctx: typer.Context, db: str | None, quotes: str, *, strict: bool) -> "Quotes":
    from claimreg.corpus.files import open_lines
    from claimreg.services.bulk.quotes import quotes_of_registry, read_quotes

    if quotes == REGISTRY:
        with reading(session_of(ctx, db)) as store:
            return quotes_of_registry(store)
    return read_quotes(open_lines(quotes, stdin_bytes()), strict=strict)


def _sign(done: "ScanProgress", seconds: float) -> str:
    rate = (done.size - done.resumed) / seconds
    sign = f"{counted(done.documents, 'document')}, {counted(done.links, 'link')}, {rate / 1e6:,.1f} MB a second"
    if done.of:
        left = int((done.of - done.size) / rate) if rate else 0
        sign = f"{100 * done.size // done.of} %, {sign}, {left // 60}:{left % 60:02} left"
    return sign


def _tell_outcome(summary: "ScanSummary", quotes: "Quotes", documents: "Documents") -> None:
    tell_bad_lines(quotes.bad, len(quotes.bad), "the quotes")
    tell_bad_lines(summary.first_bad, summary.bad, documents.name)
    if summary.crowded:
        tell(f"{counted(summary.crowded, 'quote')} could not be looked for: too many others have the same words.")
    tell(f"{counted(summary.links, 'link')} of {counted(summary.quotes, 'quote')} in {counted(summary.documents, 'document')}.")
    if summary.links:
        chance = "fewer than one" if summary.by_chance < 1 else f"about {summary.by_chance:,.0f}"
        tell(f"By chance alone, {chance} of them would be expected.")


def _processors() -> int:
    # Those that this process may use, which in a container are fewer than the machine has.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
