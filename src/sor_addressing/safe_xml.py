"""How XML from outside is parsed: without DTD, entities or network, and nothing deeper or longer than published files have."""

from __future__ import annotations

from typing import BinaryIO, TypedDict

from lxml import etree

from sor_addressing.errors import ExtractError

__all__ = ["ended_elements", "pull_parser", "refuse_doctype", "refused_doctype"]


class _Options(TypedDict):
    remove_blank_text: bool
    remove_comments: bool
    remove_pis: bool
    collect_ids: bool
    resolve_entities: bool
    no_network: bool
    load_dtd: bool
    huge_tree: bool


_OPTIONS = _Options(
    remove_blank_text=True,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
)


def ended_elements(
    stream: BinaryIO, *, tags: tuple[str, ...] | None = None
) -> etree.iterparse[tuple[str, etree._Element]]:
    """Each element as it ends, in the file's order; those called ``tags`` alone where they are given."""
    return etree.iterparse(stream, events=("end",), tag=tags, **_OPTIONS)


def pull_parser() -> etree.XMLPullParser[etree._Element]:
    """A parser to be fed the beginning of a file, that gives each element as it starts."""
    return etree.XMLPullParser(events=("start",), **_OPTIONS)


def refuse_doctype(docinfo: etree.DocInfo, *, file: str) -> None:
    """Refuse a document with a DOCTYPE, which could make a parser expand and open things.

    Raises:
        ExtractError: it has one.
    """
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise refused_doctype(file)


def refused_doctype(file: str) -> ExtractError:
    """The error for a file with a DOCTYPE."""
    return ExtractError(
        "the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again", file=file
    )
