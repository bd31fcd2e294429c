"""One HTML file that needs nothing else: no script, no font, no picture from elsewhere, and readable on a small screen.

Whatever comes from a file that others wrote is escaped where it is put in; functions that take text escape it, those that
take ``parts`` take finished HTML.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import NamedTuple

# The page may load nothing at all, whatever a name in the register would have it do.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, language: str, parts: Iterable[str], *, subtitle: str = "") -> str:
    """A whole page with its style; ``title`` is its heading too, and the window's with ``subtitle`` behind it."""
    shown = escape(title)
    window = escape(f"{title} {subtitle}".rstrip())
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{window}</title>\n<style>{_style()}</style></head>\n"
        f"<body><main>\n<h1>{shown}</h1>\n{body}\n</main></body></html>\n"
    )


def paragraph(text: str) -> str:
    """A paragraph of text."""
    return f"<p>{escape(text)}</p>"


def section(name: str, heading: str, parts: Iterable[str]) -> str:
    """A part of the page that links can lead to by ``name``."""
    body = "\n".join(parts)
    return f'<section id="{escape(name)}"><h2>{escape(heading)}</h2>\n{body}\n</section>'


def contents(links: Iterable[tuple[str, str]]) -> str:
    """Links to the sections, given as name and heading."""
    items = "".join(f'<li><a href="#{escape(name)}">{escape(heading)}</a></li>' for name, heading in links)
    return f"<nav><ul>{items}</ul></nav>"


class Link(NamedTuple):
    """A cell of a table that leads to another file beside the page."""

    text: str
    href: str


def table(
    heads: Iterable[str], rows: Iterable[Iterable[str | Link]], *, numeric: Collection[int] = (), label: str = ""
) -> str:
    """A table of texts; ``numeric`` are the columns with numbers.

    It scrolls by itself where it is too wide, by the keyboard too: ``label`` says what it is to who can't see it, the heads where left out.
    """
    heads = tuple(heads)
    said = escape(label or ", ".join(filter(None, heads)))

    def cells(tag: str, texts: Iterable[str | Link]) -> str:
        return "".join(
            f"<{tag}{' class=number' if at in numeric else ''}{' scope=col' if tag == 'th' else ''}>{_cell(text)}</{tag}>"
            for at, text in enumerate(texts)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f'<div class="scrolls" tabindex="0" role="region" aria-label="{said}">'
        f"<table><thead><tr>{cells('th', heads)}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def details(summary: str, parts: Iterable[str], *, is_open: bool = False) -> str:
    """Something that opens when its summary is chosen."""
    return f"<details{' open' if is_open else ''}><summary>{escape(summary)}</summary>{''.join(parts)}</details>"


def items(texts: Iterable[str]) -> str:
    """A list of texts."""
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def steps(texts: Iterable[str]) -> str:
    """Texts that are followed one after the other."""
    return f"<ol>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ol>"


def told(heading: str, text: str) -> str:
    """A paragraph that begins with what it is about."""
    return f"<p><strong>{escape(heading)}</strong> {escape(text)}</p>"


def _cell(text: str | Link) -> str:
    return f'<a href="{escape(text.href)}">{escape(text.text)}</a>' if isinstance(text, Link) else escape(text)


@cache
def _style() -> str:
    return (files(__package__) / "data" / "page.css").read_text("utf-8")
