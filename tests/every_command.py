"""Every command of claimreg, with arguments that it can be called with on a registry that `make_desk` made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from claimreg.cli.app import app

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "add": ("The ferry is late", "--by", "Captain", "--yes"),
    "attribute": ("C1", "--by", "Clerk"),
    "relate": ("C1", "contradicts", "C2"),
    "verdict": ("C1", "False"),
    "edit": ("C1", "--title", "Ferry"),
    "merge": ("C1", "C2"),
    "rm": ("C2", "--yes"),
    "undo": ("--yes",),
    "show": ("C1",),
    "search": ("ferry",),
    "match": ("statements.txt",),
    "history": ("C1",),
    "link": ("--all",),
    "check": ("the ferry is late", "--in", "notice.txt"),
    "proof": ("draft.md", "--in", "registry"),
    "extract": ("S1",),
    "scan": ("--quotes", "registry", "--docs", "notice.txt", "-o", "links.jsonl"),
    "source add": ("notice.txt",),
    "source show": ("S1",),
    "source search": ("night",),
    "source get": ("S1",),
    "source open": ("S1",),
    "source recapture": ("S1",),
    "source rm": ("S9", "--yes"),
    "party show": ("Captain",),
    "party alias": ("Captain", "Cap"),
    "party merge": ("P1", "P2"),
    "party split": ("P1",),
    "case rename": ("Ferry", "Boat"),
    "tag rename": ("a", "b"),
    "import": ("claims.csv",),
    "export": ("--to", "csv"),
    "config get": ("registry",),
    "config set": ("report.lang", "ru"),
    "config scales": ("politifact",),
    "stamp": ("--export", "stamp.tsq"),
    "copy": ("copied-from", "copied-to"),
    "backup": ("backup",),
    "restore": ("backup", "--yes"),
    "completion": ("bash",),
}
"""What each command is called with; one that is not here has nothing, and that may be refused, too."""


SILENT = ("config edit", "demo")
"""An editor, and a long show on a registry of its own."""


def commands() -> list[str]:
    def walk(group: Any, words: tuple[str, ...]) -> list[str]:  # noqa: ANN401 -- Typer's groups are not public
        found = []
        for name, command in group.commands.items():
            found += walk(command, (*words, name)) if hasattr(command, "commands") else [" ".join((*words, name))]
        return found

    return walk(typer.main.get_command(app), ())


def make_desk(command: Callable[..., Any], folder: Path) -> None:
    """Make a registry with a claim, a source and a case, and files for all commands, in the folder that the command is run in."""
    (folder / "statements.txt").write_text("The ferry is late\n", encoding="utf-8")
    (folder / "draft.md").write_text("He said “the night ferry will not run”.\n", encoding="utf-8")
    (folder / "claims.csv").write_text("claim,by\nThe pier is sound,Captain\n", encoding="utf-8")
    (folder / "notice.txt").write_text("The office said that “the night ferry will not run”, and is late.\n", encoding="utf-8")
    added = command("add", "The night ferry is cancelled", "--by", "Harbour office", "--quote", "the night ferry will not run",
                    "--lang", "en", "--source", "notice.txt", "--case", "Ferry")  # fmt: skip
    assert added.code == 0
