"""Trafilatura loads without numpy, and has the words that it would gather itself."""

import subprocess
import sys

from justext.utils import get_stoplist, get_stoplists

from claimreg.ingest.formats.lean import _stop_words, load_trafilatura


def test_a_page_is_read_without_numpy() -> None:
    code = (
        "import sys; from claimreg.ingest.extract import read; from claimreg.ingest.types import Hints, Limits; "
        "page = b'<html><body><article><h1>Light</h1><p>' + b'The light stays on. ' * 20 + b'</p></article></body></html>'; "
        "print(len(read(page, Hints('a.html'), Limits()).text) > 300, {'numpy', 'py3langid'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout.strip() == "True set()"


def test_the_stop_words_are_those_of_the_library() -> None:
    assert set(_stop_words()) == {word for language in get_stoplists() for word in get_stoplist(language)}


def test_the_library_of_languages_is_there_for_others() -> None:
    load_trafilatura()
    import py3langid

    assert sys.modules["py3langid"] is py3langid
