"""Letters that the codes of a PDF's fonts stand for, and their widths; pypdf reads the fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdf.generic import DictionaryObject

_NO_SPACE = 200.0  # of a thousand; what pypdf takes a space for where a font has none
_DEFAULT = 500.0
_SPACE_CODE = 32
_MOST_KNOWN = 70_000


class Code(NamedTuple):
    """A code of a font: the letters it stands for, its width in units of the font's size, and whether word spacing widens it."""

    text: str
    width: float
    widened: bool


class Lettering:
    """A font as text is read with it.

    ``half_space`` is half the width of a space, in units of the font's size: from there on a gap parts words.
    """

    def __init__(self, resource: DictionaryObject) -> None:
        from pypdf.generic._font import Font

        font = Font.from_font_resource(resource)
        self._encoding = font.encoding
        self._map = font.character_map
        self._widths = font.character_widths
        self._scale = _scale_of(resource)
        self._known: dict[str, Code] = {}
        self.upright = str(resource.get("/Encoding", "")).endswith("-V")
        self._unmapped = bool(self._map) and str(resource.get("/Encoding", "")).startswith("/Identity")
        # A font without a space has some other sign under its code.
        space = self._learnt(font.space_char)
        has_space = space.text == " " and font.space_char in self._widths and space.width > 0
        self.half_space = (space.width if has_space else _NO_SPACE * self._scale) / 2

    def codes(self, raw: bytes) -> list[Code]:
        """The codes in a string that is shown."""
        if isinstance(self._encoding, str):
            try:
                signs = raw.decode(self._encoding, "surrogatepass")
            except UnicodeDecodeError:
                signs = raw.decode(self._encoding, "replace")
        else:
            signs = raw.decode("latin-1")
        known = self._known
        return [known.get(sign) or self._learnt(sign) for sign in signs]

    def _learnt(self, sign: str) -> Code:
        text = self._encoding.get(ord(sign), sign) if isinstance(self._encoding, dict) else sign
        mapped = self._map.get(text)
        if mapped is None:
            mapped = "" if self._unmapped else text
        width = _number(self._widths.get(sign, self._widths.get("default", _DEFAULT)))
        widened = isinstance(self._encoding, dict) and ord(sign) == _SPACE_CODE
        code = Code(str(mapped), (width or 0.0) * self._scale, widened)
        if len(self._known) < _MOST_KNOWN:
            self._known[sign] = code
        return code


def _scale_of(resource: DictionaryObject) -> float:
    """Size of a font's unit: a thousandth, but for fonts that draw their letters by themselves."""
    from pypdf.generic import ArrayObject

    matrix = resource.get("/FontMatrix")
    matrix = matrix.get_object() if matrix is not None else None
    if resource.get("/Subtype") != "/Type3" or not isinstance(matrix, ArrayObject) or not matrix:
        return 0.001
    return abs(_number(matrix[0].get_object())) or 0.001


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and abs(value) < 1e9 else 0.0  # noqa: PLR2004 -- no width is as large
