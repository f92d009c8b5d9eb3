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


def in_a_new_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    return done.stdout.strip()


def test_a_page_is_read_without_the_network() -> None:
    code = (
        "import sys; from claimreg.ingest.extract import read; from claimreg.ingest.types import Hints, Limits; "
        "page = b'<html lang=kk><body><article><h1>Light</h1><p>' + b'The light stays on. ' * 20 + b'</p></article></body></html>'; "
        "print(len(read(page, Hints('a.html'), Limits()).text) > 300, {'urllib3', 'langcodes'} & set(sys.modules)); "
        "import urllib3.response; print(urllib3.PoolManager().pools is not None, issubclass(urllib3.response.HTTPResponse, object))"
    )
    assert in_a_new_python(code).splitlines() == ["True set()", "True True"]


def test_trafilatura_loads_as_usual_where_it_asks_more_of_the_network() -> None:
    code = (
        "import sys; from claimreg.ingest.formats import lean; "
        "lean._NoNetwork.__getattr__ = None; lean.load_trafilatura(); import trafilatura.downloads, urllib3; "
        "print(issubclass(trafilatura.downloads._SafePoolManager, urllib3.PoolManager), 'py3langid' in sys.modules)"
    )
    assert in_a_new_python(code) == "True False"
