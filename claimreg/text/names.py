"""Telling whether two names may be one party's: a person's, a court's, a ministry's, an outlet's.

Names are compared word by word in their rough Latin spelling (:mod:`claimreg.text.romanize`), so that script, case
endings, word order, initials, a title or a legal form do not matter; what names a thing apart (a surname, a place, a
number) weighs more than what many things share (``court``, ``ministry``). Likeness is a figure from 0 to 100. It is
only ever a reason to ask a person, never to decide. Nothing here raises, whatever the text.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

from claimreg.text.romanize import romanize, unmix_scripts

ASK_BAR = 80.0
"""The likeness (0 to 100) from which a person is asked whether two names are one party."""


def _spellings(*lines: str) -> frozenset[str]:
    """The skeletons of all the words in the lines."""
    return frozenset(romanize(" ".join(lines)).split())


def _meanings(*lines: str) -> dict[str, str]:
    """Map the skeleton of each word to the first one of the same meaning; semicolons separate meanings."""
    meanings = [romanize(meaning).split() for line in lines for meaning in line.split(";")]
    return {skeleton: meaning[0] for meaning in meanings for skeleton in meaning}


# Words that come and go: forms of address and legal forms in any case ...
_TITLES = _spellings(
    "mr mrs ms miss dr prof professor sir madam dame lord judge the of and for no номер",
    "господин госпожа гражданин гражданка пан пани пані проф мырза ханым ханымның ханымға бикеш мырзаның мырзаға тақсыр",
    "ltd limited inc incorporated corp plc jsc ojsc cjsc gmbh srl",
    "оао зао пао нао гкп рго тов жшс мекемесі",
)
# ... legal forms whose few letters may be a word of its own unless in capitals (``ақ`` is white) ...
_FORMS = _spellings("llp llc co ag sa тоо ооо доо ао ип оф гу ат пп ақ аққ жк қб ққ")
# ... and words that join others, which with a capital may be a name (``және`` is Jane).
_JOINING = _spellings("in at on de la le und der die das von i и й та по при в на за имени им атындағы және мен жөніндегі үшін")
# What kind of body it is, each with its words in the languages met most. Long ones are beginnings of words, short ones
# take only a case ending.
_KINDS = _meanings(
    "court суд сот соты; tribunal трибунал; minister министр министрі міністр; ministry министерств министрлі міністерств",
    "department департамент управлени басқарм; police полици полиция поліці; prosecutor прокурор; prosecution прокуратур",
    "parliament парламент; senate сенат; majilis мәжіліс мажилис; government правительств үкімет уряд",
    "akimat әкімдіг әкімдік әкімият акимат; university университет універсітет; school школ мектеп мектебі; college колледж",
    "academy академи; hospital больниц аурухан; embassy посольств елшілі; army арми әскер; prison тюрьм түрме",
    "church церков шіркеу; mosque мечет мешіт; theatre theater театр; museum музе мұражай; library библиотек кітапхана",
    "institute институт; federation федераци; union союз одақ одағы; council совет кеңес рада; committee комитет комітет",
    "commission комисси",
)
# What many names carry without being told apart by it.
_COMMON = _meanings(
    "republic республик; international международн халықаралық; national национальн ұлттық; state государственн мемлекеттік",
    "city town город городск қала қаласы қалалық; region regional oblast область области областн облыс облысы облыстық",
    "district район аудан ауданы аудандық; central центральн орталық; main главн бас; company компани; group групп тобы",
    "holding холдинг; bank банк банкі; fund foundation фонд қор қоры; organization organisation организаци ұйым ұйымы",
    "association ассоциаци қауымдастығы; agency агентств агенттігі; service служб қызмет қызметі; office bureau бюро бюросы",
    "party партия партии партию партией партиясы; movement движени қозғалысы; channel канал арна арнасы",
    "telekanal телеканал телеарна телеарнасы; radio радио радиосы; news новости жаңалықтар; newspaper газет",
    "journal журнал magazine; portal портал; press пресс баспасөз; human; rights прав құқық құқығы құқықтары",
    "defence защит қорғау; director директор; president президент; deputy депутат; journalist журналист",
    "activist активист белсенді; blogger блогер; spokesman spokeswoman представител өкілі",
    "chairman председател төраға төрағасы",
)
# A place alone is not the body that is named after it.
_PLACES = _meanings(
    "kazakhstan қазақстан; russia росси ресей; ukraine украин; uzbekistan өзбекстан; kyrgyzstan киргизи; belarus",
    "turkey turkiye түркия турци; china қытай китай; america америк; europe еуропа европ; london; paris париж",
    "moscow москв мәскеу; kyiv киев; brussels брюссел; almaty; astana астан; shymkent; karaganda караганд; aktobe ақтөбе",
    "aktau; atyrau; taraz; pavlodar; kostanay; semey; uralsk; turkistan туркестан",
)
# Case, number and possession in Kazakh; case in Russian, Ukrainian and Serbian; the English possessive.
_ENDINGS = _spellings(
    "ның нің дың дің тың тің ға ге қа ке на не а е ны ні ды ді ты ті н да де та те нда нде дан ден тан тен нан нен мен бен пен",
    "лар лер дар дер тар тер ы і сы сі ым ім ың ің ының інің сының сінің ына іне ында інде ынан інен сына сіне сын сін ын ін",
    "лары лері ларының лерінің дағы дегі тағы тегі нікі дікі тікі лық лік дық дік тық тік",
    "у ю ой ою ей ею ом ем ым им е и ии ию ия ий ый ая яя ую юю ого его ому ему ых их ыми ими ами ями ах ях ам ям",
    "ові еві єві ою єю ові ком",
    "s",
)
_LONG_STEM = 5
"""A kind or common word of so many letters is known by its beginning; a shorter one only with a case ending."""
_SOUNDS = frozenset(_spellings("ш ч ц ю я щ ж х"))
"""Latin spellings that an initial of one letter may have."""

_COURTESY = re.compile(r"\b(?:[гп]-(?:н|на|ну|ном|не|жа|жи|же|жу|жой)|д-ра?)\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d+)\s*-?\s*(?:ші|шы|ій|ой|ый|я|ая|й|е|го|му|st|nd|rd|th)\b", re.IGNORECASE)
_ROMAN = re.compile(r"\b(?=[IVX]{2,}\b)X{0,3}(?:IX|IV|V?I{0,3})(?<=[IVX])\b")
_DIGITS = re.compile(r"\d+")
_SUFFIX = re.compile(r"(?<=\w{2})[-‐‑]([^\W\d_]{2,4})\b")
_VOWELS = str.maketrans("", "", "aeiou")

_AFTER_LATIN = "\u0250"
_SHORT = 3
_SECOND_INITIAL = 0.1
_LEAST_JOINED = 6
_LEAST_JOINED_AFFINITY = 90.0
_JOINED_DOUBT = 5.0
_LEAST_AFFINITY = 70.0
_LEAST_AFFINITY_ACROSS = 65.0
_INFLECTED = 98.0
_BELOW_BAR = ASK_BAR - 5.0


class _Rank(IntEnum):
    """Role of a word in a name."""

    OWN = 0
    PLACE = 1
    KIND = 2
    COMMON = 3
    INITIAL = 4


_WEIGHTS = {_Rank.OWN: 1.0, _Rank.PLACE: 1.0, _Rank.KIND: 0.5, _Rank.COMMON: 0.25, _Rank.INITIAL: 0.3}
_KNOWN = ((_Rank.PLACE, _PLACES), (_Rank.KIND, _KINDS), (_Rank.COMMON, _COMMON))
_OWN_RANKS = frozenset({_Rank.OWN, _Rank.INITIAL})
_TELLING = frozenset({_Rank.OWN, _Rank.PLACE})


class _Word(NamedTuple):
    """One word of a name: its skeleton, what it does there, its meaning if known, whether it was in Latin letters."""

    skeleton: str
    rank: _Rank
    meaning: str
    latin: bool

    @property
    def weight(self) -> float:
        """Return how much of the name the word carries."""
        return _WEIGHTS[self.rank]


class _Name(NamedTuple):
    """A name made ready for comparing: its words in sorted order, its own words run together as written, its numbers."""

    words: tuple[_Word, ...]
    joined: str
    numbers: tuple[str, ...]


class _Pairing(NamedTuple):
    """The words of two names that belong together, and those left over on either side."""

    pairs: list[tuple[_Word, _Word, float]]
    left_a: list[_Word]
    left_b: list[_Word]


def name_similarity(a: str, b: str) -> float:
    """Return how alike two names are, 0 to 100, the same either way round; from :data:`ASK_BAR` a person is asked."""
    return _likeness(_prepared(a), _prepared(b))


def closest_names(name: str, candidates: Iterable[tuple[str, str]], limit: int = 3) -> list[tuple[str, str, float]]:
    """The candidates, given as (id, name), that may be the same party: (id, name, likeness), best first.

    Only those from :data:`ASK_BAR` on, at most ``limit``, each id once with its best name.
    """
    asked = _prepared(name)
    best: dict[str, tuple[str, str, float]] = {}
    for party, other in candidates:
        likeness = _likeness(asked, _prepared(other))
        if likeness >= ASK_BAR and (party not in best or likeness > best[party][2]):
            best[party] = (party, other, likeness)
    return sorted(best.values(), key=lambda found: (-found[2], found[1], found[0]))[: max(limit, 0)]


@lru_cache(maxsize=65536)
def _prepared(name: str) -> _Name:
    """The words and numbers of a name; kept, as a registry's names are compared again and again."""
    text = _COURTESY.sub(" ", unmix_scripts(unicodedata.normalize("NFKC", name)))
    text = _ORDINAL.sub(r" \1 ", text)
    numbers = [str(_roman(match.group())) for match in _ROMAN.finditer(text)]
    text = _ROMAN.sub(" ", text)
    numbers += [match.lstrip("0") or "0" for match in _DIGITS.findall(text)]
    text = _SUFFIX.sub(_without_ending, _DIGITS.sub(" ", text))
    words = _words(text)
    joined = "".join(word.skeleton for word in words if word.rank in _OWN_RANKS)
    return _Name(tuple(sorted(words)), joined, tuple(sorted(numbers)))


def _words(text: str) -> list[_Word]:
    """The words that count in a name, in order; all of them where none would be left."""
    words: list[_Word] = []
    dropped: list[_Word] = []
    for written in text.split():
        for skeleton in romanize(written).split():
            word = _word(skeleton, latin=written < _AFTER_LATIN)
            drop = _is_dropped(skeleton, "".join(filter(str.isalpha, written)))
            (dropped if drop else words).append(word)
    return words or dropped


def _is_dropped(skeleton: str, letters: str) -> bool:
    """Return whether the word, of these letters as written, may be left out; a single capital is an initial."""
    return (
        (skeleton in _TITLES and len(letters) > 1)
        or (skeleton in _FORMS and len(letters) > 1 and letters.isupper())
        or (skeleton in _JOINING and letters.islower())
    )


def _without_ending(match: re.Match[str]) -> str:
    """Return nothing for a case ending hung on with a hyphen (``НАТО-ға``), two words for anything else."""
    return "" if romanize(match.group(1)) in _ENDINGS else f" {match.group(1)}"


def _roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in numeral]
    return sum(-here if here < after else here for here, after in zip(values, [*values[1:], 0], strict=True))


def _word(skeleton: str, *, latin: bool) -> _Word:
    """The word with its rank."""
    if len(skeleton) == 1 or skeleton in _SOUNDS:
        return _Word(skeleton, _Rank.INITIAL, "", latin)
    for rank, meanings in _KNOWN:
        meaning = _meaning(skeleton, meanings)
        if meaning:
            return _Word(skeleton, rank, meaning, latin)
    return _Word(skeleton, _Rank.OWN, "", latin)


def _meaning(skeleton: str, meanings: dict[str, str]) -> str:
    """Return the meaning of a word if it is one of those known, with or without an ending; else nothing."""
    for length in range(len(skeleton), 1, -1):
        meaning = meanings.get(skeleton[:length], "")
        if meaning and (length >= _LONG_STEM or length == len(skeleton) or skeleton[length:] in _ENDINGS):
            return meaning
    return ""


def _likeness(a: _Name, b: _Name) -> float:
    """Return how alike two names are, 0 to 100."""
    if not (a.words or a.numbers) or not (b.words or b.numbers):
        return 0.0
    if a == b:
        return 100.0
    # Pairing takes the first of equals, so the order must not depend on who asks.
    first, second = sorted((a, b))
    pairing = _paired(first.words, second.words)
    score = max(min(_weighed(pairing), _ceiling(pairing)), _joined(first, second, pairing))
    return round(score if a.numbers == b.numbers else min(score, _BELOW_BAR), 1)


def _paired(a: tuple[_Word, ...], b: tuple[_Word, ...]) -> _Pairing:
    """The words that belong together, the most alike first, each used once."""
    found = [(affinity, i, j) for i, x in enumerate(a) for j, y in enumerate(b) if (affinity := _affinity(x, y)) > 0]
    found.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    pairs: list[tuple[_Word, _Word, float]] = []
    used_a: set[int] = set()
    used_b: set[int] = set()
    for affinity, i, j in found:
        if i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            pairs.append((a[i], b[j], affinity))
    left_a = [word for i, word in enumerate(a) if i not in used_a]
    left_b = [word for j, word in enumerate(b) if j not in used_b]
    return _Pairing(pairs, left_a, left_b)


def _affinity(x: _Word, y: _Word) -> float:
    """Return how alike two words are, 0 to 100; 0 for words that are not the same name in any spelling."""
    a, b = x.skeleton, y.skeleton
    if a == b:
        return 100.0
    if _Rank.INITIAL in (x.rank, y.rank):
        named = x.rank in _TELLING or y.rank in _TELLING
        return 90.0 if named and (a.startswith(b) or b.startswith(a)) else 0.0
    if _same_stem(a, b) or (x.meaning and x.meaning == y.meaning):
        return _INFLECTED
    # A common English word may stand in another script by its sound, and is then not known to be common.
    if x.latin == y.latin and (x.rank in _TELLING) != (y.rank in _TELLING):
        return _slipped(a, b)
    return _spelling_affinity(x, y)


def _slipped(a: str, b: str) -> float:
    """Return how alike two longer words are that one slip tells apart, so that a misspelt common word is still that word."""
    from rapidfuzz.distance import OSA

    if min(len(a), len(b)) <= _SHORT or OSA.distance(a, b, score_cutoff=1) > 1:
        return 0.0
    return 100.0 * OSA.normalized_similarity(a, b)


def _same_stem(a: str, b: str) -> bool:
    """Return whether two words differ in their case endings only."""
    if a[:3] != b[:3]:
        return False
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    tails = (a[shared:], b[shared:])
    least = 3 if "" in tails else 4
    return shared >= least and all(not tail or tail in _ENDINGS for tail in tails)


def _spelling_affinity(x: _Word, y: _Word) -> float:
    """Return how alike two words are by their letters; across scripts the vowels count less, as each transcriber hears his own."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    a, b = x.skeleton, y.skeleton
    # Two letters that changed places are one slip.
    alike = max(fuzz.ratio(a, b), 100 * OSA.normalized_similarity(a, b))
    if min(len(a), len(b)) <= _SHORT:
        return alike if x.latin != y.latin and alike >= ASK_BAR else 0.0
    if x.latin == y.latin:
        return alike if alike >= _LEAST_AFFINITY else 0.0
    bare_a, bare_b = a.translate(_VOWELS), b.translate(_VOWELS)
    if min(len(bare_a), len(bare_b)) >= _SHORT:
        alike = max(alike, (alike + fuzz.ratio(bare_a, bare_b)) / 2)
    return alike if alike >= _LEAST_AFFINITY_ACROSS else 0.0


def _weighed(pairing: _Pairing) -> float:
    """The likeness of what is paired, less what speaks against: words on both sides count full, on one side little."""
    weight = sum(max(x.weight, y.weight) for x, y, _ in pairing.pairs)
    alike = sum(max(x.weight, y.weight) * affinity for x, y, affinity in pairing.pairs)
    left_a, left_b = _left_weight(pairing.left_a, pairing), _left_weight(pairing.left_b, pairing)
    against = 2 * min(left_a, left_b)
    more = abs(left_a - left_b)
    # A surname for a full name: the first missing word costs most, a long name not much more than a short one.
    missing = min(0.18 * min(more, 1.0) + 0.03 * max(more - 1.0, 0.0), 0.22)
    return alike / (weight + against + missing) if weight else 0.0


def _left_weight(left: list[_Word], pairing: _Pairing) -> float:
    """Return how much the words left over on one side say; a second initial, often a father's name, says little."""
    initialled = any(_Rank.INITIAL in (x.rank, y.rank) for x, y, _ in pairing.pairs)
    return sum(_SECOND_INITIAL if initialled and word.rank == _Rank.INITIAL else word.weight for word in left)


def _joined(a: _Name, b: _Name, pairing: _Pairing) -> float:
    """The likeness of names that only divide their words differently (``Kaz Munay Gas``); 0 where that is not so."""
    from rapidfuzz import fuzz

    left = pairing.left_a + pairing.left_b
    if not left or any(word.rank not in _OWN_RANKS for word in left) or not a.joined:
        return 0.0
    if a.joined == b.joined:
        return _INFLECTED
    if min(len(a.joined), len(b.joined)) < _LEAST_JOINED or len(pairing.left_a) == len(pairing.left_b):
        return 0.0
    alike = fuzz.ratio(a.joined, b.joined)
    return alike - _JOINED_DOUBT if alike >= _LEAST_JOINED_AFFINITY else 0.0


def _ceiling(pairing: _Pairing) -> float:
    """The most that two names can reach, 0 to 100, by what kind of words they share and do not."""
    shared = [x.rank for x, y, _ in pairing.pairs if x.rank in _TELLING and y.rank in _TELLING]
    left = {word.rank for word in pairing.left_a + pairing.left_b}
    own = shared.count(_Rank.OWN)
    if not shared:
        # Only such words as many names share: enough if the names have no others.
        return _BELOW_BAR if left else 100.0
    if not own and left & {_Rank.OWN, _Rank.KIND}:
        return _BELOW_BAR
    # A court is not the city it sits in, nor a university its namesake; two own words are a person with an office.
    return _BELOW_BAR if own == 1 and _Rank.KIND in left else 100.0
