"""The screening: which files can have a finding, judged by their bytes and by Python's own parser, without libcst.

A rule says which roles have to meet for it to find anything (`Rule.needs`), the vocabulary says which names have those
roles, and a file goes to the analyzer only if it, with what its imports bring in, mentions enough of them. Whatever is
in doubt is kept. Most files are dismissed after a few searches, so nothing is imported here before it is needed:
neither `re` nor `ast`, and nothing of the catalog or the rules.
"""

from __future__ import annotations

__all__: list[str] = []
