"""What arguments and options are read as: days, policies, message types, languages. Click calls these with the text given."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping

import click

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.messages.catalogue import MessageType, catalogue

_PRESETS: dict[str, Callable[[], AddressingPolicy]] = {
    "default": AddressingPolicy,
    "strict": AddressingPolicy.strict,
    "lenient": AddressingPolicy.lenient,
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Seconds(click.FloatRange):
    """So many seconds, of which there is a number; NaN is in every range for click."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail(f"{seconds} is not in the range {self._describe_range()}.", param, ctx)
        return seconds


def read_day(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> dt.date | None:
    """A day as ``YYYY-MM-DD``."""
    if text is None:
        return None
    if not _ISO_DAY.fullmatch(text):
        raise click.BadParameter(f"{text!r} is not a day: write it as 2026-01-15")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"there is no day {text}: {error}") from error


def read_policy(_ctx: click.Context, _parameter: click.Parameter, text: str) -> AddressingPolicy:
    """A preset by name, or a policy file; one that is none raises ``PolicyError``, which says what is wrong with it."""
    preset = _PRESETS.get(text)
    return preset() if preset else AddressingPolicy.load(text)


def read_message_type(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> MessageType | None:
    """A message type in any spelling."""
    return None if text is None else _message_type(text)


def read_message_types(
    _ctx: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]
) -> tuple[MessageType, ...]:
    """Message types in any spelling."""
    return tuple(map(_message_type, texts))


def _message_type(text: str) -> MessageType:
    try:
        return catalogue().parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def environment_language(environment: Mapping[str, str]) -> str:
    """Danish where the environment's language for messages is Danish, else English.

    >>> environment_language({"LANG": "da_DK.UTF-8"}), environment_language({"LANG": "da_DK.UTF-8", "LC_ALL": "C"})
    ('da', 'en')
    """
    # The order in which POSIX looks them up.
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environment.get(name)
        if locale:
            return "da" if locale.lower().startswith("da") else "en"
    return "en"
