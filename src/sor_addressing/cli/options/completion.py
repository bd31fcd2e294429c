"""What a shell can complete, and ``completion``, which writes the script that a shell reads for it."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

from sor_addressing.messages.catalogue import catalogue
from sor_addressing.texts import LANGUAGES

_SHELLS = ("bash", "zsh", "fish", "powershell")
_NAME = "sor-addressing"
_VARIABLE = "_SOR_ADDRESSING_COMPLETE"
_PRESETS = ("default", "strict", "lenient")


@add_completion_class
class PowerShellComplete(ShellComplete):
    """What click knows of other shells, for PowerShell 5.1 and later."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:COMP_WORDS = ($commandAst.CommandElements | ForEach-Object { $_.Extent.Text }) -join "`n"
    $env:COMP_CWORD = $wordToComplete
    $env:%(complete_var)s = "powershell_complete"
    try {
        & %(prog_name)s | ForEach-Object {
            $kind, $value, $help = $_ -split "`t", 3
            if ($kind -eq "file") {
                [System.Management.Automation.CompletionCompleters]::CompleteFilename($value)
            } else {
                if (-not $help) { $help = $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
            }
        }
    } finally {
        Remove-Item Env:COMP_WORDS, Env:COMP_CWORD, Env:%(complete_var)s
    }
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is begun, and that one."""
        incomplete = os.environ.get("COMP_CWORD", "")
        words = [word.strip("\"'") for word in os.environ.get("COMP_WORDS", "").splitlines()[1:]]
        if incomplete and words:
            words.pop()
        return words, incomplete.strip("\"'")

    def format_completion(self, item: CompletionItem) -> str:
        """A line: what it is, the word, and what it is for."""
        return f"{item.type}\t{item.value}\t{item.help or ''}"


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
@click.option("--lang", type=click.Choice(LANGUAGES), is_eager=True, expose_value=False, help="Language of the answer.")
def completion(shell: str) -> None:
    """The script with which SHELL completes commands, options, files and message types.

    \b
    bash:  sor-addressing completion bash >> ~/.bashrc
    zsh:   sor-addressing completion zsh >> ~/.zshrc
    fish:  sor-addressing completion fish > ~/.config/fish/completions/sor-addressing.fish
    PowerShell:  sor-addressing completion powershell >> $PROFILE
    """
    chosen = get_completion_class(shell)
    if chosen is None:
        raise click.UsageError(f"this version of click has no completion for {shell}")
    # Of the base class, since that of bash would first start a bash to ask for its version.
    script = ShellComplete.source(chosen(click.get_current_context().find_root().command, {}, _NAME, _VARIABLE))
    click.echo(script)
