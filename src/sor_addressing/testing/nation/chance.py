"""Chance that falls the same way everywhere: only ``random.Random.random()`` is promised to stay as it is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Chance"]

T = TypeVar("T")


class Chance:
    """Draws from one seed; the same draws on every platform and every version of Python.

    >>> one, other = Chance(1), Chance(1)
    >>> [one.below(6) for _ in range(5)] == [other.below(6) for _ in range(5)]
    True
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311  made-up data, nothing secret

    def below(self, end: int) -> int:
        """A whole number from 0 to ``end - 1``."""
        return int(self._random() * end)

    def between(self, first: int, last: int) -> int:
        """A whole number from ``first`` to ``last``, both included."""
        return first + int(self._random() * (last - first + 1))

    def hits(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def one_of(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self._random() * len(items))]

    def weighted(self, weights: Sequence[float]) -> int:
        """A position, each as likely as its weight; the weights need not add up to 1."""
        left = self._random() * sum(weights)
        for position, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return position
        return len(weights) - 1

    def shares(self, total: int, parts: int, *, at_least: int = 1) -> list[int]:
        """``total`` split unevenly into so many parts, none smaller than ``at_least`` (unless there is too little)."""
        at_least = min(at_least, total // parts)
        weights = [0.25 + self._random() for _ in range(parts)]
        left = total - parts * at_least
        scale = left / sum(weights)
        shares = [at_least + int(weight * scale) for weight in weights]
        for position in range(total - sum(shares)):
            shares[position % parts] += 1
        return shares
