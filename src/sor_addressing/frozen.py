"""Values that answers are made of, frozen as those of attrs are, which a process that only answers does not have to import."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, NoReturn, Self

__all__ = ["Frozen", "fill"]


def fill(value: object, **slots: object) -> None:
    """Give a value that is being made what it holds."""
    for name, one in slots.items():
        object.__setattr__(value, name, one)


class _Fields:
    """What :func:`attrs.fields`, :func:`attrs.evolve` and :func:`attrs.asdict` ask a class for, made when one of them does."""

    def __get__(self, _instance: object, owner: Callable[..., object]) -> Any:
        return _fields_of(owner)


class Frozen:
    """A value of the fields that its class names: equal where they are, shown and copied by them, and never changed.

    A class has ``__slots__``, and an ``__init__`` that takes each field by its name and fills them with :func:`fill`; slots beside the fields
    hold what follows from these.
    """

    __slots__ = ()
    _names: ClassVar[tuple[str, ...]]
    """The fields, as the arguments of the class are called, in their order."""
    __attrs_attrs__ = _Fields()

    def __setattr__(self, _name: str, _value: object) -> NoReturn:
        from attrs.exceptions import FrozenInstanceError

        raise FrozenInstanceError

    def __delattr__(self, _name: str) -> NoReturn:
        from attrs.exceptions import FrozenInstanceError

        raise FrozenInstanceError

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._values()

    def __replace__(self, **changes: Any) -> Self:
        return type(self)(**{name: getattr(self, name) for name in self._names} | changes)

    def _values(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in self._names])


@cache
def _fields_of(cls: Callable[..., object]) -> Any:
    from inspect import Parameter, signature

    import attr

    made = {
        one.name: attr.ib(
            default=attr.NOTHING if one.default is Parameter.empty else one.default,
            kw_only=one.kind is Parameter.KEYWORD_ONLY,
            type=cls.__annotations__[one.name],
        )
        for one in signature(cls).parameters.values()
    }
    return attr.fields(attr.make_class(cls.__name__, made))
