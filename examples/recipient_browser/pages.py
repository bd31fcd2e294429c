"""The pages of the recipient browser as HTML. What they say is in ``texts.toml``, how they look in ``page.css``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from asking import LANGUAGES, Question, Result, Results
from html_text import Html, html, joined
from result_list import ResultList, look_of, symbol_of
from search_form import SearchForm
from wording import query_of

from sor_addressing import Period, Unit
from sor_addressing.register import AllowedTypes

HERE = Path(__file__).parent
STYLE = Html((HERE / "page.css").read_text("utf-8"))
SCRIPT = Html((HERE / "search.js").read_text("utf-8"))

LANGUAGE_NAMES = {"da": "Dansk", "en": "English"}
MOST_BELOW = 20
OLD_DAYS = 2

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


class Pages(SearchForm, ResultList):
    """The pages over one register, in one language."""

    def document(self, question: Question, body: str, *, nonce: str, title: str = "") -> Html:
        """A whole page around ``body``; with the script where there is a form for it."""
        brand, age = self.say("page", "brand"), self.register.age_days
        other = next(language for language in LANGUAGES if language != self.language)
        date = self.say("page", "register-date", date=self.register.snapshot_date)
        banner = html('<p class="banner">⚠ {text}</p>\n', text=self.say("page", "made-up"))
        script = html('<script type="module" nonce="{nonce}">\n{script}</script>\n', nonce=nonce, script=SCRIPT)
        return html(
            DOCUMENT,
            lang=self.language,
            title=f"{title or self.say('page', 'title')} – {brand}",
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
            form=self.form(question),
            label=self.say("results", "title"),
            results=self.results(question, results),
        )

    def unit_page(self, question: Question, result: Result, allowed: AllowedTypes | None = None) -> Html:
        """One unit: whether it can be chosen, what is to be noted, what it is, what it has registered, and what it may have."""
        findings = self.findings(result.findings) or html("<p>{text}</p>", text=self.say("unit", "no-findings"))
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
{registrations}
{allowed}""",
            back=self._back(question),
            name=result.unit.name,
            above=self.above(question, result),
            look=look_of(result),
            symbol=symbol_of(result),
            verdict=self.verdict(result),
            choose=self.choose(question, result),
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
            allowed=self._allowed(allowed),
        )

    def _allowed(self, allowed: AllowedTypes | None) -> Html:
        """What may stand on the number by the approvals, each part to be opened; nothing without an approval list."""
        if allowed is None:
            return Html("")
        about, *parts = allowed.sections(self.language)
        opened = joined(
            html(
                "<details><summary>{heading} ({count})</summary><ul>{rows}</ul></details>\n",
                heading=part.heading,
                count=len(part.rows),
                rows=joined(html("<li>{row}</li>", row=" · ".join(filter(None, row))) for row in part.rows),
            )
            for part in parts
        )
        return html(
            '<section id="allowed"><h2>{title}</h2>\n{lines}{parts}</section>',
            title=self.say("unit", "allowed"),
            lines=joined(html("<p>{line}</p>\n", line=line) for line in about.lines),
            parts=opened,
        )

    def chosen_page(self, question: Question, result: Result, stored: str | None) -> Html:
        """What the sender stores, as JSON; where the unit can't be chosen, why."""
        name = result.unit.name
        if stored is None:
            title = self.say("chosen", "refused", name=name)
            findings = joined([self.findings(result.findings), self.not_direct(result)])
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
            findings=self.findings(result.findings),
            again=self.say("chosen", "again"),
        )

    def message_page(self, question: Question, title: str, texts: Iterable[str]) -> Html:
        """A page that only says that something did not work, and why."""
        return html("{back}\n{refusal}", back=self._back(question), refusal=self.refusal(title, texts, level=1))

    def refusal(self, title: str, texts: Iterable[str], *, level: int = 2) -> Html:
        """Why something can't be shown; what the library refuses it says in English."""
        lang = "en" if title == "bad-request" else self.language
        lines = joined(html('<p lang="{lang}">{text}</p>\n', lang=lang, text=text) for text in texts)
        heading = self.say("page", title)
        return html(
            '<h{level} class="summary">{heading}</h{level}>\n{lines}', level=level, heading=heading, lines=lines
        )

    def _back(self, question: Question) -> Html:
        return html('<p><a href="/?{query}">← {text}</a></p>', query=query_of(question), text=self.say("page", "back"))

    def _facts(self, question: Question, unit: Unit) -> Iterator[tuple[str, object]]:
        def say(key: str) -> str:
            return self.say("unit", key)

        address, contact = unit.visiting_address, unit.contact
        facts: list[tuple[str, object]] = [
            (say("sor-code"), unit.sor_code),
            (say("kind"), self.say("kind", unit.kind)),
            (say("types"), ", ".join(self.word("type", code) for code in unit.types)),
            (say("specialities"), ", ".join(self.word("speciality", one.code) for one in unit.specialities)),
            (say("period"), _period(unit.period)),
            (self.say("results", "location"), self.location(unit)),
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
                query=query_of(question),
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
            '<div class="scrolls" tabindex="0" role="region" aria-label="{label}">\n<table>\n'
            "<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>",
            label=self.say("unit", "registrations"),
            heads=heads,
            rows=rows,
        )


def _period(period: Period) -> str:
    return f"{period.from_date or '…'} – {period.to_date or '…'}" if period.readable else "?"
