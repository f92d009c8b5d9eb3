"""Claims as a graph in DOT: which claims, which arrows, and that no text of others is anything but a label."""

import html
import re
import shutil
import subprocess
import warnings
from typing import Any

import pytest
from exports import NOW, a_claim, a_party, an_attribution, exported, registry_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimreg.model import Relation, RelationKind
from claimreg.render.safe import visible

with warnings.catch_warnings():
    # It is spoken to by older names of the parser that it stands on.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pydot
    import pydot.dot_parser


def a_relation(number: int, kind: RelationKind, claim: int, other: int) -> Relation:
    return Relation(id=f"R{number}", recorded_at=NOW, recorded_by="tester", kind=kind, claim_id=f"C{claim}", other_claim_id=f"C{other}")


def graph_of(text: bytes) -> Any:  # noqa: ANN401 -- the library has no types
    graphs = pydot.graph_from_dot_data(text.decode())
    assert graphs is not None
    (graph,) = graphs
    return graph


def shown(quoted: str) -> str:
    """The lines that Graphviz shows for a label."""
    signs = {r"\\": "\\", r"\"": '"', r"\n": "\n"}
    return html.unescape(re.sub(r"\\.", lambda found: signs[found[0]], quoted[1:-1]))


def test_contradictions_are_red_and_dashed_and_labelled_and_arrows_keep_their_direction() -> None:
    kinds = list(RelationKind)
    relations = [a_relation(number, kind, number, number + 1) for number, kind in enumerate(kinds, 1)]
    store = registry_of([*(a_claim(number) for number in range(1, len(kinds) + 2)), *relations])
    edges = graph_of(exported("dot", store)[0]).get_edges()
    looks = {shown(one.get("label")): one.get_attributes() for one in edges}
    assert [(one.get_source(), one.get_destination()) for one in edges] == [(f'"C{n}"', f'"C{n + 1}"') for n in range(1, len(kinds) + 1)]
    assert list(looks) == [kind.value for kind in kinds]
    assert {kind for kind, look in looks.items() if look.get("dir") != "none"} == {"supports", "narrows"}
    assert {kind for kind, look in looks.items() if look.get("color") or look.get("style")} == {"contradicts"}
    assert (looks["contradicts"]["color"], looks["contradicts"]["style"]) == ('"red"', "dashed")


def test_claims_without_a_relation_are_left_out_and_counted_with_all_else_that_is_not_drawn() -> None:
    store = registry_of([
        a_party(1), *(a_claim(number) for number in (1, 2, 3, 10)), an_attribution(1), a_relation(1, RelationKind.CONTRADICTS, 10, 2),
    ])  # fmt: skip
    written, told = exported("dot", store)
    assert [one.get_name() for one in graph_of(written).get_nodes() if one.get_name().startswith('"')] == ['"C2"', '"C10"']
    assert dict(told.left_out) == {"unrelated claim": 2, "party": 1, "attribution": 1}
    assert exported("dot", store)[0] == written


def test_a_chosen_claim_is_not_drawn_with_one_that_was_not_chosen() -> None:
    store = registry_of(
        [a_claim(1), a_claim(2), a_claim(3), a_relation(1, RelationKind.REPEATS, 1, 2), a_relation(2, RelationKind.REPEATS, 2, 3)]
    )
    written, told = exported("dot", store, "C1", "C2")
    assert b"C3" not in written
    assert not told.left_out


@settings(max_examples=25)
@given(
    st.text(
        st.one_of(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), st.sampled_from('\\"&;<>{}\n|\u202e')),
        min_size=1,
        max_size=100,
    )
)
@example('"]; evil [label="')
@example("\\")
@example("ends in a backslash \\")
@example("\\N \\G \\l &lt; &amp;amp; &#65;")
@example("<b>html</b>")
@example("مرحبا \u202eevil\x1b[31m")
def test_any_text_is_shown_as_it_is_and_is_nothing_but_a_label(text: str) -> None:
    written = exported("dot", registry_of([a_claim(1, text), a_claim(2), a_relation(1, RelationKind.REPEATS, 1, 2)]))[0]
    assert visible(written.decode()) == written.decode()
    graph = graph_of(written)
    nodes = {one.get_name(): one for one in graph.get_nodes()}
    assert len(graph.get_edges()) == 1
    assert {'"C1"', '"C2"'} <= set(nodes)
    label = shown(nodes['"C1"'].get("label"))
    assert "".join(label.split()) == "C1" + "".join(visible(" ".join(text.split())).split())


def test_a_long_text_is_wrapped_and_shortened() -> None:
    store = registry_of(
        [
            a_claim(1, "The ferry sank in the harbour. " * 40),
            a_claim(2, "x" * 500, title="Named"),
            a_relation(1, RelationKind.REPEATS, 1, 2),
        ]
    )
    nodes = {one.get_name(): one for one in graph_of(exported("dot", store)[0]).get_nodes()}
    lines = shown(nodes['"C1"'].get("label")).split("\n")
    assert len(lines) < 10
    assert max(map(len, lines)) <= 32
    assert "…" in "".join(lines)
    assert shown(nodes['"C2"'].get("label")) == "C2\nNamed"


def test_graphviz_draws_it() -> None:
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("Graphviz is not installed; pydot alone reads the graph")
    store = registry_of([a_claim(1, 'a "b" \\N &amp; c'), a_claim(2), a_relation(1, RelationKind.CONTRADICTS, 1, 2)])
    drawn = subprocess.run([dot, "-Tsvg"], input=exported("dot", store)[0], capture_output=True, check=True)
    assert drawn.stderr == b""
    assert "\\N &amp;amp; c" in drawn.stdout.decode()
