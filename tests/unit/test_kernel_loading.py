"""When the compiled kernel is used, and what is said where it is not."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

import claimreg.linker
from claimreg.linker import kernel

NAME = "claimreg.linker._kernel"


def loaded_again(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A copy of the module that looks for the kernel; the one that others use stays as it is."""
    monkeypatch.delattr(claimreg.linker, "_kernel", raising=False)
    spec = importlib.util.spec_from_file_location("kernel_looked_for_again", kernel.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def loaded_beside(found: ModuleType | None, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The copy, loaded where this is the kernel that it finds."""
    monkeypatch.setitem(sys.modules, NAME, found)
    return loaded_again(monkeypatch)


def built(version: int) -> ModuleType:
    module = ModuleType(NAME)
    vars(module)["VERSION"] = version
    return module


def test_the_kernel_that_this_code_was_written_for_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    found = built(kernel.VERSION)
    module = loaded_beside(found, monkeypatch)
    assert (module.compiled, module.missing) == (found, "")


@pytest.mark.parametrize("version", [kernel.VERSION - 1, kernel.VERSION + 1])
def test_the_kernel_of_another_version_is_not_used(monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    module = loaded_beside(built(version), monkeypatch)
    assert module.compiled is None
    assert f"({version}, not {kernel.VERSION})" in module.missing


def test_no_kernel_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    module = loaded_beside(None, monkeypatch)
    assert (module.compiled, module.missing) == (None, "it was not built")


def test_a_kernel_that_cannot_be_loaded_is_told_with_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # As one for another processor is, or one that was cut off while it was copied.
    (tmp_path / "_kernel.abi3.so").write_bytes(b"no library")
    (tmp_path / "_kernel.pyd").write_bytes(b"no library")
    monkeypatch.setattr(claimreg.linker, "__path__", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, NAME, raising=False)
    module = loaded_again(monkeypatch)
    assert module.compiled is None
    assert module.missing.startswith("it cannot be loaded: ")
    assert "_kernel" in module.missing


def test_the_source_and_the_code_that_uses_it_name_the_same_version() -> None:
    source = Path(kernel.__file__).with_name("_kernel.c").read_text(encoding="utf-8")
    assert f"#define VERSION {kernel.VERSION}\n" in source
