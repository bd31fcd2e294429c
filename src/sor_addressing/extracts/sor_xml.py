"""``Sor.xml``, versions 1 and 2: the tree of all units, read institution by institution.

Source: the publisher's schemas ``urn:oio:sundhedsstyrelsen:organisation:1.0.0`` and ``urn:oio:nsi:2.0.0``. Version 2 mixes both
namespaces; within one parent every local name has one meaning in both, so one reader serves both, by local name.

Memory holds the subtree of one health institution at a time, also where one owner is a whole region.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.checks import Report, check_identifiers
from sor_addressing.extracts.sor_xml_unit import ROOT_NAMESPACES, UnitElements, text_of_element
from sor_addressing.identifiers import compact
from sor_addressing.model import UnitKind, UnitRecord

ROOT = "SorTree"
_OWNER_ENTITY = "InstitutionOwnerEntity"
_INSTITUTION_ENTITY = "HealthInstitutionEntity"
_UNIT_ENTITY = "OrganizationalUnitEntity"
_ENTITIES = {
    _OWNER_ENTITY: ("InstitutionOwner", UnitKind.INSTITUTION_OWNER),
    _INSTITUTION_ENTITY: ("HealthInstitution", UnitKind.HEALTH_INSTITUTION),
    _UNIT_ENTITY: ("OrganizationalUnit", UnitKind.ORGANISATIONAL_UNIT),
}


class SorXmlReader:
    """Reads one ``Sor.xml``; iterating yields a :class:`UnitRecord` for each unit, in document order.

    Args:
        stream: the bytes of the file.
        file: the name used in errors and problems.
        report: called with each :class:`Problem`; the unit it speaks of is kept wherever that is possible.

    After the iteration ``snapshot_date`` and ``created_at`` hold what the file says of its own day.

    Raises:
        ExtractError: the file as a whole can't be trusted: not well formed, cut off, another root or namespace, a DOCTYPE.
    """

    def __init__(self, stream: BinaryIO, *, file: str, report: Report) -> None:
        self._stream = stream
        self._file = file
        self._report = report
        self._elements = UnitElements(file=file, report=report)
        self._local = self._elements.local
        self._count = 0
        self.snapshot_date: dt.date | None = None
        self.created_at: str | None = None
        self.version: str | None = None

    def __iter__(self) -> Iterator[UnitRecord]:
        events = etree.iterparse(
            self._stream,
            events=("end",),
            tag=(f"{{*}}{_OWNER_ENTITY}", f"{{*}}{_INSTITUTION_ENTITY}", f"{{*}}{ROOT}"),
            remove_blank_text=True,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        owner_element: etree._Element | None = None
        owner_code: str | None = None
        try:
            for _, element in events:
                if self.version is None:
                    self._check_root(element.getroottree())
                name = self._local[element.tag]
                if self._local.foreign and str(element.tag) in self._local.foreign:
                    raise ExtractError(
                        f"the element {element.tag!s} is in a namespace that no known version of the file has; a new version of "
                        "the file needs a new version of this library",
                        file=self._file,
                        line=element.sourceline,
                    )
                if name == _INSTITUTION_ENTITY:
                    parent = element.getparent()
                    if parent is not None and parent is not owner_element and self._is_owner(parent):
                        owner_element = parent
                        owner_code = None
                        owner = self._owner(parent)
                        if owner is not None:
                            owner_code = owner.sor_code
                            yield owner
                    outside = parent is not owner_element
                    parent_code = self._enclosing_code(element) if outside else owner_code
                    yield from self._subtree(element, _INSTITUTION_ENTITY, parent_code, outside=outside)
                elif name == _OWNER_ENTITY:
                    yield from self._finish_owner(element, owner_element, owner_code)
                    owner_element = None
                else:
                    yield from self._strays(element)
                    self._read_root(element)
                    continue
                element.clear()
                parent = element.getparent()
                while parent is not None and (earlier := element.getprevious()) is not None:
                    if self._local[earlier.tag] not in (
                        _UNIT_ENTITY,
                        "SnapshotDate",
                        "CreatedAtTime",
                        "InstitutionOwner",
                    ):
                        parent.remove(earlier)
                    else:
                        break
        except etree.XMLSyntaxError as error:
            raise self._syntax_error(error) from error
        for tag in self._local.foreign:
            self._elements.problem("unknown-namespace", None, None, element=tag)
        if self._count == 0:
            raise ExtractError("the file holds no units; fetch it again", file=self._file)

    def _is_owner(self, element: etree._Element) -> bool:
        return self._local[element.tag] == _OWNER_ENTITY

    def _syntax_error(self, error: etree.XMLSyntaxError) -> ExtractError:
        line = error.lineno or None
        return ExtractError(
            f"the XML is not well formed or was cut off ({error.msg}); nothing of it was loaded, fetch the file again",
            file=self._file,
            line=line,
        )

    def _check_root(self, tree: etree._ElementTree) -> None:
        root = tree.getroot()
        self.version = check_root(root, tree.docinfo, file=self._file)
        self._read_root(root)

    def _read_root(self, root: etree._Element) -> None:
        for child in root:
            name = self._local[child.tag]
            if name == "SnapshotDate":
                self.snapshot_date = self._elements.day(child, "SnapshotDate", None)
            elif name == "CreatedAtTime":
                self.created_at = text_of_element(child)
            elif name in _ENTITIES:
                break

    def _finish_owner(
        self, element: etree._Element, begun: etree._Element | None, code: str | None
    ) -> Iterator[UnitRecord]:
        if begun is not element:
            owner = self._owner(element)
            code = None
            if owner is not None:
                code = owner.sor_code
                yield owner
        for child in element:
            name = self._local[child.tag]
            if name == _UNIT_ENTITY:
                yield from self._subtree(child, name, code, outside=True)
            elif name not in (_INSTITUTION_ENTITY, "InstitutionOwner"):
                self._elements.unknown_element(child, _OWNER_ENTITY)
        parent = element.getparent()
        if parent is not None and self._local[parent.tag] != ROOT:
            self._elements.problem("unit-outside-parent", element.sourceline, code, element=_OWNER_ENTITY)

    def _strays(self, root: etree._Element) -> Iterator[UnitRecord]:
        """Units that stand directly under the root, where only owners belong."""
        for child in root:
            if self._local[child.tag] == _UNIT_ENTITY:
                yield from self._subtree(child, _UNIT_ENTITY, None, outside=True)

    def _enclosing_code(self, element: etree._Element) -> str | None:
        for ancestor in element.iterancestors():
            names = _ENTITIES.get(self._local[ancestor.tag])
            if names is None:
                continue
            for child in ancestor:
                if self._local[child.tag] == names[0]:
                    for grandchild in child:
                        if self._local[grandchild.tag] == "SorIdentifier" and text_of_element(grandchild):
                            return compact(text_of_element(grandchild))
        return None

    def _subtree(
        self, element: etree._Element, name: str, parent_code: str | None, *, outside: bool
    ) -> list[UnitRecord]:
        """The unit of ``element`` and all below it, in document order.

        What lies below a unit that has no code hangs on the nearest one above that has, with a gap between them.
        """
        records = []
        local = self._local
        waiting = [(element, name, parent_code, parent_code is None, outside)]
        while waiting:
            entity, entity_name, above, gap, is_outside = waiting.pop()
            described, below = None, []
            expected, kind = _ENTITIES[entity_name]
            for child in entity:
                child_name = local[child.tag]
                if child_name == _UNIT_ENTITY:
                    below.append(child)
                elif child_name == expected:
                    described = child
                elif child_name != _INSTITUTION_ENTITY:
                    self._elements.unknown_element(child, entity_name)
            record = self._unit(entity, entity_name, described, kind)
            if record is not None:
                record.parent_sor_code = above
                record.gap_above = gap
                if is_outside:
                    self._elements.problem("unit-outside-parent", record.line, record.sor_code, element=entity_name)
                records.append(record)
            code = record.sor_code if record is not None else above
            gap_below = record is None
            below.reverse()
            waiting.extend([(child, _UNIT_ENTITY, code, gap_below, False) for child in below])
        return records

    def _owner(self, element: etree._Element) -> UnitRecord | None:
        described = None
        for child in element:
            if self._local[child.tag] == "InstitutionOwner":
                described = child
                break
        return self._unit(element, _OWNER_ENTITY, described, UnitKind.INSTITUTION_OWNER)

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
                name=record.name if record else "",
                location_number=record.location.number if record and record.location else "",
            )
            return None
        self._count += 1
        check_identifiers(record, file=self._file, report=self._report)
        return record


def check_root(root: etree._Element, docinfo: etree.DocInfo, *, file: str) -> str:
    """Version of the layout that ``root`` announces.

    Raises:
        ExtractError: a DOCTYPE, another root, or a namespace that no known version has.
    """
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise ExtractError("the file has a DOCTYPE, which published extracts never have; refused unread", file=file)
    namespace, _, name = str(root.tag).rpartition("}")
    namespace = namespace[1:]
    if name != ROOT:
        raise ExtractError(f"the root element is {root.tag!s}, expected {ROOT}; give a Sor.xml", file=file)
    version = ROOT_NAMESPACES.get(namespace)
    if version is None:
        known = " or ".join(ROOT_NAMESPACES)
        raise ExtractError(
            f"{ROOT} is in the namespace {namespace or '(none)'!r}, expected {known}; a new version of the file needs a new "
            "version of this library",
            file=file,
        )
    return version
