"""The help of every command, as the program prints it."""

from __future__ import annotations

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from sor_addressing.cli.app import program

WIDTH = 100


def helps() -> list[tuple[str, str]]:
    """Each command's name and help; the program's own first."""
    settings = {"terminal_width": WIDTH, "max_content_width": WIDTH}
    root = click.Context(program, info_name="sor-addressing", **settings)
    found = [("sor-addressing", program.get_help(root))]
    for name in program.list_commands(root):
        command = program.get_command(root, name)
        if command is not None:
            context = click.Context(command, parent=root, info_name=name, **settings)
            found.append((f"sor-addressing {name}", command.get_help(context)))
    return found


class CommandHelp(SphinxDirective):
    """The help of the program and of each of its commands, one below the other."""

    def run(self) -> list[nodes.Node]:
        lines = []
        for name, text in helps():
            lines += [f"`{name}`", "", "````text", text, "````", ""]
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
