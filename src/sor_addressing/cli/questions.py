"""The two questions: ``resolve`` and ``validate``."""

from __future__ import annotations

import click

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.support import Direction, Side
from sor_addressing.cli.options.asking import (
    Asking,
    deliveries_option,
    ledger_of,
    print_json,
    question_options,
    sender_option,
)
from sor_addressing.cli.options.completion import complete_types
from sor_addressing.cli.options.parameters import read_message_type, read_message_types
from sor_addressing.cli.options.register import LoadedRegister
from sor_addressing.cli.output.answers import show_choice, show_resolution, show_verdict
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.messages.catalogue import MessageType

_KINDS = [str(kind) for kind in IdentifierKind if kind is not IdentifierKind.CVR_NUMBER]
_KIND_OPTION = click.option("--kind", type=click.Choice(_KINDS), help="What ID is; found out where left open.")


@click.command()
@click.argument("identifier", metavar="ID")
@_KIND_OPTION
@click.option(
    "--message-type",
    metavar="TYPE",
    callback=read_message_type,
    shell_complete=complete_types,
    help="Show of each candidate whether it can receive this type.",
)
@question_options
def resolve(asking: Asking, identifier: str, kind: str | None, message_type: MessageType | None) -> None:
    """Who ID means: one recipient, or the reason why there is none.

    ID is a SOR code, location number, provider number or SHAK code, in any spelling.
    """
    loaded = asking.load()
    resolution = _resolution(asking, loaded, identifier, kind, message_type)
    if asking.as_json:
        print_json({**resolution.to_dict(), **loaded.mark()})
    else:
        screen = asking.screen
        asking.head(screen, loaded)
        show_resolution(screen, resolution)
        asking.foot(screen, loaded)
    asking.finish(loaded, good=resolution.status is Status.RESOLVED)


@click.command()
@click.argument("identifier", metavar="ID")
@click.argument(
    "types",
    metavar="TYPE [TYPE]...",
    nargs=-1,
    required=True,
    callback=read_message_types,
    shell_complete=complete_types,
)
@_KIND_OPTION
@click.option(
    "--direction",
    type=click.Choice([str(direction) for direction in Direction]),
    default=str(Direction.RECEIVE),
    show_default=True,
    help="The recipient's side: may it receive the type, or send it.",
)
@sender_option
@deliveries_option
@question_options
def validate(
    asking: Asking,
    identifier: str,
    types: tuple[MessageType, ...],
    kind: str | None,
    direction: Side,
    sender: str | None,
    ledger: str | None,
) -> None:
    """Whether message type TYPE may be sent to ID, and why or why not.

    With several types, in the order you would like to send them: which one to send. It is one that is supported, else one that others than
    you convert, else one that is converted, else the first; of several the one in the policy's native_format, else the first.
    """
    if len(types) > 1 and direction != Direction.RECEIVE:
        raise click.UsageError("several types choose what to send; with --direction send give one")
    loaded = asking.load()
    recipient = _resolution(asking, loaded, identifier, kind, None)
    deliveries = ledger_of(ledger)
    verdicts = [
        loaded.register.validate(
            recipient,
            one,
            direction=direction,
            sender=sender,
            on=asking.on,
            policy=asking.policy,
            deliveries=deliveries,
        )
        for one in types
    ]
    chosen, because = 0, ""
    if len(types) > 1:
        best = loaded.register.choose(recipient, types, sender=sender, on=asking.on, policy=asking.policy)
        chosen = types.index(best.message_type)
        because = str(best.chosen_because)
    if asking.as_json and len(types) > 1:
        both = {"chosen": chosen, "verdicts": [verdict.to_dict() for verdict in verdicts]}
        print_json({**both, **loaded.mark()})
    elif asking.as_json:
        print_json({**verdicts[0].to_dict(), **loaded.mark()})
    else:
        screen = asking.screen
        asking.head(screen, loaded)
        if len(types) > 1:
            show_choice(screen, verdicts, chosen, because)
        else:
            show_verdict(screen, verdicts[0])
    asking.finish(loaded, good=verdicts[chosen].deliverable)


def _resolution(
    asking: Asking, loaded: LoadedRegister, identifier: str, kind: str | None, message_type: MessageType | None
) -> Resolution:
    ask, on, policy = loaded.register.resolve, asking.on, asking.policy
    match kind:
        case IdentifierKind.SOR_CODE:
            return ask(sor_code=identifier, message_type=message_type, on=on, policy=policy)
        case IdentifierKind.LOCATION_NUMBER:
            return ask(location_number=identifier, message_type=message_type, on=on, policy=policy)
        case IdentifierKind.PROVIDER_NUMBER:
            return ask(provider_number=identifier, message_type=message_type, on=on, policy=policy)
        case IdentifierKind.SHAK_CODE:
            return ask(shak_code=identifier, message_type=message_type, on=on, policy=policy)
        case _:
            return ask(identifier, message_type=message_type, on=on, policy=policy)
