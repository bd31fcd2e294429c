"""A ledger of deliveries: adding receipts, a state, and verdicts with what came back."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import attrs
from tests.benchmarks.asking import questions
from tests.benchmarks.measuring import Asked, Row, least_times, slower
from tests.benchmarks.nation import opened_nation

from sor_addressing.deliveries import DeliveryLedger
from sor_addressing.letters import LetterHeader, LetterIdentifierKind, Party, read_message_header
from sor_addressing.testing import MadeUpLetter, edifact_of

_LETTERS = 20_000
_TURNS = 5
_BATCH = 5_000
_START = dt.datetime(2026, 1, 15, 9)  # noqa: DTZ001 (naive means Danish time)


def _to(party: Party, number: str) -> Party:
    kept = [one for one in party.identifiers if one.kind is not LetterIdentifierKind.LOCATION_NUMBER]
    first = next(one for one in party.identifiers if one.kind is LetterIdentifierKind.LOCATION_NUMBER)
    return attrs.evolve(party, identifiers=(attrs.evolve(first, value=number), *kept))


def traffic(numbers: list[str], count: int) -> tuple[list[LetterHeader], list[LetterHeader]]:
    """Letters to these numbers and a receipt for each; every tenth is refused."""
    letter = MadeUpLetter(code="DIS91", version="D9134L")
    (sent,) = read_message_header(edifact_of(letter))
    answers = {}
    for positive, code, version in ((True, "CTL03", "C0330Q"), (False, "CTL02", "C0230Q")):
        receipt = MadeUpLetter(
            code=code,
            version=version,
            sender=letter.receiver,
            receiver=letter.sender,
            answers=letter,
            answer_positive=positive,
        )
        (answers[positive],) = read_message_header(edifact_of(receipt))
    letters, receipts = [], []
    for position, number in enumerate(islice(cycle(numbers), count)):
        name, moment = f"BRV{position:011}", _START + dt.timedelta(seconds=position)
        letters.append(
            attrs.evolve(
                sent, letter_id=name, envelope_id=f"KUV{position:011}", sent=moment, receiver=_to(sent.receiver, number)
            )
        )
        answer = answers[position % 10 != 0]
        answered = answer.answered
        assert answered is not None
        receipts.append(
            attrs.evolve(
                answer,
                letter_id=f"KVB{position:011}",
                sent=moment + dt.timedelta(minutes=3),
                sender=_to(answer.sender, number),
                answered=attrs.evolve(
                    answered,
                    letter_ids=(name,),
                    receiver=number,
                    letters=tuple(attrs.evolve(one, letter_id=name) for one in answered.letters),
                ),
            )
        )
    return letters, receipts


def deliveries(asked: Asked) -> Iterator[Row]:
    """Verdicts with a ledger against verdicts without; how fast receipts are added stands beside it."""
    register = opened_nation(asked.units)
    numbers = list(islice(register.by_location_number, 2_000))
    letters, receipts = traffic(numbers, _LETTERS)
    with tempfile.TemporaryDirectory() as folder, DeliveryLedger(Path(folder) / "deliveries.sqlite") as ledger:
        ledger.add(letters)
        (adding,) = least_times(lambda: ledger.add(receipts), turns=1)
        (states,) = least_times(lambda: [ledger.state(number, "DIS91") for number in numbers], turns=_TURNS)
        pairs = questions(register, 2 * _TURNS * _BATCH)
        batches = iter([pairs[start : start + _BATCH] for start in range(0, len(pairs), _BATCH)])

        def without() -> None:
            for recipient, message_type in next(batches):
                register.validate(recipient, message_type)

        def with_ledger() -> None:
            for recipient, message_type in next(batches):
                register.validate(recipient, message_type, deliveries=ledger)

        bare, told = least_times(without, with_ledger, turns=_TURNS)
    figures = (
        f"{_LETTERS / adding.cpu:,.0f} receipts added a second, a state in {1e6 * states.cpu / len(numbers):.0f} us"
    )
    yield slower("validate with a ledger of deliveries", told, bare, 2.0, "validate without", figures)
