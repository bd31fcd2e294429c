"""What values any file of ours may hold, whether TOML or JSON: numbers that are numbers, and nothing nested without end."""

from __future__ import annotations

import math

MOST_DEPTH = 64
"""Tables and lists within one another."""

MOST_VALUES = 2_000_000
"""Values altogether: a file of tiny ones needs memory of twenty times its size."""

MOST_DIGITS = 400
"""Digits of a number: more take a parser ever longer, and none of ours has."""

_WHOLE = 10**MOST_DIGITS


def fault_in(value: object) -> str:
    """What is wrong with a value or one inside it; empty where nothing is."""
    waiting: list[tuple[object, int]] = [(value, 1)]
    counted = 0
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, (dict, list)):
            if depth > MOST_DEPTH:
                return "nested deeper than any such file; give the right one"
            inside = one.values() if isinstance(one, dict) else one
            counted += len(inside)
            if counted > MOST_VALUES:
                return f"more than {MOST_VALUES:,} values, and no such file has; give the right one"
            waiting += ((other, depth + 1) for other in inside)
        elif isinstance(one, float) and not math.isfinite(one):
            return "a number that is none or too large (nan, inf, 1e999); write a number"
        elif isinstance(one, int) and not -_WHOLE < one < _WHOLE:
            return "a number of too many digits; write a smaller one, or a text in quotes"
    return ""
