"""Reports to publish, written from their variables by the package's templates or a desk's own: one HTML page, or Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from claimreg.errors import UsageError
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.policy import page_policy
from claimreg.render.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2 import Environment
    from markupsafe import Markup

    from claimreg.render.machine import Json
    from claimreg.render.publication.templates import TemplateFolder

_NO_NAME = re.compile(r"'mappingproxy object' has no attribute '(.*)'")


def publication_html(variables: Mapping[str, Any], words: Words = ENGLISH, folder: Path | None = None, data: Json | None = None) -> str:
    """The report as an HTML document, from the variables of a publication; the same ones give the same bytes.

    ``folder`` holds templates of the desk's that take the place of the package's (see `claimreg.render.publication.templates.NAMES`);
    one that cannot be used raises `UsageError`. ``data`` (JSON-LD) is put into the document's head for programs, as data that no
    browser runs.
    """
    from markupsafe import Markup

    from claimreg.render.publication.templates import environment, style_of

    made, loader = environment("html", words, _checked(folder))
    style = style_of(loader)
    given = {"policy": page_policy(style), "style": Markup(style)}  # noqa: S704 -- the desk's or the package's, which cannot end its element
    return _written(made, loader, "public.html.jinja", {**variables, **given, "data": _data_block(data)}).lstrip("\n")


def publication_markdown(variables: Mapping[str, Any], words: Words = ENGLISH, folder: Path | None = None) -> str:
    """The report as a Markdown document (GitHub's, with footnotes); what `publication_html` says of folders holds here, too."""
    from claimreg.render.publication.templates import environment

    made, loader = environment("md", words, _checked(folder))
    text = _written(made, loader, "public.md.jinja", variables)
    # What a template leaves out leaves empty lines; text of others holds none.
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _checked(folder: Path | None) -> Path | None:
    if folder is not None and not folder.is_dir():
        raise UsageError(f"There is no folder {one_line(str(folder))}; name one that holds templates.")
    return folder


def _data_block(data: Json | None) -> Markup | None:
    from markupsafe import Markup

    from claimreg.render.linked_data import in_script

    return None if data is None else Markup(in_script(data))  # noqa: S704 -- made for just this place


def _written(made: Environment, loader: TemplateFolder, name: str, variables: Mapping[str, Any]) -> str:
    """The text that a template gives with these variables, put together claim by claim."""
    if loader.folder is None:
        return "".join(made.get_template(name).generate(variables))
    try:
        return "".join(made.get_template(name).generate(variables))
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever a desk's template does wrong is told as its mistake
        _refuse(error, loader)


def _refuse(error: Exception, loader: TemplateFolder) -> NoReturn:
    """Raise a template's mistake as `UsageError`, with the file and line; an error that no template of the folder made as it is."""
    where = _place(error, loader)
    if where is None:
        raise error
    told, line = where
    raise UsageError(f"{one_line(told)}, line {line}: {one_line(_reason(error))}. Nothing was written; mend the template.") from error


def _place(error: Exception, loader: TemplateFolder) -> tuple[str, int] | None:
    """The file and line of the folder's templates that an error comes from."""
    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        return (error.filename or error.name or "", error.lineno)
    place = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in loader.read:
            place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return place


def _reason(error: Exception) -> str:
    from jinja2 import TemplateError

    told = (error.message if isinstance(error, TemplateError) else str(error)) or type(error).__name__
    return _NO_NAME.sub(r"a report has no “\1” here", told).rstrip(".")
