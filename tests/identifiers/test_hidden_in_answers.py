"""What looks like a CPR number stands in no problem, answer or error, wherever in a file or question it stood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sor_addressing import MalformedIdentifier, Register
from sor_addressing.hiding import HIDDEN, must_hide
from sor_addressing.testing import numbers

SAMPLE = Register.sample()
CODE, NUMBER = numbers.sor_code(0), numbers.location_number(0)
BODY = "310299" + 4 * "9"  # February has no 31st day
WRITTEN = [BODY, *(f"{BODY[:6]}{between}{BODY[6:]}" for between in "-:,'(|+\u00a0\uff0d\u2019")]


@pytest.mark.parametrize("text", WRITTEN)
def test_an_answer_does_not_repeat_it(text: str) -> None:
    for asked in (SAMPLE.validate(text, "XDIS91"), next(SAMPLE.validate_many([(text, "XDIS91")]))):
        with pytest.raises(MalformedIdentifier) as raised:
            asked.resolution.unwrap()
        for told in (
            json.dumps(asked.to_dict(), default=str),
            json.dumps(asked.resolution.to_dict(), default=str),
            *(one.explain(language) for one in (asked, asked.resolution) for language in ("da", "en")),
            *(finding.text(language) for finding in asked.findings for language in ("da", "en")),
            repr(asked),
            repr(asked.findings),
            repr(asked.resolution),
            str(raised.value),
        ):
            assert not must_hide(told.encode("ascii", "backslashreplace").decode("unicode_escape"))
        assert HIDDEN in asked.explain("en")


@pytest.mark.parametrize("text", WRITTEN)
def test_a_load_report_does_not_repeat_it(text: str, tmp_path: Path) -> None:
    cell = f'"{text}"'
    (tmp_path / "SorEntity_daily.csv").write_text(
        "SorId;SorType;EntityName;ParentSorId;EanLocationCode;ToDate;ProviderNumber\n"
        f"{CODE};IE;Ejer;;{NUMBER};{cell};{cell}\n{cell};{cell};{cell};{cell};{cell};;\n",
        "utf-8",
    )
    (tmp_path / "Edityper.csv").write_text(
        f"EAN;EDI-type;Retning\n{cell};XDIS91;Send\n{NUMBER};{cell};{cell}\n", "utf-8"
    )
    report = Register.load(tmp_path, snapshot_date=SAMPLE.snapshot_date).load_report
    assert report.problems
    told = [problem.text(language) for problem in report.problems for language in ("da", "en")]
    told += [repr(report.problems), json.dumps([report.to_dict()], ensure_ascii=False, default=str)]
    for one in told:
        assert not must_hide(one.replace(str(tmp_path), ""))
