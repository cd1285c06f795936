"""How Sphinx builds the manual: `sphinx-build -W docs site`."""

from __future__ import annotations

import re
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from orderlint import __version__

project = "orderlint"
author = "The orderlint developers"
globals()["copyright"] = author  # the name that Sphinx reads is that of a builtin
release = version = __version__
smartquotes_action = "q"  # quotation marks only: `--` in a table is the beginning of an option
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_title = "orderlint"
html_extra_path = ["graph.schema.json", "report.schema.json"]
html_show_sourcelink = False
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "mixed"
add_module_names = False
default_role = "code"  # docstrings mark code with single backticks
python_use_unqualified_type_names = True
napoleon_numpy_docstring = False
nitpicky = False
suppress_warnings = [
    "misc.highlighting_failure",  # code of examples may be fragments
    "toc.not_included",  # a test of its own says which page is forgotten
]
exclude_patterns: list[str] = []

# What the theme leaves out for screen readers and keyboards, as patterns and what replaces them: captions without a
# level, side bars without a name, code and tables that only a mouse could scroll, and the heading of the search page.
_ACCESSIBLE = (
    (r'(<p class="caption" role="heading")>', r'\1 aria-level="2">'),
    (r'(<aside class="sidebar-drawer")>', r'\1 aria-label="pages of the manual">'),
    (r'(<aside class="toc-drawer[^"]*")>', r'\1 aria-label="sections of this page">'),
    (r"<pre>", '<pre tabindex="0">'),
    (r'(<div class="table-wrapper[^"]*")>', r'\1 role="group" aria-label="table" tabindex="0">'),
    (r'(<div id="search-results"></div>)', r"<h1>Search</h1>\1"),
)


def setup(app: Any) -> None:
    """Tells Sphinx what the records take, and lets it mend the pages that it has written."""
    app.connect("autodoc-process-signature", _signature)
    app.connect("build-finished", _mend_pages)


def _signature(_app: Any, what: str, _name: str, thing: Any, *given: Any) -> tuple[str, str] | None:
    """The fields of a record, whose constructor is made when it is first called and takes anything until then."""
    if what != "class" or not is_dataclass(thing) or "*values" not in str(given[1]):
        return None
    return f"({', '.join(field.name for field in fields(thing))})", ""


def _mend_pages(app: Any, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for pattern, better in _ACCESSIBLE:
            text = re.sub(pattern, better, text)
        page.write_text(text, encoding="utf-8")
