"""Documents in encodings of old: the confined process reads them as this one does, whoever asks and whether a language is guessed."""

from collections.abc import Iterator

import pytest

from claimreg.ingest.extract import extract
from claimreg.ingest.sandbox.pool import Reader
from claimreg.ingest.types import Hints, Limits, Task

SENTENCES = {
    "cp1250": "Rada města oznámila, že oprava mostu začne příští rok a silnice zůstane otevřená pouze přes den.",
    "cp1251": "Смотритель маяка сказал, что огонь погаснет не раньше весны, а лодки пойдут только днём.",
    "koi8-r": "Смотритель маяка сказал, что огонь погаснет не раньше весны, а лодки пойдут только днём.",
    "kz1048": "Шамшырақ күзетшісі оттың көктемге дейін сөнбейтінін, қайықтардың тек күндіз жүретінін айтты.",
    "cp1252": "Le gardien du phare a déclaré que le feu ne s’éteindra qu’après l’été, et que la côte restera fermée.",
    "cp1253": "Ο φύλακας του φάρου είπε ότι το φως δεν θα σβήσει πριν από την άνοιξη και ότι τα πλοία θα περιμένουν.",
    "cp1254": "Fener bekçisi, ışığın bahardan önce sönmeyeceğini ve teknelerin yalnızca gündüz çalışacağını söyledi.",
    "cp1255": "שומר המגדלור אמר כי האור לא יכבה לפני האביב וכי הסירות ישוטו רק ביום.",
    "cp1256": "قال حارس المنارة إن الضوء لن ينطفئ قبل الربيع وإن القوارب ستبحر في النهار فقط.",
    "cp874": "ผู้ดูแลประภาคารกล่าวว่าไฟจะไม่ดับก่อนฤดูใบไม้ผลิ และเรือจะออกเฉพาะตอนกลางวันเท่านั้น",
    "euc_kr": "등대지기는 봄이 오기 전에는 불이 꺼지지 않을 것이며 배는 낮에만 다닐 것이라고 말했다.",
    "gb18030": "灯塔看守人说，春天之前灯不会熄灭，船只只在白天航行。",
    "shift_jis": "灯台守は、春になるまで灯りは消えず、船は昼間だけ出ると話した。",
}


def page(text: str, encoding: str) -> bytes:
    return f"<html><head><title>-</title></head><body><article><p>{text}</p><p>{text}</p></article></body></html>".encode(encoding)


def subtitles(text: str, encoding: str) -> bytes:
    return f"1\r\n00:00:01,000 --> 00:00:04,000\r\n{text}\r\n".encode(encoding)


def captions(text: str, encoding: str) -> bytes:
    return f"WEBVTT\n\n00:01.000 --> 00:04.000\n{text}\n".encode(encoding)


def plain(text: str, encoding: str) -> bytes:
    return f"{text}\n".encode(encoding)


def saved_page(text: str, encoding: str) -> bytes:
    head = b"From: <Saved by Blink>\r\nSubject: -\r\nDate: Mon, 4 Mar 2024 09:00:00 -0000\r\nMIME-Version: 1.0\r\n"
    return head + b"Content-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + page(text, encoding)


def rich_text(text: str, encoding: str) -> bytes:
    page_number = {"euc_kr": "949", "gb18030": "936", "shift_jis": "932"}.get(encoding, encoding.removeprefix("cp"))
    signs = "".join(one if one.isascii() else "".join(f"\\'{byte:02x}" for byte in one.encode(encoding)) for one in text)
    return f"{{\\rtf1\\ansi\\ansicpg{page_number}\\deff0{{\\fonttbl{{\\f0 Arial;}}}}\\f0 {signs}\\par}}".encode("ascii")


FORMS = {"a.html": page, "a.srt": subtitles, "a.vtt": captions, "a.txt": plain, "a.mhtml": saved_page, "a.rtf": rich_text}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """The process as `check` starts it: its first document needs no language."""
    reader = Reader(Limits())
    yield reader
    reader.close()


@pytest.mark.parametrize("encoding", SENTENCES)
@pytest.mark.parametrize("name", FORMS)
def test_a_look_reads_what_is_recorded(reader: Reader, name: str, encoding: str) -> None:
    if name == "a.rtf" and encoding in ("koi8-r", "kz1048"):
        pytest.skip("no code page of RTF has this encoding")
    text = SENTENCES[encoding]
    content = FORMS[name](text, encoding)
    looked = reader.read(Task(content, Hints(name, guess_language=False)))
    recorded = extract(content, Hints(name), Limits())
    assert (looked.text, looked.encoding, looked.notes) == (recorded.text, recorded.encoding, recorded.notes)
    assert text in " ".join(looked.text.split())
