"""The frame of a self-contained page. It loads nothing, runs no scripts, and has a light and a dark theme."""

from __future__ import annotations

from html import escape
from typing import Final

from orderlint.report.card import STYLE

__all__ = ["page"]

_PAGE: Final = """\
:root { color-scheme: light dark; --ol-ink: #1c2329; --ol-dim: #5a6670; --ol-line: #75828e; --ol-box: #f4f6f8;
  --ol-wrong: #b3261e; --ol-wrong-box: #fdeceb; --ol-right: #1b7a3a; --ol-right-box: #e7f4ea; --page: #fff;
  --mark: #fff1c2; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --ol-ink: #e8edf1; --ol-dim: #a9b4be; --ol-line: #93a1ad;
  --ol-box: #2a3138; --ol-wrong: #ff8a80; --ol-wrong-box: #4a2321; --ol-right: #7bd493; --ol-right-box: #1f3d29;
  --page: #14181c; --mark: #4a4013; --link: #8ab4f8; } }
body { background: var(--page); color: var(--ol-ink); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto;
  max-width: 64rem; padding: 1.5rem 1rem 4rem; }
a { color: var(--link); } h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; display: inline; }
h3 { font-size: 1rem; margin: 0 0 .4rem; } h1, h2, h3, p, li { overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; color: var(--ol-dim); }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--ol-line); }
td.number { text-align: right; }
details.file { margin: 1.2rem 0; } summary { cursor: pointer; }
article { border: 1px solid var(--ol-line); border-radius: 8px; padding: .9rem 1rem; margin: .8rem 0;
  break-inside: avoid; }
svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; } .scroll > :is(.shift, .ol-chain) { max-width: none; }
.scroll:focus-visible, a:focus-visible, summary:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
pre { background: var(--ol-box); border-radius: 6px; padding: .6rem .8rem; font-size: .85rem; line-height: 1.5;
  margin: .6rem 0; }
pre mark { background: var(--mark); color: inherit; border-bottom: 2px solid var(--ol-wrong); }
pre .related { background: none; border-bottom: 2px dotted var(--ol-line); }
pre .number { color: var(--ol-dim); user-select: none; }
.dim { color: var(--ol-dim); } .skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
@media (max-width: 30rem) { .rules :is(th, td):nth-child(3) { display: none; } }
@media print { body { max-width: none; padding: 0; font-size: 13px; } article { break-inside: auto; }
  details::details-content { content-visibility: visible; } .skip { display: none; }
  pre { white-space: pre-wrap; } .scroll > .ol-chain { max-width: 100%; }
  pre, tr, article > .scroll { break-inside: avoid; } h2, h3, summary { break-after: avoid; }
  summary + article { break-before: avoid; } }
"""


def page(title: str, body: str) -> str:
    """A whole page.

    Args:
        title: Its title, as plain text.
        body: Its content, as HTML.
    """
    parts = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>',
        f"<style>{_PAGE}{STYLE}</style></head><body>",
        body,
        "</body></html>\n",
    ]
    return "\n".join(parts)
