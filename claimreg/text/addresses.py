"""Addresses as they are looked up by: two spellings of one address have one key (RFC 3986, section 6.2)."""

from __future__ import annotations

import re

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TO_SPELL = re.compile(r"%[0-9A-Fa-f]{2}|[^\x00-\x7f]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def address_key(url: str) -> str:
    """Return the key of an address: without fragment and default port, the host in lower case and ASCII.

    ``http`` and ``https`` are one, and so are a path without and with a slash at its end; a query counts letter by letter.
    An address that cannot be taken apart is its own key.
    """
    from urllib.parse import urlsplit

    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in _DEFAULT_PORTS or not host:
        return url
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return url
    place = host if port in (None, _DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    query = f"?{_spelled(parts.query)}" if parts.query else ""
    return f"//{place}{_spelled(parts.path).rstrip('/')}{query}"


def _spelled(text: str) -> str:
    """Percent escapes in one spelling: none for what needs none, capital digits for the others, escapes for other letters."""
    return _TO_SPELL.sub(_respelled, text)


def _respelled(match: re.Match[str]) -> str:
    if not match[0].isascii():
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))
    character = chr(int(match[0][1:], 16))
    return character if character in _UNRESERVED else match[0].upper()
