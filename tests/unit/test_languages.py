"""What is known of languages: each file can be used, an error names its place, and the linker's words are those of all files."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from langcodes import tag_is_valid

from claimreg.errors import InputError
from claimreg.ingest.alphabets import all_alphabets
from claimreg.languages import language, languages
from claimreg.linker import lexicon

DIGESTS: dict[Callable[[], frozenset[str]], str] = {
    lexicon.negations: "dd55f15f2a90b2c6",
    lexicon.numbers: "bea6b2fe83fbd1c3",
    lexicon.dates: "295b37e9690f1073",
    lexicon.negating_prefixes: "4ea9217486303d12",
    lexicon.negating_suffixes: "3154a94319904c61",
    lexicon.negating_infixes: "fb414a25fc0451a0",
    lexicon.afterthoughts: "4a93043027151f6b",
}
"""Of the words that the linker and the scan, as their versions stand, go by: other words are another version."""


def test_every_file_is_named_after_a_language_and_can_be_used() -> None:
    assert len(languages()) > 40
    for one in languages():
        assert tag_is_valid(one.tag)
        assert all(letters == letters.lower() for letters in (*one.alphabet.values(), one.foreign_letters))
        assert all(len(spelling.letters) == len(spelling.cyrillic) for spelling in one.spelling.values())
        assert len(one.keyboard.own) == len(one.keyboard.latin)


@pytest.mark.parametrize("words", DIGESTS, ids=lambda words: str(words.__name__))
def test_the_linker_goes_by_the_words_of_its_version(words: Callable[[], frozenset[str]]) -> None:
    now = hashlib.sha256(" ".join(sorted(words())).encode()).hexdigest()[:16]
    assert now == DIGESTS[words], (
        "There are other words than its version goes by: where that is meant, raise the number in LayeredLinker.name and "
        f"claimreg.linker.bulk.VERSION, and pin {now!r} to {words.__name__} here"
    )


def test_words_are_told_apart_by_language() -> None:
    assert "sin" in language("es").negation.words
    assert "sin" not in language("en").negation.words
    assert "once" in language("es").numbers
    assert "once" not in language("en").numbers


def test_a_language_whose_letters_are_not_known_has_no_alphabet() -> None:
    assert not language("zh").alphabet
    assert "zh" not in all_alphabets()
    assert all(all_alphabets().values())


def test_a_language_without_a_file_is_empty() -> None:
    assert not language("tlh").numbers
    assert not language("tlh").negation.words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('numbers = "eins"\nnumeros = "zwei"\n', "xx.toml, line 2: numeros is not known; the keys are frequent, "),
        ('\n[negation]\n# those\nwords = ["ne"]\n', "xx.toml, line 4: negation.words must be a text in quotation marks."),
        ('[negation]\nprefix = "un"\n', "xx.toml, line 2: negation.prefix is not known; the keys are words, "),
        ("alphabet = 3\n", "xx.toml, line 1: alphabet must be a table."),
        ("[alphabet]\nLatn = 3\n", "xx.toml, line 2: alphabet.Latn must be a text in quotation marks."),
        ('numbers = "a"\n[spelling.Latn]\nletters = "a"\n', "xx.toml, line 2: spelling.Latn lacks signs, cyrillic."),
        ('numbers = "a\n', "xx.toml is no TOML: Illegal character"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "xx.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as failure:
        language("xx", tmp_path)
    assert str(failure.value).startswith(told)
    assert failure.value.exit_code == 1
