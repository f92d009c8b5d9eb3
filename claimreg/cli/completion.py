"""`completion`: the script that makes a shell complete commands, ids and names."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Shell(StrEnum):
    """Shells that a script is there for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Annotated[Shell, typer.Argument(help="Shell to print it for: bash, zsh or fish.", show_default=False)]) -> None:
    """Print the script for a shell to complete words. It completes commands, ids, parties, cases and more.

    \b
    Examples:
      eval "$(claimreg completion bash)"
      claimreg completion zsh > ~/.zfunc/_claimreg
      claimreg completion fish > ~/.config/fish/completions/claimreg.fish
    """
    script = Path(__file__).parent / "completing" / f"claimreg.{shell.value}"
    typer.echo(script.read_text(encoding="utf-8"), nl=False)
