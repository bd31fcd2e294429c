"""An approval list: which system may send and receive which message types, and how far its test has come."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

import attrs

from sor_addressing.addressing.support import Direction, Side
from sor_addressing.errors import PolicyError
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.register.allowing.system_names import SystemMatch, SystemNames, aliases_of, version_in
from sor_addressing.written_data.rows import read_rows
from sor_addressing.written_data.tables import WrittenTable

_REQUIRED = ("system", "code", "version", "direction", "status")
_OPTIONAL = ("supplier", "system_type", "message_name", "system_version", "date")


class ApprovalStatus(StrEnum):
    """How far a system has come with a message type, the best first."""

    APPROVED = "approved"
    TESTING = "testing"
    NOT_TESTED = "not tested"
    NOT_APPROVED = "not approved"


_ORDER = tuple(ApprovalStatus)


@attrs.frozen(slots=True, order=False)
class Approval:
    """A system as it stands on an approval list: one name can be there several times, as several sorts of system or in several versions.

    Attributes:
        system: its name.
        supplier: who makes it; empty where the list does not say.
        system_type: what sort of system (*systemtype*) it is approved as; likewise.
        version: of the system: the list's, else the number at the end of its name; likewise.
    """

    system: str
    supplier: str = ""
    system_type: str = ""
    version: str = ""

    @property
    def label(self) -> str:
        """What tells it apart: ``Cura 2.1 (EOJ-systemer, Systematic)``."""
        is_named = self.version in ("", version_in(self.system))
        name = self.system if is_named else f"{self.system} {self.version}"
        more = ", ".join(filter(None, (self.system_type, self.supplier)))
        return f"{name} ({more})" if more else name

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "system": self.system,
            "supplier": self.supplier or None,
            "system_type": self.system_type or None,
            "version": self.version or None,
        }


@attrs.frozen(slots=True)
class ApprovalRow:
    """A row of an approval list.

    Attributes:
        message_type: the type, with the version that was tested.
        direction: whether the system sends or receives it.
        status: how far it has come.
        file: the list.
        line: where it stands there.
        date: the day of the approval; None where the list does not say.
    """

    message_type: MessageType
    direction: Direction
    status: ApprovalStatus
    file: str
    line: int
    date: dt.date | None = None

    def is_about(self, message_type: MessageType) -> bool:
        """Whether it speaks of a type; one without a version is that of every version, and a zero at a version's end is nothing."""
        version = _version(message_type.version)
        return _type(self.message_type) == _type(message_type) and version in ("", _version(self.message_type.version))

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "message_type": self.message_type.text,
            "direction": str(self.direction),
            "status": str(self.status),
            "file": self.file,
            "line": self.line,
            "date": None if self.date is None else self.date.isoformat(),
        }


class _Type(NamedTuple):
    """A message type as it is compared: its family, or its text where no catalogue has it, and its format."""

    name: str
    format: MessageFormat | None


class Approvals:
    """An approval list, such as MedCom's public one: what each system is approved to send and to receive.

    Where a system stands there several times with one type, version and direction (as a system of several sorts), the best status counts for
    :meth:`status`; :meth:`approvals_of` tells them apart.

    Args:
        rows: rows with ``system``, ``code``, ``version``, ``direction`` (send or receive) and ``status`` (approved, testing, not tested or not
            approved), and perhaps ``supplier``, ``system_type``, ``system_version`` and ``date``; each with the number of its line.
        aliases: what systems are called in the register: code or name to the name or names on the list; or a CSV with the columns
            ``registered`` and ``approved``.
        file: name of the file the rows are from, for errors.

    Raises:
        PolicyError: a row has no such direction or status, or an alias leads to a name that is not on the list.
    """

    def __init__(
        self,
        rows: Iterable[tuple[int, Mapping[str, str]]],
        *,
        aliases: Mapping[str, str | Iterable[str]] | str | os.PathLike[str] | None = None,
        file: str = "approvals",
    ) -> None:
        self._of: dict[str, dict[tuple[_Type, str, Direction], ApprovalStatus]] = {}
        self._system_types: dict[str, dict[str, None]] = {}
        self._rows: dict[str, dict[Approval, list[ApprovalRow]]] = {}
        self._file = file
        suppliers: dict[str, list[str]] = {}
        for line, row in rows:
            written = WrittenTable(row, file, PolicyError, line=line)
            system, code = written.text("system"), written.text("code")
            direction, status = written.one_of("direction", Direction), written.one_of("status", ApprovalStatus)
            one = _message_type(code, written.text("version", ""))
            known = self._of.setdefault(system, {})
            key = _type(one), _version(one.version), direction
            known[key] = min(status, known.get(key, status), key=_ORDER.index)
            supplier, sort = row.get("supplier", ""), row.get("system_type", "")
            suppliers.setdefault(system, []).append(supplier)
            if sort:
                self._system_types.setdefault(system, {})[sort] = None
            approval = Approval(system, supplier, sort, row.get("system_version", "") or version_in(system))
            told = ApprovalRow(
                one, direction, status, file, line, written.day("date", None) if row.get("date") else None
            )
            self._rows.setdefault(system, {}).setdefault(approval, []).append(told)
        self._names = SystemNames(suppliers, aliases_of(aliases))

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        aliases: Mapping[str, str | Iterable[str]] | str | os.PathLike[str] | None = None,
    ) -> Approvals:
        """The approval list in a CSV: comma, semicolon or tab, UTF-8, ``#`` lines are comments.

        Raises:
            PolicyError: the file can't be read, or a row is none; the text names file and line.
        """
        rows = read_rows(path, PolicyError, required=_REQUIRED, optional=_OPTIONAL)
        return cls(rows, aliases=aliases, file=os.fspath(path))

    def __repr__(self) -> str:
        return f"<Approvals of {len(self._of)} systems>"

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems on the list, in its order."""
        return tuple(self._of)

    def system_types(self, systems: Iterable[str]) -> tuple[str, ...]:
        """What sorts of system (*systemtype*) the systems are."""
        return tuple(dict.fromkeys(sort for system in systems for sort in self._system_types.get(system, ())))

    @property
    def file(self) -> str:
        """The file that the list is from."""
        return self._file

    def approvals_of(self, systems: Iterable[str]) -> tuple[Approval, ...]:
        """Every approval of the systems, in the list's order: a name that stands there several times has several.

        Raises:
            KeyError: one of them is not on the list.
        """
        return tuple(approval for system in dict.fromkeys(systems) for approval in self._rows[system])

    def rows_of(self, approval: Approval) -> tuple[ApprovalRow, ...]:
        """What the list says of one approval.

        Raises:
            KeyError: it is not on the list.
        """
        return tuple(self._rows[approval.system][approval])

    def match(self, code: str, name: str | None = None, *, supplier: str | None = None) -> SystemMatch:
        """Which system on the list a system of the register is.

        Args:
            code: as the register writes it.
            name: what the code stands for.
            supplier: the name of its supplier, which tells apart systems of one name.
        """
        return self._names.match(code, name, supplier)

    def status(
        self, systems: Iterable[str], message_type: str | MessageType, direction: Side | None = None
    ) -> ApprovalStatus | None:
        """The best status that any of the systems has with a type; None where none is on the list with it.

        A type without a version has that of its best version; without a direction that of the better of the two. Versions that differ
        in a zero at their end are the same.
        """
        one = catalogue().parse(message_type)
        wanted, version = _type(one), _version(one.version)
        found = [
            status
            for system in systems
            for (type_, of_version, towards), status in self._of[system].items()
            if type_ == wanted and version in ("", of_version) and direction in (None, towards)
        ]
        return min(found, key=_ORDER.index) if found else None

    def formats(self, systems: Iterable[str]) -> frozenset[MessageFormat]:
        """The formats in which any of the systems has letters, receipts apart, that it is approved for or on its way to."""
        return frozenset(
            type_.format
            for system in systems
            for (type_, _, _), status in self._of[system].items()
            if type_.format and status is not ApprovalStatus.NOT_APPROVED and not catalogue().is_receipt(type_.name)
        )


def _message_type(code: str, version: str) -> MessageType:
    return catalogue().parse(f"{code} {version}")


def _type(one: MessageType) -> _Type:
    return _Type(one.family or one.code, one.format)


def _version(version: str | None) -> str:
    """A version without zeros at its end: 2.0 and 2.0.0 are one."""
    text = version or ""
    while text.endswith(".0"):
        text = text[:-2]
    return text
