"""One question, given as an object of JSON, and its answer as plain types: what ``sor-addressing answer`` and a service read and give.

>>> from sor_addressing import Register
>>> answer = answer_question(Register.sample(), {"id": "990001", "message_type": "DIS91", "ref": 7})
>>> answer["outcome"], answer["ref"]
('supported', 7)
>>> answer_question(Register.sample(), {"id": 990001, "message_type": "XDIS91"})["error"]["text"]
'id is 990001: write it as a text in quotes, for a number loses its leading zeros'
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sor_addressing.addressing.age import said_of_age
from sor_addressing.addressing.kinds import RESOLVABLE
from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.addressing.support import Direction
from sor_addressing.errors import QuestionError, SorAddressingError, error_document
from sor_addressing.field_names import FILTERS
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.misspelt import nearest
from sor_addressing.register.face import Register
from sor_addressing.written_data.tables import WrittenTable

if TYPE_CHECKING:
    from sor_addressing.addressing.answers import Resolution
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.addressing.verdicts import Deliveries, Verdict
    from sor_addressing.search.rules.filters import Filter

__all__ = ["ASKS", "MOST_RESULTS", "answer_question", "day_in", "unit_document"]

MOST_RESULTS = 1_000
"""So many results one answer may have."""

Document = dict[str, object]

_MOST_TYPES = 100
_FOUND, _MATCHES = 50, 10
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_log = logging.getLogger(__name__)


class _Posed(NamedTuple):
    """A question and all that it is answered from."""

    register: Register
    table: WrittenTable
    on: dt.date | None
    policy: AddressingPolicy
    deliveries: Deliveries | None
    may_read_files: bool
    is_short: bool


def answer_question(
    register: Register,
    question: object,
    *,
    policy: AddressingPolicy | None = None,
    language: str = "en",
    on: dt.date | None = None,
    deliveries: Deliveries | None = None,
    may_read_files: bool = False,
    short: bool = False,
) -> Document:
    """The answer to one question; never an exception, but ``{"error": {"code", "text", "file", "line"}}``.

    Args:
        register: what is asked.
        question: ``{"ask": "validate" | "resolve" | "choose" | "search" | "find" | "unit" | "letter" | "info", …}``. Without ``ask`` it is
            ``validate`` where there is a ``message_type``, else ``resolve``. Its ``ref``, whatever it is, comes back in the answer.
        policy: what is accepted; the default policy where None.
        language: of errors, ``en`` or ``da``; findings speak both.
        on: the day of questions that name none; today where None.
        deliveries: a ledger of what came back.
        may_read_files: whether a question may name a message file by its path; never for somebody on a network.
        short: a verdict by columns, as ``validate_table`` puts them beside a row, in place of the whole of it.
    """
    if not isinstance(question, Mapping):
        return {
            "error": error_document(
                QuestionError('a question is an object of JSON, such as {"id": "990001"}'), language
            )
        }
    try:
        answer = _answered(register, question, policy or DEFAULT_POLICY, on, deliveries, may_read_files, short)
    except SorAddressingError as error:
        answer = {"error": error_document(error, language)}
    except Exception as error:  # noqa: BLE001 (whoever asks line by line must not lose the lines that follow)
        _log.error("a question was not answered: %s", type(error).__name__)
        fault = QuestionError("the question could not be answered, by a fault of this library; please report it")
        answer = {"error": error_document(fault, language)}
    if "ref" in question:
        answer["ref"] = question["ref"]
    return answer


def unit_document(recipient: Recipient) -> Document:
    """Everything known of a unit, what is below it, and whether it can be reached."""
    unit = recipient.unit
    return {
        **unit.to_dict(),
        "children": [{"sor_code": below.sor_code, "name": below.name} for below in unit.children],
        "usable": recipient.usable,
        "findings": [finding.to_dict() for finding in recipient.findings],
    }


def day_in(table: WrittenTable) -> dt.date | None:
    """The day that a question names; None where it names none.

    Raises:
        QuestionError: it is no day.
    """
    value = table.values.get("on")
    if value is None:
        return None
    # Python's own reader takes more than the one form that everybody knows.
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        raise table.wrong("on", "write a day such as 2026-01-15")
    return table.day("on")


def _answered(
    register: Register,
    question: Mapping[str, object],
    policy: AddressingPolicy,
    on: dt.date | None,
    deliveries: Deliveries | None,
    may_read_files: bool,
    is_short: bool,
) -> Document:
    table = WrittenTable(question, "", QuestionError)
    given = question.get("ask")
    if given is None:
        ask = "validate" if "message_type" in question else "resolve"
    else:
        ask = _word(table, "ask", ASKS)
    known, answer = ASKS[ask]
    if not question.keys() <= known:
        table.only(*sorted(known))
    return answer(_Posed(register, table, day_in(table) or on, policy, deliveries, may_read_files, is_short))


def _validate(asked: _Posed) -> Document:
    table = asked.table
    verdict = asked.register.validate(
        _identifier(table),
        table.text("message_type", ""),
        kind=_kind(table),
        direction=_direction(table),
        sender=_sender(table),
        on=asked.on,
        policy=asked.policy,
        deliveries=asked.deliveries,
    )
    return _told(verdict, asked)


def _resolve(asked: _Posed) -> Document:
    return _resolution(asked).to_dict()


def _choose(asked: _Posed) -> Document:
    table = asked.table
    types = table.texts("message_types")
    if not 0 < len(types) <= _MOST_TYPES:
        raise table.fault(
            f"message_types holds {len(types)}: give 1 to {_MOST_TYPES} types, in the order you would like to send them"
        )
    verdict = asked.register.choose(
        _identifier(table),
        types,
        kind=_kind(table),
        sender=_sender(table),
        on=asked.on,
        policy=asked.policy,
        deliveries=asked.deliveries,
    )
    return _told(verdict, asked)


def _told(verdict: Verdict, asked: _Posed) -> Document:
    if not asked.is_short:
        return verdict.to_dict()
    from sor_addressing.tables.answers import VERDICT_COLUMNS, cells_of

    return dict(zip((name for name, _ in VERDICT_COLUMNS), cells_of(verdict), strict=True))


def _find(asked: _Posed) -> Document:
    limit = asked.table.whole("limit", 0, MOST_RESULTS, _FOUND)
    return asked.register.find(
        _filter(asked.table), on=asked.on, policy=asked.policy, limit=limit, deliveries=asked.deliveries
    ).to_dict()


def _search(asked: _Posed) -> Document:
    from sor_addressing.messages.catalogue import catalogue

    table = asked.table
    text = table.text("text")
    given = table.text("message_type", None)
    limit = table.whole("limit", 1, MOST_RESULTS, _MATCHES)
    message_type = None if given is None else catalogue().parse(given)
    wanted = _filter(table, leaving_out="message_type")
    matches = asked.register.search(
        text,
        limit=limit,
        filter=wanted if wanted.fields else None,
        message_type=message_type,
        on=asked.on,
        policy=asked.policy,
    )
    return {
        "text": text,
        "message_type": message_type.to_dict() if message_type else None,
        "filter": wanted.to_dict(),
        "results": [match.to_dict() for match in matches],
    }


def _unit(asked: _Posed) -> Document:
    resolution = asked.register.resolve(sor_code=_needed(asked.table), on=asked.on, policy=asked.policy)
    candidates = resolution.candidates
    return unit_document(candidates[0] if candidates else resolution.unwrap())


def _letter(asked: _Posed) -> Document:
    table = asked.table
    if "path" in table and not asked.may_read_files:
        raise table.fault("a path can't be given here: send the letter itself, as text")
    if ("path" in table) == ("text" in table):
        raise table.fault("give a letter by its path or its text, one of them")
    source = table.text("path") if "path" in table else table.text("text").encode()
    letters = asked.register.validate_message(source, on=asked.on, policy=asked.policy, deliveries=asked.deliveries)
    return {"letters": [letter.to_dict() for letter in letters]}


def _info(asked: _Posed) -> Document:
    register = asked.register
    age = register.age_days
    return {**register.load_report.to_dict(), "age_days": age, "stale": bool(said_of_age(age, asked.policy))}


def _resolution(asked: _Posed) -> Resolution:
    table = asked.table
    return asked.register.resolve(
        _needed(table),
        kind=_kind(table),
        message_type=table.text("message_type", None),
        on=asked.on,
        policy=asked.policy,
    )


def _identifier(table: WrittenTable) -> str:
    """The identifier; empty where it is blank or missing, which the answer tells as it does for a row of a file."""
    value = table.values.get("id")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise table.wrong("id", "write it as a text in quotes, for a number loses its leading zeros")
    return table.text("id", "")


def _needed(table: WrittenTable) -> str:
    """The identifier of a question that means nothing without one."""
    value = _identifier(table)
    if not value:
        raise table.wrong("id", "write an identifier as a text in quotes")
    return value


def _kind(table: WrittenTable) -> IdentifierKind | None:
    return None if table.values.get("kind") is None else IdentifierKind(_word(table, "kind", RESOLVABLE))


def _direction(table: WrittenTable) -> Direction:
    given = table.values.get("direction")
    return Direction.RECEIVE if given is None else Direction(_word(table, "direction", tuple(Direction)))


def _sender(table: WrittenTable) -> str | Mapping[str, str] | None:
    """A location number, or what is known of the sender by name."""
    if isinstance(table.values.get("sender"), dict):
        return table.mapped("sender", WrittenTable.text)
    return table.text("sender", None)


def _word(table: WrittenTable, key: str, known: Collection[str]) -> str:
    """One of a few words; what is none of them is refused, and the nearest suggested."""
    value = table.values[key]
    if isinstance(value, str) and value in known:
        return value
    listed = [str(choice) for choice in known]
    near = nearest(value.casefold(), listed) if isinstance(value, str) else None
    choices = " or ".join([", ".join(listed[:-1]), listed[-1]])
    raise table.wrong(key, f"use {choices} (did you mean {near}?)" if near else f"use {choices}")


def _filter(table: WrittenTable, *, leaving_out: str = "") -> Filter:
    from sor_addressing.search.rules.filters import Filter

    fields: dict[str, Any] = {name: _field(table, name) for name in table if name in FILTERS and name != leaving_out}
    return Filter().but(**fields)


def _field(table: WrittenTable, name: str) -> object:
    """A field of a filter, as plain types that the filter can look at without stumbling."""
    value = table.values[name]
    if _is_scalar(value):
        return value
    if isinstance(value, list) and (name == "near" or (name == "level" and all(map(_is_scalar, value)))):
        return value
    return table.texts(name)


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, (str, bool, int, float))


def _keys(*own: str) -> frozenset[str]:
    return frozenset(("ask", "ref", "on", *own))


ASKS: Mapping[str, tuple[frozenset[str], Callable[[_Posed], Document]]] = {
    "validate": (_keys("id", "kind", "message_type", "direction", "sender"), _validate),
    "resolve": (_keys("id", "kind", "message_type"), _resolve),
    "choose": (_keys("id", "kind", "message_types", "sender"), _choose),
    "search": (_keys("text", "limit", *FILTERS), _search),
    "find": (_keys("limit", *FILTERS), _find),
    "unit": (_keys("id"), _unit),
    "letter": (_keys("path", "text"), _letter),
    "info": (_keys(), _info),
}
"""What can be asked: the keys that each question may have, and what answers it."""
