"""What holds of every command: it takes the options that its kind takes."""

from __future__ import annotations

import click
import pytest

from sor_addressing.cli.app import program

# They ask no register: a table by itself, made-up data, a script for the shell, and what fills the store.
WITHOUT_REGISTER = {"schema", "columns", "sample", "demo", "completion", "update"}
COMMANDS = program.list_commands(click.Context(program))


def options_of(name: str) -> set[str]:
    command = program.get_command(click.Context(program), name)
    assert command is not None
    return {word for parameter in command.params for word in parameter.opts if isinstance(parameter, click.Option)}


@pytest.mark.parametrize("name", COMMANDS)
def test_whatever_has_a_register_takes_its_place_and_the_stores(name: str) -> None:
    if name in WITHOUT_REGISTER:
        assert "--register" not in options_of(name)
    else:
        assert {"--register", "--home"} <= options_of(name)


def test_what_fills_the_store_takes_its_place() -> None:
    assert "--home" in options_of("update")
