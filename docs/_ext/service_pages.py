"""Pages on the service and on answers, made from the one description of both: its routes, and every answer field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from reference_tables import table
from sor_addressing.serving.openapi import ROUTES, openapi
from sor_addressing.serving.schemas import definitions, schema_names


class ServiceRoutes(SphinxDirective):
    """Every way of the service with its parameters, body and answers."""

    def run(self) -> list[nodes.Node]:
        return self.parse_text_to_nodes("\n".join(route_lines()), allow_section_headings=True)


class AnswerSchemas(SphinxDirective):
    """Every answer with its fields."""

    def run(self) -> list[nodes.Node]:
        return self.parse_text_to_nodes("\n".join(schema_lines()), allow_section_headings=True)


def route_lines() -> Iterator[str]:
    """Markdown, a section a route."""
    document = openapi()
    for route in ROUTES:
        operation = document["paths"][route.path][route.method]
        yield from (f"### `{route.method.upper()} {route.path}`", "", operation["summary"], "")
        rows = [
            (
                f"`{one['name']}`",
                one["in"],
                "yes" if one["required"] else "",
                type_of(one["schema"]),
                one["description"],
            )
            for one in operation["parameters"]
            if "$ref" not in one
        ]
        if rows:
            yield from (*table(("Parameter", "In", "Needed", "Type", ""), rows), "")
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            yield from (f"Body, `{kind}`: {type_of(body['schema'])}", "")
        told = [f"`{kind}`: {f'`{name}`' if name else 'text'}" for kind, name in route.replies.items()]
        problems = ", ".join(status for status in operation["responses"] if status.isdigit() and status > "399")
        yield from (f"Answer, {', '.join(told)}. Problems: {problems}.", "")


def schema_lines() -> Iterator[str]:
    """Markdown: the answers that can be asked for, then their parts."""
    made = definitions()
    listed = schema_names()
    for head, names in (("Answers", listed), ("Their parts", [name for name in made if name not in listed])):
        yield from (f"## {head}", "")
        for name in names:
            one = made[name]
            yield from (f"### `{name}`", "", one["description"], "")
            if "properties" in one:
                rows = [
                    (
                        f"`{field}`",
                        type_of(kind),
                        "" if field in one["required"] else "may be missing",
                        kind.get("description", ""),
                    )
                    for field, kind in one["properties"].items()
                ]
                yield from (*table(("Field", "Type", "", ""), rows), "")
            else:
                yield from (type_of({key: value for key, value in one.items() if key != "title"}), "")


def type_of(kind: dict[str, Any]) -> str:
    """A type in a few words."""
    if "$ref" in kind:
        return f"`{kind['$ref'].rpartition('/')[2]}`"
    if "anyOf" in kind:
        return " or ".join(map(type_of, kind["anyOf"]))
    if "enum" in kind:
        return " or ".join("null" if word is None else f"`{word}`" for word in kind["enum"])
    if "const" in kind:
        return f"`{kind['const']}`"
    if kind.get("type") == "array":
        return f"list of {type_of(kind['items'])}"
    if kind.get("type") == "object":
        inner = kind.get("additionalProperties")
        return f"by name: {type_of(inner)}" if inner else "object"
    return str(kind.get("format") or kind.get("type") or "anything")
