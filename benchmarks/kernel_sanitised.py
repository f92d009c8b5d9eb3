"""The compiled kernel built to look for its own mistakes, and tested: `python benchmarks/kernel_sanitised.py [--seconds 60] [--cc gcc]`.

GCC's or Clang's sanitisers end the run with a report where the kernel reads or writes beyond a buffer, uses memory that it has freed,
or leaves the rules of C, such as by a number that overflows. Two builds are tested: as it is, and without the instructions of SSE2, as on
other processors. Each runs the tests of the kernel once as CI does, then with other examples until its seconds have passed.
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
SOURCE = REPOSITORY / "claimreg" / "linker" / "_kernel.c"
TESTS = ("tests/unit/test_kernel.py", "tests/unit/test_kernel_hostile.py", "tests/unit/test_kernel_links.py")
CHECKS = "-fsanitize=address,undefined,float-cast-overflow,float-divide-by-zero"
OPTIONS = ("-O1", "-g", "-fno-omit-frame-pointer", CHECKS, "-fno-sanitize-recover=all", "-fPIC", "-shared")
WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Werror")
BUILDS = {"as it is": (), "without SSE2": ("-U__SSE2__",)}
EXAMPLES = 100
"""Examples of a test that names no number, in each round."""

RUN = """
import importlib.machinery, importlib.util, sys
import pytest
name, (path, examples, *options) = "claimreg.linker._kernel", sys.argv[1:]
spec = importlib.util.spec_from_loader(name, importlib.machinery.ExtensionFileLoader(name, path))
sys.modules[name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules[name])
from claimreg.linker import kernel
assert kernel.compiled is sys.modules[name], kernel.missing

class OtherExamples:
    def pytest_configure(self):
        from hypothesis import settings
        settings.register_profile("other", deadline=None, derandomize=False, max_examples=int(examples), print_blob=True)
        settings.load_profile("other")

sys.exit(pytest.main(options, [OtherExamples()] if int(examples) else []))
"""
"""What a process runs: pytest, with the kernel at a path in place of the one that is installed."""


def main() -> int:
    """Build, test, print what came of it; return the code to exit with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="Time for other examples, for each build.")
    parser.add_argument("--seed", type=int, default=0, help="The first seed of other examples; each round takes the next.")
    parser.add_argument("--cc", default="gcc", help="The compiler, GCC or Clang.")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, options in BUILDS.items():
            built = build(chosen.cc, options, Path(folder))
            rounds, failed = rounds_of(built, runtime(chosen.cc), chosen.seed, chosen.seconds)
            print(f"{name}: {'a mistake was found in' if failed else 'nothing was found in'} {rounds} rounds", flush=True)
            if failed:
                return 1
    return 0


def build(compiler: str, options: tuple[str, ...], folder: Path) -> Path:
    """Compile the kernel, with every warning an error, and return the path of what came of it."""
    path = folder / f"kernel{len(options)}.so"
    shared = ("-shared-libasan",) if "clang" in compiler else ()
    include = ("-isystem", sysconfig.get_path("include"))
    subprocess.run([compiler, *OPTIONS, *shared, *WARNINGS, *options, *include, str(SOURCE), "-o", str(path)], check=True)
    return path


def runtime(compiler: str) -> str:
    """Return the path of the library that a process loads first, so that it sees all memory."""
    name = f"libclang_rt.asan-{os.uname().machine}.so" if "clang" in compiler else "libasan.so"
    return subprocess.run([compiler, f"-print-file-name={name}"], check=True, capture_output=True, text=True).stdout.strip()


def rounds_of(kernel: Path, library: str, seed: int, seconds: float) -> tuple[int, bool]:
    """Run the tests as CI does, then with other examples until the time is over; return the number of rounds, and whether one failed."""
    deadline, rounds = time.monotonic() + seconds, 1
    options = ["-p", "no:cacheprovider", "-p", "no:cov", "--capture=no", "--quiet", "--exitfirst", "--timeout=0", *tests()]
    failed = not passes(kernel, library, 0, options)
    while not failed and time.monotonic() < deadline:
        failed = not passes(kernel, library, EXAMPLES, [f"--hypothesis-seed={seed + rounds}", *options])
        rounds += 1
    return rounds, failed


def tests() -> list[str]:
    """The tests that are there."""
    return [one for one in TESTS if (REPOSITORY / one).exists()]


def passes(kernel: Path, library: str, examples: int, options: list[str]) -> bool:
    """Return whether pytest passes with a kernel; it takes so many other examples for each test, or those of CI."""
    # Python's and NumPy's own stores of memory would hide where one block ends and the next begins; what they never free is no leak.
    # What takes long is left out; one of the tests that do would come back to here.
    usual = {name: value for name, value in os.environ.items() if name != "CLAIMREG_ALL"}
    environment = {**usual, "LD_PRELOAD": library, "PYTHONMALLOC": "malloc", "ASAN_OPTIONS": "detect_leaks=0",
                   "UBSAN_OPTIONS": "print_stacktrace=1"}  # fmt: skip
    command = [sys.executable, "-c", RUN, str(kernel), str(examples), *options]
    return subprocess.run(command, env=environment, cwd=REPOSITORY, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
