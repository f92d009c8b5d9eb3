"""What a writing command acknowledges is recorded, and what it recorded is told truly, whatever becomes of standard output."""

import ast
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from typing import NamedTuple

import pytest
import typer

from claimreg.cli.registry import told_of, transaction
from claimreg.cli.streams import PrintedTooEarlyError, nothing_printed, printing
from claimreg.model import Change, Claim
from claimreg.services.recording.claims import ClaimFields, record_claim
from claimreg.store.blobs import StagedBlobs
from claimreg.store.factory import open_store
from claimreg.store.memory import MemoryStore
from claimreg.store.port import Writer

from .conftest import NOTICE, Command, Done

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows closes and fills streams in other ways")


class Written(NamedTuple):
    """A writing command, and how the sentence begins that says what it did where it cannot be printed."""

    arguments: list[str]
    told: str


RECORDING = {
    "add": Written(["add", "Taxes rose", "--by", "Ministry"], "C3 was recorded, but "),
    "add as JSON": Written(["add", "Taxes rose", "--by", "Ministry", "--json"], "C3 was recorded, but "),
    "add to a claim that is there": Written(["add", "The pier is sound", "--by", "Mayor", "--yes"], "C3 was recorded, but "),
    "attribute": Written(["attribute", "C1", "--by", "Mayor", "--source", "{notice}"], "A5 was recorded, but "),
    "attribute as JSON": Written(["attribute", "C1", "--by", "Mayor", "--json"], "A5 was recorded, but "),
    "edit": Written(["edit", "C1", "--title", "The ferry"], "C1 was changed, but "),
    "edit a quote": Written(["edit", "A1", "--quote", "the pier is repaired"], "A1 was changed, but "),
    "rm": Written(["rm", "L1", "--yes"], "L1 was changed, but "),
    "relate": Written(["relate", "C2", "contradicts", "C1"], "R1 was recorded, but "),
    "verdict": Written(["verdict", "C1", "True"], "V1 was recorded, but "),
    "link": Written(["link"], "L5 and L6 were recorded, but "),
    "link as JSON": Written(["link", "--json"], "L5 and L6 were recorded, but "),
    "review --confirm": Written(["review", "--confirm", "L1"], "L1 was changed, but "),
    "review --reject": Written(["review", "--reject", "L1"], "L1 was changed, but "),
    "review --all-exact": Written(["review", "--confirm", "--all-exact", "--yes"], "L1 was changed, but "),
    "review --undo": Written(["review", "--undo"], "L2 was changed, but "),
    "source add": Written(["source", "add", "{new}"], "S3 was recorded, but "),
    "source add as JSON": Written(["source", "add", "{new}", "--json"], "S3 was recorded, but "),
    "source add of a folder": Written(["source", "add", "{folder}"], "S3"),  # and as many as were read in the first second
    "source rm": Written(["source", "rm", "S2", "--yes"], "S2 was changed, but "),
    "source recapture": Written(["source", "recapture", "S1", "--from", "{new}"], "K3 was recorded, but "),
    "source recapture as JSON": Written(["source", "recapture", "S1", "--from", "{new}", "--json"], "K3 was recorded, but "),
    "extract": Written(["extract", "{new}", "--lang", "en", "--add"], "S3 was recorded, but "),
    "extract as JSON": Written(["extract", "S1", "--lang", "en", "--add", "--json"], "D"),
    "merge": Written(["merge", "C1", "C2"], "C1 and C2 were changed, but "),
    "undo": Written(["undo", "--yes"], "L2 was changed, but "),
    "case rename": Written(["case", "rename", "Pier", "Quay"], "C2 was changed, but "),
    "tag rename": Written(["tag", "rename", "storm", "gale"], "C2 was changed, but "),
    "edit of several": Written(["edit", "C1", "C2", "--case", "Ferry"], "C1 and C2 were changed, but "),
    "party alias": Written(["party", "alias", "P1", "Harbor master"], "N"),
    "party merge": Written(["party", "merge", "P1", "P2"], "P2 was changed, but "),
    "party split": Written(["party", "split", "P4"], "P4 was changed, but "),
    "import": Written(["import", "{claims}"], "C3 and C4 were recorded, but "),
    "import of a bundle": Written(["import", "{bundle}"], "C3 was recorded, but "),
}
"""Commands that add to the history of the registry below."""

LEAVING = {
    "init": (Written(["init", "{out}"], "The registry in {out} was made, but "), True),
    "backup": (Written(["backup", "{out}"], "The registry was copied to {out}, but "), True),
    "export": (Written(["export", "--bundle", "{out}"], "{out} was written, but "), True),
    "restore": (Written(["--db", "{out}", "restore", "{copy}"], "{copy} was brought back to {out}, but "), True),
    "compact": (Written(["compact"], "The registry was made as small as it can be, but "), False),
    "demo": (Written(["demo"], "Standard output cannot be written: "), False),
}
"""Commands that leave something else behind, and whether they leave {out}."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files to read and a registry: two claims, four attributions, parties merged, links to review and to be found."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "notice.txt").write_text(NOTICE, encoding="utf-8")
    (folder / "other.txt").write_text("The council met in May.\n", encoding="utf-8")
    (folder / "new.txt").write_text(f"Corrected.\n\n{NOTICE}", encoding="utf-8")
    (folder / "claims.ndjson").write_text('{"text": "Taxes rose", "by": "Ministry"}\n{"text": "Trees grow"}\n', encoding="utf-8")
    (folder / "texts").mkdir()
    (folder / "texts" / "notice.txt").write_text(NOTICE, encoding="utf-8")
    (folder / "folder").mkdir()
    for number in range(7):
        (folder / "folder" / f"{number}.txt").write_text(f"This is letter number {number} to the council.\n", encoding="utf-8")
    quoted = ["--quote", "the night ferry will not run", "--source", "notice.txt"]
    sorted_under = ["--case", "Pier", "--tag", "storm"]
    for registry, *arguments in (
        ("elsewhere", "add", "The bridge fell", "--by", "Council"),
        ("elsewhere", "export", "--bundle", "bundle.zip"),
        ("registry", "add", "The night ferry is cancelled", "--by", "Harbour office", *quoted),
        ("registry", "add", "The pier is sound", "--by", "Aida Serik", "--quote", "The pier is\nsound", "--source", "S1", *sorted_under),
        ("registry", "source", "add", "other.txt"),
        ("registry", "attribute", "C2", "--by", "Clerk", "--quote", "the ticket hall stays shut"),
        ("registry", "attribute", "C2", "--by", "Port office"),
        ("registry", "rm", "L3", "L4", "--yes"),
        ("registry", "party", "merge", "P1", "P4"),
        ("registry", "review", "--confirm", "L2"),
        ("registry", "backup", "copy"),
    ):
        command = [sys.executable, "-m", "claimreg", "--db", registry, *arguments]
        environment = {**os.environ, "CLAIMREG_USER": "tester", "XDG_STATE_HOME": str(folder / "state")}
        done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done
    return folder


@pytest.fixture
def files(template: Path, tmp_path: Path, registry: Path) -> dict[str, str]:
    """The registry, copied to where the commands under test look for it, and the files that they are given."""
    shutil.copytree(template / "registry", registry)
    given = {
        "notice": "notice.txt",
        "new": "new.txt",
        "texts": "texts",
        "folder": "folder",
        "claims": "claims.ndjson",
        "bundle": "bundle.zip",
        "copy": "copy",
    }
    return {name: str(template / file) for name, file in given.items()} | {"out": str(tmp_path / "out")}


Printing = Callable[[list[str]], Done]


@pytest.fixture(params=["reader gone", "closed", "full"])
def printing_to(request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path) -> tuple[str, Printing]:
    """A way in which standard output fails, and the command run with it; what is printed is lost."""

    def start(arguments: list[str]) -> Done:
        command = [sys.executable, "-m", "claimreg", *arguments]
        output: int = subprocess.DEVNULL
        if request.param == "reader gone":
            reader, output = os.pipe()
            os.close(reader)
        elif request.param == "full":
            if not Path("/dev/full").exists():
                pytest.skip("there is no device that is always full here")
            output = os.open("/dev/full", os.O_WRONLY)
        else:
            command = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
        try:
            done = subprocess.run(
                command, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE, check=False,
                timeout=60,
            )  # fmt: skip
        finally:
            if output >= 0:
                os.close(output)
        return Done(done.returncode, "", done.stderr.decode())

    return request.param, start


def events(registry: Path) -> int:
    """How many changes the registry has recorded."""
    store = open_store(str(registry), create=False)
    try:
        return store.head()[0]
    finally:
        store.close()


def assert_told(how: str, done: Done, told: str) -> None:
    if how == "reader gone":
        assert done.code == 0, done
        assert "claimreg:" not in done.stderr
        return
    assert done.code == 1, done
    (line,) = (one for one in done.stderr.splitlines() if one.startswith("claimreg: "))
    assert line.startswith(f"claimreg: {told}"), line
    why = {"closed": "Bad file descriptor", "full": "No space left on device"}[how]
    assert line.lower().endswith(f"standard output cannot be written: {why}.".lower())
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("what", RECORDING)
def test_what_cannot_be_printed_is_recorded_and_told(
    files: dict[str, str], printing_to: tuple[str, Printing], registry: Path, what: str
) -> None:
    how, start = printing_to
    before = events(registry)
    done = start([one.format(**files) for one in RECORDING[what].arguments])
    assert events(registry) > before
    assert_told(how, done, RECORDING[what].told)


@pytest.mark.parametrize("what", LEAVING)
def test_what_cannot_be_printed_is_left_and_told(
    files: dict[str, str], printing_to: tuple[str, Printing], registry: Path, what: str
) -> None:
    how, start = printing_to
    written, leaves = LEAVING[what]
    before = events(registry)
    done = start([one.format(**files) for one in written.arguments])
    assert events(registry) == before
    assert Path(files["out"]).exists() is leaves
    # A reader that went away need not wait for a demo.
    assert_told(how, done, written.told.format(**files))


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["show", "C1"], ["show", "C1", "--json"], ["search", "ferry"], ["report"], ["history", "--json"], ["verify"], ["stats"],
     ["-h"], ["add", "-h"], ["--version"], ["relate", "C2", "contradicts", "C1", "--dry-run"],
     ["scan", "--quotes", "registry", "--docs", "{texts}"],
     ["check", "the night ferry will not run"], ["party", "show", "P1"], ["source", "open", "S1"]],
    ids=" ".join,
)  # fmt: skip
def test_what_is_only_read_is_told_as_unprinted(
    files: dict[str, str], printing_to: tuple[str, Printing], registry: Path, arguments: list[str]
) -> None:
    how, start = printing_to
    before = events(registry)
    done = start([one.format(**files) for one in arguments])
    assert events(registry) == before
    assert_told(how, done, "Standard output cannot be written: ")


@pytest.mark.parametrize("what", RECORDING)
def test_what_is_not_recorded_is_not_acknowledged(
    files: dict[str, str], claimreg: Command, registry: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The disk is full when the transaction is about to be kept."""

    def full(_staged: StagedBlobs) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    before = events(registry)
    with monkeypatch.context() as patched:
        patched.setattr(StagedBlobs, "keep", full)
        done = claimreg(*(one.format(**files) for one in RECORDING[what].arguments))
    assert (done.code, done.stdout) == (1, ""), done
    assert "recorded" not in done.stderr
    assert events(registry) == before
    # The same command without the fault is acknowledged.
    done = claimreg(*(one.format(**files) for one in RECORDING[what].arguments))
    assert done.code == 0, done
    assert done.stdout
    assert events(registry) > before


# The guard.


def test_nothing_can_be_printed_while_a_transaction_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    store = MemoryStore()
    change = Change(user="tester", at="2026-01-01T00:00:00Z", action="add")

    def record(early: Callable[[], object]) -> None:
        with transaction(store, change) as writer:
            record_claim(writer, ClaimFields(text="Taxes rose"))
            early()

    for early in (
        lambda: sys.stdout.write("Recorded C1"),
        lambda: sys.stdout.writelines(["Recorded C1"]),
        lambda: sys.stdout.buffer.write(b"Recorded C1"),
        lambda: typer.echo("Recorded C1"),
    ):
        with pytest.raises(PrintedTooEarlyError):
            record(early)
        assert list(store.find(Claim)) == []
    record(lambda: sys.stdout.encoding)
    typer.echo("Recorded C1")
    assert [claim.id for claim in store.find(Claim)] == ["C1"]
    assert capsys.readouterr().out == "Recorded C1\n"


def test_a_command_that_prints_too_early_is_a_bug_and_records_nothing(
    claimreg: Command, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def early(writer: Writer, fields: ClaimFields) -> Claim:
        typer.echo("Recorded claim C1.")
        return record_claim(writer, fields)

    monkeypatch.setattr("claimreg.services.recording.claims.record_claim", early)
    done = claimreg("add", "Taxes rose", "--by", "Ministry")
    assert (done.code, done.stdout) == (70, "")
    assert "PrintedTooEarlyError" in done.stderr
    assert events(registry) == 0


def test_every_transaction_of_a_command_has_the_guard() -> None:
    """A store's `write` is called where the guard is, and nowhere else."""
    opened = []
    streams = {"registry", "stdout", "stderr", "buffer", "file", "errors", "_stream", "self", "formats", "making"}
    for path in (Path(__file__).parents[2] / "claimreg" / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "write":
                written_to = ast.unparse(node.func.value)
                if written_to.split(".")[-1] in {"store", "_store"}:
                    opened.append((path.name, written_to))
                else:
                    assert written_to.split(".")[-1] in streams, (path, written_to)
    assert opened == [("registry.py", "store")]


# What comes after it is recorded.


def test_it_is_acknowledged_before_the_index_is_brought_up_to_date(claimreg: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_arguments: object) -> None:
        sys.stdout.write("indexing\n")

    monkeypatch.setattr("claimreg.services.finding.claim_index.ClaimIndex._take_in", slow)
    acknowledged, indexing = claimreg("add", "Taxes rose", "--by", "Ministry").lines
    assert acknowledged.startswith("Recorded claim C1")
    assert indexing == "indexing"


@pytest.mark.parametrize("fault", [OSError(ENOSPC, os.strerror(ENOSPC)), ZeroDivisionError(), KeyboardInterrupt()], ids=repr)
def test_an_index_that_fails_fails_no_command(claimreg: Command, monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    def broken(*_arguments: object) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr("claimreg.services.finding.claim_index.ClaimIndex._take_in", broken)
        done = claimreg("add", "Taxes rose", "--by", "Ministry")
    assert done.code == 0
    assert done.stdout.startswith("Recorded claim C1")
    assert "the next search brings it up to date" in done.stderr
    assert claimreg("search", "taxes").lines


def test_a_bug_after_it_is_recorded_says_what_is(claimreg: Command, registry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, dry_run: bool) -> None:
        raise ZeroDivisionError(dry_run)

    monkeypatch.setattr("claimreg.cli.record._report", broken)
    done = claimreg("add", "Taxes rose", "--by", "Ministry")
    assert done.code == 70
    assert done.stderr.startswith("claimreg: C1 was recorded; after that a bug in claimreg stopped it (ZeroDivisionError)")
    assert events(registry) > 0


# The other streams.


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
def test_the_other_streams_change_nothing(files: dict[str, str], environment: dict[str, str], registry: Path, redirection: str) -> None:
    if "full" in redirection and not Path("/dev/full").exists():
        pytest.skip("there is no device that is always full here")
    before = events(registry)
    for arguments, code, printed in (
        (["attribute", "C1", "--by", "Mayor", "--quote", "not there at all", "--source", "S1"], 0, "Recorded on claim C1"),
        (["show", "C1"], 0, "C1"),
        (["show", "C99"], 4, ""),
        (["relate", "C1"], 2, ""),
    ):
        command = ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m", "claimreg", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
        assert done.returncode == code, done
        assert done.stdout.decode().startswith(printed), done
    assert events(registry) > before
    assert files


def test_a_closed_stream_never_becomes_the_registrys_file(files: dict[str, str], environment: dict[str, str]) -> None:
    for number in range(4):
        command = [
            "sh",
            "-c",
            'exec "$@" <&- >&- 2>&-',
            "sh",
            sys.executable,
            "-m",
            "claimreg",
            "attribute",
            "C1",
            "--by",
            f"Mayor {number}",
        ]
        assert subprocess.run(command, env=environment, check=False, timeout=60).returncode == 1
    whole = subprocess.run([sys.executable, "-m", "claimreg", "verify"], env=environment, check=False, capture_output=True, timeout=60)
    assert whole.returncode == 0, whole
    assert files


def test_a_reader_that_goes_away_ends_no_command_half_way(files: dict[str, str], environment: dict[str, str], registry: Path) -> None:
    """Documents are recorded in batches; the reader is gone at the first."""
    script = "import claimreg.services.entry.documents as d; d.BATCH_DOCUMENTS = 2; from claimreg.__main__ import main; main()"
    reader, output = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-c", script, "source", "add", files["folder"]], env=environment, stdout=output, stderr=subprocess.PIPE,
            check=False, timeout=60,
        )  # fmt: skip
    finally:
        os.close(output)
    assert done.returncode == 0, done
    assert b"7 documents: 7 new" in done.stderr
    assert events(registry)


def test_a_library_that_takes_a_failure_for_an_answer_hides_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full:
        def write(self, text: str) -> int:
            raise OSError(ENOSPC, os.strerror(ENOSPC), text)

        def flush(self) -> None: ...

        def fileno(self) -> int:
            raise OSError

    def work() -> None:
        for _ in range(2):
            # As the libraries do.
            with suppress(Exception):
                sys.stdout.write("a line")

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(SystemExit) as ended:
        printing(work)
    assert ended.value.code == 1
    assert capsys.readouterr().err == "claimreg: Standard output cannot be written: No space left on device.\n"


def test_what_the_encoding_lacks_is_shown_as_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, shown in (("utf-8", "\\udcff ә".encode()), ("ascii", b"\\udcff \\u04d9")):
        written = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding))
        printing(lambda: sys.stdout.write("\udcff ә"))
        assert written.getvalue() == shown


def test_the_guard_goes_with_its_block() -> None:
    usual = sys.stdout
    with nothing_printed():
        assert sys.stdout is not usual
    assert sys.stdout is usual


def test_many_changes_are_told_in_short(files: dict[str, str], registry: Path) -> None:
    store = open_store(str(registry), create=False)
    try:
        history = list(store.history())
    finally:
        store.close()
    assert told_of(history) == "C1 and C2 were recorded"
    assert told_of([one for one in history if one.object_id.startswith("P")]) == "P1, P2, P3 and P4 were recorded"
    assert told_of(history * 5).endswith(" and more were recorded")
    assert files
