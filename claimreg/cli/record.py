"""`add`, `attribute`, `relate` and `verdict`: a claim, who made it, in which words, and what fact-checkers say of it."""

from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import session_of, tell
from claimreg.cli.inputs import read_text_argument, tell_other_language, typed_date
from claimreg.cli.registry import OpenRegistry
from claimreg.model import Flag, Source
from claimreg.render.safe import one_line
from claimreg.services.entry.statements import Recorded
from claimreg.services.recording.sources import uncaptured
from claimreg.services.withholding import is_sealed, is_withheld
from claimreg.vocabulary import STRUCK_OUT

_MOST_LINKS = 10


def add(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="Claim in your own short words; - reads it from standard input.", show_default=False)],
    by: options.By,
    stance: options.StanceName = "asserts",
    quote: options.Quote = None,
    lang: options.Lang = None,
    source: options.SourceRef = None,
    said: options.Said = None,
    dates: options.Dates = None,
    case: options.Case = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="Keyword of the claim; may be repeated.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Heading of the claim.")] = None,
    note: options.Note = None,
    assign: options.Assign = None,
    claim_lang: Annotated[
        str | None, typer.Option("--claim-lang", metavar="TAG", help="Language of TEXT [default: that of --lang where there is no quote]")
    ] = None,
    json: options.Json = False,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Record a claim and who made it.

    The quote is searched at once in the source, or without one in all that are stored; the output says where it was found.

    \b
    Examples:
      claimreg add "The bridge was closed in May" --by "City council"
      claimreg add "Ilyashev spread knowingly false information" --by "Almaty court" --stance rules \\
          --quote "көрінеу жалған ақпарат тарату" --lang kk --source article.txt --said 2020-06-22 --case Ilyashev
    """
    session = session_of(ctx, db, yes=yes, no_input=no_input)
    words, when = read_text_argument(quote) if quote is not None else None, typed_date(said, dates, lang)
    with OpenRegistry(session, dry_run=dry_run) as registry:
        recorded = registry.add(
            read_text_argument(text), by=by, stance=stance, quote=words, lang=lang, source=source, said=when, case=case,
            tags=tag or (), title=title, claim_lang=claim_lang, note=note, assign=assign, view=json,
        )  # fmt: skip
        if recorded is None:
            tell("Nothing was recorded; `add … --yes` records one more claim.")
            return
        tell_other_language(lang)
        _report(recorded, registry, dry_run=dry_run)
        for one in recorded.contrary:
            tell(
                f"{one.claim.id} is nearly the same but for {_in_words(one.flags)}: {one.claim.text}\n"
                f"Possibly they contradict each other; if so: claimreg relate {recorded.claim.id} contradicts {one.claim.id}"
            )


def attribute(
    ctx: typer.Context,
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim, such as C1.", show_default=False)],
    by: options.By,
    stance: options.StanceName = "asserts",
    quote: options.Quote = None,
    lang: options.Lang = None,
    source: options.SourceRef = None,
    said: options.Said = None,
    dates: options.Dates = None,
    json: options.Json = False,
    dry_run: options.DryRun = False,
    yes: options.Yes = False,
    no_input: options.NoInput = False,
    db: options.Db = None,
) -> None:
    """Record one more party on the same claim.

    \b
    Examples:
      claimreg attribute C1 --by "Amnesty International" --stance denies --quote "…" --source article.txt
      claimreg attribute C1 --by "City council" --stance questions --said 2024-03
    """
    session = session_of(ctx, db, yes=yes, no_input=no_input)
    words, when = read_text_argument(quote) if quote is not None else None, typed_date(said, dates, lang)
    with OpenRegistry(session, dry_run=dry_run) as registry:
        recorded = registry.attribute(claim_id, by=by, stance=stance, quote=words, lang=lang, source=source, said=when, view=json)
        tell_other_language(lang)
        _report(recorded, registry, dry_run=dry_run)


def relate(
    ctx: typer.Context,
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of a claim, such as C2.", show_default=False)],
    relation: Annotated[
        str, typer.Argument(help="Relation: contradicts, supports, repeats, translates, narrows or differs-from.", show_default=False)
    ],
    other_id: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the other claim.", show_default=False)],
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Record how one claim relates to another.

    \b
    Examples:
      claimreg relate C2 contradicts C1
    """
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        made, is_new = registry.relate(claim_id, relation, other_id)
        verb = ("Would record" if dry_run else "Recorded") if is_new else "Recorded already:"
        typer.echo(f"{verb} {made.id}: {made.claim_id} {made.kind.value} {made.other_claim_id}.")


def verdict(
    ctx: typer.Context,
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim, such as C1.", show_default=False)],
    rating: Annotated[str, typer.Argument(help="Rating, in the words of your scheme.", show_default=False)],
    scheme: Annotated[
        str | None, typer.Option("--scheme", help="Scheme that the rating belongs to [default: the scale of your settings]")
    ] = None,
    any_rating: Annotated[bool, typer.Option("--any-rating", help="Record a rating that the scale does not have.")] = False,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Rationale of the rating.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Author of the rating [default: you]")] = None,
    dry_run: options.DryRun = False,
    db: options.Db = None,
) -> None:
    """Record a fact-checker's rating of a claim. Earlier verdicts stay; the latest is in force.

    Where the settings name a verdict scale (`claimreg config set scale NAME`), or --scheme does, the rating must be one of its
    ratings; `claimreg config scales` shows them.

    \b
    Examples:
      claimreg verdict C1 False --scheme "Our desk" --why "The court named no false statement."
      claimreg verdict C1 "mostly false" --scheme politifact
    """
    from claimreg.cli.ratings import checked_rating

    rating, scheme = checked_rating(rating, scheme, any_rating=any_rating)
    with OpenRegistry(session_of(ctx, db), dry_run=dry_run) as registry:
        made = registry.judge(claim_id, rating, scheme=scheme, why=why, by=by)
        earlier = f", superseding {made.supersedes}" if made.supersedes else ""
        typer.echo(one_line(f"{'Would record' if dry_run else 'Recorded'} verdict {made.id} on {made.claim_id}: {made.rating}{earlier}."))


def _in_words(flags: tuple[Flag, ...]) -> str:
    return " and ".join({Flag.NEGATION: "a negation"}.get(flag, f"another {flag.value}") for flag in flags)


def _report(recorded: Recorded, registry: OpenRegistry, *, dry_run: bool) -> None:
    """Print what was recorded, when it is."""
    if recorded.source is not None and not recorded.is_captured:
        finds = recorded.attribution.quote and not is_sealed(recorded.source)
        tell(f"{uncaptured(recorded.source)}{', and finds the quote in it' if finds else ''}.")
    elif recorded.attribution.quote and recorded.source and not recorded.links:
        tell(f"The quote was not found in {recorded.source.id}{_nearest_in_words(recorded, recorded.source)}.")
    elif recorded.attribution.looked is not None and not recorded.links:
        for sentence in ("The quote was not found in any stored source; give the one that has it with --source.", *registry.unseen()):
            tell(sentence)
    if recorded.where:
        from claimreg.render.sentences import places_left_out

        for sentence in places_left_out(recorded.where):
            tell(sentence)
    if recorded.view is not None:
        from claimreg.render.machine import claim_json, dumps

        typer.echo(dumps(claim_json(recorded.view)))
        return
    from claimreg.render.safe import one_line

    done = "Recorded already:" if not recorded.new_attribution else "Would record" if dry_run else "Recorded"
    typer.echo(one_line(f"{done} {', '.join(_made(recorded))}."))


def _made(recorded: Recorded) -> list[str]:
    """Name what was recorded, record by record."""
    from claimreg.render.sentences import offsets_in_words

    made = [f"{'' if recorded.new_claim else 'on '}claim {recorded.claim.id}"]
    made += [f"attribution {recorded.attribution.id} ({recorded.party.name} {recorded.attribution.stance.value})"]
    made += [f"{'new ' if recorded.new_party else ''}party {recorded.party.id}"]
    if recorded.source:
        made.append(f"{'new ' if recorded.new_source else ''}source {recorded.source.id}")
    for link in recorded.links[:_MOST_LINKS]:
        inside = f" in {link.source_id}" if recorded.source is None else ""
        made.append(f"link {link.id}{inside} {link.kind.value}{offsets_in_words(link)} score {link.score:g}")
    made += [f"{len(recorded.links) - _MOST_LINKS} more links"] if len(recorded.links) > _MOST_LINKS else []
    if recorded.attribution.quote and not recorded.links and (recorded.source or recorded.attribution.looked):
        made.append("quote not found" if recorded.is_captured else "quote not looked for yet")
    return made


def _nearest_in_words(recorded: Recorded, source: Source) -> str:
    nearest = recorded.findings.nearest
    if nearest is None or is_withheld(source):
        return ""
    far = "which its author struck out" if recorded.nearest_place == STRUCK_OUT else "too far off to be it"
    return f"; the nearest words there, {far}: “{nearest.exact}” ({nearest.start}–{nearest.end})"
