"""Settings: which of flag, environment and files counts, and what a file that is not trusted cannot do."""

from pathlib import Path

import pytest

from claimreg.config import KEYS, LARGEST, LONGEST_LINE, NOTHING, File, FolderMay, Stated, Value, Where, given, in_files, stated
from claimreg.errors import UsageError
from claimreg.render.labels import LANGUAGES

REFUSED = sorted(name for name, key in KEYS.items() if key.folder_may is FolderMay.NOT)
TYPED = {
    **dict.fromkeys(KEYS, "words"), "dates": "dmy", "lang": "ru", "report.lang": "kk", "report.style": "public", "report.format": "html",
}  # fmt: skip


def read(content: bytes | str, where: Where = Where.USER, folder: str = "/case") -> Stated:
    content = content.encode() if isinstance(content, str) else content
    return stated(File("claimreg.toml", folder, content), where, lambda at, text: f"{at}/{text}", lambda at, path: path == f"{at}/inside")


def test_languages_of_reports_are_those_that_there_are_labels_in() -> None:
    assert KEYS["report.lang"].choices == KEYS["lang"].choices == tuple(LANGUAGES)
    assert KEYS["report.lang"].default == LANGUAGES[0]


def test_a_folders_file_sets_only_what_changes_how_a_result_reads() -> None:
    assert {name for name, key in KEYS.items() if key.folder_may is FolderMay.SET} == {
        "lang", "report.lang", "report.style", "report.format",
    }  # fmt: skip
    assert {name for name, key in KEYS.items() if key.folder_may is FolderMay.SET_INSIDE} == {"registry", "proof.sources"}


@pytest.mark.parametrize("name", KEYS)
def test_flag_then_environment_then_folder_then_user_then_default(name: str) -> None:
    key = KEYS[name]
    line = f'{name} = "{TYPED[name]}"'
    user, folder = read(line), read(line, Where.FOLDER)
    environment = dict.fromkeys(key.variables, "of the environment")
    assert given(key, "of the flag", environment) == Value("of the flag", Where.FLAG)
    if key.variables:
        assert given(key, None, environment) == Value("of the environment", Where.ENVIRONMENT, key.variables[0])
    assert given(key, "", dict.fromkeys(key.variables, "")) is None
    from_user = in_files(key, NOTHING, user)
    assert (from_user.where, from_user.place) == (Where.USER, "claimreg.toml, line 1")
    assert in_files(key, folder, user).where is (Where.FOLDER if key.folder_may is FolderMay.SET else Where.USER)
    assert in_files(key, NOTHING, NOTHING) == Value(key.default, Where.DEFAULT)


@pytest.mark.parametrize("name", REFUSED)
def test_what_runs_loads_or_leads_elsewhere_is_passed_over_in_a_folders_file(name: str) -> None:
    found = read(f'{name} = "evil"\n', Where.FOLDER)
    assert found.values == {}
    assert found.passed_over == (f"claimreg.toml: {name} passed over, which only your own file may set.",)


def test_a_verdict_scale_stands_in_the_users_file_only() -> None:
    described = '[scales.ours]\nratings = ["True", "False"]\n'
    assert read(described).scales == (("ours", "claimreg.toml", {"ratings": ["True", "False"]}),)
    found = read(described, Where.FOLDER)
    assert found.scales == ()
    assert found.passed_over == ("claimreg.toml: scales.ours passed over, which only your own file may set.",)


def test_a_folders_registry_counts_inside_of_it_only() -> None:
    assert read('registry = "inside"', Where.FOLDER).values["registry"].text == "/case/inside"
    for elsewhere in ("outside", "memory:", "postgresql://host/db"):
        found = read(f'registry = "{elsewhere}"', Where.FOLDER)
        assert not found.values
        assert len(found.passed_over) == 1


def test_a_users_paths_start_at_the_file_and_words_are_no_paths() -> None:
    assert read('registry = "mine"').values["registry"].text == "/case/mine"
    assert read('registry = "memory:"').values["registry"].text == "memory:"
    assert read('state = "off"').values["state"].text == "off"


def test_what_is_no_setting_is_told_and_not_more_than_a_few_names() -> None:
    found = read("".join(f"k{number} = 1\n" for number in range(100)))
    assert found.passed_over == ("claimreg.toml: k0, k1, k2, k3, k4 and 95 more passed over, which is no setting.",)
    assert len(read(f"{'k' * 1_000} = 1").passed_over[0]) < 200


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('user = "a"\nreport.lang = "xx"\n', "claimreg.toml, line 2: report.lang cannot be “xx”; it is one of en, kk, ru."),
        ('[report]\n\nlang = "xx"\n', "claimreg.toml, line 3: report.lang cannot be"),
        ("user = 5\n", "claimreg.toml, line 1: user must be a text"),
        ('user = "a\\u0000b"\n', "claimreg.toml, line 1: user must be a text"),
        ("user = [[1]]\n", "user must be a text"),
        ("user =\n", "claimreg.toml, line 1: "),
        ('user = "a\n', "claimreg.toml, line 1: "),
        ('user = "a"\nuser = "b"\n', "claimreg.toml, line 2: "),
        (b'user = "a"\n# \xff\n', "claimreg.toml, line 2: this is not UTF-8"),
        (b"#" * (LARGEST + 1), "larger than 16 KiB"),
        ("a = " + "[" * 1_900, "claimreg.toml"),
        ("a = " + "{a = " * 390, "claimreg.toml"),
        ("a = " + "9" * 15_000, "claimreg.toml, line 1: this is longer than 2,000 characters; shorten the line."),
        ("\n" + "[\n" * 7_000, "claimreg.toml"),
        ("a = [\n" + "[\n" * 7_000, "claimreg.toml"),
    ],
)
@pytest.mark.parametrize("where", [Where.USER, Where.FOLDER])
def test_what_cannot_be_settings_is_told_in_one_sentence(content: bytes | str, told: str, where: Where) -> None:
    if where is Where.FOLDER and b"user" in (content if isinstance(content, bytes) else content.encode()) and "must be" in told:
        return  # not looked at there
    with pytest.raises(UsageError) as raised:
        read(content, where)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


@pytest.mark.timeout(20)
def test_a_name_of_thousands_of_parts_is_passed_over() -> None:
    lines = [f"{letter}.{'a.' * (LONGEST_LINE // 2 - 10)}b = 1\n" for letter in "stuvwxyz"]
    assert read("".join(lines)).passed_over == ("claimreg.toml: s.a, t.a, u.a, v.a, w.a and 3 more passed over, which is no setting.",)


def test_a_file_that_only_says_nothing_says_nothing() -> None:
    assert read("# nothing\n") == NOTHING
    assert read('\ufeffuser = ""\n') == NOTHING


def test_a_link_inside_a_folder_that_leads_out_is_not_inside(tmp_path: Path) -> None:
    from claimreg.cli.settings import _is_inside, _located

    folder = str(tmp_path / "case")
    Path(folder).mkdir()
    (tmp_path / "case" / "way").symlink_to(tmp_path)
    assert _is_inside(folder, _located(folder, "own"))
    for text in ("way/own", "../case2", "/etc", "~/own", "~root/own", "a/../../x", ""):
        assert not _is_inside(folder, _located(folder, text)) or text == "", text
