"""``schema``: what answers look like, as JSON Schema, and the whole service as OpenAPI."""

from __future__ import annotations

import click

from sor_addressing.cli.options.asking import answer_options, print_json
from sor_addressing.cli.output.rendering import LOUD, Cell, Column, Screen
from sor_addressing.serving.openapi import openapi
from sor_addressing.serving.schemas import all_schemas, schema, told_of_schemas


@click.command("schema")
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--openapi", "whole", is_flag=True, help="The whole service as OpenAPI 3.1, for generators of clients.")
@answer_options
def schema_of(name: str | None, whole: bool, language: str, as_json: bool) -> None:
    """The JSON Schema of the answer NAME, such as Verdict; without NAME, which there are.

    With --json and no NAME, all of them in one document.
    """
    if whole and name:
        raise click.UsageError("give a NAME or --openapi, not both")
    if whole:
        print_json(openapi())
    elif name:
        print_json(schema(name))
    elif as_json:
        print_json(all_schemas())
    else:
        screen = Screen(language)
        columns = (Column(screen.say("head.name")), Column("", flows=True))
        screen.table(columns, [(Cell(one, LOUD), text) for one, text in told_of_schemas(language).items()])
