"""The line that says how far long work is."""

import sys
import time

import pytest

from claimreg.cli.progress import Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_it_shows_one_line_at_a_time_and_takes_it_away(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress() as shown:
        for seconds, count in ((0.5, 1), (2.0, 1), (2.2, 3), (4.0, 4000)):
            clock[0] = seconds
            shown.tell(count, "claim", done=count, of=8000)
    assert capsys.readouterr().err.split("\r\033[K") == ["", "0 %, 1 claim, 0.5 a second", "50 %, 4,000 claims, 1,000.0 a second", ""]


def test_the_line_is_taken_away_before_an_error_is_told(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    def work() -> None:
        with Progress() as shown:
            clock[0] = 2.0
            shown.tell(2, "document")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        work()
    assert capsys.readouterr().err.endswith("2 documents, 1.0 a second\r\033[K")


def test_a_pipe_and_short_work_show_nothing(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress() as shown:
        clock[0] = 5.0
        shown.tell(1, "claim")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress() as shown:
        clock[0] = 5.5
        shown.tell(1, "claim")
    assert capsys.readouterr().err == ""
