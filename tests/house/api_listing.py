"""The public face as text: every public name with its signature, fields and members.

``python tests/house/api_listing.py`` rewrites ``public_api.txt`` beside this file, for a change that was meant; the difference then shows
in the review what users will see.
"""

from __future__ import annotations

import enum
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import attrs

from sor_addressing._lazy import listing_of

LISTING = Path(__file__).with_name("public_api.txt")

# Everything in __all__ of these is promised: what everybody needs first, then the rooms.
ROOMS = (
    "sor_addressing",
    *(
        f"sor_addressing.{room}"
        for room in (
            "changes",
            "daily",
            "deliveries",
            "exports",
            "identifiers",
            "letters",
            "messages",
            "model",
            "quality",
            "register",
            "search",
            "serving",
            "serving.eas",
            "testing",
        )
    ),
)

# What the documentation had users import from elsewhere, and what goes on working there.
BESIDES: dict[str, tuple[str, ...]] = {
    "sor_addressing.changes.html_report": ("to_html",),
    "sor_addressing.changes.review_html": ("to_html",),
    "sor_addressing.changes.writers": ("to_csv", "to_json_lines", "to_markdown"),
    "sor_addressing.daily.download": ("LEGACY", "SOR2", "SOR2_DAILY", "HttpOrigin"),
    "sor_addressing.daily.origin": ("FolderOrigin",),
}

HEAD = """\
# The public face of sor_addressing: names, signatures, fields. What stands here may be relied on; see docs/deprecation.md.
# Written by  python tests/house/api_listing.py  and held by tests/house/test_public_api.py.
"""


def listing() -> str:
    """The whole text."""
    lines: list[str] = []
    shown: dict[int, str] = {}
    for name, members in promised().items():
        lines.append(f"\n[{name}]")
        module = import_module(name)
        for member in sorted(members):
            lines += _value(member, getattr(module, member), shown, f"{name}.{member}")
    for name in ROOMS:
        former = former_names(name)
        if former:
            lines.append(f"\n[{name}: former names]")
        for member, (home, present, until) in sorted(former.items()):
            lines.append(f"{member} is {home}.{present}, until {until}")
    return HEAD + "\n".join(lines) + "\n"


def promised() -> dict[str, tuple[str, ...]]:
    """Module to the names that may be imported from it."""
    return {name: tuple(import_module(name).__all__) for name in ROOMS} | BESIDES


def former_names(package: str) -> dict[str, tuple[str, str, str]]:
    """The names that had their place in a package once, with module, name and the version that the former one goes with."""
    module = import_module(package)
    return listing_of(module)[1] if hasattr(module, "__path__") else {}


def names() -> set[str]:
    """Every public name, with its module."""
    return {f"{module}.{name}" for module, members in promised().items() for name in members}


def _value(name: str, value: object, shown: dict[int, str], place: str) -> Iterator[str]:
    if inspect.isclass(value) or inspect.isroutine(value):
        before = shown.setdefault(id(value), place)
        if before != place:
            yield f"{name}: that of {before.rpartition('.')[0]}"
        elif inspect.isclass(value):
            yield from _class(name, value)
        else:
            yield f"{name}{_signature(value)}"
    else:
        # CPython 3.14 has a shorter name for the type of `int | str`.
        yield f"{name}: {type(value).__name__.removesuffix('Type')}"


def _class(name: str, cls: type) -> Iterator[str]:
    bases = ", ".join(base.__name__ for base in cls.__bases__ if base is not object)
    yield f"class {name}({bases})" if bases else f"class {name}"
    if issubclass(cls, enum.Enum):
        yield from (f"    {member.name} = {member.value!r}" for member in cls)
    elif attrs.has(cls):
        yield from (f"    {field.name}: {_type(field.type)}" for field in attrs.fields(cls) if field.name[0] != "_")
    if "__init__" in vars(cls) or attrs.has(cls):
        yield f"    __init__{_signature(cls.__init__)}"
    for member in sorted(_members(cls)):
        value = inspect.getattr_static(cls, member)
        kind = type(value).__name__ if isinstance(value, (classmethod, staticmethod)) else ""
        if isinstance(value, property):
            yield f"    {member}: {_type(inspect.signature(value.fget).return_annotation if value.fget else None)}"
        elif kind or inspect.isfunction(value):
            yield f"    {kind and kind + ' '}{member}{_signature(getattr(value, '__func__', value))}"
        elif not attrs.has(cls) or member not in attrs.fields_dict(cls):
            annotation = inspect.get_annotations(cls).get(member)
            yield f"    {member}: {_type(annotation)}" if annotation else f"    {member}"


def _members(cls: type) -> set[str]:
    """Public members that the class has from this package, its own and inherited ones."""
    own = {name for base in cls.__mro__ if base.__module__.startswith("sor_addressing") for name in vars(base)}
    if issubclass(cls, enum.Enum):
        own -= set(cls.__members__)
    return {name for name in own if not name.startswith("_")}


def _signature(function: object) -> str:
    """Parameters with annotations and defaults, as written; a default that has no short text is ``...``."""
    signature = inspect.signature(function)  # type: ignore[arg-type]
    parameters = [
        parameter.replace(
            annotation=_Written(_type(parameter.annotation))
            if _given(parameter.annotation)
            else inspect.Parameter.empty,
            default=_Written(_default(parameter.default)) if _given(parameter.default) else inspect.Parameter.empty,
        )
        for parameter in signature.parameters.values()
    ]
    returned = signature.return_annotation
    text = str(signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty))
    return f"{text} -> {_type(returned)}" if _given(returned) else text


class _Written:
    """Stands in a signature for a text that is shown as it is."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _given(value: object) -> bool:
    return value is not inspect.Parameter.empty


def _type(annotation: object) -> str:
    if annotation is None:
        return "None"
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "...")


def _default(value: object) -> str:
    if value is None or type(value) in (bool, int, float, str) or value == ():
        return repr(value)
    return repr(str(value)) if isinstance(value, enum.StrEnum) else "..."


if __name__ == "__main__":
    LISTING.write_text(listing(), encoding="utf-8")
    print(f"written: {LISTING}")
