"""The parts of a shared registry as claimreg's own scripts make them, in a form in which the server's catalogue can be held against them.

A server writes definitions in its own way, with other white space, brackets and casts than the scripts have; those are left out on
both sides. Bodies of functions are kept as they were written, to the letter.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PART = re.compile(r"--[^\n]*|\$\$.*?\$\$|'(?:[^']|'')*'|;|[^;'$-]+|.", re.DOTALL)
_CAST = re.compile(r'::"?[a-z]\w*"?(?:\[\])?')
_TABLE = re.compile(r"CREATE TABLE \w+\.(\w+) \((.*)\)$", re.DOTALL)
_COLUMN = re.compile(
    r'(?P<name>\w+) (?P<type>"char"|\w+(?:\[\])?)(?P<rest>(?: (?:NOT NULL|PRIMARY KEY|DEFAULT .+?|CHECK \(.+\)|))*)$', re.DOTALL
)
_VIEW = re.compile(r"CREATE VIEW \w+\.(\w+) ")
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX (?:\w+ )?ON \w+\.(\w+) (.*)$", re.DOTALL)
_FUNCTION = re.compile(
    r"CREATE (?:OR REPLACE )?FUNCTION \w+\.(\w+)\((.*?)\)\s+RETURNS (.*?) LANGUAGE (\w+)(.*?)\s*AS\s+\$\$(.*)\$\$$", re.DOTALL
)
_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) .*? ON \w+\.(\w+) ", re.DOTALL)
_POLICY = re.compile(
    r"CREATE POLICY (\w+) ON \w+\.(\w+)(?: FOR (\w+))? TO ([\w, ]+?)(?: USING \((.*?)\))?(?: WITH CHECK \((.*)\))?$", re.DOTALL
)
_ROW_SECURITY = re.compile(r"ALTER TABLE \w+\.(\w+) ENABLE ROW LEVEL SECURITY$")
_GRANT = re.compile(r"GRANT ([\w, ]+?)(?: \((\w+)\))? ON (SCHEMA|FUNCTION|)\s*(.*) TO (\w+)$", re.DOTALL)
_SETTING = re.compile(r" SET (\w+) = (.+)$")


CONSTRAINTS = "set of constraints"


class Part(NamedTuple):
    """A part of a registry: its kind, what it is called, and whatever else it consists of."""

    kind: str
    name: str
    form: tuple[object, ...] = ()


class Right(NamedTuple):
    """A right: what it lets its role do, and with what."""

    privilege: str
    what: str
    role: str


def statements(script: str) -> Iterator[str]:
    """The statements of a script, without comments outside of functions and without the semicolons."""
    parts: list[str] = []
    for part in _PART.findall(script):
        if part == ";":
            yield "".join(parts).strip()
            parts = []
        elif not part.startswith("--"):
            parts.append(part)


def bare(expression: str) -> str:
    """An expression without what a server adds to it: brackets, casts, white space and letters of another case."""
    return re.sub(r"[()\s]", "", _CAST.sub("", expression.casefold()))


def parts_of(script: Iterable[str]) -> Iterator[Part]:
    """The parts that statements make."""
    made = list(script)
    secured = {found[1] for one in made if (found := _ROW_SECURITY.match(one))}
    for statement in made:
        flat = " ".join(statement.split())
        if found := _TABLE.match(flat):
            yield Part("table", found[1], (found[1] in secured,))
            yield from _table_parts(found[1], found[2])
        elif found := _VIEW.match(flat):
            yield Part("view", found[1], (False,))
        elif found := _INDEX.match(flat):
            yield index_part(found[2], found[3], is_unique=bool(found[1]), is_valid=True)
        elif found := _TRIGGER.match(flat):
            yield Part("trigger", f"{found[1]} on {found[2]}", (bare(flat), True))
        elif found := _POLICY.match(flat):
            roles = tuple(sorted(found[4].split(", ")))
            yield Part("policy", f"{found[1]} on {found[2]}", (True, found[3] or "ALL", roles, bare(found[5] or ""), bare(found[6] or "")))
        elif found := _FUNCTION.match(statement):
            yield _function_part(found)


def index_part(table: str, rest: str, *, is_unique: bool, is_valid: bool) -> Part:
    """An index, which is known by what it is of: names are given by the server."""
    return Part("index", f"of {table} by {bare(rest.removeprefix('USING '))}", (is_unique, is_valid))


def constraint_part(table: str, definition: str) -> Part:
    """A constraint, which is one of those of its table: names are given by the server."""
    return Part(CONSTRAINTS, f"of {table}", (bare(definition),))


def by_name(parts: Iterable[Part]) -> dict[tuple[str, str], Part]:
    """Parts by their kind and name; the constraints of a table are one."""
    found: dict[tuple[str, str], Part] = {}
    for part in parts:
        key = part.kind, part.name
        others = found[key].form if part.kind == CONSTRAINTS and key in found else ()
        found[key] = part._replace(form=tuple(sorted((*others, *part.form), key=str))) if part.kind == CONSTRAINTS else part
    return found


def rights_of(script: Iterable[str]) -> Iterator[Right]:
    """The rights that statements give, apart from memberships."""
    for statement in script:
        if found := _GRANT.match(" ".join(statement.split())):
            privileges, column, _kind, objects, role = found.groups()
            for privilege, one in product(privileges.split(", "), re.split(r", (?![^(]*\))", objects)):
                name = one.partition("(")[0].rpartition(".")[2]
                yield Right(privilege, f"{name}.{column}" if column else name, role)


def _table_parts(table: str, body: str) -> Iterator[Part]:
    for one in re.split(r", (?![^(]*\))", body.strip()):
        found = _COLUMN.match(one.strip())
        if one.startswith(("PRIMARY KEY", "CHECK", "UNIQUE")) or found is None:
            yield constraint_part(table, one)
            if one.startswith("PRIMARY KEY"):
                yield index_part(table, one.removeprefix("PRIMARY KEY"), is_unique=True, is_valid=True)
            continue
        name, kind, rest = found["name"], found["type"], found["rest"]
        default = re.search(r"DEFAULT (.+?)(?= NOT NULL| PRIMARY KEY| CHECK|$)", rest)
        is_key = "PRIMARY KEY" in rest
        yield Part("column", f"{table}.{name}", (kind, is_key or "NOT NULL" in rest, bare(default[1]) if default else ""))
        if is_key:
            yield constraint_part(table, f"PRIMARY KEY ({name})")
            yield index_part(table, name, is_unique=True, is_valid=True)
        if check := re.search(r"CHECK \(.*\)", rest):
            yield constraint_part(table, check[0])


def _function_part(found: re.Match[str]) -> Part:
    name, arguments, result, language, rest, body = found.groups()
    flat = f" {' '.join(rest.split())}"
    setting = _SETTING.search(flat)
    volatility = "i" if " IMMUTABLE" in flat else "s" if " STABLE" in flat else "v"
    form = (
        re.sub(r"\s", "", result), language, volatility, " SECURITY DEFINER" in flat,
        (f"{setting[1]}={setting[2]}",) if setting else (), body,
    )  # fmt: skip
    return Part("function", f"{name}({' '.join(arguments.split())})", form)
