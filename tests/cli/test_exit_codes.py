"""Each failure ends in its exit code with one sentence, and leaves the registry as it was."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from claimreg.services.reporting import views
from claimreg.store.locations import is_shared

from .conftest import Command, Done

pytestmark = pytest.mark.every_store

NOBODY = ["--by", "Nobody"]


def assert_one_sentence(done: Done) -> None:
    """One line for a person: no traceback, no class name, no half sentence."""
    assert done.stdout == ""
    (line,) = (one for one in done.stderr.splitlines() if not one.startswith("There is no registry in "))
    assert line.startswith("claimreg: ")
    assert "Traceback" not in line
    assert "Error" not in line


# What is wrong with an input, the command that meets it, and how it ends. {name} is one of the bad files below.
BAD_INPUTS = {
    "missing file": (1, ["add", "Some claim", *NOBODY, "--source", "{missing}"]),
    "empty file": (1, ["add", "Some claim", *NOBODY, "--source", "{empty}"]),
    "blank file": (1, ["source", "add", "{blank}"]),
    "program as source": (1, ["add", "Some claim", *NOBODY, "--source", "{program}"]),
    "program": (1, ["source", "add", "{program}"]),
    "NUL in file": (1, ["source", "add", "{nul}"]),
    "folder as file": (1, ["add", "Some claim", *NOBODY, "--source", "{folder}"]),
    "empty standard input": (1, ["source", "add", "-"]),
    "file below a file": (1, ["source", "add", "{good}/below"]),
    "name too long": (1, ["source", "add", "x" * 5000]),
    "check in a missing file": (1, ["check", "some words", "--in", "{missing}"]),
    "check in a folder": (1, ["check", "some words", "--in", "{folder}"]),
    "check in a picture": (1, ["check", "some words", "--in", "{picture}"]),
    "quote without words": (1, ["check", "…!?", "--in", "{good}"]),
    "unknown address": (1, ["add", "Some claim", *NOBODY, "--source", "http://127.0.0.1:1/none"]),
    "address to add": (1, ["source", "add", "http://127.0.0.1:1/none"]),
    "empty claim": (2, ["add", "", *NOBODY]),
    "blank claim": (2, ["add", " \n\t ", *NOBODY]),
    "empty party": (2, ["add", "Some claim", "--by", " "]),
    "empty quote": (2, ["add", "Some claim", *NOBODY, "--quote", ""]),
    "empty tag": (2, ["add", "Some claim", *NOBODY, "--tag", ""]),
    "lone surrogate": (2, ["add", "half \ud83d emoji", *NOBODY]),
    "empty quote to check": (2, ["check", "", "--in", "{good}"]),
    "date of two readings": (2, ["add", "Some claim", *NOBODY, "--said", "2.6.2020"]),
    "date that is no day": (2, ["add", "Some claim", *NOBODY, "--said", "2021-02-29"]),
    "date of no calendar": (2, ["add", "Some claim", *NOBODY, "--said", "some day in spring"]),
    "month 13": (2, ["list", "--since", "2020-13"]),
    "year 0": (2, ["search", "x", "--until", "0000"]),
    "unknown language": (2, ["add", "Some claim", *NOBODY, "--lang", "klingonese"]),
    "language with a space": (2, ["list", "--lang", "k k"]),
    "unknown stance": (2, ["add", "Some claim", *NOBODY, "--stance", "shouts"]),
    "stance of none": (2, ["attribute", "C1", *NOBODY, "--stance", "shouts"]),
    "unknown relation": (2, ["relate", "C1", "hates", "C2"]),
    "relation to itself": (2, ["relate", "C1", "contradicts", "c1"]),
    "bad publication date": (2, ["source", "add", "{good}", "--published", "yesterday"]),
    "another database": (2, ["--db", "mysql://localhost/x", "list"]),
    "empty verdict": (2, ["verdict", "C1", ""]),
    "nothing to edit": (2, ["edit", "C1"]),
    "field of another record": (2, ["edit", "C1", "--quote", "words"]),
    "unknown link state": (2, ["edit", "L1", "--state", "perhaps"]),
    "edit to nothing": (2, ["edit", "C1", "--text", " "]),
    "restore what is there": (2, ["edit", "C1", "--restore"]),
    "two ways to choose claims": (2, ["report", "C1", "--case", "Ferry"]),
    "removal that nobody confirms": (2, ["rm", "C1"]),
    "unknown claim": (4, ["show", "C99"]),
    "unknown claim to attribute to": (4, ["attribute", "C99", *NOBODY]),
    "unknown claim to relate": (4, ["relate", "C1", "contradicts", "C99"]),
    "unknown claim to rate": (4, ["verdict", "C99", "True"]),
    "unknown claim to link": (4, ["link", "C99"]),
    "unknown claim to report": (4, ["report", "C99"]),
    "unknown claim in history": (4, ["history", "C99"]),
    "unknown claim to edit": (4, ["edit", "C99", "--text", "x"]),
    "one unknown of two to remove": (4, ["rm", "C1", "C99", "--yes"]),
    "attribution as claim": (4, ["verdict", "A1", "True"]),
    "no id": (4, ["show", "first"]),
    "id 0": (4, ["show", "C0"]),
    "huge id": (4, ["show", "C99999999999999999999999"]),
    "id in other digits": (4, ["show", "C١"]),
    "unknown source": (4, ["add", "Some claim", *NOBODY, "--source", "S99"]),
    "unknown source to look in": (4, ["check", "some words", "--in", "S99"]),
    "unknown source to link": (4, ["link", "--source", "S99"]),
    "unknown party": (4, ["add", "Some claim", "--by", "P99"]),
    "unknown party to show": (4, ["party", "show", "Somebody unheard of"]),
    "unknown party to search by": (4, ["list", "--by", "Somebody unheard of"]),
    "unknown party to merge": (4, ["party", "merge", "P1", "P99"]),
}


@pytest.fixture
def bad_files(tmp_path: Path) -> dict[str, Path]:
    contents = {
        "empty": b"",
        "blank": b" \n\t\r\n",
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "program": b"\x7fELF" + bytes(100),
        "nul": b"words\0words",
        "good": b"These are words of a notice.\n",
    }
    paths = {name: tmp_path / f"{name}.txt" for name in ("missing", *contents)}
    for name, content in contents.items():
        paths[name].write_bytes(content)
    paths["folder"] = tmp_path / "folder"
    paths["folder"].mkdir()
    return paths


@pytest.mark.parametrize("what", BAD_INPUTS)
def test_a_bad_input_is_told_in_a_sentence_and_writes_nothing(
    ferry: Command, bad_files: dict[str, Path], kept: Callable[[], object], what: str
) -> None:
    code, arguments = BAD_INPUTS[what]
    before = kept()
    done = ferry(*(one.format(**bad_files) for one in arguments))
    assert done.code == code, done
    assert_one_sentence(done)
    assert kept() == before


@pytest.mark.parametrize("what", [name for name, (_code, arguments) in BAD_INPUTS.items() if arguments[0] in ("add", "source", "check")])
def test_a_bad_input_makes_no_registry(claimreg: Command, bad_files: dict[str, Path], registry: Path, what: str) -> None:
    code, arguments = BAD_INPUTS[what]
    done = claimreg(*(one.format(**bad_files) for one in arguments))
    assert done.code == code, done
    assert_one_sentence(done)
    assert not registry.exists()


def test_a_document_that_is_too_large_is_refused_and_never_cut(claimreg: Command, registry: Path, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    size = 2**16
    for length, code in ((size + 1, 1), (size, 0)):
        content = b"x" * length
        path.write_bytes(content)
        for reference in (path, "-"):
            done = claimreg("source", "add", reference, "--max-size", size / 2**20, stdin=content)
            assert done.code == code, done
            assert code == 0 or "larger" in done.stderr
        assert registry.exists() is (code == 0)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no device without end here")
def test_a_device_without_end_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    # The limit keeps a reader without bounds from taking the machine's memory.
    limited = f"ulimit -v 1500000; exec '{sys.executable}' -m claimreg source add /dev/zero"
    done = subprocess.run(["sh", "-c", limited], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=120)
    assert_one_sentence(Done(done.returncode, done.stdout.decode(), done.stderr.decode()))
    assert done.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["add"],
        ["add", "Some claim"],
        ["lst"],
        ["list", "--jsn"],
        ["list", "--format", "xml"],
        ["list", "--limit", "-1"],
        ["list", "--limit", "many"],
        ["show"],
        ["relate", "C1", "contradicts"],
        ["source", "ad"],
    ],
    ids=" ".join,
)
def test_wrong_usage(claimreg: Command, registry: Path, arguments: list[str]) -> None:
    done = claimreg(*arguments)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert not registry.exists()


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["list", "--json"], ["search", "x"], ["history"], ["report"], ["source", "list"], ["party", "list"], ["--version"]],
    ids=" ".join,
)
def test_an_empty_result_is_done(claimreg: Command, registry: Path, tmp_path: Path, arguments: list[str]) -> None:
    usual = {"CLAIMREG_DB": None, "XDG_DATA_HOME": str(tmp_path / "data"), "CLAIMREG_CONFIG": "off"}
    assert claimreg(*arguments, env=usual).code == 0
    assert not (tmp_path / "data").exists()
    assert claimreg("init").code == 0
    assert claimreg(*arguments).code == 0
    assert registry.exists()


def test_check_ends_with_3_when_it_found_something(ferry: Command) -> None:
    assert ferry("check", "the night ferry will not run").code == 0
    assert ferry("check", "the night ferry will run").code == 3
    assert ferry("check", "the moon is made of cheese").code == 3


# Registries that are none.


def _truncated(folder: Path) -> None:
    database = folder / "registry.db"
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])


def _scribbled(folder: Path) -> None:
    database = folder / "registry.db"
    content = bytearray(database.read_bytes())
    content[100:] = b"\xa5" * (len(content) - 100)
    database.write_bytes(content)


def _not_a_database(folder: Path) -> None:
    (folder / "registry.db").write_text("dear diary", encoding="utf-8")


def _emptied(folder: Path) -> None:
    (folder / "registry.db").write_bytes(b"")


def _gone(folder: Path) -> None:
    (folder / "registry.db").unlink()


@pytest.mark.parametrize("damage", [_truncated, _scribbled, _not_a_database, _emptied, _gone])
@pytest.mark.parametrize("arguments", [["list"], ["history"], ["add", "Taxes rose", "--by", "Ministry"], ["show", "C1"]], ids=" ".join)
def test_a_damaged_registry_is_told_and_left_alone(
    ferry: Command, registry: Path, damage: Callable[[Path], None], arguments: list[str]
) -> None:
    for leftover in registry.glob("registry.db-*"):
        leftover.unlink()
    damage(registry)
    before = {path: path.read_bytes() for path in registry.rglob("*") if path.is_file()}
    done = ferry(*arguments)
    assert done.code == 1, done
    assert_one_sentence(done)
    after = {path: path.read_bytes() for path in registry.rglob("*") if path.is_file() and not path.name.startswith("registry.db-")}
    assert after == before


@pytest.mark.parametrize("arguments", [["show", "S1"], ["check", "the night ferry", "--in", "S1"], ["report"]], ids=" ".join)
def test_captured_bytes_that_changed_are_told(ferry: Command, registry: Path, arguments: list[str]) -> None:
    for path in (registry / "captures").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"other words")
    done = ferry(*arguments)
    if arguments[0] == "check":
        assert done.code == 1, done
        assert_one_sentence(done)
    else:
        assert done.code in (0, 1), done


def test_a_registry_that_is_a_file(claimreg: Command, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear all", encoding="utf-8")
    for arguments in (["list"], ["add", "Taxes rose", "--by", "Ministry"], ["init"]):
        done = claimreg(*arguments, "--db", path)
        assert done.code == 1
        assert_one_sentence(done)
    assert path.read_text(encoding="utf-8") == "dear all"


def test_a_folder_of_other_things_is_no_registry(claimreg: Command, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "cat.jpg").write_bytes(b"meow")
    for arguments in (["list"], ["add", "Taxes rose", "--by", "Ministry"], ["init"]):
        done = claimreg(*arguments, "--db", folder)
        assert done.code == 1
        assert_one_sentence(done)
    assert [path.name for path in folder.iterdir()] == ["cat.jpg"]


def test_a_place_where_no_folder_can_be_made(claimreg: Command, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    for place in (tmp_path / "letter.txt" / "registry", Path("/proc/registry")):
        done = claimreg("add", "Taxes rose", "--by", "Ministry", "--db", place)
        assert done.code == 1, done
        assert_one_sentence(done)


def test_a_file_that_cannot_be_written_leaves_nothing_behind(ferry: Command, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    for target in (tmp_path / "folder", tmp_path / "none" / "out.csv", Path("/proc/out.csv")):
        done = ferry("list", "--json", "-o", target)
        assert done.code == 1, done
        assert_one_sentence(done)
    assert [path for path in sorted(tmp_path.rglob("*")) if not path.is_relative_to(tmp_path / "registry")] == [
        path for path in before if not path.is_relative_to(tmp_path / "registry")
    ]


# Bugs and interruptions.


def test_a_bug_is_told_as_one(ferry: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError("a\nbug \x1b[31m")

    monkeypatch.setattr(views, "attribution_view", broken)
    done = ferry("list")
    assert (done.code, done.stdout) == (70, "")
    (line,) = done.stderr.splitlines()
    assert "ZeroDivisionError" in line
    assert "Traceback" not in line
    (log,) = (tmp_path / "state").rglob("*.log")
    assert str(log) in line
    report = log.read_text(encoding="utf-8")
    assert "Traceback" in report
    assert "claimreg" in report
    debugged = ferry("--debug", "list")
    assert debugged.code == 70
    assert "Traceback" in debugged.stderr
    assert "\x1b" not in debugged.stderr


def test_a_bug_while_recording_keeps_nothing(
    ferry: Command, kept: Callable[[], object], monkeypatch: pytest.MonkeyPatch, notice: Path
) -> None:
    before = kept()
    notice.write_text("Taxes rose by a tenth, said the ministry.", encoding="utf-8")
    with monkeypatch.context() as patched:

        def broken(*_arguments: object) -> None:
            raise ZeroDivisionError

        patched.setattr("claimreg.services.entry.statements.store_links", broken)
        done = ferry("add", "Taxes rose", "--by", "Ministry", "--quote", "taxes rose", "--source", notice)
    assert done.code == 70
    assert kept() == before


def test_a_bug_whose_log_cannot_be_written_is_told_all_the_same(ferry: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(views, "attribution_view", broken)
    done = ferry("list", env={"XDG_STATE_HOME": "/proc/none"})
    assert done.code == 70
    assert "--debug" in done.stderr


def test_an_interruption_keeps_nothing(ferry: Command, kept: Callable[[], object], monkeypatch: pytest.MonkeyPatch, notice: Path) -> None:
    before = kept()
    notice.write_text("Taxes rose by a tenth, said the ministry.", encoding="utf-8")
    with monkeypatch.context() as patched:

        def interrupted(*_arguments: object) -> None:
            raise KeyboardInterrupt

        patched.setattr("claimreg.services.entry.statements.store_links", interrupted)
        done = ferry("add", "Taxes rose", "--by", "Ministry", "--quote", "taxes rose", "--source", notice)
    assert (done.code, done.stdout, len(done.stderr.strip().splitlines())) == (130, "", 1)
    assert "Traceback" not in done.stderr
    assert kept() == before


@pytest.fixture
def waiting(environment: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A command that waits for its standard input."""
    process = subprocess.Popen(
        [sys.executable, "-m", "claimreg", "source", "add", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment,
    )  # fmt: skip
    with process:
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to one process")
def test_a_process_that_is_interrupted_ends_with_130(waiting: subprocess.Popen[bytes], registry: Path) -> None:
    # Long enough for the program to have come to reading.
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(timeout=2)
    waiting.send_signal(signal.SIGINT)
    _stdout, stderr = waiting.communicate(timeout=20)
    assert waiting.returncode == 130
    assert b"Traceback" not in stderr
    assert not registry.exists()


def test_the_process_ends_with_the_same_codes(run: Command, notice: Path, registry: Path) -> None:
    assert run("add", "The ferry is cancelled", "--by", "Office", "--quote", "the night ferry", "--source", notice).code == 0
    assert run("add", "Taxes rose", "--by", "Office", "--source", "none.txt").code == 1
    assert run("list", "--lang", "klingonese").code == 2
    assert run("check", "not a word of it", "--in", notice).code == 3
    assert run("show", "C9").code == 4
    shutil.rmtree(registry)
    done = run("list")
    assert (done.code, done.stdout) == (4, "")


def test_text_that_is_not_utf8_on_the_command_line(run: Command, registry: Path) -> None:
    done = run("add", b"caf\xe9 closed".decode("utf-8", "surrogateescape"), "--by", "Office")
    assert done.code == 2
    assert_one_sentence(done)
    assert not registry.exists()


@pytest.mark.parametrize("place", ["to_document", "sealed_text", "canonical"])
@pytest.mark.parametrize("bug", [TypeError, KeyError, ValueError])
def test_a_bug_in_writing_a_record_is_not_told_as_damage(
    ferry: Command, location: str, monkeypatch: pytest.MonkeyPatch, place: str, bug: type[Exception]
) -> None:
    module = "postgres.writing" if is_shared(location) else "embedded"

    def broken(*_arguments: object, **_options: object) -> None:
        raise bug("a bug of ours")

    with monkeypatch.context() as patch:
        patch.setattr(f"claimreg.store.{module}.{place}", broken)
        done = ferry("add", "Something else", "--by", "Harbour office", "--yes")
    assert (done.code, "a bug in claimreg" in done.stderr, "damaged" in done.stderr) == (70, True, False)
    assert ferry("verify").lines[-1].startswith("whole")


@pytest.mark.parametrize("doc", ['{"id": "C1"}', "[]", "nonsense", "[" * 100_000])
def test_a_stored_record_that_cannot_be_read_is_told_as_damage(ferry: Command, registry: Path, doc: str) -> None:
    with closing(sqlite3.connect(registry / "registry.db", isolation_level=None)) as connection:
        for name in ("claims.case_key", "claims.external_id", "claims.merged_into", "claims.origin"):
            connection.execute(f'DROP INDEX "{name}"')
        connection.execute("UPDATE claims SET doc = ?", (doc,))
    done = ferry("show", "C1")
    assert (done.code, "is damaged" in done.stderr) == (1, True)


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d"], ids=["NUL", "half a character"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "{}", *NOBODY], ["add", "x", "--by", "{}"], ["add", "x", *NOBODY, "--quote", "{}"], ["add", "x", *NOBODY, "--title", "{}"],
        ["add", "x", *NOBODY, "--case", "{}"], ["add", "x", *NOBODY, "--tag", "{}"], ["attribute", "C1", "--by", "{}"],
        ["edit", "C1", "--text", "{}"], ["edit", "C1", "--case", "{}"], ["edit", "C1", "--tag", "{}"], ["edit", "A1", "--quote", "{}"],
        ["edit", "S1", "--title", "{}"], ["edit", "S1", "--url", "https://a.example/{}"], ["edit", "S1", "--withhold", "{}"],
        ["edit", "P1", "--name", "{}"], ["verdict", "C1", "{}"], ["verdict", "C1", "True", "--why", "{}"],
        ["verdict", "C1", "True", "--scheme", "{}"], ["verdict", "C1", "True", "--by", "{}"], ["party", "alias", "P1", "{}"],
        ["source", "add", "notice.txt", "--publisher", "{}"], ["source", "add", "notice.txt", "--withhold", "{}"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_characters_that_no_text_has_are_refused_on_every_way_in(
    ferry: Command, kept: Callable[[], object], arguments: list[str], text: str
) -> None:
    before = kept()
    done = ferry(*(one.format(text) for one in arguments))
    assert done.code in (1, 2), done
    assert_one_sentence(done)
    assert ("NUL character" if "\0" in text else "half a character") in done.stderr
    assert kept() == before


def test_characters_that_no_text_has_are_refused_on_standard_input_and_as_a_users_name(run: Command) -> None:
    assert run("add", "-", *NOBODY, stdin=b"a\0b").code in (1, 2)
    done = run("add", "x", *NOBODY, env={"CLAIMREG_USER": "caf\udce9"})
    assert done.code == 1
    assert "user's name" in done.stderr
    assert run("list", "--json").json == []


def test_what_a_document_says_of_itself_is_recorded_as_text(run: Command, tmp_path: Path) -> None:
    name = b"caf\xe9.html".decode("utf-8", "surrogateescape")
    (tmp_path / name).write_text(
        "<html><head><title>A &#xD800; title</title></head><body><p>Words of a notice, long enough.</p></body></html>"
    )
    done = run("source", "add", name)
    assert done.code == 0, done
    (source,) = run("source", "list", "--json").json
    assert source["capture"]["location"] == "caf\ufffd.html"
    assert run("verify").code == 0
