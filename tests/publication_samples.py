"""Variables of reports to publish, made by hand: one text wherever others or the desk may put text, and claims as many as wanted."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def named(**values: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- what templates know has no types
    """Named values that nobody can change."""
    return MappingProxyType(values)


def day(iso: str | None = "2020-06-22", text: str = "22 June 2020") -> Mapping[str, Any]:
    """A day as pages know it."""
    return named(iso=iso, text=text)


def statement(text: str, anchor: str, **changes: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- see `named`
    """A statement whose party, quote, passage and finding are the text."""
    made = {
        "party": text, "stance": "statement", "sign": "●", "day": day(), "anchor": anchor, "where": text, "source": 1, "named": 1,
        "quote": named(lang="kk", lang_name="Kazakh", dir="ltr", pieces=((text, "none"), (text, "changed"), ("", "caret"), (text, "only"))),
        "passage": named(lang="kk", dir="ltr", before=text, pieces=((text, "changed"), (text, "gap"), (text, "none")), after=text),
        "finding": ("Differs: “", (text, "kk"), "”."),
        "differs": True, "hidden": False, "lost": False, "unlooked": False, "checked": False,
    }  # fmt: skip
    return named(**made | changes)


def claim(text: str, number: int, **changes: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- see `named`
    """A claim that is rated, contradicted and spoken of by both sides, its texts all the one."""
    other = named(relation="Contradicts", number=number, anchor=f"c{number}", text=text, lang="", rating=text, who=(text,))
    beyond = named(relation="Supports", number=None, anchor=None, text=text, lang="ru", rating=None, who=())
    verdict = named(rating=text, rationale=text, day=day(), by=text, was=(named(rating=text, day=day()),))
    lost = {"passage": None, "differs": False, "lost": True, "source": None, "day": None}
    sides = (
        named(heading="Who says so", statements=(statement(text, f"a{number}1"), statement(text, f"a{number}2", **lost))),
        named(heading="Who denies or questions it", statements=(statement(text, f"a{number}3", quote=None, passage=None, sign="✕"),)),
    )
    made = {
        "number": number, "anchor": f"c{number}", "text": text, "lang": "kk", "dir": "ltr", "verdict": verdict, "against": (other, beyond),
        "related": (beyond, other), "says": (text,), "denies": (text,) * 5, "sides": sides,
    }  # fmt: skip
    return named(**made | changes)


def source(text: str, number: int = 1, **changes: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- see `named`
    """A source whose every field is the text."""
    made = {
        "number": number, "title": text, "lang": "kk", "lang_name": "Kazakh", "author": text, "publisher": text, "published": day(),
        "url": text, "archive": text, "retrieved": day(), "caption": text, "captures": 2, "sha": "a" * 64, "withheld": None, "cited": (),
        "earlier": (named(retrieved=day(), sha="b" * 64),), "picture": named(uri="data:image/png;base64,AAAA", width=2, height=1),
    }  # fmt: skip
    return named(**made | changes)


def page(text: str, **changes: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- see `named`
    """The variables of a page of one claim with this text wherever there is text of others or of the desk."""
    cards = (claim(text, 1),)
    event = named(sign="●", stance="statement", parties=(text, text), number=1, anchor="c1", text=text, lang="kk")
    undated = named(iso=None, text="Day not known", year=None, vague=False, gap=False, events=(event,) * 4)
    nameless = dict.fromkeys(("title", "lang_name", "author", "publisher", "published", "url", "archive", "retrieved", "caption", "sha"))
    made = {
        "lang": "en", "dir": "ltr", "title": text, "desk": text, "published": day(), "updated": day(), "summary": (text, text),
        "draft": "Not checked.", "all_unchecked": False, "quotes": 3, "found": 1, "checked": 0, "lost": 1, "unlooked": 1, "ours": False,
        "tally": ((text, 1),), "claims": cards, "rated": cards, "unrated": (),
        "timeline": (named(iso="2020-06", text="June 2020", year="2020", vague=True, gap=True, events=(event,)), undated),
        "sources": (source(text), source(text, 2, withheld=text, **nameless)),
        "replies": (named(party=text, text=text),),
        "corrections": (named(day=day(), text=text, number=None, anchor=None), named(day=day(), text=text, number=1, anchor="c1")),
        "scale": ((text, text),), "schemes": (text, text), "contact": text, "policy": text,
    }  # fmt: skip
    return named(page=named(**made | changes))
