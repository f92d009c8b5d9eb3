"""Texts that begin with a hyphen on the command line: a line of a dialogue, a figure below zero."""

from collections.abc import Iterator
from typing import Any

from typer.core import TyperCommand
from typer.exceptions import TyperException

HINT = "a text that begins with a hyphen goes after `--`"


class TextCommand(TyperCommand):
    """A command that takes for a text what begins with a hyphen and can be none of its options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 -- Typer's context is not public
        """Parse the command line; what goes wrong with a hyphen is told with what to do."""
        spelt = _Spelt(self.params, ctx.help_option_names)
        try:
            return list(super().parse_args(ctx, spelt.with_texts_last(list(args))))
        except TyperException as error:
            if spelt.may_hide_a_text(args, error):
                error.message = f"{error.message}; {HINT}." if error.message else f"{HINT[0].upper()}{HINT[1:]}."
            raise


class _Spelt:
    """The options of a command, by their spellings: whether each takes a value."""

    def __init__(self, params: list[Any], help_names: list[str]) -> None:
        self._takes_value = dict.fromkeys(help_names, False)
        for one in params:
            if one.param_type_name == "option":
                takes_value = not (one.is_flag or one.count)
                self._takes_value.update(dict.fromkeys(one.opts, takes_value))
                self._takes_value.update(dict.fromkeys(one.secondary_opts, False))

    def with_texts_last(self, args: list[str]) -> list[str]:
        """The command line with its texts behind ``--``, where one begins with a hyphen; else as it is."""
        words = list(self._told_apart(args))
        if not any(is_text and word[:1] == "-" and word != "-" for word, is_text in words):
            return args
        return [*(word for word, is_text in words if not is_text), "--", *(word for word, is_text in words if is_text)]

    def may_hide_a_text(self, args: list[str], error: TyperException) -> bool:
        """Return whether an error may come of a text that was taken for an option."""
        option = getattr(error, "option_name", None)
        if option is not None:
            return option not in self._takes_value and not getattr(error, "possibilities", None)
        # `-o` with its value and a text that begins with the same letter are written alike.
        return not error.message and any(word[:1] == "-" and word[1:2] != "-" and " " in word for word in args)

    def _told_apart(self, args: list[str]) -> Iterator[tuple[str, bool]]:
        """Each word of the command line, and whether it is a text; a ``--`` is left out."""
        rest = iter(args)
        for word in rest:
            if word == "--":
                yield from ((one, True) for one in rest)
            elif word[:1] != "-" or word == "-" or self._is_text(word):
                yield word, True
            else:
                yield word, False
                if self._wants_the_next(word):
                    yield from ((one, False) for _, one in zip(range(1), rest, strict=False))

    def _is_text(self, word: str) -> bool:
        """Return whether what begins with a hyphen can be no option, not even a mistyped one."""
        if word.startswith("--"):
            name = word[2:].partition("=")[0]
            return f"--{name}" not in self._takes_value and not (name[:1].isascii() and name[:1].isalpha() and not _has_space(name))
        if not (word[1].isascii() and word[1].isalpha()):
            return f"-{word[1]}" not in self._takes_value
        return _has_space(word) and not self._is_in_short(word)

    def _is_in_short(self, word: str) -> bool:
        """Return whether a word is short options run together, the last one's value perhaps behind it."""
        for at, letter in enumerate(word[1:], 2):
            takes_value = self._takes_value.get(f"-{letter}")
            if takes_value is None:
                return False
            if takes_value:
                return not _has_space(word[at : at + 1])
        return True

    def _wants_the_next(self, word: str) -> bool:
        """Return whether the value of an option is the next word."""
        if word.startswith("--"):
            return self._takes_value.get(word, False)
        taking = (at for at, letter in enumerate(word[1:], 2) if self._takes_value.get(f"-{letter}"))
        return next(taking, 0) == len(word)


def _has_space(text: str) -> bool:
    return any(map(str.isspace, text))
