"""Writes ``Sor_complete.zip``, or its files into a folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Literal, Protocol, Unpack

from sor_addressing.extracts.published import in_complete_set
from sor_addressing.model import RegistrationRecord
from sor_addressing.testing.published.companion_tables import Language
from sor_addressing.testing.published.message_types import Directions
from sor_addressing.testing.published.sor_xml import UnitsOfADay
from sor_addressing.testing.published.table_options import TableOptions
from sor_addressing.testing.published.unit_tables import write_sor_entity
from sor_addressing.testing.published.writers import WRITERS
from sor_addressing.whole_file import WholeFiles, folder_made, written_binary

__all__ = ["MEMBERS", "CompleteSet", "write_complete"]

MEMBERS: Mapping[str, str] = {
    content.layout: content.member for content in in_complete_set() if content.layout is not None
}
"""Layout to name of its file, in the order in which they are written."""


class CompleteSet(UnitsOfADay, Protocol):
    """What is written: a :class:`~sor_addressing.testing.MadeUpExtract`, or anything else with these."""

    @property
    def registrations(self) -> Sequence[RegistrationRecord]:
        """The registrations."""


def write_complete(
    extract: CompleteSet,
    target: str | Path | IO[bytes],
    *,
    write_units: Callable[[CompleteSet, IO[bytes]], None] | None = None,
    language: Language = "en",
    headers: Mapping[str, Mapping[str, str]] | None = None,
    by: Literal["id", "code", "code version"] = "id",
    directions: Directions | None = None,
    member_names: Mapping[str, str | None] | None = None,
    **options: Unpack[TableOptions],
) -> None:
    """Write the complete set: the table of units and the seven tables beside it. The same extract gives the same bytes.

    Args:
        extract: its records.
        target: a path that ends in ``.zip`` or a binary file, which is left open, gets an archive; any other path is a
            folder, made where it doesn't exist.
        write_units: writes the table of units into a binary file; :func:`write_sor_entity` with every unit unless given.
        language: spelling of the headers of the seven others.
        headers: layout to field to another header, for some of them.
        by: how the registrations name message types, see :func:`write_location_message_types`.
        directions: as in :func:`~sor_addressing.testing.write_message_types`.
        member_names: layout to another file name than that in :data:`MEMBERS`; None leaves the file out.
        options: how the seven tables are written, see :class:`~sor_addressing.testing.published.table_options.TableOptions`.

    Raises:
        ValueError: an unknown layout, field or way of writing.
    """
    if "header" in options:
        raise ValueError("several tables are written: give headers= with a map for each layout, not header=")
    for given in (headers or {}, member_names or {}):
        if unknown := sorted(given.keys() - MEMBERS.keys()):
            raise ValueError(f"no files {', '.join(unknown)}; there are {', '.join(MEMBERS)}")
    more = {"location_message_types": {"by": by, "directions": directions}}
    files: list[tuple[str, bytes]] = []
    for content in in_complete_set():
        layout = content.layout or content.key
        name = (member_names or {}).get(layout, content.member)
        if name is None:
            continue
        data = io.BytesIO()
        if layout == "units":
            (write_units or partial(write_sor_entity, daily=False))(extract, data)
        else:
            own = {**options, **more.get(layout, {}), "header": (headers or {}).get(layout)}
            WRITERS[content.key](extract, data, language=language, **own)
        files.append((name, data.getvalue()))
    if isinstance(target, (str, Path)) and not str(target).lower().endswith(".zip"):
        folder = folder_made(target)
        with WholeFiles() as written:
            for name, data_of in files:
                with written.binary(folder / name) as file:
                    file.write(data_of)
        return
    with written_binary(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data_of in files:
            member = zipfile.ZipInfo(name, date_time=extract.created_at.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            # Else the archive would say on which system it was made.
            member.create_system = 3
            archive.writestr(member, data_of)
