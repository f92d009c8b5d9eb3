"""Templates of the report to publish: the package's, and those of a desk's folder that take their place.

A template gets text, numbers and mappings, never a record; it can reach nothing else, and it can include nothing from outside the folder.
All that it puts out is escaped, unless it is markup of ours. What it does with time and memory nothing bounds: it is trusted like a script.
"""

from __future__ import annotations

import re
import stat
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from claimreg.errors import UsageError
from claimreg.render.pieces import filled, seen, shown
from claimreg.render.publication.markdown_text import Marked, bold, ended, on_a_line, pieces_marked
from claimreg.render.safe import plain_address, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from jinja2 import Environment, nodes
    from jinja2.compiler import Frame
    from markupsafe import Markup

    from claimreg.render.labels import Words

NAMES = ("public.html.jinja", "public.md.jinja", "public.css")
"""Names of the files that a desk's folder may hold in place of the package's."""

PACKAGE = "package/"
"""Start of the names by which a desk's template calls the package's own."""

Form = Literal["html", "md"]

_OF_HTML = ("urlize", "xmlattr", "tojson", "forceescape")
_BY_CHANCE = "random"
_PLACE = re.compile(r"{(\w+)}")


class TemplateFolder(BaseLoader):
    """Loader of the templates of a folder, else of the package; it reads no file outside of either."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.read: set[str] = set()
        """Names of the folder's files that were read, as they are told to a person."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ARG002 -- Jinja's signature
        """Return a template's text and the name that it is told by; raises `TemplateNotFound` and `SecurityError`."""
        text, told = self.text(template)
        return text, told, lambda: True

    def text(self, name: str) -> tuple[str, str]:
        """Return the text of a file and the name that it is told by, the folder's before the package's."""
        if not name.startswith(PACKAGE):
            path = self._inside(name)
            if path is not None:
                told = str(path)
                self.read.add(told)
                return _decoded(path), told
        own = name.removeprefix(PACKAGE)
        if own not in NAMES:
            raise TemplateNotFound(name, f"there is no template {name!r} in the folder")
        return _of_package(own), f"{PACKAGE}{own}"

    def _inside(self, name: str) -> Path | None:
        """The path of a file of the folder; ``None`` where it has none of this name. Raises `SecurityError` for one outside."""
        parts = name.split("/")
        if "\\" in name or "\0" in name or ":" in name or any(part in ("", ".", "..") for part in parts):
            raise SecurityError(f"{name!r} is no name of a file in the folder")
        if self.folder is None:
            return None
        path = self.folder.joinpath(*parts)
        try:
            real = path.resolve(strict=True)
            if not real.is_relative_to(self.folder.resolve(strict=True)):
                raise SecurityError(f"{name!r} leads out of the folder")
            if not stat.S_ISREG(real.stat().st_mode):
                raise SecurityError(f"{name!r} is no file")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SecurityError(f"{name!r} cannot be read: {error.strerror}") from error
        return path


class _MarkdownCode(CodeGenerator):
    """Templates joined by ``~`` to plain text, which is escaped as a whole: Jinja's own way escapes the parts as HTML."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 -- Jinja's name
        self.write("str_join((")
        for one in node.nodes:
            self.visit(one, frame)
            self.write(", ")
        self.write("))")


def environment(form: Form, words: Words, folder: Path | None = None) -> tuple[Environment, TemplateFolder]:
    """The templates of one form in the reader's language, and their loader; a folder is read anew at each call."""
    return _environment(form, words) if folder is None else _made(form, words, TemplateFolder(folder))


@lru_cache(maxsize=8)
def _environment(form: Form, words: Words) -> tuple[Environment, TemplateFolder]:
    return _made(form, words, TemplateFolder(None))


def _made(form: Form, words: Words, loader: TemplateFolder) -> tuple[Environment, TemplateFolder]:
    markdown = form == "md"
    made = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        finalize=Marked.escape if markdown else seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    del made.globals["lipsum"]
    del made.filters[_BY_CHANCE]
    made.tests["plain_address"] = _is_plain_address
    made.filters["shown"] = _visible if markdown else shown
    made.filters["md"] = Marked.escape if markdown else _visible
    if markdown:
        made.code_generator_class = _MarkdownCode
        for name in _OF_HTML:
            del made.filters[name]
        made.filters |= {
            "e": Marked.escape,
            "escape": Marked.escape,
            "join": _joined,
            "marked": pieces_marked,
            "bold": bold,
            "ended": ended,
        }
    made.filters["_"] = _translating(words, _filled_markdown if markdown else filled)
    made.filters["counted"] = _counting(words)
    return made, loader


def _translating(words: Words, fill: Callable[..., Markup]) -> Callable[..., Markup]:
    def translated(text: str, **parts: object) -> Markup:
        return fill(words.say(str(text)), **parts)

    return translated


def _counting(words: Words) -> Callable[[int, str, str], str]:
    def counted(number: int, one: str, many: str) -> str:
        return words.count(one, many, number)

    return counted


def _filled_markdown(sentence: str, **parts: object) -> Marked:
    texts = {name: str(Marked.escape(part)) for name, part in parts.items()}
    return Marked(_PLACE.sub(lambda place: texts[place[1]], on_a_line(sentence)))


def _joined(values: Iterable[object], between: str = "", attribute: str | None = None) -> Marked:
    told = values if attribute is None else (one[attribute] for one in values)  # type: ignore[index]  # as Jinja's, of mappings
    return Marked(str(between).join(str(Marked.escape(one)) for one in told))


def _is_plain_address(value: object) -> bool:
    return isinstance(value, str) and plain_address(value)


def _visible(value: object) -> str:
    return visible(str(value))


def style_of(loader: TemplateFolder) -> str:
    """The style of the page; raises `UsageError` for one that would end its element."""
    text, told = loader.text("public.css")
    for number, line in enumerate(text.split("\n"), 1):
        if "</" in line or "<!" in line:
            raise UsageError(f"{told}, line {number}: a style cannot hold “</” or “<!”; write it as “<\\/”.")
    return text


@lru_cache(maxsize=len(NAMES))
def _of_package(name: str) -> str:
    from importlib.resources import files

    return (files("claimreg.render") / "templates" / name).read_text(encoding="utf-8")


def _decoded(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(f"{path}, line {line}: this is not UTF-8; save the file as UTF-8.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
