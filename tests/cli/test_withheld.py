"""What leaves the tool about a withheld source: no word, number, date, name, address or hash by which it could be known.

One registry has a withheld source of each kind, every detail of which is unmistakable; every command that reads is run in every form, and
none of the details may come out. The same commands on the same registry, nothing withheld, must tell every detail somewhere: else the
search for them would find nothing by being blind.
"""

import json
import re
import sqlite3
import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import closing, nullcontext
from importlib.util import find_spec
from pathlib import Path

import pytest

from claimreg.cli import quotes, review_session, show
from claimreg.cli.context import Session, rendered
from claimreg.cli.registry import OpenRegistry
from claimreg.cli.review_queue import Queue
from claimreg.interchange.formats import writable
from claimreg.model import Change, Link, LinkState, RecordT
from claimreg.render.review import question_renderable
from claimreg.services.reviewing.queue import LinkItem, LinkQuestion, decide_link, question
from claimreg.services.withholding import OTHER_WORDS, is_withheld
from claimreg.store.factory import open_store

from .conftest import Command

REASON = "a source at risk"
NAMELESS = ("dot",) if find_spec("openpyxl") is not None else ("dot", "xlsx")
"""Formats that name no source, and such as cannot be written here."""
FORMATS = ("table", "json", "ndjson", "csv", "md")
EXACT = "the night ferry will not run before the pier is repaired"
NOWHERE = "the harbour master counted the gulls on the lower quay"
ALTERED = "the harbour master counted ninety passengers on the upper deck"
STITCHED = "the ticket hall stays shut for the winter … nobody was told of it in advance"
SPOKEN = "we were told to keep the lifeboats locked until the morning"

PADDING = " ".join(f"zqpad{number}" for number in range(7000))
TEXT = f"""{PADDING}
Zqbeforeone a clerk wrote it down. Zqbeforetwo It said that {EXACT}, zqafterone as was agreed. Zqaftertwo so it ended.
{PADDING[:11411]}
Zqbeforethree then the harbour master counted zqninetyfour passengers on the upper zqrear deck, zqafterthree and left.
Zqbeforefour Later the ticket hall stays shut for the winter, zqbetween said the porter, and nobody was told of it in advance. Zqafterfour.
"""
CHANGED = TEXT.replace("counted zqninetyfour passengers", "counted zqchanged many passengers").replace(EXACT, f"zqinserted {EXACT}")
SPEECH = f"""1
03:17:41,000 --> 03:17:44,000
Zqspokenbefore hear this.

2
03:17:46,000 --> 03:17:49,000
{SPOKEN}

3
03:17:52,000 --> 03:17:54,000
Zqspokenafter thank you.
"""
DETAILS = (
    "--title", "Zqtitle of it", "--publisher", "Zqpublisher", "--author", "Zqauthor", "--published", "1987-06-05",
    "--url", "http://zqhost.invalid/zqpath", "--archive-url", "http://zqarchive.invalid/zqcopy", "--lang", "kk",
)  # fmt: skip
WORDS = re.compile(r"zq\w+", re.IGNORECASE)


def standing_alone(number: int) -> str:
    """A number as a word of its own, and not as digits of a hash."""
    return rf"(?<![0-9a-z]){number}(?![0-9a-z])"


class Told:
    """What commands printed and wrote, by command."""

    def __init__(self, claimreg: Command) -> None:
        self._claimreg = claimreg
        self.texts: dict[str, str] = {}

    def __call__(self, *arguments: str | Path, code: int | None = 0) -> str:
        done = self._claimreg(*arguments)
        assert code is None or done.code == code, (arguments, done)
        assert done.code != 70, (arguments, done)
        return self.take(" ".join(map(str, arguments)), done.stdout + done.stderr)

    def take(self, name: str, text: str) -> str:
        self.texts[name] = self.texts.get(name, "") + text
        return text


class Registry:
    """The registry under test, and what nobody may learn from it."""

    def __init__(self, claimreg: Command, folder: Path, registry: Path) -> None:
        self.claimreg, self.folder, self.place = claimreg, folder, registry
        self.file, self.speech = folder / "zqname.txt", folder / "zqspeech.srt"
        self.file.write_text(TEXT, encoding="utf-8")
        self.speech.write_text(SPEECH, encoding="utf-8")
        self.told = Told(claimreg)

    def make(self) -> None:
        self.told("source", "add", self.file, *DETAILS, "--withhold", REASON)
        self.told("source", "add", self.speech, "--withhold", REASON)
        self.told("add", "No ferry at night", "--by", "Harbour office", "--quote", EXACT, "--source", "S1", "--case", "Ferry")
        self.told("add", "Ninety went", "--by", "Captain", "--quote", ALTERED, "--source", "S1", "--said", "2020-02-02", "--case", "Ferry")
        self.told("add", "The hall is shut", "--by", "Porter", "--quote", STITCHED, "--source", "S1", "--lang", "en")
        self.told("add", "The boats were locked", "--by", "Sailor", "--quote", SPOKEN, "--source", "S2")
        self.told("attribute", "C2", "--by", "Mayor", "--quote", EXACT.upper(), "--source", "S1", "--json")
        self.told("relate", "C1", "contradicts", "C2")
        links = {link.attribution_id: link.kind.value for link in self.records(Link)}
        assert links == {"A1": "exact", "A2": "altered", "A3": "stitched", "A4": "exact", "A5": "typographic"}

    def records(self, record_type: type[RecordT]) -> list[RecordT]:
        store = open_store(str(self.place), create=False)
        try:
            return list(store.find(record_type, withdrawn=True))
        finally:
            store.close()

    def secrets(self) -> dict[str, re.Pattern[str]]:
        """The details, by name."""
        found = {
            word: re.escape(word) for word in WORDS.findall(f"{TEXT.replace(PADDING, '')} {CHANGED} {SPEECH} {' '.join(DETAILS)}".lower())
        }
        found = {word: pattern for word, pattern in found.items() if not word.startswith("zqpad")}
        found |= {
            "padding": r"zqpad\d",
            "day": standing_alone(1987),
            "name": r"zqname",
            "speech": r"zqspeech",
            "time": r"03:17:4",
            "other": r"zqninetyfour",
        }
        captures = json.loads(self.claimreg("history", "--reveal", "--json").stdout)
        for one in (event["after"] for event in captures if event["object_id"].startswith("K")):
            for name in ("sha256", "text_sha256", "locators_sha256"):
                if one[name]:
                    found[f"{one['id']} {name}"] = one[name][:8]
            for name in ("size", "length"):
                if one[name] > 1000:
                    found[f"{one['id']} {name}"] = standing_alone(one[name])
        for link in self.records(Link):
            for offset in {link.start, link.end, *(edge for part in link.parts for edge in part)}:
                if offset > 1000:
                    found[f"{link.id} {offset}"] = standing_alone(offset)
        return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in found.items()}


@pytest.fixture
def withheld(claimreg: Command, tmp_path: Path, registry: Path) -> Registry:
    made = Registry(claimreg, tmp_path, registry)
    made.make()
    return made


def read_everything(one: Registry) -> None:
    """Every command that reads, in every form."""
    reports(one)
    listings(one)
    single_records(one)
    searches(one)
    bundles(one)
    exports(one)


def reports(one: Registry) -> None:
    for form in ("terminal", "md", "html", "json"):
        for command in ("report", "timeline", "contradictions"):
            one.told(command, "--format", form)
        one.told("report", "--format", form, "--source", "S1")
        one.told("report", "--format", form, "--party", "Captain", "--lang", "ru", "-o", f"report.{form}")
        one.told.take(f"report.{form}", (one.folder / f"report.{form}").read_text(encoding="utf-8"))


def listings(one: Registry) -> None:
    commands = [
        ("list",),
        ("search", "ferry"),
        ("search", EXACT),
        ("history",),
        ("source", "list"),
        ("review", "--only", "links"),
        ("stats",),
    ]
    commands += [("history", record) for record in ("S1", "S2", "K1", "K2", "L1", "L2", "L3", "L4", "A1", "C1")]
    for command in commands:
        for form in FORMATS:
            one.told(*command, "--format", form)
        if command[0] != "review":
            one.told(*command)


def single_records(one: Registry) -> None:
    for record in ("C1", "C2", "C3", "C4", "A1", "A2", "A4", "S1", "S2", "K1", "K2", "L1", "L2", "L3", "L4", "P1"):
        one.told("show", record)
        one.told("show", record, "--json")
    for record in ("S1", "S2"):
        one.told("source", "show", record)
        one.told("source", "show", record, "--json")
        one.told("source", "rm", record, "--dry-run", code=None)
        one.told("edit", record, "--lang", "ru", "--dry-run")
    one.told("source", "open", "S1", "--capture", "K9", code=2)


def searches(one: Registry) -> None:
    for record in ("S1", "S2"):
        one.told("extract", record, "--lang", "en", code=None)
        one.told("extract", record, "--lang", "en", "--add", "--dry-run", "--json", code=None)
    one.told("--verbose", "search", "ferry")
    one.told("link", "--dry-run", "--all")
    one.told("link", "--dry-run", "--all", "--json")
    for quote in (EXACT, ALTERED, STITCHED, SPOKEN, NOWHERE, "the upper deck"):
        for where in ((), ("--in", "S1"), ("--in", "S1", "--in", "S2")):
            one.told("check", quote, *where, code=None)
            one.told("check", quote, *where, "--json", code=None)
    queries = write(one.folder / "queries.jsonl", json.dumps({"id": "q", "text": EXACT}) + "\n")
    one.told("match", queries, "-o", "-", "--top", "3")
    corpus = write(one.folder / "corpus.jsonl", json.dumps({"id": "d", "text": f"Elsewhere: {EXACT}."}) + "\n")
    one.told("scan", "--quotes", "registry", "--docs", corpus, "-o", "-")


def bundles(one: Registry) -> None:
    one.told("verify")
    one.told("verify", "--json")
    one.told("doctor")
    one.told("export", "--bundle", "all.zip")
    with zipfile.ZipFile(one.folder / "all.zip") as archive:
        for name in archive.namelist():
            one.told.take(f"all.zip {name}", name + archive.read(name).decode("utf-8", "replace"))
    one.told("verify", "all.zip")
    one.told("--db", "elsewhere", "import", "all.zip")


def exports(one: Registry) -> None:
    """Every format; what is packed is looked through unpacked, too."""
    for form in writable():
        if form.name == "xlsx" and find_spec("openpyxl") is None:
            continue
        path = one.folder / f"export{form.suffix}"
        options = ("--with-unrated",) if "with_unrated" in form.options else ()
        for chosen in ((), ("C1", "C2")):
            one.told("export", "--to", form.name, *chosen, *options, "-o", path)
            content = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    content = b"".join(name.encode() + archive.read(name) for name in archive.namelist())
            one.told.take(f"export --to {form.name}", content.decode("utf-8", "replace"))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def at_a_terminal(one: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only a person at a terminal sees."""
    with monkeypatch.context() as patch:
        for module in (show, quotes):
            patch.setattr(module, "stdout_is_terminal", lambda: True)
        for record in ("C1", "C2", "C3", "C4", "A2", "S1", "K1", "L1", "L2", "L3", "L4"):
            one.told("show", record)
        one.told("source", "show", "S1")
        for quote in (ALTERED, NOWHERE):
            one.told("check", quote, code=None)
    store = open_store(str(one.place), create=False)
    for link in store.find(Link):
        if link.state is LinkState.SUGGESTED:
            one.told.take(f"review {link.id}", rendered(question_renderable(question(store, LinkItem(link.id)), 70)))
            one.told.take(f"review {link.id}", rendered(question_renderable(question(store, LinkItem(link.id)), 140)))
    store.close()


def add_again(one: Registry) -> None:
    """Commands that write, and meet the source once more."""
    told = one.told
    told("source", "add", one.file)
    told("source", "add", one.file, "--json")
    told("source", "add", one.file, one.speech)
    told("source", "add", one.file, "--publisher", "Another", code=2)
    told("source", "add", one.file, "--url", "http://elsewhere.example/", code=2)
    told("add", "Once more", "--by", "Clerk", "--quote", EXACT, "--source", one.file)
    told("add", "Not there", "--by", "Clerk", "--quote", NOWHERE, "--source", "S1")
    told("source", "recapture", "S1", "--allow-private", code=1)
    told("source", "recapture", "--all", "--allow-private", code=None)
    told("source", "recapture", "S1", "--from", one.file)
    changed = write(one.folder / "changed.txt", CHANGED)
    told("source", "recapture", "S1", "--from", changed, "--dry-run")
    told("source", "recapture", "S1", "--from", changed, "--dry-run", "--json")
    told("source", "recapture", "S1", "--from", changed)
    told("report", "--format", "md")
    told("show", "C2", "--json")
    told("history", "--json")
    told("--debug", "source", "recapture", "S1", code=1)


def damage(one: Registry) -> None:
    """What is told when the bytes of the source, or what is recorded of it, are not what they were."""
    told = one.told
    for capture in (record for record in json.loads(one.claimreg("history", "--reveal", "--json").stdout) if record["object_id"][0] == "K"):
        for name in ("sha256", "text_sha256", "locators_sha256"):
            if sha256 := capture["after"][name]:
                path = one.place / "captures" / sha256[:2] / sha256
                if path.exists():
                    path.unlink() if name == "sha256" else path.write_bytes(b"other words")
    looks: tuple[tuple[str, ...], ...] = (("verify",), ("verify", "--json"), ("doctor",))
    for command in looks:
        assert "K1" in told(*command, code=3)
    commands: tuple[tuple[str, ...], ...] = (
        ("check", EXACT), ("check", EXACT, "--in", "S1"), ("link", "--all"), ("link", "--source", "S2"), ("report",), ("report", "--json"),
        ("show", "C4"), ("source", "open", "S1"), ("source", "list"), ("source", "recapture", "S1", "--from", "changed.txt"),
        ("source", "add", "zqname.txt"), ("export", "--bundle", "again.zip"), ("show", "L1"),
        ("attribute", "C1", "--by", "X", "--quote", EXACT, "--source", "S1"),
    )  # fmt: skip
    for command in commands:
        told(*command, code=None)
        told("--debug", *command, code=None)
    # Nothing but the history says whose bytes these are.
    with closing(sqlite3.connect(one.place / "registry.db")) as database, database:
        database.execute("delete from captures")
        database.execute("""update links set doc = json_set(doc, '$.start', 5)""")
    for form in ((), ("--json",)):
        assert "K1" in told("verify", *form, code=3)


def leaks(one: Registry) -> Iterator[tuple[str, str]]:
    for name, secret in one.secrets().items():
        for command, text in one.told.texts.items():
            # What a person types stands in what is said about it; nothing else of the file's name may.
            shown = text.replace(",", "").replace("\N{NO-BREAK SPACE}", "")
            if secret.search(shown):
                yield name, command


def test_nothing_tells_which_document_a_withheld_source_is(withheld: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    read_everything(withheld)
    at_a_terminal(withheld, monkeypatch)
    add_again(withheld)
    damage(withheld)
    assert list(leaks(withheld)) == []
    everything = "\n".join(withheld.told.texts.values())
    assert EXACT in everything
    assert f"the harbour master counted {OTHER_WORDS} passengers on the upper {OTHER_WORDS} deck" in everything
    assert f"Source withheld: {REASON}" in everything


def test_the_control_what_is_not_withheld_is_told(withheld: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    for record_id in ("S1", "S2"):
        withheld.claimreg("edit", record_id, "--withhold", "")
    withheld.told.texts.clear()
    read_everything(withheld)
    at_a_terminal(withheld, monkeypatch)
    add_again(withheld)
    damage(withheld)
    found: dict[str, set[str]] = {}
    for name, command in leaks(withheld):
        found.setdefault(name, set()).add(command)
    missing = set(withheld.secrets()) - found.keys()
    assert missing == set(), "the search is blind to these"
    for command in (
        "report --format md",
        "report --format html",
        "report --format json",
        "show C2 --json",
        "history --format json",
        "verify",
        "doctor",
        *(f"export --to {one.name}" for one in writable() if one.name not in NAMELESS),
    ):
        assert any(command in commands for commands in found.values()), command


# For your own eyes.


def test_reveal_shows_what_is_withheld(withheld: Registry) -> None:
    claimreg = withheld.claimreg
    (plain,) = (one for one in withheld.records(Link) if one.id == "L1")
    in_lines: tuple[tuple[str, ...], ...] = (("show", "C1"), ("show", "L1"), ("check", EXACT, "--in", "S1"))
    for command in in_lines:
        assert f"{plain.start}-{plain.end}" in claimreg(*command, "--reveal").stdout
        assert f"{plain.start}-{plain.end}" not in claimreg(*command).stdout
    in_json: tuple[tuple[str, ...], ...] = (("show", "C1"), ("review", "--only", "links"), ("check", EXACT), ("history", "L1"))
    for command in in_json:
        assert "Zqbeforetwo" in claimreg(*command, "--reveal", "--json").stdout
    assert "Zqtitle" in claimreg("show", "S1", "--reveal").stdout
    assert "zqname.txt" in claimreg("show", "K1", "--reveal").stdout
    assert "zqninetyfour" in claimreg("source", "open", "S1", "--reveal").stdout
    assert "zqhost.invalid" in claimreg("source", "recapture", "S1", "--reveal").stderr
    changed = write(withheld.folder / "changed.txt", CHANGED)
    assert "zqchanged" in claimreg("source", "recapture", "S1", "--from", changed, "--reveal", "--dry-run").stdout


def test_what_is_withheld_is_read_only_by_who_asks_for_it(withheld: Registry) -> None:
    done = withheld.claimreg("source", "open", "S1")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == "claimreg: S1 is withheld; --reveal shows its text, for your own eyes.\n"


def test_the_fields_of_the_contract_are_there_and_empty(withheld: Registry) -> None:
    hidden, shown = (withheld.claimreg("show", "L2", "--json", *reveal).json for reveal in ((), ("--reveal",)))
    assert list(hidden) == list(shown)
    empty = {name for name in hidden if hidden[name] is None and shown[name] is not None}
    assert empty == {"start", "end", "prefix", "suffix", "parts", "probability", "left_out"}
    assert [word[:2] for word in hidden["words"]] == [word[:2] for word in shown["words"]]
    assert {json.dumps(word[2]) for word in hidden["words"]} == {"null"}
    hidden, shown = (withheld.claimreg("show", "S1", "--json", *reveal).json["capture"] for reveal in ((), ("--reveal",)))
    assert list(hidden) == list(shown)
    assert {name for name, value in hidden.items() if value is not None} == {"id"}


def test_the_history_can_be_followed_and_no_guess_tried_on_it(withheld: Registry) -> None:
    told, whole = (withheld.claimreg("history", "--json", *reveal).json for reveal in ((), ("--reveal",)))
    assert [(one["hash"], one["previous"]) for one in told] == [(one["hash"], one["previous"]) for one in whole]
    assert all("salt" in one for one in whole)
    assert {one["object_id"][0] for one in told if "salt" not in one} == {"S", "K", "L"}
    changed = withheld.claimreg("review", "L1", "--confirm")
    assert changed.code == 0
    assert withheld.claimreg("history", "L1").lines[-1].endswith("state: suggested → confirmed")


def test_a_link_is_decided_on_as_it_was_shown_revealed_or_not(withheld: Registry) -> None:
    store = open_store(str(withheld.place), create=False)
    for link_id, revealed in (("L1", False), ("L2", True)):
        asked = question(store, LinkItem(link_id), revealed=revealed)
        assert isinstance(asked, LinkQuestion)
        assert is_withheld(asked.link) is not revealed
        with store.write(Change("ann", "2026-02-02T00:00:00Z", "review")) as writer:
            assert decide_link(writer, link_id, LinkState.CONFIRMED, asked).start > 1000
    store.close()


def test_the_review_opens_a_withheld_source_only_when_asked_to(withheld: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(review_session, "read_source", lambda text, *_told: opened.append(text))
    with OpenRegistry(Session(str(withheld.place))) as registry:
        for revealed in (False, True):
            session = review_session.ReviewSession(registry, Queue(deque()), None, Away(), None, revealed=revealed)  # type: ignore[arg-type]  # no terminal
            asked = question(registry.reader, LinkItem("L1"), revealed=revealed)
            assert isinstance(asked, LinkQuestion)
            session._open(asked)
            assert bool(opened) is revealed
            assert ("--reveal" in session.said) is not revealed


class Away:
    """A screen that nobody looks at."""

    away = staticmethod(nullcontext)
