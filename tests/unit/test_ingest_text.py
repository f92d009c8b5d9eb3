"""Texts in any encoding, and which language they are in."""

import codecs
import contextlib
import subprocess
import sys
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claimreg.errors import InputError, UsageError
from claimreg.ingest.encodings import likeliest
from claimreg.ingest.extract import extract, read
from claimreg.ingest.formats import DOCX, ODT, PDF, RTF
from claimreg.ingest.formats.kinds import media_type_of
from claimreg.ingest.formats.text import decode
from claimreg.ingest.language import guess_language
from claimreg.ingest.types import Hints, Limits

SENTENCES = {
    "tr": "Belediye, köprünün onarımının gelecek yıl başlayacağını ve yolun yalnızca gündüz açık kalacağını duyurdu.",
    "uz": "Shahar hokimligi ko‘prikni ta’mirlash kelasi yili boshlanishini va yo‘l faqat kunduzi ochiq bo‘lishini ma’lum qildi.",
    "uz-Cyrl": "Шаҳар ҳокимлиги кўприкни таъмирлаш келаси йили бошланишини ва йўл фақат кундузи очиқ бўлишини маълум қилди.",
    "az": "Şəhər rəhbərliyi körpünün təmirinin gələn il başlayacağını və yolun yalnız gündüz açıq olacağını bildirdi.",
    "tt": "Шәһәр хакимияте күпер төзәтү эшләре киләсе елда башланачагын һәм юл көндез генә ачык булачагын белдерде.",
    "ar": "أعلنت البلدية أن إصلاح الجسر سيبدأ في العام المقبل وأن الطريق سيبقى مفتوحا في النهار فقط.",
    "fa": "شهرداری اعلام کرد که تعمیر پل سال آینده آغاز می‌شود و جاده فقط در روز باز خواهد بود.",
    "ug": "شەھەرلىك ھۆكۈمەت كۆۋرۈكنى رېمونت قىلىشنىڭ كېلەر يىلى باشلىنىدىغانلىقىنى ۋە يولنىڭ كۈندۈزى ئوچۇق بولىدىغانلىقىنى بىلدۈردى.",
    "kk-Arab": "قالا اكىمدىگى كوپىردى جوندەۋ كەلەسى جىلى باستالاتىنىن جانە جول تەك كۇندىز اشىق بولاتىنىن حابارلادى.",
    "kk-Latn": "Qala äkımdıgı köpırdı jöndeu kelesı jyly bastalatynyn jäne jol tek kündız aşyq bolatynyn habarlady.",
    "kk": "Қала әкімдігі көпірді жөндеу келесі жылы басталатынын және жол тек күндіз ашық болатынын хабарлады.",
    "ky": "Шаар мэриясы көпүрөнү оңдоо эмдиги жылы башталарын жана жол күндүз гана ачык болорун билдирди.",
    "uk": "Міська рада повідомила, що ремонт мосту почнеться наступного року, а дорога буде відкрита лише вдень.",
    "ru": "Городской совет сообщил, что ремонт моста начнётся в будущем году, а дорога будет открыта только днём.",
    "en": "The city council said that repairs to the bridge will begin next year and that the road stays open by day only.",
    "fr": "La mairie a annoncé que les travaux du pont commenceront l’année prochaine et que la route ne sera ouverte que le jour.",
    "de": "Die Stadt teilte mit, dass die Reparatur der Brücke im nächsten Jahr beginnt und die Straße nur am Tag offen bleibt.",
    "zh": "市政府表示，桥梁维修将于明年开始，道路只在白天开放。",
}
OFFICE = (PDF, DOCX, ODT, RTF)
"""Formats with tests of their own."""

IN_ENCODINGS = [
    *((name, encoding) for name in ("ru",) for encoding in ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "kz1048", "ptcp154")),
    *(("uk", encoding) for encoding in ("cp1251", "koi8-u", "iso8859-5")),
    ("kk", "kz1048"),
    ("kk", "ptcp154"),
    ("tr", "cp1254"),
    ("fr", "cp1252"),
    ("de", "cp1252"),
    ("zh", "gb18030"),
    *(("kk", encoding) for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-8-sig")),
]


@pytest.mark.parametrize(("name", "encoding"), IN_ENCODINGS)
def test_a_sentence_reads_the_same_in_every_encoding(name: str, encoding: str) -> None:
    text = SENTENCES[name]
    assert decode(text.encode(encoding), Hints("letter.txt")).text == text


@pytest.mark.parametrize("tag", SENTENCES)
def test_the_language_of_a_sentence(tag: str) -> None:
    guess = guess_language(SENTENCES[tag])
    assert guess is not None
    assert guess[0] == tag
    assert 0 < guess[1] <= 1


@pytest.mark.parametrize("tag", ["kk", "uk"])
def test_a_long_text_in_letters_of_its_own_needs_no_model(tag: str) -> None:
    more = {"kk": "Ән айтқан қыз әлі үйде, інісі мектепте.", "uk": "Її син їде до Києва, і є про що їм поговорити."}[tag]
    code = (
        "import sys; from claimreg.ingest.language import guess_language; "
        f"print(guess_language({(SENTENCES[tag] + more) * 4!r}), 'py3langid' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout.strip() == f"('{tag}', 1.0) False"


def test_names_do_not_make_a_text_another_language() -> None:
    told = f"{SENTENCES['ru']} Об этом рассказали Әсел, Қайрат и Іңкәр. "
    guess = guess_language((told + SENTENCES["ru"] * 3) * 2)
    assert guess is not None
    assert guess[0] == "ru"
    assert (guess_language(told * 4) or ("ru",))[0] == "ru"


@pytest.mark.parametrize("text", ["", "12 345", "OK", "x y z", "— … —"])
def test_too_little_gives_no_language(text: str) -> None:
    assert guess_language(text) is None


@given(st.text(max_size=400))
def test_no_text_breaks_the_guess(text: str) -> None:
    guess = guess_language(text)
    assert guess is None or guess[0]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1, max_size=200))
def test_utf_8_stays_as_it_is(text: str) -> None:
    content = text.encode()
    if not any(mark and content.startswith(mark) for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not any(
        ord(letter) < 0x1B and letter not in "\t\n\r\v\f" for letter in text
    ):
        assert decode(content, Hints("a.txt")) == (text, "utf-8", ())


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1, max_size=200))
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_says_which_unicode(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), Hints("a.txt")).text == text


@given(st.text(st.characters(codec="koi8-r", exclude_characters="\0"), min_size=1, max_size=200))
def test_a_person_who_names_the_encoding_is_believed(text: str) -> None:
    assert decode(text.encode("koi8-r"), Hints("a.txt", forced_encoding="KOI8-R")).text == text


@given(st.binary(max_size=600))
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.eml", "a.srt", "a.vtt", "a.md", "a"])
def test_arbitrary_bytes_give_a_text_or_one_sentence(name: str, content: bytes) -> None:
    assume(media_type_of(content, name) not in OFFICE)
    with contextlib.suppress(InputError):
        assert "\0" not in read(content, Hints(name), Limits()).text


def test_a_wrong_declaration_does_not_make_nonsense() -> None:
    content = SENTENCES["ru"].encode("cp1251")
    decoded = decode(content, Hints("a.txt", encoding="iso-8859-1"))
    assert decoded.text == SENTENCES["ru"]
    assert decoded.notes == ("The encoding was guessed: cp1251.",)
    assert decode(content, Hints("a.txt", encoding="windows-1251")).notes == ()


def test_newlines_and_the_mark_are_kept_as_in_utf_8_files_before() -> None:
    content = b"\xef\xbb\xbfone\r\ntwo\rthree\n"
    extraction = extract(content, Hints("a.txt"), Limits())
    assert (extraction.text, extraction.media_type, extraction.encoding) == ("one\r\ntwo\rthree\n", "text/plain", "utf-8")


def test_a_broken_byte_in_utf_8_is_shown_and_told() -> None:
    content = SENTENCES["kk"].encode() * 3
    decoded = decode(content[:-1] + b"\xd2", Hints("a.txt"))
    assert decoded.encoding == "utf-8"
    assert decoded.text.endswith("\ufffd")
    assert decoded.notes == ("1 byte of the text cannot be read and stands as �.",)


@pytest.mark.parametrize(
    ("content", "hints", "error", "sentence"),
    [
        (b"", Hints("a.txt"), InputError, "a.txt is empty; there is nothing to find a quote in."),
        (b" \n\t", Hints("a.txt"), InputError, "a.txt is empty; there is nothing to find a quote in."),
        (b"one\0two", Hints("a.txt"), InputError, "a.txt is not a text: it holds NUL characters."),
        (b"\xff\xff", Hints("a.txt", forced_encoding="utf-8"), InputError, "a.txt is not utf-8 text (byte 1); name another encoding"),
        (b"abc", Hints("a.txt", forced_encoding="nonsense"), UsageError, "There is no encoding “nonsense”"),
        (b"abc", Hints("a.txt", forced_encoding="rot13"), UsageError, "There is no encoding “rot13”"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(content: bytes, hints: Hints, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        extract(content, hints, Limits())


def test_a_document_beyond_the_limit_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.txt is larger than 1 MB"):
        read(b"x" * (2**20 + 1), Hints("a.txt"), Limits(size=2**20))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# The bridge #\n\nWords.", "The bridge"),
        ('---\ntitle: "On the bridge"\ndate: 2021\n---\n# Another\n', "On the bridge"),
        ("---\ndate: 2021\n---\n## Its heading\n", "Its heading"),
        ("No heading at all.", None),
    ],
)
def test_markdown_gives_its_title(text: str, title: str | None) -> None:
    extraction = read(text.encode(), Hints("notes.md"), Limits())
    assert (extraction.media_type, extraction.details.title) == ("text/markdown", title)


def test_the_encoding_of_a_long_line_is_told_in_time_that_grows_with_it() -> None:
    started = time.process_time()
    likeliest(b"x" * 1_000_000 + "\nпричал закрыт".encode("cp1251"))
    assert time.process_time() - started < 2
