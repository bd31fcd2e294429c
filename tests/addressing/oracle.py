"""What resolving and validating mean, said a second time: by linear scans, dictionaries and recursion, with no cleverness.

Written from the rules alone, without the library's code of the same, so that a rule misread in one place disagrees with the other.
It reads identifiers and message types with the library's own readers, which have tests of their own.

Where the rules can be read in two ways, the reading taken here stands in a comment that begins with "Read as".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sor_addressing import AddressingPolicy
from sor_addressing.identifiers import IdentifierKind, LocationNumber, ProviderNumber, ShakCode, SorCode, parse
from sor_addressing.messages import (
    ConversionRow,
    ConversionScope,
    MessageType,
    conversion_evidence,
    cross_family_conversions,
)
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import LocationRecord, LocationSource, RegistrationRecord, UnitRecord

ERRORS = [
    "identifier-malformed",
    "check-digit-wrong",
    "recipient-unknown",
    "recipient-ambiguous",
    "kind-ambiguous",
    "unit-closed",
    "unit-not-yet-open",
    "period-unreadable",
    "location-missing",
    "location-closed",
    "location-not-yet-open",
    "location-inactive",
    "location-internal-only",
    "location-without-unit",
    "inheritance-broken",
    "message-type-unsupported",
    "conversion-not-agreed",
    "conversion-by-sender",
    "message-types-not-loaded",
    "no-registrations",
    "inheritance-not-known",
    "location-state-unreadable",
    "register-of-the-future",
]
WARNINGS = [
    "unit-closing",
    "unit-replaced",
    "unit-shared",
    "ancestor-not-in-force",
    "owner-shared",
    "provider-ceased",
    "narrowed-by-message-type",
    "message-type-unknown",
    "conversion-unproven",
    "conversion-loses-content",
    "receipt-missing",
    "reply-impossible",
    "version-differs",
    "version-unknown",
    "register-stale",
    "registrations-not-historical",
    "identifiers-disagree",
    "envelope-differs",
    "inheritance-differs",
    "location-number-suspect",
    "conversion-ends",
    "native-format-possible",
]
INFORMATION = ["closures-not-known", "location-inherited", "moved-to-owner", "version-not-current", "conversion-needed"]
SEVERITIES = {
    **dict.fromkeys(ERRORS, "error"),
    **dict.fromkeys(WARNINGS, "warning"),
    **dict.fromkeys(INFORMATION, "info"),
}

KINDS = (
    IdentifierKind.SOR_CODE,
    IdentifierKind.LOCATION_NUMBER,
    IdentifierKind.PROVIDER_NUMBER,
    IdentifierKind.SHAK_CODE,
)
CLASSES = {
    IdentifierKind.SOR_CODE: SorCode,
    IdentifierKind.LOCATION_NUMBER: LocationNumber,
    IdentifierKind.PROVIDER_NUMBER: ProviderNumber,
    IdentifierKind.SHAK_CODE: ShakCode,
}


@dataclass(frozen=True)
class Place:
    """Where a unit's letters go: the number's record, who owns it, and the units from the one above up to the owner."""

    record: LocationRecord
    owner: UnitRecord
    chain: tuple[UnitRecord, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A unit that has the identifier. ``outcome`` is that of the message type, where one was asked about."""

    sor_code: str
    usable: bool
    findings: frozenset[str]
    outcome: str | None = None


@dataclass(frozen=True)
class Resolution:
    status: str
    findings: frozenset[str]
    candidates: frozenset[Candidate] = frozenset()
    recipient: str | None = None
    unit_certain: bool | None = None


@dataclass(frozen=True)
class Verdict:
    outcome: str
    findings: frozenset[str]
    deliverable: bool = False
    send_as: str | None = None
    arrives_as: str | None = None
    by: str | None = None
    receipts: tuple[str, ...] = ()
    alternatives: frozenset[str] = frozenset()


class Oracle:
    """Answers on the records of one day.

    Args:
        units: in the order of the extract.
        registrations: None where no message types are loaded.
        snapshot_date: the day of the register.
        ceased_providers: canonical provider number to its last day.
        today: what the register's clock says; the snapshot date where it is not given.
        leaves_out: whether the file leaves units out that are closed.
    """

    def __init__(
        self,
        units: Iterable[UnitRecord],
        registrations: Iterable[RegistrationRecord] | None,
        snapshot_date: dt.date,
        ceased_providers: Mapping[str, dt.date] | None = None,
        today: dt.date | None = None,
        *,
        leaves_out: bool = False,
    ) -> None:
        self.units = list(units)
        self.by_code = {unit.sor_code: unit for unit in self.units}
        self.position = {unit.sor_code: position for position, unit in enumerate(self.units)}
        self.snapshot_date = snapshot_date
        self.today = today or snapshot_date
        self.ceased = dict(ceased_providers or {})
        self.leaves_out = leaves_out
        self.owners: dict[str, list[UnitRecord]] = {}
        for unit in self.units:
            if unit.location is not None:
                self.owners.setdefault(unit.location.number, []).append(unit)
        for unit in sorted(self.units, key=lambda one: (self._depth(one), self.position[one.sor_code])):
            # Whose owner is not in the file is that of the highest unit that shows it.
            if unit.inherited_number and unit.location is None and unit.inherited_number not in self.owners:
                self.owners[unit.inherited_number] = [unit]
        self.places = {unit.sor_code: self._place(unit) for unit in self.units}
        self.holders: dict[tuple[IdentifierKind, str], list[UnitRecord]] = {}
        for unit in self.units:
            place = self.places[unit.sor_code]
            for kind, value in (
                (IdentifierKind.SOR_CODE, unit.sor_code),
                (IdentifierKind.LOCATION_NUMBER, place.record.number if isinstance(place, Place) else ""),
                (IdentifierKind.PROVIDER_NUMBER, ProviderNumber.compact(unit.provider_number)),
                (IdentifierKind.SHAK_CODE, unit.shak_code),
            ):
                if value:
                    self.holders.setdefault((kind, value), []).append(unit)
        self.has_message_types = registrations is not None
        self.has_directions = False
        self.registered: dict[str, dict[MessageType, tuple[bool, bool]]] = {}
        for row in registrations or ():
            types = self.registered.setdefault(row.location_number, {})
            message_type = catalogue().parse(row.message_type)
            sends, receives = types.get(message_type, (False, False))
            without = row.may_send is None and row.may_receive is None
            self.has_directions = self.has_directions or not without
            types[message_type] = (sends or bool(row.may_send), receives or bool(row.may_receive) or without)

    # The tree, and location numbers

    def _parent(self, unit: UnitRecord) -> UnitRecord | None:
        """The unit above; none where it is missing. All units of a circle are roots."""
        parent = self.by_code.get(unit.parent_sor_code or "")
        above, seen = parent, set()
        while above is not None and above.sor_code not in seen:
            if above is unit:
                return None
            seen.add(above.sor_code)
            above = self.by_code.get(above.parent_sor_code or "")
        return parent

    def _depth(self, unit: UnitRecord) -> int:
        parent = self._parent(unit)
        return 0 if parent is None else 1 + self._depth(parent)

    def _place(self, unit: UnitRecord) -> Place | str:
        """Where letters to a unit go, or the finding that says why nowhere."""
        if unit.location is not None:
            return Place(self._strictest(unit), unit)
        if unit.location_source is not LocationSource.INHERITED:
            return "location-missing"
        parent = None if unit.gap_above else self._parent(unit)
        above = self._place(parent) if parent is not None else "inheritance-broken"
        if self.leaves_out and not unit.gap_above and unit.parent_sor_code and unit.parent_sor_code not in self.by_code:
            above = "inheritance-not-known"
        number = unit.inherited_number
        if number and not (isinstance(above, Place) and above.record.number == number):
            # What the row shows goes before what the tree says; the chain is not known then, but for its end.
            owner = self.owners[number][0]
            return Place(self._strictest(owner), owner, () if owner is unit else (owner,))
        if parent is None or isinstance(above, str):
            return "inheritance-not-known" if above == "inheritance-not-known" else "inheritance-broken"
        return Place(above.record, above.owner, (parent, *above.chain))

    def _shows(self, number: str) -> list[LocationRecord]:
        """What rows say of a number that they show as inherited."""
        return [
            unit.inherited_location or LocationRecord(number)
            for unit in self.units
            if unit.location is None and unit.inherited_number == number
        ]

    def _strictest(self, owner: UnitRecord) -> LocationRecord:
        """What is known of the number that ``owner`` has, or shows where it has none of its own."""
        own = owner.location or owner.inherited_location or LocationRecord(owner.inherited_number)
        # Read as: of several units that have a number as their own, each goes by its own row.
        rows = [own, *self._shows(own.number)]
        told = [row for row in rows if row.has_status]
        first = [row.from_date for row in told if row.from_date is not None]
        last = [row.to_date for row in told if row.to_date is not None]
        texts = {
            name: getattr(own, name) or next(filter(None, (getattr(row, name) for row in rows)), "")
            for name in ("system", "supplier", "net_operator", "region_code")
        }
        return LocationRecord(
            own.number,
            internal_only=any(row.internal_only for row in rows),
            inactive=any(row.inactive for row in rows),
            state_unreadable=any(row.state_unreadable for row in rows),
            has_status=bool(told),
            from_date=max(first, default=None),
            to_date=min(last, default=None),
            period_unreadable=any(row.period_unreadable for row in told),
            **texts,
        )

    def _number_of_tree(self, unit: UnitRecord) -> str | None:
        """The number that the tree alone gives a unit, whatever its row or one above shows."""
        if unit.location is not None:
            return unit.location.number
        parent = None if unit.gap_above else self._parent(unit)
        if parent is None or unit.location_source is not LocationSource.INHERITED:
            return None
        return self._number_of_tree(parent)

    def _ways(self, unit: UnitRecord) -> list[str]:
        """Its successors: those that it names, and those that say they replace it."""
        heirs = [other.sor_code for other in self.units if unit.sor_code in other.replaces]
        return list(dict.fromkeys((*unit.replaced_by, *heirs)))

    def _number(self, unit: UnitRecord) -> str | None:
        place = self.places[unit.sor_code]
        return place.record.number if isinstance(place, Place) else None

    def _owners(self, number: str) -> list[UnitRecord]:
        return self.owners.get(number, [])

    # One unit on one day

    def candidate(
        self, unit: UnitRecord, on: dt.date, policy: AddressingPolicy, wanted: MessageType | None = None
    ) -> Candidate:
        findings = set()
        if unit.period_unreadable:
            findings.add("period-unreadable")
        elif _is_closed(unit, on):
            findings |= {"unit-closed", "unit-replaced"} if self._ways(unit) else {"unit-closed"}
        elif _is_future(unit, on):
            findings.add("unit-not-yet-open")
        place = self.places[unit.sor_code]
        if isinstance(place, Place):
            findings |= _of_number(place.record, on)
            # Read as: that several units own a number is said wherever the number is used.
            shared = {"owner-shared"} if len(self._owners(place.record.number)) > 1 else set()
        else:
            findings.add(place)
            shared = set()
        refused = findings - {"unit-replaced"}
        findings |= shared
        if isinstance(place, Place):
            if not LocationNumber.is_valid(place.record.number):
                findings.add("location-number-suspect")
            if self._number_of_tree(unit) not in (None, place.record.number):
                findings.add("inheritance-differs")
        if policy.internal_only == "accept":
            refused.discard("location-internal-only")
        if isinstance(place, Place) and place.owner is not unit:
            findings.add("location-inherited")
            if policy.inherited == "refuse":
                refused.add("location-inherited")
            if any(not _in_force(above, on) for above in place.chain):
                findings.add("ancestor-not-in-force")
        if _in_force(unit, on) and unit.to_date and (unit.to_date - on).days <= policy.closing_notice_days:
            findings.add("unit-closing")
        if self._is_ceased(unit.provider_number, on):
            findings.add("provider-ceased")
        outcome = None if wanted is None else self._outcome(unit, wanted, policy, on)
        return Candidate(unit.sor_code, not refused, frozenset(findings), outcome)

    def _is_ceased(self, provider_number: str, on: dt.date) -> bool:
        last = self.ceased.get(ProviderNumber.compact(provider_number))
        return last is not None and last < on

    # Resolve

    def resolve(
        self,
        identifier: str,
        kind: IdentifierKind | None = None,
        *,
        on: dt.date,
        policy: AddressingPolicy,
        message_type: str | None = None,
    ) -> Resolution:
        wanted = None if message_type is None else catalogue().parse(message_type)
        parsed = parse(identifier)
        if parsed.system is not None and (parsed.kind is None or kind not in (None, parsed.kind)):
            return Resolution("malformed", frozenset({"identifier-malformed"}))
        kind = kind or parsed.kind
        if kind is IdentifierKind.CVR_NUMBER:
            return Resolution("unknown", frozenset({"recipient-unknown"}))
        held = self._held_as(parsed.value, KINDS if kind is None else (kind,), named=kind is not None)
        if not held:
            return self._not_held(parsed.value, KINDS if kind is None else (kind,))
        found = {unit.sor_code for kind in held for unit in self._holders_of(kind, parsed.value)}
        units = [self.by_code[code] for code in sorted(found, key=self.position.__getitem__)]
        candidates = frozenset(self.candidate(unit, on, policy, wanted) for unit in units)
        numbers = {self._number(unit) for unit in units}
        if len(held) > 1 and (len(numbers) > 1 or None in numbers):
            return Resolution("ambiguous", frozenset({"kind-ambiguous"}), candidates)
        if not units:
            return Resolution("not_addressable", frozenset({"location-without-unit"}))
        answer = self._among(units, candidates, on, policy, wanted)
        asked = [kind for kind in held if kind is IdentifierKind.PROVIDER_NUMBER and self._is_ceased(parsed.value, on)]
        if asked and answer.status == "resolved":
            # The recipient may be a unit above those that have the number.
            return replace(answer, findings=answer.findings | {"provider-ceased"})
        return answer

    def _holders_of(self, kind: IdentifierKind, value: str) -> list[UnitRecord]:
        return self.holders.get((kind, CLASSES[kind].compact(value)), [])

    def _held_as(self, value: str, kinds: Iterable[IdentifierKind], *, named: bool) -> list[IdentifierKind]:
        """The kinds that the register holds, a provider number as it stands before one with zeros in front."""
        held = [kind for kind in kinds if self._holders_of(kind, value) or self._is_registered(kind, value)]
        if not named and ProviderNumber.compact(value) != value and len(held) > 1:
            held.remove(IdentifierKind.PROVIDER_NUMBER)
        return held

    def _is_registered(self, kind: IdentifierKind, value: str) -> bool:
        return kind is IdentifierKind.LOCATION_NUMBER and value in self.registered

    def _not_held(self, value: str, kinds: Iterable[IdentifierKind]) -> Resolution:
        fitting = [CLASSES[kind] for kind in kinds if CLASSES[kind].fits(CLASSES[kind].compact(value))]
        if any(fits.is_valid(value) for fits in fitting):
            more = {"closures-not-known"} if self.leaves_out else set()
            return Resolution("unknown", frozenset({"recipient-unknown"} | more))
        return Resolution("malformed", frozenset({"check-digit-wrong" if fitting else "identifier-malformed"}))

    def _among(
        self,
        units: list[UnitRecord],
        candidates: frozenset[Candidate],
        on: dt.date,
        policy: AddressingPolicy,
        wanted: MessageType | None,
    ) -> Resolution:
        by_code = {candidate.sor_code: candidate for candidate in candidates}
        usable = [unit for unit in units if by_code[unit.sor_code].usable]
        if not usable:
            return self._none_usable(units, candidates, on, policy)
        # Read as: a candidate that is not in force can't be the one, whatever its number is.
        if any(_in_force(unit, on) and self.places[unit.sor_code] == "inheritance-not-known" for unit in units):
            return Resolution("ambiguous", frozenset({"recipient-ambiguous"}), candidates)
        findings = set()
        if len({self._number(unit) for unit in usable}) > 1 and policy.narrow_by_message_type and wanted is not None:
            narrowed = [unit for unit in usable if by_code[unit.sor_code].outcome in ("supported", "converted")]
            # Read as: narrowing that leaves nobody, or still several numbers, has narrowed nothing.
            if len({self._number(unit) for unit in narrowed}) == 1:
                usable = narrowed
                findings.add("narrowed-by-message-type")
        if len({self._number(unit) for unit in usable}) > 1:
            return Resolution("ambiguous", frozenset(findings | {"recipient-ambiguous"}), candidates)
        recipient, certain, more = self._of_one_number(usable, on, policy)
        findings |= more | self.candidate(recipient, on, policy).findings
        return Resolution("resolved", frozenset(findings), candidates, recipient.sor_code, certain)

    def _of_one_number(
        self, usable: list[UnitRecord], on: dt.date, policy: AddressingPolicy
    ) -> tuple[UnitRecord, bool, set[str]]:
        """The recipient among usable units with one and the same number, whether it is certain, and what is to be said."""
        owners = self._owners(self._number(usable[0]) or "")
        if len(usable) == 1:
            (given,) = usable
            place = self.places[given.sor_code]
            # Read as: a letter is not moved to an owner that can't be used.
            owner = place.owner if isinstance(place, Place) else given
            if policy.addressed_unit == "as-given" or owner is given or not self.candidate(owner, on, policy).usable:
                return given, True, set()
            return owner, True, {"moved-to-owner"}
        findings: set[str] = set()
        if len(owners) == 1 and _in_force(owners[0], on):
            recipient = owners[0]
        else:
            pool = [unit for unit in owners if self.candidate(unit, on, policy).usable] + usable
            recipient = min(pool, key=lambda unit: (self._depth(unit), self.position[unit.sor_code]))
        if all(unit is not recipient for unit in usable):
            findings.add("moved-to-owner")
        certain = len(owners) == 1 and any(unit is owners[0] for unit in usable)
        return recipient, certain, findings if certain else findings | {"unit-shared"}

    def _none_usable(
        self, units: list[UnitRecord], candidates: frozenset[Candidate], on: dt.date, policy: AddressingPolicy
    ) -> Resolution:
        if policy.follow_successors:
            # Read as: all candidates have to be closed, and all that were replaced have to lead to one and the same unit.
            all_closed = all(_is_closed(unit, on) for unit in units)
            replaced = [unit for unit in units if all_closed and self._ways(unit)]
            ends = {self._certain_successor(unit, on) for unit in replaced}
            if len(ends) == 1 and None not in ends:
                (code,) = ends
                successor = self.by_code[code or ""]
                if self.candidate(successor, on, policy).usable:
                    recipient, certain, findings = self._of_one_number([successor], on, policy)
                    findings |= self.candidate(recipient, on, policy).findings | {"unit-replaced"}
                    return Resolution("resolved", frozenset(findings), candidates, recipient.sor_code, certain)
        findings = {code for candidate in candidates for code in candidate.findings}
        return Resolution("not_addressable", frozenset(findings), candidates)

    def _certain_successor(self, unit: UnitRecord, on: dt.date) -> str | None:
        """The SOR code of the unit in force at the end of a chain that has one way."""
        seen = set()
        while not _in_force(unit, on):
            ways = set(self._ways(unit))
            seen.add(unit.sor_code)
            if len(ways) != 1 or not ways <= self.by_code.keys() or ways & seen:
                return None
            unit = self.by_code[ways.pop()]
        return unit.sor_code

    # Validate

    def validate(
        self,
        identifier: str,
        message_type: str,
        *,
        direction: str = "receive",
        on: dt.date | None = None,
        policy: AddressingPolicy,
    ) -> tuple[Resolution, list[Verdict]]:
        """The resolution, and the verdicts that the rules allow: more than one where several conversions are possible."""
        day = on or self.today
        resolution = self.resolve(identifier, on=day, policy=policy, message_type=message_type)
        wanted = catalogue().parse(message_type)
        said = set(resolution.findings)
        # Read as: what is to be said of the question and of the register's age is said whatever the outcome.
        if not wanted.known:
            said.add("message-type-unknown")
        if day < self.snapshot_date:
            said.add("registrations-not-historical")
        if (self.today - self.snapshot_date).days > policy.max_age_days:
            said.add("register-stale")
        if self.snapshot_date > self.today + dt.timedelta(days=1):
            said.add("register-of-the-future")
        if resolution.recipient is None:
            return resolution, [Verdict("not_resolved", frozenset(said))]
        place = self.places[resolution.recipient]
        assert isinstance(place, Place)
        verdicts = []
        for verdict in self.support(place.record, wanted, direction, policy, day):
            findings = verdict.findings | said
            accepted = policy.unknown_support == "accept" and verdict.outcome == "support_unknown"
            deliverable = verdict.outcome in ("supported", "converted") or accepted
            errors = any(self.severity(code, policy) == "error" for code in findings)
            verdicts.append(replace(verdict, findings=findings, deliverable=deliverable and not errors))
        # Read as: where several conversions are possible, none that can't be delivered is taken before one that can.
        best = max(verdict.deliverable for verdict in verdicts)
        return resolution, [verdict for verdict in verdicts if verdict.deliverable is best]

    def _outcome(self, unit: UnitRecord, wanted: MessageType, policy: AddressingPolicy, day: dt.date) -> str | None:
        place = self.places[unit.sor_code]
        if not isinstance(place, Place):
            return None
        return self.support(place.record, wanted, "receive", policy, day)[0].outcome

    def support(
        self, record: LocationRecord, wanted: MessageType, direction: str, policy: AddressingPolicy, day: dt.date
    ) -> list[Verdict]:
        """What the registrations of one number say of a message type, and whether it takes the sender's native format."""
        verdicts = self._support(record, wanted, direction, policy, day)
        takes = {
            found.format
            for found, (_, receives) in self.registered.get(record.number, {}).items()
            if receives and wanted.family and found.family == wanted.family
        }
        native = policy.native_format
        if direction == "receive" and wanted.format and native in takes - {None, wanted.format}:
            return [
                replace(verdict, findings=verdict.findings | {"native-format-possible"})
                if verdict.outcome != "support_unknown"
                else verdict
                for verdict in verdicts
            ]
        return verdicts

    def _support(
        self, record: LocationRecord, wanted: MessageType, direction: str, policy: AddressingPolicy, day: dt.date
    ) -> list[Verdict]:
        types = self.registered.get(record.number, {})
        registered = [
            found for found, (sends, receives) in types.items() if (sends if direction == "send" else receives)
        ]
        if not self.has_message_types:
            return [Verdict("support_unknown", frozenset({"message-types-not-loaded"}))]
        if not types:
            return [Verdict("support_unknown", frozenset({"no-registrations"}))]
        if direction == "send" and not self.has_directions:
            return [Verdict("support_unknown", frozenset({"direction-not-known"}))]
        alternatives = self._alternatives(wanted, registered)
        same = [found for found in registered if (found.code, found.family) == (wanted.code, wanted.family)]
        versions = {found.version for found in same}
        if same and (not wanted.version or wanted.version in versions):
            unknown = frozenset() if wanted.family_certain else frozenset({"version-unknown"})
            given = Verdict("supported", unknown, alternatives=alternatives)
            possible = [wanted] if wanted.version else same
            return [self._received(given, each, each, wanted, types, direction) for each in possible]
        if same:
            # Read as: of a registration without a version it isn't known whether the version differs; where there is
            # another version beside it, either may be said.
            said = [{"version-unknown"}] if None in versions else []
            said += [{"version-differs"}] if versions - {None} else []
            if policy.version == "exact" or (policy.fhir_version == "exact" and wanted.format == "FHIR"):
                return [
                    Verdict("unsupported", frozenset(each | {"message-type-unsupported"}), alternatives=alternatives)
                    for each in said
                ]
            verdicts = [Verdict("supported", frozenset(each), alternatives=alternatives) for each in said]
            return [self._received(each, wanted, wanted, wanted, types, direction) for each in verdicts]
        # Another format of the family has to be registered to receive; of what somebody sends, nothing is converted.
        family = [found for found in registered if wanted.family and found.family == wanted.family]
        others = [found for found in family if found.format is not wanted.format]
        converted = [
            self._received(verdict, leaving, target, wanted, types, direction)
            for target in (others if direction == "receive" else ())
            for verdict, leaving in self._converted(record, wanted, target, policy, alternatives, day)
        ]
        if converted:
            return converted
        findings = {"message-type-unsupported"}
        if others and direction == "receive":
            findings.add("conversion-not-agreed")
        if any(found.code == wanted.code and not found.family_certain for found in registered):
            # The registered code was taken for its other family.
            findings.add("version-unknown")
        return [Verdict("unsupported", frozenset(findings), alternatives=alternatives)]

    def _converted(
        self,
        record: LocationRecord,
        wanted: MessageType,
        target: MessageType,
        policy: AddressingPolicy,
        alternatives: frozenset[str],
        day: dt.date,
    ) -> list[tuple[Verdict, MessageType]]:
        """The conversions to one registered type that the model has, and what leaves the sender in each."""
        assert wanted.format is not None
        assert target.format is not None
        row = self._row(wanted, target, record, policy, day)
        if row is None or row.by is None:
            return []
        findings = {"conversion-needed"}
        if row.to_date and (row.to_date - day).days <= policy.conversion_notice_days:
            findings.add("conversion-ends")
        if row.by in ("sender", "sender-operator") and not policy.own_conversion:
            findings.add("conversion-by-sender")
        if not wanted.family_certain or not target.family_certain:
            findings.add("version-unknown")
        possible = []
        for source in self._versions(wanted):
            evidence = conversion_evidence(source, target)
            if evidence is None:
                more = {"conversion-unproven"}
            else:
                more = {"conversion-loses-content"} if evidence.loses_content else set()
            verdict = Verdict("converted", frozenset(findings | more), by=row.by.value, alternatives=alternatives)
            possible.append((verdict, target if row.by == "sender" else source))
        return possible

    def _row(
        self, wanted: MessageType, target: MessageType, record: LocationRecord, policy: AddressingPolicy, day: dt.date
    ) -> ConversionRow | None:
        """The narrowest row of the model that holds on the day for receiver and sender."""
        sender = policy.sender.to_dict() if policy.sender else {}
        number = sender.get("location_number")
        if number in self.owners:
            sender = _facts(self.owners[number][0].location or LocationRecord(number)) | sender
        receiver = _facts(record)
        fitting = []
        for row in policy.conversion_model.rows:
            bound = ((row.scope, row.scope_value, receiver), (row.sender_scope, row.sender_scope_value, sender))
            if (
                row.family in ("*", wanted.family)
                and (row.from_format, row.to_format) == (wanted.format, target.format)
                and (row.from_date or dt.date.min) <= day <= (row.to_date or dt.date.max)
                and all(scope == "all" or facts.get(scope) == value for scope, value, facts in bound)
            ):
                widths = [list(ConversionScope).index(scope) for scope, _, _ in bound]
                fitting.append(((widths[0] > 0, widths[1] > 0, *widths, row.family != "*"), row))
        return max(fitting, key=lambda found: found[0])[1] if fitting else None

    def _versions(self, wanted: MessageType) -> list[MessageType]:
        """What a sender has to convert. Read as: one that names no version has the current one."""
        if wanted.version or wanted.family is None:
            return [wanted]
        current = set(catalogue().current_versions(wanted.code, wanted.family))
        return [found for found in catalogue().types_of_code(wanted.code) if found.version in current] or [wanted]

    def _received(
        self,
        verdict: Verdict,
        leaves: MessageType,
        arrives: MessageType,
        wanted: MessageType,
        types: Mapping[MessageType, tuple[bool, bool]],
        direction: str,
    ) -> Verdict:
        """With what leaves and what arrives, and what comes back from a receiver: receipts, and perhaps a reply."""
        findings = set(verdict.findings)
        # Read as: of what was asked, leaves and arrives; where nothing does, there is no version to speak of.
        if False in (wanted.current, leaves.current, arrives.current):
            findings.add("version-not-current")
        verdict = replace(
            verdict, send_as=leaves.text, arrives_as=arrives.text, alternatives=verdict.alternatives - {arrives.text}
        )
        sent = [found for found, (sends, receives) in types.items() if sends or not self.has_directions]
        receipts = catalogue().receipts(arrives.format, arrives.family) if arrives.format else ()
        if direction == "send":
            return replace(verdict, findings=frozenset(findings))
        if set(receipts) - {found.code for found in sent}:
            findings.add("receipt-missing")
        replies = [found for found in sent if found.family == arrives.family]
        if self.has_directions and catalogue().expects_reply(arrives.family) and not replies:
            findings.add("reply-impossible")
        return replace(verdict, findings=frozenset(findings), receipts=tuple(receipts))

    def _alternatives(self, wanted: MessageType, registered: list[MessageType]) -> frozenset[str]:
        """The family's own registered types, and those of other families that its letters are known to convert into."""
        if wanted.family is None:
            return frozenset()
        crossing = {line.target.code for line in cross_family_conversions(wanted.family)}
        return frozenset(found.text for found in registered if found.family == wanted.family or found.code in crossing)

    def severity(self, code: str, policy: AddressingPolicy) -> str | None:
        """How severe a finding is; None where the rules only say that it is no error."""
        if code in policy.severities:
            return policy.severities[code].value
        if code == "location-inherited":
            return {"accept": "info", "warn": "warning", "refuse": "error"}[policy.inherited]
        if code == "location-internal-only" and policy.internal_only == "accept":
            return None
        if code in ("no-registrations", "message-types-not-loaded", "direction-not-known"):
            return None if policy.unknown_support == "accept" else "error"
        if code == "register-stale" and (self.today - self.snapshot_date).days > policy.refuse_after_days:
            return "error"
        return SEVERITIES[code]


def _facts(record: LocationRecord) -> dict[str, str]:
    """What rows of a conversion model are bound to."""
    return {
        "region": record.region_code,
        "net_operator": record.net_operator,
        "supplier": record.supplier,
        "system": record.system,
        "location_number": record.number,
    }


def _is_closed(unit: UnitRecord, on: dt.date) -> bool:
    return not unit.period_unreadable and unit.to_date is not None and unit.to_date < on


def _is_future(unit: UnitRecord, on: dt.date) -> bool:
    return not unit.period_unreadable and unit.from_date is not None and unit.from_date > on


def _in_force(unit: UnitRecord, on: dt.date) -> bool:
    return not (unit.period_unreadable or _is_closed(unit, on) or _is_future(unit, on))


def _of_number(record: LocationRecord, on: dt.date) -> set[str]:
    """What stands against using a number: its own period, where it has one, and its flags."""
    findings = set()
    # Read as: a number with a period that can't be read is as unusable as such a unit.
    if record.has_status and record.period_unreadable:
        findings.add("period-unreadable")
    elif record.has_status and record.to_date is not None and record.to_date < on:
        findings.add("location-closed")
    elif record.has_status and record.from_date is not None and record.from_date > on:
        findings.add("location-not-yet-open")
    if record.state_unreadable:
        findings.add("location-state-unreadable")
    if record.inactive:
        findings.add("location-inactive")
    if record.internal_only:
        findings.add("location-internal-only")
    return findings
