"""A conversion model in sentences, for those who have to agree on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.messages.conversion_rows import ANY_FAMILY, ConversionRow, ConversionScope
from sor_addressing.texts import text_of


def sentences_of(name: str, rows: Sequence[ConversionRow], language: str) -> list[str]:
    """What the model called ``name`` says, a sentence a row, and what follows from all of them."""
    lines = [_say("model", language, name=name, count=len(rows), model=name)]
    lines += [_of_row(row, language) for row in rows]
    general = {
        (row.from_format, row.to_format)
        for row in rows
        if row.family == ANY_FAMILY and row.is_wide and row.by is not None
    }
    without = [pair for pair in permutations(MessageFormat, 2) if pair not in general]
    if without:
        pairs = [f"{source} → {target}" for source, target in without]
        lines.append(_say("pairs-without", language, pairs=pairs))
    if not all(row.is_wide for row in rows):
        lines.append(_say("model-narrowest", language))
    if any(row.sender_scope_value for row in rows):
        lines.append(_say("senders-needed", language))
    return lines


def _say(code: str, language: str, **values: object) -> str:
    return text_of("conversions", code, language, values)


def _of_row(row: ConversionRow, language: str) -> str:
    if row.family == ANY_FAMILY:
        family = _say("any-family", language)
    else:
        family = _say("family", language, name=catalogue().family_name(row.family, language), family=row.family)
    return _say(
        "row" if row.by else "row.nobody",
        language,
        family=family,
        from_format=str(row.from_format),
        to_format=str(row.to_format),
        by=row.by,
        receivers="".join(_bound("receivers", row.scope, row.scope_value, language)),
        senders="".join(_bound("senders", row.sender_scope, row.sender_scope_value, language)),
        days="".join(_days(row, language)),
    )


def _bound(whom: str, scope: ConversionScope, value: str, language: str) -> Iterator[str]:
    if value:
        yield _say(whom, language, bound=_say(f"bound.{scope}", language, value=value))


def _days(row: ConversionRow, language: str) -> Iterator[str]:
    first, last = row.from_date, row.to_date
    if first or last:
        code = "days.both" if first and last else "days.from" if first else "days.to"
        yield _say(code, language, first=str(first), last=str(last))
