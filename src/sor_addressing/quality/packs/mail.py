"""The text that a pack is mailed with."""

from __future__ import annotations

import textwrap
from collections import Counter

from sor_addressing.cells import writable
from sor_addressing.quality.packs.content import PackContent, PackWords, on_one_line
from sor_addressing.quality.packs.texts import PackTexts

_WIDTH = 76


def pack_mail(content: PackContent, texts: PackTexts, say: PackWords) -> str:
    """Plain text: its subject on the first line, then the letter."""
    language = say.language
    counts = Counter(thing.rule for thing in content.things)
    values = content.values(say)
    values["rules"] = "\n".join(
        f"- {on_one_line(rule.title(language))}: {say.number(counts[rule.code])}" for rule in content.rules
    )
    values["deadline"] = content.deadline(texts, say)
    values["contact"] = texts.line("page", "contact", language, values)
    subject = on_one_line(texts.line("mail", "subject", language, values))
    text = writable(texts.line("mail", "text", language, values))
    return "\n".join([say("subject-line", subject=subject), "", *_wrapped(text), ""])


def _wrapped(text: str) -> list[str]:
    """Lines that no mail program breaks, with one empty line between paragraphs at most."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        parts = textwrap.wrap(
            line,
            _WIDTH,
            break_long_words=False,
            break_on_hyphens=False,
            subsequent_indent="  " if line.startswith("- ") else "",
        )
        if parts or (lines and lines[-1]):
            lines += parts or [""]
    while lines and not lines[-1]:
        lines.pop()
    return lines
