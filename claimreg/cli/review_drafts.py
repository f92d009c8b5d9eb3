"""Drafts in a review: the keys that each one has, and the form in which a person edits it."""

from claimreg.model import Stance
from claimreg.render.labels import ENGLISH, Words, message
from claimreg.services.extraction.decisions import Accepted, As, claim_text, speaker_name, words_of
from claimreg.services.reviewing.queue import DraftQuestion

SPEAKERS = {"y": As.SUGGESTED, "a": As.ALIAS, "p": As.NEW}
"""Keys that accept a draft, and whom they take its speaker for."""

_FIELDS = {"claim": "text", "by": "by", "stance": "stance", "quote": "quote"}
"""Words that open a line of the form, and the field that each stands for."""

_NOTE = (
    message("What accepting {draft} records. A quote has the source's own words, parts of it with … between them."),
    message("Stances: {stances}. Lines that begin with {sign} are passed over."),
)


def draft_keys(asked: DraftQuestion, words: Words = ENGLISH) -> tuple[tuple[str, str], ...]:
    """The keys of a draft: those that accept it are only there where it is known whom they would name."""
    named, party = speaker_name(asked.draft) is not None, asked.party
    as_party, as_new = [], []
    if named and party is not None:
        as_party = [("y", words.say("accept as {party}").format(party=party.id)), ("a", words.say("accept, add alias"))]
    if named:
        as_new = [("p", words.say("accept, new party"))]
    return (*as_party, *as_new, ("n", words.say("reject")), ("e", words.say("edit")), ("o", words.say("open source")))


def form_of(asked: DraftQuestion, words: Words = ENGLISH) -> str:
    """The form of a draft: a line for each field, the quote last, as it may have several lines. The fields' names are the same ever."""
    draft = asked.draft
    values = {"claim": claim_text(draft), "by": speaker_name(draft) or "", "stance": draft.stance.value, "quote": words_of(draft)}
    note = "".join(f"# {words.say(line).format(draft=draft.id, stances=', '.join(Stance), sign='#')}\n" for line in _NOTE)
    return note + "\n".join(f"{name}: {value}" for name, value in values.items())


def changes_in(form: str, asked: DraftQuestion) -> dict[str, str]:
    """The fields that a person changed in the form, by the names that `queue.edit_draft` knows them by."""
    before, after = _read(form_of(asked)), _read(form)
    return {_FIELDS[name]: value for name, value in after.items() if value != before[name]}


def accepted_in_words(made: Accepted, words: Words = ENGLISH) -> str:
    """Say what became of a draft."""
    sentence = words.say("accepted: {draft} as {claim}, {attribution} ({party} {stance}), {link}.")
    return sentence.format(
        draft=made.draft.id, claim=made.claim.id, attribution=made.attribution.id, party=made.party.name,
        stance=words.stance(made.attribution.stance), link=made.link.id,
    )  # fmt: skip


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
