"""`proof`: whether all quotations of a draft stand in its sources."""

import os
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg import __version__
from claimreg.cli import options
from claimreg.cli.context import session_of, tell
from claimreg.cli.inputs import STDIN, read_stdin
from claimreg.cli.output import write_lines, write_renderable, write_text
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import ExitCode, InputError, UsageError

if TYPE_CHECKING:
    from claimreg.ingest.articles.reading import ArticleReader
    from claimreg.services.articles import Article
    from claimreg.services.proofing.types import Proof

_SOURCES = "sources"
_OUTSIDE = "a draft may name only files in its own folder and below, and no link that leads out of it; give others with --in."


class ProofFormat(StrEnum):
    """Formats of a proof."""

    TERMINAL = "terminal"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    MD = "md"


class _Inside(NamedTuple):
    """Sources of a draft: references, or ``None`` for all that is stored; and those that may not be read, with the reason."""

    references: tuple[str, ...] | None
    refused: tuple[tuple[str, str], ...] = ()


def proof(
    ctx: typer.Context,
    drafts: Annotated[list[str], typer.Argument(metavar="DRAFT...", help="Markdown, text, HTML or DOCX; - reads standard input.")],
    inside: Annotated[
        list[str] | None,
        typer.Option(
            "--in", metavar="FILE|URL|-|S|FOLDER", help="Source; may be repeated [default: as the draft or settings say, else all]"
        ),
    ] = None,
    format_: Annotated[ProofFormat, typer.Option("--format", help="Output format.")] = ProofFormat.TERMINAL,
    strict: Annotated[bool, typer.Option("--strict", help="End with exit code 3 for warnings, too.")] = False,
    every: Annotated[bool, typer.Option("--all", help="List what stands and what is no speech, too.")] = False,
    by: Annotated[list[str] | None, typer.Option("--by", metavar="NAME=PARTY", help="Name that means this party; may be repeated.")] = None,
    json: options.Json = False,
    output: options.Output = None,
    verbose: options.Verbose = False,
    db: options.Db = None,
) -> None:
    """Check whether all quotations of a draft stand.

    Each is looked for in the sources, word for word and by the same speaker; nothing is recorded.
    The exit code is 0 when all stand, 3 when one is altered, not found or another person's, 1 when only a file could not be read.

    \b
    Examples:
      claimreg proof draft.md --in interview.txt --in notes/
      claimreg proof draft.docx --strict
      claimreg proof drafts/*.md --format sarif -o proof.sarif
    """
    form = ProofFormat.JSON if json else format_
    if STDIN in drafts and STDIN in (inside or ()):
        raise UsageError("Only one of the draft and the sources can come from standard input.")
    joined = tuple(_pair(one) for one in by or ())
    session = session_of(ctx, db, verbose=verbose)
    articles, unread = _articles(drafts)
    asked = [(article, _inside(article, inside)) for article in articles]
    with OpenRegistry(session, must_tell=any(one.references is None for _article, one in asked), notes=False) as registry:
        proofs = list(_proved(registry, asked, joined))
        looked_everywhere = any(one.references is None for _article, one in asked)
        unseen = registry.unseen() if looked_everywhere and any(one.is_wrong(strict=True) for one in proofs) else []
    _write(proofs, form, output, every=every)
    for sentence in unseen:
        tell(sentence)
    _end(proofs, unread, strict=strict)


def _pair(text: str) -> tuple[str, str]:
    name, sign, party = (part.strip() for part in text.partition("="))
    if not (name and sign and party):
        raise UsageError(f'--by takes a name, an equals sign and a party, such as --by "the mayor=Ana Reyes"; “{text}” is none.')
    return name, party


def _articles(drafts: Sequence[str]) -> "tuple[list[Article], list[str]]":
    """The drafts that can be read, each once, and sentences on the others."""
    from claimreg.ingest.articles.reading import ArticleReader

    articles, unread = [], []
    with ArticleReader() as reader:
        for name in dict.fromkeys(drafts):
            try:
                articles.append(_article(name, reader))
            except InputError as error:
                unread.append(str(error))
    for article in articles:
        for note in article.notes:
            tell(note)
    return articles, unread


def _article(name: str, reader: "ArticleReader") -> "Article":
    from claimreg.ingest.reading import read_file
    from claimreg.ingest.types import Hints, Limits

    limits = Limits()
    if name == STDIN:
        return reader.read(read_stdin(limits.size), Hints("Standard input"))
    return reader.read(read_file(Path(name), limits.size), Hints(name))


def _inside(article: "Article", given: Sequence[str] | None) -> _Inside:
    """Return the sources of a draft: what the command says, else what the draft and the settings say, else all that is stored."""
    if given:
        return _Inside(tuple(given))
    from claimreg.cli.settings import setting

    named, refused = _named(article)
    set_ = setting("proof.sources").text
    references = (*named, *(set_.split("\n") if set_ else ()))
    return _Inside(references, tuple(refused)) if references or refused else _Inside(None)


def _named(article: "Article") -> tuple[list[str], list[tuple[str, str]]]:
    """The files that a draft names in a comment, and those that it may not name, each with the reason."""
    import shlex

    folder = os.path.realpath(Path(article.name).parent)
    named, refused = [], []
    for comment in article.comments:
        word, _space, rest = comment.text.strip().partition(" ")
        if word.lower() != _SOURCES:
            continue
        try:
            files = shlex.split(rest)
        except ValueError:
            files = rest.split()
        for file in files:
            path = Path(article.name).parent / file
            if "://" in file or not Path(os.path.realpath(path)).is_relative_to(folder):
                refused.append((file, _OUTSIDE))
            else:
                named.append(str(path))
    return named, refused


def _proved(registry: OpenRegistry, asked: "Sequence[tuple[Article, _Inside]]", joined: tuple[tuple[str, str], ...]) -> "Iterator[Proof]":
    from claimreg.ingest.language import guess_language
    from claimreg.services.proofing.run import Asked

    guess = lru_cache(maxsize=1 << 10)(guess_language)
    for inside, group in groupby(asked, key=lambda pair: pair[1]):
        wanted = Asked(guess, joined, inside.refused)
        yield from registry.proof([article for article, _inside in group], inside.references, wanted)


def _write(proofs: "Sequence[Proof]", form: ProofFormat, output: Path | None, *, every: bool) -> None:
    from claimreg.render import proof_machine as machine

    if form is ProofFormat.JSON:
        from claimreg.render.machine import dumps

        told = [machine.proof_json(one, every=every) for one in proofs]
        write_text(dumps(told[0] if len(told) == 1 else told) + "\n", output)
    elif form is ProofFormat.SARIF:
        from claimreg.render.machine import dumps

        write_text(dumps(machine.proofs_sarif(proofs, __version__)) + "\n", output)
    elif form is ProofFormat.GITHUB:
        write_lines((line for one in proofs for line in machine.github_lines(one)), output)
    elif form is ProofFormat.MD:
        from claimreg.render.proof_markdown import render_proof

        write_text("\n".join(render_proof(one, every=every) for one in proofs), output)
    elif proofs:
        from claimreg.render.proof_terminal import proofs_renderable

        write_renderable(proofs_renderable(proofs, every=every), output)


def _end(proofs: "Sequence[Proof]", unread: Sequence[str], *, strict: bool) -> None:
    """Tell what could not be read, and end with the exit code that the proofs ask for."""
    for sentence in (*unread, *dict.fromkeys(f"{name} could not be read: {reason}" for one in proofs for name, reason in one.unread)):
        tell(sentence)
    for one in proofs:
        if not one.answered:
            tell("No quotations." if len(proofs) == 1 else f"No quotations in {one.draft}.")
    if any(one.is_wrong(strict=strict) for one in proofs):
        raise typer.Exit(ExitCode.FOUND)
    if unread or any(one.unread for one in proofs):
        raise typer.Exit(ExitCode.FAILED)
