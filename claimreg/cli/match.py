"""`match`: whether statements have been registered before."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of, tell
from claimreg.cli.inputs import stdin_bytes, tell_bad_lines
from claimreg.cli.model import understanding_of
from claimreg.cli.output import write_lines
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ExitCode, UsageError
from claimreg.services.transactions import MEMORY
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.corpus.jsonl import BadLine

MOST = 1_000


def match(
    ctx: typer.Context,
    queries: Annotated[str, typer.Argument(metavar="FILE", help="Statements: lines of JSON with id and text, or plain lines; or -.")],
    claims: Annotated[
        str | None,
        typer.Option("--claims", metavar="C.jsonl", help="File of claims to search [default: the registry's]", show_default=False),
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=MOST, help="Maximum number of claims for each statement.")] = 10,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT.jsonl", help="Write the answers to a file; it appears only when complete.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line.")] = False,
    model: options.Model = None,
    verbose: options.Verbose = False,
    db: options.Db = None,
) -> None:
    """Find the recorded claims most like each given statement. The best comes first, in whatever script either is written.

    Where nearly the same claim differs in a negation, a number, a name or the like, flags say so: it may contradict the statement.
    It scores less than one that says the same. In a file of plain lines, each is a statement; the number of the line is its id.

    \b
    Examples:
      claimreg match debate.jsonl --top 5 -o answers.jsonl
      pbpaste | claimreg match - --top 1
      claimreg match posts.jsonl --claims verified.jsonl --top 20
      claimreg match posts.jsonl --model ~/models/all-MiniLM-L6-v2
    """
    from claimreg.corpus.files import open_lines
    from claimreg.services.finding.match import answer_line, match_all

    if queries == claims == "-":
        raise UsageError("Only one of the statements and the claims can come from standard input.")
    asked = open_lines(queries, stdin_bytes())
    session = session_of(ctx, db, verbose=verbose)
    understanding = understanding_of(model, session.location if claims is None else None)
    if claims is not None:
        # Claims of a file need no registry, whatever state it is in.
        session = replace(session, location=MEMORY)
    bad: list[BadLine] = []
    count = 0
    with OpenRegistry(session, understanding=understanding, must_tell=True) as registry:
        known = registry.known_claims(open_lines(claims, stdin_bytes()) if claims is not None else None, strict=strict)

        def answers() -> Iterator[str]:
            nonlocal count
            for query_id, results in match_all(asked, known, top, bad, strict=strict):
                count += 1
                yield answer_line(query_id, results)

        write_lines(answers(), output)
    tell_bad_lines(known.bad, len(known.bad), claims or "the claims")
    tell_bad_lines(bad, len(bad), queries)
    tell(f"{counted(count, 'statement')} matched with {counted(known.index.count, 'claim')}.")
    if bad or known.bad:
        raise typer.Exit(ExitCode.FAILED)
