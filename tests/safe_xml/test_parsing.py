"""The parsers of this library open nothing, expand nothing, bound everything, and forget what they saw."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from lxml import etree

from sor_addressing.safe_xml.parsing import (
    MOST_DEPTH,
    EndedElements,
    FaultKind,
    XmlFault,
    is_too_deep,
    started_elements,
    tree_fed,
    tree_of,
    tree_of_target,
)
from sor_addressing.safe_xml.prolog import as_one_byte, prolog_of

NAME = "Opdigtet" + "Personnavn"


class Refused(Exception):
    def __init__(self, fault: XmlFault) -> None:
        super().__init__(fault.kind.name)
        self.fault = fault


class Building:
    """The simplest target: a tree, as it comes."""

    def __init__(self) -> None:
        self.builder = etree.TreeBuilder()
        self.open = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.open += 1
        self.builder.start(tag, dict(attributes))

    def end(self, tag: str) -> None:
        self.open -= 1
        self.builder.end(tag)

    def data(self, text: str) -> None:
        self.builder.data(text)

    def close(self) -> etree._Element | None:
        return None if self.open else self.builder.close()


def ended(data: bytes) -> object:
    root: object = None
    try:
        for element in EndedElements(io.BytesIO(data), Refused):
            root = element
    except Refused as error:
        return error.fault if error.__cause__ is None and error.__context__ is None else error
    return root


def started(data: bytes) -> object:
    elements, fault = started_elements(data)
    return fault or (elements[0] if elements else None)


PARSERS: dict[str, Callable[[bytes], object]] = {
    "EndedElements": ended,
    "started_elements": started,
    "tree_of": lambda data: tree_of(data, "UTF-8"),
    "tree_of, large texts": lambda data: tree_of(data, "UTF-8", large_texts=True),
    "tree_fed": lambda data: tree_fed(data, "UTF-8", "a", lambda _: None),
    "tree_of_target": lambda data: tree_of_target(data, "UTF-8", Building()),
}

every_parser = pytest.mark.parametrize("parser", PARSERS)

DOCTYPES = [
    '<!DOCTYPE a SYSTEM "{}">',
    '<!DOCTYPE a PUBLIC "-//A//B//DA" "{}">',
    '<!DOCTYPE a [<!ENTITY e SYSTEM "{}">]>',
    '<!DOCTYPE a [<!ENTITY % e SYSTEM "{}"> %e;]>',
]

_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from test_parsing import PARSERS
document = sys.stdin.buffer.read()
for parse in PARSERS.values():
    parse(b"<a/>")
opened = []
sys.addaudithook(lambda event, _: opened.append(event) if event.split(".")[0] in ("open", "socket", "urllib", "os") else None)
for name, parse in PARSERS.items():
    found = parse(document)
    tree = found.getroottree() if hasattr(found, "getroottree") else None
    if opened or (tree is not None and (found.attrib or tree.docinfo.externalDTD is not None)):
        print(name)
"""


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_nothing_is_opened_that_a_document_names(doctype: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted.dtd"
    inside = "&e;" if "ENTITY e " in doctype else "x"
    if hasattr(os, "mkfifo"):
        os.mkfifo(planted)  # who opens a pipe that nobody writes to waits for ever
    else:
        planted.write_text('<!ELEMENT a ANY><!ATTLIST a planted CDATA "yes">', "ascii")
    for address in (planted.as_uri(), str(planted)):
        document = doctype.format(address) + f"<a>{inside}</a>"
        ran = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(Path(__file__).parent)],
            input=document.encode(), capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        assert ran.stdout == b""


@every_parser
def test_entities_are_never_expanded(parser: str) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    found = PARSERS[parser](f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]><a b="&l9;">&l9;</a>'.encode())
    assert isinstance(found, XmlFault)
    assert found.kind in (FaultKind.DOCTYPE, FaultKind.TOO_MUCH)


DAMAGED = {
    "cut off": f"<a><b>{NAME}",
    "cut off in a tag": f"<a><b {NAME}",
    "another tag": f"<a><{NAME}>x</b></a>",
    "attribute twice": f'<a {NAME}="1" {NAME}="2"/>',
    "no quotes": f"<a b={NAME}/>",
    "entity": f"<a>&{NAME};</a>",
    "namespace": f"<{NAME}:a/>",
    "second root": f"<a/><{NAME}/>",
    "control character": f"<a>{NAME}\x01</a>",
    "doctype": f"<!DOCTYPE {NAME} [<!ENTITY b '{NAME}'>]><a>",
}


@every_parser
@pytest.mark.parametrize("damage", DAMAGED)
def test_nothing_remembers_what_stood_in_a_damaged_file(parser: str, damage: str) -> None:
    found = PARSERS[parser](DAMAGED[damage].encode())
    if parser != "started_elements":  # which may not have come that far
        assert isinstance(found, XmlFault)
    assert not isinstance(found, XmlFault) or NAME not in repr(found)
    del found
    gc.collect()
    kept = [thing for thing in gc.get_objects() if isinstance(thing, (etree.XMLSyntaxError, etree._Element, Refused))]
    assert [thing for thing in kept if NAME in str(thing) or NAME in str(getattr(thing, "tag", ""))] == []
    assert NAME not in str(etree.LxmlError("").error_log)


@every_parser
def test_a_tree_deeper_than_the_bound_is_told(parser: str) -> None:
    if parser in ("tree_fed", "tree_of_target"):
        pytest.skip("what is done with the tree while it grows has to ask")
    at_most, deeper = (b"<a>" * depth + b"</a>" * depth for depth in (MOST_DEPTH, MOST_DEPTH + 1))
    assert not isinstance(PARSERS[parser](at_most), XmlFault)
    fault = PARSERS[parser](deeper)
    assert isinstance(fault, XmlFault)
    assert fault.kind is FaultKind.TOO_MUCH
    assert is_too_deep(etree.fromstring(deeper, etree.XMLParser(huge_tree=True)))


def test_a_text_longer_than_the_bound_is_told_where_none_may_be() -> None:
    data = b"<a>" + b"x" * 10_000_100 + b"</a>"
    told = {name: PARSERS[name](data) for name in PARSERS}
    assert {name for name, found in told.items() if isinstance(found, XmlFault)} == {
        "EndedElements",
        "started_elements",
        "tree_of",
    }
    assert {found.kind for found in told.values() if isinstance(found, XmlFault)} == {FaultKind.TOO_MUCH}


def test_a_damaged_stream_stays_ended() -> None:
    elements = EndedElements(io.BytesIO(b"<a><b/><c></a>"), Refused)
    assert next(elements).tag == "b"
    with pytest.raises(Refused):
        next(elements)
    assert list(elements) == []
    assert elements.root is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("text", "mark", "root", "is_doctype"),
    [
        ("<a:b c='d'/>", b"<", "b", False),
        ("<?xml version='1.0'?><!-- <!DOCTYPE x> --><?y?>\n<b>", b"<", "b", False),
        ("<!-- a --><!DOCTYPE b><b/>", b"<!", None, True),
        ("<!doctype html>", b"<!", None, True),
        ("<!-- open", b"<!", None, False),
        ("<?open", b"<?", None, False),
        ("tekst", None, None, False),
    ],
)
def test_what_stands_before_the_first_element(
    text: str, encoding: str, mark: bytes | None, root: str | None, is_doctype: bool
) -> None:
    prolog = prolog_of(as_one_byte(text.encode(encoding)))
    assert (prolog.mark, prolog.root, prolog.is_doctype) == (mark, root, is_doctype)
