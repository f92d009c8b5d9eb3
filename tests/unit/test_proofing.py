"""Parts of a proof: names told from roles, speech without the words between, likely sources, forms for programs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimreg.ingest.articles.parsing import parse_article
from claimreg.ingest.language import guess_language
from claimreg.ingest.types import Hints, Limits
from claimreg.linker import LayeredLinker
from claimreg.model import Span
from claimreg.render.proof_machine import github_lines, proof_json, proofs_sarif
from claimreg.services.proofing.drafts import DraftQuotation, quotations_of
from claimreg.services.proofing.likely import likeliest
from claimreg.services.proofing.proof import Sources, prove
from claimreg.services.proofing.sources import SourceText, Spoken
from claimreg.services.proofing.speakers import Same, Speakers, Writing, name_in
from claimreg.services.proofing.types import Level, Proof, ProofVerdict

ENGLISH = Writing("The mayor met Hale. On Monday the police and Hale spoke; Police came. The office closed.", "en")
RUSSIAN = Writing("В среду мэр встретил Орлова. Полиция и мэр молчали.", "ru")
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
BOARD = '"The pier is sound, and the ferry will sail in May," Mara Vesik said. "We have spent it all."\n'


def draft_of(text: str, name: str = "draft.md") -> Any:  # noqa: ANN401 -- an article
    return parse_article(text.encode(), Hints(name), Limits())


def quoted(text: str, name: str = "draft.md") -> list[DraftQuotation]:
    return [one for one in quotations_of(draft_of(text, name), "en").quotations if one.is_speech]


def proof_of(text: str, *sources: SourceText, name: str = "draft.md") -> Proof:
    every = sources or (SourceText("board.txt", BOARD, lang="en"),)
    return prove(draft_of(text, name), Sources(lambda _words: every, lambda: every), LayeredLinker(), Speakers(), guess_language)


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("Mara Vesik", "Mara Vesik"),
        ("chairwoman Mara Vesik", "Mara Vesik"),
        ("its spokesman Oskar Quist", "Oskar Quist"),
        ("Vesik", "Vesik"),
        ("Hale", "Hale"),
        ("he", ""),
        ("He", ""),
        ("the mayor", ""),
        ("The Mayor", ""),
        ("Police", ""),
        ("The Harbour Office", ""),
        ("North Harbour Workers", ""),
        ("NATO", ""),
        ("", ""),
    ],
)
def test_a_name_is_told_from_a_role_a_group_and_a_pronoun(speaker: str, name: str) -> None:
    assert name_in(speaker, ENGLISH) == name


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("Vesik", "chairwoman Mara Vesik", Same.YES),
        ("Mara Vesik", "Ilya Dorn", Same.NO),
        ("the chairwoman", "Ilya Dorn", Same.UNCHECKED),
        ("Mara Vesik", "he", Same.UNCHECKED),
        ("Mara Vesik, who follows Ilya Dorn", "Vesik", Same.YES),
    ],
)
def test_only_two_names_contradict_each_other(mine: str, theirs: str, same: Same) -> None:
    assert Speakers().compare(mine, ENGLISH, theirs, ENGLISH) is same


def test_a_name_is_one_in_two_scripts_and_in_its_cases() -> None:
    assert Speakers().compare("Sergei Orlovsky", ENGLISH, "Сергеем Орловским", RUSSIAN) is Same.YES
    assert Speakers().compare("Sergei Orlovsky", ENGLISH, "Айгуль Бектурова", RUSSIAN) is Same.NO


@given(st.text("ab ,“”.\n", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_speech_without_the_words_between_leads_back_to_the_text(text: str, cuts: list[tuple[int, int]]) -> None:
    spans = [Span(min(*cut, len(text)), min(max(cut), len(text))) for cut in cuts]
    spoken = Spoken(text, spans)
    for match in LayeredLinker().find("aab", spoken.text).matches if "aab" in spoken.text else ():
        back = spoken.back(match)
        assert back.exact == text[back.start : back.end]
        assert "".join(text[part.start : part.end] for part in back.parts).replace(" ", "") == match.exact.replace(" ", "")


def test_a_match_over_a_cut_has_a_part_on_either_side() -> None:
    text = '"I wrote in March," he said. "Nobody came down."'
    spoken = Spoken(text, [Span(17, 30)])
    (match,) = LayeredLinker().find("I wrote in March. Nobody came down", spoken.text).matches
    assert [text[part.start : part.end] for part in spoken.back(match).parts] == ["I wrote in March", "Nobody came down"]


def test_a_block_quotation_has_the_speaker_who_is_cited_or_introduces_it() -> None:
    cited = quoted("> The ramp is closed for good.\n>\n> — Mara Vesik, chairwoman\n")
    introduced = quoted("Vesik told the board:\n\n> The ramp is closed for good.\n")
    page = quoted("<blockquote><p>The ramp is closed.</p><footer>— <cite>Mara Vesik</cite></footer></blockquote>", "draft.html")
    assert [(one.texts, one.speaker.exact if one.speaker else None) for one in (*cited, *introduced, *page)] == [
        (("The ramp is closed for good.",), "Mara Vesik"),
        (("The ramp is closed for good.",), "Vesik"),
        (("The ramp is closed.",), "Mara Vesik"),
    ]


def test_a_quotation_goes_on_where_a_line_ends_within_a_sentence_only() -> None:
    wrapped = quoted("“The ramp is closed\r\nfor good, and so is the pier”, Vesik said.\n", "draft.txt")
    assert [one.texts for one in wrapped] == [("The ramp is closed\r\nfor good, and so is the pier",)]


@pytest.mark.parametrize(
    ("text", "lang", "words", "speaker"),
    [
        ("“The ramp is closed for good, said Mara Vesik.\n\nNobody answered her.\n", "en", "The ramp is closed for good", "Mara Vesik"),
        (
            "Мэр сказал: «Причал крепкий, и паром\nуйдёт в мае, сказал Орлов.\n\nВсе молчали.\n",
            "ru",
            "Причал крепкий, и паром\nуйдёт в мае",
            "Орлов",
        ),
    ],
)
def test_a_lost_closing_mark_lets_no_cue_in(text: str, lang: str, words: str, speaker: str) -> None:
    (one,) = (one for one in quotations_of(draft_of(text, "draft.txt"), lang).quotations if one.is_speech)
    assert (one.texts, one.speaker.exact if one.speaker else None, one.flags) == ((words,), speaker, ("closer_missing",))


def test_marks_around_a_whole_block_are_not_words_of_it() -> None:
    (one,) = quoted("> “The ramp is closed for good.”\n")
    assert one.texts == ("The ramp is closed for good.",)


def test_places_are_those_of_the_file_beside_its_markup() -> None:
    text = "# Pier\n\n“The **pier** is sound,\nand the ferry will sail in May”, Vesik said.\n"
    (one,) = proof_of(text).answered
    assert (one.verdict, one.line, one.column) == (ProofVerdict.OK, 3, 2)
    assert text[one.start : one.end] == "The **pier** is sound,\nand the ferry will sail in May"


def test_many_documents_are_looked_through_by_their_letters_and_none_that_has_the_words_is_left_out() -> None:
    lines = [f"Boat {number} carries cargo of kind {number * 7919} to port {number * 104729}." for number in range(60)]
    texts = [SourceText(f"{number}.txt", line) for number, line in enumerate(lines)]
    for number in range(0, 60, 7):
        found = list(likeliest(texts)(f"carries cargo of kind {number * 7919} to port {number * 104729}"))
        assert texts[number] is found[0]
        assert len(found) < len(texts)


def test_a_log_has_what_sarif_asks_for() -> None:
    text = '"The pier is sound, and the fery will sail in May," Vesik said.\n\n"All the boats are lost at sea today," Vesik said.\n'
    log = proofs_sarif([proof_of(text, name="a b/dräft,1.md")], "1.0")
    assert (log["version"], log["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "claimreg"
    rules = [rule["id"] for rule in driver["rules"]]
    assert set(rules) == {one.value for one in ProofVerdict if one.level is not Level.NONE}
    assert [one["ruleId"] for one in run["results"]] == ["slip", "not_found"]
    for one in run["results"]:
        assert rules[one["ruleIndex"]] == one["ruleId"]
        assert one["level"] in ("error", "warning", "note", "none")
        assert one["message"]["text"]
        assert list(one["partialFingerprints"]) == ["claimregQuotation/v1"]
        place = one["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a%20b/dr%C3%A4ft%2C1.md"
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    assert run["invocations"][0]["executionSuccessful"] is True


def test_a_fingerprint_stays_where_only_the_place_and_the_marks_change() -> None:
    one, other = (
        proofs_sarif([proof_of(text)], "1.0")["runs"][0]["results"][0]["partialFingerprints"]
        for text in ('"All the boats are lost today," Vesik said.\n', "Once more.\n\n“All the boats are lost today”, Vesik said.\n")
    )
    assert one == other


def test_githubs_signs_are_escaped_in_names_and_words() -> None:
    (line,) = github_lines(proof_of('"All the boats: 100% are,\nlost at sea today," Vesik said.\n', name="a:b,c%.md"))
    head, words = line.removeprefix("::error ").split("::", 1)
    assert head == "file=a%3Ab%2Cc%25.md,line=1,col=2,title=not found quotation"
    assert "100%25 are" in words
    assert "\n" not in line


@given(st.text(LETTERS, max_size=80), st.text(LETTERS, max_size=80))
def test_whatever_a_draft_and_its_source_hold_the_words_are_the_files(draft: str, source: str) -> None:
    text = f'{draft}\n\n"We have {source} seen," Vesik said.\n'
    article = draft_of(text, "draft.txt")
    told = proof_json(proof_of(text, SourceText("s.txt", f'"{source}" {draft}', lang="en"), name="draft.txt"), every=True)
    for one in told["quotes"]:
        assert 0 <= one["start"] <= one["end"] <= len(article.text)
        assert "".join(one["text"].split()) == "".join("".join(article.text[start:end] for start, end in one["parts"]).split())
        for place in one["places"]:
            assert f'"{source}" {draft}'[place["start"] : place["end"]] == place["exact"]
