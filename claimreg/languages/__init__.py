"""Knowledge of languages, a data file for each: its words that deny, count and date, its letters, spellings and keys.

A file is named after the language's BCP 47 tag (``kk.toml``); its keys are the fields of :class:`Language`. Words stand in one
string, parted by space; long lists between three single quotes, which Python's reader of TOML takes as they stand, where it goes through
double ones letter by letter. Files are read when they are first asked for, so that whoever asks for none pays nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 -- read at run time, as the fields' types are
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args, get_type_hints

from claimreg.errors import InputError
from claimreg.kept import kept
from claimreg.shipped import folder_of, tables_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimreg.languages.speech_tables import Speech, SpeechGolden
    from claimreg.shipped import Shipped

Words = tuple[str, ...]
Table = TypeVar("Table")
FOLDER = folder_of(__name__, __file__)
_GOLDEN = "\n[[golden]]"
_SPEECH = "\n[speech"
_SPEECH_GOLDEN = "\n[[speech_golden]]"
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]")


class Negation(NamedTuple):
    """Signs of denial: ``words`` by themselves, ``prefixes``, ``suffixes`` and, behind a verb's stem, ``infixes``.

    A word with a hyphen at the end is the beginning of words (Korean ``않-``).
    ``having`` are the suffixes that say the contrary of ``suffixes`` (careful, careless). ``afterwards`` are the words that follow what
    they deny: a quote that stops before one says the contrary. ``answers`` are words that may answer a question by themselves (no) and
    then deny nothing of what follows.
    """

    words: Words = ()
    prefixes: Words = ()
    suffixes: Words = ()
    having: Words = ()
    infixes: Words = ()
    afterwards: Words = ()
    answers: Words = ()


class Spelling(NamedTuple):
    """Rules to spell a text in another alphabet in the language's Cyrillic one.

    ``signs`` is a pattern of the letters that only this language has in that alphabet. ``before`` and ``after`` are words by
    turns, what is replaced and by what, before and after the ``letters`` become ``cyrillic`` ones, in place, and the ``dropped``
    ones nothing. A word with one of the ``front_signs`` has ``front`` vowels for ``back`` ones.
    """

    signs: str
    letters: str
    cyrillic: str
    dropped: str = ""
    before: Words = ()
    after: Words = ()
    front_signs: str = ""
    back: str = ""
    front: str = ""


class Keyboard(NamedTuple):
    """The letters of the language's keyboard, and those on the same keys of the Latin one."""

    own: str = ""
    latin: str = ""


class Numerals(NamedTuple):
    """Number words with their values: ``cardinals``, ``ordinals`` and ``fractions`` are a word and its value by turns.

    A value is a whole number (``one 1``) or, of a fraction, two (``half 1/2``). Every form that the language has stands there, or
    its stem where ``endings`` may follow it, as they may follow figures (``5-ші``, ``3rd``). ``joiners`` stand between number words and
    count nothing (``and``); ``inside`` joins the parts of one word (German ``und``). ``points`` stand between a whole and its decimals
    (``point``, ``целых``); ``mark`` is the sign that figures have there.
    """

    cardinals: Words = ()
    ordinals: Words = ()
    fractions: Words = ()
    endings: Words = ()
    joiners: Words = ()
    inside: str = ""
    points: Words = ()
    mark: str = ""


class Calendar(NamedTuple):
    """Names of times: ``months`` and ``weekdays`` (Monday is 1) are a word and its number by turns, in every case and short form.

    ``relative`` are the words for days and years around today; ``around`` may stand beside a date and say nothing (года, жылғы, of).
    ``reckoning`` is the calendar that the months are of where that is not the Gregorian one, by its name in the CLDR.
    """

    months: Words = ()
    weekdays: Words = ()
    relative: Words = ()
    around: Words = ()
    reckoning: str = ""


class Names(NamedTuple):
    """Forms of names: ``endings`` of one name in its cases; ``genders`` endings of a man's and a woman's name by turns."""

    endings: Words = ()
    genders: Words = ()


class Language(NamedTuple):
    """Knowledge of one language; what is not known is empty. In lists, ``_`` joins the words of a phrase.

    ``numbers`` are written out, ``dates`` months, weekdays and the days around today: further words that count or date, beside those
    of ``numerals`` and ``calendar``. ``frequent`` are the words that running text has most of, by which the language is told.
    ``hedges`` make a statement less sure or say what must or may be; ``quantifiers`` say how many or how far.
    ``opposites`` are two words of contrary sense by turns, in the form that a dictionary has or, with a hyphen at the end, the
    beginning of words (``increas- decreas-``). ``endings`` are those of one word, whose sense stays. ``contractions`` are a short form and
    its long one by turns; ``spellings`` letters of one spelling and of another (``our or``); ``signs`` a word and its sign
    (``percent %``). ``editorial`` words, in round brackets in a quote, speak of the wording (``emphasis``). ``alphabet`` has, by script
    (ISO 15924, with the year of a reform where there are two), the letters in lower case; ``foreign_letters`` come in borrowed words
    and names. ``spelling`` is by the script that is spelt anew. ``known`` are words that dictionaries lack. ``articles`` are written in
    one with the word behind them, alone or with a preposition before them (Arabic al-, bil-).
    """

    tag: str
    frequent: Words = ()
    numbers: Words = ()
    dates: Words = ()
    hedges: Words = ()
    quantifiers: Words = ()
    opposites: Words = ()
    endings: Words = ()
    contractions: Words = ()
    spellings: Words = ()
    signs: Words = ()
    known: Words = ()
    articles: Words = ()
    editorial: Words = ()
    foreign_letters: str = ""
    negation: Negation = Negation()
    numerals: Numerals = Numerals()
    calendar: Calendar = Calendar()
    names: Names = Names()
    alphabet: Mapping[str, str] = {}
    spelling: Mapping[str, Spelling] = {}
    keyboard: Keyboard = Keyboard()

    def __hash__(self) -> int:
        """Return the hash of the tag: what is made of a language is kept by it, and to hash all its words would take as long."""
        return hash(self.tag)


@cache
def language(tag: str, folder: Shipped = FOLDER) -> Language:
    """The language of a tag; an empty one where there is no data for it.

    Raises :class:`claimreg.errors.InputError`, which names file, line and key, for a file that cannot be used.
    """
    path = folder / f"{tag}.toml"
    return _read(path, is_kept=folder == FOLDER) if path.is_file() else Language(tag)


class Golden(NamedTuple):
    """A pair of a quote and a source with what is to be said of it: one of the kinds, and just these flags."""

    quote: str
    source: str
    kinds: Words
    flags: Words = ()


def golden_pairs(tag: str, folder: Shipped = FOLDER) -> tuple[Golden, ...]:
    """The pairs at the end of a language's file that show what its data is for.

    Raises :class:`claimreg.errors.InputError` as :func:`language` does.
    """
    path = folder / f"{tag}.toml"
    return tuple(Golden(**_fields(Golden, pair, "golden.")) for pair in _tables(path, path.read_text(encoding="utf-8")).get("golden", ()))


@cache
def speech(tag: str, folder: Shipped = FOLDER) -> Speech | None:
    """Knowledge of speech in a language; ``None`` where its file has no table of it.

    Raises :class:`claimreg.errors.InputError` as :func:`language` does.
    """
    path = folder / f"{tag}.toml"
    if not path.is_file():
        return None
    tables = kept(f"speech-{tag}", [path], partial(_speech_tables, path)) if folder == FOLDER else _speech_tables(path)
    if not tables:
        return None
    from claimreg.languages.speech_tables import Speech

    return _checked(path, lambda: Speech(**_fields(Speech, tables["speech"], "speech.")))


def speech_golden(tag: str, folder: Shipped = FOLDER) -> tuple[SpeechGolden, ...]:
    """The texts at the end of a language's file that show what its tables of speech are for."""
    from claimreg.languages.speech_tables import SpeechGolden

    path = folder / f"{tag}.toml"
    found = _tables(path, path.read_text(encoding="utf-8")).get("speech_golden", ())
    return tuple(SpeechGolden(**_fields(SpeechGolden, one, "speech_golden.")) for one in found)


@cache
def known_tags() -> frozenset[str]:
    """The tags of the languages that have a file: valid and in their usual spelling, which needs no library of all tags to be seen."""
    return frozenset(path.name.removesuffix(".toml") for path in tables_in(FOLDER))


@cache
def languages() -> tuple[Language, ...]:
    """Every language that there is data for, by tag; whoever asks for all gathers what is kept of them, so their tables are not."""
    return tuple(_read(path, is_kept=False) for path in tables_in(FOLDER))


def _read(path: Shipped, *, is_kept: bool) -> Language:
    """The language of a file; its tables may be kept: JSON is read in a tenth of the time that TOML takes."""
    tag = path.name.removesuffix(".toml")
    tables = kept(f"language-{tag}", [path], partial(_tables_without_pairs, path)) if is_kept else _tables_without_pairs(path)
    return _checked(path, lambda: Language(tag=tag, **_fields(Language, tables)))


def _checked(path: Shipped, make: Callable[[], Table]) -> Table:
    try:
        return make()
    except _UnusableError as error:
        text = path.read_text(encoding="utf-8")
        raise InputError(f"{path.name}, line {_line_of(text, error.key)}: {error.key} {error}.") from None


def _tables_without_pairs(path: Shipped) -> dict[str, Any]:
    """The tables of a file without the golden pairs and what is of speech, which come last: nobody else waits for them."""
    return _tables(path, path.read_text(encoding="utf-8").partition(_GOLDEN)[0].partition(_SPEECH)[0])


def _speech_tables(path: Shipped) -> dict[str, Any]:
    """The tables of speech in a file, between the golden pairs and the golden texts of speech; none where it has none."""
    before, header, text = path.read_text(encoding="utf-8").partition(_SPEECH)
    # Lines before it are kept as empty ones, so that an error of TOML's names the file's line.
    return _tables(path, "\n" * before.count("\n") + header + text.partition(_SPEECH_GOLDEN)[0])


def _tables(path: Shipped, text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise InputError(f"{path.name} is no TOML: {error}; correct the file.") from None


class _UnusableError(Exception):
    """A key of a file cannot be used; the text says why."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key = key


@cache
def _types(kind: type) -> dict[str, Any]:
    """The types of the fields that a file may give, by name."""
    return {name: of for name, of in get_type_hints(kind).items() if name != "tag"}


def _fields(kind: type, table: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    types = _types(kind)
    fields = {}
    for name, value in table.items():
        if name not in types:
            raise _UnusableError(within + name, f"is not known; the keys are {', '.join(types)}")
        fields[name] = _value(types[name], value, within + name)
    return fields


def _value(kind: Any, value: object, key: str) -> object:  # noqa: ANN401 -- a type as annotations have it
    """A value as its field has it: a text, words, a table with a class of its own, or a table of any names."""
    if kind is str or kind == Words:
        if not isinstance(value, str):
            raise _UnusableError(key, "must be a text in quotation marks")
        return value if kind is str else tuple(value.split())
    if not isinstance(value, dict):
        raise _UnusableError(key, "must be a table")
    if not hasattr(kind, "_fields"):
        return {name: _value(get_args(kind)[1], one, f"{key}.{name}") for name, one in value.items()}
    fields = _fields(kind, value, f"{key}.")
    missing = [name for name in kind._fields if name not in fields and name not in kind._field_defaults]
    if missing:
        raise _UnusableError(key, f"lacks {', '.join(missing)}")
    return kind(**fields)


def _line_of(text: str, key: str) -> int:
    """The line, from 1, where a key stands, its table's where it stands in none of its own."""
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        section = header[1].strip() if header else section
        name = section if header else f"{section}.{line.partition('=')[0].strip()}".lstrip(".")
        if name == key:
            return number
    return 1
