"""The telling of what an import recorded, passed over and left out, and what follows it: links looked for, near repeats listed."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.cli.context import tell
from claimreg.cli.inputs import tell_bad_lines, tell_undated
from claimreg.cli.progress import Progress
from claimreg.cli.streams import keep_in_mind
from claimreg.render.safe import one_line, shortened
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.cli.registry import OpenRegistry
    from claimreg.corpus.jsonl import BadLine
    from claimreg.services.exchange.importing import ImportResult
    from claimreg.services.exchange.rows import Told
    from claimreg.services.finding.repeats import Repeat
    from claimreg.services.linking.links import Linked

_SHOWN = 20
_LONGEST_NAME = 60
_LONGEST_CLAIM = 80
_FIRST = ("claim", "attribution")

MANY = 10_000
"""Claims of a file up to which links are looked for and near repeats listed unasked."""


MOST_LOOKS = 10_000
"""Looks for quotes in texts that are not their own, which are taken unasked: some minutes."""


class Followed(NamedTuple):
    """The work that followed an import; ``None`` for what was not done."""

    linked: "Linked | None" = None
    repeats: "Sequence[Repeat] | None" = None


def tell_import(result: "ImportResult", told: "Told", where: str) -> None:
    """Tell the person what was not recorded as the file has it, and why."""
    for sentence in told.sentences:
        tell(sentence)
    tell_bad_lines(result.bad, len(result.bad), where)
    _tell_each(
        result.conflicts, where, lambda count: f"{counted(count, 'conflict')}: nothing of {'it' if count == 1 else 'them'} recorded."
    )
    tell_undated(told.undated, where)
    _tell_each(result.unresolved, where, lambda count: f"{counted(count, 'source')} of {where} not found; the statements were recorded.")
    _tell_each(told.notes, where, lambda count: f"{counted(count, 'note')} on {where}.")
    if told.unknown:
        tell(f"Passed over, as claimreg has no place for it: {_named(told.unknown)}.")
    if left_out := told.left_out + result.left_out:
        tell(f"Left out: {', '.join(counted(count, noun) for noun, count in left_out.items())}.")


def is_partial(result: "ImportResult", told: "Told") -> bool:
    """Return whether anything was not recorded as it stands, though the rest was."""
    return bool(result.bad or result.conflicts or result.unresolved or told.undated)


def summary(result: "ImportResult", *, dry_run: bool) -> str:
    """Return a sentence on what was recorded."""
    new = result.new
    others = [counted(count, noun) for noun, count in new.items() if noun not in _FIRST]
    with_ = " and ".join(filter(None, (", ".join([counted(new["attribution"], "attribution"), *others[:-1]]), "".join(others[-1:]))))
    there = f" ({new['claim']:,} new, {result.there:,} there already)" if result.there else ""
    return f"{'Would record' if dry_run else 'Recorded'} {counted(new['claim'], 'claim')} with {with_}{there}."


def follow(registry: "OpenRegistry", result: "ImportResult", *, link: bool | None, duplicates: bool | None) -> Followed:
    """Look for new quotes and list near repeats, as asked for, else where there are not too many rows; tell of both."""
    few = result.rows <= MANY
    wanted = (link if link is not None else few, duplicates if duplicates is not None else few)
    if not few and None in (link, duplicates):
        _tell_of_neglect(link=link, duplicates=duplicates)
    if result.new:
        keep_in_mind("the import was recorded, though its quotes and near repeats were not looked for to the end")
    linked = repeats = None
    if wanted[0] and result.new_quotes.count:
        with Progress() as progress:
            linked = registry.link_new(
                result.new_quotes.each(),
                lambda looks: progress.tell(looks, "look for a quote", "looks for quotes"),
                most=None if link else MOST_LOOKS,
            )
        _tell_linked(linked, result)
    if wanted[1] and result.new_claims.count:
        with Progress() as progress:
            ids = result.new_claims
            repeats = registry.near_repeats(ids.each(), lambda claims: progress.tell(claims, "claim compared", "claims compared"))
        _tell_repeats(repeats)
    if result.new:
        keep_in_mind("the import was recorded")
    return Followed(linked, repeats)


def following_json(followed: Followed) -> dict[str, Any]:
    """The work that followed an import, for its JSON document."""
    linked, repeats = followed
    return {
        "links": None if linked is None else {"found": [one.id for one in linked.found], "not_found": [one.id for one in linked.lost]},
        "duplicates": None if repeats is None else [{"claim_id": one.claim.id, "other_claim_id": one.other.id} for one in repeats],
    }


def _tell_of_neglect(*, link: bool | None, duplicates: bool | None) -> None:
    neglected = []
    if link is None:
        neglected.append("its quotes were not looked for (--link does it, and `claimreg link` afterwards)")
    if duplicates is None:
        neglected.append("near repeats were not listed (--duplicates does it)")
    tell(f"The file has more than {MANY:,} claims: {', and '.join(neglected)}.")


def _tell_linked(linked: "Linked", result: "ImportResult") -> None:
    if linked.found or linked.lost:
        quotes = len({one.attribution_id for one in linked.found})
        confirm = "; `claimreg review` asks about each" if quotes else ""
        tell(f"Of {counted(quotes + len(linked.lost), 'new quote')}, {quotes:,} found in the stored sources{confirm}.")
        left = result.new_quotes.count - quotes - len(linked.lost) - result.new["link"]
        if left > 0:
            tell(f"{counted(left, 'more quote was', 'more quotes were')} not looked for, which takes long; `claimreg link` does it.")


def _tell_repeats(repeats: "Sequence[Repeat]") -> None:
    for claim, other in repeats[:_SHOWN]:
        tell(f"{claim.id} says nearly the same as {other.id}: “{one_line(shortened(other.text, _LONGEST_CLAIM))}”")
    if repeats:
        tell(f"{counted(len(repeats), 'new claim says', 'new claims say')} nearly the same as an earlier one.")


def import_json(result: "ImportResult", told: "Told", *, file: str, form: str, dry_run: bool) -> dict[str, Any]:
    """The import as a JSON document (``claimreg.import/1``)."""
    return {
        "schema": "claimreg.import/1",
        "file": file,
        "format": form,
        "dry_run": dry_run,
        "new": dict(result.new),
        "there": result.there,
        **{
            name: [_line_json(one) for one in lines]
            for name, lines in (
                ("conflicts", result.conflicts),
                ("bad", result.bad),
                ("undated", told.undated),
                ("sources_not_found", result.unresolved),
                ("notes", told.notes),
            )
        },
        "unknown": dict(told.unknown),
        "left_out": dict(told.left_out + result.left_out),
        "sentences": told.sentences,
    }


def _line_json(line: "BadLine") -> dict[str, Any]:
    return {"line": line.number, "why": line.why} | ({"part": line.part} if line.part else {})


def _tell_each(lines: "Sequence[BadLine]", where: str, total: Callable[[int], str]) -> None:
    for one in lines[:_SHOWN]:
        tell(f"Line {one.number} of {where}: {one.why}")
    if lines:
        tell(total(len(lines)))


def _named(names: "Counter[str]") -> str:
    shown = [f"“{one_line(shortened(name, _LONGEST_NAME))}” ({count:,})" for name, count in names.most_common(_SHOWN)]
    return ", ".join(shown) + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
