"""Names that are given where only some are taken: one that is none of them is an error that suggests the right one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

__all__ = ["check_names", "nearest", "suggests_arguments", "suggests_fields"]

Class = TypeVar("Class", bound=type[Any])
Taken = ParamSpec("Taken")
Given = TypeVar("Given")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that ``name`` is most likely meant for; None where none is like it.

    >>> nearest("to_dat", ["from_date", "to_date"]), nearest("colour", ["to_date"])
    ('to_date', None)
    """
    from difflib import get_close_matches

    choices = list(known)
    if len(name) > _TIMES_LONGER * max(map(len, choices), default=0):
        return None  # and it takes long to find out
    return next(iter(get_close_matches(name, choices, n=1)), None)


_TIMES_LONGER = 3


def check_names(owner: str, given: Iterable[str], known: Collection[str], *, what: str = "field") -> None:
    """Refuse a name that is none of ``known``.

    Args:
        owner: what the names are given to, as the error begins with it.
        given: the names.
        known: those that can be given.
        what: what they are called in the error.

    Raises:
        TypeError: one is not known; the text suggests the one that is like it, else it tells what there is.

    >>> check_names("the unit 'Klinikken'", ["to_dat"], ["from_date", "to_date"])
    Traceback (most recent call last):
    TypeError: the unit 'Klinikken' has no field 'to_dat': did you mean 'to_date'?
    """
    for name in given:
        if name not in known:
            near = nearest(name, known)
            told = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
            raise TypeError(f"{owner} has no {what} {name!r}: {told}")


def suggests_fields(cls: Class) -> Class:
    """Let a class refuse a misspelt argument with a suggestion, which Python itself gives from CPython 3.13 on, and not for every class."""
    made: Callable[..., None] = cls.__init__
    known = _arguments_of(made)[1:]

    @wraps(made)
    def init(self: object, *args: Any, **kwargs: Any) -> None:
        if not kwargs.keys() <= set(known):
            check_names(cls.__name__, kwargs, known)
        made(self, *args, **kwargs)

    cls.__init__ = init
    return cls


def suggests_arguments(function: Callable[Taken, Given]) -> Callable[Taken, Given]:
    """The same for a function or a method.

    >>> @suggests_arguments
    ... def registers(recipient, *, receive): ...
    >>> registers("9906", recieve=True)
    Traceback (most recent call last):
    TypeError: registers() has no argument 'recieve': did you mean 'receive'?
    """
    known = _arguments_of(function)

    @wraps(function)
    def checked(*args: Taken.args, **kwargs: Taken.kwargs) -> Given:
        if not kwargs.keys() <= set(known):
            check_names(
                f"{function.__name__}()",
                kwargs,
                [name for name in known if name not in ("self", "cls")],
                what="argument",
            )
        return function(*args, **kwargs)

    return checked


def _arguments_of(function: Callable[..., Any]) -> tuple[str, ...]:
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
