"""``names``: in every form, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sor_addressing import Aliases, Register
from sor_addressing.quality import names
from sor_addressing.testing import made_up_nation


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("nation") / "register.sor"
    made_up_nation(1_500, seed=4).to_register().save(path)
    return str(path)


def test_the_report_is_shown_in_both_languages(run) -> None:
    found = names(Register.sample())
    for language in ("da", "en"):
        shown = run("names", "--sample", "--lang", language)
        assert shown.code == 0
        assert all(section.heading in shown.out for section in found.sections(language))


def test_json_is_the_document_of_the_report(run, nation: str, tmp_path: Path) -> None:
    aliases = tmp_path / "aliases.toml"
    document = run("names", "--register", nation, "--json", "--write-aliases", str(aliases), "--least", "4").json
    found = names(Register.open(nation), least=4)
    assert {key: document[key] for key in found.to_dict()} == json.loads(json.dumps(found.to_dict()))
    assert document["aliases"] == {"path": str(aliases), "rows": len(found.aliases), "neutralised": 0}
    assert Aliases.load(aliases) == found.aliases


@pytest.mark.parametrize("ending", ["csv", "md", "html", "HTML"])
def test_the_ending_of_the_report_says_its_format(run, nation: str, tmp_path: Path, ending: str) -> None:
    target, same = tmp_path / f"names.{ending}", tmp_path / "same"
    ran = run("names", str(target), "--register", nation, "--lang", "da")
    assert (ran.code, ran.out) == (0, "")
    shape = {"md": "markdown"}.get(ending, ending.lower())
    run("names", "--register", nation, "--lang", "da", "--format", shape, "-o", str(same))
    assert target.read_bytes() == same.read_bytes()
    named = tmp_path / "report.txt"
    assert run("names", str(named), "--format", shape, "--register", nation, "--lang", "da").code == 0
    assert named.read_bytes() == same.read_bytes()


def test_everyday_names_are_written_for_search(run, nation: str, tmp_path: Path) -> None:
    path = tmp_path / "aliases.csv"
    ran = run("names", "--register", nation, "--write-aliases", str(path), "--lang", "en")
    aliases = Aliases.load(path)
    assert f"Wrote {len(aliases)} everyday names to {path}." in ran.err
    code, (name,) = next(iter(aliases.names.items()))
    found = run("search", name, "--register", nation, "--aliases", str(path), "--json").json["results"]
    assert found[0]["sor_code"] == code


def test_filters_narrow_it(run, nation: str) -> None:
    document = run("names", "--register", nation, "--json", "--region", "1082").json
    assert {group["region"] for group in document["groups"]} == {"1082"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("names", "x.txt", "--sample"), "REPORT ends in .csv, .md or .html, or takes --format csv, markdown or html"),
        (("names", "x.csv", "--sample", "--json"), "REPORT stands for --output, and takes no --json"),
        (("names", "x.csv", "--sample", "-o", "y.csv"), "REPORT stands for --output, and takes no --json"),
        (("names", "--sample", "-o", "y.csv"), "--output takes --format csv, markdown or html"),
        (("names", "--sample", "--least", "1"), "--least"),
        (("names", "/nowhere/x.csv", "--sample"), "/nowhere"),
    ],
)
def test_what_can_mean_nothing_is_an_error(run, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments)
    assert ran.code in (1, 2)
    assert said in ran.err
