"""Letters that still name their parties by provider number or SHAK code: told of each, and counted, with what could stand there instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sor_addressing.hiding import shown
from sor_addressing.letters.header import LetterIdentifierKind
from sor_addressing.letters.report import LetterReport

OLD_NUMBER_CODES = {
    LetterIdentifierKind.SHAK_CODE: "shak-in-letter",
    LetterIdentifierKind.PROVIDER_NUMBER: "provider-number-in-letter",
}
"""The finding on each kind of number that stands where the SOR code should."""

_KINDS = {code: kind for kind, code in OLD_NUMBER_CODES.items()}


class OldNumber(NamedTuple):
    """A provider number or SHAK code by which letters name a party, without its SOR code.

    ``party`` is the role (``sender``, ``receiver``, ``copy_receiver`` …), ``sender_system`` the system of the sender as the register has it, None
    where the sender or its system is not known. ``sor_code`` is what could stand there instead; None where it isn't certain which unit is meant.
    """

    kind: str
    party: str
    sender_system: str | None
    identifier: str
    sor_code: str | None


class OldNumberUse(NamedTuple):
    """How a system names its parties in one role: by which kind of number, and in how many of its letters a SOR code could stand there."""

    sender_system: str | None
    party: str
    kind: str
    letters: int
    replaceable: int


def old_numbers_in(report: LetterReport) -> tuple[OldNumber, ...]:
    """The old numbers in one letter, each once."""
    return tuple(dict.fromkeys(_numbers_in(report)))


def _numbers_in(report: LetterReport) -> Iterator[OldNumber]:
    system: str | None = None
    is_known = False
    for finding in report.findings:
        kind = _KINDS.get(finding.code)
        if kind is None:
            continue
        if not is_known:
            system, is_known = _system(report), True
        details = finding.details
        code = details.get("sor_code")
        yield OldNumber(
            str(kind),
            str(details["party"]),
            system,
            shown(str(details["identifier"])),
            code if isinstance(code, str) else None,
        )


def _system(report: LetterReport) -> str | None:
    recipient = report.sender.resolution.recipient if report.sender else None
    location = recipient.location if recipient else None
    return location.system if location else None


def uses_of(counted: Iterable[tuple[tuple[OldNumber, ...], int]]) -> tuple[OldNumberUse, ...]:
    """Letters with the same old numbers, and how many they are, as uses, the most frequent first."""
    letters: Counter[tuple[str | None, str, str]] = Counter()
    replaceable: Counter[tuple[str | None, str, str]] = Counter()
    for numbers, count in counted:
        uses: dict[tuple[str | None, str, str], bool] = {}
        for one in numbers:
            key = (one.sender_system, one.party, one.kind)
            uses[key] = uses.get(key, True) and one.sor_code is not None
        for key, certain in uses.items():
            letters[key] += count
            replaceable[key] += count * certain
    found = [OldNumberUse(*key, count, replaceable[key]) for key, count in letters.items()]
    return tuple(sorted(found, key=lambda one: (-one.letters, *map(str, one[:3]))))


def numbers_by_frequency(counted: Mapping[OldNumber, int]) -> tuple[tuple[OldNumber, int], ...]:
    """The numbers and in how many letters each is, the most frequent first."""
    return tuple(sorted(counted.items(), key=lambda one: (-one[1], *map(str, one[0]))))
