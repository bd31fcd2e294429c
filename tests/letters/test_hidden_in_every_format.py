"""A CPR number in any field of any format comes out nowhere, however it is written, neither as it stands nor compacted."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from sor_addressing import LetterError, Register
from sor_addressing.cli.app import program
from sor_addressing.letters import letter_statistics, read_message_header
from sor_addressing.testing import (
    MadeUpLetter,
    MadeUpParty,
    edifact_of,
    fhir_of,
    oioxml_of,
    sample_letters,
    sbdh_of,
    vans_envelope_of,
)

REGISTER = Register.sample()
BODY = "310299" + 4 * "9"  # February has no 31st day
WIDE = "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in BODY)


def like_one(between: str, body: str = BODY) -> str:
    return f"{body[:2]}{between}{body[2:4]}{between}{body[4:6]}{between}{body[6:]}"


WRITTEN = [
    BODY,
    f"{BODY[:6]}-{BODY[6:]}",
    f"{BODY[:6]}\u2013{BODY[6:]}",
    f"{BODY[:6]}\u2011{BODY[6:]}",
    f"{BODY[:4]} {BODY[4:6]} {BODY[6:]}",
    like_one("."),
    like_one("/"),
    like_one("\u00a0"),
    like_one("\u2212"),
    like_one(":"),
    like_one(","),
    like_one("'"),
    f"({BODY[:6]}){BODY[6:]}",
    WIDE,
    f"{WIDE[:6]}\uff0d{WIDE[6:]}",
]

FORMATS: dict[str, Callable[[MadeUpLetter], bytes]] = {
    "edifact": lambda letter: edifact_of(attrs.evolve(letter, code="DIS91", version="D9134L")),
    "oioxml": oioxml_of,
    "fhir": fhir_of,
    "fhir-xml": lambda letter: fhir_of(letter, xml=True),
    "vans": lambda letter: vans_envelope_of(oioxml_of(letter), letter),
    "sbdh": lambda letter: sbdh_of(fhir_of(letter), letter),
}
PLACES = ["location_number", "sor_code", "provider_number", "shak_code", "letter_id", "envelope_id"]


def digits_of(text: str) -> str:
    """What is left where separators go, digits in ASCII; other signs part."""
    found = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Nd":
            found.append(str(unicodedata.decimal(char)))
        elif char.isalpha():
            found.append("|")
    return "".join(found)


def planted(place: str, text: str) -> MadeUpLetter:
    party = MadeUpParty(location_number="5790999000017")
    letter = MadeUpLetter(sender=party, receiver=party)
    if place in ("letter_id", "envelope_id"):
        return attrs.evolve(letter, **{place: text})
    return attrs.evolve(
        letter, sender=attrs.evolve(party, **{place: text}), receiver=attrs.evolve(party, **{place: text})
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_nothing_of_it_comes_out(form: str, place: str, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    said: list[object] = []
    for number, text in enumerate(WRITTEN):
        try:
            data = FORMATS[form](planted(place, text))
        except (UnicodeEncodeError, ValueError):
            continue  # the format has no such letters
        (folder / f"{number}.txt").write_bytes(data)
        try:
            said += [one.to_dict() for one in read_message_header(data)]
            reports = REGISTER.validate_message(data)
        except LetterError as error:
            said += [str(error), error.text("da"), error.args]
            continue
        for report in reports:
            said += [repr(report), report.to_dict(), report.explain("da"), report.explain("en")]
            said.append(letter_statistics([report]).to_dict())
    assert said
    for options in (["--explain", "--statistics"], ["--json"], ["--format", "csv"]):
        ran = CliRunner().invoke(program, ["validate-file", str(folder), "--sample", *options])
        said += [ran.output, ran.stderr]
    everything = "\n".join(
        one if isinstance(one, str) else json.dumps(one, ensure_ascii=False, default=str) for one in said
    )
    assert BODY not in digits_of(everything)


def test_the_oracle_sees_it() -> None:
    assert all(BODY in digits_of(f"x{text}y") for text in WRITTEN)
    assert BODY not in digits_of(json.dumps([letter.name for letter in sample_letters()]))
