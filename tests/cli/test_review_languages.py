"""The review in the languages of its people: words, keys on every layout, and what programs read, which stays as it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .conftest import NOTICE, Command

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from terminal import Terminal

Start = Callable[..., Terminal]

SHOWN: dict[str, dict[str, tuple[str, ...]]] = {
    "ru": {
        "link": ("1 из 1 · связь", "цитата", "источник", "слово в слово, оформлено иначе · оценка 99.5", "y подтвердить", "q выйти"),
        "confirmed": ("Конец", "L1 подтверждено.", "подтверждено: 1"),
        "help": ("Справка", "Связь говорит", "любая клавиша назад"),
        "draft": ("черновик", "прямая речь · уверенность", "p принять, новая сторона", "y принять как P1"),
        "pair": ("Говорят ли эти два утверждения одно и то же?", "два утверждения", "r повторяет", "x противоречит", "n ни то ни другое"),
        "told": ("Решений не принято; осталось: 1, `claimreg review` продолжит.",),
    },
    "kk": {
        "link": ("1 / 1 · байланыс", "дәйексөз", "дереккөз", "сөзбе-сөз, безендірілуі басқаша · ұпай 99.5", "y растау", "q шығу"),
        "confirmed": ("Соңы", "L1 расталды.", "расталды: 1"),
        "help": ("Анықтама", "Байланыс былай дейді", "кез келген перне артқа"),
        "draft": ("нобай", "төл сөз · сенімділік", "p қабылдау, жаңа тарап", "y P1 деп қабылдау"),
        "pair": ("Бұл екі мәлімдеме бір нәрсені айта ма?", "екі мәлімдеме", "r қайталайды", "x қайшы келеді", "n екеуі де емес"),
        "told": ("Ештеңе шешілген жоқ; қалды: 1, `claimreg review` жалғастырады.",),
    },
}


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Begin a review at a terminal."""
    with ExitStack() as running:

        def begin(*arguments: str, **env: str) -> Terminal:
            command = [sys.executable, "-m", "claimreg", "review", *arguments]
            return running.enter_context(Terminal(command, {**environment, "TERM": "xterm-256color", **env}, tmp_path))

        yield begin


@pytest.fixture
def desk(claimreg: Command, tmp_path: Path) -> Command:
    """One claim with a link."""
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    quote = "the night ferry will not run before the pier is repaired"
    assert claimreg("add", "The ferry waits", "--by", "Harbour office", "--quote", quote, "--source", "notice.txt").code == 0
    return claimreg


@pytest.mark.parametrize("lang", SHOWN)
def test_a_link_is_asked_about_and_decided_in_the_language(desk: Command, start: Start, lang: str) -> None:
    shown = SHOWN[lang]
    terminal = start("--only", "links", "--lang", lang)
    terminal.wait_for(*shown["link"])
    terminal.press("?", *shown["help"])
    terminal.press("q", shown["link"][0])
    terminal.press("y", *shown["confirmed"])
    terminal.press("q")
    assert terminal.ends() == 0
    assert [one["state"] for one in desk("show", "C1", "--json").json["attributions"][0]["links"]] == ["confirmed"]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("lang", "key"), [("ru", "й"), ("kk", "й")])
def test_the_settings_choose_it_and_keys_work_on_its_layout(start: Start, lang: str, key: str) -> None:
    terminal = start(CLAIMREG_LANG=lang)
    terminal.wait_for(*SHOWN[lang]["link"])
    terminal.press(key)
    assert terminal.ends() == 0
    assert SHOWN[lang]["told"][0] in terminal.printed.decode().replace("\r\n", "")


@pytest.mark.parametrize("lang", SHOWN)
def test_drafts_and_pairs_are_asked_about_in_the_language(claimreg: Command, start: Start, tmp_path: Path, lang: str) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    assert claimreg("extract", "notice.txt", "--add").code == 0
    for party in ("Harbour office", "Captain"):
        assert claimreg("add", f"The old pier of the harbour is closed since {len(party)} March", "--by", party, "--no-input").code == 0
    terminal = start("--only", "drafts", "--lang", lang)
    terminal.wait_for(*SHOWN[lang]["draft"])
    terminal.press("q")
    assert terminal.ends() == 0
    assert len(claimreg("review", "--only", "claims", "--json").json) == 1
    terminal = start("--only", "claims", "--lang", lang)
    terminal.wait_for(*SHOWN[lang]["pair"])
    terminal.press("q")
    assert terminal.ends() == 0


def test_what_programs_read_is_the_same_in_every_language(desk: Command) -> None:
    english = desk("review", "--json")
    assert desk("review", "--json", "--lang", "ru") == english == desk("review", "--json", env={"CLAIMREG_LANG": "kk"})
    assert desk("review", "--confirm", "L1", env={"CLAIMREG_LANG": "kk"}).stdout == "confirmed: 1 link.\n"


def test_a_language_without_words_is_told_of(desk: Command) -> None:
    done = desk("review", "--json", "--lang", "tlh")
    assert (done.code, done.stdout) == (2, "")
    assert "There are no labels in “tlh”; there are en, kk, ru." in done.stderr
