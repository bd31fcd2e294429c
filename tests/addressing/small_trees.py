"""Random small registers and the policies they are asked under: what resolving and validating are tried on."""

from __future__ import annotations

import datetime as dt

import hypothesis.strategies as st

from sor_addressing import AddressingPolicy, Register, UnitKind
from sor_addressing.index.lookup import CLOSED_UNITS
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.index.registrations import Registrations
from sor_addressing.loading.from_records import report_of
from sor_addressing.messages import ConversionModel, ConversionRow
from sor_addressing.model import LocationRecord, LocationSource, RegistrationRecord, UnitRecord
from sor_addressing.testing import numbers

SNAPSHOT = dt.date(2026, 1, 15)
DEFAULT = AddressingPolicy()

OWN_MODEL = ConversionModel(
    "own",
    (
        ConversionRow("*", "EDI", "XML", "sender-operator"),
        ConversionRow("*", "XML", "EDI", "receiver-operator"),
        ConversionRow("*", "EDI", "XML", "receiver", "region", "1081"),
        ConversionRow("*", "XML", "EDI", "nobody", "net_operator", "41000035001"),
        ConversionRow("DIS91", "XML", "EDI", "national-service", "system", "9101"),
        ConversionRow("DIS91", "XML", "FHIR", "sender-operator"),
        ConversionRow("DIS91", "EDI", "FHIR", "sender"),
        ConversionRow("DIS91", "EDI", "XML", "sender", "location_number", numbers.location_number(1)),
    ),
)
BOTH_SIDES = ConversionModel(
    "both sides and time",
    (
        ConversionRow("*", "EDI", "XML", "receiver", to_date=SNAPSHOT + dt.timedelta(30)),
        ConversionRow("*", "EDI", "XML", "nobody", from_date=SNAPSHOT + dt.timedelta(31)),
        ConversionRow("*", "XML", "EDI", "receiver-operator"),
        ConversionRow("*", "XML", "EDI", "sender-operator", sender_scope="region", sender_scope_value="1081"),
        ConversionRow("DIS91", "XML", "EDI", "national-service", "supplier", "9201", to_date=SNAPSHOT),
        ConversionRow("*", "XML", "EDI", "sender", "supplier", "9201", "system", "9101"),
        ConversionRow("*", "EDI", "XML", "sender", "region", "1082", "location_number", numbers.location_number(0)),
        ConversionRow("DIS91", "EDI", "FHIR", "national-service", to_date=SNAPSHOT + dt.timedelta(400)),
    ),
)

POLICIES = {
    "default": DEFAULT,
    "strict": AddressingPolicy.strict(),
    "lenient": AddressingPolicy.lenient(),
    "severities raised": AddressingPolicy(
        severities={"location-inherited": "error", "unit-closing": "error", "receipt-missing": "error"}
    ),
    "severities lowered": AddressingPolicy(
        severities={"unit-closed": "info", "location-inactive": "warning", "conversion-by-sender": "warning"}
    ),
    "of SOR-EDI alone": AddressingPolicy(registers=("SOR-EDI",)),
    "of the test environment": AddressingPolicy(environment="test"),
    "FHIR versions exact": AddressingPolicy(fhir_version="exact"),
    "inherited warned of": AddressingPolicy(inherited="warn"),
    "inherited refused": AddressingPolicy(inherited="refuse"),
    "owner addressed": AddressingPolicy(addressed_unit="location-owner"),
    "owner addressed, inherited refused": AddressingPolicy(addressed_unit="location-owner", inherited="refuse"),
    "narrowed": AddressingPolicy(narrow_by_message_type=True),
    "narrowed, versions exact": AddressingPolicy(narrow_by_message_type=True, version="exact"),
    "successors followed": AddressingPolicy(follow_successors=True),
    "successors followed to owners": AddressingPolicy(follow_successors=True, addressed_unit="location-owner"),
    "stale at once": AddressingPolicy(max_age_days=0, refuse_after_days=0),
    "stale late": AddressingPolicy(max_age_days=20, refuse_after_days=30),
    "no closing notice": AddressingPolicy(closing_notice_days=0),
    "long closing notice": AddressingPolicy(closing_notice_days=400),
    "versions exact": AddressingPolicy(version="exact"),
    "no conversion": AddressingPolicy(conversion_model="none"),
    "receiver converts": AddressingPolicy(conversion_model="receiver-converts"),
    "sender converts": AddressingPolicy(conversion_model="sender-converts"),
    "own model": AddressingPolicy(conversion_model=OWN_MODEL),
    "own conversion": AddressingPolicy(own_conversion=True),
    "own model and conversion": AddressingPolicy(conversion_model=OWN_MODEL, own_conversion=True),
    "both sides, sender not known": AddressingPolicy(conversion_model=BOTH_SIDES),
    "both sides, sender by number": AddressingPolicy(conversion_model=BOTH_SIDES, sender=numbers.location_number(0)),
    "both sides, sender by name": AddressingPolicy(
        conversion_model=BOTH_SIDES, sender={"region": "1081", "system": "9101"}, conversion_notice_days=0
    ),
    "XML is native": AddressingPolicy(native_format="XML"),
    "EDI is native": AddressingPolicy(native_format="EDI", conversion_model="none"),
    "internal numbers accepted": AddressingPolicy(internal_only="accept"),
    "unknown support accepted": AddressingPolicy(unknown_support="accept"),
}

REGISTERED_TYPES = (
    "DIS91 D9134L",
    "DIS91 D9133L",
    "DIS91",
    "XDIS91 XD9134L",
    "XDIS91 XD9133L",
    "XDIS91",
    "FDIS91 5.0",
    "RPT01 R0130K",
    "RPT01 R0131F",
    "RPT01",
    "XRPT01 XR0130K",
    "GGOP",
    "CTL02 C0230Q",
    "CTL03",
    "XCTL02",
    "XCTL03 XC0330Q",
    "FCTL",
    "zzz 99",
)


PROVIDER_NUMBERS = ("009901", numbers.provider_number(0), numbers.provider_number(1))
SHAK_CODES = ("9901", numbers.provider_number(0), numbers.shak_code(2, "ward"))
CODES = tuple(numbers.sor_code(n) for n in range(8))
BEYOND = numbers.sor_code(1_000)
# The last has a wrong check digit: what the register holds is never refused.
NUMBERS = (*(numbers.location_number(n) for n in range(3)), numbers.location_number(3)[:-1] + "0")
WITHOUT_UNIT = numbers.location_number(4)

days = st.sampled_from([-400, -31, -1, 0, 1, 29, 30, 31, 400]).map(lambda days: SNAPSHOT + dt.timedelta(days))
# One family more often than the others, so that what is asked for is registered here and there.
message_types = st.sampled_from(REGISTERED_TYPES[:7]) | st.sampled_from(REGISTERED_TYPES)
rarely = st.sampled_from([False] * 9 + [True])


@st.composite
def periods(draw: st.DrawFn) -> tuple[dt.date | None, dt.date | None]:
    if draw(st.booleans()):
        return None, None
    first, last = draw(st.none() | days), draw(st.none() | days)
    return (last, first) if first and last and first > last else (first, last)


@st.composite
def locations(draw: st.DrawFn) -> LocationRecord:
    has_status = draw(st.sampled_from([False, False, True]))
    first, last = draw(periods()) if has_status else (None, None)
    return LocationRecord(
        draw(st.sampled_from(NUMBERS)),
        internal_only=draw(rarely),
        inactive=draw(rarely),
        system=draw(st.sampled_from(["", "9101", "9102"])),
        supplier=draw(st.sampled_from(["", "9201"])),
        net_operator=draw(st.sampled_from(["", "41000035001", "81000035007"])),
        region_code=draw(st.sampled_from(["", "1081", "1082"])),
        has_status=has_status,
        from_date=first,
        to_date=last,
        period_unreadable=has_status and draw(rarely),
        state_unreadable=draw(rarely),
    )


@st.composite
def trees(draw: st.DrawFn) -> list[UnitRecord]:
    """Units in any order: below each other to any depth, in circles, below what isn't there; or all side by side.

    Those side by side share a provider number and mostly have numbers of their own: many to choose from.
    """
    units = []
    is_table = draw(st.sampled_from([False, False, True]))
    side_by_side = draw(st.sampled_from([False, False, True]))
    for n, code in enumerate(CODES[: draw(st.integers(1, len(CODES)))]):
        above = "none" if side_by_side else draw(st.sampled_from(["before", "before", "before", "none", "any"]))
        parents = {"before": CODES[:n] or (None,), "none": (None,), "any": (*CODES, BEYOND)}[above]
        own = draw(st.sampled_from([True, True, True, False] if side_by_side else [True, False]))
        sources = [LocationSource.INHERITED] * 6 + [LocationSource.NONE, LocationSource.UNKNOWN]
        unreadable = draw(rarely)
        first, last = draw(periods())
        source = LocationSource.OWN if own else draw(st.sampled_from(sources))
        shown = draw(locations()) if is_table and source is LocationSource.INHERITED and draw(st.booleans()) else None
        units.append(
            UnitRecord(
                code,
                UnitKind.ORGANISATIONAL_UNIT if n else UnitKind.INSTITUTION_OWNER,
                parent_sor_code=draw(st.sampled_from(parents)),
                from_date=first,
                to_date=None if unreadable else last,
                period_unreadable=unreadable,
                location_source=source,
                location=draw(locations()) if own else None,
                inherited_number=shown.number if shown else "",
                inherited_location=shown if draw(st.booleans()) else None,
                provider_number=draw(
                    st.sampled_from(PROVIDER_NUMBERS[:1] if side_by_side else ("", *PROVIDER_NUMBERS))
                ),
                shak_code=draw(st.sampled_from(("", "", *SHAK_CODES))),
                replaced_by=tuple(draw(st.lists(st.sampled_from((*CODES, BEYOND)), max_size=2))),
                replaces=tuple(draw(st.lists(st.sampled_from((*CODES, BEYOND)), max_size=1))),
                gap_above=draw(rarely),
            )
        )
    return draw(st.permutations(units))


@st.composite
def registrations(draw: st.DrawFn) -> list[RegistrationRecord] | None:
    """Message types on the numbers, in a file with directions, or without; or no such file."""
    file = draw(st.sampled_from(["directions", "directions", "none", "not loaded"]))
    if file == "not loaded":
        return None
    either = st.booleans() if file == "directions" else st.none()
    return [
        RegistrationRecord(number, message_type, draw(either), draw(either))
        for number in (*NUMBERS, WITHOUT_UNIT)
        for message_type in draw(st.lists(message_types, max_size=5, unique=True))
    ]


def register_of(
    units: list[UnitRecord],
    registered: list[RegistrationRecord] | None = None,
    ceased: dict[str, dt.date] | None = None,
    *,
    leaves_out: bool = False,
) -> Register:
    """A register as of a file that leaves units out which are closed, or of one that doesn't."""
    builder = IndexBuilder()
    for unit in units:
        builder.add(unit)
    index = builder.build(
        snapshot_date=SNAPSHOT,
        registrations=None if registered is None else Registrations().extend(registered),
        beside=Beside(
            ceased_providers=ceased or {}, not_known=frozenset([CLOSED_UNITS]) if leaves_out else frozenset()
        ),
    )
    return Register(index, lambda: report_of(index, None, [], []), clock=lambda: SNAPSHOT)
