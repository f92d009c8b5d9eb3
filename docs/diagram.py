"""Draw how the records speak of one another, from the model's own table of references."""

from html import escape

from claimreg.model import (
    RECORD_TYPES,
    Alias,
    Attribution,
    Capture,
    Claim,
    Draft,
    Link,
    Party,
    Record,
    Relation,
    Source,
    TimeStamp,
    Verdict,
)
from claimreg.services.evidence.states import REFERENCES

PLACES: dict[type[Record], tuple[int, int]] = {
    Verdict: (0, 0), Party: (1, 0), Alias: (2, 0),
    Claim: (0, 1), Attribution: (1, 1), Link: (2, 1),
    Relation: (0, 2), Source: (1, 2), Capture: (2, 2),
    TimeStamp: (0, 3), Draft: (2, 3),
}  # fmt: skip
"""Column and row of each record, so that what speaks of another stands beside it."""

BOX = (170, 58)
STEP = (300, 140)
MARGIN = 20

STYLE = (
    "text{font-family:system-ui,sans-serif;fill:#1a1a1a;text-anchor:middle}"
    ".name{font-size:17px;font-weight:600}.small{font-size:13px}"
    "rect.box{fill:#eef3fb;stroke:#28518f;stroke-width:1.5}line{stroke:#28518f;stroke-width:1.5}"
    "rect.label{fill:#fff}"
)

TIP = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 10 5 0 10z" fill="#28518f"/></marker></defs>'
)

Point = tuple[float, float]


def drawn() -> str:
    """The picture as SVG: a box for each record, an arrow for each field that holds another record's id."""
    width = MARGIN * 2 + STEP[0] * 2 + BOX[0]
    height = MARGIN * 2 + STEP[1] * 3 + BOX[1]
    lines = [line for one, points in REFERENCES.items() for line in _arrows(one, points)]
    words = "; ".join(f"{one.NOUN} to {other.NOUN} by {name}" for one, points in REFERENCES.items() for name, other in points.items())
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title what">',
        '<title id="title">The records and how they speak of one another</title>',
        f'<desc id="what">{escape(words)}.</desc>',
        f"<style>{STYLE}</style>",
        TIP,
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *lines,
        *map(_box, RECORD_TYPES),
        _note(),
        "</svg>",
        "",
    ])  # fmt: skip


def _middle(record_type: type[Record]) -> Point:
    column, row = PLACES[record_type]
    return MARGIN + column * STEP[0] + BOX[0] / 2, MARGIN + row * STEP[1] + BOX[1] / 2


def _box(record_type: type[Record]) -> str:
    x, y = _middle(record_type)
    own = [name for name, other in REFERENCES.get(record_type, {}).items() if other is record_type]
    second = f"{record_type.PREFIX}1, {record_type.PREFIX}2, …" if not own else f"{record_type.PREFIX}1, … · {', '.join(own)}"
    return (
        f'<rect class="box" x="{x - BOX[0] / 2:g}" y="{y - BOX[1] / 2:g}" width="{BOX[0]}" height="{BOX[1]}" rx="6"/>'
        f'<text class="name" x="{x:g}" y="{y - 4:g}">{record_type.NOUN}</text>'
        f'<text class="small" x="{x:g}" y="{y + 17:g}">{second}</text>'
    )


def _arrows(one: type[Record], points: dict[str, type[Record]]) -> list[str]:
    """An arrow to each other record, with the fields that hold its id."""
    return [
        _arrow(one, other, [name for name, its in points.items() if its is other])
        for other in dict.fromkeys(points.values())
        if other is not one
    ]


def _arrow(one: type[Record], other: type[Record], names: list[str]) -> str:
    start, end = _edge(_middle(one), _middle(other)), _edge(_middle(other), _middle(one))
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    labels = "".join(
        f'<rect class="label" x="{x - 3.6 * len(name):g}" y="{y + 17 * at - 11:g}" width="{7.2 * len(name):g}" height="16"/>'
        f'<text class="small" x="{x:g}" y="{y + 17 * at + 2:g}">{name}</text>'
        for at, name in enumerate(names)
    )
    return f'<line x1="{start[0]:g}" y1="{start[1]:g}" x2="{end[0]:g}" y2="{end[1]:g}" marker-end="url(#tip)"/>{labels}'


def _edge(middle: Point, towards: Point) -> Point:
    """Where the line from the middle of a box towards another point leaves the box."""
    x, y = towards[0] - middle[0], towards[1] - middle[1]
    share = min(BOX[0] / 2 / abs(x) if x else 1e9, BOX[1] / 2 / abs(y) if y else 1e9)
    return round(middle[0] + x * share, 1), round(middle[1] + y * share, 1)


def _note() -> str:
    x, y = _middle(TimeStamp)
    left = x + STEP[0] / 2 + 30
    return (
        f'<line x1="{x + BOX[0] / 2:g}" y1="{y:g}" x2="{left:g}" y2="{y:g}" marker-end="url(#tip)"/>'
        f'<text class="small" x="{left + 165:g}" y="{y - 4:g}">an event of the history (head_seq, head_hash);</text>'
        f'<text class="small" x="{left + 165:g}" y="{y + 14:g}">every change of every record above is one</text>'
    )
