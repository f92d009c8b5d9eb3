"""Reports to render: the demo's, one many times as large, and one that is hostile in every field that takes text."""

from datetime import date, timedelta
from typing import Any

from claimreg.frozen import replace
from claimreg.linker import LayeredLinker
from claimreg.model import Attribution, Capture, Claim, Flag, Link, LinkKind, Party, Relation, RelationKind, Source, Span, Stance, Verdict
from claimreg.model import WordChange as Change
from claimreg.model import WordEdit as Edit
from claimreg.opening import DEMO_CHANGE, bundled_case
from claimreg.services.exchange.casefile import record_case
from claimreg.services.reporting.report import Contradiction, Report, build_report, timeline
from claimreg.services.reporting.views import AttributionView, ClaimView, RelationView, SourceView, Where
from claimreg.store.memory import MemoryStore

STAMP: dict[str, Any] = {"recorded_at": "2026-01-01T00:00:00Z", "recorded_by": "tester"}

MARKUP = (
    "<script>document.title='ran'</script>",
    "</script><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><use href='https://x.example/a.svg#b'/></svg>",
    "\"><img src='https://x.example/a.png' onerror=\"alert(1)\">",
    "' onmouseover='alert(1)' autofocus onfocus='alert(1)",
    "<iframe src='https://x.example/'></iframe>",
    "<meta http-equiv='refresh' content='0;url=https://x.example/'>",
    "<base href='https://x.example/'>",
    "<link rel='stylesheet' href='https://x.example/a.css'>",
    "<form action='https://x.example/'><button>go</button></form>",
    "<style>*{display:none}</style>",
    "<!-- ", " -->", "<![CDATA[", "]]>", "<?php", "<plaintext>", "<textarea>", "<noscript>", "<template>", "<math><mi>",
    "&lt;b&gt;&amp;&#60;script&#62;", "&#x202e;", "&nbsp;",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "[x](javascript:alert(1))",
    "{{ 7 * 7 }}", "{% raw %}", "{# x #}", "{number}", "%s", "\\u003cscript\\u003e",
    "\x1b[31m", "\x1b]8;;https://x.example\x07a\x1b]8;;\x07", "\x9b31m", "\x00", "\r\n", "\u202e", "\u2066", "\u200b", "\u200f", "\ufeff",
    "=cmd()", "a  b", "tab\tbed", "line\nfeed", "אבג abc", "ابجد", "中文字", "👩‍👩‍👧", "e\u0301", "\ufffe", "x" * 10_000,
)  # fmt: skip
"""What would act in a page if it were taken for more than text."""


def demo_report() -> Report:
    """The report on the case that comes with claimreg."""
    store = MemoryStore()
    file = bundled_case()
    with store.write(DEMO_CHANGE) as writer:
        record_case(writer, file, LayeredLinker())
    with store.snapshot() as reader:
        return build_report(reader, reader.find(Claim), file.case["title"])


def enlarged(base: Report, times: int, sources: int) -> Report:
    """The report with its claims ``times`` over, under ids and days of their own, spread over so many sources."""
    copies = [_copied(base, number, sources) for number in range(times)]
    claims = tuple(view for copy in copies for view in copy.values())
    pairs = tuple(Contradiction(copy[one.left.claim.id], copy[one.right.claim.id]) for copy in copies for one in base.contradictions)
    views = tuple(
        view._replace(source=replace(view.source, id=f"S{number + 1}"))
        for number in range(sources)
        for view in (base.sources[number % len(base.sources)],)
    )
    return Report(base.title, claims, pairs, views, timeline(claims))


def hostile_report(text: str) -> Report:
    """A report with this text wherever people or documents may put text."""
    source = Source(
        id="S1", title=text, publisher=text, author=text, published_at="2020", lang="kk", url=text, archive_url=f"https://x.org/{text}",
        **STAMP,
    )  # fmt: skip
    capture = Capture(
        id="K1", source_id="S1", sha256="a" * 64, text_sha256="b" * 64, size=1, length=1, media_type="text/plain", location=text,
        method="text/1", retrieved_at="2026-01-01T00:00:00Z", **STAMP,
    )  # fmt: skip
    claim = Claim(id="C1", text=text, title=text, lang="kk", case=text, tags=(text, text), **STAMP)
    other = Claim(id="C2", text=text, **STAMP)
    party = Party(id="P1", name=text, **STAMP)
    said = Attribution(
        id="A1", claim_id="C1", party_id="P1", party_as_written=text, stance=Stance.ASSERTS, quote=text, lang="kk", said_at="2020-06",
        source_id="S1", **STAMP,
    )  # fmt: skip
    whole = Span(0, len(text))
    link = Link(
        id="L1", attribution_id="A1", source_id="S1", capture_id="K1", start=0, end=len(text), exact=text, prefix=text, suffix=text,
        score=97.5, kind=LinkKind.ALTERED, parts=(whole,), edits=1, flags=(Flag.NUMBER,), words=(Edit(Change.CHANGED, whole, whole),),
        **STAMP,
    )  # fmt: skip
    lost = replace(said, id="A2", said_at=None, source_id=None, lang=None)
    verdict = Verdict(
        id="V1", claim_id="C1", rating=text, scheme=text, rationale=text, author=text, rated_at="2026-01-01T00:00:00Z", **STAMP
    )
    relation = Relation(id="R1", kind=RelationKind.CONTRADICTS, claim_id="C1", other_claim_id="C2", **STAMP)
    view = ClaimView(
        claim,
        (AttributionView(said, party, source, (link,), {"L1": Where(text)}), AttributionView(lost, party, None, ())),
        (verdict, replace(verdict, id="V2")),
        (RelationView(relation, other, inverse=False),),
    )
    against = ClaimView(other, (AttributionView(replace(lost, id="A3", claim_id="C2"), party, None, ()),), (), ())
    return Report(text, (view,), (Contradiction(view, against),), (SourceView(source, capture, 1, 1),), timeline((view,)))


def _copied(base: Report, number: int, sources: int) -> dict[str, ClaimView]:
    day = (date(2015, 1, 1) + timedelta(days=number * 11)).isoformat()
    most = {kind: 1 + max(int(one[1:]) for one in ids) for kind, ids in _ids(base).items()}

    def renamed(one: str) -> str:
        return f"{one[0]}{int(one[1:]) + number * most[one[0]]}"

    def source_id(one: str) -> str:
        return f"S{(int(one[1:]) + number) % sources + 1}"

    def statement(view: AttributionView) -> AttributionView:
        said = replace(view.attribution, id=renamed(view.attribution.id), said_at=day)
        links = tuple(replace(link, id=renamed(link.id), source_id=source_id(link.source_id)) for link in view.links)
        source = view.source and replace(view.source, id=source_id(view.source.id))
        return view._replace(attribution=said, source=source, links=links, where={})

    return {
        view.claim.id: view._replace(
            claim=replace(view.claim, id=renamed(view.claim.id)),
            attributions=tuple(statement(one) for one in view.attributions),
            relations=tuple(one._replace(other=replace(one.other, id=renamed(one.other.id))) for one in view.relations),
        )
        for view in base.claims
    }


def _ids(base: Report) -> dict[str, list[str]]:
    statements = [one for view in base.claims for one in view.attributions]
    return {
        "C": [view.claim.id for view in base.claims],
        "A": [one.attribution.id for one in statements],
        "L": [link.id for one in statements for link in one.links],
    }
