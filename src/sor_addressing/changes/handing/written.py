"""What a handover and its check are written as."""

from __future__ import annotations

import datetime as dt

from sor_addressing.cells import json_text
from sor_addressing.changes.handing.writing import Rows, sheet, write_rows
from sor_addressing.register.sectioned import SectionedReport
from sor_addressing.whole_file import BinaryTarget, Target, written_binary, written_text
from sor_addressing.workbook import write_workbook


class HandoverReport(SectionedReport):
    """A report with a row a location number."""

    __slots__ = ()
    snapshot_date: dt.date

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        raise NotImplementedError  # pragma: no cover

    def rows(self, language: str = "en") -> Rows:
        """The heads of a table, and a row a number."""
        raise NotImplementedError  # pragma: no cover

    def to_json(self, target: Target) -> None:
        """Write it whole as JSON, to a path or an open text file; a handover is read again from that, and held against the register of after.

        Raises:
            NotWritten: it can't be written there.
        """
        with written_text(target) as file:
            file.write(json_text(self.to_dict(), indent=1, stream=file) + "\n")

    def to_csv(self, target: Target, *, language: str = "en", delimiter: str = ";") -> None:
        """Write a row a number, to a path or an open text file.

        Raises:
            NotWritten: it can't be written there.
        """
        with written_text(target, encoding="utf-8-sig") as file:
            write_rows(file, *self.rows(language), delimiter)

    def to_excel(self, target: BinaryTarget, *, language: str = "en") -> None:
        """Write the same as a workbook, every cell as text. Needs the extra ``excel``.

        Raises:
            MissingExtra: openpyxl is not installed.
            NotWritten: it can't be written there.
        """
        heads, rows = self.rows(language)
        with written_binary(target) as file:
            write_workbook(file, sheet(language), heads, rows, day=self.snapshot_date, feature="writing Excel")
