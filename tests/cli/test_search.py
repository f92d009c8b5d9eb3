"""`search` and what it shares with `add`: any query has an answer or a sentence, filters combine, the index is mended on the way."""

import json
from pathlib import Path

import pytest

from .conftest import Command, Done

pytestmark = pytest.mark.every_store

ODD = [
    "*", "[", '"', "\\", "''", "“night ferry”", "ferry*", "[ferry", "night AND ferry",
    "-ferry", "ferry:", "🙂", "ferry 🙂", "\u202eferry\u202c",
    "ا ل م", "עִבְרִית", "a" * 100_000, "ferry " * 17_000, "%", "'; DROP TABLE claims; --", "NEAR(", "\u0301", "１２３", "[bold]ferry[/bold]",
]  # fmt: skip


@pytest.fixture
def desk(ferry: Command) -> Command:
    """The ferry's claim, and three more: C2 to C4."""
    ferry(
        "add",
        "The pier is sound",
        "--by",
        "Aida Serik",
        "--stance",
        "asserts",
        "--said",
        "2021-03-05",
        "--case",
        "Harbour",
        "--tag",
        "pier",
    )
    ferry("attribute", "C2", "--by", "Harbour office", "--stance", "denies", "--said", "2021-03-07")
    ferry("add", "Айлақтағы көпір жабылды", "--by", "Әкімдік", "--said", "2020", "--lang", "kk", "--case", "Bridge")
    ferry("add", "The ferry carried 140 people", "--by", "Council", "--stance", "reports", "--title", "How many were on board?")
    return ferry


def ids(done: Done) -> list[str]:
    return [one["id"] for one in done.json]


@pytest.mark.parametrize("query", ODD)
def test_whatever_is_asked_is_answered_or_refused_in_a_sentence(desk: Command, query: str) -> None:
    done = desk("search", "--json", "--", query)
    assert done.code == 0
    assert len(done.stderr.splitlines()) == (0 if done.json else 1)
    if "ferry" in query and "bold" not in query:
        assert "C1" in ids(done)


@pytest.mark.parametrize(
    ("query", "expected", "field", "said"),
    [
        ("pier", "C2", "claim", "pier"),
        ("ofice ferry", "C1", "party", "office"),
        ("aida seryk", "C2", "party", "Aida"),
        ("kopir jabyldy", "C3", "claim", "көпір"),
        ("köpır jabyldy", "C3", "claim", "көпір"),
        ("كوپىر جابىلدى", "C3", "claim", "көпір"),
        ("көпірлердің жабылуы", "C3", "claim", "көпір"),
        ("on board", "C4", "title", "on"),
        ("will not run", "C1", "quote", "will"),
    ],
)
def test_a_hit_tells_why(desk: Command, query: str, expected: str, field: str, said: str) -> None:
    first = desk("search", query, "--json").json[0]
    assert first["id"] == expected
    assert {"field": field, "said": said}.items() <= first["found"][0].items()
    assert all(one["text"][one["start"] : one["end"]] == one["said"] for one in first["found"])
    assert 0 < first["score"] < 100


@pytest.mark.parametrize(
    ("query", "text", "by", "found"),
    [
        ("جسور", "الجسور مغلقة في المدينة", "البلدية", ("claim", "الجسور")),
        ("بلدية", "الجسور مغلقة في المدينة", "البلدية", ("party", "البلدية")),
        ("الجسور", "جسور المدينة مغلقة", "البلدية", ("claim", "جسور")),
        ("carsi", "Eski çarşı kapatıldı", "Valilik", ("claim", "çarşı")),
        ("ucuncu", "Köprü iki yıl kapalı", "Üçüncü Daire", ("party", "Üçüncü")),
        ("cieszyn slaski", "Most jest zamknięty", "Cieszyn Śląski", ("party", "Cieszyn")),
        ("zubr", "Most jest zamknięty", "Żubr", ("party", "Żubr")),
        ("橋樑", "桥梁已关闭", "市政府", ("claim", "桥")),
        ("桥梁", "橋樑已關閉", "市政府", ("claim", "橋")),
    ],
)
def test_a_word_is_found_in_its_other_spelling(claimreg: Command, query: str, text: str, by: str, found: tuple[str, str]) -> None:
    claimreg("add", text, "--by", by)
    hits = claimreg("search", query, "--json").json
    assert [hit["id"] for hit in hits] == ["C1"]
    assert (hits[0]["found"][0]["field"], hits[0]["found"][0]["said"]) == found


@pytest.mark.parametrize("query", ["zzz", "kkk", "ттт", "lier", "zzz ttt"])
def test_what_is_nowhere_is_not_found(desk: Command, query: str) -> None:
    desk("add", "Vitamin K is not sold in hall Z", "--by", "T. Ory")
    assert ids(desk("search", query, "--json")) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], {"C1", "C4"}),
        (["--case", "ferry"], {"C1"}),
        (["--by", "Council"], {"C4"}),
        (["--by", "harbour"], {"C1"}),
        (["--stance", "reports"], {"C4"}),
        (["--stance", "denies"], set()),
        (["--since", "2021"], {"C1"}),
        (["--until", "2020"], set()),
        (["--tag", "pier"], set()),
        (["--lang", "en"], {"C1"}),
    ],
)
def test_filters_combine_with_a_query(desk: Command, options: list[str], expected: set[str]) -> None:
    assert set(ids(desk("search", "ferry", *options, "--json"))) == expected


def test_a_filter_finds_what_many_likelier_claims_would_hide(claimreg: Command) -> None:
    lines = [
        {"text": f"The ferry is late {number}", "by": "A" if number % 300 else "B", "case": f"case {number % 3}"} for number in range(900)
    ]
    claimreg("import", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    assert ids(claimreg("search", "ferry late", "--by", "B", "--json")) == ["C1", "C301", "C601"]
    assert len(ids(claimreg("search", "ferry late", "--case", "case 1", "--limit", "400", "--json"))) == 300


def test_no_number_of_likelier_claims_hides_the_one_that_is_wanted(claimreg: Command) -> None:
    lines: list[dict[str, object]] = [{"text": f"The ferry is late, number {at}", "by": "A", "said_at": "2010"} for at in range(6_000)]
    lines.append(
        {
            "text": "The ferry is late",
            "by": "B",
            "stance": "denies",
            "lang": "kk-Latn",
            "tags": ["late"],
            "case": "x",
            "said_at": "2019-05-01",
        }
    )
    claimreg("import", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    for options in (["--since", "2019"], ["--stance", "denies"], ["--lang", "kk"], ["--tag", "late"], ["--case", "x"], ["--by", "B"]):
        assert ids(claimreg("search", "the ferry is late, number 5", *options, "--json")) == ["C6001"], options


def test_answers_can_be_sorted_by_when_they_were_said(desk: Command) -> None:
    query = "the ferry, the pier, Айлақтағы көпір"
    assert ids(desk("search", "--sort", "date", "--json")) == ["C2", "C1", "C3", "C4"]
    assert ids(desk("search", "", "--sort", "date", "--limit", "1", "--json")) == ["C2"]
    assert ids(desk("search", "ferry", "--sort", "date", "--json")) == ["C1", "C4"]
    assert ids(desk("search", "ferry carried people", "--json"))[0] == "C4"
    assert desk("search", query, "--sort", "time").code == 2


def test_every_format_has_the_same_answers(desk: Command) -> None:
    expected = ids(desk("search", "ferry", "--json"))
    lines = desk("search", "ferry", "--format", "ndjson").lines
    assert [json.loads(line)["id"] for line in lines] == expected
    for form in ("csv", "md", "table"):
        assert [one for one in expected if one in desk("search", "ferry", "--format", form).stdout] == expected


def test_what_changes_is_found_and_no_longer_found(desk: Command) -> None:
    desk("edit", "C2", "--text", "The quay has cracks")
    assert ids(desk("search", "cracks in the quay", "--json")) == ["C2"]
    desk("party", "alias", "P2", "Skipper")
    assert ids(desk("search", "skipper", "--json")) == ["C2"]
    desk("rm", "C2", "--yes")
    assert ids(desk("search", "quay cracks", "--json")) == []
    desk("edit", "C2", "--restore")
    assert ids(desk("search", "quay cracks", "--json")) == ["C2"]


def test_a_damaged_index_is_mended_and_only_the_verbose_hear_of_it(desk: Command, run: Command, registry: Path) -> None:
    expected = desk("search", "ferry").stdout
    for verbose in (False, True):
        for path in (registry / ".cache" / "claims").iterdir():
            path.write_bytes(b"rubbish" * 1000)
        done = run(*(["--verbose"] if verbose else []), "search", "ferry")
        assert (done.code, done.stdout) == (0, expected)
        assert ("made anew" in done.stderr, "index" in done.stderr) == (verbose, verbose)
    assert "index" not in desk("search", "ferry", "--verbose").stderr


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("The ferry carried 90 people", "another number"),
        ("The ferry never carried 140 people", "a negation"),
    ],
)
def test_what_turns_the_meaning_makes_another_claim_that_may_contradict(desk: Command, text: str, flag: str) -> None:
    done = desk("add", text, "--by", "Somebody else")
    assert done.code == 0
    assert done.stdout.startswith("Recorded claim C5")
    assert f"C4 is nearly the same but for {flag}" in done.stderr
    assert "claimreg relate C5 contradicts C4" in done.stderr
    assert desk("relate", "C5", "contradicts", "C4").code == 0


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Айлақтағы көпір жабылмады", "a negation"),
        ("The ferry carried 140 horses and people", ""),
        ("The pier is unsound", "a negation"),
    ],
)
def test_a_word_of_another_sense_is_no_repeat(desk: Command, text: str, flag: str) -> None:
    done = desk("add", text, "--by", "Somebody else")
    assert (done.code, done.stdout[:17]) == (0, "Recorded claim C5")
    assert ("nearly the same but for" in done.stderr, flag in done.stderr) == (bool(flag), True)


def test_a_dry_run_leaves_the_index_alone(desk: Command) -> None:
    desk("add", "The lighthouse is dark", "--by", "Council", "--dry-run")
    assert ids(desk("search", "lighthouse", "--json")) == []
