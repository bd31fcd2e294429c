"""Parts of pages that are made from the package's own data, so that they say what the library does."""

from __future__ import annotations

import csv
import inspect
from importlib.resources import files

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from commands import Commands, Program
from diagrams import Diagram
from import_graph import folders
from public_names import directives_of
from reference_tables import ConversionModels, Headers, OtherValues, PolicyFields, Presets, Values, table
from service_pages import AnswerSchemas, ServiceRoutes
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.extracts import published
from sor_addressing.extracts.facts import facts
from sor_addressing.quality import shipped_rules
from sor_addressing.quality.rule_set import rules_on_request
from sor_addressing.testing import finding_examples
from sor_addressing.texts import entries, title_of


class Findings(SphinxDirective):
    """The findings of one severity, each with every text it has in English and Danish, from ``texts/findings.toml``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        texts_of: dict[str, list[dict[str, str]]] = {}
        for name, texts in entries("findings").items():
            texts_of.setdefault(name.partition(".")[0], []).append(texts)
        lines = []
        for code, severity in DEFAULT_SEVERITIES.items():
            if severity != self.arguments[0]:
                continue
            lines.append(f"`{code}`")
            lines += [f": **{title_of('findings', code, 'en')}** (*{title_of('findings', code, 'da')}*)", ""]
            for texts in texts_of[code]:
                lines += [f": {texts['en']}", "", f"  *{texts['da']}*", ""]
        return self.parse_text_to_nodes("\n".join(lines))


class Imports(SphinxDirective):
    """The folders of the package, how many modules each has, and what they import."""

    def run(self) -> list[nodes.Node]:
        shown = (
            (
                "the ground" if one.name == "." else f"`{one.name}`",
                str(one.modules),
                str(one.within),
                f"{one.within / (one.modules or 1):.1f}",
                str(one.doors),
                str(one.outside),
            )
            for one in folders()
        )
        heads = ("Folder", "Modules", "Imports among them", "Each", "Imported from outside", "Imports from outside")
        return self.parse_text_to_nodes("\n".join(table(heads, shown)))


class MessageTypes(SphinxDirective):
    """The catalogue of message types, as ``messages/data/message_types.csv`` has it."""

    def run(self) -> list[nodes.Node]:
        text = (files("sor_addressing.messages") / "data" / "message_types.csv").read_text("utf-8")
        rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
        shown = (
            (row["family"], f"`{row['code']} {row['version']}`", row["format"], row["name_da"], row["name_en"])
            for row in rows
        )
        heads = ("Family", "Code and version", "Format", "Danish name", "English name")
        return self.parse_text_to_nodes("\n".join(table(heads, shown)))


SIGNS = {"yes": "yes", "partly": "partly", "no": ""}


class Facts(SphinxDirective):
    """Which fact is in which file, as the rows of ``extracts/published.py`` have it; ``Sor_complete.zip`` has what its files have."""

    def run(self) -> list[nodes.Node]:
        alone = [content for content in published.FILES if content.member != content.name]
        columns = {f"`{content}`": (content.key,) for content in alone}
        columns[f"`{published.COMPLETE}`"] = tuple(content.key for content in published.in_complete_set())
        shown = (
            (fact.name, *(SIGNS[fact.known_from(contents)] for contents in columns.values()), fact.note)
            for fact in facts()
        )
        return self.parse_text_to_nodes("\n".join(table(("Fact", *columns, "Note"), shown)))


class PublishedFiles(SphinxDirective):
    """Every published file that is read, as the rows of ``extracts/published.py`` have it."""

    def run(self) -> list[nodes.Node]:
        shown = []
        for content in published.FILES:
            names = [f"`{content}`"] if content.member != content.name else []
            names += [f"`{content.member}` in `{published.COMPLETE}`"] if content.member else []
            layout = f"`{content.layout}`" if content.layout else ""
            closed = SIGNS[content.knows("closed units")]
            shown.append((content.generation, ", ".join(names), content.about, closed, layout))
        heads = ("Set", "File", "Holds", "Closed units", "Layout")
        return self.parse_text_to_nodes("\n".join(table(heads, shown)))


class AuditRules(SphinxDirective):
    """The rules of an audit, each with its severity, its names in both languages, its docstring, its source and its need."""

    def run(self) -> list[nodes.Node]:
        lines = []
        for rule in (*shipped_rules(), *rules_on_request()):
            told = (inspect.getdoc(rule.function) or "").partition("Source:")[0]
            needs = f" Needs: {', '.join(rule.needs)}." if rule.needs else ""
            lines += [f"`{rule.code}` ({rule.severity}): {rule.title('en')}, *{rule.title('da')}*"]
            lines += [f": {' '.join(told.split())} Source: {rule.source}{needs}", ""]
        return self.parse_text_to_nodes("\n".join(lines))


class FindingExamples(SphinxDirective):
    """What brings about each outcome, status and finding: recipients of the sample as a table, with the argument ``others`` the rest as a list."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments == ["others"]:
            lines = []
            for example in finding_examples():
                if example.question is None:
                    lines += [f"`{example.code}`: {example.about}", f": `{example.line}`", ""]
            return self.parse_text_to_nodes("\n".join(lines))
        shown = (
            (
                f"`{example.code}`",
                example.about,
                f"`{example.question.identifier}`",
                f"`{example.question.message_type}`",
            )
            for example in finding_examples()
            if example.question is not None
        )
        heads = ("Shows", "Recipient in the sample", "Identifier", "Message type")
        return self.parse_text_to_nodes("\n".join(table(heads, shown)))


class PublicNames(SphinxDirective):
    """Every public name of the parts of the package that are named, by autodoc."""

    required_arguments, final_argument_whitespace = 1, True

    def run(self) -> list[nodes.Node]:
        lines = [line for part in self.arguments[0].split() for line in directives_of(part)]
        return self.parse_text_to_nodes("\n".join(["```{eval-rst}", *lines, "```"]))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("answer-schemas", AnswerSchemas)
    app.add_directive("audit-rules", AuditRules)
    app.add_directive("commands", Commands)
    app.add_directive("conversion-models", ConversionModels)
    app.add_directive("diagram", Diagram)
    app.add_directive("facts", Facts)
    app.add_directive("finding-examples", FindingExamples)
    app.add_directive("findings", Findings)
    app.add_directive("headers", Headers)
    app.add_directive("imports", Imports)
    app.add_directive("message-types", MessageTypes)
    app.add_directive("other-values", OtherValues)
    app.add_directive("policy-fields", PolicyFields)
    app.add_directive("presets", Presets)
    app.add_directive("program-help", Program)
    app.add_directive("public-names", PublicNames)
    app.add_directive("published-files", PublishedFiles)
    app.add_directive("service-routes", ServiceRoutes)
    app.add_directive("values", Values)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
