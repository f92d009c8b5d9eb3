"""`export` and `import`: claims with all that is said of them, in the formats of others, and bundles."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, session_of, stdout_is_terminal, tell
from claimreg.cli.incoming import incoming
from claimreg.cli.inputs import day_order
from claimreg.cli.output import is_stdout, write_pieces
from claimreg.cli.progress import Progress
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.streams import keep_in_mind
from claimreg.errors import ExitCode, UsageError
from claimreg.interchange import formats
from claimreg.interchange.detect import BUNDLE
from claimreg.model import Claim
from claimreg.render.safe import one_line
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.cli.incoming import Incoming
    from claimreg.interchange.formats import Format, Writing
    from claimreg.services.exchange.rows import Reading, Told
    from claimreg.services.exchange.selection import Selection

_WIDTH = 76
_LISTED = "FORMATS"


def _using(option: str) -> str:
    """The formats that an option of `Writing` changes."""
    return ", ".join(one.name for one in formats.writable() if option in one.options)


class Manner(NamedTuple):
    """Options of how a format is written; each says which formats use it."""

    url_template: Annotated[
        str | None,
        typer.Option(
            "--url-template",
            metavar="URL",
            help=f"Address of a claim's review, {{id}} standing for its id ({_using('url_template')}).",
            show_default=False,
        ),
    ] = None
    with_unrated: Annotated[
        bool, typer.Option("--with-unrated", help=f"Write claims without a verdict, too ({_using('with_unrated')}).")
    ] = False
    feed: Annotated[bool, typer.Option("--feed", help=f"Write one feed of all, not a line for each ({_using('feed')}).")] = False
    publisher: Annotated[
        str | None,
        typer.Option("--publisher", metavar="NAME", help=f"Author of verdicts that name none ({_using('publisher')}).", show_default=False),
    ] = None
    excel: Annotated[bool, typer.Option("--excel", help=f"Mark the text as UTF-8, which Excel asks for ({_using('excel')}).")] = False
    empty: Annotated[
        bool, typer.Option("--empty", help=f"Write a template to fill in: the columns, and no claims ({_using('empty')}).")
    ] = False

    def writing(self, form: "Format", told: "Told", registry: str) -> "Writing":
        """The way to write; raises `UsageError` for an option that the format does not use."""
        given = {name: value for name, value in self._asdict().items() if value}
        for name in given:
            if name not in form.options:
                raise UsageError(f"{form.name} has no --{name.replace('_', '-')}; that goes with --to {_using(name)}.")
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
    """Write claims for other programs, or with all their evidence.

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
            raise UsageError(f"A bundle has no --{name.replace('_', '-')}; that goes with --to.")


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
        given = _given(selection, told)
    for sentence in told.sentences:
        tell(sentence)
    if not is_stdout(output):
        keep_in_mind(f"{output} was written")
        tell(one_line(f"Wrote {output}: {given}."))
    if told.left_out:
        tell(f"Left out: {', '.join(counted(count, noun) for noun, count in told.left_out.items())}.")


def _given(selection: "Selection", told: "Told") -> str:
    written = Counter({noun: count - _lost(noun, told.left_out) for noun, count in selection.given.items()})
    nouns = sorted(+written, key=lambda noun: noun != Claim.NOUN)
    return ", ".join(counted(written[noun], noun) for noun in nouns) or "no claims"


def _lost(noun: str, left_out: "Counter[str]") -> int:
    """The number of records of a noun that were left out, of those of any kind (“unrated claim”)."""
    return sum(count for lost, count in left_out.items() if lost.rpartition(" ")[2] == noun)


class Customs(NamedTuple):
    """Options of how a file is read, for files that are not written as claimreg writes them."""

    renamed: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="THEIRS=OURS", help="Column or key of the file, and what it is here; once for each.", show_default=False
        ),
    ] = None
    dates: options.Dates = None
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="URL", help="Address that relative ones of the file are joined to.", show_default=False),
    ] = None
    crowd: Annotated[
        str | None,
        typer.Option(
            "--crowd", metavar="NAME", help="Party that stands for those that are nobody, such as “social media users”.", show_default=False
        ),
    ] = None
    source_name: Annotated[
        str | None,
        typer.Option("--source-name", metavar="NAME", help="Name that leads ids of the file, to keep files apart.", show_default=False),
    ] = None
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad line, and record nothing.")] = False

    def reading(self, name: str, told: "Told") -> "Reading":
        """The way to read; raises `UsageError` for a renaming that is none."""
        from claimreg.services.exchange.rows import Reading
        from claimreg.services.recording.fields import checked_order

        pairs = [one.rpartition("=") for one in self.renamed or ()]
        for theirs, _, ours in pairs:
            if not theirs.strip() or not ours.strip():
                raise UsageError("--map takes a name of the file's and one of ours, as in --map Statement=claim.")
        renamed = tuple((theirs.strip(), ours.strip()) for theirs, _, ours in pairs)
        return Reading(name, told, checked_order(day_order(self.dates)), renamed, self.base, self.crowd, _language_of)


class Afterwards(NamedTuple):
    """Options of what is done once the rows were recorded; ``None`` asks for it where there are not too many."""

    link: Annotated[
        bool | None,
        typer.Option(
            "--link/--no-link", help="Look for new quotes in the stored sources [default: up to 10,000 claims]", show_default=False
        ),
    ] = None
    duplicates: Annotated[
        bool | None,
        typer.Option(
            "--duplicates/--no-duplicates",
            help="List new claims that say nearly the same as earlier ones [default: up to 10,000 claims]",
            show_default=False,
        ),
    ] = None


def _language_of(text: str) -> str | None:
    from claimreg.ingest.language import guess_language

    found = guess_language(text)
    return found[0] if found is not None else None


@options.takes_groups
def import_claims(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="File to read; - is standard input.", show_default=False)],
    form: Annotated[
        str | None,
        typer.Option("--from", metavar="FORMAT", help="Format to read, see above [default: recognised by content]", show_default=False),
    ] = None,
    *,
    customs: Customs,
    afterwards: Afterwards,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    db: options.Db = None,
) -> None:
    """Record many claims from a file, or the records of a bundle.

    \b
    FORMATS

    All rows are recorded, or none if something fails. Bad ones are reported and passed over; a statement whose date is none is
    recorded without it, and reported. The exit code is 1 then. What claimreg has no place for is named and counted.

    A claim that is here already, by its id and text, is passed over; the same id with another text is reported, and nothing of
    it recorded. Nothing is fetched: `claimreg source recapture` does that for sources of which only an address is known.

    A bundle is checked to its last byte first. This proves that it is complete, not who made it: compare the printed hash with
    the sender's. Its records, bytes and links are added to this registry; a newer bundle of the same registry adds only what
    is new. Links into withheld sources and time stamps are left out: they are evidence of that registry, and stay in the bundle.

    \b
    Examples:
      claimreg import claims.ndjson
      claimreg import sheet.csv --map Statement=claim --map Speaker=by --dates dmy
      claimreg import evidence.zip
    """
    session = session_of(ctx, db)
    if form is not None and form.strip().lower() != BUNDLE:
        form = formats.named(form, formats.readable()).name
    with incoming(file, form) as opened:
        _refuse_unused(customs, opened.format)
        if opened.format == BUNDLE:
            from claimreg.cli.bundle import take_over

            take_over(session, file, opened.stream, dry_run=dry_run)
            return
        _import_rows(session, opened, customs, afterwards, dry_run=dry_run, json=json)


def _import_rows(session: Session, opened: "Incoming", customs: Customs, afterwards: Afterwards, *, dry_run: bool, json: bool) -> None:
    from claimreg.cli.imported import Followed, follow, following_json, import_json, is_partial, summary, tell_import
    from claimreg.render.machine import dumps
    from claimreg.services.exchange.rows import Told

    told = Told()
    reading = customs.reading(opened.name, told)
    rows = formats.read(formats.named(opened.format, formats.readable()), opened.stream, reading)
    with OpenRegistry(session, dry_run=dry_run) as registry, Progress() as progress:
        result = registry.import_rows(
            rows,
            told=told,
            strict=customs.strict,
            source_name=customs.source_name,
            crowd=customs.crowd,
            name=opened.name,
            progress=lambda count: progress.tell(count, Claim.NOUN, done=opened.read(), of=opened.size),
        )
        progress.clear()
        tell_import(result, told, opened.name)
        if not json:
            typer.echo(summary(result, dry_run=dry_run))
        followed = Followed() if dry_run else follow(registry, result, link=afterwards.link, duplicates=afterwards.duplicates)
        if json:
            document = import_json(result, told, file=opened.name, form=opened.format, dry_run=dry_run)
            typer.echo(dumps({**document, **following_json(followed)}))
    if is_partial(result, told):
        raise typer.Exit(ExitCode.FAILED)


def _refuse_unused(customs: Customs, form: str) -> None:
    """Raise `UsageError` for an option that the format does not use."""
    of_any = ("strict",) if form == BUNDLE else ("strict", "source_name")
    used = next((one.customs for one in formats.FORMATS if one.name == form), ())
    for name, value in customs._asdict().items():
        if value and name not in (*of_any, *used):
            option = {"renamed": "map"}.get(name, name).replace("_", "-")
            using = _names(one for one in formats.readable() if name in one.customs or name == "source_name")
            raise UsageError(f"{form} has no --{option}; that goes with --from {using}.")


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
import_claims.__doc__ = _with_formats(import_claims.__doc__, (one._replace(loses="") for one in formats.readable()))
