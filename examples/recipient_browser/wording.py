"""The words of the pages: texts by key, and what codes of the register stand for, in one language."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlencode

from asking import Question

from sor_addressing import Register


class _Number(int):
    """A number that a text gives with the word that fits it: ``{days:day|days}``."""

    def __format__(self, spec: str) -> str:
        one, bar, several = spec.partition("|")
        return f"{int(self)} {one if self == 1 else several}" if bar else format(int(self), spec)


TEXTS: dict[str, dict[str, dict[str, str]]] = tomllib.loads((Path(__file__).parent / "texts.toml").read_text("utf-8"))


class Wording:
    """What the pages over one register say, in one language."""

    def __init__(self, register: Register, language: str, *, made_up: bool) -> None:
        self.register = register
        self.language = language
        self.made_up = made_up

    def say(self, section: str, key: str, **values: object) -> str:
        """A text in the language of these pages."""
        numbers = {name: _Number(value) for name, value in values.items() if isinstance(value, int)}
        return TEXTS[section][key][self.language].format_map({**values, **numbers})

    def word(self, kind: str, code: str) -> str:
        """What a code stands for; the code where nobody knows."""
        known = self.register.code_text(kind, code, self.language)
        return known or TEXTS["code"].get(code, {}).get(self.language) or code


def query_of(question: Question, **other: str) -> str:
    return urlencode({**question.to_parameters(), **other})
