"""Write the table of words that completion reads, from the program itself: `python docs/completing.py` (`--print` only prints it)."""

import json
import sys
from pathlib import Path
from typing import Any

import typer
from reference import commands

from claimreg.cli.app import COMMANDS
from claimreg.model import LinkState, RelationKind, Stance

TABLE: Path = Path(__file__).parents[1] / "claimreg" / "cli" / "completing" / "words.json"
ANY = "ids:CASPVLD"
CHOICES = {
    "stance": "=" + "|".join(Stance),
    "relation": "=" + "|".join(RelationKind),
    "only": "=links|drafts|claims",
    "kind": "=exact|typographic|near|altered|stitched",
}
OPTIONS = {
    "case": "case", "tag": "tag", "untag": "tag", "party": "party", "lang": "language", "claim_lang": "language", "verdict": "rating",
    "rating": "rating", "assign": "assignee", "assigned": "assignee", "db": "folder", "source": "source", "sources": "source",
    "inside": "source", "move_to": "ids:C", "model": "folder", "output": "file", "scheme": "scale", "docs": "file", "about": "file",
    "template": "folder", "transcript": "file",
}  # fmt: skip
ARGUMENTS = {
    "CLAIM": "ids:C", "CLAIM|ATTRIBUTION": "ids:CA", "LINK|DRAFT": "ids:LD", "ID": ANY, "PARTY": "party", "SOURCE": "source",
    "FILE": "file", "FOLDER": "folder", "LOCATION": "folder", "DRAFT": "file",
    "KEY": "setting", "FILE|URL|FOLDER|-": "file", "BUNDLE.zip": "file",
}  # fmt: skip
FORMATS = {
    ("export", "to"): "=claimreview|webannotation|csv|xlsx|ndjson|ris|bibtex|csl|dot|sqlite",
    ("import", "form"): "=claimreview|csv|xlsx|ndjson|bundle",
    ("edit", "state"): "=" + "|".join(LinkState),
    ("case rename", "old"): "case", ("case rename", "new"): "case", ("tag rename", "old"): "tag", ("tag rename", "new"): "tag",
    ("verdict", "rating"): "rating", ("config scales", "name"): "scale", ("merge", "other"): "ids:C", ("party merge", "other"): "party",
    ("config set", "value"): "", ("proof", "by"): "", ("source rm", "source_ids"): "ids:S", ("source show", "source_id"): "ids:S",
}  # fmt: skip


def table() -> dict[str, Any]:
    """Every command by its name without the program's, with what it takes."""
    rows = {name.partition(" ")[2]: _row(name.partition(" ")[2], command) for name, command in commands()}
    rows[""]["commands"] = {name: text for name, (_where, text) in COMMANDS.items()}
    return rows


def _row(name: str, command: Any) -> dict[str, Any]:  # noqa: ANN401 -- Typer's command class is not public
    options: dict[str, tuple[str, str]] = {}
    arguments, many = [], False
    for one in command.get_params(typer.Context(command)):
        kind = "" if getattr(one, "is_flag", False) or one.name == "help" else _kind(name, one)
        if one.param_type_name == "argument":
            arguments.append(kind)
            many = many or one.nargs == -1
        elif not getattr(one, "hidden", False):
            text = (one.help or "").split("[")[0].split(". ")[0].strip().rstrip(".")
            options |= {option: (kind or ("" if _is_flag(one) else "text"), text) for option in (*one.opts, *one.secondary_opts)}
    row: dict[str, Any] = {"options": options}
    if hasattr(command, "commands"):
        return {**row, "commands": {word: (command.commands[word].help or "").split("\n")[0] for word in command.commands}}
    return {**row, "arguments": arguments, **({"many": True} if many else {})}


def _is_flag(parameter: Any) -> bool:  # noqa: ANN401 -- as above
    return bool(parameter.is_flag or parameter.name == "help")


def _kind(command: str, parameter: Any) -> str:  # noqa: ANN401 -- as above
    """The kind of a parameter's value: what it is completed by; empty for free text."""
    special = FORMATS.get((command, parameter.name))
    if special is not None:
        return special
    choices = getattr(parameter.type, "choices", None)
    if choices:
        return "=" + "|".join(str(getattr(one, "value", one)) for one in choices)
    if parameter.name in CHOICES:
        return CHOICES[parameter.name]
    metavar = (parameter.metavar or "").strip("[].").rstrip("].")
    if parameter.param_type_name == "argument":
        return ARGUMENTS.get(metavar, "")
    return OPTIONS.get(parameter.name) or _by_metavar(metavar)


def _by_metavar(metavar: str) -> str:
    if metavar == "PARTY":
        return "party"
    if metavar == "FOLDER":
        return "folder"
    return "file" if metavar.startswith("FILE") or "jsonl" in metavar else ""


def text() -> str:
    """The table as it is kept, a command a line."""
    rows = (f"{json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}" for name, row in table().items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    if "--print" in sys.argv:
        print(text(), end="")  # noqa: T201 -- it is asked for
    else:
        TABLE.write_text(text(), encoding="utf-8")
