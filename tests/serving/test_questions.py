"""A question as JSON has it: read strictly, answered as the library answers, and never with an exception."""

from __future__ import annotations

import datetime as dt
import json
from typing import get_type_hints

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sor_addressing import AddressingPolicy, Register
from sor_addressing.field_names import FILTERS, LISTED_FILTERS
from sor_addressing.register.inside import index_of
from sor_addressing.search.rules.filters import Filter, FilterFields
from sor_addressing.serving import answer_question, questions, schema
from sor_addressing.tables.answers import cells_of
from sor_addressing.testing import MadeUpLetter, numbers, oioxml_of

REGISTER = Register.sample()
CLINIC = "990001"
DAY = dt.date(2026, 1, 20)


def ask(**question: object) -> dict[str, object]:
    return answer_question(REGISTER, question)


def fault(question: object, language: str = "en") -> str:
    answer = answer_question(REGISTER, question, language=language)
    assert set(answer) == {"error"}
    error = answer["error"]
    assert isinstance(error, dict)
    assert set(error) == {"code", "text", "file", "line"}
    return str(error["text"])


def test_an_identifier_alone_is_resolved_and_with_a_type_it_is_validated() -> None:
    assert ask(id=CLINIC) == REGISTER.resolve(CLINIC).to_dict()
    assert ask(id=CLINIC, message_type="DIS91") == REGISTER.validate(CLINIC, "DIS91").to_dict()


def test_every_question_is_answered_as_the_library_answers_it() -> None:
    strict = AddressingPolicy.strict()
    sor_code = REGISTER.resolve(CLINIC).unwrap().sor_code
    same = [
        (
            {"ask": "validate", "id": CLINIC, "kind": "provider_number", "message_type": "DIS91", "direction": "send"},
            REGISTER.validate(CLINIC, "DIS91", kind="provider_number", direction="send", on=DAY, policy=strict),
        ),
        (
            {"ask": "resolve", "id": CLINIC, "message_type": "DIS91"},
            REGISTER.resolve(CLINIC, message_type="DIS91", on=DAY, policy=strict),
        ),
        (
            {"ask": "choose", "id": CLINIC, "message_types": ["XDIS91", "DIS91"]},
            REGISTER.choose(CLINIC, ["XDIS91", "DIS91"], on=DAY, policy=strict),
        ),
        (
            {"ask": "find", "region": "1081", "message_type": "DIS91", "limit": 3},
            REGISTER.find(region="1081", message_type="DIS91", limit=3, on=DAY, policy=strict),
        ),
    ]
    for question, answer in same:
        assert answer_question(REGISTER, question, on=DAY, policy=strict) == answer.to_dict(), question
    unit = ask(ask="unit", id=sor_code)
    assert unit["sor_code"] == sor_code
    assert unit["usable"] is True
    found = ask(ask="search", text="lægehuset", limit=2, message_type="DIS91", kind=["OE"])
    hits = REGISTER.search("lægehuset", limit=2, message_type="DIS91", kind=["OE"])
    assert found["results"] == [hit.to_dict() for hit in hits]
    letter = oioxml_of(MadeUpLetter())
    checked = ask(ask="letter", text=letter.decode() if isinstance(letter, bytes) else letter)
    assert checked["letters"] == [one.to_dict() for one in REGISTER.validate_message(letter)]
    assert ask(ask="info")["snapshot_date"] == "2026-01-15"


def test_a_verdict_can_be_told_by_columns() -> None:
    question = {"id": CLINIC, "message_type": "DIS91", "ref": 1}
    short = answer_question(REGISTER, question, short=True)
    verdict = REGISTER.validate(CLINIC, "DIS91")
    assert short.pop("ref") == 1
    assert tuple(short.values()) == cells_of(verdict)
    assert short["outcome"] == "supported"
    jsonschema.validate(
        json.loads(json.dumps({**short, "made_up": True, "snapshot_date": "2026-01-15"})), schema("ShortReply")
    )
    assert answer_question(REGISTER, {"id": CLINIC}, short=True) == ask(id=CLINIC)


def test_a_question_can_name_its_day() -> None:
    assert ask(id=CLINIC, on="2026-02-01")["on"] == "2026-02-01"


@pytest.mark.parametrize("ref", [None, 0, "a", [1, {"b": None}]])
def test_what_is_given_along_comes_back_also_with_an_error(ref: object) -> None:
    assert ask(id=CLINIC, ref=ref)["ref"] == ref
    assert ask(id=1, ref=ref)["ref"] == ref
    assert "ref" not in ask(id=CLINIC)


def test_what_is_blank_or_missing_is_the_finding_of_its_row() -> None:
    for missing in (
        {"message_type": "DIS91"},
        {"id": None, "message_type": "DIS91"},
        {"id": " ", "message_type": "DIS91"},
    ):
        answer = answer_question(REGISTER, missing)
        assert answer["outcome"] == "not_resolved"
        assert [finding["code"] for finding in answer["findings"]] == ["recipient-missing"]  # type: ignore[attr-defined]
    answer = ask(id=CLINIC, message_type=None)
    assert [finding["code"] for finding in answer["findings"]] == ["message-type-missing"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ([], 'a question is an object of JSON, such as {"id": "990001"}'),
        (None, 'a question is an object of JSON, such as {"id": "990001"}'),
        ({"id": 5790}, "id is 5790: write it as a text in quotes, for a number loses its leading zeros"),
        (
            {"id": 1.5, "message_type": "DIS91"},
            "id is 1.5: write it as a text in quotes, for a number loses its leading zeros",
        ),
        ({"id": True}, "id is true: write a text"),
        ({}, "id is missing: write an identifier as a text in quotes"),
        (
            {"id": CLINIC, "kidn": "x"},
            "there is no key 'kidn' (did you mean kind?); the keys are ask, id, kind, message_type, on, ref",
        ),
        (
            {"ask": "valdate"},
            "ask is 'valdate': use validate, resolve, choose, search, find, unit, letter or info (did you mean validate?)",
        ),
        ({"ask": ["find"]}, "ask is ['find']: use validate, resolve, choose, search, find, unit, letter or info"),
        (
            {"id": CLINIC, "kind": "sorcode"},
            "kind is 'sorcode': use sor_code, location_number, provider_number or shak_code (did you mean sor_code?)",
        ),
        ({"id": CLINIC, "message_type": "DIS91", "direction": "x"}, "direction is 'x': use receive or send"),
        ({"id": CLINIC, "on": "20260115"}, "on is '20260115': write a day such as 2026-01-15"),
        ({"id": CLINIC, "on": "2026-02-30"}, "on is '2026-02-30': write a day such as 2026-01-15"),
        ({"id": CLINIC, "message_type": 91}, "message_type is 91: write a text"),
        (
            {"ask": "choose", "id": CLINIC, "message_types": []},
            "message_types holds 0: give 1 to 100 types, in the order you would like to send them",
        ),
        ({"ask": "find", "region": 1081}, "region is 1081: write it as text, for leading zeros count"),
        ({"ask": "find", "region": [{}]}, "region is [{}]: write a text or a list of texts"),
        ({"ask": "find", "limit": 1001}, "limit is 1001: write a whole number from 0 to 1000"),
        ({"ask": "search"}, "text is missing: write a text"),
        ({"ask": "letter"}, "give a letter by its path or its text, one of them"),
        ({"ask": "letter", "path": "/tmp/a.xml"}, "a path can't be given here: send the letter itself, as text"),
    ],
)
def test_what_can_not_be_meant_is_an_answer_that_says_so(question: object, text: str) -> None:
    assert fault(question) == text
    assert fault(question, "da") != text


def test_an_error_has_the_code_of_the_library() -> None:
    codes = [
        ask(id=1),
        ask(ask="unit", id=numbers.sor_code(999)),
        ask(ask="unit", id="x"),
        ask(ask="find", kind="XX"),
        ask(ask="letter", text="UNA"),
        ask(id=CLINIC, message_type="DIS91", sender={"regoin": "x"}),
    ]
    assert [answer["error"]["code"] for answer in codes] == [  # type: ignore[index]
        "question-error",
        "unknown-recipient",
        "malformed-identifier",
        "filter-error",
        "letter-error",
        "policy-error",
    ]


def test_a_path_is_read_only_where_that_is_allowed(tmp_path) -> None:
    path = tmp_path / "letter.xml"
    letter = oioxml_of(MadeUpLetter())
    path.write_bytes(letter if isinstance(letter, bytes) else letter.encode())
    answer = answer_question(REGISTER, {"ask": "letter", "path": str(path)}, may_read_files=True)
    assert answer["letters"] == [one.to_dict() for one in REGISTER.validate_message(path)]
    answer = answer_question(REGISTER, {"ask": "letter", "path": str(tmp_path / "none")}, may_read_files=True)
    assert answer["error"]["code"] == "letter-error"  # type: ignore[index]


def test_a_fault_of_the_library_is_an_answer_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_asked: object) -> dict[str, object]:
        raise KeyError("020202")

    monkeypatch.setitem(questions.ASKS, "resolve", (frozenset({"id"}), fails))  # type: ignore[misc]
    assert "by a fault of this library" in fault({"id": CLINIC})
    assert [record.getMessage() for record in caplog.records] == ["a question was not answered: KeyError"]


def test_nothing_is_kept_of_a_type_that_is_longer_than_any() -> None:
    """Whoever asks over a network fills no memory with what they send."""
    kept = len(index_of(REGISTER).plans)
    for long in ("X" * 300, "DIS91" + " " * 300):
        assert ask(id=CLINIC, message_type=long)["message_type"]
        assert "error" not in ask(ask="find", message_type=long, limit=1)
    assert len(index_of(REGISTER).plans) == kept


def test_every_field_of_a_filter_can_be_asked_for() -> None:
    assert sorted(get_type_hints(FilterFields)) == sorted(FILTERS)
    for name in LISTED_FILTERS:
        assert isinstance(
            Filter().but(**{name: ["1081", "SI"] if name != "kind" else ["SI", "OE"]}).to_dict()[name], list
        )  # type: ignore[arg-type]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = sorted({key for keys, _ in questions.ASKS.values() for key in keys})


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries({}, optional={**dict.fromkeys(KEYS, JSON), "ask": st.sampled_from(list(questions.ASKS))})
    | JSON
)
def test_whatever_is_asked_there_is_an_answer_of_plain_types(question: object) -> None:
    answer = answer_question(REGISTER, question)
    assert isinstance(json.dumps(answer), str)
    if "error" in answer:
        assert "fault of this library" not in answer["error"]["text"]  # type: ignore[index]
