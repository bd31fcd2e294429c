"""Types of what a register is made of, of message types, of policies and of audits, as a caller sees them. Checked by mypy, never run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import assert_type

from sor_addressing import (
    AddressingPolicy,
    Aliases,
    Conversion,
    CvrNumber,
    Direction,
    Finding,
    LoadReport,
    Location,
    MessageType,
    Outcome,
    Period,
    Problem,
    ProviderNumber,
    Recipient,
    Register,
    Registration,
    Resolution,
    Severity,
    ShakCode,
    Status,
    Unit,
    UnitKind,
    Verdict,
    __version__,
)
from sor_addressing.messages import Catalogue, ConversionModel, ConversionParty, ConversionRow, Converter, MessageFormat
from sor_addressing.model import (
    EER,
    ENVIRONMENTS,
    PRODUCTION,
    REGISTERS,
    SOR_EDI,
    Address,
    Contact,
    EndpointRegistration,
    LocationRecord,
    LocationSource,
    OrganisationalLevel,
    RegistrationRecord,
    SourceDay,
    Speciality,
    UnitRecord,
)
from sor_addressing.quality import (
    Approvals,
    ApprovalStatus,
    Audit,
    EverydayName,
    GroupKind,
    MatchKind,
    NameBreak,
    NameGroup,
    NamePattern,
    NameReport,
    NotChecked,
    Pack,
    Package,
    Packs,
    PackTexts,
    Rule,
    RuleText,
    Superseded,
    SystemMatch,
    Trend,
    TrendPoint,
    UnmatchedSystem,
    Written,
    names,
    shipped_rules,
)
from sor_addressing.register import ShakEntry, ShakName, UnitVersion
from sor_addressing.search import MatchedField, MatchedWord

assert_type(__version__, str)
assert_type(ProviderNumber.compact("1"), str)
assert_type(ShakCode.is_valid("9901"), bool)
assert_type(CvrNumber.validate("99000000"), str)


def looks_up(register: Register) -> None:
    report = register.load_report
    assert_type(report, LoadReport)
    assert_type(report.problems, tuple[Problem, ...])
    assert_type(report.sources, tuple[SourceDay, ...])
    assert_type(register.shak("9901"), ShakEntry | None)
    assert_type(register.history("9000011000016006"), tuple[UnitVersion, ...])
    assert_type(register.code_text("region", "1081", "da"), str | None)


def reads_shak(entry: ShakEntry) -> None:
    assert_type(entry.names, tuple[ShakName, ...])
    assert_type(entry.names[0].period, Period)


def looks_at(unit: Unit) -> None:
    assert_type(unit.kind, UnitKind)
    assert_type(unit.parent, Unit | None)
    assert_type(unit.ancestors, tuple[Unit, ...])
    assert_type(unit.period, Period)
    assert_type(unit.location, Location | None)
    assert_type(unit.location_source, LocationSource)
    assert_type(unit.specialities, tuple[Speciality, ...])
    assert_type(unit.organisational_level, OrganisationalLevel | None)
    assert_type(unit.postal_address, Address | None)
    assert_type(unit.contact, Contact | None)
    assert_type(unit.to_dict(), dict[str, object])


def looks_at_an_address(location: Location) -> None:
    assert_type(location.owner, Unit)
    assert_type(location.registrations, tuple[Registration, ...])
    assert_type(location.registrations[0].message_type, MessageType)
    assert_type(location.registrations[0].may_receive, bool | None)


def judges(register: Register, unit: Unit, resolution: Resolution, recipient: Recipient) -> None:
    assert_type(resolution.status, Status)
    assert_type(resolution.recipient, Recipient | None)
    assert_type(recipient.outcome, Outcome | None)
    verdict = register.validate(unit, "DIS91", direction=Direction.RECEIVE, on=dt.date(2026, 1, 15))
    assert_type(verdict.outcome, Outcome)
    assert_type(verdict.send_as, MessageType | None)
    assert_type(verdict.conversion, Conversion | None)
    assert_type(verdict.findings[0], Finding)
    assert_type(verdict.reason, Finding | None)
    assert_type(verdict.findings[0].severity, Severity)
    assert_type(register.choose(recipient, ["FDIS91", "DIS91"]), Verdict)
    for one in register.validate_many([("990001", "DIS91"), (unit, "XDIS91"), (resolution, "FDIS91")]):
        assert_type(one, Verdict)


def converts(conversion: Conversion) -> None:
    assert_type(conversion.by, Converter)
    assert_type(conversion.source, MessageType)


def sets_a_policy() -> None:
    model = ConversionModel.load("ours.toml")
    assert_type(model.rows, tuple[ConversionRow, ...])
    assert_type(model.row_for("DIS91", MessageFormat.XML, MessageFormat.EDI), ConversionRow | None)
    assert_type(model.row_for("DIS91", "XML", "EDI", sender=ConversionParty.of("5790999000017")), ConversionRow | None)
    assert_type(model.explain("da"), str)
    assert_type(ConversionModel.load_all("ours.csv"), tuple[ConversionModel, ...])
    policy = AddressingPolicy(severities={"unit-shared": "error"}, conversion_model=model, own_conversion=True)
    assert_type(policy.severities, Mapping[str, Severity])
    assert_type(AddressingPolicy.strict(), AddressingPolicy)


def knows_types(catalogue: Catalogue) -> None:
    assert_type(catalogue.parse("XDIS91 XD9134L"), MessageType)
    assert_type(catalogue.formats_of_family("DIS91"), tuple[MessageFormat, ...])
    assert_type(Catalogue.load("types.csv"), Catalogue)


def is_made_of() -> Register:
    location = LocationRecord(number="5790999000017")
    unit = UnitRecord(
        "9000011000016006", UnitKind.INSTITUTION_OWNER, "Ejeren", location_source=LocationSource.OWN, location=location
    )
    assert_type(EndpointRegistration("5790999000017", "HCO 1.1").environment, str)
    assert_type((EER, SOR_EDI, PRODUCTION), tuple[str, str, str])
    assert_type(REGISTERS, tuple[str, str])
    assert_type(ENVIRONMENTS, tuple[str, str, str, str])
    registration = RegistrationRecord("5790999000017", "DIS91 D9134L")
    return Register.from_records([unit], [registration], snapshot_date=dt.date(2026, 1, 15))


def what_units_are_called(register: Register) -> None:
    report = names(register, least=4, region="1081")
    assert_type(report, NameReport)
    assert_type(report.groups, tuple[NameGroup, ...])
    assert_type(report.groups[0].patterns, tuple[NamePattern, ...])
    assert_type(report.breaks, tuple[NameBreak, ...])
    assert_type(report.everyday_names, tuple[EverydayName, ...])
    assert_type(report.aliases, Aliases)
    assert_type(report.write_aliases("names.csv"), Written)
    assert_type(report.to_csv("breaks.csv"), Written)
    assert_type(report.to_html(), str)


def audits(found: Audit, approvals: Approvals) -> None:
    assert_type(shipped_rules(), tuple[Rule, ...])
    assert_type(approvals.status(["system"], "DIS91"), ApprovalStatus | None)
    match = approvals.match("system")
    assert_type(match, SystemMatch)
    assert_type(match.kind, MatchKind)
    assert_type(found.by("region")[0].kind, GroupKind)
    assert_type(found.not_checked, tuple[NotChecked, ...])
    assert_type(found.unmatched_systems, tuple[UnmatchedSystem, ...])
    assert_type(found.to_csv("remarks.csv"), Written)
    assert_type(found.write_cleaning_lists("lists"), tuple[Written, ...])
    assert_type(Package.shipped(), tuple[Package, ...])
    packs = found.packs("packs", by="region", texts=PackTexts.shipped(), before=found, until=dt.date(2026, 3, 1))
    assert_type(packs, Packs)
    assert_type(packs.packs, tuple[Pack, ...])
    assert_type(PackTexts.load("texts.toml").of_rule("receipt-missing", "da"), RuleText | None)
    assert_type(Superseded.shipped(), tuple[Superseded, ...])


def goes_over_days(found: Trend) -> None:
    assert_type(found.points[0], TrendPoint)


def tells_where(word: MatchedWord) -> None:
    assert_type(word.field, MatchedField)
