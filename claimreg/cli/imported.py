"""The telling of what an import recorded, passed over and left out."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from claimreg.cli.context import tell
from claimreg.cli.inputs import tell_bad_lines, tell_undated
from claimreg.render.safe import one_line, shortened
from claimreg.text.counted import counted

if TYPE_CHECKING:
    from claimreg.corpus.jsonl import BadLine
    from claimreg.services.exchange.importing import ImportResult
    from claimreg.services.exchange.rows import Told

_SHOWN = 20
_LONGEST_NAME = 60
_FIRST = ("claim", "attribution")


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
    """What was recorded, in a sentence."""
    new = result.new
    others = [counted(count, noun) for noun, count in new.items() if noun not in _FIRST]
    with_ = " and ".join(filter(None, (", ".join([counted(new["attribution"], "attribution"), *others[:-1]]), "".join(others[-1:]))))
    there = f" ({new['claim']:,} new, {result.there:,} there already)" if result.there else ""
    return f"{'Would record' if dry_run else 'Recorded'} {counted(new['claim'], 'claim')} with {with_}{there}."


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
