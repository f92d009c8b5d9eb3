"""Verdict scales: the ratings that a desk gives, in their order, and whether a rating is one of them.

Scales of desks that publish theirs come as tables beside this module; a desk's own stand in its file of settings. Names are the desks',
meanings are told in our words.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from claimreg.errors import UsageError
from claimreg.shipped import folder_of, tables_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LIKELY = 60
"""Likeness (0..100) from which on a rating may be a mistyped one."""

_KNOWN_KEYS = {"title", "ratings", "where"}
_RATING_KEYS = {"name", "meaning", "also"}


class Rating(NamedTuple):
    """A rating: its name, what it says, and other names that stand for it."""

    name: str
    meaning: str = ""
    also: tuple[str, ...] = ()


class VerdictScale(NamedTuple):
    """A desk's ratings in their order. ``title`` is noted as the scheme of a verdict; ``where`` is where the desk explains them."""

    name: str
    title: str
    ratings: tuple[Rating, ...]
    where: str = ""

    def rating(self, text: str) -> Rating | None:
        """The rating that a text names, in whatever letter case and spacing; ``None`` where it names none."""
        asked = _key(text)
        return next((one for one in self.ratings if asked in {_key(name) for name in (one.name, *one.also)}), None)

    def nearest(self, text: str) -> str | None:
        """The rating most like a text that names none; ``None`` where none is like it."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        names = {_key(name): one.name for one in self.ratings for name in (one.name, *one.also)}
        score = OSA.normalized_similarity
        found = process.extractOne(_key(text), list(names), scorer=score, score_cutoff=_LIKELY / 100)
        return names[found[0]] if found else None

    def checked(self, text: str) -> str:
        """The rating's name as the scale writes it; raises `UsageError`, with the nearest one, where it is none of the scale."""
        found = self.rating(text)
        if found is not None:
            return found.name
        near = self.nearest(text)
        told = f"did you mean {near}? " if near else ""
        names = ", ".join(one.name for one in self.ratings)
        raise UsageError(
            f"“{text}” is no rating of the scale {self.title}; {told}Its ratings are: {names}. With --any-rating, any text is recorded."
        )


def shipped_scales() -> Mapping[str, VerdictScale]:
    """The scales that come with claimreg, by name."""
    return {one.name.removesuffix(".toml"): _shipped(one.name.removesuffix(".toml")) for one in tables_in(folder_of(__name__, __file__))}


def scale_of(name: str, content: object, place: str) -> VerdictScale:
    """The scale that a table describes; raises `UsageError` for one that cannot be used, ``place`` saying where it stands."""
    if not isinstance(content, dict) or not isinstance(content.get("ratings"), list) or content.keys() - _KNOWN_KEYS:
        raise UsageError(f"{place}: the scale {name} must be a table with a list of ratings, and perhaps title and where.")
    ratings = tuple(_rating(one, name, place) for one in content["ratings"])
    title, where = content.get("title", name), content.get("where", "")
    if not (isinstance(title, str) and title.strip() and isinstance(where, str)):
        raise UsageError(f"{place}: title and where of the scale {name} must be texts in quotation marks.")
    names = [_key(one) for rating in ratings for one in (rating.name, *rating.also)]
    if twice := next((one for one in names if names.count(one) > 1), None):
        raise UsageError(f"{place}: the scale {name} has the rating “{twice}” twice; take one out.")
    if not ratings:
        raise UsageError(f"{place}: the scale {name} has no rating; give at least one.")
    return VerdictScale(name, " ".join(title.split()), ratings, where)


def in_order(ratings: Iterable[tuple[str, str | None]], scales: Iterable[VerdictScale]) -> list[tuple[str, str | None]]:
    """Ratings, each with its scheme, as their scales order them; those of no scale come last, by name."""
    places = {
        (scale.title, rating.name): (number, place) for number, scale in enumerate(scales) for place, rating in enumerate(scale.ratings)
    }
    last = (len(places) + 1, 0)
    return sorted(ratings, key=lambda one: (places.get((one[1] or "", one[0]), last), one[1] or "", one[0]))


def _rating(content: object, scale: str, place: str) -> Rating:
    if isinstance(content, str):
        content = {"name": content}
    fits = isinstance(content, dict) and not content.keys() - _RATING_KEYS
    name, meaning, also = (
        (content.get("name"), content.get("meaning", ""), content.get("also", [])) if isinstance(content, dict) else (0, 0, 0)
    )
    if not (fits and isinstance(name, str) and name.strip() and isinstance(meaning, str) and isinstance(also, list)):
        raise UsageError(f"{place}: a rating of the scale {scale} must be a text, or a table with name, and perhaps meaning and also.")
    if not all(isinstance(one, str) and one.strip() for one in also):
        raise UsageError(f"{place}: also of the rating {name} must be a list of texts.")
    return Rating(" ".join(name.split()), " ".join(meaning.split()), tuple(" ".join(one.split()) for one in also))


def _key(text: str) -> str:
    return " ".join(text.replace("-", " ").split()).casefold()


@cache
def _shipped(name: str) -> VerdictScale:
    import tomllib

    content = tomllib.loads((folder_of(__name__, __file__) / f"{name}.toml").read_text(encoding="utf-8"))
    return scale_of(name, content, f"{name}.toml")
