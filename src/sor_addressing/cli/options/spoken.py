"""Help and usage errors in the language asked for, English or Danish, broken between words.

The language is that of ``--lang`` wherever it stands among the arguments, also after what is wrong; else that of the environment. What is
said is looked up by its English: help in ``texts/help.toml``, errors in ``texts/usage.toml``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import IO, Any

import click

from sor_addressing.cli.options.parameters import environment_language
from sor_addressing.texts import LANGUAGES, entries, text_of

_ASKED = "sor_addressing.asked_language"
_EXTRAS = re.compile(r"(?s)(.*?)(?:  \[([^\[\]]*)\])?\Z")
_LONGEST = 4000
# A sign that no text has, in place of hyphens while lines are broken: "--message-type" stays whole.
_HYPHEN, _UNBROKEN = "-", "\u2011"


def remember_language(ctx: click.Context, args: Sequence[str]) -> None:
    """Find ``--lang`` among the arguments before they are parsed."""
    ctx.meta[_ASKED] = language_among(args) or environment_language(os.environ)


def language_among(args: Sequence[str]) -> str | None:
    """The language that arguments ask for; None where they ask for none that there is.

    >>> language_among(["find", "--nope", "--lang", "da"]), language_among(["find", "--lang=sv"])
    ('da', None)
    """
    found = None
    for at, one in enumerate(args):
        if one == "--":
            break
        name, equals, value = one.partition("=")
        if name == "--lang":
            asked = value if equals else args[at + 1] if at + 1 < len(args) else ""
            found = asked if asked in LANGUAGES else found
    return found


def language_of(ctx: click.Context | None) -> str:
    """The language that a context is told in."""
    asked = ctx.meta.get(_ASKED) if ctx is not None else None
    return asked if isinstance(asked, str) else environment_language(os.environ)


@cache
def _help() -> dict[str, str]:
    return {_plain(texts["en"]): texts["da"] for texts in entries("help").values()}


def _plain(text: str) -> str:
    return " ".join(text.split())


def in_language(text: str, language: str) -> str:
    """Help in a language; as it is where there is no other."""
    return _help().get(_plain(text), text) if language == "da" else text


class SpokenFormatter(click.HelpFormatter):
    """Help in one language; lines are broken between words alone."""

    def __init__(self, language: str, **given: Any) -> None:
        super().__init__(**given)
        self._language = language

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        said = " ".join(self._value(one) for one in _arguments(args))
        super().write_usage(_whole(prog), _whole(said), prefix or text_of("help", "word.usage", self._language, {}))

    def write_heading(self, heading: str) -> None:
        super().write_heading(in_language(heading, self._language))

    def write_text(self, text: str) -> None:
        margin = " " * self.current_indent
        told = _whole(in_language(text, self._language))
        self.write(click.wrap_text(told, self.width, margin, margin, preserve_paragraphs=True))
        self.write("\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        told = [(self._option(first), _whole(self._told(second))) for first, second in rows]
        super().write_dl(told, col_max, col_spacing)

    def getvalue(self) -> str:
        return super().getvalue().replace(_UNBROKEN, _HYPHEN)

    def _value(self, shown: str) -> str:
        return in_language(shown, self._language)

    def _option(self, first: str) -> str:
        names, space, value = first.rpartition(" ")
        if value == "RANGE":
            names, space, value = names.removesuffix(" INTEGER"), " ", "INTEGER RANGE"
        return f"{names}{space}{self._value(value)}"

    def _told(self, text: str) -> str:
        if self._language != "da" or _plain(text) in _help():
            return in_language(text, self._language)
        parts = _EXTRAS.fullmatch(text[:_LONGEST])
        if parts is None or not parts[2]:
            return in_language(text, self._language)
        extras = "; ".join(map(self._extra, parts[2].split("; ")))
        return f"{in_language(parts[1], self._language)}  [{extras}]"

    def _extra(self, extra: str) -> str:
        name, colon, value = extra.partition(": ")
        if colon and name == "default":
            return text_of("help", "word.default", self._language, {"value": self._value(value)})
        return self._value(extra)


def _arguments(args: str) -> list[str]:
    """What stands behind the name of the program, each argument whole: ``TYPE [TYPE]...`` is one."""
    parts = args.split(" ")
    joined = [" ".join(parts[-2:])] if parts[-2:] == ["COMMAND", "[ARGS]..."] else []
    return [*parts[: len(parts) - 2 * len(joined)], *joined]


def _whole(text: str) -> str:
    return text.replace(_HYPHEN, _UNBROKEN)


class SpokenContext(click.Context):
    """A context whose help is in the language asked for."""

    def make_formatter(self) -> click.HelpFormatter:
        given = {"width": self.terminal_width, "max_width": self.max_content_width}
        return SpokenFormatter(language_of(self), **given)


class SpokenError(click.UsageError):
    """A usage error in the language of its context, its lines broken between words.

    Args:
        error: what click, or a command of ours, raised.
        tell: writes a line to standard error.
    """

    def __init__(self, error: click.UsageError, ctx: click.Context, tell: Callable[[str], None]) -> None:
        super().__init__(error.message, error.ctx or ctx)
        self._error, self._tell = error, tell
        if self._error.ctx is None:
            self._error.ctx = self.ctx

    def format_message(self) -> str:
        said = self._error.format_message()
        if language_of(self.ctx) != "da":
            return said
        from sor_addressing.texts.of_errors import danish_of

        return danish_of(said)

    def show(self, file: IO[Any] | None = None) -> None:
        """Usage, where help is, and what is wrong."""
        if file is not None or self.ctx is None:
            super().show(file)
            return
        language = language_of(self.ctx)
        click.echo(self.ctx.get_usage(), err=True)
        if self.ctx.command.get_help_option(self.ctx) is not None:
            option = max(self.ctx.help_option_names, key=len)
            values = {"command": self.ctx.command_path, "option": option}
            click.echo(text_of("help", "word.try", language, values), err=True)
        click.echo(err=True)
        self._tell(text_of("cli", "error", language, {"text": self.format_message()}))
