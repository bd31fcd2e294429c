"""The example ``examples/recipient_browser``, asked over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from sor_addressing import Register
from sor_addressing.quality import Approvals

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("starlette") is None or importlib.util.find_spec("httpx") is None,
    reason="starlette or httpx is not installed",
)

FOLDER = Path(__file__).parents[2] / "examples" / "recipient_browser"
MODULES = ("app", "asking", "html_text", "pages", "result_list", "search_form", "wording")

HEART = "9000031000016000"
CLOSED = "9005071000016008"
INHERITING = "9000051000016005"


def imported(name: str) -> ModuleType:
    """A module of the example, which is no package: its modules import each other by their bare names."""
    import importlib

    return importlib.import_module(name)


@pytest.fixture(scope="module")
def example() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        patch.delenv("SOR_ADDRESSING_REGISTER", raising=False)
        yield imported("app")
    for name in MODULES:
        sys.modules.pop(name, None)


class Browser:
    """Asks an app and gives the answers, without a network."""

    def __init__(self, app: object) -> None:
        self.app = app

    def get(self, path: str, **parameters: str) -> httpx.Response:
        import httpx

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://example.test") as client:
                return await client.get(path, params=parameters or None)

        return asyncio.run(ask())


@pytest.fixture(scope="module")
def browser(example: ModuleType) -> Browser:
    return Browser(example.app)


def names(text: str) -> list[str]:
    """The names of the results, without their marks, in order."""
    return [re.sub(r"<[^>]+>", "", name) for name in re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", text)]


def choosable(text: str) -> list[str]:
    return re.findall(r'href="/choose/(\d+)', text)


def verdicts(text: str) -> list[str]:
    """Symbol and words of each verdict, in order."""
    return re.findall(r'<p class="verdict"><span aria-hidden="true">(.+?</span> .+?)</p>', text)


def options(text: str, field: str) -> dict[str, str]:
    """What a filter offers: value to text."""
    select = re.search(rf'<select id="{field}".*?</select>', text, re.DOTALL)
    assert select is not None
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', select[0]))


# Pages


def test_the_page_works_without_a_script(browser: Browser) -> None:
    answer = browser.get("/", q="hjerteafd grævlingelund")
    assert answer.status_code == 200
    assert '<form id="search" role="search" action="/" method="get"' in answer.text
    assert names(answer.text)[0] == "Hjerteafdelingen"
    assert 'value="hjerteafd grævlingelund"' in answer.text


def test_the_first_page_invites_to_type_and_says_that_the_register_is_made_up(browser: Browser) -> None:
    text = browser.get("/").text
    assert "Skriv, hvad I kalder modtageren" in text
    assert "Opdigtet register: ingen af enhederne findes." in text
    assert names(text) == []


def test_a_register_of_ones_own_is_not_called_made_up(example: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "register.compiled"
    Register.sample().save(path)
    own = Browser(example.make_app(example.register_from(str(path))))
    text = own.get("/", q="hjerteafdelingen").text
    assert names(text)[0] == "Hjerteafdelingen"
    assert "Opdigtet" not in text
    assert "For eksempel" not in own.get("/").text


def test_a_published_file_is_read_and_a_missing_register_says_so(example: ModuleType, tmp_path: Path) -> None:
    import sor_addressing

    published = Path(sor_addressing.__file__).parent / "sample" / "Sor.xml"
    assert len(example.register_from(str(published))) == len(Register.sample())
    with pytest.raises(sor_addressing.SnapshotError):
        example.register_from(str(tmp_path / "no-such-register"))


def test_the_fragment_is_the_results_of_the_page(browser: Browser) -> None:
    fragment = browser.get("/results", q="klinikken", message_type="FDIS91").text
    assert "<html" not in fragment
    assert names(fragment) == names(browser.get("/", q="klinikken", message_type="FDIS91").text)
    assert fragment in browser.get("/", q="klinikken", message_type="FDIS91").text


def test_a_result_says_who_where_and_what_matched(browser: Browser) -> None:
    text = browser.get("/results", q="ambulatoriet hjerteafd xyzzy").text
    hit = next(part for part in text.split('<li class="hit') if "Ambulatoriet Nedarvet" in re.sub("</?mark>", "", part))
    shown = re.sub(r"<[^>]+>", "", hit)
    assert "Hører til: Hjertemedicinsk Sengeafsnit › Hjerteafdelingen › Grævlingelund Sygehus › Region Nordhav" in shown
    assert "Organisatorisk enhed – klinik eller ambulatorium" in shown
    assert "Bygning 1, Tranebærvej 12, 0100 Grævlingelund" in shown
    assert "Lokationsnummer: 5790999000031 (nedarvet fra Hjerteafdelingen)" in shown
    assert "hjerteafd → Hjerteafdelingen (hører til)" in shown
    assert "<mark>Hjerteafdelingen</mark></a> ›" in hit
    assert "Ikke fundet: <s>xyzzy</s>" in hit


def test_the_page_speaks_english_when_asked(browser: Browser) -> None:
    text = browser.get("/", q="klinikken lukket", closed="1", lang="en").text
    assert '<html lang="en">' in text
    assert "Made-up register: none of the units is real." in text
    assert "Can&#x27;t be chosen" in text
    assert "Kan ikke" not in text
    assert 'href="?q=klinikken+lukket&amp;closed=1&amp;lang=da"' in text


# What can be chosen


def test_every_verdict_has_a_symbol_and_words(browser: Browser) -> None:
    text = browser.get("/results", q="klinikken kun", message_type="FDIS91").text
    assert names(text)[:2] == ["Klinikken Kun FHIR", "Klinikken Kun XML"]
    assert verdicts(text)[:2] == [
        "✓</span> Modtager FDIS91 direkte",
        "⇄</span> Modtager FDIS91 konverteret til XDIS91 XD9134L",
    ]


def test_what_cant_be_chosen_comes_last_with_its_reason(browser: Browser) -> None:
    text = browser.get("/results", q="klinikken", message_type="FDIS91", closed="1").text
    first, last = text.split("Kan ikke vælges</h2>")
    assert len(choosable(first)) == len(names(first)) > 0
    assert choosable(last) == []
    assert names(last)
    assert all(verdict.startswith("✕</span> Kan ikke vælges: ") for verdict in verdicts(last))
    assert len(re.findall('<ul class="findings">', last)) == len(names(last))
    assert "<b>Fejl:</b> Klinikken Lukket (uden afløser)" in last


def test_without_a_letter_it_is_about_being_addressed_at_all(browser: Browser) -> None:
    text = browser.get("/results", q="afdelingen inaktivt nummer").text
    assert "✕</span> Kan ikke vælges: kan ikke adresseres" in verdicts(text)
    assert "✓</span> Kan adresseres" in verdicts(text)


def test_choosing_shows_what_the_sender_stores(browser: Browser) -> None:
    stored = {
        "sor_code": INHERITING,
        "location_number": "5790999000031",
        "name": "Ambulatoriet Nedarvet",
        "message_type": "XDIS91",
        "send_as": "XDIS91 XD9134L",
        "register_date": "2026-01-15",
    }
    answer = browser.get(f"/choose/{INHERITING}", message_type="XDIS91", format="json")
    assert (answer.status_code, answer.json()) == (200, stored)
    page = browser.get(f"/choose/{INHERITING}", message_type="XDIS91")
    shown = re.search(r'<pre id="stored">(.*?)</pre>', page.text, re.DOTALL)
    assert shown is not None
    assert json.loads(shown[1].replace("&quot;", '"')) == stored


def test_without_a_letter_the_address_alone_is_stored(browser: Browser) -> None:
    assert browser.get(f"/choose/{HEART}", format="json").json() == {
        "sor_code": HEART,
        "location_number": "5790999000031",
        "name": "Hjerteafdelingen",
        "message_type": None,
        "send_as": None,
        "register_date": "2026-01-15",
    }


@pytest.mark.parametrize(
    ("sor_code", "asked", "reason"),
    [
        (CLOSED, {}, "unit-closed"),
        (HEART, {"message_type": "XREF15"}, "message-type-unsupported"),
    ],
)
def test_what_cant_be_used_cant_be_chosen_by_its_address_either(
    browser: Browser, sor_code: str, asked: dict[str, str], reason: str
) -> None:
    answer = browser.get(f"/choose/{sor_code}", **asked, format="json")
    assert (answer.status_code, answer.json()["usable"]) == (409, False)
    assert reason in [finding["code"] for finding in answer.json()["findings"]]
    page = browser.get(f"/choose/{sor_code}", **asked)
    assert page.status_code == 409
    assert "Kan ikke vælges: " in page.text
    assert "<pre" not in page.text


def test_who_wants_it_direct_cant_choose_a_converting_recipient(browser: Browser) -> None:
    asked = {"message_type": "FDIS91", "conversion": "direct"}
    text = browser.get("/results", q="klinikken kun", **asked).text
    assert names(text.split("Kan ikke vælges</h2>")[0]) == ["Klinikken Kun FHIR"]
    assert "Brevet skulle konverteres undervejs, og du har bedt om direkte." in text
    xml = "9000461000016000"
    assert browser.get(f"/choose/{xml}", **asked).status_code == 409
    assert browser.get(f"/choose/{xml}", message_type="FDIS91").status_code == 200


# Filters


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"speciality": "990501000005100"}, ["Hjerteafdelingen"]),
        ({"speciality": "990541000005100"}, ["Røntgenafdelingen"]),
        ({"unit_type": "apotek"}, ["Grævlingelund Apotek"]),
        ({"unit_type": "990401000005100", "municipality": "901"}, ["Sygehusadviser, Grævlingelund Kommune"]),
        ({"q": "fodterapi", "unit_type": "554061000005105"}, ["Fodterapien Revlingtorv"]),
        ({"region": "1081", "unit_type": "990071000005100"}, ["Grævlingelund Laboratorium"]),
    ],
)
def test_filters_narrow_with_a_text_and_without(browser: Browser, asked: dict[str, str], found: list[str]) -> None:
    assert names(browser.get("/results", **asked).text) == found


def test_own_location_number_only_leaves_out_who_inherits(browser: Browser) -> None:
    everyone = names(browser.get("/results", q="aftenvagt hjemmesygeplejen").text)
    assert {"Aftenvagt", "Hjemmesygeplejen Nord"} <= set(everyone)
    owners = names(browser.get("/results", q="aftenvagt hjemmesygeplejen", own="1").text)
    assert {"Aftenvagt", "Hjemmesygeplejen Nord"} & set(owners) == set()


def test_closed_units_are_counted_and_shown_on_demand(browser: Browser) -> None:
    hidden = browser.get("/results", q="klinikken lukket", unit_type="990121000005100")
    assert CLOSED not in hidden.text
    assert "Lukkede eller kommende enheder, der også passer: 8." in hidden.text
    link = re.search(r'<a href="(/\?[^"]*)">Vis dem</a>', hidden.text)
    assert link is not None
    shown = browser.get(link[1].replace("&amp;", "&"))
    assert len([name for name in names(shown.text) if name.startswith("Klinikken Lukket")]) == 8


def test_closed_units_never_crowd_out_an_open_one(example: ModuleType) -> None:
    from sor_addressing.testing import RegisterBuilder

    builder = RegisterBuilder()
    owner = builder.owner("Region Nordhav")
    for number in range(70):
        builder.institution(owner, f"Klinikken Nord {number}", to_date=dt.date(2025, 1, 1))
    builder.institution(owner, "Klinikken Syd")
    page = Browser(example.make_app(builder.build()))
    text = page.get("/results", q="klinikken nord").text
    assert [name for name in names(text) if name.startswith("Klinikken")] == ["Klinikken Syd"]
    assert "Lukkede eller kommende enheder, der også passer: mindst 60." in text


def test_filters_offer_what_the_register_has_in_words(browser: Browser) -> None:
    text = browser.get("/", unit_type="apotek").text
    assert options(text, "speciality") == {
        "": "Alle",
        "990501000005100": "hjertesygdomme",
        "990541000005100": "billeddiagnostik",
        "990701000005100": "almen medicin",
    }
    assert options(text, "municipality") == {"": "Alle", "0901": "Grævlingelund"}
    assert options(text, "unit_type")["264372000"] == "apotek"
    assert '<option value="apotek" selected>apotek</option>' in text, "what was asked stays chosen"
    assert '<details id="filters" open>' in text


def test_blank_fields_of_the_form_ask_for_nothing(browser: Browser) -> None:
    blank = dict.fromkeys(("message_type", "conversion", "region", "municipality", "unit_type", "speciality"), "")
    assert names(browser.get("/", q="grævlingelund apotek", lang="da", **blank).text)[0] == "Grævlingelund Apotek"


# Nothing found, and wrong questions


def test_nothing_found_says_what_each_filter_took_away(browser: Browser) -> None:
    text = browser.get("/results", q="hjerteafdelingen", region="Region Nordjyland").text
    assert "Ingen enhed passer." in text
    assert "Det ligner: Region Nordjylland." in text
    assert "Uden filtre er der enheder, der passer." in text
    assert 'Filtre i brug: 1. <a href="/?q=hjerteafdelingen">Ryd filtre</a>' in text


def test_nothing_found_without_filters_gives_a_hint(browser: Browser) -> None:
    text = browser.get("/results", q="qqqqqqqq").text
    assert "Ingen enhed passer." in text
    assert "Prøv færre ord" in text
    assert "<pre>" not in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": "x", "conversion": "sometimes"}, "conversion is 'sometimes': use allowed or direct"),
        ({"q": "x", "closed": "maybe"}, "closed is 'maybe': use 1, or leave it out"),
        ({"q": "x", "lang": "sv"}, "lang is 'sv': use da or en"),
        ({"q": "x" * 501}, "a text of 501 characters is no search: 500 are the most"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/results"])
def test_a_wrong_question_is_refused_in_the_librarys_words(
    browser: Browser, path: str, asked: dict[str, str], said: str
) -> None:
    answer = browser.get(path, **asked)
    assert answer.status_code == 400
    assert said.replace("'", "&#x27;") in answer.text
    assert ("<html" in answer.text) is (path == "/")


@pytest.mark.parametrize("path", ["/unit", "/choose"])
def test_a_unit_that_is_not_there_is_not_found_with_the_reason(browser: Browser, path: str) -> None:
    answer = browser.get(f"{path}/9000031000016009")
    assert answer.status_code == 404
    assert "kontrolcifferet er 9 og skulle være 0" in answer.text


def test_a_page_that_is_not_there_is_not_found(browser: Browser) -> None:
    answer = browser.get("/nowhere")
    assert (answer.status_code, "Den enhed er her ikke" in answer.text) == (404, True)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


# A unit


def test_the_page_of_a_unit_shows_it_with_its_findings_and_message_types(browser: Browser) -> None:
    text = browser.get(f"/unit/{INHERITING}", q="nedarvet", message_type="XDIS91").text
    shown = re.sub(r"<[^>]+>", "|", text)
    assert "som er nedarvet fra Hjerteafdelingen (9000031000016000)." in shown
    assert f"|SOR-kode||{INHERITING}|" in shown
    assert "|XDIS91 XD9134L||Korrespondancebrev||ja||ja|" in shown
    assert "Modtager XDIS91 direkte" in shown
    assert f'href="/choose/{INHERITING}?q=nedarvet&amp;message_type=XDIS91"' in text
    assert 'href="/?q=nedarvet&amp;message_type=XDIS91"' in text, "the way back keeps the search"


def test_the_page_of_a_closed_unit_names_its_successor_and_offers_no_choice(browser: Browser) -> None:
    text = browser.get("/unit/9005001000016002").text
    assert choosable(text) == []
    assert "<dt>Afløst af</dt><dd><a href=" in text
    assert ">Klinikken Efterfølger</a>" in text


# Safety


@pytest.mark.parametrize("path", ["/", "/results", f"/unit/{HEART}", f"/choose/{HEART}"])
@pytest.mark.parametrize("field", ["q", "region", "unit_type", "message_type", "conversion", "lang"])
def test_what_is_typed_is_never_markup(browser: Browser, path: str, field: str) -> None:
    text = browser.get(path, **{"q": "hjerte", field: "\"'><script>alert(1)</script>"}).text
    assert "<script>" not in text
    assert "'><" not in text
    assert "\"'>" not in text


def test_a_name_in_the_register_is_never_markup(example: ModuleType) -> None:
    from sor_addressing.testing import RegisterBuilder

    builder = RegisterBuilder()
    owner = builder.owner('<script>alert(1)</script> & "Søn"')
    page = Browser(example.make_app(builder.build()))
    for path in ("/", f"/unit/{owner}", f"/choose/{owner}"):
        text = page.get(path, q="alert").text
        assert "&lt;" in text
        assert "<script>" not in text


@pytest.mark.parametrize("path", ["/", f"/unit/{HEART}", f"/choose/{HEART}"])
def test_only_the_pages_own_script_and_style_may_run(browser: Browser, path: str) -> None:
    answers = [browser.get(path, q="hjerte") for _ in range(2)]
    nonces = []
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
        assert policy == (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        own = re.findall(r'<(?:script|style)[^>]*nonce="([^"]+)"', answer.text)
        assert own == [nonce] * len(re.findall(r"<(?:script|style)\b", answer.text))
        assert not re.search(r"\son\w+=|\sstyle=|(?:src|href)=\"(?:https?:)?//", answer.text)
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


def test_a_fragment_and_json_may_run_nothing(browser: Browser) -> None:
    for answer in (browser.get("/results", q="hjerte"), browser.get(f"/choose/{HEART}", format="json")):
        assert "script-src 'none'; style-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


# Accessibility


def test_every_field_has_a_label_and_results_are_announced(browser: Browser) -> None:
    text = browser.get("/", q="hjerte").text
    labelled = set(re.findall(r'<label for="([^"]+)"', text))
    assert set(re.findall(r'<(?:select|input) id="([^"]+)"', text)) == labelled
    assert len(re.findall(r'<label><input type="checkbox"', text)) == text.count('type="checkbox"') == 2
    assert 'role="status" aria-live="polite"' in text
    assert len(re.findall("<h1", text)) == 1


def test_every_text_is_there_in_both_languages(example: ModuleType) -> None:
    texts = imported("wording").TEXTS
    missing = [
        (section, key)
        for section, entries in texts.items()
        for key, entry in entries.items()
        if set(entry) != {"da", "en"} or not all(entry.values())
    ]
    assert missing == []


def test_what_came_back_is_told_before_a_letter_is_written(example: ModuleType, tmp_path: Path) -> None:
    from sor_addressing.deliveries import DeliveryLedger
    from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of

    register = Register.sample()
    clinic = register.resolve("990001").unwrap()
    letter = MadeUpLetter(code="DIS91", version="D9134L", receiver=MadeUpParty(location_number=clinic.location_number))
    receipt = MadeUpLetter(
        code="CTL02",
        version="C0230Q",
        sender=letter.receiver,
        receiver=letter.sender,
        answers=letter,
        answer_positive=False,
    )
    ledger = DeliveryLedger(tmp_path / "deliveries.sqlite")
    ledger.add([edifact_of(letter), edifact_of(receipt)])
    page = Browser(example.make_app(register, deliveries=ledger))
    told = "blev afvist 2026-01-15: modtageren er ikke kendt (LOK)"
    assert told in page.get("/results", q="lægehuset entydig", message_type="DIS91").text
    assert told in page.get(f"/unit/{clinic.sor_code}", message_type="DIS91").text
    assert (
        told
        not in Browser(example.make_app(register)).get("/results", q="lægehuset entydig", message_type="DIS91").text
    )


def test_the_page_of_a_unit_tells_what_may_stand_on_its_number(example: ModuleType) -> None:
    row = {"system": "<Alfa>", "code": "XDIS91", "version": "XD9134L", "direction": "send", "status": "approved"}
    approvals = Approvals([(2, row)], aliases={"9101": "<Alfa>"})
    app = example.make_app(Register.sample(), approvals=approvals)
    for language, heading in (("da", "Efter godkendelserne"), ("en", "By the approvals")):
        text = Browser(app).get(f"/unit/{HEART}", lang=language).text
        told = text.partition('<section id="allowed">')[2]
        assert heading in told
        assert "&lt;Alfa&gt;" in told
        assert "<Alfa>" not in text
        allowed = Register.sample().allowed_types(HEART, approvals=approvals)
        assert all(part.heading in told for part in allowed.sections(language)[1:])
    assert 'id="allowed"' not in Browser(example.app).get(f"/unit/{HEART}").text


def test_owner_institution_administrator_and_level_narrow_the_answer(browser: Browser) -> None:
    text = browser.get("/", q="afdelingen", institution="Grævlingelund Sygehus", administrator="9601", level="OE").text
    assert "Hjerteafdelingen" in names(text)
    assert options(text, "level") == {
        "": "Alle",
        "IE": "Institutionsejer",
        "SI": "Sundhedsinstitution",
        "OE": "Organisatorisk enhed",
    }
    assert set(options(text, "administrator")) == {"", "9601", "9602", "9603", "9604"}
    assert names(browser.get("/", q="afdelingen", owner="Grævlingelund Kommune").text) == []
    refused = browser.get("/", q="afdelingen", owner="Region Nordhavn")
    assert "mente du" in refused.text or "did you mean" in refused.text
