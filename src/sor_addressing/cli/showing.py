"""``show``: everything that the register has of the units with an identifier."""

from __future__ import annotations

import click

from sor_addressing.addressing.recipients import Recipient
from sor_addressing.cli.options.asking import Asking, print_json, question_options
from sor_addressing.cli.output.answers import show_resolution
from sor_addressing.cli.output.unit_page import show_list, show_unit
from sor_addressing.identifiers import IdentifierKind, parse
from sor_addressing.index.unit import Unit
from sor_addressing.register.face import Register
from sor_addressing.serving.questions import unit_document


@click.command()
@click.argument("identifier", metavar="ID")
@click.option("--full", is_flag=True, help="A whole page of each unit, also where there are several.")
@question_options
def show(asking: Asking, identifier: str, full: bool) -> None:
    """Everything known of the units with ID.

    ID is a SOR code, location number, provider number, SHAK code or CVR number. Several units are listed, one has a page of its
    own. Units that can't be reached are shown too, with the reason.
    """
    loaded = asking.load()
    register = loaded.register
    asked = register.resolve(identifier, on=asking.on, policy=asking.policy)
    found = [_as_recipient(register, unit, asking) for unit in units_with(register, identifier)]
    if asking.as_json:
        document = {
            "identifier": identifier,
            "on": asked.on.isoformat(),
            "units": [unit_document(recipient) for recipient in found],
            "findings": [] if found else [finding.to_dict() for finding in asked.findings],
        }
        print_json({**document, **loaded.mark()})
    else:
        screen = asking.screen
        asking.head(screen, loaded)
        if not found:
            show_resolution(screen, asked)
        elif len(found) > 1 and not full:
            show_list(screen, identifier, found)
        else:
            for number, recipient in enumerate(found):
                screen.line() if number else None
                show_unit(screen, register, recipient, asked.on)
        asking.foot(screen, loaded)
    asking.finish(loaded, good=bool(found))


def units_with(register: Register, identifier: str) -> list[Unit]:
    """Every unit that carries an identifier, as whichever kind; a system in front of it says the kind."""
    value, kind, system = parse(identifier)
    if kind is None and system is not None:
        return []
    found: dict[str, Unit] = {}
    if kind in (None, IdentifierKind.SOR_CODE) and value in register.by_sor_code:
        found[value] = register.by_sor_code[value]
    shared = {
        IdentifierKind.LOCATION_NUMBER: register.by_location_number,
        IdentifierKind.PROVIDER_NUMBER: register.by_provider_number,
        IdentifierKind.SHAK_CODE: register.by_shak_code,
        IdentifierKind.CVR_NUMBER: register.by_cvr_number,
    }
    for one, mapping in shared.items():
        if kind in (None, one):
            found.update((unit.sor_code, unit) for unit in mapping.get(value, ()))
    return list(found.values())


def _as_recipient(register: Register, unit: Unit, asking: Asking) -> Recipient:
    return register.resolve(sor_code=unit.sor_code, on=asking.on, policy=asking.policy).candidates[0]
