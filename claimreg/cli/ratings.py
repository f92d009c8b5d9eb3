"""Ratings of verdicts, checked against the scale of the desk."""

from claimreg.cli.settings import verdict_scale, verdict_scales


def checked_rating(rating: str, scheme: str | None = None, *, any_rating: bool = False) -> tuple[str, str | None]:
    """A rating as its scale writes it, with the scheme to be noted.

    The scale is the one that ``scheme`` names, by its name or its title, else that of the settings. Where there is none, or with
    ``any_rating``, both stay as they are. Raises `UsageError`, with the nearest rating, for one that the scale lacks.
    """
    if scheme is None:
        scale = verdict_scale()
    else:
        known = verdict_scales()
        scale = known.get(scheme) or next((one for one in known.values() if one.title == scheme), None)
    if scale is None:
        return rating, scheme
    if any_rating:
        found = scale.rating(rating)
        return (found.name, scale.title) if found else (rating, scheme)
    return scale.checked(rating), scale.title
