"""claimreg as it is built and installed, with the compiled kernel and without: from what the source archive holds, as others build it."""

import os
import shlex
import shutil
import stat
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import REPOSITORY

pytest.importorskip("hatchling", reason="wheels are built by hatchling and setuptools: pip install 'hatchling' 'setuptools'")
pytest.importorskip("setuptools", reason="wheels are built by hatchling and setuptools: pip install 'hatchling' 'setuptools'")

ALL = bool(os.environ.get("CLAIMREG_ALL"))
STALE = b"built from another source"
NAMES = ("_kernel.abi3.so", "_kernel.pyd")
WHICH = "from claimreg.linker import kernel; print(kernel.compiled and kernel.compiled.__file__, kernel.missing, sep='|')"


class Built(NamedTuple):
    """A wheel, and what was told while it was built."""

    wheel: Path
    told: str

    @property
    def names(self) -> list[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.namelist()

    @property
    def compiled(self) -> list[str]:
        return [one for one in self.names if one.endswith((".so", ".pyd", ".dll", ".dylib"))]


def build_environment(**settings: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"CC", "CLAIMREG_WITHOUT_KERNEL"}} | settings


def build(tree: Path, out: Path, target: str = "wheel", **settings: str) -> Built:
    """Build as pip would, by hatchling in the tree's folder, with nothing fetched."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out)]
    done = subprocess.run(
        command, cwd=tree, env=build_environment(**settings), capture_output=True, text=True, encoding="utf-8", check=True, timeout=120
    )
    (made,) = out.iterdir()
    return Built(made, done.stderr.replace(f"{made}\n", ""))  # hatchling names what it made


def install(wheel: Path, folder: Path) -> Path:
    """Install a wheel alone, as pip does for this Python: it looks at the wheel's tag, too."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
        str(folder),
        str(wheel),
    ]
    subprocess.run(command, check=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def compiler() -> None:
    """Skips where nothing could be compiled."""
    name = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cl")[0]
    if shutil.which(name) is None or not Path(sysconfig.get_path("include"), "Python.h").exists():
        pytest.skip(f"the kernel is compiled here: needs {name} and the headers of this Python")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the source archive holds, with a kernel in it that was built earlier, and nothing that says what git ignores."""
    archive = build(REPOSITORY, tmp_path_factory.mktemp("archive"), "sdist").wheel
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as packed:
        packed.extractall(unpacked, filter="data")
    (folder,) = unpacked.iterdir()
    assert not [one for one in folder.rglob("*") if one.suffix in {".so", ".pyd"}]
    (folder / ".gitignore").unlink()
    for name in NAMES:
        (folder / "claimreg" / "linker" / name).write_bytes(STALE)
    return folder


@pytest.fixture(scope="module")
def with_kernel(compiler: None, tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:  # noqa: ARG001 -- skips
    return build(tree, tmp_path_factory.mktemp("with"))


@pytest.fixture(scope="module")
def without_compiler(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Built where no program is found, a compiler neither."""
    empty = tmp_path_factory.mktemp("empty")
    return build(tree, tmp_path_factory.mktemp("without"), PATH=str(empty))


@pytest.fixture(scope="module")
def installed_with(with_kernel: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(with_kernel.wheel, tmp_path_factory.mktemp("installed-with"))


@pytest.fixture(scope="module")
def installed_without(without_compiler: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(without_compiler.wheel, tmp_path_factory.mktemp("installed-without"))


Python = Callable[..., str]


@pytest.fixture
def python(environment: dict[str, str], tmp_path: Path) -> Python:
    """Runs Python with claimreg from one place only."""

    def start(place: Path, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env={**environment, "PYTHONPATH": str(place)},
            capture_output=True, text=True, encoding="utf-8", check=True, timeout=60,
        )  # fmt: skip
        return done.stdout

    return start


def condition(python: Python, place: Path) -> str:
    """What `doctor` says of the kernel."""
    python(place, "-m", "claimreg", "init")
    name, told = python(place, "-m", "claimreg", "doctor").splitlines()[1].split("\t")
    assert name == "kernel"
    return told


def test_one_wheel_with_the_kernel_serves_every_python(with_kernel: Built) -> None:
    python_tag, abi, platform = with_kernel.wheel.stem.split("-")[2:]
    assert (python_tag, abi) == ("cp311", "abi3")
    assert platform != "any"
    assert with_kernel.compiled in (["claimreg/linker/_kernel.abi3.so"], ["claimreg/linker/_kernel.pyd"])
    with zipfile.ZipFile(with_kernel.wheel) as archive:
        assert archive.read(with_kernel.compiled[0]) != STALE
        (told,) = (archive.read(one).decode() for one in archive.namelist() if one.endswith(".dist-info/WHEEL"))
    assert "Root-Is-Purelib: false" in told.splitlines()
    assert f"Tag: cp311-abi3-{platform}" in told.splitlines()
    assert with_kernel.told == ""
    assert not [one for one in with_kernel.names if one.endswith((".c", ".h"))]


def test_a_wheel_built_without_a_compiler_is_one_of_plain_python(without_compiler: Built) -> None:
    assert without_compiler.wheel.name.endswith("-py3-none-any.whl")
    assert without_compiler.compiled == []
    (told,) = without_compiler.told.splitlines()
    assert told.startswith("claimreg is installed without its compiled kernel, as it could not be built (")


def test_a_compiler_that_fails_leaves_plain_python_too(tree: Path, tmp_path: Path) -> None:
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    for name, compiler in (("fails", str(broken)), ("unreadable", "'")):
        built = build(tree, tmp_path / name, CC=compiler)
        assert (built.wheel.name.endswith("-py3-none-any.whl"), built.compiled, len(built.told.splitlines())) == (True, [], 1)


@pytest.mark.usefixtures("compiler")
def test_the_kernel_is_left_out_on_purpose(tree: Path, tmp_path: Path) -> None:
    built = build(tree, tmp_path / "out", CLAIMREG_WITHOUT_KERNEL="1")
    assert built.wheel.name.endswith("-py3-none-any.whl")
    assert built.compiled == []
    assert "as CLAIMREG_WITHOUT_KERNEL says" in built.told


def test_the_kernel_names_no_place_of_the_machine_that_built_it(with_kernel: Built, tmp_path: Path) -> None:
    other = build(REPOSITORY, tmp_path / "out")
    with zipfile.ZipFile(with_kernel.wheel) as one, zipfile.ZipFile(other.wheel) as another:
        content = one.read(with_kernel.compiled[0])
        assert another.read(other.compiled[0]) == content
    for place in (REPOSITORY, tmp_path.parent, Path.home(), Path(sys.base_prefix)):
        assert os.fsencode(f"{place}{os.sep}") not in content


def test_both_find_the_same_links_and_doctor_tells_them_apart(installed_with: Path, installed_without: Path, python: Python) -> None:
    compiled, missing = python(installed_with, "-c", WHICH).strip().split("|")
    assert (Path(compiled).parent, missing) == (installed_with / "claimreg" / "linker", "")
    assert condition(python, installed_with) == "compiled"
    assert python(installed_without, "-c", WHICH).strip() == "None|it was not built"
    told = condition(python, installed_without)
    assert told.startswith("none, as it was not built; ")
    page = (REPOSITORY / "docs" / "explain" / "kernel.md").read_text(encoding="utf-8").splitlines()
    assert {f"kernel\t{told}", "kernel\tcompiled"} <= set(page)
    quotes = installed_with.parent / "quotes.jsonl"
    quotes.write_text('{"id": "q1", "text": "this was an opinion stated in peace"}\n', encoding="utf-8")
    scan = ("-m", "claimreg", "scan", "--quotes", str(quotes), "--docs", str(REPOSITORY / "data" / "demo"))
    links = python(installed_with, *scan)
    assert links.count("\n") == 2
    assert python(installed_without, *scan) == links


def test_a_zip_of_the_package_does_without_the_kernel(installed_with: Path, python: Python, tmp_path: Path) -> None:
    # As Spark ships it with --py-files: no library can be loaded from inside of a ZIP.
    packed = Path(shutil.make_archive(str(tmp_path / "claimreg"), "zip", installed_with))
    assert python(packed, "-c", WHICH).strip() == "None|it was not built"
    assert condition(python, packed).startswith("none, ")


def editable(tree: Path, **settings: str) -> str:
    """Do what an editable install does in the tree, and return what was told."""
    code = "import hatch_build as h; h.KernelHook('.', {}, None, None, '', 'wheel').initialize('editable', {})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tree, env=build_environment(PYTHONPATH=str(tree), **settings),
        capture_output=True, text=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    return done.stderr


@pytest.mark.usefixtures("compiler")
def test_an_editable_install_builds_in_the_tree_and_leaves_no_old_kernel(tree: Path, tmp_path: Path) -> None:
    copied = tmp_path / "tree"
    shutil.copytree(tree / "claimreg" / "linker", copied / "claimreg" / "linker")
    shutil.copy(tree / "hatch_build.py", copied)

    def kernels() -> list[bytes]:
        return [one.read_bytes() for one in (copied / "claimreg" / "linker").iterdir() if one.suffix in {".so", ".pyd"}]

    assert kernels() == [STALE, STALE]
    assert editable(copied) == ""
    (built,) = kernels()
    assert built != STALE
    assert "as CLAIMREG_WITHOUT_KERNEL says" in editable(copied, CLAIMREG_WITHOUT_KERNEL="1")
    assert kernels() == []
    by_hand = [sys.executable, str(copied / "hatch_build.py")]
    subprocess.run(by_hand, cwd=tmp_path, env=build_environment(), check=True, timeout=60)
    assert kernels() == [built]
    failed = subprocess.run(by_hand, cwd=tmp_path, env=build_environment(CC="no-compiler"), check=False, capture_output=True, timeout=60)
    assert (failed.returncode, kernels()) == (1, [])


@pytest.mark.skipif(not ALL, reason="it takes long, and the other tests show most of it; CLAIMREG_ALL=1 runs it")
@pytest.mark.parametrize("without", ["", "1"])
def test_pip_installs_the_tree_into_a_new_environment(tree: Path, tmp_path: Path, without: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True, timeout=120)
    command = str(tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin") / "python")
    # Libraries come from the environment of the tests, and nothing is fetched.
    settings = build_environment(PYTHONPATH=sysconfig.get_path("purelib"), CLAIMREG_WITHOUT_KERNEL=without)
    pip = [command, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", str(tree)]
    subprocess.run(pip, env=settings, check=True, timeout=300)
    done = subprocess.run(
        [command, "-c", WHICH], cwd=tmp_path, env=settings, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60
    )
    compiled = done.stdout.split("|")[0]
    assert (compiled == "None") is bool(without)
    assert without or Path(compiled).is_relative_to(tmp_path / "env")
