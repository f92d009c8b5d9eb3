"""The settings of this process: what the flags, the environment and the files say, read when a value is first asked for."""

import os
import stat
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from claimreg.config import FILE_NAME, KEYS, LARGEST, NOTHING, File, Stated, Value, Where, given, in_files, stated
from claimreg.errors import UsageError
from claimreg.store.locations import is_shared

if TYPE_CHECKING:
    from claimreg.scales import VerdictScale

FILE_VARIABLE = "CLAIMREG_CONFIG"
OFF = "off"


def setting(name: str, flag: str | None = None) -> Value:
    """A setting's value; ``flag`` is what an option says. Raises `UsageError` for a file that cannot be read as settings."""
    key = KEYS[name]
    if (value := given(key, flag, os.environ)) is None:
        value = in_files(key, of_folder(), of_user())
    return Value(_own_default(name) or value.text, Where.DEFAULT) if value.where is Where.DEFAULT else value


def shown_language(flag: str | None = None) -> str:
    """The language of what is shown of records, as an option says, else the settings.

    Raises `UsageError` where there are no labels in it.
    """
    return _first_language(flag, "lang", "report.lang")


def report_language(flag: str | None = None) -> str:
    """The language of reports, as `shown_language` has it."""
    return _first_language(flag, "report.lang", "lang")


def verdict_scales() -> "dict[str, VerdictScale]":
    """The verdict scales by name: those of the user's own file, then those that come with claimreg.

    Raises `UsageError` for one of the file that cannot be used.
    """
    from claimreg.scales import scale_of, shipped_scales

    own = {name: scale_of(name, content, place) for name, place, content in of_user().scales}
    return own | {name: scale for name, scale in shipped_scales().items() if name not in own}


def verdict_scale(name: str | None = None) -> "VerdictScale | None":
    """The verdict scale of that name, else that of the settings, if any; raises `UsageError` for a name that no scale has."""
    wanted = name or setting("scale").text
    if not wanted:
        return None
    scales = verdict_scales()
    if wanted not in scales:
        from rapidfuzz import process

        near = process.extractOne(wanted, list(scales), score_cutoff=60)
        told = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"There is no verdict scale “{wanted}”; {told}There are {', '.join(scales)}; `claimreg config scales` shows them.")
    return scales[wanted]


def forget_settings() -> None:
    """Read the files anew when they are next asked for."""
    of_folder.cache_clear()
    of_user.cache_clear()


@cache
def of_folder() -> Stated:
    """Settings in the file of the working folder."""
    if os.environ.get(FILE_VARIABLE) == OFF:
        return NOTHING
    content = _content(FILE_NAME, FILE_NAME, follow=False)
    if content is None or _is_the_users_own():
        return NOTHING
    return stated(File(FILE_NAME, os.getcwd(), content), Where.FOLDER, _located, _is_inside)  # noqa: PTH109 -- pathlib is slower to get


@cache
def of_user() -> Stated:
    """Settings in the user's own file."""
    path = user_file()
    content = _content(path, path, follow=True) if path else None
    return NOTHING if content is None else stated(File(path, os.path.dirname(path), content), Where.USER, _located, _is_inside)  # noqa: PTH120 -- as above


def user_file() -> str:
    """The path of the user's own file, which need not be there; empty where `CLAIMREG_CONFIG` is off."""
    named = os.environ.get(FILE_VARIABLE)
    if named == OFF:
        return ""
    if named:
        return os.path.abspath(named)  # noqa: PTH100 -- as above
    from platformdirs import user_config_path

    return str(user_config_path("claimreg", appauthor=False) / FILE_NAME)


def _first_language(flag: str | None, *names: str) -> str:
    from claimreg.render.labels import LANGUAGES

    found = flag or next((value.text for value in map(setting, names) if value.where is not Where.DEFAULT), LANGUAGES[0])
    if found not in LANGUAGES:
        raise UsageError(f"There are no labels in “{found}”; there are {', '.join(LANGUAGES)}.")
    return found


def _own_default(name: str) -> str:
    """The default of a setting that each user has one of; empty for the others."""
    if name == "user":
        from claimreg.opening import system_user

        return system_user()
    if name not in ("registry", "state"):
        return ""
    from platformdirs import user_data_path, user_state_path

    return str(user_data_path("claimreg", appauthor=False) / name if name == "registry" else user_state_path("claimreg", appauthor=False))


def _is_the_users_own() -> bool:
    own = user_file()
    return bool(own) and os.path.exists(own) and os.path.samefile(own, FILE_NAME)  # noqa: PTH110, PTH121 -- as above


def _content(path: str, name: str, *, follow: bool) -> bytes | None:
    """A file's bytes, no more than are looked at; ``None`` where there is none. Never waits for a pipe or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    try:
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(name) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _unreadable(name)
        return os.read(descriptor, LARGEST + 1)
    finally:
        os.close(descriptor)


def _unreadable(name: str) -> UsageError:
    return UsageError(
        f"{name} cannot be read as a file of settings (a link, a folder, a pipe, or not yours to read); "
        f"move it away, or set {FILE_VARIABLE}=off to read none."
    )


def _located(folder: str, text: str) -> str:
    if "://" in text or is_shared(text):
        return text
    return os.path.join(folder, os.path.expanduser(text))  # noqa: PTH111, PTH118 -- as above


def _is_inside(folder: str, path: str) -> bool:
    # A symbolic link inside may lead out.
    return path.startswith(folder) and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
