"""`edit` without a change on the command line: a commented form in the person's editor."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from claimreg.cli.context import Session, reading, tell
from claimreg.cli.editor import edit
from claimreg.errors import InputError, NotFoundError, UsageError
from claimreg.services.entry.edits import Edited
from claimreg.services.entry.forms import Form, changes_in, form_of, marked, unmarked

Record = Callable[[Mapping[str, Mapping[str, Any]], Form], tuple[Edited, ...]]
"""Recording of a form's changes; what is wrong with them is raised as `UsageError`, `NotFoundError` or `InputError`."""


def edited_in_form(session: Session, record_ids: Sequence[str], record: Record) -> tuple[Edited, ...]:
    """Changes that a person made in the form of these records; nothing where they left it as it was.

    A mistake opens the form again, with the error on top. A form that was changed and could not be recorded is kept, and told of.
    """
    with reading(session) as store, store.snapshot() as reader:
        form = form_of(reader, record_ids)
    folder = Path(tempfile.mkdtemp(prefix="claimreg-"))
    file = folder / f"{next(iter(form.records))}.toml"
    try:
        edited = _until_recorded(file, form, record)
    except BaseException:
        if _is_changed(file, form):
            tell(f"What you wrote is kept in {file}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    return edited


def _until_recorded(file: Path, form: Form, record: Record) -> tuple[Edited, ...]:
    text = form.text
    mistake: UsageError | NotFoundError | InputError | None = None
    while True:
        shown = marked(text, str(mistake)) if mistake is not None else text
        file.write_text(shown, encoding="utf-8", newline="")
        edit(file)
        left = _left_in(file)
        if mistake is not None and unmarked(left) == unmarked(shown):
            raise mistake
        text = unmarked(left)
        try:
            changes = changes_in(form, text)
            return record(changes, form) if changes else ()
        except (UsageError, NotFoundError, InputError) as error:
            mistake = error


def _left_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"What the editor left cannot be read as UTF-8 ({error}); nothing was changed.") from error


def _is_changed(file: Path, form: Form) -> bool:
    try:
        return unmarked(file.read_text(encoding="utf-8-sig")) != form.text
    except OSError:
        return False
    except UnicodeDecodeError:
        return True
