"""What verdicts come to in columns: the cells for a row with a recipient and a message type."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from sor_addressing.addressing.inside import raws_of
from sor_addressing.addressing.severities import Severity
from sor_addressing.addressing.unasked import RECIPIENT_MISSING, TYPE_MISSING

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

Cells = tuple[object, ...]
Pair = tuple[object, object]


class Answers:
    """The cells of rows: each different pair is asked once, as long as there is room to remember it."""

    def __init__(self, ask: AskMany) -> None:
        self._waiting: deque[Pair] = deque()
        # One iterator for the whole table, so that all of it is asked on one day.
        self._verdicts = ask(self._take())
        self._known: dict[Pair, Cells] = {}

    def _take(self) -> Iterator[tuple[str, str]]:
        while True:
            yield self._waiting.popleft()  # type: ignore[misc]  # what is no text is answered too

    def cells(self, pair: Pair) -> Cells:
        """The cells of the new columns for a row with ``pair``; what is no text, as in a frame of objects, is answered like a gap."""
        recipient, message_type = pair
        if not (isinstance(recipient, (str, type(None))) and isinstance(message_type, (str, type(None)))):
            return self._ask(pair)
        found = self._known.get(pair)
        if found is None:
            found = self._ask(pair)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[pair] = found
        return found

    def _ask(self, pair: Pair) -> Cells:
        self._waiting.append(pair)
        return cells_of(next(self._verdicts))


def _unasked(code: str) -> Cells:
    """The cells of a row that can't be asked, with the code of the reason."""
    return ("not_resolved", False, None, None, None, None, None, None, None, [], [code])


def cells_of(verdict: Verdict) -> Cells:
    """What a verdict comes to, in the order of :data:`VERDICT_COLUMNS`."""
    raws = raws_of(verdict)
    missing = next((code for code, _, _ in raws if code in (RECIPIENT_MISSING, TYPE_MISSING)), None)
    if missing is not None:
        return _unasked(missing)
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
        [code for code, _, _ in raws],
        [code for code, severity, _ in raws if severity is Severity.ERROR],
    )
