"""Builds the compiled kernel of the linker into wheels and editable installs; where there is no compiler, installing succeeds without it.

Run by hatchling, as ``pyproject.toml`` says. By itself, ``python hatch_build.py`` builds the kernel into the folder that it stands in.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

if TYPE_CHECKING:
    from hatchling.builders.wheel import WheelBuilder, WheelBuilderConfig

    Hook = BuildHookInterface[WheelBuilderConfig]
else:
    Hook = BuildHookInterface

PACKAGE = Path("claimreg", "linker")
MODULE = "_kernel"
SWITCH = "CLAIMREG_WITHOUT_KERNEL"
"""Environment variable that leaves the kernel out on purpose."""


class KernelHook(Hook):
    """Adds the kernel to a wheel, or to the tree that an editable install runs from."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the kernel and name it to hatchling; a wheel without it stays one of plain Python."""
        root = Path(self.root)
        if version == "editable":
            build_in_tree(root)
            return
        self._folder = tempfile.TemporaryDirectory()
        built = build_if_possible(root, Path(self._folder.name))
        if built is not None:
            build_data["force_include"][str(built)] = str(PACKAGE / built.name)
            build_data["pure_python"] = False
            build_data["tag"] = f"cp311-abi3-{self._platform()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 -- hatchling's signature
        """Delete what was built, once it is in the wheel."""
        if version != "editable":
            self._folder.cleanup()

    def _platform(self) -> str:
        # Hatchling knows how macOS and cross-builds are named; the rest of its tag is that of one version of Python.
        builder = cast("WheelBuilder", self.build_config.builder)
        return builder.get_best_matching_tag().rpartition("-")[2]


class _Compile(build_ext):  # type: ignore[misc]  # setuptools has no types
    """The compiler, with the options that it takes."""

    def build_extensions(self) -> None:
        if self.compiler.compiler_type != "msvc":
            # Debugging information, and where Python's own libraries lie, would name folders of the machine that built it.
            for extension in self.extensions:
                extension.extra_compile_args = ["-O3", "-g0"]
            self.compiler.set_executables(linker_so=[one for one in self.compiler.linker_so if "-rpath" not in one])
        super().build_extensions()


def build_in_tree(root: Path) -> Path | None:
    """Build the kernel beside its source in ``root``; whatever was built there before is gone in any case. Return its path, or ``None``."""
    with tempfile.TemporaryDirectory() as folder:
        built = build_if_possible(root, Path(folder))
        for old in [*(root / PACKAGE).glob(f"{MODULE}.*so"), *(root / PACKAGE).glob(f"{MODULE}.*pyd")]:
            old.unlink()
        return None if built is None else Path(shutil.move(built, root / PACKAGE / built.name))


def build_if_possible(root: Path, folder: Path) -> Path | None:
    """Build the kernel into a folder and return its path; ``None`` where it cannot be built or is not wanted, which is told."""
    reason = why_not()
    if not reason:
        try:
            return build(root, folder)
        except Exception as error:  # noqa: BLE001 -- whatever goes wrong in a compiler, claimreg is whole without it
            reason = f"it could not be built ({str(error).strip() or type(error).__name__})"
    sys.stderr.write(f"claimreg is installed without its compiled kernel, as {reason}; it finds the same links, more slowly.\n")
    return None


def why_not() -> str:
    """Say why the kernel is not to be built here; empty where it is."""
    if os.environ.get(SWITCH, "0") not in {"", "0"}:
        return f"{SWITCH} says"
    if sys.implementation.name != "cpython":
        return f"{sys.implementation.name} has no limited API of C"
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "free-threaded Python has no limited API of C"
    return ""


def build(root: Path, folder: Path) -> Path:
    """Build the kernel into a folder and return its path."""
    # The source says itself that it keeps to the limited API; here that only chooses the file's name.
    # The path is relative, as a compiler may write down where it read.
    extension = Extension(MODULE, [str(PACKAGE / f"{MODULE}.c")], py_limited_api=True)
    command = _Compile(Distribution({"name": MODULE, "ext_modules": [extension]}))
    command.build_lib = str(folder)
    command.build_temp = str(folder / "objects")
    with contextlib.chdir(root):
        command.ensure_finalized()
        command.run()
    return Path(command.get_outputs()[0])


if __name__ == "__main__":
    place = build_in_tree(Path(__file__).parent.absolute())
    sys.exit(place is None)
