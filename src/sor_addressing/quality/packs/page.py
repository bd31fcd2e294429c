"""The page of a pack: what is wrong, why, whom it hits and how it is mended, with pictures of the numbers. It needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sor_addressing.addressing.severities import Severity
from sor_addressing.pages.charts import Bar, bars
from sor_addressing.pages.document import contents, details, page, paragraph, section, steps, table, told
from sor_addressing.quality.defining import Rule
from sor_addressing.quality.packs.content import PackContent, PackWords
from sor_addressing.quality.packs.texts import PackTexts
from sor_addressing.quality.packs.things import Thing

_MOST_SHOWN, _MOST_OPEN = 100, 10


def pack_page(content: PackContent, texts: PackTexts, say: PackWords) -> str:
    """The page as HTML; everything from the register and from texts is escaped."""
    language = say.language
    values = content.values(say)
    by_rule: dict[str, list[Thing]] = {}
    for thing in content.things:
        by_rule.setdefault(thing.rule, []).append(thing)
    links = [("numbers", say("numbers")), ("begin", say("begin"))]
    links += [(rule.code, rule.title(language)) for rule in content.rules]
    links.append(("after", say("after")))
    parts = [paragraph(texts.line("page", "opening", language, values))]
    deadline = content.deadline(texts, say)
    if deadline:
        parts.append(told(deadline, ""))
    parts += [contents(links), section("numbers", say("numbers"), _numbers(content, by_rule, say))]
    parts.append(section("begin", say("begin"), [steps(texts.lines("page", "begin", language, values))]))
    for rule in content.rules:
        heading = f"{rule.title(language)} ({say.number(len(by_rule[rule.code]))})"
        parts.append(section(rule.code, heading, _rule(rule, by_rule[rule.code], content, texts, say)))
    ending = [texts.line("page", key, language, values) for key in ("after", "contact")]
    parts.append(section("after", say("after"), map(paragraph, ending)))
    return page(say("title", group=content.name), language, parts, subtitle=content.on.isoformat())


def _numbers(content: PackContent, by_rule: dict[str, list[Thing]], say: PackWords) -> Iterator[str]:
    group, count = content.group, len(content.things)
    share = say.share(count / content.total if content.total else 0.0)
    counts = {"count": say.number(count), "total": say.number(content.total), "share": share}
    yield paragraph(say("whole", units=say.number(group.units_with_remarks), all=say.number(group.units), **counts))
    elsewhere = sum(group.shared.values())
    if elsewhere:
        yield paragraph(say("shared", count=say.number(elsewhere)))
    for name, part, whole, share_of in (
        ("units-bar", group.units_with_remarks, group.units, group.share),
        ("numbers-bar", group.numbers_with_remarks, group.numbers, group.share_of_numbers),
    ):
        if whole:
            words = say("of", part=say.number(part), all=say.number(whole), share=say.share(share_of))
            yield bars([Bar(say(name), words, _plain(part))], whole)
    yield f"<h3>{say('by-rule')}</h3>"
    yield bars([_bar(rule, len(by_rule[rule.code]), content, say) for rule in content.rules])
    compared = content.compared
    if compared is not None:
        now = compared.now({code: len(things) for code, things in by_rule.items()})
        day = compared.on.isoformat()
        yield f"<h3>{say('compared')}</h3>"
        yield paragraph(say("compared-text", day=day, before=say.number(compared.count), now=say.number(now)))
        if compared.partly:
            yield paragraph(say("compared-partly"))
        both = [(day, compared.count), (content.on.isoformat(), now)]
        yield bars([Bar(one, say.number(number), _plain(number)) for one, number in both])


def _plain(count: int) -> list[int]:
    """The parts of a bar of things of any severity, in a colour that is of none."""
    return [*[0] * len(Severity), count]


def _bar(rule: Rule, count: int, content: PackContent, say: PackWords) -> Bar:
    words = {"count": say.number(count), "share": say.share(count / len(content.things))}
    compared = content.compared
    if compared is not None and rule.code in compared.by_rule:
        told_of = say("rule-words-before", before=say.number(compared.by_rule[rule.code]), **words)
    else:
        told_of = say("rule-words", **words)
    at = tuple(Severity).index(rule.severity)  # each severity has its colour
    who = f"{rule.title(say.language)} – {say.of_reports(f'severity.{rule.severity}')}"
    return Bar(who, told_of, [*[0] * at, count])


def _rule(rule: Rule, things: Sequence[Thing], content: PackContent, texts: PackTexts, say: PackWords) -> Iterator[str]:
    values = {**content.values(say), "count": say.number(len(things))}
    text = texts.of_rule(rule.code, say.language, values)
    if text is not None:
        for heading, said in ((say("wrong"), text.wrong), (say("why"), text.why), (say("whom"), text.whom)):
            if said:
                yield told(heading, said)
        if text.steps:
            yield f"<h3>{say('steps')}</h3>"
            yield steps(text.steps)
    yield details(say("where", count=say.number(len(things))), _where(things, say), is_open=len(things) <= _MOST_OPEN)


def _where(things: Sequence[Thing], say: PackWords) -> Iterator[str]:
    shown = things[:_MOST_SHOWN]
    rows = [
        (one.name or say("no-unit"), one.sor_code, one.location_number, one.fix or one.wrong, one.since)
        for one in shown
    ]
    heads = ("name", "sor_code", "location_number", "fix", "since")
    kept = [at for at in range(len(heads)) if at < 1 or any(row[at] for row in rows)]
    yield table(say.heads(*(heads[at] for at in kept)), [[row[at] for at in kept] for row in rows], label=say("list"))
    if len(shown) < len(things):
        yield paragraph(say("shown", shown=say.number(len(shown)), count=say.number(len(things))))
