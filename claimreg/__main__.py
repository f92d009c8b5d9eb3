"""`python -m claimreg` and the `claimreg` command."""

from __future__ import annotations

from claimreg.cli.app import app


def main() -> None:
    """Run the command that was typed."""
    app(prog_name="claimreg")


if __name__ == "__main__":
    main()
