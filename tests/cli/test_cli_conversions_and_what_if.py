"""``conversions`` and ``what-if``: in every form, and what they refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sor_addressing import Register, what_if
from sor_addressing.messages import ConversionModel

PLAN = "change,format,message_type,location_number,from_date\nremove,EDI,,5790999000314,2026-03-01\nadd,,ZZZ 99,5790999000314,\n"


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.csv"
    path.write_text(PLAN, "utf-8")
    return str(path)


def test_the_overview_has_the_counts_of_the_register_in_json(run) -> None:
    ran = run("conversions", "--sample", "--json", "--by", "system", "--model", "none", "--model", "receiver-converts")
    found = Register.sample().conversions(by="system", models=["none", "receiver-converts"])
    assert ran.json == json.loads(json.dumps(found.to_dict() | {"made_up": True, "snapshot_date": "2026-01-15"}))
    detailed = run("conversions", "--sample", "--json", "--details", "--family", "DIS91").json
    assert sum(detailed["counts"][0]["numbers"].values()) == len(
        detailed["counts"][0]["location_numbers"]["current-practice"]
    )


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_overview_is_shown_and_written_in_every_form(run, tmp_path: Path, language: str) -> None:
    found = Register.sample().conversions()
    asked = ("conversions", "--sample", "--lang", language)
    shown = run(*asked)
    assert shown.code == 0
    assert all(section.heading in shown.out for section in found.sections(language))
    assert run(*asked, "--format", "markdown").out == found.to_markdown(language=language)
    assert run(*asked, "--format", "html", "-o", str(tmp_path / "c.html")).code == 0
    assert (tmp_path / "c.html").read_text("utf-8") == found.to_html(language=language)
    rows = list(csv.DictReader(run(*asked, "--format", "csv", "--details").out.splitlines(), delimiter=";"))
    assert len(rows) == sum(count.numbers[0] for count in found.counts)


def test_a_model_is_checked_and_told_in_sentences(run, tmp_path: Path) -> None:
    path = tmp_path / "models.csv"
    path.write_text("model,family,from_format,to_format,by\none,*,EDI,XML,sender\ntwo,*,EDI,XML,receiver\n", "utf-8")
    ran = run("conversions", "--check", str(path), "--lang", "da")
    assert (ran.code, [line for line in ran.lines if line.startswith("Modellen")]) == (
        0,
        ["Modellen one har 1 regel.", "Modellen two har 1 regel."],
    )
    shipped = run("conversions", "--check", "sender-converts", "--json").json["models"]
    assert shipped[0]["text"] == ConversionModel.shipped("sender-converts").explain().splitlines()
    path.write_text("family,from_format,to_format,by\n*,EDI,XML,sender\n*,EDI,XML,receiver\n", "utf-8")
    refused = run("conversions", "--check", str(path))
    assert refused.code == 2
    assert "two rows contradict each other: * EDI to XML by sender; * EDI to XML by receiver" in refused.err
    both = run(
        "conversions", "--sample", "--family", "DIS91", "--model", "none", "--model", "current-practice", "--json"
    )
    assert both.json["models"] == ["none", "current-practice"]


def test_a_plan_is_weighed_in_every_form(run, tmp_path: Path, plan: str) -> None:
    book = tmp_path / "book.csv"
    book.write_text("ydernummer;meddelelsestyper\n990001;DIS91\n", "utf-8")
    found = what_if(Register.sample(), plan, traffic=str(book))
    asked = ("what-if", plan, "--sample", "--traffic", str(book))
    assert run(*asked, "--json").json == json.loads(
        json.dumps(found.to_dict() | {"made_up": True, "snapshot_date": "2026-01-15"})
    )
    for language in ("da", "en"):
        shown = run(*asked, "--lang", language)
        assert shown.code == 0
        assert ("Dag for dag" if language == "da" else "Day by day") in shown.out
        assert run(*asked, "--lang", language, "--format", "markdown").out == found.to_markdown(
            language=language, limit=50
        )
        assert run(*asked, "--lang", language, "--format", "html").out == found.to_html(language=language, limit=50)
    assert run(*asked, "--format", "csv").out.count("990001") == 1
    assert run(*asked, "--no-audit", "--fail-on-undeliverable").code == 1
    assert run(*asked, "--on", "2026-02-01", "--json").json["later"] == 1
    assert run(*asked, "--rules", "receipt-missing", "--json").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("conversions", "--sample", "--model", "nobody"), "no conversion model 'nobody'"),
        (("conversions", "--sample", "--model", "none", "--model", "none"), "each once"),
        (("conversions", "--sample", "--details"), "--details takes --json or --format csv"),
        (("conversions", "--sample", "-o", "x"), "--output takes --format csv, markdown or html"),
        (("conversions", "--sample", "--sender", "x"), "sender is 'x'"),
        (("what-if", "gone.csv", "--sample"), "gone.csv"),
        (("what-if", "gone.csv", "--sample", "--rules", "x", "--no-audit"), "--rules and --no-audit: give one of them"),
        (("what-if", "gone.csv", "--sample", "-o", "x"), "--output takes --format csv, markdown or html"),
    ],
)
def test_what_can_mean_nothing_is_a_usage_error(run, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert said in ran.err
