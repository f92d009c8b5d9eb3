"""What leaves the tool about a withheld source: no word, number, date, name, address or hash by which it could be known.

One registry has a withheld source of each kind, every detail of which is unmistakable; every command that reads is run in every form, and
none of the details may come out. The same commands on the same registry, nothing withheld, must tell every detail somewhere: else the
search for them would find nothing by being blind.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from claimreg.cli import quotes, show, source
from claimreg.cli.review_session import ReviewSession
from claimreg.model import Link, LinkState, Source
from claimreg.render.review import question_renderable
from claimreg.services.linking import LinkProposal
from claimreg.services.review import LinkItem, LinkQuestion, decide_link, question
from claimreg.services.withholding import HIDDEN, OTHER_WORDS
from claimreg.store.factory import open_store

from .conftest import Command

REASON = "a source at risk"
FORMATS = ("table", "json", "ndjson", "csv", "md")
EXACT = "the night ferry will not run before the pier is repaired"
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

    def records(self, record_type: type) -> list:  # type: ignore[type-arg]
        store = open_store(str(self.place), create=False)
        try:
            return list(store.find(record_type, withdrawn=True))
        finally:
            store.close()

    def secrets(self) -> dict[str, re.Pattern[str]]:
        """The details, by name."""
        found = {word: re.escape(word) for word in WORDS.findall(f"{TEXT.replace(PADDING, '')} {CHANGED} {SPEECH} {' '.join(DETAILS)}".lower())}
        found = {word: pattern for word, pattern in found.items() if not word.startswith("zqpad")}
        found |= {"padding": r"zqpad\d", "day": r"1987", "name": r"zqname", "speech": r"zqspeech", "time": r"03:17:4", "other": r"zqninetyfour"}
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
    told = one.told
    for form in ("terminal", "md", "html", "json"):
        for command in ("report", "timeline", "contradictions"):
            told(command, "--format", form)
        told("report", "--format", form, "--source", "S1")
        told("report", "--format", form, "--party", "Captain", "--lang", "ru", "-o", f"report.{form}")
        told.take(f"report.{form}", (one.folder / f"report.{form}").read_text(encoding="utf-8"))
    for form in FORMATS:
        for command in (
            ("list",), ("search", "ferry"), ("search", EXACT), ("history",), ("source", "list"), ("review", "--only", "links"), ("stats",),
            *(("history", record) for record in ("S1", "S2", "K1", "K2", "L1", "L2", "L3", "L4", "A1", "C1")),
        ):
            told(*command, "--format", form)
    for command in (("list",), ("search", "ferry"), ("history",), ("source", "list"), ("stats",), ("verify",), ("doctor",)):
        told(*command)
    for record in ("C1", "C2", "C3", "C4", "A1", "A2", "A4", "S1", "S2", "K1", "K2", "L1", "L2", "L3", "L4", "P1"):
        told("show", record)
        told("show", record, "--json")
    for word in ("S1", "S2"):
        told("source", "show", word)
        told("source", "show", word, "--json")
    told("--verbose", "search", "ferry")
    told("review", "--json", "--only", "links")
    told("link", "--dry-run", "--all")
    told("link", "--dry-run", "--all", "--json")
    for quote in (EXACT, ALTERED, STITCHED, SPOKEN, "the harbour master counted the gulls on the lower quay", "the upper deck"):
        for where in ((), ("--in", "S1"), ("--in", "S1", "--in", "S2")):
            told("check", quote, *where, code=None)
            told("check", quote, *where, "--json", code=None)
    told("match", write(one.folder / "queries.jsonl", json.dumps({"id": "q", "text": EXACT}) + "\n"), "-o", "-", "--top", "3")
    told("export", "--bundle", "all.zip")
    with zipfile.ZipFile(one.folder / "all.zip") as archive:
        for name in archive.namelist():
            told.take(f"all.zip {name}", name + archive.read(name).decode("utf-8", "replace"))
    told("verify", "all.zip")
    for record_id in ("S1", "S2"):
        told("source", "rm", record_id, "--dry-run", code=None)
        told("edit", record_id, "--lang", "ru", "--dry-run")
    told("source", "open", "S1", "--capture", "K9", code=2)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def at_a_terminal(one: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only a person at a terminal sees."""
    with monkeypatch.context() as patch:
        for module in (show, quotes, source):
            patch.setattr(module, "stdout_is_terminal", lambda: True)
        for record in ("C1", "C2", "C3", "C4", "A2", "S1", "K1", "L1", "L2", "L3", "L4"):
            one.told("show", record)
        one.told("source", "show", "S1")
        for quote in (ALTERED, "the harbour master counted the gulls on the lower quay"):
            one.told("check", quote, code=None)
    from claimreg.cli.context import rendered

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
    told("add", "Not there", "--by", "Clerk", "--quote", "the harbour master counted the gulls on the lower quay", "--source", "S1")
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
    for command in (("verify",), ("verify", "--json"), ("doctor",)):
        assert "K1" in told(*command, code=3)
    commands: tuple[tuple[str, ...], ...] = (
        ("check", EXACT), ("check", EXACT, "--in", "S1"), ("link", "--all"), ("link", "--source", "S2"), ("report",), ("report", "--json"),
        ("show", "C4"), ("source", "open", "S1"), ("source", "list"), ("source", "recapture", "S1", "--from", "changed.txt"),
        ("source", "add", "zqname.txt"), ("export", "--bundle", "again.zip"), ("attribute", "C1", "--by", "X", "--quote", EXACT, "--source", "S1"),
    )  # fmt: skip
    for command in commands:
        told(*command, code=None)
        told("--debug", *command, code=None)


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
    for command in ("report --format md", "report --format html", "report --format json", "show C2 --json", "history --format json", "verify", "doctor"):
        assert any(command in commands for commands in found.values()), command
