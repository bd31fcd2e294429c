"""The texts of packs: every rule has one in both languages, and a region's own take their place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sor_addressing import PolicyError, Register, audit
from sor_addressing.quality import PackTexts, rule, shipped_rules
from sor_addressing.quality.rule_set import rules_on_request
from sor_addressing.texts import LANGUAGES

ALL_RULES = [one.code for one in (*shipped_rules(), *rules_on_request())]
VALUES = dict.fromkeys(("group", "count", "day", "units", "list", "page", "until", "rules", "deadline", "contact"), "7")


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("code", ALL_RULES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_says_what_is_wrong_why_to_whom_and_how_it_is_mended(code: str, language: str) -> None:
    text = PackTexts.shipped().of_rule(code, language, VALUES)
    assert text is not None, f"quality/data/pack_texts.toml needs [rule.{code}.{language}]"
    assert text.wrong
    assert text.why
    assert text.whom
    assert 1 <= len(text.steps) <= 5
    for sentence in (text.wrong, text.why, text.whom, *text.steps):
        assert re.search(r"[.?]$", sentence), sentence


def test_both_languages_have_as_many_steps() -> None:
    texts = PackTexts.shipped()
    counts = {code: {len(texts.of_rule(code, one).steps) for one in LANGUAGES} for code in texts.codes()}  # type: ignore[union-attr]
    assert {code for code, found in counts.items() if len(found) > 1} == set()


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[rule.receipt-missing.da]\nwrong = "{count:kvittering|kvitteringer} mangler hos {group} {{sic}}."\n'
        '[mail.da]\nsubject = "Ring til os, {group}"\n',
    )
    own, shipped = PackTexts.load(path), PackTexts.shipped()
    values = {**VALUES, "count": "1", "group": "{os}"}
    text, before = own.of_rule("receipt-missing", "da", values), shipped.of_rule("receipt-missing", "da", values)
    assert text is not None
    assert before is not None
    assert text.wrong == "1 kvittering mangler hos {os} {sic}."
    assert (text.why, text.whom, text.steps) == (before.why, before.whom, before.steps)
    assert own.of_rule("receipt-missing", "en") == shipped.of_rule("receipt-missing", "en")
    assert own.line("mail", "subject", "da", values) == "Ring til os, {os}"
    assert own.line("mail", "text", "da", VALUES) == shipped.line("mail", "text", "da", VALUES)
    (tmp_path / "packs").mkdir()
    packs = audit(Register.sample()).packs(tmp_path / "packs", texts=path, csv_only=True)
    assert (
        (packs.packs[0].folder / "mail.txt").read_text("utf-8").startswith("Emne: Ring til os, Grævlingelund Sygehus\n")
    )


def test_a_rule_of_ones_own_can_have_a_text(tmp_path: Path) -> None:
    @rule("always", "info")
    def always(scope):  # type: ignore[no-untyped-def]
        "It is a unit."
        return [scope.seen(unit) for unit in scope.units]

    path = written(tmp_path, '[rule.always.da]\nwrong = "Det er en enhed."\n')
    assert PackTexts.load(path, rules=[always]).of_rule("always", "en") is None
    found = audit(Register.sample(), rules=[always])
    (pack, *_) = found.packs(tmp_path / "packs", texts=path, csv_only=True).packs
    assert "Det er en enhed." in (pack.folder / "page.html").read_text("utf-8")
    with pytest.raises(PolicyError, match="there is no rule 'always'"):
        PackTexts.load(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[rule.receipt-mising.da]\nwrong = "x"', r"own.toml, line 1: rule: there is no rule 'receipt-mising': did you mean receipt-missing\?"),
        ('[rule.zzz.da]\nwrong = "x"', r"line 1: rule: there is no rule 'zzz': `audit --list-rules` names them"),
        ('[rule.receipt-missing.da]\nwrnog = "x"', r"line 2: rule.receipt-missing.da: there is no key 'wrnog' \(did you mean wrong\?\)"),
        ('[rule.receipt-missing.dk]\nwrong = "x"', "line 1: rule.receipt-missing: there is no key 'dk'"),
        ('[male.da]\ntext = "x"', r"there is no key 'male' \(did you mean mail\?\)"),
        ('[page.da]\nbegin = 3', "line 2: page.da: begin is 3: write a text or a list of texts"),
        ('[page.da]\nbegin = ["ok", "{grup}"]', r"line 2: page.da: begin: \{grup\} is not filled in here \(did you mean \{group\}\?\)"),
        ('[page.da]\nopening = "{until}"', r"\{until\} is not filled in here"),
        ('[mail.da]\ntext = "{group.name}"', r"\{group.name\} is not filled in here"),
        ('[mail.da]\ntext = "{}"', r"\{\} is not filled in here"),
        ('[mail.da]\ntext = "{0}"', r"\{0\} is not filled in here"),
        ('[mail.da]\ntext = "{count!r}"', r"\{count\} stands alone"),
        ('[mail.da]\ntext = "{count:>9999999999}"', r"\{count\} stands alone"),
        ('[mail.da]\ntext = "{count:a|b|c}"', r"\{count\} stands alone"),
        ('[mail.da]\ntext = "{count:{day}}"', "a brace stands alone"),
        ('[mail.da]\ntext = "50 { procent"', r"line 2: mail.da: text: a brace stands alone; write \{\{ and \}\}"),
        ('[mail.da]\ntext = ""', "text is '': write a text"),
        ('rule = 3', r"line 1: rule is 3: write a table"),
        ('[rule]\nreceipt-missing = "x"', "line 2: rule: receipt-missing is 'x': write a table"),
        ('[mail.da', "not TOML"),
    ],
)  # fmt: skip
def test_what_a_file_says_wrong_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=said) as told:
        PackTexts.load(written(tmp_path, text))
    assert told.value.text("da") != told.value.text("en")
