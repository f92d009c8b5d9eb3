"""Every form of a command that writes, and the registry that each of them begins with."""

from __future__ import annotations

import json
import os
import shutil
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from typer.testing import CliRunner

from claimreg.cli.app import app

if TYPE_CHECKING:
    from loopback import Site

REPOSITORY = Path(__file__).parents[2]
NOTICE = """Ferry timetable, notice of the harbour office

The harbour office said on 3 March that "the night ferry will not run
before the pier is repaired". Captain Aida Serik answered: "The pier is
sound, and the office knows it well enough."

At noon a clerk told passengers that the ticket hall stays shut. At dusk
another clerk told passengers that the ticket hall stays shut.
"""
MORE = "The council's spokesman said that the ferry carried 140 people, and that nobody was hurt.\n"
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
STORY = "The pier was closed on Monday, the harbour office told us, and it will open again when the last plank is laid. " * 6
LINES = [
    {"text": f"Statement number {n} about the pier", "by": f"Speaker {n % 3}", "quote": f"the pier has {n} planks"} for n in range(1, 13)
]


class Makes(Enum):
    """What a command makes."""

    RECORDS = "records"
    COPY = "a copy of the registry"
    BUNDLE = "a bundle"
    RESTORED = "the copy in the registry's place"
    NEW = "a registry where none was"
    NOTHING = "nothing that stays"


class Form(NamedTuple):
    """A command as it is typed in the folder that `make_desk` fills, and what it makes.

    ``acknowledges`` begins a line that says it is done; ``step_by_step`` says that a part of it may be kept; ``db`` is another registry.
    """

    name: str
    arguments: tuple[str, ...]
    acknowledges: str
    makes: Makes = Makes.RECORDS
    step_by_step: bool = False
    db: str = "registry"


def _form(name: str, acknowledges: str, *arguments: str) -> Form:
    return Form(name, arguments, acknowledges)


_ADD = ("add", "A new pier is planned", "--by", "Town planner")
_QUOTED = ("--quote", "the ferry carried 140 people", "--source", "more.txt")
FORMS: tuple[Form, ...] = (
    _form("add", "Recorded", *_ADD),
    _form("add --source", "Recorded", "add", "Many were on board", "--by", "Spokesman", *_QUOTED, "--case", "Ferry"),
    _form("add --json", "{", *_ADD, "--json"),
    Form("first add", (*_ADD, *_QUOTED), "Recorded", Makes.NEW, db="new"),
    _form("attribute", "Recorded", "attribute", "C2", "--by", "Harbour office", "--stance", "denies"),
    _form("attribute --source", "Recorded", "attribute", "C2", "--by", "Q", *_QUOTED),
    _form("edit claim", "Changed", "edit", "C1", "--text", "The night ferry is cancelled until May", "--tag", "ferry"),
    _form("edit attribution", "Changed", "edit", "A1", "--quote", "the night ferry will not run before the pier"),
    _form("edit source", "Changed", "edit", "S1", "--title", "The office's notice"),
    _form("edit party", "Changed", "edit", "P1", "--name", "Harbour authority"),
    _form("edit link", "Changed", "edit", "L1", "--state", "confirmed"),
    _form("edit --restore", "Restored|Changed", "edit", "C3", "--restore"),
    _form("merge", "Merged", "merge", "C2", "C1"),
    _form("rm", "Removed", "rm", "C1", "--yes"),
    _form("undo", "Undone", "undo", "--yes"),
    _form("case rename", "Renamed", "case", "rename", "Ferry", "Ferry 2021"),
    _form("relate", "Recorded", "relate", "C2", "contradicts", "C1"),
    _form("verdict", "Recorded", "verdict", "C1", "False", "--why", "The ferry ran."),
    _form("link", "L|1 new", "link", "C1"),
    _form("link --all", "L|1 new", "link", "--all"),
    _form("review --confirm", "confirmed", "review", "--confirm", "L1"),
    _form("review --reject", "rejected", "review", "--reject", "L1", "L2"),
    _form("review --undo", "Undone", "review", "--undo"),
    _form("review --confirm draft", "accepted", "review", "--confirm", "D1", "--new-parties"),
    _form("review --reject draft", "rejected", "review", "--reject", "D2"),
    _form("edit draft", "Changed", "edit", "D1", "--by", "Harbour office", "--text", "No night ferry"),
    _form("extract --add", "D", "extract", "more.txt", "--lang", "en", "--add"),
    _form("extract --add source", "D", "extract", "other.txt", "--lang", "en", "--add"),
    _form("source add text", "Stored", "source", "add", "more.txt"),
    _form("source add page", "Stored", "source", "add", "page.html"),
    Form("source add folder", ("source", "add", "clippings"), "Stored", step_by_step=True),
    _form("source rm", "Removed", "source", "rm", "S3", "--yes"),
    Form("source recapture", ("source", "recapture", "S2", "--allow-private"), "S2", step_by_step=True),
    _form("source recapture --from", "S1", "source", "recapture", "S1", "--from", "more.txt"),
    _form("party alias", "Named", "party", "alias", "P1", "The office", "Портовая контора"),
    _form("party merge", "Counted", "party", "merge", "P1", "P2"),
    _form("party split", "P6", "party", "split", "P6"),
    # Looking for its quotes is another transaction, that of `link`.
    _form("import", "Recorded", "import", "claims.ndjson", "--no-link"),
    _form("import bundle", "Recorded", "import", "bundle.zip"),
    Form("backup", ("backup", "copied"), "Copied", Makes.COPY),
    Form("export", ("export", "--bundle", "out.zip"), "Wrote", Makes.BUNDLE),
    Form("restore", ("restore", "copy", "--yes"), "Brought", Makes.RESTORED),
    Form("init", ("init", "new"), "Made", Makes.NEW, db="new"),
    Form("compact", ("compact",), "The registry takes", Makes.NOTHING),
)
BY_NAME = {form.name: form for form in FORMS}


def environment(folder: Path) -> dict[str, str]:
    """The environment of a command in a filled folder: its registry and home are in there, temporary files beside it."""
    dropped = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "LD_PRELOAD", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in dropped and not name.startswith(("XDG_", "FAULT_"))}
    return {
        **kept,
        "CLAIMREG_DB": str(folder / "registry"),
        "CLAIMREG_USER": "tester",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder.parent / "temporary"),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONIOENCODING": "utf-8",
        "OPENBLAS_NUM_THREADS": "1",
    }


def make_desk(folder: Path, site: Site) -> None:
    """Fill a folder with a registry, a copy of it as it was before, a bundle of another one, and documents."""
    for path in (folder / "home", folder / "clippings", folder.parent / "temporary"):
        path.mkdir(parents=True)
    texts = {
        "notice.txt": NOTICE,
        "more.txt": MORE,
        "other.txt": "Another text that nobody quotes. The council said that the pier is new.\n",
        "page.html": PAGE.format("Pier", STORY),
    }
    texts |= {f"clippings/{n}.txt": f"Clipping {n}: the ferry was late again.\n" for n in range(3)}
    texts["claims.ndjson"] = "".join(json.dumps(line) + "\n" for line in LINES)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    site.routes["/pier"] = _page(PAGE.format("The pier", STORY))
    before = Path.cwd()
    os.chdir(folder)
    try:
        _record(site)
    finally:
        os.chdir(before)
    site.routes["/pier"] = _page(PAGE.format("The pier", STORY + "A correction: it was Tuesday."))


def _record(site: Site) -> None:
    notice = ("--source", "notice.txt", "--lang", "en")
    claimreg("add", "Somebody else's claim", "--by", "Them", "--quote", "carried 140 people", "--source", "more.txt", db="theirs")
    claimreg("export", "--bundle", "bundle.zip", db="theirs")
    shutil.rmtree("theirs")
    claimreg("add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", "the night ferry will not run", *notice)
    claimreg("attribute", "C1", "--by", "Clerk", "--quote", "the ticket hall stays shut", *notice)
    claimreg("add", "The ticket hall is closed", "--by", "Clerk", "--case", "Ferry")
    claimreg("backup", "copy")
    claimreg("attribute", "C1", "--by", "Aida Serik", "--stance", "denies", "--quote", "the council said that the pier is new")
    claimreg("add", "Ninety people were on board", "--by", "Council spokesman")
    claimreg("rm", "C3", "--yes")
    claimreg("add", "The council met on Monday", "--by", "Mayor of the town")
    claimreg("attribute", "C4", "--by", "Bürgermeisterin", "--stance", "reports")
    claimreg("party", "merge", "P5", "P6")
    claimreg("source", "add", site.url("/pier"), "--allow-private")
    claimreg("source", "add", "other.txt")
    claimreg("extract", "S1", "--lang", "en", "--add")
    claimreg("review", "--confirm", "L3")


def claimreg(*arguments: str, db: str = "registry") -> str:
    """Run a command in this process, in the current folder; it must succeed. Returns what it printed."""
    code, printed = in_process(Path.cwd(), *arguments, db=db)
    assert code == 0, (arguments, printed)
    return printed


def in_process(folder: Path, *arguments: str, db: str = "registry") -> tuple[int, str]:
    """Run a command on the registry of a filled folder in this process, for speed; its exit code and what it printed."""
    surroundings: dict[str, str | None] = {**environment(folder), "CLAIMREG_DB": str(folder / db), "NO_COLOR": None, "COLUMNS": None}
    result = CliRunner(env=surroundings).invoke(app, list(arguments), prog_name="claimreg")
    return result.exit_code, result.output


def _page(html: str) -> bytes:
    from loopback import page

    return page(html)
