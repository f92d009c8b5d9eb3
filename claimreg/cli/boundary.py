"""The one place where errors become a sentence on stderr and an exit code."""

import errno
import os
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from claimreg import __version__
from claimreg.cli.streams import OutputError, ReaderGoneError, kept, printing
from claimreg.errors import ClaimregError, ExitCode
from claimreg.render.safe import one_line, shortened, visible
from claimreg.store.locations import without_passwords

LONGEST = 1_000  # code points of a sentence; of a longer one the middle is left out

_OF_THE_MACHINE = frozenset(getattr(errno, name) for name in (
    "EACCES", "EDQUOT", "EFBIG", "EIO", "EISDIR", "ELOOP", "EMFILE", "ENAMETOOLONG", "ENFILE", "ENODEV", "ENOMEM", "ENOSPC",
    "ENOTDIR", "ENXIO", "EPERM", "EROFS", "ESTALE", "ETIMEDOUT",
) if hasattr(errno, name))  # fmt: skip
"""Errors by which the system refuses for its own reasons, whatever the program does."""


class ErrorBoundary(TyperGroup):
    """A group of commands whose errors end in the contract's exit codes."""

    def main(self, *arguments: Any, **extra: Any) -> Any:  # noqa: ANN401 -- handed on to Typer
        """Run the command line; output that cannot be written is told here, also that of help."""
        return printing(lambda: super(ErrorBoundary, self).main(*arguments, **extra))

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 -- Typer's context is not public
        """Run the command; expected errors are told in a sentence, unexpected ones go into a log file."""
        try:
            return super().invoke(ctx)
        except TyperException as error:
            # What was typed stands in the message, and may hold anything.
            error.message = _shown(error.message)
            raise
        except (typer.Exit, typer.Abort, EOFError, ReaderGoneError, OutputError):
            raise
        except KeyboardInterrupt:
            _say(f"Interrupted; {kept()}, and nothing half-done was kept." if kept() else "Interrupted; nothing half-done was kept.")
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        except ClaimregError as error:
            _tell_of(error, str(error), debug=_is_debugged(ctx))
            raise typer.Exit(error.exit_code) from None
        except Exception as error:  # noqa: BLE001 -- whatever is not expected is a bug, and told as one
            if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
                _tell_of(error, _refusal(error), debug=_is_debugged(ctx))
                raise typer.Exit(ClaimregError.exit_code) from None
            typer.echo(visible(_bug_report(error, debug=_is_debugged(ctx))), err=True)
            raise typer.Exit(ExitCode.BUG) from None


def _is_debugged(ctx: Any) -> bool:  # noqa: ANN401 -- as above
    return bool((ctx.obj or {}).get("debug"))


def _tell_of(error: Exception, sentence: str, *, debug: bool) -> None:
    if debug:
        typer.echo(visible(without_passwords("".join(traceback.format_exception(error)))), err=True)
    done = f"{kept()}; after that: " if kept() else ""
    _say(one_line(f"claimreg: {done}{sentence}"))


def _refusal(error: OSError) -> str:
    if error.filename is None:
        return f"The system refused what was needed: {error.strerror}."
    return f"{_shown(str(error.filename))} cannot be used: {error.strerror}."


def _say(sentence: str) -> None:
    typer.echo(_shown(sentence), err=True)


def _shown(text: str) -> str:
    return shortened(visible(without_passwords(text)), LONGEST)


def _bug_report(error: Exception, *, debug: bool) -> str:
    trace = without_passwords("".join(traceback.format_exception(error)))
    if debug:
        return trace
    import platform
    from datetime import UTC, datetime

    from platformdirs import user_log_path

    now = datetime.now(UTC)
    text = f"claimreg {__version__}, Python {platform.python_version()}, {platform.platform()}\n{now.isoformat()}\n\n{trace}"
    path: Path | None = user_log_path("claimreg", appauthor=False) / f"{now:%Y%m%dT%H%M%S%f}.log"
    try:
        assert path is not None  # noqa: S101 -- for the type checker
        # It may quote what is in the registry.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "x", encoding="utf-8", errors="backslashreplace", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(text)
    except OSError:
        path = None
    where = f"the details are in {path}" if path else "run it again with --debug to see the details"
    done = f"{kept()}; after that " if kept() else ""
    return f"claimreg: {done}a bug in claimreg stopped it ({type(error).__name__}); {where}: {_asked_for()}."


def _asked_for() -> str:
    address = ""
    # A file of settings that cannot be read is told by the next command that needs it.
    with suppress(ClaimregError, OSError):
        from claimreg.cli.settings import setting

        address = setting("issues").text
    return f"please report it with them at {address}" if address else "please hand them to whoever looks after claimreg for you"
