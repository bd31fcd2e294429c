"""Codes in words: what a type, speciality, system or net operator of the register is called."""

from __future__ import annotations

from sor_addressing.index.lookup import Index
from sor_addressing.texts import LANGUAGES, entries


def words_of(index: Index, kind: str, code: str, language: str = "da") -> str | None:
    """What ``code`` stands for; None where nothing tells.

    The register's own classifications go first, then the texts shipped with the package. Files that have words instead of codes give
    those words as codes: such a word stands for itself.

    Args:
        index: the index.
        kind: ``type``, ``speciality``, ``system``, ``supplier``, ``net-operator``, ``region``, ``municipality`` or ``administrator``.
        code: the code as the register writes it.
        language: ``"da"`` or ``"en"``; the register's own classifications are Danish.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no texts in language {language!r}: use 'da' or 'en'")
    own = index.code_text(code)
    if own is not None:
        return own
    if kind == "municipality":
        from sor_addressing.authorities import municipality_name  # seldom asked for

        return municipality_name(code) or (code if code and not code.isdigit() else None)
    entry = entries("codes").get(f"{kind}.{code}")
    if entry is not None:
        return entry[language]
    return code if code and not code.isdigit() else None
