"""The command line as it explains itself: every command with its usage, help and options."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from sor_addressing.cli.app import program
from sor_addressing.cli.options.asking import ExitCode

NAME = "sor-addressing"


def plain(text: str) -> str:
    """A sentence that Markdown takes as it stands."""
    return re.sub(r"([<>*_|])", r"\\\1", " ".join(text.split()))


def told(text: str | None) -> list[str]:
    """A help text as Markdown: paragraphs, and lines that are kept apart where click was told to."""
    lines: list[str] = []
    for paragraph in inspect.cleandoc(text or "").replace("\f", "").split("\n\n"):
        kept = paragraph.strip().split("\n")
        if kept[0].strip() == "\b":
            lines += ["```text", *kept[1:], "```", ""]
        else:
            lines += [plain(" ".join(kept)), ""]
    return lines


def options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """Each option of a command as its help writes it: names with what they take, and what they are for."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            yield record


def lines_of(command: click.Command) -> list[str]:
    """One command as Markdown."""
    context = click.Context(command, info_name=command.name, parent=_root())
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f"## `{command.name}`", "", *told(command.help)]
    lines += ["```text", f"{NAME} {command.name} {usage}", "```", ""]
    for names, text in options(command, context):
        lines += [f"`{names}`", f": {plain(text) or '—'}", ""]
    return lines


def _root() -> click.Context:
    # With the settings that the program runs with: a command remembers its option for help as it was first asked for it.
    return program.make_context(NAME, [], resilient_parsing=True)


class Program(SphinxDirective):
    """What the program says of itself, and the names of its exit codes."""

    def run(self) -> list[nodes.Node]:
        lines = [*told(program.help), "| exit code | name |", "|---|---|"]
        lines += [f"| {int(code)} | `{code.name}` |" for code in ExitCode]
        return self.parse_text_to_nodes("\n".join(lines))


class Commands(SphinxDirective):
    """Every command of the program, with what ``--help`` says of it."""

    def run(self) -> list[nodes.Node]:
        context = _root()
        lines: list[str] = []
        for name in program.list_commands(context):
            command = program.get_command(context, name)
            if command is not None and not command.hidden:
                lines += lines_of(command)
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)
