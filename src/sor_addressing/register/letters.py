"""What a register is asked of message files: will the letters in them arrive."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.clock import Clock, day_number

if TYPE_CHECKING:
    from sor_addressing.addressing.verdicts import Deliveries
    from sor_addressing.index.lookup import Index
    from sor_addressing.letters.batch import FileReport
    from sor_addressing.letters.report import LetterReport


class LetterQuestions:
    """The part of a register that is asked whether letters will arrive."""

    __slots__ = ()
    _index: Index
    _clock: Clock

    def validate_message(
        self,
        source: str | os.PathLike[str] | bytes,
        *,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        deliveries: Deliveries | None = None,
    ) -> tuple[LetterReport, ...]:
        """Whether the letters in a message file will arrive: what the sender is about to put on the wire, looked at before it leaves.

        Every receiver is resolved and validated, the sender is checked (may it send the type, can receipts and a reply reach it),
        identifiers that contradict each other and an envelope that differs from its letter are findings. Only the addressing header
        of the file is read, see :func:`read_message_header`.

        Args:
            source: a path to a message file, or its bytes: EDIFACT, OIOXML, FHIR as JSON or XML, VANSEnvelope, SBDH.
            on: the day the letter is sent; today by default.
            policy: what is accepted; the default policy where None.
            deliveries: a ledger of what came back; its findings stand in the verdicts on the receivers.

        Returns:
            A report a letter, in the file's order; mostly there is one.

        Raises:
            LetterError: the file is no message, or it is damaged.

        >>> from sor_addressing.testing import MadeUpLetter, oioxml_of
        >>> from sor_addressing import Register
        >>> register = Register.sample()
        >>> report, = register.validate_message(oioxml_of(MadeUpLetter()))
        >>> report.header.message_type
        MessageType('XDIS91 XD9134L')
        """
        from sor_addressing.letters.checking import check_letter
        from sor_addressing.letters.reading import read_message_header

        today, used = self._clock().toordinal(), policy or DEFAULT_POLICY
        day = today if on is None else day_number(on)
        headers = read_message_header(source)
        return tuple(
            check_letter(self._index, header, day=day, today=today, policy=used, deliveries=deliveries)
            for header in headers
        )

    def validate_messages(
        self,
        sources: Iterable[str | os.PathLike[str] | bytes],
        *,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        deliveries: Deliveries | None = None,
    ) -> Iterator[FileReport]:
        """A report on every message file in ``sources``, one after the other: nothing is kept.

        Args:
            sources: paths to message files, to folders (all that is below them), to zip archives; patterns such as ``out/*.xml``;
                bytes of a message.
            on: the day the letters are sent; today by default. It is settled when the first report is asked for.
            policy: what is accepted; the default policy where None.
            deliveries: a ledger of what came back; its findings stand in the verdicts on the receivers.

        A file that can't be read is a report with an ``error``, and the rest goes on.
        """
        from sor_addressing.letters.batch import check_files

        day = None if on is None else day_number(on)
        used = policy or DEFAULT_POLICY
        return check_files(self._index, sources, day=day, clock=self._clock, policy=used, deliveries=deliveries)
