"""Recipients by rule: from a filter to addresses that a letter can go to, and what every step took away on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sor_addressing.addressing.age import said_of_age
from sor_addressing.addressing.inside import support_of, why_not
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import levels_of
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
from sor_addressing.addressing.usable import Usable
from sor_addressing.errors import FilterError
from sor_addressing.index.lookup import Index
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.search.rules.facets import UnknownValue
from sor_addressing.search.rules.filters import Filter
from sor_addressing.search.rules.found import Found, FoundAddress, Search
from sor_addressing.search.rules.narrowing import Step, narrow, reason_against, refusal
from sor_addressing.search.rules.nearby import Nearby


def find(search: Search, *, limit: int | None = None) -> Found:
    """The addresses that fit the filter of ``search``, each once.

    Raises:
        FilterError: the limit is negative.
    """
    if limit is not None and limit < 0:
        raise FilterError(f"a limit of {limit} leaves less than nothing: use 0 or more, or leave it out")
    index, wanted = search.index, search.filter
    narrowed = narrow(index, wanted, search.day)
    narrowed.take("addressable", *Usable(index, search.day, search.policy).divide(narrowed.rows))
    addresses = _addresses(index, narrowed.rows)
    steps = [*narrowed.steps, Step("addresses", len(narrowed.rows), len(addresses))]
    unknown = [*narrowed.unknown, *_unknown_type(index, wanted.message_type)]
    if wanted.message_type is not None:
        addresses, step = _deliverable(search, addresses, wanted.message_type)
        steps.append(step)
    if wanted.near is not None:
        addresses = _by_distance(addresses, Nearby(index, wanted.near))
    return Found(search, tuple(addresses[:limit]), len(addresses), tuple(steps), tuple(unknown))


def unknown_values(index: Index, wanted: Filter, day: int) -> tuple[UnknownValue, ...]:
    """The values of a filter that no unit of the register has: why nothing, or less than was meant, fits it."""
    return (*narrow(index, wanted, day).unknown, *_unknown_type(index, wanted.message_type))


def _addresses(index: Index, rows: Iterable[int]) -> list[FoundAddress]:
    numbers, locations = index.columns.location_number, index.columns.unit_location
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(numbers[locations[row]], []).append(row)
    return [FoundAddress(number, tuple(having)) for number, having in found.items()]


def _unknown_type(index: Index, message_type: MessageType | None) -> list[UnknownValue]:
    """The message type, where no location number at all has it registered, nor another format of its family."""
    if message_type is None or not index.has_message_types:
        return []
    plan = plan_for(index, message_type)
    held = plan.same | plan.family | plan.uncertain_family
    return [] if held else [UnknownValue("message_type", message_type.text)]


def _deliverable(
    search: Search, addresses: list[FoundAddress], message_type: MessageType
) -> tuple[list[FoundAddress], Step]:
    """The addresses that the message type may go to, or may come from."""
    against = _against(search, message_type)
    kept: list[FoundAddress] = []
    reasons: dict[str, int] = {}
    for address in addresses:
        reason = against(address)
        if reason is None:
            kept.append(address)
        else:
            reasons[reason] = reasons.get(reason, 0) + 1
    return kept, Step("message_type", len(addresses), len(kept), reasons)


def _against(search: Search, message_type: MessageType) -> Callable[[FoundAddress], str | None]:
    """A function from an address to the code of the finding that keeps the message type from it, or None."""
    index, policy, conversion = search.index, search.policy, search.filter.conversion
    columns = index.columns
    refused = refusal(index, message_type, search.filter, policy, search.day)
    nothing_more = _nothing_more_to_say(search)

    def against(address: FoundAddress) -> str | None:
        number = address.number
        if columns.number_owners[number] <= 1:
            # What is registered says no to most, and says it without asking who the recipient is.
            reason = refused(number, columns.unit_location[address.rows[0]])
            if reason is not None or nothing_more:
                return reason
        verdict = search.verdict(search.resolution(number), message_type)
        found = support_of(verdict)
        reason = reason_against(found, conversion, policy) if found else None
        return reason or why_not(verdict) or None

    return against


def _nothing_more_to_say(search: Search) -> bool:
    """Whether no finding on a recipient that can be reached, nor on the age of the register, is an error under the policy."""
    policy = search.policy
    said = said_of_age(search.today - search.index.snapshot_day, policy)
    if any(severity is Severity.ERROR for _, severity, _ in said) or policy.internal_only == "accept":
        return False
    levels = levels_of(policy)
    return all(
        levels[code] is not Severity.ERROR for code, usual in DEFAULT_SEVERITIES.items() if usual is not Severity.ERROR
    )


def _by_distance(addresses: list[FoundAddress], nearby: Nearby) -> list[FoundAddress]:
    placed = [address._replace(distance=min(map(nearby.distance, address.rows))) for address in addresses]
    return sorted(placed, key=lambda address: address.distance or 0)
