"""The five identifiers one by one: canonical form, shape, and what is said of a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.errors import MalformedIdentifier
from sor_addressing.identifiers import (
    CvrNumber,
    IdentifierKind,
    LocationNumber,
    ProviderNumber,
    ShakCode,
    SorCode,
    compact,
    detect,
    identifier_class,
)

SOR, LOCATION, PROVIDER, SHAK, CVR = IdentifierKind
SOR_CODE, LOCATION_NUMBER, CVR_NUMBER = "9000011000016006", "5790999000017", "99000007"
SHORTEST = "0" + SorCode.infix + "9"


def test_every_kind_has_its_class():
    assert {kind: identifier_class(kind) for kind in IdentifierKind} == {
        SOR: SorCode,
        LOCATION: LocationNumber,
        PROVIDER: ProviderNumber,
        SHAK: ShakCode,
        CVR: CvrNumber,
    }
    assert [identifier_class(kind).kind for kind in IdentifierKind] == list(IdentifierKind)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("", ""),
        (" \t\u200b-\u2212 ", ""),
        ("5790 999 00001 7", LOCATION_NUMBER),
        ("579-0999\u20130000\u201117", LOCATION_NUMBER),
        ("99ab 1", "99AB1"),
        ("straße", "STRASSE"),
        ("???", "???"),
        ("a_b", "A_B"),
        ("\uff19\uff19\u0660", "990"),
    ],
)
def test_canonical_form_is_without_spaces_and_dashes_in_upper_case_and_ascii_digits(written, canonical):
    assert compact(written) == canonical
    assert SorCode.compact(written) == ShakCode.compact(written) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("1", "000001"),
        ("9906", "009906"),
        ("9 906", "009906"),
        ("009906", "009906"),
        ("0009906", "0009906"),
        ("990601", "990601"),
        ("9906A", "9906A"),
        ("a1", "A1"),
        ("\uff19\uff19\uff10\uff16", "009906"),
        ("", ""),
        (" ", ""),
        ("æ1", "Æ1"),
    ],
)
def test_a_provider_number_of_digits_only_gets_its_lost_zeros_back(written, canonical):
    assert ProviderNumber.compact(written) == canonical


@given(st.integers(0, 999_999))
def test_a_provider_number_is_the_same_however_many_zeros_were_lost(number):
    assert ProviderNumber.validate(str(number)) == ProviderNumber.validate(f"{number:06d}") == f"{number:06d}"


@pytest.mark.parametrize(
    ("kind", "fitting", "not_fitting"),
    [
        (
            SorCode,
            [SOR_CODE, SHORTEST, "900000001000016000", "9000011000016000"],
            ["", "1000016006", "9000000011000016000", "9000011000017006", "90000A1000016006", "9000011000016106"],
        ),
        (LocationNumber, [LOCATION_NUMBER, "0" * 13], ["", "579099900001", LOCATION_NUMBER + "0", "579099900001A"]),
        (ProviderNumber, ["1", "990001", "ABCÆØÅ123", "999999999"], ["", "9" * 10, "99 01", "99-01", "99½", "9²", "?"]),
        (ShakCode, ["9901", "990101A", "99ÆØÅ"], ["", "990", "99010101", "99 01", "990½", "99.1"]),
        (CvrNumber, [CVR_NUMBER, "00000000"], ["", "9900000", "990000070", "9900000A", "INGEN"]),
    ],
    ids=lambda value: value.kind if isinstance(value, type) else "",
)
def test_each_kind_has_its_shape(kind, fitting, not_fitting):
    assert [text for text in fitting if not kind.fits(text)] == []
    assert [text for text in not_fitting if kind.fits(text)] == []
    for text in not_fitting:
        assert kind.is_canonical(text) is False


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (
            SorCode,
            "900 001",
            "'900 001' is not a SOR code: expected 11 to 18 digits that end in 1000016, 00 and a check digit",
        ),
        (LocationNumber, "5790", "'5790' is not a location number: expected 13 digits"),
        (
            LocationNumber,
            "5790999 000018",
            (
                "'5790999 000018' is not a location number: its check digit is 8 and should be 7; "
                "a digit was mistyped, or a spreadsheet rounded the number"
            ),
        ),
        (
            SorCode,
            "9000011000016000",
            (
                "'9000011000016000' is not a SOR code: its check digit is 0 and should be 6; "
                "a digit was mistyped, or a spreadsheet rounded the number"
            ),
        ),
        (ProviderNumber, "?", "'?' is not a provider number: expected 1 to 9 letters or digits, normally 6 digits"),
        (ShakCode, "990", "'990' is not a SHAK code: expected 4 to 7 letters or digits"),
        (CvrNumber, "ingen", "'ingen' is not a CVR number: expected 8 digits"),
    ],
)
def test_what_is_wrong_with_an_identifier_is_said(kind, text, said):
    assert not kind.is_valid(text)
    with pytest.raises(MalformedIdentifier) as raised:
        kind.validate(text)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (SOR_CODE, (SOR,)),
        ("9000011000016000", (SOR,)),
        (SHORTEST, (SOR,)),
        ("00" + SHORTEST, (SOR, LOCATION)),
        (LOCATION_NUMBER, (LOCATION,)),
        ("5790 999 000018", (LOCATION,)),
        ("1", (PROVIDER,)),
        ("990", (PROVIDER,)),
        ("9901", (PROVIDER, SHAK)),
        ("990101A", (PROVIDER, SHAK)),
        ("99\u20110001", (PROVIDER, SHAK)),
        (CVR_NUMBER, (PROVIDER, CVR)),
        ("999999999", (PROVIDER,)),
        ("9999999999", ()),
        ("Prøve Sygehus", ()),
        ("???", ()),
        ("", ()),
        ("urn:oid:1.2.208.176.1.4|???", (PROVIDER,)),
        ("https://www.gs1.org/gln|990001", (LOCATION,)),
        ("urn:oid:9.9|990001", ()),
    ],
)
def test_the_kinds_that_fit_are_found_by_shape_and_a_system_decides(text, kinds):
    assert detect(text) == kinds
