"""`export` and `import`: claims with all that is said of them, in the formats of others, and bundles."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, session_of, stdout_is_terminal, tell
from claimreg.cli.inputs import day_order, stdin_bytes, tell_bad_lines, tell_undated
from claimreg.cli.output import is_stdout, write_pieces
from claimreg.cli.progress import Progress
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.streams import keep_in_mind
from claimreg.errors import ExitCode, UsageError
from claimreg.interchange import formats
from claimreg.model import Claim
from claimreg.render.safe import one_line
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.interchange.formats import Format, Writing
    from claimreg.services.exchange.rows import Told
    from claimreg.services.exchange.selection import Selection

_WIDTH = 76
_LISTED = "FORMATS"


class Manner(NamedTuple):
    """Options of how a format is written; each says which formats use it."""

    url_template: Annotated[
        str | None,
        typer.Option(
            "--url-template", metavar="URL", help="Address of a claim's review, {id} standing for its id (claimreview).", show_default=False
        ),
    ] = None
    with_unrated: Annotated[bool, typer.Option("--with-unrated", help="Write claims without a verdict, too (claimreview).")] = False
    feed: Annotated[bool, typer.Option("--feed", help="Write one feed of all, not a line for each (claimreview, webannotation).")] = False
    publisher: Annotated[
        str | None, typer.Option("--publisher", metavar="NAME", help="Author of verdicts that name none (claimreview).", show_default=False)
    ] = None
    excel: Annotated[bool, typer.Option("--excel", help="Mark the text as UTF-8, which Excel asks for (csv).")] = False
    empty: Annotated[bool, typer.Option("--empty", help="Write a template to fill in: the columns, and no claims (csv, xlsx).")] = False

    def writing(self, form: "Format", told: "Told", registry: str) -> "Writing":
        """How to write; raises `UsageError` for an option that the format does not use."""
        given = {name: value for name, value in self._asdict().items() if value}
        for name in given:
            if name not in form.options:
                using = ", ".join(one.name for one in formats.writable() if name in one.options)
                raise UsageError(f"--{name.replace('_', '-')} is nothing to {form.name}; it goes with --to {using or 'another format'}.")
        return formats.Writing(told, registry=registry, **given)


@options.takes_groups
def export(
    ctx: typer.Context,
    claim_ids: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims to export [default: everything]")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="FORMAT", help="Format to write, see above.", show_default=False)] = None,
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", metavar="FILE.zip", help="Bundle to write; it appears only when complete.", show_default=False),
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only the claims of this case.", show_default=False)] = None,
    output: options.Output = None,
    *,
    manner: Manner,
    db: options.Db = None,
) -> None:
    """Write claims for other programs, or with all their evidence as a bundle.

    \b
    FORMATS

    What a format has no place for is counted when it is written. Sources that are withheld are not named. The same registry
    gives the same bytes.

    A bundle holds the records, the bytes and texts of the sources, and the whole chain of the history; anybody can check it, with
    claimreg or without. Changes that do not belong to the chosen claims are included as hashes only; the bytes of withheld
    sources are not included.

    \b
    Examples:
      claimreg export --to ndjson -o everything.ndjson
      claimreg export --to csv --case Ilyashev --excel -o ilyashev.csv
      claimreg export --to xlsx --empty -o template.xlsx
      claimreg export --bundle evidence.zip --case Ilyashev
    """
    if claim_ids and case is not None:
        raise UsageError("Give claims or --case, not both.")
    if (to is None) == (bundle is None):
        both = ", not both" if to else ""
        raise UsageError(f"Give --to FORMAT ({_names(formats.writable())}) or --bundle FILE.zip{both}.")
    session = session_of(ctx, db)
    if bundle is not None:
        _refuse_for_bundle(manner, output)
        from claimreg.cli.bundle import write_bundle

        write_bundle(session, bundle, claim_ids or (), case)
        return
    form = formats.named(to or "", formats.writable())
    if form.is_binary and (output is None or (is_stdout(output) and stdout_is_terminal())):
        raise UsageError(f"{form.name} is no text that a terminal shows; give a file: -o FILE{form.suffix}.")
    if manner.empty and (claim_ids or case is not None):
        raise UsageError("A template has no claims; leave out --empty, or the claims and --case.")
    _write_format(session, form, manner, claim_ids or (), case, output)


def _refuse_for_bundle(manner: Manner, output: Path | None) -> None:
    for name, value in {**manner._asdict(), "output": output}.items():
        if value:
            raise UsageError(f"--{name.replace('_', '-')} is nothing to a bundle; it goes with --to.")


def _write_format(
    session: Session, form: "Format", manner: Manner, claim_ids: Iterable[str], case: str | None, output: Path | None
) -> None:
    from claimreg.services.evidence.bundle.layout import registry_identity
    from claimreg.services.exchange.rows import Told

    told = Told()
    manner.writing(form, told, "")
    with OpenRegistry(session, must_tell=not manner.empty) as registry, registry.selection(*claim_ids, case=case) as selection:
        writing = manner.writing(form, told, registry_identity(selection.reader) or "")
        write_pieces(formats.write(form, selection, writing), output)
        given = _given(selection)
    for sentence in told.sentences:
        tell(sentence)
    if not is_stdout(output):
        keep_in_mind(f"{output} was written")
        tell(one_line(f"Wrote {output}: {given}."))
    if told.left_out:
        tell(f"Left out: {', '.join(counted(count, noun) for noun, count in told.left_out.items())}.")


def _given(selection: "Selection") -> str:
    nouns = sorted(selection.given, key=lambda noun: noun != Claim.NOUN)
    return ", ".join(counted(selection.given[noun], noun) for noun in nouns if selection.given[noun]) or "no claims"


class ImportForm(StrEnum):
    """The forms that claims are read in."""

    NDJSON = "ndjson"
    BUNDLE = "bundle"


def import_claims(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="File to read; - is standard input.", show_default=False)],
    form: Annotated[
        ImportForm | None,
        typer.Option(
            "--from",
            help="Format: a JSON object on each line, or a file of `export --bundle` [default: recognised by content]",
            show_default=False,
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line, and record nothing.")] = False,
    dates: options.Dates = None,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Record many claims from a file, or the records of a bundle.

    All lines are recorded, or none if something fails. Bad lines are reported and passed over; a statement whose date is none is
    recorded without it, and reported. The exit code is 1 then.

    A line has `text` and may have id, title, lang, case, tags, by, stance, quote and said_at; whole claims as claimreg prints
    them are accepted too. Duplicates of recorded claims are not searched.

    A bundle is checked to its last byte first. This proves that it is complete, not who made it: compare the printed hash with
    the sender's. Its records, bytes and links are added to this registry; a newer bundle of the same registry adds only what
    is new. Links into withheld sources and time stamps are left out: they are evidence of that registry, and stay in the bundle.

    \b
    Examples:
      claimreg import claims.ndjson --from ndjson
      claimreg import evidence.zip
    """
    from claimreg.cli.bundle import names_a_bundle, take_over
    from claimreg.corpus.files import open_lines

    if form is ImportForm.BUNDLE or (form is None and names_a_bundle(file)):
        take_over(session_of(ctx, db), file, dry_run=dry_run)
        return
    lines = open_lines(file, stdin_bytes())
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        with Progress() as progress:
            result = registry.import_claims(
                lines,
                strict=strict,
                dates=day_order(dates),
                progress=lambda count, size: progress.tell(count, "claim", done=size, of=lines.size),
            )
        tell_bad_lines(result.bad, len(result.bad), lines.name)
        tell_undated(result.undated, lines.name)
        verb = "Would record" if dry_run else "Recorded"
        typer.echo(f"{verb} {counted(result.claims, 'claim')} with {counted(result.attributions, 'attribution')}.")
    if result.bad or result.undated:
        raise typer.Exit(ExitCode.FAILED)


def _names(listed: "Iterable[Format]") -> str:
    return ", ".join(one.name for one in listed)


def _with_formats(text: str | None, listed: "Iterable[Format]") -> str:
    """A help with the formats listed: what each is, and what it cannot hold."""
    from textwrap import fill

    told = (f"{one.name}: {one.what}" + (f"; loses {one.loses}." if one.loses else ".") for one in listed)
    lines = "\n".join(fill(one, _WIDTH, initial_indent="  ", subsequent_indent="    ") for one in told)
    indented = "\n".join(f"    {line}" for line in lines.splitlines())
    return (text or "").replace(f"    {_LISTED}", f"    Formats:\n{indented}")


export.__doc__ = _with_formats(export.__doc__, formats.writable())
