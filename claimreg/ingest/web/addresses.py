"""Web addresses: what a person typed as it is sent, and which network addresses may be connected to."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from claimreg.errors import InputError

PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 16 * 1024
"""Characters of an address."""

_SHOWN = 200
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is given out for the public internet."""

_SPECIAL = tuple(map(ipaddress.ip_network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)))  # fmt: skip
"""The blocks of IANA's registries of special-purpose addresses (RFC 6890 and what was added since), and those for multicast.

Those that are outside of `_UNICAST` need no naming. Some of these can be reached from anywhere, but no document lies there.
"""

_SENT_AS_IT_IS = "%/:;?@!$&'()*+,=~[]|-._"


class Address(NamedTuple):
    """An http or https address in ASCII, as it is sent: ``host`` without brackets or final dot, ``target`` the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the ``Host`` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address without fragment, user name and password."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def shown(self) -> str:
        """The address for a sentence: a long one is cut."""
        return _cut(self.url)

    @property
    def names_this_machine(self) -> bool:
        """Return whether the host is one that only stands for a near machine: an IP number, ``localhost``, a name of one label."""
        return "." not in self.host or self.host.endswith(".localhost") or is_number(self.host)


def parse_address(text: str) -> Address:
    """The address that a person or a server gave; international names and paths become ASCII.

    Raises `InputError` for what is no http or https address, or holds a user name.
    """
    stripped = text.strip()
    if len(stripped) > LONGEST_ADDRESS or re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", stripped):
        raise InputError(f"“{visible(stripped)}” is no web address: it is too long or holds control characters; check it.")
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", stripped)
    if scheme is None or (scheme[1].lower() not in PORTS and re.match(r"[^/]*:\d+(/|$)", stripped)):
        raise InputError(f"“{visible(stripped)}” is no web address; write it with http:// or https:// at its beginning.")
    if scheme[1].lower() not in PORTS:
        raise InputError(f"“{visible(stripped)}” cannot be fetched: only http and https addresses are; for a file, give its path.")
    try:
        parts = urlsplit(stripped)
        port, user, host = parts.port, parts.username, parts.hostname
    except ValueError:
        raise InputError(f"“{visible(stripped)}” is no web address: its host or port cannot be read; check it.") from None
    if user is not None or parts.password is not None:
        raise InputError(
            f"The address of {visible(host or '')} holds a user name or password, which evidence must not keep; give it without."
        )
    target = quote(parts.path or "/", safe=_SENT_AS_IT_IS) + (f"?{quote(parts.query, safe=_SENT_AS_IT_IS)}" if parts.query else "")
    return Address(parts.scheme, _ascii_host(host or "", stripped), PORTS[parts.scheme] if port is None else port, target)


def follow(base: Address, location: str) -> Address:
    """The address that a redirect leads to, relative to ``base``; raises `InputError` when it leads nowhere that is fetched."""
    try:
        return parse_address(urljoin(base.url, location.strip()))
    except ValueError:
        raise InputError(f"{base.shown} redirects to “{visible(location)}”, which is no address; save the page from a browser.") from None
    except InputError as error:
        raise InputError(f"{base.shown} redirects to an address that is not followed: {error}") from None


def is_public(number: str) -> bool:
    """Return whether an IP number belongs to the public internet.

    That of a translator (NAT64, RFC 6052) leads to the IPv4 number in it, which counts; other numbers that hold one are not public.
    """
    ip = ipaddress.ip_address(number)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _UNICAST:
            return False
    return not any(ip in block for block in _SPECIAL)


def is_number(host: str) -> bool:
    """Return whether a host is an IP number in its usual spelling."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _ascii_host(host: str, text: str) -> str:
    name = host.rstrip(".")
    if not name.isascii():
        import idna

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError:
            name = ""
    longest_name, longest_label = 253, 63
    labels_fit = all(0 < len(label) <= longest_label for label in name.split("."))
    if is_number(name) and "%" not in name:
        return name
    if not re.fullmatch(r"[a-z0-9._-]+", name) or len(name) > longest_name or not labels_fit:
        raise InputError(f"“{visible(text)}” is no web address: “{visible(host)}” is no host name; check it.")
    return name


def visible(text: str) -> str:
    """A stranger's address for a sentence: no control characters, not longer than a few lines."""
    without_user = re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*@", r"\1//", text)
    return _cut("".join(c if c.isprintable() else "�" for c in without_user))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
