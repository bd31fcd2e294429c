"""The options that say what recipients are looked for, the same for ``find`` and ``search``; the commands get them as a :class:`Filter`."""

from __future__ import annotations

from functools import wraps
from typing import Any

import click

from sor_addressing.addressing.support import Direction
from sor_addressing.cli.options.asking import Command
from sor_addressing.cli.options.completion import complete_types
from sor_addressing.cli.options.parameters import read_message_type
from sor_addressing.field_names import LISTED_FILTERS, OTHER_FILTERS
from sor_addressing.model import UnitKind
from sor_addressing.search.rules.filters import CONVERSIONS, Filter

_SEVERAL = {
    "unit_type": ("CODE|WORD", "Type of the unit, by code or word; repeatable, as those that follow."),
    "region": ("CODE|NAME", "Region of the visiting address, else of the location number."),
    "municipality": ("CODE|NAME", "Municipality, by its code of four digits, or by name."),
    "postal_code": ("CODE|FROM-TO", "Postal code, or a range of them."),
    "speciality": ("CODE|WORD", "Clinical speciality."),
    "organisational_level": ("CODE|NAME", "Organisational level, where the register has it."),
    "provider_number": ("NUMBER", "Provider number, with or without leading zeros."),
    "system": ("CODE|WORD", "System behind the location number."),
    "supplier": ("CODE|WORD", "Supplier of that system."),
    "net_operator": ("CODE|WORD", "Net operator (VANS)."),
    "administrator": ("CODE|WORD", "Who maintains the location number's registrations."),
    "owner": ("SOR-CODE|NAME", "Institution owner, with everything that belongs to it."),
    "institution": ("SOR-CODE|NAME", "Health institution, likewise."),
    "hospital": ("SOR-CODE|NAME", "Hospital: a health institution of that type, likewise."),
    "level": ("KIND|DEPTH|CODE|NAME", "IE, SI or OE; how many units lie above; or an organisational level."),
}


def _read_point(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        easting, northing = (float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no point: write easting and northing in metres, as 530000,6290000"
        ) from None
    return easting, northing


def _several(name: str) -> Any:
    metavar, help_text = _SEVERAL[name]
    return click.option(f"--{name.replace('_', '-')}", name, metavar=metavar, multiple=True, help=help_text)


_OPTIONS = (
    *map(_several, _SEVERAL),
    click.option(
        "--kind", type=click.Choice([str(kind) for kind in UnitKind]), multiple=True, help="Owner, institution or unit."
    ),
    click.option("--within", metavar="SOR-CODE", help="That unit and everything below it."),
    click.option("--own-location-only", is_flag=True, help="Leave out units that inherit their location number."),
    click.option("--in-force-only", is_flag=True, help="Leave out units not in force; find gives no others anyway."),
    click.option(
        "--near",
        metavar="EASTING,NORTHING",
        callback=_read_point,
        help="Metres in ETRS89, UTM zone 32 N; units without coordinates are left out.",
    ),
    click.option("--max-distance", "max_distance_m", metavar="METRES", type=float, help="How far from --near."),
)
_MESSAGE_TYPE = click.option(
    "--message-type",
    metavar="TYPE",
    callback=read_message_type,
    shell_complete=complete_types,
    help="A type it can receive.",
)
_HOW = (
    click.option(
        "--conversion",
        type=click.Choice(CONVERSIONS),
        default=CONVERSIONS[0],
        show_default=True,
        help="Whether the type may be converted on its way.",
    ),
    click.option(
        "--direction",
        type=click.Choice([str(direction) for direction in Direction]),
        default=str(Direction.RECEIVE),
        show_default=True,
        help="The recipient's side: to receive the type, or to send it.",
    ),
)


def filter_options(command: Command) -> Command:
    """Adds the options; the command gets ``wanted``, a filter without a message type, and ``message_type``.

    Raises:
        FilterError: when the command is run, where an option is given something that it can't mean.
    """

    @wraps(command)
    def with_filter(*arguments: Any, **given: Any) -> None:
        fields: dict[str, Any] = {name: given.pop(name) or None for name in LISTED_FILTERS}
        for name in OTHER_FILTERS:
            fields[name] = given.pop(name)
        command(*arguments, wanted=Filter(**fields), **given)

    adorned: Command = with_filter
    for option in reversed((_MESSAGE_TYPE, *_OPTIONS)):
        adorned = option(adorned)
    return adorned


def message_options(command: Command) -> Command:
    """Adds ``--conversion`` and ``--direction``: how ``--message-type`` is meant."""
    for option in reversed(_HOW):
        command = option(command)
    return command
