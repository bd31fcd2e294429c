"""Made-up identifiers with right check digits, from ranges in which no real unit has one.

| identifier | reserved range | how many |
|---|---|---|
| SOR code | running numbers from 900000 | no practical end |
| location number | ``5790999`` and five digits | 100,000 |
| provider number | ``99`` and four digits | 10,000 |
| SHAK code | ``99`` and two, four or five digits | 100, 10,000 and 100,000 |
| CVR number | ``99`` and six digits | some 90,000 |

Every function counts from 0 and gives the same identifier for the same number, on every machine.

>>> sor_code(1), location_number(1), provider_number(1)
('9000011000016006', '5790999000017', '990001')
>>> shak_code(1), shak_code(1, "department"), shak_code(1, "ward")
('9901', '990001', '9900001')
"""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING, Literal

from sor_addressing.identifiers import CvrNumber, LocationNumber, SorCode

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "HOW_MANY_LOCATION_NUMBERS",
    "HOW_MANY_PROVIDER_NUMBERS",
    "ShakLevel",
    "cvr_number",
    "location_number",
    "provider_number",
    "shak_code",
    "sor_code",
]

ShakLevel = Literal["hospital", "department", "ward"]

HOW_MANY_LOCATION_NUMBERS = 100_000
"""How many made-up location numbers there are."""

HOW_MANY_PROVIDER_NUMBERS = 10_000
"""How many made-up provider numbers there are; a large register has to share them, as the real one does."""

_SHAK_DIGITS: dict[str, int] = {"hospital": 2, "department": 4, "ward": 5}


def sor_code(n: int) -> str:
    """The made-up SOR code with running number 900000 + ``n``.

    >>> sor_code(0)
    '9000001000016009'

    Raises:
        ValueError: ``n`` is negative.
    """
    if n < 0:
        raise ValueError(f"made-up SOR codes are counted from 0, not {n}")
    body = f"{900_000 + n}{SorCode.infix}"
    return body + SorCode.check_digit(body)


def location_number(n: int) -> str:
    """The ``n``-th made-up location number (*lokationsnummer*), from 0 to 99,999.

    >>> location_number(2)
    '5790999000024'

    Raises:
        ValueError: ``n`` is outside the range.
    """
    body = f"5790999{_in_range(n, HOW_MANY_LOCATION_NUMBERS, 'location numbers'):05d}"
    return body + LocationNumber.check_digit(body)


def provider_number(n: int) -> str:
    """The ``n``-th made-up provider number (*ydernummer*), from 0 to 9,999.

    Raises:
        ValueError: ``n`` is outside the range.
    """
    return f"99{_in_range(n, HOW_MANY_PROVIDER_NUMBERS, 'provider numbers'):04d}"


def shak_code(n: int, level: ShakLevel = "hospital") -> str:
    """The ``n``-th made-up SHAK code of a hospital (4 characters), department (6) or ward (7).

    Department ``100 * h + d`` lies in hospital ``h``, and ward ``10 * d + w`` in department ``d``.

    Raises:
        ValueError: ``n`` is outside the range of its level, or the level is none of the three.
    """
    digits = _SHAK_DIGITS.get(level)
    if digits is None:
        raise ValueError(f"a SHAK code is of a hospital, department or ward, not {level!r}")
    return f"99{_in_range(n, 10**digits, f'SHAK codes of level {level}'):0{digits}d}"


_cvr_numbers: list[str] = []


def cvr_number(n: int) -> str:
    """The ``n``-th made-up CVR number: seven digits for which no check digit exists are skipped.

    >>> cvr_number(0)
    '99000007'

    Raises:
        ValueError: ``n`` is outside the range.
    """
    global _cvr_numbers
    if n >= len(_cvr_numbers):
        # Doubling keeps a caller that counts upwards from starting over at every number.
        _cvr_numbers = list(islice(_all_cvr_numbers(), max(2 * n, 256)))
    return _cvr_numbers[_in_range(n, len(_cvr_numbers), "CVR numbers")]


def _all_cvr_numbers() -> Iterator[str]:
    for running in count():
        body = f"99{running:05d}"
        if len(body) > 7:
            return
        digit = CvrNumber.check_digit(body)
        if digit != "X":
            yield body + digit


def _in_range(n: int, end: int, name: str) -> int:
    if not 0 <= n < end:
        raise ValueError(f"made-up {name} run from 0 to {end - 1:,}, not {n:,}")
    return n
