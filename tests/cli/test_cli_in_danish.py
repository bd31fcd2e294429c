"""Help and usage errors in Danish: of every command and option, wherever ``--lang`` stands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
import pytest

from sor_addressing.cli.app import program
from sor_addressing.cli.options.spoken import in_language
from sor_addressing.texts import entries

ROOT = click.Context(program, info_name="sor-addressing", help_option_names=["-h", "--help"])
COMMANDS = program.list_commands(ROOT)
SAME_IN_BOTH = {"ID", "TYPE", "TYPE [TYPE]...", "N", "N|all", "CSV", "TOML", "TOML|shipped", "BOOLEAN", "MB"}
ENGLISH = re.compile(
    r"\b(?:the|of|is|are|and|which|what|whether|where|with|from|file|unit|units|usage|options|error|try|missing|invalid|such|required|"
    r"write|or|not|may|can't|path|directory|text)\b",
    re.IGNORECASE,
)


def told() -> Iterator[tuple[str, str]]:
    """What each command and option says of itself, with the place of it."""
    for name in (None, *COMMANDS):
        command = program if name is None else program.get_command(ROOT, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=ROOT)
        yield f"{name}", inspect.cleandoc(command.help or "")
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option):
                yield f"{name} {parameter.opts[-1]}", parameter.help or ""
            value = parameter.make_metavar(context)
            if value not in SAME_IN_BOTH and not re.fullmatch(r"[\[{][^A-Z]*[\]}]|\[IE\|SI\|OE\]", value):
                yield f"{name} {parameter.name} {value}", value


def test_every_command_option_and_value_has_its_danish() -> None:
    """What is missing goes into ``texts/help.toml``, in English as the source has it."""
    assert [place for place, text in told() if in_language(text, "da") == text] == []


def test_no_danish_help_is_of_something_that_is_gone() -> None:
    said = {" ".join(text.split()) for _, text in told()}
    known = {code: " ".join(texts["en"].split()) for code, texts in entries("help").items()}
    around = {"value.options", "value.command-args", "value.integer-range", "value.integer", "value.new", "value.n-all"}
    assert [
        code for code, en in known.items() if en not in said and code not in around and not code.startswith("word.")
    ] == []


def test_the_list_of_commands_has_what_each_says_of_itself() -> None:
    for name in COMMANDS:
        command = program.get_command(ROOT, name)
        assert command is not None
        assert " ".join(entries("help")[f"command.{name}"]["en"].split()) == " ".join((command.help or "").split())


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_in_danish_has_no_english(run, command: str | None) -> None:
    ran = run(*filter(None, [command]), "--help", "--lang", "da")
    assert ran.code == 0
    names = re.sub(r"\bwhat-if\b|\[[a-z_0-9|-]+\]|--?[\w-]+|\S*[=/_.|]\S*|\b(?:update|find|sample)\b", "", ran.out)
    assert ENGLISH.findall(names.partition("bash:")[0]) == []
    assert ran.out.startswith("Brug: ")
    assert run(*filter(None, [command]), "--lang", "da", "-h") == ran


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("language", ["--lang da", "--lang=da"])
def test_a_usage_error_is_danish_wherever_the_language_stands(run, command: str, language: str) -> None:
    for arguments in (f"{command} --nope {language}", f"{command} {language} --nope", f"{language} {command} --nope"):
        ran = run(*arguments.split())
        assert ran.code == 2
        assert ran.err.splitlines()[0].startswith("Brug: ")
        assert f"Prøv 'program {command} --help' for hjælp." in ran.err
        assert "Fejl: der er intet valg '--nope'" in ran.err.replace("valg --nope", "valg '--nope'")
        assert not re.search(r"Usage|Try |Error|No such|Did you", ran.err)


@pytest.mark.parametrize(
    ("arguments", "danish"),
    [
        ("validate", "argumentet 'ID' mangler"),
        ("validate 1", "argumentet 'TYPE [TYPE]...' mangler"),
        ("search", "argumentet 'ORD...' mangler"),
        ("review", "argumentet 'BOG' mangler"),
        ("export", "argumentet 'BRUG' mangler"),
        ("export x", "valget '-o' / '--output' mangler"),
        ("compile", "argumentet 'MÅL' mangler"),
        ("resolve 1 2", "et argument for meget (2)"),
        ("resolve 1 2 3", "argumenter for meget (2 3)"),
        ("resolve 1 --on", "valget '--on' skal have en værdi"),
        ("resolve 1 --json=x", "valget '--json' tager ingen værdi"),
        ("resolve 1 --on i-går", "ugyldig værdi for '--on': 'i-går' er ingen dag: skriv den som 2026-01-15"),
        ("resolve 1 --on 2026-02-30", "ugyldig værdi for '--on': der er ingen dag 2026-02-30"),
        ("resolve 1 --kind x", "ugyldig værdi for '--kind': 'x' er ikke en af 'sor_code', 'location_number',"),
        ("find --limit x", "ugyldig værdi for '--limit': 'x' er ikke et helt tal"),
        ("find --limit 0", "ugyldig værdi for '--limit': 0 er uden for grænserne x>=1"),
        ("find --max-distance x", "ugyldig værdi for '--max-distance': 'x' er ikke et tal"),
        ("find --near x", "ugyldig værdi for '--near': 'x' er intet punkt: skriv øst og nord i meter"),
        ("info --problems x", "ugyldig værdi for '--problems': 'x' er hverken et tal eller 'all'"),
        ("review b --sample -o x", "--output kræver et --format, der ikke er table"),
        ("sample x --seed 1", "--seed og --snapshot-date hører til en opdigtet nation: giv også --units"),
        ("validate 1 A B --direction send --sample", "flere typer vælger, hvad der skal sendes"),
        ("audit --format excel --sample", "--format excel kræver --output"),
        ("search --sample  ", "argumentet 'ORD...' mangler"),
    ],
)
def test_what_is_wrong_with_a_call_is_told_in_danish(run, arguments: str, danish: str) -> None:
    ran = run("--lang", "da", *arguments.split())
    assert danish in " ".join(ran.err.split())
    assert ran.code == 2


def test_every_usage_error_of_a_command_has_its_danish() -> None:
    import ast
    from pathlib import Path

    import sor_addressing.cli
    from sor_addressing.texts.of_errors import parted

    known = {parted(texts["en"])[0] for texts in entries("usage").values()}
    missing = []
    for path in Path(sor_addressing.cli.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) in ("click.UsageError", "click.BadParameter")
                and node.args
            ):
                literals = _literals(node.args[0])
                if literals is not None and literals not in known and "a number nor" not in "".join(literals):
                    missing.append((path.name, literals))
    assert missing == []


def _literals(text: object) -> tuple[str, ...] | None:
    import ast

    if isinstance(text, ast.Constant):
        return (str(text.value),)
    if not isinstance(text, ast.JoinedStr):
        return None
    found = [""]
    for part in text.values:
        if isinstance(part, ast.Constant):
            found[-1] += str(part.value)
        else:
            found.append("")
    return tuple(found)


def test_help_is_broken_between_words(run) -> None:
    for command in COMMANDS:
        lines = run(command, "--help").lines
        assert [line for line in lines if line.rstrip().endswith("-") and not line.endswith(" -")] == []
