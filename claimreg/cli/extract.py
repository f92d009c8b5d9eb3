"""`extract`: who says what in a document, proposed for a person to review."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of, stdout_is_terminal, tell
from claimreg.cli.output import write_lines, write_renderable, write_text
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import UsageError
from claimreg.opening import Reading
from claimreg.render import machine
from claimreg.services.extraction.drafts import Extracted
from claimreg.services.extraction.statements import spoken_languages
from claimreg.text.counted import counted


def extract(
    ctx: typer.Context,
    reference: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A stored source (S1), a file, an address, or - for standard input.", show_default=False)
    ],
    lang: Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Language of the text (BCP 47) [default: the source's]")] = None,
    add: Annotated[bool, typer.Option("--add", help="Keep what is found as drafts, for review; store the document.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Include what is only believed or wished.")] = False,
    reveal: options.Reveal = False,
    encoding: options.Encoding = None,
    max_size: options.MaxSize = None,
    timeout: options.Timeout = None,
    allow_private: options.AllowPrivate = False,
    json: options.Json = False,
    output: options.Output = None,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Propose the attributed statements found in a document. Each has its words, who says them, and the word that tells so.

    Nothing is stored, unless --add keeps the statements as drafts and the document as a source; `claimreg review` takes them from
    there. A statement is kept once, and one that was rejected is not proposed again. A party is suggested by the likeness of its name.
    In a pipe the fields are id, speaker, cue, mode, confidence, offsets, words, party, and what to look at.

    \b
    Examples:
      claimreg extract article.txt
      claimreg extract https://example.org/article --add
      claimreg extract S1 --lang kk --json
    """
    wanted = Reading(encoding, max_size, timeout, allow_private)
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run, wanted=wanted) as registry:
        found = registry.extract(reference, lang=lang, everything=everything, add=add)
    if not _is_hidden(found, reveal=reveal, add=add):
        _show(found, output, json=json)
    for sentence in _told(found, add=add, dry_run=dry_run):
        tell(sentence)


def _is_hidden(found: Extracted, *, reveal: bool, add: bool) -> bool:
    """Return whether what was found may not be shown, which is told; raises `UsageError` where there was nothing else to do."""
    source = found.source
    if source is None or source.withheld is None or reveal:
        return False
    if not add:
        raise UsageError(f"{source.id} is withheld; --reveal shows what is said in it, for your own eyes.")
    tell(f"{source.id} is withheld: what is said in it is shown with --reveal only.")
    return True


def _show(found: Extracted, output: Path | None, *, json: bool) -> None:
    from claimreg.render.drafts import statement_line, statements_renderable

    if json:
        write_text(machine.dumps(machine.extracted_json(found)) + "\n", output)
    elif stdout_is_terminal() and output is None:
        write_renderable(statements_renderable(found.numbered), output)
    else:
        write_lines(map(statement_line, found.numbered), output)


def _told(found: Extracted, *, add: bool, dry_run: bool) -> Iterator[str]:
    """Sentences on what was found and what became of it."""
    if not found.has_data:
        packs = ", ".join(spoken_languages())
        yield f"no pack for {found.lang}: only what stands between quotation marks was found, without speakers; there are: {packs}."
    told = counted(len(found.numbered), "statement")
    if add and found.source is not None:
        verb = "would be kept" if dry_run else "kept"
        known = len(found.numbered) - found.added
        yield f"{told} in {found.source.id}: {found.added:,} {verb}, {known:,} there already; `claimreg review` takes them."
    else:
        yield f"{told}." if found.numbered else "No statements."
    if found.rejected:
        yield f"{counted(found.rejected, 'statement')} that somebody rejected: left out."
