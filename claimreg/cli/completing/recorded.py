"""The words of completion that come from the registry and the settings."""

import os
from collections.abc import Iterable, Iterator

from claimreg.store.glance import Glance

_IN_PATHS = frozenset("/.~")


def recorded_words(kind: str, typed: str, location: str | None) -> Iterator[tuple[str, str]]:
    """The words of a kind that begin as typed, each with what it means; raises whatever goes wrong."""
    if kind in ("language", "setting", "scale", "rating"):
        found = list(_of_settings(kind, typed))
        yield from ((word, "") for word in found)
        if kind != "rating" or found:
            return
    if kind in ("", "text", "file", "folder") or (kind == "source" and typed[:1] in _IN_PATHS):
        return
    place = location or os.environ.get("CLAIMREG_DB") or _own_place()
    if place == "memory:" or "://" in place:
        return
    with Glance(place) as glance:
        if kind.startswith("ids:") or kind == "source":
            yield from glance.ids(kind[4:] if kind != "source" else "S", typed)
        else:
            yield from ((word, "") for word in _names(glance, kind, typed))


def _own_place() -> str:
    from claimreg.cli.settings import setting

    return setting("registry").text


def _names(glance: Glance, kind: str, typed: str) -> Iterable[str]:
    if kind in ("party", "case", "tag"):
        return {"party": glance.parties, "case": glance.cases, "tag": glance.tags}[kind](typed)
    fields = {"rating": ("verdicts", "rating"), "assignee": ("claims", "assignee")}
    return glance.values(*fields[kind], typed) if kind in fields else ()


def _of_settings(kind: str, typed: str) -> Iterator[str]:
    known: Iterable[str]
    if kind == "language":
        folder = os.path.join(os.path.dirname(__file__), "..", "..", "languages")  # noqa: PTH118, PTH120 -- pathlib is slow to get
        known = sorted(name[:-5] for name in os.listdir(folder) if name.endswith(".toml"))  # noqa: PTH208 -- as above
    elif kind == "setting":
        from claimreg.config import KEYS

        known = KEYS
    else:
        from claimreg.cli.settings import setting, verdict_scale, verdict_scales

        if kind == "scale":
            known = verdict_scales()
        else:
            scale = verdict_scale() if setting("scale").text else None
            known = [rating.name for rating in scale.ratings] if scale is not None else ()
    return (word for word in known if word.casefold().startswith(typed.casefold()))
