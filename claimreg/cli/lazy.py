"""Commands that are imported when they are called for: start-up pays for one command, not for all."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command


class LazyCommands(MutableMapping[str, Any]):
    """Command names to commands; each is built from `module:function` (or `module:app`) at its first use."""

    def __init__(self, table: dict[str, tuple[str, str]]) -> None:
        self._table = table
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 -- Typer's command class is not public
        if name not in self._built:
            where, _help = self._table[name]
            module, attribute = where.split(":")
            self._built[name] = _build(name, getattr(import_module(module), attribute))
        return self._built[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401
        self._built[name] = command

    def __delitem__(self, name: str) -> None:
        del self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def _build(name: str, target: Any) -> Any:  # noqa: ANN401
    if not isinstance(target, typer.Typer):
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name)(target)
        target = single
    command = get_command(target)
    command.name = name
    return command
