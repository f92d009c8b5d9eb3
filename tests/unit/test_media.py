"""Pictures, video and sound: which they are, what stands for their text, and their thumbnails."""

import base64
import contextlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from claimreg.errors import InputError
from claimreg.ingest.extract import extract, read
from claimreg.ingest.formats.kinds import media_type_of, readable_name
from claimreg.ingest.formats.media import SUFFIXES
from claimreg.ingest.sandbox.pool import Reader
from claimreg.ingest.thumbnail import LONGEST_SIDE, thumbnail_of
from claimreg.ingest.types import Hints, Limits, Task
from claimreg.services.recording.media import check_words, medium_of, with_transcript, without_text
from claimreg.services.recording.sources import IncomingDocument

HEADS = Path(__file__).parents[1] / "fixtures" / "media" / "heads"
KINDS = {
    "a.3gp": "video/3gpp", "a.avi": "video/x-msvideo", "a.flv": "video/x-flv", "a.mkv": "video/x-matroska", "a.mov": "video/quicktime",
    "a.mp4": "video/mp4", "a.mpg": "video/mpeg", "a.ogv": "video/ogg", "a.ts": "video/mp2t", "a.webm": "video/webm",
    "a.wmv": "video/x-ms-asf", "b.aac": "audio/aac", "b.aiff": "audio/aiff", "b.amr": "audio/amr", "b.flac": "audio/flac",
    "b.m4a": "audio/mp4", "b.mp3": "audio/mpeg", "b.ogg": "audio/ogg", "b.opus": "audio/ogg", "b.wav": "audio/wav",
    "b.wma": "video/x-ms-asf", "c.avif": "image/avif", "c.bmp": "image/bmp", "c.gif": "image/gif", "c.heic": "image/heic",
    "c.jp2": "image/jp2", "c.jpg": "image/jpeg", "c.jxl": "image/jxl", "c.png": "image/png", "c.tiff": "image/tiff",
    "c.webp": "image/webp", "noid3.mp3": "audio/mpeg",
}  # fmt: skip
SVG = b"""<?xml version="1.0"?><!-- drawn by hand --><svg xmlns="http://www.w3.org/2000/svg"><text>Not a text</text></svg>"""


@pytest.mark.parametrize("name", KINDS)
def test_what_programs_write_is_known_by_its_first_bytes(name: str) -> None:
    content = (HEADS / name).read_bytes()
    assert media_type_of(content) == KINDS[name]
    assert media_type_of(content, "letter.txt", "text/plain") == KINDS[name]
    assert medium_of(KINDS[name]) == {"a": "video", "c": "picture"}.get(name[0], "video" if name == "b.wma" else "sound recording")


def test_there_is_a_file_of_each_kind() -> None:
    assert sorted(KINDS) == sorted(path.name for path in HEADS.iterdir())


def test_a_drawing_in_xml_is_a_picture() -> None:
    for content in (SVG, SVG.decode().encode("utf-16"), b'<svg:svg xmlns:svg="x"/>', b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>"):
        assert media_type_of(content, "a.svg") == "image/svg+xml"
        assert read(content, Hints("a.svg"), Limits()).text == ""
    assert media_type_of(b"<html><body><svg></svg>", "a.html") == "text/html"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("ясно, что это письмо".encode("cp1251"), "ADTS sound begins with the first two letters, too"),
        ("яы яы яы яы".encode("cp1251"), "and MPEG sound with these"),
        (b"BM is a good start", "a bitmap"),
        (b"GIF89a is a format of pictures", "a GIF"),
        (b"ID3 tags are read by players", "a tag of sound"),
        (b"G" + b"G" * 600, "video in packets"),
        (b"II*, see below", "a TIFF"),
        ("Ā was the first letter".encode("utf-32-be"), "an icon"),
        (b"RIFF and WAVE", "sound"),
    ],
)
def test_texts_that_begin_like_a_medium_stay_texts(content: bytes, name: str) -> None:
    assert medium_of(media_type_of(content)) is None, name


def test_a_picture_that_is_something_else_besides_is_a_picture() -> None:
    """A file that is read as a picture here is not read as what a program might take it for."""
    for more in (b"PK\x03\x04", b"%PDF-1.7\n", b"<html><script>act()</script></html>", b"WARC/1.0\r\n"):
        content = jpeg(comment=more) + more
        assert media_type_of(content, "a.html", "text/html") == "image/jpeg"
        assert extract(content, Hints("a.html"), Limits()).text == ""
        assert more not in made(content)


def test_media_have_no_text_and_are_passed_over_in_folders() -> None:
    extraction = extract(jpeg(), Hints("a.jpg"), Limits())
    assert (extraction.text, extraction.media_type, extraction.notes, extraction.locators) == ("", "image/jpeg", (), ())
    assert not any(readable_name(f"a{suffix}") for suffix in SUFFIXES)


def test_what_is_told_of_a_medium_without_words() -> None:
    assert "optical character recognition" in without_text("a.jpg", "image/jpeg")
    assert "optical" not in without_text("a.mp3", "audio/mpeg")
    with pytest.raises(InputError, match=r"^a\.mp4 is a video without text; .+--transcript FILE\.$"):
        check_words("a.mp4", "video/mp4", "")
    check_words("a.mp4", "video/mp4", "words")
    check_words("a.txt", "text/plain", 0)


def test_a_transcript_is_words_for_a_medium_only() -> None:
    words = IncomingDocument(b"bytes", "words", "words.txt")
    picture = IncomingDocument(jpeg(), "", "a.jpg", "image/jpeg")
    with_words = with_transcript("a.jpg", picture, words)
    assert (with_words.text, with_words.transcript, with_words.media_type, with_words.content) == ("words", b"bytes", "image/jpeg", jpeg())
    with pytest.raises(InputError, match="has a text of its own"):
        with_transcript("words.txt", words, words)
    scanned = IncomingDocument(b"%PDF-", "", "a.pdf", "application/pdf")
    assert with_transcript("a.pdf", scanned, words).text == "words"
    with pytest.raises(InputError, match="is a picture without text"):
        with_transcript("a.jpg", picture, picture)


def picture(size: tuple[int, int] = (640, 400), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is dark and whose right half is light."""
    made = Image.new(mode, size)
    made.paste(
        {"RGBA": (250, 250, 250, 90), "LA": (250, 90)}.get(mode, 250 if len(mode) == 1 else (250,) * len(mode)), (size[0] // 2, 0, *size)
    )
    return made


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def jpeg(size: tuple[int, int] = (640, 400), comment: bytes = b"", **options: object) -> bytes:
    return saved(picture(size), "JPEG", comment=comment, **options)


def made(content: bytes) -> bytes:
    return base64.b64decode(thumbnail_of(content, Hints("The picture")).data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(640, 400), (400, 640), (4000, 10), (1, 1), (100, 80)])
def test_thumbnails_are_small_and_alike(form: str, size: tuple[int, int]) -> None:
    thumbnail = thumbnail_of(saved(picture(size), form), Hints("The picture"))
    image = Image.open(io.BytesIO(base64.b64decode(thumbnail.data)))
    assert image.size == (thumbnail.width, thumbnail.height)
    assert max(image.size) <= min(LONGEST_SIDE, max(size))
    assert thumbnail.uri.startswith("data:image/jpeg;base64,")
    if min(size) > 50:
        assert abs(image.width / image.height - size[0] / size[1]) < 0.02
        left, right = (image.convert("L").getpixel((place, image.height // 2)) for place in (5, image.width - 5))
        assert isinstance(left, int)
        assert isinstance(right, int)
        assert left < 20
        assert right > 230


def test_nothing_but_the_picture_is_in_a_thumbnail() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Makername", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(43), IFDRational(15), IFDRational(1234, 100)), 3: "E", 4: (IFDRational(76),) * 3})
    told = {"exif": exif.tobytes(), "icc_profile": b"profile of colours" * 20}
    for content in (
        saved(picture(), "JPEG", comment=b"a secret comment", xmp=b"<x:xmpmeta>who took it</x:xmpmeta>", **told),
        saved(picture(), "WEBP", xmp=b"<x:xmpmeta>who took it</x:xmpmeta>", **told),
        saved(picture(), "PNG", **told),
    ):
        assert b"Makername" in content
        thumbnail = made(content)
        assert not any(words in thumbnail for words in (b"Makername", b"Exif", b"xmpmeta", b"secret", b"profile of colours", b"ICC"))
        image = Image.open(io.BytesIO(thumbnail))
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        # It stands upright all the same, as the camera was held.
        assert image.size == (200, 320)


@pytest.mark.parametrize(
    ("mode", "form"), [("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("I;16", "PNG"), ("1", "PNG")]
)
def test_thumbnails_of_pictures_in_all_colours(mode: str, form: str) -> None:
    image = Image.new("I;16", (50, 40), 40_000) if mode == "I;16" else picture((640, 400), mode)
    thumbnail = thumbnail_of(saved(image, form), Hints("The picture"))
    assert thumbnail.media_type == ("image/png" if mode in ("RGBA", "LA") else "image/jpeg")
    if mode == "I;16":
        grey = Image.open(io.BytesIO(base64.b64decode(thumbnail.data))).convert("L").getpixel((5, 5))
        assert isinstance(grey, int)
        assert abs(grey - 40_000 // 256) <= 2


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """A picture of 900 million black pixels in some hundred kilobytes."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(3 * 30_000 + 1)) for _ in range(2_000))
    return png(30_000, 30_000, chunk(b"IDAT", rows + packer.flush()))


HOSTILE = {
    "bomb": bomb(),
    "promise": png(2**31 - 1, 2**31 - 1, chunk(b"IDAT", zlib.compress(b"0"))),
    "text": png(10, 10, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000))), chunk(b"IDAT", zlib.compress(bytes(310)))),
    "cut off": jpeg()[:1_000],
    "cut off later": jpeg((2_000, 2_000), quality=95)[:-4_000],
    "nothing": b"\xff\xd8\xff\xe0",
    "drawing": SVG,
    "tiff": saved(picture(), "TIFF"),
    "page": b"<html>",
    "postscript": saved(picture(), "EPS"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_pictures_give_a_sentence_or_a_thumbnail(kind: str) -> None:
    reader = Reader(Limits(seconds=20))
    try:
        with contextlib.suppress(InputError) as _:
            thumbnail = reader.read_thumbnail(Task(HOSTILE[kind], Hints("The picture of S1", guess_language=False)))
            assert kind in ("text", "cut off later")
            assert max(thumbnail.width, thumbnail.height) <= LONGEST_SIDE
        good = reader.read_thumbnail(Task(jpeg(), Hints("The picture of S2", guess_language=False)))
        assert (good.width, good.height) == (320, 200)
    finally:
        reader.close()


def test_what_is_refused_says_why() -> None:
    with pytest.raises(InputError, match=r"^The picture of S1 has more than 50 million pixels \(30000 × 30000\)\.$"):
        thumbnail_of(HOSTILE["bomb"], Hints("The picture of S1"))
    reader = Reader(Limits(seconds=20))
    try:
        with pytest.raises(InputError, match=r"^The picture of S1 cannot be read .+\.$"):
            reader.read_thumbnail(Task(HOSTILE["cut off"], Hints("The picture of S1", guess_language=False)))
    finally:
        reader.close()


@settings(deadline=None, max_examples=60)
@given(st.data())
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_damaged_pictures_break_nothing(form: str, data: st.DataObject) -> None:
    content = bytearray(saved(picture((90, 60)), form))
    for place, byte in data.draw(st.lists(st.tuples(st.integers(12, len(content) - 1), st.integers(0, 255)), max_size=20)):
        content[place] = byte
    with contextlib.suppress(InputError, OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError):
        thumbnail = thumbnail_of(bytes(content), Hints("The picture"))
        assert max(thumbnail.width, thumbnail.height) <= LONGEST_SIDE
