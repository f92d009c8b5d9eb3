"""The one place where errors become a sentence on stderr and an exit code."""

import os
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from claimreg import __version__
from claimreg.errors import ClaimregError

BUG = 70
INTERRUPTED = 130
ISSUES = "https://github.com/claimreg/claimreg/issues"


class ErrorBoundary(TyperGroup):
    """A group of commands whose errors end in the contract's exit codes."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 -- Typer's context is not public
        """Run the command; expected errors are told in a sentence, unexpected ones go into a log file."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except TyperException as error:
            # What was typed stands in the message, and may hold anything.
            error.message = _shown(error.message)
            raise
        except (typer.Exit, typer.Abort, EOFError):
            raise
        except BrokenPipeError:
            let_go_of_stdout()
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            _say("Interrupted; nothing half-done was kept.")
            raise typer.Exit(INTERRUPTED) from None
        except ClaimregError as error:
            if (ctx.obj or {}).get("debug"):
                traceback.print_exc()
            _say(f"claimreg: {error}")
            raise typer.Exit(error.exit_code) from None
        except Exception as error:  # noqa: BLE001 -- whatever is not expected is a bug, and told as one
            _say(_bug_report(error, debug=bool((ctx.obj or {}).get("debug"))))
            raise typer.Exit(BUG) from None
        return result


def _say(sentence: str) -> None:
    typer.echo(_shown(sentence), err=True)


def _shown(text: str) -> str:
    from claimreg.render.visible import visible

    return visible(text)


def _bug_report(error: Exception, *, debug: bool) -> str:
    trace = "".join(traceback.format_exception(error))
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
    return f"claimreg: a bug in claimreg stopped it ({type(error).__name__}); {where}: please report it with them at {ISSUES}."


def let_go_of_stdout() -> None:
    """Nobody reads any more: let what is left go nowhere."""
    # What is still buffered would raise again when the interpreter ends.
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 -- it lives as long as the process
