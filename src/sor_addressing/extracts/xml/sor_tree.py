"""``Sor.xml``, versions 1 and 2: the tree of all units, read institution by institution.

Source: the publisher's schemas ``urn:oio:sundhedsstyrelsen:organisation:1.0.0`` and ``urn:oio:nsi:2.0.0``. Version 2 mixes both
namespaces; within one parent every local name has one meaning in both, so one reader serves both, by local name.

A file under a root namespace that is not known is read where its structure is that of a known version, and a problem says so: what stands
there is told by local names, which have kept their meaning from version to version.

Memory holds the subtree of one health institution at a time, also where one owner is a whole region. The parser is always up to a
block ahead: of what follows the element that has just ended, nothing may be read, for it can be half there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import BinaryIO, NamedTuple

from lxml import etree

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.checks import Report, check_identifiers
from sor_addressing.extracts.xml.local_names import root_namespaces
from sor_addressing.extracts.xml.refusing import refused_xml
from sor_addressing.extracts.xml.sor_unit import UnitElements, text_of_element
from sor_addressing.hiding import shown
from sor_addressing.identifiers import compact
from sor_addressing.model import UnitKind, UnitRecord
from sor_addressing.safe_xml.parsing import EndedElements

ROOT = "SorTree"
_OWNER_ENTITY = "InstitutionOwnerEntity"
_INSTITUTION_ENTITY = "HealthInstitutionEntity"
_UNIT_ENTITY = "OrganizationalUnitEntity"
_ENTITIES = {
    _OWNER_ENTITY: ("InstitutionOwner", UnitKind.INSTITUTION_OWNER),
    _INSTITUTION_ENTITY: ("HealthInstitution", UnitKind.HEALTH_INSTITUTION),
    _UNIT_ENTITY: ("OrganizationalUnit", UnitKind.ORGANISATIONAL_UNIT),
}
_STREAMED = (_OWNER_ENTITY, _INSTITUTION_ENTITY)
"""The entities that are read and given free as soon as they end, wherever they stand."""
_STRUCTURE = frozenset({ROOT, *_ENTITIES, *(description for description, _ in _ENTITIES.values())})

_FIRST_OF_STRUCTURE = frozenset({_OWNER_ENTITY, "InstitutionOwner"})
"""What begins the structure of every known version, each in the root's namespace."""
_VERSION_IN_NAMESPACE = re.compile(r"(\d+)(?:\.\d+)*/?\Z")


class _OpenOwner(NamedTuple):
    """An owner that is being read: some of its institutions have been handed out already."""

    element: etree._Element
    sor_code: str | None
    is_described: bool


class SorXmlReader:
    """Reads one ``Sor.xml``; iterating yields a :class:`UnitRecord` for each unit, in document order.

    What stands where the schema has no place for it comes when the element around it ends, after the units there.

    Args:
        stream: the bytes of the file.
        file: the name used in errors and problems.
        report: called with each :class:`Problem`; the unit it speaks of is kept wherever that is possible.

    After the iteration ``day`` and ``created_at`` hold what the file says of its own day.

    Raises:
        ExtractError: the file as a whole can't be trusted: not well formed, cut off, another root or structure, a DOCTYPE.
    """

    def __init__(self, stream: BinaryIO, *, file: str, report: Report) -> None:
        self._stream = stream
        self._file = file
        self._report = report
        self._elements = UnitElements(file=file, report=report)
        self._local = self._elements.local
        self._count = 0
        self._foreign_seen = 0
        self.day: dt.date | None = None
        self.created_at: str | None = None
        self.version: str | None = None
        self._later: str | None = None

    def __iter__(self) -> Iterator[UnitRecord]:
        tags = (f"{{*}}{_OWNER_ENTITY}", f"{{*}}{_INSTITUTION_ENTITY}", f"{{*}}{ROOT}")
        elements = EndedElements(self._stream, partial(refused_xml, file=self._file), tags=tags)
        open_owners: list[_OpenOwner] = []
        for element in elements:
            if self.version is None:
                self._check_root(element.getroottree().getroot())
            name = self._local[element.tag]
            if name == _INSTITUTION_ENTITY:
                yield from self._institution(element, open_owners)
            elif name == _OWNER_ENTITY:
                yield from self._rest_of_owner(element, open_owners)
            else:
                yield from self._rest_of_root(element)
            if len(self._local.foreign) > self._foreign_seen:
                self._refuse_foreign_units(element)
            self._forget(element)
        if self.version is None and elements.root is not None:
            self._check_root(elements.root)
        for tag in self._local.foreign:
            self._elements.problem("unknown-namespace", None, None, element=tag)
        if self._count == 0 and self._later is not None:
            raise unknown_namespace(self._later, file=self._file)
        if self._count == 0:
            raise ExtractError("the file holds no units; fetch it again", file=self._file)

    def _check_root(self, root: etree._Element) -> None:
        self.version, self._later = check_root(str(root.tag), file=self._file)
        if self._later is not None:
            self._local.known.add(self._later)
            # Its tags may have been looked up before it was known.
            self._local.foreign.clear()
            self._elements.problem("version-not-known", root.sourceline, None, namespace=self._later)
        self._read_days(root, is_complete=False)

    def _read_days(self, root: etree._Element, *, is_complete: bool) -> None:
        for child in list(root):
            # What holds elements is no day, and there may be units among them.
            name = "" if len(child) else self._local[child.tag]
            if name == "SnapshotDate":
                self.day = self._elements.day(child, name, None, problem="snapshot-date-unreadable")
            elif name == "CreatedAtTime":
                self.created_at = text_of_element(child)
            elif is_complete:
                continue
            else:
                break
            root.remove(child)

    def _refuse_foreign_units(self, element: etree._Element) -> None:
        self._foreign_seen = len(self._local.foreign)
        for tag in self._local.foreign:
            if self._local[tag] in _STRUCTURE:
                found = next(element.getroottree().getroot().iter(tag), element)
                raise ExtractError(
                    f"the element {tag} is in a namespace that no known version of the file has; a new version of "
                    "the file needs a new version of this library",
                    file=self._file,
                    line=found.sourceline,
                )

    def _forget(self, element: etree._Element) -> None:
        """Give free what has been read: the element's content, and what was read before it."""
        element.clear()
        parent = element.getparent()
        while (
            parent is not None
            and (earlier := element.getprevious()) is not None
            and self._local[earlier.tag] in _STREAMED
        ):
            parent.remove(earlier)

    def _institution(self, element: etree._Element, open_owners: list[_OpenOwner]) -> Iterator[UnitRecord]:
        parent = element.getparent()
        if parent is not None and self._local[parent.tag] == _OWNER_ENTITY:
            if not open_owners or open_owners[-1].element is not parent:
                described = self._description_before(element, "InstitutionOwner")
                owner = None if described is None else self._owner(parent, described)
                open_owners.append(_OpenOwner(parent, owner.sor_code if owner else None, described is not None))
                if owner is not None:
                    yield owner
            code = open_owners[-1].sor_code
            yield from self._subtree(element, _INSTITUTION_ENTITY, code, gap=code is None, outside=False)
        else:
            above, gap = self._enclosing_code(element)
            yield from self._subtree(element, _INSTITUTION_ENTITY, above, gap=gap, outside=True)

    def _rest_of_owner(self, element: etree._Element, open_owners: list[_OpenOwner]) -> Iterator[UnitRecord]:
        """What of an owner has not been handed out with its institutions; mostly nothing, or the owner alone."""
        code, is_described = None, False
        if open_owners and open_owners[-1].element is element:
            _, code, is_described = open_owners.pop()
        descriptions = [child for child in element if self._local[child.tag] == "InstitutionOwner"]
        for child in descriptions[is_described:]:
            owner = self._owner(element, child)
            if owner is not None:
                if is_described:
                    self._outside(owner, _OWNER_ENTITY)
                code = code or owner.sor_code
                yield owner
            is_described = True
        if not is_described:
            self._owner(element, None)
        for child in element:
            name = self._local[child.tag]
            if name not in _STREAMED and name != "InstitutionOwner":
                yield from self._strays(child, name, _OWNER_ENTITY, code)

    def _rest_of_root(self, root: etree._Element) -> Iterator[UnitRecord]:
        """Units that stand directly under the root, where only owners belong; and the days, should they stand last."""
        if root.getparent() is None:
            self._read_days(root, is_complete=True)
        for child in root:
            name = self._local[child.tag]
            if name not in _STREAMED:
                yield from self._strays(child, name, ROOT, None)

    def _strays(self, child: etree._Element, name: str, parent: str, code: str | None) -> Iterator[UnitRecord]:
        if name == _UNIT_ENTITY:
            yield from self._subtree(child, name, code, gap=code is None, outside=True)
            return
        self._unknown_element(child, parent)
        for unit in self._units_within(child):
            yield from self._subtree(unit, _UNIT_ENTITY, code, gap=code is None, outside=True)

    def _unknown_element(self, element: etree._Element, parent: str) -> None:
        """Report an element that is not known where units stand; in a version that is not known, one that may hold them refuses the file."""
        if self._later is not None and len(element):
            raise ExtractError(
                f"the element {element.tag!s} in {parent} is not known, and neither is the file's namespace {self._later!r}: this is "
                "another structure; a new version of the file needs a new version of this library",
                file=self._file,
                line=element.sourceline,
            )
        self._elements.unknown_element(element, parent)

    def _units_within(self, element: etree._Element) -> list[etree._Element]:
        """The uppermost organisational units in an element that is not known, so that they are not lost with it."""
        found = []
        waiting = [element]
        while waiting:
            for child in waiting.pop():
                name = self._local[child.tag]
                if name == _UNIT_ENTITY:
                    found.append(child)
                elif name not in _STREAMED:
                    waiting.append(child)
        return found

    def _enclosing_code(self, element: etree._Element) -> tuple[str | None, bool]:
        """SOR code of the nearest unit around ``element``, and whether one without a code is in between."""
        gap = False
        inner = element
        for ancestor in element.iterancestors():
            entity = _ENTITIES.get(self._local[ancestor.tag])
            if entity is not None:
                described = self._description_before(inner, entity[0])
                for child in () if described is None else described:
                    if self._local[child.tag] == "SorIdentifier" and (code := compact(text_of_element(child))):
                        return code, gap
                gap = True
            inner = ancestor
        return None, True

    def _description_before(self, inner: etree._Element, name: str) -> etree._Element | None:
        """What describes the entity around ``inner``, where it stands before it, as it should; the first of several."""
        described = None
        for earlier in inner.itersiblings(preceding=True):
            if self._local[earlier.tag] == name:
                described = earlier
        return described

    def _subtree(
        self, element: etree._Element, name: str, above: str | None, *, gap: bool, outside: bool
    ) -> list[UnitRecord]:
        """The unit of ``element`` and all below it, in document order.

        What lies below a unit that has no code hangs on the nearest one above that has, with a gap between them.
        """
        records: list[UnitRecord] = []
        local = self._local
        waiting = [(element, name, above, gap, outside)]
        while waiting:
            entity, entity_name, above, gap, is_outside = waiting.pop()
            if len(entity) == 1 and not is_outside:
                # Most units have nothing but their description.
                record = self._lone(entity, entity_name)
                if record is not None:
                    record.parent_sor_code = above
                    record.gap_above = gap
                    records.append(record)
                    continue
            described: etree._Element | None = None
            below: list[etree._Element] = []
            inside: list[etree._Element] = []
            again: list[etree._Element] = []
            expected, kind = _ENTITIES[entity_name]
            for child in entity:
                child_name = local[child.tag]
                if child_name == _UNIT_ENTITY:
                    below.append(child)
                elif child_name == expected:
                    if described is None:
                        described = child
                    else:
                        again.append(child)
                elif child_name not in _STREAMED:
                    self._unknown_element(child, entity_name)
                    inside += self._units_within(child)
            record = self._unit(entity, entity_name, described, kind)
            if record is not None:
                record.parent_sor_code = above
                record.gap_above = gap
                records.append(record)
                if is_outside:
                    self._outside(record, entity_name)
            for second in again:
                other = self._unit(entity, entity_name, second, kind)
                if other is not None:
                    other.parent_sor_code = above
                    other.gap_above = gap
                    records.append(other)
                    self._outside(other, entity_name)
            code = record.sor_code if record is not None else above
            gap_below = record is None
            waiting.extend([(child, _UNIT_ENTITY, code, gap_below, True) for child in reversed(inside)])
            below.reverse()
            waiting.extend([(child, _UNIT_ENTITY, code, gap_below, False) for child in below])
        return records

    def _lone(self, entity: etree._Element, entity_name: str) -> UnitRecord | None:
        """The unit of an ``entity`` with one child, where that describes it and has a SOR code."""
        expected, kind = _ENTITIES[entity_name]
        described = entity[0]
        if self._local[described.tag] != expected:
            return None
        record = self._elements.unit(described, kind)
        if not record.sor_code:
            return None
        self._count += 1
        check_identifiers(record, file=self._file, report=self._report)
        return record

    def _outside(self, record: UnitRecord, entity_name: str) -> None:
        self._elements.problem("unit-outside-parent", record.line, record.sor_code, element=entity_name)

    def _owner(self, element: etree._Element, described: etree._Element | None) -> UnitRecord | None:
        record = self._unit(element, _OWNER_ENTITY, described, UnitKind.INSTITUTION_OWNER)
        parent = element.getparent()
        if record is not None and parent is not None and self._local[parent.tag] != ROOT:
            record.parent_sor_code, record.gap_above = self._enclosing_code(element)
            self._outside(record, _OWNER_ENTITY)
        return record

    def _unit(
        self, entity: etree._Element, entity_name: str, described: etree._Element | None, kind: UnitKind
    ) -> UnitRecord | None:
        """The unit that ``entity`` itself describes, or None where it has no SOR code."""
        record = None if described is None else self._elements.unit(described, kind)
        if record is None or not record.sor_code:
            self._elements.problem(
                "sor-code-missing",
                (record.line if record else None) or entity.sourceline,
                None,
                element=entity_name,
                name=shown(record.name) if record else "",
                location_number=shown(record.location.number) if record and record.location else "",
            )
            return None
        self._count += 1
        check_identifiers(record, file=self._file, report=self._report)
        return record


def is_sor_tree(started: Sequence[etree._Element]) -> bool:
    """Whether a file that begins with these elements is a ``Sor.xml``: of a known version, or with the structure of one."""
    names = [str(element.tag).rpartition("}") for element in started]
    if names[0][2] != ROOT:
        return False
    namespace = names[0][0]
    structure = {name for space, _, name in names if space == namespace}
    return namespace[1:] in root_namespaces() or (bool(namespace) and structure >= _FIRST_OF_STRUCTURE)


def check_root(tag: str, *, file: str) -> tuple[str, str | None]:
    """Version of the layout that a root with this tag announces, and its namespace where that is of no known version.

    Raises:
        ExtractError: another root, or no namespace.
    """
    namespace, _, name = tag.rpartition("}")
    namespace = namespace[1:]
    if name != ROOT:
        raise ExtractError(f"the root element is {tag}, expected {ROOT}; give a Sor.xml", file=file)
    version = root_namespaces().get(namespace)
    if version is not None:
        return version, None
    if not namespace:
        raise unknown_namespace(namespace, file=file)
    number = _VERSION_IN_NAMESPACE.search(namespace)
    return number[1] if number else "unknown", namespace


def unknown_namespace(namespace: str, *, file: str) -> ExtractError:
    """The error for a root in a namespace that no known version has, where the structure is not known either."""
    known = " or ".join(root_namespaces())
    return ExtractError(
        f"{ROOT} is in the namespace {namespace or '(none)'!r}, expected {known}; a new version of the file needs a new "
        "version of this library",
        file=file,
    )
