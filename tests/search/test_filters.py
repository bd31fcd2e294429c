"""What a filter can be asked, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import Direction, Filter, FilterError, MessageType, Register, UnitKind
from sor_addressing.testing import RegisterBuilder


def test_a_filter_of_nothing_asks_nothing():
    nothing = Filter()
    assert nothing.fields == ()
    assert repr(nothing) == "Filter()"
    assert nothing.to_dict() == {
        "message_type": None,
        "conversion": "allowed",
        "direction": "receive",
        "region": None,
        "municipality": None,
        "postal_code": None,
        "unit_type": None,
        "speciality": None,
        "organisational_level": None,
        "provider_number": None,
        "system": None,
        "supplier": None,
        "net_operator": None,
        "administrator": None,
        "kind": None,
        "level": None,
        "within": None,
        "owner": None,
        "institution": None,
        "hospital": None,
        "own_location_only": False,
        "in_force_only": False,
        "near": None,
        "max_distance_m": None,
    }


def test_values_are_brought_into_one_form():
    asked = Filter(
        message_type="meddis91 (D9134L)",
        direction="send",
        region="1081",
        municipality=["901", "Prøve  Kommune", "0901"],
        postal_code=(" 0100 ", "8000 - 8999"),
        kind=["oe", UnitKind.HEALTH_INSTITUTION],
        provider_number="9901",
        within="9000011000016006 ",
        near=[530000, "6290000.5"],
        max_distance_m=500,
    )
    assert isinstance(asked.message_type, MessageType)
    assert asked.message_type.text == "DIS91 D9134L"
    assert asked.direction is Direction.SEND
    assert asked.region == ("1081",)
    assert asked.municipality == ("0901", "Prøve Kommune")
    assert asked.postal_code == ("0100", "8000 - 8999")
    assert asked.kind == (UnitKind.ORGANISATIONAL_UNIT, UnitKind.HEALTH_INSTITUTION)
    assert asked.provider_number == ("009901",)
    assert asked.within == "9000011000016006"
    assert asked.near == (530000.0, 6290000.5)
    assert asked.fields == (
        "message_type",
        "region",
        "municipality",
        "postal_code",
        "provider_number",
        "kind",
        "within",
        "near",
        "max_distance_m",
    )
    assert repr(Filter(message_type="XDIS91", direction="send", own_location_only=True)) == (
        "Filter(message_type='XDIS91', direction='send', own_location_only=True)"
    )


def test_a_unit_can_stand_for_its_sor_code():
    unit = next(iter(Register.sample()))
    assert Filter(within=unit) == Filter(within=unit.sor_code)


texts = st.lists(st.sampled_from(["1081", "0901", "9", "8000-8999", "almen praksis"]), min_size=1, max_size=3)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("region", "municipality", "unit_type", "speciality", "system", "net_operator"), texts),
            "message_type": st.sampled_from(["XDIS91", "DIS91 D9134L", "zzz 9"]),
            "conversion": st.sampled_from(["allowed", "direct"]),
            "direction": st.sampled_from(["send", "receive"]),
            "kind": st.lists(st.sampled_from(["IE", "SI", "OE"]), min_size=1),
            "within": st.just("9000011000016006"),
            "own_location_only": st.booleans(),
            "in_force_only": st.booleans(),
            "near": st.tuples(st.floats(1e5, 1e6), st.floats(6e6, 7e6)),
        },
    )
)
def test_a_filter_is_made_again_from_its_plain_form_and_can_be_a_key(fields):
    asked = Filter(**fields)
    again = Filter(**asked.to_dict())
    assert again == asked == asked.but()
    assert hash(again) == hash(asked)
    assert (
        asked.but(**dict.fromkeys(asked.fields, None) | {"own_location_only": False, "in_force_only": False}).fields
        == ()
    )


def test_a_field_asked_otherwise_takes_the_place_of_what_was_asked():
    asked = Filter(region="1081", municipality="0901", message_type="XDIS91")
    assert asked.but(region="1082", municipality=None) == Filter(region="1082", message_type="XDIS91")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"message_type": " "}, "message_type is ' ': give one type, such as XDIS91, or leave it out"),
        ({"message_type": ["XDIS91"]}, r"message_type is \['XDIS91'\]: give one type"),
        ({"conversion": "never"}, "conversion is 'never': use allowed or direct"),
        ({"direction": "both"}, "direction is 'both': use receive or send"),
        ({"kind": "hospital"}, "kind is 'hospital': use IE, SI, OE, one or several"),
        ({"kind": []}, r"kind is \[\]: use IE, SI, OE"),
        ({"municipality": []}, "municipality is empty: leave it out, or give at least one value"),
        ({"region": ""}, "region is empty"),
        ({"system": ["9101", " "]}, "system is empty"),
        ({"municipality": 901}, "municipality is 901: write it as text, for leading zeros count"),
        ({"provider_number": [990001]}, "provider_number is 990001: write it as text"),
        ({"postal_code": "8999-8000"}, "postal_code is '8999-8000': a range goes from the lower code to the higher"),
        ({"postal_code": "800-8999"}, "postal_code is '800-8999': a range goes"),
        ({"postal_code": 8000}, "postal_code is 8000: write it as text"),
        ({"within": ""}, "within is '': give a Unit or its SOR code"),
        ({"within": 9}, "within is 9: give a Unit or its SOR code"),
        ({"own_location_only": "yes"}, "own_location_only is 'yes': use true or false"),
        ({"in_force_only": 1}, "in_force_only is 1: use true or false"),
        ({"near": 530000}, "near is 530000: give easting and northing, two numbers of metres"),
        ({"near": (530000, 6290000, 0)}, "give easting and northing"),
        ({"near": ("here", "there")}, "give easting and northing"),
        ({"near": (530000, float("nan"))}, "both have to be numbers of metres"),
        ({"near": (12.5, 55.6)}, r"near is \(12.5, 55.6\): those are degrees; give metres in ETRS89, UTM zone 32 N"),
        ({"max_distance_m": 500}, "max_distance_m says how far from near: give near too"),
        ({"near": (530000, 6290000), "max_distance_m": -1}, "max_distance_m is -1: use a number of metres, 0 or more"),
        ({"near": (530000, 6290000), "max_distance_m": True}, "max_distance_m is True"),
        ({"near": (530000, 6290000), "max_distance_m": "500"}, "max_distance_m is '500'"),
    ],
)
def test_what_a_field_cant_mean_is_refused_by_name(fields, text):
    with pytest.raises(FilterError, match=text):
        Filter(**fields)
    with pytest.raises(FilterError, match=text):
        RegisterBuilder().build().find(**fields)


def test_a_field_that_a_filter_doesnt_have_is_a_type_error():
    with pytest.raises(TypeError, match="municipalty"):
        Register.sample().find(municipalty="0901")
