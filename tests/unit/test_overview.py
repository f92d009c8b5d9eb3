"""The overview of a long report at a terminal: one line a claim, by cells, whatever the claims say."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_registries import stores
from rich.cells import cell_len
from rich.console import Console
from sample_reports import demo_report

from claimreg.model import Claim
from claimreg.render.labels import LANGUAGES, Words
from claimreg.render.overview import overview_renderable, padded, quotes_in_signs
from claimreg.services.reporting.report import Report, build_report
from claimreg.services.reporting.states import QuoteState
from claimreg.store.memory import MemoryStore

USUAL = 80


def printed(report: Report, width: int = USUAL, words: Words | None = None) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, markup=False, emoji=False, highlight=False, width=width, color_system=None)
    console.print(overview_renderable(report, words or Words("en")))
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_the_demo_in_short() -> None:
    assert printed(demo_report()) == [
        "The Ilyashev case (demo: real events, paraphrased words, two invented voices)",
        "6 claims · 14 statements · 3 sources",
        "Verdicts  1 False · 1 Misleading · 4 none",
        "To do     12 places to confirm (claimreg review) · 1 quote found nowhere",
        "",
        "      CLAIM                               SAY  AGAINST  QUOTES    VERDICT",
        "C1    Ilyashev spread knowingly false i…    1  1 C2     2?        –",
        "C2    Ilyashev committed no crime; he p…    2  C1       2?        –",
        "C3    The court ordered 100 hours of co…    2  C4       2?        –",
        "C4    The court ordered 120 hours of co…    1  C3       1≠        False",
        "C5    The prosecution of Ilyashev is pa…    2  C6       2?        –",
        "C6    Ilyashev's rights were respected…     2  3 C5     2? 1≠ 1✗  Misleading",
        "",
        "✓ checked   ? found, to confirm   ≠ altered, to confirm   ✗ found nowhere",
        "One in full: claimreg show C1. All in full: claimreg report --full",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=30)
@given(stores(), st.integers(60, 160))
def test_no_line_is_wider_than_the_terminal_and_each_claim_has_one(lang: str, store: MemoryStore, width: int) -> None:
    report = build_report(store, store.find(Claim), "Case")
    lines = printed(report, width, Words(lang))
    assert max(map(cell_len, lines)) <= width
    begun = [line.split(" ")[0] for line in lines]
    assert [begun.count(view.claim.id) for view in report.claims] == [1] * len(report.claims)


@given(st.text(), st.integers(1, 40))
def test_a_cut_text_has_just_so_many_cells(text: str, width: int) -> None:
    assert cell_len(padded(text, width)) == width


def test_wide_signs_are_cut_by_cells() -> None:
    assert padded("武汉市民购买海鲜", 8) == "武汉市… "
    assert padded("Ibuprofen", 9) == "Ibuprofen"
    assert padded("Gas transit through", 13) == "Gas transit… "


def test_quotes_are_counted_by_signs() -> None:
    states = [QuoteState.NOT_FOUND, QuoteState.SUGGESTED, QuoteState.REJECTED, QuoteState.CONFIRMED, QuoteState.NOT_LOOKED]
    assert quotes_in_signs(states) == "1✓ 1? 2✗ 1○"
    assert quotes_in_signs([]) == "–"
