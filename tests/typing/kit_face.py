"""Types of the test kit, as an integrator sees them. Checked by mypy, never run."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from sor_addressing import Register, RegisterStore, Unit, Verdict
from sor_addressing.daily.download import HttpOrigin
from sor_addressing.letters import LetterReport
from sor_addressing.testing import (
    DayEdits,
    FindingExample,
    MadeUpDays,
    MadeUpDeliveries,
    MadeUpExtract,
    MadeUpLetter,
    MadeUpOutbox,
    ReturnedLetter,
    SorClock,
    TakenFile,
    assert_deliverable,
    assert_not_deliverable,
    audit_event_of,
    cached_nation,
    finding_examples,
    register_of,
    returned_letters,
    sample_extract,
    serve_publisher,
    unit_named,
    with_endpoints,
    write_returned_letters,
)

register = Register.sample()
assert_type(assert_deliverable(register, "990001", "DIS91"), Verdict)
assert_type(assert_deliverable(register.validate("990001", "DIS91")), Verdict)
assert_type(assert_not_deliverable(register.validate_message(b"")[0], reason=["unit-closed"]), LetterReport)
assert_type(register_of({"Klinik": {"provider_number": "990077"}}, Afsnit={"below": "Klinik"}), Register)
assert_type(unit_named(register, "Klinik"), Unit)
assert_type(SorClock().given_to(register), Register)
assert_type(MadeUpDays()[0], Register)
assert_type(MadeUpDays().next_day().close("Klinik"), DayEdits)
assert_type(MadeUpDays().store("store"), RegisterStore)
assert_type(MadeUpOutbox(Path("vans")).collect(), tuple[TakenFile, ...])
assert_type(cached_nation("kept", 5_000, seed=2), Register)
assert_type(finding_examples(), tuple[FindingExample, ...])
assert_type(with_endpoints(sample_extract(), everywhere=True), MadeUpExtract)
assert_type(returned_letters(), tuple[ReturnedLetter, ...])
assert_type(write_returned_letters("vans"), tuple[Path, Path])
assert_type(audit_event_of(MadeUpLetter()), bytes)
assert_type(register.validate("990001", "DIS91", deliveries=MadeUpDeliveries(refused="LOK")), Verdict)
with serve_publisher() as publisher:
    assert_type(publisher.origin(timeout=1.0), HttpOrigin)
