"""Every error of ours speaks Danish too: each message in the source has its entry, and no entry stands in the way of another."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.house.error_messages import messages, without_danish

from sor_addressing import (
    AddressingPolicy,
    Filter,
    LocationNumber,
    MissingExtra,
    Register,
    RegisterStore,
    SorAddressingError,
    SorCode,
    audit,
    errors,
    export,
    review,
)
from sor_addressing.messages import ConversionModel
from sor_addressing.texts import entries
from sor_addressing.texts.of_errors import danish_of, parted

ENTRIES = entries("errors")


def test_every_message_of_an_error_has_its_danish() -> None:
    """Where this fails: ``python -m tests.house.error_messages`` prints what ``texts/errors.toml`` lacks."""
    assert [f"{message.place}: {message}" for message in without_danish()] == []
    assert len(messages()) > 250


def test_an_entry_is_found_by_its_own_english() -> None:
    told = {}
    for code, texts in ENTRIES.items():
        values = {name: f"<{name}>" for name in parted(texts["en"])[1]}
        danish = re.sub(r":(or|a)\}", "}", texts["da"]).format(**values)
        told[code] = (danish_of(texts["en"].format(**values)), danish)
    assert {code: both for code, both in told.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize(
    ("english", "danish"),
    [
        ("'1' is not a SOR code: expected 13 digits", "'1' er ikke en SOR-kode: forventet 13 cifre"),
        ("'1' is not a location number: expected x", "'1' er ikke et lokationsnummer: forventet x"),
        ("direction is 'x': use receive or send", "direction er 'x': brug receive eller send"),
        ("a.toml: preset is 'x': use default, strict or lenient", "a.toml: preset er 'x': brug default, strict eller lenient"),
        ("x: can't be opened: y; compile it from z", "x: kan ikke åbnes: y; compile it from z"),
        ("x: Bundle.entry is an object, and must be a list", "x: Bundle.entry er et objekt og skal være en liste"),
        ("nobody has said this", "nobody has said this"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_filled_in_is_told_in_danish_too(english: str, danish: str) -> None:
    assert danish_of(english) == danish


SAMPLE = Register.sample()
RAISED: dict[str, Callable[[], object]] = {
    "er ikke en SOR-kode: kontrolcifferet er 0 og skulle være 6; et ciffer er tastet forkert, ": lambda: SorCode.validate("9000011000016000"),
    "'12' er ikke et lokationsnummer: forventet 13 cifre": lambda: LocationNumber.validate("12"),
    "ingen.xml: der er ingen sådan fil eller mappe; tjek stien": lambda: Register.load("ingen.xml"),
    "ingen.sor: kan ikke åbnes: filen eller mappen findes ikke": lambda: Register.open("ingen.sor"),
    "inherited er 'x': brug en af accept, warn, refuse": lambda: AddressingPolicy(inherited="x"),
    "ingen konverteringsmodel 'x': der er none, ": lambda: ConversionModel.shipped("x"),
    "region er 1081: skriv det som tekst, for nuller foran tæller med": lambda: Filter(region=1081),
    "<bytes>: filen er tom; en meddelelse er en EDIFACT-interchange, et OIOXML-brev": lambda: SAMPLE.validate_message(b""),
    "<bytes>, linje 1: ikke JSON herfra": lambda: SAMPLE.validate_message(b"{x"),
    "adressebogen er tom": lambda: review([], SAMPLE),
    "linje 1: post 1 er hverken en mapping eller en BookEntry, men int": lambda: review([1], SAMPLE),
    '"990001" pr. 2026-01-15, læst som ydernummer.': lambda: SAMPLE.validate("990001", "XDIS91").require(),
    'Registret har ingen enhed med "990099" (ydernummer, SHAK-kode).': lambda: SAMPLE.resolve("990099").unwrap(),
    "der er ingen anvendelse 'x': tag ": lambda: export(SAMPLE, "x", "x.csv"),
    "der er ingen regel 'x'; der er ": lambda: audit(SAMPLE, rules=["x"]),
    "at skrive Excel kræver pakken openpyxl, som ikke er installeret: installér": lambda: raise_(MissingExtra("writing Excel", "excel", "openpyxl")),
}  # fmt: skip


def raise_(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(("danish", "asked"), RAISED.items(), ids=list(RAISED))
def test_an_error_that_is_raised_speaks_danish(danish: str, asked: Callable[[], object]) -> None:
    with pytest.raises(SorAddressingError) as raised:
        asked()
    assert danish in raised.value.text("da")
    assert raised.value.text("da") != raised.value.text("en") == raised.value.text() == str(raised.value)
    with pytest.raises(ValueError, match="no texts in language 'sv'"):
        raised.value.text("sv")


def test_a_store_without_a_register_says_in_danish_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(errors.StoreError) as raised:
        RegisterStore(tmp_path).latest()
    assert raised.value.text("da") == (
        f"{tmp_path}: lageret har intet register endnu; hent et med  sor-addressing update  eller RegisterStore().update()"
    )


@pytest.mark.parametrize(
    "english",
    [
        "connect error: [Errno -2] Name or service not known",
        "connect error: [Errno 101] Network is unreachable",
        "connect error: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)",
        "remote protocol error: peer closed connection without sending complete message body (received 1 bytes, expected 9)",
        "p.toml, line 1: not TOML: Invalid value",
        "p.toml, line 2: not TOML: Cannot overwrite a value",
        "p.toml, line 1: there is no key 'a' (did you mean b?); the keys are b, c",
        "Sor.xml, line 1: the XML is not well formed or was cut off (tag name mismatch); nothing of it was loaded, fetch the file again",
    ],
)
def test_what_other_programs_say_is_told_in_danish_too(english: str) -> None:
    danish = danish_of(english)
    for word in (
        "not known",
        "error",
        "Network",
        "verify",
        "certificate",
        "peer",
        "received",
        "line",
        "value",
        "mean",
        "keys",
        "tag",
        "again",
    ):
        assert word not in danish
