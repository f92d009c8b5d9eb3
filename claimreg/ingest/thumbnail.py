"""Thumbnails of pictures, made by Pillow in the confined process: decoded, made small, and encoded anew.

What a picture says beside its pixels (where and by whom it was taken, its profile of colours, a comment) is not in its thumbnail, nor
is what else its bytes may be, such as a page or an archive.
"""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING

from claimreg.errors import InputError
from claimreg.services.reporting.pictures import Thumbnail

if TYPE_CHECKING:
    from PIL.Image import Image

    from claimreg.ingest.types import Hints

LONGEST_SIDE = 320
MOST_PIXELS = 50_000_000
"""Pixels of a picture, four bytes each: 200 MB of the 2 GB that a reader has. A phone's have 12 to 50 million."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 80


def thumbnail_of(content: bytes, hints: Hints) -> Thumbnail:
    """The thumbnail of a picture; raises `InputError` for one that is too large or damaged."""
    from PIL import Image, ImageOps

    # Larger ones are refused by their head here, before Pillow warns of them.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise InputError(f"{hints.name} has more than {MOST_PIXELS // 10**6} million pixels ({picture.width} × {picture.height}).")
        picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        small = ImageOps.exif_transpose(picture)
        small = _plain(small)
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
        return _encoded(Image.frombytes(small.mode, small.size, small.tobytes()))


def _plain(picture: Image) -> Image:
    """The picture in eight bits a colour, with what is transparent kept so."""
    if picture.mode.startswith("I"):
        # Sixteen bits of grey, which a plain conversion would cut off rather than scale.
        return picture.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    is_transparent = picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in picture.info
    return picture.convert("RGBA" if is_transparent else "RGB")


def _encoded(picture: Image) -> Thumbnail:
    written = BytesIO()
    if picture.mode == "RGBA":
        picture.save(written, "PNG", optimize=True)
    else:
        picture.save(written, "JPEG", quality=_QUALITY, optimize=True)
    media_type = "image/png" if picture.mode == "RGBA" else "image/jpeg"
    return Thumbnail(media_type, picture.width, picture.height, base64.b64encode(written.getvalue()).decode("ascii"))
