"""A desk's own templates: what they may take the place of, what they cannot reach, and how their mistakes are told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from publication_samples import page
from selectolax.lexbor import LexborHTMLParser

from claimreg.errors import UsageError
from claimreg.render.labels import ENGLISH, Words
from claimreg.render.publication.templates import NAMES, environment
from claimreg.render.publication.write import publication_html, publication_markdown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HTML, MARKDOWN, STYLE = NAMES
TEXT = 'a <b>*b*</b> "c"'


@pytest.fixture
def desk(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder of templates, by their names."""

    def made(**files: str) -> Path:
        folder = tmp_path / "templates"
        for name, text in files.items():
            path = folder / {"html": HTML, "md": MARKDOWN, "css": STYLE}.get(name, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return made


def refused(folder: Path, form: str = "html") -> str:
    """The sentence that a folder's mistake is told by."""
    write = publication_html if form == "html" else publication_markdown
    with pytest.raises(UsageError) as caught:
        write(page(TEXT), ENGLISH, folder)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_template_takes_the_place_of_the_packages_and_what_is_missing_is_the_packages(desk: Callable[..., Path]) -> None:
    folder = desk(html="<h1>{{ page.title }}</h1><style>{{ style }}</style>")
    made = publication_html(page(TEXT), ENGLISH, folder)
    assert made.startswith("<h1>a &lt;b&gt;*b*&lt;/b&gt; &#34;c&#34;</h1><style>:root")
    assert publication_markdown(page(TEXT), ENGLISH, folder) == publication_markdown(page(TEXT))


def test_a_style_of_the_desks_is_the_one_that_the_policy_lets_hold(desk: Callable[..., Path]) -> None:
    import base64
    import hashlib

    made = publication_html(page(TEXT), ENGLISH, desk(css="h1 { color: #123 }\r\nq::before { content: '>' }"))
    tree = LexborHTMLParser(made)
    style, policy = tree.css_first("style"), tree.css_first("meta[http-equiv]")
    assert style is not None
    assert policy is not None
    assert style.text() == "h1 { color: #123 }\nq::before { content: '>' }"
    assert base64.b64encode(hashlib.sha256(style.text().encode()).digest()).decode() in (policy.attributes["content"] or "")


@pytest.mark.parametrize("end", ["</style>", "</", "<!--"])
def test_a_style_cannot_end_its_element(desk: Callable[..., Path], end: str) -> None:
    told = refused(desk(css=f"a {{}}\nb {{ content: '{end}' }}"))
    assert f"{STYLE}, line 2: a style cannot hold" in told


def test_a_template_extends_the_packages_block_by_block(desk: Callable[..., Path]) -> None:
    blocks = "".join(
        f"{{% block {name} %}}[{name}]{{{{ super() }}}}{{% endblock %}}"
        for name in ("head", "found", "claims", "claim", "timeline", "sources", "replies", "method", "corrections", "foot")
    )
    folder = desk(html=f'{{% extends "package/{HTML}" %}}{blocks}', md=f'{{% extends "package/{MARKDOWN}" %}}{blocks}')
    html = publication_html(page(TEXT), ENGLISH, folder)
    assert html.count("[claim]") == html.count("[head]") == html.count("[foot]") == 1
    bare = html
    for name in ("head", "found", "claims", "claim", "timeline", "sources", "replies", "method", "corrections", "foot"):
        bare = bare.replace(f"[{name}]", "")
    assert bare == publication_html(page(TEXT))
    markdown = publication_markdown(page(TEXT), ENGLISH, folder)
    assert "[claim]## 1. " in markdown


def test_a_block_may_use_the_packages_own_macros(desk: Callable[..., Path]) -> None:
    folder = desk(html='{% extends "package/public.html.jinja" %}{% block found %}<i>{{ theirs(page.title, "kk") }}</i>{% endblock %}')
    assert '<i><bdi lang="kk">a &lt;b&gt;' in publication_html(page(TEXT), ENGLISH, folder)


def test_a_template_includes_others_of_its_folder(desk: Callable[..., Path]) -> None:
    folder = desk(html='{% include "parts/foot.txt" %}', **{"parts/foot.txt": "<p>{{ page.title }}</p>"})
    assert publication_html(page(TEXT), ENGLISH, folder).startswith("<p>a &lt;b&gt;")


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "parts/../../secret.txt",
        "/etc/hostname",
        "..\\secret.txt",
        "./public.css",
        "C:/x",
        "",
        "a//b",
        "link.txt",
        "linked/secret.txt",
    ],
)
@pytest.mark.parametrize(
    "way", ['{% include "NAME" %}', '{% extends "NAME" %}', '{% include "NAME" ignore missing %}', '{% import "NAME" as x %}']
)
def test_nothing_outside_of_the_folder_is_read(desk: Callable[..., Path], tmp_path: Path, name: str, way: str) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = desk(html=f"<p>\n{way.replace('NAME', name.replace(chr(92), chr(92) * 2))}</p>")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "linked").symlink_to(tmp_path)
    told = refused(folder)
    assert f"{HTML}, line 2: " in told
    assert "secret" not in told.replace("secret.txt", "")


def test_a_link_within_the_folder_is_followed(desk: Callable[..., Path]) -> None:
    folder = desk(html='{% include "link.txt" %}', **{"own.txt": "mine"})
    (folder / "link.txt").symlink_to(folder / "own.txt")
    assert publication_html(page(TEXT), ENGLISH, folder) == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_template(desk: Callable[..., Path]) -> None:
    folder = desk(html='{% include "pipe" %}')
    os.mkfifo(folder / "pipe")
    assert "'pipe' is no file" in refused(folder)


def test_a_template_that_is_not_there_is_named(desk: Callable[..., Path]) -> None:
    assert "line 1: there is no template 'nope.txt' in the folder" in refused(desk(html='{% include "nope.txt" %}'))
    assert "there is no template 'package/report.html.jinja'" in refused(desk(html='{% extends "package/report.html.jinja" %}'))


MISTAKES = {
    "\n{{ page.titel }}": (2, "a report has no “titel”"),
    "{{ nothing }}": (1, "'nothing' is undefined"),
    "a\nb\n{% if page.title %}": (3, "end of template"),
    "{{ page.title | nofilter }}": (1, "nofilter"),
    "\n\n{{ 1 / 0 }}": (3, "division by zero"),
    "{{ page.title + 1 }}": (1, "can only concatenate str"),
    "{{ page.claims[0].nothing.more }}": (1, "a report has no “nothing”"),
    "{% for one in page.claims %}\n{{ one.text.nothing }}{% endfor %}": (2, "has no attribute 'nothing'"),
    "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}": (1, "recursion"),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.items(), ids=[ascii(one[:20]) for one in MISTAKES])
@pytest.mark.parametrize("form", ["html", "md"])
def test_a_mistake_is_told_with_its_file_line_and_reason(
    desk: Callable[..., Path], text: str, expected: tuple[int, str], form: str
) -> None:
    line, reason = expected
    folder = desk(**{form: text})
    told = refused(folder, form)
    assert told.startswith(f"{folder / (HTML if form == 'html' else MARKDOWN)}, line {line}: ")
    assert reason in told
    assert told.endswith("Nothing was written; mend the template.")
    assert "\n" not in told


UNSAFE = (
    "{{ page.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ page.claims.__class__ }}",
    "{{ theirs.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ '{0.__class__}'.format(page) }}",
    "{{ page | attr('__class__') | list }}",
    "{{ (page.title | _).__class__ }}",
    "{{ [].append(1) }}",
    "{{ {}.update(a=1) }}",
    "{{ range(10000000) | list }}",
    "{{ lipsum() }}",
    "{{ [1, 2] | random }}",
)


@pytest.mark.parametrize("text", UNSAFE)
@pytest.mark.parametrize("form", ["html", "md"])
def test_a_template_reaches_nothing_but_its_values(desk: Callable[..., Path], text: str, form: str) -> None:
    assert ", line 1: " in refused(desk(**{form: text}), form)


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_template_cannot_change_the_values(desk: Callable[..., Path], form: str) -> None:
    given = page(TEXT)
    with pytest.raises(UsageError):
        publication_html(given, ENGLISH, desk(html="{% set page.title = 'x' %}"))
    for name in ("title", "claims"):
        with pytest.raises(TypeError):
            given["page"][name] = "x"
    assert environment("html" if form == "html" else "md", ENGLISH)[0].sandboxed


def test_what_a_template_puts_out_is_escaped_however_it_comes(desk: Callable[..., Path]) -> None:
    ways = (
        "{{ page.title }}", "{{ page.title | shown }}", "{{ page.title | md }}", "{{ page.title ~ '' }}", "{{ super_ ~ page.title }}",
        "{{ [page.title, page.title] | join(', ') }}", "{{ '%s' | format(page.title) }}", "{{ page.title | _ }}",
        "{% set x %}{{ page.title }}{% endset %}{{ x }}", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(page.title) }}",
        "{{ '{x}' | _(x=page.title) }}", "{{ page.title | e }}", "{{ page.title | replace('a', '<b>') }}", "{{ page.title | upper }}",
        "{% filter upper %}{{ page.title }}{% endfilter %}", "{{ '{}'.format(page.title) }}", "{{ [page.title] }}",
        "{{ 1 | counted(page.title, page.title) }}", "{{ page.title | default('') }}",
    )  # fmt: skip
    for way in ways:
        text = "{% set super_ %}x{% endset %}" + way
        folder = desk(html=text, md=text)
        html = publication_html(page(TEXT), ENGLISH, folder)
        assert "<b" not in html.lower(), way
        markdown = publication_markdown(page(TEXT), ENGLISH, folder)
        assert "<" not in markdown.replace("\\<", ""), way
        assert "*" not in markdown.replace("\\*", ""), way


def test_a_file_that_is_not_utf_8_is_named_with_its_line(desk: Callable[..., Path]) -> None:
    folder = desk(html="x")
    (folder / HTML).write_bytes(b"one\ntwo \xff")
    assert refused(folder) == f"{folder / HTML}, line 2: this is not UTF-8; save the file as UTF-8."


def test_a_byte_order_mark_is_no_text(desk: Callable[..., Path]) -> None:
    folder = desk(html="x")
    (folder / HTML).write_bytes(b"\xef\xbb\xbfmine")
    assert publication_html(page(TEXT), ENGLISH, folder) == "mine"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        publication_html(page(TEXT), ENGLISH, tmp_path / "nope")


def test_templates_speak_the_readers_language(desk: Callable[..., Path]) -> None:
    folder = desk(html='{{ "Who says so" | _ }}; {{ 3 | counted("{number} claim", "{number} claims") }}; {{ "Ours" | _ }}')
    assert publication_html(page(TEXT), Words("ru"), folder) == "Кто это утверждает; 3 утверждения; Ours"
    assert publication_html(page(TEXT), ENGLISH, folder) == "Who says so; 3 claims; Ours"


def test_a_folder_is_read_anew_each_time(desk: Callable[..., Path]) -> None:
    assert publication_html(page(TEXT), ENGLISH, desk(html="one")) == "one"
    assert publication_html(page(TEXT), ENGLISH, desk(html="two")) == "two"
