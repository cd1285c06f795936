"""How Sphinx builds the manual: `sphinx-build -W docs site`."""

from __future__ import annotations

import sys
from pathlib import Path

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
html_css_files = ["tables.css"]
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
