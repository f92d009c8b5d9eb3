"""Load trafilatura without what takes long and is of no use here: a library of languages, one of the network, and loops in Python."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNUSED = "py3langid"
_NETWORK = "urllib3"
_NETWORK_PARTS = (_NETWORK, "urllib3.response", "urllib3.contrib", "urllib3.contrib.socks")
"""Modules of the network that trafilatura and the libraries under it import."""


@cache
def load_trafilatura() -> None:
    """Import trafilatura as if the library of languages, which is an option to it, were not installed, and without that of the network.

    The network's library takes a third of the time of loading all, and a reader opens no connection. Where it was loaded before, or
    trafilatura asks more of it than its names, it is loaded as usual.
    """
    if "trafilatura" in sys.modules:
        return
    with _without_languages():
        try:
            with _without_network():
                import trafilatura.external
        except Exception:  # noqa: BLE001 -- whatever a later version of a library asks of what stands in for the network
            for name in [name for name in sys.modules if name.partition(".")[0] in {"trafilatura", "courlan", "htmldate"}]:
                del sys.modules[name]
            import trafilatura.external
    trafilatura.external.jt_stoplist_init = _stop_words  # type: ignore[assignment]  # the library tells of a tuple of one word


@contextmanager
def _without_languages() -> Iterator[None]:
    if _UNUSED in sys.modules:
        yield
        return
    # With None in its place the import system says that there is no such module, which trafilatura expects.
    sys.modules[_UNUSED] = None  # type: ignore[assignment]  # as the import system documents
    try:
        yield
    finally:
        del sys.modules[_UNUSED]


@contextmanager
def _without_network() -> Iterator[None]:
    if _NETWORK in sys.modules:
        yield
        return
    sys.modules.update({name: _NoNetwork(name) for name in _NETWORK_PARTS})
    try:
        yield
    finally:
        for name in _NETWORK_PARTS:
            sys.modules.pop(name, None)


class _OfItself(type):
    """Classes whose every attribute is the class itself, but for those that Python asks for by names in underscores."""

    def __getattr__(cls, name: str) -> Any:  # noqa: ANN401 -- stands in for anything
        if name.startswith("__"):
            raise AttributeError(name)
        return cls


class _Nothing(metaclass=_OfItself):
    """A class, function or exception of the library of the network, to be named, derived from, called and set at import, and no more."""

    def __init__(self, *_values: object, **_named: object) -> None:
        """Take whatever is given."""

    def __setitem__(self, key: object, value: object) -> None:
        """Keep nothing."""


class _NoNetwork(ModuleType):
    """A module of the library of the network that has every name and can do nothing."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- stands in for anything
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing


def _stop_words() -> tuple[str, ...]:
    """The words of all languages that jusText knows, as trafilatura gathers them word by word when a page has little text."""
    from importlib.resources import files

    folder = files("justext") / "stoplists"
    words = "\n".join(one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".txt"))
    return tuple(set(words.lower().split()))
