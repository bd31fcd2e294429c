"""How ``find`` came to its answer, told line by line in Danish or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sor_addressing.search.rules.facets import UnknownValue
from sor_addressing.search.rules.filters import Filter
from sor_addressing.search.rules.narrowing import Step
from sor_addressing.texts import entries, text_of

if TYPE_CHECKING:
    from sor_addressing.search.rules.found import Found


def explain_found(found: Found, language: str) -> str:
    """The steps with their counts, the values that no unit has, and the result."""
    return "\n".join(_lines(found, language))


def step_line(step: Step, wanted: Filter, language: str) -> str:
    """A step with what it left and took away."""
    reasons = _reasons(step, language)
    return _say(
        "left-because" if reasons else "left",
        language,
        step=_say(f"step.{step.name}", language, value=_value(step.name, wanted, language)),
        before=step.before,
        taken=step.taken,
        left=step.left,
        reasons=reasons,
    )


def unknown_text(value: UnknownValue, language: str) -> str:
    """That no unit has a value, and what comes close to it."""
    code = "unknown-alike" if value.alike else "unknown"
    if value.field == "message_type":
        code = "unknown-type"
    field = _say(f"field.{value.field}", language)
    return _say(code, language, field=field, value=value.value, alike=value.alike)


def _lines(found: Found, language: str) -> Iterator[str]:
    yield _say("asked", language, on=found.on.isoformat())
    for step in found.counts:
        yield step_line(step, found.filter, language)
    for value in found.unknown:
        yield unknown_text(value, language)
    if not found.total:
        yield _say("nothing", language)
    elif len(found) < found.total:
        yield _say("shown", language, shown=len(found), total=found.total)
    else:
        yield _say("found", language, total=found.total)


def _reasons(step: Step, language: str) -> str:
    """Why a step took away what it did, the most frequent reason first; empty where there is one reason only, the filter itself."""
    ordered = sorted(step.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count} {_reason(code, language)}" for code, count in ordered)


def _value(name: str, wanted: Filter, language: str) -> object:
    if name == "message_type":
        return _say(f"way.{wanted.direction}-{wanted.conversion}", language, message_type=wanted.message_type)
    value = getattr(wanted, name, None)
    if name == "near" and value is not None:
        return f"({value[0]:.0f}, {value[1]:.0f})"
    return f"{value:g}" if isinstance(value, float) else value


def _reason(code: str, language: str) -> str:
    known = f"reason.{code}"
    return _say(known, language) if known in entries("find") else code


def _say(code: str, language: str, **values: object) -> str:
    return text_of("find", code, language, values)
