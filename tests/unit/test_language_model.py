"""The model of languages that is kept: the library's own figures, mapped where they are whole, and made anew where they are not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from langcodes import Language
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from test_ingest_text import SENTENCES

from claimreg.ingest.language import _USUAL_SCRIPTS
from claimreg.ingest.language_model import model, model_file, ranked

ODD = ["", "a", "12 345", "ALL OF IT IS IN CAPITALS, AS ON A POSTER", "\ud800 half", "é" * 3_000, "ГОРОДСКОЙ СОВЕТ СООБЩИЛ"]


@pytest.fixture(scope="module")
def library() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if len(label) == 2 or label in ("crh", "zxx")])
    return identifier


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file as it is kept."""
    folder = tmp_path_factory.mktemp("kept")
    model(folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy to damage."""
    model.cache_clear()
    yield Path(shutil.copytree(made, tmp_path / "kept"))
    model.cache_clear()
    shutil.rmtree(tmp_path / "kept")


def test_many_texts_are_ranked_as_each_by_itself(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*SENTENCES.values(), *ODD]
    model.cache_clear()
    monkeypatch.setattr("claimreg.ingest.language_model._MANY", len(texts))
    first = [dict(model(made).rank(text)) for text in texts]
    again = [dict(model(made).rank(text)) for text in texts]
    model.cache_clear()
    for one, other in zip(first, again, strict=True):
        assert one.keys() == other.keys()
        assert all(abs(one[label] - other[label]) < 1e-9 for label in one)
    assert "numpy" in sys.modules


@pytest.mark.parametrize("text", [*SENTENCES.values(), *ODD])
def test_the_ranking_is_the_librarys(library: LanguageIdentifier, made: Path, text: str) -> None:
    own, theirs = dict(model(made).rank(text)), library.rank(text)
    assert set(own) == {label for label, _ in theirs}
    assert all(abs(own[label] - chance) < 1e-4 for label, chance in theirs)
    told = [label for label, chance in theirs if chance > 1e-3]
    assert len(told) == len(own) or list(own)[: len(told)] == told


def test_what_is_kept_is_the_librarys_model() -> None:
    assert model_file() == MODEL_DIR / MODEL_FILE


def test_a_kept_model_is_read_without_the_library_and_numpy(made: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from claimreg.ingest.language_model import model; "
        f"print(model(Path({str(made)!r})).rank({SENTENCES['de']!r})[0][0], {{'numpy', 'py3langid', 'lzma'}} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout.strip() == "de set()"


@pytest.mark.parametrize("damaged", [b"\0" * 4_096, "half", "head"])
def test_a_damaged_file_is_made_anew(folder: Path, damaged: bytes | str) -> None:
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    harm = {"half": whole[: len(whole) // 2], "head": whole[:900] + b"#" + whole[901:]}
    path.write_bytes(harm[damaged] if isinstance(damaged, str) else damaged)
    assert ranked(SENTENCES["fr"], folder)[0][0] == "fr"
    assert path.read_bytes() == whole


def test_a_flipped_bit_of_a_row_is_known_when_the_row_is_read(folder: Path) -> None:
    (path,) = folder.iterdir()
    whole = bytearray(path.read_bytes())
    for place in range(2 * 10**6, len(whole), 500):
        whole[place] ^= 4
    path.write_bytes(whole)
    assert ranked(SENTENCES["ru"], folder)[0][0] == "ru"
    assert bytes(whole) != path.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no folder that its owner cannot write to by its mode")
def test_where_nothing_can_be_kept_the_model_is_made_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where a folder should be", encoding="utf-8")
    model.cache_clear()
    assert model(tmp_path / "file").rank(SENTENCES["kk"])[0][0] == "kk"
    model.cache_clear()


def test_the_usual_scripts_are_those_of_cldr() -> None:
    labels = {label for label, _ in ranked("x")}
    assert {label: _USUAL_SCRIPTS.get(label, "Latn") for label in labels} == {
        label: Language.get(label).maximize().script or "Latn" for label in labels
    }
