"""`demo`: the bundled case with its report, and a registry of it for those who want to go on from there."""

import shlex
from typing import Annotated

import typer

from claimreg.cli import options
from claimreg.cli.context import tell
from claimreg.cli.options import ReportFormat
from claimreg.cli.registry import transaction
from claimreg.cli.reports import Shape, write_report
from claimreg.cli.streams import keep_in_mind
from claimreg.errors import InputError
from claimreg.opening import bundled_case, demo_registry
from claimreg.store.factory import registry_is_made
from claimreg.store.locations import shown_location


@options.takes_groups
def demo(
    shape: Shape,
    keep: Annotated[
        str | None,
        typer.Option("--keep", metavar="LOCATION", help="Keep the case in a new registry: a folder, or postgresql://…", show_default=False),
    ] = None,
) -> None:
    """Record the bundled example case and print its report.

    The registry is a temporary one unless --keep names a place for it. The case is real; the texts of its documents were written
    for claimreg.

    \b
    Examples:
      claimreg demo
      claimreg demo --format html -o demo.html
      claimreg demo --keep example && claimreg review --db example
    """
    place = shown_location(keep) if keep is not None else ""
    if keep is not None and registry_is_made(keep):
        raise InputError(f"There is a registry in {place} already, and it was left as it is; name another place with --keep.")
    case, words = bundled_case(), shape.words
    with demo_registry(transaction, keep) as registry:
        registry.record_case(case)
        if keep is not None:
            keep_in_mind(f"The registry in {place} was made")
        built = registry.report(title=case.case["title"])
    write_report(built, words, shape.form, shape.output)
    if keep is not None:
        named = shlex.quote(place)
        tell(f"The case is in the registry {place} now; go on with `claimreg --db {named} list` or `claimreg --db {named} review`.")
    elif shape.form is ReportFormat.TERMINAL and shape.output is None:
        tell(
            "This registry was a temporary one. `claimreg demo --keep FOLDER` keeps it, to go on from there; "
            "`claimreg demo --format html -o demo.html` writes the report as a page."
        )
