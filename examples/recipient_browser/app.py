"""A recipient browser: what choosing a recipient by hand can look like. One small Starlette app, HTML from the server, no build step.

It asks the register that the environment variable ``SOR_ADDRESSING_REGISTER`` names, else the made-up sample of the package; where
``SOR_ADDRESSING_DELIVERIES`` names a ledger, it also tells where the last letter was refused or has no receipt; where
``SOR_ADDRESSING_APPROVALS`` names an approval list, the page of a unit tells which types may stand on its number.
Here are the addresses of its pages; ``asking`` asks the register, ``pages`` writes the HTML.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from asking import LANGUAGES, Question, allowed_of, result_of_unit, results_of, to_store
from pages import Pages
from search_form import codes_of
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sor_addressing import Register, Unit
from sor_addressing.deliveries import DeliveryLedger
from sor_addressing.quality import Approvals

VARIABLE = "SOR_ADDRESSING_REGISTER"
DELIVERIES = "SOR_ADDRESSING_DELIVERIES"
APPROVALS = "SOR_ADDRESSING_APPROVALS"
READ_NOT_OPENED = {".csv", ".xml", ".zip"}

Answer = Callable[[Request, Question, Pages], Response]


def make_app(
    register: Register,
    *,
    made_up: bool = False,
    deliveries: DeliveryLedger | None = None,
    approvals: Approvals | None = None,
) -> Starlette:
    """The app over a register.

    ``made_up`` makes every page say that it is no real one, ``deliveries`` tells what came back, ``approvals`` what systems are approved for.
    """
    codes = codes_of(register)
    pages = {language: Pages(register, language, codes, made_up=made_up) for language in LANGUAGES}

    def start(_request: Request, question: Question, page: Pages) -> Response:
        return _document(page, question, page.search_page(question, results_of(register, question, deliveries)))

    def fragment(_request: Request, question: Question, page: Pages) -> Response:
        return _safe(HTMLResponse(page.results(question, results_of(register, question, deliveries))))

    def unit(request: Request, question: Question, page: Pages) -> Response:
        asked = _unit(request)
        if asked is None:
            return _unknown(request, question, page)
        result = result_of_unit(register, question, asked, deliveries)
        allowed = allowed_of(register, asked, approvals)
        return _document(page, question, page.unit_page(question, result, allowed), title=asked.name)

    def choose(request: Request, question: Question, page: Pages) -> Response:
        asked = _unit(request)
        if asked is None:
            return _unknown(request, question, page)
        result = result_of_unit(register, question, asked, deliveries)
        status = 200 if result.usable else 409
        kept = to_store(register, result) if result.usable else None
        if request.query_params.get("format") == "json":
            reasons = {"usable": False, "findings": [finding.to_dict() for finding in result.findings]}
            return _safe(JSONResponse(kept or reasons, status))
        shown = json.dumps(kept, ensure_ascii=False, indent=2) if kept else None
        return _document(page, question, page.chosen_page(question, result, shown), status=status, title=asked.name)

    def _unit(request: Request) -> Unit | None:
        return register.by_sor_code.get(request.path_params["sor_code"])

    def _unknown(request: Request, question: Question, page: Pages) -> Response:
        findings = register.resolve(sor_code=request.path_params["sor_code"]).findings
        texts = [finding.text(question.lang) for finding in findings]
        return _document(page, question, page.message_page(question, "not-found", texts), status=404)

    def answering(answer: Answer) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            try:
                question = Question.of(request.query_params)
                return answer(request, question, pages[question.lang])
            except ValueError as error:  # what filter or search refuse; the text says what to do
                given = request.query_params.get("lang", "")
                asked = Question(lang=given if given in LANGUAGES else "da")
                page = pages[asked.lang]
                if answer is fragment:
                    return _safe(HTMLResponse(page.refusal("bad-request", [str(error)]), 400))
                return _document(page, asked, page.message_page(asked, "bad-request", [str(error)]), status=400)

        return endpoint

    def nothing_there(_request: Request, _error: Exception) -> Response:
        page, question = pages["da"], Question()
        return _document(page, question, page.message_page(question, "not-found", []), status=404)

    return Starlette(
        routes=[
            Route("/", answering(start)),
            Route("/results", answering(fragment)),
            Route("/unit/{sor_code}", answering(unit)),
            Route("/choose/{sor_code}", answering(choose)),
        ],
        exception_handlers={404: nothing_there},
    )


def _document(page: Pages, question: Question, body: str, *, status: int = 200, title: str = "") -> Response:
    nonce = secrets.token_urlsafe(16)
    return _safe(HTMLResponse(page.document(question, body, nonce=nonce, title=title), status), f"'nonce-{nonce}'")


def _safe(response: Response, own: str = "'none'") -> Response:
    """Nothing from elsewhere, and no script or style but the page's ``own``; nobody keeps what was searched for."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {own}; style-src {own}; connect-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def register_from(path: str) -> Register:
    """The register at ``path``: a folder or published file is read, anything else is a compiled register."""
    if Path(path).is_dir() or Path(path).suffix.lower() in READ_NOT_OPENED:
        return Register.load(path)
    return Register.open(path)


named = os.environ.get(VARIABLE)
kept = os.environ.get(DELIVERIES)
ledger = DeliveryLedger(kept, read_only=True) if kept else None
listed = os.environ.get(APPROVALS)
approved = Approvals.load(listed) if listed else None
app = (
    make_app(register_from(named), deliveries=ledger, approvals=approved)
    if named
    else make_app(Register.sample(), made_up=True, deliveries=ledger, approvals=approved)
)
