"""Statements as the golden texts of languages write them."""

from claimreg.speech.types import Proposal


def words_of(text: str, one: Proposal) -> tuple[str, str, str]:
    """The content, speaker and cue of a proposal; ``-`` for none, and the parts of a content parted by an ellipsis."""
    content = " … ".join(text[part.start : part.end] for part in one.parts)
    speaker = text[one.speaker.start : one.speaker.end] if one.speaker else "-"
    return content, speaker, text[one.cue.start : one.cue.end] if one.cue else "-"
