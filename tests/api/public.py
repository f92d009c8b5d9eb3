"""The public names of the library with their signatures, one a line: `python tests/api/public.py` writes them to `public.txt`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import claimreg

LIST = Path(__file__).with_name("public.txt")

PARTS = ("Exchanges",)
"""Bases that a public class was divided into: their members are its own."""


def public_lines() -> list[str]:
    """Every public name and every public member of its, as a program may use it."""
    return [line for name in claimreg.__all__ if _is_built(name) for line in lines_of(name, getattr(claimreg, name))]


def lines_of(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401 -- whatever a name stands for
    """A name and, where it is a class, its members."""
    if not inspect.isclass(value):
        yield f"{name}{inspect.signature(value)}" if callable(value) else f"{name}: {type(value).__name__}"
        return
    bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
    yield f"class {name}({bases})" if bases else f"class {name}"
    if not issubclass(value, Exception) and not is_dataclass(value):  # what is only read is not made by programs, and may have more one day
        yield f"{name}.__init__{inspect.signature(value.__init__)}"
    fields: dict[str, str] = {}
    for one in reversed(value.__mro__):
        fields.update(inspect.get_annotations(one))
    own = [value, *(one for one in value.__mro__ if one.__name__ in PARTS)]
    for member in sorted({*fields, *(name for one in own for name in vars(one))}):
        if not member.startswith("_"):
            yield f"{name}.{member}{_told(inspect.getattr_static(value, member, None), fields.get(member))}"


def _told(member: object, annotation: str | None) -> str:
    if annotation is not None:
        return f": {annotation}"
    if isinstance(member, property):
        return f" -> {inspect.signature(member.fget).return_annotation}" if member.fget else ""
    if isinstance(member, classmethod | staticmethod):
        return str(inspect.signature(member.__func__))
    return str(inspect.signature(member)) if callable(member) else f": {type(member).__name__}"


def _is_built(name: str) -> bool:
    return find_spec(claimreg._HOMES.get(name, "claimreg")) is not None


if __name__ == "__main__":
    LIST.write_text("\n".join(public_lines()) + "\n", encoding="utf-8")
