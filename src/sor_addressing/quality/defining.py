"""A rule of the audit: a function that looks at an :class:`AuditScope` and yields what it saw, and what is told of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from operator import attrgetter
from typing import Any

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.errors import PolicyError
from sor_addressing.extracts.facts import facts
from sor_addressing.quality.scope import AuditScope, Seen
from sor_addressing.texts import LANGUAGES, entries, fact_in_words, text_of, title_of

RuleFunction = Callable[[AuditScope], Iterable[Seen]]
"""What a rule is to begin with: any function of this signature can be one."""

GIVEN = ("approvals", "packages", "superseded", "deliveries")
"""What a rule can need besides the facts of the files: what the caller gives."""

SUBJECT = "rules"

_NOT_SAID = "–"


def _in_both_languages(given: Mapping[str, str] | None) -> Mapping[str, str] | None:
    if given is not None and not set(LANGUAGES) <= set(given):
        raise PolicyError(f"the texts of a rule are given in {', '.join(LANGUAGES)}, not in {', '.join(given)} alone")
    return given


@attrs.frozen(slots=True, eq=False, repr=False)
class Rule:
    """One rule of the audit. Call it with an :class:`AuditScope` and it yields what it saw.

    Attributes:
        code: stable, in lower case with hyphens.
        severity: how much its remarks weigh.
        function: the function itself.
        needs: the facts without which nothing can be said, by their names in the documentation's table of files, and ``approvals``,
            ``packages``, ``superseded`` or ``deliveries`` for what the caller gives.
        helped_by: the facts without which only part of it can be said.
    """

    code: str
    severity: Severity
    function: RuleFunction
    needs: tuple[str, ...] = attrs.field(default=())
    helped_by: tuple[str, ...] = attrs.field(default=())
    _titles: Mapping[str, str] | None = attrs.field(default=None, converter=_in_both_languages)
    _texts: Mapping[str, str] | None = attrs.field(default=None, converter=_in_both_languages)
    _fixes: Mapping[str, str] | None = attrs.field(default=None, converter=_in_both_languages)

    @needs.validator
    @helped_by.validator
    def _check_needs(self, _attribute: object, names: tuple[str, ...]) -> None:
        known = {*GIVEN, *(fact.name for fact in facts())}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise PolicyError(
                f"rule {self.code} needs {', '.join(unknown)}, which no file tells; see the table of files"
            )

    def __reduce__(self) -> tuple[Callable[[str, str], object], tuple[str, str]]:
        """By the place where it is defined, as a function goes to another process."""
        place = self.function.__module__, self.function.__qualname__
        try:
            found = _defined_at(*place)
        except AttributeError:
            found = None
        if found is not self:
            raise TypeError(f"the rule {self.code} does not pickle: {'.'.join(place)} is not where a module defines it")
        return _defined_at, place

    def __call__(self, scope: AuditScope) -> Iterable[Seen]:
        """What the rule sees."""
        return self.function(scope)

    def __repr__(self) -> str:
        return f"<Rule {self.code}, {self.severity}>"

    @property
    def source(self) -> str:
        """Who says so: what stands after ``Source:`` in the function's docstring; empty where it says nothing."""
        _, _, source = (inspect.getdoc(self.function) or "").partition("Source:")
        return " ".join(source.split())

    @property
    def summary(self) -> str:
        """The first sentence of the function's docstring, or its name."""
        doc = inspect.getdoc(self.function) or ""
        return " ".join(doc.split("\n\n", 1)[0].split()) or self.code

    def title(self, language: str = "en") -> str:
        """What the rule is called, in English (``"en"``) or Danish (``"da"``)."""
        return self._say(self._titles, f"{self.code}.title", language, {}) or self.summary

    def text(self, language: str, values: Mapping[str, object]) -> str:
        """What was seen, as a sentence."""
        return self._say(self._texts, self.code, language, values) or self.summary

    def fix(self, language: str, values: Mapping[str, object]) -> str:
        """What to do about it; empty where a rule of your own does not say."""
        return self._say(self._fixes, f"{self.code}.fix", language, values)

    def _say(self, own: Mapping[str, str] | None, code: str, language: str, values: Mapping[str, object]) -> str:
        shown = {name: _NOT_SAID if value is None else value for name, value in values.items()}
        if own is not None:
            if language not in LANGUAGES:
                raise ValueError(f"no texts in language {language!r}: use 'da' or 'en'")
            return own[language].format_map({name: _plain(value) for name, value in shown.items()})
        return text_of(SUBJECT, code, language, shown) if code in entries(SUBJECT) else ""

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "title": {language: self.title(language) for language in LANGUAGES},
            "source": self.source,
            "needs": list(self.needs),
        }


def _defined_at(module: str, name: str) -> object:
    return attrgetter(name)(import_module(module))


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def rule(
    code: str,
    severity: str = "warning",
    *,
    needs: Iterable[str] = (),
    helped_by: Iterable[str] = (),
    title: Mapping[str, str] | None = None,
    text: Mapping[str, str] | None = None,
    fix: Mapping[str, str] | None = None,
) -> Callable[[RuleFunction], Rule]:
    """Makes a :class:`Rule` of a function that takes an :class:`AuditScope` and yields what :meth:`AuditScope.seen` gives.

    Args:
        code: stable, in lower case with hyphens.
        severity: ``error``, ``warning`` or ``info``.
        needs: as in :class:`Rule`.
        helped_by: as in :class:`Rule`.
        title: what it is called, ``da`` and ``en``; the docstring's first sentence where it is left out.
        text: what was seen, ``da`` and ``en``; ``{names}`` in braces are filled from the details, and ``{unit}``, ``{sor_code}`` and
            ``{location_number}``.
        fix: what to do about it, likewise.

    Raises:
        PolicyError: there is no such severity, a need is no fact, or a text is not given in both languages.

    >>> @rule("name-in-capitals", "info")
    ... def name_in_capitals(scope):
    ...     "The whole name is in capital letters."
    ...     return [scope.seen(unit) for unit in scope.units if unit.name.isupper()]
    >>> name_in_capitals
    <Rule name-in-capitals, info>
    """
    if severity not in tuple(Severity):
        raise PolicyError(f"rule {code}: severity {severity!r} is none: use {', '.join(Severity)}")

    def made(function: RuleFunction) -> Rule:
        return Rule(code, Severity(severity), function, tuple(needs), tuple(helped_by), title, text, fix)

    return made


def rule_of(given: Any) -> Rule:
    """A rule as it is, or one made of a plain function: called as the function is, a warning, told by its docstring.

    Raises:
        PolicyError: it is neither.
    """
    if isinstance(given, Rule):
        return given
    if not callable(given):
        raise PolicyError(f"{given!r} is no rule: give a function that takes an AuditScope, or a Rule")
    name = getattr(given, "__name__", type(given).__name__)
    return Rule(name.strip("_<>").replace("_", "-"), Severity.WARNING, given)


@attrs.frozen(slots=True)
class NotChecked:
    """A rule that could not be followed, or only in part: ``missing`` names what the loaded files don't tell, or what was not given."""

    rule: str
    missing: tuple[str, ...]
    partly: bool = False

    def title(self, language: str = "en") -> str:
        """What the rule is called, in English (``"en"``) or Danish (``"da"``); its code where it is one of your own."""
        return title_of(SUBJECT, self.rule, language)

    def text(self, language: str = "en") -> str:
        """The reason as a sentence, in English (``"en"``) or Danish (``"da"``)."""
        words = [
            text_of(SUBJECT, f"need.{name}", language, {}) if _has_words(name) else fact_in_words(name, language)
            for name in self.missing
        ]
        code = "not-checked-partly" if self.partly else "not-checked"
        return text_of(SUBJECT, code, language, {"rule": self.rule, "missing": words})

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the English text."""
        return {"rule": self.rule, "missing": list(self.missing), "partly": self.partly, "text": self.text()}


def _has_words(name: str) -> bool:
    return f"need.{name}" in entries(SUBJECT)
