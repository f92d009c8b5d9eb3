"""`config` and what the files of settings do to every command."""

import os
import stat
import sys
from pathlib import Path

import pytest

from claimreg.config import KEYS

from .conftest import Command


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own file is; not made yet. No variable sets anything else."""
    path = tmp_path / "own" / "claimreg.toml"
    monkeypatch.setenv("CLAIMREG_CONFIG", str(path))
    for name in ("VISUAL", "EDITOR", "PAGER", "CLAIMREG_STATE"):
        monkeypatch.delenv(name, raising=False)
    return path


UNSET = {"CLAIMREG_DB": "", "CLAIMREG_USER": ""}


def test_every_setting_is_shown_with_where_it_comes_from(claimreg: Command, own: Path, tmp_path: Path) -> None:
    own.parent.mkdir()
    own.write_text('issues = "https://desk.example/bugs"\nuser = "Ann"\n[report]\nlang = "ru"\nformat = "md"\n')
    (tmp_path / "claimreg.toml").write_text('report.lang = "kk"\n')
    done = claimreg("config", "show", "--json")
    assert (done.code, done.stderr) == (0, "")
    rows = {row["setting"]: row for row in done.json}
    assert list(rows) == list(KEYS)
    assert {name: (row["value"], row["from"]) for name, row in rows.items() if name not in ("state", "registry")} == {
        "user": ("tester", "environment"),
        "model": ("", "default"),
        "editor": ("", "default"),
        "pager": ("", "default"),
        "issues": ("https://desk.example/bugs", "user"),
        "proof.sources": ("", "default"),
        "dates": ("", "default"),
        "languages": ("", "default"),
        "scale": ("", "default"),
        "lang": ("", "default"),
        "report.lang": ("kk", "folder"),
        "report.style": ("dossier", "default"),
        "report.format": ("md", "user"),
    }
    assert rows["report.format"]["place"] == f"{own}, line 5"
    assert rows["user"]["place"] == "CLAIMREG_USER"
    assert rows["state"]["from"] == "default"
    assert claimreg("--db", "flagged", "config", "get", "registry").stdout == "flagged\n"


def test_a_registry_inside_the_folder_is_used_and_one_outside_is_not(claimreg: Command, own: Path, tmp_path: Path) -> None:
    del own
    file = tmp_path / "claimreg.toml"
    file.write_text('registry = "here"\n')
    assert claimreg("add", "One", "--by", "Ann", env=UNSET).code == 0
    assert (tmp_path / "here").is_dir()
    file.write_text(f'registry = "{tmp_path.parent / "elsewhere"}"\n')
    done = claimreg("list", env={**UNSET, "XDG_DATA_HOME": str(tmp_path / "data")})
    assert done.stderr.splitlines()[0] == "claimreg.toml: registry passed over, which only your own file may set."
    assert str(tmp_path / "data") in done.stderr
    assert not (tmp_path.parent / "elsewhere").exists()


def test_the_quick_answers_go_by_the_settings_too(run: Command, tmp_path: Path) -> None:
    env = {**UNSET, "CLAIMREG_CONFIG": str(tmp_path / "own.toml")}
    (tmp_path / "own.toml").write_text('registry = "mine"\n')
    assert run("add", "Wolves came back", "--by", "Ann", env=env).code == 0
    assert (tmp_path / "mine").is_dir()
    assert run("show", "C1", env=env).stdout.startswith("C1\t")
    assert run("search", "wolves", env=env).stdout.startswith("C1\t")
    (tmp_path / "claimreg.toml").write_text('editor = "evil"\n')
    done = run("show", "C1", env=env)
    assert done.stdout.startswith("C1\t")
    assert done.stderr == "claimreg.toml: editor passed over, which only your own file may set.\n"


def test_who_works_is_the_users_own_to_say(claimreg: Command, own: Path, tmp_path: Path) -> None:
    own.parent.mkdir()
    own.write_text('user = "Ann"\n')
    (tmp_path / "claimreg.toml").write_text('user = "Mallory"\n')
    done = claimreg("add", "One", "--by", "P", env={"CLAIMREG_USER": ""})
    assert done.stderr == "claimreg.toml: user passed over, which only your own file may set.\n"
    assert {event["user"] for event in claimreg("history", "--json").json} == {"Ann"}


def test_language_and_form_of_reports_are_those_of_the_settings_unless_said(ferry: Command, own: Path, tmp_path: Path) -> None:
    del own
    plain = ferry("report").stdout
    (tmp_path / "claimreg.toml").write_text('[report]\nlang = "ru"\nformat = "md"\n')
    set_ = ferry("report")
    assert set_.stdout == ferry("report", "--lang", "ru", "--format", "md").stdout != plain
    assert ferry("report", "--lang", "en", "--format", "terminal").stdout == plain
    assert ferry("timeline").stdout == ferry("timeline", "--lang", "ru", "--format", "md").stdout
    assert ferry("report", "--json").json["claims"]


def test_set_keeps_what_is_there_with_its_comments(claimreg: Command, own: Path) -> None:
    assert claimreg("config", "set", "user", "Ann “Lee”").stderr.startswith("Here user is tester: CLAIMREG_USER sets it")
    text = own.read_text() + "# why\n\n[report] # of the desk\nformat = 'md'\nodd = 1\n"
    own.write_text(text)
    own.chmod(0o600)
    assert claimreg("config", "set", "report.lang", "ru").stdout == f"Set report.lang in {own}.\n"
    assert own.read_text() == text + 'lang = "ru"\n'
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    assert claimreg("config", "get", "report.lang").stdout == "ru\n"
    assert claimreg("config", "set", "report.lang", "").code == 0
    assert own.read_text() == text
    assert claimreg("config", "set", "user", "").code == 0
    assert claimreg("config", "set", "user", "").code == 0
    assert "Lee" not in own.read_text()
    assert [one.name for one in own.parent.iterdir()] == ["claimreg.toml"]


def test_a_path_is_set_as_it_is_meant_here(claimreg: Command, own: Path, tmp_path: Path) -> None:
    del own
    assert claimreg("config", "set", "registry", "mine").code == 0
    assert claimreg("config", "get", "registry", env={"CLAIMREG_DB": ""}).stdout == f"{tmp_path / 'mine'}\n"
    assert claimreg("config", "set", "registry", "memory:").code == 0
    assert claimreg("config", "get", "registry", env={"CLAIMREG_DB": ""}).stdout == "memory:\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("get", "colour"), "There is no setting “colour”"),
        (("set", "colour", "red"), "There is no setting “colour”"),
        (("set", "report.lang", "xx"), "report.lang cannot be “xx”; it is one of en, kk, ru."),
        (("set", "user", "a\0b"), "user must be a text"),
    ],
)
def test_what_cannot_be_set_is_told_and_nothing_is_written(claimreg: Command, own: Path, arguments: tuple[str, ...], told: str) -> None:
    done = claimreg("config", *arguments)
    assert done.code == 2
    assert told in done.stderr
    assert not own.exists()


def test_a_file_that_is_no_toml_is_left_as_it_is(claimreg: Command, own: Path) -> None:
    own.parent.mkdir()
    own.write_text('user = "Ann\n')
    for arguments in (("config", "set", "user", "Bob"), ("config", "show"), ("list",)):
        done = claimreg(*arguments)
        assert done.code == 2
        assert f"{own}, line 1: " in done.stderr
    assert own.read_text() == 'user = "Ann\n'
    assert claimreg("config", "path").stdout == f"{own}\n"


def test_edit_opens_the_own_file_and_holds_it_against_the_settings(claimreg: Command, own: Path, tmp_path: Path) -> None:
    editor = tmp_path / "an editor"
    editor.write_text(f"#!{sys.executable}\nimport sys\nopen(sys.argv[-1], 'a').write('user = 5')\n")
    editor.chmod(0o755)
    done = claimreg("config", "edit", env={"EDITOR": f"'{editor}'"})
    line = own.read_text().count("\n") + 1
    assert (done.code, done.stderr) == (2, f"claimreg: {own}, line {line}: user must be a text in quotation marks.\n")
    *form, last = own.read_text().splitlines()
    assert last == "user = 5"
    assert {line[:1] for line in form} == {"", "#"}, "what a new file lists sets nothing"


def test_with_no_file_wanted_none_is_read_or_written(claimreg: Command, tmp_path: Path) -> None:
    (tmp_path / "claimreg.toml").write_text("= nonsense")
    assert claimreg("init").code == 0
    assert claimreg("list", env={"CLAIMREG_CONFIG": "off"}).code == 0
    for arguments in (("path",), ("edit",), ("set", "user", "Ann")):
        assert claimreg("config", *arguments, env={"CLAIMREG_CONFIG": "off"}).code == 2


def test_the_own_file_is_trusted_also_in_its_folder(claimreg: Command, own: Path, tmp_path: Path) -> None:
    own.parent.mkdir()
    own.write_text('user = "Ann"\n')
    os.link(own, tmp_path / "claimreg.toml")
    done = claimreg("config", "get", "user", env={"CLAIMREG_USER": ""})
    assert (done.stdout, done.stderr) == ("Ann\n", "")


@pytest.mark.parametrize("kind", ["pipe", "link", "dangling", "folder", "device", "unreadable", "huge", "deep", "latin"])
@pytest.mark.parametrize("command", [("list",), ("show", "C1"), ("report",)])
def test_a_hostile_file_of_the_folder_ends_in_one_sentence(
    ferry: Command, own: Path, tmp_path: Path, kind: str, command: tuple[str, ...]
) -> None:
    del own
    file = tmp_path / "claimreg.toml"
    if kind == "pipe":
        os.mkfifo(file)
    elif kind in ("link", "dangling", "device"):
        (tmp_path / "other").write_text('report.lang = "ru"\n')
        file.symlink_to({"link": "other", "dangling": "nowhere", "device": "/dev/zero"}[kind])
    elif kind == "folder":
        file.mkdir()
    else:
        file.write_bytes({"huge": b"a" * 10_000_000, "deep": b"a=" + b"[" * 60_000, "latin": b"a='\xff'", "unreadable": b""}[kind])
        if kind == "unreadable":
            file.chmod(0)
            if os.access(file, os.R_OK):
                return  # root reads everything
    done = ferry(*command)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("claimreg: claimreg.toml")
    assert len(done.stderr.splitlines()) == 1


def test_a_bug_is_reported_where_the_settings_say_and_nowhere_else(
    claimreg: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claimreg.cli import browse

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(browse, "session_of", lambda *_arguments: 1 / 0)
    done = claimreg("list")
    assert done.code == 70
    assert "http" not in done.stderr
    assert done.stderr.endswith(".log: please hand them to whoever looks after claimreg for you.\n")
    own.parent.mkdir()
    own.write_text('issues = "https://desk.example/bugs"\n')
    assert claimreg("list").stderr.endswith(": please report it with them at https://desk.example/bugs.\n")


def test_the_order_of_dates_is_an_option_or_a_setting_of_ones_own(claimreg: Command, own: Path, tmp_path: Path) -> None:
    typed = ("The ferry is late", "--by", "Harbour office", "--said", "2.5.2022")
    (tmp_path / "claimreg.toml").write_text('dates = "mdy"\n')
    refused = claimreg("add", *typed)
    assert refused.code == 2
    assert "dates passed over, which only your own file may set" in refused.stderr
    assert "There is no date “2.5.2022” without the order of day and month" in refused.stderr
    assert claimreg("config", "set", "dates", "dmy").code == 0
    assert own.read_text() == 'dates = "dmy"\n'
    assert claimreg("add", *typed).code == 0
    assert claimreg("attribute", "C1", "--by", "Captains", "--said", "2/5/2022", "--dates", "mdy").code == 0
    said = [one["said_at"] for one in claimreg("show", "C1", "--json").json["attributions"]]
    assert said == ["2022-05-02", "2022-02-05"]
    assert claimreg("edit", "A2", "--said", "3 листопада 2022").code == 0
    assert claimreg("show", "A2", "--json").json["said_at"] == "2022-11-03"
    assert [claimreg("list", "--since", day).stdout.count("C1") for day in ("3.11.2022", "4.11.2022")] == [1, 0]
    assert "2 May 2022" in claimreg("timeline", "--until", "2.5.2022").stdout
    assert claimreg("timeline", "--until", "2.5.2022", "--dates", "ymd").code == 2
    (tmp_path / "claims.jsonl").write_text('{"text": "x", "by": "y", "said_at": "2.5.2022"}\n{"text": "z", "by": "y", "said_at": "once"}\n')
    done = claimreg("import", "claims.jsonl")
    assert (done.code, done.stdout) == (1, "Recorded 2 claims with 2 attributions and 1 party.\n")
    assert "Line 2 of claims.jsonl is without its date: There is no date “once”" in done.stderr
