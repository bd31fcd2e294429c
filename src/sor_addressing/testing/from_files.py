"""A register that went the whole way: an extract written to published files, and those loaded."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, Any

from sor_addressing.register.face import Register
from sor_addressing.testing.builder import RegisterBuilder
from sor_addressing.testing.day_edits import DayEdits
from sor_addressing.testing.extract import MadeUpExtract

__all__ = ["register_from_files"]

Writer = Callable[[MadeUpExtract, IO[bytes]], None]


def register_from_files(
    extract: MadeUpExtract | RegisterBuilder | DayEdits, *writers: Writer, **options: Any
) -> Register:
    """The register that the published files of an extract give: what they can't say is not known in it.

    Args:
        extract: what is written; a builder's or a day's counts as its extract.
        writers: such as ``write_sor_csv``; each writes one of the files.
        options: passed on to ``Register.load``; the day and the clock are the extract's unless given.

    >>> from sor_addressing.testing import sample_extract, write_sor_csv
    >>> register_from_files(sample_extract(), write_sor_csv).has_message_types
    False
    """
    made = extract.extract() if isinstance(extract, RegisterBuilder) else extract
    made = made.extract if isinstance(made, DayEdits) else made
    files = []
    for write in writers:
        target = io.BytesIO()
        write(made, target)
        files.append(target.getvalue())
    day = made.snapshot_date
    settings: dict[str, Any] = {"snapshot_date": day, "clock": lambda: day, **options}
    return Register.load(*files, **settings)
