"""Damage of any kind to XML letters and envelopes: they are read, or refused with one error that shows nothing of them.

A short run by default. For a long one, give the number of examples for each reader::

    SOR_ADDRESSING_FUZZ=20000 python -m pytest tests/letters/test_xml_letters_fuzz.py
"""

from __future__ import annotations

import datetime as dt
import os
import traceback
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing.errors import LetterError
from sor_addressing.letters.envelopes import sbdh
from sor_addressing.letters.envelopes import vans as vans_envelope
from sor_addressing.letters.oioxml import emessage as oioxml
from sor_addressing.testing import MadeUpLetter, MadeUpParty, numbers, oioxml_of, sbdh_of, vans_envelope_of

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "60"))
fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

PLANTED = "OPDIGTETNAVN"
LETTER = MadeUpLetter(
    sender=MadeUpParty(location_number=numbers.location_number(1), shak_code=numbers.shak_code(1)),
    reply_to=MadeUpParty(location_number=numbers.location_number(2)),
    content=PLANTED,
)
INNER = oioxml_of(LETTER)
RECEIPT = MadeUpLetter(code="XCTL02", version="XC0230Q", answers=LETTER, answer_positive=False)
WHOLE: list[tuple[Callable[[bytes, str], object], list[bytes]]] = [
    (
        oioxml.read,
        [oioxml_of(LETTER, LETTER, encoding="ISO-8859-1"), oioxml_of(RECEIPT), oioxml_of(LETTER, encoding="UTF-16")],
    ),
    (
        vans_envelope.read,
        [vans_envelope_of(INNER, LETTER, wrapped=True), vans_envelope_of(INNER, LETTER, receipt="NegativeVans")],
    ),
    (
        sbdh.read,
        [sbdh_of(INNER, LETTER, patient=PLANTED), sbdh_of(None, LETTER, acknowledgement="Response", patient=PLANTED)],
    ),
]
PIECES = st.binary(max_size=8) | st.sampled_from(
    [
        b"<",
        b">",
        b"&",
        b"</",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"<!DOCTYPE a>",
        b"&#0;",
        b"&x;",
        b"=",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"<Letter>",
    ]
)
DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=4)


@pytest.mark.parametrize(("reader", "files"), WHOLE, ids=["oioxml", "vans_envelope", "sbdh"])
@fuzzing
@given(data=st.data())
def test_damage_gives_headers_or_one_error(
    reader: Callable[[bytes, str], object], files: list[bytes], data: st.DataObject
) -> None:
    damaged = data.draw(st.sampled_from(files))
    for where, length, piece in data.draw(DAMAGE):
        at = int(where * len(damaged))
        damaged = damaged[:at] + piece + damaged[at + length :]
    refused: LetterError | None = None
    shown = ""
    try:
        found = reader(damaged, "letter.xml")
        shown = repr(found if reader is oioxml.read else found[:2])  # type: ignore[index]
    except LetterError as error:
        refused = error
    if refused is not None:
        assert (refused.__cause__, refused.__context__) == (None, None)
        shown = "".join(traceback.format_exception(refused))
    assert PLANTED not in shown


@pytest.mark.parametrize("reader", [oioxml.read, vans_envelope.read, sbdh.read])
@fuzzing
@given(data=st.binary(max_size=200))
def test_any_bytes_give_one_error(reader: Callable[[bytes, str], object], data: bytes) -> None:
    with pytest.raises(LetterError):
        reader(data, "letter.xml")
