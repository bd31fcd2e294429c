"""What a shell can complete, and ``completion``, which writes the script that a shell reads for it."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from sor_addressing.messages.catalogue import catalogue

_SHELLS = ("bash", "zsh", "fish")
_NAME = "sor-addressing"
_VARIABLE = "_SOR_ADDRESSING_COMPLETE"
_PRESETS = ("default", "strict", "lenient")


def complete_path(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files and folders, which the shell itself knows."""
    return [CompletionItem(incomplete, type="file")]


def complete_types(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The codes of message types that begin so, each with its name."""
    names = {one.code: one.name("en") for one in reversed(catalogue().types)}
    found = (code for code in sorted(names) if code.startswith(incomplete.upper()))
    return [CompletionItem(code, help=names[code]) for code in found]


def complete_policy(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The policies that have a name, else files."""
    named = [CompletionItem(name) for name in _PRESETS if name.startswith(incomplete)]
    return named or [CompletionItem(incomplete, type="file")]


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """The script with which SHELL completes commands, options, files and message types.

    \b
    bash:  sor-addressing completion bash >> ~/.bashrc
    zsh:   sor-addressing completion zsh >> ~/.zshrc
    fish:  sor-addressing completion fish > ~/.config/fish/completions/sor-addressing.fish
    """
    chosen = get_completion_class(shell)
    if chosen is None:
        raise click.UsageError(f"this version of click has no completion for {shell}")
    # Of the base class, since that of bash would first start a bash to ask for its version.
    script = ShellComplete.source(chosen(click.get_current_context().find_root().command, {}, _NAME, _VARIABLE))
    click.echo(script)
