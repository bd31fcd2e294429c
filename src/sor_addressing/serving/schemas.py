"""What every answer looks like, as JSON Schema (2020-12): of one description, ``data/*.toml``, which OpenAPI is made of too.

There a type is written in one line and read here: ``string``, ``integer``, ``number``, ``boolean``, ``date``, ``moment``, ``any``, ``null``; the name
of another answer; ``T[]`` a list of them, ``{T}`` an object whose keys are free, ``T?`` this or null, ``T | U`` either; ``'word'`` this very text.
A field whose name ends in ``?`` may be missing. Nothing else may stand in an answer.

>>> verdict = schema("Verdict")
>>> verdict["properties"]["deliverable"]
{'type': 'boolean', 'description': 'Whether the letter may be sent: the short answer.'}
>>> verdict["properties"]["conversion"]["anyOf"][0]
{'$ref': '#/$defs/Conversion'}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sor_addressing.errors import SchemaUnknown
from sor_addressing.hiding import shown
from sor_addressing.misspelt import nearest
from sor_addressing.shipped import shipped_toml

__all__ = ["all_schemas", "classes", "definitions", "reached", "schema", "schema_names", "told_of_schemas"]

Schema = dict[str, Any]

_FILES = (
    "register",
    "answers",
    "search",
    "letters",
    "deliveries",
    "changes",
    "handing",
    "quality",
    "exports",
    "service",
)
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Mapping[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "null": {"type": "null"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "any": {},
}
_DEFS = "#/$defs/"


def schema_names() -> tuple[str, ...]:
    """The answers that have a schema of their own to ask for; the others are parts of these."""
    return tuple(name for name, one in _described().items() if "da" in one)


def told_of_schemas(language: str = "en") -> dict[str, str]:
    """What each of :func:`schema_names` is, in a line."""
    described = _described()
    return {name: described[name]["da" if language == "da" else "about"] for name in schema_names()}


def schema(name: str) -> Schema:
    """The JSON Schema of an answer, whole: what it refers to is in its ``$defs``.

    Args:
        name: that of the class, such as ``Verdict``, or of a part of one.

    Raises:
        SchemaUnknown: there is no such answer; the nearest name is suggested.
    """
    made = definitions()
    if name not in made:
        near = nearest(name, made)
        if near:
            raise SchemaUnknown(f"no answer is called {shown(name)!r}; did you mean {near}?")
        raise SchemaUnknown(f"no answer is called {shown(name)!r}; sor-addressing schema lists them")
    defs = {one: made[one] for one in reached(made[name], made)}
    return {
        "$schema": _DIALECT,
        "$id": f"urn:sor-addressing:schema:{name}",
        **made[name],
        **({"$defs": defs} if defs else {}),
    }


def all_schemas() -> Schema:
    """All of them in one document, in its ``$defs``."""
    return {"$schema": _DIALECT, "$id": "urn:sor-addressing:schemas", "$defs": definitions()}


def definitions(prefix: str = _DEFS) -> dict[str, Schema]:
    """Every schema by name, those of parts too; one refers to another by ``prefix`` and its name."""
    described = _described()
    return {name: _schema_of(name, one, described, prefix) for name, one in described.items()}


def classes() -> dict[str, str]:
    """Which class of the package an answer is the ``to_dict()`` of, as ``module:Class``, by the name of its schema."""
    return {name: one["class"] for name, one in _described().items() if "class" in one}


@cache
def _described() -> dict[str, dict[str, Any]]:
    return {
        name: one
        for file in _FILES
        for name, one in shipped_toml("sor_addressing.serving", "data", f"{file}.toml").items()
    }


def _schema_of(name: str, one: Mapping[str, Any], described: Mapping[str, Mapping[str, Any]], prefix: str) -> Schema:
    head = {"title": name, "description": one["about"]}
    if "is" in one:
        return {**head, **_type_of(one["is"], described, prefix)}
    fields = dict(_fields(one, described))
    return {
        **head,
        "type": "object",
        "properties": {
            field.removesuffix("?"): _field(written, described, prefix) for field, written in fields.items()
        },
        "required": [field for field in fields if not field.endswith("?")],
        "additionalProperties": False,
    }


def _fields(one: Mapping[str, Any], described: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The fields that an answer has of others, and its own."""
    for other in one.get("with", ()):
        yield from _fields(described[other], described)
    yield from one.get("fields", {}).items()


def _field(written: str, described: Mapping[str, object], prefix: str) -> Schema:
    kind, _, about = written.partition(" -- ")
    made = _type_of(kind, described, prefix)
    return {**made, "description": about} if about else made


def _type_of(written: str, described: Mapping[str, object], prefix: str) -> Schema:
    kinds = [part.strip() for part in _outside_braces(written)]
    if kinds[-1].endswith("?"):
        kinds[-1:] = [kinds[-1][:-1], "null"]
    if len(kinds) > 1 and all(kind.startswith("'") or kind == "null" for kind in kinds):
        words = [kind[1:-1] for kind in kinds if kind != "null"]
        return {"enum": [*words, None]} if "null" in kinds else {"type": "string", "enum": words}
    if len(kinds) > 1:
        return {"anyOf": [_type_of(kind, described, prefix) for kind in kinds]}
    (kind,) = kinds
    if kind.endswith("[]"):
        return {"type": "array", "items": _type_of(kind[:-2], described, prefix)}
    if kind.startswith("{"):
        return {"type": "object", "additionalProperties": _type_of(kind[1:-1], described, prefix)}
    if kind.startswith("("):
        return _type_of(kind[1:-1], described, prefix)
    if kind.startswith("'"):
        return {"type": "string", "const": kind[1:-1]}
    if kind in described:
        return {"$ref": f"{prefix}{kind}"}
    return dict(_PLAIN[kind])


_PARTS = re.compile(r"(?:[^|{}()]|\{[^{}]*\}|\([^()]*\))+")


def _outside_braces(written: str) -> list[str]:
    return _PARTS.findall(written)


def reached(value: object, made: Mapping[str, Schema], prefix: str = _DEFS) -> list[str]:
    """The names that a value refers to, and those that these refer to, in the order of the description."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        for other in _references(waiting.pop(), prefix):
            if other not in found:
                found.add(other)
                waiting.append(made[other])
    return [other for other in made if other in found]


def _references(value: object, prefix: str) -> Iterator[str]:
    if isinstance(value, dict):
        target = value.get("$ref")
        if isinstance(target, str) and target.startswith(prefix):
            yield target.removeprefix(prefix)
        for inner in value.values():
            yield from _references(inner, prefix)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner, prefix)
