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
from claimreg.cli.settings import FILE_VARIABLE, forget_settings, of_user, setting, user_file, verdict_scale, verdict_scales
from claimreg.errors import InputError, UsageError
from claimreg.files import flush_folder, make_folder, real_path, write_whole
from claimreg.render.safe import one_line
from claimreg.store.locations import is_shared, shown_location

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

    from claimreg.scales import Rating, VerdictScale

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
    lambda row: (row.key.name, _shown(row), row.value.where.value, row.value.place, row.key.help),
    lambda row: {
        "setting": row.key.name, "value": _shown(row), "from": row.value.where.value, "place": row.value.place, "help": row.key.help,
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
    typer.echo(one_line(_shown(_Row(config.known(key), _value(ctx, name)))))


@app.command("set", no_args_is_help=True, cls=TextCommand)
def set_setting(key: KeyName, value: Annotated[str, typer.Argument(metavar="VALUE", help="New value; an empty one takes it out.")]) -> None:
    """Set a value in your own file. What else is there stays, with its comments.

    \b
    Examples:
      claimreg config set report.lang ru
      claimreg config set scale politifact
      claimreg config set languages kk,ru,en
      claimreg config set user "Ann Lee"
      claimreg config set user ""
    """
    import tomlkit

    asked = config.known(key)
    path = _own_file()
    values = _checked_parts(asked, value)
    if asked.name == "registry":
        _refuse_password(value)
    if (
        config.checked(asked, value, "claimreg config set")
        and asked.is_path
        and value not in asked.words
        and "://" not in value
        and not is_shared(value)
    ):
        value = os.path.abspath(os.path.expanduser(value))  # noqa: PTH100, PTH111 -- of words that are no path, pathlib makes one
    of_user()  # raises for a file that cannot be read as settings, which is left as it is
    document = tomlkit.parse(path.read_text("utf-8-sig")) if path.exists() else tomlkit.document()
    _put(document, asked.name, values if len(values) > 1 else value)
    _made(path.parent)
    try:
        write_whole(real_path(path), tomlkit.dumps(document).encode("utf-8"))
    except OSError as error:
        raise InputError(f"The file {path} cannot be written: {error.strerror}.") from error
    typer.echo(one_line(f"Set {asked.name} in {path}." if value else f"Took {asked.name} out of {path}."))
    forget_settings()
    found = setting(asked.name)
    if value and found.where is not config.Where.USER:
        tell(f"Here {asked.name} is {_shown(_Row(asked, found))}: {found.place} sets it, and counts before your file.")


@app.command("edit")
def edit_settings() -> None:
    """Open your own file in your editor. A new one lists the settings, each with what it is.

    \b
    Examples:
      EDITOR=nano claimreg config edit
    """
    from claimreg.cli.editor import edit

    path = _own_file()
    _made(path.parent)
    form = _form()
    if is_new := not path.exists():
        write_whole(real_path(path), form.encode("utf-8"))
    try:
        edit(path)
    finally:
        if is_new and path.exists() and path.read_bytes() == form.encode("utf-8"):
            path.unlink()
    forget_settings()
    verdict_scale()
    for sentence in of_user().passed_over:
        tell(sentence)


class _RatingRow(NamedTuple):
    scale: "VerdictScale"
    rating: "Rating"


SCALES = Listing["VerdictScale"](
    ("scale", "title", "ratings", "where"),
    lambda one: (one.name, one.title, ", ".join(rating.name for rating in one.ratings), one.where),
    lambda one: {
        "scale": one.name, "title": one.title, "where": one.where,
        "ratings": [{"name": rating.name, "meaning": rating.meaning, "also": list(rating.also)} for rating in one.ratings],
    },
    shown=3,
)  # fmt: skip
RATINGS = Listing[_RatingRow](
    ("rating", "meaning", "also"),
    lambda row: (row.rating.name, row.rating.meaning, ", ".join(row.rating.also)),
    lambda row: {"scale": row.scale.name, "rating": row.rating.name, "meaning": row.rating.meaning, "also": list(row.rating.also)},
)


@app.command("scales", cls=TextCommand)
def show_scales(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Scale whose ratings to show [default: all scales]", show_default=False)
    ] = None,
    json: options.Json = False,
    format_: options.Format = None,
    output: options.Output = None,
) -> None:
    """Show the verdict scales that there are: your own, and those of desks that publish theirs; or the ratings of one, in their order.

    `claimreg config set scale NAME` has `verdict` check ratings against it. One of your own stands in your file:

    \b
      scale = "ours"
      [scales.ours]
      title = "Ferry Press, our scale"
      ratings = ["True", "Half of it", {name = "False", also = ["Wrong"]}]

    \b
    Examples:
      claimreg config scales
      claimreg config scales politifact
    """
    session_of(ctx)
    form = options.ListingFormat.JSON if json else format_
    if name is None:
        write_listing(list(verdict_scales().values()), SCALES, form, output)
    elif scale := verdict_scale(name):
        write_listing([_RatingRow(scale, one) for one in scale.ratings], RATINGS, form, output)


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


def _shown(row: _Row) -> str:
    return shown_location(row.value.text) if row.key.name == "registry" else row.value.text


def _refuse_password(location: str) -> None:
    """Raise `UsageError` for an address of a shared registry that holds a password or cannot be read."""
    # A file of settings is copied, shown and kept in many places; libpq's own file for passwords is checked to be the user's alone.
    if not is_shared(location):
        return
    from claimreg.store.postgres.location import location_of

    if location_of(location).has_password:
        raise UsageError(
            "A password is not kept among the settings; put it into ~/.pgpass (a line host:port:database:user:password, the file yours "
            "alone to read), and set the address without it."
        )


def _checked_parts(key: config.Key, value: str) -> list[str]:
    """The values of a list, checked as far as can be said of them here; one of any other setting."""
    if value and key.name == "scale":
        verdict_scale(value)
    if not value or key.name != "languages":
        return [value]
    from claimreg.services.recording.fields import checked_language

    return [checked_language(one) for one in value.replace(",", " ").split()]


def _form() -> str:
    """The settings as lines that are passed over until their sign is taken away."""
    lines = ["# Settings of claimreg. Take away the # before a line to set what it says; `claimreg config show` tells what holds.", ""]
    for key in sorted(config.KEYS.values(), key=lambda one: "." in one.name):
        choices = f" One of: {', '.join(key.choices)}." if key.choices else ""
        lines += [f"# {key.help}{choices}", f"# {key.name} = {'[]' if key.is_list else chr(34) * 2}", ""]
    return "\n".join(lines)


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


def _put(document: "TOMLDocument", name: str, value: str | list[str]) -> None:
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
