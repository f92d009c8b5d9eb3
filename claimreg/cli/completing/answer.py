"""The words that may come next on a command line that is being typed: `claimreg __complete SHELL WORD...`, as the shells' scripts ask.

The commands and options are read from a table (`words.json`, written by docs/completing.py), since importing them takes longer than a
person waits. The first line says what else the shell should offer (``:files``, ``:folders`` or ``:``), each further one is a word, a tab
and what it means. Whatever goes wrong is silent: the last word may be completed by nothing.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

MOST = 100
LONGEST = 60  # code points of what a word means
_ACTING = frozenset(" \t\"'\\$`&|;<>()*?[]{}~#!^=")
"""Characters that bash reads as more than themselves."""

_Offer = tuple[str, str]


class _Asked(NamedTuple):
    """Question of a shell: the kind of the word that is typed, or ``options`` or ``commands`` of the command; and the registry."""

    kind: str
    typed: str
    node: dict[str, Any]
    location: str | None = None


def answer(arguments: list[str]) -> None:
    """Print what may come next; nothing, where anything is wrong."""
    try:
        text = "".join(f"{line}\n" for line in _answered(arguments))
        # Shells read UTF-8, whatever Python takes the terminal's encoding for.
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt):  # noqa: BLE001 -- a shell in the midst of a line is no place for a message
        return


def _answered(arguments: list[str]) -> Iterator[str]:
    shell, *words = arguments
    typed = words.pop() if words else ""
    words, typed = _joined(words, typed)
    asked = _asked(words, _bare(typed))
    yield {"file": ":files", "source": ":files", "folder": ":folders"}.get(asked.kind, ":")
    offers = dict(one for one in _first(_offers(asked)) if one[0].isprintable())
    yield from _as_lines(shell, typed, offers, with_meaning=asked.kind.startswith(("ids", "source")))


def _joined(words: list[str], typed: str) -> tuple[list[str], str]:
    """The words, with an option and its value that bash took apart at the sign between them."""
    if typed == "=" and words and words[-1].startswith("--"):
        return words, ""
    if words and words[-1] == "=":
        return words[:-1], typed
    return [word for word in words if word != "="], typed


def _bare(word: str) -> str:
    """A word as it is meant, without the marks and strokes that it is typed with."""
    if word[:1] in ('"', "'"):
        return word[1:]
    return word.replace("\\", "")


def _table() -> dict[str, Any]:
    with open(os.path.join(os.path.dirname(__file__), "words.json"), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123 -- pathlib is slow
        table: dict[str, Any] = json.load(file)
    return table


class _Walk:
    """The walk over the words before the one that is typed: which command they lead to, and what it waits for."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._table = table
        self._path = ""
        self.node: dict[str, Any] = table[""]
        self.position = 0
        self.waiting = ""
        self.location: str | None = None
        self.ended = False

    def take(self, word: str) -> None:
        """Take one more word; raises `KeyError` for a command that is none."""
        if self.waiting:
            self.location = word if self.waiting == "--db" else self.location
            self.waiting = ""
        elif word == "--" and not self.ended:
            self.ended = True
        elif word.startswith("-") and len(word) > 1 and not self.ended:
            name, _sign, value = word.partition("=")
            self.location = value if value and name == "--db" else self.location
            self.waiting = word if name == word and self.kind_of(word) else ""
        elif "commands" in self.node:
            self._path = f"{self._path} {word}".strip()
            self.node = self._table[self._path]
        else:
            self.position += 1

    def kind_of(self, option: str) -> str:
        """The kind of an option's value; empty for one that takes none."""
        kind, _meaning = self.node["options"].get(option) or self._table[""]["options"].get(option) or ("", "")
        return str(kind)


def _asked(words: list[str], typed: str) -> _Asked:
    walk = _Walk(_table())
    for word in words:
        walk.take(_bare(word))
    if walk.waiting:
        return _Asked(walk.kind_of(walk.waiting), typed, walk.node, walk.location)
    if not walk.ended and typed.startswith("-"):
        name, sign, value = typed.partition("=")
        return _Asked(walk.kind_of(name), value, walk.node, walk.location) if sign else _Asked("options", typed, walk.node)
    if "commands" in walk.node:
        return _Asked("commands", typed, walk.node)
    kinds = walk.node["arguments"]
    last = kinds[-1] if kinds and walk.node.get("many") else ""
    return _Asked(kinds[walk.position] if walk.position < len(kinds) else last, typed, walk.node, walk.location)


def _first(offers: Iterable[_Offer]) -> Iterator[_Offer]:
    seen: set[str] = set()
    for word, meaning in offers:
        if word in seen:
            continue
        if len(seen) == MOST:
            return
        seen.add(word)
        yield word, meaning


def _offers(asked: _Asked) -> Iterable[_Offer]:
    if asked.kind in ("options", "commands"):
        rows = asked.node[asked.kind].items()
        return ((name, row if isinstance(row, str) else row[1]) for name, row in rows if name.startswith(asked.typed))
    if asked.kind.startswith("="):
        return ((word, "") for word in asked.kind[1:].split("|") if word.startswith(asked.typed.lower()))
    from claimreg.cli.completing.recorded import recorded_words

    return recorded_words(asked.kind, asked.typed, asked.location)


def _as_lines(shell: str, typed: str, offers: dict[str, str], *, with_meaning: bool) -> Iterator[str]:
    for word, meaning in offers.items():
        told = _shortened(meaning)
        if not shell.startswith("bash"):
            yield f"{word}\t{told}"
            continue
        shown = _for_bash(word, typed)
        # Of several words bash inserts what they have in common, so each may be followed by what it means.
        yield f"{shown}  ({told})" if with_meaning and told and len(offers) > 1 and shell == "bash" else shown


def _for_bash(word: str, typed: str) -> str:
    """A word as it is inserted into bash's line: within the marks that are open, or with a stroke before each sign that acts."""
    if typed.startswith("'"):
        return word
    acting = '"\\$`' if typed.startswith('"') else _ACTING
    return "".join(f"\\{sign}" if sign in acting else sign for sign in word)


def _shortened(meaning: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in meaning[: 2 * LONGEST])
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
