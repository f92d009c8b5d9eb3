"""Settings, who may set them, and where the value of each comes from: a flag, the environment, a file, or the default.

The folder that one works in may be anybody's (a download, a clone): its file sets only what changes how a result reads. Whatever runs
a program, loads a file or sends somebody elsewhere counts only in the user's own file, the environment or a flag.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.toml_files import decoded, parsed, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE_NAME = "claimreg.toml"
LARGEST = 16 * 1024
"""Bytes of a file that are read; a larger one is nobody's settings."""

LONGEST_LINE = 2_000
"""Code points; the time that a name of many parts takes grows with the square of them."""

NAMED = 5
SCALES = "scales."
"""Beginning of the names of tables that describe verdict scales."""

_SHOWN = 60


class Where(StrEnum):
    """Origins of a value."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    FOLDER = "folder"
    USER = "user"
    DEFAULT = "default"


class FolderMay(StrEnum):
    """Rights of the working folder's file over a setting."""

    SET = "set"
    SET_INSIDE = "set inside"
    """Name a place, if it is inside the folder."""
    NOT = "not"


class Key(NamedTuple):
    """A setting: its name in the file, what it is for, and the variables that set it, the first that is set counting."""

    name: str
    help: str
    variables: tuple[str, ...] = ()
    folder_may: FolderMay = FolderMay.NOT
    choices: tuple[str, ...] = ()
    default: str = ""
    is_path: bool = False
    words: tuple[str, ...] = ()
    """Values of a path that are words, and no path."""
    is_list: bool = False
    """Sign that several values may be given, in a list; as a text they stand in lines."""


KEYS: dict[str, Key] = {key.name: key for key in (
    Key("registry", "The registry: a folder, postgresql://… or memory:.", ("CLAIMREG_DB",), FolderMay.SET_INSIDE, is_path=True,
        words=("memory:",)),
    Key("user", "Who is recorded as making changes.", ("CLAIMREG_USER",)),
    Key("model", "The folder of a sentence-embedding model for search and match.", ("CLAIMREG_MODEL",), is_path=True),
    Key("state", "The folder that keeps the last event of each registry, or off.", ("CLAIMREG_STATE",), is_path=True, words=("off",)),
    Key("editor", "The program that quotes and settings are edited with.", ("VISUAL", "EDITOR")),
    Key("pager", "The program that long texts are read with.", ("PAGER",)),
    Key("issues", "The address that reports of bugs go to.", ("CLAIMREG_ISSUES",)),
    Key("proof.sources", "What drafts are proved against without --in.", (), FolderMay.SET_INSIDE, is_path=True, is_list=True),
    Key("dates", "The order of dates in numbers, such as 2.5.2022.", (), choices=("dmy", "mdy")),
    Key("languages", "The languages that the desk works in.", (), is_list=True),
    Key("scale", "The verdict scale that ratings are checked against: its name, see `claimreg config scales`."),
    Key("lang", "The language of what is shown; without it, that of reports.", ("CLAIMREG_LANG",), FolderMay.SET, ("en", "kk", "ru")),
    Key("report.lang", "The language of labels and dates in reports; without it, that of what is shown.", (), FolderMay.SET,
        ("en", "kk", "ru"), "en"),
    Key("report.style", "The style of reports.", (), FolderMay.SET, ("dossier", "public"), "dossier"),
    Key("report.format", "The form of reports.", (), FolderMay.SET, ("terminal", "md", "html", "json"), "terminal"),
)}  # fmt: skip


class Value(NamedTuple):
    """A setting's value, where it comes from, and more exactly: the variable, or the file with the line."""

    text: str
    where: Where
    place: str = ""


class File(NamedTuple):
    """A file of settings: the name that messages give it, and the folder that its relative paths start at."""

    name: str
    folder: str
    content: bytes


class Stated(NamedTuple):
    """Values that a file sets, by the name of the setting; and sentences on what it holds that does not count.

    ``scales`` are the verdict scales that it describes, each with its name and where it stands, not looked at yet.
    """

    values: Mapping[str, Value]
    passed_over: tuple[str, ...] = ()
    scales: tuple[tuple[str, str, object], ...] = ()


NOTHING = Stated({})


def given(key: Key, flag: str | None, environment: Mapping[str, str]) -> Value | None:
    """The value of a flag, else of a variable; an empty one is none."""
    if flag:
        return Value(flag, Where.FLAG)
    for name in key.variables:
        if text := environment.get(name):
            return Value(text, Where.ENVIRONMENT, name)
    return None


def in_files(key: Key, folder: Stated, user: Stated) -> Value:
    """The value in the folder's file, else in the user's, else the default."""
    return folder.values.get(key.name) or user.values.get(key.name) or Value(key.default, Where.DEFAULT)


def stated(file: File, where: Where, located: Callable[[str, str], str], is_inside: Callable[[str, str], bool]) -> Stated:
    """Return what a file sets, as far as it may.

    ``located`` gives the path that a text in a file stands for, from the file's folder and the text; ``is_inside`` says of a folder
    and a path whether the path leads nowhere else. Raises `UsageError` for what is no TOML, and for a value that no setting can have.
    """
    values: dict[str, Value] = {}
    scales: list[tuple[str, str, object]] = []
    unknown: list[str] = []
    refused: list[str] = []
    text = decoded(file.content, file.name, largest=LARGEST, longest_line=LONGEST_LINE, kind="settings")
    for name, content in _flat(parsed(text, file.name)).items():
        if name.startswith(SCALES) and where is Where.USER:
            scales.append((name.removeprefix(SCALES), file.name, content))
        elif (key := KEYS.get(name)) is None:
            (refused if name.startswith(SCALES) else unknown).append(name)
        elif where is Where.FOLDER and key.folder_may is FolderMay.NOT:
            refused.append(name)
        elif word := checked(key, content, place_of(text, file.name, name)):
            parts = word.split("\n") if key.is_list else [word]
            parts = [located(file.folder, part) if key.is_path and part not in key.words else part for part in parts]
            word = "\n".join(parts)
            if where is Where.FOLDER and key.folder_may is FolderMay.SET_INSIDE and not all(is_inside(file.folder, part) for part in parts):
                refused.append(name)
            else:
                values[name] = Value(word, where, place_of(text, file.name, name))
    told = (*_told(refused, file, "which only your own file may set"), *_told(unknown, file, "which is no setting"))
    return Stated(values, told, tuple(scales))


def checked(key: Key, content: object, place: str) -> str:
    """The text of a value; raises `UsageError` where the setting cannot have it. ``place`` says where it stands."""
    if key.is_list and isinstance(content, list) and all(isinstance(one, str) and one and "\n" not in one for one in content):
        content = "\n".join(content)
    if not isinstance(content, str) or "\0" in content:
        raise UsageError(f"{place}: {key.name} must be a text in quotation marks{', or a list of such' if key.is_list else ''}.")
    if content and key.choices and content not in key.choices:
        raise UsageError(f"{place}: {key.name} cannot be “{content[:_SHOWN]}”; it is one of {', '.join(key.choices)}.")
    return content


def known(name: str) -> Key:
    """The setting of that name; raises `UsageError` where there is none."""
    if name not in KEYS:
        raise UsageError(f"There is no setting “{name}”; there are {', '.join(KEYS)}.")
    return KEYS[name]


def _flat(document: dict[str, object]) -> dict[str, object]:
    """The values by name, those of a table after its name and a dot. Nothing is set deeper than that."""
    flat: dict[str, object] = {}
    for name, content in document.items():
        if isinstance(content, dict):
            flat.update({f"{name}.{inner}": value for inner, value in content.items()})
        else:
            flat[name] = content
    return flat


def _told(names: list[str], file: File, why: str) -> tuple[str, ...]:
    if not names:
        return ()
    listed = ", ".join(name[:_SHOWN] for name in names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    return (f"{file.name}: {listed} passed over, {why}.",)
