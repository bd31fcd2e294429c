"""Where units stand in ``Sor.xml``: each in its place, and those out of place kept all the same."""

from __future__ import annotations

import io

import pytest
from tests.extracts.by_hand import (
    CODES,
    DAY,
    IE,
    INHERITS,
    NUMBERS,
    OE,
    SI,
    SMALL,
    V1,
    described,
    house,
    line_of,
    own,
    owner,
    places,
    problem,
    read,
    read_all,
    tree,
    ward,
    written,
)

from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.model import (
    Problem,
)
from sor_addressing.testing import made_up_nation


def test_an_organisational_unit_directly_below_an_owner_is_kept_below_it() -> None:
    document = tree(owner(CODES[0], "Ejer", ward(CODES[1], "A", ward(CODES[2], "B")), house(CODES[3], "Hus")))
    units, problems = read(document)
    assert places(units) == [
        ("Ejer", IE, None, False),
        ("Hus", SI, CODES[0], False),
        ("A", OE, CODES[0], False),
        ("B", OE, CODES[1], False),
    ]
    line = line_of(document, CODES[1])
    assert problems == [problem("unit-outside-parent", line, CODES[1], element="OrganizationalUnitEntity")]
    assert problems[0].text("en") == (
        f"Sor.xml, line {line}: {CODES[1]} (OrganizationalUnitEntity) stands outside the place in the tree where such a unit "
        "belongs; it was kept below the nearest unit above it. Have it corrected in SOR."
    )


def test_a_unit_directly_below_the_root_is_a_root_and_inherits_nothing() -> None:
    document = tree(
        owner(CODES[0], "Ejer"), ward(CODES[1], "A", facts=(INHERITS,)), house(CODES[2], "Hus", facts=(INHERITS,))
    )
    units, problems = read(document)
    assert places(units) == [("Ejer", IE, None, False), ("Hus", SI, None, True), ("A", OE, None, True)]
    assert [(one.code, one.line, one.identifier) for one in problems] == [
        ("unit-outside-parent", line_of(document, CODES[2]), CODES[2]),
        ("unit-outside-parent", line_of(document, CODES[1]), CODES[1]),
    ]


def test_institutions_and_owners_inside_other_units_are_kept_below_them() -> None:
    inner_owner = owner(CODES[5], "Indre ejer", house(CODES[6], "Indre hus i ejer"))
    document = tree(
        owner(
            CODES[0],
            "Ejer",
            house(CODES[1], "Hus", house(CODES[2], "Indre hus", ward(CODES[3], "A")), ward(CODES[4], "B", inner_owner)),
            owner(CODES[7], "Anden ejer", house(CODES[8], "Andet hus")),
            house(CODES[9], "Sidste hus"),
        )
    )
    units, problems = read(document)
    assert sorted(places(units)) == sorted([
        ("Ejer", IE, None, False),
        ("Hus", SI, CODES[0], False),
        ("Indre hus", SI, CODES[1], False),
        ("A", OE, CODES[2], False),
        ("B", OE, CODES[1], False),
        ("Indre ejer", IE, CODES[4], False),
        ("Indre hus i ejer", SI, CODES[5], False),
        ("Anden ejer", IE, CODES[0], False),
        ("Andet hus", SI, CODES[7], False),
        ("Sidste hus", SI, CODES[0], False),
    ])  # fmt: skip
    assert {(one.code, one.identifier) for one in problems} == {
        ("unit-outside-parent", code) for code in (CODES[2], CODES[5], CODES[7])
    }


def test_a_unit_inside_one_without_a_code_is_kept_below_the_next_with_a_gap() -> None:
    document = tree(owner(CODES[0], "Ejer", house(None, "Uden", house(CODES[2], "Indre hus", facts=(INHERITS,)))))
    units, problems = read(document)
    assert places(units) == [("Ejer", IE, None, False), ("Indre hus", SI, CODES[0], True)] or places(units) == [
        ("Indre hus", SI, CODES[0], True),
        ("Ejer", IE, None, False),
    ]
    assert {one.code for one in problems} == {"sor-code-missing", "unit-outside-parent"}


def test_units_in_an_element_that_is_not_known_are_kept() -> None:
    document = tree(
        owner(
            CODES[0],
            "Ejer",
            "<Samling>",
            house(CODES[1], "Hus", "<Samling><Mere>", ward(CODES[2], "A", ward(CODES[3], "B")), "</Mere></Samling>"),
            ward(CODES[4], "C"),
            "</Samling>",
        ),
        f"<Rest>{ward(CODES[5], 'D')}</Rest>",
    )
    units, problems = read(document)
    assert sorted(places(units)) == sorted([
        ("Ejer", IE, None, False),
        ("Hus", SI, CODES[0], False),
        ("A", OE, CODES[1], False),
        ("B", OE, CODES[2], False),
        ("C", OE, CODES[0], False),
        ("D", OE, None, True),
    ])  # fmt: skip
    outside = {one.identifier for one in problems if one.code == "unit-outside-parent"}
    assert outside == {CODES[1], CODES[2], CODES[4], CODES[5]}
    assert [one.details["element"] for one in problems if one.code == "unknown-element"] == [
        f"{{{V1}}}Samling", f"{{{V1}}}Samling", f"{{{V1}}}Rest",
    ]  # fmt: skip


def test_an_owner_described_after_its_institutions_is_kept_and_nothing_is_inherited_from_it() -> None:
    document = tree(
        "\n".join([
            "<InstitutionOwnerEntity>",
            house(CODES[1], "Hus", facts=(INHERITS,)),
            described("InstitutionOwner", CODES[0], "Ejer", own(NUMBERS[0])),
            ward(CODES[2], "A"),
            "</InstitutionOwnerEntity>",
        ])
    )  # fmt: skip
    units, problems = read(document)
    assert places(units) == [("Hus", SI, None, True), ("Ejer", IE, None, False), ("A", OE, CODES[0], False)]
    assert [(one.code, one.identifier) for one in problems] == [("unit-outside-parent", CODES[2])]


class Slow(io.BytesIO):
    """A file that gives a few bytes at a time, so that the parser is hardly ahead of what is read."""

    block = 1

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.block if size is None or size < 0 else min(size, self.block))


@pytest.mark.parametrize("block", [1, 3, 7, 50, 32_768])
def test_what_is_read_does_not_depend_on_how_the_bytes_come(block: int) -> None:
    odd = tree(
        "\n".join([
            "<InstitutionOwnerEntity>",
            house(CODES[1], "Hus", facts=(INHERITS,)),
            described("InstitutionOwner", CODES[0], "Ejer", own(NUMBERS[0])),
            house(CODES[2], "Andet hus", ward(CODES[3], "A", house(CODES[4], "Indre hus"))),
            "</InstitutionOwnerEntity>",
            "<SnapshotDate>2026-01-15</SnapshotDate>",
        ]),
        day="",
    )  # fmt: skip
    for document in (odd, SMALL, written(made_up_nation(30, seed=9)).decode()):
        problems: list[Problem] = []
        stream = Slow(document.encode())
        stream.block = block
        reader = SorXmlReader(stream, file="Sor.xml", report=problems.append)
        assert (list(reader), problems) == read(document)
        assert reader.day == DAY


def test_a_second_description_in_one_place_is_a_unit_of_its_own() -> None:
    document = tree(
        owner(
            CODES[0],
            "Ejer",
            described("InstitutionOwner", CODES[4], "Ejer igen"),
            described("InstitutionOwner", None, "Ejer uden"),
            house(
                CODES[1],
                "Hus",
                described("HealthInstitution", CODES[5], "Hus igen"),
                described("HealthInstitution", None, "Hus uden"),
                ward(CODES[2], "A"),
            ),
        )
    )
    units, problems = read(document)
    assert sorted(places(units)) == sorted([
        ("Ejer", IE, None, False),
        ("Ejer igen", IE, None, False),
        ("Hus", SI, CODES[0], False),
        ("Hus igen", SI, CODES[0], False),
        ("A", OE, CODES[1], False),
    ])  # fmt: skip
    assert sorted((one.code, str(one.identifier or one.details["name"])) for one in problems) == [
        ("sor-code-missing", "Ejer uden"),
        ("sor-code-missing", "Hus uden"),
        ("unit-outside-parent", CODES[4]),
        ("unit-outside-parent", CODES[5]),
    ]


def test_a_tree_within_the_tree_is_not_taken_for_it() -> None:
    inner = f"<SorTree><SnapshotDate>1999-01-01</SnapshotDate>{ward(CODES[2], 'A')}</SorTree>"
    units, problems, reader = read_all(tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus"), inner)))
    assert [unit.name for unit in units] == ["Ejer", "Hus", "A"]
    assert reader.day == DAY
    assert {one.code for one in problems} == {"unit-outside-parent", "unknown-element"}


# Units without a code.


def test_what_is_below_a_unit_without_a_code_hangs_on_the_nearest_one_above_with_a_gap() -> None:
    document = tree(
        owner(
            None,
            "Ingen",
            house(
                CODES[1],
                "Hus",
                ward(
                    None,
                    "Uden",
                    ward("-", "Heller ikke", ward(CODES[2], "A", ward(CODES[3], "B"))),
                    facts=(own(NUMBERS[4]),),
                ),
            ),
        )
    )
    units, problems = read(document)
    assert places(units) == [("Hus", SI, None, True), ("A", OE, CODES[1], True), ("B", OE, CODES[2], False)]
    assert problems == [
        problem("sor-code-missing", line_of(document, "<InstitutionOwnerEntity"), None,
                element="InstitutionOwnerEntity", name="Ingen", location_number=""),
        problem("sor-code-missing", line_of(document, "<OrganizationalUnitEntity"), None,
                element="OrganizationalUnitEntity", name="Uden", location_number=NUMBERS[4]),
        problem("sor-code-missing", line_of(document, "<SorIdentifier>-"), None,
                element="OrganizationalUnitEntity", name="Heller ikke", location_number=""),
    ]  # fmt: skip


def test_an_entity_without_a_description_is_reported() -> None:
    document = tree(
        "<InstitutionOwnerEntity>",
        "<HealthInstitutionEntity>",
        "<OrganizationalUnitEntity/>",
        "</HealthInstitutionEntity>",
        "</InstitutionOwnerEntity>",
        "<InstitutionOwnerEntity/>",
        owner(CODES[0], "Ejer"),
    )
    units, problems = read(document)
    assert [unit.name for unit in units] == ["Ejer"]
    assert [(one.code, one.line, one.details["element"]) for one in problems] == [
        ("sor-code-missing", 4, "HealthInstitutionEntity"),
        ("sor-code-missing", 5, "OrganizationalUnitEntity"),
        ("sor-code-missing", 3, "InstitutionOwnerEntity"),
        ("sor-code-missing", 8, "InstitutionOwnerEntity"),
    ]
