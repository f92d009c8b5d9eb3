"""ZIP packages of XML, which Word and OpenDocument files are: opened only when they cannot unpack to more than is allowed."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

    from claimreg.ingest.types import Hints, Limits

_MOST_MEMBERS = 10_000
_MOST_RATIO = 1_000
_SMALL = 10 * 2**20
_ENCRYPTED = 1
_XML_NAMES = (".xml", ".rels", ".rdf")
_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", re.IGNORECASE)
_UNDONE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError, OverflowError)


class Package(NamedTuple):
    """The XML members of a package by name, and the names of all members."""

    xml: dict[str, bytes]
    names: frozenset[str]


def open_package(content: bytes, hints: Hints, limits: Limits) -> Package:
    """The members of a package.

    Sizes are as the package's directory declares them, which reading then holds it to: a member that is longer is cut and
    refused for its checksum. Raises :class:`InputError` for a damaged or encrypted package, for one that unpacks to more than
    ``limits.size`` bytes or to a thousand times its size, and for XML with a DOCTYPE, which neither format has.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            _check(members, len(content), hints, limits)
            names = frozenset(member.filename for member in members)
            xml = {member.filename: archive.read(member) for member in members if member.filename.lower().endswith(_XML_NAMES)}
    except _UNDONE as error:
        raise (cut_off(hints.name) if is_cut_off(content) else damaged(hints)) from error
    if any(_DOCTYPE.search(data) for data in xml.values()):
        raise InputError(f"{hints.name} declares entities of its own, as no office program does; open it, save it anew, and hand that in.")
    return Package(xml, names)


def parse(data: bytes, hints: Hints) -> _Element:
    """The root of an XML document; nothing is fetched and no entity of its own is expanded."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(hints) from error
    if root.getroottree().docinfo.doctype:
        raise InputError(f"{hints.name} declares entities of its own, as no office program does; open it, save it anew, and hand that in.")
    return root


def is_cut_off(content: bytes) -> bool:
    """Return whether a ZIP file has no end, where the list of its members stands."""
    return not zipfile.is_zipfile(BytesIO(content))


def cut_off(name: str) -> InputError:
    """The error for a file whose end is missing."""
    return InputError(f"{name} is damaged: the end of the file is missing, as if its transfer broke off; fetch it anew.")


def damaged(hints: Hints) -> InputError:
    """The error for a file whose insides are not what its format has."""
    return InputError(f"{hints.name} is damaged and cannot be read as a document; fetch or export it anew.")


def _check(members: list[zipfile.ZipInfo], packed: int, hints: Hints, limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    too_dense = unpacked > _SMALL and unpacked > _MOST_RATIO * packed
    if unpacked > limits.size or too_dense or len(members) > _MOST_MEMBERS:
        raise InputError(
            f"{hints.name} unpacks to {unpacked:,} bytes, more than a document of its size may; hand in the part that is quoted."
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise InputError(f"{hints.name} is locked with a password; save a copy without one and hand that in.")
