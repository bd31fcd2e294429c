"""An address book watched from day to day: only what is new since the last time, as text that can be mailed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.cells import json_text
from sor_addressing.changes.book.entries import BookEntry
from sor_addressing.changes.compare.change import Change
from sor_addressing.changes.compare.register_pair import compare
from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.changes.review.judging import EntryState
from sor_addressing.changes.review.report import Review
from sor_addressing.errors import AddressBookError
from sor_addressing.hiding import shown
from sor_addressing.identifiers import LocationNumber, ProviderNumber, ShakCode, SorCode
from sor_addressing.register.face import Register
from sor_addressing.texts import text_of
from sor_addressing.whole_file import folder_made, written_text
from sor_addressing.written_data.json_texts import read_json
from sor_addressing.written_data.tables import WrittenTable

_LAYOUT = 1
_MOST_BYTES = 512 * 1024 * 1024


@attrs.frozen(slots=True)
class WatchMemory:
    """What was told of a book the last time: its day, and of each entry what was wrong.

    Entries are kept by a digest of their cells, so that nothing of a book stands in the file that remembers it.
    """

    day: dt.date | None = None
    entries: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> WatchMemory:
        """What :meth:`save` wrote; nothing where there is no such file, as at the first time.

        Raises:
            AddressBookError: the file is not one that this version of the library wrote.
        """
        if not os.path.lexists(path):
            return cls()
        reason = ""
        try:
            found = read_json(path, AddressBookError, most_bytes=_MOST_BYTES)
            found.whole("layout", _LAYOUT, _LAYOUT)
            return cls(found.day("day", None), found.mapped("entries", WrittenTable.texts))
        except AddressBookError as error:
            reason = error.reason.partition(";")[0]
        raise AddressBookError(
            f"what was told the last time can't be read: {reason}; remove the file, and everything is told anew",
            file=os.fspath(path),
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it beside its place and rename it; the folder is made where it is missing.

        Raises:
            AddressBookError: it can't be written.
        """
        file = Path(path)
        folder_made(file.parent, error=AddressBookError)
        document = {
            "layout": _LAYOUT,
            "day": self.day.isoformat() if self.day else None,
            "entries": {key: list(told) for key, told in self.entries.items()},
        }
        with written_text(file, error=AddressBookError) as stream:
            stream.write(json_text(document))


@attrs.frozen(slots=True, kw_only=True)
class Watched:
    """What is new in an address book since the last time.

    Attributes:
        review: the whole book as it stands.
        since: the day that was told the last time; None the first time, when everything that is wrong is new.
        news: entries that are worse or wrong in another way than the last time.
        cured: entries that were wrong the last time and are all right now.
        changes: what changed in the register since then for units that the book uses; empty where the earlier register is not at hand.
        memory: what to remember for the next time.
    """

    review: Review
    since: dt.date | None
    news: tuple[ReviewedEntry, ...]
    cured: tuple[ReviewedEntry, ...]
    changes: tuple[Change, ...]
    memory: WatchMemory

    @property
    def is_new(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.news or self.cured or self.changes)

    def subject(self, language: str = "en") -> str:
        """A line for the subject of a mail, in English (``"en"``) or Danish (``"da"``)."""
        code = "watch.subject" if self.is_new else "watch.subject-nothing"
        return text_of("review", code, language, self._counts())

    def text(self, language: str = "en") -> str:
        """Plain text for the body of a mail: what is new, what was cured, and what changed for units that the book uses."""
        return "\n".join(self._lines(language)) + "\n"

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "since": self.since.isoformat() if self.since else None,
            "snapshot_date": self.review.snapshot_date.isoformat(),
            "is_new": self.is_new,
            "summary": self.review.summary(),
            "news": [one.to_dict() for one in self.news],
            "cured": [one.to_dict() for one in self.cured],
            "changes": [one.to_dict() for one in self.changes],
        }

    def _counts(self) -> dict[str, object]:
        return {
            "broken": sum(1 for one in self.news if one.state is EntryState.BROKEN),
            "warning": sum(1 for one in self.news if one.state is EntryState.WARNING),
            "cured": len(self.cured),
            "changes": len(self.changes),
            "day": self.review.snapshot_date.isoformat(),
            "since": self.since.isoformat() if self.since else "–",
        }

    def _lines(self, language: str) -> Iterator[str]:
        yield self.subject(language)
        if self.since is None:
            yield text_of("review", "watch.first", language, {})
        for heading, entries in (("watch.news", self.news), ("watch.cured", self.cured)):
            if entries:
                yield ""
                yield text_of("review", heading, language, {})
            for one in entries:
                yield from _entry(one, language)
        if self.changes:
            yield ""
            yield text_of("review", "watch.changes", language, {})
            yield from (f"- {change.text(language)}" for change in self.changes)


def _entry(one: ReviewedEntry, language: str) -> Iterator[str]:
    title = " ".join(filter(None, (shown(one.entry.key), shown(one.entry.name)))) or one.recipient or ""
    yield f"- {text_of('review', 'entry', language, {'line': one.entry.line, 'title': title, 'state': one.state})}"
    for finding in one.findings:
        if finding.severity is not Severity.INFO:
            yield f"  {finding.text(language)}"
    for replacement in one.replacements:
        code = "replacement" if replacement.suggested else "removal"
        values = {"field": replacement.field, "seen": replacement.seen or "–", "suggested": replacement.suggested}
        yield f"  {text_of('review', code, language, values)}"
    for candidate in one.candidates:
        yield f"  {text_of('review', 'candidate', language, {'name': candidate.name, 'sor_code': candidate.sor_code})}"


def watch(
    review: Review, memory: WatchMemory, *, register: Register | None = None, previous: Register | None = None
) -> Watched:
    """What is new in a reviewed address book since ``memory``.

    Args:
        review: the book as it stands today, of :func:`review`.
        memory: what was told the last time; ``WatchMemory()`` the first time.
        register: the register that the book was reviewed in, and
        previous: that of the last time: where both are given, changes of the units that the book uses are told too.
    """
    told: dict[str, tuple[str, ...]] = {}
    news, cured = [], []
    for key, one in _keyed(review):
        wrong = _wrong(one)
        told[key] = wrong
        before = memory.entries.get(key, ())
        if wrong and wrong != before:
            news.append(one)
        elif before and not wrong:
            cured.append(one)
    changes: tuple[Change, ...] = ()
    if register is not None and previous is not None and previous.snapshot_date <= register.snapshot_date:
        # An entry that broke leads nowhere now: what happened to where it led is what is to be told.
        used = {one.sor_code for one in review.entries if one.sor_code}
        used |= {code for one in review.entries if not one.sor_code for code in _led_to(one.entry, previous)}
        changes = tuple(change for change in compare(previous, register) if change.sor_code in used)
    return Watched(
        review=review,
        since=memory.day,
        news=tuple(news),
        cured=tuple(cured),
        changes=changes,
        memory=WatchMemory(review.snapshot_date, told),
    )


def _led_to(entry: BookEntry, register: Register) -> Iterator[str]:
    """SOR codes of the units that an entry meant in a register: by its SOR code, as owners of its number, else by the other identifiers."""
    code = SorCode.compact(entry.sor_code)
    if code in register.by_sor_code:
        yield code
    number = register.by_location_number.get(LocationNumber.compact(entry.location_number), ())
    yield from (unit.sor_code for unit in number if unit.location is not None and not unit.location.inherited)
    if not number and code not in register.by_sor_code:
        for text, compact, units in (
            (entry.provider_number, ProviderNumber.compact, register.by_provider_number),
            (entry.shak_code, ShakCode.compact, register.by_shak_code),
        ):
            yield from (unit.sor_code for unit in (units.get(compact(text), ()) if text else ()))


def _keyed(review: Review) -> Iterator[tuple[str, ReviewedEntry]]:
    """Each entry under a digest of its own key, else of its cells; entries that are alike are told apart by their order."""
    seen: dict[str, int] = {}
    for one in review.entries:
        entry = one.entry
        cells = (entry.sor_code, entry.location_number, entry.provider_number, entry.shak_code, entry.name)
        text = json.dumps([entry.key] if entry.key else [*cells, *entry.message_types])
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        seen[digest] = seen.get(digest, 0) + 1
        yield (digest if seen[digest] == 1 else f"{digest}.{seen[digest]}"), one


def _wrong(one: ReviewedEntry) -> tuple[str, ...]:
    """What is to be told of an entry: its state, its reasons, and what should stand there instead; nothing where it is all right."""
    if one.state is EntryState.OK:
        return ()
    return (str(one.state), *one.reasons, *(f"{two.field}={two.suggested or ''}" for two in one.replacements))
