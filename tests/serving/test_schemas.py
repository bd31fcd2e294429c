"""Schemas of answers: valid, of every answer, and exactly what the answers are: no key more, no key less."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import hypothesis
import jsonschema
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from tests.addressing import small_trees
from tests.house.test_pickling import roots
from tests.serving.recorded import (
    NO_ANSWERS,
    PACKAGE,
    Answers,
    class_of,
    classes_with_answers,
    recording,
    references,
    shape_of,
    validator_of,
)

from sor_addressing import AddressingPolicy, Register, audit, export
from sor_addressing.errors import SchemaUnknown
from sor_addressing.extracts.describe import describe_columns
from sor_addressing.messages.conversion_rows import ConversionParty, ConversionRow
from sor_addressing.model import RegistrationRecord, UnitRecord
from sor_addressing.quality import target, trend
from sor_addressing.quality.naming.everyday import EverydayName
from sor_addressing.quality.naming.report import NameBreak, NameGroup, NamePattern, names
from sor_addressing.register import PlanRow
from sor_addressing.serving import answer_question, schema, schema_names
from sor_addressing.serving.schemas import all_schemas, classes, definitions, told_of_schemas
from sor_addressing.tables.csv_files import TrafficTable
from sor_addressing.testing import RegisterBuilder, sample_extract, sample_letters, with_endpoints

DEFINED = definitions()
NAMED = {cls: name for name, cls in classes().items()}


def given(folder: Path) -> Iterator[object]:
    """Answers of every sort, beside those that the test of pickling has."""
    yield from roots(folder)
    register = Register.sample()
    policies = (AddressingPolicy(), AddressingPolicy.strict(), AddressingPolicy.lenient())
    for number, unit in enumerate(register):
        for identifier in filter(None, (unit.sor_code, unit.provider_number, unit.location and unit.location.number)):
            policy = policies[number % len(policies)]
            yield register.resolve(identifier, message_type="FDIS91", policy=policy)
            yield from (register.validate(identifier, one, policy=policy) for one in ("DIS91", "XDIS91", "FDIS91", "X"))
    yield from (register.resolve("1"), register.choose("990001", ["XDIS91", "DIS91"]))
    yield register.find(near=(550000, 6250000), message_type="XDIS91")
    yield list(register.validate_messages(letter.content for letter in sample_letters()))
    extract = with_endpoints(sample_extract())
    endpoints = extract.to_register()
    yield from (list(endpoints), endpoints.load_report)
    building = RegisterBuilder(snapshot_date=dt.date(2026, 1, 15))
    building.owner("Almen Praksis", organisational_level=("1", "Region"))
    yield list(building.build())
    (folder / "headers.csv").write_text("GLN;Type;Andet\n5790999000017;DIS91;x\n", "utf-8")
    yield describe_columns(folder / "headers.csv")
    (folder / "traffic.csv").write_text("recipient;message_type\n990001;DIS91\n990001\n", "utf-8")
    with TrafficTable(folder / "traffic.csv", register.validate_many) as table:
        list(table.rows())
        yield table.summary
    everything = {"region": "1081", "net_operator": "x", "supplier": "x", "system": "x"}
    yield ConversionParty.of({**everything, "location_number": "5790999000017"})
    yield ConversionRow(
        "DIS91", "EDI", "XML", "sender", "region", "1081", "system", "x", dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    )
    where = {**everything, "municipality": "0901", "administrator": "x", "within": "9000011000016006"}
    numbers = {"location_number": "5790999000017"}
    yield PlanRow(change="remove", message_type="DIS91", from_date=dt.date(2026, 2, 1), **where, **numbers)
    yield register.conversions(by=("region", "municipality", "net_operator", "supplier", "system", "administrator"))
    for name, more in (
        ("a.sqlite", {}),
        ("a.json", {}),
        ("eer.json", {"profile": "eer"}),
    ):
        yield export(endpoints, "all-addresses", folder / name, only_addressable=False, **more)
    yield from (names(register, least=2), EverydayName("9000011000016006", "Huset", None, searchable=False))
    yield NameGroup("1081", "x", 1, 0, (NamePattern("Klinik X", 1, False, "Klinik"),), {}, {})
    yield NameBreak("9000011000016006", "Huset", "1081", "x", "X", "Klinik X", None)
    later = RegisterBuilder(snapshot_date=dt.date(2026, 2, 15))
    later.owner("Almen Praksis")
    days = trend([register, later.build()], by="region")
    plan = [{"change": "remove", "format": "EDI", "from_date": "2026-03-01", "region": "1081"}]
    yield target(days, until=dt.date(2026, 6, 1), plan=plan, register=later.build())
    yield audit(register).packs(folder / "packs", by="region", csv_only=True)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    with recording() as found:
        for one in _each(given(tmp_path_factory.mktemp("answers"))):
            to_dict = getattr(one, "to_dict", None)
            if to_dict is not None:
                to_dict()
    return found


def _each(values: Iterable[object]) -> Iterator[object]:
    """The values, and what is in them."""
    seen: set[int] = set()
    waiting = list(values)
    kept = list(waiting)
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, (str, Register)):
            continue
        seen.add(id(one))
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, (tuple, list)):
            waiting += one[:300]
        elif attrs.has(type(one)):
            waiting += [getattr(one, field.name, None) for field in attrs.fields(type(one))]
            if isinstance(one, Iterable):
                waiting += list(one)[:30]
        kept.append(one)
        if hasattr(one, "to_dict"):
            yield one


def test_every_class_with_a_to_dict_has_a_schema() -> None:
    """Whoever adds one writes its fields into ``serving/data``, a line each."""
    found = set(classes_with_answers())
    assert sorted(found - NAMED.keys() - NO_ANSWERS.keys()) == []
    assert sorted(NO_ANSWERS.keys() - found) == []
    assert [name for name in NAMED if not hasattr(class_of(name), "to_dict")] == []


@pytest.mark.parametrize("name", DEFINED)
def test_a_schema_is_valid_and_whole(name: str) -> None:
    made = schema(name)
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {one.removeprefix("#/$defs/") for one in references(made)} == set(made.get("$defs", ()))
    assert made["description"]


@pytest.mark.parametrize("cls", NAMED)
def test_every_answer_is_what_its_schema_says(cls: str, answers: Answers) -> None:
    seen = answers[cls]
    assert seen
    validator = validator_of(NAMED[cls])
    for answer in _different(seen):
        fault = jsonschema.exceptions.best_match(validator.iter_errors(answer))
        assert fault is None, f"{fault.json_path}: {fault.message}"


@pytest.mark.parametrize("cls", NAMED)
def test_every_field_of_a_schema_occurs(cls: str, answers: Answers) -> None:
    assert sorted(set(DEFINED[NAMED[cls]]["properties"]) - {key for answer in answers[cls] for key in answer}) == []


def test_what_is_one_of_a_few_words_is_one_of_the_librarys() -> None:
    known = {frozenset(map(str, one)) for one in _enums()} | OTHER_WORDS
    for name, made in DEFINED.items():
        for words in _words(made):
            assert frozenset(words) - {None} in known, (name, words)


OTHER_WORDS = {
    frozenset(("allowed", "direct")),
    frozenset(("file", "argument", "zip-member", "file-time", "unknown")),
    frozenset(("sor_code", "location_number", "provider_number", "shak_code")),
    frozenset(("validate",)),
    frozenset(("resolve",)),
}


def test_there_is_a_list_with_a_line_each_in_both_languages() -> None:
    assert set(schema_names()) <= set(DEFINED)
    for language in ("da", "en"):
        told = told_of_schemas(language)
        assert tuple(told) == schema_names()
        assert all(told.values())
    assert told_of_schemas("da").values() != told_of_schemas("en").values()
    assert set(all_schemas()["$defs"]) == set(DEFINED)


def test_what_there_is_not_is_told_with_what_was_meant() -> None:
    with pytest.raises(SchemaUnknown, match="no answer is called 'verdict'; did you mean Verdict"):
        schema("verdict")
    with pytest.raises(SchemaUnknown, match="sor-addressing schema lists them"):
        schema("x" * 10_000)


REGISTER = Register.sample()
QUESTIONS: list[dict[str, Any]] = [
    {"id": "990001"},
    {"ask": "resolve", "id": "990001", "kind": "provider_number", "message_type": "DIS91", "on": "2026-01-20"},
    {"id": "990001", "message_type": "XDIS91", "direction": "send", "sender": {"region": "1082"}, "ref": [1]},
    {"message_type": None},
    {"ask": "choose", "id": "990001", "message_types": ["XDIS91", "DIS91"], "kind": None, "sender": "5790999000017"},
    {"ask": "find", "region": "1081", "postal_code": ["8000-8999"], "limit": 1, "near": [530000, 6290000.5]},
    {"ask": "search", "text": "lægehuset", "message_type": "DIS91", "limit": 1, "in_force_only": True},
    {"ask": "unit", "id": next(iter(REGISTER)).sor_code},
    {"ask": "letter", "text": "UNA"},
    {"ask": "info"},
]
REPLIES = {
    "validate": "ValidateReply",
    "choose": "ValidateReply",
    "resolve": "ResolveReply",
    "find": "FindReply",
    "search": "SearchReply",
    "unit": "UnitReply",
    "letter": "LetterReply",
    "info": "InfoReply",
}


@pytest.mark.parametrize("question", QUESTIONS, ids=json.dumps)
def test_questions_and_replies_are_what_their_schemas_say(question: dict[str, Any]) -> None:
    jsonschema.validate(question, schema("Question"))
    reply = answer_question(REGISTER, question)
    ask = question.get("ask") or ("validate" if "message_type" in question else "resolve")
    if "error" not in reply:
        reply |= {"made_up": True, "snapshot_date": "2026-01-15"}
    jsonschema.validate(reply, schema("ErrorReply" if "error" in reply else REPLIES[ask]))


IDENTIFIERS = [
    small_trees.CODES[0],
    small_trees.BEYOND,
    *small_trees.NUMBERS[:2],
    *small_trees.PROVIDER_NUMBERS,
    "9901",
    "1",
    "",
]
OF_EACH: list[dict[str, Any]] = [
    {"ask": "resolve"},
    {"ask": "resolve", "message_type": "DIS91"},
    {"ask": "unit"},
    *({"ask": "validate", "message_type": one} for one in ("XDIS91 XD9134L", "FDIS91", "", "zzz")),
    {"ask": "validate", "message_type": "DIS91", "direction": "send"},
    {"ask": "choose", "message_types": ["DIS91", "FDIS91"]},
]
SEEN: set[tuple[str, str]] = set()
OF_ALL: list[dict[str, Any]] = [
    {"ask": "find", "message_type": "DIS91", "conversion": "direct"},
    {"ask": "find", "message_type": "XDIS91", "direction": "send"},
    {"ask": "search", "text": "9901"},
    {"ask": "info"},
]


@settings(max_examples=10, deadline=None)
@hypothesis.given(small_trees.trees(), small_trees.registrations(), st.sampled_from(sorted(small_trees.POLICIES)))
def test_replies_about_random_registers_are_what_their_schemas_say(
    units: list[UnitRecord], registered: list[RegistrationRecord] | None, named: str
) -> None:
    register, policy = small_trees.register_of(units, registered), small_trees.POLICIES[named]
    for question in [*({**one, "id": text} for one in OF_EACH for text in IDENTIFIERS), *OF_ALL]:
        for short in (False, True):
            reply = answer_question(register, question, policy=policy, short=short)
            is_short = short and question["ask"] in ("validate", "choose")
            name = "ErrorReply" if "error" in reply else "ShortReply" if is_short else REPLIES[question["ask"]]
            shape = name, shape_of(reply)
            if shape not in SEEN:
                SEEN.add(shape)
                mark = {} if name == "ErrorReply" else {"made_up": False, "snapshot_date": "2026-01-15"}
                validator_of(name).validate({**reply, **mark})


def test_a_reply_is_one_of_those_that_there_are() -> None:
    assert {one["$ref"].rpartition("/")[2] for one in schema("Reply")["anyOf"]} == {
        *REPLIES.values(),
        "ErrorReply",
        "ShortReply",
    }
    jsonschema.validate({"error": {"code": "a", "text": "b", "file": None, "line": 1}, "ref": 2}, schema("Reply"))


def test_an_unknown_key_fits_no_schema() -> None:
    for question in QUESTIONS[:3]:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**question, "kidn": 1}, schema("Question"))


def _words(value: object) -> Iterator[list[str]]:
    if isinstance(value, dict):
        if isinstance(value.get("enum"), list):
            yield value["enum"]
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)


def _enums() -> Iterator[type[StrEnum]]:
    for path in PACKAGE.rglob("*.py"):
        if "(StrEnum)" in path.read_text("utf-8"):
            module = import_module(".".join(("sor_addressing", *path.relative_to(PACKAGE).with_suffix("").parts)))
            yield from (
                one
                for one in vars(module).values()
                if inspect.isclass(one) and issubclass(one, StrEnum) and one is not StrEnum
            )


def _different(answers: list[dict[str, Any]], most: int = 60) -> list[dict[str, Any]]:
    """Answers of different shapes, for validating takes its time."""
    found: dict[str, dict[str, Any]] = {}
    for answer in answers:
        found.setdefault(shape_of(answer), answer)
    return list(found.values())[:most]
