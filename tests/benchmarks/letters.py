"""Headers of small letters against merely parsing the same files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import partial

import attrs
from lxml import etree
from tests.benchmarks.measuring import Asked, Row, least_times, slower
from tests.benchmarks.nation import opened_nation

from sor_addressing.letters import read_message_header
from sor_addressing.testing import MadeUpLetter, MadeUpParty, fhir_of, oioxml_of

SEED_OF_LETTERS = 6
LETTERS = 100
_LINES = 24
# What stands around the text in a letter of the field: some forty elements about a person, a clinician and a reference, all made up.
_PERSON = "".join(f"<Field{n}>OPDIGTET {n}</Field{n}>" for n in range(40)).encode()


def oioxml(letter: MadeUpLetter) -> bytes:
    """A letter whose body has the elements that letters have, a line of text each."""
    lines = letter.content.split("\n")
    flat = oioxml_of(attrs.evolve(letter, content="OPDIGTET"))
    body = b"<Reference>" + b"".join(b"<Break/>" + line.encode() for line in lines) + b"</Reference>"
    return flat.replace(b"</Patient>", _PERSON + b"</Patient>" + body)


_FORMATS: dict[str, tuple[str, str, Callable[[MadeUpLetter], bytes], Callable[[bytes], object]]] = {
    "OIOXML": ("XDIS91", "XD9134L", oioxml, etree.fromstring),
    "FHIR JSON": ("FDIS91", "5.0", fhir_of, json.loads),
    "FHIR XML": ("FDIS91", "5.0", partial(fhir_of, xml=True), etree.fromstring),
}


def headers(asked: Asked) -> Iterator[Row]:
    """Read the headers of letters between random addresses of the nation, each format for itself."""
    register = opened_nation(asked.units)
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

        def read(files: list[bytes] = made) -> None:
            for data in files:
                read_message_header(data)

        def merely_parse(files: list[bytes] = made, parse: Callable[[bytes], object] = parse) -> None:
            for data in files:
                parse(data)

        parsed, done = least_times(merely_parse, read, turns=15)
        size = sum(map(len, made)) / LETTERS / 1_000
        each = f"{done.cpu / LETTERS * 1e6:.0f} us against {parsed.cpu / LETTERS * 1e6:.0f} us a letter"
        yield slower(f"headers of {name} letters, {size:.0f} kB", done, parsed, 2.4, "parsing them", each)
