"""``profile="eer"``: every resource against the table of what EER's profiles demand, and written and read nothing is lost."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fhirpathpy import compile as path_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing import Register
from sor_addressing.errors import ExportError
from sor_addressing.exports.making import export
from sor_addressing.exports.uses import Key, Use
from sor_addressing.identifiers import CvrNumber
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.testing import RegisterBuilder

PROFILES = {
    "http://medcomehmi.dk/ig/eer/StructureDefinition/Eer.SOR.Organization": "EerSorOrganization",
    "http://medcomehmi.dk/ig/eer/StructureDefinition/Eer.Messaging.Organization": "EerMessagingOrganization",
    "http://medcomehmi.dk/ig/eer/StructureDefinition/eer.dk.sor.endpoint": "EerSorEndpoint",
    "http://medcomehmi.dk/ig/eer/StructureDefinition/EerDevice": "EerDevice",
}
DAY = dt.date(2026, 1, 15)


def demands() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (Path(__file__).parent / "eer_required.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["profile"], []).append(row)
    return found


DEMANDS = demands()
compiled = cache(path_of)


def parent_and_name(path: str) -> tuple[str, str]:
    """The path of the element above, and the last step: cardinalities count for each parent that exists."""
    depth = 0
    for at in range(len(path) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(path[at], 0)
        # A where() belongs to the step before it.
        if path[at] == "." and depth == 0 and not path[at + 1 :].startswith("where("):
            return path[:at], path[at + 1 :]
    return "", path


def faults(resource: dict[str, Any], codes: set[str]) -> list[str]:
    (profile,) = resource["meta"]["profile"]
    found = []
    for row in DEMANDS[PROFILES[profile]]:
        above, step = parent_and_name(row["path"])
        if step == "value" and "extension" in above:
            step = "valueReference"  # a choice of types: the extensions hold references
        parents = compiled(above)(resource) if above else [resource]
        for parent in parents:
            if not isinstance(parent, dict):
                continue
            values = compiled(step)(parent)
            (count,) = compiled(f"{step}.count()")(parent)  # an element that has an extension alone is there too
            least, most = int(row["min"]), row["max"]
            if count < least or (most != "*" and count > int(most)):
                found.append(f"{row['path']}: {count} of {least}..{most}")
            found += [
                f"{row['path']}: {value!r}" for value in values if not holds(value, row["binding_or_fixed"], codes)
            ]
    return found


def holds(value: Any, rule: str, codes: set[str]) -> bool:
    kind, _, wanted = rule.partition(":")
    if kind in ("fixed", "canonical"):
        return bool(value == wanted)
    if kind == "regex":
        pattern, _, check = wanted.partition(" check:")
        return re.fullmatch(pattern, value) is not None and (check != "modulus-11" or CvrNumber.is_valid(value))
    if kind == "required" and "ehmi-message-definition-uri" in wanted:
        return value["code"] in codes
    allowed = re.search(r"\{(.*)\}", wanted) if kind == "required" else None
    if allowed:
        texts = [coding["code"] for coding in value.get("coding", [value])] if isinstance(value, dict) else [value]
        return all(text in allowed[1].split("|") for text in texts)
    if kind == "reference":
        return bool(re.fullmatch(r"(Organization|Endpoint|Device)/[A-Za-z0-9.-]{1,64}", value["reference"]))
    return True


def codes() -> set[str]:
    return {urn for one in catalogue().types if (urn := one.urn)}


def written(register: Register, folder: Path, **more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    path = folder / "eer.json"
    manifest = export(register, "all-addresses", path, profile="eer", only_addressable=False, **more)
    bundle = json.loads(path.read_text("utf-8"))
    return [entry["resource"] for entry in bundle["entry"]], dict(manifest.more)


def both() -> Register:
    build = RegisterBuilder(snapshot_date=DAY)
    owner = build.owner(
        "Eksempel Kommune",
        cvr_number="99000007",
        location={"system": "991", "supplier": "992", "net_operator": "100097"},
    )
    home = build.institution(owner, "Hjemmepleje & <Akut>", location_number=True)
    below = build.unit(home, "Team", inherits=True)
    build.unit(home, "Uden nummer")
    build.registers(owner, "XDIS91 XD9134L", "DIS91 D9134L", "XBIN01", "FDIS91 5.0", "ZZZ 99")
    build.registers_in_eer(home, "HCO 1.1", "HCO 1.2", "SBDHACK 1.0", from_date=dt.date(2026, 1, 1))
    build.registers_in_eer(home, "FDIS91 5.0", from_date=dt.date(2025, 1, 1), to_date=dt.date(2025, 12, 31))
    build.registers_in_eer(home, "FCTL 2.0.0", status="suspended")
    build.registers_in_eer(owner, "HCO 1.1", environment="test")
    assert below
    return build.build()


@pytest.mark.parametrize("make", [Register.sample, both])
def test_every_resource_has_what_its_profile_demands(make: Any, tmp_path: Path) -> None:
    resources, more = written(make(), tmp_path)
    known = codes()
    assert [(one["id"], fault) for one in resources for fault in faults(one, known)] == []
    assert {one["resourceType"] for one in resources} == {"Organization", "Endpoint", "Device"}
    names = [f"{one['resourceType']}/{one['id']}" for one in resources]
    assert len(set(names)) == len(names)
    references = set(re.findall(r'"reference": "([^"]+)"', json.dumps(resources)))
    assert references <= set(names)
    assert more["profile"] == "eer"


def test_the_table_finds_what_is_wrong(tmp_path: Path) -> None:
    resources, _ = written(both(), tmp_path)
    endpoint = next(one for one in resources if one["resourceType"] == "Endpoint")
    unit = next(one for one in resources if one["resourceType"] == "Organization")
    wrong = [
        {**endpoint, "period": None}, {**endpoint, "status": "on"}, {**endpoint, "payloadMimeType": []}, {**endpoint, "_address": None},
        {**endpoint, "identifier": [{"system": "https://www.gs1.org/gln", "value": "1"}]},
        {**endpoint, "payloadType": [{"coding": [{"code": "event:care-communication-message"}]}]},
        {**unit, "contact": []}, {**unit, "type": []}, {**unit, "implicitRules": "x"},
        {**unit, "identifier": [*unit["identifier"], {"system": "http://www.gs1.org/gln", "value": "5790999000017"}]},
    ]  # fmt: skip
    for one in wrong:
        bare = {key: value for key, value in one.items() if value not in (None, [])}
        assert faults(bare, codes()), one


def test_what_sor_can_not_say_is_listed_and_not_made_up(tmp_path: Path) -> None:
    resources, more = written(both(), tmp_path)
    assert more["left_out"]["message_types_without_code"] == {"XBIN01": 1, "ZZZ 99": 1}
    assert more["left_out"]["not_in_the_register"] == {"test: HCO 1.1": 1}
    assert "example" not in json.dumps(resources)
    endpoint = next(one for one in resources if one["resourceType"] == "Endpoint")
    assert endpoint["connectionType"]["code"] == "EerMessagingEdelivery"  # its net operator is EHMI
    assert endpoint["payloadMimeType"] == ["text/plain", "application/fhir+xml", "application/fhir+json", "text/xml"]
    assert set(endpoint["period"]) == {"_start"}


def test_the_pilots_system_of_location_numbers(tmp_path: Path) -> None:
    export(both(), "all-addresses", tmp_path / "eer.json", profile="eer-pilot")
    text = (tmp_path / "eer.json").read_text("utf-8")
    assert '"https://www.gs1.org/gln"' in text
    assert '"http://www.gs1.org/gln"' not in text


def test_a_profile_is_one_of_fhir(tmp_path: Path) -> None:
    for name, profile in (("a.csv", "eer"), ("a.fhir.json", "eas")):
        with pytest.raises(ExportError, match="profile is"):
            export(both(), "all-addresses", tmp_path / name, profile=profile)


def told(register: Register) -> dict[str, Any]:
    """What EER can hold of a register: units with name, level, place and number, and what counts on each number."""
    found = {}
    for unit in register.by_sor_code.values():
        location = unit.location
        types: set[tuple[str, str, Any, Any]] = set()
        for one in location.registrations if location else ():
            if (
                one.message_type.urn
                and (one.environment or "production") == "production"
                and one.may_receive is not False
            ):
                days = (one.period.from_date, one.period.to_date) if one.period else None
                types.add((one.message_type.text, one.source, days, one.status))
        found[unit.sor_code] = (
            unit.name, str(unit.kind), unit.parent and unit.parent.sor_code, unit.cvr_number,
            location and (location.number, location.inherited, location.owner.sor_code) if types else None, types,
        )  # fmt: skip
    return found


def as_eer(said: dict[str, Any]) -> dict[str, Any]:
    """The same with SOR-EDI's as EER has them: received, with the period of the number, which these have not."""
    return {
        code: (*rest, {(text, "EER", days or (None, None), status or "active") for text, _, days, status in types})
        for code, (*rest, types) in said.items()
    }


def round_trip(register: Register, folder: Path) -> Register:
    units = Use("all units", Key.SOR_CODE)
    path = folder / "eer.json"
    export(register, units, path, profile="eer", only_addressable=False)
    return Register.load(path, snapshot_date=DAY, clock=lambda: DAY)


def test_written_and_read_nothing_is_lost_that_eer_can_hold(tmp_path: Path) -> None:
    register = both()
    read = round_trip(register, tmp_path)
    assert read.load_report.problems == ()
    wanted = as_eer(told(register))
    assert told(read) == wanted


TYPES = st.sampled_from(
    ["XDIS91 XD9134L", "FDIS91 5.0", "HCO 1.1", "HCO 1.2", "DIS01 D0134L", "FCTL 2.0.0", "SBDHACK 1.0"]
)
STATUSES = st.sampled_from(["active", "suspended", "off"])
DAYS = st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.lists(TYPES, min_size=1, max_size=3),
            DAYS,
            DAYS,
            st.sampled_from(["active", "suspended", "off"]),
        ),
        max_size=5,
    )
)
def test_any_endpoints_come_back(tmp_path: Path, rows: list[Any]) -> None:
    build = RegisterBuilder(snapshot_date=DAY)
    owner = build.owner("Region", location_number=True)
    clinic = build.institution(owner, "Klinik", location_number=True)
    build.registers(owner, "XDIS91 XD9134L")
    build.registers(clinic, "DIS91 D9134L")
    for of_owner, types, first, last, status in rows:
        if first and last and last < first:
            first, last = last, first
        build.registers_in_eer(owner if of_owner else clinic, *types, from_date=first, to_date=last, status=status)
    register = build.build()
    assert told(round_trip(register, tmp_path)) == as_eer(told(register))
