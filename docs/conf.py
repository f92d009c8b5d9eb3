"""How Sphinx builds the pages: `sphinx-build -W docs site`. Nothing is fetched, neither by the build nor by the pages."""

from typing import Any

project = "claimreg"
author = "The claimreg authors"
project_copyright = "The claimreg authors, Apache-2.0"
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3
nitpicky = True
smartquotes = False  # two dashes before an option are two dashes

html_theme = "furo"
html_title = "claimreg"
html_copy_source = False
html_show_sourcelink = False

_MENDED = {
    'role="heading"': 'role="heading" aria-level="2"',
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
}


def _mend(_app: object, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """What screen readers and keyboards miss in Sphinx' HTML: the level of captions, and a way into what scrolls."""
    for part in ("body", "furo_navigation_tree"):
        for old, new in _MENDED.items():
            context[part] = context.get(part, "").replace(old, new)


def setup(app: Any) -> None:  # noqa: ANN401 -- Sphinx calls it, and is not there when types are checked
    """Mend each page after the theme has made its parts."""
    app.connect("html-page-context", _mend, priority=900)
