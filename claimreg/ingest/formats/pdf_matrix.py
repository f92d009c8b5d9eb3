"""Matrices of PDF's coordinates (ISO 32000-2, 8.3), from numbers of a file that may hold anything."""

from __future__ import annotations

from typing import Any

Matrix = tuple[float, float, float, float, float, float]

PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LARGEST = 1e7  # of a coordinate; pages are at most 14,400 units wide, and no number may lead to infinity


def number(value: Any) -> float:  # noqa: ANN401 -- whatever a file has in a number's place
    """A number of a size that pages have; raises :class:`ValueError` or :class:`TypeError` for anything else."""
    found = float(value)
    if not -_LARGEST < found < _LARGEST:
        raise ValueError
    return found


def matrix(given: list[Any]) -> Matrix:
    """The matrix of six numbers."""
    a, b, c, d, e, f = map(number, given[:6])
    return (a, b, c, d, e, f)


def times(one: Matrix, other: Matrix) -> Matrix:
    """The matrix that does what one does, and then what the other does."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def fitted(box: list[Any], form: Matrix, rectangle: list[Any]) -> Matrix:
    """The matrix that puts a form's box, as the form's own matrix has it, into a rectangle of the page (12.5.5)."""
    left, low, right, high = map(number, box[:4])
    corners = [times((1.0, 0.0, 0.0, 1.0, x, y), form)[4:] for x in (left, right) for y in (low, high)]
    x, y = min(corner[0] for corner in corners), min(corner[1] for corner in corners)
    width, height = max(corner[0] for corner in corners) - x, max(corner[1] for corner in corners) - y
    ends = list(map(number, rectangle[:4]))
    to_x, to_y = min(ends[0], ends[2]), min(ends[1], ends[3])
    across = (abs(ends[2] - ends[0]) / width) if width else 1.0
    up = (abs(ends[3] - ends[1]) / height) if height else 1.0
    return (across, 0.0, 0.0, up, to_x - x * across, to_y - y * up)
