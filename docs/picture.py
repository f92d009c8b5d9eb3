"""Draw the README's picture from the bundled case: `python docs/picture.py docs/report.svg`."""

import io
import sys
from pathlib import Path

from rich.console import Console

from claimreg.linker import LayeredLinker
from claimreg.model import Claim
from claimreg.opening import DEMO_CHANGE, bundled_case
from claimreg.render.terminal import report_renderable
from claimreg.services.exchange.casefile import record_case
from claimreg.services.lookup import require
from claimreg.services.reporting.report import Section, build_report
from claimreg.store.memory import MemoryStore

SHOWN = ("C1", "C4")
WIDTH = 96

FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def draw() -> str:
    """The report on a few claims of the bundled case, as SVG; no font is fetched from anywhere."""
    store = MemoryStore()
    with store.write(DEMO_CHANGE) as writer:
        record_case(writer, bundled_case(), LayeredLinker())
    with store.snapshot() as reader:
        report = build_report(reader, [require(reader, Claim, one) for one in SHOWN], "claimreg report C1 C4")
    console = Console(
        record=True,
        file=io.StringIO(),
        width=WIDTH,
        markup=False,
        emoji=False,
        highlight=False,
        color_system="truecolor",
        force_terminal=True,
    )
    console.print(report_renderable(report, sections={Section.CLAIMS}))
    return console.export_svg(title="claimreg report C1 C4", code_format=FORMAT, unique_id="claimreg")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(draw(), encoding="utf-8")
