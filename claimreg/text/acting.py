"""Characters that act instead of being seen: controls that terminals obey, signs that turn the direction, invisible joiners."""

from __future__ import annotations

import json
import re
from functools import cache

ACTING = (
    *range(0x80, 0xA0),  # C1 controls: terminals obey some of them
    0x061C, 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF,  # bidi controls, invisible spaces
    0x180E, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080), *range(0xD800, 0xE000),
)  # fmt: skip
"""Code points of these characters, but for those below 0x80; half characters, which no terminal can show, are among them."""

_DELETE = "\x7f"


def json_text(value: object, *, indent: int | None = None) -> str:
    """A value as JSON that may be shown in a terminal: acting characters are escaped, all others stand as they are.

    Read again it is the same value. Half characters are escaped, too, so that the text can always be written.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Most of what is written is ASCII, which holds none but one.
    if text.isascii() and _DELETE not in text:
        return text
    return _pattern().sub(_escape, text)


@cache
def _pattern() -> re.Pattern[str]:
    # Compiled when it is needed first: most commands write ASCII, or no JSON at all.
    ranges = "\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    return re.compile(f"[{ranges}]")


def _escape(match: re.Match[str]) -> str:
    # JSON itself escapes all others, but nothing that is ASCII.
    return "\\u007f" if match[0] == _DELETE else json.dumps(match[0])[1:-1]
