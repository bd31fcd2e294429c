"""The table of facts and files says yes, partly or no to everything, and knows the files that can be recognised."""

from __future__ import annotations

import pytest

from sor_addressing.extracts import published
from sor_addressing.extracts.facts import facts, not_known

COMPLETE = [content.key for content in published.in_complete_set()]


def test_every_fact_has_an_answer_for_every_file() -> None:
    files = {content.key for content in published.FILES}
    assert {fact.name: set(fact.files) for fact in facts()} == {fact.name: files for fact in facts()}
    assert {answer for fact in facts() for answer in fact.files.values()} == {"yes", "partly", "no"}
    assert [fact.name for fact in facts() if set(fact.files.values()) == {"no"}] == []
    assert len({fact.name for fact in facts()}) == len(facts())


def test_every_fact_that_a_file_says_is_one() -> None:
    said = {name for content in published.FILES for name in (*content.says, *content.partly)}
    assert said == {fact.name for fact in facts()}
    assert [content for content in published.FILES if not set(content.says).isdisjoint(content.partly)] == []


def test_every_file_has_something() -> None:
    assert [content for content in published.FILES if len(not_known([content.key])) == len(facts())] == []


def test_what_the_files_of_a_register_do_not_say() -> None:
    of_sor_xml = not_known(["sor_xml"])
    assert set(of_sor_xml) == {
        "history of units",
        "registrations",
        "directions of registrations",
        "names of message types",
        "days of succession",
        "texts of codes",
        "days of SHAK codes",
        "names of SHAK codes",
        "retired SHAK codes",
        "ceased provider numbers",
        "names of providers",
    }
    assert set(of_sor_xml) - set(not_known(["sor_xml", "message_types"])) == {
        "registrations",
        "directions of registrations",
    }
    assert set(not_known(COMPLETE)) == {
        "municipalities",
        "inheritance of addresses",
        "geographical parents",
        "names of SHAK codes",
        "ceased provider numbers",
        "names of providers",
    }
    assert {"successors", "inheritance of addresses", "periods of location numbers"} <= set(not_known(["sor_csv"]))


def test_the_best_file_counts() -> None:
    fact = next(fact for fact in facts() if fact.name == "specialities")
    assert fact.known_from(["sor_csv"]) == "partly"
    assert fact.known_from(["sor_csv", "sor_xml"]) == "yes"
    assert fact.known_from(["shak"]) == "no"
    with pytest.raises(KeyError):
        not_known(["sor"])
