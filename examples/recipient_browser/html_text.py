"""HTML that can't be broken into: a template fills its braces with escaped text, and only what a template made stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def html(template: str, **values: object) -> Html:
    """``template`` with the names in its braces filled in, escaped unless they are :class:`Html` themselves.

    >>> html("<b>{name}</b>", name="<script>")
    '<b>&lt;script&gt;</b>'
    """
    return Html(template.format_map({name: escaped(value) for name, value in values.items()}))


def escaped(value: object) -> Html:
    """``value`` as HTML, for text and for attributes in quotes."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def joined(parts: Iterable[object], between: str = "") -> Html:
    """Parts one after another, each escaped unless it is HTML."""
    return Html(escaped(between).join(map(escaped, parts)))
