"""Mutated files of every kind that is read: `python benchmarks/hostile_documents.py [KIND ...] [--files 3000] [--batch 150]`.

Each file is one of the kinds below with bytes flipped, cut off, repeated, put in from a file of another kind, with lengths and labels
that lie, or packed into a zip file within a zip file; some have the name of another kind. They are read as `source add FILE...` reads them,
a fresh process for each batch. A file passes when it ends as a document or as one sentence, in its time, with no forbidden act in the
process that hands it in (which writes nothing and opens no connection), and with the memory of each process bounded. Exit 1 tells that
one did not.
"""

import argparse
import gzip
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
DOCUMENTS = REPOSITORY / "tests" / "fixtures" / "documents"
SECONDS = 60.0
"""Seconds that reading one file may take, as where nobody says otherwise."""

MOST_MEMORY, MOST_OWN = 2_200.0, 500.0
"""Megabytes of memory that a reader, and the process that hands it the files, may take: the reader's own limit, with its code."""

WORDS = (
    "The harbour master said that the night ferry will not run until the pier is mended. “Nobody knows when,” he told the council.",
    "Қала әкімі көпір биыл ашылмайды деді: «Ақша да, жұмысшы да жоқ», – деп жауап берді ол тілшілерге.",
    "Капитан сообщил, что причал простоит ещё двадцать лет, и добавил: «Спросите тех, кто его строил».",
    "قال رئيس الميناء إن العبارة لن تعمل هذا الشتاء.",
)

READ = """
import json, resource, sys, time
from contextlib import closing
from pathlib import Path
from claimreg.ingest.reading import Reading, read_all
from claimreg.ingest.sandbox.worker import _FORBIDDEN, _opens_to_write
from claimreg.ingest.types import Limits

acts = []

def watch(event, arguments):
    if event == "subprocess.Popen" and "claimreg.ingest.sandbox.worker" in str(arguments):
        return
    if event in ("os.posix_spawn", "os.fork", "os.exec") and "sandbox.worker" in str(arguments):
        return
    if event == "socket.bind" and arguments[1][:2] == ("::1", 0):
        return  # urllib3 finds out, when it is imported, whether this machine speaks IPv6
    is_write = event == "open" and not isinstance(arguments[0], int) and _opens_to_write(arguments)
    if event in _FORBIDDEN or is_write:
        acts.append(f"{event} {str(arguments)[:200]}")

def nothing(*_):
    raise AssertionError("no file is an address")

reading = Reading(Limits(seconds=float(sys.argv[2])), "fuzz/1", nothing, nothing, workers=1)
sys.dont_write_bytecode = True
sys.addaudithook(watch)
last = time.monotonic()
with closing(read_all(sorted(map(str, Path(sys.argv[1]).iterdir())), reading)) as outcomes:
    for one in outcomes:
        now = time.monotonic()
        told = "" if one.error is None else str(one.error)
        print(json.dumps([one.name, type(one.error).__name__, told, now - last]), flush=True)
        last = now
own, readers = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"acts": acts, "own": own, "readers": readers}))
"""


def page(words: str) -> str:
    """A page with an article, struck-out words, a table, a caption and an aside."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pier</title><style>p { color: red }</style></head><body><nav>'
        f"<a href=/>Home</a></nav><article><h1>The pier</h1><p>{words}</p><p><del>{words[:40]}</del> {words}</p>"
        f"<table><tr><td>{words}</table><figure><img src=a.png><figcaption>{words[:60]}</figcaption></figure></article>"
        f"<aside>{words[:50]}</aside><footer>© Pier</footer></body>"
    )


def mail(*, is_page: bool) -> bytes:
    """A mail with a page and an attachment, or a page saved as mail with a frame."""
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "Pier <a@pier.example>", "Жаңалық", "Tue, 03 Mar 2026 10:00:00 +0000"
    if is_page:
        message["Snapshot-Content-Location"] = "https://pier.example/"
        message.set_content(page(WORDS[0]) + '<iframe src="cid:frame">', subtype="html", cte="quoted-printable")
        message.add_related(page(WORDS[1]).encode(), "text", "html", cid="<frame>")
        message.replace_header("Content-Type", 'multipart/related; type="text/html"; boundary="x"')
    else:
        message.set_content("\n".join(WORDS))
        message.add_alternative(page(WORDS[2]), subtype="html")
        message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    return message.as_bytes()


def warc() -> bytes:
    """A web archive, each record packed."""
    from claimreg.ingest.web.warc import Exchange, WarcFile

    made, at = WarcFile("fuzz", "2026-03-03T10:00:00Z"), "2026-03-03T10:00:00Z"
    for number, words in enumerate(WORDS):
        body = page(words).encode()
        coding = b"Content-Encoding: gzip\r\n" if number % 2 else b"Transfer-Encoding: chunked\r\n"
        body = gzip.compress(body) if number % 2 else b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + coding + b"\r\n"
        made.add(Exchange(f"https://pier.example/{number}", at, "192.0.2.1", b"GET / HTTP/1.1\r\n\r\n", head, body))
    return made.content()


def plain_warc() -> bytes:
    """Kinds of records that are no answers, behind those that are."""
    others = []
    for kind, target in (
        ("resource", "urn:text:https://pier.example/x"),
        ("conversion", "https://pier.example/y"),
        ("revisit", "https://z.example/"),
    ):
        block = WORDS[0].encode()
        others.append(
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {target}\r\nWARC-Date: 2026-03-03\r\nContent-Type: text/plain\r\n"
            f"Content-Length: {len(block)}\r\n\r\n".encode()
            + block
            + b"\r\n\r\n"
        )
    return gzip.decompress(warc()) + b"".join(others)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def cues(form: str) -> bytes:
    """Captions of a form, a cue for each sentence."""
    lines = []
    for number, words in enumerate(WORDS):
        times = f"00:00:{number * 3:02}", f"00:00:{number * 3 + 3:02}"
        lines.append(
            {
                "srt": f"{number + 1}\n{times[0]},000 --> {times[1]},500\n{words}\n",
                "vtt": f"{times[0]}.000 --> {times[1]}.500 align:start\n<v Ann>{words}</v>\n",
                "sbv": f"{times[0][1:]}.000,{times[1][1:]}.500\n{words}\n",
                "ass": f"Dialogue: 0,{times[0][1:]}.00,{times[1][1:]}.50,Default,Ann,0,0,0,,{{\\i1}}{words}\\N{words[:20]}",
                "lrc": f"[{times[0][3:]}.00]{words}",
                "sub": f"{{{number * 75}}}{{{number * 75 + 74}}}{words}",
                "ttml": f'<p begin="{times[0]}.000" end="{times[1]}.500">{words}<br/>{words[:20]}</p>',
            }[form]
        )
    heads = {
        "vtt": "WEBVTT\n\n",
        "ass": "[Script Info]\nTitle: Pier\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n",
    }
    heads["ttml"] = '<?xml version="1.0" encoding="utf-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div>'
    return (heads.get(form, "") + "\n".join(lines) + ("</div></body></tt>" if form == "ttml" else "\n")).encode()


def recognised() -> bytes:
    """A transcript as Whisper writes it."""
    parts: list[dict[str, Any]] = [
        {"id": number, "start": number * 3.0, "end": number * 3 + 3.0, "text": words} for number, words in enumerate(WORDS)
    ]
    return json.dumps({"text": " ".join(WORDS), "segments": parts, "language": "en"}).encode()


def png() -> bytes:
    """A picture of 16 by 16 pixels, with a comment."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4)

    rows = b"".join(b"\0" + bytes(range(48)) for _ in range(16))
    head = (16).to_bytes(4) * 2 + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"tEXt", b"Comment\0pier")
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def wave() -> bytes:
    """A quarter of a second of sound."""
    sound = bytes(range(256)) * 8
    form = b"fmt " + (16).to_bytes(4, "little") + b"\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x08\0"
    body = b"WAVE" + form + b"data" + len(sound).to_bytes(4, "little") + sound
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def film() -> bytes:
    """The boxes of a video."""
    boxes = ((b"ftyp", b"isom\0\0\2\0isomiso2mp41"), (b"moov", b"\0\0\0\x08mvhd" * 4), (b"mdat", bytes(range(256)) * 4))
    return b"".join((len(content) + 8).to_bytes(4) + name + content for name, content in boxes)


MARKDOWN = "# The pier\n\n" + "\n\n".join(
    f"> {words}\n\n*{words[:30]}* [link](https://pier.example) &mdash; `code` ~~{words[:20]}~~[^1]" for words in WORDS
)

KINDS: dict[str, Callable[[], bytes]] = {
    **{one.name: one.read_bytes for one in sorted(DOCUMENTS.iterdir()) if one.suffix in {".pdf", ".docx", ".odt", ".rtf", ".fodt"}},
    "a.html": lambda: page(" ".join(WORDS)).encode(),
    "legacy.html": lambda: page(WORDS[2]).replace("utf-8", "windows-1251").encode("cp1251", "replace"),
    "a.mhtml": lambda: mail(is_page=True),
    "a.eml": lambda: mail(is_page=False),
    "a.md": MARKDOWN.encode,
    "a.txt": "\n".join(WORDS).encode,
    "utf16.txt": lambda: "\n".join(WORDS).encode("utf-16"),
    "koi8.txt": lambda: WORDS[2].encode("koi8-r", "replace"),
    "a.warc.gz": warc,
    "a.warc": plain_warc,
    "whole.warc.gz": lambda: gzip.compress(plain_warc()),
    "a.wacz": lambda: zipped({"datapackage.json": b"{}", "archive/a.warc.gz": warc(), "archive/b.warc": plain_warc()}),
    "stored.wacz": lambda: zipped({"datapackage.json": b"{}", "archive/a.warc.gz": warc()}, zipfile.ZIP_STORED),
    **{f"a.{form}": partial(cues, form) for form in ("srt", "vtt", "sbv", "ass", "lrc", "sub", "ttml")},
    "a.json": recognised,
    "a.png": png,
    "a.wav": wave,
    "a.mp4": film,
}
"""Files to mutate, by their names; the name tells the kind."""

STRANGE = (
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [<!ENTITY e 'e'>]>", b"{\\rtf1", b"%PDF-1.7\n", b"PK\3\4",
    b"PK\5\6", b"\x1f\x8b\x08", b"WARC/1.0\r\n", b"\r\n\r\n", b"Content-Length: 99999999999\r\n", b"Content-Encoding: gzip\r\n",
    b"Transfer-Encoding: chunked\r\n", b"--x\r\n", b"<iframe src=cid:frame>", b"&#x110000;", b"<del>", b"</p>" * 300, b"<div>" * 3000,
    b"[" * 3000, b"{" * 3000, b"( " * 3000, b"\\'ff" * 300, b"\xe2\x80\xae", b"00:00:00,000 --> 99:99:99,999\n",
    b" obj <</Length 999999999>> stream",
)  # fmt: skip
OTHER_NAMES, NESTED = 0.1, 0.05
"""Parts of the files that have the name of another kind, and that are packed into zip files within each other."""

LIES = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\1\0\0\0", b"\0\0\0\1")


def mutated(name: str, content: bytes, chance: random.Random, others: dict[str, bytes]) -> tuple[str, bytes]:
    """A name and the bytes with one to five things done to them."""
    out = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        out = bytearray(_change(bytes(out), chance, others))
    suffix = name[name.index(".") :]
    if chance.random() < OTHER_NAMES:
        suffix = chance.choice([one[one.index(".") :] for one in others])
    if chance.random() < NESTED:
        inner = bytes(out)
        for _ in range(chance.randrange(1, 4)):
            inner = zipped({chance.choice([f"a{suffix}", "word/document.xml", "content.xml", "archive/a.warc", "mimetype"]): inner})
        out = bytearray(inner)
    return suffix, bytes(out)


def _flip(out: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 8, 64)) if out else 0):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)


def _renumber(out: bytearray, chance: random.Random) -> None:
    digits = [place for place, byte in enumerate(out) if byte in b"0123456789"]
    for place in chance.sample(digits, min(len(digits), chance.randrange(1, 9))):
        out[place] = chance.choice(b"0123456789")


def _change(content: bytes, chance: random.Random, others: dict[str, bytes]) -> bytes:
    """The bytes with one thing done to them."""
    out = bytearray(content)
    at, other = sorted(chance.randrange(len(out) + 1) for _ in range(2))
    spliced = chance.choice(list(others.values()))
    start = chance.randrange(len(spliced) + 1)
    changes: tuple[tuple[slice, bytes], ...] = (
        (slice(at, min(other, at + chance.choice((4, 400, 40_000)))), b""),
        (slice(at, at), bytes(out[at : min(other, at + 4_000)]) * chance.choice((1, 1, 30))),
        (slice(at, at), chance.choice(STRANGE)),
        (slice(at, at + 4), chance.choice(LIES)),
        (slice(at, None), b""),
        (slice(at, at), spliced[start : start + chance.choice((40, 4_000, 100_000))]),
        (slice(0, min(at, 600)), b""),
    )
    match chance.randrange(len(changes) + 2):
        case 0:
            _flip(out, chance)
        case 1:
            _renumber(out, chance)
        case number:
            place, put = changes[number - 2]
            out[place] = put
    return bytes(out)


def main() -> None:
    """Make the files, read them, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--files", type=int, default=3_000)
    parser.add_argument("--batch", type=int, default=150)
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--keep", type=Path, help="Folder that files are kept in which did not pass.")
    given = parser.parse_args()
    seeds = {name: KINDS[name]() for name in given.kinds or KINDS}
    others = {name: make() for name, make in KINDS.items()}
    chance = random.Random(given.seed)  # noqa: S311 -- the same files each time
    told: Counter[str] = Counter()
    wrong: list[str] = []
    slowest, own, readers, started = 0.0, 0.0, 0.0, time.monotonic()
    for first in range(0, given.files, given.batch):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            names = list(seeds)
            for number in range(first, min(first + given.batch, given.files)):
                name = names[number % len(names)]
                suffix, content = mutated(name, seeds[name], chance, others)
                (folder / f"{number:05}{suffix}").write_bytes(content)
            result = read_batch(folder)
            told += result[0]
            wrong += result[1]
            slowest, own, readers = max(slowest, result[2]), max(own, result[3]), max(readers, result[4])
            for line in result[1] if given.keep else ():
                keep(line, folder, given.keep)
        print(f"{min(first + given.batch, given.files):,} files, {sum(told.values()):,} outcomes, {len(wrong)} wrong", flush=True)
    print(f"{given.files:,} mutated files of {len(seeds)} kinds in {time.monotonic() - started:.0f} s: {dict(told)}")
    print(f"slowest {slowest:.1f} s; peak memory {own:.0f} MB of the process that hands them in, {readers:.0f} MB of a reader")
    print("\n".join(wrong))
    raise SystemExit(bool(wrong))


def read_batch(folder: Path) -> tuple[Counter[str], list[str], float, float, float]:
    """Outcomes by kind, those that are wrong, seconds of the slowest, and megabytes of the two processes."""
    command = [sys.executable, "-c", READ, str(folder), str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or not lines or not isinstance(lines[-1], dict):
        return Counter(), [f"the process ended with {done.returncode} after {lines[-1:]}: {done.stderr[-2_000:]}"], 0, 0, 0
    end = lines.pop()
    told: Counter[str] = Counter()
    wrong = [f"forbidden act: {act}" for act in end["acts"]]
    for name, kind, sentence, seconds in lines:
        told["documents" if kind == "NoneType" else _kind_of(sentence)] += 1
        is_sentence = sentence.endswith(".") and "\n" not in sentence and sentence.isprintable()
        hangs = seconds > 2 * SECONDS or "took longer" in sentence
        if (sentence and not is_sentence) or hangs or _kind_of(sentence) in {"acts", "broken readers"}:
            wrong.append(f"{Path(name).name} after {seconds:.1f} s: {sentence}")
    seen = {Path(name.rpartition(" in ")[2]).name for name, *_ in lines}
    wrong += [f"{one.name}: nothing was said of it" for one in folder.iterdir() if one.name not in seen]
    if end["readers"] > MOST_MEMORY or end["own"] > MOST_OWN:
        wrong.append(f"{end['own']:.0f} MB of memory were taken, and {end['readers']:.0f} by a reader")
    return told, wrong, max((line[3] for line in lines), default=0.0), end["own"], end["readers"]


SIGNS = {
    "asked for what no document needs": "acts",
    "broke down": "broken readers",
    "took longer": "hangs",
    "needs more memory": "too much memory",
    "): it seems to be damaged": "errors of libraries",
}
"""What sentences say of how a file ended, and how that is counted."""


def _kind_of(sentence: str) -> str:
    return next((kind for sign, kind in SIGNS.items() if sign in sentence), "sentences")


def keep(line: str, folder: Path, place: Path) -> None:
    """Keep the file that a line of what is wrong speaks of."""
    file = folder / line.partition(" ")[0].rstrip(":")
    if file.is_file():
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)


if __name__ == "__main__":
    main()
