"""The whole rule set over made-up nations: what it sees is what plain loops over the public face see."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.quality.audit_oracle import Oracle

from sor_addressing import Register, audit
from sor_addressing.quality import Approvals, Superseded, shipped_rules
from sor_addressing.quality.rule_set import rules_on_request
from sor_addressing.testing import (
    MadeUpExtract,
    RegisterBuilder,
    made_up_nation,
    with_endpoints,
    write_complete,
    write_sor_entity,
)

DAY = dt.date(2026, 1, 15)
NAMES = {"9101": "Journal Alfa", "9111": "Omsorg Beta", "9121": "Klinik Gamma", "9123": "Klinik Delta"}
"""What some systems of the nation are on the approval list below."""

DATED = [
    Superseded("FDIS91", ["XDIS91"], by=dt.date(2026, 1, 14)),
    Superseded("FDIS91", ["DIS91"], by=dt.date(2026, 2, 1)),
    Superseded("FDIS20", ["DIS20", "DIS17"]),
]

STATUSES = ("approved", "approved", "testing", "not approved", "not tested")


class World(NamedTuple):
    register: Register
    extract: MadeUpExtract


def approvals() -> Approvals:
    rows = []
    types = [
        "DIS91 D9134L",
        "XDIS91 XD9134L",
        "FDIS91 5.0",
        "REF01 H0131R",
        "RPT01 R0131K",
        "CTL02 C0230Q",
        "XCTL02 XC0230Q",
    ]
    for place, name in enumerate(NAMES.values()):
        for turn, text in enumerate(types):
            code, version = text.split()
            for direction in ("send", "receive"):
                status = STATUSES[(place + turn + len(direction)) % len(STATUSES)]
                row = {"system": name, "code": code, "version": version, "direction": direction, "status": status}
                rows.append((len(rows) + 2, row))
    return Approvals(rows, aliases=NAMES)


def odd_extract() -> MadeUpExtract:
    """What a nation does not have: wrong check digits, inherited numbers that are idle, systems not said."""
    build = RegisterBuilder(DAY)
    owner = build.owner("Region", location_number="5790999000018", cvr_number="99000000")
    idle = build.institution(owner, "Idle", location_number=True, location={"inactive": True, "system": "9101"})
    build.unit(idle, "Below idle", inherits=True)
    inner = build.institution(owner, "Inner", location_number=True, location={"internal_only": True})
    build.unit(inner, "Below inner", inherits=True, cvr_number="99000007")
    build.unit(inner, "Alone", location_number=True, location={"internal_only": True, "net_operator": "11000035002"})
    build.unit(inner, "Mistyped", sor_code="9009001000016001", provider_number="990012")
    build.unit(inner, "Duplicate", provider_number="99990012", types=["Handicap og psykiatri", "Hud- og kønssygdomme"])
    build.unit(inner, "No duplicate", provider_number="999912", types="Handicap")
    build.unit(inner, "Closed", provider_number="99990013", types="Misbrug/psykiatri", to_date=dt.date(2020, 1, 1))
    build.registers(inner, "XDIS91", "REF01", "FDIS91")
    build.registers(idle, "DIS91 D9134L", "XCTL02", send=True)
    return build.extract()


def of_two_registers() -> MadeUpExtract:
    """SOR and EER of one day: both alike, other versions, suspended, over, of the pilot, and a number of a unit that is not above."""
    extract = with_endpoints(made_up_nation(900, seed=11))
    build = RegisterBuilder(DAY, first_number=80_000)
    owner = build.owner("Region")
    days = (dt.date(2020, 1, 1), DAY, dt.date(2026, 2, 1))
    kinds = ("FDIS91 5.0", "FDIS91 4.0", "FCTL 2.0.0", "HCO 1.1", "XDIS91")
    for turn in range(60):
        unit = build.institution(owner, f"Unit {turn}", location_number=True)
        if turn % 3:
            build.registers(unit, "XDIS91 XD9134L", "BIN01", send=True, receive=turn % 2 == 0)
        if turn % 4:
            build.registers(unit, "FDIS91 5.0" if turn % 5 else "FDIS91", send=bool(turn % 7), receive=True)
        build.registers_in_eer(
            unit,
            kinds[turn % 5],
            kinds[turn % 3 + 2],
            from_date=days[turn % 3],
            to_date=dt.date(2026, 2, 15) if turn % 2 else None,
            status="suspended" if turn % 11 == 3 else "active",
            environment=("", "production", "pilot")[turn // 3 % 3],
        )
    more = build.extract()
    extract.units += more.units
    extract.registrations += more.registrations
    extract.endpoints += more.endpoints
    below = next(unit for unit in extract.units if unit.location_source == "inherited")
    below.inherited_number = more.endpoints[0].location_number
    return extract


def without_directions(extract: MadeUpExtract, *, each: int) -> MadeUpExtract:
    """The same with directions not said, on each row so many."""
    for turn, record in enumerate(extract.registrations):
        if turn % each == 0:
            record.may_send = None if each == 1 or turn % 3 else record.may_send
            record.may_receive = None if each == 1 or turn % 3 != 1 else record.may_receive
    return extract


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    made = {"nation": made_up_nation(2_500, seed=5), "other": made_up_nation(700, seed=6), "odd": odd_extract()}
    made["no directions"] = without_directions(made_up_nation(600, seed=7), each=1)
    made["two registers"] = of_two_registers()
    made["two registers, no directions"] = without_directions(of_two_registers(), each=2)
    made["some directions"] = without_directions(made_up_nation(600, seed=8), each=2)
    return {name: World(extract.to_register(), extract) for name, extract in made.items()}


def seen(found) -> Counter[tuple[str, str | None, str | None]]:
    return Counter((one.rule, one.sor_code, one.location_number) for one in found.remarks)


def registered(extract: MadeUpExtract) -> list[str]:
    return [record.location_number for record in extract.registrations]


@pytest.mark.parametrize(
    "name",
    ["nation", "other", "odd", "no directions", "some directions", "two registers", "two registers, no directions"],
)
@pytest.mark.parametrize("on", [DAY, dt.date(2026, 3, 2), dt.date(2019, 6, 1)])
def test_the_rules_see_what_plain_loops_see(worlds: dict[str, World], name: str, on: dt.date) -> None:
    register, extract = worlds[name]
    listed = approvals()
    oracle = Oracle(register, on, registered=registered(extract), approvals=listed, names=NAMES, superseded=DATED)
    found = audit(register, rules=CHECKED, approvals=listed, superseded=DATED, on=on)
    assert seen(found) == oracle.found()
    assert found.units == len(register)


CHECKED = [
    rule
    for rule in (*shipped_rules(), *rules_on_request())
    if rule.code
    not in (
        "edi-without-edi-system",
        "package-types-missing",
        "package-types-beyond",
        "registered-yet-refused",
        "shak-code-without-unit",
        "edi-beside-xml",
    )
]
"""The rules that the oracle knows; the others have tests of their own."""


def test_every_rule_that_the_oracle_knows_sees_something_somewhere(worlds: dict[str, World]) -> None:
    listed = approvals()
    seeing = set()
    for register, _ in worlds.values():
        found = audit(register, rules=CHECKED, approvals=listed, superseded=DATED)
        seeing |= {code for code, count in found.counts.items() if count}
    assert {rule.code for rule in CHECKED} - seeing == set()


@pytest.mark.parametrize(
    "fields",
    [{"region": "1082"}, {"municipality": "0901"}, {"kind": "SI"}, {"own_location_only": True}, {"system": "9121"}],
    ids=str,
)
def test_with_filters_the_rules_see_the_same_of_what_is_left(
    worlds: dict[str, World], fields: dict[str, object]
) -> None:
    register, _ = worlds["nation"]
    name, value = next(iter(fields.items()))
    fits = {
        "region": lambda unit: unit.region == value,
        "municipality": lambda unit: unit.municipality == value,
        "kind": lambda unit: unit.kind == value,
        "own_location_only": lambda unit: unit.location is not None and not unit.location.inherited,
        "system": lambda unit: unit.location is not None and unit.location.system == value,
    }[name]
    units = [unit for unit in register if fits(unit)]
    listed = approvals()
    found = audit(register, rules=CHECKED, approvals=listed, superseded=DATED, **fields)
    assert seen(found) == Oracle(register, DAY, units=units, approvals=listed, names=NAMES, superseded=DATED).found()
    assert found.units == len(units)


def test_a_register_read_and_one_opened_are_audited_alike(worlds: dict[str, World], tmp_path: Path) -> None:
    register, _ = worlds["nation"]
    register.save(tmp_path / "compiled")
    opened = Register.open(tmp_path / "compiled", clock=lambda: DAY)
    of_opened, of_read = audit(opened), audit(register)
    assert [one.to_dict() for one in of_opened.remarks] == [one.to_dict() for one in of_read.remarks]
    for kind in ("administrator", "region", "unit_type"):
        assert [one.to_dict() for one in of_opened.by(kind)] == [one.to_dict() for one in of_read.by(kind)]


def test_every_set_of_files_can_be_audited(tmp_path: Path) -> None:
    extract = made_up_nation(400, seed=9)
    write_complete(extract, tmp_path / "Sor_complete.zip")
    (tmp_path / "legacy").mkdir()
    extract.write(tmp_path / "legacy")
    write_sor_entity(extract, tmp_path / "SorEntity_daily.csv")
    found = {
        name: audit(Register.load(tmp_path / name, snapshot_date=DAY, clock=lambda: DAY))
        for name in ("Sor_complete.zip", "legacy", "SorEntity_daily.csv")
    }
    unchecked = {
        name: {one.rule for one in one_audit.not_checked if not one.partly} for name, one_audit in found.items()
    }
    ungiven = {
        "type-not-approved",
        "type-not-tested",
        "edi-without-edi-system",
        "package-types-missing",
        "package-types-beyond",
        "registered-yet-refused",
        "old-format-past-date",
    }
    assert unchecked["legacy"] == ungiven | {"provider-ceased-unit-open", "shak-code-without-unit"}
    assert {"receipt-missing", "open-number-on-closed-unit"} <= unchecked["SorEntity_daily.csv"]
    assert found["legacy"].counts["receipt-missing"] == found["Sor_complete.zip"].counts["receipt-missing"] > 0
