"""What packs say: for each rule what is wrong, why, whom it hits and how it is mended, and the words around it; of the package, or a region's own."""

from __future__ import annotations

import os
import string
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import attrs

from sor_addressing.errors import PolicyError
from sor_addressing.misspelt import nearest
from sor_addressing.quality.defining import Rule
from sor_addressing.quality.rule_set import all_rules, rules_on_request
from sor_addressing.shipped import shipped_toml
from sor_addressing.texts import LANGUAGES, counted
from sor_addressing.written_data.tables import WrittenTable
from sor_addressing.written_data.toml_files import read_toml

_ALWAYS = ("group", "count", "day")
_FILES = ("units", "list", "page")
_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "page": {
        "opening": (*_ALWAYS, *_FILES),
        "begin": (*_ALWAYS, *_FILES),
        "after": (*_ALWAYS, *_FILES),
        "deadline": (*_ALWAYS, "until"),
        "overdue": (*_ALWAYS, "until"),
        "contact": _ALWAYS,
    },
    "mail": {
        "subject": (*_ALWAYS, "units"),
        "text": (*_ALWAYS, *_FILES, "rules", "deadline", "contact"),
    },
    "rule": {"wrong": _ALWAYS, "why": _ALWAYS, "whom": _ALWAYS, "steps": _ALWAYS},
}
"""For each key of a text, which names in braces it may have."""

SHIPPED_TEXTS = ("data", "pack_texts.toml")
"""Where the texts of the package are, in the room of quality."""

_LISTS = ("begin", "steps")
_LONE_BRACE = "a brace stands alone; write {{ and }} for braces"
Templates = Mapping[str, tuple[str, ...]]
_Place = tuple[str, str]  # of page, mail or the code of a rule; and the language


@attrs.frozen(slots=True)
class RuleText:
    """What a pack says of one rule, in one language; empty where nothing is said."""

    wrong: str
    why: str
    whom: str
    steps: tuple[str, ...]


@attrs.frozen(slots=True, repr=False)
class PackTexts:
    """The texts of packs: those of the package, and in their place those that a file of one's own gives.

    >>> PackTexts.shipped().of_rule("net-operator-unknown", "en").steps[-1]
    'Register the net operator on the location number.'
    """

    _texts: Mapping[_Place, Templates] = attrs.field(hash=False)

    def __repr__(self) -> str:
        return f"<PackTexts of {len({name for name, _ in self._texts} - {'page', 'mail'})} rules>"

    @classmethod
    def shipped(cls) -> PackTexts:
        """The texts of the package."""
        return _shipped()

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, rules: Iterable[Rule] = ()) -> PackTexts:
        """The texts of the package with those of a TOML file in their place.

        The file has the shape of the package's own: ``[page.da]`` with ``opening``, ``begin``, ``after``, ``deadline``, ``overdue`` and ``contact``,
        ``[mail.da]`` with ``subject`` and ``text``, ``[rule.CODE.da]`` with ``wrong``, ``why``, ``whom`` and ``steps``; likewise ``en``. It needs
        to hold what it changes alone.

        Args:
            path: the file.
            rules: rules of your own that it may have texts for, besides those of the package and of installed packages.

        Raises:
            PolicyError: the file can't be read, has a key that is none, or a text names something in braces that is not filled in.
        """
        known = {rule.code for rule in (*all_rules(), *rules_on_request(), *rules)}
        texts = dict(_shipped()._texts)
        for place, templates in _read(read_toml(path, PolicyError), known):
            texts[place] = {**texts.get(place, {}), **templates}
        return cls(texts)

    def codes(self) -> frozenset[str]:
        """The codes of the rules that have texts."""
        return frozenset(name for name, _ in self._texts) - {"page", "mail"}

    def line(self, part: str, key: str, language: str, values: Mapping[str, str]) -> str:
        """A text of the ``page`` or the ``mail``, filled in."""
        return _filled(self._texts[part, language][key][0], values)

    def lines(self, part: str, key: str, language: str, values: Mapping[str, str]) -> tuple[str, ...]:
        """Likewise where there are several."""
        return tuple(_filled(one, values) for one in self._texts[part, language][key])

    def of_rule(self, code: str, language: str, values: Mapping[str, str] | None = None) -> RuleText | None:
        """What is said of a rule, with the names in braces filled in where ``values`` are given; None where there is no text."""
        templates = self._texts.get((code, language))
        if templates is None:
            return None

        def said(key: str) -> tuple[str, ...]:
            given = templates.get(key, ())
            return given if values is None else tuple(_filled(one, values) for one in given)

        wrong, why, whom = (next(iter(said(key)), "") for key in ("wrong", "why", "whom"))
        return RuleText(wrong, why, whom, said("steps"))


class _Word(str):
    """A value as a text has it; a number takes the word that fits it."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return counted(str(self), *spec.split("|")) if spec else str(self)


def _filled(template: str, values: Mapping[str, str]) -> str:
    return template.format_map({name: _Word(value) for name, value in values.items()})


@cache
def _shipped() -> PackTexts:
    file = WrittenTable(shipped_toml("sor_addressing.quality", *SHIPPED_TEXTS), SHIPPED_TEXTS[-1], PolicyError)
    return PackTexts(dict(_read(file, frozenset(file.table("rule")))))


def _read(file: WrittenTable, rules: Iterable[str]) -> Iterator[tuple[_Place, Templates]]:
    """The texts of a file by their place."""
    for part in file.only(*_NAMES):
        if part != "rule":
            yield from _in_languages(file.table(part), part, part)
            continue
        known = frozenset(rules)
        of_rules = file.table("rule")
        for code in of_rules:
            if code not in known:
                near = nearest(code, known)
                meant = f"did you mean {near}?" if near else "`audit --list-rules` names them"
                raise of_rules.fault(f"there is no rule {code!r}: {meant}", code)
            yield from _in_languages(of_rules.table(code), "rule", code)


def _in_languages(table: WrittenTable, part: str, name: str) -> Iterator[tuple[_Place, Templates]]:
    keys = _NAMES[part]
    for language in table.only(*LANGUAGES):
        texts = table.table(language).only(*keys)
        found: Templates = {key: texts.texts(key) if key in _LISTS else (texts.text(key),) for key in texts}
        for key, templates in found.items():
            for template in templates:
                wrong = _fault_in(template, keys[key])
                if wrong:
                    raise texts.fault(f"{key}: {wrong}", key)
        yield (name, language), found


def _fault_in(template: str, names: tuple[str, ...]) -> str:
    """What is wrong with the braces of a text; empty where nothing is."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        return _LONE_BRACE
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in names:
            near = nearest(name, names)
            meant = f" (did you mean {{{near}}}?)" if near else ""
            return f"{{{name}}} is not filled in here{meant}; these are: {', '.join(f'{{{one}}}' for one in names)}"
        if "{" in (spec or ""):
            return _LONE_BRACE
        if conversion or (spec and spec.count("|") != 1):
            return f"{{{name}}} stands alone, or with the words for one and for several: {{{name}:thing|things}}"
    return ""
