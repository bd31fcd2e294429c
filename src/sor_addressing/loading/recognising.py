"""Which of the files among the sources is which, and which of several is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from sor_addressing.errors import ExtractError
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import may_be_passed_over, recognise_file
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.sources import SourceFile, name_of, source_files, type_of_source
from sor_addressing.extracts.tables.headers import ColumnMap, match_columns
from sor_addressing.loading.joining import REGISTRATIONS, UNITS
from sor_addressing.model import Problem

_HELD = {UNITS: "units", **dict.fromkeys(REGISTRATIONS, "message types")}
_PASSED_OVER = "file-not-recognised"


def with_units() -> tuple[Content, ...]:
    """The files that hold units, the one first that is taken where there are several."""
    return tuple(content for content in published.FILES if content.joined == UNITS)


def with_registrations() -> tuple[Content, ...]:
    """The files that join message types to location numbers, the one first that is taken where there are several."""
    return tuple(content for content in published.FILES if content.joined in REGISTRATIONS)


def meant(content: Content, files: Sequence[SourceFile]) -> Sequence[SourceFile]:
    """Those of several files with the same content that can be meant: not one that its name tells to be a lesser one."""
    if not content.lesser:
        return files
    return [file for file in files if content.lesser not in _own_name(file).casefold()] or files


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
                if expected is not None and content not in (*with_registrations(), published.ENDPOINT_REGISTER):
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
        if content.layout is not None:
            try:
                match = match_columns(header, content.layout, file=file.name, columns=self.columns)
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
                f"{len(files)} files hold {_HELD.get(content.joined, content)}: {names}; give one of them, for which is meant can't be guessed"
            )
        return files[0] if files else None

    @property
    def found_columns(self) -> Mapping[Content, frozenset[str]]:
        """Of each table that is taken the fields that have a column."""
        taken = {content: self.one(content) for content in self.files if not content.many_files}
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
        units, *beside = published.in_complete_set()
        return units in self.files and any(content in self.files for content in beside)

    def missing_members(self) -> tuple[Content, ...]:
        """What lacks where a part of the complete set is there."""
        if not self.has_complete_set:
            return ()
        return tuple(content for content in published.in_complete_set() if content not in self.files)

    def seen(self) -> str:
        """What there was, for an error: files and what they are, and those that were passed over and why."""
        files = [f"{file.name} is a {content}" for content, files in self.files.items() for file in files]
        passed_over = [f"{one.file}: {one.details['reason']}" for one in self.problems if one.code == _PASSED_OVER]
        return "; ".join(files + passed_over[:3])
