"""What a search found, as a list: who, where, what matched, and whether the letter can go there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

import attrs
from asking import FILTERS, Question, Result, Results
from html_text import Html, html, joined
from wording import Wording, query_of

from sor_addressing import Finding, Outcome, Unit
from sor_addressing.search import MatchedField

EXAMPLES = ("hjerteafd grævlingelund", "lægehus tranebærgade", "sygehusadviser", "klinikken lukket")
SYMBOLS = {"addressable": "✓", "supported": "✓", "converted": "⇄", "support_unknown": "?"}
FINDING_SYMBOLS = {"error": "✕", "warning": "⚠", "info": "ℹ"}

_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})

HIT = """<li class="hit {look}">
<div class="who">
<h3><a href="/unit/{sor_code}?{query}">{name}</a></h3>
{above}<p class="type">{type}</p>
{address}<p>{location_label}: {location}</p>
{matched}</div>
<div class="may">
<p class="verdict"><span aria-hidden="true">{symbol}</span> {verdict}</p>
{findings}{choose}</div>
</li>"""


class ResultList(Wording):
    """Results over one register, in one language."""

    def results(self, question: Question, results: Results | None) -> Html:
        """What was found: those to choose from, then those that can't be chosen; where there is nothing, why."""
        if results is None:
            return self._invitation(question)
        closed = self._closed_left_out(question, results)
        if not results.shown:
            return joined([*self._nothing(question, results), closed])
        usable = [result for result in results.shown if result.usable]
        rest = [result for result in results.shown if not result.usable]
        parts = [
            html(
                '<h2 class="summary">{text}</h2>\n',
                text=self.say("results", "count", usable=len(usable), rest=len(rest)),
            )
        ]
        parts.append(self._filters_in_use(question))
        if usable:
            parts.append(self._hits(question, usable))
        if rest:
            parts.append(html('<h2 class="divider">{text}</h2>\n', text=self.say("results", "unusable")))
            parts.append(self._hits(question, rest))
        if results.more:
            parts.append(html('<p class="hint">{text}</p>\n', text=self.say("results", "more")))
        parts.append(closed)
        return joined(parts)

    def _invitation(self, question: Question) -> Html:
        links = [
            html('<a href="/?{query}">{text}</a>', query=query_of(question, q=text), text=text) for text in EXAMPLES
        ]
        examples = html(
            "<p>{intro}{links}</p>\n", intro=self.say("results", "start-example"), links=joined(links, ", ")
        )
        start = html('<p class="summary">{text}</p>\n', text=self.say("results", "start"))
        return joined([start, examples if self.made_up else ""])

    def _nothing(self, question: Question, results: Results) -> Iterator[Html]:
        yield html('<h2 class="summary">{text}</h2>\n', text=self.say("results", "none"))
        yield self._filters_in_use(question)
        if question.text:
            yield html("<p>{text}</p>\n", text=self.say("results", "none-hint"))
        if results.others:
            yield html("<p>{text}</p>\n", text=self.say("results", "none-filters"))
        if results.reasons:
            yield html(
                "<h2>{title}</h2>\n<pre>{reasons}</pre>\n",
                title=self.say("results", "none-why"),
                reasons=results.reasons,
            )

    def _filters_in_use(self, question: Question) -> Html:
        if not question.narrows:
            return Html()
        without = attrs.evolve(question, **dict.fromkeys(FILTERS, ""), own=False)
        return html(
            '<p class="narrowed">{text} <a href="/?{query}">{clear}</a></p>\n',
            text=self.say("results", "filters", count=question.narrows),
            query=query_of(without),
            clear=self.say("results", "clear"),
        )

    def _closed_left_out(self, question: Question, results: Results) -> Html:
        if not results.closed:
            return Html()
        count = self.say("results", "at-least", count=results.closed) if results.closed_at_least else results.closed
        return html(
            '<p class="left-out">{text} <a href="/?{query}">{link}</a></p>\n',
            text=self.say("results", "closed-left-out", count=count),
            query=query_of(question, closed="1"),
            link=self.say("results", "show-closed"),
        )

    def _hits(self, question: Question, results: Iterable[Result]) -> Html:
        hits = joined((self._hit(question, result) for result in results), Html("\n"))
        return html('<ol class="hits">\n{hits}\n</ol>\n', hits=hits)

    def _hit(self, question: Question, result: Result) -> Html:
        unit = result.unit
        address = unit.visiting_address
        return html(
            HIT,
            look=look_of(result),
            sor_code=unit.sor_code,
            query=query_of(question),
            name=marked(unit.name, _typed_in(result, unit)),
            above=self.above(question, result),
            type=self._type(unit),
            address=html("<p>{text}</p>\n", text=", ".join(address.lines)) if address else "",
            location_label=self.say("results", "location"),
            location=self.location(unit),
            matched=self._matched(result),
            symbol=symbol_of(result),
            verdict=self.verdict(result),
            findings=joined([self.findings(result.findings), self.not_direct(result)]),
            choose=self.choose(question, result),
        )

    def above(self, question: Question, result: Result) -> Html:
        links = [
            html(
                '<a href="/unit/{sor_code}?{query}">{name}</a>',
                sor_code=unit.sor_code,
                query=query_of(question),
                name=marked(unit.name, _typed_in(result, unit)),
            )
            for unit in result.unit.ancestors
        ]
        if not links:
            return Html()
        label = self.say("results", "above")
        return html('<p class="above">{label}: {links}</p>\n', label=label, links=joined(links, " › "))

    def _type(self, unit: Unit) -> str:
        words = ", ".join(self.word("type", code) for code in unit.types)
        return f"{self.say('kind', unit.kind)} – {words}" if words else self.say("kind", unit.kind)

    def location(self, unit: Unit) -> Html:
        """The location number and whose it is."""
        location = unit.location
        if location is None:
            return html("{text}", text=self.say("results", "no-location"))
        whose = self.say("results", "own")
        if location.inherited:
            whose = self.say("results", "inherited", owner=location.owner.name)
        return html('<span class="number">{number}</span> ({whose})', number=location.number, whose=whose)

    def _matched(self, result: Result) -> Html:
        places = [
            html(
                "{word} → {text} ({field})",
                word=word.word,
                text=marked(word.text, [word.word]),
                field=self.say("field", word.field),
            )
            for word in result.matched
        ]
        parts = []
        if places:
            parts.append(html("{label} {places}", label=self.say("results", "matched"), places=joined(places, "; ")))
        if result.missed:
            missed = joined((html("<s>{word}</s>", word=word) for word in result.missed), ", ")
            parts.append(html("{label} {missed}", label=self.say("results", "missed"), missed=missed))
        return html('<p class="matched">{parts}</p>\n', parts=joined(parts, ". ")) if parts else Html()

    def verdict(self, result: Result) -> str:
        """In words whether the letter can go there; a unit that can't be chosen says that first."""
        verdict = result.verdict
        if verdict is None:
            text = self.say("verdict", "addressable" if result.usable else "not-addressable")
        elif result.needs_conversion:
            text = self.say("verdict", "converts", type=verdict.message_type)
        elif verdict.deliverable or verdict.reason is None:
            text = self.say("verdict", verdict.outcome, type=verdict.message_type, arrives=verdict.arrives_as)
        elif verdict.outcome in (Outcome.UNSUPPORTED, Outcome.SUPPORT_UNKNOWN):
            text = self.say("verdict", verdict.outcome, type=verdict.message_type)
        else:
            text = verdict.reason.title(self.language)
        return text if result.usable else f"{self.say('results', 'unusable')}: {text[0].lower()}{text[1:]}"

    def findings(self, findings: Iterable[Finding]) -> Html:
        items = joined(
            html(
                '<li class="{severity}"><span aria-hidden="true">{symbol}</span> <b>{word}:</b> {text}</li>\n',
                severity=finding.severity,
                symbol=FINDING_SYMBOLS[finding.severity],
                word=self.say("severity", finding.severity),
                text=finding.text(self.language),
            )
            for finding in findings
        )
        return html('<ul class="findings">\n{items}</ul>\n', items=items) if items else Html()

    def not_direct(self, result: Result) -> Html:
        text = self.say("verdict", "not-direct")
        return html('<p class="reason">{text}</p>\n', text=text) if result.needs_conversion else Html()

    def choose(self, question: Question, result: Result) -> Html:
        if not result.usable:
            return Html()
        return html(
            '<a class="choose" href="/choose/{sor_code}?{query}">{choose}<span class="unseen"> {name}</span></a>\n',
            sor_code=result.unit.sor_code,
            query=query_of(question),
            choose=self.say("results", "choose"),
            name=result.unit.name,
        )


def marked(text: str, typed: Iterable[str]) -> Html:
    """``text`` with those of its words marked that are most like what was typed.

    >>> marked("Hjerteafdelingen <A>", ["hjerteafd"])
    '<mark>Hjerteafdelingen</mark> &lt;A&gt;'
    """
    words = list(_WORD.finditer(text))
    likest = {max(words, key=lambda word: _likeness(word[0], one)).span() for one in typed if words}
    parts: list[object] = []
    place = 0
    for start, end in sorted(likest):
        parts += [text[place:start], html("<mark>{word}</mark>", word=text[start:end])]
        place = end
    return joined([*parts, text[place:]])


def _likeness(word: str, typed: str) -> float:
    one, other = (part.casefold().translate(_LETTERS) for part in (word, typed))
    return 1 + len(one) / 1000 if one in other or other in one else SequenceMatcher(None, one, other).ratio()


def _typed_in(result: Result, unit: Unit) -> list[str]:
    """What was typed and found in the name of ``unit``, which is the one found or one above it."""
    names = (MatchedField.NAME, MatchedField.ABOVE)
    return [word.word for word in result.matched if word.sor_code == unit.sor_code and word.field in names]


def symbol_of(result: Result) -> str:
    if not result.usable:
        return "✕"
    return SYMBOLS[result.verdict.outcome if result.verdict else "addressable"]


def look_of(result: Result) -> str:
    """The class that colours a result; its symbol and words say the same."""
    if not result.usable:
        return "unusable"
    verdict = result.verdict
    return "converted" if verdict is not None and verdict.outcome is not Outcome.SUPPORTED else "usable"
