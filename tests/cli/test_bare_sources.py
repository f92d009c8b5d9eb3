"""Commands on sources of which an address is known and nothing else: what they tell, and how one is captured at last."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from loopback import Site, page
from rich.console import Console

from claimreg import open_registry
from claimreg.render.listed import source_cells_for_people
from claimreg.render.terminal import source_renderable
from claimreg.services.recording.bare import record_bare_source
from claimreg.services.recording.sources import SourceDetails

from .conftest import NOTICE, Command

ADDRESS = "https://harbour.example/notice"
QUOTE = "the night ferry will not run"
TOLD = "S1 is not captured yet: `claimreg source recapture S1` fetches it."
PASSED_OVER = "1 source is not captured yet and was passed over: S1; `claimreg source recapture S1` fetches it."


def imported(registry: Path, address: str = ADDRESS, **details: str) -> None:
    """Record a source as an import does: its address and details, nothing fetched."""
    with open_registry(registry, user="tester") as opened, opened.write("import") as writer:
        record_bare_source(writer, SourceDetails(url=address, **details))


@pytest.fixture
def bare(registry: Path, claimreg: Command) -> Command:
    """The command on a registry with the source S1, which was not captured, and the statement A1 on claim C1 that names it."""
    imported(registry)
    done = claimreg(
        "add",
        "The night ferry is cancelled",
        "--by",
        "Harbour office",
        "--quote",
        QUOTE,
        "--lang",
        "en",
        "--source",
        "S1",
        "--case",
        "Ferry",
    )
    assert (done.code, done.stderr) == (0, f"{TOLD[:-1]}, and finds the quote in it.\n")
    assert "source S1, quote not looked for yet" in done.stdout
    return claimreg


def test_a_statement_may_name_it_by_its_address(bare: Command) -> None:
    done = bare("attribute", "C1", "--by", "City council", "--stance", "denies", "--source", ADDRESS, "--json")
    assert (done.code, done.stderr) == (0, f"{TOLD}\n")
    assert [one["source_id"] for one in done.json["attributions"]] == ["S1", "S1"]
    assert [one["links"] for one in done.json["attributions"]] == [[], []]


def test_listings_say_that_it_is_not_captured(bare: Command) -> None:
    (line,) = bare("source", "list").lines
    assert line.split("\t")[:2] == ["S1", ADDRESS]
    (told,) = bare("source", "list", "--format", "json").json
    assert (told["capture"], told["captures"], told["left_out"], told["attributions"]) == (None, 0, None, 1)
    header, row = bare("source", "list", "--format", "csv").lines
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["captures"], cells["sha256"], cells["media_type"]) == ("0", "", "")


def test_it_is_shown_as_not_captured(bare: Command) -> None:
    for command in (("source", "show", "S1"), ("show", "S1")):
        assert bare(*command).lines == [f"S1\t{ADDRESS}\t\t\t\t{ADDRESS}\tnot captured yet"]
    assert bare("show", "S1", "--json").json["capture"] is None
    assert bare("show", "C1", "--json").json["attributions"][0]["source_id"] == "S1"


@pytest.mark.parametrize(
    "command",
    [
        ("source", "open", "S1"), ("source", "open", "S1", "--original"), ("source", "get", "S1"), ("source", "get", "S1", "--warc"),
        ("source", "open", "S1", "--capture", "K1"), ("extract", "S1"), ("extract", "S1", "--add"), ("check", QUOTE, "--in", "S1"),
        ("check", QUOTE, "--in", ADDRESS),
    ],
)  # fmt: skip
def test_what_needs_its_text_says_how_it_is_captured(bare: Command, command: tuple[str, ...]) -> None:
    done = bare(*command)
    assert (done.code, done.stdout, done.stderr) == (1, "", f"claimreg: {TOLD}\n")


def test_searches_pass_it_over(bare: Command) -> None:
    for command in (("link",), ("link", "--all"), ("link", "--source", "S1")):
        done = bare(*command)
        assert done.code == 0
        assert PASSED_OVER in done.stderr.splitlines(), command
    assert bare("source", "search", "ferry").lines == []
    assert bare("source", "search", "ferry", "--source", "S1").lines == []
    # That it was not looked for is not that it was not found.
    assert "not found" not in bare("link").stderr
    assert bare("check", QUOTE).code == 3
    assert bare("search", "ferry").code == 0


def test_a_draft_says_that_it_could_not_be_read(bare: Command, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"The harbour office said: “{QUOTE} before the pier is repaired.”\n", encoding="utf-8")
    done = bare("proof", draft, "--in", "S1", "--json")
    assert (done.code, done.json["unread"]) == (1, [{"document": "S1", "reason": TOLD}])


def test_a_person_sees_it_in_words(bare: Command, registry: Path) -> None:
    assert bare("edit", "S1", "--publisher", "Harbour office").code == 0
    with open_registry(registry) as opened:
        (view,) = opened.report().sources
    shown = io.StringIO()
    Console(width=100, file=shown).print(source_renderable(view))
    assert shown.getvalue().splitlines()[2].strip().startswith("not captured yet · added on ")
    assert source_cells_for_people(view)[1] == f"{ADDRESS} (not captured yet)"


def test_reports_say_that_it_is_not_captured(bare: Command) -> None:
    assert bare("edit", "S1", "--publisher", "Harbour office").code == 0
    page = bare("report", "--case", "Ferry", "--format", "html").stdout
    assert "<dt>capture</dt><dd>not captured yet</dd>" in page
    assert "SHA-256" not in page
    footnote = next(one for one in bare("report", "--format", "md").lines if one.startswith("[^S1]"))
    assert "not captured yet" in footnote
    assert "SHA-256" not in footnote
    told = bare("report", "--format", "json").json
    assert [one["capture"] for one in told["sources"]] == [None]
    assert (told["unverified"]["not_found"], told["unverified"]["not_looked_for"]) == ([], ["A1"])
    assert "әлі сақталмаған" in bare("report", "--format", "html", "--lang", "kk").stdout
    assert "ещё не сохранено" in bare("report", "--format", "md", "--lang", "ru").stdout
    assert bare("timeline", "--case", "Ferry").code == 0


def test_withheld_it_is_told_as_little_as_any_other(bare: Command) -> None:
    assert bare("edit", "S1", "--withhold", "a witness").code == 0
    for command in (("source", "list"), ("show", "S1"), ("show", "S1", "--json"), ("report", "--format", "html"), ("history",), ("link",)):
        done = bare(*command)
        assert done.code == 0
        assert "harbour.example" not in done.stdout + done.stderr, command
    assert "withheld" in bare("source", "open", "S1").stderr
    assert bare("source", "open", "S1", "--reveal").stderr == f"claimreg: {TOLD}\n"
    assert bare("show", "S1", "--reveal", "--json").json["url"] == ADDRESS


def test_the_registry_is_whole_and_is_counted(bare: Command) -> None:
    assert bare("verify").code == 0
    assert bare("doctor").code == 0
    told = bare("stats", "--json").json
    assert (told["sources"], told["characters in sources"]) == (1, 0)


def test_a_file_is_its_first_capture_and_its_quotes_are_found(bare: Command, notice: Path) -> None:
    bare("attribute", "C1", "--by", "City council", "--quote", "Nobody said any of this", "--source", "S1")
    tried = bare("source", "recapture", "S1", "--from", notice, "--dry-run")
    assert tried.lines[0].startswith("S1: would be captured for the first time, as K1, ")
    assert bare("show", "S1", "--json").json["capture"] is None
    done = bare("source", "recapture", "S1", "--from", notice)
    assert (done.code, done.stderr) == (0, "")
    first, link = done.lines
    assert first.startswith("S1: captured for the first time, as K1, ")
    assert first.endswith("; 1 new link; not found there: A2.")
    assert link.startswith("L1\tsuggested\texact\t")
    assert bare("source", "open", "S1").stdout == NOTICE
    assert bare("source", "recapture", "S1", "--from", notice).lines == [
        f"S1: its text is as it was captured on {bare('show', 'S1', '--json').json['capture']['retrieved_at']}."
    ]


def test_a_program_is_told_of_its_first_links(bare: Command, notice: Path) -> None:
    (told,) = bare("source", "recapture", "S1", "--from", notice, "--json").json
    assert (told["source_id"], told["capture_id"], told["previous_capture_id"], told["links"]) == ("S1", "K1", None, [])
    assert ([one["attribution_id"] for one in told["found"]], told["not_found"]) == (["A1"], [])


def test_its_address_is_fetched_from_the_public_network_only(claimreg: Command, registry: Path, site: Site) -> None:
    site.routes["/notice"] = page(NOTICE, "text/plain; charset=utf-8")
    imported(registry, site.url("/notice"))
    assert claimreg("add", "No ferry", "--by", "Harbour office", "--quote", QUOTE, "--source", site.url("/notice")).code == 0
    assert site.requests == []
    refused = claimreg("source", "recapture", "S1")
    assert (refused.code, site.requests) == (1, [])
    assert "--allow-private" in refused.stderr
    done = claimreg("source", "recapture", "--all", "--allow-private")
    assert (done.code, len(site.requests)) == (0, 1)
    assert "1 new link" in done.stdout
    told = claimreg("show", "S1", "--json").json
    assert (told["capture"]["url"], told["links"]) == (site.url("/notice"), 1)


def test_adding_its_address_captures_it(claimreg: Command, registry: Path, site: Site, notice: Path) -> None:
    site.routes["/notice"] = page(NOTICE, "text/plain; charset=utf-8")
    imported(registry, site.url("/notice"), publisher="Harbour office")
    claimreg("add", "No ferry", "--by", "Harbour office", "--quote", QUOTE, "--source", "S1")
    # A file of the same bytes was there before: the address is S1 all the same.
    assert claimreg("source", "add", notice).stdout.startswith("Stored source S2: ")
    done = claimreg("source", "add", site.url("/notice"))
    assert done.stdout.startswith("Stored the first capture of source S1: K2, ")
    assert done.stdout.endswith("; 1 new link.\n")
    told = claimreg("show", "S1", "--json").json
    assert (told["publisher"], told["capture"]["length"], told["capture"]["status"]) == ("Harbour office", len(NOTICE), 200)
    assert [one["id"] for one in claimreg("source", "list", "--format", "json").json] == ["S1", "S2"]
    assert claimreg("verify").code == 0
    assert claimreg("source", "add", site.url("/notice")).stdout.startswith("Stored source S1 (there already): ")


def test_several_documents_are_counted_by_what_became_of_them(claimreg: Command, registry: Path, site: Site, notice: Path) -> None:
    site.routes["/notice"] = page("The pier was repaired in May.", "text/plain; charset=utf-8")
    imported(registry, site.url("/notice"))
    done = claimreg("source", "add", notice, site.url("/notice"))
    assert done.stderr.splitlines()[-1] == "2 documents: 1 new, 0 there already, 1 captured for the first time."


def test_it_travels_in_a_bundle(bare: Command, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    assert bare("export", "--bundle", bundle).code == 0
    assert bare("verify", bundle).code == 0
    with zipfile.ZipFile(bundle) as bag:
        records = next(bag.read(name) for name in bag.namelist() if name.endswith("records.ndjson")).decode().splitlines()
        assert not [name for name in bag.namelist() if "/captures/" in name]
    assert [one["id"] for one in map(json.loads, records) if one["id"].startswith(("S", "K"))] == ["S1"]
    there = ("--db", str(tmp_path / "there"))
    assert bare("import", bundle, *there).code == 0
    assert bare("show", "S1", "--json", *there).json["capture"] is None
    assert bare("verify", *there).code == 0


def test_many_that_were_passed_over_are_counted_in_one_sentence(claimreg: Command, registry: Path) -> None:
    claimreg("add", "The night ferry is cancelled", "--by", "Harbour office")
    for number in range(7):
        imported(registry, f"{ADDRESS}/{number}")
        claimreg(
            "add",
            f"Claim number {number} is unlike others {number * 7919}",
            "--by",
            "A",
            "--quote",
            QUOTE,
            "--source",
            f"S{number + 1}",
            "--yes",
        )
    told = claimreg("link").stderr.splitlines()
    begin, how = "S1, S2, S3, S4, S5 and 2 more", "`claimreg source recapture --all` fetches all that have an address."
    assert [one for one in told if "captured" in one] == [f"7 sources are not captured yet and were passed over: {begin}; {how}"]


def test_a_picture_is_told_to_have_no_words(bare: Command, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), (90, 120, 90)).save(tmp_path / "square.png")
    done = bare("source", "recapture", "S1", "--from", tmp_path / "square.png")
    assert done.code == 0
    assert done.stderr.startswith("S1 is a picture without text; ")
    assert bare("link").code == 0
