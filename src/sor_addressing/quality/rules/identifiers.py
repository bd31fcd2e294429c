"""Rules on check digits: an identifier that fails its own is mistyped, or a spreadsheet has rounded it."""

from __future__ import annotations

from collections.abc import Iterator

from sor_addressing.identifiers import CvrNumber, IdentifierKind, LocationNumber, SorCode, identifier_class
from sor_addressing.index.columns import NOTHING
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Seen


@rule("sor-code-check-digit", "error")
def sor_code_check_digit(scope: AuditScope) -> Iterator[Seen]:
    """A SOR code does not have its shape, or not the right check digit.

    Source: the publisher's description of SOR codes; all real codes that were looked at pass it.
    """
    for row in scope.rows:
        code = scope.index.sor_code(row)
        if not SorCode.is_canonical(code):
            yield Seen(row, NOTHING, _wrong(code, IdentifierKind.SOR_CODE))


@rule("location-number-check-digit", "error")
def location_number_check_digit(scope: AuditScope) -> Iterator[Seen]:
    """A location number does not have its shape, or not the right check digit.

    Source: GS1's rules for global location numbers; all real numbers that were looked at pass them.
    """
    index = scope.index
    for number in scope.numbers:
        text = index.number_text(number)
        if not LocationNumber.is_canonical(text):
            owners = index.owners_of_number(number)
            row = owners[0] if len(owners) else NOTHING
            yield Seen(row, number, _wrong(text, IdentifierKind.LOCATION_NUMBER))


@rule("cvr-number-check-digit", "warning", needs=("CVR numbers",))
def cvr_number_check_digit(scope: AuditScope) -> Iterator[Seen]:
    """A CVR number does not have its shape, or not the right check digit.

    Source: Erhvervsstyrelsen's rule of modulo 11 for CVR numbers.
    """
    index = scope.index
    looked_at = None if scope.everything else frozenset(scope.rows)
    for position, text in enumerate(index.keys(IdentifierKind.CVR_NUMBER)):
        if not CvrNumber.is_canonical(text):
            details = _wrong(text, IdentifierKind.CVR_NUMBER)
            for row in index.rows_at(IdentifierKind.CVR_NUMBER, position):
                if looked_at is None or row in looked_at:
                    yield Seen(row, NOTHING, details)


def _wrong(text: str, kind: IdentifierKind) -> dict[str, object]:
    """What is wrong with an identifier; ``expected`` is None where its shape is wrong already, or no digit would be right."""
    known = identifier_class(kind)
    expected = known.expected_check_digit(text) if known.fits(text) else None
    return {
        "identifier": text,
        "kind": kind,
        "expected": expected if expected is not None and expected.isdigit() else None,
    }


RULES = (sor_code_check_digit, location_number_check_digit, cvr_number_check_digit)
