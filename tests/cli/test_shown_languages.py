"""Records at a terminal in the languages of its people; what programs read is the same in every language."""

import re
import sys
from pathlib import Path

import pytest

from .conftest import Command

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from terminal import Terminal

LISTS = (
    ("list",), ("search", "ferry"), ("history", "C1"), ("stats",), ("source", "list"), ("source", "show", "S1"),
    ("source", "search", "ferry"), ("party", "list"), ("party", "show", "P1"), ("show", "C1"), ("show", "A1"), ("show", "L1"),
    ("case", "list"), ("tag", "list"), ("review", "--format", "csv"),
)  # fmt: skip
"""Commands that show records."""

SHOWN: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {
    ("list",): {"ru": ("утверждение", "стороны", "вердикт", "состояние"), "kk": ("мәлімдеме", "тараптар", "тұжырым", "күйі")},
    ("search", "ferry"): {
        "ru": ("оценка", "Harbour office отрицает", "найдено"),
        "kk": ("ұпай", "Harbour office жоққа шығарады", "табылды"),
    },
    ("history", "C1"): {"ru": ("когда", "изменение", "новое:"), "kk": ("қашан", "өзгеріс", "жаңа:")},
    ("stats",): {"ru": ("связи: предложено", "высказывания: отрицает"), "kk": ("байланыстар: ұсынылды", "пікірлер: жоққа шығарады")},
    ("source", "list"): {"ru": ("название", "цитаты", "связи"), "kk": ("атауы", "дәйексөздер", "байланыстар")},
    ("show", "C1"): {"ru": ("отрицает", "3 марта 2024 г.", "цитата"), "kk": ("жоққа шығарады", "2024 ж. 3 наурыз", "дәйексөз")},
    ("timeline",): {"ru": ("Хронология", "3 марта 2024 г."), "kk": ("Уақыт желісі", "2024 ж. 3 наурыз")},
}


@pytest.fixture
def desk(claimreg: Command, tmp_path: Path) -> Command:
    (tmp_path / "notice.txt").write_text("The office said that the night ferry will not run.\n", encoding="utf-8")
    added = claimreg(
        "add", "The night ferry runs", "--by", "Harbour office", "--stance", "denies", "--quote", "the night ferry will not run",
        "--source", "notice.txt", "--said", "2024-03-03", "--case", "Ferry", "--tag", "pier",
    )  # fmt: skip
    assert added.code == 0
    return claimreg


def at_a_terminal(environment: dict[str, str], folder: Path, *arguments: str) -> str:
    surroundings = {**environment, "TERM": "xterm-256color"}
    with Terminal([sys.executable, "-m", "claimreg", *arguments], surroundings, folder, columns=100, lines=60) as terminal:
        assert terminal.ends() == 0
        return " ".join(terminal.shown.split())


@pytest.mark.parametrize("asked", SHOWN, ids=" ".join)
def test_what_is_shown_follows_the_option_and_the_setting(
    desk: Command, environment: dict[str, str], tmp_path: Path, asked: tuple[str, ...]
) -> None:
    del desk
    russian = at_a_terminal(environment, tmp_path, "--lang", "ru", *asked)
    kazakh = at_a_terminal({**environment, "CLAIMREG_LANG": "kk"}, tmp_path, *asked)
    for text in SHOWN[asked]["ru"]:
        assert text in russian
    for text in SHOWN[asked]["kk"]:
        assert text in kazakh


@pytest.mark.parametrize("asked", LISTS, ids=" ".join)
def test_programs_read_the_same_in_every_language(desk: Command, asked: tuple[str, ...]) -> None:
    assert desk(*asked) == desk("--lang", "kk", *asked) == desk(*asked, env={"CLAIMREG_LANG": "ru"})
    if "--format" not in asked:
        english = desk(*asked, "--json")
        assert english.code == 0
        assert english == desk("--lang", "kk", *asked, "--json") == desk(*asked, "--json", env={"CLAIMREG_LANG": "ru"})


def test_the_language_of_a_command_counts_before_the_first_one_and_that_before_the_settings(desk: Command) -> None:
    both = ("--format", "table")
    assert "сколько" in desk("--lang", "kk", "stats", *both, "--lang", "ru").stdout
    assert "қанша" in desk("--lang", "kk", "stats", *both, env={"CLAIMREG_LANG": "ru"}).stdout
    assert "how many" in desk("stats", *both).stdout


def test_reports_and_lists_take_the_language_of_each_other_where_one_is_not_set(desk: Command, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    env = {"CLAIMREG_CONFIG": str(own)}
    own.write_text('lang = "ru"\n')
    assert "Все утверждения" in desk("report", "--format", "md", env=env).stdout
    own.write_text('report.lang = "kk"\n')
    assert "қанша" in desk("stats", "--format", "table", env=env).stdout
    own.write_text('report.lang = "kk"\nlang = "ru"\n')
    assert "сколько" in desk("stats", "--format", "table", env=env).stdout
    assert "Барлық мәлімдемелер" in desk("report", "--format", "md", env=env).stdout


def test_a_language_without_words_is_a_wrong_use(desk: Command) -> None:
    for asked in (("list",), ("show", "C1"), ("stats",)):
        done = desk("--lang", "tlh", *asked)
        assert (done.code, done.stdout) == (2, "")
        assert re.search("There are no labels in “tlh”; there are en, kk, ru", done.stderr)
