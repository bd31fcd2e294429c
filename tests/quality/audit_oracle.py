"""What every rule has to see, found by plain loops over the public face of a register: slow, and easy to believe."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import sor_addressing
from sor_addressing import Location, Register, Registration, Unit
from sor_addressing.identifiers import CvrNumber, LocationNumber, SorCode
from sor_addressing.messages import Catalogue
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.quality import Approvals, Superseded
from sor_addressing.quality.naming.parts import above, taken_apart
from sor_addressing.search.words.lexicon import shipped_lexicon

JOINS = re.compile(r"\bog\b|[/&,]")
NAMING = Path(sor_addressing.__file__).parent / "quality" / "data" / "naming.toml"
ONE_THING = {"hud- og kønssygdomme"}

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
        superseded: Iterable[Superseded] = (),
    ) -> None:
        self.register = register
        self.on = on
        self.everything = units is None
        self.units = list(register) if units is None else list(units)
        self.registered = sorted(set(registered))
        self.approvals = approvals
        self.names = names or {}
        self.superseded = list(superseded)
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
            for _ in range(count(self.counting(one.location))):
                yield one.unit.sor_code, one.number

    def holds(self, one: Registration, day: dt.date) -> bool:
        """Whether it counts on a day: SOR-EDI's always, EER's where it is in use and not of the pilot or a test."""
        if one.source == "SOR-EDI":
            return True
        return one.in_use and one.environment in (None, "production") and one.period.contains(day)

    def counting(self, location: Location) -> list[Registration]:
        """What both registers say on the register's day, of each type once: what either says to be so is so."""
        kinds = defaultdict(list)
        for one in location.registrations:
            if self.holds(one, self.register.snapshot_date):
                kinds[one.message_type].append((one.may_send, one.may_receive))
        found = []
        for kind, said in kinds.items():
            sends, receives = [one for one, _ in said], [one for _, one in said]
            if len(said) > 1 and (None, None) in said:
                receives.append(True)
            both = [True if True in some else None if set(some) == {None} else False for some in (sends, receives)]
            found.append(Registration(kind, *both))
        return found

    def rule_xdis91_and_fdis91(self):
        def count(registrations):
            codes = {one.message_type.code for one in registrations if one.may_receive is not False}
            return {"XDIS91", "FDIS91"} <= codes

        return self.on_each(count)

    def rule_fhir_without_acknowledgement(self):
        def count(registrations):
            fhir = [one for one in registrations if one.message_type.format == "FHIR"]
            sent = any(one.may_send and one.message_type.code != "FCTL" for one in fhir)
            received = {one.message_type.code for one in fhir if one.may_receive is not False}
            return (sent or "FDIS91" in received) and "FCTL" not in received

        return self.on_each(count)

    def rule_attachments_not_received(self):
        def count(registrations):
            received = {one.message_type.code for one in registrations if one.may_receive is not False}
            known = {one.message_type.code for one in registrations}
            if "FDIS91" in received or not known & {"XBIN01", "BIN01"}:
                return 0
            if "XDIS91" in received:
                return "XBIN01" not in received
            return "DIS91" in received and "BIN01" not in received

        return self.on_each(count)

    def rule_registers_disagree(self):
        for one in self.in_use:
            families = {each.message_type.family for each in one.location.registrations} - {None}
            for family in families:
                own = [each for each in one.location.registrations if each.message_type.family == family]
                ours = [each for each in own if each.source == "SOR-EDI"]
                received = {
                    each.message_type for each in ours if each.may_receive or each.may_send is each.may_receive is None
                }
                theirs = [each for each in own if each.source == "EER" and each.environment in (None, "production")]
                told = {each.message_type for each in theirs if self.holds(each, self.on)}
                alike = all(any(map(same_type, [kind] * len(told), told)) for kind in received) and all(
                    any(map(same_type, [kind] * len(received), received)) for kind in told
                )
                if received and theirs and not alike:
                    yield one.unit.sor_code, one.number

    def rule_endpoint_manager_not_above(self):
        for unit in self.units:
            place = unit.location
            elsewhere = place and place.inherited and unit.ancestors and place.owner not in unit.ancestors
            if elsewhere and self.in_force(unit) and any(one.source == "EER" for one in place.registrations):
                yield unit.sor_code, place.number

    def rule_old_format_kept(self):
        late = {(one.new, code) for one in self._late() for code in one.old}
        pairs = {"FDIS91": ("DIS91", "XDIS91"), "FDIS20": ("DIS20", "XDIS20", "DIS17", "XDIS17")}

        def count(registrations):
            codes = {
                one.message_type.code for one in registrations if (one.may_send, one.may_receive) != (False, False)
            }
            return sum(
                new in codes and any(code in codes and (new, code) not in late for code in old)
                for new, old in pairs.items()
            )

        return self.on_each(count)

    def _late(self):
        return [one for one in self.superseded if one.by and self.on > one.by]

    def rule_old_format_past_date(self):
        def count(registrations):
            codes = {
                one.message_type.code for one in registrations if (one.may_send, one.may_receive) != (False, False)
            }
            return sum(one.new in codes and bool(codes.intersection(one.old)) for one in self._late())

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
        receipts = {"CTL01", "CTL02", "CTL03", "XCTL01", "XCTL02", "XCTL03", "FCTL", "SBDHACK"}

        def count(registrations, *, in_eer: bool):
            seen = 0
            for form, codes in wanted.items():
                letters = [
                    one
                    for one in registrations
                    if one.message_type.format == form and one.message_type.code not in receipts
                ]
                sends = {one.message_type.code for one in registrations if one.may_send is not False}
                receives = {one.message_type.code for one in registrations if one.may_receive is not False}
                unanswered = any(one.may_receive is not False for one in letters) and not sends.issuperset(codes)
                seen += unanswered and not (form == "FHIR" and in_eer)  # what a unit sends EER never says
                seen += any(one.may_send for one in letters) and not receives.issuperset(codes)
            return seen

        for one in self.in_use:
            in_eer = any(each.source == "EER" for each in one.location.registrations)
            for _ in range(count(self.counting(one.location), in_eer=in_eer)):
                yield one.unit.sor_code, one.number

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
            if owners and number not in still and self.counting(owners[0].location):
                yield owners[0].unit.sor_code, number

    def rule_open_number_on_closed_unit(self):
        return ((one.unit.sor_code, one.number) for one in self.open if self.ended(one.unit.period))

    def rule_number_without_registrations(self):
        for one in self.in_use:
            place = one.location
            usable = place.active and place.internal_only is False and place.period.contains(self.on)
            if usable and self.in_force(one.unit) and not self.counting(place):
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

    def rule_provider_number_marked_duplicate(self):
        numbers = {unit.provider_number for unit in self.register}
        for unit in self.units:
            number = unit.provider_number or ""
            rest = number[2:].zfill(6)
            marked = number.startswith("99") and number.isdigit() and len(rest) == 6 and len(number) > 2
            if marked and (rest in numbers or len(number) == 8) and not self.ended(unit.period):
                yield unit.sor_code, None

    def rule_unit_type_combined(self):
        for unit in self.units:
            for code in unit.types:
                name = self.register.code_text("type", code) or ""
                parts = [part for part in JOINS.split(name.casefold()) if part.strip()]
                if len(parts) > 1 and name.casefold() not in ONE_THING and self.in_force(unit):
                    yield unit.sor_code, None

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
        return self._same_name("municipality")

    def rule_same_name_in_region(self):
        return self._same_name("region")

    def _same_name(self, place: str):
        named = defaultdict(list)
        for unit in self.register:
            if unit.location and getattr(unit, place) and self.in_force(unit):
                named[getattr(unit, place), everyday(unit.name)].append(unit)
        of = {unit.sor_code: units for units in named.values() for unit in units}
        for unit in self.units:
            if any(other.location.number != unit.location.number for other in of.get(unit.sor_code, ())):
                yield unit.sor_code, unit.location.number

    def _parts(self, unit: Unit):
        known = self.__dict__.setdefault("_names", {})
        if unit.sor_code not in known:
            known[unit.sor_code] = taken_apart(unit.name, [above(each.name) for each in unit.ancestors])
        return known[unit.sor_code]

    def rule_name_nobody_searches(self):
        general = {"for", "af", "i", "ved", "på", "til", "med", "og"}
        for words in tomllib.loads(NAMING.read_text("utf-8"))["heads"].values():
            general.update(map(str.lower, words))
        for unit in self.units:
            if not unit.location or not self.in_force(unit):
                continue
            words = self._parts(unit).words
            if not any(self._says_something(word, general, words) for word in words):
                yield unit.sor_code, unit.location.number

    def _says_something(self, word: str, general: set[str], words: list[str]) -> bool:
        if word.lower() in general or len(word) == 1 or re.search(r"\d", word) or set(word) <= set("IVX"):
            return False
        if word in ("KOL", "ADHD", "HIV"):
            return True
        shouted = word.upper() == word and len(word) <= 5 and any(other.upper() != other for other in words)
        return not shouted or shipped_lexicon().meaning(word.lower()) is not None

    def rule_name_breaks_pattern(self):
        alike = defaultdict(list)
        for unit in self.register:
            if self.in_force(unit):
                parts = self._parts(unit)
                for kind in unit.types:
                    alike[unit.region or "", kind, parts.contents].append((unit.sor_code, parts))
        looked_at = {unit.sor_code for unit in self.units}
        told = {code for named in alike.values() for code in self._breaking(named) if code in looked_at}
        return ((code, None) for code in told)

    def _breaking(self, named):
        """Those of some names that hold alike which break the common pattern of their head, or of all where they have no head."""
        by_head = defaultdict(list)
        for code, parts in named:
            by_head["?" if parts.pattern.shape == "other" else parts.pattern.family].append((code, parts.pattern))
        common = {head: self._most(some) for head, some in by_head.items() if head not in ("", "?")}
        for head, pattern in common.items():
            yield from (code for code, own in by_head[head] if pattern and own != pattern)
        for pattern in filter(None, common.values()):
            followers = sum(parts.pattern == pattern for _, parts in named)
            if 2 * followers > len(named) and named[0][1].contents in ("topic", "both"):
                yield from (code for code, _ in by_head[""])

    def _most(self, named):
        pattern, count = Counter(pattern for _, pattern in named).most_common(1)[0]
        return pattern if len(named) >= 5 and 2 * count > len(named) else None

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

            for each in self.counting(one.location):
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


def same_type(one: MessageType, other: MessageType) -> bool:
    """Whether two are one type; without a version it is any version."""
    return one.code == other.code and (one.version == other.version or None in (one.version, other.version))


def everyday(name: str) -> str:
    """A name without case, punctuation and the spellings of Danish letters, worked out another way than the library does."""
    text = name.casefold()
    for letter, plain in (("æ", "ae"), ("ø", "o"), ("å", "a"), ("aa", "a"), ("oe", "o")):
        text = text.replace(letter, plain)
    text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join("".join(one if one.isalnum() else " " for one in text).split())
