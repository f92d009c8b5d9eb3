"""What stands above the characters of a page, or is raised behind a word, does not get into the words."""

import pytest

from claimreg.ingest.formats.page import read_page

BEFORE = "<p>The council met in the old hall on Monday and spoke of the harbour for two hours, as the clerk later wrote.</p>"


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        (
            "港の<ruby>工事<rp>(</rp><rt>こうじ</rt><rp>)</rp></ruby>は来年の春に終わると市長は述べた。",
            "港の工事は来年の春に終わると市長は述べた。",
        ),
        ("<ruby><rb>港口</rb><rt>ㄍㄤˇㄎㄡˇ</rt></ruby>明年春天完工，市長昨天這樣說。", "港口明年春天完工，市長昨天這樣說。"),
        ("The mayor sold the harbour<sup>2</sup> to his cousin in the spring.", "The mayor sold the harbour² to his cousin in the spring."),
        ("The hall has 40 m<sup>2</sup> and no windows on either side.", "The hall has 40 m² and no windows on either side."),
        ("He came on the 4<sup>th</sup> of the month, as he had said.", "He came on the 4th of the month, as he had said."),
    ],
)
def test_readings_and_raised_digits_stay_out_of_the_words(piece: str, text: str) -> None:
    read, _ = read_page(f"<html><body><article>{BEFORE}<p>{piece}</p></article></body></html>")
    assert text in read.text
