"""Which of the files among the sources is which, and which of several is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.detect import LAYOUTS, Content, may_be_passed_over, recognise_file
from sor_addressing.extracts.sources import SourceFile, name_of, source_files, type_of_source
from sor_addressing.extracts.tables.headers import ColumnMap, match_columns
from sor_addressing.model import Problem

UNITS = (Content.SOR_XML, Content.UNITS_TABLE, Content.SOR_CSV)
"""Files that hold units, the one first that says most; of several it is the one that is taken."""

REGISTRATIONS = (Content.MESSAGE_TYPES, Content.LOCATION_MESSAGE_TYPES)
"""Files that join message types to location numbers, the one first that is taken where there are both."""

COMPLETE = (
    Content.UNITS_TABLE,
    Content.LOCATIONS,
    Content.LOCATION_MESSAGE_TYPES,
    Content.MESSAGE_TYPE_LIST,
    Content.REPLACED_UNITS,
    Content.SHAK_MAP,
    Content.CLASSIFICATIONS,
    Content.GEOLOCATIONS,
)
"""The members of the complete set."""

_HELD = {**dict.fromkeys(UNITS, "units"), **dict.fromkeys(REGISTRATIONS, "message types")}
_PASSED_OVER = "file-not-recognised"


def meant(content: Content, files: Sequence[SourceFile]) -> Sequence[SourceFile]:
    """Those of several files with the same content that can be meant.

    Of tables of units that is not the daily one by its name: it lies beside the complete set, and leaves closed units out.
    """
    if content is not Content.UNITS_TABLE:
        return files
    return [file for file in files if "daily" not in _own_name(file).casefold()] or files


def _own_name(file: SourceFile) -> str:
    """The name without the folders and the archive that the file is in."""
    return file.name.replace("\\", "/").rpartition("!")[2].rpartition("/")[2]


@attrs.define(slots=True)
class Sources:
    """The files found, by what they are."""

    columns: ColumnMap | None
    problems: list[Problem] = attrs.field(factory=list)
    files: dict[Content, list[SourceFile]] = attrs.field(factory=dict)
    _columns_in: dict[SourceFile, frozenset[str]] = attrs.field(init=False, factory=dict)

    def add(self, sources: Iterable[type_of_source], *, expected: Content | None = None) -> None:
        """Take the files in ``sources``; others of a folder or archive are passed over and reported.

        Where message types are ``expected``, a table is read as such whatever its header, so that an error can name the columns.

        Raises:
            ExtractError: a file is not recognised, or a source holds none that is.
        """
        for source in sources:
            found = 0
            passed_over = []
            for file in source_files(source):
                try:
                    content = self._content(file, expected)
                except ExtractError as error:
                    if not may_be_passed_over(file):
                        raise
                    passed_over.append(error)
                    continue
                if expected is not None and content not in REGISTRATIONS:
                    raise ExtractError(
                        f"given as message_types, but it is a {content}; give the file that joins location numbers to message types",
                        file=file.name,
                    )
                self.files.setdefault(content, []).append(file)
                found += 1
            if not found:
                reasons = "; ".join(str(error) for error in passed_over[:3])
                raise ExtractError(
                    f"holds no extract; what it holds is none of the published files: {reasons}", file=name_of(source)
                )
            self.problems += [
                Problem(_PASSED_OVER, error.file or "", None, None, {"reason": error.reason}) for error in passed_over
            ]

    def _content(self, file: SourceFile, expected: Content | None) -> Content:
        content, header = recognise_file(file, columns=self.columns, expected=expected if file.explicit else None)
        if content in LAYOUTS:
            try:
                match = match_columns(header, LAYOUTS[content], file=file.name, columns=self.columns)
            except ExtractError:
                return content  # its reader says what is wrong with it
            self._columns_in[file] = frozenset(match.positions)
        return content

    def one(self, content: Content) -> SourceFile | None:
        """The one file that is ``content``; None where there is none.

        Raises:
            ExtractError: there are several.
        """
        files = meant(content, self.files.get(content, []))
        if len(files) > 1:
            names = ", ".join(file.name for file in files)
            raise ExtractError(
                f"{len(files)} files hold {_HELD.get(content, content)}: {names}; give one of them, for which is meant can't be guessed"
            )
        return files[0] if files else None

    @property
    def found_columns(self) -> Mapping[Content, frozenset[str]]:
        """Of each table that is taken the fields that have a column."""
        taken = {content: self.one(content) for content in self.files}
        return {content: self._columns_in[file] for content, file in taken.items() if file in self._columns_in}

    def first(self, contents: Iterable[Content]) -> tuple[SourceFile, Content] | None:
        """The file of the first of ``contents`` that there is one of.

        Raises:
            ExtractError: there are several of one.
        """
        found = [(file, content) for content in contents if (file := self.one(content)) is not None]
        return found[0] if found else None

    def others(self, contents: Iterable[Content], taken: SourceFile) -> list[tuple[SourceFile, Content]]:
        """The files of ``contents`` that were not taken."""
        return [(file, content) for content in contents for file in self.files.get(content, []) if file is not taken]

    @property
    def has_complete_set(self) -> bool:
        """Whether a table of units is there, and any of those that stand beside it in the complete set."""
        return Content.UNITS_TABLE in self.files and any(content in self.files for content in COMPLETE[1:])

    def missing_members(self) -> tuple[Content, ...]:
        """What lacks where a part of the complete set is there."""
        if not self.has_complete_set:
            return ()
        return tuple(content for content in COMPLETE if content not in self.files)

    def seen(self) -> str:
        """What there was, for an error: files and what they are, and those that were passed over and why."""
        files = [f"{file.name} is a {content}" for content, files in self.files.items() for file in files]
        passed_over = [f"{one.file}: {one.details['reason']}" for one in self.problems if one.code == _PASSED_OVER]
        return "; ".join(files + passed_over[:3])
