"""Many message files: a report a file, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.severities import Severity
from sor_addressing.addressing.verdicts import Deliveries
from sor_addressing.clock import Clock
from sor_addressing.errors import LetterError
from sor_addressing.index.lookup import Index
from sor_addressing.letters.checking import check_letter
from sor_addressing.letters.files import MessageSource, message_files
from sor_addressing.letters.report import LetterReport


@attrs.frozen(slots=True)
class FileReport:
    """What became of one message file: the reports on its letters, or the error for which it has none."""

    file: str
    letters: tuple[LetterReport, ...] = ()
    error: LetterError | None = None

    @property
    def deliverable(self) -> bool:
        """Whether every letter in the file may be sent; a file that can't be read may not."""
        return self.error is None and all(letter.deliverable for letter in self.letters)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "file": self.file,
            "deliverable": self.deliverable,
            "error": str(self.error) if self.error else None,
            "letters": [letter.to_dict() for letter in self.letters],
        }


def check_files(
    index: Index,
    sources: Iterable[MessageSource],
    *,
    day: int | None,
    clock: Clock,
    policy: AddressingPolicy,
    deliveries: Deliveries | None = None,
) -> Iterator[FileReport]:
    """A report on each message file of ``sources``. The day is settled when the first one is asked for."""
    today = clock().toordinal()
    settled = today if day is None else day
    for found in message_files(sources):
        letters = tuple(
            check_letter(index, header, day=settled, today=today, policy=policy, deliveries=deliveries)
            for header in found.headers
        )
        yield FileReport(found.name, letters, found.error)


@attrs.define(slots=True)
class BatchSummary:
    """What a batch of message files comes to, counted while it goes by: give each report to :meth:`add`.

    ``by_reason`` counts letters by the code of each error and warning that is to be said of them.
    """

    files: int = 0
    unreadable: int = 0
    letters: int = 0
    deliverable: int = 0
    by_reason: Counter[str] = attrs.field(factory=Counter)

    def add(self, report: FileReport) -> None:
        """Count one more file."""
        self.files += 1
        self.unreadable += report.error is not None
        for letter in report.letters:
            self.letters += 1
            self.deliverable += letter.deliverable
            self.by_reason.update({f.code for f in letter.reasons if f.severity is not Severity.INFO})

    @property
    def would_fail(self) -> int:
        """How many letters and unreadable files would fail."""
        return self.letters - self.deliverable + self.unreadable

    def to_dict(self) -> dict[str, object]:
        """Plain types; the most frequent reason first."""
        return {
            "files": self.files,
            "unreadable": self.unreadable,
            "letters": self.letters,
            "deliverable": self.deliverable,
            "would_fail": self.would_fail,
            "by_reason": dict(sorted(self.by_reason.items(), key=lambda one: (-one[1], one[0]))),
        }
