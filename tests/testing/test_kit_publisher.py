from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from sor_addressing import Register, RegisterStore
from sor_addressing.errors import StoreError
from sor_addressing.testing import (
    MadeUpDays,
    MadeUpPublisher,
    PublisherFault,
    RegisterBuilder,
    sample_extract,
    serve_publisher,
)

OPENER = build_opener(ProxyHandler({}))


@pytest.fixture
def publisher() -> Iterator[MadeUpPublisher]:
    with serve_publisher() as running:
        yield running


def got(publisher: MadeUpPublisher, name: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = Request(  # noqa: S310 (the server of the test)
        publisher.address + name, headers={key.replace("_", "-"): value for key, value in headers.items()}
    )
    try:
        with OPENER.open(request, timeout=5) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except HTTPError as error:
        with error:
            return error.code, error.read(), dict(error.headers)


def test_the_files_of_an_extract_are_published_with_etag_last_modified_and_ranges(publisher: MadeUpPublisher) -> None:
    status, body, headers = got(publisher, "Edityper.csv")
    assert (status, headers["Last-Modified"]) == (200, "Thu, 15 Jan 2026 21:30:00 GMT")
    assert got(publisher, "Edityper.csv", If_None_Match=headers["ETag"])[:2] == (304, b"")
    assert got(publisher, "Edityper.csv", Range="bytes=100-")[:2] == (206, body[100:])
    assert got(publisher, "Ukendt.csv")[0] == 404
    assert [name for name, _ in publisher.asked] == ["Edityper.csv"] * 3 + ["Ukendt.csv"]


@pytest.mark.parametrize(
    "names", [("Sor.zip", "Edityper.csv"), ("Sor.xml",), ("Sor_complete.zip",), ("SorEntity_daily.csv",)]
)
def test_each_published_set_loads(publisher: MadeUpPublisher, names: tuple[str, ...]) -> None:
    files = [got(publisher, name)[1] for name in names]
    register = Register.load(*files, snapshot_date=dt.date(2026, 1, 15))
    assert register.resolve("990001").recipient.name == "Lægehuset Entydig"


@pytest.mark.parametrize(
    ("fault", "status"),
    [("unavailable", 503), ("not-found", 404), ("wrong-content", 200)],
)
def test_a_fault_lasts_as_often_as_it_is_told_to(publisher: MadeUpPublisher, fault: str, status: int) -> None:
    whole = got(publisher, "Edityper.csv")[:2]
    publisher.fail(fault, "Edityper.csv", times=2)
    assert [got(publisher, "Edityper.csv")[0] for _ in range(2)] == [status] * 2
    assert got(publisher, "Edityper.csv")[:2] == whole
    publisher.fail(fault)
    assert got(publisher, "Edityper.csv")[0] == status
    assert got(publisher, "Sor.zip")[0] == status
    publisher.recover()
    assert got(publisher, "Edityper.csv")[:2] == whole


def test_a_wrong_page_comes_in_the_place_of_the_file(publisher: MadeUpPublisher) -> None:
    publisher.fail(PublisherFault.WRONG_CONTENT)
    assert got(publisher, "Edityper.csv")[1].startswith(b"<!doctype html>")


@pytest.mark.parametrize("fault", ["cut-off", "hang-up"])
def test_a_connection_that_ends_too_soon(publisher: MadeUpPublisher, fault: str) -> None:
    publisher.fail(fault, "Edityper.csv")
    with pytest.raises((HTTPException, OSError)):
        got(publisher, "Edityper.csv")


def test_a_file_that_begins_and_never_goes_on(publisher: MadeUpPublisher) -> None:
    publisher.fail("slow", "Edityper.csv")
    with (
        pytest.raises(OSError, match="timed out"),
        OPENER.open(publisher.address + "Edityper.csv", timeout=0.2) as answer,
    ):
        answer.read()


def test_a_fault_at_a_file_that_is_not_published_is_refused(publisher: MadeUpPublisher) -> None:
    with pytest.raises(ValueError, match=r"Sor\.csv is not published here; published are Sor\.zip, "):
        publisher.fail("slow", "Sor.csv")
    with pytest.raises(ValueError, match="tired"):
        publisher.fail("tired")


def test_files_of_the_test_stand_beside_or_in_the_place_of_the_extracts(publisher: MadeUpPublisher) -> None:
    publisher.publish(
        sample_extract(),
        files={"Edityper.csv": b"ny", "andet.txt": b"andet"},
        modified=dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
    )
    assert [got(publisher, name)[1] for name in ("Edityper.csv", "andet.txt")] == [b"ny", b"andet"]
    assert got(publisher, "andet.txt")[2]["Last-Modified"] == "Sun, 01 Feb 2026 00:00:00 GMT"
    publisher.publish(files={"alene.txt": b"alene"})
    assert publisher.names == ("alene.txt",)
    assert [got(publisher, name)[0] for name in ("alene.txt", "andet.txt")] == [200, 404]


def test_an_extract_without_message_types_publishes_none() -> None:
    builder = RegisterBuilder()
    builder.owner("Huset")
    builder.without_message_types()
    with serve_publisher(builder) as publisher:
        assert "Edityper.csv" not in publisher.names


class TestStoreAtThePublisher:
    @pytest.fixture(autouse=True)
    def _needs_httpx(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("httpx", reason="downloading needs the extra fetch")
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)

    def test_a_store_is_fed_and_told_when_nothing_is_new(self, publisher: MadeUpPublisher, tmp_path: Path) -> None:
        days = MadeUpDays()
        days.next_day().close("Klinikken Kun XML")
        store = RegisterStore(tmp_path, origin=publisher.origin(), clock=days.clock)
        assert [str(store.update().state), str(store.update().state)] == ["renewed", "unchanged"]
        publisher.publish(days.extracts[1])
        days.clock.advance()
        assert str(store.update().state) == "renewed"
        assert store.latest().snapshot_date == dt.date(2026, 1, 16)

    def test_a_fault_that_passes_is_tried_again_and_one_that_stays_keeps_the_old_register(
        self, publisher: MadeUpPublisher, tmp_path: Path
    ) -> None:
        store = RegisterStore(tmp_path, origin=publisher.origin(), clock=lambda: dt.date(2026, 1, 16))
        publisher.fail("unavailable", times=1)
        publisher.fail("cut-off", "Sor.zip", times=1)
        assert str(store.update().state) == "renewed"
        publisher.publish(MadeUpDays().next_day().extract)
        for fault in ("unavailable", "not-found", "wrong-content", "hang-up"):
            publisher.fail(fault)
            assert str(store.update().state) == "kept-old"
            publisher.recover()
        assert store.latest().snapshot_date == dt.date(2026, 1, 15)
        assert str(store.update().state) == "renewed"

    @pytest.mark.parametrize("published", ["LEGACY", "SOR2", "SOR2_DAILY"])
    def test_each_set_of_the_publisher_is_there(
        self, publisher: MadeUpPublisher, published: str, tmp_path: Path
    ) -> None:
        from sor_addressing.daily import publisher as sets

        files = getattr(sets, published)
        fetched = publisher.origin(files=files).fetch(tmp_path, {})
        assert [path.name for path in fetched.files] == [file.names[0] for file in files]

    def test_a_silent_publisher_is_given_up(self, publisher: MadeUpPublisher, tmp_path: Path) -> None:
        publisher.fail("slow")
        with pytest.raises(StoreError):
            publisher.origin(timeout=0.2, retries=0).fetch(tmp_path, {})
