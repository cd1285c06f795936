"""The screening: which files can have a finding, judged by their bytes and by Python's own parser, without libcst.

A rule declares which roles a finding needs (`Rule.needs`), and the vocabulary lists the names with these roles. A file
is only analyzed if it mentions enough of them, together with the modules that it imports. In case of doubt, it is
analyzed. Most files are skipped after a few searches, so nothing is imported here before it is needed: neither `re` nor
`ast`, nor the catalog or the rules.
"""

from __future__ import annotations

__all__: list[str] = []
