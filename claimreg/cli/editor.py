"""The person's own editor, for words that are too long for a prompt."""

import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from claimreg.cli.settings import setting
from claimreg.errors import InputError

_USUAL = ("sensible-editor", "nano", "vim", "vi", "notepad")


def edited(text: str) -> str:
    """The text as the person leaves it in the editor, without the line feeds at its end.

    Raises `InputError` where there is no editor, it fails, or what it leaves is not UTF-8.
    """
    with tempfile.TemporaryDirectory(prefix="claimreg-") as folder:
        file = Path(folder) / "quote.txt"
        file.write_text(text + "\n", encoding="utf-8", newline="")
        edit(file)
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"What the editor left cannot be read as UTF-8 ({error}); nothing was changed.") from error


def edit(file: Path) -> None:
    """Have a file edited in the person's editor (the setting, else a usual one); raises `InputError` where there is none or it fails."""
    command = setting("editor").text or next(filter(shutil.which, _USUAL), "")
    if not command:
        raise InputError("There is no editor here; say which one you use with EDITOR.")
    try:
        # As git does it: the variable may hold options, and a program's path with spaces in quotes.
        done = subprocess.run([*shlex.split(command), str(file)], check=False)  # noqa: S603 -- the person's own choice
    except (OSError, ValueError) as error:
        raise InputError(f"The editor “{command}” cannot be started ({error}); say which one you use with EDITOR.") from error
    if done.returncode:
        raise InputError(f"The editor “{command}” failed with exit code {done.returncode}; nothing was changed.")
