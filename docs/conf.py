"""How Sphinx builds the pages: `sphinx-build -W docs site`. Nothing is fetched, neither by the build nor by the pages."""

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
