"""Details that a web page gives of itself: title, publisher, author, date, language, its own address and its archive."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from claimreg.services.recording.sources import SourceDetails

_SAVED = re.compile(
    r"<!--\s*(?:saved from url=(?:\(\d+\))?|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+?)\s*(?:saved date|-->|\s)", re.IGNORECASE
)
_WRAPPED = re.compile(
    r"https?://(?:web\.archive\.org/web/\d{4,14}[a-z_]*/|archive\.(?:ph|today|is|li|md|vn|fo)/(?:o/\w+|\d{4,14})/)(https?:/{1,2}.+)",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(r"https?://(?:web\.archive\.org/web/|archive\.(?:ph|today|is|li|md|vn|fo)/\w)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def details_of(document: Any, source: str, language: str | None, url: str | None) -> SourceDetails:  # noqa: ANN401 -- the library's, untyped
    """The page's details; ``document`` is what `trafilatura` found, ``url`` where the page was fetched."""
    saved = _SAVED.search(source[:4_096])
    canonical = _plain(getattr(document, "url", None))
    own, archive = unwrapped(url or (saved[1] if saved else None) or canonical)
    address = _address(canonical, own, fetched=url is not None, saved=saved is not None)
    return SourceDetails(
        title=_plain(getattr(document, "title", None)),
        publisher=_publisher(document),
        published_at=_date(_plain(getattr(document, "date", None))),
        lang=language_tag(language),
        url=address,
        author=_plain(getattr(document, "author", None)),
        archive_url=archive,
    )


def unwrapped(url: str | None) -> tuple[str | None, str | None]:
    """The address itself and the one of its copy in an archive, when it is such a copy's."""
    if url is None or not _ARCHIVE.match(url):
        return url, None
    if (wrapped := _WRAPPED.match(url)) is None:
        return None, url
    return re.sub(r"^(https?):/(?!/)", r"\1://", wrapped[1]), url


def language_tag(declared: str | None) -> str | None:
    """A declared language as a BCP 47 tag, ``None`` when it is none."""
    if not declared:
        return None
    from claimreg.languages import known_tags

    tag = declared.strip().replace("_", "-").partition(",")[0]
    if tag in known_tags():
        return tag
    from langcodes import standardize_tag, tag_is_valid

    return str(standardize_tag(tag)) if tag_is_valid(tag) else None


def _address(canonical: str | None, own: str | None, *, fetched: bool, saved: bool) -> str | None:
    """The page's address: as it names itself, on the host that it was had from."""
    canonical, _ = unwrapped(canonical)
    if canonical and own:
        (host, path), (own_host, own_path) = _host_and_path(canonical), _host_and_path(own)
        if host == own_host and (path or not own_path):
            return canonical
    return canonical if own is None else own if saved or not fetched else None


def _host_and_path(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path.strip("/")
    except ValueError:
        return "", ""


def _publisher(document: Any) -> str | None:  # noqa: ANN401 -- as above
    name = _plain(getattr(document, "sitename", None))
    hostname = _plain(getattr(document, "hostname", None))
    return None if name and hostname and name.removeprefix("www.") == hostname.removeprefix("www.") else name


def _date(value: str | None) -> str | None:
    return value if value and _DATE.fullmatch(value) else None


def _plain(value: object) -> str | None:
    return " ".join(str(value).split()) or None if isinstance(value, str) else None
