"""Documents on their way in, and what may go wrong on it: real commands, a real server on loopback."""

import gzip
import io
import json
import shutil
import socket
import sqlite3
import zipfile
from pathlib import Path

import pytest
from loopback import Answer, Site, answer, page, redirect
from warcio.archiveiterator import ArchiveIterator

from .conftest import Command

pytestmark = pytest.mark.every_store

QUOTE = "the night ferry will not run before the pier is repaired"
ARTICLE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ferry stays in port</title>
<meta property="og:site_name" content="Harbour Post"><meta name="author" content="Aida Serik">
<meta property="article:published_time" content="2024-03-04T09:00:00Z"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/weather">Weather</a></li></ul></nav>
<article><h1>Ferry stays in port</h1>
<p>The harbour office said on 3 March that “the night ferry will not run before the pier is repaired”, and that tickets
bought for April are paid back at the quay.</p>
<p>Captains answered that the pier is sound, and that nobody from the office had come to look at it since last autumn.
They want the council to send an engineer of its own before the summer timetable is printed.</p>
<p>The council meets on Thursday. Its spokesman would not say whether an engineer is to be sent, nor who would pay.</p>
</article><section class="comments"><p>First comment: nonsense.</p></section></body></html>"""


def listed(registry: Path) -> dict[str, bytes]:
    """All that a registry's folder holds, but for what is derived or kept open."""
    return {
        str(path.relative_to(registry)): path.read_bytes()
        for path in registry.rglob("*")
        if path.is_file() and ".cache" not in path.parts and not path.name.endswith(("-wal", "-shm"))
    }


def events(registry: Path) -> int:
    with sqlite3.connect(registry / "registry.db") as connection:
        (count,) = connection.execute("SELECT count(*) FROM history").fetchone()
    return int(count)


def test_an_address_is_fetched_and_kept_with_all_that_was_said(claimreg: Command, site: Site, registry: Path) -> None:
    site.routes["/old"] = redirect("/ferry")
    site.routes["/ferry"] = page(ARTICLE)
    done = claimreg("source", "add", "--allow-private", site.url("/old"), "--json")
    assert done.code == 0, done.stderr
    source = done.json
    assert source["title"] == "Ferry stays in port"
    assert (source["publisher"], source["author"], source["published_at"], source["lang"]) == (
        "Harbour Post", "Aida Serik", "2024-03-04", "en",
    )  # fmt: skip
    capture = source["capture"]
    assert (capture["url"], capture["reached_url"], capture["status"]) == (site.url("/old"), site.url("/ferry"), 200)
    assert ["Content-Type", "text/html; charset=utf-8"] in capture["headers"]
    assert capture["media_type"] == "text/html"
    assert capture["tool"].startswith("claimreg/")
    assert "trafilatura" in capture["method"]
    blobs = {path.name: path.read_bytes() for path in (registry / "captures").glob("*/*")}
    assert blobs[capture["sha256"]] == ARTICLE.encode()
    assert QUOTE in blobs[capture["text_sha256"]].decode()
    assert "comment" not in blobs[capture["text_sha256"]].decode()
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(blobs[capture["warc_sha256"]]), check_digests="raise")]
    assert kinds.count("response") == kinds.count("request") == 2
    assert claimreg("verify").code == 0


def test_the_same_address_is_one_source(claimreg: Command, site: Site) -> None:
    site.routes["/ferry"] = page(ARTICLE)
    site.routes["/old"] = redirect("/ferry")
    for path in ("/ferry", "/ferry", "/ferry#top", "/old"):
        assert claimreg("source", "add", "--allow-private", site.url(path)).code == 0
    assert len(claimreg("source", "list", "--json").json) == 1
    assert len(claimreg("show", "S1", "--json").json["capture"]["id"]) == 2


def test_a_quote_is_found_at_an_address_and_nothing_is_recorded(claimreg: Command, site: Site, registry: Path) -> None:
    site.routes["/ferry"] = page(ARTICLE)
    done = claimreg("check", QUOTE, "--in", site.url("/ferry"), "--json")
    assert (done.code, done.json["found"]) == (0, True)
    assert not registry.exists()
    done = claimreg("add", "No ferry at night", "--by", "Harbour office", "--quote", QUOTE, "--source", site.url("/ferry"))
    assert "link L1 exact" in done.stdout
    assert claimreg("show", "S1", "--json").json["url"] == site.url("/ferry")


def changed(text: str) -> str:
    return ARTICLE.replace("<h1>Ferry stays in port</h1>", f"<h1>Ferry stays in port</h1><p>{text}</p>")


def test_recapture_shows_what_changed_and_finds_the_links_again(claimreg: Command, site: Site) -> None:
    site.routes["/ferry"] = page(ARTICLE)
    claimreg("add", "No ferry at night", "--by", "Harbour office", "--quote", QUOTE, "--source", site.url("/ferry"))
    claimreg("add", "The pier is sound", "--by", "Captains", "--quote", "the pier is sound", "--source", "S1")
    claimreg("edit", "L1", "--state", "confirmed")
    done = claimreg("source", "recapture", "S1")
    assert (done.code, "is as it was" in done.stdout) == (0, True)

    site.routes["/ferry"] = page(changed("Corrected on 5 March: an earlier form of this page had another date in it, as readers told us."))
    done = claimreg("source", "recapture", "S1")
    assert done.code == 0, done.stderr
    assert any(line.startswith("+ Corrected on 5 March") for line in done.lines)
    assert [line.split("\t")[:2] for line in done.lines if line.startswith("L")] == [["L1", "moved"], ["L2", "moved"]]

    site.routes["/ferry"] = page(ARTICLE.replace("will not run before", "will run before").replace("that the pier is sound, and", ""))
    done = claimreg("source", "recapture", "--all", "--json")
    assert [link["anchoring"] for link in done.json[0]["links"]] == ["altered", "gone"]
    assert [new["kind"] for new in done.json[0]["links"][0]["new"]] == ["altered"]

    shown = claimreg("show", "C1", "--json").json["attributions"][0]["links"]
    assert [(link["kind"], link["state"]) for link in shown] == [("altered", "suggested")]
    assert "only in the capture of" in claimreg("show", "C2").stdout
    assert claimreg("show", "L1", "--json").json["state"] == "confirmed"
    assert claimreg("show", "S1", "--json").json["captures"] == 3
    assert claimreg("verify").code == 0


def test_recapture_from_a_file_and_of_what_has_no_address(claimreg: Command, notice: Path, tmp_path: Path) -> None:
    claimreg("add", "No ferry at night", "--by", "Harbour office", "--quote", QUOTE, "--source", notice)
    done = claimreg("source", "recapture", "S1")
    assert (done.code, done.stderr.count("\n")) == (2, 1)
    assert "--from FILE" in done.stderr
    later = tmp_path / "later.txt"
    later.write_text("Preface.\n" + notice.read_text("utf-8"), "utf-8")
    done = claimreg("source", "recapture", "S1", "--from", later)
    assert "L1\tmoved\tL2" in done.stdout
    assert claimreg("source", "recapture", "S1", "--all").code == 2
    assert claimreg("source", "recapture").code == 2


def test_recapture_goes_on_after_a_page_that_cannot_be_had(claimreg: Command, site: Site) -> None:
    site.routes.update({"/a": page(ARTICLE), "/b": page(changed("Another page of the same paper, with a line of its own in it."))})
    claimreg("source", "add", site.url("/a"), site.url("/b"))
    del site.routes["/a"]
    done = claimreg("source", "recapture", "--all")
    assert done.code == 1
    assert "404" in done.stderr
    assert "S2: its text is as it was" in done.stdout


SECRET = ("Secret title", "Secret publisher", "Secret author", "secret.example", "2024-03-04", "secret-name.txt")


def test_a_withheld_source_is_named_nowhere(claimreg: Command, notice: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret-name.txt"
    shutil.copy(notice, secret)
    details = (
        "--title",
        SECRET[0],
        "--publisher",
        SECRET[1],
        "--author",
        SECRET[2],
        "--url",
        f"https://{SECRET[3]}/x",
        "--published",
        SECRET[4],
    )
    assert claimreg("source", "add", secret, *details, "--withhold", "a source at risk").code == 0
    claimreg("add", "No ferry at night", "--by", "Harbour office", "--quote", QUOTE, "--source", "S1")
    told = []
    for form in ("terminal", "md", "json"):
        told.append(claimreg("report", "--format", form).stdout)
        assert "a source at risk" in told[-1]
        assert QUOTE[:20] in told[-1]
    told += [claimreg("source", "list", "--format", form).stdout for form in ("table", "json", "ndjson", "csv", "md")]
    told += [claimreg(*command).stdout for command in (("show", "S1"), ("show", "S1", "--json"), ("source", "show", "S1"))]
    told += [claimreg(*command).stdout for command in (("show", "C1", "--json"), ("show", "K1"), ("show", "K1", "--json"), ("history",))]
    told += [claimreg("history", "S1", "--json").stdout, claimreg("history", "K1", "--json").stdout]
    bundle = tmp_path / "case.zip"
    assert claimreg("export", "--bundle", bundle).code == 0
    with zipfile.ZipFile(bundle) as archive:
        told += [archive.read(name).decode("utf-8", "replace") + name for name in archive.namelist()]
    sha256 = claimreg("source", "list", "--reveal", "--json").json[0]["capture"]["sha256"]
    for text in told:
        for word in (*SECRET, sha256):
            assert word not in text
    assert SECRET[0] in claimreg("source", "show", "S1", "--reveal").stdout
    assert SECRET[0] in claimreg("history", "S1", "--reveal").stdout
    assert claimreg("edit", "S1", "--withhold", "").code == 0
    assert SECRET[0] in claimreg("report", "--format", "md").stdout


def slow(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        if connection.gettimeout() == 0:
            return
        import time

        time.sleep(0.1)


def nested() -> bytes:
    return b"<html><body>" + b"<div>" * 200_000 + b"<p>deep</p>" + b"</div>" * 200_000


def zeros(size: int) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))
    return packed.getvalue()


def zipped(name: str, content: bytes, **others: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        for other, text in others.items():
            archive.writestr(other, text)
    return packed.getvalue()


def harmful(kind: str, site: Site, folder: Path) -> str:
    """What is handed to `source add`: an address or a file that is not to be trusted."""
    routes: dict[str, Answer] = {
        "slow": slow,
        "truncated": answer(b"half of it", Content_Type="text/plain", Content_Length="1000"),
        "loop": redirect("/loop"),
        "missing": answer(b"gone", "404 Not Found"),
        "bomb": answer(zeros(64 << 20), Content_Type="text/plain", Content_Encoding="gzip"),
        "to loopback": redirect(site.url("/fine")),
        "to a private network": redirect("http://10.0.0.1/"),
        "to the cloud's own": redirect("http://169.254.169.254/latest/meta-data/"),
        "to a file": redirect("file:///etc/passwd"),
        "picture": answer(b"\x89PNG\r\n\x1a\n" + bytes(200), Content_Type="image/png"),
    }
    if kind in routes:
        site.routes["/" + kind.replace(" ", "-")] = routes[kind]
        site.routes["/loop"] = redirect("/loop")
        return site.url("/" + kind.replace(" ", "-"))
    contents = {
        "zip-slip.wacz": zipped("archive/../../../evil.warc", b"WARC/1.1\r\n\r\n", **{"datapackage.json": b"{}"}),
        "absolute.wacz": zipped("/etc/evil.warc", b"WARC/1.1\r\n\r\n", **{"datapackage.json": b"{}"}),
        "bomb.docx": zipped("word/document.xml", bytes(64 << 20), **{"[Content_Types].xml": b"<Types/>"}),
        "bomb.txt": b"x" * (3 << 20),
        "empty.txt": b" \n",
        "broken.pdf": b"%PDF-1.7\nnothing of a PDF\n%%EOF",
        "program.exe": b"MZ" + bytes(300),
    }
    if kind in contents:
        path = folder / kind
        path.write_bytes(contents[kind])
        return str(path)
    return kind


HARMFUL = (
    "slow", "truncated", "loop", "missing", "bomb", "to loopback", "to a private network", "to the cloud's own", "to a file",
    "zip-slip.wacz", "absolute.wacz", "bomb.docx", "bomb.txt", "empty.txt", "broken.pdf", "program.exe",
    "file:///etc/passwd", "ftp://example.org/x", "http://", "http://127.0.0.1:1/", "no-such-file.pdf",
)  # fmt: skip


@pytest.mark.parametrize("kind", HARMFUL)
def test_what_is_harmful_is_refused_in_a_sentence_and_leaves_nothing(
    claimreg: Command, site: Site, registry: Path, notice: Path, tmp_path: Path, kind: str
) -> None:
    claimreg("source", "add", notice)
    site.routes["/fine"] = page(ARTICLE)
    reference = harmful(kind, site, tmp_path)
    before, recorded = listed(registry), events(registry)
    elsewhere = sorted(tmp_path.rglob("*"))
    done = claimreg("source", "add", reference, "--timeout", "1.5", "--max-size", "2")
    assert done.code == 1, done.stdout + done.stderr
    assert done.stdout == ""
    assert done.stderr.strip().count("\n") == 0, done.stderr
    assert done.stderr.strip().endswith(".")
    assert "Traceback" not in done.stderr
    assert listed(registry) == before
    assert events(registry) == recorded
    assert sorted(tmp_path.rglob("*")) == elsewhere


def test_deep_nesting_gives_an_answer(claimreg: Command, tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_bytes(nested())
    done = claimreg("source", "add", path, "--timeout", "20")
    assert done.code in (0, 1)
    assert done.stderr.strip().count("\n") <= 2
    assert "Traceback" not in done.stderr


def test_a_redirect_to_a_private_address_may_be_allowed(claimreg: Command, site: Site) -> None:
    site.routes.update({"/a": redirect("/b"), "/b": page(ARTICLE)})
    refused = claimreg("source", "add", site.url("/a"))
    assert (refused.code, "--allow-private" in refused.stderr) == (1, True)
    assert claimreg("source", "add", site.url("/a"), "--allow-private").code == 0


def test_a_wrong_charset_is_seen_through(claimreg: Command, site: Site, registry: Path) -> None:
    words = "Портовая служба сообщила, что ночной паром не пойдёт, пока не починят причал, и билеты на апрель примут обратно."
    text = f"<html><head><title>Паром</title></head><body><article><p>{words}</p><p>{words[::-1]}</p></article></body></html>"
    site.routes["/ferry"] = answer(text.encode("cp1251"), Content_Type="text/html; charset=utf-8")
    assert claimreg("source", "add", site.url("/ferry")).code == 0
    assert claimreg("check", words, "--in", "S1").code == 0
    del registry


def test_a_folder_is_added_in_one_go_and_bad_files_cost_no_good_one(claimreg: Command, notice: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clippings"
    (folder / "more").mkdir(parents=True)
    shutil.copy(notice, folder / "notice.txt")
    (folder / "more" / "page.html").write_text(ARTICLE, "utf-8")
    (folder / "more" / "broken.pdf").write_bytes(b"%PDF-1.7 no")
    (folder / ".hidden.txt").write_text("hidden", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    done = claimreg("source", "add", folder)
    assert done.code == 1
    assert [line.split(":")[0] for line in done.lines] == ["Stored source S1", "Stored source S2"]
    assert "broken.pdf" in done.stderr
    assert "3 documents: 2 new, 0 there already, 1 could not be read." in done.stderr
    done = claimreg("source", "add", folder / "notice.txt", folder / "more", "--json")
    assert len(done.json) == 2
    assert "0 new, 2 there already" in done.stderr
    done = claimreg("source", "add", str(folder / "**" / "*.html"))
    assert (done.code, "there already" in done.stdout) == (0, True)
    assert claimreg("source", "add", str(folder / "*.xyz")).code == 1
    assert claimreg("source", "add", folder, "--title", "One title for all").code == 2


def test_a_dry_run_leaves_nothing(claimreg: Command, site: Site, registry: Path) -> None:
    site.routes["/ferry"] = page(ARTICLE)
    done = claimreg("source", "add", site.url("/ferry"), "--dry-run")
    assert done.stdout.startswith("Would store source S1: Ferry stays in port")
    assert not registry.exists()


def test_an_encoding_can_be_told(claimreg: Command, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes("Паром".encode("koi8-r"))
    assert claimreg("source", "add", path, "--encoding", "koi8-r").code == 0
    assert claimreg("source", "open", "S1").stdout == "Паром\n"
    assert claimreg("source", "add", path, "--encoding", "klingon").code == 2


def test_open_shows_the_text_and_earlier_captures(claimreg: Command, notice: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.txt"
    later.write_text("Another text altogether, with \x1b[31mcolours\x1b[0m in it.", "utf-8")
    claimreg("source", "add", notice)
    claimreg("source", "recapture", "S1", "--from", later)
    assert claimreg("source", "open", "S1").stdout == "Another text altogether, with ␛[31mcolours␛[0m in it.\n"
    assert claimreg("source", "open", "S1", "--capture", "K1").stdout == notice.read_text("utf-8")
    assert claimreg("source", "open", "S1", "--capture", "K9").code == 2
    assert claimreg("source", "open", "S9").code == 4


def test_times_of_a_transcript_are_shown_with_its_quotes(claimreg: Command, tmp_path: Path) -> None:
    path = tmp_path / "meeting.srt"
    path.write_text(
        "1\n00:00:01,000 --> 00:00:04,000\nGood evening to all of you.\n\n"
        "2\n00:01:02,500 --> 00:01:06,000\nI say that the night ferry will not run\n\n"
        "3\n00:01:06,000 --> 00:01:09,000\nbefore the pier is repaired.\n",
        "utf-8",
    )
    done = claimreg("add", "No ferry at night", "--by", "Harbour office", "--quote", QUOTE, "--source", path)
    assert "link L1" in done.stdout
    assert "00:01:02" in claimreg("show", "C1").stdout
    assert "00:01:02" in claimreg("report", "--format", "md").stdout.replace("\\", "")


def test_the_help_names_what_can_be_read(claimreg: Command) -> None:
    done = claimreg("source", "add", "-h")
    assert all(word in done.stdout for word in ("PDF", "Word", "WARC", "--allow-private", "--max-size", "--timeout"))


def test_json_says_all_that_is_known_of_a_capture(claimreg: Command, notice: Path) -> None:
    capture = json.loads(claimreg("source", "add", notice, "--json").stdout)["capture"]
    assert {"sha256", "text_sha256", "size", "length", "media_type", "location", "method", "tool", "encoding", "retrieved_at"} <= set(
        capture
    )
    assert (capture["encoding"], capture["location"]) == ("utf-8", "notice.txt")


def test_when_a_file_was_saved_is_what_a_person_says_else_what_it_says_itself(claimreg: Command, tmp_path: Path) -> None:
    mark = "<!-- Saved from https://harbour.example/ at 2019-03-05T10:00:00Z using monolith v2.8.1 -->"
    for name, content in {"a.html": mark + ARTICLE, "b.html": mark + ARTICLE.replace("April", "May"), "c.txt": QUOTE}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    own = claimreg("source", "add", "a.html")
    assert "The document says that it was saved on 5 March 2019, 10:00 UTC; where that is wrong, --retrieved says otherwise." in own.stderr
    assert "saved on" not in claimreg("source", "add", "b.html", "--retrieved", "6.3.2019", "--dates", "dmy").stderr
    assert "saved on" not in claimreg("source", "add", "c.txt").stderr
    again = claimreg("source", "add", "c.txt", "--retrieved", "March 2019")
    assert (again.code, "The time of K3 stays unknown, as it was recorded." in again.stderr) == (0, True)
    captures = [claimreg("show", one, "--json").json["capture"]["retrieved_at"] for one in ("S1", "S2")]
    assert captures == ["2019-03-05T10:00:00Z", "2019-03-06"]


def test_what_is_fetched_now_was_not_saved_earlier(claimreg: Command, tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text(QUOTE, encoding="utf-8")
    fetched = claimreg("source", "add", "https://harbour.example/", "--retrieved", "2019")
    told = "claimreg: https://harbour.example/ is fetched now; --retrieved tells of files that were saved earlier.\n"
    assert (fetched.code, fetched.stderr) == (2, told)
    assert claimreg("source", "add", "c.txt", "--retrieved", "2999").code == 2


def test_the_new_form_of_a_source_may_have_been_saved_earlier_too(claimreg: Command, tmp_path: Path) -> None:
    for name in ("old.txt", "new.txt"):
        (tmp_path / name).write_text(f"{QUOTE}, says the {name}", encoding="utf-8")
    claimreg("source", "add", "old.txt")
    done = claimreg("source", "recapture", "S1", "--from", "new.txt", "--retrieved", "2.5.2019", "--dates", "dmy", "--json")
    assert done.code == 0
    assert claimreg("show", "S1", "--json").json["capture"]["retrieved_at"] == "2019-05-02"
    fetched = claimreg("source", "recapture", "S1", "--retrieved", "2019")
    assert (fetched.code, fetched.stderr) == (
        2,
        "claimreg: The source is fetched now; --retrieved tells of files that were saved earlier.\n",
    )
