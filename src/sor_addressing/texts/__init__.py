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
    """All texts of a subject (``findings``, ``problems`` …): code to language to template. Where the Danish stands alone, its code is the English."""
    return {
        code: {"en": code, "da": text} if isinstance(text, str) else text
        for code, text in shipped_toml(__name__, f"{subject}.toml").items()
    }


_REASONS = ("reason", "reasons", "why")
"""A code of a finding, or what an error or the system said: English, as errors are made."""

_WORDED = {"fact": "", "facts": "", "model": "model.", "note": "note."}
"""Values that are names in code, and what their entries in ``names`` begin with."""

_NAMES_IN_CODE = frozenset(["field", "origin", *_WORDED, *_REASONS])
"""What a text can hold that is not shown as it stands."""


def counted(count: object, one: str, several: str) -> str:
    """A number and the word that fits it.

    >>> counted(1, "file", "files"), counted(0, "file", "files")
    ('1 file', '0 files')
    """
    return f"{count} {one if str(count) == '1' else several}"


def has_title(subject: str, code: str) -> bool:
    """Whether a code of a subject (``findings``, ``problems``, ``rules``) has a title."""
    return _title(subject, code) is not None


def title_of(subject: str, code: str, language: str) -> str:
    """The short title for ``code`` in ``language``, as lists have it; the code itself where there is none."""
    if language not in LANGUAGES:
        raise ValueError(f"no texts in language {language!r}: use 'da' or 'en'")
    title = _title(subject, code)
    return title[language] if title else code


def _title(subject: str, code: str) -> dict[str, str] | None:
    return entries("titles").get(f"{subject}.{code}") or entries(subject).get(f"{code}.title")


def in_a_sentence(title: str) -> str:
    """A title as it stands within a sentence.

    >>> in_a_sentence("The unit is closed"), in_a_sentence("SOR code missing")
    ('the unit is closed', 'SOR code missing')
    """
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def fact_in_words(name: str, language: str) -> str:
    """What a fact that files tell or do not tell is called: its name in ``facts.csv``, or that in Danish."""
    return str(_in_words("fact", name, language))


def field_in_words(name: str, language: str) -> str:
    """What a field of a filter or an address book is called, its name in code where there is no word."""
    word = entries("find").get(f"field.{name}") or entries("names").get(name)
    return word[language] if word else name


def text_of(subject: str, code: str, language: str, values: Mapping[str, object]) -> str:
    """The sentence for ``code`` in ``language`` (``"da"`` or ``"en"``), its names filled from ``values``.

    Raises:
        ValueError: the language is neither.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no texts in language {language!r}: use 'da' or 'en'")
    sentence, named = _taken_apart(entries(subject)[code][language])
    shown = [
        value if type(value := values.get(name)) is str and as_it_stands else _filled(name, value, spec, language)
        for name, spec, as_it_stands in named
    ]
    return sentence % tuple(shown)


@cache
def _taken_apart(template: str) -> tuple[str, list[tuple[str, str, bool]]]:
    """A text with ``%s`` for each value; and for each its name, how it is to be shown, and whether it stands there as it is where it is a text."""
    from string import Formatter

    sentence, named = "", []
    for words, name, spec, _ in Formatter().parse(template):
        sentence += words.replace("%", "%%")
        if name is not None:
            sentence += "%s"
            named.append((name, spec or "", not spec and name not in _NAMES_IN_CODE))
    return sentence, named


def _filled(name: str, value: object, spec: str, language: str) -> str:
    """A value as a text has it.

    ``{kind:a}`` in a Danish text is the word for it with its article: "en SOR-kode". ``{count:file|files}`` is the number and the word
    that fits it: "1 file", "2 files".
    """
    value = _in_words(name, value, language)
    text = _shown(value, language)
    if not spec:
        return text
    if "|" in spec:
        return counted(text, *spec.split("|"))
    word = entries("names").get(value, {}) if spec == "a" and isinstance(value, StrEnum) else {}
    return f"{word['article']} {text}" if language == "da" and "article" in word else text


def _in_words(name: str, value: object, language: str) -> object:
    """What a value that is a code or a name in code is called by people; any other as it is."""
    if isinstance(value, StrEnum) or not isinstance(value, (str, tuple, list)):
        return value
    if not isinstance(value, str):
        return [_in_words(name, one, language) for one in value]
    if name == "field":
        return field_in_words(value, language)
    if name == "origin":
        origin = entries("cli").get(f"origin.{value}")
        return origin[language] if origin else value
    if name in _WORDED:
        word = entries("names").get(_WORDED[name] + value)
        return word[language] if word else value
    if name in _REASONS:
        if has_title("findings", value):
            return in_a_sentence(title_of("findings", value, language))
        if language == "da" and name != "reasons":
            from sor_addressing.texts.of_errors import danish_of

            return danish_of(value)
    return value


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
