"""Drafts in a review: the keys that each one has, and the form in which a person edits it."""

from claimreg.model import Stance
from claimreg.render.labels import ENGLISH
from claimreg.services.extraction.decisions import Accepted, As, claim_text, speaker_name, words_of
from claimreg.services.reviewing.queue import DraftQuestion

SPEAKERS = {"y": As.SUGGESTED, "a": As.ALIAS, "p": As.NEW}
"""Keys that accept a draft, and whom they take its speaker for."""

_FIELDS = {"claim": "text", "by": "by", "stance": "stance", "quote": "quote"}
"""Words that open a line of the form, and the field that each stands for."""

_NOTE = """# What accepting {draft} records. A quote has the source's own words, parts of it with … between them.
# Stances: {stances}. Lines that begin with # are passed over.
"""


def draft_keys(asked: DraftQuestion) -> tuple[tuple[str, str], ...]:
    """The keys of a draft: those that accept it are only there where it is known whom they would name."""
    named, party = speaker_name(asked.draft) is not None, asked.party
    as_party = [("y", f"accept as {party.id}"), ("a", "accept, add alias")] if party is not None and named else []
    as_new = [("p", "accept, new party")] if named else []
    return (*as_party, *as_new, ("n", "reject"), ("e", "edit"), ("o", "open source"))


def form_of(asked: DraftQuestion) -> str:
    """The form of a draft: a line for each field, the quote last, as it may have several lines."""
    draft = asked.draft
    values = {"claim": claim_text(draft), "by": speaker_name(draft) or "", "stance": draft.stance.value, "quote": words_of(draft)}
    note = _NOTE.format(draft=draft.id, stances=", ".join(Stance))
    return note + "\n".join(f"{name}: {value}" for name, value in values.items())


def changes_in(form: str, asked: DraftQuestion) -> dict[str, str]:
    """The fields that a person changed in the form, by the names that `queue.edit_draft` knows them by."""
    before, after = _read(form_of(asked)), _read(form)
    return {_FIELDS[name]: value for name, value in after.items() if value != before[name]}


def accepted_in_words(made: Accepted) -> str:
    """Say what became of a draft."""
    stance = ENGLISH.stance(made.attribution.stance)
    return f"accepted: {made.draft.id} as {made.claim.id}, {made.attribution.id} ({made.party.name} {stance}), {made.link.id}."


def _read(form: str) -> dict[str, str]:
    """The fields of a form; the quote goes on to the end, whatever its lines begin with."""
    read: dict[str, str] = {}
    for line in form.split("\n"):
        name, colon, value = line.partition(":")
        if colon and name.strip() in _FIELDS and "quote" not in read:
            read[name.strip()] = value.strip()
        elif "quote" in read:
            read["quote"] += f"\n{line}"
    return {name: value.strip() for name, value in read.items()}
