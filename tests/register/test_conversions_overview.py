"""Who converts what: every count against asking each location number one by one."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from tests.addressing.small_trees import BOTH_SIDES, OWN_MODEL, SNAPSHOT, numbers, register_of, registrations, trees

from sor_addressing import AddressingPolicy, Register
from sor_addressing.errors import PolicyError
from sor_addressing.messages import ConversionModel
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.testing import made_up_nation

FAMILIES = ["DIS91", "DIS20", "REF01", "RPT01F", "XRPT05", "CTL02"]
SHIPPED = ["none", "current-practice", "receiver-converts", "sender-converts"]


def asked_one_by_one(
    register: Register, model: ConversionModel | str, families: list[str], by: tuple[str, ...], **asked: object
) -> Counter[tuple[object, ...]]:
    """What ``conversions`` counts, by a verdict for each number, family and format."""
    counted: Counter[tuple[object, ...]] = Counter()
    policy = AddressingPolicy(conversion_model=model)  # type: ignore[arg-type]
    for number in register.by_location_number:
        for family in families:
            for format_ in MessageFormat:
                types = [one for one in catalogue().types_of_family(family) if one.format is format_]
                if not types:
                    continue
                alone = catalogue().parse(types[0].code)
                wanted = alone if alone.family == family else max(types, key=lambda one: bool(one.current))
                verdict = register.validate(number, wanted, policy=policy, **asked)  # type: ignore[arg-type]
                recipient = verdict.resolution.recipient
                if recipient is None or recipient.location is None:
                    continue
                there = {
                    one.message_type.format
                    for one in recipient.location.registrations
                    if one.message_type.family == family and one.may_receive is not False
                }
                if not there:
                    continue
                way = {"supported": "direct", "converted": verdict.conversion and verdict.conversion.by}.get(
                    verdict.outcome, "nobody"
                )
                arrives = str(verdict.arrives_as.format) if verdict.arrives_as else ""
                registered = "+".join(one for one in MessageFormat if one in there)
                group = tuple(getattr(recipient.location, name) or "" for name in by)
                counted[family, str(format_), registered, arrives, str(way), group] += 1
    return counted


def counts_of(found: object, at: int = 0) -> Counter[tuple[object, ...]]:
    return Counter(
        {
            (one.family, one.asked, one.registered, one.arrives, one.by, one.group): one.numbers[at]
            for one in found.counts  # type: ignore[attr-defined]
            if one.numbers[at]
        }
    )


@pytest.fixture(scope="module")
def nation() -> Register:
    return made_up_nation(units=1_500).to_register()


def test_the_counts_of_a_nation_are_those_of_asking_each_number(nation: Register) -> None:
    by = ("region", "net_operator", "system")
    found = nation.conversions(by=by, models=SHIPPED, families=FAMILIES)
    for at, model in enumerate(SHIPPED):
        assert counts_of(found, at) == asked_one_by_one(nation, model, FAMILIES, by)


@settings(max_examples=60, deadline=None)
@given(trees(), registrations())
def test_the_counts_under_any_scopes_are_those_of_asking_each_number(units, records) -> None:  # type: ignore[no-untyped-def]
    directed = bool(records) and records[0].may_send is not None
    if not directed:
        return
    register = register_of(units, records)
    sender = numbers.location_number(0)
    for model, on in ((OWN_MODEL, SNAPSHOT), (BOTH_SIDES, SNAPSHOT), (BOTH_SIDES, SNAPSHOT + dt.timedelta(31))):
        found = register.conversions(models=model, families=["DIS91"], on=on, sender=sender, by="supplier")
        assert counts_of(found) == asked_one_by_one(register, model, ["DIS91"], ("supplier",), on=on, sender=sender)


def test_the_sums_are_right_under_every_model_and_by_every_group(nation: Register) -> None:
    plain = nation.conversions(models=SHIPPED)
    for by in ("region", "municipality", "operator", "supplier", "system", "administrator"):
        grouped = nation.conversions(models=SHIPPED, by=by)
        for model in SHIPPED:
            assert grouped.matrix(model) == plain.matrix(model)
    for model in SHIPPED:
        for row in plain.matrix(model).values():
            assert row["total"] == sum(count for way, count in row.items() if way != "total")
    totals = [{key: row["total"] for key, row in plain.matrix(model).items()} for model in SHIPPED]
    assert all(one == totals[0] for one in totals)


def test_the_details_are_the_numbers_behind_the_counts(nation: Register) -> None:
    found = nation.conversions(models=["none", "current-practice"], by="region", families=["DIS91"])
    rows = Counter((row["model"], row["asked"], row["by"], row["region"]) for row in found.details())
    for at, model in enumerate(found.models):
        sums: Counter[tuple[str, ...]] = Counter()
        for count in found.counts:
            sums[model, count.asked, count.by, *count.group] += count.numbers[at]
        assert {key: value for key, value in rows.items() if key[0] == model} == +sums
    (first, *_) = (one for one in found.counts if one.numbers[1])
    for number in found.location_numbers(first, "current-practice"):
        location = nation.by_location_number[number][0].location
        assert location is not None
        assert location.region == first.group[0]


def test_the_overview_is_written_in_every_form(nation: Register) -> None:
    found = nation.conversions(models=["current-practice", "none"], by=("region", "system"))
    assert json.loads(json.dumps(found.to_dict(details=True))) == found.to_dict(details=True)
    for language in ("da", "en"):
        markdown, page = found.to_markdown(language=language), found.to_html(language=language)
        assert "{" not in markdown
        assert "?" not in markdown.replace("Hvem konverterer?", "").replace("Who converts?", "")
        assert page.count("<section") == 6
    target = io.StringIO()
    found.to_csv(target)
    rows = list(csv.DictReader(target.getvalue().splitlines(), delimiter=";"))
    assert [int(row["none - current-practice"]) for row in rows] == [one.difference[1] for one in found.counts]


def test_what_can_not_be_counted_is_refused(nation: Register) -> None:
    with pytest.raises(ValueError, match="not by 'ward'"):
        nation.conversions(by="ward")
    with pytest.raises(ValueError, match="give model or models, not both"):
        nation.conversions(model="none", models=["none"])
    with pytest.raises(ValueError, match="each once"):
        nation.conversions(models=["none", "none"])
    with pytest.raises(PolicyError):
        nation.conversions(models="nobody")
    with pytest.raises(ValueError, match="the models are none, not 'x'"):
        nation.conversions(models="none").matrix("x")
