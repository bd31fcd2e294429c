"""What a user may send to a worker pickles, or says why not: every public value, every error, filters, policies, an opened register."""

from __future__ import annotations

import copy
import datetime as dt
import enum
import inspect
import multiprocessing
import operator
import pickle
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.house.api_listing import ROOMS

from sor_addressing import (
    AddressingPolicy,
    Aliases,
    Direction,
    EverydayWords,
    Filter,
    GuardPolicy,
    LiveRegister,
    MissingExtra,
    Register,
    RegisterStore,
    SnapshotError,
    SorAddressingError,
    audit,
    compare,
    errors,
    export,
    review,
    what_if,
)
from sor_addressing.addressing.policy import levels_of, token_of
from sor_addressing.changes import (
    BookEntry,
    Cause,
    NotCompared,
    Replacement,
    WatchMemory,
    check_handover,
    handover,
    life_of,
    watch,
)
from sor_addressing.daily import SOR2, Fetched, FolderOrigin, HttpOrigin, Publisher, UpdateReason
from sor_addressing.deliveries import DeliveryLedger, WaitingTimes
from sor_addressing.exports import Use
from sor_addressing.identifiers import parse
from sor_addressing.letters import (
    BatchSummary,
    Correction,
    LetterAnswer,
    Receipt,
    ReceiptKind,
    Role,
    letter_statistics,
    read_message_header,
)
from sor_addressing.messages import Catalogue, ConversionModel, ConversionParty, conversion_evidence
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import EndpointRegistration, Period, Problem, RegistrationRecord
from sor_addressing.quality import (
    Approvals,
    EverydayName,
    NotChecked,
    Package,
    PackTexts,
    Superseded,
    names,
    rule,
    shipped_rules,
    target,
    trend,
)
from sor_addressing.register import ShakEntry, ShakName
from sor_addressing.testing import (
    MadeUpDays,
    MadeUpDeliveries,
    MadeUpLetter,
    MadeUpParty,
    edifact_of,
    returned_letters,
    sample_extract,
    vans_envelope_of,
    write_returned_letters,
)

PUBLIC = {
    f"{room.removeprefix('sor_addressing').removeprefix('.')}.{name}".removeprefix("."): getattr(
        import_module(room), name
    )
    for room in ROOMS
    if room != "sor_addressing.testing"
    for name in import_module(room).__all__
}
VALUES = {
    value
    for value in PUBLIC.values()
    if inspect.isclass(value)
    and not issubclass(value, (BaseException, enum.Enum))
    and not getattr(value, "_is_protocol", False)
}
# They are classes to be called, and have no instances.
NO_INSTANCES = {
    value for value in VALUES if value.__module__ == "sor_addressing.identifiers" and hasattr(value, "fits")
}
# An answer belongs to the register that it was given by: what is sent is its to_dict().
OF_A_REGISTER = [
    "Audit",
    "AuditScope",
    "AuditTree",
    "Conversions",
    "FileReport",
    "Found",
    "FoundRecipient",
    "LetterReport",
    "Location",
    "Match",
    "PlanEffect",
    "ReceiverCheck",
    "Recipient",
    "Register",
    "Remark",
    "Resolution",
    "TreeNode",
    "Unit",
    "Verdict",
    "WhatIf",
    "WhatIfStep",
]
WHY_NOT = r"what belongs to a register does not pickle: send its to_dict\(\)|that was read from files does not pickle: save it"


def roots(folder: Path) -> Iterator[object]:
    """Answers of every sort; what is in them is looked at too."""
    days = MadeUpDays()
    days.next_day().rename("Aftenvagt", "Aftenvagten").close("Hjerteafdelingen")
    register = days[0]
    yield from (
        days[0],
        AddressingPolicy.strict(),
        Filter(region="1081", message_type="XDIS91"),
        GuardPolicy(),
    )
    plan = [{"change": "remove", "format": "EDI", "system": "9121"}]
    yield from (
        days[0].conversions(by="region"),
        names(days[0]),
        EverydayName("9000011000016006", "Afsnit 3", None, searchable=False),
        what_if(days[0], plan, traffic=[("990001", "DIS91"), ("990005", "XDIS91")], rules=[]),
        what_if(days[0], plan),
    )
    yield EverydayWords({"hospital": ["klinikum"]})
    yield from (
        Aliases({"9000011000016006": ["Huset"]}),
        ConversionModel.shipped("current-practice"),
        catalogue(),
        ConversionParty.of({"region": "1082"}),
    )
    yield Catalogue(row for _, row in catalogue()._rows.values())
    parsed = catalogue().parse
    yield conversion_evidence(parsed("XDIS91 XD9134L"), parsed("DIS91 D9134L"))
    yield from (register.validate("990001", "XDIS91"), register.validate("990001", "XREF15", direction=Direction.SEND))
    yield from (
        register.resolve("990003"),
        next(iter(register)),
        register.load_report,
        parse("urn:oid:1.3.88|5790999000017"),
    )
    yield from (
        register.find(message_type="DIS91", region="ingen"),
        register.search("hjerteafdelingen", message_type="DIS91"),
    )
    yield register.history("9000031000016000")
    compared = compare(days[0], days[1])
    yield from (compared, Cause(compared[0], compared[1:]), life_of(list(days), "9000031000016000"))
    book = [BookEntry(location_number="5790999000314"), BookEntry(sor_code="9005081000016005", name="Klinikken")]
    for reviewed in (
        review(book, register),
        review([{"GLN": "5790999000314", "Navn": "Klinik"}, {"GLN": "579"}], register),
        review([{"ydernr": "990001"}, {"ydernr": "990003"}], register, to="sor_code"),
    ):
        yield from (reviewed, watch(reviewed, WatchMemory()))
    yield from (
        audit(register),
        audit(register).tree(1),
        *audit(register).tree(1)[:1],
        trend([register], by="region"),
        target(trend([register], by="region"), until=dt.date(2026, 3, 1), plan=plan, register=register),
        *shipped_rules(),
        NotChecked("receipt-missing", ("registrations",)),
    )
    letter = MadeUpLetter(code="DIS91", version="D9134L")
    yield from read_message_header(vans_envelope_of(edifact_of(letter), letter))
    (folder / "letter.edi").write_bytes(edifact_of(letter))
    by_number = MadeUpParty(location_number="5790999000314", provider_number="990001")
    yield letter_statistics(register.validate_message(edifact_of(attrs.evolve(letter, receiver=by_number))))
    with DeliveryLedger(folder / "deliveries.sqlite", waiting=WaitingTimes.shipped().but(vans=1)) as ledger:
        yield from (ledger.add(write_returned_letters(folder / "returned")), ledger, ledger.waiting, ledger.report())
        yield from (
            ledger.overdue(),
            ledger.letters(folder / "returned" / "outbox"),
            ledger.forget(0, on=dt.date(1999, 1, 1)),
        )
        yield from (ledger.state(one.letter.receiver.location_number or "", "DIS91") for one in returned_letters())
        yield from (ledger.causes(register), returned_letters(), MadeUpDeliveries(refused="LOK"))
    reports = list(register.validate_messages([folder / "letter.edi"]))
    yield from (
        reports,
        letter_statistics(reports),
        BatchSummary(),
        Correction(Role.SENDER, "sor_code", None, "1", "x"),
    )
    yield from (
        LetterAnswer("BRV1", ReceiptKind.POSITIVE),
        Receipt(ReceiptKind.POSITIVE, "E1", ("BRV1",)),
        RegistrationRecord("5790999000017", "DIS91"),
        EndpointRegistration("5790999000017", "HCO 1.1"),
        sample_extract().units,
    )
    approvals = Approvals(
        [(1, {"system": "Opdigt", "code": "XDIS91", "version": "XD9134L", "direction": "send", "status": "approved"})]
    )
    yield from (approvals, approvals.match("OPDIGT"), audit(register, rules=[], approvals=approvals))
    yield register.allowed_types("5790999000017", approvals=approvals)
    told = handover(register, system="9101")
    changed = handover(days[-1], system="9101", before=register).numbers
    yield from (told, told.counts, check_handover(told, days[-1]))
    yield from (change for number in changed for change in number.changes)
    yield register.allowed_types("5790999000017", system="Opdigt", approvals=approvals)
    yield from (
        Package(name="lægepakken", unit_name="Lægehuset"),
        Superseded("FDIS91", "XDIS91", by=dt.date(2026, 6, 30)),
        Problem("cvr-number-check-digit", "Sor.xml", 7, "9000011000016006", {"value": "99999999"}),
    )
    sample_extract().write(folder / "mirror")
    store = RegisterStore(folder / "store", origin=FolderOrigin(folder / "mirror"))
    yield from (store.update(), store.state(), store.days(), store)
    yield from (
        SOR2,
        Publisher.usual(),
        FolderOrigin(folder / "mirror"),
        HttpOrigin("https://example.org/"),
        Fetched((), unchanged=True, known={}, origin="her"),
    )
    yield from (export(register, "municipalities", folder / "recipients.csv"), Use.shipped())
    yield register.search("lægehus")
    yield ShakEntry("9999", (ShakName("Opdigt", Period()),), retired=False)
    found = audit(register, rules=["receipt-missing"])
    texts = PackTexts.shipped()
    yield from (
        found.packs(folder / "packs", by="region", csv_only=True),
        texts,
        texts.of_rule("receipt-missing", "da"),
    )
    yield from (found.to_csv(folder / "remarks.csv"), found.by("region"), found.remarks[:1], register.find()[:1])
    yield from (
        NotCompared("registrations", "new-not-known"),
        Replacement("sor_code", "1", "2", "x"),
        UpdateReason("older-snapshot", {"day": "2026-01-14", "current": "2026-01-15"}),
    )


def instances(roots: Iterable[object]) -> dict[type, object]:
    """The first instance of each public class in what is given, its fields, its properties and what is in those."""
    found: dict[type, object] = {}
    waiting, seen = list(roots), set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, (tuple, list)) and type(one) not in VALUES:
            waiting += one[:50]
        if id(one) in seen or type(one) not in VALUES:
            continue
        seen.add(id(one))
        found.setdefault(type(one), one)
        names = [field.name for field in attrs.fields(type(one))] if attrs.has(type(one)) else []
        names += [
            name for name, value in inspect.getmembers(type(one)) if isinstance(value, property) and name[0] != "_"
        ]
        waiting += [getattr(one, name, None) for name in names]
        if isinstance(one, tuple):
            waiting += one
    return found


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[type, object]:
    return instances(roots(tmp_path_factory.mktemp("pickling")))


def another_process() -> ProcessPoolExecutor:
    """One that is begun anew, as on every system; where it can't read what it is sent it ends with an error."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def came_back(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 (what was just dumped)


def same(one: object, other: object) -> bool:
    """Whether they are equal; where a class has no equality, whether they are sent as the same bytes."""
    if type(one).__eq__ is object.__eq__:
        return pickle.dumps(one) == pickle.dumps(other)
    return one == other


def test_there_is_an_example_of_every_public_value(examples: dict[type, object]) -> None:
    assert {cls.__name__ for cls in VALUES - NO_INSTANCES - examples.keys()} == {"LiveRegister"}


def test_every_public_value_comes_back_from_another_process_or_says_why_not(examples: dict[type, object]) -> None:
    sent, refused = [], {}
    for cls, example in examples.items():
        try:
            pickle.dumps(example)
        except TypeError as error:
            refused[cls.__name__] = str(error)
        else:
            sent.append(example)
    assert set(refused) == set(OF_A_REGISTER)
    assert {name: told for name, told in refused.items() if not re.search(WHY_NOT, told)} == {}
    sent += [example.to_dict() for example in examples.values() if hasattr(example, "to_dict")]
    sent += [made for error in ERRORS.values() for made in error]
    with another_process() as process:
        back = process.submit(list, sent).result()
    assert [(one, other) for one, other in zip(sent, back, strict=True) if not as_it_was(one, other)] == []


ERRORS: dict[str, tuple[SorAddressingError, ...]] = {
    name: (error("what was seen", file="Sor.xml", line=7), error("what was seen"))
    for name, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, SorAddressingError) and error is not MissingExtra
} | {"MissingExtra": (MissingExtra("the table", "arrow", "pyarrow"),)}


def as_it_was(one: object, other: object) -> bool:
    if isinstance(one, SorAddressingError):
        return (type(other), str(other), vars(other)) == (type(one), str(one), vars(one))
    return same(one, other)


@pytest.mark.parametrize("error", [one for made in ERRORS.values() for one in made], ids=repr)
def test_an_error_of_ours_is_copied_and_pickled_with_all_it_says(error: SorAddressingError) -> None:
    for back in (came_back(error), copy.copy(error), copy.deepcopy(error)):
        assert as_it_was(error, back)
        assert isinstance(back, type(error).__bases__)


def test_an_opened_register_goes_as_its_path(tmp_path: Path) -> None:
    loaded = MadeUpDays()[0]
    with pytest.raises(
        TypeError, match=r"read from files does not pickle: save it, and send the one that Register\.open gives"
    ):
        pickle.dumps(loaded)
    loaded.save(tmp_path / "day.compiled")
    opened = Register.open(tmp_path / "day.compiled")
    with another_process() as process:
        assert process.submit(repr, opened).result() == repr(opened)
    ask = operator.methodcaller("validate", "990001", "XDIS91", policy=AddressingPolicy.lenient())
    assert ask(came_back(opened)).to_dict() == ask(opened).to_dict()
    days = MadeUpDays()
    days.next_day()
    sent = pickle.dumps(opened)
    days[-1].save(tmp_path / "day.compiled")
    with pytest.raises(
        SnapshotError,
        match=r"day\.compiled: is the register of 2026-01-16 by now; the one that was sent is of 2026-01-15",
    ):
        pickle.loads(sent)  # noqa: S301 (what was just dumped)
    assert copy.copy(opened) is copy.deepcopy(opened) is opened


def test_the_sample_is_the_sample_in_every_process() -> None:
    assert (
        came_back(Register.sample()).validate("990001", "DIS91").to_dict()
        == Register.sample().validate("990001", "DIS91").to_dict()
    )


def test_a_copy_of_an_answer_is_of_the_same_register() -> None:
    verdict = Register.sample().validate("990001", "XDIS91")
    assert copy.deepcopy(verdict) == copy.copy(verdict) == verdict
    assert copy.deepcopy(verdict).resolution.recipient == verdict.resolution.recipient


def test_a_rule_goes_as_the_place_where_it_is_defined() -> None:
    assert [came_back(one) for one in shipped_rules()] == list(shipped_rules())

    @rule("mine", "info")
    def mine(scope: object) -> list[object]:
        return []

    with pytest.raises(
        TypeError, match=r"^the rule mine does not pickle: .+<locals>\.mine is not where a module defines it$"
    ):
        pickle.dumps(mine)


def test_a_policy_has_a_token_of_its_own_in_each_process() -> None:
    policy = AddressingPolicy(severities={"unit-closing": "error"}, conversion_model="none")
    back = came_back(policy)
    assert back == policy
    assert back.to_dict() == policy.to_dict()
    assert levels_of(back) == levels_of(policy)
    assert token_of(back) != token_of(policy)


def test_a_live_register_says_why_not(tmp_path: Path) -> None:
    sample_extract().write(tmp_path / "mirror")
    store = RegisterStore(tmp_path / "store", origin=FolderOrigin(tmp_path / "mirror"))
    store.update()
    with LiveRegister(store) as live:
        with pytest.raises(TypeError, match=r"^a live register does not pickle: send its store, or live\.current"):
            pickle.dumps(live)
        assert came_back(live.current).snapshot_date == live.current.snapshot_date
    assert came_back(store).latest().snapshot_date == store.latest().snapshot_date
