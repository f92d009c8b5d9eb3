"""What a desk says of a report: read from its file, each mistake told with its line."""

from __future__ import annotations

from contextlib import suppress

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from claimreg.errors import UsageError
from claimreg.services.reporting.about import KEYS, LARGEST, About, Correction, Reply, read_about
from claimreg.vocabulary import DayOrder

WHOLE = """\
title = "The bridge"
desk = "Harbour desk"
published = 2026-11-20
updated = "21 November 2026"
contact = "desk@harbour.example"
policy = "https://harbour.example/corrections"
summary = ["The bridge is open.", "It was shut for a day."]
scale = [["True", "The documents say so."], ["False", "The documents say otherwise."]]

[[reply]]
party = "City hall"
text = "Did not answer by 19 November."

[[correction]]
date = "2026-11"
text = "The first version named another bridge."
"""


def test_every_part_is_read() -> None:
    assert read_about(WHOLE.encode(), "about.toml") == About(
        title="The bridge",
        desk="Harbour desk",
        published="2026-11-20",
        updated="2026-11-21",
        contact="desk@harbour.example",
        policy="https://harbour.example/corrections",
        summary=("The bridge is open.", "It was shut for a day."),
        scale=(("True", "The documents say so."), ("False", "The documents say otherwise.")),
        replies=(Reply("City hall", "Did not answer by 19 November."),),
        corrections=(Correction("2026-11", "The first version named another bridge."),),
    )


def test_an_empty_file_says_nothing() -> None:
    assert read_about(b"", "about.toml") == About()
    assert read_about("\ufeff# a note\n".encode(), "about.toml") == About()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('titel = "x"', "about.toml, line 1: there is no “titel”; did you mean “title”?"),
        ('\nzzz = "x"', f"about.toml, line 2: there is no “zzz”; there are {', '.join(KEYS)}."),
        ('[[reply]]\nparty = "a"\ntext = "b"\n[[reply]]\ntxt = "b"', "line 5: there is no “txt” in [[reply]]; did you mean “text”?"),
        ('desk = "x"\n[[reply]]\nparty = "a"', "about.toml, line 2: this reply has no text; write one."),
        ('[reply]\nparty = "a"', "about.toml, line 1: write each reply under a heading [[reply]]."),
        ('reply = "no"', "about.toml, line 1: write each reply under a heading [[reply]]."),
        ('[[reply]]\nparty = 1\ntext = "x"', "about.toml, line 2: reply.party must be a text in quotation marks."),
        ("published = 2026", "about.toml, line 1: published must be a day, such as 2026-11-20, a month or a year."),
        ("published = 2026-11-20T10:00:00Z", "published must be a day"),
        ('published = "2026-11-20T10:00"', "published must be a day"),
        ('published = "soon"', "about.toml, line 1: There is no date “soon”"),
        ('[[correction]]\ndate = "2.5.2026"\ntext = "x"', "about.toml, line 2: There is no date “2.5.2026” without the order"),
        ('published = 2026-11-20\nupdated = "2026-10"', "line 2: updated (2026-10) is before published (2026-11-20); mend one of them."),
        ('policy = "javascript:alert(1)"', "about.toml, line 1: policy must be an address that begins with https://."),
        ('scale = [["False"]]', "about.toml, line 1: scale must be a list of pairs"),
        ('summary = "x"', "about.toml, line 1: summary must be a list in square brackets."),
        ("summary = [1]", "about.toml, line 1: each paragraph of summary must be a text in quotation marks."),
        ('title = " "', "about.toml, line 1: The title is empty"),
        ('title = "x', "about.toml, line 1: "),
        ('title = "x"\ntitle = "y"', "line 2: Cannot overwrite a value"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(written: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_about(written.encode(), "about.toml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(UsageError, match="larger than 128 KiB"):
        read_about(b"#" * (LARGEST + 1), "about.toml")
    with pytest.raises(UsageError, match="line 2: this is not UTF-8"):
        read_about(b'title = "x"\ndesk = "\xff"', "about.toml")
    with pytest.raises(UsageError, match="line 1: this is longer than 10,000 characters"):
        read_about(b".".join([b"a"] * 60_000) + b" = 1", "about.toml")


def test_dates_in_numbers_follow_the_order_that_is_set() -> None:
    assert read_about(b'published = "2.5.2026"', "about.toml", DayOrder("dmy")).published == "2026-05-02"
    assert read_about(b'published = "2.5.2026"', "about.toml", DayOrder("mdy")).published == "2026-02-05"


@given(st.dictionaries(st.sampled_from(["title", "desk", "contact"]), st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)))
def test_texts_come_back_as_they_were_written(texts: dict[str, str]) -> None:
    written = {key: text for key, text in texts.items() if text.strip()}
    about = read_about(tomlkit.dumps(written).encode(), "about.toml")
    assert {key: getattr(about, key) for key in written} == {key: text.strip() for key, text in written.items()}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UsageError):
        assert isinstance(read_about(content, "about.toml"), About)
