"""Types of the ground floor, as a caller sees them. Checked by mypy, never run."""

from __future__ import annotations

import datetime as dt
from typing import assert_type

from sor_addressing.errors import ExtractError, MalformedIdentifier, SorAddressingError
from sor_addressing.identifiers import (
    IdentifierKind,
    LocationNumber,
    ParsedIdentifier,
    SorCode,
    detect,
    kind_of_system,
    parse,
    without_system,
)
from sor_addressing.model import Address, Period

assert_type(SorCode.validate("9000011000016006"), str)
assert_type(LocationNumber.is_valid("5790999000017"), bool)
assert_type(detect("990001"), tuple[IdentifierKind, ...])
assert_type(kind_of_system("http://cvr.dk"), IdentifierKind | None)
assert_type(without_system("0088:5790999000017"), str)
assert_type(parse("990001"), ParsedIdentifier)
assert_type(parse("990001").kind, IdentifierKind | None)
assert_type(Period().contains(dt.date(2026, 1, 1)), bool)
assert_type(Address().lines, tuple[str, ...])
assert_type(ExtractError("no header").line, int | None)


def errors_are_also_built_ins(error: MalformedIdentifier) -> tuple[ValueError, SorAddressingError]:
    return error, error
