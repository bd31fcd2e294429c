"""The sentences that people read, Danish and English, kept as data: one TOML file a subject.

Each entry is a stable code with ``da`` and ``en``; ``{names}`` in braces are filled from the details of the finding or problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from sor_addressing.shipped import shipped_toml

LANGUAGES = ("da", "en")


@cache
def entries(subject: str) -> dict[str, dict[str, str]]:
    """All texts of a subject (``findings``, ``problems`` …): code to language to template."""
    return shipped_toml(__name__, f"{subject}.toml")


_REASONS = ("reason", "why")
"""What an error said, or the system: English, as errors are made."""


def _in_danish(reason: object) -> object:
    from sor_addressing.texts.of_errors import danish_of

    return danish_of(reason) if type(reason) is str else reason


class _Shown:
    """A value as a text has it; ``{kind:a}`` in a Danish text is the word for it with its article: "en SOR-kode"."""

    def __init__(self, value: object, language: str) -> None:
        self._value, self._language = value, language

    def __format__(self, spec: str) -> str:
        text = _shown(self._value, self._language)
        word = entries("names").get(self._value, {}) if spec == "a" and isinstance(self._value, StrEnum) else {}
        return f"{word['article']} {text}" if self._language == "da" and "article" in word else text


class _Values(dict[str, object]):
    def __missing__(self, key: str) -> _Shown:
        return _Shown(None, "")


def text_of(subject: str, code: str, language: str, values: Mapping[str, object]) -> str:
    """The sentence for ``code`` in ``language`` (``"da"`` or ``"en"``), its names filled from ``values``.

    Raises:
        ValueError: the language is neither.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no texts in language {language!r}: use 'da' or 'en'")
    template = entries(subject)[code][language]
    if language == "da":
        values = {name: _in_danish(value) if name in _REASONS else value for name, value in values.items()}
    shown = {key: _Shown(value, language) for key, value in values.items()}
    return template.format_map(_Values(shown))


def _shown(value: object, language: str) -> str:
    if value is None:
        return "?"
    if isinstance(value, StrEnum):
        word = entries("names").get(value)
        return word[language] if word else str(value)
    if isinstance(value, bool):
        return {"da": ("nej", "ja"), "en": ("no", "yes")}[language][value]
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item, language) for item in value) or "–"
    return str(value)
