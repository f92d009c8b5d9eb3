"""A bundle with poison in one field of one record, its chain made to fit: it is refused, or nothing that reads it breaks."""

import io
import itertools
import json
import math
from pathlib import Path
from typing import Any

import pytest
from bundles import files_of, sealed_bundle

from claimreg.frozen import replace
from claimreg.model import Change, Link, record_type_of
from claimreg.services.evidence.bundle.archive import Archive
from claimreg.services.evidence.bundle.check import check_bundle
from claimreg.shapes import misfit
from claimreg.store.embedded import EmbeddedStore

from .conftest import Command

Document = dict[str, Any]

NUMBERS = (10**400, -3, -0.0, 0, 0.5, 1, 99.5, 2**53, 1e308, math.inf, math.nan, True)
TEXTS = (
    "", " ", "…", "a\0b", "\ud800", "\x1b[31m\x9b1m\u202e", "C1", "C99", "2020", "x-y", "<b>|*_`{{7*7}}", "\n\n# h", "https://[::1",
    "../../etc/passwd", "0" * 64, "9" * 5_000, "и" * 70_000,
)  # fmt: skip
OTHERS: tuple[Any, ...] = (
    None, [], {}, [[]], [["a", "b"]], [[0, 1]], [[3, 1]], [[0, 10**30]], [["kept", [0, 1], [0, 1]]], ["number"], [["x"] * 9],
)  # fmt: skip
POISON = (*NUMBERS, *TEXTS, *OTHERS)
READ = (
    ["report"], ["report", "--format", "html", "-o", "r.html"], ["report", "--format", "md", "--lang", "kk"],
    ["report", "--format", "json"],
    ["review", "--format", "json"], ["link", "--all"], ["list", "--json"], ["list", "--format", "csv"], ["history"],
    ["search", "ferry"], ["source", "list"], ["party", "list"], ["show", "C1"], ["show", "S1"], ["show", "L1"], ["verify"],
    ["export", "--bundle", "again.zip"],
)  # fmt: skip


@pytest.fixture
def parts(ferry: Command, tmp_path: Path) -> tuple[list[Document], list[bytes]]:
    """The records of a case, one of each type but time stamps, and the captured bytes."""
    ferry("attribute", "C1", "--by", "Captain Serik", "--stance", "denies", "--quote", "The pier is sound", "--source", "S1")
    ferry("add", "The hall stays shut", "--by", "A clerk", "--case", "Hall", "--tag", "hall", "--title", "Hall")
    ferry("relate", "C2", "contradicts", "C1")
    ferry("verdict", "C1", "True", "--why", "Seen.", "--by", "Ann", "--scheme", "Desk")
    ferry("verdict", "C1", "False", "--why", "Seen again.")
    assert ferry("export", "--bundle", "all.zip").code == 0
    files = files_of((tmp_path / "all.zip").read_bytes())
    documents = [json.loads(line) for line in files["data/records.ndjson"].splitlines()]
    return documents, [content for name, content in files.items() if name.startswith("data/captures/")]


def with_changed(documents: list[Document], number: int, **changes: object) -> list[Document]:
    return [{**one, **changes} if place == number else one for place, one in enumerate(documents)]


def is_taken(documents: list[Document], contents: list[bytes]) -> bool:
    return not check_bundle(Archive(io.BytesIO(sealed(documents, contents)))).found.damage


def sealed(documents: list[Document], contents: list[bytes]) -> bytes:
    # Python's own way to write NaN, and numbers of any length, is how a forger would.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "claimreg.store.chain.canonical", lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        )
        return sealed_bundle(documents, contents)


@pytest.mark.parametrize("poisons", [NUMBERS, TEXTS[::2], TEXTS[1::2], OTHERS], ids=["numbers", "texts", "more texts", "others"])
def test_every_poison_in_every_field_is_refused_or_does_no_harm(
    claimreg: Command, parts: tuple[list[Document], list[bytes]], tmp_path: Path, poisons: tuple[Any, ...]
) -> None:
    documents, contents = parts
    assert is_taken(documents, contents)
    types = {record_type_of(one["id"]) for one in documents}
    assert len(types) == 9
    firsts = [next(number for number, one in enumerate(documents) if record_type_of(one["id"]) is each) for each in types]
    taken: dict[int, list[tuple[int, str]]] = {}
    for number, (place, poison) in itertools.product(firsts, enumerate(poisons)):
        document = documents[number]
        record_type = record_type_of(document["id"])
        assert record_type is not None
        for name in document:
            # What does not fit is refused without a look at the rest; what fits must be tried with all that there is.
            fits = misfit(record_type, {**document, name: poison}) is None
            if fits and is_taken(with_changed(documents, number, **{name: poison}), contents):
                taken.setdefault(place, []).append((number, name))
    assert taken
    for place, fields in taken.items():
        changed = documents
        for number, name in fields:
            candidate = with_changed(changed, number, **{name: poisons[place]})
            changed = candidate if is_taken(candidate, contents) else changed
        (tmp_path / "poison.zip").write_bytes(sealed(changed, contents))
        target = ("--db", f"target{place}")
        assert claimreg("import", "poison.zip", *target).code == 0
        for arguments in READ:
            done = claimreg(*arguments, *target)
            logs = [log.read_text() for log in (tmp_path / "state").rglob("*.log")]
            assert done.code in (0, 1, 3, 4), (ascii(poisons[place])[:80], arguments, done, logs)
            assert "\x1b" not in done.stdout


@pytest.mark.parametrize("poison", POISON, ids=lambda poison: ascii(poison)[:30])
@pytest.mark.parametrize("field", ["score", "probability", "edits", "start"])
def test_a_link_with_poison_is_refused_in_a_sentence_and_nothing_is_touched(
    claimreg: Command, parts: tuple[list[Document], list[bytes]], tmp_path: Path, field: str, poison: object
) -> None:
    documents, contents = parts
    number = next(place for place, one in enumerate(documents) if one["id"] == "L1")
    (tmp_path / "poison.zip").write_bytes(sealed(with_changed(documents, number, **{field: poison}), contents))
    assert claimreg("add", "Another", "--by", "Ben", "--db", "mine").code == 0
    mine = tmp_path / "mine"
    before = {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()}
    done = claimreg("import", "poison.zip", "--db", "mine")
    if done.code == 0:
        assert (field, poison) in {
            *((name, number) for name in ("score", "edits") for number in (0, 1)), ("score", 0.5), ("score", 99.5), ("probability", 0.5),
            ("probability", 0), ("probability", 1),
        }  # fmt: skip
        return
    assert done.code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("claimreg: The bundle is damaged or was changed, ")
    assert done.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()} == before
    checked = claimreg("verify", "poison.zip")
    assert checked.code == 3


def test_poison_that_is_in_a_registry_already_is_named(ferry: Command, registry: Path) -> None:
    assert ferry("verify").code == 0
    store = EmbeddedStore(registry)
    with store.write(Change("eve", "2026-01-01T00:00:00Z", "import bundle")) as writer:
        link = writer.get(Link, "L1")
        assert link is not None
        writer.put(replace(link, probability=99.5))
    store.close()
    done = ferry("verify")
    assert done.code == 3
    assert "L1\tits probability is not a number from 0 to 1" in done.stdout
