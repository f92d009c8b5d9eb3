"""An attribution tells when its quote was last looked for; what was never looked for is not the same as what was not found."""

import json
from pathlib import Path
from typing import Any

import pytest

from claimreg.linker import LayeredLinker

from .conftest import Command

pytestmark = pytest.mark.every_store

NOT_THERE = "a herd of unicorns crossed the harbour at noon"


def looked(command: Command, attribution: str = "A1") -> dict[str, Any] | None:
    events = [event for event in command("history", "--json").json if event["object_id"] == attribution]
    told: dict[str, Any] | None = events[-1]["after"]["looked"]
    return told


def unverified(command: Command) -> dict[str, list[str]]:
    told: dict[str, list[str]] = command("report", "--format", "json").json["unverified"]
    return told


def test_adding_with_a_source_tells_that_it_was_looked_for_in_one_event(ferry: Command) -> None:
    told = looked(ferry)
    assert told is not None
    events = ferry("history", "--json").json
    assert told["method"] == LayeredLinker().name
    # The source and its capture were there when it was looked for, the attribution was not.
    assert told["head"] in [event["hash"] for event in events if event["object_id"].startswith("K")]
    assert [event["object_id"] for event in events].count("A1") == 1
    assert {event["group"] for event in events} == {1}


def test_linking_tells_it_once_and_again_when_there_is_something_new(ferry: Command, tmp_path: Path) -> None:
    assert ferry("add", "Unicorns crossed", "--by", "Aida Serik", "--quote", "unicorns").code == 0
    assert ferry("edit", "A2", "--quote", NOT_THERE).code == 0
    assert looked(ferry, "A2") is None
    ferry("link", "--all")
    first = looked(ferry, "A2")
    assert first is not None
    before = ferry("history").stdout
    ferry("link", "--all")
    ferry("link")
    assert ferry("history").stdout == before
    (tmp_path / "other.txt").write_text("Something else entirely was said of the ferry.\n")
    ferry("source", "add", tmp_path / "other.txt")
    ferry("link")
    second = looked(ferry, "A2")
    assert second is not None
    assert second["head"] != first["head"]


def test_without_a_source_a_quote_is_looked_for_in_all_that_is_stored(ferry: Command) -> None:
    done = ferry("add", "The pier is sound", "--by", "Aida Serik", "--quote", "the ticket hall stays shut")
    assert "link L2 in S1 exact" in done.stdout
    told = looked(ferry, "A2")
    assert told is not None
    assert told["inside"] == []
    assert (looked(ferry) or {})["inside"] == ["S1"]
    done = ferry("attribute", "C1", "--by", "Aida Serik", "--quote", NOT_THERE)
    assert "quote not found" in done.stdout
    assert "not found in any stored source" in done.stderr
    shown = ferry("report", "C1", "--format", "md").stdout
    assert "Looked for in all stored sources on" in shown


def test_what_was_looked_for_everywhere_stays_so_when_one_more_source_is_looked_in(ferry: Command, tmp_path: Path) -> None:
    ferry("add", "Unicorns crossed", "--by", "Aida Serik", "--quote", NOT_THERE)
    (tmp_path / "other.txt").write_text("Something else entirely was said of the ferry.\n")
    ferry("source", "add", tmp_path / "other.txt")
    ferry("link", "A2", "--source", "S2")
    assert (looked(ferry, "A2") or {})["inside"] == []
    (tmp_path / "third.txt").write_text("A third thing was said of the harbour and of its office.\n")
    ferry("source", "add", tmp_path / "third.txt")
    ferry("link", "A2", "--source", "S2")
    assert (looked(ferry, "A2") or {})["inside"] == ["S2"]
    ferry("link", "A2", "--source", "S1")
    assert (looked(ferry, "A2") or {})["inside"] == ["S2", "S1"]
    assert "Looked for only in S2, S1 on" in ferry("report", "C2", "--format", "md").stdout


def test_words_that_cannot_be_looked_for_were_not(ferry: Command) -> None:
    assert ferry("add", "Yes", "--by", "Aida Serik", "--quote", "no").code == 0
    ferry("link")
    assert looked(ferry, "A2") is None
    assert "Nobody has looked for these words yet." in ferry("report", "C2", "--format", "md").stdout


def test_it_is_told_who_rejected_all_places(ferry: Command) -> None:
    for user in ("ann", "bob", "cem"):
        state = {"ann": "rejected", "bob": "suggested", "cem": "rejected"}[user]
        assert ferry("edit", "L1", "--state", state, env={"CLAIMREG_USER": user}).code == 0
    for form in ("terminal", "md", "html"):
        shown = " ".join(ferry("report", "--format", form).stdout.split())
        assert "These words were found, and all places were rejected by cem." in shown, form
        assert "Found, and all places rejected:" in shown, form
        assert "not found" not in shown, form
    assert ferry("show", "C1", "--json").json["attributions"][0]["rejected_by"] == ["cem"]


def test_a_dry_run_tells_nothing(ferry: Command) -> None:
    ferry("add", "Unicorns crossed", "--by", "Aida Serik", "--quote", NOT_THERE)
    before = ferry("history").stdout
    ferry("link", "--all", "--dry-run")
    assert ferry("history").stdout == before


def test_other_words_were_not_looked_for_until_they_are(ferry: Command) -> None:
    assert ferry("edit", "A1", "--source", "").code == 0
    assert looked(ferry) is not None
    assert ferry("edit", "A1", "--quote", "the pier is sound").code == 0
    assert looked(ferry) is None
    assert ferry("edit", "A1", "--source", "S1").code == 0
    assert looked(ferry) is not None


def test_an_edit_that_changes_nothing_records_nothing(ferry: Command) -> None:
    before = ferry("history").stdout
    assert ferry("edit", "A1", "--source", "S1").code == 0
    assert ferry("history").stdout == before


def test_a_recapture_tells_that_its_quotes_were_looked_for(ferry: Command, notice: Path) -> None:
    first = looked(ferry)
    notice.write_text("Corrected.\n" + notice.read_text("utf-8"), "utf-8")
    assert ferry("source", "recapture", "S1", "--from", notice).code == 0
    assert looked(ferry) != first


def test_a_report_tells_not_found_from_not_looked_for_and_rejected(ferry: Command) -> None:
    ferry("attribute", "C1", "--by", "Aida Serik", "--quote", "unicorns")
    ferry("edit", "A2", "--quote", NOT_THERE)
    assert (unverified(ferry)["not_found"], unverified(ferry)["not_looked_for"]) == ([], ["A2"])
    ferry("link")
    ferry("edit", "L1", "--state", "rejected")
    told = unverified(ferry)
    assert (told["not_found"], told["not_looked_for"], told["rejected"]) == (["A2"], [], ["A1"])


def test_where_there_is_no_source_nothing_could_be_looked_for(claimreg: Command) -> None:
    claimreg("add", "Unicorns crossed", "--by", "Aida Serik", "--quote", NOT_THERE)
    told = unverified(claimreg)
    assert (told["not_found"], told["not_looked_for"]) == ([], ["A1"])


def test_looking_again_does_not_stand_in_the_way_of_an_undo(ferry: Command, tmp_path: Path) -> None:
    assert ferry("review", "--confirm", "L1").code == 0
    (tmp_path / "other.txt").write_text("Something else entirely was said of the ferry.\n")
    ferry("source", "add", tmp_path / "other.txt")
    ferry("link", "--all")
    done = ferry("review", "--undo")
    assert done.code == 0, done
    assert "L1" in done.stdout


def test_what_a_bundle_brings_was_not_looked_for_here(ferry: Command, tmp_path: Path) -> None:
    ferry("export", "--bundle", tmp_path / "b.zip")
    other = ("--db", tmp_path / "other")
    assert ferry("import", tmp_path / "b.zip", *other).code == 0
    (event,) = [one for one in json.loads(ferry("history", "--json", *other).stdout) if one["object_id"] == "A1"]
    assert event["after"]["looked"] is None


@pytest.mark.parametrize("form", ["terminal", "md", "html", "json"])
def test_words_of_a_later_claimreg_are_shown_as_they_are(form: str) -> None:
    """A registry of a later schema is refused; should a word be met all the same, nothing breaks and nothing acts."""
    from claimreg.cli.context import rendered
    from claimreg.codec import from_document, to_document
    from claimreg.model import Attribution, Change, Claim, Link, Relation
    from claimreg.opening import bundled_case
    from claimreg.render import html, machine, markdown, terminal
    from claimreg.render import lines as plain
    from claimreg.render.labels import ENGLISH
    from claimreg.services.exchange.casefile import record_case
    from claimreg.services.reporting.report import ALL_SECTIONS, build_report
    from claimreg.services.reporting.views import claim_view
    from claimreg.store.memory import MemoryStore

    store = MemoryStore()
    with store.write(Change("ann", "2026-01-01T00:00:00Z", "demo")) as writer:
        record_case(writer, bundled_case(), LayeredLinker())
        for record_type, changes in (
            (Attribution, {"stance": "doubts"}),
            (Link, {"kind": "paraphrased", "state": "disputed", "flags": ["sarcasm"]}),
            (Relation, {"kind": "refines"}),
        ):
            for record in list(writer.find(record_type)):
                document = {**to_document(record), **changes}
                if record_type is Link:
                    document["words"] = [["moved", *word[1:]] for word in document["words"]]
                writer.put(from_document(record_type, document))
    report = build_report(store, store.find(Claim), "Case")
    if form == "terminal":
        shown = rendered(terminal.report_renderable(report, ENGLISH, ALL_SECTIONS))
    elif form == "md":
        shown = markdown.render_markdown(report, ENGLISH, ALL_SECTIONS)
    elif form == "html":
        shown = html.render_html(report, ENGLISH)
    else:
        shown = machine.dumps(machine.report_json(report, ALL_SECTIONS))
        lines = [line for view in report.claims for line in plain.claim_lines(claim_view(store, view.claim))]
        assert any("doubts" in line for line in lines)
        assert any("refines" in line for line in lines)
    for word in ("doubts", "paraphrased", "disputed", "sarcasm"):
        assert word in shown, word


def test_show_tells_in_a_pipe_what_is_known_of_a_quote_that_stands_nowhere(ferry: Command) -> None:
    ferry("attribute", "C1", "--by", "Aida Serik", "--quote", NOT_THERE)
    lines = ferry("show", "C1").lines
    assert [line.split("\t")[6:] for line in lines if line.startswith("A")] == [[], ["not-found"]]
    ferry("edit", "L1", "--state", "rejected")
    assert [line.split("\t")[6:] for line in ferry("show", "C1").lines if line.startswith("A1")] == [["rejected"]]
