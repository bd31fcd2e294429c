"""The pages of the recipient browser as HTML. What they say is in ``texts.toml``, how they look in ``page.css``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from urllib.parse import urlencode

from asking import LANGUAGES, Question, Result, Results
from html_text import Html, html, joined

from sor_addressing import Field, Filter, Finding, MessageType, Outcome, Period, Register, Unit

HERE = Path(__file__).parent
TEXTS: dict[str, dict[str, dict[str, str]]] = tomllib.loads((HERE / "texts.toml").read_text("utf-8"))
STYLE = Html((HERE / "page.css").read_text("utf-8"))
SCRIPT = Html((HERE / "search.js").read_text("utf-8"))

# The letters that this sender can write; every sender knows its own.
LETTERS = ("FDIS91", "XDIS91", "DIS91", "XREF01", "XREF02", "XREF06", "XREF15", "XREF22", "GGOP", "XDIS01", "FDIS20")
EXAMPLES = ("hjerteafd grævlingelund", "lægehus tranebærgade", "sygehusadviser", "klinikken lukket")
SYMBOLS = {"addressable": "✓", "supported": "✓", "converted": "⇄", "support_unknown": "?"}
FINDING_SYMBOLS = {"error": "✕", "warning": "⚠", "info": "ℹ"}
LANGUAGE_NAMES = {"da": "Dansk", "en": "English"}
MOST_BELOW = 20
OLD_DAYS = 2

_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_KINDS_OF_CODES = {"region": "region", "municipality": "municipality", "unit_type": "type", "speciality": "speciality"}

DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style nonce="{nonce}">
{style}</style>
</head>
<body>
{banner}<header>
<a class="brand" href="/?lang={lang}">{brand}</a>
<a href="?{other_query}" hreflang="{other}" lang="{other}" data-lang="{other}">{other_name}</a>
</header>
<main>
{body}
</main>
<footer><p>{date}</p></footer>
{script}</body>
</html>
"""

SEARCH_PAGE = """<a class="skip" href="#results">{skip}</a>
<h1>{title}</h1>
{form}
<p id="status" class="unseen" role="status" aria-live="polite"></p>
<section id="results" aria-label="{label}">
{results}
</section>"""

FORM = """<form id="search" role="search" action="/" method="get" data-failed="{failed}">
<input type="hidden" name="lang" value="{lang}">
<div class="field wide">
<label for="q">{text_label}</label>
<div class="row"><input id="q" name="q" type="search" value="{text}" maxlength="500" autocomplete="off" autofocus
 aria-describedby="q-hint"><button>{search}</button></div>
<p id="q-hint" class="hint">{text_hint}</p>
</div>
<div class="fields">
{letter}
{conversion}
</div>
<details id="filters"{open}>
<summary>{filters}</summary>
<div class="fields">
{selects}
</div>
<div class="switches">
{switches}
</div>
{clear}</details>
</form>"""

HIT = """<li class="hit {look}">
<div class="who">
<h3><a href="/unit/{sor_code}?{query}">{name}</a></h3>
{above}<p class="type">{type}</p>
{address}<p>{location}</p>
{matched}</div>
<div class="may">
<p class="verdict"><span aria-hidden="true">{symbol}</span> {verdict}</p>
{findings}{choose}</div>
</li>"""


class Pages:
    """The pages over one register, in one language."""

    def __init__(self, register: Register, language: str, *, made_up: bool) -> None:
        self.register = register
        self.language = language
        self.made_up = made_up
        self._letters = {code: f"{code} – {_letter(code).name(language)}" for code in LETTERS}
        self._choices = self._choices_by_field()

    def say(self, section: str, key: str, **values: object) -> str:
        """A text in the language of these pages."""
        return TEXTS[section][key][self.language].format_map(values)

    def document(self, question: Question, body: str, *, nonce: str, title: str = "") -> Html:
        """A whole page around ``body``; with the script where there is a form for it."""
        brand, age = self.say("page", "title"), self.register.age_days
        other = next(language for language in LANGUAGES if language != self.language)
        date = self.say("page", "register-date", date=self.register.snapshot_date)
        banner = html('<p class="banner">⚠ {text}</p>\n', text=self.say("page", "made-up"))
        script = html('<script type="module" nonce="{nonce}">\n{script}</script>\n', nonce=nonce, script=SCRIPT)
        return html(
            DOCUMENT,
            lang=self.language,
            title=f"{title} – {brand}" if title else brand,
            nonce=nonce,
            style=STYLE,
            banner=banner if self.made_up else "",
            brand=brand,
            other=other,
            other_name=LANGUAGE_NAMES[other],
            other_query=urlencode({**question.to_parameters(), "lang": other}),
            body=Html(body),
            date=f"{date} {self.say('page', 'register-old', days=age)}" if age > OLD_DAYS else date,
            script=script if '<form id="search"' in body else "",
        )

    def search_page(self, question: Question, results: Results | None) -> Html:
        """The form, and what it found."""
        return html(
            SEARCH_PAGE,
            skip=self.say("page", "skip"),
            title=self.say("page", "title"),
            form=self._form(question),
            label=self.say("results", "title"),
            results=self.results(question, results),
        )

    def results(self, question: Question, results: Results | None) -> Html:
        """What was found: those to choose from, then those that can't be chosen; where there is nothing, why."""
        if results is None:
            return self._invitation(question)
        if not results.shown:
            return joined([*self._nothing(question, results), self._closed_left_out(question, results)])
        usable = [result for result in results.shown if result.usable]
        rest = [result for result in results.shown if not result.usable]
        parts = [
            html(
                '<p class="summary">{text}</p>\n',
                text=self.say("results", "count", usable=len(usable), rest=len(rest)),
            )
        ]
        if usable:
            parts.append(self._hits(question, usable))
        if rest:
            parts.append(html('<h2 class="divider">{text}</h2>\n', text=self.say("results", "unusable")))
            parts.append(self._hits(question, rest))
        if results.more:
            parts.append(html('<p class="hint">{text}</p>\n', text=self.say("results", "more")))
        parts.append(self._closed_left_out(question, results))
        return joined(parts)

    def unit_page(self, question: Question, result: Result) -> Html:
        """One unit: whether it can be chosen, what is to be noted, what it is, and what it has registered."""
        findings = self._findings(result.findings) or html("<p>{text}</p>", text=self.say("unit", "no-findings"))
        return html(
            """{back}
<h1>{name}</h1>
{above}<div class="hit {look}"><p class="verdict"><span aria-hidden="true">{symbol}</span> {verdict}</p>
{choose}</div>
<h2>{findings_title}</h2>
{findings}
<h2>{facts_title}</h2>
<dl>
{facts}
</dl>
<h2>{registrations_title}</h2>
{registrations}""",
            back=self._back(question),
            name=result.unit.name,
            above=self._above(question, result),
            look=_look(result),
            symbol=_symbol(result),
            verdict=self._verdict(result),
            choose=self._choose(question, result),
            findings_title=self.say("unit", "findings"),
            findings=findings,
            facts_title=self.say("unit", "facts"),
            facts=joined(
                (
                    html("<dt>{label}</dt><dd>{text}</dd>", label=label, text=text)
                    for label, text in self._facts(question, result.unit)
                ),
                Html("\n"),
            ),
            registrations_title=self.say("unit", "registrations"),
            registrations=self._registrations(result.unit),
        )

    def chosen_page(self, question: Question, result: Result, stored: str | None) -> Html:
        """What the sender stores, as JSON; where the unit can't be chosen, why."""
        name = result.unit.name
        if stored is None:
            title = self.say("chosen", "refused", name=name)
            findings = joined([self._findings(result.findings), self._not_direct(result)])
            return html(
                "{back}\n<h1>{title}</h1>\n{findings}", back=self._back(question), title=title, findings=findings
            )
        query = urlencode({**question.to_parameters(), "format": "json"})
        return html(
            """{back}
<h1>{title}</h1>
<p>{says}</p>
<pre id="stored">{stored}</pre>
<p><a href="/choose/{sor_code}?{query}">{as_json}</a></p>
{findings}<p class="hint">{again}</p>""",
            back=self._back(question),
            title=self.say("chosen", "title", name=name),
            says=self.say("chosen", "stored"),
            stored=stored,
            sor_code=result.unit.sor_code,
            query=query,
            as_json=self.say("chosen", "json"),
            findings=self._findings(result.findings),
            again=self.say("chosen", "again"),
        )

    def message_page(self, question: Question, title: str, texts: Iterable[str]) -> Html:
        """A page that only says that something did not work, and why."""
        return html("{back}\n{refusal}", back=self._back(question), refusal=self.refusal(title, texts, level=1))

    def refusal(self, title: str, texts: Iterable[str], *, level: int = 2) -> Html:
        """Why something can't be shown."""
        lines = joined(html("<p>{text}</p>\n", text=text) for text in texts)
        heading = self.say("page", title)
        return html(
            '<h{level} class="summary">{heading}</h{level}>\n{lines}', level=level, heading=heading, lines=lines
        )

    # The form

    def _form(self, question: Question) -> Html:
        say = self.say
        ways = {"": say("form", "conversion-allowed"), "direct": say("form", "conversion-direct")}
        letters = {"": say("form", "any-type"), **self._letters}
        plain = question.to_parameters()
        for name in (*_KINDS_OF_CODES, "own", "closed"):
            plain.pop(name, None)
        clear = html('<p><a href="/?{query}">{text}</a></p>\n', query=urlencode(plain), text=say("form", "clear"))
        return html(
            FORM,
            failed=say("page", "failed"),
            lang=self.language,
            text_label=say("form", "text"),
            text=question.text,
            search=say("form", "search"),
            text_hint=say("form", "text-hint"),
            letter=self._select("message_type", letters, question.message_type),
            conversion=self._select("conversion", ways, question.conversion.replace("allowed", "")),
            open=Html(" open") if question.narrows else "",
            filters=f"{say('form', 'filters')} ({question.narrows})" if question.narrows else say("form", "filters"),
            selects=joined(
                (
                    self._select(name, {"": say("form", "all"), **self._choices[name]}, getattr(question, name))
                    for name in _KINDS_OF_CODES
                ),
                Html("\n"),
            ),
            switches=joined(
                (self._switch("own", on=question.own), self._switch("closed", on=question.closed)), Html("\n")
            ),
            clear=clear if question.narrows else "",
        )

    def _select(self, name: str, choices: dict[str, str], chosen: str) -> Html:
        options = joined(
            html(
                '<option value="{value}"{selected}>{text}</option>',
                value=value,
                selected=Html(" selected") if value == chosen else "",
                text=text,
            )
            for value, text in {**choices, chosen: choices.get(chosen, chosen)}.items()
        )
        return html(
            '<div class="field"><label for="{name}">{label}</label><select id="{name}" name="{name}">{options}</select></div>',
            name=name,
            label=self.say("form", name),
            options=options,
        )

    def _switch(self, name: str, *, on: bool) -> Html:
        return html(
            '<label><input type="checkbox" name="{name}" value="1"{checked}> {label}</label>',
            name=name,
            checked=Html(" checked") if on else "",
            label=self.say("form", name),
        )

    def _choices_by_field(self) -> dict[str, dict[str, str]]:
        """What each filter offers: the codes that units of the register have, with their words, in the order of the words."""
        codes: dict[str, set[str]] = {field: set() for field in _KINDS_OF_CODES}
        for unit in self.register:
            codes["region"].add(unit.region or "")
            codes["municipality"].add(unit.municipality or "")
            codes["unit_type"].update(unit.types)
            codes["speciality"].update(speciality.code for speciality in unit.specialities)
        choices = {}
        for field, found in codes.items():
            worded = {code: self._word(_KINDS_OF_CODES[field], code) for code in found if code}
            choices[field] = dict(sorted(worded.items(), key=lambda pair: pair[1].casefold()))
        return choices

    def _word(self, kind: str, code: str) -> str:
        """What a code stands for; the code where nobody knows."""
        known = self.register.code_text(kind, code, self.language)
        return known or TEXTS["code"].get(code, {}).get(self.language) or code

    # Results

    def _invitation(self, question: Question) -> Html:
        links = [html('<a href="/?{query}">{text}</a>', query=_query(question, q=text), text=text) for text in EXAMPLES]
        examples = html(
            "<p>{intro}{links}</p>\n", intro=self.say("results", "start-example"), links=joined(links, ", ")
        )
        start = html('<p class="summary">{text}</p>\n', text=self.say("results", "start"))
        return joined([start, examples if self.made_up else ""])

    def _nothing(self, question: Question, results: Results) -> Iterator[Html]:
        yield html('<p class="summary">{text}</p>\n', text=self.say("results", "none"))
        if question.text:
            yield html("<p>{text}</p>\n", text=self.say("results", "none-hint"))
        if results.unfiltered:
            plain = {
                name: question.to_parameters().get(name, "") for name in ("q", "message_type", "conversion", "closed")
            }
            yield html(
                '<p>{text} <a href="/?{query}">{link}</a></p>\n',
                text=self.say("results", "none-filters", count=results.unfiltered),
                query=urlencode({**{name: value for name, value in plain.items() if value}, "lang": self.language}),
                link=self.say("results", "without-filters"),
            )
        if results.reasons:
            yield html(
                "<h2>{title}</h2>\n<pre>{reasons}</pre>\n",
                title=self.say("results", "none-why"),
                reasons=results.reasons,
            )

    def _closed_left_out(self, question: Question, results: Results) -> Html:
        if not results.closed:
            return Html()
        return html(
            '<p class="left-out">{text} <a href="/?{query}">{link}</a></p>\n',
            text=self.say("results", "closed-left-out", count=results.closed),
            query=_query(question, closed="1"),
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
            look=_look(result),
            sor_code=unit.sor_code,
            query=_query(question),
            name=marked(unit.name, _typed_in(result, unit)),
            above=self._above(question, result),
            type=self._type(unit),
            address=html("<p>{text}</p>\n", text=", ".join(address.lines)) if address else "",
            location=self._location(unit),
            matched=self._matched(result),
            symbol=_symbol(result),
            verdict=self._verdict(result),
            findings=joined([self._findings(result.findings), self._not_direct(result)]),
            choose=self._choose(question, result),
        )

    def _above(self, question: Question, result: Result) -> Html:
        links = [
            html(
                '<a href="/unit/{sor_code}?{query}">{name}</a>',
                sor_code=unit.sor_code,
                query=_query(question),
                name=marked(unit.name, _typed_in(result, unit)),
            )
            for unit in result.unit.ancestors
        ]
        if not links:
            return Html()
        label = self.say("results", "above")
        return html('<p class="above">{label}: {links}</p>\n', label=label, links=joined(links, " › "))

    def _type(self, unit: Unit) -> str:
        words = ", ".join(self._word("type", code) for code in unit.types)
        return f"{self.say('kind', unit.kind)} – {words}" if words else self.say("kind", unit.kind)

    def _location(self, unit: Unit) -> Html:
        location = unit.location
        if location is None:
            return html("{text}", text=self.say("results", "no-location"))
        whose = self.say("results", "own")
        if location.inherited:
            whose = self.say("results", "inherited", owner=location.owner.name)
        return html(
            '{label} <span class="number">{number}</span> ({whose})',
            label=self.say("results", "location"),
            number=location.number,
            whose=whose,
        )

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

    def _verdict(self, result: Result) -> str:
        """In words whether the letter can go there; a unit that can't be chosen says that first."""
        verdict = result.verdict
        if verdict is None:
            text = self.say("verdict", "addressable" if result.usable else "not-addressable")
        else:
            text = self.say("verdict", verdict.outcome, type=verdict.message_type, arrives=verdict.arrives_as)
        return text if result.usable else f"{self.say('results', 'unusable')}: {text[0].lower()}{text[1:]}"

    def _findings(self, findings: Iterable[Finding]) -> Html:
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

    def _not_direct(self, result: Result) -> Html:
        text = self.say("verdict", "not-direct")
        return html('<p class="reason">{text}</p>\n', text=text) if result.needs_conversion else Html()

    def _choose(self, question: Question, result: Result) -> Html:
        if not result.usable:
            return Html()
        return html(
            '<a class="choose" href="/choose/{sor_code}?{query}">{choose}<span class="unseen"> {name}</span></a>\n',
            sor_code=result.unit.sor_code,
            query=_query(question),
            choose=self.say("results", "choose"),
            name=result.unit.name,
        )

    # A unit

    def _back(self, question: Question) -> Html:
        return html('<p><a href="/?{query}">← {text}</a></p>', query=_query(question), text=self.say("page", "back"))

    def _facts(self, question: Question, unit: Unit) -> Iterator[tuple[str, object]]:
        def say(key: str) -> str:
            return self.say("unit", key)

        address, contact = unit.visiting_address, unit.contact
        facts: list[tuple[str, object]] = [
            (say("sor-code"), unit.sor_code),
            (say("kind"), self.say("kind", unit.kind)),
            (say("types"), ", ".join(self._word("type", code) for code in unit.types)),
            (say("specialities"), ", ".join(self._word("speciality", one.code) for one in unit.specialities)),
            (say("period"), _period(unit.period)),
            (self.say("results", "location"), self._location(unit)),
            (say("provider-number"), unit.provider_number),
            (say("shak-code"), unit.shak_code),
            (say("address"), ", ".join(address.lines) if address else None),
            (say("telephone"), contact.telephone if contact else None),
            (say("replaced-by"), self._links(question, unit.replaced_by)),
            (say("below"), self._links(question, (child.sor_code for child in unit.children))),
        ]
        return ((label, text) for label, text in facts if text)

    def _links(self, question: Question, sor_codes: Iterable[str]) -> Html:
        known = self.register.by_sor_code
        codes = list(sor_codes)
        links: list[object] = [
            html(
                '<a href="/unit/{sor_code}?{query}">{name}</a>',
                sor_code=code,
                query=_query(question),
                name=known[code].name if code in known else code,
            )
            for code in codes[:MOST_BELOW]
        ]
        if len(codes) > MOST_BELOW:
            links.append(self.say("unit", "and-more", count=len(codes) - MOST_BELOW))
        return joined(links, ", ")

    def _registrations(self, unit: Unit) -> Html:
        registrations = unit.location.registrations if unit.location else ()
        if not registrations:
            return html("<p>{text}</p>", text=self.say("unit", "no-registrations"))
        said = {True: "yes", False: "no", None: "not-said"}
        rows = joined(
            html(
                "<tr><td>{type}</td><td>{letter}</td><td>{receives}</td><td>{sends}</td></tr>\n",
                type=registration.message_type,
                letter=registration.message_type.name(self.language),
                receives=self.say("unit", said[registration.may_receive]),
                sends=self.say("unit", said[registration.may_send]),
            )
            for registration in registrations
        )
        heads = joined(
            html('<th scope="col">{text}</th>', text=self.say("unit", key))
            for key in ("message-type", "letter", "receives", "sends")
        )
        return html(
            '<div class="scrolls" tabindex="0"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>',
            heads=heads,
            rows=rows,
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
    names = (Field.NAME, Field.ABOVE)
    return [word.word for word in result.matched if word.sor_code == unit.sor_code and word.field in names]


def _symbol(result: Result) -> str:
    if not result.usable:
        return "✕"
    return SYMBOLS[result.verdict.outcome if result.verdict else "addressable"]


def _look(result: Result) -> str:
    """The class that colours a result; its symbol and words say the same."""
    if not result.usable:
        return "unusable"
    verdict = result.verdict
    return "converted" if verdict is not None and verdict.outcome is not Outcome.SUPPORTED else "usable"


def _query(question: Question, **other: str) -> str:
    return urlencode({**question.to_parameters(), **other})


def _period(period: Period) -> str:
    return f"{period.from_date or '…'} – {period.to_date or '…'}" if period.readable else "?"


def _letter(code: str) -> MessageType:
    message_type = Filter(message_type=code).message_type
    assert message_type is not None  # noqa: S101 (one was given)
    return message_type
