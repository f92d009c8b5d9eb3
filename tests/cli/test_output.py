"""What comes out, and where: pipes, colours, forms for machines, files, help."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from claimreg.cli.app import COMMANDS
from claimreg.render.labels import LANGUAGES

from .conftest import REPOSITORY, Command

GOLDEN = REPOSITORY / "tests" / "golden"
HOSTILE = "[bold]x[/x] :smile: \x1b[31mred\x1b[0m \u202eback\u202c a|b\tc\r\nd `e` <script>alert(1)</script> [l](javascript:x) =1+1"
LISTINGS = [["list"], ["search", "ferry"], ["history"], ["source", "list"], ["party", "list"]]
SUBCOMMANDS = [("source", name) for name in ("add", "list", "show", "rm")] + [
    ("party", name) for name in ("list", "show", "alias", "merge", "split")
]
EVERY_COMMAND = [(name,) for name in COMMANDS] + SUBCOMMANDS


@pytest.fixture
def hostile(ferry: Command, tmp_path: Path) -> Command:
    """A registry whose C2 is hostile in every field that takes free text."""
    source = tmp_path / "hostile.txt"
    source.write_bytes(f"Before. {HOSTILE} After.\n".encode())
    assert ferry("source", "add", source, "--title", HOSTILE, "--publisher", HOSTILE, "--url", f"https://x.org/{HOSTILE}").code == 0
    done = ferry(
        "add", f"ferry {HOSTILE}", "--by", HOSTILE, "--quote", HOSTILE, "--source", "S2", "--case", HOSTILE, "--tag", HOSTILE,
        "--title", HOSTILE, "--note", HOSTILE, "--assign", HOSTILE, "--yes", env={"CLAIMREG_USER": HOSTILE},
    )  # fmt: skip
    assert done.code == 0, done
    assert ferry("verdict", "C2", HOSTILE, "--scheme", HOSTILE, "--why", HOSTILE, "--by", HOSTILE).code == 0
    assert ferry("relate", "C2", "contradicts", "C1").code == 0
    return ferry


def assert_clean(text: str) -> None:
    assert not [character for character in text if character not in "\n\t" and (ord(character) < 32 or 127 <= ord(character) < 160)]
    assert not [character for character in text if character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"]


@pytest.mark.parametrize("arguments", LISTINGS, ids=" ".join)
def test_a_pipe_gets_one_whole_record_a_line(claimreg: Command, arguments: list[str], tmp_path: Path) -> None:
    long = "long " * 1000
    path = tmp_path / "long.txt"
    path.write_text(long, encoding="utf-8")
    claimreg("source", "add", path, "--title", long)
    claimreg("add", f"ferry {long}", "--by", f"{long}office", "--case", long, "--source", "S1")
    count = len(claimreg(*arguments, "--json").json)
    done = claimreg(*arguments)
    assert count
    assert len(done.lines) == count
    assert len({line.count("\t") for line in done.lines}) == 1
    assert max(map(len, done.lines)) > 4900
    assert "…" not in done.stdout


@pytest.mark.parametrize(
    "arguments", [*LISTINGS, ["show", "C2"], ["show", "S2"], ["show", "P2"], ["party", "show", "P2"], ["report"]], ids=" ".join
)
def test_hostile_text_does_not_act_in_any_output(hostile: Command, arguments: list[str]) -> None:
    done = hostile(*arguments)
    assert done.code == 0
    assert_clean(done.stdout)
    assert_clean(done.stderr)
    assert "␛" in done.stdout
    if arguments in LISTINGS:
        assert len(done.lines) == len(hostile(*arguments, "--json").json)
        assert len({line.count("\t") for line in done.lines}) == 1
        for form in ("table", "md"):
            assert_clean(hostile(*arguments, "--format", form).stdout)


def test_hostile_text_does_not_act_in_messages(hostile: Command) -> None:
    for arguments in (
        ["add", f"ferry {HOSTILE}", "--by", "x"],
        ["add", "Another thing", "--by", HOSTILE + "s"],
        ["attribute", "C2", "--by", HOSTILE, "--quote", "words that are not there", "--source", "S2"],
        ["show", HOSTILE],
        ["show", "C1", HOSTILE],
        [HOSTILE],
        ["add", "x y", "--by", "x", "--said", HOSTILE],
        ["add", "x y", "--by", "x", "--source", HOSTILE],
        ["add", "x y", "--by", "x", "--lang", HOSTILE],
        ["add", "x y", "--by", "x", "--stance", HOSTILE],
        ["check", HOSTILE],
        ["check", HOSTILE, "--in", HOSTILE],
        ["list", "--format", HOSTILE],
        ["list", "--by", HOSTILE + " Ltd"],
        ["party", "merge", "P1", "P2"],
        ["party", "alias", "P1", HOSTILE + "!x"],
        ["source", "add", HOSTILE],
        ["rm", HOSTILE],
        ["list", "--db", f"none/{HOSTILE}"],
    ):
        done = hostile(*arguments)
        assert done.code != 70, done
        assert_clean(done.stdout.replace("\r\n", "\n"))
        assert_clean(done.stderr)


@pytest.mark.parametrize("arguments", LISTINGS, ids=" ".join)
def test_forms_for_machines_say_the_same(hostile: Command, arguments: list[str]) -> None:
    documents = hostile(*arguments, "--json").json
    assert hostile(*arguments, "--format", "json").json == documents
    lines = hostile(*arguments, "--format", "ndjson").stdout.split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == documents
    rows = list(csv.reader(io.StringIO(hostile(*arguments, "--format", "csv").stdout, newline="")))
    assert len(rows) == 1 + len(documents)
    assert {len(row) for row in rows} == {len(rows[0])}
    table = hostile(*arguments, "--format", "md").lines
    assert len(table) == 2 + len(documents)
    assert all(one["schema"].startswith("claimreg.") for one in documents)
    assert len(hostile(*arguments, "--format", "table").lines) > len(documents)


def test_json_gives_back_every_character(hostile: Command) -> None:
    made = hostile("show", "C2", "--json").json
    assert made["text"] == f"ferry {HOSTILE}"
    assert (made["title"], made["case"], made["tags"]) == (HOSTILE, HOSTILE, [HOSTILE])
    assert made["attributions"][0]["quote"] == HOSTILE
    assert made["attributions"][0]["links"][0]["exact"] == HOSTILE
    assert made["verdicts"][0]["rationale"] == HOSTILE


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d"])
def test_csv_holds_no_formulas(claimreg: Command, start: str) -> None:
    formula = f"{start}HYPERLINK(1)"
    claimreg("add", "--by", formula, "--case", formula, "--", formula)
    assert claimreg("list", "--json").json[0]["text"] == formula
    for cell in next(csv.DictReader(io.StringIO(claimreg("list", "--format", "csv").stdout, newline=""))).values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_files_are_made_on_success_only(ferry: Command, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    for arguments in (
        ["show", "C9"],
        ["report", "C9"],
        ["list", "--lang", "klingonese"],
        ["search", "x", "--by", "Nobody there"],
        ["check", "some words", "--in", "none.txt"],
        ["history", "C9"],
    ):
        assert ferry(*arguments, "-o", target).code != 0
        assert not target.exists()
    target.write_text("old", encoding="utf-8")
    assert ferry("show", "C9", "-o", target).code == 4
    assert target.read_text(encoding="utf-8") == "old"
    done = ferry("list", "--json", "-o", target)
    assert (done.code, done.stdout) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8")) == ferry("list", "--json").json
    assert ferry("list", "--json", "-o", "-").stdout == ferry("list", "--json").stdout
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "arguments", [*LISTINGS, ["show", "C1"], ["report"], ["report", "--format", "md"], ["check", "night ferry"]], ids=" ".join
)
def test_a_file_gets_what_a_pipe_gets(ferry: Command, tmp_path: Path, arguments: list[str]) -> None:
    target = tmp_path / "out"
    printed = ferry(*arguments)
    assert ferry(*arguments, "-o", target).code == printed.code
    assert target.read_bytes() == printed.stdout.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no symbolic links for everybody")
def test_a_file_is_written_through_a_link_and_keeps_its_mode(ferry: Command, tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    assert ferry("list", "--json", "-o", link).code == 0
    assert link.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_what_is_no_plain_file_is_written_to_and_not_replaced(run: Command, tmp_path: Path) -> None:
    # A named pipe stands in for every device: a failing program run by root would replace the machine's real /dev/null.
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["cat", str(fifo)], stdout=subprocess.PIPE) as reader:
        try:
            assert run("init").code == 0
            assert run("list", "--json", "-o", fifo).code == 0
            assert fifo.is_fifo()
            assert reader.communicate(timeout=10)[0] == b"[]\n"
        finally:
            reader.kill()


# Processes and pipes.


@pytest.mark.parametrize(
    "arguments", [["list"], ["list", "--json"], ["history"], ["history", "--format", "ndjson"], ["report"]], ids=" ".join
)
def test_head_ends_it_quietly(run: Command, claimreg: Command, environment: dict[str, str], arguments: list[str]) -> None:
    # More than any pipe holds, so that the writer meets the closed end.
    for number in range(8):
        claimreg("add", f"Ship number {number} sank", "--by", "Harbour office", "--case", f"{number} {'word ' * 4000}")
    assert run(*arguments).code == 0
    with (
        subprocess.Popen(
            [sys.executable, "-m", "claimreg", *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as writer,
        subprocess.Popen(["head", "-1"], stdin=writer.stdout, stdout=subprocess.PIPE) as reader,
    ):
        assert writer.stdout is not None
        writer.stdout.close()
        first = reader.communicate(timeout=30)[0]
        assert writer.stderr is not None
        assert writer.stderr.read() == b""
        assert writer.wait(timeout=30) == 0
        assert first.count(b"\n") == 1


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "xterm-256color"}, False),
    ],
    ids=str,
)
def test_colours_in_a_pipe(run: Command, variables: dict[str, str], *, coloured: bool) -> None:
    assert ("\x1b[" in run("demo", env=variables).stdout) is coloured


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["show", "C1"], ["history"], ["report", "--format", "md"], ["list", "--json"], ["search", "ferry"]],
    ids=" ".join,
)
def test_records_in_a_pipe_have_no_colours_even_when_forced(ferry: Command, run: Command, arguments: list[str]) -> None:
    assert ferry("history").code == 0
    assert "\x1b" not in run(*arguments, env={"FORCE_COLOR": "1"}).stdout


def test_forced_colours_do_not_get_into_files(ferry: Command, run: Command, tmp_path: Path) -> None:
    assert ferry("history").code == 0
    assert run("report", "-o", tmp_path / "report.txt", env={"FORCE_COLOR": "1"}).code == 0
    assert "\x1b" not in (tmp_path / "report.txt").read_text(encoding="utf-8")


def test_a_terminal_of_another_encoding_gets_escapes(ferry: Command, run: Command) -> None:
    ferry("add", "Бензин бағасы өсті", "--by", "Министрлік")
    for variables in ({"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}):
        for arguments in (["list"], ["report"], ["list", "--json"]):
            done = run(*arguments, env=variables)
            assert (done.code, done.stderr) == (0, "")
            assert "\\u0411" in done.stdout


# At a terminal.


@pytest.mark.skipif(shutil.which("script") is None, reason="there is no script(1) to make a terminal with")
@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_at_a_terminal(ferry: Command, environment: dict[str, str], variables: dict[str, str]) -> None:
    ferry("add", "The pier is sound", "--by", "Aida Serik")
    settings = {**environment, "TERM": "xterm-256color", "COLUMNS": "80", **variables}
    for command in ("list", "show C1", "report", "history", "check 'the night ferry'"):
        done = subprocess.run(
            ["script", "-qec", f"'{sys.executable}' -m claimreg {command}", "/dev/null"],
            env=settings, capture_output=True, check=False, timeout=30, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        printed = done.stdout.decode()
        assert done.returncode == 0, printed
        coloured = any(f"\x1b[{code}m" in printed for code in ("31", "32", "36", "1;36", "1;32"))
        assert coloured is (variables == {}), command
        assert "\x1b]" not in printed


# Help.


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_has_help(claimreg: Command, command: tuple[str, ...], flag: str) -> None:
    done = claimreg(*command, flag)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: claimreg {' '.join(command)} ")
    if command in (("source",), ("party",), ("case",), ("tag",), ("config",)):
        return
    assert "Examples:" in done.stdout
    examples = done.stdout.split("Examples:\n")[1].split("\n\n")[0].splitlines()
    assert examples[0].strip().startswith(("claimreg", "pbpaste", 'eval "$(claimreg'))
    assert any(f"claimreg {' '.join(command)}" in line for line in examples)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_help_begins_with_what_the_table_says(claimreg: Command, name: str) -> None:
    told = " ".join(claimreg(name, "-h").stdout.split("\n\n")[1].split())
    # More sentences may follow.
    assert f"{told} ".startswith(f"{COMMANDS[name][1]} ")


def test_help_of_the_whole_names_every_command(claimreg: Command) -> None:
    for arguments in (["-h"], ["--help"], []):
        done = claimreg(*arguments)
        printed = done.stdout + done.stderr
        for name, (_where, text) in COMMANDS.items():
            assert f"\n  {name} " in printed
            assert text in " ".join(printed.split())
    assert claimreg("-h").code == 0


@pytest.mark.parametrize("command", ["source", "party"])
def test_a_group_without_a_command_shows_its_help(claimreg: Command, command: str) -> None:
    done = claimreg(command)
    assert "Commands:" in done.stdout + done.stderr


@pytest.mark.parametrize(("typed", "meant"), [("serach", "search"), ("sourc", "source"), ("reprot", "report"), ("veridct", "verdict")])
def test_a_mistyped_command_is_guessed(claimreg: Command, typed: str, meant: str) -> None:
    done = claimreg(typed)
    assert done.code == 2
    assert meant in done.stderr


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=" ".join)
def test_help_fits_into_a_terminal(claimreg: Command, command: tuple[str, ...]) -> None:
    # Examples are never wrapped: they are to be copied.
    text = claimreg(*command, "-h").stdout
    body = text.split("Examples:")[0] + text.split("\n\n", 2)[-1].split("Options:")[-1]
    assert max(map(len, body.splitlines())) <= 80


# The bundled case.


FORMS = {"md": "md", "html": "html", "terminal": "txt", "json": "json"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_the_demo_prints_what_it_printed_before(claimreg: Command, form: str, lang: str) -> None:
    """Run with CLAIMREG_GOLDEN=write to take what it prints now for right; then look at the difference before it is committed."""
    done = claimreg("demo", "--format", form, "--lang", lang, env={"COLUMNS": "100", "TZ": "Asia/Almaty"})
    assert done.code == 0, done
    # Labels have a language, JSON has none.
    path = GOLDEN / ("demo.json" if form == "json" else f"demo.{lang}.{FORMS[form]}")
    if os.environ.get("CLAIMREG_GOLDEN") == "write" or not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(done.stdout.encode())
    assert path.read_bytes().decode("utf-8") == done.stdout


@pytest.mark.parametrize("command", ["timeline", "contradictions"])
@pytest.mark.parametrize("form", [form for form in FORMS if form != "html"])  # see tests/unit/test_html.py
def test_parts_of_a_report_say_what_the_whole_says(ferry: Command, command: str, form: str) -> None:
    ferry("add", "The night ferry runs", "--by", "Captains", "--stance", "asserts", "--said", "2021-03-04", "--case", "Ferry", "--yes")
    ferry("relate", "C2", "contradicts", "C1")
    part, whole = ferry(command, "--case", "ferry", "--format", form), ferry("report", "--case", "ferry", "--format", form)
    assert part.code == whole.code == 0
    if form == "json":
        for name in {"timeline", "contradictions"} & set(part.json):
            assert part.json[name] == whole.json[name]
            assert part.json[name]
    else:
        assert len(part.stdout) < len(whole.stdout)
        assert form == "html" or "\n".join(part.lines[2:]).strip() in whole.stdout
        assert "Captains" in part.stdout


def test_a_report_of_a_party_has_those_who_contradict_it(ferry: Command) -> None:
    ferry("add", "The night ferry runs", "--by", "Captains", "--said", "2021-03-04", "--yes")
    ferry("add", "Tickets cost more", "--by", "Council", "--said", "2022", "--yes")
    ferry("relate", "C2", "contradicts", "C1")
    assert [claim["id"] for claim in ferry("report", "--party", "Captains", "--json").json["claims"]] == ["C2", "C1"]
    assert [claim["id"] for claim in ferry("report", "--source", "S1", "--json").json["claims"]] == ["C1"]
    assert [claim["id"] for claim in ferry("report", "--since", "2021-03-04", "--json").json["claims"]] == ["C2", "C3"]
    assert [claim["id"] for claim in ferry("report", "--until", "2021-03", "--json").json["claims"]] == ["C1", "C2"]
    assert [claim["id"] for claim in ferry("report", "C3", "--json").json["claims"]] == ["C3"]
    assert ferry("report", "C3", "--party", "Council").code == 2
    assert ferry("report", "--party", "P99").code == 4
    assert ferry("report", "--lang", "de").code == 2


def test_what_is_not_verified_comes_first(ferry: Command) -> None:
    ferry("attribute", "C1", "--by", "Captains", "--stance", "denies", "--quote", "there is nothing wrong with our ferry", "--source", "S1")
    shown = ferry("report", "--format", "md").stdout
    head = shown[: shown.index("## C1")]
    assert "Looked for and not found:** A2 Captains" in head
    assert "1 quote was found, but no person has confirmed its place." in head
    assert "1 claim has no verdict." in head
    ferry("edit", "L1", "--state", "confirmed")
    ferry("verdict", "C1", "True")
    head = ferry("report", "--format", "md").stdout.split("## C1")[0]
    assert "confirmed its place" not in head
    assert "no verdict" not in head


def test_a_watched_report_is_written_again_when_the_registry_changes(ferry: Command, environment: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    command = [sys.executable, "-m", "claimreg", "report", "--format", "md", "-o", str(target), "--watch"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True, encoding="utf-8") as watching:
        try:
            assert watching.stderr is not None
            assert "Wrote" in watching.stderr.readline()
            assert "Watching" in watching.stderr.readline()
            ferry("verdict", "C1", "Misleading")
            assert "Wrote" in watching.stderr.readline()
            assert "Misleading" in target.read_text("utf-8")
        finally:
            watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 130


def test_the_demo_leaves_no_registry(claimreg: Command, registry: Path, tmp_path: Path) -> None:
    assert claimreg("demo", "-o", tmp_path / "demo.txt").code == 0
    assert not registry.exists()
    assert (tmp_path / "demo.txt").read_text(encoding="utf-8") == claimreg("demo").stdout
    assert claimreg("demo", "--json").json["schema"] == "claimreg.report/1"
