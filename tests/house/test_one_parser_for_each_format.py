"""XML, TOML and JSON are each parsed in one room, which bounds what comes in and lets nothing raw out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sor_addressing

PACKAGE = Path(sor_addressing.__file__).parent

_XML = {"XML", "XMLID", "XMLDTDID", "HTML", "fromstring", "fromstringlist", "iterparse", "parse", "parseid"}
_MAKERS_OF_PARSERS = {"XMLParser", "XMLPullParser", "HTMLParser", "HTMLPullParser", "ETCompatXMLParser"}
ROOMS = {
    "safe_xml": {
        *(f"lxml.etree.{name}" for name in _XML | _MAKERS_OF_PARSERS),
        *("lxml.html", "lxml.objectify", "lxml.sax", "xml", "defusedxml", "html.parser"),
    },
    "written_data": {"tomllib", "json.load", "json.loads", "json.JSONDecoder", "json.decoder", "json.scanner"},
}
"""What is used in one folder alone, with all that is inside it."""

BELOW = {"written_data": {"shipped.py"}}
"""What reads data of the package, which no caller wrote, for floors below the room."""


def used_in(source: str) -> Iterator[str]:
    """The full names of everything that a module imports and reaches through what it imported, however it calls it there."""
    names: dict[str, str] = {}
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                names[one.asname or one.name.partition(".")[0]] = one.name if one.asname else one.name.partition(".")[0]
                yield one.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for one in node.names:
                names[one.asname or one.name] = f"{node.module}.{one.name}"
                yield f"{node.module}.{one.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            parts = [node.attr]
            inner = node.value
            while isinstance(inner, ast.Attribute):
                parts.append(inner.attr)
                inner = inner.value
            if isinstance(inner, ast.Name) and inner.id in names:
                yield ".".join([names[inner.id], *reversed(parts)])
        elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            first = node.args[0] if node.args else None
            if called in ("import_module", "__import__") and isinstance(first, ast.Constant):
                yield str(first.value)


def strangers(source: str, room: str) -> set[str]:
    """What a module uses that belongs to a room."""
    return {name for name in used_in(source) for own in ROOMS[room] if name == own or name.startswith(f"{own}.")}


@pytest.mark.parametrize("room", ROOMS)
def test_each_format_is_parsed_in_one_room(room: str) -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): names
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in {room, *BELOW.get(room, ())}
        if (names := strangers(path.read_text("utf-8"), room))
    }
    assert found == {}
    assert any(strangers(path.read_text("utf-8"), room) for path in (PACKAGE / room).glob("*.py"))


@pytest.mark.parametrize(
    ("source", "room"),
    [
        ("from lxml import etree\netree.XMLParser()", "safe_xml"),
        ("from lxml import etree\netree.fromstring(b'<a/>')", "safe_xml"),
        ("import lxml.etree as e\nfor _ in e.iterparse('a'): pass", "safe_xml"),
        ("import lxml.etree\ndef f():\n    return lxml.etree.parse('a')", "safe_xml"),
        ("from lxml.etree import XMLPullParser as P", "safe_xml"),
        ("from lxml import html", "safe_xml"),
        ("import xml.sax", "safe_xml"),
        ("from xml.etree import ElementTree", "safe_xml"),
        ("import importlib\nimportlib.import_module('xml.dom.minidom')", "safe_xml"),
        ("def f():\n    import tomllib", "written_data"),
        ("from tomllib import loads as read", "written_data"),
        ("import json\nread = json.loads", "written_data"),
        ("import json as j\nj.load(open('a'))", "written_data"),
        ("from json import JSONDecoder", "written_data"),
        ("from json.decoder import scanstring", "written_data"),
        ("__import__('tomllib')", "written_data"),
    ],
)
def test_a_second_place_would_be_found(source: str, room: str) -> None:
    assert strangers(source, room)


def test_what_only_writes_is_no_second_place() -> None:
    source = "import json\nfrom lxml import etree\njson.dumps({})\nroot = etree.Element('a')\netree.tostring(root)"
    assert [strangers(source, room) for room in ROOMS] == [set(), set()]
