"""All labels that need a translation, as the code has them: `python tests/catalogue.py` says what the catalogues lack."""

from __future__ import annotations

import ast
import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from claimreg.render.labels import CATALOGUES

PACKAGE = Path(__file__).parent.parent / "claimreg"
LABELS = {"say": 1, "message": 1, "count": 2}
OF_FILTERS = re.compile(r"""["]([^"]+)"\s*\|\s*_\b""")
COUNTED = re.compile(r"""\|\s*counted\("([^"]+)",\s*"([^"]+)"\)""")
IN_TEMPLATES = re.compile(r"""words\.(?:say\(\s*"([^"]+)"|count\(\s*"([^"]+)",\s*"([^"]+)")""")

Label = str | tuple[str, ...]


def labels() -> set[Label]:
    """The English texts in the renderings and their templates; with their plural, where they have one."""
    found: set[Label] = set()
    for path in sorted(PACKAGE.joinpath("render").rglob("*.py")) + sorted(PACKAGE.joinpath("cli").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                texts = [value for value in values if isinstance(value, str)][: LABELS.get(name, 0)]
                if texts and len(texts) == LABELS[name]:
                    found.add(texts[0] if len(texts) == 1 else tuple(texts))
    for path in sorted(PACKAGE.rglob("*.jinja")):
        for said, one, many in IN_TEMPLATES.findall(path.read_text("utf-8")):
            found.add(said or (one, many))
        found.update(COUNTED.findall(path.read_text("utf-8")))
        found.update(OF_FILTERS.findall(path.read_text("utf-8")))
    return found


def catalogue(lang: str) -> Catalog:
    """All catalogues of a language as one; raises `ValueError` for a text that two of them translate."""
    whole = Catalog(locale=lang)
    for name in CATALOGUES:
        for one in read_po(BytesIO((PACKAGE / "locale" / lang / f"{name}.po").read_bytes()), locale=lang):
            if one.id and one.id in whole:
                raise ValueError(f"{name}.po translates {one.id!r} again")
            whole[one.id] = one
    return whole


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation of a label, in every plural form."""
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def translated(lang: str) -> set[Label]:
    """The texts that a catalogue translates wholly: every plural form that its language has, and nothing fuzzy."""
    found: set[Label] = set()
    for message in catalogue(lang):
        if message.id and not message.fuzzy and all(forms_of(message)):
            found.add(message.id if isinstance(message.id, str) else tuple(message.id))
    return found


def main() -> None:
    for lang in ("kk", "ru"):
        for label in sorted(labels() - translated(lang), key=str):
            sys.stdout.write(f"{lang} lacks {label!r}\n")
        for label in sorted(translated(lang) - labels(), key=str):
            sys.stdout.write(f"{lang} has {label!r}, which is used nowhere\n")


if __name__ == "__main__":
    main()
