"""`config`: what is set, where it comes from, and setting it in the user's own file."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from claimreg import config
from claimreg.cli import options
from claimreg.cli.context import session_of, tell
from claimreg.cli.hyphens import TextCommand
from claimreg.cli.output import Listing, write_listing
from claimreg.cli.settings import FILE_VARIABLE, forget_settings, of_user, setting, user_file
from claimreg.errors import InputError, UsageError
from claimreg.files import flush_folder, make_folder, real_path, write_whole
from claimreg.render.safe import one_line

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

app = typer.Typer(
    name="config",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Show and change settings: registry, user, language. They hold where a command does not say otherwise.",
    epilog=f"The files are {config.FILE_NAME} in the folder you are in, and your own, see `claimreg config path`.",
)

KeyName = Annotated[str, typer.Argument(metavar="KEY", help="Name of the setting, such as report.lang.")]


class _Row(NamedTuple):
    key: config.Key
    value: config.Value


LISTING = Listing[_Row](
    ("setting", "value", "from", "place", "what it is"),
    lambda row: (row.key.name, row.value.text, row.value.where.value, row.value.place, row.key.help),
    lambda row: {
        "setting": row.key.name, "value": row.value.text, "from": row.value.where.value, "place": row.value.place, "help": row.key.help,
    },
    shown=4,
)  # fmt: skip


@app.command("show")
def show_settings(ctx: typer.Context, json: options.Json = False, format_: options.Format = None, output: options.Output = None) -> None:
    """Show every setting with its value and where the value comes from.

    A flag counts before a variable of the environment, that before the file of the folder you are in, that before your own file, and
    that before the default. The folder's file may set only what changes how a result reads, and a registry inside the folder.

    \b
    Examples:
      claimreg config show
      claimreg config show --json
    """
    session_of(ctx)
    rows = [_Row(key, _value(ctx, key.name)) for key in config.KEYS.values()]
    write_listing(rows, LISTING, options.ListingFormat.JSON if json else format_, output)


@app.command("get", no_args_is_help=True, cls=TextCommand)
def get_setting(ctx: typer.Context, key: KeyName) -> None:
    """Print a setting's value.

    \b
    Examples:
      claimreg config get registry
    """
    name = config.known(key).name
    session_of(ctx)
    typer.echo(one_line(_value(ctx, name).text))


@app.command("set", no_args_is_help=True, cls=TextCommand)
def set_setting(key: KeyName, value: Annotated[str, typer.Argument(metavar="VALUE", help="New value; an empty one takes it out.")]) -> None:
    """Set a value in your own file. What else is there stays, with its comments.

    \b
    Examples:
      claimreg config set report.lang ru
      claimreg config set user "Ann Lee"
      claimreg config set user ""
    """
    import tomlkit

    asked = config.known(key)
    path = _own_file()
    if config.checked(asked, value, "claimreg config set") and asked.is_path and value not in asked.words and "://" not in value:
        value = os.path.abspath(os.path.expanduser(value))  # noqa: PTH100, PTH111 -- of words that are no path, pathlib makes one
    of_user()  # raises for a file that cannot be read as settings, which is left as it is
    document = tomlkit.parse(path.read_text("utf-8-sig")) if path.exists() else tomlkit.document()
    _put(document, asked.name, value)
    _made(path.parent)
    try:
        write_whole(real_path(path), tomlkit.dumps(document).encode("utf-8"))
    except OSError as error:
        raise InputError(f"The file {path} cannot be written: {error.strerror}.") from error
    typer.echo(one_line(f"Set {asked.name} in {path}." if value else f"Took {asked.name} out of {path}."))
    forget_settings()
    found = setting(asked.name)
    if value and found.where is not config.Where.USER:
        tell(f"Here {asked.name} is {found.text}: {found.place} sets it, and counts before your file.")


@app.command("edit")
def edit_settings() -> None:
    """Open your own file in your editor.

    \b
    Examples:
      EDITOR=nano claimreg config edit
    """
    from claimreg.cli.editor import edit

    path = _own_file()
    _made(path.parent)
    edit(path)
    forget_settings()
    for sentence in of_user().passed_over:
        tell(sentence)


@app.command("path")
def show_path() -> None:
    """Print where your own file is, or would be.

    \b
    Examples:
      claimreg config path
    """
    typer.echo(one_line(str(_own_file())))


def _value(ctx: typer.Context, name: str) -> config.Value:
    return setting(name, (ctx.find_root().obj or {}).get("db") if name == "registry" else None)


def _own_file() -> Path:
    path = user_file()
    if not path:
        raise UsageError(f"{FILE_VARIABLE} is off, so that there is no file of yours; name one with it, or take it out of the environment.")
    return Path(path)


def _made(folder: Path) -> None:
    try:
        make_folder(folder, 0o700)
        flush_folder(folder)
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def _put(document: "TOMLDocument", name: str, value: str) -> None:
    """Set a value, or with an empty one take it out; a table is made where there is none."""
    import tomlkit

    table, _dot, word = name.rpartition(".")
    if table and table not in document and value:
        document[table] = tomlkit.table()
    holder: Any = document.get(table) if table else document
    if value:
        holder[word] = value
    elif holder is not None:
        holder.pop(word, None)
