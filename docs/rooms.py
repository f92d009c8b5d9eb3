"""Draw the rooms of the program, one layer above the other, from the contract that the imports are held against and the docstrings."""

import ast
import textwrap
import tomllib
from html import escape
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
WIDTH = 900
ROW = 74
GAP = 12
MARGIN = 20
LETTER = 6.4
"""The width of a small letter, about."""

STYLE = (
    "text{font-family:system-ui,sans-serif;fill:#1a1a1a;text-anchor:middle}"
    ".name{font-size:16px;font-weight:600}.small{font-size:12px}"
    "rect.box{fill:#eef3fb;stroke:#28518f;stroke-width:1.5}"
)


def layers() -> list[list[str]]:
    """The modules of each layer, the one that may import all others first."""
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    rows = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [row.replace(":", "|").split(" | ") for row in rows]


def what_it_is(module: str) -> str:
    """The first sentence of a module's docstring."""
    path = REPOSITORY / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    line = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split("\n", 1)[0]
    return line.split(". ", 1)[0].removesuffix(".") + "."


def drawn() -> str:
    """The picture as SVG: a row for each layer, a box for each room; a row imports only from rows below it."""
    rows = layers()
    height = MARGIN * 2 + (ROW + GAP) * len(rows) - GAP
    words = "; ".join(" and ".join(name.removeprefix("claimreg.") for name in row) for row in rows)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title what">',
        '<title id="title">The rooms of the program; each imports only from those below it</title>',
        f'<desc id="what">From above: {escape(words)}.</desc>',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *(_box(name, row.index(name), len(row), number) for number, row in enumerate(rows) for name in row),
        "</svg>",
        "",
    ])  # fmt: skip


def _box(name: str, column: int, columns: int, row: int) -> str:
    width = (WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns
    x, y = MARGIN + column * (width + GAP), MARGIN + row * (ROW + GAP)
    middle = x + width / 2
    lines = textwrap.wrap(what_it_is(name), int(width / LETTER), max_lines=2, placeholder=" …")
    small = "".join(f'<text class="small" x="{middle:g}" y="{y + 43 + 17 * at:g}">{escape(line)}</text>' for at, line in enumerate(lines))
    return (
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{width:g}" height="{ROW}" rx="6"/>'
        f'<text class="name" x="{middle:g}" y="{y + 23:g}">{name.removeprefix("claimreg.")}</text>{small}'
    )
