"""A name that is misspelt is refused, with the one that was meant; nowhere is it swallowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sor_addressing import AddressingPolicy, Filter, Register, audit, compare
from sor_addressing.misspelt import nearest
from sor_addressing.quality import trend
from sor_addressing.testing import MadeUpDays, MadeUpLetter, MadeUpParty, RegisterBuilder, made_up_nation, register_of

REGISTER = Register.sample()
BUILDER = RegisterBuilder()
SLIPS: dict[str, Callable[[], object]] = {
    "Filter has no field 'muncipality': did you mean 'municipality'?": lambda: Filter(muncipality="0101"),
    "Filter has no field 'regoin': did you mean 'region'?": lambda: REGISTER.find(regoin=None),
    "Filter has no field 'uint_type': did you mean 'unit_type'?": lambda: REGISTER.search("klinik", uint_type="x"),
    "Filter has no field 'postalcode': did you mean 'postal_code'?": lambda: audit(REGISTER, postalcode="8000"),
    "Filter has no field 'withn': did you mean 'within'?": lambda: compare(REGISTER, REGISTER, withn="1"),
    "Filter has no field 'farve': there are message_type, conversion, ": lambda: Filter().but(farve="x"),
    "AddressingPolicy has no field 'max_age': did you mean 'max_age_days'?": lambda: AddressingPolicy(max_age=2),
    "an audit has no field 'rulse': did you mean 'rules'?": lambda: trend([], rulse=["receipt-missing"]),
    "a report has no field 'exmples': did you mean 'examples'?": lambda: audit(REGISTER, rules=[]).to_html(exmples=3),
    "MadeUpParty has no field 'locaton_number': did you mean 'location_number'?": lambda: MadeUpParty(
        locaton_number="1"
    ),
    "MadeUpLetter has no field 'reciever': did you mean 'receiver'?": lambda: MadeUpLetter(reciever=None),
    "the unit 'Afsnit' has no field 'to_dat': did you mean 'to_date'?": lambda: BUILDER.owner("Afsnit", to_dat=None),
    "the unit 'A' has no field 'provider_nr': did you mean 'provider_number'?": lambda: register_of(
        A={"provider_nr": "1"}
    ),
    "the unit 'A' has no field 'recieves': did you mean 'receives'?": lambda: register_of({"A": {"recieves": "DIS91"}}),
    "the location of 'A' has no field 'systm': did you mean 'system'?": lambda: register_of(
        A={"location": {"systm": "1"}}
    ),
    "register_of has no argument 'regsters': did you mean 'registers'?": lambda: register_of(regsters="DIS91"),
    "register_of has no argument 'ceasd': did you mean 'ceased'?": lambda: register_of(ceasd={"990001": None}),
    "the unit 'A' is given as int: give its fields by name": lambda: register_of(A=1),
    "registers() has no argument 'recieve': did you mean 'receive'?": lambda: BUILDER.registers("9", "X", recieve=True),
    "registers() has no argument 'sned': did you mean 'send'?": lambda: (
        MadeUpDays().next_day().registers("Aftenvagt", "X", sned=True)
    ),
    "close() has no argument 'last_dya': did you mean 'last_day'?": lambda: (
        MadeUpDays().next_day().close("Aftenvagt", last_dya=None)
    ),
    "next_day() has no argument 'day': did you mean 'days'?": lambda: MadeUpDays().next_day(day=2),
    "MadeUpDays has no field 'strat': there are first": lambda: MadeUpDays(strat=None),
    "MadeUpDays has no field 'frist': did you mean 'first'?": lambda: MadeUpDays(frist=None),
    "RegisterBuilder has no field 'snapshot_dat': did you mean 'snapshot_date'?": lambda: RegisterBuilder(
        snapshot_dat=None
    ),
    "from_records() has no argument 'clokc': did you mean 'clock'?": lambda: BUILDER.build(clokc=None),
    "RegisterStore has no field 'keep_day': did you mean 'keep_days'?": lambda: MadeUpDays().store("x", keep_day=1),
    "write() has no argument 'compresed': did you mean 'compressed'?": lambda: BUILDER.write("x", compresed="gz"),
    "made_up_nation() has no argument 'unit': did you mean 'units'?": lambda: made_up_nation(unit=3),
    "the record of 'Aftenvagt' has no field 'nam': did you mean 'name'?": lambda: (
        MadeUpDays().next_day().change("Aftenvagt", nam="x")
    ),
}


@pytest.mark.parametrize(("told", "slip"), SLIPS.items(), ids=list(SLIPS))
def test_a_misspelt_name_is_refused_with_the_one_that_was_meant(told: str, slip: Callable[[], object]) -> None:
    with pytest.raises(TypeError) as error:
        slip()
    assert str(error.value).startswith(told)


def test_an_address_suggests_too() -> None:
    with pytest.raises(ValueError, match=r"^no fields stret; there are street, .+; did you mean 'street'\?$"):
        BUILDER.owner("Ejer", postal_address={"stret": "Prøvevej"})


def test_what_is_like_nothing_is_meant_for_nothing() -> None:
    assert nearest("farve", ["from_date", "to_date"]) is None
