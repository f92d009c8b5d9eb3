"""The demo as a desk would publish it, word for word in each language."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from sample_reports import demo_report

from claimreg.render.labels import LANGUAGES, Words
from claimreg.render.publication.page import publication
from claimreg.render.publication.write import publication_html, publication_markdown
from claimreg.services.reporting.about import About, Correction, Reply

GOLDEN = Path(__file__).parent.parent / "golden"

STYLE = re.compile("(?<=<style>).*(?=</style>)|(?<=sha256-)[^&]+", re.DOTALL)

ABOUT = About(
    title="The Ilyashev case: what was said in court and about it",
    desk="Claimreg demo desk",
    published="2026-01-01",
    updated="2026-02-03",
    contact="desk@example.org",
    policy="https://example.org/principles",
    summary=(
        "An Almaty court sentenced the activist Alnur Ilyashev for posts about the ruling party.",
        "Real events, paraphrased documents.",
    ),
    scale=(("False", "The documents say otherwise."), ("Misleading", "The words are there, the sense is not.")),
    replies=(Reply("Dala Digest (invented)", "Did not answer by 1 January 2026."),),
    corrections=(Correction("2026-02-03", "An earlier edition gave another day of the hearing."),),
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["md", "html"])
def test_the_demo_is_published_word_for_word(lang: str, form: str) -> None:
    """Run with CLAIMREG_GOLDEN=write to take what it gives now for right; then look at the difference before it is committed."""
    words = Words(lang)
    write = publication_html if form == "html" else publication_markdown
    # The style and its digest in the policy are as many bytes as all else, and are looked at in browsers.
    made = STYLE.sub("", write(publication(demo_report(), words, ABOUT), words))
    path = GOLDEN / f"publication.{lang}.{form}"
    if os.environ.get("CLAIMREG_GOLDEN") == "write" or not path.exists():
        path.write_bytes(made.encode())
    assert path.read_bytes().decode("utf-8") == made
