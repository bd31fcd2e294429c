"""The page of a unit, and lists of several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from sor_addressing.addressing.recipients import Recipient
from sor_addressing.cli.output.answers import chain_above
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, Cell, Column, Screen
from sor_addressing.field_names import SOR_EDI
from sor_addressing.index.unit import Location, Registration, Unit
from sor_addressing.model import Address, Contact, Period
from sor_addressing.register.face import Register

Pairs = Iterator[tuple[str, str]]

_MOST_BELOW = 20


def show_list(screen: Screen, identifier: str, found: Sequence[Recipient]) -> None:
    """The units that share an identifier, a line each."""
    say = screen.say
    screen.line(say("several", identifier=identifier, count=len(found)), LOUD)
    columns = (
        Column(say("head.name"), flows=True),
        Column(say("head.sor-code")),
        Column(say("head.kind")),
        Column(say("head.above"), flows=True),
        Column(say("head.location-number")),
        Column(say("head.own")),
        Column(say("head.usable")),
        Column(say("head.reasons"), flows=True),
    )
    rows = []
    for recipient in found:
        location = recipient.location
        rows.append(
            (
                Cell(recipient.name, LOUD),
                recipient.sor_code,
                str(recipient.unit.kind),
                chain_above(recipient.unit),
                location.number if location else say("none"),
                "" if location is None else say("inherited") if location.inherited else say("own"),
                Cell(say("yes"), GOOD) if recipient.usable else Cell(say("no"), BAD),
                ", ".join(finding.title(screen.language) for finding in recipient.findings),
            )
        )
    screen.table(columns, rows)
    screen.line(say("several-hint"))


def show_unit(screen: Screen, register: Register, recipient: Recipient, on: dt.date) -> None:
    """Everything that the register has of a unit, and whether it can be reached on a day."""
    say, unit = screen.say, recipient.unit
    screen.line(unit.name or unit.sor_code, LOUD)
    screen.pairs(_who(screen, register, unit, on))
    screen.line(say("section.location"), LOUD)
    screen.pairs(_location(screen, register, unit, on))
    _section(screen, "section.addresses", _addresses(screen, register, unit))
    _section(screen, "section.tree", _tree(screen, register, unit))
    if unit.location is not None:
        screen.line(say("section.registrations"), LOUD)
        _registrations(screen, register, unit.location)
    screen.line(say("reachable" if recipient.usable else "not-reachable", on=on), GOOD if recipient.usable else BAD)
    screen.findings(recipient.findings)


def known_as(screen: Screen, register: Register, kind: str, code: str | None) -> str:
    """A code of the register, with what it stands for where the register or this package knows it."""
    if not code:
        return ""
    text = register.code_text(kind, code, screen.language)
    return f"{code} ({text})" if text and text != code else code


def named(register: Register, sor_code: str) -> str:
    """A SOR code with the name of its unit, where the register has it."""
    unit = register.by_sor_code.get(sor_code)
    return f"{unit.name} ({sor_code})" if unit else sor_code


def _section(screen: Screen, head: str, pairs: Iterable[tuple[str, str]]) -> None:
    shown = [pair for pair in pairs if pair[1]]
    if shown:
        screen.line(screen.say(head), LOUD)
        screen.pairs(shown)


def _who(screen: Screen, register: Register, unit: Unit, on: dt.date) -> Pairs:
    say = screen.say
    yield say("label.sor-code"), unit.sor_code
    yield say("label.kind"), say(f"kind.{unit.kind}")
    yield say("label.types"), ", ".join(known_as(screen, register, "type", code) for code in unit.types)
    yield say("label.period"), _period(screen, unit.period, on)
    yield say("label.provider-number"), unit.provider_number or ""
    yield say("label.shak-code"), unit.shak_code or ""
    yield say("label.cvr-number"), unit.cvr_number or ""
    yield say("label.pharmacy-number"), unit.pharmacy_number or ""
    yield say("label.local-code"), unit.local_code or ""
    level = unit.organisational_level
    yield say("label.organisational-level"), " ".join(filter(None, (level.name, level.code))) if level else ""
    yield (
        say("label.specialities"),
        ", ".join(
            known_as(screen, register, "speciality", speciality.code)
            + (f" ({speciality.type})" if speciality.type else "")
            for speciality in unit.specialities
        ),
    )
    for name, text in unit.information.items():
        yield say(f"label.{name}"), _yes_no(screen, text)
    for number, text in enumerate(unit.local_attributes, 1):
        yield say("label.local-attribute", number=number), text


def _period(screen: Screen, period: Period, on: dt.date) -> str:
    say = screen.say
    if not period.readable:
        return say("state.unreadable")
    if period.is_before(on):
        state = say("state.closed")
    elif period.is_after(on):
        state = say("state.future")
    else:
        state = say("state.open")
    text = f"{period.from_date or '…'} – {period.to_date or '…'}, {state}"
    if period.first_from_date:
        text += say("first-from", date=period.first_from_date)
    if period.updated_at:
        text += say("updated-at", date=period.updated_at)
    return text


def _location(screen: Screen, register: Register, unit: Unit, on: dt.date) -> Pairs:
    say = screen.say
    location = unit.location
    if location is None:
        yield say("label.location-number"), say("location-broken" if unit.inheritance_is_broken else "none")
        return
    owner = f"{location.owner.name} ({location.owner.sor_code})"
    yield say("label.location-number"), location.number
    yield say("label.own"), say("inherited-from", owner=owner) if location.inherited else say("own")
    yield (
        say("label.location-period"),
        _period(screen, location.period, on) if location.period_known else say("not-known"),
    )
    yield say("label.active"), {True: "", False: say("no"), None: say("not-known")}[location.active]
    yield say("label.internal-only"), {True: say("yes"), False: "", None: say("not-known")}[location.internal_only]
    yield say("label.system"), known_as(screen, register, "system", location.system)
    yield say("label.supplier"), known_as(screen, register, "supplier", location.supplier)
    yield say("label.net-operator"), known_as(screen, register, "net-operator", location.net_operator)
    yield say("label.region"), known_as(screen, register, "region", location.region)
    yield say("label.administrator"), known_as(screen, register, "administrator", location.administrator)
    yield say("label.note"), location.note or ""


def _addresses(screen: Screen, register: Register, unit: Unit) -> Pairs:
    say = screen.say
    addresses = {
        "postal": unit.postal_address,
        "visiting": unit.visiting_address,
        "activity": unit.activity_address,
    }
    for name, address in addresses.items():
        if address is not None:
            yield say(f"label.{name}"), _address(screen, register, address)
    yield say("label.region"), known_as(screen, register, "region", unit.region)
    yield say("label.municipality"), unit.municipality or ""
    contact = unit.contact or Contact()
    origin = _origin(screen, register, contact.inherited_from)
    for name in ("telephone", "email", "website", "fax"):
        text = getattr(contact, name)
        yield say(f"label.{name}"), text + origin if text else ""


def _address(screen: Screen, register: Register, address: Address) -> str:
    text = ", ".join(address.lines)
    if address.stands_for:
        text += screen.say("stands-in", kind=screen.say(f"label.{address.kind}"))
    return text + _origin(screen, register, address.inherited_from)


def _origin(screen: Screen, register: Register, sor_code: str | None) -> str:
    return screen.say("comes-from", unit=named(register, sor_code)) if sor_code else ""


def _tree(screen: Screen, register: Register, unit: Unit) -> Pairs:
    say = screen.say
    for number, above in enumerate(unit.ancestors):
        yield "" if number else say("label.above"), f"{above.name} ({above.sor_code})"
    below = unit.children
    for number, child in enumerate(below[:_MOST_BELOW]):
        yield "" if number else say("label.below", count=len(below)), f"{child.name} ({child.sor_code})"
    if len(below) > _MOST_BELOW:
        yield "", say("and-more", count=len(below) - _MOST_BELOW)
    for label, codes in (("label.replaces", unit.replaces), ("label.replaced-by", unit.replaced_by)):
        for number, code in enumerate(codes):
            yield "" if number else say(label), named(register, code)
    if unit.geographical_parent:
        relation, code_or_none = unit.geographical_parent
        text = known_as(screen, register, "geographical-parent", relation)
        yield say("label.geographical-parent"), f"{text}: {named(register, code_or_none)}" if code_or_none else text


def _registrations(screen: Screen, register: Register, location: Location) -> None:
    say = screen.say
    if not register.has_message_types:
        screen.line(f"  {say('no-message-types')}")
    elif not location.registrations:
        screen.line(f"  {say('no-registrations')}")
    else:
        columns: tuple[Column, ...] = (
            Column(say("head.code")),
            Column(say("head.version")),
            Column(say("head.format")),
            Column(say("head.may-send")),
            Column(say("head.may-receive")),
            Column(say("head.name"), flows=True),
        )
        rows = [(one, _registration(screen, one)) for one in location.registrations]
        if any(one.source != SOR_EDI for one, _ in rows):
            columns = (*columns, Column(say("head.register")), Column(say("head.state")))
            rows = [(one, (*row, one.source, _state(one))) for one, row in rows]
        screen.table(columns, (row for _, row in rows))


def _state(one: Registration) -> str:
    """What EER says of a registration: its endpoint's status, its days, and its environment."""
    days = one.period
    period = "" if days is None else f"{days.from_date or '…'} – {days.to_date or '…'}"
    return " ".join(filter(None, (one.status, "" if period == "… – …" else period, one.environment)))


def _registration(screen: Screen, registration: Registration) -> tuple[str, ...]:
    kind = registration.message_type
    name = kind.name(screen.language) if kind.known else screen.say("in-no-catalogue")
    return (
        kind.code,
        kind.version or "",
        str(kind.format or ""),
        _direction(screen, registration.may_send),
        _direction(screen, registration.may_receive),
        name,
    )


def _direction(screen: Screen, may: bool | None) -> str:
    return screen.say("not-said") if may is None else screen.say("yes" if may else "no")


def _yes_no(screen: Screen, text: str) -> str:
    words = {"true": "yes", "1": "yes", "false": "no", "0": "no"}
    return screen.say(words[text]) if text in words else text
