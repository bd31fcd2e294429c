"""``Sor.xml`` written by hand, element by element and a line each, so that a test can put anything anywhere."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.model import Problem, UnitKind, UnitRecord
from sor_addressing.testing import MadeUpExtract, numbers, write_sor_xml

DAY = dt.date(2026, 1, 15)
IE, SI, OE = UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION, UnitKind.ORGANISATIONAL_UNIT

V1 = "urn:oio:sundhedsstyrelsen:organisation:1.0.0"
V2 = "urn:oio:nsi:2.0.0"
CODES = [numbers.sor_code(n) for n in range(20)]
NUMBERS = [numbers.location_number(n) for n in range(20)]
INHERITS = (
    "<OptionalEanLocationCode><EntityInheritedIndicator>true</EntityInheritedIndicator></OptionalEanLocationCode>"
)


def own(number: str, *facts: str) -> str:
    """A location number of a unit's own, in one line."""
    entity = (
        f"<EanLocationCodeEntity><EanLocationCode>{number}</EanLocationCode>{''.join(facts)}</EanLocationCodeEntity>"
    )
    return f"<OptionalEanLocationCode>{entity}</OptionalEanLocationCode>"


def status(from_date: str = "2010-01-01", to_date: str = "") -> str:
    """A period, in one line."""
    last = f"<ToDate>{to_date}</ToDate>" if to_date else ""
    return f"<SorStatus><FromDate>{from_date}</FromDate>{last}</SorStatus>"


def described(element: str, code: str | None, name: str, *facts: str) -> str:
    """What describes one unit."""
    identifier = [] if code is None else [f"<SorIdentifier>{code}</SorIdentifier>"]
    return "\n".join([f"<{element}>", *identifier, f"<EntityName>{name}</EntityName>", *facts, f"</{element}>"])


def owner(code: str | None, name: str, *inside: str, facts: tuple[str, ...] = ()) -> str:
    """An institution owner and what stands in it."""
    own_lines = described("InstitutionOwner", code, name, *facts)
    return "\n".join(["<InstitutionOwnerEntity>", own_lines, *inside, "</InstitutionOwnerEntity>"])


def house(code: str | None, name: str, *inside: str, facts: tuple[str, ...] = ()) -> str:
    """A health institution and what stands in it."""
    own_lines = described("HealthInstitution", code, name, *facts)
    return "\n".join(["<HealthInstitutionEntity>", own_lines, *inside, "</HealthInstitutionEntity>"])


def ward(code: str | None, name: str, *inside: str, facts: tuple[str, ...] = ()) -> str:
    """An organisational unit and what stands in it."""
    own_lines = described("OrganizationalUnit", code, name, *facts)
    return "\n".join(["<OrganizationalUnitEntity>", own_lines, *inside, "</OrganizationalUnitEntity>"])


def tree(*inside: str, day: str = "2026-01-15", namespace: str = V1) -> str:
    """A whole file, whose second line is the first of ``inside`` where there is no ``day``."""
    snapshot = [f"<SnapshotDate>{day}</SnapshotDate>"] if day else []
    return "\n".join([f'<SorTree xmlns="{namespace}">', *snapshot, *inside, "</SorTree>"]) + "\n"


def line_of(document: str, text: str) -> int:
    """The first line with ``text``, counted from 1."""
    return document[: document.index(text)].count("\n") + 1


def read(document: str | bytes) -> tuple[list[UnitRecord], list[Problem]]:
    """The units and the problems of a file."""
    units, problems, _ = read_all(document)
    return units, problems


def read_all(document: str | bytes) -> tuple[list[UnitRecord], list[Problem], SorXmlReader]:
    """The units and the problems of a file, and the reader, which has read it."""
    problems: list[Problem] = []
    data = document.encode() if isinstance(document, str) else document
    reader = SorXmlReader(io.BytesIO(data), file="Sor.xml", report=problems.append)
    return list(reader), problems, reader


def refused(document: str | bytes) -> ExtractError:
    """The error that refuses a file."""
    with pytest.raises(ExtractError) as caught:
        read(document)
    assert caught.value.file == "Sor.xml"
    return caught.value


def read_or_refused(document: str | bytes) -> tuple[list[UnitRecord], list[Problem]] | ExtractError:
    """The units and the problems of a file, or the error that refuses it."""
    try:
        return read(document)
    except ExtractError as error:
        return error


def written(extract: MadeUpExtract, **options: Any) -> bytes:
    """An extract as the bytes of a ``Sor.xml``."""
    target = io.BytesIO()
    write_sor_xml(extract, target, **options)
    return target.getvalue()


def places(units: list[UnitRecord]) -> list[tuple[str, UnitKind, str | None, bool]]:
    """Where each unit stands in the tree."""
    return [(unit.name, unit.kind, unit.parent_sor_code, unit.gap_above) for unit in units]


def problem(code: str, line: int | None, identifier: str | None, **details: object) -> Problem:
    """A problem of ``Sor.xml``."""
    return Problem(code, "Sor.xml", line, identifier, details)


SMALL = tree(
    owner(
        CODES[0],
        "Ejer",
        house(CODES[1], "Hus", ward(CODES[2], "Afsnit", facts=(INHERITS,)), facts=(own(NUMBERS[1]),)),
    )
)
SMALL_PLACES = [
    ("Ejer", IE, None, False),
    ("Hus", SI, CODES[0], False),
    ("Afsnit", OE, CODES[1], False),
]
