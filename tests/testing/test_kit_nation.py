from __future__ import annotations

import datetime as dt
import hashlib
import io
import subprocess
import sys
from collections import Counter, defaultdict

import pytest

from sor_addressing.identifiers import CvrNumber, LocationNumber, ProviderNumber, ShakCode, SorCode
from sor_addressing.model import LocationSource, UnitKind, UnitRecord
from sor_addressing.testing import MadeUpExtract, made_up_nation, write_message_types, write_sor_xml
from sor_addressing.testing.nation.chance import Chance

SNAPSHOT = dt.date(2026, 1, 15)


@pytest.fixture(scope="module")
def nation() -> MadeUpExtract:
    return made_up_nation(2_000)


@pytest.fixture(scope="module")
def units(nation: MadeUpExtract) -> dict[str, UnitRecord]:
    return {unit.sor_code: unit for unit in nation}


def digest(nation: MadeUpExtract) -> str:
    xml, csv = io.BytesIO(), io.BytesIO()
    write_sor_xml(nation, xml)
    write_message_types(nation, csv)
    return hashlib.sha256(xml.getvalue() + csv.getvalue()).hexdigest()


def ancestors(unit: UnitRecord, units: dict[str, UnitRecord]) -> list[UnitRecord]:
    found = []
    while unit.parent_sor_code is not None:
        unit = units[unit.parent_sor_code]
        found.append(unit)
    return found


def number_of(unit: UnitRecord, units: dict[str, UnitRecord]) -> str | None:
    """The location number of a unit, own or inherited through an unbroken chain."""
    while unit.location is None:
        if unit.location_source is not LocationSource.INHERITED or unit.parent_sor_code is None:
            return None
        unit = units[unit.parent_sor_code]
    return unit.location.number


def is_open(unit: UnitRecord, on: dt.date = SNAPSHOT) -> bool:
    begun = unit.from_date is None or unit.from_date <= on
    return begun and (unit.to_date is None or unit.to_date >= on) and not unit.period_unreadable


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib, io; from sor_addressing.testing import *; nation = made_up_nation(400, seed=7); "
        "xml, csv = io.BytesIO(), io.BytesIO(); write_sor_xml(nation, xml); write_message_types(nation, csv); "
        "print(hashlib.sha256(xml.getvalue() + csv.getvalue()).hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    assert digest(made_up_nation(400, seed=7)) == other


def test_chance_falls_as_it_always_has() -> None:
    chance = Chance(1)
    assert [chance.below(100) for _ in range(8)] == [13, 84, 76, 25, 49, 44, 65, 78]
    assert [chance.between(3, 5), chance.one_of("abc"), chance.hits(0.5), chance.weighted((0, 3, 1))] == [
        3,
        "a",
        False,
        1,
    ]
    assert sum(chance.shares(100, 7)) == 100


def test_another_seed_gives_another_nation() -> None:
    assert digest(made_up_nation(400, seed=7)) != digest(made_up_nation(400, seed=8))


@pytest.mark.parametrize("size", [5, 6, 7, 11, 20, 57, 100, 333, 1_000, 4_321])
def test_a_nation_has_exactly_the_size_asked_for(size: int) -> None:
    nation = made_up_nation(size)
    assert len(nation) == size
    assert len({unit.sor_code for unit in nation}) == size
    assert len(set(nation.examples.get("location-without-unit", ())) & numbers_owned(nation)) == 0


def numbers_owned(nation: MadeUpExtract) -> set[str]:
    return {unit.location.number for unit in nation if unit.location is not None}


@pytest.mark.parametrize("size", [4, 200_001])
def test_a_nation_too_small_or_too_large_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="from 5 to 200,000 units"):
        made_up_nation(size)


def test_another_day_moves_every_period(nation: MadeUpExtract) -> None:
    later = made_up_nation(2_000, snapshot_date=SNAPSHOT + dt.timedelta(100))
    assert later.snapshot_date == dt.date(2026, 4, 25)
    assert [unit.name for unit in later] == [unit.name for unit in nation]
    assert later.unit(later.examples["unit-closing"][0]).to_date == (
        nation.unit(nation.examples["unit-closing"][0]).to_date + dt.timedelta(100)  # type: ignore[operator]
    )


def test_units_stand_in_document_order(nation: MadeUpExtract) -> None:
    open_codes: list[str] = []
    for unit in nation:
        if unit.parent_sor_code is None:
            open_codes = []
        else:
            del open_codes[open_codes.index(unit.parent_sor_code) + 1 :]
        open_codes.append(unit.sor_code)
    kinds = {unit.sor_code: unit.kind for unit in nation}
    pairs = Counter((kinds.get(unit.parent_sor_code or ""), unit.kind) for unit in nation)
    assert set(pairs) == {
        (None, UnitKind.INSTITUTION_OWNER),
        (UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION),
        (UnitKind.HEALTH_INSTITUTION, UnitKind.ORGANISATIONAL_UNIT),
        (UnitKind.ORGANISATIONAL_UNIT, UnitKind.ORGANISATIONAL_UNIT),
    }


def test_every_identifier_is_valid_and_reserved(nation: MadeUpExtract) -> None:
    for unit in nation:
        for code in (unit.sor_code, *unit.replaces, *unit.replaced_by):
            assert SorCode.is_valid(code)
            assert int(code[:-10]) >= 900_000
        if unit.location is not None:
            assert LocationNumber.is_valid(unit.location.number)
        if unit.cvr_number:
            assert CvrNumber.is_valid(unit.cvr_number)
        if unit.shak_code:
            assert ShakCode.is_valid(unit.shak_code)
        assert ProviderNumber.compact(unit.provider_number) == unit.provider_number
        reserved = (unit.cvr_number, unit.shak_code, unit.provider_number, unit.pharmacy_number)
        assert all(number.startswith("99") for number in reserved if number)
    registered = {record.location_number for record in nation.registrations}
    assert all(number.startswith("5790999") and LocationNumber.is_valid(number) for number in registered)


def test_regions_municipalities_and_practices_are_all_there(
    nation: MadeUpExtract, units: dict[str, UnitRecord]
) -> None:
    owners = [unit for unit in nation if unit.kind is UnitKind.INSTITUTION_OWNER]
    regions = [owner for owner in owners if owner.name.startswith("Region ")]
    municipalities = [owner for owner in owners if owner.name.endswith(" Kommune")]
    assert sorted(region.location.region_code for region in regions if region.location) == [
        "1081", "1082", "1083", "1084", "1085",
    ]  # fmt: skip
    assert len({owner.name for owner in municipalities}) == 98
    codes = [owner.postal_address[12] for owner in municipalities if owner.postal_address]
    assert sorted(codes) == [f"{number:04d}" for number in range(901, 999)]
    notification = [unit for unit in nation if unit.name.startswith("Sygehusadviser, ")]
    assert len(notification) == 98
    takes = {record.location_number for record in nation.registrations if record.message_type.startswith("FDIS20")}
    assert all(unit.location and unit.location.number in takes for unit in notification)
    types = Counter(unit.types for unit in nation if unit.kind is UnitKind.HEALTH_INSTITUTION)
    for known in ("394761003", "550671000005100", "22232009", "264372000", "554061000005105"):
        assert types[(known,)] > 0, known
    assert any(unit.pharmacy_number for unit in nation)


def test_the_deepest_units_lie_on_the_eighth_level(nation: MadeUpExtract, units: dict[str, UnitRecord]) -> None:
    levels = Counter(1 + len(ancestors(unit, units)) for unit in nation)
    assert sorted(levels) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_proportions_are_plausible(nation: MadeUpExtract) -> None:
    size = len(nation)
    closed = sum(unit.to_date is not None and unit.to_date < SNAPSHOT for unit in nation)
    sources = Counter(unit.location_source for unit in nation)
    without_status = sum(unit.location is not None and not unit.location.has_status for unit in nation)
    assert 0.09 < closed / size < 0.15
    assert 0.35 < sources[LocationSource.OWN] / size < 0.6
    assert 0.25 < sources[LocationSource.INHERITED] / size < 0.5
    assert 0 < sources[LocationSource.UNKNOWN] < 0.02 * size
    assert 0.05 < without_status / sources[LocationSource.OWN] < 0.15
    assert 0.2 < sum(unit.postal_address is not None for unit in nation) / size < 0.7


def test_periods_begin_before_they_end(nation: MadeUpExtract) -> None:
    for unit in nation:
        for period in filter(None, (unit, unit.location)):
            if period.from_date is not None and period.to_date is not None:
                assert period.from_date <= period.to_date, unit
            if period.from_date is not None and period.first_from_date is not None:
                assert period.first_from_date <= period.from_date, unit


def example(nation: MadeUpExtract, name: str) -> UnitRecord:
    return nation.unit(nation.examples[name][0])


def test_successors_come_in_every_shape(nation: MadeUpExtract, units: dict[str, UnitRecord]) -> None:
    first = example(nation, "successor-chain")
    middle = units[first.replaced_by[0]]
    last = units[middle.replaced_by[0]]
    assert [is_open(unit) for unit in (first, middle, last)] == [False, False, True]
    assert (last.replaced_by, middle.sor_code in last.replaces) == ((), True)

    split = example(nation, "successor-split")
    assert len(split.replaced_by) == 2
    assert all(is_open(units[code]) and split.sor_code in units[code].replaces for code in split.replaced_by)

    merged = example(nation, "successor-merge")
    assert is_open(merged)
    assert [units[code].replaced_by for code in merged.replaces[-2:]] == [(merged.sor_code,)] * 2

    loop = example(nation, "successor-loop")
    assert units[loop.replaced_by[0]].replaced_by == (loop.sor_code,)
    assert not is_open(loop)

    assert not set(example(nation, "successor-dead-end").replaced_by) & units.keys()


def test_inheritance_breaks_and_passes_through_units_not_in_force(
    nation: MadeUpExtract, units: dict[str, UnitRecord]
) -> None:
    for name in ("inheritance-broken", "inherits-at-the-top"):
        unit = example(nation, name)
        assert (unit.location_source, number_of(unit, units), is_open(unit)) == (LocationSource.INHERITED, None, True)
    assert example(nation, "inherits-at-the-top").kind is UnitKind.HEALTH_INSTITUTION
    for name in ("ancestor-closed", "ancestor-not-yet-open"):
        unit = example(nation, name)
        parent = units[unit.parent_sor_code or ""]
        assert is_open(unit)
        assert not is_open(parent)
        assert parent.location is not None
        assert parent.location.to_date is None
        assert number_of(unit, units) == parent.location.number
    depths = {len(ancestors(unit, units)) for unit in nation if unit.location_source is LocationSource.INHERITED}
    assert depths >= {1, 2, 3, 4, 5, 6}


def test_numbers_are_shared_closed_future_inactive_internal_and_unreadable(nation: MadeUpExtract) -> None:
    def location(name: str):  # type: ignore[no-untyped-def]
        unit = example(nation, name)
        assert is_open(unit) or name == "location-open-unit-closed"
        assert unit.location is not None
        return unit.location

    owners = Counter(unit.location.number for unit in nation if unit.location is not None)
    assert owners[location("owner-shared").number] == 2
    assert location("location-closed").to_date < SNAPSHOT
    assert location("location-not-yet-open").from_date > SNAPSHOT
    assert location("location-inactive").inactive
    assert location("location-internal-only").internal_only
    assert location("location-period-unreadable").period_unreadable
    assert location("location-open-unit-closed").to_date is None
    assert not is_open(example(nation, "location-open-unit-closed"))


def test_units_close_soon_open_later_or_have_no_readable_period(nation: MadeUpExtract) -> None:
    closing = [nation.unit(code) for code in nation.examples["unit-closing"]]
    assert all(unit.to_date and 0 <= (unit.to_date - SNAPSHOT).days <= 30 for unit in closing)
    assert all(nation.unit(code).from_date > SNAPSHOT for code in nation.examples["unit-not-yet-open"])  # type: ignore[operator]
    assert example(nation, "period-unreadable").period_unreadable
    assert len(example(nation, "several-types").types) == 3
    assert len(set(example(nation, "eight-specialities").specialities)) == 8


def test_provider_numbers_and_shak_codes_are_shared(nation: MadeUpExtract, units: dict[str, UnitRecord]) -> None:
    providers: dict[str, list[UnitRecord]] = defaultdict(list)
    codes: dict[str, list[UnitRecord]] = defaultdict(list)
    for unit in nation:
        providers[unit.provider_number].append(unit)
        codes[unit.shak_code].append(unit)
    shared = providers[example(nation, "provider-number-shared").provider_number]
    assert len(shared) >= 2
    assert len({number_of(unit, units) for unit in shared if is_open(unit)}) == 1
    apart = providers[example(nation, "provider-number-of-two-numbers").provider_number]
    assert len({number_of(unit, units) for unit in apart if is_open(unit)}) >= 2
    again = providers[example(nation, "provider-number-reassigned").provider_number]
    assert {is_open(unit) for unit in again} == {True, False}
    assert len(codes[example(nation, "shak-code-shared").shak_code]) >= 2
    assert Counter(unit.cvr_number for unit in nation).most_common(2)[1][1] > 20


def test_provider_numbers_have_ceased_for_units_still_open(nation: MadeUpExtract) -> None:
    unit = example(nation, "provider-ceased")
    assert is_open(unit)
    assert nation.ceased_providers[unit.provider_number] < SNAPSHOT


def test_registrations_are_odd_in_every_way(nation: MadeUpExtract) -> None:
    registered = defaultdict(list)
    for record in nation.registrations:
        registered[record.location_number].append(record)

    def of(name: str):  # type: ignore[no-untyped-def]
        return registered[nation.examples[name][0]]

    owned = numbers_owned(nation)
    assert {(record.may_send, record.may_receive) for record in of("send-only") if "DIS91" in record.message_type} == {
        (True, False)
    }
    assert {
        (record.may_send, record.may_receive) for record in of("receive-only") if "DIS91" in record.message_type
    } == {(False, True)}
    assert not any("CTL" in record.message_type for record in of("receipt-missing"))
    assert of("receipt-missing")
    assert all(" " not in record.message_type for record in of("version-unknown"))
    assert {record.message_type.split()[0] for record in of("message-type-unknown")} & {
        "XDIS99",
        "HYGIEJNE1",
        "PRØVE02",
    }
    assert nation.examples["no-registrations"][0] in owned
    assert of("no-registrations") == []
    assert nation.examples["location-without-unit"][0] not in owned
    assert len(of("location-without-unit")) == 2
    formats = {record.message_type.split()[0] for record in nation.registrations} & {"DIS91", "XDIS91", "FDIS91"}
    assert formats == {"DIS91", "XDIS91", "FDIS91"}
    assert any(record.message_type == "DIS91 D9133L" for record in nation.registrations)


def test_every_known_message_type_is_in_the_catalogue(nation: MadeUpExtract) -> None:
    from sor_addressing.messages.catalogue import catalogue

    spelt = {record.message_type for record in nation.registrations}
    assert {text for text in spelt if not catalogue().parse(text).known} == (
        spelt & {"XDIS99 XD9930L", "HYGIEJNE1", "PRØVE02 P0230P", "XDIS99", "PRØVE02"}
    )


@pytest.mark.national
def test_a_nation_of_full_size_has_its_depth_and_its_large_owner() -> None:
    nation = made_up_nation()
    units = {unit.sor_code: unit for unit in nation}
    roots = Counter((ancestors(unit, units) or [unit])[-1].name for unit in nation)
    assert roots["Region Hovedsund"] > 20_000
    assert 39_000 < sum(count for name, count in roots.items() if name.startswith("Region ")) < 42_000
    assert max(len(ancestors(unit, units)) for unit in nation) == 7
    assert len(numbers_owned(nation)) > 35_000
    assert len(made_up_nation(200_000)) == 200_000
