"""Sphinx configuration: MyST pages, furo, warnings are errors (``make docs``)."""

import sys
from importlib.metadata import version as distribution_version
from pathlib import Path

project = "RingTrue"
author = "The RingTrue authors"
project_copyright = "2026, the RingTrue authors; Apache-2.0"
release = version = distribution_version("ringtrue")

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath", "deflist", "colon_fence", "attrs_inline"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "_generated", "Thumbs.db", ".DS_Store"]
nitpicky = True

html_theme = "furo"
html_title = "RingTrue"
html_show_sourcelink = False


def setup(app):
    """Make the pictures of the gallery before the pages are read."""
    sys.path.insert(0, str(Path(__file__).parent))
    from build_gallery import build

    app.connect("builder-inited", lambda _: build())
