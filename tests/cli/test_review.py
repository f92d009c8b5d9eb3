"""The review at a real terminal: every key, small windows, hostile words, going away and coming back; and the flags for scripts."""

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .conftest import Command

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from terminal import Terminal

SOURCE = """Ferry timetable, notice of the harbour office

The harbour office said that the night ferry will not run before the pier is repaired.
The ferry carried 140 people in the storm, the captain told us, and nobody was hurt.
At noon a clerk told passengers that the ticket hall stays shut until Monday morning.
"""
SOURCE += "".join(f"Departure {number} of the day\n" for number in range(40))
SOURCE += "The office closes at six, and the last clerk locks the gate.\n"
QUOTES = {
    "The night ferry is cancelled": "the night ferry will not run before the pier is repaired",
    "The ticket hall is closed": "the ticket hall stays shut until Monday morning",
    "Ninety people were on board": "The ferry carried 90 people in the storm, the captain told us",
}
LINK_KEYS = "y confirm  n reject  e edit quote  o open source  s skip  u undo  ? help  q quit"

Start = Callable[..., Terminal]


@pytest.fixture
def desk(claimreg: Command, tmp_path: Path) -> Command:
    """Three claims with a link each; the third one is altered in a number. Two of the claims say nearly the same as a fourth one."""
    source = tmp_path / "notice.txt"
    source.write_text(SOURCE, encoding="utf-8")
    for text, quote in QUOTES.items():
        assert claimreg("add", text, "--by", "Harbour office", "--quote", quote, "--lang", "en", "--source", source).code == 0
    return claimreg


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Begin a review at a terminal."""
    with ExitStack() as running:

        def begin(*arguments: str, columns: int = 80, lines: int = 24, **env: str) -> Terminal:
            command = [sys.executable, "-m", "claimreg", "review", *arguments]
            surroundings = {**environment, "TERM": "xterm-256color", "EDITOR": "false", **env}
            return running.enter_context(Terminal(command, surroundings, tmp_path, columns=columns, lines=lines))

        yield begin


def states(desk: Command) -> dict[str, str]:
    claims = desk("list", "--json").json
    found = (link for claim in claims for one in desk("show", claim["id"], "--json").json["attributions"] for link in one["links"])
    return {link["id"]: link["state"] for link in found}


def test_what_is_asked_and_what_can_be_done_is_on_the_screen(desk: Command, start: Start) -> None:
    terminal = start()
    shown = terminal.wait_for("1 of 3 · link", LINK_KEYS)
    assert "C1  The night ferry is cancelled" in shown
    assert "A1  Harbour office  asserts" in shown
    assert "quote    the night ferry will not run before the pier is repaired" in shown
    assert "L1  word for word · score 100" in shown
    assert "in       S1  notice" in shown
    shown = terminal.press("yy", "L1 confirmed.", "2 of 3")
    # The second key came before the second link was on the screen.
    assert "1 confirmed" in shown
    shown = terminal.press("y", "3 of 3", "changed  140 → 90")
    assert "look at  number" in shown
    assert terminal.press("n", "L3 rejected.", "The end")
    terminal.press("q")
    assert terminal.ends() == 0
    assert b"2 confirmed, 1 rejected; nothing is left." in terminal.printed
    assert states(desk) == {"L1": "confirmed", "L2": "confirmed", "L3": "rejected"}


@pytest.mark.usefixtures("desk")
def test_the_terminal_is_left_as_it_was(start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    assert not terminal.typed_shows()
    terminal.press("q")
    assert terminal.ends() == 0
    assert terminal.typed_shows()
    assert terminal.printed.count(b"\x1b[?1049h") == terminal.printed.count(b"\x1b[?1049l") == 1
    assert terminal.printed.count(b"\x1b[?25l") == terminal.printed.count(b"\x1b[?25h")
    assert b"Nothing was decided; 3 left, `claimreg review` goes on." in terminal.printed


@pytest.mark.every_store
def test_an_interruption_leaves_the_terminal_and_keeps_what_was_decided(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    terminal.press("y", "L1 confirmed.")
    terminal.press("\x03")
    assert terminal.ends() == 130
    assert terminal.typed_shows()
    assert b"1 confirmed; 2 left" in terminal.printed
    assert states(desk)["L1"] == "confirmed"


def test_a_stopped_review_gives_the_terminal_back_and_goes_on(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    os.write(terminal.fd, b"\x1a")
    assert os.WIFSTOPPED(os.waitpid(terminal.process.pid, os.WUNTRACED)[1])
    terminal.settles()
    assert terminal.typed_shows()
    assert terminal.printed.endswith(b"\x1b[?25h\x1b[?1049l")
    terminal.process.send_signal(signal.SIGCONT)
    terminal.printed = b""
    while b"quit" not in terminal.printed:
        assert terminal.read_on(5.0)
    terminal.press("y", "L1 confirmed.")
    assert states(desk)["L1"] == "confirmed"


def test_a_terminal_that_goes_away_ends_it(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    terminal.press("y", "L1 confirmed.")
    os.close(terminal.fd)
    terminal.fd = os.open(os.devnull, os.O_RDONLY)
    assert terminal.process.wait(timeout=20) != 0
    assert states(desk) == {"L1": "confirmed", "L2": "suggested", "L3": "suggested"}


def test_skipped_links_come_at_the_end_and_the_next_time(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3", "L1")
    terminal.press("s", "Skipped", "2 of 3", "1 skipped")
    terminal.press("u", "Back to what you skipped.", "1 of 3", "L1")
    terminal.press("s", "2 of 3")
    terminal.press("y", "L2 confirmed.")
    shown = terminal.press("n", "L3 rejected.", "These are the ones that you skipped.")
    assert "3 of 3" in shown
    assert "C1  The night ferry" in shown
    terminal.press("s", "The end")
    terminal.press("q")
    assert terminal.ends() == 0
    assert b"1 confirmed, 1 rejected; 1 left" in terminal.printed
    again = start()
    again.wait_for("1 of 1", "C1  The night ferry")
    again.press("y", "The end")
    assert states(desk)["L1"] == "confirmed"


@pytest.mark.every_store
def test_decisions_are_undone_in_the_session_and_after_a_restart(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    terminal.press("y", "L1 confirmed.")
    terminal.press("n", "L2 rejected.")
    terminal.press("u", "Undone: L2 is suggested again.", "2 of 3")
    terminal.press("n", "L2 rejected.")
    terminal.press("q")
    assert terminal.ends() == 0
    again = start()
    again.wait_for("1 of 1", "L3")
    again.press("u", "Undone: L2 is suggested again.", "1 of 2")
    again.press("u", "Undone: L1 is suggested again.", "1 of 3")
    again.press("u", "There is no decision of yours to undo.")
    again.press("q")
    assert again.ends() == 0
    assert set(states(desk).values()) == {"suggested"}
    told = desk("history", "L2", "--json").json
    assert [(one["user"], one["action"]) for one in told][1:] == [("tester", "review"), ("tester", "review undo")] * 2


def test_the_quote_is_edited_in_the_editor_and_looked_for_again(desk: Command, start: Start, tmp_path: Path) -> None:
    editor = tmp_path / "an editor"
    editor.write_text(f"#!{sys.executable}\nimport sys\np = sys.argv[-1]\nt = open(p).read()\nopen(p, 'w').write(t.replace('90', '140'))\n")
    editor.chmod(0o755)
    terminal = start("L3", EDITOR=f"'{editor}' --wait")
    terminal.wait_for("1 of 1", "140 → 90")
    shown = terminal.press("e", "was edited and looked for again: L4.")
    assert "L4  word for word" in shown
    terminal.press("u", "Undone:", "140 → 90", "1 of 1")
    terminal.press("e", "looked for again: L5.")
    terminal.press("y", "L5 confirmed.", "The end")
    assert states(desk) == {"L1": "suggested", "L2": "suggested", "L5": "confirmed"}
    terminal.press("u", "Undone: L5 is suggested again.")
    terminal.press("u", "Undone:", "140 → 90")
    assert states(desk) == {"L1": "suggested", "L2": "suggested", "L3": "suggested"}


@pytest.mark.parametrize(
    ("editor", "told"),
    [
        ("false", "failed with exit code 1"),
        ("true", "The quote is as it was"),
        ("/no/such", "cannot be started"),
        ("'", "cannot be started"),
    ],
)
def test_an_editor_that_fails_or_changes_nothing_changes_nothing(desk: Command, start: Start, editor: str, told: str) -> None:
    terminal = start(EDITOR=editor)
    terminal.wait_for("1 of 3")
    before = desk("history", "--json").stdout
    terminal.press("e", told, "1 of 3")
    assert desk("history", "--json").stdout == before


def test_the_source_is_opened_at_the_passage(desk: Command, start: Start, tmp_path: Path) -> None:
    pager = tmp_path / "less"
    pager.write_text('#!/bin/sh\necho "arguments: $*"\ncat\nsleep 0.7\n')
    pager.chmod(0o755)
    assert desk("attribute", "C2", "--by", "Clerk", "--quote", "the last clerk locks the gate", "--source", "S1").code == 0
    terminal = start("L4", PAGER=str(pager))
    terminal.wait_for("1 of 1")
    # Four lines stand above the passage, and long ones take two lines of the terminal.
    line = SOURCE.count("\n") + sum(len(one) > 79 for one in SOURCE.split("\n")) - 4
    terminal.press("o", "[L4]")
    assert f"arguments: -R -+F +{line}\r\n".encode() in terminal.printed
    terminal.wait_for("1 of 1 · link", LINK_KEYS)


@pytest.mark.usefixtures("desk")
def test_help_and_keys_that_are_none(start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    terminal.press("?", "any key goes back", "skip: comes again at the end")
    terminal.press("y", "1 of 3 · link", LINK_KEYS)
    terminal.press("z", "“z” is no key here")
    # The codes of other keys hold letters that are keys; what is pasted counts for nothing at all.
    for code in ("\x1b[1;5y", "\x1bOn", "\x1b[200~yyynnn\x1b[201~", "\x1b[24~"):
        terminal.press(code)
    assert "1 of 3" in terminal.press("z", "“z” is no key here")
    terminal.press("н", "L1 confirmed.")
    terminal.press("т", "L2 rejected.")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40), (40, 14), (10, 4)])
def test_every_word_can_be_seen_in_a_window_of_any_size(start: Start, columns: int, lines: int) -> None:
    terminal = start("L3", columns=columns, lines=lines)
    terminal.wait_for("1 of 1", *(["↓"] if lines < 20 else [LINK_KEYS]))
    words = ("Ninety", "Harbour", "captain", "140", "90", "number", "S1", "notice")
    seen = terminal.shown
    while "↓" in terminal.shown:
        before = terminal.shown
        terminal.press("\x1b[B")
        while terminal.shown == before:
            assert terminal.read_on(5.0)
        # A screen is written at once, but may come in pieces.
        seen += terminal.settles(0.03)
    assert [word for word in words if word not in seen] == []
    assert all(len(line) <= columns for line in terminal.screen)
    terminal.press("n", "L3 rejec" if columns > 10 else "The end")


@pytest.mark.usefixtures("desk")
def test_a_window_that_changes_its_size_is_drawn_anew(start: Start) -> None:
    terminal = start(COLUMNS="300", LINES="5")
    terminal.wait_for("1 of 3", LINK_KEYS)
    terminal.resize(120, 30)
    terminal.wait_for("quote" + " " * 55 + "source")
    assert terminal.screen[29].startswith("y confirm")
    terminal.resize(40, 20)
    terminal.wait_for("y confirm  n reject  e edit quote\n")
    terminal.press("y", "L1 confirmed.")


@pytest.mark.every_store
def test_two_people_at_once_do_not_undo_each_other(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    assert desk("review", "L1", "L2", "--reject", env={"CLAIMREG_USER": "bob"}).code == 0
    terminal.press("y", "L2 is rejected already by bob", "3 of 3")
    terminal.press("y", "L3 confirmed.", "The end")
    assert states(desk) == {"L1": "rejected", "L2": "rejected", "L3": "confirmed"}


@pytest.mark.every_store
def test_what_was_edited_meanwhile_is_shown_anew(desk: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    assert desk("edit", "C1", "--text", "The night ferry runs").code == 0
    terminal.press("y", "L1 was changed meanwhile; look at it again.", "The night ferry runs")
    assert states(desk)["L1"] == "suggested"
    terminal.press("y", "L1 confirmed.")


DRAFTS = """Harbour news

The harbour office said on Monday that the night ferry will not run. "The pier is sound," said Captain Aida Serik.
Serik denied that she had seen the report.
"""
DRAFT_KEYS = "p accept, new party  n reject  e edit  o open source  s skip  u undo  ? help\nq quit"


@pytest.fixture
def drafts(claimreg: Command, tmp_path: Path) -> Command:
    """Three drafts of an article."""
    source = tmp_path / "news.txt"
    source.write_text(DRAFTS, encoding="utf-8")
    done = claimreg("extract", source, "--lang", "en", "--add")
    assert (done.code, len(done.lines)) == (0, 3)
    return claimreg


def draft_states(desk: Command) -> list[str]:
    return [desk("show", f"D{number}", "--json").json["state"] for number in (1, 2, 3)]


@pytest.mark.every_store
def test_drafts_are_accepted_rejected_and_undone_with_one_key_each(drafts: Command, start: Start) -> None:
    terminal = start()
    shown = terminal.wait_for("1 of 3 · draft", DRAFT_KEYS)
    assert "by       The harbour office → no party of this name yet" in shown
    assert "that the night ferry will not run" in shown
    assert "in       S1  news" in shown
    terminal.press("y", "“y” is no key here")
    terminal.press("n", "D1 rejected.", "2 of 3")
    terminal.press("p", "accepted: D2 as C1, A1 (Captain Aida Serik asserts), L1.", "3 of 3")
    shown = terminal.press("s", "Skipped", "y accept as P1  a accept, add alias  p accept, new party")
    assert "stance   denies · denied" in shown
    assert "by       Serik → P1 Captain Aida Serik, likeness" in shown
    terminal.press("a", "accepted: D3 as C2, A2 (Captain Aida Serik denies), L2.", "The end")
    assert draft_states(drafts) == ["rejected", "accepted", "accepted"]
    assert "Serik" in drafts("show", "P1", "--json").json["aliases"]
    terminal.press("u", "Undone: D3 is proposed again; withdrawn: L2, A2, C2, N2.")
    terminal.press("y", "accepted: D3 as C3", "The end")
    terminal.press("q")
    assert terminal.ends() == 0
    assert b"1 rejected, 3 accepted, 1 undone; nothing is left." in terminal.printed
    again = start()
    assert again.ends() == 0
    assert b"Nothing waits to be reviewed." in again.printed
    (link,) = drafts("show", "C1", "--json").json["attributions"][0]["links"]
    assert (link["state"], link["kind"], link["exact"].rstrip(",")) == ("confirmed", "exact", "The pier is sound")


def test_drafts_are_undone_after_a_restart(drafts: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    terminal.press("p", "accepted: D1 as C1")
    terminal.press("\x03")
    assert terminal.ends() == 130
    again = start("--only", "drafts", "--source", "S1")
    again.wait_for("1 of 2 · draft", "The pier is sound")
    again.press("u", "Undone: D1 is proposed again", "1 of 3", "The harbour office")
    again.press("q")
    assert draft_states(drafts) == ["proposed"] * 3
    assert drafts("list", "--json").json == []


def test_a_draft_is_edited_in_the_editor_and_shown_again(drafts: Command, start: Start, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    changes = {"stance: asserts": "stance: reports", "by: The harbour office": "by: Harbour desk", "quote: that ": "quote: "}
    changed = "".join(f".replace({before!r}, {after!r})" for before, after in changes.items())
    editor.write_text(f"#!{sys.executable}\nimport sys\np = sys.argv[-1]\nt = open(p).read()\nopen(p, 'w').write(t{changed})\n")
    editor.chmod(0o755)
    terminal = start("D1", EDITOR=str(editor))
    terminal.wait_for("1 of 1 · draft")
    shown = terminal.press("e", "D1 was edited.", "Harbour desk")
    assert "stance   reports · said" in shown
    assert "quote    the night ferry will not run" in shown
    terminal.press("u", "Undone: D1 is proposed again.", "The harbour office")
    terminal.press("e", "D1 was edited.", "Harbour desk")
    terminal.press("p", "accepted: D1 as C1, A1 (Harbour desk reports), L1.", "The end")
    terminal.press("u", "Undone: D1 is proposed again; withdrawn: L1", "Harbour desk")
    terminal.press("u", "Undone: D1 is proposed again.", "The harbour office")
    assert drafts("review", "--json").json[0]["draft"]["by"] is None


def test_words_that_the_source_lacks_are_refused(drafts: Command, start: Start, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!{sys.executable}\nimport sys\np = sys.argv[-1]\nt = open(p).read()\nopen(p, 'w').write(t + ' today')\n")
    editor.chmod(0o755)
    terminal = start("D1", EDITOR=str(editor))
    terminal.wait_for("1 of 1 · draft")
    terminal.press("e", "These words do not stand in S1 like this", "1 of 1")
    assert draft_states(drafts) == ["proposed"] * 3


def test_a_draft_that_somebody_else_decided_on_is_passed_over(drafts: Command, start: Start) -> None:
    terminal = start()
    terminal.wait_for("1 of 3")
    assert drafts("review", "D1", "D2", "--reject", env={"CLAIMREG_USER": "bob"}).code == 0
    terminal.press("p", "D2 is rejected already by bob", "3 of 3")
    assert draft_states(drafts) == ["rejected", "rejected", "proposed"]


def test_the_source_of_a_draft_is_opened_at_its_words(drafts: Command, start: Start, tmp_path: Path) -> None:
    assert draft_states(drafts) == ["proposed"] * 3
    pager = tmp_path / "less"
    pager.write_text("#!/bin/sh\ncat\nsleep 0.7\n")
    pager.chmod(0o755)
    terminal = start("D2", PAGER=str(pager))
    terminal.wait_for("1 of 1")
    terminal.press("o", "[D2]")
    terminal.wait_for("1 of 1 · draft")


def test_links_come_before_drafts_and_drafts_before_pairs(desk: Command, start: Start, tmp_path: Path) -> None:
    source = tmp_path / "news.txt"
    source.write_text(DRAFTS, encoding="utf-8")
    assert desk("extract", source, "--lang", "en", "--add").code == 0
    terminal = start()
    terminal.wait_for("1 of 6 · link")
    terminal.press("y", "2 of 6")
    terminal.press("y", "3 of 6")
    terminal.press("y", "4 of 6 · draft", "S2  news")
    listed = [one["item"] for one in desk("review", "--json", "--limit", "2").json]
    assert listed == ["draft", "draft"]


def test_claims_that_are_alike_come_after_the_links(desk: Command, start: Start) -> None:
    for text in ("The night ferry is canceled", "The night ferry is not cancelled", "The night ferry has been cancelled"):
        assert desk("add", text, "--by", "Clerk", "--yes").code == 0
    terminal = start("--only", "claims")
    shown = terminal.wait_for("two claims", "r repeats  x contradicts  n neither")
    assert "Do these two claims say the same?" in shown
    terminal.press("y", "“y” is no key here")
    terminal.press("r", "C4 repeats C1: recorded as R1.")
    terminal.press("n", "C6 differs-from C1: recorded as R2.")
    assert "negation" in terminal.press("n", "C6 differs-from C4: recorded as R3.")
    terminal.press("x", "C5 contradicts C1: recorded as R4.")
    terminal.press("u", "Undone: C5 contradicts C1 is withdrawn.")
    terminal.press("q")
    assert terminal.ends() == 0
    listed = [[one["id"] for one in asked["claims"]] for asked in desk("review", "--only", "claims", "--json").json]
    assert ["C1", "C5"] in listed
    assert not [pair for pair in listed if pair in (["C1", "C4"], ["C1", "C6"])]


HOSTILE = [
    "\x1b[31mred\x1b[0m", "\x1b]8;;https://example.org\x07click\x1b]8;;\x07", "\x1b]0;title\x07", "\x9b31mred", "\x1b[2J\x1b[Hgone",
    "abc\u202edlrow\u202c", "a\u200bb\u2066c\u2069", "[bold red]markup[/]", "\x07\x08\x7f\r overwritten", "w" * 300, "\x1b[?1049l",
]  # fmt: skip


@pytest.mark.parametrize("columns", [80, 120])
def test_words_of_others_act_in_no_way(claimreg: Command, start: Start, tmp_path: Path, columns: int) -> None:
    nasty = " ".join(HOSTILE)
    source = tmp_path / "nasty.txt"
    source.write_text(f"Before {nasty} the clerk told us of the repaired pier {nasty} after\n", encoding="utf-8")
    quote = "the clerk told us of the repaired pier " + HOSTILE[5]
    added = claimreg(
        "add", f"Claim {nasty}", "--by", f"Party {HOSTILE[0]}{HOSTILE[5]}", "--quote", quote, "--source", source, "--case", HOSTILE[2]
    )
    assert added.code == 0, added.stderr
    assert claimreg("edit", "S1", "--title", f"Title {nasty}", "--publisher", HOSTILE[1]).code == 0
    assert claimreg("add", f"Claims {nasty}", "--by", f"Party {HOSTILE[3]}", "--yes").code == 0
    terminal = start(columns=columns, lines=60)
    terminal.wait_for("1 of", "y confirm")
    terminal.press("y", "L1 confirmed.", "two claims")
    terminal.press("s", "The end" if "1 of 1" in terminal.shown else "Skipped")
    terminal.press(
        "q",
    )
    terminal.ends()
    printed = terminal.printed.decode()
    ours = ("\x1b[?1049h", "\x1b[?1049l", "\x1b[?25l", "\x1b[?25h", "\x1b[?2004h", "\x1b[?2004l", "\x1b[K", "\x1b[H", "\x1b[J")
    for code in ours:
        printed = printed.replace(code, "")
    printed = re.sub(r"\x1b\[[0-9;]*m", "", printed)
    left = {
        one
        for one in printed
        if (ord(one) < 32 or 0x7F <= ord(one) < 0xA0 or one in "\u202e\u202c\u200b\u2066\u2069") and one not in "\r\n"
    }
    assert left == set()
    assert "\r " not in printed.replace("\r\n", "")
    assert "␛" in printed
    assert "⟨U+202E⟩" in printed


def test_scripts_see_the_queue_and_decide_by_flags(desk: Command) -> None:
    queue = desk("review", "--json").json
    assert [(one["schema"], one["item"], one["link"]["id"]) for one in queue] == [("claimreg.review/1", "link", f"L{n}") for n in (1, 2, 3)]
    assert queue[2]["link"]["flags"] == ["number"]
    assert queue[0]["claim"]["text"] == "The night ferry is cancelled"
    lines = desk("review", "--format", "ndjson", "--kind", "altered").lines
    assert [json.loads(line)["link"]["id"] for line in lines] == ["L3"]
    assert len(desk("review", "--json", "--limit", "2").json) == 2
    assert desk("review", "--json", "--source", "S1", "--min-score", "100").json == queue[:2]
    done = desk("review", "--confirm", "L1", "l2")
    assert (done.code, done.stdout) == (0, "confirmed: 2 links.\n")
    done = desk("review", "--reject", "L2", "L3")
    assert (done.code, done.stdout) == (1, "rejected: 1 link.\n")
    assert "L2 is confirmed already by tester" in done.stderr
    assert desk("review", "--json").json == []
    assert desk("review", "--undo").stdout == "Undone: L3; `claimreg history L3` tells of it.\n"
    assert states(desk) == {"L1": "confirmed", "L2": "confirmed", "L3": "suggested"}


def test_what_is_certain_is_confirmed_at_once_only_when_asked_for_and_counted(desk: Command, kept: Callable[[], object]) -> None:
    before = kept()
    done = desk("review", "--confirm", "--all-exact")
    assert (done.code, done.stdout) == (1, "")
    assert "Confirm 2 links that nobody has looked at?" in done.stderr
    assert desk("review", "--confirm", "--all-exact", "--dry-run").stdout == "Would be confirmed: 2 links.\n"
    assert kept() == before
    assert desk("review", "--confirm", "--all-exact", "--yes").stdout == "confirmed: 2 links.\n"
    assert states(desk) == {"L1": "confirmed", "L2": "confirmed", "L3": "suggested"}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([], 1, "Nobody is there to ask at a terminal; `claimreg review --json` prints what waits"),
        (["--confirm"], 2, "Give the links and drafts to decide on"),
        (["--confirm", "--reject", "L1"], 2, "Give one of --confirm, --reject and --undo."),
        (["--all-exact"], 2, "--all-exact goes with --confirm."),
        (["--only", "verdicts"], 2, "“verdicts” is nothing to look at"),
        (["--only", "drafts", "--kind", "near"], 2, "choose among links"),
        (["--new-parties"], 2, "--new-parties goes with --confirm."),
        (["--only", "claims", "--source", "S1"], 2, "choose among links"),
        (["--kind", "wrong"], 2, "is no kind of link"),
        (["--confirm", "L99"], 4, "There is no link L99."),
        (["--confirm", "L1", "L99"], 4, "There is no link L99."),
        (["--source", "S9"], 4, "S9"),
        (["--dry-run"], 2, "--dry-run goes with"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    desk: Command, kept: Callable[[], object], arguments: list[str], code: int, sentence: str
) -> None:
    before = kept()
    done = desk("review", *arguments)
    assert (done.code, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert kept() == before


def test_an_empty_registry_has_nothing_to_review(claimreg: Command, start: Start) -> None:
    assert claimreg("init").code == 0
    assert claimreg("review", "--json").json == []
    terminal = start()
    assert terminal.ends() == 0
    assert b"Nothing waits to be reviewed." in terminal.printed
    dumb = start(TERM="dumb")
    assert dumb.ends() == 1
