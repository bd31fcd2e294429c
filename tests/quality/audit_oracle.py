"""What every rule has to see, found by plain loops over the public face of a register: slow, and easy to believe."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from sor_addressing import Location, Register, Registration, Unit
from sor_addressing.identifiers import CvrNumber, LocationNumber, SorCode
from sor_addressing.messages import Catalogue
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.quality import Approvals

Found = tuple[str, str | None, str | None]
"""Rule, SOR code and location number."""


class Owned(NamedTuple):
    """A number as one of its owners declares it."""

    number: str
    unit: Unit
    location: Location


class Oracle:
    """A register on a day, all of it or some units."""

    def __init__(
        self,
        register: Register,
        on: dt.date,
        *,
        units: Sequence[Unit] | None = None,
        registered: Iterable[str] = (),
        approvals: Approvals | None = None,
        names: dict[str, str] | None = None,
    ) -> None:
        self.register = register
        self.on = on
        self.everything = units is None
        self.units = list(register) if units is None else list(units)
        self.registered = sorted(set(registered))
        self.approvals = approvals
        self.names = names or {}
        self.catalogue: Catalogue = catalogue()
        self.numbers = sorted({unit.location.number for unit in self.units if unit.location})
        self.owned = [
            Owned(number, unit, unit.location)
            for number in self.numbers
            for unit in register.by_location_number[number]
            if unit.location and not unit.location.inherited
        ]
        self.open = [one for one in self.owned if not self.ended(one.location.period)]
        self.in_use: list[Owned] = []
        for number in self.numbers:
            here = [one for one in self.open if one.number == number]
            self.in_use += sorted(here, key=lambda one: not self.in_force(one.unit))[:1]

    def ended(self, period) -> bool:
        return period.readable and period.to_date is not None and period.to_date < self.on

    def in_force(self, unit: Unit) -> bool:
        return unit.period.contains(self.on)

    def found(self) -> Counter[Found]:
        """Every remark of every rule, with how often it is made."""
        rules = [getattr(self, name) for name in dir(self) if name.startswith("rule_")]
        return Counter(
            (rule.__name__.removeprefix("rule_").replace("_", "-"), code, number)
            for rule in rules
            for code, number in rule()
        )

    def on_each(self, count: Callable[[Sequence[Registration]], int]) -> Iterator[tuple[str, str]]:
        for one in self.in_use:
            for _ in range(count(one.location.registrations)):
                yield one.unit.sor_code, one.number

    def rule_old_format_kept(self):
        pairs = {"FDIS91": ("DIS91", "XDIS91"), "FDIS20": ("DIS20", "XDIS20", "DIS17", "XDIS17")}

        def count(registrations):
            codes = {one.message_type.code for one in registrations if one.may_send is not False or one.may_receive}
            return sum(new in codes and any(code in codes for code in old) for new, old in pairs.items())

        return self.on_each(count)

    def _one_way(self, fhir: bool):
        def count(registrations):
            seen = 0
            for family in ("DIS90", "DIS91"):
                own = [one for one in registrations if one.message_type.family == family]
                sent = any(one.may_send and (one.message_type.format == "FHIR") is fhir for one in own)
                received = any(
                    one.may_receive is not False and (not fhir or one.message_type.format == "FHIR") for one in own
                )
                seen += sent and not received
            return seen

        return self.on_each(count)

    def rule_correspondence_one_way(self):
        return self._one_way(fhir=False)

    def rule_correspondence_one_way_fhir(self):
        return self._one_way(fhir=True)

    def rule_registrations_without_unit(self):
        if self.everything:
            yield from ((None, number) for number in self.registered if number not in self.numbers)

    def rule_receipt_missing(self):
        wanted = {"EDI": ("CTL02", "CTL03"), "XML": ("XCTL02", "XCTL03"), "FHIR": ("FCTL",)}
        receipts = {"CTL01", "CTL02", "CTL03", "XCTL01", "XCTL02", "XCTL03", "FCTL"}

        def count(registrations):
            seen = 0
            for form, codes in wanted.items():
                letters = [
                    one
                    for one in registrations
                    if one.message_type.format == form and one.message_type.code not in receipts
                ]
                sends = {one.message_type.code for one in registrations if one.may_send is not False}
                receives = {one.message_type.code for one in registrations if one.may_receive is not False}
                seen += any(one.may_receive is not False for one in letters) and not sends.issuperset(codes)
                seen += any(one.may_send for one in letters) and not receives.issuperset(codes)
            return seen

        return self.on_each(count)

    def _current(self, one: Registration) -> bool:
        kind = one.message_type
        same = self.catalogue.types_of_code(kind.code)
        return any(other.current and other.family == kind.family for other in same)

    def rule_message_type_unknown(self):
        return self.on_each(lambda all_: any(not one.message_type.known for one in all_))

    def rule_message_type_withdrawn(self):
        return self.on_each(lambda all_: any(one.message_type.known and not self._current(one) for one in all_))

    def rule_version_not_current(self):
        return self.on_each(
            lambda all_: sum(
                one.message_type.known and one.message_type.current is False and self._current(one) for one in all_
            )
        )

    def rule_registrations_on_closed_number(self):
        still = {one.number for one in self.open}
        for number in self.numbers:
            owners = [one for one in self.owned if one.number == number]
            if owners and number not in still and owners[0].location.registrations:
                yield owners[0].unit.sor_code, number

    def rule_open_number_on_closed_unit(self):
        return ((one.unit.sor_code, one.number) for one in self.open if self.ended(one.unit.period))

    def rule_number_without_registrations(self):
        for one in self.in_use:
            place = one.location
            usable = place.active and place.internal_only is False and place.period.contains(self.on)
            if usable and self.in_force(one.unit) and not place.registrations:
                yield one.unit.sor_code, one.number

    def _inherited(self, fits: Callable[[Location], bool]):
        for one in self.open:
            below = [
                unit
                for unit in self.register.by_location_number[one.number]
                if unit.location.inherited and unit.location.owner == one.unit and self.in_force(unit)
            ]
            if fits(one.location) and below:
                yield one.unit.sor_code, one.number

    def rule_inactive_number_inherited(self):
        return self._inherited(lambda location: location.active is False)

    def rule_internal_number_inherited(self):
        return self._inherited(lambda location: location.internal_only is True)

    def rule_system_unknown(self):
        for one in self.open:
            if not self.ended(one.unit.period) and not one.location.system:
                yield one.unit.sor_code, one.number

    def rule_net_operator_unknown(self):
        for one in self.open:
            if not self.ended(one.unit.period) and one.location.net_operator in (None, "11000035002"):
                yield one.unit.sor_code, one.number

    def rule_inheritance_broken(self):
        return (
            (unit.sor_code, None) for unit in self.units if unit.inheritance_is_broken and not self.ended(unit.period)
        )

    def rule_inherits_despite_own_provider_number(self):
        for unit in self.units:
            place, number = unit.location, unit.provider_number
            if place and place.inherited and number and self.in_force(unit) and place.owner.provider_number != number:
                yield unit.sor_code, place.number

    def rule_provider_ceased_unit_open(self):
        for unit in self.units:
            findings = self.register.resolve(sor_code=unit.sor_code, on=self.on).findings
            ceased = any(one.code == "provider-ceased" for one in findings)
            if ceased and not self.ended(unit.period):
                yield unit.sor_code, None

    def rule_shak_code_without_successor(self):
        for units in self.register.by_shak_code.values():
            if not all(self.ended(unit.period) for unit in units) or any(map(self._leads_on, units)):
                continue
            last = max(unit.period.to_date for unit in units)
            told = next(unit for unit in sorted(units, key=self._order) if unit.period.to_date == last)
            if told in self.units:
                yield told.sor_code, None

    def _order(self, unit: Unit) -> int:
        if not hasattr(self, "_places"):
            self._places = {other.sor_code: place for place, other in enumerate(self.register)}
        return self._places[unit.sor_code]

    def _leads_on(self, unit: Unit) -> bool:
        seen = set()
        while unit.sor_code not in seen:
            seen.add(unit.sor_code)
            ways = dict.fromkeys(unit.replaced_by)
            if len(ways) != 1:
                return len(ways) > 1
            next_unit = self.register.by_sor_code.get(next(iter(ways)))
            if next_unit is None:
                return False
            if self.in_force(next_unit):
                return True
            unit = next_unit
        return False

    def rule_same_name_in_municipality(self):
        named = defaultdict(list)
        for unit in self.register:
            if unit.location and unit.municipality and self.in_force(unit):
                named[unit.municipality, everyday(unit.name)].append(unit)
        of = {unit.sor_code: units for units in named.values() for unit in units}
        for unit in self.units:
            if any(other.location.number != unit.location.number for other in of.get(unit.sor_code, ())):
                yield unit.sor_code, unit.location.number

    def rule_sor_code_check_digit(self):
        return ((unit.sor_code, None) for unit in self.units if not SorCode.is_valid(unit.sor_code))

    def rule_location_number_check_digit(self):
        for number in {*self.numbers, *(self.registered if self.everything else ())}:
            owners = [one.unit.sor_code for one in self.owned if one.number == number]
            if not LocationNumber.is_valid(number):
                yield (owners[0] if owners else None), number

    def rule_cvr_number_check_digit(self):
        for unit in self.units:
            if unit.cvr_number and not CvrNumber.is_valid(unit.cvr_number):
                yield unit.sor_code, None

    def _by_status(self, wanted):
        for one in self.open:
            name = self.names.get(one.location.system or "")
            if name is None:
                continue

            def has(kind, direction=None, name=name):
                return self.approvals.status([name], kind, direction) in wanted

            for each in one.location.registrations:
                kind = each.message_type
                if (
                    (each.may_send and has(kind, "send"))
                    or (each.may_receive and has(kind, "receive"))
                    or (not each.may_send and not each.may_receive and each.may_send is None and has(kind))
                ):
                    yield one.unit.sor_code, one.number
                    break

    def rule_type_not_approved(self):
        return self._by_status((None, "not approved")) if self.approvals else ()

    def rule_type_not_tested(self):
        return self._by_status(("testing", "not tested")) if self.approvals else ()


def everyday(name: str) -> str:
    """A name without case, punctuation and the spellings of Danish letters, worked out another way than the library does."""
    text = name.casefold()
    for letter, plain in (("æ", "ae"), ("ø", "o"), ("å", "a"), ("aa", "a"), ("oe", "o")):
        text = text.replace(letter, plain)
    text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join("".join(one if one.isalnum() else " " for one in text).split())
