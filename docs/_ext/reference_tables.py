"""Tables of the reference that are made from the package: fields of a policy, values of answers, conversion models, headers of tables."""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Iterable, Sequence
from enum import Enum
from importlib import import_module
from importlib.resources import files

import attrs
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from public_names import public_names
from sor_addressing import AddressingPolicy
from sor_addressing.addressing.policy import _CHOICES, levels_of
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.extracts.tables.headers import layouts
from sor_addressing.messages import ConversionModel
from sor_addressing.texts import entries

PRESETS = {"strict": AddressingPolicy.strict(), "lenient": AddressingPolicy.lenient()}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table, a line each."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines.extend("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows)
    return lines


def arguments_of(value: object) -> dict[str, str]:
    """What the section *Args* of a docstring says of each argument, as Markdown."""
    section = (inspect.getdoc(value) or "").partition("Args:\n")[2].partition("\n\n")[0]
    found = re.findall(r"^    (\w+): (.+(?:\n {5,}.+)*)", section, re.MULTILINE)
    return {name: re.sub(r":\w+:`(\w+)`", r"`\1`", " ".join(text.split())).replace("``", "`") for name, text in found}


def shown(value: object) -> str:
    """A value as a policy file would have it."""
    if isinstance(value, ConversionModel):
        return f"`{value.name}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if value else "none"


class PolicyFields(SphinxDirective):
    """Every field of a policy: its default, what else it can be, what the presets have, and what it means."""

    def run(self) -> list[nodes.Node]:
        meaning, default = arguments_of(AddressingPolicy), AddressingPolicy()
        lines = []
        for field in attrs.fields(AddressingPolicy):
            if not field.init:
                continue
            usual = getattr(default, field.name)
            others = [f"`{choice}`" for choice in _CHOICES.get(field.name, ()) if choice != usual]
            notes = [f"default {shown(usual)}" if field.name != "severities" else "default none"]
            notes += [f"else {', '.join(others)}"] if others else []
            for name, preset in PRESETS.items():
                value = getattr(preset, field.name)
                if field.name != "severities" and value != usual:
                    notes.append(f"{name}: {shown(value)}")
            lines += [f"`{field.name}` ({'; '.join(notes)})", f": {meaning[field.name]}", ""]
        return self.parse_text_to_nodes("\n".join(lines))


class Presets(SphinxDirective):
    """The findings that a preset gives another severity than the default policy."""

    def run(self) -> list[nodes.Node]:
        usual = levels_of(AddressingPolicy())
        rows = [
            (f"`{code}`", str(usual[code]), *(str(levels_of(preset)[code]) for preset in PRESETS.values()))
            for code in DEFAULT_SEVERITIES
            if any(levels_of(preset)[code] != usual[code] for preset in PRESETS.values())
        ]
        return self.parse_text_to_nodes("\n".join(table(("Finding", "Default", *PRESETS), rows)))


def enumeration(name: str) -> type[Enum]:
    """The public enumeration of that name."""
    return _enumerations()[name]


class Values(SphinxDirective):
    """The values of a public enumeration; with words for them from the package's texts: ``values Outcome explain outcome-``."""

    required_arguments, optional_arguments = 1, 2

    def run(self) -> list[nodes.Node]:
        found = enumeration(self.arguments[0])
        if len(self.arguments) == 1:
            return self.parse_text_to_nodes("\n".join(f"- `{one.value}`" for one in found))
        subject, prefix = self.arguments[1:]
        texts = entries(subject)
        rows = [
            (f"`{one.value}`", *(texts[f"{prefix}{one.value}"][language] for language in ("en", "da"))) for one in found
        ]
        return self.parse_text_to_nodes("\n".join(table(("Value", "English", "Danish"), rows)))


def enumerations() -> list[str]:
    """The names of all public enumerations."""
    return list(_enumerations())


def _enumerations() -> dict[str, type[Enum]]:
    places = (name.rpartition(".")[::2] for names in public_names().values() for name in names)
    values = ((name, getattr(import_module(module), name)) for module, name in places)
    return {name: value for name, value in sorted(values) if inspect.isclass(value) and issubclass(value, Enum)}


class OtherValues(SphinxDirective):
    """The values of every public enumeration but those in the argument, with what its docstring says first."""

    required_arguments, final_argument_whitespace = 1, True

    def run(self) -> list[nodes.Node]:
        lines = []
        for name in enumerations():
            if name not in self.arguments[0].split():
                about = (inspect.getdoc(enumeration(name)) or "").partition("\n\n")[0].replace("``", "`")
                values = ", ".join(f"`{one.value}`" for one in enumeration(name))
                lines += [f"`{name}`", f": {' '.join(about.split())}", "", f"  {values}", ""]
        return self.parse_text_to_nodes("\n".join(lines))


class ConversionModels(SphinxDirective):
    """The rows of the conversion models that ship with the package."""

    def run(self) -> list[nodes.Node]:
        text = (files("sor_addressing.messages") / "data" / "conversion_models.csv").read_text("utf-8")
        rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
        heads = ("Model", "Family", "From", "To", "Who converts", "For")
        keys = ("model", "family", "from_format", "to_format", "by")
        shown_rows = [
            (*(f"`{row[key]}`" for key in keys), f"{row['scope']} {row['scope_value']}".strip()) for row in rows
        ]
        return self.parse_text_to_nodes("\n".join(table(heads, shown_rows)))


class Headers(SphinxDirective):
    """Each table that is read, with the fields it has and needs, and the headers that are known for a field."""

    def run(self) -> list[nodes.Node]:
        lines = []
        for layout in layouts().values():
            needed = {field for group in layout.required for field in group}
            lines += [f"## `{layout.name}`", ""]
            if layout.files:
                lines += [f"Published as {', '.join(f'`{name}`' for name in layout.files)}.", ""]
            lines += [
                "Needs " + ", and ".join(" or ".join(f"`{one}`" for one in group) for group in layout.required) + ".",
                "",
            ]
            rows = []
            for field in layout.fields:
                headers = [f"`{header}`" for header, meant in layout.aliases.items() if meant == field]
                rows.append((f"`{field}`", "yes" if field in needed else "", " ".join(headers)))
            lines += [*table(("Field", "Needed", "Headers"), rows), ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)
