"""JSON-LD found in a file, whatever it is wrapped in: an object, a list, a graph, a feed, lines, an answer of Google's, a web page.

What is looked for are reviews of claims; everything else is walked through. Nothing is fetched, and no context is loaded: an address in a
file is but a text. Lines are read one by one; a document or a page is read whole, up to the reading's limit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from claimreg.corpus.jsonl import LONGEST_LINE, TOO_LONG, BadLine
from claimreg.errors import InputError
from claimreg.interchange.google_claims import is_google_claim, reviews_in
from claimreg.interchange.json_ld_values import is_address, loaded, types_of
from claimreg.services.exchange.outside_ids import OWN_URNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from lxml.html import HtmlElement

    from claimreg.interchange.json_ld_values import Node
    from claimreg.services.exchange.rows import Reading

_BOM = b"\xef\xbb\xbf"
_WRAPPING = re.compile(r"^\s*(?:(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|<!--)|(?:(?://|/\*)?\s*\]\]>(?:\s*\*/)?|-->)\s*$")
_SCRIPTS = "//script[starts-with(translate(normalize-space(@type), 'ADIJLNOPCTS', 'adijlnopcts'), 'application/ld+json')]"
_OPEN_GRAPH = "//meta[@property='og:url']/@content"
_CANONICAL = "//link[contains(concat(' ', translate(@rel, 'ACILNO', 'acilno'), ' '), ' canonical ')]/@href"
_SKIPPED = 1 << 20


class Found(NamedTuple):
    """A review, or a claim of ours, where it was found: its number, and the language and the address of the page around it.

    ``ids`` has the objects of the same document by their ``@id``, to which others refer.
    """

    number: int
    node: Node
    language: str | None = None
    address: str | None = None
    ids: dict[str, Node] = {}  # noqa: RUF012 -- read only; made anew for each document


def found_in(stream: BinaryIO, reading: Reading) -> Iterator[Found | BadLine]:
    """Reviews in the order of the file, and what could not be read; raises `InputError` for what is neither JSON nor a page with any.

    The number is that of the line in a file of lines, else that of the review in the file.
    """
    number, first = _first_line(stream, reading)
    if first.lstrip()[:1] == b"<":
        yield from _in_page(first + _rest(stream, reading, len(first)), reading)
        return
    try:
        value = _value(first)
    except InputError:
        content = first + _rest(stream, reading, len(first))
        yield from _in_document(content, number, reading)
        return
    following = _lines(stream, number + 1, reading)
    second = next(following, None)
    if second is None:
        yield from _numbered(value, 1)
        return
    yield from _on_line(value, number)
    yield from _of_line(*second)
    for one in following:
        yield from _of_line(*one)


def _first_line(stream: BinaryIO, reading: Reading) -> tuple[int, bytes]:
    """The first line with anything in it, and its number."""
    number = 0
    while line := stream.readline(reading.limit + 1):
        number += 1
        _refuse_large(len(line), reading)
        line = line.removeprefix(_BOM) if number == 1 else line
        if line.strip():
            return number, line
    raise InputError(f"{reading.name} is empty; give a file with reviews (ClaimReview).")


def _rest(stream: BinaryIO, reading: Reading, size: int) -> bytes:
    rest = stream.read(max(0, reading.limit - size) + 1)
    _refuse_large(size + len(rest), reading)
    return rest


def _refuse_large(size: int, reading: Reading) -> None:
    if size > reading.limit:
        raise InputError(
            f"{reading.name} is larger than {reading.limit // 2**20} MiB and not in lines; give it in parts, or a review a line."
        )


def _lines(stream: BinaryIO, number: int, reading: Reading) -> Iterator[tuple[int, bytes | BadLine]]:
    """Yield the following lines that have anything in them, with their numbers; one that is too long is passed over."""
    longest = min(LONGEST_LINE, reading.limit)
    while line := stream.readline(longest + 1):
        if len(line) > longest:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_SKIPPED)
            yield number, BadLine(number, TOO_LONG)
        elif line.strip():
            yield number, line
        number += 1


def _of_line(number: int, line: bytes | BadLine) -> Iterator[Found | BadLine]:
    if isinstance(line, BadLine):
        yield line
        return
    try:
        value = _value(line)
    except InputError as error:
        yield BadLine(number, str(error))
        return
    yield from _on_line(value, number)


def _on_line(value: object, number: int) -> Iterator[Found | BadLine]:
    nodes, ids = _reviews_in(value)
    if not nodes:
        yield BadLine(number, "it has no review of a claim (ClaimReview)")
    for node in nodes:
        yield Found(number, node, ids=ids)


def _in_document(content: bytes, number: int, reading: Reading) -> Iterator[Found | BadLine]:
    """Reviews of a document over several lines; or of lines, where the first one is none and another one is."""
    try:
        value = _value(content)
    except InputError as error:
        lines = [(place, line) for place, line in enumerate(content.split(b"\n"), number) if line.strip()]
        if not any(_is_object(line) for _, line in lines):
            raise InputError(f"{reading.name} cannot be read as ClaimReview: {error}.") from None
        for place, line in lines:
            yield from _of_line(place, line)
        return
    yield from _numbered(value, 1)


def _numbered(value: object, start: int, **page: Any) -> Iterator[Found]:  # noqa: ANN401 -- fields of `Found`
    nodes, ids = _reviews_in(value)
    for number, node in enumerate(nodes, start):
        yield Found(number, node, ids=ids, **page)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(_value(line), dict)
    except InputError:
        return False


def _value(content: bytes) -> Any:  # noqa: ANN401 -- any value may stand there
    import json

    try:
        return loaded(content.decode(json.detect_encoding(content)))
    except UnicodeDecodeError as error:
        raise InputError(f"it is not UTF-8 (byte {error.start + 1})") from None


def _reviews_in(value: object) -> tuple[list[Node], dict[str, Node]]:
    """The reviews in a value, at any depth and in its order, and the objects that others may refer to; one within another is its part."""
    reviews: list[Node] = []
    ids: dict[str, Node] = {}
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            types = types_of(one)
            name = one.get("@id")
            if isinstance(name, str) and len(one) > 1:
                ids.setdefault(name, one)
            if "claimreview" in types or ("claim" in types and isinstance(name, str) and name.startswith(OWN_URNS)):
                reviews.append(one)
            elif not types and is_google_claim(one):
                reviews += reviews_in(one)
            else:
                waiting += reversed(one.values())
        elif isinstance(one, list):
            waiting += reversed(one)
    return reviews, ids


def _in_page(content: bytes, reading: Reading) -> Iterator[Found | BadLine]:
    """Reviews in the scripts of a web page; a script that cannot be read costs only itself."""
    tree = _tree(content, reading)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    address = next((one.strip() for path in (_CANONICAL, _OPEN_GRAPH) for one in tree.xpath(path) if is_address(one.strip())), None)
    number = 1
    for place, script in enumerate(tree.xpath(_SCRIPTS), 1):
        text = _WRAPPING.sub("", script.text or "")
        if not text.strip():
            continue
        try:
            value = loaded(text)
        except InputError as error:
            told = BadLine(place, f"the page's block {place} of JSON-LD cannot be read: {error}")
            if "claimreview" in text.lower():
                yield told
            else:
                reading.told.notes.append(told)
            continue
        for one in _numbered(value, number, language=language, address=address):
            number = one.number + 1
            yield one


def _tree(content: bytes, reading: Reading) -> HtmlElement:
    """The page's tree; raises `InputError` for bytes that are no page. The parser fetches nothing."""
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    from claimreg.ingest.formats.page import decode_page, is_crowded
    from claimreg.ingest.types import Hints

    decoded = decode_page(content, Hints(reading.name))
    reading.told.sentences.extend(decoded.notes)
    refused = f"{reading.name} cannot be read as a web page; save it anew from the browser."
    if is_crowded(decoded.text):
        raise InputError(refused)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False, default_doctype=False)
    try:
        return document_fromstring(decoded.text.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError):
        raise InputError(refused) from None
