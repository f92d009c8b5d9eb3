"""Every command at a shared registry, side by side with the same commands at a folder: what they say and do is the same."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import psycopg
import pytest
from loopback import Site, page
from postgres_server import new_address
from typer.testing import CliRunner

from claimreg import open_registry
from claimreg.cli.app import app
from claimreg.cli.model import vectors_of
from claimreg.errors import NotFoundError, UsageError
from claimreg.store.factory import open_store, registry_exists, registry_is_made

from .conftest import NOTICE, Command, Done

PAGE = """<!doctype html><html lang="en"><head><title>Harbour news</title><meta name="author" content="Ann Writer"></head><body><article>
<h1>Harbour news</h1><p>The harbour office said on 3 March that “the night ferry will not run before the pier is repaired”.</p>
<p>Minister Ann Lee said the bridge is {adjective}.</p></article></body></html>"""
DRAFT = "The office said “the night ferry will not run before the pier is repaired” and a clerk “the ticket hall stays open”.\n"
ROWS = """claim,by,stance,quote,said_at,case,tags
The bridge is safe,Ann Lee,asserts,the bridge is safe,2021-03-04,Ferry,bridge
The pier is closed,Harbour office,denies,,2021-03-05,Ferry,
"""
FILES = {
    "notice.txt": NOTICE,
    "page.html": PAGE.format(adjective="safe"),
    "page2.html": PAGE.format(adjective="safe and sound"),
    "draft.md": DRAFT,
    "rows.csv": ROWS,
    "claims.ndjson": json.dumps({"text": "Dogs bark", "by": "Vet", "case": "Pets"}) + "\n",
    "said.txt": "the night ferry was cancelled\nbridges are safe\n",
    "quotes.jsonl": json.dumps({"id": "q1", "text": "the ticket hall stays shut"}) + "\n",
    "docs.jsonl": json.dumps({"id": "d1", "text": NOTICE}) + "\n",
}
CROSSING = "the night ferry will not run before the pier is repaired"
HALL = "the ticket hall stays shut"

RECORD: tuple[tuple[str, ...], ...] = (
    ("list",), ("stats",), ("history",), ("verify",), ("search", "ferry"),
    ("add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", CROSSING, "--lang", "en", "--source", "notice.txt",
     "--said", "2021-03-03", "--case", "Ferry", "--tag", "pier"),
    ("add", "The night ferry is cancelled", "--by", "Captain", "--no-input"),
    ("add", "The night ferry runs again", "--by", "Captain Aida", "--json", "--yes"),
    ("add", "Nothing of this is kept", "--by", "Nobody", "--dry-run"),
    ("add", "A claim", "--by", "Captain", "--said", "yesterday"),
    ("attribute", "C1", "--by", "Clerk", "--stance", "reports", "--quote", HALL, "--source", "S1"),
    ("attribute", "C9", "--by", "Clerk"),
    ("source", "add", "page.html"), ("source", "add", "page.html"), ("source", "add", "nowhere.html"),
    ("source", "recapture", "S2", "--from", "page2.html"), ("source", "recapture", "S2", "--from", "page2.html"),
    ("relate", "C1", "contradicts", "C2"), ("relate", "C1", "contradicts", "C2"), ("relate", "C1", "resembles", "C2"),
    ("verdict", "C1", "True", "--why", "It was seen.", "--by", "Desk"), ("verdict", "C1", "False"),
    ("import", "rows.csv"), ("import", "rows.csv"), ("import", "claims.ndjson", "--dry-run"), ("import", "claims.ndjson"),
)  # fmt: skip
"""Commands that record."""

FIND = (
    ("list",), ("list", "--json"), ("list", "--format", "csv"), ("list", "--case", "Ferry"), ("list", "--by", "Captain Aida"),
    ("list", "--by", "Captain Nemo"), ("list", "--unrated", "--limit", "2"), ("list", "--state", "suggested"),
    ("show", "C1"), ("show", "C1", "C2", "--json"), ("show", "A1"), ("show", "S1"), ("show", "L1"), ("show", "P1"), ("show", "C99"),
    ("search", "fery night"), ("search", "ferry", "--json"), ("search", "ferry", "--limit", "1"), ("search", "no such thing at all"),
    ("search", "", "--case", "Ferry"), ("search", "ferry", "--by", "Captain Aida", "--sort", "date"),
    ("source", "list"), ("source", "list", "--json"), ("source", "show", "S2"), ("source", "search", "pier"),
    ("source", "search", "ticket hall", "--json"), ("source", "get", "S2", "-o", "got.html"), ("source", "get", "S1"),
    ("source", "open", "S1"), ("match", "said.txt", "--top", "3"), ("match", "said.txt", "--top", "2", "--claims", "claims.ndjson"),
    ("party", "list"), ("party", "show", "P1"), ("case", "list"), ("tag", "list", "--json"), ("history",), ("history", "C1"),
    ("history", "--json"), ("timeline",), ("timeline", "--json"), ("contradictions",),
)  # fmt: skip
"""Commands that read."""

CHECK = (
    ("link",), ("link", "C1", "--all"), ("link", "--all", "--json"), ("check", HALL), ("check", "the ticket hall stays open"),
    ("check", HALL, "--in", "notice.txt"), ("check", HALL, "--in", "S1", "--json"), ("check", "words that nobody ever said"),
    ("proof", "draft.md"), ("proof", "draft.md", "--format", "json"), ("proof", "draft.md", "--in", "S1", "--format", "sarif"),
    ("extract", "S1"), ("extract", "S1", "--add"), ("extract", "page.html", "--json"),
    ("scan", "--quotes", "quotes.jsonl", "--docs", "docs.jsonl", "-o", "links.jsonl"),
    ("scan", "--quotes", "registry", "--docs", "docs.jsonl", "-o", "more.jsonl"),
    ("review",), ("review", "--json"), ("review", "--confirm", "L1"), ("review", "--confirm", "L1"), ("review", "--reject", "L2"),
    ("review", "--confirm", "--all-exact", "--yes"), ("review", "--confirm", "D1", "--new-parties"), ("review", "--reject", "D2"),
    ("review", "--undo"), ("review", "--format", "ndjson", "--only", "drafts"),
)  # fmt: skip
"""Commands that look for quotes, and what is said of what they find."""

CHANGE = (
    ("edit", "C1", "--text", "The night ferry does not run"), ("edit", "C1", "--assign", "Aida", "--note", "Call them."),
    ("edit", "A1", "--said", "2021-03-04"), ("edit", "A2", "--move-to", "C2"), ("undo",), ("undo", "--yes"), ("undo", "1", "--yes"),
    ("party", "alias", "P1", "Портовое управление"), ("party", "merge", "Captain Aida", "Clerk"), ("party", "split", "P3"),
    ("case", "rename", "Ferry", "Ferries"), ("case", "rename", "Nowhere", "Here"), ("tag", "rename", "pier", "quay"),
    ("merge", "C3", "C5"), ("rm", "C4"), ("rm", "C4", "--yes"), ("show", "C4"), ("edit", "C4", "--restore"),
    ("source", "rm", "S2", "--yes"),
    ("edit", "S1", "--withhold", "a person at risk"), ("source", "list"), ("show", "S1"), ("show", "S1", "--reveal"),
    ("source", "search", "pier"), ("check", HALL), ("review", "--json"), ("history", "S1"), ("history", "S1", "--reveal"),
)  # fmt: skip
"""Commands that change what is there."""

SEND = (
    *(("export", "--to", form) for form in ("claimreview", "webannotation", "csv", "ndjson", "ris", "bibtex", "csl", "dot")),
    ("export", "--to", "xlsx", "-o", "all.xlsx"), ("export", "--to", "sqlite", "-o", "all.sqlite"),
    ("export", "--bundle", "all.zip"), ("verify", "all.zip"), ("import", "all.zip"),
    ("report",), ("report", "--case", "Ferries", "--format", "md"), ("report", "--json"), ("report", "--format", "html", "-o", "all.html"),
    ("report", "--style", "public", "--format", "html", "-o", "public.html"), ("report", "--party", "P1", "--lang", "ru"),
    ("report", "--source", "S1"), ("report", "C1", "C2", "--json"), ("list", "--lang", "kk"),
    ("verify",), ("verify", "--json"), ("verify", "--expect", "0123456789ab"), ("stats",), ("stats", "--json"), ("compact",),
)  # fmt: skip
"""Commands that send on, and that look after the registry."""

VARYING = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", "TIME"),
    (r"\b\d{1,2} (\w+) \d{4}( г\.)?, \d\d:\d\d UTC|\d{4}-\d\d-\d\d at \d\d:\d\d UTC", "DAY"),
    (r"[0-9a-f]{64}", "HASH"),
    (r"\b[0-9a-f]{12}\b", "SHORT HASH"),
    (r'"salt": "[0-9a-f]+"', "SALT"),
    (r'("?bytes"?:?\s)\d+', r"\1N"),
    (r"The registry takes [\d.]+ MiB now, [\d.]+ MiB before", "SIZES"),
)
"""What is another in each registry, or at each moment."""


class Desk:
    """A folder to work in, and the command on one registry."""

    def __init__(self, folder: Path, location: str) -> None:
        self.folder = folder
        self.location = location
        self._runner = CliRunner(
            env={"CLAIMREG_DB": location, "CLAIMREG_USER": "tester", "NO_COLOR": None, "FORCE_COLOR": None, "COLUMNS": None}
        )
        folder.mkdir()
        for name, content in FILES.items():
            (folder / name).write_text(content, encoding="utf-8")

    def __call__(self, *arguments: str, stdin: str | None = None) -> Done:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            result = self._runner.invoke(app, list(arguments), input=stdin, prog_name="claimreg")
        finally:
            os.chdir(before)
        return Done(result.exit_code, result.stdout_bytes.decode("utf-8"), result.stderr_bytes.decode("utf-8"))

    def told(self, *arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
        """What a command leaves, but for what is another in each registry."""
        done = self(*arguments, stdin=stdin)
        assert done.code != 70, done.stderr
        return done.code, self.alike(done.stdout), self.alike(done.stderr)

    def alike(self, text: str) -> str:
        """A text without what is another in each registry."""
        text = text.replace(self.location, "LOCATION").replace(str(self.folder), "FOLDER")
        for pattern, instead in VARYING:
            text = re.sub(pattern, instead, text)
        return text


class Both:
    """The same desk twice: at a folder, and at a shared registry."""

    def __init__(self, folder: Path) -> None:
        self.folder = Desk(folder / "one", str(folder / "registry"))
        self.shared = Desk(folder / "two", new_address())
        for desk in (self.folder, self.shared):
            assert desk("init").code == 0

    def do(self, *commands: tuple[str, ...]) -> None:
        """Do the same at both, and compare what is said."""
        for command in commands:
            assert self.shared.told(*command) == self.folder.told(*command), command


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def test_the_main_job_is_the_same_at_a_folder_and_at_a_server(both: Both) -> None:
    for commands in (RECORD, FIND, CHECK, CHANGE, FIND, SEND):
        both.do(*commands)
    for name in ("got.html", "links.jsonl", "more.jsonl", "all.html", "public.html"):
        texts = [desk.alike((desk.folder / name).read_text("utf-8")) for desk in (both.shared, both.folder)]
        assert texts[0] == texts[1], name
    # What they agree on is not that nothing works.
    assert both.shared("show", "C1", "--json").json["text"] == "The night ferry does not run"
    assert both.shared("stats", "--json").json["links: confirmed"]
    assert both.shared("verify").code == 0


def test_the_article_is_recorded_linked_and_reported_the_same(both: Both, article_path: Path) -> None:
    for desk in (both.folder, both.shared):
        shutil.copy(article_path, desk.folder / "article.txt")
    both.do(
        ("add", "Ilyashev spread knowingly false information", "--by", "Сот", "--stance", "rules", "--quote", "көрінеу жалған ақпарат",
         "--lang", "kk", "--source", "article.txt", "--case", "Ilyashev"),
        ("attribute", "C1", "--by", "Amnesty International", "--stance", "denies", "--quote", "ешқандай қылмыс", "--lang", "kk",
         "--source", "S1"),
        ("extract", "S1", "--add", "--json"), ("review", "--json"), ("review", "--confirm", "L1", "L3"), ("search", "жалган"),
        ("source", "search", "ақпарат", "--json"), ("check", "ешқандай қылмыс"), ("report", "--format", "md", "--lang", "kk"),
        ("show", "C1", "--json"), ("verify",),
    )  # fmt: skip
    assert both.shared("show", "C1", "--json").json["attributions"][0]["links"][0]["state"] == "confirmed"


def test_pages_are_fetched_and_captured_again_the_same(both: Both, site: Site) -> None:
    site.routes["/news"] = page(PAGE.format(adjective="safe"))
    both.do(
        ("source", "add", "--allow-private", site.url("/news")),
        ("add", "The bridge is safe", "--by", "Ann Lee", "--quote", "the bridge is safe", "--source", site.url("/news")),
        ("review", "--confirm", "L1"),
    )
    site.routes["/news"] = page(PAGE.format(adjective="safe and sound"))
    again = ("source", "recapture", "--allow-private")
    both.do((*again, "S1"), (*again, "--all"), ("show", "S1", "--json"), ("show", "C1", "--json"), ("source", "get", "S1"), ("verify",))


def test_a_bundle_goes_from_either_into_either(both: Both, tmp_path: Path) -> None:
    both.do(*RECORD, *CHECK)
    for desk in (both.folder, both.shared):
        assert desk("export", "--bundle", "all.zip").code == 0
    taken = []
    for name, bundle, location in (
        ("into folder", both.shared.folder / "all.zip", str(tmp_path / "other")),
        ("into server", both.folder.folder / "all.zip", new_address()),
    ):
        other, take = Desk(tmp_path / name, location), ("import", str(bundle))
        assert other("init").code == 0
        seen = ("list", "--json"), ("report", "--json"), ("review", "--json"), ("verify",)
        taken.append([other.told(*command) for command in ((*take, "--dry-run"), take, *seen, take)])
    assert [told[1] for told in taken[0]][2:] == [told[1] for told in taken[1]][2:]
    assert [told[0] for told in taken[0]] == [told[0] for told in taken[1]] == [0, 0, 0, 0, 0, 0, 0]


def test_what_is_piped_in_is_recorded_the_same(both: Both) -> None:
    for desk in (both.folder, both.shared):
        assert desk("source", "add", "-", stdin="The ferry left at noon, a clerk said.\n").code == 0
        assert desk("add", "-", "--by", "Clerk", "--quote", "The ferry left at noon", "--source", "S1", stdin="The ferry left\n").code == 0
        assert desk("import", "-", stdin='{"text": "Dogs bark", "by": "Vet"}\n').code == 0
    both.do(("list", "--json"), ("show", "C1", "--json"), ("verify",))


# One at a time: what is there only at a server.


@pytest.fixture
def registry() -> str:
    """A shared registry, not made yet."""
    return new_address()


READING = (
    ("list",), ("show", "C1"), ("search", "ferry"), ("history",), ("report",), ("timeline",), ("stats",), ("verify",), ("doctor",),
    ("link",), ("check", "a quote"), ("review", "--json"), ("source", "list"), ("source", "search", "ferry"), ("party", "list"),
    ("case", "list"), ("tag", "list"), ("undo",), ("export", "--to", "csv"), ("compact",), ("add", "A claim", "--by", "Somebody"),
    ("source", "add", "notice.txt"), ("import", "notice.txt", "--from", "csv"),
)  # fmt: skip


def test_a_registry_that_is_not_there_is_told_of_and_not_made(claimreg: Command, notice: Path, registry: str) -> None:
    assert notice.exists()
    for command in READING:
        done = claimreg(*command)
        assert (done.code, done.stdout) == (4, ""), (command, done)
        assert "`claimreg init` makes one" in done.stderr
    assert registry_exists(registry)
    assert not registry_is_made(registry)


def test_init_says_whether_it_made_one(claimreg: Command, registry: str) -> None:
    assert claimreg("init").stdout == f"Made a registry in {registry}.\n"
    assert claimreg("init", registry).stdout == f"There is a registry in {registry} already; it was left as it is.\n"
    assert registry_is_made(registry)
    assert claimreg("add", "The ferry left", "--by", "Clerk").code == 0


def test_the_demo_is_kept_in_a_shared_registry_once(claimreg: Command, registry: str) -> None:
    kept = claimreg("demo", "--keep", registry, "-o", "demo.txt")
    assert kept.code == 0
    assert registry in kept.stderr
    assert claimreg("report", "-o", "report.txt").code == 0
    assert Path("report.txt").read_text("utf-8").splitlines()[3:] == Path("demo.txt").read_text("utf-8").splitlines()[3:]
    again = claimreg("demo", "--keep", registry)
    assert again.code == 1
    assert "already" in again.stderr
    assert claimreg("verify").code == 0


def test_doctor_tells_of_the_server_the_connection_and_the_user(claimreg: Command, registry: str) -> None:
    assert claimreg("init").code == 0
    told = dict(line.split("\t") for line in claimreg("doctor").lines if "\t" in line)
    assert told["registry"] == registry
    assert told["server"].startswith("PostgreSQL ")
    assert told["connection"] == "not encrypted, within this machine"
    assert told["database user"] == "postgres (superuser)"
    assert told["index of claims"] == "not made yet; shared: not yet"
    assert re.fullmatch(r"\d+ of \d+", told["connections"])
    assert "mend" not in told
    assert claimreg("add", "The ferry left", "--by", "Clerk").code == 0
    assert claimreg("search", "ferry").code == 0
    done = claimreg("doctor")
    assert "index of claims\t0 of 4 events behind; shared: " in done.stdout
    assert done.lines[-1] == "whole"


def test_who_may_not_see_a_source_is_told_that_the_words_may_stand_in_it(claimreg: Command, registry: str, notice: Path) -> None:
    assert claimreg("init", "--roles").code == 0
    schema = registry.rpartition("=")[2]
    with psycopg.connect(registry.partition("?")[0], autocommit=True) as administrator:
        administrator.execute(f"CREATE ROLE {schema}_ann LOGIN; GRANT {schema}_writer TO {schema}_ann".encode())
    ann = ("--db", registry.replace("postgres@", f"{schema}_ann@"))
    assert claimreg("source", "add", notice, *ann).code == 0
    looking: tuple[tuple[tuple[str, ...], int], ...] = (
        (("check", "the ferry sails at dawn"), 3), (("source", "search", "nowhere"), 0), (("proof", "draft.md"), 3),
        (("add", "The ferry sails", "--by", "Clerk", "--quote", "the ferry sails at dawn", "--dry-run"), 0),
    )  # fmt: skip
    Path("draft.md").write_text("A clerk said: “the ferry sails at dawn every day”.\n", encoding="utf-8")
    for command, code in looking:
        done = claimreg(*command, *ann)
        assert (done.code, "withheld" in done.stderr) == (code, False), (command, done)
    assert claimreg("edit", "S1", "--withhold", "a person at risk").code == 0
    alone = claimreg("proof", "draft.md", *ann)
    assert alone.code == 2
    assert "S1; no other is stored to prove the draft against" in alone.stderr
    assert claimreg("source", "add", "-", *ann, stdin="The harbour is full.\n").code == 0
    told = "1 source is withheld, which you may not see, and was passed over: S1."
    for command, code in looking:
        done = claimreg(*command, *ann)
        assert (done.code, told in done.stderr) == (code, True), (command, done)
        # Who sees it need not be told.
        done = claimreg(*command)
        assert (done.code, "withheld" in done.stderr) == (code, False), (command, done)
    found = ("check", HALL)
    assert (claimreg(*found).code, claimreg(*found, *ann).code) == (0, 3)
    users = [
        dict(line.split("\t") for line in done.lines if "\t" in line)["database user"]
        for done in (claimreg("doctor"), claimreg("doctor", *ann))
    ]
    assert users == ["postgres (superuser)", f"{schema}_ann (reader, reviewer, writer)"]


def test_show_and_search_answer_in_short_processes(run: Command, claimreg: Command) -> None:
    assert claimreg("init").code == 0
    assert claimreg("add", "The ferry left", "--by", "Clerk").code == 0
    there = (("show", "C1"), ("show", "C1", "--json"), ("search", "fery"), ("search", "ferry", "--json"))
    for command in (*there, ("show", "C9")):
        inside = claimreg(*command)
        assert run(*command) == inside
        assert inside.code == (0 if command in there else 4)


def test_completion_offers_nothing_of_a_shared_registry_and_says_nothing(run: Command, claimreg: Command) -> None:
    assert claimreg("init").code == 0
    assert claimreg("add", "The ferry left", "--by", "Clerk").code == 0
    done = run("__complete", "bash", "show", "C")
    assert (done.code, done.stdout, done.stderr) == (0, ":\n", "")


def test_a_watched_report_is_written_again_when_somebody_else_records(
    claimreg: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    assert claimreg("init").code == 0
    assert claimreg("add", "The ferry left", "--by", "Clerk").code == 0
    target = tmp_path / "report.md"
    command = [sys.executable, "-m", "claimreg", "report", "--format", "md", "-o", str(target), "--watch"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True, encoding="utf-8") as watching:
        try:
            assert watching.stderr is not None
            assert "Wrote" in watching.stderr.readline()
            assert "Watching" in watching.stderr.readline()
            for rating in ("Misleading", "False"):
                assert claimreg("verdict", "C1", rating).code == 0
                assert "Wrote" in watching.stderr.readline()
                assert rating in target.read_text("utf-8")
        finally:
            watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 130


def test_a_program_opens_a_shared_registry_as_it_opens_a_folder(registry: str, notice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(notice.parent)
    with pytest.raises(NotFoundError):
        open_registry(registry)
    assert not registry_is_made(registry)
    open_store(registry, create=True).close()
    with open_registry(registry, user="ann") as ann, open_registry(registry, user="ben", dry_run=True) as ben:
        made = ann.add("The night ferry is cancelled", by="Harbour office", quote=CROSSING, lang="en", source="notice.txt")
        assert made is not None
        assert [link.kind.value for link in made.links] == ["typographic"]
        assert [hit.claim.id for hit, _view in ben.search("fery")] == ["C1"]
        ben.judge("C1", "True")
        assert ann.judge("C1", "False").id == "V1"
        assert [(view.claim.recorded_by, view.verdicts[-1].rating) for view in ben.list_claims()] == [("ann", "False")]
        assert ben.check(CROSSING).intact
        assert not ann.verify().damage


class Encoder:
    """As much of a model as the place of its vectors is told by."""

    name = "small"
    size = 4


def test_vectors_of_a_shared_registry_are_kept_in_the_users_cache(registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache = vectors_of(Encoder(), registry)  # type: ignore[arg-type]  # no model is needed for a place
    assert cache is not None
    cache.add_many({b"0123456789abcdef": np.array([1, 0, 0, 0], np.float32)})
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert [path.name for path in tmp_path.rglob("small*")]


def test_an_address_that_lost_a_stroke_makes_no_folder(claimreg: Command, tmp_path: Path) -> None:
    for location in ("postgresql:/desk/claims", "postgres:desk", "POSTGRESQL:/desk"):
        for command in (("list",), ("init",), ("add", "A claim", "--by", "Clerk"), ("doctor",)):
            assert claimreg("--db", location, *command).code == 2, (location, command)
    with pytest.raises(UsageError):
        open_store("postgresql:/desk/claims", create=True)
    assert not list(tmp_path.iterdir())
