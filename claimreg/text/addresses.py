"""Addresses as they are looked up by: two spellings of one address have one key (RFC 3986, section 6.2)."""

from __future__ import annotations

from string import hexdigits

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
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
    from urllib.parse import unquote

    out: list[str] = []
    rest = text
    while rest:
        if rest[0] == "%" and len(rest) > 2 and _is_byte(rest[1:3]):  # noqa: PLR2004 -- a percent sign and two digits
            character = unquote(rest[:3], "latin-1")
            out.append(character if character in _UNRESERVED else rest[:3].upper())
            rest = rest[3:]
            continue
        out.append(rest[0] if rest[0].isascii() else "".join(f"%{byte:02X}" for byte in rest[0].encode("utf-8", "surrogatepass")))
        rest = rest[1:]
    return "".join(out)


def _is_byte(digits: str) -> bool:
    return all(digit in hexdigits for digit in digits)
