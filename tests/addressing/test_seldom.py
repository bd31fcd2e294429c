"""What is seldom met: a policy that is none, a reason that a policy has relabelled, a unit whose address is not known, long circles."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sor_addressing import AddressingPolicy, PolicyError, Register, Status, UnitKind
from sor_addressing.model import UnitRecord
from sor_addressing.testing.numbers import location_number, sor_code

DAY = dt.date(2026, 1, 15)


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"severities": ["unit-closed"]}, "severities is .*: use a mapping"), ({"conversion_model": 3}, "conversion_model is 3: use the name")],
)  # fmt: skip
def test_a_policy_of_the_wrong_types_is_refused(fields, says) -> None:
    with pytest.raises(PolicyError, match=says):
        AddressingPolicy(**fields)


def test_what_a_policy_has_made_a_remark_is_still_the_reason() -> None:
    policy = AddressingPolicy(severities={"recipient-unknown": "info"})
    resolution = Register.sample().resolve(location_number=location_number(99_999), policy=policy)
    assert resolution.status is Status.UNKNOWN
    assert resolution.reason is not None
    assert (resolution.reason.code, resolution.reason.severity) == ("recipient-unknown", "info")


def test_a_unit_that_may_be_elsewhere_leaves_the_identifier_ambiguous(tmp_path: Path) -> None:
    head = "SorId;SorType;EntityName;FromDate;ToDate;ParentSorId;ProviderId;EanLocationCode;EanLocationCodeInheritance"
    usable = f"{sor_code(1)};OE;Den ene;2020-01-01;;;990001;{location_number(1)};egen"
    inherits = f"{sor_code(2)};OE;Den anden;2020-01-01;;{sor_code(3)};990001;;nedarvet"
    path = tmp_path / "SorEntity_daily.csv"
    path.write_text(f"{head}\n{usable}\n{inherits}\n", "utf-8")
    register = Register.load(path, snapshot_date=DAY, clock=lambda: DAY)
    resolution = register.resolve(provider_number="990001")
    assert resolution.status is Status.AMBIGUOUS
    codes = {one.name: [finding.code for finding in one.findings] for one in resolution.candidates}
    assert "inheritance-not-known" in codes["Den anden"]
    assert resolution.recipient is None


def test_of_a_long_circle_the_first_units_are_named() -> None:
    codes = [sor_code(number) for number in range(1, 31)]
    units = []
    for code, parent in zip(codes, [*codes[1:], codes[0]], strict=True):
        record = UnitRecord(sor_code=code, kind=UnitKind.ORGANISATIONAL_UNIT, name="Rundt", line=1)
        record.parent_sor_code = parent
        units.append(record)
    register = Register.from_records(units, snapshot_date=DAY)
    problems = [problem for problem in register.load_report.problems if problem.code == "parent-in-circle"]
    assert len(problems) == 30
    assert all(problem.details["circle"][-1] == "…" for problem in problems)


def test_a_register_is_compiled_to_standard_output(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Register.sample().save("-")
    (tmp_path / "register.sor").write_bytes(capfdbinary.readouterr().out)
    assert len(Register.open(tmp_path / "register.sor")) == len(Register.sample())
