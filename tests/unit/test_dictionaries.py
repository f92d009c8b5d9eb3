"""Dictionaries: known words and what they are forms of, and the files that keep them."""

import hashlib
import importlib.metadata
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

import claimreg.dictionaries
from claimreg.dictionaries import LISTED, VERSION, Dictionary, dictionary
from claimreg.dictionaries.table import Table, Words, build, hash_of, open_table

FORMS = [("oaks", "oak"), ("Oakham", "Oakham"), ("acorn", "acorn"), ("п'ять", "п'ять"), ("ışık", "ışık"), ("ilk", "ilk")]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dictionaries")


@pytest.fixture(scope="session")
def english(folder: Path) -> Dictionary:
    found = dictionary("en-GB", folder)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def kazakh(folder: Path) -> Dictionary:
    found = dictionary("kk", folder)
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests opened is not at hand."""
    for name in ("_listed", "_kazakh"):
        monkeypatch.setattr(claimreg.dictionaries, name, getattr(claimreg.dictionaries, name).__wrapped__)


def small(path: Path) -> Words:
    return open_table(path, lambda: FORMS)


def table(name: str = "xx") -> Table:
    content = memoryview(build(FORMS))
    hashes = content[24 : 24 + 8 * 7]
    return Table(name, Words(hashes.cast("Q"), content[24 + 8 * 7 :].cast("I")))


def test_forms_of_one_word_share_a_lemma(english: Dictionary) -> None:
    assert english.lemmas("went") & english.lemmas("going")
    assert english.lemmas("judges") & english.lemmas("judge")
    assert not english.lemmas("increased") & english.lemmas("decreased")


@pytest.mark.parametrize("word", ["hearing", "Hearing", "HEARING"])
def test_a_word_is_known_in_any_case(english: Dictionary, word: str) -> None:
    assert english.lemmas(word)
    assert english.is_common(word)


@pytest.mark.parametrize("word", ["praisi", "hcaring", "қала", "!", ""])
def test_what_is_no_word_has_no_lemma(english: Dictionary, word: str) -> None:
    assert english.lemmas(word) == frozenset()
    assert not english.is_common(word)


def test_names_are_known_with_a_capital(english: Dictionary) -> None:
    for word in ("Paris", "paris", "PARIS"):
        assert english.is_proper(word)
        assert not english.is_common(word)
    assert not english.is_proper("hearing")


def test_a_lemma_is_a_word_as_well() -> None:
    assert table().lemmas("oak") == table().lemmas("OAKS") != frozenset()


def test_marks_apart_and_other_apostrophes_make_no_difference() -> None:
    assert table().lemmas("п’ять") == table().lemmas("п'ять") != frozenset()
    assert table().lemmas(unicodedata.normalize("NFD", "ışık"))


def test_turkish_has_two_letters_i() -> None:
    assert table("tr").lemmas("IŞIK") == table("tr").lemmas("ışık") != frozenset()
    assert table("tr").lemmas("İLK") == table("tr").lemmas("ilk") != frozenset()
    assert not table("xx").lemmas("IŞIK")
    assert table("tr").title("ilk") == "İlk"


@pytest.mark.parametrize(
    "word", ["hearing", "HEARING", "went", "paris", "McDonald", "hcaring", "қалада", "ҚАЛАДА", "гүлниса", "қалода", "!", ""]
)
def test_a_word_is_known_that_has_lemmas(english: Dictionary, kazakh: Dictionary, word: str) -> None:
    for words in (english, kazakh, table("tr")):
        assert words.knows(word) == bool(words.lemmas(word))


def test_half_a_character_is_looked_up_in_vain(english: Dictionary) -> None:
    assert not english.lemmas("\ud800")


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("кітаптар", "кітап"),
        ("кітаптардан", "кітап"),
        ("Қалада", "қала"),
        ("жасаған", "жаса"),
        ("жасамады", "жасамаған"),
        ("заңсыз", "заң"),
    ],
)
def test_a_kazakh_word_is_a_root_with_up_to_two_endings(kazakh: Dictionary, word: str, root: str) -> None:
    assert kazakh.lemmas(word) & kazakh.lemmas(root)
    assert kazakh.is_common(word)


@pytest.mark.parametrize("word", ["кітаптардандадан", "қлаа", "меннен", "abai", "кітапта1"])
def test_other_kazakh_letters_are_no_word(kazakh: Dictionary, word: str) -> None:
    assert not kazakh.lemmas(word)


def test_a_short_root_at_the_head_of_a_long_word_is_not_its_lemma(kazakh: Dictionary) -> None:
    assert kazakh.lemmas("бал")
    assert kazakh.lemmas("балалар") & kazakh.lemmas("бала")
    assert not kazakh.lemmas("балалар") & kazakh.lemmas("бал")


def test_kazakh_names_take_endings(kazakh: Dictionary) -> None:
    assert kazakh.is_proper("Гүлнисаға")
    assert kazakh.lemmas("ГҮЛНИСАДАН") & kazakh.lemmas("Гүлниса")
    assert not kazakh.is_common("гүлниса")


@pytest.mark.parametrize("tag", ["ky", "uz", "zh", "zh-Hant", "tlh", "", "kk-Latn", "kk-Arab-CN", "../en"])
def test_languages_without_words_have_no_dictionary(tmp_path: Path, tag: str) -> None:
    assert dictionary(tag, tmp_path) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("tag", "name"),
    [("en_US", "en"), ("sr-Cyrl-RS", "hbs"), ("bs", "hbs"), ("nb-NO", "nb"), ("no", "nb"), ("KK-CYRL", "kk")],
)
def test_a_tag_leads_to_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str, name: str) -> None:
    monkeypatch.setattr("claimreg.dictionaries._forms", lambda _: FORMS)
    assert dictionary(tag, tmp_path) is not None
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}-{VERSION}.words"]


def test_the_languages_listed_are_those_of_simplemma_as_the_version_says() -> None:
    assert set(LISTED.split()) == SUPPORTED_LANGUAGES
    assert VERSION.startswith("simplemma" + ".".join(importlib.metadata.version("simplemma").split(".")[:2]) + "-")


def test_the_words_of_ours_are_those_of_the_version() -> None:
    """Other words are another version: raise it, then note the new digest."""
    home = Path(claimreg.dictionaries.__file__).parent
    names = ("hunspell-kk.roots", "hunspell-kk.endings", "kk.endings")
    lines = [line for name in names for line in (home / name).read_text("utf-8").splitlines()]
    assert len(lines) > 54_000
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] == "37c33c4f48d8189f"


def test_a_table_is_the_same_on_every_machine() -> None:
    assert hash_of("oak") == 14329097412519084706
    assert hashlib.sha256(build(FORMS)).hexdigest()[:16] == "35021cd6499796bc"


def test_an_opened_file_is_used_without_simplemma_and_numpy(folder: Path, english: Dictionary) -> None:
    script = (
        "import sys; from pathlib import Path; from claimreg.dictionaries import dictionary;"
        f"assert dictionary('en', Path({str(folder)!r})).lemmas('judge');"
        "print({'simplemma', 'numpy', 'platformdirs'} & set(sys.modules))"
    )
    assert english.lemmas("judge")
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_two_processes_that_build_at_once_both_end_well(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from claimreg.dictionaries import dictionary;"
        f"print(dictionary('kk', Path({str(tmp_path / 'new' / 'folder')!r})).lemmas('қаладан'))"
    )
    both = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [one.communicate()[0] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert told[0] == told[1] != "frozenset()\n"
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == [f"kk-{VERSION}.words"]


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda content: content[:0], id="empty"),
        pytest.param(lambda content: content[:20], id="cut in the head"),
        pytest.param(lambda content: content[:-1], id="cut at the end"),
        pytest.param(lambda content: content[:-12], id="cut by a word"),
        pytest.param(lambda content: content + bytes(12), id="longer"),
        pytest.param(lambda content: b"x" + content[1:], id="another mark"),
        pytest.param(lambda content: content[:9] + b"x" + content[10:], id="another count"),
        pytest.param(lambda content: content[:17] + b"x" + content[18:], id="another checksum"),
    ],
)
def test_a_damaged_file_is_built_anew(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "xx.words"
    path.write_bytes(harm(build(FORMS)))
    assert Table("xx", small(path)).lemmas("acorn")
    assert path.read_bytes() == build(FORMS)


def test_a_file_that_is_there_is_not_built_anew(tmp_path: Path) -> None:
    small(tmp_path / "xx.words")
    found = open_table(tmp_path / "xx.words", lambda: pytest.fail("built again"))
    assert Table("xx", found).lemmas("acorn")


@pytest.mark.parametrize("in_the_way", ["folder", "file"])
def test_where_no_file_can_be_written_the_words_stay_in_memory(tmp_path: Path, in_the_way: str) -> None:
    path = tmp_path / "cache" / "xx.words"
    if in_the_way == "folder":
        path.mkdir(parents=True)
    else:
        path.parent.write_bytes(b"a file stands where the folder would")
    assert Table("xx", small(path)).lemmas("acorn")
    assert not path.is_file()


def test_without_a_folder_the_users_cache_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_args, **_named: tmp_path)
    monkeypatch.setattr("claimreg.dictionaries._forms", lambda _: FORMS)
    assert dictionary("en") is not None
    assert [path.name for path in (tmp_path / "dictionaries").iterdir()] == [f"en-{VERSION}.words"]
