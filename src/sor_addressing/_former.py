"""What has another name or place today goes on working as docs/deprecation.md describes, and says so when it is used."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

UNTIL = "0.3"
"""The version that goes without what was left behind on the way to 0.1; names that moved say it in their stubs."""

Given = ParamSpec("Given")
Returned = TypeVar("Returned")


def told_of_former(former: str, present: str, until: str = UNTIL, *, stacklevel: int = 3) -> None:
    """Warn that ``former`` is ``present`` today, and of the version that the former one goes with."""
    text = f"{former} is {present} now; the former name goes with version {until}"
    warnings.warn(text, DeprecationWarning, stacklevel=stacklevel)


def former_argument(former: str, present: str) -> Callable[[Callable[Given, Returned]], Callable[Given, Returned]]:
    """Let a function take its argument ``present`` by the former name too."""

    def of(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
        @wraps(function)
        def called(*args: Given.args, **kwargs: Given.kwargs) -> Returned:
            if former in kwargs:
                told_of_former(f"{function.__qualname__}({former}=…)", f"{present}=…")
                kwargs[present] = kwargs.pop(former)
            return function(*args, **kwargs)

        return called

    return of
