"""The search form: a text, the letter to send, and the filters that the register has values for."""

from __future__ import annotations

from asking import Question
from html_text import Html, html, joined
from wording import Wording

from sor_addressing import Filter, MessageType, Register

# The letters that this sender can write; every sender knows its own.
LETTERS = ("FDIS91", "XDIS91", "DIS91", "XREF01", "XREF02", "XREF06", "XREF15", "XREF22", "GGOP", "XDIS01", "FDIS20")

FACETS = {
    "region": "region",
    "municipality": "municipality",
    "unit_type": "type",
    "speciality": "speciality",
    "administrator": "administrator",
}

LEVELS = ("IE", "SI", "OE")

REGIONS = ("1081", "1082", "1083", "1084", "1085")

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
{names}
</div>
<div class="switches">
{switches}
</div>
</details>
</form>"""


class SearchForm(Wording):
    """The form over one register, in one language."""

    def __init__(self, register: Register, language: str, codes: dict[str, set[str]], *, made_up: bool) -> None:
        super().__init__(register, language, made_up=made_up)
        self._codes = codes
        self._letters = {code: f"{code} – {_letter(code).name(language)}" for code in LETTERS}
        self._choices = self._choices_by_field()

    def form(self, question: Question) -> Html:
        say = self.say
        ways = {"": say("form", "conversion-allowed"), "direct": say("form", "conversion-direct")}
        letters = {"": say("form", "any-type"), **self._letters}
        return html(
            FORM,
            failed=say("page", "failed"),
            lang=self.language,
            text_label=say("form", "text"),
            text=question.text,
            search=say("form", "search"),
            text_hint=say("form", "text-hint"),
            letter=self._select("message_type", letters, question.message_type),
            conversion=self._select(
                "conversion", ways, "" if question.conversion == "allowed" else question.conversion
            ),
            open=Html(" open") if question.narrows else "",
            filters=say("form", "filters"),
            selects=joined(
                (
                    self._select(name, {"": say("form", "all"), **self._choices[name]}, getattr(question, name))
                    for name in (*FACETS, "level")
                ),
                Html("\n"),
            ),
            names=joined((self._input(name, getattr(question, name)) for name in ("owner", "institution")), Html("\n")),
            switches=joined(
                (self._switch("own", on=question.own), self._switch("closed", on=question.closed)), Html("\n")
            ),
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

    def _input(self, name: str, value: str) -> Html:
        return html(
            '<div class="field"><label for="{name}">{label}</label><input id="{name}" name="{name}" value="{value}"></div>',
            name=name,
            label=self.say("form", name),
            value=value,
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
        choices = {"level": {level: self.say("kind", level) for level in LEVELS}}
        for field, codes in self._codes.items():
            worded = {code: self.word(FACETS[field], code) for code in codes}
            choices[field] = dict(sorted(worded.items(), key=lambda pair: pair[1].casefold()))
        return choices


def codes_of(register: Register) -> dict[str, set[str]]:
    """The codes that a filter can ask for; every unit is looked at, so a national register takes some seconds, once."""
    codes: dict[str, set[str]] = {
        "region": set(REGIONS),
        "municipality": set(),
        "unit_type": set(),
        "speciality": set(),
        "administrator": set(),
    }
    for unit in register:
        codes["municipality"].add(unit.municipality or "")
        codes["unit_type"].update(unit.types)
        codes["speciality"].update(speciality.code for speciality in unit.specialities)
        codes["administrator"].add(unit.location.administrator or "" if unit.location else "")
    for found in codes.values():
        found.discard("")
    return codes


def _letter(code: str) -> MessageType:
    message_type = Filter(message_type=code).message_type
    assert message_type is not None  # noqa: S101 (one was given)
    return message_type
