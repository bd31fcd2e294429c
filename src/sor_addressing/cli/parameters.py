"""What arguments and options are read as: days, policies, message types, languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import click

from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.messages.catalogue import MessageType, catalogue

_PRESETS = {"default": AddressingPolicy, "strict": AddressingPolicy.strict, "lenient": AddressingPolicy.lenient}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class DayType(click.ParamType):
    """A day as ``YYYY-MM-DD``."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day that ``value`` says."""
        if isinstance(value, dt.date):
            return value
        text = str(value)
        if not _ISO_DAY.fullmatch(text):
            self.fail(f"{text!r} is not a day: write it as 2026-01-15", param, ctx)
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            self.fail(f"there is no day {text}: {error}", param, ctx)


class PolicyType(click.ParamType):
    """A preset by name, or the path of a policy in TOML."""

    name = "default|strict|lenient|PATH.toml"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> AddressingPolicy:
        """The policy that ``value`` names; a file that is no policy raises :class:`PolicyError`."""
        if isinstance(value, AddressingPolicy):
            return value
        preset = _PRESETS.get(str(value))
        return preset() if preset else AddressingPolicy.load(str(value))


class MessageTypeType(click.ParamType):
    """A message type in any spelling."""

    name = "TYPE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> MessageType:
        """The message type that ``value`` spells."""
        if isinstance(value, MessageType):
            return value
        try:
            return catalogue().parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


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
