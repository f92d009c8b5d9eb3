"""What was gathered from files is kept: read again as it was written, and gathered anew where the files or what was kept are others."""

from pathlib import Path

import pytest

from claimreg.ingest.sandbox.worker import ForbiddenActError
from claimreg.kept import kept

GATHERED = {"words": ["жоқ", "not"], "letters": {"kk": "ә"}}


class Gathering:
    """A source file, a folder to keep what is gathered in, and how often that was done."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "source.toml"
        self.source.write_text("first", encoding="utf-8")
        self.folder = folder / "cache"
        self.times = 0

    def ask(self) -> dict[str, object]:
        return kept("words", [self.source], self._gather, self.folder)

    def _gather(self) -> dict[str, object]:
        self.times += 1
        return dict(GATHERED)


@pytest.fixture
def gathering(tmp_path: Path) -> Gathering:
    return Gathering(tmp_path)


def test_what_was_gathered_is_kept(gathering: Gathering) -> None:
    assert gathering.ask() == gathering.ask() == GATHERED
    assert gathering.times == 1


def test_where_nothing_may_be_written_it_is_gathered_and_not_kept(gathering: Gathering, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise ForbiddenActError

    monkeypatch.setattr("claimreg.files.write_whole", refuse)
    assert gathering.ask() == GATHERED
    assert gathering.ask() == GATHERED
    assert gathering.times == 2


def test_another_file_is_gathered_anew(gathering: Gathering) -> None:
    gathering.ask()
    gathering.source.write_text("another length", encoding="utf-8")
    assert gathering.ask() == GATHERED
    assert gathering.times == 2


@pytest.mark.parametrize("damaged", [b"", b"{}", b"no checksum\n{}"])
def test_what_was_damaged_is_gathered_anew(gathering: Gathering, damaged: bytes) -> None:
    gathering.ask()
    for path in gathering.folder.iterdir():
        path.write_bytes(damaged)
    assert gathering.ask() == gathering.ask() == GATHERED
    assert gathering.times == 2


def test_where_nothing_can_be_kept_each_call_gathers(gathering: Gathering) -> None:
    gathering.folder.write_text("a file where the folder should be", encoding="utf-8")
    assert gathering.ask() == gathering.ask() == GATHERED
    assert gathering.times == 2
