"""The package run from an archive, as Spark hands it to its workers: the files that it brings are found in there."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import claimreg

PACKAGE = Path(claimreg.__file__).parent
SCAN = """
import sys
import claimreg
assert claimreg.__file__.startswith(sys.argv[1]), claimreg.__file__
from claimreg.__main__ import main
sys.argv = ["claimreg", *sys.argv[2:]]
main()
"""


def test_a_scan_from_an_archive_finds_the_same(tmp_path: Path) -> None:
    archive = tmp_path / "claimreg.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in PACKAGE.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                packed.write(path, Path("claimreg") / path.relative_to(PACKAGE))
    # Words that are not the same lead to the judge, who looks into all that is known of a language.
    quotes = [("q1", "this was an opinion stated in war", "en"), ("q2", "бұл пікір бейбіт айтылған жоқ", "kk")]
    lines = "".join(json.dumps({"id": one, "text": text, "lang": lang}) + "\n" for one, text, lang in quotes)
    (tmp_path / "quotes.jsonl").write_text(lines)
    (tmp_path / "docs.jsonl").write_text(
        '{"id": "d", "text": "They held that this was an opinion stated in peace. Бұл пікір бейбіт айтылды."}\n'
    )
    arguments = ["scan", "--quotes", "quotes.jsonl", "--docs", "docs.jsonl"]
    told = [
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, env=os.environ | extra)
        for command, extra in (
            ([sys.executable, "-m", "claimreg", *arguments], {}),
            ([sys.executable, "-c", SCAN, str(archive), *arguments], {"PYTHONPATH": str(archive)}),
        )
    ]
    assert told[0].stdout == told[1].stdout
    assert b'"q1"' in told[0].stdout
