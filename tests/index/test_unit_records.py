"""A unit's record packed and unpacked, and made as readers make it."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import Register
from sor_addressing.errors import SnapshotError
from sor_addressing.index.packed import (
    FIELDS,
    Packed,
    codes,
    fields,
    name_in,
    pack,
    parts,
    parts_of_text,
    split,
    texts,
)
from sor_addressing.index.records import cleaned_record, with_canonical_identifiers
from sor_addressing.model import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    LocationRecord,
    LocationSource,
    Speciality,
    UnitKind,
    UnitRecord,
)
from sor_addressing.testing.builder import address
from sor_addressing.testing.numbers import cvr_number, location_number, sor_code

DAY = dt.date(2026, 1, 15)
CLEAN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in range(32)]), max_size=6)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


def lists(texts):
    return st.lists(texts, max_size=3).map(tuple)


def records(texts):
    """Records with any texts in every field that is packed."""
    parts = {
        field: st.none() | st.tuples(*[texts] * len(names))
        for field, names in (
            ("postal_address", ADDRESS_FIELDS),
            ("visiting_address", ADDRESS_FIELDS),
            ("activity_address", ADDRESS_FIELDS),
            ("contact", CONTACT_FIELDS),
            ("geographical_parent", ("relation", "code")),
            ("information", ("a", "b", "c")),
        )
    }
    names = ("name", "provider_number", "shak_code", "cvr_number", "pharmacy_number", "local_code", "updated_at")
    return st.builds(
        UnitRecord,
        st.just(sor_code(1)),
        st.just(UnitKind.ORGANISATIONAL_UNIT),
        first_from_date=st.none() | st.dates(),
        specialities=lists(st.tuples(texts, texts)),
        **{name: lists(texts) for name in ("types", "replaces", "replaced_by", "local_attributes")},
        **dict.fromkeys(names, texts),
        **parts,
    )


def said_by(record: UnitRecord) -> dict[str, object]:
    """What should come back by name: nothing said is empty, and so is a list of one empty text."""
    values = {}
    for name in FIELDS:
        value = getattr(record, name)
        if value is None and name != "first_from_date":
            value = ()
        values[name] = () if value == ("",) else value
    return values


def read(data: bytes) -> dict[str, object]:
    return {name: getattr(Packed(data), name) for name in FIELDS}


@given(records(CLEAN))
def test_what_is_packed_is_unpacked(record):
    data = pack(record)
    assert read(data) == said_by(record)
    assert name_in(data) == record.name


@given(records(CLEAN), st.lists(st.sampled_from(FIELDS), min_size=1, max_size=5))
def test_fields_are_taken_out_by_name_as_bytes_and_as_text(record, wanted):
    data = pack(record)
    assert fields(*wanted)(data) == tuple(Packed(data)[name] for name in wanted)
    assert texts(*wanted)(data) == tuple(Packed(data)[name].decode() for name in wanted)


@given(records(CLEAN), st.lists(st.sampled_from(ADDRESS_FIELDS), min_size=1, max_size=5))
def test_parts_are_taken_out_by_name_as_bytes_and_as_text(record, wanted):
    field = Packed(pack(record))["visiting_address"]
    if record.visiting_address:
        expected = tuple(dict(zip(ADDRESS_FIELDS, record.visiting_address, strict=True))[name] for name in wanted)
        assert parts_of_text("visiting_address", *wanted)(field.decode()) == expected
        assert parts("visiting_address", *wanted)(field) == tuple(text.encode() for text in expected)


@given(records(CLEAN))
def test_lists_are_split_and_codes_taken_from_pairs(record):
    packed = Packed(pack(record))
    said = said_by(record)
    assert split(packed["types"].decode()) == list(said["types"])
    assert split(packed["types"]) == [text.encode() for text in said["types"]]
    assert codes(packed["specialities"]) == [code.encode() for code, _ in said["specialities"]]
    assert codes(packed["specialities"].decode()) == [code for code, _ in said["specialities"]]


GOOD = pack(UnitRecord(sor_code(1), UnitKind.ORGANISATIONAL_UNIT, name="Afdeling", contact=("", "", "12", "")))


@pytest.mark.parametrize(
    "read",
    [
        lambda: Packed(b"Afdeling"),
        lambda: Packed(GOOD + b"\x1f"),
        lambda: Packed(GOOD.replace(b"Af", b"\xff")).name,
        lambda: Packed(GOOD.replace(b"12\x1e", b"12")).contact,
        lambda: name_in(b"\xff\x1f"),
        lambda: Packed(b"\x1f".join([b"x"] * len(FIELDS))).first_from_date,
        lambda: fields("contact")(b"Afdeling"),
        lambda: texts("contact")(b"Afdeling"),
        lambda: texts("name")(b"\xff\x1f"),
        lambda: parts("contact", "fax")(b"a"),
        lambda: parts_of_text("contact", "fax")("a"),
    ],
)
def test_what_is_no_record_is_told_as_damage(read):
    with pytest.raises(SnapshotError, match="record in the compiled register can't be read; compile it again"):
        read()


@given(records(ANY))
def test_control_characters_become_spaces_and_the_record_stays_as_it_is(record):
    before = attrs.evolve(record)
    cleaned = cleaned_record(record)
    assert record == before
    table = dict.fromkeys(range(32), " ")

    def spaced(value):
        if isinstance(value, tuple):
            return tuple(map(spaced, value))
        return value.translate(table) if type(value) is str else value

    assert {name: getattr(cleaned, name) for name in attrs.fields_dict(UnitRecord)} == {
        name: spaced(getattr(record, name)) for name in attrs.fields_dict(UnitRecord)
    }
    assert read(pack(cleaned)) == said_by(cleaned)
    if cleaned == record:
        assert cleaned is record


def test_a_record_with_control_characters_reaches_a_register_whole():
    record = UnitRecord(
        sor_code(1),
        UnitKind.ORGANISATIONAL_UNIT,
        name="Prøve\x1fafsnit\n\x1d",
        types=("a\x1eb", "c"),
        specialities=(("1\x1d2", "\x1d3"), ("4", "")),
        contact=("a@example.org\x1e", "", "", ""),
        local_attributes=("", "\x1f", "", "", ""),
    )
    (unit,) = Register.from_records([record], snapshot_date=DAY)
    assert (unit.name, unit.types) == ("Prøve afsnit  ", ("a b", "c"))
    assert unit.specialities == (Speciality("1 2", " 3"), Speciality("4"))
    assert (unit.contact.email, unit.contact.fax) == ("a@example.org ", None)
    assert unit.local_attributes == ("", " ", "", "", "")
    assert record.name == "Prøve\x1fafsnit\n\x1d"


def spaced(number: str) -> str:
    return f" {number[:4]}-{number[4:]}\u00a0"


def test_identifiers_of_records_at_hand_are_read_in_any_spelling():
    location = LocationRecord(spaced(location_number(1)), system="edb system-1")
    above = UnitRecord(spaced(sor_code(1)), UnitKind.INSTITUTION_OWNER)
    record = UnitRecord(
        spaced(sor_code(2)),
        UnitKind.HEALTH_INSTITUTION,
        parent_sor_code=f"\u200b{sor_code(1)}",
        location_source=LocationSource.OWN,
        location=location,
        provider_number="9906",
        shak_code="99a-1",
        cvr_number=spaced(cvr_number(0)),
        pharmacy_number="990,1",
        local_code="ab c-1",
        replaces=(spaced(sor_code(3)),),
        replaced_by=(spaced(sor_code(4)), sor_code(5)),
        geographical_parent=("2", spaced(sor_code(1))),
    )
    register = Register.from_records(
        [above, record], snapshot_date=DAY, ceased_providers={"99 06": dt.date(2025, 12, 31)}
    )
    top, unit = register
    assert (top.sor_code, unit.sor_code, unit.parent) == (sor_code(1), sor_code(2), top)
    assert (unit.location.number, unit.location.system) == (location_number(1), "edb system-1")
    assert (unit.provider_number, unit.shak_code, unit.cvr_number) == ("009906", "99A1", cvr_number(0))
    assert (unit.pharmacy_number, unit.local_code) == ("990,1", "ab c-1")
    assert (unit.replaces, unit.replaced_by) == ((sor_code(3),), (sor_code(4), sor_code(5)))
    assert unit.geographical_parent == ("2", sor_code(1))
    assert register._index.provider_ceased("009906") == dt.date(2025, 12, 31)
    assert location.number == spaced(location_number(1))
    assert record.sor_code == spaced(sor_code(2))


def test_a_canonical_record_is_copied_as_it_is():
    record = UnitRecord(
        sor_code(1),
        UnitKind.ORGANISATIONAL_UNIT,
        location=LocationRecord(location_number(1)),
        postal_address=address(street="Prøvevej"),
    )
    copy = with_canonical_identifiers(record)
    assert copy == record
    assert copy is not record
    assert copy.location is not record.location


@pytest.mark.parametrize(
    ("field", "parts", "wanted"),
    [
        ("postal_address", ("Prøvevej",), f"1 parts instead of 17: {', '.join(ADDRESS_FIELDS)}"),
        ("visiting_address", ("",) * 18, f"18 parts instead of 17: {', '.join(ADDRESS_FIELDS)}"),
        ("activity_address", ("",), f"1 parts instead of 17: {', '.join(ADDRESS_FIELDS)}"),
        ("contact", ("a", "b", "c"), "3 parts instead of 4: email, website, telephone, fax"),
    ],
)
def test_an_address_or_contact_of_another_length_is_refused_at_once(field, parts, wanted):
    record = UnitRecord(sor_code(1), UnitKind.ORGANISATIONAL_UNIT, **{field: parts})
    with pytest.raises(ValueError, match=f"^{field} of unit {sor_code(1)} has {wanted}$"):
        Register.from_records([record], snapshot_date=DAY)
