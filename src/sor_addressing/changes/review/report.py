"""An address book as it was found: :class:`Review`."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from sor_addressing._former import told_of_former
from sor_addressing.addressing.findings import Finding
from sor_addressing.changes.book.entries import Book
from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.changes.review.judging import EntryState
from sor_addressing.changes.review.readiness import Readiness, readiness_of, readiness_sections
from sor_addressing.errors import AddressBookError, PolicyError
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.model import Problem
from sor_addressing.pages.sections import sections_as_markdown
from sor_addressing.texts import LANGUAGES
from sor_addressing.whole_file import Target, put_text

if TYPE_CHECKING:
    from pathlib import Path

    from sor_addressing.register.face import Register


@attrs.frozen(slots=True, kw_only=True, repr=False)
class Review:
    """An address book as it stands in the register of a day.

    Attributes:
        entries: every entry, in the order of the book.
        findings: what is to be said of the register: that it is stale, or says nothing of message types.
        problems: what is wrong with lines of the file.
        on: the day asked about.
        snapshot_date: the day of the register.
        previous_date: the day of the previous register; None where none was given.
        not_searched: broken entries for which no candidates were searched, since there were too many.
        to: the kind of identifier that the book is on the way to; None where it is on none.
    """

    entries: tuple[ReviewedEntry, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    on: dt.date
    snapshot_date: dt.date
    previous_date: dt.date | None
    not_searched: int
    _book: Book
    to: IdentifierKind | None = None

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {state}" for state, count in self.counts.items())
        return f"<Review of {len(self.entries)} entries on {self.on}: {counts}>"

    @property
    def file(self) -> str | None:
        """The file of the book; None where it is no file."""
        return self._book.file

    @property
    def columns(self) -> Mapping[str, str]:
        """Which columns of the book were used: field to header."""
        return self._book.columns

    @property
    def counts(self) -> dict[EntryState, int]:
        """How many entries are in each state."""
        counted = Counter(one.state for one in self.entries)
        return {state: counted[state] for state in EntryState}

    @property
    def by_reason(self) -> dict[str, int]:
        """How many entries have each error or warning, the most frequent first."""
        counted = Counter(code for one in self.entries for code in one.reasons)
        return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def broken(self) -> tuple[ReviewedEntry, ...]:
        """Entries to which a letter would not arrive, or which can't be trusted."""
        return tuple(one for one in self.entries if one.state is EntryState.BROKEN)

    @property
    def warnings(self) -> tuple[ReviewedEntry, ...]:
        """Entries to look at."""
        return tuple(one for one in self.entries if one.state is EntryState.WARNING)

    @property
    def new(self) -> tuple[ReviewedEntry, ...]:
        """Entries with something that they did not have on the previous day."""
        return tuple(one for one in self.entries if one.new)

    @property
    def readiness(self) -> Readiness | None:
        """How ready the book is for the kind of identifier that it is on the way to; None where it is on none."""
        if self.to is None:
            return None
        return readiness_of(self.to, (one.conversion for one in self.entries if one.conversion is not None))

    def summary(self) -> dict[str, object]:
        """Counts in plain types: entries by state, by reason, how many are new, corrected, and have candidates."""
        return {
            "file": self.file,
            "on": self.on.isoformat(),
            "snapshot_date": self.snapshot_date.isoformat(),
            "previous_date": self.previous_date.isoformat() if self.previous_date else None,
            "entries": len(self.entries),
            **{str(state): count for state, count in self.counts.items()},
            "new": sum(1 for one in self.entries if one.new),
            "with_replacements": sum(1 for one in self.entries if one.replacements),
            "with_candidates": sum(1 for one in self.entries if one.candidates),
            "not_searched": self.not_searched,
            "by_reason": self.by_reason,
            **({"readiness": readiness.to_dict()} if (readiness := self.readiness) else {}),
            "findings": [one.to_dict() for one in self.findings],
            "problems": [one.to_dict() for one in self.problems],
        }

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys: the summary, the columns used, and every entry."""
        return {
            "summary": self.summary(),
            "columns": dict(self.columns),
            "entries": [one.to_dict() for one in self.entries],
        }

    def to_csv(self, target: Target, *, language: str = "en") -> None:
        """Write a row an entry to a path or an open text file; the reasons also as text in ``language``."""
        from sor_addressing.changes.review.writing import write_report

        write_report(self.entries, target, language, converted=self.to is not None)

    def to_json_lines(self, target: Target) -> None:
        """Write an entry a line, as :meth:`ReviewedEntry.to_dict` has it, to a path or an open text file."""
        from sor_addressing.changes.review.writing import write_lines

        write_lines(self.entries, target)

    def to_markdown(self, target: Target | None = None, *, language: str = "en", limit: int = 50) -> str:
        """A summary that a person reads in a minute: counts, reasons, and the entries to look at, the broken first.

        Args:
            target: a path or an open text file to write it to; it is given back either way.
            language: ``"da"`` or ``"en"``.
            limit: how many entries stand in it at most.
        """
        from sor_addressing.changes.review.markdown import markdown_of

        if isinstance(target, str) and target in LANGUAGES:
            told_of_former("Review.to_markdown(language)", "Review.to_markdown(language=…)")
            return self.to_markdown(language=target, limit=limit)
        text = markdown_of(
            self.entries,
            self.by_reason,
            self.findings,
            on=self.on,
            previous_date=self.previous_date,
            not_searched=self.not_searched,
            language=language,
            limit=limit,
        )
        readiness = self.readiness
        if readiness is not None:
            text += "\n" + sections_as_markdown(
                "", readiness_sections(readiness, self.entries, language, limit=limit)
            ).removeprefix("# \n\n")
        return put_text(target, text, error=AddressBookError)

    def to_html(self, target: Target | None = None, *, language: str = "en", register: Register | None = None) -> str:
        """The review as one page of HTML that needs nothing else; of the book only identifiers, keys and names of recipients stand in it.

        Args:
            target: a path or an open text file to write it to; it is given back either way.
            language: ``"da"`` or ``"en"``.
            register: the register that the book was reviewed in, for the tree of organisations; without it there is none.
        """
        from sor_addressing.changes.review.html import html_of

        return put_text(target, html_of(self, language, register=register), error=AddressBookError)

    def write_corrected(self, path: str | os.PathLike[str]) -> Path:
        """Write the book with every certain replacement made, beside the old one: same format, columns, delimiter and encoding.

        Three columns are added: ``review_state``, ``review_reasons`` and ``review_changed``, which says what was changed. Other cells stay as
        they are. A book in memory is written by the name of the file: ``.json``, ``.jsonl``, else CSV.

        Raises:
            AddressBookError: it is the old file, by whatever name; or that has changed since it was reviewed; or it can't be written.
        """
        from sor_addressing.changes.review.corrected_book import write_corrected

        return write_corrected(self._book, self.entries, path)

    def write_converted(self, path: str | os.PathLike[str]) -> Path:
        """Write the book with the new identifiers, beside the old one: same format, order of columns, delimiter, encoding and ends of lines.

        Of an entry that is ready the identifier is put in, and provider number and SHAK code are taken out; all others stay as they are. Three
        columns are added: ``conversion_state``, ``conversion_reasons`` and ``conversion_from``, by which going back
        (``to="provider_number"``) gives the old book; and one for the identifier, where the book has none for it.

        Raises:
            AddressBookError: it is the old file, by whatever name; or that has changed since it was reviewed; or it can't be written.
            PolicyError: the book was reviewed without ``to``.
        """
        from sor_addressing.changes.review.converted_book import write_converted

        if self.to is None:
            raise PolicyError("the book was reviewed without to: say what it is to be converted to")
        return write_converted(self._book, self.entries, self.to, path)
