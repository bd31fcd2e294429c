"""Auditing: which rules are followed, what is not checked, what is looked at, and what it comes to."""

from __future__ import annotations

import datetime as dt
import gc
import weakref
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import sor_addressing.quality
from sor_addressing import FilterError, PolicyError, Register, Severity, SnapshotError, audit
from sor_addressing.extracts.facts import facts
from sor_addressing.quality import AuditScope, NotChecked, Rule, RuleError, rule, rule_set, shipped_rules, trend
from sor_addressing.testing import RegisterBuilder, made_up_nation
from sor_addressing.texts import LANGUAGES, entries

DAY = dt.date(2026, 1, 15)


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.sample()


def test_every_rule_has_a_source_a_title_a_text_and_a_fix_in_both_languages() -> None:
    for one in (*shipped_rules(), *rule_set.rules_on_request()):
        assert one.source, one.code
        assert one.summary.endswith("."), one.code
        for name in (one.code, f"{one.code}.title", f"{one.code}.fix"):
            assert set(entries("rules")[name]) == set(LANGUAGES)


def test_every_text_of_a_rule_is_that_of_a_rule_that_there_is() -> None:
    codes = {one.code for one in (*shipped_rules(), *rule_set.rules_on_request())}
    spoken = {name.partition(".")[0] for name in entries("rules")} - {"need", "not-checked", "not-checked-partly"}
    assert spoken == codes


def test_every_need_of_a_rule_has_words() -> None:
    needs = {name for one in (*shipped_rules(), *rule_set.rules_on_request()) for name in (*one.needs, *one.helped_by)}
    assert needs == {name.removeprefix("need.") for name in entries("rules") if name.startswith("need.")}
    assert needs - {"approvals", "packages", "superseded", "deliveries"} <= {fact.name for fact in facts()}


def test_a_rule_on_request_that_was_not_checked_is_called_by_its_title() -> None:
    build = RegisterBuilder(DAY)
    build.without_message_types()
    (one,) = audit(build.build(), rules=["edi-beside-xml"]).not_checked
    assert (one.title("en"), one.title("da")) == ("EDI beside XML", "EDI ved siden af XML")


def test_what_the_files_do_not_tell_gives_no_remarks_and_is_listed() -> None:
    build = RegisterBuilder(DAY)
    build.owner("Ejer", location_number=True)
    build.without_message_types()
    found = audit(build.build())
    missing = {one.rule: one.missing for one in found.not_checked if not one.partly}
    assert missing["receipt-missing"] == missing["number-without-registrations"] == ("registrations",)
    assert missing["correspondence-one-way"] == ("registrations", "directions of registrations")
    assert missing["type-not-approved"] == ("registrations", "approvals")
    assert missing["package-types-missing"] == ("registrations", "packages")
    assert set(missing).isdisjoint(found.counts)
    assert {one.rule for one in found.remarks} == {"system-unknown", "net-operator-unknown"}


def test_registrations_without_directions_are_checked_in_part() -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True, location={"system": "A", "net_operator": "B"})
    build.registers(owner, "DIS91")
    found = audit(build.build(), rules=["receipt-missing", "correspondence-one-way"])
    assert found.not_checked == (
        NotChecked("receipt-missing", ("directions of registrations",), partly=True),
        NotChecked("correspondence-one-way", ("directions of registrations",)),
    )
    assert found.counts == {"receipt-missing": 1}
    assert (
        found.not_checked[0].text()
        == "receipt-missing was checked in part only, because this is missing: directions of registrations."
    )
    assert found.not_checked[1].to_dict()["missing"] == ["directions of registrations"]


def test_a_file_of_units_alone_leaves_most_unchecked(tmp_path: Path) -> None:
    from sor_addressing.testing import write_sor_csv

    extract = made_up_nation(300)
    write_sor_csv(extract, tmp_path / "sor.csv")
    loaded = Register.load(tmp_path / "sor.csv", snapshot_date=DAY, clock=lambda: DAY)
    found = audit(loaded)
    unchecked = {one.rule for one in found.not_checked if not one.partly}
    assert {"open-number-on-closed-unit", "internal-number-inherited", "receipt-missing"} <= unchecked
    assert unchecked.isdisjoint({one.rule for one in found.remarks})


def test_rules_are_chosen_by_code(register: Register) -> None:
    found = audit(register, rules=["inheritance-broken", "receipt-missing"])
    assert [one.code for one in found.rules] == ["inheritance-broken", "receipt-missing"]
    assert found.counts == {"inheritance-broken": 1, "receipt-missing": 2}
    assert [one.rule for one in found.remarks] == ["inheritance-broken", "receipt-missing", "receipt-missing"]


def in_capitals(scope: AuditScope) -> Iterator[object]:
    """The name has no small letters."""
    for unit in scope.units:
        if unit.name.isupper():
            yield scope.seen(unit, name=unit.name)


def test_any_function_can_be_a_rule() -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("EJER")
    build.institution(owner, "Praksis", location_number=True)
    found = audit(build.build(), rules=[in_capitals, "number-without-registrations"])
    (first, _) = found.remarks
    assert (first.rule, first.severity, first.sor_code) == ("in-capitals", Severity.WARNING, owner)
    assert (first.text("da"), first.fix("en")) == ("The name has no small letters.", "")
    assert first.to_dict() == {
        "rule": "in-capitals",
        "severity": "warning",
        "sor_code": owner,
        "name": "EJER",
        "location_number": None,
        "details": {"name": "EJER"},
        "text": "The name has no small letters.",
        "fix": "",
    }


def test_a_rule_of_ones_own_says_its_severity_and_its_texts(register: Register) -> None:
    @rule(
        "long-number",
        "error",
        needs=["registrations"],
        title={"da": "Langt", "en": "Long"},
        text={
            "da": "{location_number} på {unit} har {digits} cifre.",
            "en": "{location_number} of {unit} has {digits} digits.",
        },
        fix={"da": "Ret {location_number}.", "en": "Correct {location_number}."},
    )
    def long_number(scope: AuditScope) -> Iterator[object]:
        """Numbers are long."""
        return iter([scope.seen(number, digits=len(number)) for number in scope.location_numbers][:1])

    found = audit(register, rules=[long_number])
    (seen,) = found.remarks
    assert seen.text() == f"{seen.location_number} of {seen.name} has 13 digits."
    assert seen.fix("da") == f"Ret {seen.location_number}."
    assert (long_number.title("da"), long_number.source) == ("Langt", "")
    assert found.by_severity == {Severity.ERROR: 1, Severity.WARNING: 0, Severity.INFO: 0}


def test_a_language_that_a_rule_does_not_speak_is_refused(register: Register) -> None:
    own = rule("mine", title={"da": "Min", "en": "Mine"})(in_capitals)
    assert repr(own) == "<Rule mine, warning>"
    for one in (own, shipped_rules()[0]):
        with pytest.raises(ValueError, match="no texts in language 'sv'"):
            one.title("sv")
    assert repr(audit(register, rules=[own])) == "<Audit of 63 units on 2026-01-15: 0 remarks>"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"severity": "fatal"}, "severity 'fatal' is none"),
        ({"needs": ["good weather"]}, "needs good weather, which no file tells"),
        ({"text": {"en": "only"}}, "not in en alone"),
    ],
)
def test_a_rule_that_is_none_is_refused(arguments: dict[str, object], text: str) -> None:
    with pytest.raises(PolicyError, match=text):
        rule("mine", **arguments)(in_capitals)


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (["no-such-rule"], "there is no rule 'no-such-rule'; there are old-format-kept"),
        ("receipt-missing", "rules are given as a list"),
        (in_capitals, "rules are given as a list"),
        ([7], "7 is no rule"),
    ],
)
def test_what_is_no_rule_is_refused(register: Register, rules: object, text: str) -> None:
    with pytest.raises(PolicyError, match=text):
        audit(register, rules=rules)


def test_two_rules_of_one_code_are_refused(register: Register) -> None:
    twin = Rule("receipt-missing", Severity.INFO, in_capitals)
    with pytest.raises(RuleError, match="two rules are called receipt-missing"):
        audit(register, rules=["receipt-missing", twin])


def test_a_rule_that_fails_is_named(register: Register) -> None:
    def failing(scope: AuditScope) -> list[object]:
        raise KeyError("what it wanted")

    with pytest.raises(RuleError, match="the rule failing failed: KeyError"):
        audit(register, rules=[failing])

    def damaged(scope: AuditScope) -> list[object]:
        raise SnapshotError("the compiled register is damaged")

    with pytest.raises(SnapshotError, match="the compiled register is damaged"):
        audit(register, rules=[damaged])
    with pytest.raises(RuleError, match="the rule strange gave 'something'"):
        audit(register, rules=[Rule("strange", Severity.INFO, lambda _scope: ["something"])])


def test_what_a_rule_saw_has_to_be_of_its_register(register: Register) -> None:
    other = next(iter(Register.sample()))
    scope = AuditScope(register, DAY)
    with pytest.raises(ValueError, match="of another register"):
        scope.seen(other)
    with pytest.raises(ValueError, match="has no location number '1'"):
        scope.seen("1")


def test_installed_packages_bring_rules(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("capitals", f"{__name__}:in_capitals", rule_set.ENTRY_POINTS)
    monkeypatch.setattr(rule_set, "entry_points", lambda group: [point] if group == "sor_addressing.rules" else [])
    found = audit(register)
    assert [one.code for one in found.rules][-1] == "in-capitals"
    assert len(found.rules) == len(shipped_rules()) + 1
    assert audit(register, rules=["in-capitals"]).counts == {"in-capitals": 0}


@pytest.mark.parametrize("value", ["no_such_module:rule", f"{__name__}:no_such_name", f"{__name__}:DAY"])
def test_a_broken_rule_of_an_installed_package_is_named(
    register: Register, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setattr(rule_set, "entry_points", lambda group: [EntryPoint("broken", value, group)])
    with pytest.raises(RuleError, match="the rule 'broken' of an installed package"):
        audit(register)


def test_filters_say_which_units_are_looked_at(register: Register) -> None:
    found = audit(register, supplier="9221", rules=["receipt-missing", "registrations-without-unit"])
    assert (found.units, found.filter.supplier) == (16, ("9221",))
    assert found.counts == {"receipt-missing": 2, "registrations-without-unit": 0}
    assert audit(register, supplier="9201", rules=["receipt-missing"]).counts == {"receipt-missing": 0}
    with pytest.raises(FilterError):
        audit(register, kind="XX")
    with pytest.raises(TypeError):
        audit(register, colour="red")


def test_the_day_is_the_registers_own_unless_another_is_asked_for() -> None:
    build = RegisterBuilder(DAY)
    build.owner("Ejer", location_number=True, to_date=DAY)
    register = build.build(clock=lambda: dt.date(2026, 6, 1))
    assert audit(register).on == DAY
    later = audit(register, on=dt.date(2026, 1, 16), rules=["open-number-on-closed-unit"])
    assert (later.on, len(later.remarks)) == (dt.date(2026, 1, 16), 1)


def test_remarks_are_a_sequence_and_made_when_looked_at(register: Register) -> None:
    remarks = audit(register).remarks
    assert len(remarks) == len(list(remarks)) == 13
    assert remarks[0] == next(iter(remarks))
    assert remarks[-2:] == (remarks[11], remarks[12])
    assert repr(remarks) == "<13 remarks>"
    assert repr(remarks[0]) == "<Remark registrations-without-unit on 5790999090001>"


def test_groups_count_each_remark_for_the_owner_of_its_number() -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    standing = {"system": "S", "net_operator": "41000035001", "administrator": "A1", "supplier": "L"}
    first = build.institution(owner, "En", types=["t1", "t2"], location_number=True, location=standing)
    build.unit(first, "Under", inherits=True, types="t1")
    other = build.institution(owner, "To", location_number=True, location={**standing, "administrator": "A2"})
    build.registers(other, "DIS91", receive=True)
    build.registers("5790999090001", "DIS91", receive=True)
    found = audit(
        build.build(), rules=["number-without-registrations", "receipt-missing", "registrations-without-unit"]
    )
    told = [(g.code, g.units, g.numbers, g.units_with_remarks, dict(g.by_rule)) for g in found.by("administrator")]
    assert told == [
        ("A2", 1, 1, 1, {"receipt-missing": 1}),
        ("", 1, 0, 0, {"registrations-without-unit": 1}),
        ("A1", 2, 1, 1, {"number-without-registrations": 1}),
    ]
    (a1,) = [group for group in found.by("administrator") if group.code == "A1"]
    assert (a1.share, a1.numbers_with_remarks, a1.share_of_numbers) == (0.5, 1, 1.0)
    assert a1.to_dict()["by_severity"] == {"error": 0, "warning": 1, "info": 0}
    types = {group.code: (group.units, group.remarks) for group in found.by("unit_type")}
    assert types == {"t1": (2, 1), "t2": (1, 1), "": (2, 2)}
    with pytest.raises(ValueError, match="colour"):
        found.by("colour")


def test_the_names_of_groups_are_the_registers_words(register: Register) -> None:
    (region, nowhere) = audit(register).by("region")
    assert (region.code, region.name("da"), region.name("en")) == ("1081", "Region Nordjylland", "North Denmark Region")
    assert (nowhere.code, nowhere.name()) == ("", "")


def test_the_worst_units_come_first(register: Register) -> None:
    found = audit(register)
    (worst, counts), *_ = found.worst_units(3)
    assert worst.name == "Lægerne Uden kvitteringer"
    assert counts == {Severity.ERROR: 2, Severity.WARNING: 0, Severity.INFO: 0}
    assert len(found.worst_units(3)) == 3


def test_the_document_has_every_remark_and_stable_keys(register: Register) -> None:
    document = audit(register).to_dict()
    assert list(document) == [
        "snapshot_date",
        "on",
        "filter",
        "unknown",
        "units",
        "location_numbers",
        "remarks_count",
        "by_severity",
        "by_rule",
        "not_checked",
        "unmatched_systems",
        "remarks",
    ]
    assert len(document["remarks"]) == document["remarks_count"] == 13
    assert document["by_severity"] == {"error": 3, "warning": 8, "info": 2}


def test_a_trend_counts_day_by_day_with_one_register_at_a_time() -> None:
    alive: list[weakref.ref[object]] = []

    def registers() -> Iterator[Register]:
        for day in (DAY, DAY - dt.timedelta(1)):
            gc.collect()
            assert [one for one in alive if one() is not None] == []
            made = made_up_nation(200, snapshot_date=day).to_register()
            alive.append(weakref.ref(made._index))
            yield made
            del made

    found = trend(registers(), by="administrator", rules=["receipt-missing", "inheritance-broken", "type-not-approved"])
    assert [point.on for point in found.points] == [DAY - dt.timedelta(1), DAY]
    single = audit(made_up_nation(200).to_register(), rules=["receipt-missing", "inheritance-broken"])
    assert found.points[1].by_rule == single.counts
    assert found.of_rule("receipt-missing")[1] == single.counts["receipt-missing"]
    assert found.of_rule("type-not-approved") == (None, None)
    code = single.by("administrator")[0].code
    assert found.of_group(code)[1] == single.by("administrator")[0].remarks
    assert found.to_dict()["by"] == "administrator"
    assert found.points[1].remarks == len(single.remarks)


def test_auditing_has_a_room_of_its_own() -> None:
    assert "audit" in sor_addressing.__all__
    assert {"Audit", "Remark", "Rule", "Approvals", "Package", "rule", "trend"} <= set(sor_addressing.quality.__all__)


def test_a_value_of_the_filter_that_no_unit_has_is_told(register: Register) -> None:
    found = audit(register, rules=["receipt-missing"], region="Nordhavn", system="9999")
    assert [(one.field, one.value) for one in found.unknown] == [("region", "Nordhavn"), ("system", "9999")]
    assert found.to_dict()["unknown"] == [one.to_dict() for one in found.unknown]
    assert 'Ingen enhed i registret har region "Nordhavn"' in found.to_markdown(language="da")
    assert 'No unit of the register has region "Nordhavn"' in found.to_html().replace("&quot;", '"')
    assert audit(register, rules=["receipt-missing"], region="1081").unknown == ()
