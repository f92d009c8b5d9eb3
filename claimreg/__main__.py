"""`python -m claimreg` and the `claimreg` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command that was typed."""
    from claimreg.cli.streams import occupy_descriptors, printing

    occupy_descriptors()
    # NumPy's linear algebra would start a thread for each core; nothing here has work for them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.argv[1:] == ["--version"]:
        from claimreg import __version__

        printing(lambda: sys.stdout.write(f"claimreg {__version__}\n"))
        return
    if sys.argv[1:2] == ["__complete"]:
        from claimreg.cli.completing.answer import answer

        answer(sys.argv[2:])
        return
    if {*sys.argv[1:2], *sys.argv[3:4]} & {"show", "search"}:
        from claimreg.cli.quick import answered

        if answered(sys.argv[1:]):
            return
    from claimreg.cli.app import app

    app(prog_name="claimreg")


if __name__ == "__main__":
    main()
