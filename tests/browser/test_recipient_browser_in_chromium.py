"""The example ``examples/recipient_browser`` in headless Chromium, its script running: ``python -m pytest -m browser``.

Screenshots are left in pytest's folder for temporary files, or in the one that ``SOR_ADDRESSING_SCREENSHOTS`` names.
"""

from __future__ import annotations

import html
import importlib
import importlib.util
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "recipient_browser"
MODULES = ("app", "asking", "html_text", "pages", "result_list", "search_form", "wording")
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS = 60

CHROMIUM = next((path for path in map(shutil.which, PROGRAMS) if path), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=f"none of {', '.join(PROGRAMS)} is on the PATH"),
    pytest.mark.skipif(
        importlib.util.find_spec("starlette") is None or importlib.util.find_spec("uvicorn") is None,
        reason="starlette or uvicorn is not installed",
    ),
]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Types a letter at a time, faster than the page waits, and then writes down what the page has become.
TYPING = """
const field = document.getElementById("q");
const text = new URLSearchParams(location.search).get("typed");
for (let end = 1; end <= text.length; end++) {
  field.value = text.slice(0, end);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => setTimeout(done, 20));
}
await new Promise((done) => setTimeout(done, 1500));
document.body.dataset.address = location.search;
"""

# A page of its own around the one that is measured, since no window can be made as narrow as a phone.
PHONE = """<!DOCTYPE html><html lang="da"><title>phone</title><iframe width="360" height="1500" src="{src}"></iframe>
<script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument;
  const wide = [...page.querySelectorAll("body *")].filter((one) =>
    !one.closest(".scrolls, .skip, .unseen") && one.getBoundingClientRect().right > page.documentElement.clientWidth + 1);
  document.body.dataset.width = page.documentElement.scrollWidth;
  document.body.dataset.wide = wide.map((one) => one.outerHTML.slice(0, 80)).join(" | ");
}});
</script></html>"""


class Watched:
    """The app, with what was asked of it; adds the typing script to pages asked with ``typed``, and serves the phone."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        query = parse_qs(scope["query_string"].decode())
        self.asked.append((scope["path"], query))
        if scope["path"] == "/phone":
            await _send_page(send, PHONE.format(src=html.escape(query["src"][0])).encode())
            return
        started: MutableMapping[str, Any] = {}
        body = b""

        async def changed(message: MutableMapping[str, Any]) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                started.update(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            nonce = re.search(rb'<script type="module" nonce="([^"]+)"', body)
            if "typed" in query and nonce is not None:
                script = b'<script type="module" nonce="' + nonce[1] + b'">' + TYPING.encode() + b"</script></body>"
                body = body.replace(b"</body>", script)
            headers = [(name, value) for name, value in started["headers"] if name != b"content-length"]
            if "framed" in query:
                headers = [
                    (name, value.replace(b"frame-ancestors 'none'", b"frame-ancestors 'self'"))
                    for name, value in headers
                ]
            await send({**started, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, changed)


async def _send_page(send: Send, page: bytes) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(page)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": page})


class Site:
    """The running app, as Chromium sees it."""

    def __init__(self, app: Watched, address: str, folder: Path) -> None:
        self.app = app
        self._address = address
        self._folder = folder

    def dom(self, path: str, **parameters: str) -> str:
        """The page after its script ran. Nothing may be refused by the page's own security policy on the way."""
        ended = self._run(
            "--dump-dom", "--enable-logging=stderr", "--window-size=1200,1500", path=path, parameters=parameters
        )
        assert "Content Security Policy" not in ended.stderr
        assert "Uncaught" not in ended.stderr
        return ended.stdout

    def screenshot(self, name: str, width: int, path: str, **parameters: str) -> Path:
        target = self._folder / f"{name}.png"
        self._run(f"--screenshot={target}", f"--window-size={width},1500", path=path, parameters=parameters)
        return target

    def _run(self, *options: str, path: str, parameters: dict[str, str]) -> subprocess.CompletedProcess[str]:
        assert CHROMIUM is not None
        command = [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--virtual-time-budget=8000",
            f"--user-data-dir={self._folder / 'profile'}",
            *options,
            f"{self._address}{path}?{urlencode(parameters)}",
        ]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=SECONDS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    import uvicorn

    named = os.environ.get("SOR_ADDRESSING_SCREENSHOTS")
    folder = Path(named).absolute() if named else tmp_path_factory.mktemp("chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        patch.delenv("SOR_ADDRESSING_REGISTER", raising=False)
        watched = Watched(importlib.import_module("app").app)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(watched, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + SECONDS
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.05)
    yield Site(watched, f"http://127.0.0.1:{listener.getsockname()[1]}", folder)
    server.should_exit = True
    thread.join(SECONDS)
    listener.close()
    for name in MODULES:
        sys.modules.pop(name, None)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    assert not thread.is_alive(), "the server did not stop"


def text_of(dom: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", dom))


def names(dom: str) -> list[str]:
    return [text_of(name) for name in re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", dom)]


def test_results_come_while_typing_and_the_address_can_be_shared(site: Site) -> None:
    site.app.asked.clear()
    dom = site.dom("/", typed="hjerteafd grævl")
    assert names(dom)[0] == "Hjerteafdelingen"
    asked = [query["q"] for path, query in site.app.asked if path == "/results"]
    assert asked == [["hjerteafd grævl"]], "one question, when the typing paused"
    address = re.search(r'data-address="([^"]*)"', dom)
    assert address is not None
    assert parse_qs(html.unescape(address[1]).removeprefix("?")) == {"q": ["hjerteafd grævl"], "lang": ["da"]}
    said = re.search(r'<p id="status"[^>]*>([^<]*)<', dom)
    assert said is not None
    assert re.fullmatch(r"\d+ kan vælges, \d+ kan ikke\.", said[1])


def test_the_link_to_the_other_language_follows_what_is_typed(site: Site) -> None:
    dom = site.dom("/", typed="apotek")
    link = re.search(r'<a href="([^"]*)"[^>]* data-lang="en">', dom)
    assert link is not None
    assert parse_qs(urlsplit(html.unescape(link[1])).query) == {"q": ["apotek"], "lang": ["en"]}


def test_what_nobody_has_is_said_while_typing(site: Site) -> None:
    dom = site.dom("/", typed="qqqqqqqq", region="1081")
    section = re.search(r'<section id="results" aria-label="Resultater">(.*?)</section>', dom, re.DOTALL)
    assert section is not None, "the section waits for nothing any more"
    assert text_of(section[1]).startswith("Ingen enhed passer.")


def test_markup_that_is_typed_stays_text(site: Site) -> None:
    dom = site.dom("/", typed="<img src=x onerror=document.title='broken'> hjerte")
    assert "<title>Find modtager" in dom
    assert "<img" not in dom
    assert "Hjerteafdelingen" in names(dom)


def test_filters_are_open_where_there_is_room(site: Site) -> None:
    assert re.search(r'<details id="filters" open="">', site.dom("/"))


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/", {"q": "klinikken", "message_type": "FDIS91", "closed": "1", "region": "1081"}),
        ("/", {"q": "hjerteafdelingen", "region": "nowhere"}),
        ("/", {"q": f"klinikken {'langtnavn' * 20}"}),
        ("/unit/9000051000016005", {"message_type": "XDIS91"}),
        ("/choose/9000051000016005", {"message_type": "XDIS91"}),
    ],
)
def test_nothing_is_wider_than_a_phone(site: Site, path: str, parameters: dict[str, str]) -> None:
    dom = site.dom("/phone", src=f"{path}?{urlencode({**parameters, 'framed': '1'})}")
    width, wide = re.search(r'data-width="(\d+)"', dom), re.search(r'data-wide="([^"]*)"', dom)
    assert width is not None
    assert wide is not None
    assert (int(width[1]) <= 360, html.unescape(wide[1])) == (True, "")


@pytest.mark.parametrize("width", [500, 1200])
def test_a_screenshot_can_be_taken(site: Site, width: int) -> None:
    taken = site.screenshot(f"results-{width}", width, "/", q="klinikken", message_type="FDIS91", closed="1")
    head = taken.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (width, 1500)


def test_a_screenshot_of_the_page_on_a_phone(site: Site) -> None:
    query = urlencode({"q": "klinikken", "message_type": "FDIS91", "closed": "1", "framed": "1"})
    assert site.screenshot("phone", 500, "/phone", src=f"/?{query}").stat().st_size > 10_000
