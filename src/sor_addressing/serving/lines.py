"""Questions as lines of JSON, answered a line each: what ``sor-addressing answer`` does for the program that started it.

Answers are ASCII, every other letter an escape: a parent reads them right whatever it takes a pipe's encoding to be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.cells.json_text import json_encoder
from sor_addressing.errors import QuestionError, error_document
from sor_addressing.register.face import Register
from sor_addressing.register.inside import clock_of, stands
from sor_addressing.serving.questions import Document, answer_question
from sor_addressing.written_data.json_texts import json_of

if TYPE_CHECKING:
    from sor_addressing.addressing.verdicts import Deliveries

__all__ = ["MOST_BYTES", "LineAnswers", "lines_of"]

MOST_BYTES = 16 << 20
"""What a line may have; a letter with attachments has some million."""

_MARK = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"
_LONGEST_REMEMBERED = 1_000
_MOST_REMEMBERED = 32 << 20
_OVERHEAD = 600
"""What Python adds to a question and its answer."""


def lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream without their ends, blank ones too; None for one that is longer than :data:`MOST_BYTES`."""
    while line := stream.readline(MOST_BYTES + 1):
        if len(line) <= MOST_BYTES or line.endswith(b"\n"):
            yield line.strip(_BLANKS)
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MOST_BYTES)
        yield None


class LineAnswers:
    """Answers lines, one after the other, from the register of the moment.

    What was asked before is remembered, as long as register and day are the same: most traffic goes to few recipients.

    Args:
        current: gives the register to ask.
        mark: what every answer says of its register.
        policy: what is accepted; the default policy where None.
        language: of errors, ``en`` or ``da``.
        on: the day of questions that name none.
        deliveries: a ledger of what came back.
        short: verdicts by columns, see :func:`answer_question`.
    """

    def __init__(
        self,
        current: Callable[[], Register],
        *,
        mark: Callable[[Register], Document] = lambda _register: {},
        policy: AddressingPolicy | None = None,
        language: str = "en",
        on: dt.date | None = None,
        deliveries: Deliveries | None = None,
        short: bool = False,
    ) -> None:
        self._current = current
        self._mark = mark
        self._policy = policy
        self._language = language
        self._on = on
        self._deliveries = deliveries
        self._short = short
        self._encode = json_encoder(compact=True, only_ascii=True)
        self._number = 0
        self._of: tuple[Register, dt.date] | None = None
        self._remembered: dict[tuple[tuple[str, object], ...], str] = {}
        self._size = 0

    def answer(self, line: bytes | None) -> bytes | None:
        """The answer to a line as :func:`lines_of` gives it, with its end; None for a blank one, which is not answered."""
        self._number += 1
        if self._number == 1 and line is not None:
            line = line.removeprefix(_MARK)
        if line == b"":
            return None
        try:
            question = self._question(line)
        except QuestionError as error:
            text = self._encode(
                {"error": error_document(QuestionError(error.reason, line=self._number), self._language)}
            )
        else:
            ref = question.pop("ref", _NO_REF)
            text = self._answered(question, may_remember=line is not None and len(line) < _LONGEST_REMEMBERED)
            if ref is not _NO_REF:
                text = f'{text[:-1]},"ref":{self._encode(ref)}}}'
        return f"{text}\n".encode("ascii")

    def _question(self, line: bytes | None) -> dict[str, object]:
        if line is None:
            raise QuestionError(f"more than {MOST_BYTES:,} bytes in one line; ask one question a line")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise QuestionError("not UTF-8; write the question in UTF-8, or other letters as escapes") from None
        return dict(json_of(text, "", QuestionError).values)

    def _answered(self, question: dict[str, object], *, may_remember: bool) -> str:
        register = self._current()
        key = tuple(question.items()) if may_remember and self._deliveries is None and _is_plain(question) else ()
        if key:
            state = (register, clock_of(register)())
            if self._of is None or self._of[0] is not register or self._of[1] != state[1] or not stands(register):
                self._of, self._size = state, 0
                self._remembered.clear()
            known = self._remembered.get(key)
            if known is not None:
                return known
        answer = answer_question(
            register,
            question,
            policy=self._policy,
            language=self._language,
            on=self._on,
            deliveries=self._deliveries,
            may_read_files=True,
            short=self._short,
        )
        if "error" in answer:
            return self._encode(answer)
        text = self._encode({**answer, **self._mark(register)})
        if key:
            self._remember(key, text)
        return text

    def _remember(self, key: tuple[tuple[str, object], ...], text: str) -> None:
        self._size += _cost(key, text)
        self._remembered[key] = text
        while self._size > _MOST_REMEMBERED:
            oldest = next(iter(self._remembered))
            self._size -= _cost(oldest, self._remembered.pop(oldest))


_NO_REF = object()


def _cost(key: tuple[tuple[str, object], ...], text: str) -> int:
    """So many bytes a question that is remembered takes, with its answer."""
    return len(text) + sum(len(str(value)) for _, value in key) + _OVERHEAD


def _is_plain(question: dict[str, object]) -> bool:
    """Whether equal questions have equal answers: a file of a letter changes, and 1 equals true."""
    return question.get("ask") != "letter" and all(type(value) is str for value in question.values())
