"""A ``Sor.xml`` that is damaged, or meant to do harm, is refused with its line; nothing else ever comes out."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.extracts.by_hand import (
    CODES,
    INHERITS,
    SMALL,
    V1,
    V2,
    house,
    line_of,
    owner,
    read,
    read_or_refused,
    refused,
    tree,
    ward,
    written,
)

from sor_addressing.errors import ExtractError
from sor_addressing.identifiers import compact
from sor_addressing.testing import made_up_nation, numbers

OTHER_NAMESPACE = (
    "SorTree is in the namespace '{}', "
    f"expected {V1} or {V2}; a new version of the file needs a new version of this library"
)


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = written(made_up_nation(40, seed=3))
    end = data.rindex(b"</SorTree>") + len(b"</SorTree>")
    chance = random.Random(4)  # noqa: S311  the same cuts every time
    cuts = {0, 1, 2, 3, 4, end - 1, *(chance.randrange(end) for _ in range(150))}
    for cut in sorted(cuts):
        with pytest.raises(ExtractError):
            read(data[:cut])
    assert read(data[:end])[0] == read(data)[0]


def test_a_file_cut_off_names_the_line() -> None:
    cut = SMALL[: SMALL.index("Afsnit")]
    error = refused(cut)
    assert error.line == cut.count("\n") + 1
    assert re.fullmatch(
        r"the XML is not well formed or was cut off \([^()]+\); nothing of it was loaded, fetch the file again",
        error.reason,
    )
    assert "column" not in error.reason


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("<html><body/></html>", "the root element is html, expected SorTree; give a Sor.xml"),
        ('<SorTree xmlns="urn:oio:nsi:3.0.0"/>',
         OTHER_NAMESPACE.format('urn:oio:nsi:3.0.0')),
        ("<SorTree/>",
         OTHER_NAMESPACE.format('(none)')),
        (f'<SorTree xmlns="{V1}"/>', "the file holds no units; fetch it again"),
        (tree("<InstitutionOwnerEntity/>"), "the file holds no units; fetch it again"),
        ("<!DOCTYPE SorTree>" + SMALL,
         "the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"),
        ("<!DOCTYPE SorTree []>" + SMALL,
         "the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_is_refused(document: str, reason: str) -> None:
    assert refused(document).reason == reason


DEEP = {
    "units": ("<OrganizationalUnitEntity>", "</OrganizationalUnitEntity>"),
    "institutions": ("<HealthInstitutionEntity>", "</HealthInstitutionEntity>"),
    "addresses": ("<AddressPostal>", "</AddressPostal>"),
}


@pytest.mark.parametrize("what", DEEP)
def test_a_file_nested_without_end_is_refused(what: str) -> None:
    begin, end = DEEP[what]
    document = tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus", begin * 5_000, end * 5_000)))
    assert refused(document).reason == (
        "the XML is nested deeper, or has a longer text, than a published file ever has; refused, fetch the file again"
    )


def test_a_text_without_end_is_refused() -> None:
    document = tree(owner(CODES[0], "x" * 10_000_100))
    assert refused(document).reason == (
        "the XML is nested deeper, or has a longer text, than a published file ever has; refused, fetch the file again"
    )


def test_as_many_levels_as_can_be_are_read() -> None:
    inside = ""
    for level in range(60, 1, -1):
        inside = ward(numbers.sor_code(level), f"Niveau {level}", inside, facts=(INHERITS,))
    units, problems = read(tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus", inside))))
    assert [unit.parent_sor_code for unit in units] == [None, *(unit.sor_code for unit in units[:-1])]
    assert len(units) == 61
    assert problems == []


@pytest.mark.parametrize("entity", ["&foo;", "&foo", "&#0;", "&#x1f;", "&#xD800;"])
def test_an_entity_that_is_not_declared_is_refused(entity: str) -> None:
    refused(SMALL.replace("Afsnit", f"Af{entity}snit"))


def test_bytes_that_are_not_of_the_encoding_are_refused() -> None:
    error = refused(SMALL.replace("Afsnit", "Øre").encode("iso-8859-1"))
    assert error.line == line_of(SMALL, "Afsnit")


# Entities and other files: the parser opens nothing and expands nothing, even where nobody looked at the DOCTYPE before.

_OPENS_NOTHING = """
import io, sys
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
try:
    list(SorXmlReader(io.BytesIO(sys.stdin.buffer.read()), file="Sor.xml", report=print))
except ExtractError as error:
    print(type(error).__name__)
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE SorTree SYSTEM "file://{}">',
        '<!DOCTYPE SorTree [<!ENTITY e SYSTEM "file://{}">]>',
        '<!DOCTYPE SorTree [<!ENTITY % e SYSTEM "{}"> %e;]>',
        '<!DOCTYPE SorTree PUBLIC "-//A//B//DA" "{}">',
    ],
)
def test_no_other_file_is_opened(doctype: str, tmp_path: Path) -> None:
    # Who opens a pipe that nobody writes to waits for ever.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    document = doctype.format(pipe) + SMALL.replace("Afsnit", "&e;" if "ENTITY e" in doctype else "Afsnit")
    outcome = subprocess.run(
        [sys.executable, "-c", _OPENS_NOTHING], input=document.encode(), capture_output=True, timeout=60, check=True
    )
    assert outcome.stdout.split() == [b"ExtractError"]


def test_entities_that_multiply_are_refused_at_once() -> None:
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE SorTree [<!ENTITY e0 "{"x" * 1_000}">{rows}]>'
    error = refused(doctype + SMALL.replace("Afsnit", "&e11;"))
    assert "nested deeper" in error.reason or "DOCTYPE" in error.reason
    refused(doctype + SMALL.replace("<EntityName>", '<EntityName a="&e11;">'))


# Whatever is in a file, nothing but a reasoned refusal comes out.


def test_a_file_with_bytes_changed_gives_units_or_a_refusal() -> None:
    data = written(made_up_nation(12, seed=5), indent=False)
    chance = random.Random(6)  # noqa: S311  the same faults every time
    outcomes = {"read": 0, "refused": 0}
    for _ in range(600):
        changed = bytearray(data)
        for _ in range(chance.choice([1, 1, 2, 8])):
            at = chance.randrange(len(changed))
            deed = chance.randrange(6)
            if deed == 0:
                changed[at] ^= 1 << chance.randrange(8)
            elif deed == 1:
                del changed[at : at + chance.randrange(1, 40)]
            elif deed == 2:
                changed[at:at] = bytes(chance.choices(b"<>/&;'\"= \x00\xff\xc3Aa9", k=chance.randrange(1, 5)))
            elif deed > 3:
                at = changed.find(b">", at, -10) + 1
                changed[at : at + 1] = bytes(chance.choices(b"019xZ?- ", k=chance.randrange(1, 3)))
            else:
                start = chance.randrange(len(changed))
                changed[at:at] = changed[start : start + chance.randrange(1, 300)]
        outcome = read_or_refused(bytes(changed))
        if isinstance(outcome, ExtractError):
            assert str(outcome).startswith("Sor.xml")
            outcomes["refused"] += 1
        else:
            units, problems = outcome
            assert units
            assert all(one.text("da") and one.text("en") for one in problems)
            outcomes["read"] += 1
    assert min(outcomes.values()) > 25


ELEMENTS = [
    "InstitutionOwnerEntity", "HealthInstitutionEntity", "OrganizationalUnitEntity", "InstitutionOwner", "HealthInstitution",
    "OrganizationalUnit", "SorIdentifier", "EntityName", "SorStatus", "FromDate", "EanLocationCodeEntity", "SnapshotDate",
    "SorTree", "Farve",
]  # fmt: skip
shapes = st.recursive(
    st.tuples(st.sampled_from(ELEMENTS), st.sampled_from(["", *CODES[:4], "2020-01-01", "x"])),
    lambda inner: st.tuples(st.sampled_from(ELEMENTS), st.lists(inner, max_size=5)),
    max_leaves=25,
)


def as_xml(shape: Any) -> str:
    name, inside = shape
    return f"<{name}>{inside if isinstance(inside, str) else ''.join(map(as_xml, inside))}</{name}>"


@settings(max_examples=250, deadline=None)
@given(st.lists(shapes, max_size=5))
def test_elements_in_any_order_and_nesting_give_units_or_a_refusal(inside: list[Any]) -> None:
    outcome = read_or_refused(tree(*map(as_xml, inside)))
    if isinstance(outcome, ExtractError):
        assert outcome.reason == "the file holds no units; fetch it again"
        return
    units, problems = outcome
    above = {unit.sor_code for unit in units}
    assert all(unit.parent_sor_code is None or unit.parent_sor_code in above for unit in units)
    assert all(one.text("da") and one.text("en") for one in problems)


@settings(max_examples=250, deadline=None)
@given(st.lists(shapes, max_size=5))
@example([("SnapshotDate", [("OrganizationalUnitEntity", [("OrganizationalUnit", [("SorIdentifier", CODES[0])])])])])
def test_every_unit_with_a_code_is_kept_wherever_it_stands(inside: list[Any]) -> None:
    """Against a naive reading of the whole tree: each description that is a child of its own entity."""
    root = etree.fromstring(tree(*map(as_xml, inside)))
    expected = []
    for entity, description in (
        ("InstitutionOwnerEntity", "InstitutionOwner"),
        ("HealthInstitutionEntity", "HealthInstitution"),
        ("OrganizationalUnitEntity", "OrganizationalUnit"),
    ):
        for element in root.iter(f"{{{V1}}}{entity}"):
            around = [etree.QName(above).localname for above in element.iterancestors()]
            for described_here in element.findall(f"{{{V1}}}{description}"):
                texts = [child.text or "" for child in described_here.findall(f"{{{V1}}}SorIdentifier")]
                found = list(filter(None, map(compact, texts)))
                if found and not {"InstitutionOwner", "HealthInstitution", "OrganizationalUnit"} & set(around):
                    expected.append(found[0])
    outcome = read_or_refused(etree.tostring(root))
    units = [] if isinstance(outcome, ExtractError) else outcome[0]
    missing = sorted(expected)
    for unit in units:
        if unit.sor_code in missing:
            missing.remove(unit.sor_code)
    assert missing == []
