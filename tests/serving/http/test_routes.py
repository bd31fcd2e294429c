"""Every route over real HTTP: the documents of the command line, errors as problems, both languages."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from tests.serving.http import inside
from tests.serving.http.running import Running

from sor_addressing import AddressingPolicy, Register
from sor_addressing.cli.app import program
from sor_addressing.serving.openapi import ROUTES, openapi
from sor_addressing.serving.service.app import Application
from sor_addressing.serving.service.counters import SIZE, Counters
from sor_addressing.serving.service.registers import ServedDay
from sor_addressing.serving.service.remembered import Remembered, ToldAnswer
from sor_addressing.serving.service.responses import JSON
from sor_addressing.serving.service.routes import Service
from sor_addressing.serving.service.settings import RegisterSource, ServiceLimits, ServiceSettings
from sor_addressing.serving.service.workshop import THREADS
from sor_addressing.testing.numbers import sor_code

PROBLEM = "application/problem+json"


def printed(*arguments: str) -> Any:
    """What the command line prints."""
    return json.loads(CliRunner().invoke(program, [*arguments, "--sample", "--json"]).stdout)


UNKNOWN = f"/units/{sor_code(998_877)}"
UNIT = next(unit for unit in Register.sample() if unit.location)


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/validate/990001/DIS91", ("validate", "990001", "DIS91")),
        ("/validate/990001/XDIS91%20XD9134L", ("validate", "990001", "XDIS91 XD9134L")),
        ("/validate/999999/DIS91", ("validate", "999999", "DIS91")),
        ("/validate/990001/DIS91?direction=send&on=2026-01-20", ("validate", "990001", "DIS91", "--direction", "send", "--on", "2026-01-20")),
        ("/resolve/990001", ("resolve", "990001")),
        ("/resolve/nothing%20of%20the%20sort", ("resolve", "nothing of the sort")),
        ("/resolve/urn%3Aoid%3A1.2.208.176.1.1%2F" + UNIT.sor_code, ("resolve", f"urn:oid:1.2.208.176.1.1/{UNIT.sor_code}")),
        ("/resolve/990001?kind=provider_number", ("resolve", "990001", "--kind", "provider_number")),
        ("/search?text=hjerte&limit=2", ("search", "hjerte", "--limit", "2")),
        ("/find?region=1082&region=1081&limit=3", ("find", "--region", "1082", "--region", "1081", "--limit", "3")),
        (
            "/find?owner=Region+Nordhav&administrator=9601&administrator=9602&level=2&level=SI",
            (
                *("find", "--owner", "Region Nordhav", "--administrator", "9601", "--administrator", "9602"),
                *("--level", "2", "--level", "SI"),
            ),
        ),
        ("/find?message_type=DIS91&in_force_only=true", ("find", "--message-type", "DIS91", "--in-force-only")),
    ],
)  # fmt: skip
def test_a_route_gives_the_document_that_the_command_line_prints(
    service: Running, path: str, arguments: tuple[str, ...]
) -> None:
    answer = service.ask(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json == printed(*arguments)


def test_a_unit_has_all_that_is_known_of_it(service: Running) -> None:
    answer = service.ask(f"/units/{UNIT.sor_code}")
    assert answer.status == 200
    assert answer.json == {**printed("show", UNIT.sor_code)["units"][0], "made_up": True, "snapshot_date": "2026-01-15"}


def test_whatever_is_no_unit_is_not_found(service: Running) -> None:
    answer = service.ask(UNKNOWN, headers={"Accept-Language": "da"})
    assert (answer.status, answer.headers["content-type"]) == (404, PROBLEM)
    assert answer.json["code"] == "unknown-recipient"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/resolve/990001?kimd=provider_number", "unknown-parameter-like"),
        ("/resolve/990001?zzz=1", "unknown-parameter"),
        ("/resolve/990001?on=2026-01-15&on=2026-01-16", "parameter-twice"),
        ("/resolve/990001?on=20260115", "question-error"),
        ("/resolve/990001?on=", "question-error"),
        ("/resolve/990001?kind=cvr", "question-error"),
        ("/validate/990001/DIS91?direction=up", "question-error"),
        ("/resolve/%ff", "not-utf8"),
        ("/resolve/990001?on=%ff", "not-utf8"),
        ("/search", "question-error"),
        ("/search?text=", "question-error"),
        ("/search?text=a&limit=0", "question-error"),
        ("/search?text=a&limit=1e3", "parameter-no-number"),
        ("/search?text=" + "a" * 3000, "filter-error"),
        ("/find?in_force_only=maybe", "parameter-no-switch"),
        ("/find?near=1", "parameter-no-point"),
        ("/find?near=10,56", "filter-error"),
        ("/find?institution=Nowhere", "filter-error"),
        ("/find?region=", "question-error"),
        ("/find?" + "&".join(["region=1"] * 300), "too-many-parameters"),
        ("/health?x=1", "unknown-parameter"),
    ],
)
def test_what_can_not_be_meant_is_a_problem_in_the_language_asked_for(service: Running, path: str, code: str) -> None:
    told = []
    for language in ("en", "da;q=0.9, en;q=0.1"):
        answer = service.ask(path, headers={"Accept-Language": language})
        assert (answer.status, answer.headers["content-type"]) == (400, PROBLEM)
        assert answer.headers["content-language"] == language[:2]
        problem = answer.json
        assert problem["code"] == code
        assert problem["type"] == f"urn:sor-addressing:problem:{code}"
        assert problem["status"] == 400
        told.append((problem["title"], problem["detail"]))
    assert told[0][0] != told[1][0]
    assert told[0][1] != told[1][1]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/resolve/990001", "GET, HEAD"),
        ("DELETE", "/find", "GET, HEAD"),
        ("GET", "/letters", "POST"),
        ("PUT", "/validate", "POST"),
        ("PATCH", "/health", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_there_are(service: Running, method: str, path: str, allowed: str) -> None:
    answer = service.ask(path, method)
    assert (answer.status, answer.headers["allow"], answer.json["code"]) == (405, allowed, "no-such-method")


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "DELETE"])
def test_another_method_below_fhir_is_an_outcome(service: Running, method: str) -> None:
    answer = service.ask("/fhir/Organization/$getReceivingOrganizationByPatientId", method)
    assert (answer.status, answer.headers["allow"], answer.json["resourceType"]) == (405, "POST", "OperationOutcome")


@pytest.mark.parametrize(
    "path",
    ["/", "/nope", "/resolve", "/resolve/", "/resolve/a/b", "/../etc/passwd", "/validate/a", "//health", "/health/"],
)
def test_what_is_no_route_is_not_found(service: Running, path: str) -> None:
    assert (service.ask(path).status, service.ask(path).json["code"]) == (404, "no-such-route")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (
            "/fhir/Organization/%24getReceivingOrganizationByGPId?gpId=990001",
            "/fhir/Organization/$getReceivingOrganizationByGPId?gpId=990001",
        ),
        ("/%76alidate/99%30001/DIS91", "/validate/990001/DIS91"),
        ("/openapi%2ejson", "/openapi.json"),
    ],
)
def test_a_path_means_the_same_where_more_of_it_is_encoded_than_has_to_be(
    service: Running, sent: str, meant: str
) -> None:
    answer = service.ask(sent)
    assert answer.status == 200
    assert answer.json == service.ask(meant).json


@pytest.mark.parametrize(
    "identifier", ["%24", "../../../etc/passwd", "a/b", "%", "%2F", "😀", "a" * 1000, " ", ".", "..", "*", "#?&"]
)
def test_an_identifier_may_be_anything(service: Running, identifier: str) -> None:
    answer = service.ask(f"/resolve/{quote(identifier, safe='')}")
    if identifier == " ":
        assert (answer.status, answer.json["code"]) == (400, "question-error")
    else:
        assert (answer.status, answer.json["status"]) == (200, "malformed")
    assert service.ask(f"/validate/{quote(identifier, safe='')}/DIS91").json["outcome"] == "not_resolved"


def test_head_has_the_headers_of_get_and_no_body(service: Running) -> None:
    got, asked = service.ask("/validate/990001/DIS91"), service.ask("/validate/990001/DIS91", "HEAD")
    assert asked.body == b""
    assert {**asked.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("", 200),
        ("*/*", 200),
        ("application/json", 200),
        ("text/html, application/xhtml+xml, */*;q=0.8", 200),
        ("APPLICATION/JSON;charset=utf-8", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("*/*, application/json;q=0", 406),
        (";;;,,,/", 406),
    ],
)
def test_what_a_client_takes_decides(service: Running, accept: str, status: int) -> None:
    answer = service.ask("/resolve/990001", headers={"Accept": accept})
    assert answer.status == status
    assert "accept" in answer.headers["vary"].lower()


def test_an_answer_that_the_client_has_is_not_sent_again(service: Running) -> None:
    first = service.ask("/validate/990001/DIS91")
    tag = first.headers["etag"]
    assert tag.startswith('"2026-01-15.')
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = service.ask("/validate/990001/DIS91", headers={"If-None-Match": given})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert service.ask("/validate/990001/DIS91", headers={"If-None-Match": '"2026-01-15.0"'}).status == 200
    # An error is no answer that anybody has.
    assert service.ask(UNKNOWN, headers={"If-None-Match": "*"}).status == 404


def test_all_workers_give_one_tag(service: Running) -> None:
    assert len({service.ask("/resolve/990001").headers["etag"] for _ in range(40)}) == 1


def test_health_tells_what_is_served(service: Running) -> None:
    answer = service.ask("/health")
    assert answer.status == 200
    assert answer.json == {
        "live": True, "ready": True, "made_up": True, "snapshot_date": "2026-01-15", "age_days": 0, "store": None, "error": None,
    }  # fmt: skip


def test_metrics_have_the_names_of_routes_and_nothing_that_was_sent(service: Running) -> None:
    service.ask("/resolve/5790999000314")
    service.ask("/some/path/5790999000314")
    answer = service.ask(
        "/metrics",
        headers={"Accept": "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5"},
    )
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    text = answer.body.decode()
    assert 'sor_addressing_requests_total{route="resolve",status="200"}' in text
    assert 'sor_addressing_requests_total{route="none",status="404"}' in text
    assert "sor_addressing_workers_up 2" in text
    assert "5790999000314" not in text
    assert "some/path" not in text


def test_metrics_count_what_all_workers_answered(service: Running) -> None:
    def resolved() -> float:
        time.sleep(0.05)  # an answer is counted once it is sent
        lines = service.ask("/metrics").body.decode().splitlines()
        return sum(
            float(line.split()[-1])
            for line in lines
            if line.startswith('sor_addressing_requests_total{route="resolve",status="200"')
        )

    before = resolved()
    for _ in range(30):
        service.ask("/resolve/990001")
    assert resolved() == before + 30


def test_the_log_has_names_of_routes_and_no_identifier(service: Running) -> None:
    service.ask("/resolve/" + "3102" + "99-9999")
    service.ask("/validate/5790999000314/DIS91?sender=5790999000321")
    log = service.log
    assert "GET validate 200" in log
    assert "5790999" not in log
    assert "9999" not in log


def test_the_description_has_every_route_of_the_service_and_no_other(service: Running) -> None:
    answer = service.ask("/openapi.json")
    assert answer.status == 200
    assert answer.json == json.loads(json.dumps(openapi()))
    assert service.ask("/openapi.json", headers={"If-None-Match": answer.headers["etag"]}).status == 304
    application = Application(ServiceSettings(RegisterSource(sample=True)), Counters([0.0] * SIZE, 0))
    served = {
        (method, route.path) for route in application.routes for method in route.methods or () if method != "HEAD"
    }
    described = {(one.method.upper(), one.path) for one in ROUTES}
    assert described == {(method, path) for method, path in served if "${" not in path}


def test_a_tag_hangs_on_register_policy_day_and_shape(tmp_path: Path) -> None:
    Register.sample().save(tmp_path / "register")
    day = [dt.date(2026, 1, 15)]
    register = Register.open(tmp_path / "register", clock=lambda: day[0])
    served = ServedDay(register, AddressingPolicy(), made_up=False)
    tags = [
        served.etag(JSON),
        served.etag("application/fhir+xml"),
        ServedDay(register, AddressingPolicy.strict(), made_up=False).etag(JSON),
    ]
    day[0] += dt.timedelta(1)
    tags += [served.etag(JSON), ServedDay(Register.sample(), AddressingPolicy(), made_up=True).etag(JSON)]
    assert len(set(tags)) == 4
    assert tags[0] == tags[-1]  # the same files, the same day
    assert all(tag.startswith('"2026-01-15.') for tag in tags)


def test_an_answer_of_yesterday_is_not_given_again(tmp_path: Path) -> None:
    Register.sample().save(tmp_path / "register")
    day = [dt.date(2026, 1, 15)]
    served = ServedDay(Register.open(tmp_path / "register", clock=lambda: day[0]), AddressingPolicy(), made_up=False)
    other = ServedDay(Register.sample(), AddressingPolicy.strict(), made_up=True)
    remembered, told = Remembered(), ToldAnswer("supported", b"{}")
    key = ("resolve", b"a")
    remembered.take_up(served)
    remembered.keep(key, told)
    assert remembered.get(key) is told
    day[0] += dt.timedelta(1)
    remembered.take_up(served)
    assert remembered.get(key) is None
    remembered.keep(key, told)
    remembered.take_up(other)
    assert remembered.get(key) is None


@pytest.mark.parametrize("path", ["/resolve/990001", "/find?region=1082"])
def test_an_answer_that_was_made_before_midnight_has_the_tag_of_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    Register.sample().save(tmp_path / "register")
    day = [dt.date(2026, 1, 15)]
    served = ServedDay(Register.open(tmp_path / "register", clock=lambda: day[0]), AddressingPolicy(), made_up=False)
    asked_of = inside.application()
    monkeypatch.setattr(asked_of._served, "_served", served)
    answer = Service.answer

    def until_midnight(*given: Any) -> dict[str, object]:
        told = answer(*given)
        day[0] = dt.date(2026, 1, 16)
        return told

    monkeypatch.setattr(Service, "answer", until_midnight)
    tag = served.etag(JSON)
    late, early = (asyncio.run(inside.ask(asked_of, path)) for _ in range(2))
    assert late.headers["etag"] == tag
    assert early.headers["etag"] == served.etag(JSON) != tag
    if "resolve" in path:
        assert (late.json["on"], early.json["on"]) == ("2026-01-15", "2026-01-16")


def test_who_looks_whether_it_lives_waits_for_nobody_else() -> None:
    asked_of = inside.application(limits=ServiceLimits(requests=1))
    over = threading.Event()

    async def busy() -> list[int]:
        work = [asyncio.create_task(asked_of._workshop.run(over.wait)) for _ in range(THREADS + 3)]
        asked_of._guard.running = 10
        await asyncio.sleep(0)
        statuses = []
        for path in ("/health", "/metrics", "/resolve/990001"):
            statuses.append((await asyncio.wait_for(inside.ask(asked_of, path), 10)).status)
        over.set()
        await asyncio.gather(*work)
        return statuses

    assert asyncio.run(busy()) == [200, 200, 503]


def test_nothing_is_remembered_of_a_file_that_was_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "register"
    Register.sample().save(path)
    asked_of = inside.application()
    served = ServedDay(Register.open(path), AddressingPolicy(), made_up=False)
    monkeypatch.setattr(asked_of._served, "_served", served)
    assert asyncio.run(inside.ask(asked_of, "/resolve/990001")).status == 200
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.write(bytes(100))
    time.sleep(0.3)
    answer = asyncio.run(inside.ask(asked_of, "/resolve/990001"))
    assert (answer.status, answer.headers["retry-after"], answer.json["code"]) == (503, "1", "snapshot-error")


def test_what_is_remembered_is_bounded() -> None:
    remembered = Remembered()
    remembered.take_up(ServedDay(Register.sample(), AddressingPolicy(), made_up=True))
    for number in range(40_000):
        remembered.keep(("resolve", b"%d" % number), ToldAnswer("", bytes(1_000)))
    assert len(remembered._newer) + len(remembered._older) < 16_000
    assert remembered.get(("resolve", b"39999")) is not None
    remembered.keep(("resolve", b"long"), ToldAnswer("", bytes(300_000)))
    assert remembered.get(("resolve", b"long")) is None
