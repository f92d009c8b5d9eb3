"""`export --bundle`, `verify FILE` and `import FILE` as people run them."""

import random
import re
import shutil
import string
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from claimreg.frozen import replace
from claimreg.model import Change, Source
from claimreg.store.embedded import EmbeddedStore

from .conftest import Command

pytestmark = pytest.mark.every_store


@pytest.fixture
def bundle(ferry: Command, tmp_path: Path) -> Path:
    """A bundle of a registry with two cases, one of them withheld from the other's."""
    ferry("attribute", "C1", "--by", "Captain Serik", "--stance", "denies", "--quote", "The pier is sound", "--source", "S1")
    ferry("add", "The hall stays shut", "--by", "A clerk", "--case", "Hall")
    ferry("relate", "C2", "supports", "C1")
    ferry("verdict", "C1", "True", "--why", "Seen.")
    ferry("edit", "L1", "--state", "confirmed")
    assert ferry("export", "--bundle", "all.zip").code == 0
    return tmp_path / "all.zip"


def head(claimreg: Command, *options: str) -> str:
    return str(claimreg("verify", "--json", *options).json["head"])


def test_a_bundle_makes_the_journey(ferry: Command, bundle: Path) -> None:
    assert ferry("verify", bundle).lines[-1] == f"whole\t{head(ferry)}"
    other = ("--db", "other")
    done = ferry("import", bundle, *other)
    assert done.code == 0
    assert done.stderr == (
        f"The bundle's history comes down to {head(ferry)}. Who made it is nothing but its own word: have the sender tell you this hash by "
        "another way, such as the telephone or a signed mail; `export --bundle` and `verify FILE.zip` print it there.\n"
    )
    assert done.stdout == ("Recorded 3 parties, 1 source, 1 capture, 2 claims, 3 attributions, 2 links, 1 verdict, 1 relation.\n")
    assert ferry("verify", *other).code == 0
    (claim,) = ferry("list", "--case", "ferry", "--json", *other).json
    (ours,) = ferry("list", "--case", "ferry", "--json").json
    # Nobody looked for the quotes in this registry yet.
    for said in ours["attributions"]:
        assert said["looked"] is not None
        said |= {"looked": None, "state": said["state"].replace("not-found", "not-looked")}
    assert claim == ours
    assert ferry("show", "S1", "--json", *other).json == ferry("show", "S1", "--json").json
    assert "import bundle" in ferry("history", "C1", *other).stdout
    # The search index took the claims in.
    assert ferry("search", "ferry cancelled", "--json", *other).json[0]["id"] == "C1"
    again = ferry("import", bundle, "--from", "bundle", *other)
    assert again.stdout.startswith("Recorded nothing new; here already: 3 parties, ")


def test_a_dry_run_keeps_nothing(ferry: Command, bundle: Path, tmp_path: Path) -> None:
    done = ferry("import", bundle, "--dry-run", "--db", "other")
    assert done.stdout.startswith("Would record 3 parties")
    assert not (tmp_path / "other").exists()


def test_the_same_registry_gives_the_same_file_and_takes_the_place_of_an_older_one(ferry: Command, bundle: Path, tmp_path: Path) -> None:
    first = bundle.read_bytes()
    done = ferry("export", "--bundle", bundle)
    assert bundle.read_bytes() == first
    assert done.stdout.split("; ")[-1] == f"the history comes down to {head(ferry)}\n"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".claimreg-")]


def test_a_case_or_some_claims_are_written_without_the_rest(ferry: Command, bundle: Path, tmp_path: Path) -> None:
    assert ferry("export", "--bundle", "hall.zip", "--case", "hall").code == 0
    assert ferry("export", "--bundle", "c2.zip", "c2", "C2").code == 0
    for name in ("hall.zip", "c2.zip"):
        assert ferry("verify", name).code == 0
        with zipfile.ZipFile(tmp_path / name) as archive:
            everything = b"".join(map(archive.read, archive.namelist())).decode()
        assert "The hall stays shut" in everything
        assert not re.search("ferry|Serik|notice", everything, re.IGNORECASE)
    assert len(bundle.read_bytes()) > len((tmp_path / "hall.zip").read_bytes())


def test_it_can_be_checked_without_claimreg(bundle: Path, tmp_path: Path) -> None:
    sha256sum = shutil.which("sha256sum")
    if sha256sum is None:
        pytest.skip("sha256sum is not here")
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path / "unpacked")
    (folder,) = (tmp_path / "unpacked").iterdir()
    command = re.search(r"^ {2}(sha256sum -c .*)$", (folder / "data" / "README.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert command is not None
    done = subprocess.run([sha256sum, *command[1].split()[1:]], cwd=folder, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(bundle) as archive:
        # All but the list of the lists itself.
        assert len(done.stdout.splitlines()) == len(archive.namelist()) - 1
    assert all(line.endswith(": OK") for line in done.stdout.splitlines())


def test_withheld_sources_are_told_of_on_stderr(ferry: Command, bundle: Path, registry: Path) -> None:
    store = EmbeddedStore(registry)
    with store.write(Change("ann", "2026-01-01T00:00:00Z", "edit")) as writer:
        source = writer.get(Source, "S1")
        assert source is not None
        writer.put(replace(source, withheld="whoever gave it must not be known"))
    store.close()
    done = ferry("export", "--bundle", bundle)
    assert done.stderr == "1 source is withheld: it is not named in the bundle, and the bytes stay here.\n"
    with zipfile.ZipFile(bundle) as archive:
        everything = b"".join(map(archive.read, archive.namelist())).decode()
    assert "notice.txt" not in everything
    assert "timetable" not in everything
    done = ferry("import", bundle, "--db", "other")
    assert done.code == 0
    assert done.stderr.splitlines()[:-1] == [f"Left out: {what}, see `claimreg import -h`." for what in ("1 source", "2 links")]
    assert ferry("verify", "--db", "other").code == 0
    assert ferry("report", "--db", "other").code == 0


def test_damage_is_named_by_verify_and_refused_by_import(ferry: Command, bundle: Path, kept: Callable[[], object]) -> None:
    content = bytearray(bundle.read_bytes())
    content[len(content) // 3] ^= 4
    bundle.write_bytes(content)
    before = kept()
    found = ferry("verify", bundle, "--json")
    assert found.code == 3
    assert found.json["whole"] is False
    assert len(found.json["damage"]) == 1
    done = ferry("import", bundle, "--db", "other")
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("claimreg: The bundle is damaged or was changed, bundle, data/")
    assert len(done.stderr.splitlines()) == 1
    assert kept() == before


FAILURES = {
    "of itself": (1, ["import", "all.zip"]),
    "of no file": (1, ["import", "none.zip", "--from", "bundle"]),
    "of a folder": (1, ["import", ".", "--from", "bundle"]),
    "of a text": (1, ["import", "notice.txt", "--from", "bundle"]),
    "from standard input": (2, ["import", "-", "--from", "bundle"]),
    "no such case": (4, ["export", "--bundle", "x.zip", "--case", "Nothing"]),
    "no such claim": (4, ["export", "--bundle", "x.zip", "C77"]),
    "claims and a case": (2, ["export", "--bundle", "x.zip", "C1", "--case", "Ferry"]),
    "to standard output": (2, ["export", "--bundle", "-"]),
    "into a folder that is not there": (1, ["export", "--bundle", "no/where.zip"]),
    "in the place of a folder": (1, ["export", "--bundle", "."]),
    "verify no file": (1, ["verify", "none.zip"]),
    "verify a text": (3, ["verify", "notice.txt"]),
}


@pytest.mark.parametrize("what", FAILURES)
def test_what_cannot_be_done_is_told_in_a_sentence(
    ferry: Command, bundle: Path, kept: Callable[[], object], tmp_path: Path, what: str
) -> None:
    assert bundle.exists()
    code, arguments = FAILURES[what]
    before = kept()
    done = ferry(*arguments)
    assert done.code == code
    if code != 3:
        assert done.stdout == ""
        (line,) = done.stderr.splitlines()
        assert line.startswith("claimreg: ")
    assert kept() == before
    assert not (tmp_path / "x.zip").exists()


def test_an_empty_registry_has_nothing_to_export(claimreg: Command, tmp_path: Path) -> None:
    claimreg("init")
    done = claimreg("export", "--bundle", "x.zip")
    assert done.code == 1
    assert "nothing to export" in done.stderr
    assert not (tmp_path / "x.zip").exists()


def test_a_full_disk_leaves_the_older_bundle(ferry: Command, bundle: Path, environment: dict[str, str], tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash, which sets the limit, is not here")
    letters = random.Random(7).choices(string.ascii_letters, k=600_000)  # noqa: S311 -- nothing that packs well
    (tmp_path / "long.txt").write_text("".join(letters), encoding="ascii")
    assert ferry("source", "add", "long.txt").code == 0
    before = bundle.read_bytes()
    # No file may grow beyond 256 blocks of a kilobyte: what a full disk is to who writes, but SQLite has room.
    script = 'ulimit -f 256; trap "" XFSZ; exec "$@"'
    done = subprocess.run(
        [bash, "-c", script, "bash", sys.executable, "-m", "claimreg", "export", "--bundle", str(bundle)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"claimreg: The file {bundle} cannot be written: File too large.\n"
    assert bundle.read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".claimreg-")]


def test_a_registry_of_an_earlier_version_can_be_handed_on(claimreg: Command, repository: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(repository / "tests" / "fixtures" / "registry-v1.zip") as archive:
        archive.extractall(tmp_path)
    db = ("--db", str(tmp_path / "registry-v1"))
    assert claimreg("export", "--bundle", "old.zip", *db).code == 0
    assert claimreg("verify", "old.zip").code == 0
    assert claimreg("import", "old.zip").code == 0
    assert claimreg("verify").code == 0
    texts = [[one["text"] for one in claimreg("list", "--json", *where).json] for where in (db, ())]
    assert texts[0] == texts[1] != []


def test_a_registry_that_lost_a_capture_is_not_exported(ferry: Command, registry: Path, tmp_path: Path) -> None:
    for path in (registry / "captures").rglob("*"):
        if path.is_file():
            path.unlink()
    done = ferry("export", "--bundle", "x.zip")
    assert (done.code, done.stdout) == (1, "")
    assert "is missing; restore it from a backup" in done.stderr
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".claimreg-", "x.zip"))]
