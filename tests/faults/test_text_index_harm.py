"""Whatever becomes of the index of texts, `check` and `link` find a verbatim quote, as with one made anew."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from claimreg.linker import LayeredLinker
from claimreg.model import Attribution, Change, LinkKind, Stance
from claimreg.services.linking.likely import FEW, LikelyDocuments, bring_up_to_date
from claimreg.services.linking.links import check_quote, propose_anywhere
from claimreg.services.linking.texts import stored_texts
from claimreg.services.recording.claims import AttributionFields, ClaimFields, record_attribution, record_claim
from claimreg.services.recording.parties import create_party
from claimreg.services.recording.sources import IncomingDocument, SourceDetails, store_source
from claimreg.store.embedded import EmbeddedStore

CHANGE = Change(user="ann", at="2026-01-01T00:00:00Z", action="test")
QUOTES = [f"the harbour master of pier {number} signed the order before midnight and locked the gate" for number in ("nine", "ten")]
WORDS = "pier boat night wind harbour ticket council office engineer summer storm wave captain keeper light rope anchor".split()  # noqa: SIM905 -- easier to read than a list
BATCHES = 4
Harm = Callable[[Path], object]


def text_of(number: int) -> str:
    """A text of its own for each number; two of them hold a quote."""
    chance = random.Random(number)  # noqa: S311 -- the same texts each time
    words = [" ".join(chance.choice(WORDS) + str(chance.randrange(90)) for _ in range(60)) for _ in range(2)]
    quote = {7: QUOTES[0], FEW + 3: QUOTES[1]}.get(number, "")
    return f"{words[0]} {quote} {words[1]}."


def put_sources(store: EmbeddedStore, numbers: range) -> None:
    with store.write(CHANGE) as writer:
        for number in numbers:
            text = text_of(number)
            store_source(writer, IncomingDocument(text.encode(), text, f"{number}.txt"), SourceDetails())
    bring_up_to_date(store)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a registry of many sources whose index has several segments, and an older form of that index."""
    folder = tmp_path_factory.mktemp("made")
    store = EmbeddedStore(folder / "registry")
    size = (FEW + 12) // BATCHES
    put_sources(store, range(FEW + 1))
    put_sources(store, range(FEW + 1, FEW + 3))
    shutil.copytree(folder / "registry" / ".cache" / "grams", folder / "older")
    for batch in range(3):
        put_sources(store, range(FEW + 3 + batch * size, FEW + 3 + (batch + 1) * size))
    with store.write(CHANGE) as writer:
        party = create_party(writer, "Ann")
        for quote in QUOTES:
            claim = record_claim(writer, ClaimFields(quote))
            record_attribution(writer, claim, party, None, AttributionFields(stance=Stance.ASSERTS, party_as_written="Ann", quote=quote))
    store.close()
    other = EmbeddedStore(folder / "other")
    with other.write(CHANGE) as writer:
        for number in range(FEW + 3 + 3 * size):
            text = f"Another text altogether, {number}."
            store_source(writer, IncomingDocument(text.encode(), text, "x.txt"), SourceDetails())
    bring_up_to_date(other)
    other.close()
    assert len(list((folder / "registry" / ".cache" / "grams").glob("*.segment"))) >= 4
    return folder


def found(registry: Path, told: list[str] | None = None) -> tuple[object, object]:
    """What `check` and `link` find of both quotes, told by name, kind and place."""
    store = EmbeddedStore(registry)
    tell = (told if told is not None else []).append
    try:
        checks = []
        for quote in QUOTES:
            with LikelyDocuments(store, tell) as documents:
                named = ((source.id, stored_texts(store, capture, text)) for source, capture, text in documents.of(quote))
                check = check_quote(quote, named, LayeredLinker())
            checks.append([(place.document, place.match.kind, place.match.start) for place in check.places])
        links = [
            (one.attribution.id, one.source.id, match.kind, match.start)
            for one in propose_anywhere(store, store.find(Attribution), LayeredLinker(), tell)
            for match in one.matches
            if match.kind is LinkKind.EXACT
        ]
    finally:
        store.close()
    return checks, links


def flip(at: float, bit: int) -> Harm:
    def harm(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(at * len(content))] ^= 1 << bit
        path.write_bytes(content)

    return harm


def cut(share: float) -> Harm:
    return lambda path: os.truncate(path, int(path.stat().st_size * share))


def extend(path: Path) -> None:
    path.write_bytes(path.read_bytes() + bytes(4096))


def hollow(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size // 3] + bytes(size - size // 3))


def put_folder(path: Path) -> None:
    path.unlink()
    (path / "deep").mkdir(parents=True)


def put_link(target: str) -> Harm:
    def harm(path: Path) -> None:
        path.unlink()
        path.symlink_to(path.parent / target)

    return harm


def put_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def put_neighbour(path: Path) -> None:
    """Another segment's file in its place; for the list, one of another registry."""
    others = [one for one in sorted(path.parent.glob(f"*{path.suffix}")) if one != path]
    content = others[0].read_bytes() if others else (path.parents[3] / "other" / ".cache" / "grams" / path.name).read_bytes()
    path.write_bytes(content)


FILE_HARMS: dict[str, Harm] = {
    **{f"flip {number}": flip(at, number % 8) for number, at in enumerate(random.Random(5).random() for _ in range(8))},  # noqa: S311 -- the same places each time
    **{f"flip at the start {number}": flip(number / 200, number) for number in range(4)},
    **{f"cut to {share}": cut(share) for share in (0.0, 0.001, 0.3, 0.7, 0.999)},
    "extend": extend,
    "hollow": hollow,
    "unlink": Path.unlink,
    "folder": put_folder,
    "link to nothing": put_link("nothing"),
    "link to null": put_link("/dev/null"),
    "link to zero": put_link("/dev/zero"),
    "pipe": put_pipe,
    "rights": lambda path: path.chmod(0),
    "neighbour": put_neighbour,
    "text": lambda path: path.write_text('{"segments": []}'),
    "bomb": lambda path: path.write_text("[" * 300_000),
}


def say(document: str) -> Harm:
    """Let the list of segments say this, its checksum apart."""

    def harm(grams: Path) -> None:
        with sqlite3.connect(grams / "index.db") as connection:
            connection.execute("UPDATE state SET document = ?", (document,))
        connection.close()

    return harm


def say_less(grams: Path) -> None:
    with sqlite3.connect(grams / "index.db") as connection:
        (text,) = connection.execute("SELECT document FROM state").fetchone()
        state = json.loads(text[8:])
        state["names"] = state["names"][:1]
        connection.execute("UPDATE state SET document = ?", (text[:8] + json.dumps(state),))
    connection.close()


def swap(grams: Path) -> None:
    first, second, *_ = sorted(grams.glob("*.segment"))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)


def flip_all(grams: Path) -> None:
    for path in grams.glob("*.segment"):
        flip(0.5, 3)(path)


def put(name: str, what: str = "*") -> Harm:
    """Put files of another index in the place of these."""

    def harm(grams: Path) -> None:
        for path in (grams.parents[2] / name).glob(what):
            shutil.copy(path, grams)

    return harm


def put_whole(name: str) -> Harm:
    def harm(grams: Path) -> None:
        shutil.rmtree(grams)
        shutil.copytree(grams.parents[2] / name, grams)

    return harm


def replace_folder(with_: Harm) -> Harm:
    def harm(grams: Path) -> None:
        shutil.rmtree(grams)
        with_(grams)

    return harm


FOLDER_HARMS: dict[str, Harm] = {
    "deep": say("[" * 200_000),
    "long number": say("9" * 100_000),
    "nothing said": say(""),
    "of another kind": say('["a"]'),
    "less": say_less,
    "no table": lambda grams: sqlite3.connect(grams / "index.db", isolation_level=None).execute("DROP TABLE state").connection.close(),
    "swap": swap,
    "older list": put("older", "index.db"),
    "older list and files": put("older"),
    "older folder": put_whole("older"),
    "foreign folder": put_whole("other/.cache/grams"),
    "foreign files beside": put("other/.cache/grams", "*.segment"),
    "foreign journal": lambda grams: (grams / "index.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(range(256)) * 40),
    "journal a folder": lambda grams: (grams / "index.db-journal").mkdir(),
    "folder gone": shutil.rmtree,
    "folder a file": replace_folder(lambda grams: grams.write_text("x")),
    "folder a link to nothing": replace_folder(lambda grams: grams.symlink_to("nowhere")),
    "folder a pipe": replace_folder(os.mkfifo),
    "rights": lambda grams: grams.chmod(0),
    "all of the cache a file": lambda grams: replace_folder(lambda cache: cache.write_text("x"))(grams.parent),
}


def harms(made: Path) -> Iterator[tuple[str, Harm]]:
    """Every way of harming every file, and those of harming the folder, as what is done to the folder."""
    names = sorted(path.name for path in (made / "registry" / ".cache" / "grams").iterdir())
    holders = ["index.db", *[name for name in names if name.endswith(".segment")]]
    for name in holders:
        for kind, harm in FILE_HARMS.items():
            yield f"{kind}: {holders.index(name)}", lambda grams, harm=harm, name=name: harm(grams / name)  # type: ignore[misc]  # bound now
    yield from FOLDER_HARMS.items()


def harmed(made: Path, target: Path, harm: Harm) -> Path:
    """A copy of the registry with a harmed index; the copy's own may be in the way."""
    cache = target / "registry" / ".cache"
    if not target.exists():
        shutil.copytree(made, target)
    if cache.is_dir():
        shutil.rmtree(cache)
    else:
        cache.unlink()
    shutil.copytree(made / "registry" / ".cache", cache)
    harm(cache / "grams")
    return target / "registry"


def missed(made: Path, tmp_path: Path, expected: object, only: str = "") -> tuple[list[str], int, int]:
    """The harms after which something else was found, how many there were, and after how many something was told."""
    wrong, count, noticed = [], 0, 0
    for name, harm in harms(made):
        if only not in name:
            continue
        count += 1
        told: list[str] = []
        try:
            right = found(harmed(made, tmp_path / "copy", harm), told) == expected
        except Exception as error:  # noqa: BLE001 -- whatever is raised would end the command
            right, name = False, f"{name} ({error!r})"  # noqa: PLW2901 -- told with its cause
        noticed += bool(told)
        if not right:
            wrong.append(name)
    return wrong, count, noticed


def test_no_harm_to_the_index_hides_a_quote(made: Path, tmp_path: Path) -> None:
    expected = found(harmed(made, tmp_path / "copy", lambda _grams: None))
    assert [len(check) for check in expected[0]] == [1, 1]  # type: ignore[attr-defined]  # a list of checks
    assert len(expected[1]) == 2  # type: ignore[arg-type]  # a list of links
    wrong, count, noticed = missed(made, tmp_path, expected)
    assert (wrong, count > 150) == ([], True)
    assert noticed > count // 2


def test_without_its_checksums_harm_would_hide_quotes(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = found(harmed(made, tmp_path / "copy", lambda _grams: None))
    monkeypatch.setattr("claimreg.store.segments.zlib", SimpleNamespace(crc32=lambda _content, _before=0: _AlwaysRight()))
    monkeypatch.setattr("claimreg.store.segments._kept_in", unchecked)
    wrong, _count, _noticed = missed(made, tmp_path, expected, "hollow")
    assert wrong


class _AlwaysRight(int):
    """A checksum that fits everything."""

    def __ne__(self, _other: object) -> bool:
        return False

    def __eq__(self, _other: object) -> bool:
        return True

    __hash__ = int.__hash__


def unchecked(row: str) -> object:
    from claimreg.store.segments import _Kept

    state = json.loads(row[8:])
    return _Kept(state["document"], state["names"])


@pytest.mark.parametrize("harm", ["flip", "bomb", "swap", "gone"])
def test_the_commands_find_it_and_tell_the_verbose(made: Path, tmp_path: Path, harm: str) -> None:
    chosen: dict[str, Harm] = {
        "flip": flip_all,
        "bomb": FOLDER_HARMS["deep"],
        "swap": swap,
        "gone": shutil.rmtree,
    }
    for number, command in enumerate((["check", QUOTES[1]], ["link", "--all"])):
        registry = harmed(made, tmp_path / f"copy{number}", chosen[harm])
        run = [sys.executable, "-m", "claimreg", *command, "--verbose", "--db", str(registry)]
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "exact" in done.stdout
        assert ("it was damaged" in done.stderr) == (harm != "gone")
        again = subprocess.run(run, capture_output=True, text=True, check=False)
        assert again.returncode == 0
        assert "damaged" not in again.stderr
