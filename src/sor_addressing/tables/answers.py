"""What verdicts come to in columns: the cells for a row with a recipient and a message type."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from sor_addressing.addressing.inside import raws_of
from sor_addressing.addressing.severities import Severity
from sor_addressing.messages.catalogue import catalogue

if TYPE_CHECKING:
    from sor_addressing.addressing.verdicts import Verdict

AskMany = Callable[[Iterable[tuple[str, str]]], Iterator["Verdict"]]
"""The verdicts on pairs of recipient and message type, each taken when its verdict is asked for."""

_MOST_REMEMBERED = 131_072

VERDICT_COLUMNS = (
    ("outcome", "string"),
    ("deliverable", "bool"),
    ("status", "string"),
    ("sor_code", "string"),
    ("location_number", "string"),
    ("unit_certain", "bool"),
    ("send_as", "string"),
    ("arrives_as", "string"),
    ("conversion_by", "string"),
    ("findings", "list<string>"),
    ("errors", "list<string>"),
)
"""The columns that are added, and what they hold."""

RECIPIENT_MISSING = "recipient-missing"
MESSAGE_TYPE_MISSING = "message-type-missing"

Cells = tuple[object, ...]
_Pair = tuple[str | None, str | None]


class Answers:
    """The cells of rows: each different pair is asked once, as long as there is room to remember it."""

    def __init__(self, ask: AskMany) -> None:
        self._waiting: deque[tuple[str, str]] = deque()
        # One iterator for the whole table, so that all of it is asked on one day.
        self._verdicts = ask(self._take())
        self._known: dict[_Pair, Cells] = {}
        self._parse = catalogue().parse

    def _take(self) -> Iterator[tuple[str, str]]:
        while True:
            yield self._waiting.popleft()

    def cells(self, pair: _Pair) -> Cells:
        """The cells of the new columns for a row with ``pair``."""
        found = self._known.get(pair)
        if found is None:
            found = self._ask(*pair)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[pair] = found
        return found

    def _ask(self, recipient: str | None, message_type: str | None) -> Cells:
        if recipient is None or not recipient.strip():
            return unasked(RECIPIENT_MISSING)
        if message_type is None or not self._says_something(message_type):
            return unasked(MESSAGE_TYPE_MISSING)
        self._waiting.append((recipient, message_type))
        return _cells_of(next(self._verdicts))

    def _says_something(self, message_type: str) -> bool:
        try:
            self._parse(message_type)
        except ValueError:
            return False
        return True


def unasked(code: str) -> Cells:
    """The cells of a row that can't be asked, with the code of the reason."""
    return ("not_resolved", False, None, None, None, None, None, None, None, [], [code])


def _cells_of(verdict: Verdict) -> Cells:
    recipient = verdict.resolution.recipient
    sent, arrives, conversion = verdict.send_as, verdict.arrives_as, verdict.conversion
    return (
        str(verdict.outcome),
        verdict.deliverable,
        str(verdict.resolution.status),
        recipient.sor_code if recipient else None,
        recipient.location_number if recipient else None,
        recipient.unit_certain if recipient else None,
        sent.text if sent else None,
        arrives.text if arrives else None,
        str(conversion.by) if conversion else None,
        [code for code, _, _ in raws_of(verdict)],
        [code for code, severity, _ in raws_of(verdict) if severity is Severity.ERROR],
    )
