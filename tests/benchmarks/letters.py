"""Headers of small letters against merely parsing the same files, and verdicts on them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import partial

import attrs
from lxml import etree
from tests.benchmarks.measuring import least_times, row
from tests.benchmarks.nation import compiled_nation

from sor_addressing import Register
from sor_addressing.letters import read_message_header
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, fhir_of, oioxml_of

SEED_OF_LETTERS = 6
LETTERS = 500
_LINES = 24
# Letters in one turn: few enough that a turn of the longest job is mostly over before the machine does something else.
_TURN = 10
# What stands around the text in a letter of the field: some forty elements about a person, a clinician and a reference, all made up.
_PERSON = "".join(f"<Field{n}>OPDIGTET {n}</Field{n}>" for n in range(40)).encode()


def oioxml(letter: MadeUpLetter) -> bytes:
    """A letter whose body has the elements that letters have, a line of text each."""
    lines = letter.content.split("\n")
    flat = oioxml_of(attrs.evolve(letter, content="OPDIGTET"))
    body = b"<Reference>" + b"".join(b"<Break/>" + line.encode() for line in lines) + b"</Reference>"
    return flat.replace(b"</Patient>", _PERSON + b"</Patient>" + body)


_FORMATS: dict[str, tuple[str, str, Callable[[MadeUpLetter], bytes], Callable[[bytes], object] | None]] = {
    "letters, OIOXML": ("XDIS91", "XD9134L", oioxml, etree.fromstring),
    "letters, FHIR JSON": ("FDIS91", "5.0", fhir_of, json.loads),
    "letters, FHIR XML": ("FDIS91", "5.0", partial(fhir_of, xml=True), etree.fromstring),
    "letters, EDIFACT": ("DIS91", "D9134L", edifact_of, None),
}


def letters(units: int, repeats: int) -> None:
    """Read headers and validate letters between random addresses of the nation, each format for itself."""
    register = Register.open(compiled_nation(units))
    on = register.snapshot_date
    chance = random.Random(SEED_OF_LETTERS)  # noqa: S311 (nothing secret: the same letters every time)
    numbers = list(register.by_location_number)

    def party() -> MadeUpParty:
        unit = register.by_location_number[chance.choice(numbers)][0]
        return MadeUpParty(location_number=unit.location.number, sor_code=unit.sor_code) if unit.location else party()

    for name, (code, version, write, parse) in _FORMATS.items():
        made = [
            write(
                MadeUpLetter(
                    code=code,
                    version=version,
                    letter_id=f"BRV{number}",
                    sender=party(),
                    receiver=party(),
                    content="\n".join(f"OPDIGTET INDHOLD, LINJE {line}" for line in range(_LINES)),
                )
            )
            for number in range(LETTERS)
        ]
        size = sum(map(len, made)) / LETTERS / 1_000

        def read(files: list[bytes]) -> None:
            for data in files:
                read_message_header(data)

        def validate(files: list[bytes]) -> None:
            for data in files:
                register.validate_message(data, on=on)

        def merely_parse(files: list[bytes], parse: Callable[[bytes], object] | None = parse) -> None:
            for data in files if parse else ():
                parse(data)

        parsed = done = checked = 0.0
        for start in range(0, LETTERS, _TURN):
            files = made[start : start + _TURN]
            jobs = [partial(job, files) for job in (merely_parse, read, validate)]
            least = least_times(*jobs, repeats=max(repeats, 15))
            parsed, done, checked = parsed + least[0], done + least[1], checked + least[2]
        figures = f"{LETTERS / done:,.0f} files a second, validated {LETTERS / checked:,.0f}, {size:.1f} kB each"
        if parse is None:
            print(f"{name:<28} {figures}", flush=True)
        else:
            row(name, "merely parsing them", done / parsed, 2.0, figures)
