"""What a service counts, in memory that all its worker processes share: each writes a stretch of its own, and any of them can tell all.

What stands in a label is one of a few words: the name of a route, a method, a status, an outcome. Nothing that a client sent is among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

ROUTES = (
    "resolve",
    "validate",
    "validate-many",
    "letters",
    "search",
    "find",
    "units",
    "fhir",
    "fhir-metadata",
    "health",
    "metrics",
    "openapi",
    "none",
)
"""Names of routes; ``none`` is whatever is no route."""

STATUSES = (200, 304, 400, 401, 404, 405, 406, 408, 409, 411, 413, 414, 415, 417, 422, 431, 499, 500, 503, 0)
"""Statuses that are given; 499 is a client that left, 0 any other."""

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OUTCOMES = ("supported", "converted", "unsupported", "support_unknown", "not_resolved", "error")
REFUSED = ("connections", "slow-headers", "slow-bodies", "too-many-requests", "too-late", "broken")
GAUGES = ("running", "connections", "register_timestamp", "ready", "up")

_BUCKETS_OF_A_ROUTE = len(BUCKETS) + 2  # those above all of them, and the sum
_AT_REQUESTS = 0
_AT_BUCKETS = _AT_REQUESTS + len(ROUTES) * len(STATUSES)
_AT_OUTCOMES = _AT_BUCKETS + len(ROUTES) * _BUCKETS_OF_A_ROUTE
_AT_REFUSED = _AT_OUTCOMES + len(OUTCOMES)
_AT_GAUGES = _AT_REFUSED + len(REFUSED)
SIZE = _AT_GAUGES + len(GAUGES)
"""So many numbers one worker has."""

_STATUS_AT = {status: place for place, status in enumerate(STATUSES)}
_ROUTE_AT = {route: place for place, route in enumerate(ROUTES)}


class SharedNumbers(Protocol):
    """SharedNumbers side by side, as ``multiprocessing.RawArray`` has them."""

    def __getitem__(self, place: int, /) -> float: ...
    def __setitem__(self, place: int, value: float, /) -> None: ...
    def __len__(self) -> int: ...


class Counters:
    """The stretch of one worker, written by its event loop alone, and the sums of all."""

    def __init__(self, numbers: SharedNumbers, worker: int) -> None:
        self._numbers = numbers
        self._base = worker * SIZE

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        numbers, place = self._numbers, _ROUTE_AT.get(route, len(ROUTES) - 1)
        known = _STATUS_AT.get(status, len(STATUSES) - 1)
        numbers[self._base + _AT_REQUESTS + place * len(STATUSES) + known] += 1
        at = self._base + _AT_BUCKETS + place * _BUCKETS_OF_A_ROUTE
        bucket = next((n for n, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))
        numbers[at + bucket] += 1
        numbers[at + len(BUCKETS) + 1] += seconds

    def outcome(self, outcome: str, count: int = 1) -> None:
        """Count verdicts by what they came to."""
        if outcome in OUTCOMES:
            self._numbers[self._base + _AT_OUTCOMES + OUTCOMES.index(outcome)] += count

    def refused(self, reason: str) -> None:
        """Count what was turned away."""
        self._numbers[self._base + _AT_REFUSED + REFUSED.index(reason)] += 1

    def gauge(self, name: str, value: float) -> None:
        """Say how much there is of something now."""
        self._numbers[self._base + _AT_GAUGES + GAUGES.index(name)] = value

    def forget_gauges(self) -> None:
        """A new process in place of one that ended: what that one had is no more; what it counted stays counted."""
        for name in GAUGES:
            self.gauge(name, 0)

    def text(self) -> str:
        """All of it in Prometheus' text format."""
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        requests = self._sums(_AT_REQUESTS, len(ROUTES) * len(STATUSES))
        yield from _head("requests_total", "counter", "Requests answered, by route and status.")
        for number, count in enumerate(requests):
            if count:
                route, status = ROUTES[number // len(STATUSES)], STATUSES[number % len(STATUSES)]
                yield f'sor_addressing_requests_total{{route="{route}",status="{status or "other"}"}} {count:.0f}'
        yield from _head("request_seconds", "histogram", "Seconds from a request to the end of its answer.")
        for place, route in enumerate(ROUTES):
            yield from self._histogram(place, route)
        yield from _head("verdicts_total", "counter", "Verdicts given, by outcome.")
        for outcome, count in zip(OUTCOMES, self._sums(_AT_OUTCOMES, len(OUTCOMES)), strict=True):
            yield f'sor_addressing_verdicts_total{{outcome="{outcome}"}} {count:.0f}'
        yield from _head("refused_total", "counter", "Requests and connections turned away, by reason.")
        for reason, count in zip(REFUSED, self._sums(_AT_REFUSED, len(REFUSED)), strict=True):
            yield f'sor_addressing_refused_total{{reason="{reason}"}} {count:.0f}'
        yield from self._gauges()

    def _histogram(self, place: int, route: str) -> Iterator[str]:
        counts = self._sums(_AT_BUCKETS + place * _BUCKETS_OF_A_ROUTE, _BUCKETS_OF_A_ROUTE)
        if not any(counts):
            return
        reached = 0.0
        for bound, count in zip((*BUCKETS, "+Inf"), counts, strict=False):
            reached += count
            yield f'sor_addressing_request_seconds_bucket{{route="{route}",le="{bound}"}} {reached:.0f}'
        yield f'sor_addressing_request_seconds_sum{{route="{route}"}} {counts[-1]:.6f}'
        yield f'sor_addressing_request_seconds_count{{route="{route}"}} {reached:.0f}'

    def _gauges(self) -> Iterator[str]:
        told = {name: self._of_each(name) for name in GAUGES}
        up = [bool(value) for value in told["up"]]
        days = [day for day in told["register_timestamp"] if day]
        figures = {
            "workers_up": (sum(up), "Workers that run."),
            "workers_ready": (sum(map(bool, told["ready"])), "Workers that have a register."),
            "requests_running": (sum(told["running"]), "Requests that are being answered."),
            "connections": (sum(told["connections"]), "Connections that are open."),
        }
        for name, (value, words) in figures.items():
            yield from _head(name, "gauge", words)
            yield f"sor_addressing_{name} {value:.0f}"
        if days:
            yield from _head(
                "register_timestamp_seconds", "gauge", "The day of the oldest register that a worker serves."
            )
            yield f"sor_addressing_register_timestamp_seconds {min(days):.0f}"

    def _of_each(self, name: str) -> list[float]:
        at = _AT_GAUGES + GAUGES.index(name)
        return [self._numbers[base + at] for base in range(0, len(self._numbers), SIZE)]

    def _sums(self, at: int, count: int) -> Sequence[float]:
        numbers = self._numbers
        bases = range(0, len(numbers), SIZE)
        return [sum(numbers[base + at + n] for base in bases) for n in range(count)]


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP sor_addressing_{name} {words}"
    yield f"# TYPE sor_addressing_{name} {kind}"
