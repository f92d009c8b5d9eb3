"""Groups of options that commands share."""

from typing import Annotated, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from claimreg.cli import options
from claimreg.cli.options import ListingFormat, ListingOptions


class Words(NamedTuple):
    words: Annotated[list[str] | None, typer.Argument(help="Words.")] = None
    loud: Annotated[bool, typer.Option("--loud", help="Print capitals.")] = False


@options.takes_groups
def speak(ctx: typer.Context, words: Words, listing: ListingOptions, times: Annotated[int, typer.Option("--times")] = 1) -> None:
    """Speak."""
    typer.echo(f"{ctx.info_name} {words.words} {words.loud} {listing.form} {listing.db} {times}")


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(speak)
    return made


def test_a_group_is_handed_to_the_command_as_one_value(app: typer.Typer) -> None:
    told = CliRunner().invoke(app, ["a", "b", "--loud", "--format", "csv", "--db", "here", "--times", "2"]).output
    assert told == "speak ['a', 'b'] True csv here 2\n"


def test_defaults_are_those_of_the_group(app: typer.Typer) -> None:
    told = CliRunner().invoke(app, []).output
    assert told == f"speak {Words().words} False None None 1\n"


def test_its_options_stand_in_the_help(app: typer.Typer) -> None:
    told = CliRunner().invoke(app, ["--help"]).output
    assert all(one in told for one in ("Words.", "--loud", "Print capitals.", "--format", "--db", "--times"))


def test_json_goes_before_another_format() -> None:
    assert ListingOptions(json=True, format_=ListingFormat.CSV).form is ListingFormat.JSON
    assert ListingOptions(format_=ListingFormat.CSV).form is ListingFormat.CSV
    assert ListingOptions().form is None
