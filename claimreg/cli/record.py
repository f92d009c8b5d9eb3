"""`add` and `attribute`: a claim, who made it, in which words, in which source."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import Session, ask_index, make_linker, session_of, tell
from claimreg.cli.inputs import hash_of_file, read_document, read_text_argument
from claimreg.cli.registry import OpenRegistry
from claimreg.errors import NeedsAnswerError
from claimreg.linker.types import Findings
from claimreg.model import Attribution, Claim, Flag, Link, Party, Source, Stance
from claimreg.services.linking.links import LinkProposal, looking, note_looked, store_links
from claimreg.services.lookup import require
from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_attribution, record_claim
from claimreg.services.recording.fields import checked_choice, checked_date, checked_language, checked_optional, checked_text
from claimreg.services.recording.parties import canonical, create_party, resolve
from claimreg.services.recording.sources import (
    IncomingDocument,
    SourceDetails,
    capture_of,
    find_source,
    store_source,
    stored_source,
    text_of,
)
from claimreg.services.withholding import is_withheld, link_or_withheld
from claimreg.store.port import Equals, Reader, Writer

if TYPE_CHECKING:
    from claimreg.services.finding.duplicates import Kin

SHOWN_KIN = 3


def add(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="Claim in your own short words; - reads it from standard input.", show_default=False)],
    by: options.By,
    stance: options.StanceName = "asserts",
    quote: options.Quote = None,
    lang: options.Lang = None,
    source: options.SourceRef = None,
    said: options.Said = None,
    case: options.Case = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="Keyword of the claim; may be repeated.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Heading of the claim.")] = None,
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

    The quote is searched in the source at once; the output says where it was found.

    \b
    Examples:
      claimreg add "The bridge was closed in May" --by "City council"
      claimreg add "Ilyashev spread knowingly false information" --by "Almaty court" --stance rules \\
          --quote "көрінеу жалған ақпарат тарату" --lang kk --source article.txt --said 2020-06-22 --case Ilyashev
    """
    session = session_of(ctx, db, yes=yes, no_input=no_input)
    statement = _checked_statement(by, stance, quote, lang, said)
    text_lang = claim_lang if claim_lang is not None or statement.quote else lang
    fields = ClaimFields(
        text=checked_text(read_text_argument(text), "claim's text"),
        title=checked_optional(title, "title"),
        lang=checked_language(text_lang) if text_lang else None,
        case=checked_optional(case, "case"),
        tags=tuple(checked_text(one, "tag") for one in tag or ()),
    )
    with OpenRegistry(session, dry_run=dry_run) as registry:
        plan = _planned(registry.reader, session, statement, source)
        decision = _decided(registry, fields.text, plan)
        if decision is None:
            tell("Nothing was recorded; `add … --yes` records one more claim.")
            return
        with registry.write("add" if decision.same is None else "attribute") as writer:
            claim = record_claim(writer, fields) if decision.same is None else require(writer, Claim, decision.same.id)
            recorded = _recorded(writer, claim, plan)
            told = _told(writer, claim, recorded, json=json, dry_run=dry_run, new_claim=decision.same is None)
        _report(recorded, plan, told)
        for one in decision.contrary:
            tell(
                f"{one.claim.id} is nearly the same but for {_in_words(one.flags)}: {one.claim.text}\n"
                f"Possibly they contradict each other; if so: claimreg relate {claim.id} contradicts {one.claim.id}"
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
    statement = _checked_statement(by, stance, quote, lang, said)
    with OpenRegistry(session, dry_run=dry_run) as registry:
        claim = require(registry.reader, Claim, claim_id)
        plan = _planned(registry.reader, session, statement, source)
        with registry.write("attribute") as writer:
            claim = require(writer, Claim, claim_id)
            recorded = _recorded(writer, claim, plan)
            told = _told(writer, claim, recorded, json=json, dry_run=dry_run, new_claim=False)
        _report(recorded, plan, told)


@dataclass(frozen=True)
class _Plan:
    """Findings that are made before anything is written."""

    statement: AttributionFields
    party: Party | None
    source: Source | None
    document: IncomingDocument | None
    findings: Findings


@dataclass(frozen=True)
class _Recorded:
    """Records that were written."""

    attribution: Attribution
    new_attribution: bool
    party: Party
    new_party: bool
    source: Source | None
    new_source: bool
    links: tuple[Link, ...]


@dataclass(frozen=True)
class _Decision:
    """Choice of a claim that is there to add the party to, or ``None``; and the claims that a new one may contradict."""

    same: Claim | None
    contrary: "list[Kin]"


def _checked_statement(by: str, stance: str, quote: str | None, lang: str | None, said: str | None) -> AttributionFields:
    return AttributionFields(
        stance=checked_choice(stance, Stance, "stance"),
        party_as_written=checked_text(by, "party's name"),
        quote=checked_text(read_text_argument(quote), "quote") if quote is not None else None,
        lang=checked_language(lang) if lang else None,
        said_at=checked_date(said) if said else None,
    )


def _planned(reader: Reader, session: Session, statement: AttributionFields, reference: str | None) -> _Plan:
    source, document = find_or_read_source(reader, reference)
    text = document.text if document else text_of(reader, capture_of(reader, source)) if source else None
    findings = make_linker().find(statement.quote, text) if statement.quote and text is not None else Findings()
    return _Plan(statement, _chosen_party(reader, session, statement.party_as_written), source, document, findings)


def find_or_read_source(
    reader: Reader, reference: str | None, *, guess_language: bool = True
) -> tuple[Source | None, IncomingDocument | None]:
    """The source that a reference names, or else the document it leads to."""
    if reference is None:
        return None, None
    source = find_source(reader, reference)
    if source is not None:
        return source, None
    known = stored_source(reader, sha256) if (sha256 := hash_of_file(reference)) else None
    return (known, None) if known is not None else (None, read_document(reference, guess_language=guess_language))


def _chosen_party(reader: Reader, session: Session, name: str) -> Party | None:
    """The party that a name means; ``None`` for a new one. Likeness alone never decides: a person does, or it stays new."""
    resolution = resolve(reader, name)
    if resolution.party is not None:
        if not resolution.as_written and resolution.party.name != name:
            tell(f"“{name}” is taken for {resolution.party.id} {resolution.party.name}.")
        return resolution.party
    if not resolution.candidates:
        return None
    best = resolution.candidates[0]
    others = ", ".join(f"{party.id} {party.name}" for party in resolution.candidates)
    try:
        same = session.confirm(f"Is “{name}” the party {best.id} {best.name}?", "")
    except NeedsAnswerError:
        tell(f"“{name}” is recorded as a new party; it is like {others}: `claimreg party merge` if it is the same.")
        return None
    if same:
        tell(f"“{name}” is taken for {best.id} {best.name}.")
    return best if same else None


def _decided(registry: OpenRegistry, text: str, plan: _Plan) -> "_Decision | None":
    """Decide what to record, where nearly the same claim may be there; ``None`` for nothing. Asks where somebody can answer."""
    from claimreg.services.finding.duplicates import kin_of, speaks_already

    session = registry.session
    kin = ask_index(registry.store, session, lambda index: kin_of(registry.reader, index, text))
    contrary = [one for one in kin if one.flags][:SHOWN_KIN]
    same = next((one.claim for one in kin if not one.flags), None)
    if same is None:
        return _Decision(None, contrary)
    if session.may_ask or session.yes:
        tell(f"{same.id} says nearly the same: {same.text}")
    hint = f"run `claimreg attribute {same.id} …` to add a party to it, or `add … --yes` to record one more claim."
    refusal = f"Nothing was recorded: {same.id} says nearly the same; {hint}"
    if session.yes or speaks_already(registry.reader, same, plan.party):
        return _Decision(None, contrary) if session.confirm("Record it as one more claim?", refusal) else None
    name = plan.party.name if plan.party else plan.statement.party_as_written
    return _Decision(same, contrary) if session.confirm(f"Add {name} to {same.id} instead?", refusal) else None


def _in_words(flags: tuple[Flag, ...]) -> str:
    return " and ".join({Flag.NEGATION: "a negation"}.get(flag, f"another {flag.value}") for flag in flags)


def _recorded(writer: Writer, claim: Claim, plan: _Plan) -> _Recorded:
    # Looked up again inside the transaction: another process may have recorded the party since.
    party = (
        canonical(writer, require(writer, Party, plan.party.id)) if plan.party else resolve(writer, plan.statement.party_as_written).party
    )
    new_party = party is None
    party = party or create_party(writer, plan.statement.party_as_written)
    source, new_source = plan.source, False
    if plan.document is not None:
        stored = store_source(writer, plan.document, SourceDetails())
        source, new_source = stored.source, stored.is_new
    known = {one.id for one in writer.find(Attribution, Equals("claim_id", claim.id))}
    looked = looking(writer, make_linker().name) if source is not None and plan.statement.quote else None
    attribution = record_attribution(writer, claim, party, source, plan.statement, looked=looked)
    if looked is not None and attribution.id in known:
        note_looked(writer, [attribution], looked)
    links: tuple[Link, ...] = ()
    if source is not None and attribution.quote:
        proposal = LinkProposal(attribution, source, capture_of(writer, source), plan.findings.matches, plan.findings.nearest)
        changes = store_links(writer, [proposal], make_linker().name)
        links = tuple(link_or_withheld(one, source, attribution) for one in (*changes.added, *changes.kept))
    return _Recorded(attribution, attribution.id not in known, party, new_party, source, new_source, links)


def _report(recorded: _Recorded, plan: _Plan, told: str) -> None:
    """Print what was recorded, when it is."""
    if recorded.attribution.quote and recorded.source and not recorded.links:
        tell(f"The quote was not found in {recorded.source.id}{_nearest_in_words(plan.findings, recorded.source)}.")
    typer.echo(told)


def _told(reader: Reader, claim: Claim, recorded: _Recorded, *, json: bool, dry_run: bool, new_claim: bool) -> str:
    """Return what to print once it is recorded; the claim is read as the transaction leaves it."""
    if json:
        from claimreg.render.machine import claim_json, dumps
        from claimreg.services.reporting.views import claim_view

        return dumps(claim_json(claim_view(reader, claim)))
    from claimreg.render.safe import one_line
    from claimreg.render.sentences import offsets_in_words

    made = [f"claim {claim.id}"] if new_claim else [f"on claim {claim.id}"]
    made += [f"attribution {recorded.attribution.id} ({recorded.party.name} {recorded.attribution.stance.value})"]
    made += [f"{'new ' if recorded.new_party else ''}party {recorded.party.id}"]
    if recorded.source:
        made.append(f"{'new ' if recorded.new_source else ''}source {recorded.source.id}")
    made += [f"link {link.id} {link.kind.value}{offsets_in_words(link)} score {link.score:g}" for link in recorded.links]
    if recorded.attribution.quote and recorded.source and not recorded.links:
        made.append("quote not found")
    done = "Recorded already:" if not recorded.new_attribution else "Would record" if dry_run else "Recorded"
    return one_line(f"{done} {', '.join(made)}.")


def _nearest_in_words(findings: Findings, source: Source) -> str:
    if findings.nearest is None or is_withheld(source):
        return ""
    return f"; the nearest words there, too far off to be it: “{findings.nearest.exact}” ({findings.nearest.start}–{findings.nearest.end})"
